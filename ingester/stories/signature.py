"""What an article is known by among others: its words, and signs that no language changes."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from common.stems import SPACELESS, bare, shortened
from ingester.stories.names import foreign_runs, skeleton
from ingester.stories.prints import Kind, Print, print_of, token
from ingester.stories.tokens import BREAKS, DIGITS, LETTERS, TOKENS
from storage.model import Article


class Told(IntEnum):
    """What a sign is; the last two bits of it."""

    CONCEPT = 0
    NUMBER = 1
    NAME = 2


Signs = NDArray[np.uint32]
Floats = NDArray[np.float32]
Sign = int
"""The hash of a sign, 32 bits."""

TITLE, LEAD, REST = 2.0, 1.5, 0.7
"""What a word counts where it stands."""
LEAD_LENGTH = 350
LOOKED_AT, LOOKED_AT_SPACELESS = 2_000, 1_000
"""So many characters of a text are looked at: where words have no spaces they say more."""
LONGEST_FORM = 12
"""So many signs the longest form has that is looked for where words have no spaces."""
SHORTEST_FORM = dict.fromkeys(("th", "lo", "km", "my"), 4)
"""Of an alphabet, so many signs the shortest has: fewer stand within any word."""
NUMBERS_COUNT = 1.5
LONG_FORMS_COUNT = 1.3
COMMON_LENGTH = 3
"""Shorter words are common ones, as long as the archive is too small to tell."""

CASELESS = frozenset(
    {"ar", "he", "fa", "ur", "hi", "bn", "ta", "ka", "te", "mr", "th", "ko", "my", "km", "lo"}
    | {"am", "ne", "si", "gu", "pa", "ml", "kn", "or", "ps", "ckb"}
)
"""Languages whose script has no capitals, so that names do not show."""
_SAME = {"yue": "zh", "wuu": "zh", "nn": "nb", "no": "nb"}
_MOST_WORDS_KEPT = 15_000
"""So many words are remembered, and as many that were met before."""


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
        signs, sign_counts: Concepts, names and numbers, in order likewise.
        shown: How a sign is written in the article.
        print: Its beginning, by which copies and variations of it are told.
    """

    language: str
    words: Signs
    word_counts: Floats
    signs: Signs
    sign_counts: Floats
    shown: dict[Sign, str]
    print: Print

    @property
    def size(self) -> float:
        """How much it says, in signs, as far as that matters."""
        return float(min(max(len(self.signs), 4), 80))


class _Word(NamedTuple):
    """What is known of a word of a language as it is written.

    Attributes:
        sign: Of its stem; of a number, of its digits. A common word's is odd, others' even.
        token: Stands for it where texts are compared word by word.
        tells: Whether it may be more than a word: a number, a name, or a concept's.
        length: Of the word when folded.
        named: The signs of the concepts that it names alone.
        longest: So many words the longest form has that begins with it.
        name: The sign of its sound, if it may be a name; else 0.
    """

    sign: Sign
    token: int
    tells: bool
    stem: str
    length: int
    is_number: bool
    named: tuple[Sign, ...]
    longest: int
    name: Sign
    written: str


_BREAK = _Word(0, -1, False, "", 0, False, (), 1, 0, "")


@dataclass(slots=True)
class _Counts:
    words: dict[Sign, float] = field(default_factory=dict)
    signs: dict[Sign, float] = field(default_factory=dict)
    numbers: dict[Sign, float] = field(default_factory=dict)
    shown: dict[Sign, str] = field(default_factory=dict)

    def sign(self, sign: Sign, weight: float, written: str) -> None:
        if sign not in self.signs:
            self.shown[sign] = written
        self.signs[sign] = self.signs.get(sign, 0.0) + weight

    def concepts(self, signs: Sequence[Sign], weight: float, written: str) -> None:
        for sign in signs:
            self.sign(sign, weight / len(signs), written)

    def number(self, sign: Sign, weight: float, written: str) -> None:
        self.words[sign] = self.words.get(sign, 0.0) + weight
        self.numbers[sign] = self.numbers.get(sign, 0.0) + weight
        self.shown[sign] = written


class _Pair(NamedTuple):
    """Two signs of a language without spaces: their sign, and how long forms are that begin so."""

    sign: Sign
    longest: int


def _nothing_known(language: str) -> frozenset[str]:
    return frozenset()


class Signer:
    """Reads articles' signatures; safe to share among threads.

    Args:
        fold: Returns the form in which words are compared.
        concepts: What the words of a language name.
        common: Returns a language's common words, folded, which are no names where names have
            no capitals.
    """

    def __init__(
        self,
        fold: Callable[[str], str],
        concepts: Concepts,
        common: Callable[[str], frozenset[str]] = _nothing_known,
    ) -> None:
        self._fold = fold
        self._concepts = concepts
        self._common = common
        self._known: dict[str, dict[str, _Word]] = {}
        self._before: dict[str, dict[str, _Word]] = {}
        self._kept = 0
        self._pairs: dict[str, dict[str, _Pair]] = {}

    def signature(self, article: Article) -> Signature:
        """Return what an article is known by."""
        language = _SAME.get(article.language, article.language)
        counts, read = _Counts(), []
        is_spaceless = language in SPACELESS
        for part, weight in _parts(article, is_spaceless=is_spaceless):
            if is_spaceless:
                read.append(self._read_spaceless(part, weight, language, counts))
            else:
                read.append(self._read(part, weight, language, counts))
        words, word_counts = _arrays(counts.words, {})
        signs, sign_counts = _arrays(counts.signs, counts.numbers)
        body = [each for part in read[1:] for each in part]
        printed = print_of(article, language, read[0], body, is_spaceless=is_spaceless)
        return Signature(language, words, word_counts, signs, sign_counts, counts.shown, printed)

    def _word(self, written: str, language: str) -> _Word:
        """Return what is known of a word, from two generations of those that were met."""
        if self._kept >= _MOST_WORDS_KEPT:
            self._before, self._known, self._kept = self._known, {}, 0
        before = self._before.get(language)
        word = (before.get(written) if before else None) or self._made(written, language)
        self._known.setdefault(language, {})[written] = word
        self._kept += 1
        return word

    def _made(self, written: str, language: str) -> _Word:
        if written in BREAKS:
            return _BREAK
        folded = written.lower() if written.isascii() else self._fold(written)
        if folded.isdigit():
            digits = folded.lstrip("0")
            sign = _number_sign(digits) if len(digits) > 1 else 0
            return _Word(
                sign, token(folded, Kind.NUMBER), True, folded, len(folded), True, (), 1, 0, written
            )
        stem, length = shortened(folded), len(folded)
        is_common, is_capital = length <= COMMON_LENGTH, written[0].isupper()
        entry = self._concepts.entry(language, stem)
        named = _named(entry, length, is_capital=written.isupper()) if entry.named else ()
        core = bare(folded, language)
        if not named and len(core) < length:
            named = _named(
                self._concepts.entry(language, shortened(core)), len(core), is_capital=False
            )
        name = 0
        if not is_common and language in CASELESS:
            if {folded, core}.isdisjoint(self._common(language)):
                name = _name_sign(core)
        elif not is_common and is_capital:
            name = _name_sign(written)
        return _Word(
            word_sign(stem, is_common=is_common),
            token(folded, Kind.NAME if is_capital else Kind.WORD),
            bool(named or name or entry.longest > 1),
            stem,
            length,
            False,
            named,
            entry.longest,
            name,
            written,
        )

    def _read(self, part: str, weight: float, language: str, counts: _Counts) -> list[int]:
        """Count what a part says; return what its words are compared by."""
        known, word_of = self._known.setdefault(language, {}).get, self._word
        every = [known(written) or word_of(written, language) for written in TOKENS.findall(part)]
        read = [word for word in every if word.token >= 0]
        for sign, times in Counter([word.sign for word in read if not word.is_number]).items():
            counts.words[sign] = counts.words.get(sign, 0.0) + weight * times
        self._read_signs(every, read, weight, language, counts)
        return [word.token for word in read]

    def _read_signs(
        self,
        every: Sequence[_Word],
        read: Sequence[_Word],
        weight: float,
        language: str,
        counts: _Counts,
    ) -> None:
        """Count the concepts, names and numbers among words; in `every` sentences end, too."""
        is_caseless = language in CASELESS
        until, at, begins = 0, -1, True
        for word in every:
            if word is _BREAK:
                begins = True
                continue
            at += 1
            if word.tells:
                is_covered = at < until
                if word.is_number:
                    if word.sign:
                        counts.number(word.sign, weight, word.written)
                    continue
                if word.longest > 1:
                    until = max(until, self._read_long(read, at, weight, language, counts))
                    is_covered = at < until
                if not is_covered and word.named:
                    counts.concepts(word.named, weight, word.written)
                    is_covered = True
                if word.name and not (is_covered and (is_caseless or begins)):
                    counts.sign(word.name, weight, word.written)
            begins = False

    def _read_long(
        self, read: Sequence[_Word], at: int, weight: float, language: str, counts: _Counts
    ) -> int:
        """Count what the longest known form of several words from here names; return its end."""
        for length in range(min(read[at].longest, len(read) - at), 1, -1):
            form = read[at : at + length]
            entry = self._concepts.entry(language, " ".join(word.stem for word in form))
            named = _named(entry, form[-1].length, is_capital=form[0].written.isupper())
            if named:
                written = " ".join(word.written for word in form)
                counts.concepts(named, weight * LONG_FORMS_COUNT, written)
                return at + length
        return 0

    def _pair(self, two: str, language: str, pairs: dict[str, _Pair]) -> _Pair:
        if len(pairs) >= _MOST_WORDS_KEPT:
            pairs.clear()
        longest = self._concepts.entry(language, two).longest
        pairs[two] = pair = _Pair(word_sign(two, is_common=False), longest)
        return pair

    def _read_form(
        self, run: str, start: int, longest: int, weight: float, language: str, counts: _Counts
    ) -> int:
        """Count what the longest known form from here names; return where it ends."""
        least = SHORTEST_FORM.get(language, 2)
        for length in range(min(longest, LONGEST_FORM, len(run) - start), least - 1, -1):
            form = run[start : start + length]
            named = self._concepts.entry(language, form).named
            if named:
                signs = sorted({_concept_sign(number) for number, _, _ in named})
                counts.concepts(signs, weight, form)
                return start + length
        return start

    def _read_spaceless(
        self, part: str, weight: float, language: str, counts: _Counts
    ) -> list[int]:
        folded = self._fold(part)
        pairs = self._pairs.setdefault(language, {})
        words, read = counts.words, []
        for run in LETTERS.findall(folded):
            until = 0
            for start in range(len(run) - 1):
                two = run[start : start + 2]
                sign, longest = pairs.get(two) or self._pair(two, language, pairs)
                words[sign] = words.get(sign, 0.0) + weight
                read.append(sign & ~3)
                if longest > 1 and start >= until:
                    until = self._read_form(run, start, longest, weight, language, counts)
        for digits in DIGITS.findall(folded):
            read.append(token(digits, Kind.NUMBER))
            if len(digits.lstrip("0")) > 1:
                counts.number(_number_sign(digits.lstrip("0")), weight, digits)
        for run in foreign_runs(part):
            if name := _name_sign(run):
                counts.sign(name, weight, run)
        return read


def _parts(article: Article, *, is_spaceless: bool) -> Iterator[tuple[str, float]]:
    yield article.title, TITLE
    text = article.text or article.summary
    yield text[:LEAD_LENGTH], LEAD
    if len(text) > LEAD_LENGTH:
        yield text[LEAD_LENGTH : LOOKED_AT_SPACELESS if is_spaceless else LOOKED_AT], REST


def _named(entry: ConceptEntry, length: int, *, is_capital: bool) -> tuple[Sign, ...]:
    """Return the concepts that a form names; acronyms only in capitals, inflection bounded."""
    return tuple(
        sorted(
            {
                _concept_sign(number)
                for number, is_acronym, form in entry.named
                if -4 <= length - form <= 4 and (not is_acronym or is_capital)
            }
        )
    )


def word_sign(stem: str, *, is_common: bool) -> Sign:
    """Return the sign of a word: odd if it is short enough to be a common one."""
    return crc32(b"w" + stem.encode("utf-8", "replace")) & ~1 | is_common


def _concept_sign(number: int) -> Sign:
    return crc32(b"c%d" % number) & ~3 | Told.CONCEPT


def _number_sign(digits: str) -> Sign:
    return crc32(b"n" + digits.encode("utf-8", "replace")) & ~3 | Told.NUMBER


def _name_sign(written: str) -> Sign:
    sound = skeleton(written)
    return crc32(b"k" + sound.encode()) & ~3 | Told.NAME if sound else 0


def _arrays(counts: dict[Sign, float], numbers: dict[Sign, float]) -> tuple[Signs, Floats]:
    size = len(counts) + len(numbers)
    signs = np.fromiter((*counts, *numbers), np.uint32, size)
    much = np.fromiter((*counts.values(), *numbers.values()), np.float32, size)
    much = np.where(much > 1, 1 + np.log(np.maximum(much, 1)), much).astype(np.float32)
    much[len(counts) :] *= NUMBERS_COUNT
    order = signs.argsort(kind="stable")
    return signs[order], much[order]
