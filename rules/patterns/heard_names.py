"""A name of one word as it is found in other spellings: what that needs of its patterns.

Most words that an article has of a name are no form of it, but sound like it, or are in other
letters. To make all of the name ready takes several times as long as to look at such a word.
"""

from rules.data.tables import brands
from rules.languages.match_types import MatchType
from rules.patterns.pattern import CompiledTerm, Pattern
from rules.patterns.slots import as_lone, as_said, slot_of
from rules.patterns.variants_in import Languages
from rules.patterns.word_index import WordIndex
from rules.text.tokenizer import Word


def heard_alone(name: str, written_in: Languages) -> tuple[CompiledTerm, WordIndex] | None:
    """Return a name, and an index that finds it in words which are no form of it.

    Both say of these what all that `Planner` makes of the name says; None if it is written as none
    is.

    Args:
        name: In letters a-z, which no variant stands for.
    """
    if not name[1:].islower() or name in brands():
        return None
    index = WordIndex()
    index.is_of_one_word = index.is_only_heard = True
    word = Word(name, name.lower(), 0, len(name), False)
    slot = slot_of(index, word, name)
    index.allow_cognates((slot.own,))
    slot = as_said(index, slot, word)
    languages = frozenset(written_in)
    pattern = Pattern((slot,), False, MatchType.COGNATE, fuzzy=True, written_in=languages)
    return CompiledTerm(0, name, (as_lone(pattern),)), index
