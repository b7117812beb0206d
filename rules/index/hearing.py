"""The native part of an index: what rules listen for, and which words of articles may be it."""

import threading
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rules.index.spoken import (
    composed,
    costs,
    known_scripts,
    letter_row,
    lines,
    said_in,
    said_row,
)
from rules.languages import compounds
from rules.languages.phonemes import PLAIN, Profile, digraphs

if TYPE_CHECKING:
    from common.native.kernel import Kernel

_COMPILED = Path(__file__).parent / "native" / "hearing.wasm"
_LETTERS = 0x20000
_OWN_KINDS = 128

Rows = NDArray[np.int32]


class Hearing:
    """Words of rules in native memory, and languages of texts in which they may be heard.

    One thread at a time: `lock` is held while a method runs, and by who needs several of them.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._kernel = _new_kernel()
        self._at = self._room = 0
        self._known = np.zeros(_LETTERS, np.bool_)
        self._own: dict[Profile, int] = {}
        self._heard: list[int] = []
        self._scripts: set[int] = set()
        self._endings: dict[frozenset[str], int] = {}
        scripts = known_scripts()
        for number, table in enumerate(scripts.spelled):
            self._tell("know_spelling", number, table)
        for number, row in enumerate(scripts.rows):
            self._tell("know_script", number, row)
            self._tell("know_script", said_in(number), said_row(row))
        links = [number for link in compounds.LINKS for number in (len(link), *map(ord, link))]
        self._kernel.call("know_links", self._give(links))
        self._know_letters([ord(letter) for row in _letters_of_pairs() for letter in row])
        self._meet(scripts.kinds.index(PLAIN))
        self.own_kind(PLAIN)

    def _tell(self, name: str, number: int, row: Sequence[int]) -> None:
        self._kernel.call(name, number, self._give(row))

    def _give(self, *parts: "Sequence[int] | Rows") -> int:
        """Lay numbers before the kernel, and return how many."""
        arrays = [np.asarray(part, np.int32) for part in parts]
        count = sum(map(len, arrays))
        if count > self._room:
            self._room = 1 << max(10, count.bit_length())
            self._at = self._kernel.call("room_for", self._room * 4)
        np.concatenate(arrays, out=self._kernel.view(self._at, np.int32, count))
        return count

    def own_kind(self, profile: Profile) -> int:
        """Return the number of how a word of rules treats sounds."""
        number = self._own.get(profile)
        if number is None:
            number = self._own[profile] = len(self._own)
            assert number < _OWN_KINDS
            for heard in self._heard:
                self._know_costs(heard, profile)
        return number

    def _meet(self, kind: int) -> None:
        """Let words of texts come that treat sounds in a way."""
        if kind not in self._heard:
            self._heard.append(kind)
            for own in self._own:
                self._know_costs(kind, own)

    def _meet_scripts(self, numbers: Iterable[int]) -> None:
        for number in set(numbers) - self._scripts:
            self._scripts.add(number)
            self._meet(known_scripts().kind_of(number))

    def _know_costs(self, kind: int, own: Profile) -> None:
        values = costs(known_scripts().kinds[kind], own)
        padded = np.append(values, np.zeros(len(values) % 2, np.int16))
        self._give(padded.view(np.int32))
        self._kernel.call("know_costs", kind, self._own[own])

    def endings(self, endings: frozenset[str]) -> int:
        """Return the number of endings that may stand behind a stem."""
        number = self._endings.get(endings)
        if number is None:
            rows = lines(sorted(endings))
            number = self._endings[endings] = self._kernel.call("know_endings", self._give(rows))
        return number

    def learn(self, rows: Sequence[int]) -> None:
        """Take in what rules listen for: `rules.index.cognates` writes the rows."""
        with self.lock:
            self._kernel.call("learn", self._give(rows))

    def open_language(self, endings: Iterable[str], *, plain_j: bool) -> int:
        """Return the number of a new language of texts, by its endings as sounds."""
        with self.lock:
            rows = [int(plain_j), *lines(each for each in sorted(endings) if each)]
            return self._kernel.call("open_language", self._give(rows))

    def count_ways(self, language: int, flags: NDArray[np.uint8]) -> None:
        """Say how the next ways count in a language."""
        with self.lock:
            padded = np.append(flags, np.zeros(-len(flags) % 4, np.uint8))
            self._give(padded.view(np.int32))
            self._kernel.call("count_ways", language, len(flags))

    def forget(self, language: int) -> None:
        """Forget the words that were heard in a language."""
        with self.lock:
            self._kernel.call("forget", language)

    def hear(
        self,
        language: int,
        texts: Sequence[str],
        rows: Sequence[int],
        folded: Sequence[str],
        *,
        has_names: bool,
    ) -> int:
        """Hear words, and return the number of the first one.

        Args:
            texts: Each way to say one, in order; without line breaks.
            rows: For each, the number of its word, its script, and flags.
            folded: For each word how it is written, nothing of a run.
            has_names: Whether rules that are written in the language name anybody.
        """
        with self.lock:
            codes, letters = _codes(composed(texts)), _codes("\n".join(folded))
            self.know_letters(codes)
            self._meet_scripts(rows[1::3])
            self._give(rows, codes, letters)
            return self._kernel.call(
                "hear", language, len(texts), len(codes), len(letters), int(has_names)
            )

    def read(
        self, language: int, words: Rows, slots: Sequence[int], begun: Sequence[int], rests: str
    ) -> Rows:
        """Return terms that an article may hold, each with the place of one of its words.

        Args:
            words: The numbers of words, then their flags.
            slots: As `read` in `native/hearing.c` wants them, as `begun`, and `rests` in lines.
        """
        with self.lock:
            codes = _codes(rests)
            if len(codes):
                self.know_letters(codes)
            self._give(words, slots, begun, codes)
            count = self._kernel.call(
                "read", language, len(words) // 2, len(slots), len(begun), len(codes)
            )
            if not count:
                return _NOTHING
            found = self._kernel.view(self._kernel.call("answer"), np.int32, count * 2)
            return found.reshape(count, 2).copy()

    def know_letters(self, codes: Rows) -> None:
        """Look up letters that are met for the first time."""
        inside = codes[codes < _LETTERS]
        fresh = inside[~self._known[inside]]
        if len(fresh):
            self._know_letters(np.unique(fresh).tolist())

    def _know_letters(self, codes: Iterable[int]) -> None:
        every = [letter_row(chr(code)) for code in codes]
        self._known[[row[0] for row in every]] = True
        self._meet_scripts(row[1] for row in every)
        self._kernel.call("know_letters", self._give(list(chain.from_iterable(every))))


def _new_kernel() -> "Kernel":
    from common.native.kernel import Kernel  # which is slow to import, and often not needed

    return Kernel(_COMPILED)


_NOTHING = np.zeros((0, 2), np.int32)


def _codes(text: str) -> Rows:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.int32)


def _letters_of_pairs() -> Iterable[str]:
    """Return what letters become that sound otherwise together, and the vowel between two."""
    rows = [cell for every in digraphs().values() for row in every for cell in row]
    return ["a\n", *rows]
