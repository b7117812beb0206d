"""Which of many words sound like which words of rules, roughly: all pairs at once, in numpy.

What `rules.languages.similarity` says of one pair, row by row of its table for all pairs that are
left, in whole twentieths and never more than it. So nothing that is alike is lost, and of what is
not little is left.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.languages.phonemes import PLAIN, VOWELS, Profile
from rules.languages.similarity import costs_of, is_ending

Costs = NDArray[np.int16]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.intp]

_SOUNDS = "\0abcdefghijklmnopqrstuvwxyzN"
_SIZE = 32
_FAR = 4_000
_LONGEST = 48
_USUAL = 16
_WORTH_LEAVING_OUT = 0.65
_TOO_FEW = 2
_FIRST_THAT_PARTS = 2
_KINDS = 8
_VOWEL, _H, _R, _NASAL, _SILENT, _LOUD = range(1, 7)
"""Kinds of sounds that may be missing."""


def _twentieths(cost: float) -> int:
    """Return a cost in twentieths, rounded down."""
    return int(cost * 20 + 0.001)


_BEHIND_A_NASAL = _twentieths(0.2)
_NEXT_BEST = _twentieths(0.3)
"""What ends of a beginning cost more at most that are still good."""

_CODES = np.zeros(256, np.uint8)
_CODES[[ord(sound) for sound in _SOUNDS]] = range(len(_SOUNDS))
_IS_NASAL, _IS_BACK = (np.isin(np.arange(_SIZE), _CODES[list(s)]) for s in (b"nN", b"gk"))


class Wanted(NamedTuple):
    """A word of rules, or two as one, and how much a word of a text may differ.

    Attributes:
        text: Its sounds.
        profile: How its script treats sounds.
        room: What may differ if an ending follows.
        stem: How many sounds its stem has, 0 if it has none; what may differ then, and what may
            stand behind, before an ending.
        derived: What may differ if anything follows, so many sounds; less than 0 if nothing may.
        begun: How many of its sounds may differ by so much only.
    """

    text: str
    profile: Profile
    room: float
    stem: int = 0
    stem_room: float = -1.0
    after_stem: frozenset[str] = frozenset()
    derived: float = -1.0
    derived_rest: int = 0
    begun: int = 0
    begun_room: float = 0.0


class Heard:
    """What words of a text sound like, side by side.

    Attributes:
        lengths: How many sounds each has.
        profiles: For each, which of `kinds` its script is.
        ends: At each beginning of it, 0 where an ending follows.
    """

    def __init__(
        self,
        texts: Sequence[str],
        profiles: Sequence[Profile],
        endings: frozenset[str],
        open_ends: Sequence[int] = (),
    ) -> None:
        """Take their sounds.

        Args:
            endings: What may follow a word of a rule, as sounds.
            open_ends: Those of which only the beginning counts, whatever follows.
        """
        self.texts = texts
        self.endings = endings
        self.lengths = np.array([len(text) for text in texts], np.intp)
        width = int(self.lengths.max(initial=0))
        letters = "".join([text.ljust(width, "\0") for text in texts]).encode("ascii")
        codes = _CODES[np.frombuffer(letters, np.uint8)].reshape(len(texts), width)
        self.codes = np.ascontiguousarray(codes.T)
        self.kinds = list(dict.fromkeys(profiles))
        numbers = {profile: number for number, profile in enumerate(self.kinds)}
        self.profiles = np.array([numbers[profile] for profile in profiles], np.intp)
        self.behind_nasals = _IS_NASAL[self.codes[:-1]] & _IS_BACK[self.codes[1:]]
        self.ends = np.full((width + 1, len(texts)), _FAR, np.int16)
        self.longest_ending = longest = max(map(len, endings), default=0)
        for column, text in enumerate(texts):
            length = len(text)
            for place in range(max(0, length - longest), length + 1):
                if text[place:] in endings:
                    self.ends[place, column] = 0
        for column in open_ends:
            self.ends[:, column] = 0


class WantedSounds:
    """Words of rules, by number, ready to be compared with many words of texts at once."""

    def __init__(self) -> None:
        self.size = 0
        self.after_stems: list[frozenset[str]] = []
        self.kinds: list[Profile] = []
        self._kinds: dict[Profile, int] = {}
        self._codes = np.zeros((64, _LONGEST), np.uint8)
        self._missing = np.zeros((64, _LONGEST), np.uint8)
        self._rows = np.zeros((64, 11), np.int16)

    def add(self, wanted: Wanted) -> int:
        """Add a word, and return its number."""
        number = self.size
        if number == len(self._rows):
            self._codes = np.concatenate((self._codes, np.zeros_like(self._codes)))
            self._missing = np.concatenate((self._missing, np.zeros_like(self._missing)))
            self._rows = np.concatenate((self._rows, np.zeros_like(self._rows)))
        profile = self._kinds.setdefault(wanted.profile, len(self.kinds))
        if profile == len(self.kinds):
            self.kinds.append(wanted.profile)
        text = wanted.text[:_LONGEST]
        self._codes[number, : len(text)] = _CODES[np.frombuffer(text.encode("ascii"), np.uint8)]
        kinds = _kinds(text)
        self._missing[number, : len(text)] = kinds
        rooms = (wanted.room, wanted.stem_room, wanted.derived)
        room, stem_room, derived = (min(_FAR - 1, _twentieths(each)) for each in rooms)
        rest = wanted.derived_rest
        if len(wanted.text) > _LONGEST:  # only its beginning is compared
            derived, rest = max(room, derived), _FAR
        shortest = len(text) - _most_missing(kinds, max(room, derived))
        if wanted.stem:
            shortest = min(shortest, wanted.stem - _most_missing(kinds[: wanted.stem], stem_room))
        self._rows[number] = (
            len(text), room, wanted.stem, stem_room, derived, rest, profile, shortest,
            wanted.begun, _twentieths(wanted.begun_room),
            max(map(len, wanted.after_stem), default=0),
        )  # fmt: skip
        self.after_stems.append(wanted.after_stem)
        self.size += 1
        return number

    def are_near(self, numbers: Numbers, heard: Heard, columns: Numbers) -> Flags:
        """Return which pairs may be alike: words of rules, by number, and what is heard."""
        near = np.zeros(len(numbers), np.bool_)
        if not len(numbers):
            return near
        rows = self._rows[numbers]
        kinds = heard.profiles[columns] * len(self.kinds) + rows[:, _PROFILE]
        ways = np.flatnonzero(np.bincount(kinds))
        ways_of = np.zeros(int(ways[-1]) + 1, np.intp)
        ways_of[ways] = range(len(ways))
        ways_of = ways_of[kinds]
        every = [
            _costs(heard.kinds[kind // len(self.kinds)], self.kinds[kind % len(self.kinds)])
            for kind in ways.tolist()
        ]
        plain = np.array([costs.is_plain for costs in every], np.bool_)
        lengths = heard.lengths[columns]
        some = (lengths >= rows[:, _SHORTEST]) | ~plain[ways_of]
        for within in (lengths <= _USUAL, lengths > _USUAL):
            chosen = np.flatnonzero(some & within)
            if len(chosen):
                pairs = _Pairs(numbers[chosen], columns[chosen], ways_of[chosen])
                near[chosen] = _Table(self, heard, pairs, every).near()
        return near

    def rows_of(self, numbers: Numbers) -> tuple[NDArray[np.int32], NDArray[np.uint8], Costs]:
        """Return the sounds of words, of which kind each is if it is missing, and their rooms."""
        rows = np.ascontiguousarray(self._rows[numbers].T)
        longest = int(rows[_LENGTH].max())
        codes = self._codes[numbers, :longest].T * np.int32(_SIZE)
        return codes, self._missing[numbers, :longest].T, rows


_LENGTH, _ROOM, _STEM, _STEM_ROOM, _DERIVED, _REST, _PROFILE, _SHORTEST = range(8)
_BEGUN, _BEGUN_ROOM, _STEM_REST, _COLUMN, _NUMBER, _PAIR, _HEARD, _MOST = range(8, 16)
_FIELDS = 16


def _most_missing(kinds: list[int], room: int) -> int:
    """Return how many sounds may be missing in scripts that leave none out, for so much."""
    costs = _plain_misses()
    return bisect_right(list(accumulate(sorted([costs[kind] for kind in kinds]))), room)


@cache
def _plain_misses() -> list[int]:
    missing: list[int] = _costs(PLAIN, PLAIN).missing.tolist()
    return missing


def _kinds(text: str) -> list[int]:
    """Return of which kind each sound is if it is missing, as `similarity` tells them apart."""
    found = []
    for before, sound, after in zip(["", *text], text, [*text[1:], ""], strict=False):
        if sound in VOWELS:
            kind = _VOWEL
        elif sound in "hr":
            kind = _H if sound == "h" else _R
        elif sound in "nm" and after and after in "bdgpt":
            kind = _NASAL
        elif (sound == "k" and after == "t") or (before and before in "nN" and sound in "gk"):
            kind = _SILENT
        else:
            kind = _LOUD
        found.append(kind)
    return found


class _Costs(NamedTuple):
    """What sounds cost between two scripts, in twentieths.

    Attributes:
        swaps: One sound for another.
        missing: A sound that is missing, by its kind.
        added: A sound that is too much.
        is_plain: Whether none of them is less than usual.
        cheapest: The least that a sound costs that is too much, but behind a nasal.
    """

    swaps: Costs
    missing: Costs
    added: Costs
    is_plain: bool
    cheapest: int


@cache
def _costs(heard: Profile, own: Profile) -> _Costs:
    swaps = np.full((_SIZE, _SIZE), _FAR, np.int16)
    for one, row in costs_of(heard.pairs + own.pairs).items():
        for other, cost in row.items():
            swaps[_SOUNDS.index(one), _SOUNDS.index(other)] = _twentieths(cost)
    vowel = _twentieths(min(heard.skip_vowel, own.insert_vowel))
    each = [0, vowel, *map(_twentieths, (0.35, heard.skip_r, heard.skip_nasal, 0.4, 1.0)), 0]
    added = np.full(_SIZE, _twentieths(1.0), np.int16)
    added[_SOUNDS.index("h")] = _twentieths(0.35)
    if heard.is_abjad:
        added[_SOUNDS.index("v")] = _twentieths(0.3)
    for sound in VOWELS:
        added[_SOUNDS.index(sound)] = _twentieths(min(heard.insert_vowel, own.skip_vowel))
    is_plain = heard == own == PLAIN
    cheapest = int(added[1 : len(_SOUNDS)].min())
    added[0] = _FAR // _SIZE
    return _Costs(swaps.ravel(), np.array(each, np.int16), added, is_plain, cheapest)


class _Pairs(NamedTuple):
    """Words of rules, by number; words that are heard, by column; how the scripts differ."""

    numbers: Numbers
    columns: Numbers
    ways: Numbers


class _Table:
    """The distances of pairs, one row of sounds of the words of rules after the other.

    What is needed of each pair stands below each other in two arrays, so that pairs that are too
    far are left out at little cost.
    """

    def __init__(
        self, wanted: WantedSounds, heard: Heard, pairs: _Pairs, every: Sequence[_Costs]
    ) -> None:
        self._sounds, self._after_stems = heard, wanted.after_stems
        self._near = np.zeros(len(pairs.numbers), np.bool_)
        self._swaps = np.concatenate([costs.swaps for costs in every])
        self._misses = np.concatenate([costs.missing for costs in every])
        self._fill_words(wanted, heard, pairs)
        self._fill_costs(heard, pairs, every)

    def _fill_words(self, wanted: WantedSounds, heard: Heard, pairs: _Pairs) -> None:
        """Fill in what is known of the words of rules, and which pair is which."""
        sounds, missing, rows = wanted.rows_of(pairs.numbers)
        self._longest = len(sounds)
        self._pairs = np.empty((_FIELDS + 2 * self._longest, len(pairs.numbers)), np.int32)
        self._pairs[:_COLUMN] = rows
        self._pairs[_COLUMN] = pairs.columns
        self._pairs[_NUMBER] = pairs.numbers
        self._pairs[_PAIR] = np.arange(len(pairs.numbers))
        self._pairs[_HEARD] = heard.lengths[pairs.columns]
        self._pairs[_MOST] = rows[[_ROOM, _STEM_ROOM, _DERIVED]].max(axis=0)
        self._pairs[_FIELDS : -self._longest] = sounds + pairs.ways * (_SIZE * _SIZE)
        self._pairs[-self._longest :] = missing + pairs.ways * _KINDS

    def _fill_costs(self, heard: Heard, pairs: _Pairs, every: Sequence[_Costs]) -> None:
        """Fill in what is heard, what each sound costs that is too much, and the first row."""
        self._width = width = int(self._pairs[_HEARD].max())
        codes = heard.codes[:width]
        added = np.stack([costs.added for costs in every], 1)[codes]
        added[1:][heard.behind_nasals[: width - 1]] = _BEHIND_A_NASAL
        added = added.reshape(width, -1).take(pairs.columns * len(every) + pairs.ways, axis=1)
        cheapest = min(costs.cheapest for costs in every)
        sums = _sums(added, (int(self._pairs[_MOST].max()) - _BEHIND_A_NASAL) // cheapest + 1)
        self._body = np.empty(((2 + len(sums)) * width + 1, len(pairs.numbers)), np.int16)
        self._body[0] = 0
        np.cumsum(added, axis=0, out=self._body[1 : width + 1])
        codes.astype(np.int16).take(
            pairs.columns, axis=1, out=self._body[width + 1 : 2 * width + 1]
        )
        for at, costs in enumerate(sums, 2):
            self._body[at * width + 1 : (at + 1) * width + 1] = costs

    def near(self) -> Flags:
        """Return which pairs may be alike."""
        lengths = set(np.flatnonzero(np.bincount(self._pairs[_LENGTH])).tolist())
        stems = set(np.flatnonzero(np.bincount(self._pairs[_STEM])).tolist())
        begun = int(self._pairs[_BEGUN].max())
        ends = lengths | stems
        for place in range(max(lengths)):
            self._next(place)
            if place < _FIRST_THAT_PARTS and place + 1 not in ends:
                continue
            pairs = self._pairs
            least = self._body[: self._width + 1].min(axis=0)
            left = least <= pairs[_MOST]
            if place < begun:
                left &= (least <= pairs[_BEGUN_ROOM]) | (pairs[_BEGUN] <= place)
            if place + 1 in stems:
                self._note_stems(place + 1, least)
            if place + 1 in lengths:
                self._note_words(place + 1, least)
                left &= pairs[_LENGTH] > place + 1
            count = int(np.count_nonzero(left))
            if count <= _TOO_FEW:  # each alone costs less than the rows that are left
                self._near[pairs[_PAIR, left]] = True
                break
            if count < len(left) * _WORTH_LEAVING_OUT:
                kept = np.flatnonzero(left)
                self._pairs = pairs.take(kept, axis=1)
                self._body = self._body.take(kept, axis=1)
        return self._near

    def _next(self, place: int) -> None:
        """Go on to the row of the next sound."""
        width, body, pairs = self._width, self._body, self._pairs
        row = body[: width + 1]
        swaps = body[width + 1 : 2 * width + 1] + pairs[_FIELDS + place]
        swapped = self._swaps.take(swaps, mode="clip")
        swapped += row[:-1]
        row += self._misses.take(pairs[_FIELDS + self._longest + place])
        np.minimum(row[1:], swapped, out=row[1:])
        step = 1
        for first in range(2 * width + 1, len(body), width):
            # one sound too much, or up to three, seven, ...
            longer = row[:-step] + body[first + step - 1 : first + width]
            np.minimum(row[step:], longer, out=row[step:])
            step *= 2

    def _note_stems(self, length: int, least: Costs) -> None:
        """Note words whose stem has so many sounds if it is near, and an ending follows."""
        pairs, heard = self._pairs, self._sounds
        near = (pairs[_STEM] == length) & (least <= pairs[_STEM_ROOM])
        some = np.flatnonzero(near)
        if not len(some):
            return
        follows = pairs[_HEARD, some] - np.arange(self._width + 1)[:, None]
        fits = self._body[: self._width + 1].take(some, axis=1) <= pairs[_STEM_ROOM, some]
        fits &= (follows >= 0) & (follows <= pairs[_STEM_REST, some] + heard.longest_ending)
        for place, at in zip(*map(np.ndarray.tolist, np.nonzero(fits)), strict=True):
            pair = some[at]
            rest = heard.texts[pairs[_COLUMN, pair]][place:]
            after = self._after_stems[pairs[_NUMBER, pair]]
            if is_ending(rest, after, heard.endings):
                self._near[pairs[_PAIR, pair]] = True

    def _note_words(self, length: int, least: Costs) -> None:
        """Note words that have so many sounds, and are near."""
        pairs, row = self._pairs, self._body[: self._width + 1]
        done = np.flatnonzero(
            (pairs[_LENGTH] == length) & (least <= np.maximum(pairs[_ROOM], pairs[_DERIVED]))
        )
        if not len(done):
            return
        whole = done[least[done] <= pairs[_ROOM, done]]
        if len(whole):
            best = row.take(whole, axis=1)
            best += self._sounds.ends[: self._width + 1].take(pairs[_COLUMN, whole], axis=1)
            near = best.min(axis=0) <= pairs[_ROOM, whole]
            self._near[pairs[_PAIR, whole[near]]] = True
        begun = done[least[done] <= pairs[_DERIVED, done]]
        if len(begun):
            follows = pairs[_HEARD, begun] - np.arange(len(row))[:, None]
            fits = row.take(begun, axis=1) <= least[begun] + _NEXT_BEST
            fits &= (follows <= pairs[_REST, begun]) & (follows >= 0)
            self._near[pairs[_PAIR, begun[fits.any(axis=0)]]] = True


def _sums(added: Costs, most: int) -> list[Costs]:
    """Return what one sound costs that is too much, two in a row, four, and so on, up to a row."""
    sums = [added]
    step = 1
    while step < len(added) and 2 * step - 1 < most:
        longer = sums[-1].copy()
        longer[step:] += sums[-1][:-step]
        sums.append(longer)
        step *= 2
    return sums
