"""A word that is no form of a name of one word, but may be it in another spelling.

Most words that an article has of a name only sound like it, or are in other letters. What all
that is made of the name would say of these is told here, in a part of the time.
"""

from rules.data.tables import brands, stop_words
from rules.evaluate.evidence import mean_strength
from rules.evaluate.lone_names import Said, is_said_so
from rules.languages.compounds import LONGEST
from rules.languages.everyday import is_form_of_everyday
from rules.languages.inflection import ending_phonemes
from rules.languages.match_types import MOST_FOR_A_COGNATE
from rules.languages.phonetic_keys import has_one
from rules.languages.pronunciation import pronunciations
from rules.languages.similarity import compare, known, least
from rules.patterns.cognates import LEAST_ALONE, as_heard
from rules.patterns.slots import weight_of
from rules.patterns.variants_in import Languages
from rules.text.tokenizer import Word


def is_only_heard(word: Word, name: str) -> bool:
    """Whether what a word that is no form of a name is of it shows in its sounds alone.

    Not if the name may be said in more ways than it is written, or is written as none is, nor of a
    run or a number, in which a name may stand anywhere, or go on.

    Args:
        name: In letters a-z, which no variant stands for.
    """
    if word.is_run or word.text[0].isdigit() or word.text[-1].isdigit():
        return False
    return name[1:].islower() and name not in brands() and not pronunciations(name)


def likeness_of(word: Word, name: str, language: str) -> float | None:
    """Return how like a word is to a name: as a cognate, as `Vocabulary` finds it, else None."""
    folded = word.folded
    if folded == name.lower() or len(folded) > LONGEST:
        return None
    if folded in stop_words() and not word.text[0].isupper():
        return None
    wanted, endings, best = known(name), ending_phonemes(language), 0.0
    for phonemes, keys in as_heard(word.text, folded, language):
        if len(phonemes.text) > 1 and has_one(name, keys):
            like = compare(wanted, phonemes, endings)
            best = max(best, like.strength if like else 0.0)
    return min(best, MOST_FOR_A_COGNATE) if best >= least(wanted.whole.weight) else None


def strength_of(word: Word, name: str, like: float, language: str, own: Languages) -> float | None:
    """Return how sure it is that a word so like a name is it, with nothing beside it.

    None if it does not count; `own` are the languages of the rule.
    """
    if is_form_of_everyday(word.text, word.folded, language):
        return None
    if not is_said_so(Said(word.text, name, like, language), own):
        return None
    strength = mean_strength([like], [weight_of(len(name))])
    return round(strength, 3) if strength >= LEAST_ALONE else None
