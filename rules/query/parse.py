"""Text to tree: a recursive descent over the tokens of `rules.query.lexer`."""

import difflib
import re
from datetime import timedelta

from rules.languages.amounts import with_signs
from rules.languages.codes import code_of, hint_at_code
from rules.query import regex
from rules.query.lexer import MAX_LENGTH, MAX_WORDS, QuerySyntaxError, Token, tokens
from rules.query.tree import (
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
    Term,
    Weighted,
    Wildcard,
    Within,
    walk,
)
from rules.query.typed import as_read
from rules.text.lookalikes import in_one_script
from rules.text.tokenizer import has_words, is_unspaced

__all__ = ["QuerySyntaxError", "parse"]

MAX_DEPTH = 40
MAX_TERMS = 100_000
MAX_REGEXES = 100
"""Each may take a megabyte."""
MAX_WEIGHT = 1_000
MAX_DISTANCE = 1_000
DEFAULT_DISTANCE = 10
_SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_TOO_DEEP = f"at most {MAX_DEPTH} levels of nesting"
_OPERAND = "a word, a quoted phrase or a bracket"
_MEANT = {
    "after": "within",
    "age": "within",
    "before": "within",
    "body": "text",
    "by": "author",
    "content": "text",
    "date": "within",
    "domain": "url",
    "feed": "source",
    "headline": "title",
    "inbody": "text",
    "intext": "text",
    "intitle": "title",
    "inurl": "url",
    "label": "tag",
    "lang": "language",
    "link": "url",
    "outlet": "source",
    "publisher": "source",
    "section": "category",
    "since": "within",
    "site": "url",
    "subject": "title",
    "topic": "category",
    "writer": "author",
}
"""What scopes are called in other products."""


_PLAIN_WORD = "(?!(?:AND|OR|NOT|NEAR)(?![A-Za-z]))[A-Za-z]+"
_PLAIN = re.compile(f"{_PLAIN_WORD}(?: {_PLAIN_WORD})*")
"""Words that are a keyword as they stand, as most rules are."""


def parse(text: str) -> Query:
    """Return the tree of a query written in the language of docs/rules.md.

    Raises:
        QuerySyntaxError: It cannot be read; the error knows where and what was expected.
    """
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(MAX_LENGTH, f"at most {MAX_LENGTH:,} characters in one query")
    text = in_one_script(text)  # as articles are read
    if len(text) < MAX_WORDS and _PLAIN.fullmatch(text):
        return _keyword(text)
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
        self._regexes = 0
        self._scope: str | None = None
        self._losses: list[Token] = []

    def any_of(self) -> Query:
        parts = [self._all_of()]
        while self._now.kind == "or":
            self._operator()
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def expect_end(self) -> None:
        token = self._now
        if token.kind == "close":
            raise QuerySyntaxError(token.position, 'an opening bracket "(" before this one')
        if token.kind != "end":
            raise QuerySyntaxError(token.position, "the end of the query")
        if self._losses:
            raise QuerySyntaxError(
                self._losses[0].position,
                "score>= and a number behind a group with a weight below 0",
            )

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
        losses = len(self._losses)
        while True:
            if self._now.kind == "score":
                if threshold is not None:
                    raise QuerySyntaxError(self._now.position, "only one score>= in a group")
                threshold = self._next()
            else:
                parts.append(self._near())
            if self._now.kind in ("or", "close", "end"):
                break
            if self._now.kind == "and":
                self._operator()
        if threshold is not None:
            parts = _scored(parts, threshold)
            del self._losses[losses:]
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _operator(self) -> None:
        """Take an operator, and refuse one that has nothing behind it."""
        token = self._next()
        if self._now.kind in ("end", "close"):
            raise QuerySyntaxError(self._now.position, f"{_OPERAND} after {token.value}")

    def _near(self) -> Query:
        start = self._now
        left = self._unary()
        chained: int | None = None
        links = 0
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
                links += 1
                if links > MAX_DEPTH:
                    raise QuerySyntaxError(token.position, _TOO_DEEP)
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
        words = [self._next().value]
        while self._now.is_plain_word:
            words.append(self._next().value)
        text = with_signs(" ".join(words))
        return self._term(_keyword(text), first, text)

    def _unit(self) -> Query:
        token = self._next()
        part = self._bare_unit(token)
        if self._now.kind != "weight":
            return part
        weight = self._next()
        if self._now.kind == "weight":
            raise QuerySyntaxError(self._now.position, "one weight for a word")
        points = _weight(weight)
        if points < 0:
            self._losses.append(weight)
        return Weighted(part, points)

    def _bare_unit(self, token: Token) -> Query:
        match token.kind:
            case "open":
                return self._group(token)
            case "scope":
                return self._scoped(token)
            case "word":
                return self._term(_keyword(token.value), token, token.value)
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
            case _:
                raise QuerySyntaxError(token.position, self._operand_at(token))

    def _operand_at(self, token: Token) -> str:
        """Return what should stand where this token stands."""
        before = self._stream[self._at - 2] if self._at > 1 else None
        if token.kind == "end":
            last = self._stream[-2] if len(self._stream) > 1 else None
            return f"{_OPERAND} after {_as_written(last)}" if last else _OPERAND
        if token.kind in ("and", "or", "near"):
            name = _as_written(token)
            if before is not None and before.kind in ("and", "or", "not", "near"):
                return f"{_OPERAND} between {_as_written(before)} and {name}"
            return f'{_OPERAND} before {name} (to look for the word, write "{name}")'
        if token.kind in ("minus", "not") and before is not None and before.kind == "scope":
            return f"{_OPERAND} after {before.value}: (put the {token.value} before it)"
        return f"{_OPERAND} before {_as_written(token)}"

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
        return Field(name, part)

    def _term(self, term: Term, token: Token, text: str | None) -> Query:
        """Count a term and refuse one that has nothing to look for."""
        self._terms += 1
        if self._scope == "language":
            term = _in_our_code(term, token)
        if self._terms > MAX_TERMS:
            raise QuerySyntaxError(token.position, f"at most {MAX_TERMS:,} terms in one query")
        self._regexes += isinstance(term, Regex)
        if self._regexes > MAX_REGEXES:
            raise QuerySyntaxError(token.position, f"at most {MAX_REGEXES} regular expressions")
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
            raise QuerySyntaxError(self._now.position, _TOO_DEEP)

    def __exit__(self, *_: object) -> None:
        self._depth -= 1


def _scored(parts: list[Query], threshold: Token) -> list[Query]:
    """Turn `a^3 b^2 score>=4` into one part in which the weighted ones are alternatives."""
    weighted = [p for p in parts if any(isinstance(node, Weighted) for node in walk(p))]
    if not weighted:
        raise QuerySyntaxError(threshold.position, "a weighted word such as cyber^3 before score>=")
    at_least = _number(threshold.value)
    if at_least is None or at_least <= 0:
        raise QuerySyntaxError(threshold.position, "a number above 0, such as score>=5")
    inside = weighted[0] if len(weighted) == 1 else AnyOf(tuple(weighted))
    rest = [part for part in parts if part not in weighted]
    return [*rest, Scored(inside, at_least)]


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _distance(token: Token) -> int:
    if not token.value:
        return DEFAULT_DISTANCE
    if len(token.value) > 4 or int(token.value) > MAX_DISTANCE:
        raise QuerySyntaxError(token.position, f"a distance up to {MAX_DISTANCE:,} after NEAR/")
    return int(token.value)


def _check_positional(part: Query, token: Token) -> None:
    """NEAR measures between places, so its operands must have some."""
    allowed = Keyword | Phrase | Exact | Wildcard | Regex | Near | AnyOf | Weighted
    if not all(isinstance(node, allowed) for node in walk(part)):
        raise QuerySyntaxError(
            token.position, "words, phrases or alternatives of them on both sides of NEAR"
        )


def _weight(token: Token) -> float:
    points = _number(token.value)
    if not points or abs(points) > MAX_WEIGHT:
        raise QuerySyntaxError(
            token.position,
            f"a weight such as ^3, or ^-3 to take points away, up to {MAX_WEIGHT:,} "
            "(to look for the sign, write \\^)",
        )
    return points


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", text) else None


def _within(token: Token) -> Within:
    match = re.fullmatch(r"([0-9]{1,5})([mhdw])", token.value)
    if match is None or int(match[1]) == 0:
        raise QuerySyntaxError(
            token.position,
            "an age above 0 with its unit, such as within:90m, within:36h, within:7d or within:2w",
        )
    return Within(timedelta(seconds=int(match[1]) * _SECONDS[match[2]]))


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
    start = token.position + 1  # behind the slash
    try:
        compiled = regex.compile_linear(token.value)
    except regex.RegexError as error:
        raise QuerySyntaxError(start + error.position, f"a regular expression ({error})") from None
    if compiled.matches_empty:
        raise QuerySyntaxError(
            token.position, "a regular expression that needs a letter: this one also fits no text"
        )


def _keyword(typed: str) -> Keyword:
    text = as_read(typed)
    return Keyword(text) if text == typed else Keyword(text, typed)


def _in_our_code(term: Term, token: Token) -> Term:
    """Return the term with the code by which articles name this language.

    Raises:
        QuerySyntaxError: It is no code of a language.
    """
    code = code_of(term.text) if isinstance(term, Keyword | Phrase) else None
    if code is None:
        raise QuerySyntaxError(token.position, f"a language code{hint_at_code(token.value)}")
    return Keyword(code)


def _as_written(token: Token) -> str:
    """Return a token as an error quotes it."""
    match token.kind:
        case "scope":
            return f"{token.value}:"
        case "near":
            return f"NEAR/{token.value}" if token.value else "NEAR"
        case "score":
            return "score>="
        case "close" | "open" | "minus" | "weight":
            return {"close": '")"', "open": '"("', "weight": "^"}.get(token.kind, token.value)
        case "and" | "or" | "not":
            return token.value
        case _:
            return f'"{token.value[:20]}"'


def _known_scope(name: str) -> str:
    names = (*FIELDS, "within")
    known = ", ".join(f"{name}:" for name in names)
    near = [_MEANT[name]] if name in _MEANT else difflib.get_close_matches(name, names, 1, 0.5)
    hint = f'; did you mean "{near[0]}:"?' if near else f"; to look for the text, write {name}\\:"
    return f'one of {known} (there is no "{name[:20]}:"{hint})'
