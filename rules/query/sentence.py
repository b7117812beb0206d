"""A query as a sentence that people read: what it was taken for."""

from typing import assert_never

from rules.query.tree import (
    OTHER_FIELDS,
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
    duration,
    number,
)

_WHERE = {
    "title": "in the headline",
    "text": "in the text",
    "source": "as their source",
    "author": "as their author",
    "url": "in their address",
    "category": "among their categories",
    "language": "as their language",
    "tag": "as a tag of their source",
}


def sentence(query: Query) -> str:
    """Return "Articles with “a” and either “b” or “c”, but without “d”."."""
    return f"Articles {_said(query)}."


def _said(query: Query) -> str:
    match query:
        case Not(part):
            return f"without {_thing(part)}"
        case Within(age):
            return f"published in the last {duration(age)} before they were seen"
        case AllOf(parts):
            wanted = [part for part in parts if not isinstance(part, Not | Within)]
            rest = [part for part in parts if isinstance(part, Not | Within)]
            begin = f"with {_joined(map(_thing, wanted), 'and')}" if wanted else ""
            said = [begin, *map(_said, rest)] if begin else list(map(_said, rest))
            return ", ".join(said)
        case _:
            return f"with {_thing(query)}"


def _thing(query: Query) -> str:  # noqa: C901  # a case for each kind of node
    match query:
        case Keyword(text):
            return f"“{text}” in any form" if " " not in text else f"the words “{text}” together"
        case Phrase(text):
            return f"exactly “{text}”"
        case Exact(text):
            return f"“{text}” written just so"
        case Wildcard(pattern):
            return f"a word like “{pattern}”"
        case Regex(pattern):
            return f"what /{pattern}/ fits"
        case Near(parts, distance):
            words = "word" if distance == 1 else "words"
            between = f"with at most {distance} {words} between"
            return f"{_joined(map(_thing, parts), 'and')} near each other ({between})"
        case Field(name, Keyword(text) | Phrase(text)) if name in OTHER_FIELDS:
            return f"“{text}” {_WHERE[name]}"  # compared as it is written, in no other form
        case Field(name, part):
            return f"{_thing(part)} {_WHERE[name]}"
        case AllOf():
            return f"({_said(query).removeprefix('with ')})"
        case AnyOf(parts):
            either = "either " if len(parts) == 2 else "one of "
            return either + _joined(map(_thing, parts), "or")
        case Not(part):
            return f"no {_thing(part)}"
        case Weighted(part, weight):
            points = "point" if weight == 1 else "points"
            return f"{_thing(part)} (worth {number(weight)} {points})"
        case Scored(part, at_least):
            return f"{_thing(part)}, worth {number(at_least)} points together"
        case Within():
            return _said(query)
        case _:
            assert_never(query)


def _joined(parts: "map[str]", word: str) -> str:
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last
