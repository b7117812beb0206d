"""In which ways the new words of an article may be said, as native code hears them."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from rules.data.tables import stop_words
from rules.index.cognates import IN_CAPITALS, IN_LONG_WORDS, WITH_VOWELS
from rules.index.spoken import Said, known_scripts, said_in
from rules.languages import compounds
from rules.languages.everyday import everyday_words, is_everyday
from rules.languages.inflection import may_have_prefix
from rules.languages.phonemes import run_pieces, script, with_alternatives, writes_no_vowels
from rules.languages.scripts import has_capitals
from rules.patterns.term import bare_texts
from rules.text.tokenizer import Word

FIRST_WITH_SIGNS = "\u3000"
_GOES_ON, _WHOLE_RUN = 8, 16


class Fresh(NamedTuple):
    """A word of a text, and whether it is a run of a script without spaces."""

    text: str
    folded: str
    is_run: bool


@cache
def is_small(letter: str) -> bool:
    """Whether a name would not begin with this letter: it is small where names have capitals."""
    return not letter.isupper() and has_capitals(letter)


def said(some: Sequence[Fresh], language: str, *, only_names: bool) -> Said:
    """Return what words of a text may sound like, but those that are no spelling of anything.

    Args:
        only_names: Whether words with a small first letter are none.
    """
    small, common = stop_words(), everyday_words(language)
    ways = Said([], [])
    for number, (text, folded, is_run) in enumerate(some):
        is_name = not is_small(text[0])
        if only_names and not is_name:
            continue
        if is_run:
            _say_run(number, text, ways)
        elif not (
            (folded in common and is_everyday(text, folded, language))
            or (folded in small and not text[0].isupper())
            or len(folded) > compounds.LONGEST
        ):
            flags = 0 if is_name else IN_CAPITALS
            written = _script_of(text)
            has_prefixes = may_have_prefix(folded)
            if has_prefixes or written in _WITH_ALTERNATIVES:
                flags |= WITH_VOWELS * (written in _WITHOUT_VOWELS)
                word = Word(text, folded, 0, 1, False)
                for each in bare_texts(word, language):
                    ways.add(number, each, _script_of(each), flags)
            else:
                ways.add(number, text, written, flags)
    return ways


_WITHOUT_VOWELS = frozenset(
    number for name, number in known_scripts().numbers.items() if writes_no_vowels(name)
)
_WITH_ALTERNATIVES = frozenset(
    number for name, number in known_scripts().numbers.items() if name in with_alternatives()
)


def _script_of(text: str) -> int:
    first = text[0]
    return _number_of(first) if first.isalpha() else known_scripts().number_of(text)


@cache
def _number_of(letter: str) -> int:
    return known_scripts().number_of(letter)


def _say_run(number: int, text: str, ways: Said) -> None:
    """Add what a run sounds like from each of its letters on, and all of a short one."""
    flags = IN_LONG_WORDS | IN_CAPITALS * is_small(text[0])
    if len(text) <= compounds.LONGEST:
        ways.add(number, text, _script_of(text), flags | _WHOLE_RUN)
    pieces = run_pieces(text) if text[0] < FIRST_WITH_SIGNS else []
    written = said_in(known_scripts().numbers.get(script(text), 1))
    for heard in dict.fromkeys(piece.phonemes.text for piece in pieces):
        ways.add(number, heard, written, flags | _GOES_ON)
