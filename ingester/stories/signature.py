"""What an article is known by among others: its words, and signs that no language changes."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from typing import Protocol
from zlib import crc32

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

from common.stems import SPACELESS, shortened
from storage.model import Article

TITLE, LEAD, REST = 2.0, 1.5, 0.7
"""What a word counts where it stands."""
LEAD_LENGTH = 350
LOOKED_AT = 4_000
NUMBERS_COUNT = 1.5
COMMON_LENGTH = 3
"""Shorter words are common ones, as long as the archive is too small to tell."""

CASELESS = frozenset(
    {"ar", "he", "fa", "ur", "hi", "bn", "ta", "ka", "te", "mr", "th", "ko", "my", "km", "lo"}
    | {"am", "ne", "si", "gu", "pa", "ml", "kn", "or", "ps", "ckb"}
)
"""Languages whose script has no capitals, so that names do not show."""
_SAME = {"yue": "zh", "wuu": "zh", "nn": "nb", "no": "nb"}
_TOKEN = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_FOREIGN = re.compile(r"[ァ-ヴー]{3,}|[A-Za-z]{3,}")
_ENDS = re.compile('[.!?。！？:\n"“”»«]\\s*$')
_NO_LETTER = re.compile(r"[^a-z]")
_VOWELS = re.compile(r"[aeiouyhw]+")
_TWICE = re.compile(r"(.)\1+")
_SOUNDS = (
    *(("ph", "f"), ("ck", "k"), ("tz", "ts"), ("sch", "s"), ("sh", "s"), ("ch", "k")),
    *(("cz", "s"), ("zh", "s"), ("kh", "k"), ("th", "t"), ("x", "ks"), ("q", "k"), ("c", "k")),
    *(("z", "s"), ("v", "b"), ("w", "b"), ("f", "b"), ("p", "b"), ("j", ""), ("d", "t")),
    ("g", "k"),
)
_MOST_WORDS = 4

Sign = int
"""The hash of a sign, 32 bits."""


class ConceptEntry(Protocol):
    """What a lexicon knows under a word or sign: (number, is acronym, length) of each, longest."""

    @property
    def named(self) -> Sequence[tuple[int, bool, int]]: ...
    @property
    def longest(self) -> int: ...


class Concepts(Protocol):
    """What words of a language name, by concepts that are the same in every language."""

    def entry(self, language: str, text: str) -> ConceptEntry:
        """Return what is known of these words, each shortened, or of signs without spaces."""
        ...


@dataclass(frozen=True, slots=True)
class Signature:
    """What an article is known by.

    Attributes:
        words, word_counts: Words of its language, in order of the signs, and how much each counts.
        signs, sign_counts: Concepts, names and numbers, likewise.
        common: Which of the words are short enough to be common ones.
        shown: How a sign is written in the article.
    """

    language: str
    words: NDArray[np.uint32]
    word_counts: NDArray[np.float32]
    signs: NDArray[np.uint32]
    sign_counts: NDArray[np.float32]
    common: frozenset[Sign]
    shown: dict[Sign, str]

    @classmethod
    def nothing(cls) -> "Signature":
        """Return the signature of what is like no other."""
        signs, counts = np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.float32)
        return cls("", signs, counts, signs, counts, frozenset(), {})

    @property
    def size(self) -> float:
        """How much it says, in signs, as far as that matters."""
        return float(min(max(len(self.signs), 4), 80))


@dataclass(slots=True)
class _Counts:
    words: dict[Sign, float] = field(default_factory=dict)
    signs: dict[Sign, float] = field(default_factory=dict)
    numbers: set[Sign] = field(default_factory=set)
    common: set[Sign] = field(default_factory=set)
    shown: dict[Sign, str] = field(default_factory=dict)

    def word(self, text: str, weight: float, written: str = "") -> None:
        sign = crc32(b"w" + text.encode("utf-8", "replace"))
        self.words[sign] = self.words.get(sign, 0.0) + weight
        if written:
            self.shown.setdefault(sign, written)

    def number(self, digits: str, weight: float) -> None:
        digits = digits.lstrip("0")
        if len(digits) > 1:
            sign = crc32(b"n" + digits.encode("utf-8", "replace"))
            self.words[sign] = self.words.get(sign, 0.0) + weight
            self.signs[sign] = self.signs.get(sign, 0.0) + weight
            self.numbers.add(sign)
            self.shown.setdefault(sign, digits)

    def concepts(self, numbers: set[int], weight: float, written: str) -> None:
        for number in numbers:
            sign = crc32(b"c%d" % number)
            self.signs[sign] = self.signs.get(sign, 0.0) + weight / len(numbers)
            self.shown.setdefault(sign, written)

    def name(self, written: str, weight: float) -> None:
        sound = skeleton(written)
        if sound:
            sign = crc32(b"k" + sound.encode())
            self.signs[sign] = self.signs.get(sign, 0.0) + weight
            self.shown.setdefault(sign, written)


class Signer:
    """Reads articles' signatures.

    Args:
        fold: Returns the form in which words are compared.
        concepts: What the words of a language name.
    """

    def __init__(self, fold: Callable[[str], str], concepts: Concepts) -> None:
        self._fold = lru_cache(20_000)(fold)
        self._concepts = concepts

    def signature(self, article: Article) -> Signature:
        """Return what an article is known by."""
        language = _SAME.get(article.language, article.language)
        counts = _Counts()
        for part, weight in _parts(article):
            if language in SPACELESS:
                self._read_spaceless(part, weight, language, counts)
            else:
                self._read(part, weight, language, counts)
        words, word_counts = _arrays(counts.words, frozenset())
        signs, sign_counts = _arrays(counts.signs, counts.numbers)
        return Signature(
            language,
            words,
            word_counts,
            signs,
            sign_counts,
            frozenset(counts.common),
            counts.shown,
        )

    def _read(self, part: str, weight: float, language: str, counts: _Counts) -> None:
        places = list(_TOKEN.finditer(part))
        tokens = [place.group() for place in places]
        folded = [self._fold(token) for token in tokens]
        stems = [shortened(word) for word in folded]
        covered = bytearray(len(tokens))
        for at, word in enumerate(folded):
            if word.isdigit():
                counts.number(word, weight)
                continue
            counts.word(stems[at], weight, tokens[at])
            if len(word) <= COMMON_LENGTH:
                counts.common.add(crc32(b"w" + stems[at].encode("utf-8", "replace")))
            self._find_concepts(at, tokens, folded, stems, covered, weight, language, counts)
        for at, word in enumerate(folded):
            if len(word) <= COMMON_LENGTH or word.isdigit():
                continue
            if language in CASELESS:
                if covered[at]:
                    continue
            elif not tokens[at][0].isupper() or (covered[at] and _begins(part, places[at].start())):
                continue
            counts.name(tokens[at], weight)

    def _find_concepts(
        self,
        at: int,
        tokens: Sequence[str],
        folded: Sequence[str],
        stems: Sequence[str],
        covered: bytearray,
        weight: float,
        language: str,
        counts: _Counts,
    ) -> None:
        """Count the concepts that the longest known form from here names."""
        first = self._concepts.entry(language, stems[at])
        for length in range(min(max(first.longest, 1), len(tokens) - at), 0, -1):
            if length == 1 and covered[at]:
                return
            key = " ".join(stems[at : at + length])
            named = (self._concepts.entry(language, key) if length > 1 else first).named
            last = len(folded[at + length - 1])
            numbers = {
                number
                for number, is_acronym, form in named
                if -4 <= last - form <= 4 and (not is_acronym or tokens[at].isupper())
            }
            if numbers:
                much = weight * 1.3 if length > 1 else weight
                counts.concepts(numbers, much, " ".join(tokens[at : at + length]))
                covered[at : at + length] = b"\1" * length
                return

    def _read_spaceless(self, part: str, weight: float, language: str, counts: _Counts) -> None:
        folded = self._fold.__wrapped__(part)
        at = 0
        while at < len(folded) - 1:
            longest = self._concepts.entry(language, folded[at : at + 2]).longest
            at += 1
            for length in range(min(longest, len(folded) - at + 1), 1, -1):
                form = folded[at - 1 : at - 1 + length]
                named = self._concepts.entry(language, form).named
                if named:
                    counts.concepts({number for number, _, _ in named}, weight, form)
                    at += length - 1
                    break
        for run in _LETTERS.findall(folded):
            for start in range(len(run) - 1):
                counts.word(run[start : start + 2], weight)
        for digits in _DIGITS.findall(folded):
            counts.number(digits, weight)
        for run in _FOREIGN.findall(part):
            counts.name(run, weight)


def _parts(article: Article) -> Iterator[tuple[str, float]]:
    yield article.title, TITLE
    text = article.text or article.summary
    yield text[:LEAD_LENGTH], LEAD
    if len(text) > LEAD_LENGTH:
        yield text[LEAD_LENGTH:LOOKED_AT], REST


def _begins(part: str, at: int) -> bool:
    """Whether a word there begins a sentence."""
    before = part[max(at - 3, 0) : at]
    return not part[:at].strip() or _ENDS.search(before) is not None


@lru_cache(20_000)
def skeleton(word: str) -> str:
    """Return the consonants of a name as all scripts write them, about; "" of too few."""
    letters = _NO_LETTER.sub("", anyascii(word).lower())
    if len(letters) < 3:
        return ""
    for written, sound in _SOUNDS:
        letters = letters.replace(written, sound)
    if not letters:
        return ""
    first = "_" if letters[0] in "aeiouy" else ""
    bones = _TWICE.sub(r"\1", first + _VOWELS.sub("", letters))
    return bones if len(bones) >= 3 else ""


def _arrays(
    counts: dict[Sign, float], numbers: set[Sign] | frozenset[Sign]
) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    ordered = sorted(counts)
    much = [
        (1 + log(counts[sign]) if counts[sign] > 1 else counts[sign])
        * (NUMBERS_COUNT if sign in numbers else 1.0)
        for sign in ordered
    ]
    return np.array(ordered, dtype=np.uint32), np.array(much, dtype=np.float32)
