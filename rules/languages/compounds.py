"""Words written together: which languages do it, and where such a word may be cut."""

from functools import cache

from rules.data.tables import languages, primary

SHORTEST = 6
"""A shorter word is not cut."""

LONGEST = 80
"""A longer word is compared as a whole only: nobody writes such compounds. Who files words of
rules, who looks them up and who compares them must agree, or the index hides matches."""

SHORTEST_PART = 4
"""What a text may write apart of a rule's compound, and what then remains, is not shorter."""

LINKS = ("", "s", "es", "n", "en", "e", "er", "i", "a", "u", "o")
"""What may stand between two parts of a compound."""

SHORTEST_TAIL = 5
"""The last part of a compound is not shorter."""

_SHORTEST_HEAD = 7
_LONGEST_REST = 14
_NEGATIONS = frozenset({"un", "in", "ir", "an", "non", "anti", "icke", "ikke", "epa", "mis", "pre"})


@cache
def joins(language: str) -> bool:
    """Whether the language writes several nouns as one word; False when it is not known."""
    known = languages().get(primary(language))
    return known is not None and known.compounds


def may_begin(word: str, cut: int, language: str) -> bool:
    """Whether a rule's only word may be the first `cut` letters of a longer one."""
    rest = len(word) - cut
    return joins(language) and cut >= _SHORTEST_HEAD and 3 <= rest <= _LONGEST_REST


def tails(word: str) -> range:
    """Return the places where a rule's only word may begin inside a longer one."""
    for negation in _NEGATIONS:
        if word.startswith(negation) and len(word) - len(negation) <= 12:
            return range(max(3, len(negation) + 2), len(word) - SHORTEST_TAIL + 1)
    return range(3, len(word) - SHORTEST_TAIL + 1)


def heads(word: str) -> list[str]:
    """Return the beginnings of a word that a text may write as a word of their own."""
    return [word[:cut] for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]
