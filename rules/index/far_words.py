"""Which words of an article are too far from words of rules, for many pairs at once.

The distance of `rules.languages.similarity`, taken over arrays: only what may be near enough is
compared exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rules.data.tables import has_plain_j
from rules.languages.bulk_phonemes import phoneme_texts
from rules.languages.phonemes import PLAIN, VOWELS, Profile, profiles, script
from rules.languages.similarity import Known, costs_of
from rules.patterns.term import BEGINS_A_COMPOUND, bare_texts
from rules.text.folding import fold
from rules.text.tokenizer import Word

LONGEST = 24
"""Longer words, in sounds, are never called too far."""

FarPair = tuple[int, str, bool]
"""The number of a word of rules, a word of a text, and whether it would begin a compound."""

_SOUNDS = "\0abcdefghijklmnopqrstuvwxyzN"
_NEVER = 1_000.0
_ROUNDED = 0.0002
_MOST_LEFT = 0.7

_Codes = NDArray[np.intp]
_Costs = NDArray[np.float64]


@cache
def _numbers() -> NDArray[np.intp]:
    numbers = np.zeros(128, dtype=np.intp)
    numbers[[ord(sound) for sound in _SOUNDS]] = range(len(_SOUNDS))
    return numbers


@cache
def _flags(sounds: str) -> NDArray[np.bool_]:
    return np.array([sound in sounds and sound != "\0" for sound in _SOUNDS])


def _coded(texts: Sequence[str], width: int) -> _Codes:
    """Return the sounds of each text as numbers, 0 behind its end."""
    joined = "".join([text.ljust(width, "\0") for text in texts])
    letters = np.frombuffer(joined.encode("ascii"), dtype=np.uint8)
    return _numbers()[letters].reshape(len(texts), width)


@cache
def _table(pairs: tuple[tuple[str, float], ...]) -> _Costs:
    table = np.full((len(_SOUNDS), len(_SOUNDS)), _NEVER)
    for one, row in costs_of(pairs).items():
        for other, cost in row.items():
            table[_SOUNDS.index(one), _SOUNDS.index(other)] = cost
    return table


def _neighbours(codes: _Codes) -> tuple[_Codes, _Codes]:
    before, after = np.zeros_like(codes), np.zeros_like(codes)
    before[:, 1:], after[:, :-1] = codes[:, :-1], codes[:, 1:]
    return before, after


_ALL_VOWELS = "".join(sorted(VOWELS))


def _added(texts: _Codes, *, is_abjad: bool) -> _Costs:
    """Return what `similarity` has for sounds that only the heard words have, 0 for vowels."""
    before, after = _neighbours(texts)
    costs = np.ones(texts.shape)
    costs[_flags("nN")[before] & _flags("gk")[texts]] = 0.2
    costs[_flags("h")[texts]] = 0.35
    if is_abjad:
        vowels = _flags(_ALL_VOWELS)
        costs[_flags("v")[texts] & ~vowels[before] & ~vowels[after]] = 0.3
    costs[_flags(_ALL_VOWELS)[texts]] = 0.0
    costs[texts == 0] = _NEVER
    return costs


def _dropped(words: _Codes, vowels: _Costs, profile: Profile) -> _Costs:
    """Return what `similarity` has for sounds that the heard words do not have."""
    before, after = _neighbours(words)
    costs = np.ones(words.shape)
    costs[_flags("nN")[before] & _flags("gk")[words]] = 0.4
    costs[_flags("k")[words] & _flags("t")[after]] = 0.4
    costs[_flags("nm")[words] & _flags("bdgpt")[after]] = profile.skip_nasal
    costs[_flags("r")[words]] = profile.skip_r
    costs[_flags("h")[words]] = 0.35
    costs = np.where(_flags(_ALL_VOWELS)[words], vowels[:, None], costs)
    costs[words == 0] = 0.0
    return costs


class FarWords:
    """Words of rules, to be compared with many words of texts at once."""

    def __init__(self) -> None:
        self._known: list[Known] = []
        self._needed: list[float] = []
        self._owns: dict[Profile, int] = {}
        self._own = np.zeros(0, dtype=np.intp)
        self._costs: dict[Profile, tuple[_Costs, _Costs, _Costs]] = {}
        self._codes = np.zeros((0, LONGEST), dtype=np.intp)
        self._lengths = np.zeros((3, 0))

    def add(self, known: Known, needed: float) -> None:
        """Add a word; its number is how many there were before.

        Args:
            needed: How like it the beginning of a word must be at least, to be a cognate.
        """
        self._known.append(known)
        self._needed.append(needed)

    def far(self, asked: Mapping[str, Iterable[tuple[int, bool]]], language: str) -> set[FarPair]:
        """Return which words of rules no beginning of a word of a text is like.

        Args:
            asked: For words of a text that are no runs, words of rules, and whether they would be
                the heads of a compound with it.
        """
        plain_j = has_plain_j(language)
        by_script: dict[str, tuple[list[str], list[str]]] = {}
        for text in asked:
            for bare in bare_texts(Word(text, fold(text), 0, len(text), False), language):
                bare_ones, owners = by_script.setdefault(script(bare), ([], []))
                bare_ones.append(bare)
                owners.append(text)
        far: set[FarPair] = set()
        near: set[FarPair] = set()
        for written, (bare_ones, owners) in by_script.items():
            heard = phoneme_texts(bare_ones, written, plain_j=plain_j)
            pairs, keys = [], []
            for place, owner in enumerate(owners):
                for word, is_head in asked[owner]:
                    least = BEGINS_A_COMPOUND if is_head else self._needed[word]
                    pairs.append((word, place, least))
                    keys.append((word, owner, is_head))
            answers = self.are_far(pairs, heard, profiles().get(written, PLAIN))
            for key, is_far in zip(keys, answers, strict=True):
                (far if is_far else near).add(key)
        return far - near

    def _arrays(self) -> tuple[_Codes, _Codes, _Costs]:
        """Return all words' sounds and profiles.

        And the weight of each, that of its stem, and how long the stem is.
        """
        ready = len(self._codes)
        new = self._known[ready:]
        if new:
            texts = [each.whole.text[:LONGEST] for each in new]
            self._codes = np.vstack((self._codes, _coded(texts, LONGEST)))
            rows = [
                (k.whole.weight, k.stem.weight, len(k.stem.text)) if k.stem else
                (k.whole.weight, 0.0, 0)
                for k in new
            ]  # fmt: skip
            self._lengths = np.hstack((self._lengths, np.array(rows).T))
            own = [self._owns.setdefault(k.whole.profile, len(self._owns)) for k in new]
            self._own = np.hstack((self._own, np.array(own)))
        return self._codes, self._own, self._lengths

    def are_far(
        self, pairs: Sequence[tuple[int, int, float]], texts: Sequence[str], profile: Profile
    ) -> list[bool]:
        """Whether the word of each pair is less like any beginning of its text than it needs.

        Args:
            pairs: The number of a word, the place of a text, and how like they need to be.
            texts: Sounds of words.
            profile: How their script treats sounds.
        """
        short = [
            at
            for at, (word, text, _) in enumerate(pairs)
            if len(texts[text]) <= LONGEST and len(self._known[word].whole.text) <= LONGEST
        ]
        far = [False] * len(pairs)
        if short:
            chosen = [pairs[at] for at in short]
            for at, is_far in zip(short, self._far(chosen, texts, profile), strict=True):
                far[at] = is_far
        return far

    def _far(
        self, pairs: Sequence[tuple[int, int, float]], texts: Sequence[str], profile: Profile
    ) -> list[bool]:
        words = np.array([word for word, _, _ in pairs])
        used = {text: row for row, text in enumerate(dict.fromkeys(text for _, text, _ in pairs))}
        places = np.array([used[text] for _, text, _ in pairs])
        share = 1 + _ROUNDED - np.array([least for _, _, least in pairs])
        heard = _coded([texts[text] for text in used], max(1, *(len(texts[text]) for text in used)))
        codes, owns, lengths = self._arrays()
        tables, added_vowel, dropped_vowel = self._costs_for(profile)
        own, sounds, (whole, stem, stem_at) = owns[words], codes[words], lengths[:, words]
        sounds = sounds[:, : int((sounds != 0).sum(axis=1).max())]
        text, base = heard[places], np.zeros((len(pairs), heard.shape[1] + 1))
        added = _added(heard, is_abjad=profile.is_abjad)[places]
        added += _flags(_ALL_VOWELS)[text] * added_vowel[own][:, None]
        np.cumsum(added, axis=1, out=base[:, 1:])
        drops = _dropped(sounds, dropped_vowel[own], profile)
        room, stem_room = whole * share, stem * share
        own *= len(_SOUNDS) ** 2
        far = np.ones(len(pairs), dtype=bool)
        alive = np.arange(len(pairs))
        row = base
        nearest = row[:, 0]
        for at in range(sounds.shape[1]):
            below = row + drops[:, at, None]
            costs = tables.take((own + sounds[:, at] * len(_SOUNDS))[:, None] + text)
            costs += row[:, :-1]
            np.minimum(below[:, 1:], costs, out=below[:, 1:])
            below -= base
            np.minimum.accumulate(below, axis=1, out=below)
            below += base
            row = below
            nearest = row.min(axis=1)
            far[alive[(stem_at == at + 1) & (nearest <= stem_room)]] = False
            kept = nearest <= room
            if np.count_nonzero(kept) < _MOST_LEFT * len(kept):
                alive, row, base, text, own = (x[kept] for x in (alive, row, base, text, own))
                sounds, drops, nearest = sounds[kept], drops[kept], nearest[kept]
                room, stem_room, stem_at = room[kept], stem_room[kept], stem_at[kept]
                if not len(alive):
                    break
        far[alive[nearest <= room]] = False
        answers: list[bool] = far.tolist()
        return answers

    def _costs_for(self, profile: Profile) -> tuple[_Costs, _Costs, _Costs]:
        """Return, for each profile of a word of rules, what replacing a sound costs.

        And what a vowel more costs, and a vowel less.
        """
        found = self._costs.get(profile)
        if found is None or len(found[0]) < len(self._owns):
            found = self._costs[profile] = (
                np.array([_table(profile.pairs + own.pairs) for own in self._owns]),
                np.array([min(profile.insert_vowel, own.skip_vowel) for own in self._owns]),
                np.array([min(profile.skip_vowel, own.insert_vowel) for own in self._owns]),
            )
        return found
