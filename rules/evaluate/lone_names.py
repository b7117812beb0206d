"""Whether a word may be a name of one word in another spelling, with nothing to prove it."""

from collections.abc import Collection
from typing import NamedTuple

from rules.evaluate.name_spelling import (
    distance,
    is_another,
    is_just_it,
    is_spelled_as_said,
    is_spelled_so,
    is_written_so,
    names_another,
)
from rules.evaluate.names_without_capitals import says_name
from rules.evaluate.nearness import LEAST_NEAR, is_near, is_near_as_said, is_of_its_vowels
from rules.languages.everyday import everyday_words, is_form_of_further
from rules.languages.katakana_words import is_borrowed
from rules.languages.match_types import Hit, MatchType
from rules.languages.phonemes import (
    VOWELS,
    phonemes_of,
    script,
    spells_in_full,
    writes_no_vowels,
)
from rules.languages.pronunciation import pronunciations
from rules.languages.scripts import has_capitals, has_other_letters
from rules.languages.similarity import known
from rules.languages.vowels_around import is_written_around
from rules.patterns.cognates import LEAST_ALONE, likeness
from rules.patterns.fuzzy_patterns import LONG_ALONE
from rules.patterns.pattern import Pattern, Slot
from rules.text.folding import fold
from rules.text.tokenizer import is_unspaced

SURELY_SAID = 0.9
"""So like must be a name that is only said."""

_LEAST_BY_SIGNS = {1: 1.01, 2: 0.95, 3: 0.94, 4: 0.9}
"""So like must be what so many signs say that are no letters: one alone says nothing."""

_NEARLY_SPELLED = 0.71
"""So far may signs be from a name that have other vowels."""

_JUST_THE_SAME = 0.93
_LIKE_A_BRIEF_ONE = 0.91
_BRIEFER = 4
_FIRST_HAN = "\u3000"

_ALIKE_FOR_ALL_ITS_VOWELS, _LONG_ONE_FOR_ALL_ITS_VOWELS = 0.92, 0.86
"""So like a name must be, in a script without capitals, what has other vowels; and so like one of
so many letters."""

_LONG = 8

_TOLD_VOWELS = VOWELS - {"u"}
"""But for what kana and hangul write behind consonants: トゥスク."""

_LIKE_VOWELS = "hjv"
"""Sounds of names for which other languages have vowels, or nothing: Hernani, Jerusalem, Wales."""

_BEHIND_VOWELS = "sxmnN"
"""Sounds before which, with a consonant behind them, other languages have a vowel."""

_OTHERS_BEGIN = {"w": "f", "f": "v"}
"""What a name that is written so does not begin with: Weinstein is no Feinstein."""

_FEWEST_SOUNDS = 4
_LEAST_BY_CONSONANTS = {3: 0.93, 4: 0.88, 5: 0.86}
_MOST_LEFT_OUT = 0.4
"""Where short vowels are not written: so many consonants a name needs, so like it must be what
has so many of them or more, and such a part of its sounds may be missing."""


def may_be_lone_name(written: str, hit: Hit, pattern: Pattern, slot: Slot, language: str) -> bool:
    """Whether a word may be the name of one word that a rule is, in another spelling.

    With a capital, where there are any; in the rule's own language only what sounds the same. An
    ending that languages share is none of a name's: art is no Arctic. Of what a list has only
    another spelling in other letters counts, in vowels, say. What is only said, and what Han
    characters say, must be more like it. Without capitals it is not known as anything else. Where
    the language is not known, all that lists have counts, and none of that is guessed in letters
    of the same script. A name that its own script writes without a capital: see `says_name`.
    """
    if hit.match_type is not MatchType.COGNATE:
        return False
    if not language and slot.known_in and script(written) == script(slot.written):
        return False
    is_listed = language in slot.known_in
    if not has_capitals(slot.written):
        return not is_listed and says_name(written, slot.written, language, pattern.written_in)
    if is_listed and not (has_other_letters(language) and spells_in_full(script(written))):
        return False
    said = Said(written, slot.written, hit.strength, language, hit.entry != slot.own)
    least = _JUST_THE_SAME if is_listed else pattern.least
    return is_said_so(said, pattern.written_in, least)


class Said(NamedTuple):
    """A word of a text that may be a name of one word.

    Attributes:
        strength: How like it is to the name, or to what is said for it.
        is_only_said: Whether it is like something else that is said for the name.
    """

    written: str
    name: str
    strength: float
    language: str
    is_only_said: bool = False


def is_said_so(said: Said, written_in: Collection[str], least: float = LEAST_ALONE) -> bool:
    """Whether a word is another spelling of a name that no list has: see `may_be_lone_name`."""
    written, name, language = said.written, said.name, said.language
    decided = _decided(written, name, language, written_in)
    if decided is not None:
        return decided
    if not (_is_like_enough(said, least) and is_written_so(written, name, language)):
        return False
    if has_capitals(written) and names_another(written, name, language):  # Меркель is no Merck
        return False
    if has_capitals(written) and likeness(name, written, language) >= _JUST_THE_SAME:
        is_word = is_form_of_further(fold(written), language)  # Политика is no Politico
        return not is_word or is_just_it(written, name, language)
    if is_borrowed(fold(written), language) and not is_just_it(written, name, language):
        return False  # ホスト, a host, is no Hosthu
    return not is_another(written, name, language)


def _decided(written: str, name: str, language: str, written_in: Collection[str]) -> bool | None:
    """Return whether a word is a name if its letters and languages say so; else None."""
    if not written[0].isupper() and has_capitals(written):
        return False
    if len(written) == 1:  # a syllable says as little as a Han character: 될 is no Doyle
        return False
    if has_other_letters(language) and written.isascii() and name.isascii():
        return len(fold(name)) >= LONG_ALONE and _is_quoted(written, name)
    if language in written_in:
        return phonemes_of(written).text == phonemes_of(name).text
    is_english = written.isascii() and name.isascii() and fold(written) in everyday_words("en")
    if is_english and phonemes_of(written).text != phonemes_of(name).text:
        return False  # Schools is no Scholz
    other = _OTHERS_BEGIN.get(fold(name)[:1])
    if other and phonemes_of(written, language).text.startswith(other):
        return False
    return None


def _is_like_enough(said: Said, least: float) -> bool:
    """Whether a word is so like a name as words of its script and length must be."""
    written, name, strength, language, is_only_said = said
    if writes_no_vowels(script(written)):
        return not is_only_said and _has_its_consonants(written, name, language)
    if len(fold(name)) < LONG_ALONE:
        return _may_be_brief_name(said)
    if is_unspaced(written) and not is_written_around(script(written)):
        if written[0] >= _FIRST_HAN:
            least = _LEAST_BY_SIGNS[min(len(written), max(_LEAST_BY_SIGNS))]
            return strength >= least and _has_a_vowel(written, name, language)
        return strength >= SURELY_SAID or not is_only_said
    if is_only_said:
        return _is_surely_said(said)
    return _is_said_alike(written, name, language, least)


def _has_a_vowel(written: str, name: str, language: str) -> bool:
    """Whether signs that are less than nearly the same have the first vowel of a name, or most."""
    return any(
        is_of_its_vowels(likeness(way, written, language), way, written, language)
        or distance(written, way, language) <= _NEARLY_SPELLED
        for way in (name, *pronunciations(name))
    )


def _is_quoted(written: str, name: str) -> bool:
    """Whether a word in Latin letters, where others are written, is a name: letters as they are."""
    is_same = phonemes_of(written).text == phonemes_of(name).text
    return is_same and fold(written) not in everyday_words("en")


def _is_surely_said(said: Said) -> bool:
    """Whether a word says a name, and without capitals is spelled as it or as what is said."""
    written, name, strength, language, _ = said
    if strength < SURELY_SAID or not _is_near_as_said(written, name, language):
        return False
    if has_capitals(written) or is_spelled_so(written, name, language):
        return True
    return any(is_spelled_as_said(written, each, language) for each in pronunciations(name))


def _is_near_as_said(written: str, name: str, language: str) -> bool:
    """Whether a word is near to one of the ways in which a name may be said."""
    return any(
        is_near_as_said(likeness(each, written, language), each, written, language)
        for each in pronunciations(name)
    )


def _is_said_alike(written: str, name: str, language: str, least: float) -> bool:
    """Whether a word sounds enough like a name; without capitals, nearly the same or its vowels.

    And it is written as its script writes names, since nothing else tells that it is one.
    """
    like = likeness(name, written, language) if _begins_alike(written, name, language) else 0.0
    is_long = len(fold(name)) >= _LONG
    enough = _LONG_ONE_FOR_ALL_ITS_VOWELS if is_long else _ALIKE_FOR_ALL_ITS_VOWELS
    if like < least or not (
        is_near(like, name, written, language) or _is_near_as_said(written, name, language)
    ):
        return False
    if has_capitals(written):
        return True
    if like < enough and not _has_its_vowels(written, name, language):
        return False
    return is_spelled_so(written, name, language)


def _begins_alike(written: str, name: str, language: str) -> bool:
    """Whether of two names not one begins with a vowel that the other is without: Emerson, Merson.

    But for what many languages begin with a vowel, Stockholm and Estocolmo, Mbappé and Embapé, or
    have a vowel for, Jerusalem and Иерусалим.
    """
    both = phonemes_of(name).text, phonemes_of(written, language).text
    others = [sounds for sounds in both if sounds[:1] not in VOWELS]
    if len(others) != 1:
        return True
    first, second = (*others[0], "", "")[:2]
    return first in _LIKE_VOWELS or (first in _BEHIND_VOWELS and second not in VOWELS)


def _may_be_brief_name(said: Said) -> bool:
    """Whether a word may be a name of few letters: Трамп, Путин, ミレイ.

    Only in other letters, where it sounds nearly the same but for an ending, of four letters just
    the same (Моди); and none that is a common word where a sentence begins with it. Where there
    are no capitals, its vowels must be the name's, and common words must be known.
    """
    written, name, _, language, is_only_said = said
    is_briefer = len(fold(name)) <= _BRIEFER
    if not _may_be_brief(written, name, language):
        return False
    if is_only_said:
        return not is_briefer and _is_surely_said(said)
    if not has_capitals(written):
        is_alike = likeness(name, written, language) >= _ALIKE_FOR_ALL_ITS_VOWELS
        return (
            is_alike
            and _has_its_vowels(written, name, language)
            and is_spelled_so(written, name, language)
        )
    if is_briefer and not _begins_so(written, name, language):
        return False
    like = likeness(name, written, language)
    return like >= _LIKE_A_BRIEF_ONE and is_near(like, name, written, language)


def _may_be_brief(written: str, name: str, language: str) -> bool:
    """Whether a word is in other letters than a name of few, and no common word."""
    if script(written) == script(name) or is_unspaced(written):
        return False
    common = everyday_words(language)
    if fold(written) in common:
        return False
    if has_capitals(written):
        return True
    heard, own = phonemes_of(written, language).text, phonemes_of(name).text
    return bool(common) and len(heard) >= _FEWEST_SOUNDS <= len(own)


def _begins_so(written: str, name: str, language: str) -> bool:
    return phonemes_of(written, language).text.startswith(phonemes_of(name).text)


def _has_its_vowels(written: str, name: str, language: str) -> bool:
    """Whether a word has the vowels of a name, and one of an ending at most."""
    own, heard = (
        [sound for sound in phonemes.text if sound in _TOLD_VOWELS]
        for phonemes in (phonemes_of(name), phonemes_of(written, language))
    )
    return heard[: len(own)] == own and len(heard) <= len(own) + 1


def least_in_full(name: str) -> float:
    """Return how like a name a word must be that is no part of a run, and written with vowels."""
    if pronunciations(name):
        return LEAST_ALONE
    return _LIKE_A_BRIEF_ONE if len(fold(name)) < LONG_ALONE else LEAST_NEAR


def least_by_consonants(name: str) -> float | None:
    """Return how like a name a word without short vowels must be; None if they say too little."""
    sounds = known(name).whole.text
    consonants = len(sounds) - sum(map(sounds.count, VOWELS))
    return _LEAST_BY_CONSONANTS.get(min(consonants, max(_LEAST_BY_CONSONANTS)))


def _has_its_consonants(written: str, name: str, language: str) -> bool:
    """Whether a word in a script without short vowels says enough of a name: بوتين, لافروف.

    Few consonants are alike by chance, and so is what leaves out much of a name: משהו is no
    Mirziyoyev.
    """
    own, heard = phonemes_of(name).text, phonemes_of(written, language).text
    least = least_by_consonants(name)
    if least is None or len(heard) < len(own) * (1 - _MOST_LEFT_OUT):
        return False
    # Most are spelled otherwise, which is found sooner.
    return is_spelled_so(written, name, language) and likeness(name, written, language) >= least
