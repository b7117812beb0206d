"""The tree that a rule's text becomes, and questions about it.

Every node is a frozen value. `str(node)` writes it in the query language, so that
`rules.query.parse.parse(str(node)) == node`.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import assert_never

from common.records import dataclass

TEXT_FIELDS = ("title", "text")
"""Scopes in which terms are looked for by all match types, and which give evidence."""

OTHER_FIELDS = ("source", "author", "url", "category", "language", "tag")
"""Scopes whose terms are compared word by word, folded only."""

FIELDS = TEXT_FIELDS + OTHER_FIELDS


class _Node:
    """Writes itself in the query language."""

    __slots__ = ()

    def __str__(self) -> str:
        return _written(self, _LOOSEST)  # type: ignore[arg-type]  # every subclass is a Query


@dataclass(frozen=True, slots=True)
class Keyword(_Node):
    """Words near each other, in any order and form; `text` has one space between words.

    Attributes:
        typed: The text as it was typed, where it is read otherwise: 大臣が辞任 as 大臣 が 辞任.
    """

    text: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Phrase(_Node):
    """These words next to each other in this order; only case, accents and width are folded."""

    text: str


@dataclass(frozen=True, slots=True)
class Exact(_Node):
    """Exactly these characters, upper and lower case as given."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard(_Node):
    """One word in which `*` stands for any letters and `?` for one."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Regex(_Node):
    """A regular expression of `rules.query.regex`, found anywhere in a field, case ignored."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Near(_Node):
    """All parts in one field, in any order, at most `distance` words between two neighbours."""

    parts: "tuple[Query, ...]"
    distance: int


@dataclass(frozen=True, slots=True)
class Field(_Node):
    """The part holds within one field of the article or of its source; a name of `FIELDS`."""

    name: str
    part: "Query"


@dataclass(frozen=True, slots=True)
class AllOf(_Node):
    """Every part holds; there are at least two."""

    parts: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf(_Node):
    """At least one part holds; there are at least two."""

    parts: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Not(_Node):
    """The part does not hold."""

    part: "Query"


@dataclass(frozen=True, slots=True)
class Weighted(_Node):
    """The part, worth `weight` points in a `Scored` around it; elsewhere the part alone.

    A negative weight takes points away, and is never needed for a match.
    """

    part: "Query"
    weight: float


@dataclass(frozen=True, slots=True)
class Scored(_Node):
    """The part holds, and the weighted parts in it that hold are worth `at_least` together."""

    part: "Query"
    at_least: float


@dataclass(frozen=True, slots=True)
class Within(_Node):
    """The article was published at most `age` before we first saw it.

    An article without a time of its own counts as new.
    """

    age: timedelta


Term = Keyword | Phrase | Exact | Wildcard | Regex
Query = Term | Near | Field | AllOf | AnyOf | Not | Weighted | Scored | Within


def children(query: Query) -> "tuple[Query, ...]":
    """Return the parts directly below a node."""
    match query:
        case AllOf(parts) | AnyOf(parts) | Near(parts, _):
            return parts
        case Not(part) | Field(_, part) | Weighted(part, _) | Scored(part, _):
            return (part,)
        case Keyword() | Phrase() | Exact() | Wildcard() | Regex() | Within():
            return ()
        case _:
            assert_never(query)


def walk(query: Query) -> Iterator[Query]:
    """Yield the node and everything below it, in the order of the text."""
    yield query
    for part in children(query):
        yield from walk(part)


def anchors(query: Query, cost: Callable[[Term], int]) -> frozenset[Term] | None:
    """Return terms of which every matching article holds at least one.

    The index files a rule under its anchors, and so looks only at rules that could match.
    None means that no such terms exist (as in `NOT spam`): the rule must be tried always.

    Args:
        cost: How dear a term is as an anchor; the cheapest set is chosen.
    """
    match query:
        case Keyword() | Phrase() | Exact() | Wildcard() | Regex():
            return frozenset({query})
        case AllOf(parts) | Near(parts, _):
            chosen = [some for part in parts if (some := anchors(part, cost)) is not None]
            return min(chosen, key=lambda terms: sum(map(cost, terms)), default=None)
        case AnyOf(parts):
            union: set[Term] = set()
            for part in parts:
                each = anchors(part, cost)
                if each is None:
                    return None
                union |= each
            return frozenset(union)
        case Field(name, part):
            return anchors(part, cost) if name in TEXT_FIELDS else None
        case Scored(part, _):
            return anchors(_gaining(part), cost)
        case Weighted(part, _):
            return anchors(part, cost)
        case Not() | Within():
            return None
        case _:
            assert_never(query)


def needed(query: Query) -> frozenset[Term]:
    """Return terms that every matching article holds, all of them."""
    match query:
        case Keyword() | Phrase() | Exact() | Wildcard() | Regex():
            return frozenset({query})
        case AllOf(parts) | Near(parts, _):
            return frozenset[Term]().union(*map(needed, parts))
        case AnyOf(parts):
            return frozenset.intersection(*map(needed, parts))
        case Weighted(part, _) | Scored(part, _):
            return needed(part)
        case Field(name, part) if name in TEXT_FIELDS:
            return needed(part)
        case _:
            return frozenset()


def _gaining(part: Query) -> Query:
    """Return the alternatives of a `Scored` without those that only take points away."""
    if not isinstance(part, AnyOf):
        return part
    gaining = tuple(inner for inner in part.parts if not is_loss(inner))
    return AnyOf(gaining) if gaining else part


def is_loss(query: Query) -> bool:
    """Whether it is a part with a negative weight."""
    return isinstance(query, Weighted) and query.weight < 0


# How tightly the text around a node binds; a looser node is put in brackets there.
_LOOSEST, _IN_AND, _IN_NEAR, _TIGHT = 0, 1, 2, 3


def _written(query: Query, around: int) -> str:
    """Return the node's text, in brackets if the text around it would tear it apart."""
    text, own = _plain(query)
    return text if own >= around else f"({text})"


def _plain(query: Query) -> tuple[str, int]:
    match query:
        case AnyOf(parts):
            return " OR ".join(_written(part, _IN_AND) for part in parts), _LOOSEST
        case AllOf(parts):
            return " AND ".join(_written(part, _IN_NEAR) for part in parts), _IN_AND
        case Scored(part, at_least):
            return f"{_written(part, _TIGHT)} score>={number(at_least)}", _IN_AND
        case Near(parts, distance):
            return f" NEAR/{distance} ".join(_written(part, _TIGHT) for part in parts), _IN_NEAR
        case Not(part):
            return f"NOT {_written(part, _TIGHT)}", _IN_NEAR
        case Field(name, part):
            return f"{name}:{_written(part, _TIGHT)}", _TIGHT
        case Weighted(part, weight):
            inner = part if not isinstance(part, Field | Weighted) else None
            text = _written(inner, _TIGHT) if inner else f"({part})"
            return f"{text}^{number(weight)}", _TIGHT
        case Within(age):
            return f"within:{duration(age)}", _TIGHT
        case _:
            return _plain_term(query)


def _plain_term(term: Term) -> tuple[str, int]:
    match term:
        case Keyword(text, typed):
            words = (typed or text).split(" ")
            binding = _TIGHT if len(words) == 1 else _IN_NEAR
            return " ".join(map(escaped, words)), binding
        case Phrase(text):
            return _quoted(text), _TIGHT
        case Exact(text):
            return "=" + _quoted(text), _TIGHT
        case Wildcard(pattern):
            return escaped(pattern, wildcards=True), _TIGHT
        case Regex(pattern):
            return f"/{pattern}/", _TIGHT
        case _:
            assert_never(term)


QUOTES = '"“”„‟«»‹›「」『』﹁﹂〝〞〟＂'
OPENING, CLOSING, COLONS, DASHES = "(（", ")）", ":：", "-‐‑–−－﹣"
"""Brackets and signs as keyboards and word processors of different countries write them."""

INVISIBLE = "\ufeff\u200b\u2060\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""What comes along when text is copied; the inside of a character class."""

LIKE_NEAR = re.compile(r"NEAR(?:/\S*)?|(?i:near|adj|pre|w|n|within)/\d+")
"""NEAR, and what it is called elsewhere."""

_OPERATORS = re.compile(r"AND|OR|NOT|&&")
_ALWAYS_ESCAPED = re.compile(rf"[\\{OPENING}{CLOSING}*?^{COLONS}<>≥{QUOTES}]|~(?=\d*\Z)")
_ESCAPED_BUT_WILD = re.compile(rf"[\\{OPENING}{CLOSING}^{COLONS}<>≥{QUOTES}]|~(?=\d*\Z)")
_ESCAPED_AT_FIRST = re.compile(rf"[{DASHES}=＝/|｜!{INVISIBLE}]")


def escaped(word: str, *, wildcards: bool = False) -> str:
    """Return the word with a backslash before what the parser would take for an operator."""
    text = (_ESCAPED_BUT_WILD if wildcards else _ALWAYS_ESCAPED).sub(r"\\\g<0>", word)
    if not text.startswith("\\") and (
        _ESCAPED_AT_FIRST.match(word) or _OPERATORS.fullmatch(word) or LIKE_NEAR.fullmatch(word)
    ):
        text = "\\" + text
    return text


def _quoted(text: str) -> str:
    inside = re.sub(rf"[\\{QUOTES}]", r"\\\g<0>", text)
    return f'"{inside}"'


def number(value: float) -> str:
    """Return the number without a needless fraction or exponent."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60))


def duration(age: timedelta) -> str:
    """Return whole minutes or more as "7d", "36h", "90m": the largest unit that divides them."""
    seconds = round(age.total_seconds())
    for name, size in _UNITS:
        if seconds % size == 0:
            return f"{seconds // size}{name}"
    return f"{max(1, seconds // 60)}m"
