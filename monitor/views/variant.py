"""The JSON of a variant of a rule."""

from typing import Annotated, TypedDict

from storage.model import Variant, VariantState


class VariantShape(TypedDict):
    """A form in which a rule's term appears in some language or script."""

    language: str
    text: str
    of: str
    kind: str
    source: str
    score: float
    state: Annotated[str, VariantState]
    key: str


def variant_shape(variant: Variant) -> VariantShape:
    """Return a variant of a rule."""
    return {
        "language": variant.language,
        "text": variant.text,
        "of": variant.of,
        "kind": variant.kind,
        "source": variant.source,
        "score": variant.score,
        "state": variant.state.value,
        "key": variant.key,
    }
