"""The one way from a query's text to its tree and terms: whoever compiles a rule begins here.

A command asks the same text several times: is it sound, what are its variants, does it match,
why not. It is read once.
"""

from functools import lru_cache

from common.records import dataclass
from rules.query.lexer import QuerySyntaxError
from rules.query.parse import parse
from rules.query.terms import text_terms
from rules.query.tree import Keyword, Phrase, Query, Term

_LONGEST_KEPT = 5_000
_MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query that could be read.

    Attributes:
        terms: What is looked for in title and text, in the order of the query, each once.
    """

    tree: Query
    terms: tuple[Term, ...]

    @property
    def first(self) -> Keyword | Phrase | None:
        """The term that variants stand for which name no words."""
        return next((term for term in self.terms if isinstance(term, Keyword | Phrase)), None)


def parsed(text: str) -> ParsedQuery:
    """Return a query written in the language of docs/rules.md.

    Raises:
        QuerySyntaxError: It cannot be read; the error knows where and what was expected.
    """
    return _remembered(text) if len(text) <= _LONGEST_KEPT else of_tree(parse(text))


def readable(text: str) -> ParsedQuery | None:
    """Return the query; None if it cannot be read, for those whose answer then is nothing."""
    try:
        return parsed(text)
    except QuerySyntaxError:
        return None


def of_tree(tree: Query) -> ParsedQuery:
    """Return the query of a tree."""
    return ParsedQuery(tree, tuple(dict.fromkeys(text_terms(tree))))


@lru_cache(maxsize=_MOST_KEPT)
def _remembered(text: str) -> ParsedQuery:
    return of_tree(parse(text))
