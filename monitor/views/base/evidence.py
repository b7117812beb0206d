"""The JSON of the words that prove a match."""

from collections.abc import Iterable
from typing import TypedDict

from storage.model import Evidence


class EvidenceShape(TypedDict):
    """Words of an article; `start` and `end` are code points of the field.

    Of a find of more than 1,000 characters there are the first, and `cut` is true.
    """

    field: str
    start: int
    end: int
    text: str
    term: str
    layer: str
    language: str
    variants: list[str]
    cut: bool


def evidence_shape(evidence: Iterable[Evidence]) -> list[EvidenceShape]:
    """Return the words that prove a match, in the order of the text."""
    return [
        {
            "field": place.field,
            "start": place.start,
            "end": place.end,
            "text": place.text,
            "term": place.term,
            "layer": place.layer,
            "language": place.language,
            "variants": list(place.variants),
            "cut": place.cut,
        }
        for place in evidence
    ]
