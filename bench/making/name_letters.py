"""Makes the table of what letters write names of foreigners, rules/data/name_letters.tsv.

    python -m bench.making.name_letters

Of what the news lexicon calls places, people and institutions in Latin letters and in a script
without capitals, and what Babel (CLDR) calls countries, cities and languages: each word that is
spelled as a name in Latin letters is one, and says which letter writes which. That is found by
expectation maximisation: how likely each letter writes each of up to three letters is guessed, all
ways to lay both words beside each other are weighed by that, and what they say is the next guess.
What is kept is by how much more often two go together than they would by chance.
"""

import argparse
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, product
from pathlib import Path

from babel import Locale, UnknownLocaleError

from rules.evaluate.name_spelling import distance, is_spelled_as_said, is_spelled_so, parts_of
from rules.languages.everyday import everyday_words
from rules.languages.name_letters import (
    BEGINS,
    ENDS,
    NOTHING,
    letters_in,
    marked,
    may_be_silent,
    pieces_at,
)
from rules.languages.phonemes import LATIN_SCRIPT, script
from rules.languages.pronunciation import pronunciations
from rules.lexicons import news_source
from rules.patterns.cognates import likeness

LANGUAGES = ("ar", "bn", "fa", "he", "hi", "ka", "ko", "ta", "ur")
_LATIN = "en"
"""With names of other languages, too, which spell each sound otherwise, the letters say less."""

_NAMES = frozenset(["place", "institution", "surname", "name"])
_NAME = re.compile("[A-Z\u00c0-\u00de\u0100-\u017f][^\\W\\d_]{3,}")
_APART = re.compile("[\\s\\-\u05be\u2013\u00b7/,()]+")
_SO_LIKE = 0.88

_ROUNDS = 7
_FIRST_GUESS = {0: 1e-4, 1: 1e-2, 2: 3e-4, 3: 1e-5}
"""How likely a letter writes so many, at first."""

_SILENT = {0: 1e-3, 1: 1e-3, 2: 1e-5}
_WITH_A_MARK = 0.3
_FEWEST = 0.7
_FROM_NOWHERE = 0.5
_UNSURE = 1.0
"""So many more than are expected by chance: what was seen once says nothing."""

_ARABIC_NAMES = Path("bench/making/arabic_names.tsv")
_HE = {"ar": "\u0629\u0647", "fa": "\u0647\u0647", "ur": "\u06c1\u06c1"}
"""What each language writes for the Arabic teh marbuta and he."""

_TABLE = Path("rules/data/name_letters.tsv")
_HEAD = (
    "# language\ta letter, - for none\tletters of names that it writes, ^ before the first, $"
    " behind the last: tenths of nats that it says"
)

Pair = tuple[str, tuple[str, ...]]
Steps = dict[tuple[str, str], float]


def _words(names: Iterable[str]) -> set[str]:
    said = (name.lstrip(news_source.SIGNS) for name in names)
    return set(chain.from_iterable(map(_APART.split, said)))


@cache
def _locale(language: str) -> Locale | None:
    try:
        return Locale(language)
    except UnknownLocaleError:
        return None


def _of_babel(language: str, other: str) -> Iterator[tuple[set[str], set[str]]]:
    """Yield the words that name each country, language and city in two languages."""
    one, two = _locale(language), _locale(other)
    if one is None or two is None:
        return
    for own, others in (
        (one.territories, two.territories),
        (one.languages, two.languages),
        ({zone: of.get("city", "") for zone, of in one.time_zones.items()}, _cities(two)),
    ):
        for code in own.keys() & others.keys():
            yield _words([own[code]]), _words([others[code]])


def _cities(locale: Locale) -> dict[str, str]:
    """Return what the cities of time zones are called, in Latin letters mostly as their id."""
    known = {zone: of["city"] for zone, of in locale.time_zones.items() if of.get("city")}
    ids = chain.from_iterable(of.time_zones for of in map(_locale, LANGUAGES) if of)
    return {zone: zone.rpartition("/")[2].replace("_", " ") for zone in ids} | known


def _beside(language: str) -> Iterator[tuple[set[str], set[str]]]:
    """Yield words in Latin letters, and words of a language that name the same."""
    for concept in news_source.concepts():
        if concept.kind in _NAMES and concept.forms.get(language):
            yield _words(concept.forms.get(_LATIN) or ()), _words(concept.forms[language])
    yield from ((latin, own) for own, latin in _of_babel(language, _LATIN))


def _is_name(word: str, name: str, language: str) -> bool:
    said = pronunciations(name)
    is_spelled = is_spelled_so(word, name, language) or any(
        is_spelled_as_said(word, each, language) for each in said
    )
    return is_spelled and max(likeness(each, word, language) for each in (name, *said)) >= _SO_LIKE


def pairs(language: str) -> Iterator[Pair]:
    """Yield each name once with each way to write it, as its letters."""
    known: set[tuple[str, str]] = set()
    of = {script(word) for word in everyday_words(language)} - {LATIN_SCRIPT}
    for names, words in _beside(language):
        for name, word in product(filter(_NAME.fullmatch, names), words):
            if (
                len(word) < 2
                or name.lower() in everyday_words("en")
                or not of.issuperset(map(script, filter(str.isalpha, word)))
            ):
                continue
            if (name, word) not in known and _is_name(word, name, language):
                known.add((name, word))
    known.update(_of_arabic_origin(language))
    bare = {(marked(name), _barest(word, name, language)) for name, word in known}
    for name, word in sorted(bare):
        yield name, letters_in(word)


def _of_arabic_origin(language: str) -> Iterator[tuple[str, str]]:
    """Yield names that people of these languages have, of which the lists have few.

    Their letters are not those of other names: a short vowel is none, a qaf a q.
    """
    if language in _HE:
        for line in _ARABIC_NAMES.read_text(encoding="utf-8").splitlines()[1:]:
            name, written = line.split("\t")
            yield (
                name,
                written.replace("\u0629", _HE[language][0]).replace("\u0647", _HE[language][1]),
            )


def _barest(word: str, name: str, language: str) -> str:
    """Return a word without what is written onto it, if it says the name better so."""
    return min(parts_of(word, language), key=lambda part: (distance(part, name, ""), -len(part)))


def counted(known: Collection[Pair]) -> Steps:
    """Return how often each letter, or none, writes each piece of names, or nothing."""
    likely: Steps | None = None
    for _ in range(_ROUNDS):
        steps: Steps = defaultdict(float)
        for name, letters in known:
            for step, count in _weighed(name, letters, likely):
                steps[step] += count
        total = sum(steps.values())
        likely = {step: count / total for step, count in steps.items()}
    return steps


def _guess(piece: str, letter: str) -> float:
    length = len(piece.strip(BEGINS + ENDS))
    if not letter:
        return _SILENT[length]
    return _FIRST_GUESS[length] * (1 if length == len(piece) else _WITH_A_MARK)


def _ways(name: str, letters: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
    """Yield each step from each place: in the name, among letters, what of both it takes."""
    for at, place in product(range(len(name) + 1), range(len(letters) + 1)):
        letter = letters[place] if place < len(letters) else ""
        if letter:
            yield at, place, "", letter
        for piece in pieces_at(name, at):
            if letter:
                yield at, place, piece, letter
            if may_be_silent(piece):
                yield at, place, piece, ""


def _weighed(
    name: str, letters: Sequence[str], likely: Steps | None
) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield each step with how often it is taken, over all ways, each by how likely it is."""
    width = len(letters) + 1
    before, behind = ([0.0] * ((len(name) + 1) * width) for _ in range(2))
    before[0] = behind[-1] = 1.0
    steps = []
    for at, place, piece, letter in _ways(name, letters):
        chance = _guess(piece, letter) if likely is None else likely.get((piece, letter), 0.0)
        start = at * width + place
        end = start + len(piece) * width + (letter != "")
        if chance and before[start]:
            before[end] += before[start] * chance
            steps.append((start, end, chance, (piece, letter)))
    for start, end, chance, _ in reversed(steps):
        behind[start] += chance * behind[end]
    for start, end, chance, step in steps:
        yield step, before[start] * chance * behind[end] / (behind[0] or 1.0)


def weights(known: Collection[Pair], words: Iterable[str]) -> dict[tuple[str, str], int]:
    """Return what each step says, in tenths of nats.

    Args:
        words: What the language has, by which each of its letters meets others by chance.
    """
    steps = counted(known)
    total = sum(steps.values())
    of_names = Counter(chain.from_iterable(name.strip(BEGINS + ENDS) for name, _ in known))
    of_words = Counter(chain.from_iterable(map(letters_in, words)))
    said = {}
    for (piece, letter), count in steps.items():
        if count >= _FEWEST:
            by_chance = _chance(of_words, [letter] if letter else [])
            by_chance += _chance(of_names, piece.strip(BEGINS + ENDS))
            expected = total * math.exp(by_chance)
            said[piece, letter] = round(10 * math.log(count / (expected + _UNSURE)))
    return said


def _chance(of: Counter[str], letters: Iterable[str]) -> float:
    total = of.total() + _FROM_NOWHERE * len(of)
    return sum(math.log((of[letter] + _FROM_NOWHERE) / total) for letter in letters)


def lines(language: str) -> Iterator[str]:
    """Yield the lines of a language, a letter each."""
    said = weights(list(pairs(language)), everyday_words(language))
    for letter in sorted({letter for _, letter in said}):
        cells = sorted((piece, say) for (piece, other), say in said.items() if other == letter)
        every = " ".join(f"{piece or NOTHING}:{say}" for piece, say in cells)
        yield f"{language}\t{letter or NOTHING}\t{every}"


def main() -> None:
    """Write the table."""
    every = [_HEAD, *chain.from_iterable(map(lines, LANGUAGES))]
    _TABLE.write_text("\n".join(every) + "\n", encoding="utf-8")


if __name__ == "__main__":
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    main()
