"""Whether a variant would find too much if it stood alone for a whole keyword."""

from collections.abc import Sequence

from rules.data.tables import has_tones, stop_words
from rules.languages.scripts import has_capitals, is_short
from rules.lexicons.api import Form
from rules.text.tokenizer import Word, words

_FEWEST_OF_AN_ACRONYM = 3
_FEWEST_IN_ITS_LANGUAGE = 2
_FEWEST_OF_A_WORD = 3
_FEW = 3
_FEW_TOGETHER = 5
_LIKE_AN_ENDING = 2


def finds_too_much(form: Form, term: str, *, is_name: bool) -> bool:
    """Whether a form of a whole term is too common a text to count before somebody has looked.

    It has too few letters for its script, is made of stop words (of its own language; of any if it
    counts in all, or may be a syllable of other words), or is a word in lower case for what is a
    name: "kalkon" for Turkey, "frieden" for Frieden.

    Args:
        is_name: Whether a list knows the term as a name.
    """
    own_words = words(form.text)
    if not own_words:
        return True
    if form.kind == "acronym":  # its case counts
        return len(own_words) == 1 and not _is_acronym_enough(form, own_words[0].folded)
    may_be_a_syllable = form.kind != "name" and has_tones(form.language)
    small = stop_words("" if may_be_a_syllable else form.language)
    if all(word.folded in small for word in own_words):
        return True
    if form.kind != "name" and is_short(form.text) and not _is_telling(form, own_words):
        return not _is_designation(form.text)  # the capital of a name counts
    return is_name and not term.islower() and len(own_words) == 1 and _is_lower(form.text)


def _is_acronym_enough(form: Form, folded: str) -> bool:
    """Whether an acronym has letters enough: of two where its language is known, and no word."""
    if len(folded) >= _FEWEST_OF_AN_ACRONYM:
        return True
    is_known = bool(form.language) and len(folded) == _FEWEST_IN_ITS_LANGUAGE
    return is_known and folded not in stop_words(form.language)


def _is_telling(form: Form, own_words: Sequence[Word]) -> bool:
    """Whether a form that has few letters is a whole word of the language in which it counts."""
    whole = not any(word.is_run for word in own_words)
    return bool(form.language) and whole and len(own_words[0].folded) >= _FEWEST_OF_A_WORD


def _is_designation(text: str) -> bool:
    """Whether it is letters and a number, which together are a name: Су-57."""
    return text[0].isalpha() and text[-1].isdigit()


def is_brief(own_words: Sequence[Word]) -> bool:
    """Whether only a known language tells what words are: they have few letters, or are small.

    Czech daň is a tax, and Dutch "dan" than.
    """
    if sum(len(word.folded) for word in own_words) <= _FEW:
        return True
    return all(word.folded in stop_words("") for word in own_words)


def is_brief_together(own_words: Sequence[Word]) -> bool:
    """Whether words, written as one, have so few letters that it may be any word: F35, a la.

    Or the last one is a name as short as an ending: Jackman is no Jack Ma.
    """
    letters, last = sum(_letters(word.text) for word in own_words), own_words[-1].text
    is_like_an_ending = last.istitle() and len(last) <= _LIKE_AN_ENDING
    is_brief = letters <= _FEW_TOGETHER or any(len(word.folded) < 2 for word in own_words)
    return is_brief or is_like_an_ending


def _letters(text: str) -> int:
    """Return the length of a word; a syllable of hangul counts as two letters."""
    return sum(2 if "\uac00" <= letter <= "\ud7a3" else 1 for letter in text)


def _is_lower(text: str) -> bool:
    """Whether it is all in lower case, in a script in which names have a capital."""
    return has_capitals(text) and text == text.lower()
