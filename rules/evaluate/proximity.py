"""Which finds stand near each other: gaps, and the smallest spans that hold all parts."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from unicodedata import normalize

from rules.data.tables import particles, stop_words, written_stop_words
from rules.languages.match_types import MatchType
from rules.languages.verbs import says_by_verb
from rules.patterns.pattern import Pattern
from rules.text.tokenizer import Word, are_parted, is_break, without_middle_names, words

MOST_STOP_WORDS = 3
MOST_OTHERS = 1
_STOP_WORD_COST = 0.01
_OTHER_COST = 0.04
LONGEST_GAP = 70
LONGEST_GAP_WHERE_DONE = 110
_OTHERS_IN_A_RUN = 4
_REST_OF_A_RUN = 2
_LONGEST_CHAIN = 400
# How many there are is no word more: recalls 210,000 electric vehicles.
_NUMBER = re.compile(r"(?<!\S)[0-9]{1,3}(?:[0-9]*|(?:[,.\u00a0\u202f ][0-9]{3})+)(?!\S)")


class Occurrence(NamedTuple):
    """A find of one part of a term, or of a whole term.

    Attributes:
        part: The number of the part that it answers.
        fuzzy: Whether its letters differ from the rule's.
        via: The text of the variant that answers the part; "" for the rule's own word.
        said: Whether it is a name as it is said, not as it is spelled.
    """

    start: int
    end: int
    part: int
    match_type: MatchType
    strength: float
    fuzzy: bool = False
    via: str = ""
    said: bool = False


class Span(NamedTuple):
    """Places that together answer every part; cost is what their gaps take from the score."""

    occurrences: tuple[Occurrence, ...]
    cost: float

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.occurrences[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        if len(self.occurrences) == 1:
            return self.occurrences[0].end
        return max(occurrence.end for occurrence in self.occurrences)


GapCost = Callable[[Occurrence, Occurrence], float | None]
"""What a gap between two neighbours costs; None when they are not near each other."""


def keyword_gap(
    text: str,
    *,
    may_turn: bool = True,
    is_own: bool = False,
    of_name: bool = False,
    parting: frozenset[str] = frozenset(),
    articles: frozenset[str] = frozenset(),
    is_of_names: bool = False,
    verbs: frozenset[int] = frozenset(),
) -> GapCost:
    """Return the gap of keywords: stop words may stand between, and one other word.

    That word stands either alone ("Hanoi Cybercrime Convention") or, when the order is turned,
    before a stop word ("convention signed in Hanoi"): so "Hanoi prepares for a convention" is
    not near. Cognates are only believed with nothing but stop words between them, and a name as
    it is said only in its order.

    Args:
        may_turn: Whether the order of the words may be another language's. That of a variant is
            its language's own.
        is_own: Whether the text is in the language of the keyword, which then turns no words
            around another: "court blocks constitutional vote" is no constitutional court.
        of_name: Whether the keyword is a name that a list knows, which its own language does not
            turn around small words, either: Korea town in North London is not North Korea.
        parting: Small words that part two things where nothing else stands between and the order
            is turned, or the words are of another language and no names: waves and heat.
        articles: Those of the language of the text. Behind another word they alone begin what that
            does something to: a leak closed the data centre is no data leak, but that of the data
            is one.
        is_of_names: Whether the words begin with capitals: Bosnia Herzegovina.
        verbs: The parts that are verbs. Before one, as before a verb by which a list says a part,
            it is said who, where and how: Minister bei Anschlag getötet, but not "minister reports
            on arrested".
    """

    def gap(left: Occurrence, right: Occurrence) -> float | None:
        if right.start <= left.end:
            return 0.0
        if right.start - left.end > LONGEST_GAP:
            return None
        if (left.said or right.said) and left.part > right.part:
            return None
        between = text[left.end : right.start]
        counted = _counted_between(left, right, text)
        if counted is None:
            return None
        stops, others = counted
        is_turned = left.part > right.part or not (is_own or is_of_names)
        if parting and is_turned and stops and not others and _parts(between, parting):
            return None
        is_done_to = is_own and _are_only(between, stops, articles)
        are_both, verb = others > 0 < stops, text[right.start : right.end]
        is_said_so = (
            are_both
            and (right.part in verbs or says_by_verb(right.via))
            and _is_of_subject(between, verb)
        )
        in_order = left.part < right.part and not is_said_so
        if are_both and (in_order or not may_turn or is_done_to):
            return None
        if is_own and left.part > right.part and ((others and not stops) or (of_name and stops)):
            return None
        return stops * _STOP_WORD_COST + others * _OTHER_COST

    return gap


def longest_gap(pattern: Pattern) -> int:
    """Return how many letters may stand between two words of a pattern in any order, at most."""
    return LONGEST_GAP_WHERE_DONE if pattern.says_done else LONGEST_GAP


def _parts(between: str, parting: frozenset[str]) -> bool:
    return any(word.folded in parting for word in words(between))


def _is_of_subject(between: str, verb: str) -> bool:
    """Whether the other word and the small ones between say who, where or how: at port, Novak was.

    What stands before a small word is a verb of its own, unless it has a capital, and the verb
    none, as all words of a title may have.
    """
    known = stop_words()
    every = words(without_middle_names(between))
    if not is_small(every[-1], known):
        return True
    return verb.islower() and any(
        word.text[0].isupper() for word in every if not is_small(word, known)
    )


def is_small(word: Word, known: frozenset[str]) -> bool:
    """Whether a word is one that may stand between two as if it did not."""
    if word.folded in known:
        return True
    written = normalize("NFC", word.text)  # marks may be signs of their own
    return written.casefold() in written_stop_words() or written in particles("elsewhere")


def _are_only(between: str, stops: int, articles: frozenset[str]) -> bool:
    """Whether all of so many small words are articles."""
    return bool(articles) and stops == sum(word.folded in articles for word in words(between))


def beside(text: str) -> GapCost:
    """Return the gap of syllables that are one word: white space in a line, in their order."""

    def gap(left: Occurrence, right: Occurrence) -> float | None:
        if right.start < left.end:  # a variant of one syllable may be both
            return 0.0
        between = text[left.end : right.start]
        is_next = left.part < right.part and between.isspace() and not is_break(between)
        return 0.0 if is_next else None

    return gap


def _counted_between(left: Occurrence, right: Occurrence, text: str) -> tuple[int, int] | None:
    """Return how many stop words and how many others part two finds; None if too many do."""
    if are_parted(text, left.end, right.start):
        return None
    is_fuzzy, between = left.fuzzy or right.fuzzy, text[left.end : right.start]
    counted = _counted(between if is_fuzzy else _NUMBER.sub(" ", between, count=1))
    if counted is None:
        return None
    stops, others = counted
    is_far = stops > MOST_STOP_WORDS or others > (0 if is_fuzzy else MOST_OTHERS)
    return None if is_far else counted


def _counted(between: str) -> tuple[int, int] | None:
    """Return how many stop words and how many others stand there; None for a longer run.

    A rest of a run of two letters is no word: where words end there is not known.
    """
    known = stop_words()
    stops = others = 0
    for word in words(without_middle_names(between)):
        if word.is_run:
            if len(word.text) > _OTHERS_IN_A_RUN:
                return None
            others += len(word.text) > _REST_OF_A_RUN and word.folded not in known
        elif is_small(word, known):
            stops += 1
        else:
            others += 1
    return stops, others


def distance_gap(text: str, distance: int) -> GapCost:
    """Return the gap of NEAR/n: at most `distance` words between, of whatever kind."""

    def gap(left: Occurrence, right: Occurrence) -> float | None:
        if right.start <= left.end:
            return 0.0
        if right.start - left.end > 40 * (distance + 1):
            return None
        count = 0
        for word in words(text[left.end : right.start]):
            count += (len(word.folded) + 1) // 2 if word.is_run else 1
        return 0.0 if count <= distance else None

    return gap


def spans(
    occurrences: Sequence[Occurrence], parts: int, gap: GapCost, most: int = 1_000
) -> list[Span]:
    """Return the smallest spans that answer all parts, left to right, not overlapping.

    Linear in the number of places: each gap is looked at once. Ends after about `most`.
    """
    smallest: list[Span] = []
    chain: list[Occurrence] = []
    costs: list[float] = []
    for occurrence in sorted(occurrences):
        cost = gap(latest(chain), occurrence) if chain else 0.0
        if cost is None or len(chain) >= _LONGEST_CHAIN:
            smallest.extend(_smallest(chain, costs, parts))
            if len(smallest) >= most:
                return smallest
            chain, costs, cost = [], [], 0.0
        chain.append(occurrence)
        costs.append(cost)
    smallest.extend(_smallest(chain, costs, parts))
    return smallest


def latest(chain: list[Occurrence]) -> Occurrence:
    """Return which of the last ones ends last."""
    return max(chain[-3:], key=lambda occurrence: occurrence.end)


def _smallest(chain: list[Occurrence], costs: list[float], parts: int) -> list[Span]:
    if len({occurrence.part for occurrence in chain}) < parts:
        return []
    smallest: list[Span] = []
    counts = [0] * parts
    missing = parts
    left = 0
    for right, occurrence in enumerate(chain):
        missing -= counts[occurrence.part] == 0
        counts[occurrence.part] += 1
        if _stands_there(chain, right + 1, occurrence):
            continue  # one word may answer several parts alone
        while missing == 0:
            if counts[chain[left].part] > 1:
                counts[chain[left].part] -= 1
                left += 1
                continue
            smallest.append(Span(tuple(chain[left : right + 1]), sum(costs[left + 1 : right + 1])))
            counts = [0] * parts
            missing = parts
            left = right + 1
    return smallest


def _stands_there(chain: list[Occurrence], number: int, occurrence: Occurrence) -> bool:
    """Whether one of a chain stands at the same place as another."""
    return number < len(chain) and chain[number][:2] == occurrence[:2]
