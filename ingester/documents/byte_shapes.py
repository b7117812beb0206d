"""Encodings that the shape of their bytes tells, of however few words a text is.

Statistics of letters need a paragraph, and take a line of Chinese for Thai. What is told here is
told by which bytes stand where: nearly all characters of a text are among the common ones of its
encoding, which each puts in a place of its own.
"""

import re

ENOUGH = 0.95
"""So much of what is not ASCII is common in texts of that encoding, and seldom in those of others:
of Korean read as Chinese all is, so Korean is asked first; of Chinese read as Korean two thirds."""

_FEWEST = 4
"""Of fewer characters nothing is told."""

_ESCAPED = re.compile(rb"\x1b\$[@B]")
_ASCII = rb"[\x09\x0a\x0d\x20-\x7e]"

_DOUBLE = {
    # Of each: what is common, and what there is of double bytes at all.
    "cp949": (rb"[\xb0-\xc8][\xa1-\xfe]|[\xa1\xa3][\xa1-\xfe]", rb"[\x81-\xfe][\x41-\xfe]"),
    "euc_jp": (rb"[\xa1\xa3-\xa5\xb0-\xcf][\xa1-\xfe]", rb"[\xa1-\xfe][\xa1-\xfe]"),
    "gb18030": (rb"[\xb0-\xd7][\xa1-\xfe]|[\xa1\xa3][\xa1-\xfe]", rb"[\x81-\xfe][\x40-\xfe]"),
    "big5": (
        rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]|[\xa1\xa2][\x40-\x7e\xa1-\xfe]",
        rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]",
    ),
}
_KANA = re.compile(rb"[\xa4\xa5][\xa1-\xf6]")
_KOI8_SMALL = re.compile(rb"[\xc0-\xdf]")
_HIGH = re.compile(rb"[\x80-\xff]")
_LATIN = re.compile(rb"[A-Za-z]")


def escaped_encoding(data: bytes) -> str | None:
    """Return the encoding of a text of seven bits that switches its letters by escapes."""
    if not _ESCAPED.search(data[:65536]):
        return None
    try:
        data.decode("iso2022_jp")
    except UnicodeDecodeError:
        return None
    return "iso2022_jp"


def shaped_encoding(sample: bytes) -> str | None:
    """Return the encoding that the bytes of a text that is not UTF-8 have the shape of, or None."""
    for encoding, (common, any_of_it) in _DOUBLE.items():
        if _share(sample, common, any_of_it) >= ENOUGH and (
            encoding != "euc_jp"
            or len(_KANA.findall(sample)) * 10 >= len(_HIGH.findall(sample)) / 2
        ):
            return encoding
    high = len(_HIGH.findall(sample))
    # Small Cyrillic letters lie where other encodings have capitals, which no text is made of.
    is_mostly_high = high >= _FEWEST and high > len(_LATIN.findall(sample))
    if is_mostly_high and len(_KOI8_SMALL.findall(sample)) >= 0.9 * high:
        return "koi8_r"
    return None


def _share(sample: bytes, common: bytes, any_of_it: bytes) -> float:
    """Return how much of what is not ASCII is common; 0 where something is not of this encoding."""
    found = {"common": 0, "other": 0, "latin": 0}
    at, end = 0, len(sample)
    for piece in re.finditer(rb"(%b)|(%b)|(%b+)" % (common, any_of_it, _ASCII), sample):
        if piece.start() != at:
            break
        at = piece.end()
        found["common"] += piece[1] is not None
        found["other"] += piece[2] is not None
        found["latin"] += len(_LATIN.findall(piece[3] or b""))
    wide = found["common"] + found["other"]
    # A sample may end within a character. Of a text in Latin letters, in which an accent and the
    # letter behind it may look like such a character, nothing is told.
    if at < end - 1 or wide < _FEWEST or found["latin"] > 2 * wide:
        return 0.0
    return found["common"] / wide
