"""Consonants at their places: which words of texts are surely too far from a word of rules.

A bound of the distance of `rules.languages.similarity` that costs a tenth of it, for words so short
that their consonants can only stand for each other one by one, and vowels for those between.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from rules.languages.phonemes import VOWELS, Phonemes, Profile
from rules.languages.similarity import Known, costs_of
from rules.patterns.cognates import LEAST_ALONE, enough_for
from rules.patterns.term import BEGINS_A_COMPOUND, RuleWord, least
from rules.text.tokenizer import Word

_ONE = 1.0
"""What a consonant costs that is too much, or missing."""

_SLACK = 0.0001
_LOOSE = re.compile("[jhvN]|n[gk]|kt")
"""Sounds that may be missing, or stand for a vowel or for two, for less."""

_PIECE = re.compile("[aeiou]*[^aeiou]|[aeiou]+$")
"""A consonant with the vowels before it, or the vowels at the end."""

_END = "."


class LoudSounds:
    """The consonants of a word of rules, and how much a cognate of it may differ.

    Attributes:
        pieces: As far as they can only stand for each other one by one.
        profile: How its script treats sounds.
        room: What a cognate may differ.
    """

    __slots__ = ("_head_room", "pieces", "profile", "room")

    def __init__(self, entry: RuleWord, *, lone: bool = False) -> None:
        """Make it; a lone name must be like all of it, not only like its stem."""
        whole, stem = entry.known.whole, None if lone else entry.known.stem
        self.profile = whole.profile
        self.pieces = pieces_of(whole.text)
        if stem is not None:
            loose = _LOOSE.search(whole.text)
            sure = min(len(stem.text), loose.start() if loose else len(stem.text))
            self.pieces = tuple(_PIECE.findall(whole.text[:sure]))
            if self.pieces and self.pieces[-1][-1] in VOWELS:
                self.pieces = self.pieces[:-1]
        wanted = LEAST_ALONE if lone else enough_for(least(entry, Word("", "", 0, 0, False)))
        self.room = _room(entry.known, wanted)
        self._head_room = _room(entry.known, BEGINS_A_COMPOUND)
        if (self.room if lone else max(self.room, self._head_room)) >= _ONE:
            self.pieces = ()

    def are_far(self, heard: Sequence[Phonemes]) -> bool:
        """Whether no beginning of what is heard can be like enough, in any way to say it."""
        if not self.pieces:
            return False
        return all(
            not phonemes.profile.drops
            and self._cost(pieces_of(phonemes.text), phonemes.profile) > self.room
            for phonemes in heard
        )

    def are_far_with(self, tail: "LoudSounds", heard: Sequence[Phonemes]) -> bool:
        """Whether nothing that is heard can begin with this word, and go on with another."""
        return bool(self.pieces) and all(
            self._is_far_with(tail, pieces_of(phonemes.text), phonemes.profile)
            for phonemes in heard
        )

    def _is_far_with(self, tail: "LoudSounds", others: tuple[str, ...], heard: Profile) -> bool:
        if heard.drops:
            return False
        if self._cost(others, heard) > self._head_room:
            return True
        if not tail.pieces or self.pieces[-1][-1] != _END:
            return False
        last = len(self.pieces) - 1
        return all(
            start >= 0 and tail.goes_on(others[start:], heard) > tail.room
            for start in (last, last - 1)  # a sound of both parts is heard once
        )

    def goes_on(self, others: tuple[str, ...], heard: Profile) -> float:
        """Return what it costs at least that what is heard goes on with this word."""
        if not others:
            return 0.0
        first = costs_between(heard, self.profile)[self.pieces[0][-1], others[0][-1]]
        return first + self._cost(others, heard, 1)

    def _cost(self, others: tuple[str, ...], heard: Profile, start: int = 0) -> float:
        """Return what it costs at least that these are the beginning of what is heard."""
        costs = costs_between(heard, self.profile)
        cost = 0.0
        for one, other in zip(self.pieces[start:], others[start:], strict=False):
            if one != other:
                cost += costs[one, other]
        return cost


def _room(known: Known, wanted: float) -> float:
    weight = max(known.whole.weight, known.stem.weight if known.stem else 0.0)
    return weight * (1 - wanted) + _SLACK


@lru_cache(maxsize=10_000)
def pieces_of(text: str) -> tuple[str, ...]:
    """Return the sounds in pieces, as long as none of them may be missing for less than one.

    Behind the last of a whole word stands its end.
    """
    loose = _LOOSE.search(text)
    if loose is None:
        pieces = _PIECE.findall(text)
        if not pieces or pieces[-1][-1] not in VOWELS:
            pieces.append("")
        pieces[-1] += _END
        return tuple(pieces)
    pieces = _PIECE.findall(text[: loose.start()])
    if pieces and pieces[-1][-1] in VOWELS:
        pieces.pop()
    return tuple(pieces)


class _Costs(dict[tuple[str, str], float]):
    """What it costs at least to take one consonant, with the vowels before it, for another."""

    def __init__(self, heard: Profile, own: Profile) -> None:
        super().__init__()
        self._more = min(heard.insert_vowel, own.skip_vowel)
        self._fewer = min(heard.skip_vowel, own.insert_vowel)
        self._table = costs_of(heard.pairs + own.pairs)

    def __missing__(self, pair: tuple[str, str]) -> float:
        one, other = pair
        vowels = self._vowels(one[:-1], other[:-1])
        if one[-1] == _END:  # more may follow in the text
            cost = min(vowels)
        elif other[-1] == _END:
            cost = _ONE
        else:
            cost = vowels[-1] + self._table[one[-1]][other[-1]]
        self[pair] = cost
        return cost

    def _vowels(self, own: str, heard: str) -> list[float]:
        """Return what it costs to take some vowels for each beginning of others."""
        row = [self._more * place for place in range(len(heard) + 1)]
        for one in own:
            below = [row[0] + self._fewer]
            for place, other in enumerate(heard):
                swapped = row[place] + self._table[one][other]
                below.append(min(swapped, row[place + 1] + self._fewer, below[-1] + self._more))
            row = below
        return row


@cache
def costs_between(heard: Profile, own: Profile) -> _Costs:
    return _Costs(heard, own)
