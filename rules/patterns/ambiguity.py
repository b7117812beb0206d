"""Whether a variant would find too much if it stood alone for a whole keyword."""

from collections.abc import Sequence

from rules.data.tables import stop_words
from rules.languages.scripts import has_capitals, is_short
from rules.lexicons.api import Form
from rules.text.tokenizer import Word, words
from storage.model import Variant

_FEWEST_OF_AN_ACRONYM = 3
_FEW, _FEW_FROM_A_LIST = 3, 5


def finds_too_much(form: Form, term: str, *, is_name: bool) -> bool:
    """Whether a form of a whole term is too common a text to count before somebody has looked.

    It has too few letters for its script, is made of stop words of any language, or is a word
    in lower case for what is a name: "kalkon" for Turkey, "frieden" for Frieden.

    Args:
        is_name: Whether a list knows the term as a name.
    """
    own_words = words(form.text)
    if not own_words:
        return True
    if form.kind == "acronym":  # its case counts
        return len(own_words) == 1 and len(own_words[0].folded) < _FEWEST_OF_AN_ACRONYM
    if all(word.folded in stop_words() for word in own_words):
        return True
    if form.kind != "name" and is_short(form.text):  # the capital of a name counts
        return True
    return is_name and not term.islower() and len(own_words) == 1 and _is_lower(form.text)


def only_in(variant: Variant, own_words: Sequence[Word]) -> str:
    """Return the language in whose articles alone a variant counts; "" for any.

    Other languages write other words with so few letters; more so for words from lists, which
    nobody has looked at.

    Args:
        found: The words of the variant that count.
    """
    listed = variant.kind == "word" and not own_words[0].is_run
    most = _FEW_FROM_A_LIST if listed else _FEW
    return variant.language if sum(len(word.folded) for word in own_words) <= most else ""


def _is_lower(text: str) -> bool:
    """Whether it is all in lower case, in a script in which names have a capital."""
    return has_capitals(text) and text == text.lower()
