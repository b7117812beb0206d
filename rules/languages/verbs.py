"""Which words of rules are surely verbs: other languages translate them, and borrow none."""

from functools import cache, lru_cache

from rules.data.tables import rows

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
