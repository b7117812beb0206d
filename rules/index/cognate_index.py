"""Presearch of cognates: terms of several words that a text may spell in another way.

A cognate counts only right beside another word of its term, or in one word with it. So a chunk
(what stands between two white spaces) is asked for the words of terms whose outline it shares,
and only those are compared whose neighbours may be another word of the same term.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rules.data.tables import has_plain_j
from rules.languages import compounds
from rules.languages.phonemes import phonemes_of, run_pieces
from rules.languages.phonetic_keys import (
    keys_in,
    keys_in_compound,
    keys_of,
    keys_of_both,
    mask,
)
from rules.patterns.dictionary import Vocabulary
from rules.patterns.term import bare_texts, begins_alike
from rules.text.folding import fold
from rules.text.tokenizer import Word

_MOST_COMPARED = 300_000
_MOST_PROBES = 20_000
_SELDOM = 4
_FIRST_BESIDE_OTHERS = "\u3000"


@dataclass(slots=True, eq=False)
class Heard:
    """How a chunk sounds.

    Attributes:
        mask: Has a bit for each outline of its words.
        words: Its words that may be cognates.
        leads: Ways whose lead word shares an outline, and that need other words beside it.
        alone: Terms of which it may hold two words as one.
        times: How often it was read.
    """

    mask: int
    words: tuple[Word, ...]
    leads: tuple[int, ...]
    alone: tuple[int, ...]
    times: int = 0

    @property
    def has_several(self) -> bool:
        """Whether several words may stand in it."""
        return len(self.words) > 1 or any(word.is_run for word in self.words)


class _Way(NamedTuple):
    """Words of a term, of which each may be a cognate; the lead is the one with most sounds."""

    term: int
    lead: str
    others: tuple[str, ...]
    mask: int
    words: tuple[str, ...]


class _Term(NamedTuple):
    """A term, with the goals that it helps to reach and the masks of all its words."""

    rule: int
    goals: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    mask: int
    first_way: int


class Loose:
    """The terms of many rules that may be spelled in another way."""

    def __init__(self) -> None:
        self._terms: list[_Term] = []
        self._ways: list[_Way] = []
        self._leads: dict[str, list[int]] = {}
        self._compounds: dict[str, list[int]] = {}
        self._by_rule: dict[int, list[int]] = {}
        self._compared: dict[tuple[str, str, str], bool] = {}
        self._probes: dict[str, Vocabulary] = {}

    def __bool__(self) -> bool:
        return bool(self._terms)

    def add(
        self, rule: int, goals: Iterable[tuple[int, int]], ways: Sequence[Sequence[str]]
    ) -> None:
        """Add a term of a rule.

        Args:
            goals: The goals of the rule that it helps to reach, with the bits of each.
            ways: The words of each way to write it, as the rule writes them.
        """
        number = len(self._terms)
        every = tuple(dict.fromkeys(word for way in ways for word in way))
        self._terms.append(_Term(rule, tuple(goals), every, _mask(every), len(self._ways)))
        self._by_rule.setdefault(rule, []).append(number)
        for words in ways:
            self._add_way(number, words)

    def _add_way(self, term: int, words: Sequence[str]) -> None:
        number = len(self._ways)
        lead = min(words, key=_commonness)
        others = tuple(word for word in words if word != lead) or (lead,)
        self._ways.append(_Way(term, lead, others, _mask(others), tuple(words)))
        for outline in keys_of(lead):
            self._leads.setdefault(outline, []).append(number)
        both: set[str] = set()
        for place, head in enumerate(words):
            for tail in words[place + 1 :]:
                both |= keys_of_both(head, tail)
        for outline in both:
            self._compounds.setdefault(outline, []).append(number)

    def terms_of(self, rule: int) -> list[int]:
        """Return the numbers of a rule's terms."""
        return self._by_rule.get(rule, [])

    def term(self, number: int) -> _Term:
        """Return a term by its number."""
        return self._terms[number]

    @property
    def ways(self) -> Sequence[_Way]:
        """The ways of all terms, by their numbers."""
        return self._ways

    def is_long(self, rule: int) -> bool:
        """Whether a term of the rule has more than two words."""
        return any(len(self._terms[number].words) > 2 for number in self.terms_of(rule))

    def may_hold_two(self, rule: int, heard: Heard) -> bool:
        """Whether a chunk may be two words of a term at once, each as a cognate."""
        return any(
            sum(bool(heard.mask & _mask_of(word)) for word in self._terms[number].words) > 1
            for number in self.terms_of(rule)
        )

    def read_again(self, heard: Heard, language: str) -> None:
        """Count a reading; of what is read often, keep the leads that it holds indeed."""
        if heard.times > _SELDOM:
            return
        heard.times += 1
        if heard.times > _SELDOM:
            heard.leads = tuple(
                number
                for number in heard.leads
                if self.is_in(self._ways[number].lead, heard, language)
            )

    def heard(self, found: Iterable[Word], language: str) -> Heard:
        """Return how the words of a chunk sound, and what they may belong to."""
        plain_j = has_plain_j(language)
        outlines: set[str] = set()
        of_both: set[str] = set()
        words: list[Word] = []
        for word in found:
            if word.is_run:
                if word.text[0] < _FIRST_BESIDE_OTHERS:
                    outlines.update(*(keys_in(p.phonemes) for p in run_pieces(word.text)))
                    words.append(word)
                continue
            words.append(word)
            for text in bare_texts(word, language):
                heard = phonemes_of(text, plain_j=plain_j)
                if len(heard.text) >= 2:
                    outlines |= keys_in(heard)
                if len(heard.text) >= compounds.SHORTEST:
                    of_both |= keys_in_compound(heard)
        leads: set[int] = set()
        for each in outlines & self._leads.keys():
            leads.update(self._leads[each])
        joined: set[int] = set()
        for each in of_both & self._compounds.keys():
            joined.update(self._compounds[each])
        alone = {
            self._ways[number].term for number in joined if self._hold_both(number, words, language)
        }
        return Heard(
            mask(frozenset(outlines)), tuple(words), tuple(sorted(leads)), tuple(sorted(alone))
        )

    def _hold_both(self, way: int, words: Iterable[Word], language: str) -> bool:
        """Whether one of some words is several words of a way, as the matcher finds them.

        Only of a word that begins with a cognate: others are found by their letters.
        """
        return any(
            self._begins(self._ways[way], word, language) and self._is_both(way, word, language)
            for word in words
            if not word.is_run
        )

    def _begins(self, way: _Way, word: Word, language: str) -> bool:
        plain_j = has_plain_j(language)
        for text in bare_texts(word, language):
            heard = phonemes_of(text, plain_j=plain_j)
            if len(heard.text) >= compounds.SHORTEST:
                outlines = keys_in(heard)
                for head in way.words[:-1]:
                    if not outlines.isdisjoint(keys_of(head)) and begins_alike(head, heard):
                        return True
        return False

    def _is_both(self, way: int, word: Word, language: str) -> bool:
        key = (str(way), word.text, language)
        answer = self._compared.get(key)
        if answer is None:
            probe = self._probe(key[0], self._ways[way].words)
            hits = probe.hits(word, language)
            answer = any(sum(each >= 0 for each in hit.partners) > 1 for hit in hits)
            self._keep(key, answer)
        return answer

    def goes_on(self, term: int, folded: str, language: str) -> bool:
        """Whether a folded word that begins with a word of a term goes on with a cognate."""
        word = Word(folded, folded, 0, len(folded), False)
        return any(
            self._is_both(number, word, language)
            for number, way in self._ways_of(term)
            if len(way.words) > 1
        )

    def _ways_of(self, term: int) -> Iterator[tuple[int, _Way]]:
        first = self._terms[term].first_way
        for number in range(first, len(self._ways)):
            if self._ways[number].term != term:
                return
            yield number, self._ways[number]

    def is_in(self, word: str, heard: Heard, language: str) -> bool:
        """Whether a chunk holds a cognate of a word, as the matcher finds it."""
        if not heard.mask & _mask_of(word):
            return False
        return any(self._is(word, each, language) for each in heard.words)

    def _is(self, word: str, found: Word, language: str) -> bool:
        key = (word, found.text, language)
        answer = self._compared.get(key)
        if answer is None:
            probe = self._probe(word, (word,))
            answer = any(True for _ in probe.cognates(found, language))
            self._keep(key, answer)
        return answer

    def _keep(self, key: tuple[str, str, str], answer: bool) -> None:
        if len(self._compared) > _MOST_COMPARED:
            self._compared = {}
        self._compared[key] = answer

    def _probe(self, name: str, words: Sequence[str]) -> Vocabulary:
        """Return a vocabulary of a few words that stand beside each other."""
        probe = self._probes.get(name)
        if probe is None:
            if len(self._probes) > _MOST_PROBES:
                self._probes = {}
            probe = Vocabulary()
            numbers = tuple(probe.add(Word(w, fold(w), 0, len(w), False)) for w in words)
            probe.allow_cognates(numbers)
            if len(numbers) > 1:
                probe.allow_compounds(tuple(dict.fromkeys(numbers)))
            self._probes[name] = probe
        return probe


@lru_cache(maxsize=100_000)
def _mask_of(word: str) -> int:
    return mask(keys_of(word))


def _mask(words: Iterable[str]) -> int:
    found = 0
    for word in words:
        found |= _mask_of(word)
    return found


def _commonness(word: str) -> float:
    """Return how likely a word of a text shares an outline: less for more consonants."""
    outlines = keys_of(word)
    if not outlines:
        return 2.0
    return sum(6.0 ** -len(each) for each in outlines if each[0] != "~")
