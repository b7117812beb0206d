"""Characters that XML cannot hold, taken out of a document before a parser meets them."""

import re

_NUMBERED = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));?")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def readable_xml(text: str) -> str:
    """Return the text without characters that XML cannot hold, written out or by number."""
    if "&#" in text:
        text = _NUMBERED.sub(_number, text)
    return _CONTROLS.sub("", text)


def _number(match: re.Match[str]) -> str:
    digits, base = (match[1], 16) if match[1] else (match[2], 10)
    code = int(digits, base) if len(digits) < 12 else 0
    possible = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code <= 0x10FFFF
    return match[0] if possible else "\ufffd"
