"""Which words of a keyword may be found in other spellings, beside those that it has itself."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import TypeVar

from rules.data.tables import languages
from rules.languages.everyday import everyday_words
from rules.languages.phonemes import (
    TRANSCRIBED,
    VOWELS,
    hear_ahead,
    phonemes_of,
    script,
    writes_no_vowels,
    written_as,
)
from rules.languages.pronunciation import pronunciations, read_ahead
from rules.languages.scripts import has_capitals, script_of, scripts_of
from rules.patterns.variants import Outlined
from rules.query.terms import content, may_have_several_words
from rules.query.tree import Keyword, Term
from rules.text.tokenizer import Word

_Some = TypeVar("_Some", bound=Outlined)
_SAID = re.compile("[B-DF-HJ-NP-TV-Z]{1,2}[AEIOU][B-DF-HJ-NP-TV-Z]{1,2}")
"""Capitals of one syllable, which are said as a word: MAX."""

_SHORTEST_ALONE = 4
_OWN_WORDS = frozenset({"han", "hiragana"})
_FEWEST_SOUNDS, _FEWEST_CONSONANTS, _FEWEST_SIGNS = 4, 2, 3
LONG_ALONE = 6
"""A name of fewer letters is told by its sound only where other letters are written."""


def is_lone_name(own_words: Sequence[Word]) -> bool:
    """Whether a keyword is a name of one word, so long that its sound alone may tell it."""
    if len(own_words) != 1:
        return False
    word = own_words[0]
    if not has_capitals(word.text):
        return _may_be_heard_alone(word.text, word.folded)
    is_name = word.text[0].isupper() and not word.text.isupper()
    return is_name and word.text.isalpha() and len(word.folded) >= _SHORTEST_ALONE


@lru_cache(maxsize=2_000)
def _may_be_heard_alone(written: str, folded: str) -> bool:
    """Whether a word without capitals says so much that its sound may tell it.

    That is counted in sounds, of which one sign may say several, and one consonant more is needed
    where vowels are not written. Hiragana is no name of a foreigner, nor are Han characters but for
    three or more that write one, nor common words of a language of the script.
    """
    sounds, of = phonemes_of(written).text, script_of(written[0])
    least = _FEWEST_CONSONANTS + writes_no_vowels(script(written))
    is_long = len(written) >= _FEWEST_SIGNS
    is_own = of in _OWN_WORDS and not (is_long and written_as(written) == TRANSCRIBED)
    if not of or is_own or len(sounds) < _FEWEST_SOUNDS or consonants_in(sounds) < least:
        return False
    return not any(folded in everyday_words(each) for each in _languages_with(of))


@cache
def _languages_with(of: str) -> tuple[str, ...]:
    return tuple(code for code in languages() if of in scripts_of(code))


def consonants_in(sounds: str) -> int:
    """Return how many of some sounds are consonants."""
    return sum(sound not in VOWELS for sound in sounds)


def said_as_names(word: Word, *, typed: bool = False) -> tuple[str, ...]:
    """Return how a word of a keyword may be said in other scripts, if it is a name.

    Args:
        typed: It stands beside a number, as in the name of a product; capitals are then a word,
            if they can be said: 737 MAX.
    """
    if not word.text[0].isupper():
        return ()
    return (
        (word.text.title(),) if typed and _SAID.fullmatch(word.text) else pronunciations(word.text)
    )


def has_number(content_words: Iterable[Word]) -> bool:
    """Whether one of some words is a number."""
    return any(word.text.isdecimal() for word in content_words)


def read_names(terms: Iterable[Term]) -> None:
    """Read and hear the words of keywords together, since each of them is asked for next.

    Of names `said_as_names` is, and of all, and of what these are said like, how they sound.
    """
    keywords = (term.text for term in terms if isinstance(term, Keyword))
    own_words = [word.text for text in keywords for word in content(text)]
    said = read_ahead(word for word in own_words if word[0].isupper())
    hear_ahead([*own_words, *said])


def spelled_out(text: str, variants: Sequence[_Some]) -> Iterator[_Some]:
    """Yield the names of several words that may stand for one word of a keyword."""
    names = [each for each in variants if each.kind == "name" and each.of not in ("", text)]
    words_of = {of: [word.folded for word in content(of)] for of in {each.of for each in names}}
    for word in content(text) if names else ():
        for name in names:
            if words_of[name.of] == [word.folded] and _has_several_words(name.text):
                yield name


def _has_several_words(text: str) -> bool:
    return may_have_several_words(text) and len(content(text)) > 1
