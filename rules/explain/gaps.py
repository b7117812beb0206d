"""Words that are all there, but not near each other: where they come nearest, and how far apart."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from common.clip import clip
from rules.data.tables import stop_words
from rules.evaluate.proximity import MOST_OTHERS, MOST_STOP_WORDS, Occurrence, spans
from rules.evaluate.what_is_done import (
    MOST_OTHERS_WHERE_DONE,
    MOST_SMALL_WHERE_DONE,
)
from rules.text.tokenizer import are_parted, words


class Gap(NamedTuple):
    """What stands between two words: stop words, others, and whether a clause ends there."""

    stop_words: int
    others: int
    breaks: bool

    @property
    def total(self) -> int:
        """How many words stand there."""
        return self.stop_words + self.others


class Nearest(NamedTuple):
    """Where the parts of a term come nearest to each other: one occurrence of each, in order."""

    field: str
    occurrences: tuple[Occurrence, ...]
    gaps: tuple[Gap, ...]

    @property
    def widest(self) -> Gap:
        """The gap that keeps them most surely from being near."""
        return max(self.gaps, key=lambda gap: (gap.breaks, gap.total), default=Gap(0, 0, False))


def nearest(
    occurrences: Mapping[str, Sequence[Occurrence]], parts: int, texts: Mapping[str, str]
) -> Nearest | None:
    """Return the shortest span of a field that has every part; None when no field has all.

    Args:
        places: By field, sorted.
    """
    candidates = [
        (span.end - span.start, name, span.occurrences)
        for name, of_field in occurrences.items()
        for span in spans(of_field, parts, lambda left, right: 0.0)
    ]
    if not candidates:
        return None
    _, name, span = min(candidates, key=lambda candidate: candidate[0])
    one_each = _one_each(span)
    gaps = tuple(_gap(texts[name], left, right) for left, right in pairwise(one_each))
    return Nearest(name, one_each, gaps)


def _one_each(span: Sequence[Occurrence]) -> tuple[Occurrence, ...]:
    """Return one occurrence of each part, the last one before the span is complete."""
    latest: dict[int, Occurrence] = {}
    for occurrence in span:
        latest[occurrence.part] = occurrence
    return tuple(sorted(latest.values()))


def _gap(text: str, left: Occurrence, right: Occurrence) -> Gap:
    between = text[left.end : right.start] if left.end < right.start else ""
    known = stop_words()
    stops = others = 0
    for word in words(between):
        if word.is_run:
            others += (len(word.folded) + 1) // 2
        elif word.folded in known:
            stops += 1
        else:
            others += 1
    return Gap(stops, others, bool(between) and are_parted(text, left.end, right.start))


def too_far(gap: Gap, *, says_done: bool) -> str:
    """Return what a keyword asks of its words and this gap does not give.

    Args:
        says_done: As `rules.patterns.pattern.Pattern` has it.
    """
    if gap.breaks:
        return "they must stand in one clause, near each other"
    if says_done and (gap.others or gap.stop_words > MOST_STOP_WORDS):
        return (
            f"at most {MOST_SMALL_WHERE_DONE} small words and {MOST_OTHERS_WHERE_DONE} others may "
            "stand between a verb and its object or subject, but no other verb or clause, nor a "
            "preposition that the rule is without; and none may be those of something else"
        )
    if gap.stop_words > MOST_STOP_WORDS or gap.others > MOST_OTHERS:
        return (
            f"they must be near each other (at most {MOST_STOP_WORDS} small words and "
            f"{MOST_OTHERS} other between)"
        )
    if gap.others:
        return "another word may stand between only alone, or when the order is turned"
    return "together they are not like enough to the rule's own words"


def listed(near: Nearest, text: str, *, clauses: bool = True) -> str:
    """Return `"Hanoi" in the title, "Convention" 9 words later`.

    Args:
        clauses: Whether it counts that a clause ends between two.
    """
    first, *others = near.occurrences
    shown = [f"{quoted(text[first.start : first.end])} in the {near.field}"]
    for occurrence, gap in zip(others, near.gaps, strict=True):
        count = gap.total
        far = f"{count} {'word' if count == 1 else 'words'} later" if count else "next to it"
        clause = " in another clause" if gap.breaks and clauses else ""
        shown.append(f"{quoted(text[occurrence.start : occurrence.end])} {far}{clause}")
    return ", ".join(shown)


def quoted(text: str) -> str:
    """Return words of an article in quotes, on one line, at most 60 characters."""
    return f'"{clip(" ".join(text.split()), 60)}"'
