"""Text to tree: a recursive descent over the tokens of `rules.lexer`."""

import difflib
import re
from datetime import timedelta

from rules import regex
from rules.lexer import MAX_LENGTH, QuerySyntaxError, Token, tokens
from rules.query import (
    FIELDS,
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
    walk,
)
from rules.words import has_words, is_unspaced

__all__ = ["QuerySyntaxError", "parse"]

MAX_DEPTH = 40
MAX_TERMS = 100_000
MAX_WORDS = 50
MAX_DISTANCE = 1_000
DEFAULT_DISTANCE = 10
_SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_OPERAND = "a word, a quoted phrase or a bracket"


def parse(text: str) -> Query:
    """Return the tree of a query written in the language of docs/rules.md.

    Raises:
        QuerySyntaxError: It cannot be read; the error knows where and what was expected.
    """
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(MAX_LENGTH, f"at most {MAX_LENGTH:,} characters in one query")
    parser = _Parser(tokens(text))
    query = parser.any_of()
    parser.expect_end()
    return query


class _Parser:
    def __init__(self, stream: list[Token]) -> None:
        self._stream = stream
        self._at = 0
        self._depth = 0
        self._terms = 0
        self._scope: str | None = None

    def any_of(self) -> Query:
        parts = [self._all_of()]
        while self._take("or"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def expect_end(self) -> None:
        token = self._now
        if token.kind == "close":
            raise QuerySyntaxError(token.position, 'an opening bracket "(" before this one')
        if token.kind != "end":
            raise QuerySyntaxError(token.position, "the end of the query")

    @property
    def _now(self) -> Token:
        return self._stream[self._at]

    def _next(self) -> Token:
        token = self._now
        if token.kind != "end":
            self._at += 1
        return token

    def _take(self, kind: str) -> bool:
        if self._now.kind != kind:
            return False
        self._at += 1
        return True

    def _all_of(self) -> Query:
        parts: list[Query] = []
        threshold: Token | None = None
        while True:
            if self._now.kind == "score" and parts:
                if threshold is not None:
                    raise QuerySyntaxError(self._now.position, "only one score>= in a group")
                threshold = self._next()
            else:
                parts.append(self._near())
            if self._now.kind in ("or", "close", "end"):
                break
            self._take("and")
        if threshold is not None:
            parts = _scored(parts, threshold)
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _near(self) -> Query:
        start = self._now
        left = self._unary()
        chained: int | None = None
        while self._now.kind == "near":
            token = self._next()
            distance = _distance(token)
            operand = self._now
            right = self._unary()
            for part, where in ((left, start), (right, operand)):
                _check_positional(part, where)
            if chained == distance and isinstance(left, Near):
                left = Near((*left.parts, right), distance)
            else:
                left = Near((left, right), distance)
            chained = distance
        return left

    def _unary(self) -> Query:
        if self._now.kind in ("not", "minus"):
            token = self._next()
            with self:
                part = self._unary() if token.kind == "not" else self._unit()
            return Not(part)
        if self._now.is_plain_word:
            return self._keyword()
        return self._unit()

    def _keyword(self) -> Query:
        first = self._now
        if first.value.startswith("NEAR/"):
            raise QuerySyntaxError(first.position, "a number after NEAR/, such as NEAR/5")
        words = [self._next().value]
        while self._now.is_plain_word and not self._now.value.startswith("NEAR/"):
            words.append(self._next().value)
        return self._term(Keyword(" ".join(words)), first, " ".join(words))

    def _unit(self) -> Query:
        token = self._next()
        part = self._bare_unit(token)
        while self._now.kind == "weight":
            weight = self._next()
            part = Weighted(part, _positive(weight, "a weight above 0, such as ^3"))
        return part

    def _bare_unit(self, token: Token) -> Query:
        match token.kind:
            case "open":
                return self._group(token)
            case "scope":
                return self._scoped(token)
            case "word":
                return self._term(Keyword(token.value), token, token.value)
            case "phrase":
                return self._term(Phrase(_spaced(token.value)), token, token.value)
            case "exact":
                return self._term(Exact(_spaced(token.value)), token, token.value)
            case "wildcard":
                _check_wildcard(token)
                return self._term(Wildcard(token.value), token, token.value)
            case "regex":
                _check_regex(token)
                return self._term(Regex(token.value), token, None)
            case "within":
                return _within(token)
            case "end":
                raise QuerySyntaxError(token.position, _OPERAND)
            case _:
                raise QuerySyntaxError(token.position, f"{_OPERAND} before this")

    def _group(self, opening: Token) -> Query:
        if self._now.kind == "close":
            raise QuerySyntaxError(self._now.position, f"{_OPERAND} inside the brackets")
        with self:
            inside = self.any_of()
        if not self._take("close"):
            raise QuerySyntaxError(opening.position, 'a closing bracket ")" for this one')
        return inside

    def _scoped(self, token: Token) -> Query:
        name = token.value
        if name not in FIELDS:
            raise QuerySyntaxError(token.position, _known_scope(name))
        if self._scope is not None:
            raise QuerySyntaxError(token.position, f"no further scope inside {self._scope}:")
        self._scope = name
        operand = self._next()
        with self:
            part = self._bare_unit(operand)
        self._scope = None
        if name == "language":
            _check_languages(part, operand)
        return Field(name, part)

    def _term(self, term: Query, token: Token, text: str | None) -> Query:
        """Count a term and refuse one that has nothing to look for."""
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise QuerySyntaxError(token.position, f"at most {MAX_TERMS:,} terms in one query")
        if text is None or isinstance(term, Wildcard):
            return term
        if not has_words(text):
            raise QuerySyntaxError(token.position, "a word with letters or digits")
        if len(text.split()) > MAX_WORDS:
            raise QuerySyntaxError(token.position, f"at most {MAX_WORDS} words in one term")
        return term

    def __enter__(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QuerySyntaxError(self._now.position, f"at most {MAX_DEPTH} levels of nesting")

    def __exit__(self, *_: object) -> None:
        self._depth -= 1


def _scored(parts: list[Query], threshold: Token) -> list[Query]:
    """Turn `a^3 b^2 score>=4` into one part in which the weighted ones are alternatives."""
    weighted = [p for p in parts if any(isinstance(each, Weighted) for each in walk(p))]
    if not weighted:
        raise QuerySyntaxError(threshold.position, "a weighted word such as cyber^3 before score>=")
    at_least = _positive(threshold, "a number above 0, such as score>=5")
    inside = weighted[0] if len(weighted) == 1 else AnyOf(tuple(weighted))
    rest = [part for part in parts if part not in weighted]
    return [*rest, Scored(inside, at_least)]


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _distance(token: Token) -> int:
    if not token.value:
        return DEFAULT_DISTANCE
    if len(token.value) > 4 or int(token.value) > MAX_DISTANCE:
        raise QuerySyntaxError(token.position, f"a distance up to {MAX_DISTANCE} after NEAR/")
    return int(token.value)


def _check_positional(part: Query, token: Token) -> None:
    """NEAR measures between places, so its operands must have some."""
    allowed = Keyword | Phrase | Exact | Wildcard | Regex | Near | AnyOf | Weighted
    if not all(isinstance(each, allowed) for each in walk(part)):
        raise QuerySyntaxError(
            token.position, "words, phrases or alternatives of them on both sides of NEAR"
        )


def _positive(token: Token, expected: str) -> float:
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", token.value) or float(token.value) == 0:
        raise QuerySyntaxError(token.position, expected)
    return float(token.value)


def _within(token: Token) -> Within:
    found = re.fullmatch(r"(\d{1,5})([mhdw])", token.value)
    if found is None or int(found[1]) == 0:
        raise QuerySyntaxError(token.position, "an age such as within:36h, within:7d or within:2w")
    return Within(timedelta(seconds=int(found[1]) * _SECONDS[found[2]]))


def _check_wildcard(token: Token) -> None:
    letters = re.sub(r"[*?]", "", token.value)
    if not has_words(letters):
        raise QuerySyntaxError(
            token.position, f'letters beside the wildcard: "{token.value[:20]}" matches everything'
        )
    if "*" in token.value and len(letters) < 2 and not is_unspaced(letters):
        raise QuerySyntaxError(
            token.position, f'two letters or more: "{token.value[:20]}" matches nearly everything'
        )
    if len(token.value) > 200:
        raise QuerySyntaxError(token.position, "a wildcard word of at most 200 characters")


def _check_regex(token: Token) -> None:
    try:
        compiled = regex.compile_linear(token.value)
    except regex.RegexError as error:
        raise QuerySyntaxError(token.position, f"a regular expression ({error})") from None
    if compiled.matches_empty:
        raise QuerySyntaxError(
            token.position, "a regular expression that does not match everything"
        )


def _check_languages(part: Query, token: Token) -> None:
    for each in walk(part):
        if isinstance(each, Keyword | Phrase) and not re.fullmatch(r"[A-Za-z]{2,3}", each.text):
            raise QuerySyntaxError(
                token.position, "a language code of two or three letters, such as language:sv"
            )


def _known_scope(name: str) -> str:
    known = ", ".join(f"{each}:" for each in (*FIELDS, "within"))
    near = difflib.get_close_matches(name, (*FIELDS, "within"), n=1, cutoff=0.5)
    hint = f'; did you mean "{near[0]}:"?' if near else f"; to look for the text, write {name}\\:"
    return f'one of {known} (there is no "{name[:20]}:"{hint})'
