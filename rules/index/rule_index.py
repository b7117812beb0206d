"""Rules and their terms; for each language of texts, what the terms need of one in it.

A rule may be added at any time, while others read: what its terms need of a text is looked up when
the next text of a language comes (`rules.index.term_index`).
"""

import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from rules.evaluate.ready_terms import ReadyTerm
from rules.index.filing import Filing
from rules.index.indexed_term import IndexedTerm, cost_of
from rules.index.memory.engine import Engine
from rules.index.memory.kept import Lasting, Memory, packed, read, write
from rules.index.stored import Reader, Stored, said_of
from rules.index.term_index import TermIndex
from rules.index.term_table import TermTable, written_as
from rules.patterns.kept_variants import Hows, KeptVariants
from rules.patterns.pattern import CompiledTerm, Plan
from rules.patterns.variants import Variants, concerning, counts
from rules.patterns.variants_in import Languages
from rules.query.parse import QuerySyntaxError
from rules.query.parsed import parsed
from rules.query.terms import has_one_word
from rules.query.tree import Keyword, Term, anchors, needed
from storage.model import Rule, Variant
from storage.stamp import stamp_of
from storage.variant_groups import VariantGroup, grouped

_LEAST_READY = 1_500
_SHARE_READY = 4
"""So many terms are kept ready, or one in so many: an article meets more of more rules.

Each is 4 KB, and made in the time of a quarter of an article.
"""

_MOST_CHOSEN = 20
"""Variants that a term has more of when it is made ready are not in it when it is made anew."""

_LEAST_KEPT = 300
_SHARE_CHANGED = 50
"""So many terms are worth a file, and one in so many that changed a new one."""

_COST = 1_000_000
_MOST_GONE = 100
_AT_ONCE = 20
"""So many terms, or slots of terms, are made ready in one piece: some milliseconds."""


_has_one_word = lru_cache(maxsize=_LEAST_READY)(has_one_word)
"""Asked of the same terms by each article that holds a variant of theirs."""

_NOBODYS = IndexedTerm(-1, Keyword(""), "", Hows().keep(()), ())
"""What stands for a term of which no rule was met that has it."""


class Size(NamedTuple):
    """How much of an index was built."""

    terms: int
    gone: int
    languages: int

    def is_much_more(self, than: "Size") -> bool:
        """Whether writing it anew spares the next start much."""
        changed = abs(self.terms - than.terms) + abs(self.gone - than.gone)
        languages = self.languages > than.languages
        return self.terms >= _LEAST_KEPT and (languages or changed > self.terms // _SHARE_CHANGED)


class RuleIndex(Lasting):
    """Rules, their terms, and what these need.

    Attributes:
        rules: By number; those that are gone are None.
        languages: What terms need in languages of which a text came.
        places: Of each rule, its place among all.
        always_terms: Those for which no word is needed.
        lock: Held by who builds more.
    """

    LASTING = ("_stamps", "_have_variants", "filing", "always_terms", "table")

    def __init__(self, rules: Iterable[Rule] = (), stored: Stored | None = None) -> None:
        self.rules: list[Rule | None] = []
        self.terms: list[IndexedTerm] = []
        self.broken: dict[str, str] = {}
        self.table = TermTable(Engine())
        self.filing = Filing()
        self.languages: dict[str, TermIndex] = {}
        self.places = array("I")
        self.always_terms = array("I")
        self._reader = Reader(stored, self._unmet()) if stored else None
        self._stamps: list[str] = []
        self._have_variants = bytearray()  # of each rule whether it has any: others need no reading
        self._next_place = 0
        self._plans: dict[int, Plan] = {}
        self._variants: dict[tuple[str, int], KeptVariants] = {}
        self._hows = Hows()
        self._shared: dict[tuple[Term, str, Languages], IndexedTerm] = {}
        self._numbers: dict[str, int] = {}
        self._ready: dict[tuple[int, str | frozenset[int]], ReadyTerm] = {}
        self.lock = threading.Lock()
        for rule in rules:
            self.add(rule)

    @classmethod
    def of(cls, stored: Stored, kept: Path | None = None) -> "RuleIndex":
        """Return the index of rules that lie somewhere, from a file if it holds some of them."""
        index = cls(stored=stored)
        engines: list[Engine] = []

        def room(size: int) -> Memory:
            engines.append(Engine(size))
            return engines[0].memory[:size]

        held = kept and read(kept, room)
        if held:
            index.table = TermTable(engines[0])
            index.restore(held)
        index._take_up(stored)
        return index

    def state(self) -> list[Any]:
        languages = {each: terms.state() for each, terms in self.languages.items()}
        return [languages, *super().state()]

    def restore(self, state: list[Any]) -> None:
        languages, *own = state
        super().restore(own)
        for language, terms in languages.items():
            self.languages[language] = TermIndex(language, self.table, terms)

    def _take_up(self, stored: Stored) -> None:
        """Take up the rules that were kept, in their order, and add the others."""
        numbers = {said: number for number, said in enumerate(self._stamps) if said}
        self.terms = [_NOBODYS] * self.table.ready
        self.rules = [None] * len(self.filing)
        self.places = array("I", bytes(4 * len(self.filing)))
        others: dict[str, tuple[int, Rule]] = {}
        for place, rule in enumerate(stored.outlines):
            number = numbers.get(stored.said(rule)) if numbers else None
            if number is None:
                others[rule.id] = (place, rule)
            else:
                self.rules[number], self.places[number] = rule, place
                self._numbers[rule.id] = number
        for number in sorted(self._numbers.values()):
            self.filing.take_up(number)
        changed: list[str] = []
        for each in stored.in_groups(list(others)):
            self._next_place, rule = others[each.rule_id]
            if rule.revision == each.revision:
                with self.lock:
                    self._add(rule, each.groups, (), said_of(rule, each.stamp))
            else:
                changed.append(rule.id)
        for rule in stored.whole(changed) if changed else ():
            self._next_place, _ = others[rule.id]
            self.add(rule)
        self._next_place = len(stored.outlines)

    def add(self, rule: Rule) -> None:
        """Add a rule, or replace the one with its id; the next article sees it."""
        with self.lock:
            plan = self._add(rule, grouped(rule.variants), rule.variants)
            if plan:
                self._plans[len(self.rules) - 1] = plan
            self._hows.forget_last()

    def _add(
        self, rule: Rule, groups: Sequence[VariantGroup], variants: Variants, said: str = ""
    ) -> Plan | None:
        """Add a rule, whose variants may be read when an article meets it; return its plan."""
        self.remove(rule.id)
        number = len(self.rules)
        self.rules.append(rule)
        self.places.append(self._next_place)
        self._next_place += 1
        self._numbers[rule.id] = number
        self._stamps.append(said)
        self._have_variants.append(bool(groups))
        try:
            plan = self._planned(rule, variants, groups=groups)
        except QuerySyntaxError as error:
            self.broken[rule.id] = f"{rule.name}: {error} (at character {error.position + 1})"
            self.filing.add((), None)
            self._stamps[number] = ""
            return None
        terms = {term: self.terms[each.number] for term, each in plan.compiled.items()}
        chosen = anchors(plan.query, lambda term: _cost(terms[term])) or ()
        is_always = any(terms[term].is_always for term in chosen)
        under = () if is_always else [terms[term].number for term in chosen]
        every = {terms[term].number for term in needed(plan.query)}
        self.filing.add([each.number for each in terms.values()], under, every)
        return plan

    def plans(self, numbers: Sequence[int]) -> list[Plan]:
        """Return the plans of rules; of those that lie somewhere they are made now, if ever met."""
        unknown = [each for each in numbers if each not in self._plans]
        wanted = {rule.id: each for each in unknown if (rule := self.rules[each])}
        for rule in self._whole(wanted):
            of = self.rules[number := wanted[rule.id]]
            if of and of.revision == rule.revision:  # else it changed: nobody wants what is found
                terms = self.filing.terms_of(number)
                self._plans[number] = self._planned(of, rule.variants, terms)
                self._variants[of.id, of.revision] = self._hows.keep(rule.variants)
                self._hows.forget_last()
        return [plan for each in numbers if (plan := self._plans.get(each))]

    def _whole(self, wanted: Mapping[str, int]) -> Iterator[Rule]:
        """Yield rules with their variants; of those that have none all is here."""
        asked: list[str] = []
        for rule_id, number in wanted.items():
            if self._have_variants[number]:
                asked.append(rule_id)
            elif rule := self.rules[number]:
                yield rule
        if asked and self._reader:
            yield from self._reader.read(asked)

    def _unmet(self) -> Iterator[str]:
        """Yield the ids of rules that have to be read when other articles meet them."""
        for number in range(len(self.rules)):
            is_read = number in self._plans or not self._have_variants[number]
            rule = None if is_read else self.live(number)
            if rule and rule.id not in self.broken:
                yield rule.id

    def _planned(
        self,
        rule: Rule,
        variants: Variants,
        numbers: Sequence[int] = (),
        groups: Sequence[VariantGroup] = (),
    ) -> Plan:
        """Return the plan of a rule.

        Args:
            variants: Its variants, if they are here.
            numbers: Those of its terms, if these are filed.
            groups: Its variants, if they are not.
        """
        query = parsed(rule.query)
        counting = [each for each in groups if counts(each, rule.strictness)]
        if not groups or len(counting) < len(groups):  # else all count, of which these are all
            kept = tuple(each for each in variants if counts(each, rule.strictness))
            variants = kept if len(kept) < len(variants) else variants
        compiled = {}
        for term, number in zip_longest(query.terms, numbers):
            is_first = term is query.first
            of_term = concerning(counting, term, is_first=is_first) if counting else ()
            indexed = self._term(term, rule, _of_term(variants, term, is_first), of_term, number)
            compiled[term] = CompiledTerm(indexed.number, "", ())
        return Plan(rule, query.tree, compiled)

    def remove(self, rule_id: str) -> None:
        """Let a rule count no more, and let go of it."""
        number = self._numbers.pop(rule_id, None)
        if number is None:
            return
        self.broken.pop(rule_id, None)
        self._plans.pop(number, None)
        if gone := self.rules[number]:
            self._variants.pop((rule_id, gone.revision), None)
            self.rules[number] = None

    def variants(self, rule: Rule, texts: Iterable[str]) -> Sequence[Variant]:
        """Return the variants of a rule that was met, those at least that are written so."""
        kept = self._variants.get((rule.id, rule.revision))
        return rule.variants if kept is None else kept.spelled(texts)

    def live(self, number: int) -> Rule | None:
        """Return a rule if it still counts."""
        rule = self.rules[number]
        return rule if rule and self._numbers.get(rule.id) == number else None

    @property
    def is_mostly_gone(self) -> bool:
        """Whether so many rules were removed that an index of the others is due."""
        gone = len(self.rules) - len(self._numbers)
        return gone > _MOST_GONE and gone > len(self._numbers)

    def live_rules(self) -> list[Rule]:
        """Return the rules that count, in their order."""
        live = sorted(self._numbers.values(), key=self.places.__getitem__)
        return [rule for number in live if (rule := self.rules[number])]

    def prepare(
        self, languages: Iterable[str] = (), *, between: Callable[[], None] = lambda: None
    ) -> None:
        """Look up what the terms need of a text, in the languages of texts that came.

        A text that comes meanwhile goes on from where this has come to.

        Args:
            languages: Also in these.
            between: Called after each small piece of it, with nothing locked; may wait.
        """
        while self.table.ready < len(self.terms):
            with self.lock:
                self._learn(_AT_ONCE)
            between()
        for language in dict.fromkeys((*self.languages, *languages)):
            while not self._is_ready(language):
                self._build(language, _AT_ONCE)
                between()

    def in_language(self, language: str) -> TermIndex:
        """Return what all terms need of a text in a language; "" if it is not known."""
        if not self._is_ready(language):
            self._build(language)
        return self.languages[language]

    def _is_ready(self, language: str) -> bool:
        return language in self.languages and self.languages[language].ready >= len(self.terms)

    def _build(self, language: str, most: int | None = None) -> None:
        """Look up what is new of what terms need, or of so many slots."""
        with self.lock:
            self._learn()
            if language not in self.languages:
                self.languages[language] = TermIndex(language, self.table)
            self.languages[language].take(most=most)

    @property
    def size(self) -> Size:
        """How much was built."""
        return Size(self.table.ready, len(self.rules) - len(self._numbers), len(self.languages))

    def keep(self, path: Path, *, nobody_waits: bool = False) -> bool:
        """Write what is built for the next start; False if it cannot be, or more is being built."""
        for number, (rule, said) in enumerate(zip(self.rules, self._stamps, strict=False)):
            if rule and not said and rule.id not in self.broken:
                self._stamps[number] = said_of(rule, stamp_of(rule))
        with self.lock, self.table.engine.lock:
            if len(self.terms) > self.table.ready:
                return False
            state, memory = packed(self.state()), self.table.engine.memory
            if nobody_waits:  # for the locks, while it is written: so it is not copied
                return write(path, state, memory)
            memory = memory.copy()
        return write(path, state, memory)

    def compiled(
        self, indexed: IndexedTerm, chosen: frozenset[int] = frozenset(), language: str = ""
    ) -> ReadyTerm:
        """Return a term made ready with some of its variants, by number, that a text may hold.

        One of one word may have others that texts of the language held before: they are not in this
        one, and what its chunks say is remembered. Of several words all would be looked at anew.
        """
        gathers = chosen and _has_one_word(written_as(indexed.term))
        key = (indexed.number, language if gathers else chosen)
        ready = self._ready.pop(key, None)
        if ready is None or not ready.chosen >= chosen:
            before = ready.chosen if ready and len(ready.chosen) <= _MOST_CHOSEN else chosen
            ready = ReadyTerm(indexed, chosen | before)
            if len(self._ready) >= max(_LEAST_READY, len(self.terms) // _SHARE_READY):
                del self._ready[next(iter(self._ready))]  # what was asked for longest ago
        self._ready[key] = ready
        return ready

    def has_several_patterns(self, number: int) -> bool:
        """Whether a term has several patterns when all of its variants count."""
        indexed = self.terms[number]
        return not ReadyTerm(indexed, frozenset(range(len(indexed.variants)))).has_one_pattern

    def _term(
        self,
        term: Term,
        rule: Rule,
        variants: Variants,
        groups: tuple[VariantGroup, ...],
        number: int | None,
    ) -> IndexedTerm:
        """Return a term of a rule: one that is there, or a new one; `number` if it has one."""
        key = (term, rule.strictness, rule.written_in)
        if number is None:
            known = None if groups else self._shared.get(key)
        else:
            known = self.terms[number] if self.terms[number] is not _NOBODYS else None
        if known is not None:
            return known
        own, kept = len(self.terms) if number is None else number, self._hows.keep(variants)
        indexed = IndexedTerm(own, term, rule.strictness, kept, rule.written_in, groups)
        if not (variants or groups):
            self._shared[key] = indexed
        if indexed.is_always and number is None:
            self.always_terms.append(own)
        self.terms[own : own + 1] = [indexed]  # behind all of them if it is new
        return indexed

    def _learn(self, most: int | None = None) -> None:
        """Let the table know the terms that are new, or so many of them."""
        first = self.table.ready
        self.table.take(self.terms, most=most)
        for number in range(first, self.table.ready):
            term = self.terms[number]
            if term.groups and not term.variants:  # its rule is read anew when it is met
                self.terms[number] = _NOBODYS
            term.groups = ()


def _cost(indexed: IndexedTerm) -> int:
    return int(cost_of(indexed.term, indexed.groups) * _COST)


def _of_term(variants: Sequence[Variant], term: Term, is_first: bool) -> Variants:
    if not variants:
        return ()
    one_each = tuple({variant.of: variant for variant in variants}.values())
    kept = {variant.of for variant in concerning(one_each, term, is_first=is_first)}
    if len(kept) == len(one_each):
        return tuple(variants)
    return tuple(variant for variant in variants if variant.of in kept)
