"""Where rules are filed: for each key of a word, the rules that an article with it may answer.

A goal is a necessary condition: eight bits that the words of an article must set together. A
keyword of two words shares them out between its words; a word written as both, or a variant of
both, sets them all. Only what may hold is found here; whether it does is evaluated exactly.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.data.tables import stop_words
from rules.index.cognate_index import Loose
from rules.index.stem_keys import Keys, stem_keys
from rules.languages.inflection import has_short_stem
from rules.patterns.fuzzy_patterns import MOST_SPELLED_OUT, fuzzy_patterns, spelled_out
from rules.patterns.variants import concerning, counts
from rules.query.terms import content, text_terms
from rules.query.tree import (
    TEXT_FIELDS,
    AllOf,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Near,
    Phrase,
    Query,
    Scored,
    Term,
    Weighted,
)
from rules.text.bulk_tokenizer import tokenize_many
from rules.text.folding import fold
from storage.model import Rule, Variant, VariantState

ALL = 255
_BITS = 8
_BATCH = 60_000
OWN = -1
"""Stands for the number of a variant where the rule's own words are meant."""

_MOST_GOALS = 60


class Posting(NamedTuple):
    """That a word may answer a part of a goal.

    Attributes:
        variant: The number of the rule's variant whose word it is, or `OWN`.
        bits: Which bits of the goal it sets.
    """

    goal: int
    variant: int
    bits: int


class Table(NamedTuple):
    """All postings by key: those of `keys[i]` stand at `starts[i]:starts[i + 1]`."""

    keys: Keys
    starts: NDArray[np.int64]
    goals: NDArray[np.int32]
    variants: NDArray[np.int16]
    bits: NDArray[np.uint8]

    def places(self, keys: Sequence[int]) -> list[int]:
        """Return the place of each key, -1 where it has none."""
        if not keys or not len(self.keys):
            return [-1] * len(keys)
        sought = np.array(keys, np.uint64)
        found = np.searchsorted(self.keys, sought)
        found[found == len(self.keys)] = 0
        return np.where(self.keys[found] == sought, found, -1).tolist()  # type: ignore[no-any-return]

    def between(self, low: int, high: int) -> tuple[int, int]:
        """Return the places of the keys from one to another: the first, and behind the last."""
        first = np.searchsorted(self.keys, np.uint64(low))
        return int(first), int(np.searchsorted(self.keys, np.uint64(high), side="right"))

    def at(self, place: int) -> Iterator[Posting]:
        """Yield the postings of a key, by its place."""
        span = slice(int(self.starts[place]), int(self.starts[place + 1]))
        return map(
            Posting,
            self.goals[span].tolist(),
            self.variants[span].tolist(),
            self.bits[span].tolist(),
        )


class _Text(NamedTuple):
    text: str
    variant: int
    bits: int
    joined: bool


class _Texts:
    """Texts to be filed, column by column: there may be millions."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.goals = array("i")
        self.variants = array("h")
        self.bits = array("B")
        self.joined = array("B")

    def add(self, text: str, goal: int, variant: int, bits: int, *, joined: bool) -> None:
        """Add a text; `joined` is whether its words may be written as one."""
        self.texts.append(text)
        self.goals.append(goal)
        self.variants.append(variant)
        self.bits.append(bits)
        self.joined.append(joined)

    def at(self, place: int) -> _Text:
        """Return one of them."""
        joined = bool(self.joined[place])
        return _Text(self.texts[place], self.variants[place], self.bits[place], joined)


_PLAIN = re.compile(r"[^\W_]+(?: [^\W_]+){0,9}")
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR"})


def plain_keyword(query: str) -> Keyword | None:
    """Return what the parser makes of a query of plain words; None if it is anything else."""
    if len(query) > 300 or not _PLAIN.fullmatch(query):
        return None
    return None if _OPERATORS.intersection(query.split(" ")) else Keyword(query)


class Filing:
    """Takes rules in, then gives the table."""

    def __init__(self) -> None:
        self.rule_of_goal = array("i")
        self.loose = Loose()
        self._texts = _Texts()
        self._done: list[tuple[Keys, NDArray[np.int32], NDArray[np.int16], NDArray[np.uint8]]] = []

    def add(self, number: int, rule: Rule, query: Query) -> bool:
        """File a rule; False when its query has no words of which one is needed."""
        goals = _goals(query)
        if not goals or len(goals) > _MOST_GOALS:
            return False
        variants = list(_counting(rule)) if rule.variants else []
        first = len(self.rule_of_goal)
        self.rule_of_goal.extend([number] * len(goals))
        if isinstance(query, Keyword):
            self._add_term(query, rule, variants, [(first, ALL)], is_first=True)
        else:
            self._add_terms(rule, query, goals, first, variants)
        if len(self._texts.texts) > _BATCH:
            self._file()
        return True

    def table(self) -> Table:
        """Return the table of everything that was added."""
        self._file()
        if not self._done:
            nothing = np.empty(0, np.int64)
            self._done.append(
                (
                    nothing.astype(np.uint64),
                    nothing.astype(np.int32),
                    nothing.astype(np.int16),
                    nothing.astype(np.uint8),
                )
            )
        keys, goals, variants, bits = (
            np.concatenate(each) for each in zip(*self._done, strict=True)
        )
        self._done = []
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        different = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else order
        return Table(
            keys[different],
            np.append(different, len(keys)),
            goals[order],
            variants[order],
            bits[order],
        )

    def _add_terms(
        self,
        rule: Rule,
        query: Query,
        goals: Sequence[Mapping[Term, int]],
        first_goal: int,
        variants: Sequence[tuple[int, Variant]],
    ) -> None:
        terms = list(dict.fromkeys(text_terms(query)))
        first = next((term for term in terms if isinstance(term, Keyword | Phrase)), None)
        for term in terms:
            reached = [
                (first_goal + place, goal[term]) for place, goal in enumerate(goals) if term in goal
            ]
            # Where nothing depends on it, its words must be seen all the same.
            reached = reached or [(first_goal, 0)]
            self._add_term(term, rule, variants, reached, is_first=term is first)

    def _add_term(
        self,
        term: Term,
        rule: Rule,
        variants: Sequence[tuple[int, Variant]],
        goals: Sequence[tuple[int, int]],
        *,
        is_first: bool,
    ) -> None:
        if not isinstance(term, Keyword | Phrase | Exact):
            return
        joined = isinstance(term, Keyword) and rule.strictness != "exact"
        for goal, bits in goals:
            self._texts.add(term.text, goal, OWN, bits, joined=joined)
        of_term: list[tuple[int, Variant]] = []
        if variants:
            only = [variant for _, variant in variants]
            concerned = {id(each) for each in concerning(only, term, is_first=is_first)}
            of_term = [each for each in variants if id(each[1]) in concerned]
            for goal, bits in goals:
                self._add_variants(term.text, rule, of_term, goal, bits)
        if joined and (" " in term.text or not term.text.isalnum() or not term.text.isascii()):
            self._add_loose(term, rule, [variant for _, variant in of_term], goals)

    def _add_variants(
        self,
        text: str,
        rule: Rule,
        variants: Sequence[tuple[int, Variant]],
        goal: int,
        bits: int,
    ) -> None:
        spans: dict[str, int] = {"": bits, text: bits}
        own = _shared_out(text, bits)
        add = self._texts.add
        for number, variant in variants:
            if variant.of not in spans:
                held = {word.folded for word in content(variant.of)}
                spans[variant.of] = sum({bit for word, bit in own if word in held})
            joined = variant.of in ("", text) and rule.strictness != "exact"
            add(variant.text, goal, number, spans[variant.of], joined=joined)

    def _add_loose(
        self,
        term: Term,
        rule: Rule,
        variants: Sequence[Variant],
        goals: Sequence[tuple[int, int]],
    ) -> None:
        """Note what of a term may be cognates."""
        ways = list(fuzzy_patterns(term, rule.strictness, variants))
        if ways:
            self.loose.add(self.rule_of_goal[goals[0][0]], goals, ways)

    def _file(self) -> None:
        """Turn the texts so far into keys: those of one word at once, others one by one."""
        texts, self._texts = self._texts, _Texts()
        if not texts.texts:
            return
        pieces, folded, starts, counts = tokenize_many(texts.texts)
        goals = np.frombuffer(texts.goals, np.int32)
        variants = np.frombuffer(texts.variants, np.int16)
        bits = np.frombuffer(texts.bits, np.uint8)
        of_one = counts == 1
        only = starts[of_one].tolist()
        words = [folded[place] for place in only]
        named = [has_short_stem(pieces[place], folded[place]) for place in only]
        places: list[int] = []
        shares: list[int] = []
        for text in np.flatnonzero(counts > 1).tolist():
            span = slice(int(starts[text]), int(starts[text] + counts[text]))
            own = list(zip(pieces[span], folded[span], strict=True))
            for spelling, word, share in _filed(texts.at(text), own):
                words.append(word)
                named.append(has_short_stem(spelling, word))
                places.append(text)
                shares.append(share)
        rest = np.array(places, np.int64)
        self._done.append(
            (
                stem_keys(words, named),
                np.concatenate((goals[of_one], goals[rest])),
                np.concatenate((variants[of_one], variants[rest])),
                np.concatenate((bits[of_one], np.array(shares, np.uint8))),
            )
        )


_Pieces = Sequence[tuple[str, str]]
"""The words of a text: as written, and folded."""


def _filed(text: _Text, pieces: _Pieces) -> Iterable[tuple[str, str, int]]:
    """Return the words under which a text is filed: as written, folded, and the bits set."""
    kept = _kept(text.text, pieces)
    if text.variant == OWN or text.joined:
        shares = _shares(text.bits, len(kept))
    else:  # a variant of some of the words: one of its own is as good as all
        longest = max(range(len(kept)), key=lambda place: len(kept[place][1]), default=0)
        shares = [text.bits if place == longest else 0 for place in range(len(kept))]
    found = [(*each, share) for each, share in zip(kept, shares, strict=True)]
    if text.variant == OWN and len(kept) < len(pieces):  # small words: in a phrase they count
        counted = {folded for _, folded in kept}
        found += [(*each, 0) for each in pieces if each[1] not in counted]
    if text.joined and 2 <= len(kept) <= 3:
        together = fold("".join(written for written, _ in kept))
        if together:
            found.append((kept[0][0], together, text.bits))
    return found


def _kept(text: str, pieces: _Pieces) -> _Pieces:
    """Return the words that count, as `rules.query.terms.content` does."""
    small = stop_words()
    if not any(folded in small for _, folded in pieces):
        return pieces
    return [(word.text, word.folded) for word in content(text)]


def _shares(bits: int, count: int) -> list[int]:
    """Share bits out between so many words; together they have them all."""
    single = [1 << place for place in range(_BITS) if bits >> place & 1]
    shares = [single[place] if place < len(single) else 0 for place in range(count)]
    if 0 < count < len(single):
        shares[-1] |= sum(single[count:])
    return shares


def _shared_out(text: str, bits: int) -> list[tuple[str, int]]:
    kept = [word.folded for word in content(text)]
    return list(zip(kept, _shares(bits, len(kept)), strict=True))


def _goals(query: Query) -> list[dict[Term, int]] | None:
    """Return goals of which a matching article reaches one; None when there are none.

    Each is a set of terms that must all hold, with the bits of each.
    """
    sets = _needed(query)
    if sets is None or any(not each for each in sets):
        return None
    goals = []
    for each in sets:
        terms = list(each)[:_BITS]
        bits = _shares(ALL, len(terms))
        goals.append(dict(zip(terms, bits, strict=True)))
    return goals


def _needed(query: Query) -> list[tuple[Term, ...]] | None:
    """Return sets of terms; in a matching article all terms of one of them hold."""
    match query:
        case Keyword() | Phrase() | Exact():
            return [(query,)]
        case AllOf(parts) | Near(parts, _):
            return _all_needed(parts)
        case AnyOf(parts):
            found: list[tuple[Term, ...]] = []
            for part in parts:
                each = _needed(part)
                if each is None:
                    return None
                found += each
            return found
        case Field(name, part):
            return _needed(part) if name in TEXT_FIELDS else None
        case Weighted(part, _) | Scored(part, _):
            return _needed(part)
        case _:
            return None


def _all_needed(parts: Iterable[Query]) -> list[tuple[Term, ...]] | None:
    """Return what is needed for all parts: the single sets together, or else the shortest list."""
    lists = [each for part in parts if (each := _needed(part)) is not None]
    single = [each[0] for each in lists if len(each) == 1]
    if single:
        return [tuple(dict.fromkeys(term for each in single for term in each))]
    return min(lists, key=len, default=None)


def _counting(rule: Rule) -> Iterator[tuple[int, Variant]]:
    """Yield those of a rule's variants by which it may be found, with their numbers."""
    for number, variant in enumerate(rule.variants):
        if variant.state is not VariantState.REJECTED and counts(variant, rule.strictness):
            yield number, variant


def is_filed_whole(query: Query) -> bool:
    """Whether all terms of a query are filed, so that what is not found is not there."""
    return all(isinstance(term, Keyword | Phrase | Exact) for term in text_terms(query))


def kept_variants(rule: Rule, query: Query, found: Iterable[int]) -> tuple[Variant, ...]:
    """Return the variants with these numbers, and those that say how others are meant.

    These are the rejected ones; of each term a name, since then the term is a name itself; and
    the names of which only the first ones are spelled out.
    """
    chosen = {id(rule.variants[number]) for number in found}
    counting = [variant for _, variant in _counting(rule)]
    names: dict[str, Variant] = {}
    for variant in counting:
        if variant.kind == "name":
            names.setdefault(variant.of, variant)
    chosen.update(map(id, names.values()))
    if names:
        for term in text_terms(query):
            if isinstance(term, Keyword):
                first = islice(spelled_out(term.text, counting), MOST_SPELLED_OUT)
                chosen.update(map(id, first))
    return tuple(
        variant
        for variant in rule.variants
        if id(variant) in chosen or variant.state is VariantState.REJECTED
    )
