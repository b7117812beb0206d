"""A glance at articles that the index offers: whether a term's words stand near each other.

The index knows which words an article has and not where, so of two common words it offers many
articles in vain. A glance, in native code (`glance.c`), says of most of them that the rule cannot
hold, at a hundredth of what the matcher takes; of all others the matcher says it.
"""

import threading
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rules.data.tables import stop_words
from rules.evaluate.proximity import longest_gap
from rules.languages.inflection import all_endings, has_short_stem, stems
from rules.languages.match_types import MatchType
from rules.patterns.designations import version_in
from rules.patterns.multiword import farthest
from rules.patterns.pattern import CompiledTerm, Pattern, Plan
from rules.patterns.term import RuleWord
from rules.patterns.word_index import WordIndex
from rules.query.tree import (
    AllOf,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Near,
    Phrase,
    Query,
    Scored,
    Weighted,
    Wildcard,
)
from rules.text.folding import fold
from rules.text.letters import letter_table, spaced, spaced_letters, white_letters
from rules.text.lookalikes import in_one_script

_WIDENED = 2
"""Folding makes a text longer, but hardly ever so much."""

_LONGEST_BETWEEN = 60
"""Letters of a word that stands between two others of a term, at most; and of each further word
of a variant."""

_DEEPEST = 40
"""In more brackets than these nothing is looked at."""

_KERNEL = Path(__file__).with_name("glance.wasm")
_WAY, _ANY, _ALL = range(3)
_MAYBE, _TOO_RARE = 1, 2
_RARE, _SIGN, _DOUBLE, _PLAIN, _WHITE, _BREAK, _ENDS = (1 << bit for bit in range(7))
_LETTER = 21
_MOST_SOUGHT = 60_000
_BREAKS = ",、،()|\n。!?;"
"""Wherever one of these stands between two words, they are parted: `tokenizer.is_break`."""
_ENDS_BEFORE_SPACE = ".:…"

Part = list[int]
"""A part of a query as `glance.c` reads it."""


class Glance:
    """Says of which articles a rule certainly does not hold.

    Args:
        any_spelling: Whether cognates count, of which a glance knows nothing.
    """

    def __init__(self, query: Query, plan: Plan, index: WordIndex, *, any_spelling: bool) -> None:
        self._any_spelling = any_spelling
        self._plan = plan
        self._index = index
        self._letters: dict[str, int] = {}
        self._texts: list[str] = []
        self._query = self._of(query, 0)

    def of_many(self, texts: Sequence[tuple[str, str]]) -> list[bool]:
        """Whether the rule may hold for articles, of each its title and text.

        In any spelling, if nothing can be said.
        """
        if self._query is None or not self._letters or not texts:
            return [True] * len(texts)
        if len(self._letters) > _MOST_SOUGHT:
            return [True] * len(texts)
        letters = [number for text in self._letters for number in (len(text), *map(ord, text))]
        as_one = [in_one_script(f"{title}\n{text}") for title, text in texts]
        said = _eye()(letters, self._query, as_one, as_is=False)
        for number in np.flatnonzero(said == _TOO_RARE).tolist():
            said[number] = _eye()(letters, self._query, [spaced(as_one[number])], as_is=True)[0]
        may_hold: list[bool] = (said == _MAYBE).tolist()
        return may_hold

    def _of(self, query: Query, depth: int) -> Part | None:
        """Return what checks a part of the query; None if it may hold for any article."""
        if depth > _DEEPEST:
            return None
        match query:
            case AllOf(parts) | Near(parts, _):
                checks = [self._of(part, depth + 1) for part in parts]
                return _together(_ALL, [check for check in checks if check is not None])
            case AnyOf(parts):
                return _one_of([self._of(part, depth + 1) for part in parts])
            case Field("title" | "text", part) | Weighted(part, _) | Scored(part, _):
                return self._of(part, depth + 1)
            case Keyword() | Phrase() | Exact() | Wildcard():
                return self._of_term(self._plan.compiled[query])
        return None

    def _of_term(self, compiled_term: CompiledTerm) -> Part | None:
        if version_in(compiled_term.label):
            return None  # commas may part it from its thing
        ways = [self._way(pattern) for pattern in compiled_term.patterns]
        return _one_of(list({None if way is None else tuple(way): way for way in ways}.values()))

    def _way(self, pattern: Pattern) -> Part | None:
        """Return how a text may hold what a pattern says; None if that cannot be seen."""
        if pattern.fuzzy and self._any_spelling:
            return None
        way = [_WAY, 0, int(pattern.ordered), len(pattern.slots)]
        several = False  # words that answer the slot before
        for slot in pattern.slots:
            letters = []
            for number in sorted(slot.needed):
                entry = self._index.entry(number)
                if entry.folded:
                    letters.append(self._number(entry, pattern))
                elif not pattern.fuzzy:
                    return None
            if 0 in letters:
                return None
            letters = list(dict.fromkeys(letters))
            if len(pattern.slots) == 1:
                letters = [number for each in letters for number in self._with_halves(each)]
            gap = farthest(slot.before) if pattern.ordered else longest_gap(pattern)
            is_next = pattern.farthest <= MatchType.FOLDED and not (slot.before or several)
            several = bool(slot.multiword_forms)
            more = max((len(form.entries) for form in slot.multiword_forms), default=1) - 1
            reach = gap * _WIDENED + more * _LONGEST_BETWEEN
            way += [reach, int(is_next), more, len(letters), *letters]
        way[1] = len(way)
        return way

    def _number(self, entry: RuleWord, pattern: Pattern) -> int:
        """Return the number of the letters with which a word begins, from 1 on; 0 if of none."""
        letters = entry.folded if entry.folded.isalnum() else spaced(entry.folded)
        if not letters.isalnum():
            return 0
        if pattern.farthest > MatchType.FOLDED:
            letters = _shortest(letters, has_short_stem(entry.text, entry.folded))
        return self._number_of(letters)

    def _with_halves(self, number: int) -> tuple[int, int, int]:
        """Return the number of letters, and of both halves: torn in two, one is in one word."""
        letters = self._texts[number - 1]
        half = (len(letters) + 1) // 2
        return number, self._number_of(letters[:half]), self._number_of(letters[half:] or letters)

    def _number_of(self, letters: str) -> int:
        number = self._letters.setdefault(letters, len(self._letters) + 1)
        if number > len(self._texts):
            self._texts.append(letters)
        return number


def _together(what: int, parts: Sequence[Part]) -> Part | None:
    if not parts:
        return None
    return [what, 3 + sum(map(len, parts)), len(parts), *(each for part in parts for each in part)]


def _one_of(parts: Sequence[Part | None]) -> Part | None:
    known = [part for part in parts if part is not None]
    return _together(_ANY, known) if len(known) == len(parts) else None


@lru_cache(maxsize=20_000)
def _shortest(folded: str, named: bool) -> str:
    return min((stem for stem, _ in stems(folded, all_endings(), named=named)), key=len)


class _Eye:
    """Native code that looks at texts. May be used by many threads; one at a time is served."""

    def __init__(self) -> None:
        from common.native.kernel import Kernel  # which is slow to import, and often not needed

        self._lock = threading.Lock()
        self._kernel: Kernel = Kernel(_KERNEL)
        table = letter_table()
        places = [self._kernel.put(each) for each in (_letters(), table.second)]
        self._kernel.call("learn", *places, len(table.info))
        small = stop_words()
        for words in (small, {fold(word) for word in small} - small):  # the latter are doubtful
            told = [number for word in words for number in (len(word), *map(ord, word))]
            at = self._kernel.put(np.array(told, np.uint32))
            self._kernel.call("know_small", at, len(told), int(words is not small))

    def __call__(
        self, letters: Sequence[int], query: Part, texts: Sequence[str], *, as_is: bool
    ) -> NDArray[np.uint8]:
        """Return what native code says of each text.

        Args:
            letters: What is looked for, each behind its length.
            as_is: Whether the texts are folded.
        """
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        head = (len(letters), len(query), len(texts), len(codes), int(as_is))
        told = np.array([*head, *letters, *query, *map(len, texts)], np.uint32)
        with self._lock:
            kernel = self._kernel
            mark = kernel.mark()
            at = kernel.take(len(told) + len(codes), np.uint32)
            kernel.view(at, np.uint32, len(told))[:] = told
            kernel.view(at + told.nbytes, np.uint32, len(codes))[:] = codes
            said = kernel.view(kernel.call("glance", at), np.uint8, len(texts)).copy()
            kernel.release(mark)
        return said


@cache
def _eye() -> _Eye:
    return _Eye()


def _letters() -> NDArray[np.uint32]:
    """Return what `glance.c` is told of each letter: what it folds to, and what it is."""
    table, folded = letter_table(), spaced_letters()
    is_sign = folded == ord(" ")
    what = table.is_word * _PLAIN + table.is_rare * _RARE + is_sign * _SIGN
    what += ((table.second > 0) & ~is_sign) * _DOUBLE
    what[white_letters()] |= _WHITE
    for letters, sign in ((_BREAKS, _BREAK), (_ENDS_BEFORE_SPACE, _ENDS)):
        what[[ord(letter) for letter in letters]] |= sign
    told: NDArray[np.uint32] = what.astype(np.uint32) << _LETTER | folded
    return told
