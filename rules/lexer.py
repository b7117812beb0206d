"""Query text to tokens, each with its place in the text."""

import re
from dataclasses import dataclass

from rules.query import FIELDS, QUOTES

MAX_LENGTH = 2_000_000


class QuerySyntaxError(Exception):
    """A query cannot be read.

    Attributes:
        position: Where, in code points from the start of the text; the length of the text
            when it ends too early.
        expected: What should stand there, as a phrase that continues "expected ...".
    """

    def __init__(self, position: int, expected: str) -> None:
        super().__init__(f"expected {expected}")
        self.position = position
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query.

    Attributes:
        kind: "word", "wildcard", "phrase", "exact", "regex", "scope", "weight", "within",
            "score", "and", "or", "not", "minus", "near", "open", "close" or "end".
        value: The text without escapes and delimiters.
        weighted: A weight follows, so a word stands for itself.
    """

    kind: str
    value: str
    position: int
    weighted: bool = False

    @property
    def is_plain_word(self) -> bool:
        """Whether it may be one of several words of a keyword."""
        return self.kind == "word" and not self.weighted


_SPACE = re.compile(r"\s+")
_PHRASE = re.compile(rf"((?:[^\\{QUOTES}]|\\.)*)[{QUOTES}]", re.DOTALL)
_REGEX = re.compile(r"((?:[^\\/]|\\.|/(?![\s)^]|\Z))+)/", re.DOTALL)
_SCORE = re.compile(r"score\s*>=\s*([^\s()]*)")
_WEIGHT = re.compile(r"\^([^\s()]*)")
_BARE = re.compile(rf"(?:[^\s()\\^{QUOTES}]|\\\S|\^(?!\d))+")
_SCOPE = re.compile(r"([A-Za-z]{3,12}):(?!//)")
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not", "|": "or", "||": "or"}
_NEAR = re.compile(r"NEAR(?:/(\d*))?")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a query; the last one is "end".

    Raises:
        QuerySyntaxError: A quote or a regular expression is not closed.
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        if space is not None:
            at = space.end()
            continue
        token, at = _token(text, at)
        found.append(token)
    found.append(Token("end", "", len(text)))
    return found


def _token(text: str, at: int) -> tuple[Token, int]:
    first = text[at]
    if first in "()":
        return Token("open" if first == "(" else "close", first, at), at + 1
    if first in QUOTES:
        value, end = _phrase(text, at)
        return Token("phrase", value, at), end
    if first == "/":
        return _regex(text, at)
    if first == "^" and (weight := _WEIGHT.match(text, at)):
        return Token("weight", weight[1], at), weight.end()
    if first == "-" and at + 1 < len(text) and not text[at + 1].isspace():
        return Token("minus", "-", at), at + 1
    if first == "=" and at + 1 < len(text) and not text[at + 1].isspace():
        return _exact(text, at)
    score = _SCORE.match(text, at)
    if score is not None:
        return Token("score", score[1], at), score.end()
    return _word(text, at)


def _phrase(text: str, at: int) -> tuple[str, int]:
    found = _PHRASE.match(text, at + 1)
    if found is None:
        raise QuerySyntaxError(at, "a closing quote for this one")
    return _ESCAPE.sub(r"\1", found[1]), found.end()


def _regex(text: str, at: int) -> tuple[Token, int]:
    found = _REGEX.match(text, at + 1)
    if found is None:
        raise QuerySyntaxError(
            at, 'a closing "/" for this regular expression (to look for a slash, quote it)'
        )
    return Token("regex", found[1], at), found.end()


def _exact(text: str, at: int) -> tuple[Token, int]:
    if text[at + 1] in QUOTES:
        value, end = _phrase(text, at + 1)
        return Token("exact", value, at), end
    found = _BARE.match(text, at + 1)
    if found is None:
        raise QuerySyntaxError(at + 1, "a word after =")
    return Token("exact", _ESCAPE.sub(r"\1", found[0]), at), found.end()


def _word(text: str, at: int) -> tuple[Token, int]:
    found = _BARE.match(text, at)
    if found is None:
        raise QuerySyntaxError(at, "a word (a backslash escapes the character after it)")
    raw, end = found[0], found.end()
    near = _NEAR.fullmatch(raw)
    if near is not None:
        return Token("near", near[1] or "", at), end
    if raw in _OPERATORS:
        return Token(_OPERATORS[raw], raw, at), end
    scope = _SCOPE.match(raw)
    if scope is not None and (scope[1].lower() in FIELDS or scope[1].islower()):
        name = scope[1].lower()
        if name == "within":
            return Token("within", raw[scope.end() :], at), end
        return Token("scope", name, at), at + scope.end()
    weighted = _WEIGHT.match(text, end) is not None
    if re.search(r"[*?]", _ESCAPE.sub("", raw)):
        value = re.sub(r"\\[*?]", "", raw)
        return Token("wildcard", _ESCAPE.sub(r"\1", value), at, weighted), end
    return Token("word", _ESCAPE.sub(r"\1", raw), at, weighted), end
