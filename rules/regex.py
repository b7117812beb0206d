"""Regular expressions that cannot hang: the linear-time engine behind `/.../`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN = 2_000
_MAX_PROGRAM_BYTES = 1 << 20


class RegexError(ValueError):
    """The engine refuses the pattern; the text says why."""


@dataclass(frozen=True, slots=True)
class LinearRegex:
    """A compiled pattern."""

    _compiled: Any
    matches_empty: bool

    def spans(self, text: str, limit: int) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of up to `limit` non-empty finds, in code points."""
        for found in self._compiled.finditer(text):
            start, end = found.span()
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
        raise RegexError(_reason(error)) from None
    return LinearRegex(compiled, compiled.search("") is not None)


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else "not readable"
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
