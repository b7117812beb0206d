"""The words of a term that may all be cognates, as the presearch has to know them.

What `rules.patterns.planner` lets a text say instead of a keyword, derived from the same functions.
"""

from collections.abc import Iterator, Sequence

from rules.patterns.name_patterns import has_name_patterns
from rules.patterns.planner import MOST_SPELLED_OUT
from rules.query.terms import content, text_terms
from rules.query.tree import Keyword, Query, Term
from rules.text.tokenizer import Word
from storage.model import Rule, Variant

__all__ = ["MOST_SPELLED_OUT", "fuzzy_patterns", "goes_unfiled", "spelled_out"]

_WITHOUT_COGNATES = ("exact", "forms")


def goes_unfiled(rule: Rule, query: Query) -> bool:
    """Whether a rule's words may be found by patterns for which there is no presearch.

    Single words in other spellings, and names that scripts write sign by sign.
    """
    if rule.strictness in _WITHOUT_COGNATES:
        return False
    keywords = [term.text for term in text_terms(query) if isinstance(term, Keyword)]
    if rule.strictness == "broad" and keywords:
        return True
    return any(map(has_name_patterns, keywords))


def fuzzy_patterns(
    term: Term, strictness: str, variants: Sequence[Variant]
) -> Iterator[tuple[str, ...]]:
    """Yield the words of each pattern of a term whose words may all be cognates.

    Args:
        variants: Those that concern the term.
    """
    if not isinstance(term, Keyword) or strictness in _WITHOUT_COGNATES:
        return
    text = term.text
    content_words = content(text)
    if len(content_words) < 2:
        return
    if " " in text or "-" in text:
        yield tuple(word.text for word in content_words)
    for variant in spelled_out(text, variants) if variants else ():
        yield from _spelled(content_words, variant)


def spelled_out(text: str, variants: Sequence[Variant]) -> Iterator[Variant]:
    """Yield the names of several words that may stand for one word of a keyword."""
    for word in content(text):
        for variant in variants:
            if variant.kind != "name" or variant.of in ("", text):
                continue
            span = [word.folded for word in content(variant.of)]
            if span == [word.folded] and len(content(variant.text)) > 1:
                yield variant


def _spelled(content_words: Sequence[Word], variant: Variant) -> Iterator[tuple[str, ...]]:
    span = content(variant.of)[0].folded
    for place, word in enumerate(content_words):
        if word.folded == span:
            parts = [*content_words[:place], *content(variant.text), *content_words[place + 1 :]]
            text = " ".join(part.text for part in parts)
            yield tuple(word.text for word in content(text))
