"""The print of an article, by which copies of its text and mere variations of it are told.

A copy has the same text, under whatever title, cut to half or with a line more. A variation has
the same words but for some numbers or names: another day's weather, another draw, another match.
"""

import re
import struct
from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from hashlib import blake2b
from itertools import pairwise
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ingester.stories.signs import are_among, checksums
from ingester.urls.urls import identity_key
from storage.model import Article

Tokens = NDArray[np.uint32]
Pieces = tuple[Tokens, int]
"""Hashes of pieces of a body, in order, and of one in 2**which they are."""

MOST_OF_TITLE, MOST_OF_BODY = 24, 64
"""So many words of each are kept one by one."""
MOST_PIECES = 96
"""So many pieces stand for the whole text: those whose hashes are lowest, of one in 2**scale."""
PIECE, PIECE_SPACELESS = 3, 8
ENOUGH_PIECES = 8
COPIED = 0.7
"""The share of the shorter text's pieces that the longer one has, if one is the other's copy."""
ENOUGH_WORDS = 6
ENOUGH_OF_A_COPY = 10
"""So many words must be the same, where one text is the beginning of the other."""
MOST_OF_BOILERPLATE = 40
FEW_WORDS = 12
"""In a text of fewer, a single other word makes another thing of it."""
ALIKE_WORDS = 0.65
"""The share of words that a variation has in common with what it is one of."""
MOST_CITED = 2
TITLE_UNTOLD = 0.6
"""The share of a title that is told elsewhere, of what has none."""
DAY_APART = 0.75

_SOURCES = (
    *("source", "via", "källa", "kilde", "lähde", "heimild", "quelle", "bron", "fuente", "fonte"),
    *("font", "sursa", "źródło", "zdroj", "forrás", "vir", "izvor", "allikas", "avots"),
    *("šaltinis", "kaynak", "sumber", "nguồn", "pinagmulan", "chanzo", "источник", "джерело"),
    *("крыніца", "източник", "извор", "πηγή", "المصدر", "منبع", "ماخذ", "מקור", "स्रोत", "উৎস"),
    *(
        "ஆதாரம்",
        "మూలం",
        "ที่มา",
        "出典",
        "来源",
        "來源",
        "出处",
        "原文",
        "출처",
        "originally published at",
    ),
    *(
        "original",
        "originally published",
        "burimi",
        "წყარო",
        "աղբյուր",
        "mənbə",
        "manba",
        "дереккөз",
    ),
)
_CITED = re.compile(rf"(?:\b|^)(?:{'|'.join(_SOURCES)})\w*\s*[:：]\s*(https?://\S+)", re.IGNORECASE)
_ALONE = re.compile(r"^\s*(https?://\S+)\s*$", re.MULTILINE)
_CITED_AT_THE_END = 400
_HEAD = struct.Struct("<IIfBBBBHHQ")
_MIXED = np.uint32(0x9E3779B1)


class Kind(IntEnum):
    """What a token is."""

    WORD = 0
    NUMBER = 1
    NAME = 2


def tokens(texts: Sequence[str], kinds: NDArray[np.int64]) -> Tokens:
    """Return what stands for words where texts are compared word by word."""
    return checksums(texts) & np.uint32(0xFFFFFFFC) | kinds.astype(np.uint32)


_CVE = tokens(["cve"], np.zeros(1, dtype=np.int64))[0] >> 2


class Print(NamedTuple):
    """The print of an article.

    Attributes:
        language, source: Hashes.
        day: When it was published, else first seen, in days.
        title, body: The first tokens.
        length: How many tokens the whole body has, of what is looked at.
        pieces: Hashes of pieces of the body, in order, of one in 2**scale.
        address: The hash of its own URL; 0 without one.
        cited: Of the URLs that it gives as its source.
    """

    language: int
    source: int
    day: float
    title: Tokens
    body: Tokens
    length: int
    pieces: Tokens
    scale: int
    address: int
    cited: tuple[int, ...]


def print_of(article: Article, language: int, title: Tokens, body: Tokens, pieces: Pieces) -> Print:
    """Return an article's print, from its tokens and the pieces that stand for its body.

    Args:
        language: Its hash.
    """
    return Print(
        language,
        crc32(article.source_id.encode("utf-8", "replace")),
        days(article.published_at or article.first_seen_at),
        title[:MOST_OF_TITLE].copy(),
        body[:MOST_OF_BODY].copy(),
        min(len(body), 0xFFFF),
        *pieces,
        address_of(article.url),
        tuple(sorted({address_of(url) for url in cited(article.text)} - {0}))[:MOST_CITED],
    )


def days(at: datetime) -> float:
    """Return an instant in days, as prints have it."""
    return at.timestamp() / 86_400


def address_of(url: str) -> int:
    """Return the hash of an article's address; 0 of one that leads to a whole site."""
    key = identity_key(url) if url else ""
    if not key.partition("/")[2].strip("/"):
        return 0
    return int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def cited(text: str) -> list[str]:
    """Return the addresses that a text gives as its source, in its last lines."""
    end = text[-_CITED_AT_THE_END:]
    if "://" not in end:
        return []
    return [url.rstrip(".,;)]»”\"'") for url in (*_CITED.findall(end), *_ALONE.findall(end))]


def hashes_of(tokens: Tokens, size: int) -> Tokens:
    """Return the hash of each piece of so many tokens, by where it begins."""
    length = max(0, len(tokens) - size + 1)
    hashes = np.zeros(length, dtype=np.uint32)
    for at in range(size):
        hashes = (hashes ^ tokens[at : length + at]) * _MIXED
        hashes ^= hashes >> np.uint32(15)
    return hashes


def is_copy(one: Print, other: Print) -> bool:
    """Whether one text is the other's, whole or for the most part."""
    if one.language != other.language or not len(one.body) or not len(other.body):
        return False
    scale = max(one.scale, other.scale)
    bound = np.uint32(0xFFFFFFFF >> scale)
    mine = one.pieces[: one.pieces.searchsorted(bound, "right")]
    theirs = other.pieces[: other.pieces.searchsorted(bound, "right")]
    fewer = min(len(mine), len(theirs))
    if fewer >= ENOUGH_PIECES:
        return bool(np.count_nonzero(are_among(mine, theirs)) >= COPIED * fewer)
    shorter, longer = sorted((one.body, other.body), key=len)
    if len(shorter) < ENOUGH_OF_A_COPY:
        return len(shorter) == len(longer) and bool((shorter == longer).all())
    return bool((longer[: len(shorter)] == shorter).all())


def differs_in_part(one: Print, other: Print) -> bool:
    """Whether one text is a mere variation of the other: another day, place, number, name."""
    if one.source == other.source and _tells_of_other_flaws(one, other):
        return True
    if one.language != other.language:
        return False
    if one.source == other.source and (_is_series(one, other) or _is_boilerplate(one, other)):
        return True
    if len(one.body) < ENOUGH_WORDS or len(other.body) < ENOUGH_WORDS:
        return _is_variation(
            np.concatenate((one.title, one.body)),
            np.concatenate((other.title, other.body)),
            is_one_source=one.source == other.source,
        )
    if not _is_variation(one.body, other.body, is_one_source=one.source == other.source):
        return False
    return max(one.length, other.length) <= MOST_OF_BODY or not is_copy(one, other)


def shared_pairs(one: Print, other: Print) -> int:
    """Return how many pairs of neighbouring words both begin with have in common."""
    return len({*pairwise(_begins(one))} & {*pairwise(_begins(other))})


def title_told(one: Print, other: Print) -> float:
    """Return which share of the words of the one's title the other begins with."""
    words = {*_bare(one.title)}
    return len(words.intersection(_begins(other))) / len(words) if words else TITLE_UNTOLD


def _begins(one: Print) -> list[int]:
    return _bare(one.title) + _bare(one.body)


def _bare(tokens: Tokens) -> list[int]:
    """Return what tokens stand for, whatever they are."""
    bare: list[int] = (tokens >> 2).tolist()
    return bare


def _tells_of_other_flaws(one: Print, other: Print) -> bool:
    """Whether both name flaws of programs by their numbers, and none is the same.

    Advisories of one source are worded alike, about whatever program.
    """
    mine = _flaws(one)
    theirs = _flaws(other) if mine else mine
    return bool(theirs) and mine.isdisjoint(theirs)


def _flaws(one: Print) -> set[tuple[int, int]]:
    """Return the flaws that a text begins with by their numbers: CVE-2026-12345."""
    found = set[tuple[int, int]]()
    for tokens_ in (one.title, one.body):
        for at in np.flatnonzero(tokens_ >> 2 == _CVE).tolist():
            year, number = [*tokens_[at + 1 : at + 3].tolist(), 0, 0][:2]
            if year & 3 == number & 3 == Kind.NUMBER:
                found.add((year, number))
    return found


def _is_series(one: Print, other: Print) -> bool:
    """Whether two titles of a source recur: the same but for numbers, on another day or part."""
    mine, theirs = one.title.tolist(), other.title.tolist()  # of so few, faster than columns
    bare = [each for each in mine if each & 3 != Kind.NUMBER]
    if not bare or bare != [each for each in theirs if each & 3 != Kind.NUMBER]:
        return False
    numbers = [each for each in mine if each & 3 == Kind.NUMBER]
    if numbers or len(bare) < len(theirs):
        return numbers != [each for each in theirs if each & 3 == Kind.NUMBER]
    return abs(one.day - other.day) >= DAY_APART and not is_copy(one, other)


def _is_boilerplate(one: Print, other: Print) -> bool:
    """Whether a source says the same under titles that have little in common, as it always does."""
    if max(one.length, other.length) > MOST_OF_BOILERPLATE:
        return False
    shorter = min(len(one.title), len(other.title))
    both = len({*_bare(one.title)}.intersection(_bare(other.title)))
    return both * 3 < shorter and is_copy(one, other)


def _is_variation(one: Tokens, other: Tokens, *, is_one_source: bool) -> bool:
    words, others = {*one.tolist()}, {*other.tolist()}
    both = len(words & others)
    fewer, more = sorted((len(words) - both, len(others) - both))
    if not fewer or both < ALIKE_WORDS * (both + more):
        return False
    different = words ^ others
    telling = sum(each & 3 != Kind.WORD for each in different)
    if telling * 2 > len(different):
        return True
    # A word for a word at the same places: what one tells of this, the other tells of that.
    may_be = is_one_source or len(one) < FEW_WORDS
    return may_be and len(one) == len(other) and int((one != other).sum()) <= max(1, len(one) // 8)


def packed(prints: Sequence[Print]) -> bytes:
    """Return prints as bytes."""
    parts = list[bytes | NDArray[Any]]()
    for each in prints:
        sizes = (len(each.title), len(each.body), len(each.pieces), len(each.cited))
        head = (each.language, each.source, each.day, each.scale, *sizes[:3])
        parts.append(_HEAD.pack(*head, each.length, sizes[3], each.address))
        parts += [a.astype("<u4", copy=False) for a in (each.title, each.body, each.pieces)]
        if each.cited:
            parts.append(np.array(each.cited, dtype="<u8"))
    return b"".join(parts)


def unpacked(data: bytes) -> tuple[Print, ...]:
    """Return the prints that `packed` made the bytes of."""
    prints, at = [], 0
    while at < len(data):
        language, source, day, scale, *sizes, length, cited_, address = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        titled, said, pieces = sizes
        every = np.frombuffer(data, "<u4", titled + said + pieces, at)
        at += every.nbytes
        addresses = tuple(np.frombuffer(data, "<u8", cited_, at).tolist()) if cited_ else ()
        at += 8 * cited_
        title, body = every[:titled], every[titled : titled + said]
        head = (language, source, day, title, body, length, every[titled + said :])
        prints.append(Print(*head, scale, address, addresses))
    return tuple(prints)
