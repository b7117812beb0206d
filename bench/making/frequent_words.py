"""Makes rules/data/frequent/, further words of languages whose scripts have no capitals.

    python -m bench.making.frequent_lists FOLDER CODE...
    python -m bench.making.frequent_words FOLDER CODE...

Of what `bench.making.common_words` makes, most is of Wikipedia, and some languages have no list
there. FOLDER holds lists of frequent words, English among them, of the package wordfreq, and names.

A list has names, too, and what sounds like one may be it. So the matcher itself is asked which
words it finds for which names, without these tables; a word is kept that is so much more frequent
than each of these is in English that it is hardly the name. Among further words it is no other
spelling of a name but of just that one: Kumar is found in Hindi कुमार. Among the most common ones
it would not be. Borrowed words, which sound like an English one, are left out.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from bench.base.made_up import NOW, SOURCE, rules_of
from bench.making.common_words import is_word
from bench.making.loose_forms import frequencies
from rules.data.tables import primary
from rules.evaluate.name_spelling import distance
from rules.languages.everyday import everyday_words, further_words, place_names
from rules.languages.inflection import alternating, stems
from rules.languages.phonemes import phonemes_of, script, writes_no_vowels
from rules.languages.phonetic_keys import keys_of
from rules.lexicons import news_source
from rules.matcher import RuleMatcher
from rules.patterns.cognates import as_heard
from rules.patterns.fuzzy_patterns import consonants_in
from rules.text.folding import fold
from rules.text.tokenizer import words
from storage.model import Article

_READ = 14_000
_AT_ONCE = 300
_SURE, _EASE = -3.8, 0.6
"""What is so frequent is grammar mostly, and need be less more frequent than a name."""
_MAY_BE_NAMED = -4.3
_CLOSE = 0.35
_MORE, _MORE_IF_CLOSE = 1.0, 2.2
"""So much more frequent than a name, as a logarithm to the base of 10, is what is none."""
_BORROWED, _LEAST_BORROWED = 0.3, -5.5
_MORE_THAN_BORROWED = 0.7
_SHORTEST, _STEM, _FEWEST = 3, 4, 3
_SINGLE = ("surname", "name", "place")
_COMMON_KINDS = ("noun", "adjective", "act")

Chances = Mapping[str, float]


def listed_names(language: str) -> set[str]:
    """Return what the lexicon has of names in a language, folded, as single words."""
    found: set[str] = set()
    for concept in news_source.concepts():
        for form in concept.forms.get(language, ()) if concept.kind not in _COMMON_KINDS else ():
            parts = [word.folded for word in words(form)]
            if len(parts) == 1 or concept.kind in _SINGLE:
                found.update(parts)
    return found | place_names(language)


def says_enough(word: str, language: str) -> bool:
    """Whether a word is so long that a name of one word may be heard in it, else it is no use."""
    no_vowels = writes_no_vowels(script(word))
    consonants = consonants_in(phonemes_of(word, language).text)
    return len(word) >= _SHORTEST and (not no_vowels or consonants >= _FEWEST)


class Ear:
    """Names as rules, of which the matcher tells in which words it finds them."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names, in Latin letters."""
        self._names = [name.capitalize() for name in names]
        rules = (replace(rule, written_in=("en",)) for rule in rules_of(self._names, "all"))
        self._matcher = RuleMatcher([*rules])

    def heard_in(self, own: Iterable[str], language: str) -> dict[str, list[str]]:
        """Return for which names the matcher finds which words of a language."""
        found: dict[str, list[str]] = defaultdict(list)
        lines = [*own]
        for start in range(0, len(lines), _AT_ONCE):
            article = _text(lines[start : start + _AT_ONCE], language)
            for match in self._matcher.matches(article, SOURCE):
                for each in match.evidence:
                    if each.layer == "cognate":
                        found[fold(each.text)].append(self._names[int(match.rule_id)].lower())
        return found


def _text(lines: Iterable[str], language: str) -> Article:
    return Article(
        id="a",
        source_id="s",
        story_id="s",
        url="",
        title="",
        text=".\n".join(lines),
        first_seen_at=NOW,
        language=language,
    )


def is_no_name(word: str, language: str, chances: Chances, names: Mapping[str, float]) -> bool:
    """Whether a word is far more frequent than each name that it sounds like, all by chance."""
    ease = _EASE if chances[word] >= _SURE else 0.0
    return all(
        chances[word] - chance
        >= (_MORE_IF_CLOSE if distance(word, name, language) <= _CLOSE else _MORE) - ease
        for name, chance in names.items()
    )


def by_keys(english: Chances) -> dict[str, list[str]]:
    """Return the frequent words of English by their phonetic keys."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, chance in english.items():
        says = word.isascii() and word.isalpha() and len(word) >= _STEM
        if chance >= _LEAST_BORROWED and says:
            for key in keys_of(word):
                found[key].append(word)
    return found


def is_borrowed(
    word: str, language: str, chance: float, english: Chances, keyed: Mapping[str, list[str]]
) -> bool:
    """Whether a word says one of English that is about as frequent."""
    keys = {key for _, keys in as_heard(word, word, language) for key in keys}
    return any(
        chance - english[other] < _MORE_THAN_BORROWED
        and consonants_in(phonemes_of(other).text) >= _FEWEST
        and distance(word, other, language) <= _BORROWED
        for key in keys
        for other in keyed.get(key, ())
    )


def chosen(language: str, own: Chances, english: Chances, ear: Ear, local: set[str]) -> set[str]:
    """Return which words of a language are no names, and not among its most common ones, folded.

    Args:
        ear: Hears names in Latin letters.
        local: Names in letters of the language, folded.
    """
    listed = listed_names(language)
    every = {fold(word): chance for word, chance in own.items() if is_word(word, language)}
    often = sorted(every, key=lambda word: -every[word])[:_READ]
    named = listed | local
    keyed, endings = by_keys(english), alternating(language)
    left = list[str]()
    for word in often:
        bare = {stem for stem, _ in stems(word, endings) if len(stem) >= _STEM} | {word}
        is_named = every[word] < _MAY_BE_NAMED and not bare.isdisjoint(named)
        if not (
            word in everyday_words(language)
            or word in listed
            or is_named
            or not says_enough(word, language)
            or is_borrowed(word, language, every[word], english, keyed)
        ):
            left.append(word)
    heard, least = ear.heard_in(left, language), min(english.values())
    return {
        word
        for word in left
        if is_no_name(
            word, language, every, {name: english.get(name, least) for name in heard.get(word, ())}
        )
    }


def main(folder: Path, languages: Iterable[str]) -> None:
    """Write the tables."""
    every = frequencies(folder)
    tables = {code: Path(f"rules/data/frequent/{primary(code)}.txt") for code in languages}
    for table in tables.values():
        table.unlink(missing_ok=True)  # what it has would be heard as no name
    ear = Ear(_names(folder, "en"))
    for language, table in tables.items():
        local = set(map(fold, _names(folder, language)))
        kept = chosen(language, every[language], every["en"], ear, local)
        lines = (f"{word}\n" for word in sorted(kept - further_words(language)))
        table.write_text("".join(lines), encoding="utf-8")


def _names(folder: Path, language: str) -> list[str]:
    return (folder / f"names-{language}.txt").read_text("utf-8").splitlines()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", help="lists of frequent words, and of names", type=Path)
    options.add_argument("languages", nargs="+", help="codes")
    given = options.parse_args()
    main(given.folder, given.languages)
