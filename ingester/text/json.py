"""JSON from outside, bounded in depth and in the length of its numbers before it is decoded."""

import json
import re

MAX_DEPTH = 256

_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.S)
_MANY_DIGITS = 18


def bounded_json(text: str) -> object:
    """Return the decoded value; control characters in strings are tolerated.

    Raises:
        ValueError: It is not JSON, or nested deeper than 256; the text says which.
    """
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        first = token[0][0]
        if first in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"nested too deep: more than {MAX_DEPTH} levels of JSON")
        elif first in "]}":
            depth -= 1
    return json.loads(text, strict=False, parse_int=_integer)


def _integer(digits: str) -> int | float:
    """Return a number; one of thousands of digits would take quadratic time, and means nothing."""
    return int(digits) if len(digits) <= _MANY_DIGITS else float(digits[:400])
