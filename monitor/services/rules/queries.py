"""Queries as people write them, checked before they become rules."""

from common.widths import cell_width
from monitor.base.errors import Refusal, escaped
from rules.query.lexer import QuerySyntaxError
from rules.query.lint import lint
from rules.query.parsed import parsed, readable
from rules.query.tree import Query

_FATAL = ("everything", "never")
_ROOM = 60
"""Characters of a long query that are shown around its mistake."""


def checked_query(text: str, *, anything: bool = False) -> Query:
    """Return the tree of a query that makes sense as a rule.

    Args:
        anything: Whether it may match nearly everything.

    Raises:
        Refusal: It cannot be read, can never match, or matches everything; with a caret under
            the place.
    """
    try:
        query = parsed(text).tree
    except QuerySyntaxError as error:
        raise Refusal(pointed(text, error.position, f"expected {error.expected}")) from None
    for finding in lint(query):
        if finding.kind in _FATAL and not (anything and finding.kind == "everything"):
            raise Refusal(pointed(text, 0, finding.text))
    return query


def advice_on(text: str, *, strictness: str = "all") -> list[str]:
    """Return what could be better about a query that `checked_query` has accepted.

    Args:
        strictness: As in `Rule.strictness`.
    """
    findings = lint(parsed(text).tree, strictness=strictness)
    return [finding.text for finding in findings if finding.kind not in _FATAL]


def matches_everything(text: str) -> bool:
    """Whether a query needs no rare word; False for one that cannot be read."""
    query = readable(text)
    return query is not None and any(finding.kind == "everything" for finding in lint(query.tree))


def pointed(text: str, position: int, problem: str) -> str:
    """Return the problem, the text and a caret under the position, in three lines.

    Of a long text only the neighbourhood is shown.
    """
    start = max(0, position - _ROOM)
    before = ("..." if start else "") + escaped(text[start:position])
    after = escaped(text[position : position + _ROOM])
    after += "..." if len(text) > position + _ROOM else ""
    return f"{problem}\n\n  {before}{after}\n  {' ' * cell_width(before)}^"
