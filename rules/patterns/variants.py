"""Which variants of a rule count, and for which of its terms and words."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from rules.data.tables import brands, has_capital_nouns
from rules.query.terms import content
from rules.query.tree import Keyword, Phrase, Term
from rules.text.tokenizer import words
from storage.model import Variant, VariantState

MOST_PARTED = 10
"""Of a keyword of so many words several places are taken together as variants do."""
_FROM_ALL = ("all", "broad")

Variants = tuple[Variant, ...]


class Standing(Protocol):
    """A variant, or several that stand for the same words and count alike."""

    @property
    def of(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...


class Outlined(Standing, Protocol):
    """A variant, for all but how surely it says what it stands for."""

    @property
    def language(self) -> str: ...
    @property
    def text(self) -> str: ...


Some = TypeVar("Some", bound=Standing)

BySpan = Mapping[tuple[str, ...], Variants]
"""The variants that stand for some of a keyword's words, by these words, folded."""


def stands_for(of: str, text: str) -> str | None:
    """Return the word that a variant stands for, folded; "" for the whole keyword, else None."""
    if of in ("", text):
        return ""
    content_words = content(of)
    return content_words[0].folded if len(content_words) == 1 else None


def is_known_name(text: str, variants: Iterable[Standing]) -> bool:
    """Whether a keyword is written as a name, and a list knows it as one."""
    if text in brands():
        return True
    if not any(variant.kind == "name" and variant.of in ("", text) for variant in variants):
        return False
    return all(word.text[0].isupper() for word in content(text))


def counts(variant: Standing, strictness: str) -> bool:
    """Whether a variant is looked at: the owner's always, others where other languages count."""
    if variant.state == VariantState.REJECTED or variant.kind == "user":
        return True
    if variant.state == VariantState.PROPOSED:
        return strictness == "broad"
    return strictness in _FROM_ALL


def concerning(variants: Sequence[Some], term: Term, *, is_first: bool) -> tuple[Some, ...]:
    """Return the variants that concern a term: as a whole, or some of its words."""
    if not isinstance(term, Keyword | Phrase):
        return ()
    whole = {"", term.text} if is_first else {term.text}
    if isinstance(term, Phrase):
        return tuple(variant for variant in variants if variant.of in whole)
    held = tuple(word.folded for word in words(term.text))
    return tuple(variant for variant in variants if variant.of in whole or _holds(held, variant.of))


def _holds(held: tuple[str, ...], of: str) -> bool:
    """Whether the words of `of` stand among these, one behind the other."""
    span = _folded(of)
    starts = range(len(held) - len(span) + 1)
    return bool(span) and any(held[at : at + len(span)] == span for at in starts)


@lru_cache(maxsize=10_000)
def _folded(text: str) -> tuple[str, ...]:
    """Return the words of what variants stand for; every term of a rule is asked for them."""
    return tuple(word.folded for word in words(text))


def grouped_by_span(
    text: str, variants: Sequence[Some], language: str = ""
) -> Mapping[tuple[str, ...], tuple[Some, ...]]:
    """Return the variants of some of a keyword's words by these words, folded.

    Args:
        language: Of the keyword, as `rules.patterns.variants_in.tonal` has it.
    """
    by_span: dict[tuple[str, ...], list[Some]] = {}
    by_words: dict[str, list[Some]] = {}
    for variant in variants:
        if variant.of and variant.of != text:
            same = by_words.get(variant.of)
            if same is None:
                span = tuple(word.folded for word in content(variant.of, language))
                same = by_words[variant.of] = by_span.setdefault(span, [])
            same.append(variant)
    return {span: tuple(some) for span, some in by_span.items()}


def parted(
    folded: tuple[str, ...], spans: Collection[tuple[str, ...]]
) -> Iterator[tuple[range, ...]]:
    """Yield the ways to take words of a keyword together as variants do, from one place at least.

    Công ước and Hà Nội, both of Công ước Hà Nội, one of them or the other: each is two words, and
    only both together are called something in a language that writes neither so.

    Args:
        folded: The words of the keyword. Of more than `MOST_PARTED` one place is taken at a time,
            since the ways double with each word.
        spans: What variants stand for; those of one word are none of these ways.

    Yields:
        The places, each of two words or more, in their order; they do not overlap.
    """
    lengths = sorted({len(span) for span in spans if len(span) > 1})
    held = [
        range(start, start + length)
        for start in range(len(folded))
        for length in lengths
        if start + length <= len(folded) and folded[start : start + length] in spans
    ]
    ways: list[tuple[range, ...]] = [(places,) for places in held]
    for way in ways:  # grows while it is read
        yield way
        if len(folded) <= MOST_PARTED:
            ways.extend((*way, after) for after in held if after.start >= way[-1].stop)


def says_name(variant: Variant) -> bool:
    """Whether the capital of a variant says that it is a name."""
    return variant.text[0].isupper() and not has_capital_nouns(variant.language)
