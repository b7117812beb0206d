"""What is known of words as they are written, in columns, so that many are looked up at once."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.packed_texts import PackedTexts
from common.stems import MOST_INFLECTED, bare, has_cases, is_joined, shortened, without_case
from ingester.stories.cutting import BREAK, Cutter, Found, without_marks
from ingester.stories.names import Sounds
from ingester.stories.prints import Kind
from ingester.stories.signs import (
    Common,
    Concepts,
    Fold,
    Keys,
    Misread,
    Places,
    Signs,
    concept_signs,
)

COMMON_LENGTH = 3
"""Shorter words are common ones, as long as the archive is too small to tell."""
COMMON_LENGTH_OF_SYLLABLES, SYLLABIC = 1, "ko"
"""Likewise of a language that writes a syllable as one letter."""
CASELESS = frozenset(
    {"ar", "he", "fa", "ur", "hi", "bn", "ta", "ka", "te", "mr", "th", "ko", "my", "km", "lo"}
    | {"am", "ne", "si", "gu", "pa", "ml", "kn", "or", "ps", "ckb"}
)
"""Languages whose script has no capitals, so that names do not show."""
MOST_KEPT = 100_000
"""So many words are remembered: about 120 bytes of each."""


class Column(IntEnum):
    """What is known of a word.

    SIGN: Of its stem; of a number, of its digits. A common word's is odd, others' even.
    TOKEN: Stands for it where texts are compared word by word.
    NAME: The sign of its sound, if it may be a name; else 0.
    LONGEST: So many words the longest form has that begins with it.
    NAMED, NAMED_END: From where to where the signs of the concepts stand that it names alone.
    LENGTH: Of the word when folded.
    IS_UPPER: Whether all of it is in capitals.
    UNINFLECTED: As NAME, without what may be the ending of a case; 0 if nothing may be.
    """

    SIGN = 0
    TOKEN = 1
    KIND = 2
    NAME = 3
    LONGEST = 4
    NAMED = 5
    NAMED_END = 6
    LENGTH = 7
    IS_UPPER = 8
    UNINFLECTED = 9


class Key(IntEnum):
    """What a word adds to a form's key, and the key of the form that it is alone."""

    HASH = 0
    ALONE = 1


class Is(IntEnum):
    """What a row is of."""

    WORD = 0
    NUMBER = 1
    BREAK = 2


class Words:
    """The words that were met, each a row.

    Attributes:
        written: Of each row.
    """

    def __init__(
        self, fold: Fold, concepts: Concepts, common: Common, sounds: Sounds, is_misread: Misread
    ) -> None:
        self._fold = fold
        self._is_misread = is_misread
        self._sounds = sounds
        self._concepts = concepts
        self._common = common
        self._cut = Cutter()
        self._forget()

    def _forget(self) -> None:
        self._cut.forget()
        self._columns = np.zeros((len(Column), 1_024), dtype=np.uint32)
        self._keys = np.zeros((len(Key), 1_024), dtype=np.uint64)
        self._columns[Column.KIND, BREAK] = Is.BREAK
        self.written, self._named = PackedTexts(), array("I", [0])

    @property
    def columns(self) -> NDArray[np.uint32]:
        """What is known of all rows, column by column."""
        return self._columns

    @property
    def keys(self) -> Keys:
        """What forms are looked up by, of all rows, likewise."""
        return self._keys

    def named(self, places: Places) -> Signs:
        """Return the signs of concepts at the places that rows say."""
        return np.frombuffer(self._named, dtype=np.uint32)[places]

    def rows(self, texts: Sequence[tuple[str, str]]) -> tuple[Places, Places]:
        """Return the rows of the words of some texts, each with its language, and where each ends.

        Valid until the next time.
        """
        if len(self.written) > MOST_KEPT:
            self._forget()
        found = self._cut.words(texts, met=len(self.written))
        try:
            if found.written:
                self._add(found)
        except Exception:
            self._forget()  # what was cut is taken for known
            raise
        return found.rows, found.ends

    def _add(self, found: Found) -> None:
        """Make rows of new words, of all at once: one by one costs many times that."""
        written = found.written
        folded = self._folded(written)
        for place in found.have_marks.tolist():
            folded[place] = without_marks(folded[place])
        new = _New(found.languages, written, folded)
        looked = self._cut.looked_up(folded, common=COMMON_LENGTH)
        rows = np.zeros((len(Column), len(written)), dtype=np.uint32)
        is_number = looked.are_numbers
        rows[Column.LENGTH] = lengths = looked.lengths.astype(np.int64)
        rows[Column.IS_UPPER] = found.are_upper
        rows[Column.KIND] = np.where(is_number, Is.NUMBER, Is.WORD)
        rows[Column.SIGN] = looked.signs
        kinds = np.where(is_number, Kind.NUMBER, np.where(found.have_capitals, Kind.NAME, 0))
        rows[Column.TOKEN] = looked.tokens | kinds
        keys = self._concepts.with_words(self._begun(new), looked.hashes)
        places = self._concepts.places(keys)
        rows[Column.LONGEST] = np.where(is_number, 1, self._concepts.longest(places))
        cores = {n: bare(folded[n], new.languages[n]) for n in new.those(is_joined)}
        self._cut_cores(rows, new, cores)
        named = self._fitting(
            places, lengths, found.are_upper, folded, found.languages, found.have_capitals
        )
        named = self._with_cores(new, cores, named, lengths)
        self._keep_named(rows, *named)
        self._name(rows, new, cores, found.have_capitals)
        self._keep(written, rows, np.stack((looked.hashes, keys)))

    def _folded(self, words: Sequence[str]) -> list[str]:
        """Fold words, those that need more than small letters apart from the others."""
        is_plain = [*map(str.isascii, words)]
        if all(is_plain):
            return self._fold("\n".join(words)).split("\n")
        plain = [*compress(words, is_plain)]
        others = [word for word, each in zip(words, is_plain, strict=True) if not each]
        folded = [self._fold("\n".join(some)).split("\n") for some in (plain, others) if some]
        ranks = np.argsort(~np.array(is_plain), kind="stable").argsort().tolist()
        return [*map([each for some in folded for each in some].__getitem__, ranks)]

    def _cut_cores(self, rows: Signs, new: "_New", cores: Mapping[int, str]) -> None:
        """Let words be the same whatever their language writes together with them."""
        for is_syllabic in (False, True):
            common = COMMON_LENGTH_OF_SYLLABLES if is_syllabic else COMMON_LENGTH
            some = [
                n
                for n in cores
                if (new.languages[n] == SYLLABIC) is is_syllabic and rows[Column.KIND, n] == Is.WORD
            ]
            if some:
                looked = self._cut.looked_up([cores[n] for n in some], common=common)
                rows[Column.SIGN, some] = looked.signs
                rows[Column.TOKEN, some] = looked.tokens | rows[Column.TOKEN, some] & 3

    def _begun(self, new: "_New") -> Keys:
        """Return what the keys of words begin with."""
        begun = self._concepts.hashes_of([*new.numbers])
        return np.asarray(begun[new.numbered])

    def _fitting(
        self,
        places: Places,
        lengths: Places,
        is_upper: NDArray[np.bool_],
        words: Sequence[str],
        languages: Sequence[str],
        have_capitals: NDArray[np.bool_] | None = None,
    ) -> tuple[Places, Places]:
        """Return which words name concepts, and which concepts.

        The first letters of a form are enough, but not of a place's name: in Spanish "viento" is
        not Viennese.

        Args:
            words: Folded, each with its language.
        """
        known = np.flatnonzero(places >= 0)
        capitals = None if have_capitals is None else have_capitals[known]
        fits = fitting(self._concepts, places[known], lengths[known], is_upper[known], capitals)
        word = known[fits.forms]
        whole = np.flatnonzero(fits.behind)
        is_small = np.zeros(len(words), dtype=np.bool_)
        if have_capitals is not None:
            is_small = ~have_capitals & [language not in CASELESS for language in languages]
        asked = (each[whole].tolist() for each in (word, fits.lengths, fits.behind))
        is_other = [
            self._is_misread(words[n], languages[n], length, behind, is_small=bool(is_small[n]))
            for n, length, behind in zip(*asked, strict=True)
        ]
        misread = whole[np.array(is_other, dtype=np.bool_)]
        return np.delete(word, misread), np.delete(fits.numbers, misread)

    def _with_cores(
        self,
        new: "_New",
        cores: Mapping[int, str],
        named: tuple[Places, Places],
        lengths: Places,
    ) -> tuple[Places, Places]:
        """Return what words name, or else what is left of them without what is joined to them."""
        if not cores:
            return named
        naming = {*named[0].tolist()}
        alone = [n for n, core in cores.items() if n not in naming and len(core) < lengths[n]]
        if not alone:
            return named
        hashes = self._concepts.hashes_of([shortened(cores[n]) for n in alone])
        places = self._concepts.places(self._concepts.with_words(self._begun(new)[alone], hashes))
        shorter = np.array([len(cores[n]) for n in alone], dtype=np.int64)
        is_upper = np.zeros(len(alone), dtype=np.bool_)
        left, languages = [cores[n] for n in alone], [new.languages[n] for n in alone]
        word, numbers = self._fitting(places, shorter, is_upper, left, languages)
        every = np.concatenate((named[0], np.array(alone, dtype=np.int64)[word]))
        return every, np.concatenate((named[1], numbers))

    def _keep_named(self, rows: Signs, word: Places, numbers: Places) -> None:
        """Keep which concepts words name, each once and in order."""
        is_word = rows[Column.KIND, word] == Is.WORD
        pairs = np.sort(word[is_word] << 32 | numbers[is_word])
        pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
        counts = np.bincount(pairs >> 32, minlength=rows.shape[1])
        ends = counts.cumsum() + len(self._named)
        rows[Column.NAMED_END] = np.where(counts > 0, ends, 0)
        rows[Column.NAMED] = np.where(counts > 0, ends - counts, 0)
        self._named.frombytes(concept_signs(pairs & 0xFFFFFFFF).tobytes())

    def _name(
        self,
        rows: Signs,
        new: "_New",
        cores: Mapping[int, str],
        have_capitals: NDArray[np.bool_],
    ) -> None:
        """Fill in the signs of what may be names."""
        may_be = (rows[Column.KIND] == Is.WORD) & (rows[Column.LENGTH] > COMMON_LENGTH)
        is_caseless = np.zeros(rows.shape[1], dtype=np.bool_)
        is_caseless[new.those(CASELESS.__contains__)] = True
        places = np.flatnonzero(may_be & ~is_caseless & have_capitals).tolist()
        heard = [new.written[place] for place in places]
        for place in np.flatnonzero(may_be & is_caseless).tolist():
            folded = new.folded[place]
            core = cores.get(place, folded)
            if self._common(new.languages[place]).isdisjoint((folded, core)):
                places.append(place)
                heard.append(core)
        with_cases = {*new.those(has_cases)}
        left = {
            place: name
            for place in (with_cases.intersection(places) if with_cases else ())
            if (name := without_case(new.folded[place], new.languages[place]))
        }
        signs = self._sounds.signs([*heard, *left.values()])  # one call costs less than two
        rows[Column.NAME, places] = signs[: len(heard)]
        rows[Column.UNINFLECTED, [*left]] = signs[len(heard) :]

    def _keep(self, written: Sequence[str], rows: Signs, keys: Keys) -> None:
        start, end = len(self.written), len(self.written) + len(written)
        room = self._columns.shape[1]
        if end > room:  # not twice as much: most of it would lie there for nothing
            more = (0, 0), (0, max(end - room, room // 4))
            self._columns, self._keys = np.pad(self._columns, more), np.pad(self._keys, more)
        self._columns[:, start:end] = rows
        self._keys[:, start:end] = keys
        self.written.extend(written)


class _New:
    """Words that nobody has met.

    Attributes:
        numbers: Of their languages.
        numbered: Of each word, the number of its language.
    """

    def __init__(
        self, languages: Sequence[str], written: Sequence[str], folded: Sequence[str]
    ) -> None:
        self.languages, self.written, self.folded = languages, written, folded
        self.numbers = {each: number for number, each in enumerate(dict.fromkeys(languages))}
        self.numbered = np.array([*map(self.numbers.__getitem__, languages)])

    def those(self, is_wanted: Callable[[str], bool]) -> list[int]:
        """Return which are of languages that are wanted."""
        wanted = np.array([is_wanted(language) for language in self.numbers])
        those: list[int] = np.flatnonzero(wanted[self.numbered]).tolist()
        return those


class Fits(NamedTuple):
    """What forms name.

    Attributes:
        forms: Which they are.
        numbers: Of the concepts.
        lengths, behind: Of the forms that these are called by, as `Named` has them.
    """

    forms: Places
    numbers: Places
    lengths: Places
    behind: Signs


def fitting(
    concepts: Concepts,
    places: Places,
    lengths: Places,
    is_upper: NDArray[np.bool_],
    has_capital: NDArray[np.bool_] | None = None,
) -> Fits:
    """Return which of these forms name something, and what; several times if they name several.

    Acronyms are named in capitals only, and inflection is bounded. Everyday words begin as places
    do, too, "based" as Basel, but not with a capital.

    Args:
        lengths: Of the last word of each form.
        is_upper: Whether the first is in capitals.
        has_capital: Whether it begins with one; None where that is not asked.
    """
    named = concepts.named(places)
    form = np.arange(len(places)).repeat(named.counts)
    fits = np.abs(lengths[form] - named.lengths) <= MOST_INFLECTED
    fits &= ~named.is_acronym | is_upper[form]
    if has_capital is not None:
        fits &= ~named.has_capital | has_capital[form]
    return Fits(form[fits], named.numbers[fits], named.lengths[fits], named.behind[fits])
