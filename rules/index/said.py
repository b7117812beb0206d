"""New words of a text, and which words of rules they sound like: all at once, in numpy."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rules.index.cognates import IN_CAPITALS, IN_LONG_WORDS, WITH_VOWELS, CognateIndex
from rules.index.sounds import Fresh, Sounds, sounds_of
from rules.languages import compounds
from rules.languages.bulk_phonemes import longest_keys
from rules.languages.bulk_similarity import Heard, Numbers
from rules.languages.phonemes import Phonemes, Profile
from rules.languages.phonetic_keys import THINNED
from rules.languages.scripts import has_capitals

_FEW = 6
"""So few pairs are compared one by one at less cost."""


@cache
def is_small(letter: str) -> bool:
    """Whether a name would not begin with this letter: it is small where names have capitals."""
    return not letter.isupper() and has_capitals(letter)


class Said:
    """Words of a text, and what they may sound like.

    Attributes:
        keys: For each word, what its first consonants may be; none if it is nothing of any rule.
    """

    def __init__(self, some: Sequence[Fresh], language: str, cognates: CognateIndex) -> None:
        self.keys: list[tuple[str, ...]] = [()] * len(some)
        self._some = some
        self._cognates = cognates
        self._texts: list[str] = []
        self._words: list[int] = []
        self._profiles: list[Profile] = []
        self._lacks: list[int] = []
        self._open: set[int] = set()
        self._counts: list[int] = []
        self._parts: list[Numbers] = []
        for sounds in sounds_of(some, language):
            self._take(sounds)

    def _take(self, sounds: Sounds) -> None:
        first, count = len(self._texts), len(sounds.texts)
        self._texts += sounds.texts
        self._words += sounds.words
        self._profiles += [sounds.profile] * count
        if sounds.are_runs:
            self._open.update(range(first, first + count))
        self._lacks += [
            WITH_VOWELS * sounds.have_prefixes + IN_LONG_WORDS * sounds.are_runs
        ] * count
        mark = THINNED if sounds.profile.drops else ""
        listened_for = self._cognates.under(sounds.group, drops=bool(mark))
        keys = self.keys
        for word, kept in zip(sounds.words, sounds.consonants, strict=True):
            found = longest_keys(kept)
            self._parts += map(listened_for.__getitem__, found)
            self._counts.append(len(found))
            if mark:
                found = [mark + key for key in found]
            keys[word] = (*keys[word], *found) if keys[word] else tuple(found)

    def phonemes_of(self, word: int) -> list[Phonemes]:
        """Return each way to say a word; no word of a text is weighed."""
        return [
            Phonemes(self._texts[at], 0.0, self._profiles[at])
            for at, each in enumerate(self._words)
            if each == word
        ]

    def near(self, counting: NDArray[np.bool_], endings: frozenset[str]) -> dict[int, set[int]]:
        """Return for each word what it may be of all that is listened for.

        Args:
            counting: What of that counts.
            endings: Of the text's language, as sounds.
        """
        if not self._parts:
            return {}
        every = np.arange(len(self._texts))
        columns = np.repeat(every, np.array(self._counts, np.intp))
        sizes = np.fromiter(map(len, self._parts), np.intp, len(self._parts))
        columns = np.repeat(columns, sizes)
        entries = np.concatenate(self._parts)
        size = len(counting)
        known = entries < size  # another thread may be adding rules
        entries, columns = entries[known], columns[known]
        likely = counting[entries]
        likely &= self._cognates.only()[entries] & self._all_lacks()[columns] == 0
        # Once each: what begins in several ways was looked up for each of these.
        pairs = np.unique(columns[likely] * size + entries[likely])
        columns, entries = np.divmod(pairs, size)
        found: dict[int, set[int]] = {}
        if len(entries) <= _FEW:
            for entry, column in zip(entries.tolist(), columns.tolist(), strict=True):
                found.setdefault(self._words[column], set()).add(entry)
            return found
        used, columns = np.unique(columns, return_inverse=True)
        numbers = used.tolist()
        heard = Heard(
            [self._texts[number] for number in numbers],
            [self._profiles[number] for number in numbers],
            endings,
            [at for at, number in enumerate(numbers) if number in self._open],
        )
        near = np.flatnonzero(self._cognates.wanted.are_near(entries, heard, columns))
        for entry, column in zip(entries[near].tolist(), columns[near].tolist(), strict=True):
            found.setdefault(self._words[numbers[column]], set()).add(entry)
        return found

    def _all_lacks(self) -> NDArray[np.uint8]:
        """Return for each way to say a word what it lacks of what some words of rules need."""
        small = np.array([is_small(word.text[0]) for word in self._some], np.uint8)
        lacks = np.array(self._lacks, np.uint8) | small[self._words] * np.uint8(IN_CAPITALS)
        lengths = np.fromiter(map(len, self._texts), np.intp, len(self._texts))
        lacks[lengths < compounds.SHORTEST] |= IN_LONG_WORDS
        return lacks
