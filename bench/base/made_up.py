"""A made-up world of news: articles in ten languages that were never seen, and rules for them.

The words of an article are made up, as frequent as those of a language are (Zipf, 30,000 a
language); one in twelve is a word of the news lexicon, one in twenty was never written before.
Rules carry the variants that they are saved with. Of the mixed ones 35 % are one name, 20 % two,
20 % two words of the lexicon, 10 % phrases, 15 % booleans, NEAR and wildcards; those "as people
write them" are two English words each that news writes often.
"""

import itertools
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.lexicons.registry import Lexicons
from rules.expand.variants import with_variants
from rules.lexicons.news_source import SIGNS, concepts
from storage.model import Article, Rule, Source, stable_id

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source(
    id="s", kind="feed", url="https://a.example/", name="A", every=timedelta(hours=1), added_at=NOW
)
SHARES = {"en": 40, "sv": 8, "vi": 7, "zh": 9, "ar": 6, "de": 8, "fr": 7, "es": 6, "ru": 5, "ja": 4}
LETTERS = {
    "ar": ([*"بتجحدرزسشعفقكلمنهو"], ["ا", "ي", "و", "", ""], ["", "", "ن", "ر", "ة"]),
    "ru": ([*"бвгдзклмнпрстфхчш"], [*"аеиоуыя"], ["", "", "н", "р", "ть", "й"]),
    "zh": ([chr(0x4E00 + 37 * n) for n in range(500)], [""], [""]),
    "ja": (
        [chr(0x5000 + 41 * n) for n in range(300)] + [*"かきくしたつなにのはまもりる"],
        [""],
        [""],
    ),
}
LATIN = (
    [*"bdfghjklmnprstvwz", "st", "tr", "kl", "br", "gr", "pl", "sp", "sk", "fl", "ch", "sh"],
    [*"aeiouaeio", "ai", "ei", "ou"],
    ["", "", "", "n", "r", "s", "l", "t", "m", "nd", "rk", "st", "x", "ng"],
)
COMMON, NAMES, WORDS = 30_000, 60_000, 520
NEW_EVERY, LISTED_EVERY, NAME_EVERY = 20, 12, 60
_WRITTEN = """
climate rail data trade bird oil prime cyber nuclear border asylum school housing water power
train airport police court labour bank tax flood forest drug arms gas food health tourism
/ summit strike treaty war flu price minister attack plant control seekers reform crisis
shortage outage accident closure violence ruling union merger cut damage fire trafficking
export pipeline safety insurance boycott
"""
ONES, OTHERS = (half.split() for half in _WRITTEN.split("/"))


def made_up(chance: random.Random, language: str) -> str:
    """Return a word of two to four syllables of nobody's language."""
    onsets, vowels, codas = LETTERS.get(language, LATIN)
    return "".join(
        chance.choice(onsets) + chance.choice(vowels) + chance.choice(codas)
        for _ in range(chance.choices((2, 3, 4), (4, 5, 2))[0])
    )


class World:
    """A vocabulary a language, and the articles and rules that are made of it."""

    def __init__(self) -> None:
        chance = random.Random(1)
        self._common = {
            language: [made_up(chance, language) for _ in range(COMMON)] for language in SHARES
        }
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(COMMON)))
        self._names = [made_up(chance, "en").capitalize() for _ in range(NAMES)]
        self._listed: dict[str, list[str]] = {language: [] for language in SHARES}
        for concept in concepts():
            for language in SHARES:
                forms = concept.forms.get(language, ())
                self._listed[language] += [form.lstrip(SIGNS) for form in forms[:1]]

    def words(self, language: str) -> list[str]:
        """Return the common words of a language, the most frequent first."""
        return self._common[language]

    @property
    def names(self) -> list[str]:
        """Names, the most frequent first."""
        return self._names

    def articles(self, seed: int, count: int) -> Iterator[Article]:
        """Yield articles of 3,000 characters, each with words that no other has."""
        chance = random.Random(seed)
        for number in range(count):
            (language,) = chance.choices(list(SHARES), list(SHARES.values()))
            yield self._article(chance, f"{seed}-{number}", language)

    def _article(self, chance: random.Random, id_: str, language: str) -> Article:
        picked = chance.choices(self._common[language], cum_weights=self._weights, k=WORDS * 2)
        for place in range(len(picked)):
            if chance.random() < 1 / LISTED_EVERY:
                picked[place] = chance.choice(self._listed[language])
            elif chance.random() < 1 / NEW_EVERY:
                picked[place] = made_up(chance, language)
            elif chance.random() < 1 / NAME_EVERY:
                picked[place] = self._names[int(NAMES ** chance.random()) - 1]
        space = "" if language in ("zh", "ja") else " "
        ends = chance.choices((space, ", ", ". "), (12, 1, 1), k=len(picked))
        text = "".join(word + end for word, end in zip(picked, ends, strict=True))
        return Article(
            id=id_,
            source_id="s",
            story_id=id_,
            url="",
            title=space.join(picked[:8]),
            text=text[:3_000],
            first_seen_at=NOW,
            language=language,
        )

    def queries(self, count: int) -> Iterator[str]:
        """Yield mixed queries."""
        chance = random.Random(2)
        english = self._listed["en"]
        for _ in range(count):
            one, two = chance.choice(self._names), chance.choice(self._names)
            listed, other = chance.choice(english), chance.choice(english)
            common = chance.choice(self._common["en"][COMMON // 30 :])
            yield chance.choices(
                (
                    one,
                    f"{one} {two}",
                    f"{listed} {other}",
                    f'"{one} {common}"',
                    f"{one} AND {listed}",
                    f"({one} OR {two}) NOT {common}",
                    f"{one} NEAR/5 {listed}",
                    f"{one[:5]}* AND {common}",
                ),
                (35, 20, 20, 10, 5, 5, 3, 2),
            )[0]

    @staticmethod
    def of_people(count: int) -> list[str]:
        """Return queries as people write them."""
        pairs = (
            f"{one} {OTHERS[(place + shift) % len(OTHERS)]}"
            for shift in range(len(OTHERS))
            for place, one in enumerate(ONES)
        )
        return list(itertools.islice(pairs, count))


def rules_of(queries: Sequence[str], strictness: str) -> list[Rule]:
    """Return rules with their variants, as they are saved."""
    lists = Lexicons().all
    plain = (
        Rule(id=str(number), name=str(number), query=query, created_at=NOW, strictness=strictness)
        for number, query in enumerate(queries)
    )
    return [with_variants(rule, lists, "") if strictness == "all" else rule for rule in plain]


def rules_file(queries: Iterable[str], folder: Path) -> Path:
    """Write a file of rules that `apply` takes, and return where it is."""
    every = [{"name": f"r{number}", "query": each} for number, each in enumerate(queries)]
    file = folder / "rules.yaml"  # JSON is YAML
    file.write_text(json.dumps({"rules": every}), encoding="utf-8")
    return file


def a_feed(number: int, url: str, *, every: timedelta, added_at: datetime) -> Source:
    """Return one of many feeds, whose articles come as they are listed."""
    return Source(
        id=stable_id("source", "feed", url),
        kind="feed",
        url=url,
        name=f"Feed {number}",
        every=every,
        added_at=added_at,
        options={"full_text": "no"},
    )
