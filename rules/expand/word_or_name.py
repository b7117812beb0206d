"""Whether a rule of one word that is written as a name is looked for as a word: Dawn, aube."""

from rules.data.tables import has_capital_nouns, noun_surnames
from rules.query.parsed import readable
from rules.query.tree import Keyword
from storage.model import Rule, VariantState

_SHOWN = ("en", "fr", "es", "de")
_MOST = 2


def read_as_word(rule: Rule, usual: str) -> str:
    """Return what to write if a rule means a name, or a word that is read as one; else "".

    People begin topics with capitals, too, so what lists have as a word is one.

    Args:
        usual: What language rules are written in: German writes all its nouns so.
    """
    known = readable(rule.query)
    if known is None or not isinstance(known.tree, Keyword):
        return ""
    text = known.tree.text
    if not (text.isalpha() and text.istitle()) or has_capital_nouns(rule.language or usual):
        return ""
    if text in noun_surnames() and usual in rule.written_in:
        return f'"{text}" is looked for as a name; for the German word add --in de'
    if any(variant.kind == "name" for variant in rule.variants):
        return ""
    said = {
        variant.language: variant.text
        for variant in reversed(rule.variants)
        if variant.state is VariantState.ACTIVE and variant.kind == "word"
    }
    shown = [said[each] for each in _SHOWN if each in said and each not in rule.written_in]
    if not shown:
        return ""
    elsewhere = " and ".join(shown[:_MOST])
    return f'"{text}" is looked for as a word ({elsewhere}, too); if it is a name, write ={text}'
