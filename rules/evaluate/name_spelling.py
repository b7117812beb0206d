"""How far a word is from how its script would write a name, where it has no capitals.

`rules.patterns.cognates.likeness` finds what may be a name; it is lenient, since capitals and
other words of a rule tell the rest. Where nothing else tells, a word must be written as its script
writes the names of foreigners: vowels too, as far as it writes them. Hebrew has a yod for an i and
a vav for an o, and neither where there is none: זינק is no Sunak.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rules.data.tables import primary
from rules.languages.everyday import everyday_words, further_words, place_names
from rules.languages.inflection import (
    LONGEST_ENDING,
    alternating,
    bases,
    ending_phonemes,
    stems,
)
from rules.languages.name_letters import (
    as_in_english,
    evidence,
    letters_in,
    letters_of_language,
    marked,
)
from rules.languages.phonemes import (
    LATIN_SCRIPT,
    PLAIN,
    VOWELS,
    Profile,
    phoneme_text,
    phonemes_of,
    romanised,
    script,
    writes_no_vowels,
    written_as,
)
from rules.languages.pronunciation import pronunciations
from rules.languages.similarity import costs_of
from rules.patterns.term import bare_texts
from rules.text.folding import fold
from rules.text.tokenizer import Word

_OTHER_VOWEL = 0.8
_VOWELS_ALIKE = {"ou": 0.1, "ei": 0.2, "ae": 0.3, "ao": 0.3, "au": 0.4, "eo": 0.6, "ai": 0.6}
_HALF_VOWELS = frozenset(["uv", "uf", "ub", "ij"])
_HALF_VOWEL = 0.2

_CONSONANT = 1.2
_HARDLY_TOLD, _DEARER = 0.15, 1.5
"""A consonant too many or too few; and so much dearer than elsewhere is one for another, unless
the script hardly tells them apart."""

_SILENT_H, _SILENT_FIRST_H = 0.4, 0.8
_BESIDE_A_VOWEL = 0.2
_SILENT_E = 0.1
_CLEAR_VOWEL = 0.3
_AT_AN_EDGE = 0.3
"""What it costs to leave out a vowel of the name, above what its script does for any: i, o and u
are heard, and so is one that begins or ends the name."""

_LONG_VOWEL, _BEARER = 1.0, 0.1
"""A long vowel too many where short ones are not written; and the letter that only bears one."""

_MOST_VOWEL = 0.5
_ENDING = 0.05

_SHORT, _LONG = 5, 8
_MOST = {True: (0.5, 0.8, 1.0), False: (0.75, 0.9, 1.3)}
"""So far may a name be of at most so many sounds, of so many, and of more; by whether short
vowels are not written."""

_TOO_FAR = max(map(max, _MOST.values()))
_NEARER_IF_SAID = 0.4

_MATRES = re.compile("(א|וו|ו|ה$|وو)")
_MATER = {"א": "a", "וו": "v", "ו": "u", "ה": "a", "وو": "uv"}
"""Letters that stand for vowels in names, or twice for a consonant, and are heard otherwise
elsewhere."""

_LEAST_TOLD = {"ar": 2.5, "bn": 2.5, "fa": 2.0, "he": 1.8, "hi": 1.4, "ka": -1.1, "ko": 1.0}
_LEAST_TOLD |= {"ta": 2.5, "ur": 1.0}
_ONLY_SAID, _WITH_AN_ENDING = 1.0, 1.0
"""So much, in nats, must the letters of a word say for a name, and so much more if it is one of the
ways to say it, or has an ending or a prefix."""

_SHORTEST_PART, _LONG_ENOUGH = 2, 12
_LATIN_LETTER = re.compile("[a-z]")
"""Is in what a word may be heard as, too, which is not how it is written."""

_JUST_IT = 0.05
_SURELY_TOLD = ((0.15, 4.0), (0.32, 7.0))
"""As far as the first a further word may be from a name that it is, if its letters say so much for
it: lists of frequent words have people, too, as طارمی (Taremi)."""

_FAR = 9.0


class _Ways(NamedTuple):
    """How a script writes names: costs of sounds for others, of vowels less and more.

    Attributes:
        unlike: A row for each sound, the very one of all others if the script treats it as they do.
        closes_with_vowels: Whether it writes a vowel behind a consonant that ends a name.
    """

    unlike: dict[str, dict[str, float]]
    less: float
    less_r: float
    more: float
    is_abjad: bool
    closes_with_vowels: bool


@lru_cache(maxsize=100)
def _ways(profile: Profile) -> _Ways:
    more = _LONG_VOWEL if profile.is_abjad else min(profile.insert_vowel, _MOST_VOWEL)
    known, plain = (_ways(PLAIN).unlike if profile.pairs else {}), costs_of(())
    unlike = {
        one: known[one]
        if known and others is plain[one]
        else {other: _unlike(one, other, cost) for other, cost in others.items()}
        for one, others in costs_of(profile.pairs).items()
    }
    return _Ways(
        unlike,
        profile.skip_vowel,
        min(profile.skip_r, _CONSONANT),
        more,
        profile.is_abjad,
        profile.writes_together,
    )


def _unlike(one: str, other: str, cost: float) -> float:
    if one == other:
        return 0.0
    if one in VOWELS and other in VOWELS:
        return _VOWELS_ALIKE.get(one + other, _VOWELS_ALIKE.get(other + one, _OTHER_VOWEL))
    if one + other in _HALF_VOWELS or other + one in _HALF_VOWELS:
        return _HALF_VOWEL
    if one in VOWELS or other in VOWELS:
        return _FAR
    return cost if cost <= _HARDLY_TOLD else _DEARER * cost


class Writing(NamedTuple):
    """How a script writes names, for whoever decides it in native code.

    Attributes:
        unlike: What its sounds cost for others.
        costs: All others, and how far names may be, in the order of
            `rules/index/native/hearing/names.h`.
        counts: The most sounds of names of few, and of more.
    """

    unlike: Mapping[str, Mapping[str, float]]
    costs: Sequence[float]
    counts: Sequence[int]


def writing_of(profile: Profile) -> Writing:
    """Return how a script writes names that treats sounds so."""
    ways = _ways(profile)
    of_script = (ways.less, ways.less_r, ways.more, ways.is_abjad, ways.closes_with_vowels)
    of_sounds = (_CONSONANT, _SILENT_H, _SILENT_FIRST_H, _BESIDE_A_VOWEL, _SILENT_E, _CLEAR_VOWEL)
    of_ends = (_AT_AN_EDGE, _BEARER, _ENDING)
    costs = (*of_script, *of_sounds, *of_ends, *_MOST[ways.is_abjad])
    return Writing(ways.unlike, costs, (_SHORT, _LONG))


def is_spelled_so(written: str, name: str, language: str, *, slack: float = 0.0) -> bool:
    """Whether a word is written as its script writes a name that sounds so.

    Args:
        slack: So much farther may it be, if other words beside it tell.
    """
    return distance(written, name, language) <= most(written, name) + slack


def is_spelled_as_said(written: str, said: str, language: str) -> bool:
    """Whether a word is nearly written as one way of saying a name, which is a guess itself."""
    return distance(written, said, language) <= most(written, said) - _NEARER_IF_SAID


def is_written_so(written: str, name: str, language: str) -> bool:
    """Whether the letters of a word are those with which its language would write a name.

    Only of languages whose names were counted, and of names in Latin letters. Nothing sounds like
    a very long one by chance.
    """
    of = letters_of_language(language)
    if of is None or not is_told_by_letters(name) or script(written) != of.script:
        return True
    return told_by_letters(written, name, language) >= _LEAST_TOLD[primary(language)]


@lru_cache(maxsize=5_000)
def told_by_letters(written: str, name: str, language: str) -> float:
    """Return how much rather a word writes a name than that it sounds so by chance, in nats.

    Of a language of which `letters_of_language` knows how it writes names.
    """
    of = letters_of_language(language)
    assert of is not None
    ways = [(way, _ONLY_SAID if at else 0.0) for at, way in enumerate(ways_to_write(name))]
    return max(
        evidence(way, letters_in(part), of) - less - (_WITH_AN_ENDING if at else 0.0)
        for at, part in enumerate(parts_of(written, language))
        for way, less in ways
    )


def is_told_by_letters(name: str) -> bool:
    """Whether letters tell what may be a name: of those in Latin letters that are not very long."""
    return len(name) < _LONG_ENOUGH and script(name) == LATIN_SCRIPT


def ways_to_write(name: str) -> list[str]:
    """Return a name, marked, and what letters may write of it, too: as it is said."""
    others = (as_in_english(name), *pronunciations(name))
    return [marked(name), *(marked(each) for each in others if each)]


def least_told(language: str) -> tuple[float, float, float]:
    """Return how much letters must say, of a name as it is said more, and of a part: nats."""
    return _LEAST_TOLD[primary(language)], _ONLY_SAID, _WITH_AN_ENDING


def parts_of(written: str, language: str) -> Iterator[str]:
    """Yield a word, and what is left of it without what its language writes onto names."""
    word = Word(written, fold(written), 0, len(written), False)
    yield written
    bare = (part for part in bare_texts(word, language) if part != written)
    yield from (part for part in bare if not _LATIN_LETTER.search(part))
    of, folded = script(written), word.folded
    if writes_no_vowels(of):
        return
    endings = alternating(language)
    for length in range(1, min(LONGEST_ENDING, len(folded) - _SHORTEST_PART) + 1):
        if folded[-length:] in endings:
            yield folded[:-length]


def is_another(written: str, name: str, language: str) -> bool:
    """Whether a word is known as something else, in some form, and does not say just the name.

    A common word of its language, or what a place is called: בריטניה is no Breton. Of the further
    ones not what its letters say it is.
    """
    forms = _forms_of(written, language)
    if is_just_it(written, name, language):
        return False
    if not all(known(language).isdisjoint(forms) for known in (everyday_words, place_names)):
        return True
    is_further = not further_words(language).isdisjoint(forms)
    return is_further and not _is_all_but_it(written, name, language)


def _is_all_but_it(written: str, name: str, language: str) -> bool:
    """Whether a word is near to a name, and its letters say more for it than chance does."""
    if letters_of_language(language) is None or script(name) != LATIN_SCRIPT:
        return False
    far = distance(written, name, language)
    least = next((told for most_far, told in _SURELY_TOLD if far <= most_far), None)
    return least is not None and told_by_letters(written, name, language) >= least


def names_another(written: str, name: str, language: str) -> bool:
    """Whether a word is a known name, in some form, that goes on behind this one: no Merck."""
    own = phonemes_of(name).text
    known = place_names(language) & _forms_of(written, language)
    said = {phonemes_of(each, language).text for each in known}
    return bool(said) and all(each != own and each.startswith(own) for each in said)


def _forms_of(written: str, language: str) -> set[str]:
    """Return what a word may be without what its language writes onto it, and its endings."""
    word = Word(written, fold(written), 0, len(written), False)
    bare = [fold(text) for text in bare_texts(word, language)]
    endings = alternating(language)
    forms = {stem for text in bare for stem, _ in stems(text, endings)}
    forms.update(base for text in bare for base in bases(text, language))
    return forms


def is_just_it(written: str, name: str, language: str) -> bool:
    """Whether a word says just the sounds of a name."""
    return distance(written, name, language) <= _JUST_IT


def most(written: str, name: str) -> float:
    """Return how far a word of a script may be from a name."""
    is_abjad = phonemes_of(written).profile.is_abjad
    sounds = len(phonemes_of(name).text)
    return _MOST[is_abjad][(sounds > _SHORT) + (sounds > _LONG)]


@lru_cache(maxsize=5_000)
def distance(written: str, name: str, language: str) -> float:
    """Return how far a word is from a name: 0 if it says just its sounds, 1 for a vowel or so.

    Without what its language writes onto names, and, where vowels are written, their endings.
    """
    own = phonemes_of(name).text
    profile = phonemes_of(written, language).profile
    ways = _ways(profile)
    endings = frozenset[str]() if ways.is_abjad else ending_phonemes(language)
    heard = _every_heard(written, language, is_abjad=ways.is_abjad)
    names = {own.replace("N", "ng"), own.replace("N", "n")}
    return min(_distance(one, sounds, ways, endings) for one in names for sounds in heard)


@lru_cache(maxsize=2_000)
def _every_heard(written: str, language: str, *, is_abjad: bool) -> tuple[str, ...]:
    """Return the sounds that a word may have; several names are mostly looked for in one."""
    word = Word(written, fold(written), 0, len(written), False)
    heard = tuple(_heard(text) for text in bare_texts(word, language))
    if not is_abjad:
        return heard
    return (*heard, *(f"{sounds[:-1]}a" for sounds in heard if sounds.endswith("h")))


def _heard(written: str) -> str:
    """Return the sounds of a word as a name has them."""
    of = written_as(written)
    parts = _MATRES.split(written)  # every second one is such a letter
    roman = "".join(_MATER[p] if at % 2 else romanised(p, of) for at, p in enumerate(parts))
    return phoneme_text(roman, of).replace("N", "ng")


def _distance(own: str, heard: str, ways: _Ways, endings: frozenset[str]) -> float:
    """Return the least that it costs to make a name of what is heard, but for an ending.

    What is too far for any name is only said to be far: no step makes it less.
    """
    less = [_left_out(own, at, ways) for at in range(len(own))]
    more = [_added(own, heard, at, ways) for at in range(len(heard))]
    row = [0.0]
    for cost in more:
        row.append(row[-1] + cost)
    for sound, missing in zip(own, less, strict=True):
        unlike = ways.unlike[sound]
        before, row = row, [row[0] + missing]
        for at, other in enumerate(heard):
            row.append(
                min(before[at + 1] + missing, row[at] + more[at], before[at] + unlike[other])
            )
        if min(row) > _TOO_FAR:
            return _FAR
    ends = (row[at] + _ENDING for at in range(1, len(heard)) if heard[at:] in endings)
    return min(row[-1], *ends, _FAR)


def _is_beside_vowel(sounds: str, at: int) -> bool:
    return any(sound in VOWELS for sound in sounds[max(at - 1, 0) : at] + sounds[at + 1 : at + 2])


def _left_out(own: str, at: int, ways: _Ways) -> float:
    """Return what it costs to write a name without one of its sounds."""
    sound = own[at]
    if sound == "h":
        return _SILENT_H if at else _SILENT_FIRST_H
    if sound not in VOWELS:
        return ways.less_r if sound == "r" and at else _CONSONANT
    is_last = at == len(own) - 1
    if is_last and sound == "e":
        return _SILENT_E
    if at and _is_beside_vowel(own, at):
        return _BESIDE_A_VOWEL
    is_clear = sound not in "ae"
    return ways.less + _CLEAR_VOWEL * is_clear + _AT_AN_EDGE * (is_last or not at)


def _added(own: str, heard: str, at: int, ways: _Ways) -> float:
    """Return what it costs to write a name with a sound more."""
    if heard[at] not in VOWELS:
        return _CONSONANT
    if at == 0 and ways.is_abjad and heard[0] == "a" and _needs_a_bearer(own):
        return _BEARER
    if at and _is_beside_vowel(heard, at):
        return _BESIDE_A_VOWEL
    is_last = at == len(heard) - 1
    return ways.more + _AT_AN_EDGE * (is_last and not ways.closes_with_vowels)


def _needs_a_bearer(own: str) -> bool:
    """Whether a name begins with a vowel, or is written so before two consonants: استارلینک."""
    return own[0] in VOWELS or (own[0] == "s" and own[1:2] not in VOWELS)
