"""How near a word must sound to a name of one word, where nothing beside it says that it is one.

What is alike by chance is so mostly in its consonants: their order is shared by Kerner, Corners
and Kiernan. So the vowels say whether it is the name, unless nearly every sound does.
"""

from rules.languages.phonemes import VOWELS, phonemes_of, script
from rules.languages.scripts import has_capitals
from rules.languages.similarity import HEARD_AS_ONE, vowels_in

_SURELY = 0.96
"""So like, a word is the name whatever else it has."""

_LEAST_IN_SAME_LETTERS = 0.92
"""Most languages leave names in their own letters as they are; what transcribes them, as Latvian
does, and what transcribes names of other scripts in its own way, as German does, is as near."""

LEAST_NEAR = 0.88
_LEAST_FOR_OTHER_VOWELS = 0.92
_LEAST_SAID = 0.92

_LIKE_FOR_ITS_SIGNS = 0.935
"""So like must be what Han characters say of a name with other vowels."""

_FOR_THE_FIRST_VOWEL = 0.06
"""So much less like is what begins with a vowel that the other is without: Estocolmo."""

_HEARD_AS_ONE_WITHOUT_CAPITALS = str.maketrans("uye", "oia")
"""Scripts of India and Korea have signs between a and e for both: Netflix is naitfliks."""


def is_near(like: float, name: str, written: str, language: str) -> bool:
    """Whether a word that is so like a name, 0 to 1, is near enough for nothing to prove it.

    In letters of the name's own script it has the name's vowels; in others they may be written
    otherwise, unless they are all that differs.
    """
    own, heard = phonemes_of(name).text, phonemes_of(written, language).text
    return is_sound_near(like, own, heard, has_capitals(written), script(written) == script(name))


def is_sound_near(
    like: float, own: str, heard: str, tell_names: bool, is_same_script: bool
) -> bool:
    """Whether sounds that are so like those of a name are near enough, as `is_near` says of words.

    The index of rules asks native code before whether it is like enough for any vowels.

    Args:
        tell_names: Whether they are written in a script with capitals.
        is_same_script: Whether that is the name's own.
    """
    if like >= _SURELY:
        return True
    if like < LEAST_NEAR:
        return False
    if (own[:1] in VOWELS) != (heard[:1] in VOWELS):
        like += _FOR_THE_FIRST_VOWEL
    shared = _vowels_shared(own, heard, tell_names)
    if is_same_script:
        return like >= _LEAST_IN_SAME_LETTERS and shared > 1
    if _has_the_same_consonants(own, heard):
        return shared > 1 or (shared == 1 and like >= _LEAST_FOR_OTHER_VOWELS)
    return shared > 0 or like >= _LEAST_FOR_OTHER_VOWELS


def is_near_as_said(like: float, said: str, written: str, language: str) -> bool:
    """Whether a word is near enough to what is only said for a name, of which there are several."""
    return like >= _LEAST_SAID and is_near(like, said, written, language)


def is_of_its_vowels(like: float, name: str, written: str, language: str) -> bool:
    """Whether characters that say a name say the first of its vowels, or are very like it."""
    own, heard = phonemes_of(name).text, phonemes_of(written, language).text
    return like >= _LIKE_FOR_ITS_SIGNS or _vowels_shared(own, heard, tell_names=False) > 0


def _vowels_shared(own: str, heard: str, tell_names: bool) -> int:
    """Return 2 if a word has all vowels of a name, in order, 1 if it has the first of them.

    A vowel with which only one of them begins does not count: Stockholm, Estocolmo.

    Args:
        tell_names: Whether the word is in a script with capitals.
    """
    classes = HEARD_AS_ONE if tell_names else _HEARD_AS_ONE_WITHOUT_CAPITALS
    vowels, others = (vowels_in(sounds, classes) for sounds in (own, heard))
    if others.startswith(vowels):
        return 2
    if (own[:1] in VOWELS) != (heard[:1] in VOWELS):
        vowels, others = (
            each[1:] if sounds[:1] in VOWELS else each
            for each, sounds in ((vowels, own), (others, heard))
        )
        if others.startswith(vowels):
            return 2
    return int(vowels[:1] == others[:1])


def _has_the_same_consonants(own: str, heard: str) -> bool:
    """Whether a word has the consonants of a name, each once, and two of an ending at most."""
    consonants, others = map(_consonants, (own, heard))
    return others.startswith(consonants) and len(others) <= len(consonants) + 2


def _consonants(sounds: str) -> str:
    found = ""
    for sound in sounds:
        if sound not in VOWELS and not found.endswith(sound):
            found += sound
    return found
