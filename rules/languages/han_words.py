"""Whether characters that sound like a foreigner's name are one where they stand in Chinese.

Chinese writes words without spaces, and names with characters that words have, too: 西南 is the
south-west, and of 俄克拉荷马, Oklahoma, 克拉荷马 is only the end. So what stands there is cut into
words and names in the most likely way, by how often each of them is written, and in the most likely
way in which the name is one of them. If the former is much more likely, the name is none.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import combinations
from typing import NamedTuple

from common.packed_texts import NumberedTexts, TextSet
from rules.data.tables import rows
from rules.text.folding import fold

_AROUND = 6
"""So many characters before and behind a name say what else it may be a part of."""

_FEWEST_SIGNS, _LONGEST_NAME = 2, 8
_ANY_NAME = 2.0
"""What a name costs for which no list has a word, besides what each of its characters does."""

_UNKNOWN_SIGN, _NEVER = 6.0, 1_000.0
_MARGIN = 1.0
"""So much more likely must it be that the name is none."""

_OTHERS = 2
_BY_CHANCE = 0.7
"""So much more costs each character of a name that is none of its longest word: 道, 本 and 顿 are
words, and stand together in Daubenton."""

_FIRST_HAN, _LAST_HAN = "\u3400", "\u9fff"


class _Table(NamedTuple):
    """What words and names cost: the logarithm of one in so many, to the base of 10.

    Attributes:
        words: The common words, in the order of `costs`.
        ends: With which number the words of each cost end.
        names: Names that lists have, of which each costs `name`.
        signs: What each character costs that writes names.
    """

    words: NumberedTexts
    ends: list[int]
    costs: list[float]
    names: TextSet
    name: float
    signs: Mapping[str, float]

    def cost(self, text: str, *, may_be_name: bool) -> float:
        """Return what a word costs, or a name; much if it is none."""
        name = self.as_name(text) if may_be_name else None
        return min(self.as_word(text), _NEVER if name is None else name)

    def is_word(self, text: str) -> bool:
        """Whether it is a common word."""
        return self.words.number(text) > 0

    def as_word(self, text: str) -> float:
        """Return what a common word costs, or a character that is none; much if it is no word."""
        number = self.words.number(text)
        if number:
            return self.costs[bisect_left(self.ends, number)]
        return _UNKNOWN_SIGN if len(text) == 1 else _NEVER

    def as_name(self, text: str) -> float | None:
        """Return what a name costs, known or not; None if none is written so."""
        if text in self.names:
            return self.name
        costs = [self.signs.get(sign) for sign in text]
        if len(costs) < _FEWEST_SIGNS or None in costs:
            return None
        return _ANY_NAME + sum(filter(None, costs))


@cache
def _table() -> _Table:
    words, ends, costs, signs = NumberedTexts(), list[int](), list[float](), dict[str, float]()
    names, name = TextSet(()), 0.0
    for what, cost, texts in rows("han_words.tsv"):
        if what == "sign":
            signs.update(dict.fromkeys(texts.split(), float(cost)))
        elif what == "name":
            names, name = TextSet(texts.split()), float(cost)
        else:
            for text in texts.split():
                words.add(text)
            ends.append(len(words))
            costs.append(float(cost))
    return _Table(words, ends, costs, names, name, signs)


def is_in_other_words(text: str, start: int, end: int, *, is_whole: bool = True) -> bool:
    """Whether what may be a name in a text is rather a common word, or a part of other words.

    Args:
        is_whole: Whether it is all of a name. What is only one of several words of it may stand in
            a longer one: 乔拜登.
    """
    first = start
    while first and start - first < _AROUND and is_han(text[first - 1]):
        first -= 1
    last = end
    while last < len(text) and last - end < _AROUND and is_han(text[last]):
        last += 1
    around = fold(text[first:last])
    if len(around) != last - first:
        return False
    return _is_part(around, start - first, end - first, is_whole)


def names_from(text: str, start: int, end: int) -> Iterator[str]:
    """Yield what else may be a name that begins at a place, a little shorter or longer."""
    first = max(end - _OTHERS, start + _FEWEST_SIGNS)
    for other in range(first, min(end + _OTHERS, len(text)) + 1):
        is_name = other != end and _table().as_name(fold(text[start:other])) is not None
        if is_name and not is_in_other_words(text, start, other):
            yield text[start:other]


def is_han(sign: str) -> bool:
    """Whether a character is a Han character."""
    return _FIRST_HAN <= sign <= _LAST_HAN


@lru_cache(maxsize=1_000)
def _is_part(run: str, start: int, end: int, is_whole: bool) -> bool:
    table = _table()
    as_name = table.as_name(run[start:end])
    if as_name is None:
        return False
    beside = _cheapest(run[:start], table) + _cheapest(run[end:], table)
    as_words = _cheapest(run[start:end], table, may_have_names=False)
    as_words += _BY_CHANCE * (end - start - _longest_word(run[start:end], table))
    across = _cheapest_across(run, (start, end), is_whole, table)
    return min(across, beside + as_words) + _MARGIN < beside + as_name


def _longest_word(run: str, table: _Table) -> int:
    """Return how many characters the longest common word in a run has; 0 if each is one alone."""
    parts = (run[start:end] for start, end in combinations(range(len(run) + 1), 2))
    return max((len(each) for each in parts if len(each) > 1 and table.is_word(each)), default=0)


def _cheapest(run: str, table: _Table, *, may_have_names: bool = True) -> float:
    """Return what it costs to cut a run into words and names."""
    costs = [0.0]
    for end in range(1, len(run) + 1):
        costs.append(
            min(
                costs[start] + table.cost(run[start:end], may_be_name=may_have_names)
                for start in range(max(end - _LONGEST_NAME, 0), end)
            )
        )
    return costs[-1]


def _cheapest_across(run: str, place: tuple[int, int], is_whole: bool, table: _Table) -> float:
    """Return what it costs if a word lies across an end of a place, or a name if it is whole."""
    costs, across = [0.0], [_NEVER]
    for end in range(1, len(run) + 1):
        best, best_across = _NEVER, _NEVER
        for start in range(max(end - _LONGEST_NAME, 0), end):
            is_across = any(start < edge < end for edge in place)
            cost = table.cost(run[start:end], may_be_name=is_whole or not is_across)
            best = min(best, costs[start] + cost)
            best_across = min(best_across, (costs if is_across else across)[start] + cost)
        costs.append(best)
        across.append(best_across)
    return across[-1]
