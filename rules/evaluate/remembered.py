"""What a chunk of a text says of a term, remembered for all articles that have the chunk.

Of a term of one word what stands around a chunk says nothing of what is found in it, but for what
all of an article and of its field are. Texts repeat their words, so most of what is evaluated was
evaluated before.
"""

from typing import NamedTuple

from rules.data.tables import told_by_articles
from rules.evaluate.evidence import Proof
from rules.evaluate.surroundings import Surroundings
from rules.languages.everyday import is_small_somewhere
from rules.patterns.pattern import CompiledTerm, Slot

_MOST_CHUNKS = 300

Kind = tuple[Surroundings, bool]
"""What an article is, and whether a field of it is in small letters."""


class OfChunk(NamedTuple):
    """What a chunk says of a term.

    Attributes:
        hits: How many words were looked at.
        proofs: With places from the chunk's beginning.
        goes_on: Whether the word behind it says more.
    """

    hits: int
    proofs: tuple[Proof, ...]
    goes_on: bool = False


Remembered = dict[Kind, dict[str, OfChunk]]


def chunks_of(remembered: Remembered, kind: Kind) -> dict[str, OfChunk]:
    """Return what is remembered of chunks in fields of a kind, with room for more."""
    found = remembered.setdefault(kind, {})
    if len(found) > _MOST_CHUNKS:
        found.clear()
    return found


def is_local(term: CompiledTerm) -> bool:
    """Whether a chunk alone says whether a term stands in it."""
    if term.regex is not None or term.rejected:
        return False
    return all(len(pattern.slots) == 1 and _is_local(pattern.slots[0]) for pattern in term.patterns)


def _is_local(slot: Slot) -> bool:
    if slot.written in told_by_articles() or is_small_somewhere(slot.written):
        return False
    return not (slot.prefix or slot.suffix or slot.multiword_forms or slot.rejected)
