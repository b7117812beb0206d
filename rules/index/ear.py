"""Which words of an archive may be words of rules in another spelling, by their sounds.

Where an index of rules hears articles one by one, this hears each word once that any of them has;
so a rule that comes later finds the few articles that may be meant for it. Words come as the
search index has them, of all languages at once: one may be too many, but none too few.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from rules.data.tables import has_plain_j, latin_of
from rules.index.cognates import CognateIndex
from rules.index.memory.engine import Engine
from rules.index.sounds.hearing import Hearing
from rules.languages.transcribed import sounds_of
from rules.patterns.term import FuzzyWord

_ANY_RUN, _NAME_SIGNS = -1, -2
_BEHIND = 1 << 24
"""From here on are the numbers of words behind others."""

_SIGNS_AT_ONCE = 20_000
_COUNTS = 1
_J = "j"


class Ear:
    """Listens for words of rules.

    Attributes:
        heard: By what is listened for, by number, the words that it may be.
        begun: The same of signs that write names: the first two, with the second and third.
        open_runs: With these letters begin runs of which nothing is known but that.
    """

    def __init__(self, languages: Iterable[str]) -> None:
        """Listen in texts of some languages, and in those of which it is not known."""
        self.heard: dict[int, dict[str, None]] = {}
        self.begun: dict[int, dict[str, set[str]]] = {}
        self.open_runs: set[str] = set()
        self._languages = ["", *languages]
        self._cognates = CognateIndex(Engine())
        self._ways: dict[tuple[FuzzyWord, ...], int | None] = {}
        self._behind: dict[tuple[str, int], int] = {}
        self._signs: dict[str, set[str]] = {}

    def listen(self, *words: FuzzyWord) -> int | None:
        """Listen for a word, or for two as one; return its number, None if it has no sound."""
        if words not in self._ways:
            self._ways[words] = self._cognates.alone(*words)
        return self._ways[words]

    def listen_behind(self, folded: str, word: FuzzyWord) -> int | None:
        """Listen for a word right behind other letters; return its number."""
        way = self.listen(word)
        if way is None:
            return None
        return self._behind.setdefault((folded, way), _BEHIND + len(self._behind))

    def hear(self, words: Iterable[str]) -> None:
        """Hear all words, some lines at a time; nothing more may be listened for then."""
        self._cognates.listen()
        hearing = self._cognates.hearing
        groups = self._ready(hearing)
        for lines in words:
            for language, only in groups:
                self._answered(lines, hearing.hear_words(language, lines, only))
        self._hear_signs(hearing)

    def _answered(self, lines: str, answers: list[int]) -> None:
        if not answers:
            return
        every = lines.split("\n")
        for place, way in zip(answers[::2], answers[1::2], strict=True):
            word = every[place]
            if way == _NAME_SIGNS:
                self._signs.setdefault(word[0], set()).add(word)
            elif way == _ANY_RUN:
                self.open_runs.add(word[0])
            else:
                self.heard.setdefault(way, {})[word] = None

    def _hear_signs(self, hearing: Hearing) -> None:
        """Find out which names signs may begin: two that say all of one, or three."""
        pairs = [pair for some in self._signs.values() for pair in some]
        begun = []
        for pair, way, is_all in _said(hearing, pairs):
            if is_all:
                self.heard.setdefault(way, {})[pair] = None
            else:
                begun.append(pair)
        threes = (pair + next_[1] for pair in set(begun) for next_ in self._signs.get(pair[1], ()))
        while some := list(itertools.islice(threes, _SIGNS_AT_ONCE)):
            for signs, way, _ in _said(hearing, some):
                if signs[:2] not in self.heard.get(way, ()):
                    self.begun.setdefault(way, {}).setdefault(signs[:2], set()).add(signs[1:])

    def _ready(self, hearing: Hearing) -> list[tuple[int, str]]:
        """Return what words are heard as, each with the letter without which it is nothing new."""
        rows = [
            number
            for (folded, way), called in self._behind.items()
            for number in (called, way, len(folded), *map(ord, folded))
        ]
        hearing.engine.tell("know_begun", rows)
        flags = np.full(len(self._cognates.lone), _COUNTS, np.uint8)
        groups = []
        for one, others, only in _read_alike(self._languages):
            number = hearing.open_languages(one, others)
            hearing.count_ways(number, flags)
            groups.append((number, only))
        return groups


def _said(hearing: Hearing, signs: Sequence[str]) -> Iterator[tuple[str, int, bool]]:
    """Yield which signs may begin which way, and whether they may be all of it."""
    answers = hearing.hear_signs([sounds_of(each) for each in signs])
    for answer, way in zip(answers[::2], answers[1::2], strict=True):
        yield signs[answer // 2], way, bool(answer % 2)


def _read_alike(languages: Iterable[str]) -> Iterator[tuple[str, list[str], str]]:
    """Yield languages that read letters alike: one, and all; in which words others read it so.

    A word may have the endings of each. Where some say j as i, only words with one differ.
    """
    by_latin: dict[str, list[str]] = {}
    for language in languages:
        by_latin.setdefault(latin_of(language), []).append(language)
    for every in by_latin.values():
        first, *others = {has_plain_j(language): language for language in every}.values()
        yield first, every, ""
        for other in others:
            yield other, every, _J
