"""Which encoding a text is in that is not UTF-8 and of which nothing is said, or nothing right."""

import codecs
import re
from collections.abc import Sequence

_LATIN = ("cp1250", "cp1252", "cp1254", "cp1257", "cp1258", "iso8859-2")
_OTHER_LETTERS = (
    *("cp1251", "cp1253", "cp1255", "cp1256", "cp866", "cp874"),
    *("iso8859-7", "koi8-r", "koi8-u"),
)
_SIGNS_OF_TWO_BYTES = (
    *("big5hkscs", "cp932", "cp949", "euc_jis_2004", "euc_kr", "gb18030", "shift_jis_2004"),
)
_CANDIDATES = (*_LATIN, *_OTHER_LETTERS, *_SIGNS_OF_TWO_BYTES)
"""What the web wrote the world's languages in before UTF-8, by the detector's names. Of more of
them a short text looks like one that nobody used."""

_SAMPLE_BYTES = 32 * 1024
_LOOKED_AT = 1024 * 1024
_BEFORE = 100
_ASCII = bytes(range(128))
_HIGH = re.compile(rb"[\x80-\xff]++")
_HIGH_IN_WORD = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]++|(?<![\x80-\xff])[\x80-\xff]++(?=[A-Za-z])")
_ORDINAL = re.compile(rb"(?<=[0-9.])[\xaa\xba]")
"""1.ª, 2º: in texts of any language of Western Europe, where others have no letter."""
_BESIDE_TAGS = re.compile(rb"[<>]")

_SIGNS = "‘’“”„‚‹›«»–—…•·©®™°§€£´\u00a0\u00ad"
_WESTERN = (  # what languages of Western Europe write beside A to Z, a line an alphabet
    "àâçéèêëîïôœùû",  # French
    "äöüßé",  # German
    "áéíóúüñç¡¿ªº",  # Spanish, Galician, Irish
    "àçèéíïòóúü·",  # Catalan
    "áâãàçéêíóôõú",  # Portuguese
    "àèéìòù",  # Italian, Scottish Gaelic
    "åäöæøé",  # Danish, Finnish, Norwegian, Swedish
    "áéíóúýðþæö",  # Faroese, Icelandic
    "éëïöüè",  # Afrikaans, Dutch
    "äöåõü",  # Estonian
    "âêîôû",  # Welsh
    "ëç",  # Albanian
)


def _bytes_of(alphabet: str, codec: str = "cp1252") -> bytes:
    letters = {form for letter in alphabet for form in (letter, letter.upper()) if len(form) == 1}
    return "".join({*letters, *_SIGNS}).encode(codec, "ignore")


_ALPHABETS = tuple(map(_bytes_of, _WESTERN))
_TURKISH = _bytes_of("âçğıîöşüûİ", "cp1254")
"""Where the Icelandic ðýþ stand otherwise, which nobody writes beside ç and ü."""
_MANY = 16
"""So many letters of one alphabet no text in another encoding has and no others."""


def is_western(body: bytes) -> bool:
    """Whether one language of Western Europe writes nearly all that is not ASCII in Windows-1252.

    What is in another encoding is not so for long: `za³oga` is no word of any of them. It is asked
    of what is said to be in ISO 8859-1, which servers and editors say who were told nothing.
    """
    return _fits(_high(body))


def telling(body: bytes, most: int) -> bytes:
    """Return so many bytes of a text from just before the first that is not ASCII, if any is."""
    first = _HIGH.search(body)
    start = max(0, first.start() - _BEFORE) if first else len(body)
    return body[start : start + most]


def _high(body: bytes) -> bytes:
    return _ORDINAL.sub(b"", telling(body, _LOOKED_AT)).translate(None, _ASCII)


def _fits(high: bytes) -> bool:
    return any(len(high.translate(None, own)) * 50 <= len(high) for own in _ALPHABETS)


def detected(body: bytes) -> str:
    """Return Python's name of the codec that the letters of a text speak for.

    Takes a millisecond; the first call some 80 ms and 40 MB, for the detector's statistics, which
    know nothing of some languages: Albanian is Lithuanian to them.
    """
    high = _high(body)
    if len(high) >= _MANY and _fits(high):
        return "cp1252"
    if high and not _fits(high) and not high.translate(None, _TURKISH):
        return "cp1254"
    sample = _sample(body)
    found = _found(sample, _CANDIDATES)
    if found in _OTHER_LETTERS and _is_within_words(sample):
        found = _found(sample, _LATIN)
    name = codecs.lookup(found or "cp1252").name
    return "cp932" if name == "shift_jis_2004" else name


def _found(sample: bytes, among: Sequence[str]) -> str | None:
    from chardet import detect  # few documents need to be guessed at

    found = detect(sample, include_encodings=among, compat_names=False, no_match_encoding="cp1252")
    return found["encoding"]


def _is_within_words(sample: bytes) -> bool:
    """Whether what is not ASCII stands in one word with A to Z, as only accented letters do."""
    return 2 * len(_HIGH_IN_WORD.findall(sample)) > len(_HIGH.findall(sample))


def _sample(body: bytes) -> bytes:
    """Return what stands between and in tags and is not ASCII: all else speaks for nothing."""
    pieces = _BESIDE_TAGS.split(telling(body, _LOOKED_AT))
    return b"\n".join(piece for piece in pieces if not piece.isascii())[:_SAMPLE_BYTES]
