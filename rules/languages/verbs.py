"""Which words are surely verbs: of rules, which other languages translate, and of lists."""

from collections.abc import Set
from functools import cache, lru_cache

from common.packed_texts import TextSet
from rules.data.tables import folder, rows

_LANGUAGE, _ENDING, _NO_ENDING = "en", "ed", "eed"
_SHORTEST = 4


@lru_cache(maxsize=5_000)
def is_verb(written: str, language: str) -> bool:
    """Whether a word in small letters is a form of a verb, and none of a noun: met, arrested.

    Known of English only, in which rules are mostly written.
    """
    if language != _LANGUAGE or not written.islower():
        return False
    is_past = len(written) >= _SHORTEST and written.endswith(_ENDING)
    return (is_past and not written.endswith(_NO_ENDING)) or written in _forms()


@cache
def _forms() -> frozenset[str]:
    return frozenset(form for _, line in rows("verb_forms.tsv") for form in line.split())


def says_by_verb(variant: str) -> bool:
    """Whether a variant is the form of a verb by which a list says what a noun of a rule names."""
    return variant in _listed()


def is_typed_as_verb(word: str) -> bool:
    """Whether a rule's word is an English verb as headlines have it, which lists name: announces.

    Plurals of nouns (trains, funds) are not among what lists say of verbs.
    """
    return word.endswith("s") and word in _listed(of_english=True)


@cache
def _listed(*, of_english: bool = False) -> Set[str]:
    every = (each.name for each in folder().joinpath("lexicon").iterdir())
    names = [name for name in every if name.startswith("verbs.")]
    some = (name for name in names if (".en." in name) == of_english)
    cells = (cell for name in some for _, *line in rows(f"lexicon/{name}") for cell in line)
    return TextSet(form.lstrip("~^&@+*") for cell in cells for form in cell.split(" | "))
