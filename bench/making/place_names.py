"""Makes the table of the words that name places and people, rules/data/place_names.tsv.

    python -m bench.making.place_names

Places of languages whose script has no capitals, so that they look like any name, and in all other
letters than Latin ones the people whom the news lexicon has by their surname. Of the news
lexicon, and what Babel (CLDR) calls countries and languages. A word of a name of several words is
one only where several places share it: the Korea of North and South Korea, but no person's name
in the name of a square.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

from rules.data.tables import languages
from rules.languages.scripts import has_capitals
from rules.lexicons import news_source
from rules.text.tokenizer import is_unspaced
from rules.text.tokenizer import words as words_of

_SHORTEST = 2
_SHARED = 2
_FIRST_OTHER = "\u0370"
_TABLE = Path("rules/data/place_names.tsv")
_HEAD = "# language\twords that name places and known people, in other letters than Latin ones"


@cache
def _places() -> list[news_source.Concept]:
    return [concept for concept in news_source.concepts() if concept.kind == "place"]


@cache
def _people() -> list[news_source.Concept]:
    return [concept for concept in news_source.concepts() if concept.kind == "surname"]


def _of_lexicon(language: str, of: list[news_source.Concept]) -> Iterator[list[str]]:
    """Yield the names of each place, or of each person."""
    for concept in of:
        yield [form.lstrip(news_source.SIGNS) for form in concept.forms.get(language, ())]


def _of_babel(language: str) -> Iterator[list[str]]:
    try:
        locale = Locale(language)
    except UnknownLocaleError:
        return
    spoken = (name for code, name in locale.languages.items() if code in languages())
    yield from ([name] for name in (*locale.territories.values(), *spoken))


def place_names(language: str) -> set[str]:
    """Return the words that name places and known people, folded."""
    alone: set[str] = set()
    parts = Counter[str]()
    people = [*_of_lexicon(language, _people())]
    places = [*_of_lexicon(language, _places()), *_of_babel(language)]
    places = [] if _is_cased(places) else places
    for names in (*people, *places):
        said = [[word.folded for word in words_of(name)] for name in names]
        alone.update(words[0] for words in said if len(words) == 1)
        parts.update({word for words in said for word in words})
    words = alone | {word for word, count in parts.items() if count >= _SHARED}
    return {word for word in words if len(word) >= _SHORTEST and _may_be_name(word)}


def _is_cased(every: list[list[str]]) -> bool:
    return any(has_capitals(name) for names in every for name in names)


def _may_be_name(word: str) -> bool:
    return not (word[0] < _FIRST_OTHER or is_unspaced(word))


def main() -> None:
    """Write the table."""
    lines = [_HEAD]
    for language in sorted(languages()):
        if words := place_names(language):
            lines.append(f"{language}\t{' '.join(sorted(words))}")
    _TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    main()
