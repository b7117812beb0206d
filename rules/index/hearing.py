"""What rules listen for in native memory, and which words of articles may be it."""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from rules.index.engine import Engine, Rows, codes
from rules.index.spoken import (
    Said,
    composed,
    costs,
    known_scripts,
    letter_row,
    lines,
    said_in,
    said_row,
)
from rules.languages.phonemes import PLAIN, Profile, digraphs
from rules.text.scanned import Scanned

_LETTERS = 0x20000
_OWN_KINDS = 128


class Hearing:
    """Words of rules in native memory, and languages of texts in which they may be heard."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._known = np.zeros(_LETTERS, np.bool_)
        self._own: dict[Profile, int] = {}
        self._heard: list[int] = []
        self._scripts: set[int] = set()
        self._endings: dict[frozenset[str], int] = {}
        scripts = known_scripts()
        for number, table in enumerate(scripts.spelled):
            engine.tell("know_spelling", table, of=(number,))
        for number, row in enumerate(scripts.rows):
            engine.tell("know_script", row, of=(number,))
            engine.tell("know_script", said_row(row), of=(said_in(number),))
        self._know_letters([ord(letter) for row in _letters_of_pairs() for letter in row])
        self._meet(scripts.kinds.index(PLAIN))
        self.own_kind(PLAIN)

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
        self.engine.give(padded.view(np.int32))
        self.engine.call("know_costs", kind, self._own[own])

    def endings(self, endings: frozenset[str]) -> int:
        """Return the number of endings that may stand behind a stem."""
        number = self._endings.get(endings)
        if number is None:
            rows = lines(sorted(endings))
            number = self._endings[endings] = self.engine.tell("know_endings", rows)
        return number

    def learn(self, rows: Sequence[int]) -> None:
        """Take in what rules listen for: `rules.index.cognates` writes the rows."""
        self.engine.tell("learn", rows)

    def open_language(self, endings: Iterable[str], *, plain_j: bool) -> int:
        """Return the number of a new language of texts, by its endings as sounds."""
        rows = [int(plain_j), *lines(each for each in sorted(endings) if each)]
        return self.engine.tell("open_language", rows)

    def count_ways(self, language: int, flags: NDArray[np.uint8]) -> None:
        """Say how the next ways count in a language."""
        self.engine.give_bytes(flags)
        self.engine.call("count_ways", language, len(flags))

    def forget(self, language: int) -> None:
        """Forget the words that were heard in a language."""
        self.engine.call("forget", language)

    def look_up(self, language: int, scan: Scanned) -> list[int]:
        """Look up an article's words, and return where those stand that were never heard."""
        ends = (each.astype(np.int32) for each in (scan.froms, scan.tos))
        self.engine.give(*ends, scan.codes)
        count = self.engine.call("look_up", language, len(scan.froms), len(scan.codes))
        fresh: list[int] = self.engine.answer(count).tolist()
        return fresh

    def hear(
        self, language: int, flags: Sequence[int], said: Said, letters: str, *, has_names: bool
    ) -> None:
        """Hear the words that were never heard.

        Args:
            flags: Of each word.
            said: The ways to say them, in order; without line breaks.
            letters: How each is written, nothing of a run, in lines.
            has_names: Whether rules that are written in the language name anybody.
        """
        spoken, written = codes(composed(said.texts)), codes(letters)
        self.know_letters(spoken)
        self._meet_scripts(said.rows[1::3])
        rows = np.array([*flags, *said.rows], np.int32)
        self.engine.give(rows, spoken, written)
        sizes = (len(flags), len(said.texts), len(spoken), len(written), int(has_names))
        self.engine.call("hear", language, *sizes)

    def read(self, language: int, slots: Sequence[int], begun: Sequence[int], rests: str) -> Rows:
        """Return terms that the article may hold that was looked up, each with a word's place.

        Args:
            slots: As `read` in `native/hearing.h` wants them, as `begun`, and `rests` in lines.
        """
        letters = codes(rests)
        if len(letters):
            self.know_letters(letters)
        self.engine.give(*(np.array(each, np.int32) for each in (slots, begun)), letters)
        count = self.engine.call("read", language, len(slots), len(begun), len(letters))
        return self.engine.answer(count * 2).reshape(count, 2) if count else _NOTHING

    def know_letters(self, letters: Rows) -> None:
        """Look up letters that are met for the first time."""
        inside = letters[letters < _LETTERS]
        fresh = inside[~self._known[inside]]
        if len(fresh):
            self._know_letters(np.unique(fresh).tolist())

    def _know_letters(self, letters: Iterable[int]) -> None:
        every = [letter_row(chr(code)) for code in letters]
        self._known[[row[0] for row in every]] = True
        self._meet_scripts(row[1] for row in every)
        self.engine.tell("know_letters", list(chain.from_iterable(every)))


_NOTHING = np.zeros((0, 2), np.int32)


def _letters_of_pairs() -> Iterable[str]:
    """Return what letters become that sound otherwise together, and the vowel between two."""
    rows = [cell for every in digraphs().values() for row in every for cell in row]
    return ["a\n", *rows]
