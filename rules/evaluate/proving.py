"""Which variant of a rule proved what was found: decided here, for whoever tells of it."""

from collections.abc import Iterable

from storage.model import Variant


def proving(text: str, variants: Iterable[Variant], language: str) -> Variant | None:
    """Return the variant that proves what was found by a text; None if the rule has none.

    Several languages may have one word, German as "Konvention" where Swedish has "konvention".
    Then it is that of the article's language, if there is one, and else the one that is written
    so.
    """
    folded = text.casefold()
    own = written = None
    for variant in variants:
        if variant.text == text:
            if variant.language == language:
                return variant
            written = written or variant
        elif own is None and variant.language == language and variant.text.casefold() == folded:
            own = variant
    return own or written
