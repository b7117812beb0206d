"""How else English writes a term: in one word, in two, and on the other side of the Atlantic."""

from collections.abc import Iterator
from functools import cache
from itertools import chain, product

from rules.data.tables import rows

_SHORTEST_PART = 3
_LONGEST = 40
_MOST_SPACES = 4


def english_spellings(term: str) -> list[str]:
    """Return other spellings of a term, the likelier ones first; none of them may be a word.

    cyber-attack is cyberattack and cyber attack, oilfield is oil field, hostage taking is
    hostage-taking, surface to air missile surface-to-air missile, labor market labour market.
    """
    if not term.isascii() or len(term) > _LONGEST:
        return []
    every = [term, *_other_side(term)]
    parted = chain.from_iterable(map(_in_other_parts, every))
    return [each for each in dict.fromkeys((*every, *parted)) if each != term]


def _in_other_parts(term: str) -> Iterator[str]:
    if "-" in term:
        yield term.replace("-", "")
        yield term.replace("-", " ")
    elif " " in term:
        yield term.replace(" ", "") if term.count(" ") == 1 else term
        if term.count(" ") <= _MOST_SPACES:
            words = term.split(" ")
            signs = product(" -", repeat=len(words) - 1)
            for between in sorted(signs, key=lambda some: some.count("-"))[1:]:
                yield "".join(chain(*zip(words, (*between, ""), strict=True)))
    elif term.isalpha():
        for cut in range(_SHORTEST_PART, len(term) - _SHORTEST_PART + 1):
            yield f"{term[:cut]} {term[cut:]}"
            yield f"{term[:cut]}-{term[cut:]}"


def _other_side(term: str) -> Iterator[str]:
    """Yield the term as it is written on the other side of the Atlantic."""
    words = term.split(" ")
    other = [_respelled(word) for word in words]
    if other != words:
        yield " ".join(other)


def _respelled(word: str) -> str:
    whole, ends = _pairs()
    lower = word.lower()
    other = whole.get(lower)
    if other is None:
        for end, instead in ends.items():
            if lower.endswith(end) and len(lower) > len(end) + _SHORTEST_PART:
                return word[: -len(end)] + instead
        return word
    return other.capitalize() if word[:1].isupper() else other


@cache
def _pairs() -> tuple[dict[str, str], dict[str, str]]:
    """Return what stands for whole words, and for ends of words, both ways."""
    whole: dict[str, str] = {}
    ends: dict[str, str] = {}
    for one, other in rows("english_spellings.tsv"):
        known = ends if one.startswith("-") else whole
        known |= {one.lstrip("-"): other.lstrip("-"), other.lstrip("-"): one.lstrip("-")}
    return whole, ends
