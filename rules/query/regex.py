"""Regular expressions that cannot hang: the linear-time engine behind `/.../`."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2

from common.records import dataclass

MAX_PATTERN = 2_000
_MAX_PROGRAM_BYTES = 1 << 20


class RegexError(ValueError):
    """The engine refuses the pattern; the text says why.

    Attributes:
        position: Where in the pattern, in code points; 0 when the engine does not tell.
    """

    def __init__(self, text: str, position: int = 0) -> None:
        super().__init__(text)
        self.position = position


@dataclass(frozen=True, slots=True)
class LinearRegex:
    """A compiled pattern."""

    _compiled: Any
    matches_empty: bool

    def spans(self, text: str, limit: int) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of up to `limit` non-empty finds, in code points."""
        for match in self._compiled.finditer(text):
            start, end = match.span()
            if end > start:
                yield start, end
                limit -= 1
                if limit <= 0:
                    return


@lru_cache(maxsize=10_000)
def compile_linear(pattern: str) -> LinearRegex:
    """Compile a pattern of RE2's syntax, case ignored unless it says `(?-i)`.

    Raises:
        RegexError: It is not one, it is too large, or it needs what linear time cannot give
            (look-around, back-references).
    """
    if len(pattern) > MAX_PATTERN:
        raise RegexError(f"longer than {MAX_PATTERN:,} characters")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_nl = False
    options.max_mem = _MAX_PROGRAM_BYTES
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        reason = _reason(error)
        raise RegexError(reason, _place(reason, pattern)) from None
    return LinearRegex(compiled, _fits_no_text(compiled))


def _fits_no_text(compiled: Any) -> bool:
    """Whether it is content with nothing at all: the empty text, or a place between letters."""
    match = compiled.search("") or compiled.search("a b")
    return match is not None and match.end() == match.start()


def _place(reason: str, pattern: str) -> int:
    """Return where the piece that the engine complains about stands in the pattern."""
    piece = reason.partition(": ")[2]
    if not piece:
        return 0
    return max(0, pattern.rfind(piece) if pattern.endswith(piece) else pattern.find(piece))


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else "not readable"
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
