"""The names of several words that may stand for one word of a keyword."""

from collections.abc import Iterator, Sequence

from rules.query.terms import content
from storage.model import Variant


def spelled_out(text: str, variants: Sequence[Variant]) -> Iterator[Variant]:
    """Yield the names of several words that may stand for one word of a keyword."""
    for word in content(text):
        for variant in variants:
            if variant.kind != "name" or variant.of in ("", text):
                continue
            span = [word.folded for word in content(variant.of)]
            if span == [word.folded] and len(content(variant.text)) > 1:
                yield variant
