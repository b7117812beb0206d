"""What rules listen for in native memory, and which words of articles may be it."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.data.tables import has_plain_j, latin_of
from rules.index.memory.engine import Engine, codes, spelled
from rules.index.memory.kept import Lasting
from rules.index.sounds.name_letters import letters_row
from rules.index.sounds.said import Said
from rules.index.sounds.spoken import (
    alternatives_of,
    costs,
    hardly_told_apart,
    known_scripts,
    letter_row,
    lines,
    said_in,
    said_row,
    writing,
)
from rules.languages.everyday import everyday_lines
from rules.languages.inflection import ending_phonemes, prefixes
from rules.languages.phonemes import PLAIN, TRANSCRIBED, Profile, alternatives, digraphs
from rules.languages.scripts import has_other_letters

_OWN_KINDS = 128
_BETWEEN = "a\n"
"""A vowel between two letters, and what parts words."""


class Hearing(Lasting):
    """Words of rules in native memory, and languages of texts in which they may be heard."""

    LASTING = ("_own", "_heard", "_scripts", "_endings")

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._own: dict[tuple[Any, ...], int] = {}
        self._heard: list[int] = []
        self._scripts: set[int] = set()
        self._endings: dict[frozenset[str], int] = {}

    def _begin(self) -> None:
        """Tell native code what it must know before anything is listened for, once."""
        if self._own:
            return
        self._own[tuple(PLAIN)] = 0
        engine = self.engine
        engine.tell("know_near", hardly_told_apart())
        scripts = known_scripts()
        for number, table in enumerate(scripts.spelled):
            engine.tell("know_spelling", table, of=(number,))
        for number, row in enumerate(scripts.rows):
            engine.tell("know_script", row, of=(number,))
            engine.tell("know_script", said_row(row), of=(said_in(number),))
        for name, number in scripts.numbers.items():
            engine.tell("know_alternatives", alternatives_of(name), of=(number,))
        self._know_letters(map(ord, _BETWEEN))
        self._meet(scripts.kinds.index(PLAIN))

    def own_kind(self, profile: Profile) -> int:
        """Return the number of how a word of rules treats sounds."""
        if profile is PLAIN and self._own:
            return 0
        self._begin()
        number = self._own.get(profile)
        if number is None:
            number = self._own[tuple(profile)] = len(self._own)
            assert number < _OWN_KINDS
            for heard in self._heard:
                self._know_costs(heard, profile)
        return number

    def _meet(self, kind: int) -> None:
        """Let words of texts come that treat sounds in a way."""
        if kind not in self._heard:
            self._heard.append(kind)
            profile = known_scripts().kinds[kind]
            self.engine.tell("know_writing", writing(profile), of=(kind,))
            for own in self._own:
                self._know_costs(kind, Profile(*own))

    def _meet_scripts(self, numbers: Iterable[int]) -> None:
        scripts = known_scripts()
        for number in set(numbers) - self._scripts:
            self._scripts.add(number)
            self._meet(scripts.kind_of(number))
            if number < len(scripts.names):
                self._know_letters(set(map(ord, _letters_of_pairs(scripts.names[number]))))

    def _know_costs(self, kind: int, own: Profile) -> None:
        values = costs(known_scripts().kinds[kind], own)
        values.extend([0] * (len(values) % 2))
        with self.engine.lock:
            self.engine.give(values.tobytes())
            self.engine.call("know_costs", kind, self._own[own])

    def endings(self, endings: frozenset[str]) -> int:
        """Return the number of endings that may stand behind a stem."""
        number = self._endings.get(endings)
        if number is None:
            rows = lines(sorted(endings))
            number = self._endings[endings] = self.engine.tell("know_endings", rows)
        return number

    def open_language(self, language: str) -> int:
        """Return the number of a new language of texts."""
        number = self._open(language, (language,))
        everyday = codes(everyday_lines(language))
        self.engine.tell("know_everyday", everyday, of=(number,))
        self.engine.tell("know_prefixes", spelled(prefixes(language)), of=(number,))
        if letters := letters_row(language):
            self.engine.tell("know_letters_of_names", letters, of=(number,))
        return number

    def open_languages(self, one: str, others: Iterable[str]) -> int:
        """Return the number of what words of several languages are heard as.

        They are read as in one of these; none is a common one.
        """
        number = self._open(one, others)
        self.engine.tell("know_prefixes", spelled(prefixes("")), of=(number,))
        return number

    def _open(self, one: str, languages: Iterable[str]) -> int:
        self._begin()
        endings = {ending for each in languages for ending in ending_phonemes(each)}
        latin = known_scripts().numbers[latin_of(one)]
        self._meet_scripts([latin])
        reading = (int(has_plain_j(one)), latin, int(has_other_letters(one)))
        rows = [*reading, *lines(sorted(filter(None, endings)))]
        return self.engine.tell("open_language", rows)

    def count_ways(self, language: int, flags: NDArray[np.uint8]) -> int:
        """Say how the next ways count in a language, and return whether anything is heard in it."""
        self.engine.give(flags.tobytes())
        return self.engine.call("count_ways", language, len(flags))

    def forget(self, language: int) -> None:
        """Forget the words that were heard in a language."""
        self.engine.call("forget", language)

    def look_up(self, language: int) -> list[int]:
        """Look up the words of the article that was cut, and hear those that are new.

        Returns where those stand that are left to `hear`, each with its flags.
        """
        return self._asked("look_up", language)

    def hear_words(self, language: int, words: str, only: str = "") -> list[int]:
        """Hear words, a line each, with no article around; see `vocabulary.h`.

        Args:
            only: Only words with this letter.
        """
        arguments = (language, len(words), ord(only) if only else 0)
        return self._asked("hear_words", *arguments, given=codes(words))

    def hear_signs(self, said: Sequence[str]) -> list[int]:
        """Return which of these beginnings, as signs say them, may go on as which way."""
        spoken, script = "\n".join(said), said_in(known_scripts().numbers[TRANSCRIBED])
        self._meet_scripts([script])
        return self._asked("hear_signs", script, len(spoken), given=codes(spoken))

    def _asked(self, name: str, *arguments: int, given: bytes | None = None) -> list[int]:
        """Return what native code answers, once it knows all letters that it asks for."""
        count = -1
        while count < 0:
            if given is not None:
                self.engine.give(given)
            count = self.engine.call(name, *arguments)
            if count < 0:
                self._know_letters(set(self.engine.answer(-count).tolist()))
        left: list[int] = self.engine.answer(count).tolist() if count else []
        return left

    def hear(self, language: int, said: Said) -> None:
        """Hear the words that were left, said in these ways, in order; without line breaks."""
        spoken = "\n".join(said.texts)
        self._meet_scripts(said.rows[1::3])
        given = array("i", said.rows).tobytes() + codes(spoken)
        self._asked("hear", language, len(said.texts), len(spoken), given=given)

    def _know_letters(self, letters: Iterable[int]) -> None:
        """Let letters be known that are met for the first time, and small ones."""
        every = [letter_row(chr(code)) for code in letters]
        small = {row[3] for row in every}.difference(row[0] for row in every)
        every += [letter_row(chr(code)) for code in small]
        self._meet_scripts(row[1] for row in every)
        self.engine.tell("know_letters", list(chain.from_iterable(every)))


def _letters_of_pairs(script: str) -> str:
    """Return what letters of a script become that sound otherwise together, or in two ways."""
    every = (*digraphs().get(script, ()), *alternatives().get(script, ()))
    return "".join(chain.from_iterable(every))
