"""Bytes of a document to text: which encoding they are in, decided in a fixed order."""

import codecs
import re
from collections.abc import Sequence

from common.patterns import pattern
from common.records import dataclass
from ingester.text.detection import detected, is_western, telling

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How "<" or "<?" begins in encodings that are not ASCII with more.
_UNMARKED = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"Lo\xa7\x94", "cp037"),
)
_DECLARED = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""")
_META = re.compile(rb"""<meta\s[^>]{0,400}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.I)
_CHARSET = pattern(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.I)
_META_WITHIN = 4096

# What names are taken to mean on the web: the larger set that contains the declared one.
_MEANS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
}
# The only codecs that are ever used. UTF-7 and Python's own (unicode_escape, idna) never are:
# they turn harmless bytes into markup.
_ALLOWED = pattern(
    r"utf-(8|16|32)(-[lb]e)?|iso8859-\d+|cp\d{3,4}|koi8-[rut]|big5(hkscs)?|gb18030|hz"
    r"|euc_j\w+|shift_j\w+|iso2022_\w+|johab|mac-\w+|ptcp154|kz1048"
)


_ESCAPED = re.compile(rb"\x1b\$[@B]")
_ESCAPED_WITHIN = 65_536
_LOOKED_AT = 200_000
_CONTROL = pattern("[\x80-\x9f]")
_OF_ONE_BYTE = pattern(r"iso8859-\d+|cp(?:125\d|874|866|437|850)|koi8-[rut]|mac-\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A document's text.

    Attributes:
        encoding: Python's name of the codec that was used.
        guessed: Nothing said so, or what was said was wrong.
    """

    text: str
    encoding: str
    guessed: bool = False


def decode(body: bytes, *, content_type: str = "") -> Decoded:
    """Decode by byte order mark, else HTTP, else the document's declaration, else detection.

    Never fails: bytes that fit nothing become what Windows-1252 says, or U+FFFD.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return Decoded(text=body[len(mark) :].decode(name, "replace"), encoding=name)
    for start, name in _UNMARKED:
        if body.startswith(start):
            return Decoded(text=body.decode(name, "replace"), encoding=name)
    if encoding := _escaped(body):
        return Decoded(text=body.decode(encoding), encoding=encoding, guessed=True)
    said = _said(body, content_type)
    for name in said:
        codec = _codec(name)
        if codec is not None and _OF_ONE_BYTE.fullmatch(codec) and _is_utf8(body):
            return Decoded(text=_with_stray_bytes(body), encoding="utf-8", guessed=True)
        if codec is not None and (text := _as_said(body, codec)) is not None:
            return Decoded(text=text, encoding=codec, guessed=name != said[0])
    return _detected(body, said=said)


def _escaped(body: bytes) -> str | None:
    """Return the encoding of Japanese in seven bits, which switches its letters by escapes."""
    if _ESCAPED.search(body[:_ESCAPED_WITHIN]) and _decoded(body, "iso2022_jp") is not None:
        return "iso2022_jp"
    return None


def _is_utf8(body: bytes) -> bool:
    """Whether a document holds letters that only UTF-8 writes so, and hardly any others.

    In any encoding of one byte a letter these would be signs that no words are made of.
    """
    if body.isascii():
        return False
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return not bad or sum(1 for letter in text if letter > "\x7f") > 20 * bad


def _said(body: bytes, content_type: str) -> list[str]:
    names = [match[1] for match in [_CHARSET.search(content_type)] if match]
    head = body[:_META_WITHIN]
    for declared in (_DECLARED, _META):
        if match := declared.search(head):
            names.append(match[1].decode("ascii"))
            break
    return names


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    codec = _MEANS.get(codec, codec)
    if codec in ("utf-16", "utf-32"):
        return None  # without a mark and with ASCII markup it is not that
    return codec if _ALLOWED.fullmatch(codec) else None


def _as_said(body: bytes, codec: str) -> str | None:
    """Return the text, unless it shows that it is not in what it is said to be in."""
    if codec == "cp1252":
        return _with_windows_holes(body) if is_western(body) else None
    text = _decoded(body, codec)
    if text is None and not _OF_ONE_BYTE.fullmatch(codec) and codec != "utf-8":
        text = _nearly(body, codec)
    # Where ISO 8859 has control characters, Windows has letters.
    is_windows = codec.startswith("iso8859") and text is not None and _CONTROL.search(text)
    return None if is_windows else text


def _decoded(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except UnicodeError:
        return None


def _nearly(body: bytes, codec: str) -> str | None:
    """Decode what is cut off, or has a wrong character somewhere, in letters of several bytes."""
    text = body.decode(codec, "replace")
    signs = sum(1 for letter in text if letter > "\x7f")
    return text if signs > 100 * text.count("\ufffd") else None


def _with_windows_holes(body: bytes) -> str:
    """Decode Windows-1252 as browsers do: its five unused bytes are control characters."""
    return body.decode("cp1252", "replace")


def _detected(body: bytes, *, said: Sequence[str]) -> Decoded:
    """Decode what says nothing, which is UTF-8 as XML and JSON have it, or what was wrong."""
    text = _decoded(body, "utf-8")
    if text is not None:
        return Decoded(text=text, encoding="utf-8", guessed=bool(said))
    head = telling(body, _LOOKED_AT).decode("utf-8", "replace")
    bad = head.count("\ufffd")
    good = sum(1 for letter in head if letter > "\x7f") - bad
    # Two bytes of another encoding are a letter of UTF-8 by chance, but seldom are most of them.
    if good > 4 * bad or ("utf-8" in map(_codec, said) and good >= bad):
        return Decoded(text=_with_stray_bytes(body), encoding="utf-8", guessed=True)
    encoding = detected(body)
    text = _with_windows_holes(body) if encoding == "cp1252" else body.decode(encoding, "replace")
    return Decoded(text=text, encoding=encoding, guessed=True)


_AS_WINDOWS = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(128, 256)}
"""What stands for each byte that is not UTF-8, as "surrogateescape" writes it."""


def _with_stray_bytes(body: bytes) -> str:
    """Decode UTF-8; bytes that are not are read as Windows-1252.

    Without an error handler of our own, which would be called for each of ten million bytes.
    """
    return body.decode("utf-8", "surrogateescape").translate(_AS_WINDOWS)
