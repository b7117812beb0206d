"""Query text to tokens, each with its place in the text."""

import difflib
import re

from common.records import dataclass
from rules.query.tree import CLOSING, COLONS, DASHES, FIELDS, INVISIBLE, LIKE_NEAR, OPENING, QUOTES

MAX_LENGTH = 2_000_000
MAX_WORDS = 50
"""In one keyword, phrase or variant."""
MAX_WORD = 200
"""Letters between two blanks; what a longer one is compiled to takes gigabytes."""


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
        value: The text without escapes and delimiters; operators as they are written.
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


_END = rf"\s{OPENING}{CLOSING}"
_SPACE = re.compile(rf"[\s{INVISIBLE}]+")
_PHRASE = re.compile(rf"((?:[^\\{QUOTES}]|\\.)*)[{QUOTES}]", re.DOTALL)
_REGEX = re.compile(rf"((?:[^\\/]|\\.|/(?![{_END}^]|\Z))+)/", re.DOTALL)
_SCORE = re.compile(rf"score\s*([<>=≥]+)\s*([^{_END}]*)", re.IGNORECASE)
_WITHIN = re.compile(rf"within[{COLONS}]\s*([^{_END}^]*)", re.IGNORECASE)
_WEIGHT = re.compile(rf"\^([^{_END}^]*)")
_GERSHAYIM = rf"(?<=[א-ת])[{QUOTES}](?=[א-ת]{{1,3}}(?:[{_END}^]|\Z))"
"""In Hebrew a quote belongs to an acronym when it stands before its last letter, or its ending."""
_BARE = re.compile(rf"(?:[^{_END}\\^{QUOTES}]|\\\S|{_GERSHAYIM})+")
_SCOPE = re.compile(rf"([A-Za-z]{{3,12}})[{COLONS}](?!//)")
_OPERATORS = {"AND": "and", "&&": "and", "OR": "or", "NOT": "not"}
_BARS = re.compile(r"[|｜]+")
_FUZZY = re.compile(r"(?<!\\)~\d*\Z")
_TOO_LONG = re.compile(rf"\S{{{MAX_WORD + 1}}}")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a query; the last one is "end".

    Raises:
        QuerySyntaxError: A quote or a regular expression is not closed, or an operator is
            written as no operator is.
    """
    read: list[Token] = []
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        if space is not None:
            at = space.end()
            continue
        token, at = _token(text, at)
        read.append(token)
    read.append(Token("end", "", len(text)))
    return read


def _token(text: str, at: int) -> tuple[Token, int]:
    first = text[at]
    if first in OPENING:
        return Token("open", "(", at), at + 1
    if first in CLOSING:
        return Token("close", ")", at), at + 1
    if first in QUOTES:
        value, end = _phrase(text, at)
        return Token("phrase", value, at), end
    if first == "/":
        return _regex(text, at)
    if first == "^":
        return _weight(text, at)
    if _is_minus(first, text[at + 1 : at + 2]):
        return Token("minus", first, at), at + 1
    if first in "=＝":
        return _exact(text, at)
    return _named(text, at) or _word(text, at)


def _is_minus(first: str, second: str) -> bool:
    """Whether it denies what follows; a word processor makes other dashes of a hyphen."""
    if first == "-":
        return bool(second) and not second.isspace()
    if first != "!" and first not in DASHES:
        return False
    return second.isalnum() or (bool(second) and second in QUOTES + OPENING)


def _phrase(text: str, at: int) -> tuple[str, int]:
    match = _PHRASE.match(text, at + 1)
    if match is None:
        raise QuerySyntaxError(at, 'a closing quote for this one (to look for the sign, write \\")')
    _check_words(match[1], at + 1)
    return _ESCAPE.sub(r"\1", match[1]), match.end()


def _check_words(text: str, at: int) -> None:
    """Refuse a word that is longer than words are; `at` is where the text stands."""
    if too_long := _TOO_LONG.search(text):
        raise QuerySyntaxError(at + too_long.start(), f"at most {MAX_WORD} letters in one word")


def _regex(text: str, at: int) -> tuple[Token, int]:
    match = _REGEX.match(text, at + 1)
    if match is None:
        raise QuerySyntaxError(
            at, 'a closing "/" for this regular expression (to look for a slash, quote it)'
        )
    return Token("regex", match[1], at), match.end()


def _is_escaped(text: str, at: int) -> bool:
    """Whether a backslash makes the sign there a letter."""
    before = text[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _weight(text: str, at: int) -> tuple[Token, int]:
    match = _WEIGHT.match(text, at)
    before = text[at - 1 : at]
    opens = before in OPENING and not _is_escaped(text, at - 1)
    if match is None or not before or before.isspace() or opens:
        raise QuerySyntaxError(
            at, "a word directly before ^, such as cyber^3 (to look for the sign, write \\^)"
        )
    return Token("weight", match[1], at), match.end()


def _exact(text: str, at: int) -> tuple[Token, int]:
    if text[at + 1 : at + 2] and text[at + 1] in QUOTES:
        value, end = _phrase(text, at + 1)
        return Token("exact", value, at), end
    match = _BARE.match(text, at + 1)
    if match is None:
        raise QuerySyntaxError(
            at + 1, "a word directly after =, such as =WHO (to look for the sign, write \\=)"
        )
    _check_words(match[0], at + 1)
    return Token("exact", _ESCAPE.sub(r"\1", match[0]), at), match.end()


def _named(text: str, at: int) -> tuple[Token, int] | None:
    """Return the token of `score>=5`, `within:7d`, `title:` or a bar, None for anything else."""
    score = _SCORE.match(text, at)
    if score is not None:
        if score[1] not in (">=", "≥"):
            raise QuerySyntaxError(at, "score>= and a number, such as score>=5")
        return Token("score", score[2], at), score.end()
    within = _WITHIN.match(text, at)
    if within is not None:
        return Token("within", within[1], at), within.end()
    scope = _SCOPE.match(text, at)
    if scope is not None and _is_scope(scope[1]):
        return Token("scope", scope[1].lower(), at), scope.end()
    bars = _BARS.match(text, at)
    if bars is not None and len(bars[0]) <= 2:
        return Token("or", bars[0], at), bars.end()
    return None


def _is_scope(name: str) -> bool:
    """Whether it is meant as a scope; a capital begins one only when it nearly is one."""
    lowered = name.lower()
    return name == lowered or bool(difflib.get_close_matches(lowered, FIELDS, n=1, cutoff=0.8))


def _word(text: str, at: int) -> tuple[Token, int]:
    match = _BARE.match(text, at)
    if match is None:
        raise QuerySyntaxError(at, "a word (a backslash escapes the character after it)")
    raw, end = match[0], match.end()
    _check_words(raw, at)
    if LIKE_NEAR.fullmatch(raw):
        return _near(raw, at), end
    if raw in _OPERATORS:
        return Token(_OPERATORS[raw], raw, at), end
    fuzzy = _FUZZY.search(raw)
    if fuzzy is not None and (fuzzy.start() or (at and text[at - 1] in QUOTES)):
        raise QuerySyntaxError(
            at + fuzzy.start(),
            "no ~ (for words near each other write rail NEAR/5 strike; other forms and spellings "
            "are found anyway; to look for the sign, write \\~)",
        )
    weighted = text[end : end + 1] == "^"
    if re.search(r"[*?]", _ESCAPE.sub("", raw)):
        value = re.sub(r"\\[*?]", "", raw)
        return Token("wildcard", _ESCAPE.sub(r"\1", value), at, weighted), end
    return Token("word", _ESCAPE.sub(r"\1", raw), at, weighted), end


def _near(raw: str, at: int) -> Token:
    name, slash, distance = raw.partition("/")
    if name != "NEAR":
        raise QuerySyntaxError(
            at, f"NEAR/{distance} (to look for the text, write {name}\\/{distance})"
        )
    if slash and not re.fullmatch(r"[0-9]+", distance):
        raise QuerySyntaxError(at, "a number after NEAR/, such as NEAR/5")
    return Token("near", distance, at)
