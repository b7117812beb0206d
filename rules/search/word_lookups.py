"""What the search index must hold of a word of a rule before a text can hold it."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from common.neighbours import may_be_in
from rules.data.tables import languages
from rules.languages import compounds
from rules.languages.compounds import SHORTEST_TAIL, joins
from rules.languages.inflection import (
    all_endings,
    alternate_with,
    has_short_stem,
    may_have_prefix,
    prefixes,
    stems,
)
from rules.patterns.term import RuleWord
from rules.search.analyzer import run_pairs, tail_token, word_token
from storage.api.lookup import Has, HasAll, HasAny, HasNear, Lookup

FEW_LETTERS, SOME_LETTERS, ALL_LETTERS = 3, 4, 99
"""Of stems of so many letters the forms are named: where more than spellings of the rule are asked
for, where these alone are, and of one of few words."""
_FEW_OF_A_REST = 3
_LINES_BETWEEN_TWO = 3  # white space, however much that may be
_MOST_ENDINGS = 150
_MOST_ENDINGS_OF_FEW = 700


@lru_cache(maxsize=20_000)
def forms(folded: str, named: bool, short: int) -> tuple[Lookup, ...]:
    """Return the tokens of a word's forms: with what they all begin.

    But for a beginning that other words share, as those of station and state do: there the forms
    are named.

    Args:
        short: So many letters such a beginning has at most.
    """
    every = list(stems(folded, all_endings(), named=named))
    if may_have_prefix(folded):
        begin = min((stem for stem, _ in every), key=len)
        return tuple(Has(word_token(prefix + begin), begins=True) for prefix in _written_on())
    begin = ""
    named_ones: dict[str, None] = {}
    most = _MOST_ENDINGS if short == FEW_LETTERS else _MOST_ENDINGS_OF_FEW
    for stem, own in every:
        others = _alternating(own)
        if not _takes_endings(stem):
            named_ones[word_token(stem + own)] = None
        elif own and len(others) <= most and len(stem) <= short:
            named_ones.update(dict.fromkeys(word_token(stem + ending) for ending in others))
        elif not begin or len(stem) < len(begin):
            begin = word_token(stem)
    found: list[Lookup] = [Has(begin, begins=True)] if begin else []
    found += [Has(form) for form in named_ones if not begin or not form.startswith(begin)]
    return tuple(found)


@cache
def _written_on() -> tuple[str, ...]:
    return ("", *prefixes(""))


@lru_cache(maxsize=20_000)
def with_compounds(
    folded: str, named: bool, joining: frozenset[str], short: int
) -> tuple[Lookup, ...]:
    """Return the same, also where the word is a part of a longer one, or torn in two.

    Args:
        joining: The languages that write several words as one in which it counts.
        short: As for `forms`.
    """
    every = list(stems(folded, all_endings(), named=named))
    in_two = _in_two(folded, every, few=short == ALL_LETTERS)
    found = [*forms(folded, named, short), *_longer(folded), *in_two]
    written = (
        stem + ending
        for stem, own in every
        for ending in (_alternating_in(own, joining) if _takes_endings(stem) else {own})
    )
    tails = dict.fromkeys(tail_token(form) for form in written if len(form) >= SHORTEST_TAIL)
    return (*found, *(Has(tail, begins=True) for tail in tails if joining))


@cache
def _takes_endings(stem: str) -> bool:
    """Whether a text's word may be this stem with an ending: it must be long enough."""
    return any(other == stem for other, _ in stems(stem + "a", frozenset("a"), named=True))


def beginning(entry: RuleWord) -> str:
    """Return with what every form of the word begins."""
    named = has_short_stem(entry.text, entry.folded)
    return min((stem for stem, _ in stems(entry.folded, all_endings(), named=named)), key=len)


def _longer(folded: str) -> Iterator[Lookup]:
    """Yield what a text needs in which the word begins a longer one."""
    if len(folded) >= compounds.SHORTEST_PART:
        yield Has(word_token(folded), begins=True)


def _in_two(folded: str, every: Sequence[tuple[str, str]], *, few: bool) -> Iterator[Lookup]:
    """Yield what a text needs that writes the word as two, one behind the other: cyber security.

    Where next to nothing of the second is sure, and it has too many forms, the first must do.
    """
    for head in compounds.heads(folded):
        first = Has(word_token(head))
        sure = [stem for stem, _ in every if len(stem) - len(head) >= _FEW_OF_A_REST]
        short = [(stem, own) for stem, own in every if len(stem) - len(head) < _FEW_OF_A_REST]
        if not all(_may_be_named(stem, own, few) for stem, own in short):
            yield first
            continue
        forms_ = (form for stem, own in short for form in _named(stem, own))
        rests = dict.fromkeys(form[len(head) :] for form in forms_ if form.startswith(head))
        begin = min(sure, key=len, default="")[len(head) :]
        seconds = [Has(word_token(begin), begins=True)] if begin else []
        seconds += [Has(word_token(rest)) for rest in rests if rest and word_token(rest)]
        if seconds:
            second = seconds[0] if len(seconds) == 1 else HasAny(tuple(seconds))
            yield HasNear((first, second), _LINES_BETWEEN_TWO)


def _may_be_named(stem: str, own: str, few: bool) -> bool:
    most = _MOST_ENDINGS_OF_FEW if few else _MOST_ENDINGS
    return not _takes_endings(stem) or len(_alternating(own)) <= most


def _named(stem: str, own: str) -> list[str]:
    """Return the forms of a word with a stem and an ending of its own."""
    return [stem + each for each in (_alternating(own) if _takes_endings(stem) else (own,))]


@cache
def joining(counting: frozenset[str]) -> frozenset[str]:
    """Return the languages that write several words as one, of texts that may be in one of some."""
    return frozenset(code for code in languages() if joins(code) and may_be_in(counting, code))


@cache
def _alternating(own: str) -> frozenset[str]:
    """Return the endings that stand where this one stands, in any language."""
    return frozenset(alternate_with(own, "")) | {own}


@cache
def _alternating_in(own: str, among: frozenset[str]) -> frozenset[str]:
    """Return the same of some languages."""
    endings = {own}
    for code in among:
        endings.update(alternate_with(own, code))
    return frozenset(endings)


def of_run(folded: str) -> Lookup | None:
    """Return what the index must hold for a run of letters without spaces; None for nothing."""
    pairs = run_pairs(folded)
    if not pairs:
        return None
    if len(pairs[0]) == 1:
        return Has(pairs[0], begins=True)
    return HasAll(tuple(map(Has, dict.fromkeys(pairs))))
