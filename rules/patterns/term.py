"""A word that rules look for, and how like it a word of a text must be."""

from dataclasses import dataclass, field

from rules.languages import similarity
from rules.languages.phonemes import Sounds
from rules.languages.similarity import Known
from rules.languages.syllables import is_hangul
from rules.text.tokenizer import Word

LEAST_TOGETHER = 5.0
_SURE_TOGETHER = 0.86
_SURE_HEARD = 0.84
_NEVER = 2.0
_LEAST_IN_A_RUN = 0.82
_FEWEST_SOUNDS = 3


@dataclass(slots=True)
class Entry:
    """A word that rules look for.

    Attributes:
        text: As the rule writes it.
        followers: Entries that stand behind it in a term: both together may be one word.
        alone: It is the only word of a term, so that it may be a part of a compound.
        cognate: It may be found in other spellings.
        heard: It is only a way in which other scripts than Latin hear a rule's words.
        together: It is several words, which few scripts write as one.
        in_hangul: Hangul spells it sign by sign, so that its sound alone does not count there.
    """

    text: str
    folded: str
    known: Known
    followers: set[int] = field(default_factory=set)
    alone: bool = False
    cognate: bool = False
    heard: bool = False
    together: bool = False
    in_hangul: bool = False


def beginnings(places: list[int], heard: Sounds, entry: Entry) -> list[int]:
    """Return where the second part of a compound may begin; a sound of both parts is heard once."""
    first = entry.known.whole.text[:1]
    shared = [place - 1 for place in places if place and heard.text[place - 1] == first]
    return [*places, *shared]


def least(entry: Entry, word: Word) -> float:
    """Return how like an entry a word must be to be a cognate of it."""
    if not entry.heard:
        return similarity.least(entry.known.whole.weight)
    if not entry.together:
        return _SURE_HEARD
    return _NEVER if entry.in_hangul and is_hangul(word.text) else _SURE_TOGETHER


def least_in_a_run(entry: Entry) -> float:
    """Return how like an entry a part of a run must be, whose end is not known."""
    if len(entry.known.whole.text) < _FEWEST_SOUNDS:
        return _NEVER
    if entry.together:
        return _SURE_TOGETHER
    return max(_LEAST_IN_A_RUN, similarity.least(entry.known.whole.weight))
