"""The text of a file: nothing says which encoding it is in but the file itself."""

import re
from dataclasses import replace

from ingester.text.encoding import Decoded, decode

SAMPLE_BYTES = 64 * 1024

_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_UTF_7 = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*(?:unicode-1-1-)?utf-?7\b", re.I)

_LETTERS = re.compile(rb"[ -~\n\r\t]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class NotText(ValueError):
    """The file is no text in any encoding that is read; the text says why and what to do."""


def file_text(data: bytes) -> Decoded:
    """Return the text of a file: by mark, by its own declaration, as UTF-8, else guessed.

    Raises:
        NotText: It holds NUL bytes and is not UTF-16, or says that it is UTF-7.
    """
    if _UTF_7.search(data[:4096]):
        raise NotText("is declared as UTF-7, which is refused; save it as UTF-8")
    if data.startswith(_WIDE_MARKS):
        decoded = decode(data)
        _check_controls(decoded.text)  # its bytes are letters only two by two
        return decoded
    if b"\x00" in data:
        return _wide(data)
    _check_controls(data[:SAMPLE_BYTES].decode("latin-1"))
    decoded = decode(data)
    return replace(decoded, guessed=decoded.guessed and decoded.encoding != "utf-8")


def _check_controls(text: str) -> None:
    sample = text[:SAMPLE_BYTES]
    if len(_CONTROLS.findall(sample)) > len(sample) // 50:
        raise NotText("holds control characters, so it is not text; save it as UTF-8 text")


def _wide(data: bytes) -> Decoded:
    """Read UTF-16 without a mark: Latin letters, digits and blanks leave NULs on one side."""
    sample = data[:SAMPLE_BYTES]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    # A text with a stray NUL is letters elsewhere; of UTF-16 in Latin letters half is NUL.
    is_narrow = most < len(sample) // 4 and len(_LETTERS.findall(sample)) > len(sample) * 3 // 4
    if not is_narrow and most >= 10 * least and most >= len(sample) // 20:
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            text = "\x00"
        if "\x00" not in text:
            return Decoded(text=text, encoding=encoding, guessed=True)
    raise NotText("holds NUL bytes, so it is not text; save it as UTF-8 text")
