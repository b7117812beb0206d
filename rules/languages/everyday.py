"""Common words of a language, which are no other spelling of anything."""

from collections.abc import Set
from functools import cache, lru_cache

from common.packed_texts import TextSet
from rules.data.tables import folder, primary, words_of
from rules.languages.inflection import alternating, may_have_prefix, prefixes, stems

LONGEST_SMALL = 3
"""Words of so few letters may stand inside a name: ben, van, von."""

_WRITTEN_AS = {"nb": "no"}


@cache
def everyday_words(language: str) -> Set[str]:
    """Return the most common words of a language that are no names, folded; none if not known."""
    return TextSet(everyday_lines(language).split())


def everyday_lines(language: str) -> str:
    """Return the same words, a line each."""
    code = primary(_WRITTEN_AS.get(language, language))
    table = folder().joinpath("common", f"{code}.txt")
    return table.read_text(encoding="utf-8") if table.is_file() else ""


@cache
def place_names(language: str) -> frozenset[str]:
    """Return the words that name places in a language without capitals, folded."""
    code = primary(_WRITTEN_AS.get(language, language))
    return frozenset(words_of("place_names.tsv", code))


def is_everyday(written: str, folded: str, language: str) -> bool:
    """Whether a word of a text is surely a common word of its language, and so no name.

    Not a small one; nor any in a script without capitals, where a name may look like one.
    """
    is_long = len(folded) > LONGEST_SMALL
    return is_long and written[:1].islower() and folded in everyday_words(language)


@lru_cache(maxsize=20_000)
def is_form_of_everyday(written: str, folded: str, language: str) -> bool:
    """Whether it is a common word with an ending, or with what the language writes onto it."""
    known = everyday_words(language)
    if not known or written[:1].isupper():
        return False
    bare = [folded]
    if folded and may_have_prefix(folded):
        bare += [folded[len(each) :] for each in prefixes(language) if folded.startswith(each)]
    endings = alternating(language)
    return any(stem in known for word in bare if word for stem, _ in stems(word, endings))
