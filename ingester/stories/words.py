"""What is known of words as they are written, in columns, so that many are looked up at once."""

from array import array
from collections.abc import Mapping, Sequence
from enum import IntEnum
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from common.stems import MOST_INFLECTED, bare, is_joined, shortened
from ingester.stories.cutting import BREAK, Cutter
from ingester.stories.names import skeletons
from ingester.stories.prints import Kind, tokens
from ingester.stories.signs import (
    Common,
    Concepts,
    Fold,
    Keys,
    Places,
    Signs,
    concept_signs,
    name_sign,
    number_sign,
    word_signs,
)

COMMON_LENGTH = 3
"""Shorter words are common ones, as long as the archive is too small to tell."""
CASELESS = frozenset(
    {"ar", "he", "fa", "ur", "hi", "bn", "ta", "ka", "te", "mr", "th", "ko", "my", "km", "lo"}
    | {"am", "ne", "si", "gu", "pa", "ml", "kn", "or", "ps", "ckb"}
)
"""Languages whose script has no capitals, so that names do not show."""
MOST_KEPT = 40_000
"""So many words are remembered."""


class Column(IntEnum):
    """What is known of a word.

    SIGN: Of its stem; of a number, of its digits. A common word's is odd, others' even.
    TOKEN: Stands for it where texts are compared word by word.
    NAME: The sign of its sound, if it may be a name; else 0.
    LONGEST: So many words the longest form has that begins with it.
    NAMED, NAMED_END: From where to where the signs of the concepts stand that it names alone.
    LENGTH: Of the word when folded.
    IS_UPPER: Whether all of it is in capitals.
    HASH, KEY: What it adds to a form's key, and that of the form that it is alone.
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
    HASH = 9
    KEY = 10


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

    def __init__(self, fold: Fold, concepts: Concepts, common: Common) -> None:
        self._fold = fold
        self._concepts = concepts
        self._common = common
        self._cut = Cutter()
        self._forget()

    def _forget(self) -> None:
        self._cut.forget()
        self._columns = np.zeros((1_024, len(Column)), dtype=np.int64)
        self._columns[BREAK, Column.KIND] = Is.BREAK
        self.written, self._named = [""], array("I", [0])

    @property
    def columns(self) -> NDArray[np.int64]:
        """All rows."""
        return self._columns

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
            if found.new:
                self._add(found.new)
        except Exception:
            self._forget()  # what was cut is taken for known
            raise
        return found.rows, found.ends

    def _add(self, new: Sequence[tuple[str, str]]) -> None:
        """Make rows of words of languages, of all at once: one by one costs three times that."""
        languages, written = [language for language, _ in new], [word for _, word in new]
        folded = self._folded(written)
        stems, lengths = [*map(shortened, folded)], np.array([*map(len, folded)])
        rows = np.zeros((len(new), len(Column)), dtype=np.int64)
        rows[:, Column.LENGTH] = lengths
        rows[:, Column.IS_UPPER] = is_upper = np.array([*map(str.isupper, written)])
        hashes, keys, places = self._looked_up(languages, stems)
        rows[:, Column.HASH], rows[:, Column.KEY] = hashes.view(np.int64), keys.view(np.int64)
        rows[:, Column.LONGEST] = self._concepts.longest(places)
        named = self._fitting(places, lengths, is_upper)
        joined = [place for place, language in enumerate(languages) if is_joined(language)]
        cores = {place: bare(folded[place], languages[place]) for place in joined}
        alone = [n for n, core in cores.items() if n not in named and len(core) < lengths[n]]
        if alone:
            own = [languages[n] for n in alone]
            _, _, places = self._looked_up(own, [shortened(cores[n]) for n in alone])
            shorter = np.array([len(cores[n]) for n in alone], dtype=np.int64)
            in_small = np.zeros(len(alone), dtype=np.bool_)
            by_core = self._fitting(places, shorter, in_small)
            named |= {alone[n]: numbers for n, numbers in by_core.items()}
        self._fill(rows, written, folded, stems)
        self._keep_named(rows, named)
        self._name(rows, new, folded, cores)
        self._keep(new, rows)

    def _folded(self, words: Sequence[str]) -> list[str]:
        """Fold words, those that need more than small letters apart from the others."""
        is_plain = [word.isascii() for word in words]
        plain = iter(self._fold("\n".join(compress(words, is_plain))).split("\n"))
        others = [word for word in words if not word.isascii()]
        folded = iter(self._fold("\n".join(others)).split("\n"))
        return [next(plain if each else folded) for each in is_plain]

    def _looked_up(
        self, languages: Sequence[str], stems: Sequence[str]
    ) -> tuple[Keys, Keys, Places]:
        """Return the hashes and keys of words, and where they are known."""
        hashes = self._concepts.hashes_of(stems)
        each = [*dict.fromkeys(languages)]
        begun = dict(zip(each, self._concepts.hashes_of(each), strict=True))
        keys = np.array([begun[language] for language in languages], dtype=np.uint64)
        keys = self._concepts.with_words(keys, hashes)
        return hashes, keys, self._concepts.places(keys)

    def _fitting(
        self, places: Places, lengths: Places, is_upper: NDArray[np.bool_]
    ) -> dict[int, set[int]]:
        """Return the concepts that words name, of those that name any."""
        known = np.flatnonzero(places >= 0)
        word, numbers = fitting(self._concepts, places[known], lengths[known], is_upper[known])
        named: dict[int, set[int]] = {}
        for place, number in zip(known[word].tolist(), numbers.tolist(), strict=True):
            named.setdefault(place, set()).add(number)
        return named

    @staticmethod
    def _fill(
        rows: NDArray[np.int64],
        written: Sequence[str],
        folded: Sequence[str],
        stems: Sequence[str],
    ) -> None:
        """Fill in what words are, their signs and tokens."""
        is_number = np.array([*map(str.isdigit, folded)])
        has_capital = np.array([word[0].isupper() for word in written])
        kinds = np.where(is_number, Is.NUMBER, Is.WORD)
        rows[:, Column.KIND] = kinds
        rows[:, Column.SIGN] = word_signs(stems, rows[:, Column.LENGTH] <= COMMON_LENGTH)
        for place in np.flatnonzero(is_number).tolist():
            rows[place, Column.SIGN] = number_sign(folded[place].lstrip("0"))
        kinds = np.where(is_number, Kind.NUMBER, np.where(has_capital, Kind.NAME, Kind.WORD))
        rows[:, Column.TOKEN] = tokens(folded, kinds)
        rows[is_number, Column.LONGEST] = 1

    def _keep_named(self, rows: NDArray[np.int64], named: Mapping[int, set[int]]) -> None:
        """Keep which concepts words name, of those that name any."""
        is_word = (rows[:, Column.KIND] == Is.WORD).tolist()
        named = {place: numbers for place, numbers in named.items() if is_word[place]}
        counts = [*map(len, named.values())]
        every = [number for numbers in named.values() for number in sorted(numbers)]
        ends = np.cumsum(counts, dtype=np.int64) + len(self._named)
        rows[[*named], Column.NAMED_END] = ends
        rows[[*named], Column.NAMED] = ends - counts
        self._named.extend(concept_signs(np.array(every, dtype=np.int64)).tolist())

    def _name(
        self,
        rows: NDArray[np.int64],
        words: Sequence[tuple[str, str]],
        folded: Sequence[str],
        cores: Mapping[int, str],
    ) -> None:
        """Fill in the signs of what may be names."""
        is_long = (rows[:, Column.KIND] == Is.WORD) & (rows[:, Column.LENGTH] > COMMON_LENGTH)
        heard: dict[int, str] = {}
        for place in np.flatnonzero(is_long).tolist():
            language, written = words[place]
            if language not in CASELESS:
                if written[0].isupper():
                    heard[place] = written
                continue
            core = cores.get(place, folded[place])
            if self._common(language).isdisjoint((folded[place], core)):
                heard[place] = core
        sounds = skeletons([*heard.values()])
        rows[[*heard], Column.NAME] = [*map(name_sign, sounds)]

    def _keep(self, new: Sequence[tuple[str, str]], rows: NDArray[np.int64]) -> None:
        start, end = len(self.written), len(self.written) + len(new)
        while end > len(self._columns):
            self._columns = np.concatenate((self._columns, np.zeros_like(self._columns)))
        self._columns[start:end] = rows
        self.written += [written for _, written in new]


def fitting(
    concepts: Concepts, places: Places, lengths: Places, is_upper: NDArray[np.bool_]
) -> tuple[Places, Places]:
    """Return which of these forms name something, and what; several times if they name several.

    Acronyms are named in capitals only, and inflection is bounded.

    Args:
        lengths: Of the last word of each form.
        is_upper: Whether the first is in capitals.
    """
    named = concepts.named(places)
    form = np.arange(len(places)).repeat(named.counts)
    fits = np.abs(lengths[form] - named.lengths) <= MOST_INFLECTED
    fits &= ~named.is_acronym | is_upper[form]
    return form[fits], named.numbers[fits]
