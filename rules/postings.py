"""What the words of a text may answer: the postings under their keys, looked at more closely."""

from collections.abc import Iterable
from typing import NamedTuple

from rules.languages.compounds import LINKS, joins
from rules.languages.endings import all_endings, prefixes, stems

_SHORTEST_STEM = 2
_LONGEST_TAIL = 3


class Part(NamedTuple):
    """A word of a text, as far as its places do not matter."""

    folded: str
    is_run: bool


class Head(NamedTuple):
    """That a chunk's last word and the next word may be one word of a rule."""

    folded: str
    rule: int
    variant: int


def may_answer(entry: str, part: Part, language: str) -> bool:
    """Whether a word of a text may be an entry, a form of it, or a compound with it.

    Never False when `rules.vocabulary` finds the entry in the word by its letters.
    """
    folded = part.folded
    if part.is_run:
        return entry in folded
    if folded.startswith(entry) or _share_a_stem(entry, folded):
        return True
    if "\u0590" <= folded[0] <= "\u08ff":
        for prefix in prefixes(language):
            if folded.startswith(prefix) and _share_a_stem(entry, folded[len(prefix) :]):
                return True
    return joins(language) and folded.find(_shortest(entry), 3) > 0


def _share_a_stem(entry: str, folded: str) -> bool:
    if not folded:
        return False
    if entry == folded:
        return True
    if entry[:_SHORTEST_STEM] != folded[:_SHORTEST_STEM]:
        return False
    own = {stem for stem, _ in stems(entry, all_endings(), named=True)}
    return any(stem in own for stem, _ in stems(folded, all_endings(), named=True))


def _shortest(entry: str) -> str:
    return min((stem for stem, _ in stems(entry, all_endings(), named=True)), key=len)


def continues(entry: str, folded: str, others: Iterable[str]) -> bool:
    """Whether a word that begins with an entry may go on with one of these words."""
    if not folded.startswith(entry) or len(folded) < len(entry) + 2:
        return False
    rest = folded[len(entry) :]
    for link in LINKS:
        if rest.startswith(link):
            tail = rest[len(link) :]
            if any(tail.startswith(other[:_LONGEST_TAIL]) for other in others):
                return True
    return False
