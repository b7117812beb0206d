"""Whether a word may be a name that its rule writes in letters without capitals: ゼレンスキー.

Such a rule does not say that it is a name. So what it is found in must look like one: it has a
capital, where there are any, and is no common word. And it is the word of the rule that must be
spelled as its script writes names, of what the text says.
"""

from collections.abc import Collection

from rules.data.tables import has_cases
from rules.evaluate.name_spelling import distance, is_another, is_spelled_so
from rules.evaluate.nearness import LEAST_NEAR, is_sound_near
from rules.languages.everyday import is_form_of_everyday
from rules.languages.inflection import alternating, stems
from rules.languages.phonemes import phonemes_of, script, writes_no_vowels
from rules.languages.pronunciation import pronunciations
from rules.languages.scripts import has_capitals
from rules.patterns.cognates import likeness
from rules.patterns.fuzzy_patterns import consonants_in
from rules.text.folding import fold

_LEAST_OF_LITTLE = 0.93
"""So like must be what says little, or stands in a script without capitals itself."""

_MOST_OF_LITTLE = 0.15
_FEWEST = 3
_LEAST_BY_CONSONANTS = {3: 0.93, 4: 0.88, 5: 0.86}


def says_name(written: str, name: str, language: str, written_in: Collection[str]) -> bool:
    """Whether a word of a text is the name that a rule writes without capitals."""
    if language in written_in or len(written) == 1:
        return False
    if is_form_of_everyday(written.lower(), fold(written), language):
        return False
    if has_capitals(written):
        ways = (written, *pronunciations(written)) if written[0].isupper() else ()
        return any(_says(name, said, language) for said in ways)
    like = min(likeness(name, written, language), likeness(written, name, ""))
    if writes_no_vowels(script(written)) and consonants_in(phonemes_of(name).text) < _FEWEST:
        return False
    if like < _LEAST_OF_LITTLE or is_another(written, name, language):
        return False
    return is_spelled_so(written, name, language) and is_spelled_so(name, written, "")


def _says(name: str, said: str, language: str) -> bool:
    """Whether a name is spelled as its script writes what is said, but for an ending of that."""
    like, sounds = likeness(name, said, language), phonemes_of(name).text
    consonants = consonants_in(sounds)
    says_much = consonants > 3 or (consonants == 3 and len(sounds) > 4)
    if writes_no_vowels(script(name)):
        if like < _LEAST_BY_CONSONANTS[min(consonants, max(_LEAST_BY_CONSONANTS))]:
            return False
    else:
        heard = phonemes_of(said, language).text
        least = LEAST_NEAR if says_much else _LEAST_OF_LITTLE
        if like < least or not is_sound_near(like, sounds, heard, False, False):
            return False
    endings = alternating(language) if has_cases(language) else {}
    forms = (stem for stem, _ in stems(fold(said), endings))
    if says_much:
        return any(is_spelled_so(name, form, "") for form in forms)
    return any(distance(name, form, "") <= _MOST_OF_LITTLE for form in forms)
