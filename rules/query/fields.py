"""Scopes beside title and text: what they hold, compared word by word."""

from typing import assert_never

from rules.data.tables import primary
from rules.query.regex import compile_linear
from rules.query.tree import (
    AllOf,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Near,
    Not,
    Phrase,
    Query,
    Regex,
    Scored,
    Weighted,
    Wildcard,
    Within,
)
from rules.text.folding import fold
from rules.text.tokenizer import words
from rules.text.wildcard import wildcard_pattern
from storage.model import Article, Source


def field_values(name: str, article: Article, source: Source) -> tuple[str, ...]:
    """Return the values of a scope; the names are `rules.query.tree.OTHER_FIELDS`."""
    values = {
        "source": (source.name,),
        "author": article.authors,
        "url": (article.url,),
        "category": article.categories,
        "language": (article.language,),
        "tag": source.tags,
    }
    return values[name]


def holds_in_values(query: Query, name: str, values: tuple[str, ...]) -> bool:
    """Whether the query holds for at least one of the values."""
    match query:
        case AllOf(parts) | Near(parts, _):
            return all(holds_in_values(part, name, values) for part in parts)
        case AnyOf(parts):
            return any(holds_in_values(part, name, values) for part in parts)
        case Not(part):
            return not holds_in_values(part, name, values)
        case Weighted(part, _) | Scored(part, _) | Field(_, part):
            return holds_in_values(part, name, values)
        case Within():
            return True
        case Keyword() | Phrase() | Exact() | Wildcard() | Regex():
            return any(_fits(query, name, value) for value in values)
        case _:
            assert_never(query)


def _fits(term: Keyword | Phrase | Exact | Wildcard | Regex, name: str, value: str) -> bool:
    match term:
        case Exact(text):
            return text in value
        case Regex(text):
            return any(True for _ in compile_linear(text).spans(value, 1))
        case Wildcard(text):
            wild = wildcard_pattern(text)
            pieces = value.split() if name == "url" else [word.text for word in words(value)]
            return any(wild.fits(fold(piece)) for piece in (*pieces, value))
        case Keyword(text) | Phrase(text):
            if name == "language":
                return primary(text) == primary(value)
            if name == "url":
                return text.casefold() in value.casefold()
            return _within(text, value)
        case _:
            assert_never(term)


def _within(text: str, value: str) -> bool:
    """Whether the words of the text follow each other in the value, folded."""
    wanted = [word.folded for word in words(text)]
    held = [(word.folded, word.is_run) for word in words(value)]
    for at in range(len(held) - len(wanted) + 1):
        pairs = zip(wanted, held[at:], strict=False)
        if all(want == have or (is_run and want in have) for want, (have, is_run) in pairs):
            return True
    return False
