"""Which words are forms of names that are known by their length and the letters behind a stem."""

from collections.abc import Sequence
from functools import lru_cache

from common.stems import MOST_BEHIND, OF_A_LETTER, letters_behind, shortened
from rules.languages.everyday import everyday_lines
from rules.languages.inflection import alternating, paradigms, shortest_stem

_SURE, _NEARLY_SURE, _WHOLE = 10, 7, 5
"""So many letters of a word and a name that are the same are enough, whatever ends them; or so many
if one letter at most is behind them: America, American; or all of a name of so many, before one
letter more: Sudan, Sudani. Lists of endings are never whole, and texts have slips.
"""
_NEVER_BEHIND = {"en": ("na", "no")}
"""Letters with which another name ends: Qatar and Qatari are one, Indian and Indiana are not."""
_MANY_PARADIGMS, _MORE = 20, 2
"""Languages of so many paradigms derive more than these tell: behind a whole name so many letters
may be anything, as in Polish Serb, Serbka.
"""
_SAME_END = 2
"""So many letters behind one that is left out, or written besides, are the same."""


def is_misread(word: str, language: str, length: int, behind: int, *, is_small: bool) -> bool:
    """Return whether a word that begins as a name does is no form of it.

    Args:
        word: Folded.
        length: Of the name, in letters.
        behind: What `letters_behind` says of the name.
        is_small: Whether the word has no capital, in a script that has some.
    """
    if length == len(word) and behind == letters_behind(word):
        return False
    cut = len(shortened(word))
    own = [ord(letter) & OF_A_LETTER for letter in word]
    theirs = [behind >> 5 * n & OF_A_LETTER for n in range(min(length - cut, MOST_BEHIND))]
    common = cut
    for one, other in zip(own[cut:], theirs, strict=False):
        if one != other:
            break
        common += 1
    left = max(len(word), length) - common
    is_begun = common == length and not word.endswith(_NEVER_BEHIND.get(language, ()))
    if common >= _SURE or (common >= (_WHOLE if is_begun else _NEARLY_SURE) and left <= 1):
        return False
    if common == length and left <= _MORE and len(paradigms(language)) >= _MANY_PARADIGMS:
        return False
    if length - cut <= MOST_BEHIND and _is_slip(own[cut:], theirs):
        return False
    if is_small and len(word) < length and common < _WHOLE and f"\n{word}\n" in _everyday(language):
        return True  # Swedish "finns", there is, might be of the Finns
    return not _alternate(word, language, common, own[:cut] + theirs, length)


def _is_slip(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether one of two has a letter more, and not among the last ones."""
    long, short = (one, other) if len(one) > len(other) else (other, one)
    return len(long) == len(short) + 1 and any(
        [*long[:place], *long[place + 1 :]] == [*short] for place in range(len(long) - _SAME_END)
    )


def _alternate(word: str, language: str, common: int, name: Sequence[int], length: int) -> bool:
    """Whether endings of one paradigm stand behind a stem that a word and a name share.

    Args:
        common: So many letters of both are the same.
        name: What is known of its letters: of a long one not of all.
    """
    ways = alternating(language)
    for stem in range(min(common, length), shortest_stem(word, named=True) - 1, -1):
        way = ways.get(word[stem:], 0)
        if way and any(
            other & way and len(ending) == length - stem and _fits(ending, name[stem:])
            for ending, other in ways.items()
        ):
            return True
    return False


def _fits(ending: str, known: Sequence[int]) -> bool:
    return all(
        ord(letter) & OF_A_LETTER == other for letter, other in zip(ending, known, strict=False)
    )


@lru_cache(maxsize=8)
def _everyday(language: str) -> str:
    """Return everyday words: few are asked for, and a set of all would take longer to make."""
    return f"\n{everyday_lines(language)}\n"
