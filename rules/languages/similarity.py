"""Is this the same word in another spelling or script? The distance between two words' sounds.

An edit distance in which vowels are cheap and related consonants are near; how cheap depends on
the script of the text's word.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from common.records import dataclass
from rules.data.tables import rows
from rules.languages.distances import SOUNDS, Aligner, Lenience
from rules.languages.phonemes import (
    VOWELS,
    Phonemes,
    phoneme_text,
    phonemes_of,
    romanised,
    with_profile,
)

_OF_VOWELS = 0.2
"""What one vowel for another costs."""

_EXACT = 1e-6
_NEAR_PHONEMES = {
    **dict.fromkeys(("bp", "td", "kg", "cx", "jx", "sx"), 0.25),
    **dict.fromkeys(
        ("bv", "vf", "fp", "kh", "gh", "gj", "ck", "cj", "sj", "mn", "mN", "xk", "xh"), 0.35
    ),
    **dict.fromkeys(("lr", "jk", "jh", "gN", "tc"), 0.5),
    **dict.fromkeys(("ij", "uv", "ov"), 0.3),
    "sc": 0.1,
    "nN": 0.05,
}


def costs_of(pairs: tuple[tuple[str, float], ...]) -> dict[str, dict[str, float]]:
    """Return what replacing one sound by another costs, for both orders."""
    costs = dict(_plain_costs())  # the sounds of no pair have their costs once for all
    for pair, cost in pairs:
        for one, other in (tuple(pair), tuple(pair[::-1])):
            costs[one] = {**costs[one], other: min(cost, costs[one][other])}
    return costs


@cache
def _plain_costs() -> dict[str, dict[str, float]]:
    costs: dict[str, dict[str, float]] = {}
    for one in SOUNDS:
        costs[one] = {}
        for other in SOUNDS:
            cost = 0.0 if one == other else 1.0
            if one != other and one in VOWELS and other in VOWELS:
                cost = _OF_VOWELS
            costs[one][other] = _NEAR_PHONEMES.get(
                one + other, _NEAR_PHONEMES.get(other + one, cost)
            )
    return costs


_ALIGNER = Aligner(costs_of)

HEARD_AS_ONE: Mapping[int, int] = str.maketrans("uy", "oi")
"""Vowels that languages hardly tell apart."""


def vowels_in(sounds: str, heard_as: Mapping[int, int] = HEARD_AS_ONE) -> str:
    """Return the vowels of sounds, in order, each as what it is heard as."""
    return "".join(sound for sound in sounds.translate(heard_as) if sound in VOWELS)


@lru_cache(maxsize=200)  # one asks whether words are alike, the next one how like all of it is
def alignment(known: "Known", phonemes: Phonemes, *, least: float | None = None) -> "Alignment":
    """Return the distances of a known word, and of its stem, from each beginning of `phonemes`.

    Gives up early, with empty rows, when every distance is too great.

    Args:
        least: The strength below which it is too great, if not the least of all.
    """
    profile, own = phonemes.profile, known.whole.profile
    lenience = Lenience(
        # What one script adds, the other leaves out.
        min(profile.insert_vowel, own.skip_vowel),
        min(profile.skip_vowel, own.insert_vowel),
        profile.skip_r,
        profile.skip_nasal,
        most=known.whole.weight * (1 - (LEAST if least is None else least)),
    )
    rows = _ALIGNER.rows(
        profile.pairs + own.pairs,
        lenience,
        known.whole.text,
        phonemes.text,
        stem=len(known.stem.text) if known.stem else 0,
        is_abjad=profile.is_abjad,
    )
    return Alignment(*rows)


class Alignment(NamedTuple):
    """Distances from each beginning of a heard word: 0 sounds, 1 sound, and so on."""

    whole: Sequence[float]
    stem: Sequence[float]


_SPELLED = ("LATIN", "CYRILLIC")


@cache
def _suffix_classes() -> dict[str, frozenset[str]]:
    """Return, for each shared ending, the endings of the same class, as sounds."""
    classes: dict[str, set[str]] = {}
    for (line,) in rows("suffixes.tsv"):
        cut, _, others = line.partition("|")
        members = _as_phonemes(cut)
        alike = members | _as_phonemes(others)
        for member in members:
            classes.setdefault(member, set()).update(alike)
    once: dict[frozenset[str], frozenset[str]] = {}  # nearly all of a class have the same
    made = ((ending, frozenset(members)) for ending, members in classes.items())
    return {ending: once.setdefault(members, members) for ending, members in made}


def _as_phonemes(cells: str) -> set[str]:
    endings = ["" if part == "-" else romanised(part) for part in cells.split()]
    said = [phoneme_text("\n".join(endings), written).split("\n") for written in _SPELLED]
    return {each for every in said for each in every} if endings else set()


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A rule's word, ready to be compared.

    Attributes:
        whole: The sounds of the word.
        stem: The sounds before an ending that languages share ("konven" of "convention"), or
            None.
        endings: What may follow the stem, as sounds.
    """

    whole: Phonemes
    stem: Phonemes | None
    endings: frozenset[str]


_SHORTEST_STEM = 4
_NO_ENDINGS: frozenset[str] = frozenset()


@lru_cache(maxsize=20_000)  # of most of these terms that are kept ready have one anyway
def known(word: str) -> Known:
    """Prepare a rule's word."""
    whole, classes = phonemes_of(word), _suffix_classes()
    text = whole.text
    for cut in range(_SHORTEST_STEM, len(text) - 1):
        if (ending := text[cut:]) in classes:
            return Known(whole, with_profile(text[:cut], whole.profile), classes[ending])
    return Known(whole, None, _NO_ENDINGS)


@dataclass(frozen=True, slots=True)
class Similarity:
    """How like two words are.

    Attributes:
        strength: 1.0 for the same sounds, 0.0 for nothing in common.
    """

    strength: float


LEAST = 0.7
"""Below this words are not called cognates by anyone."""


def compare(
    known: Known, phonemes: Phonemes, endings: frozenset[str], aligned: Alignment | None = None
) -> Similarity | None:
    """Compare a rule's word with a word of a text, which may carry an ending.

    Args:
        endings: What may follow in the text's language, as sounds; "" included.
        found: Their alignment, if it is known already.
    """
    aligned = aligned or alignment(known, phonemes)
    best = _against(aligned.whole, known.whole, phonemes, endings)
    if known.stem is not None:
        by_stem = _against(aligned.stem, known.stem, phonemes, known.endings, after=endings)
        if by_stem is not None and (best is None or by_stem.strength > best.strength):
            best = by_stem
    return best


def differ_in_place(one: Phonemes, other: Phonemes, *, least: float) -> bool:
    """Whether sounds for sounds two words differ so little that `of_whole` is `least` or more.

    No script makes a sound for another one cost more.
    """
    if len(one.text) != len(other.text):
        return False
    costs, pairs = _plain_costs(), zip(one.text, other.text, strict=True)
    swapped = sum([costs[own][heard] for own, heard in pairs if own != heard])
    return swapped < one.weight * (1 - least) - _EXACT


def of_whole(
    known: Known, phonemes: Phonemes, endings: frozenset[str], *, least: float | None = None
) -> float:
    """Return how like a word of a text is to all of a rule's word, its own ending aside.

    Args:
        least: The strength below which it may be called 0, if not the least of all.
    """
    row = (alignment(known, phonemes, least=least) if least else alignment(known, phonemes)).whole
    found = _against(row, known.whole, phonemes, endings)
    return found.strength if found is not None else 0.0


def _against(
    row: Sequence[float],
    part: Phonemes,
    phonemes: Phonemes,
    endings: frozenset[str],
    after: frozenset[str] | None = None,
) -> Similarity | None:
    most = part.weight * (1 - LEAST)
    best = 0.0
    for place, cost in enumerate(row):
        if cost > most:
            continue
        rest = phonemes.text[place:]
        if is_ending(rest, endings, after):
            strength = 1 - (cost + 0.03 * len(rest) * (after is None)) / part.weight
            best = max(best, strength)
    return Similarity(round(best, 4)) if best > 0 else None


def is_ending(rest: str, endings: frozenset[str], after: frozenset[str] | None) -> bool:
    """Whether sounds are an ending, or one with another one behind it."""
    if rest in endings:
        return True
    if after is None:
        return False
    return any(rest[:cut] in endings and rest[cut:] in after for cut in range(len(rest)))


def beginning(
    known: Known, phonemes: Phonemes, aligned: Alignment | None = None
) -> tuple[float, list[int]] | None:
    """Return how well the beginning of `phonemes` is `known`, and where that beginning may end.

    For compounds: the rest is another word. None when it is not alike.
    """
    most = known.whole.weight * (1 - LEAST)
    row = (aligned or alignment(known, phonemes)).whole
    if not row:
        return None
    cost = min(row)
    if cost > most:
        return None
    places = [place for place, value in enumerate(row) if value <= cost + 0.25]
    return round(1 - cost / known.whole.weight, 4), places


def stem_beginning(known: Known, aligned: Alignment) -> tuple[float, list[int]] | None:
    """Return the same as `beginning` for the stem of the known word: Atomenergie for atomic."""
    if known.stem is None or not aligned.stem:
        return None
    cost = min(aligned.stem)
    if cost > known.stem.weight * (1 - LEAST):
        return None
    places = [place for place, value in enumerate(aligned.stem) if value <= cost + 0.25]
    return round(1 - cost / known.stem.weight, 4), places


def least(weight: float) -> float:
    """Return the strength that a cognate needs: the shorter the word, the more."""
    if weight <= 2.0:
        return 0.88
    if weight <= 3.0:
        return 0.84
    if weight <= 4.5:
        return 0.78
    return 0.74
