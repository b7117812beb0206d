"""Many rules, of which an article makes ready only those that it may answer.

The words of all rules and variants are filed under keys (`rules.index.builder`). What stands
between two white spaces, a chunk, is analysed once and remembered with what it means to the rules:
what it proves alone, and which goals it helps to reach. Rules whose goal is reached are evaluated
exactly, and only on the chunks that concern them.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from rules.data.tables import primary, stop_words
from rules.evaluate.compiled_rule import CompiledRule
from rules.evaluate.compiled_rules import CompiledRules, why_broken
from rules.evaluate.evidence import Proof
from rules.index.builder import (
    ALL,
    OWN,
    Filing,
    Posting,
    is_filed_whole,
    kept_variants,
    plain_keyword,
)
from rules.index.candidates import Reading
from rules.index.cognate_index import Heard
from rules.index.lookup import Asked, Head, Part, continues
from rules.index.stem_keys import beginnings, keys_of, longer_than
from rules.languages import phonetic_keys
from rules.languages.compounds import LONGEST, SHORTEST_PART
from rules.languages.phonetic_keys import mask
from rules.patterns.fuzzy_patterns import goes_unfiled
from rules.patterns.word_index import chunk_words, only_joints
from rules.query.parse import QuerySyntaxError, parse
from rules.query.parsed import of_tree
from rules.query.terms import content, text_terms
from rules.query.tree import Exact, Keyword, Phrase, Query
from rules.text.folding import fold
from rules.text.tokenizer import Word, words
from storage.model import Article, Match, Rule, Source

_LONGEST_KEPT = 60
_MOST_CHUNKS = 100_000
_MOST_SINGLES = 5_000
_MOST_WORDS = 100_000
_LONGEST_REST = 4
_AS_ONE = -2


class Info(NamedTuple):
    """What a chunk means to the rules.

    Attributes:
        ready: Rules that it proves alone, with the proofs; places count from its start.
        touches: (goal, bits) that it helps to reach.
        rules: The rules whose words it may hold, with the numbers of the variants.
        heads: What its last word may be together with the next word.
        first: The first letters of its first word, folded; "" if it has no words.
        is_small: It may stand between the words of a keyword.
        heard: How it sounds; None if no rule asks.
        waits: Terms of which it holds a word, with the masks of the others.
        mask: That of how it sounds.
    """

    ready: tuple[tuple[int, tuple[Proof, ...]], ...] = ()
    touches: tuple[tuple[int, int], ...] = ()
    rules: Mapping[int, tuple[int, ...]] = MappingProxyType({})
    heads: tuple[Head, ...] = ()
    first: str = ""
    is_small: bool = True
    heard: Heard | None = None
    waits: tuple[tuple[int, int], ...] = ()
    mask: int = 0


class _Memory(NamedTuple):
    """What is known about the chunks of a language; `hot` are those that concern a rule."""

    infos: dict[str, Info]
    hot: dict[str, Info]


class Shelf:
    """Rules compiled together; never changed afterwards. May be read by many threads."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.broken: dict[str, str] = {}
        self._rules: list[Rule] = []
        self._composed: set[int] = set()
        self._wide: set[int] = set()
        filing = Filing()
        odd: list[tuple[int, Rule]] = []
        for number, rule in enumerate(rules):
            self._rules.append(rule)
            query = self._read(rule)
            if query is None:
                continue
            if goes_unfiled(rule, query) or not filing.add(number, rule, query):
                odd.append((number, rule))
            elif not isinstance(query, Keyword | Phrase | Exact):
                self._composed.add(number)
                if not is_filed_whole(query):
                    self._wide.add(number)
        self._rule_of_goal = filing.rule_of_goal
        self.loose = filing.loose
        self._table = filing.table()
        self._numbers = {rule.id: number for number, rule in odd}
        self._odd = CompiledRules([rule for _, rule in odd])
        self._chunks: dict[str, _Memory] = {}
        self._postings: dict[tuple[str, Part], tuple[Posting, ...]] = {}
        self._words: dict[tuple[int, int], tuple[str, ...]] = {}
        self._begun: dict[str, tuple[Head, ...]] = {}
        self._singles: dict[tuple[int, tuple[int, ...]], CompiledRule] = {}

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules, in the order in which they were given."""
        return self._rules

    def matches(
        self, article: Article, source: Source, fields: Mapping[str, Sequence[str]]
    ) -> list[tuple[int, Match]]:
        """Return the matches of these rules by number; `fields` has the chunks of each text."""
        chunks = set().union(*fields.values())
        found: list[tuple[int, Match]] = []
        if self._odd.size:
            for match in self._odd.matches(article, source, chunks):
                found.append((self._numbers[match.rule_id], match))
        if len(self._table.keys):
            found += Reading(self, article, source, fields, chunks).matches()
        found.sort(key=lambda each: each[0])
        return found

    def infos(
        self, chunks: set[str], article: Article, source: Source
    ) -> tuple[Mapping[str, Info], Mapping[str, Info]]:
        """Return what these chunks mean to the rules, and of those that mean anything."""
        language = primary(article.language)
        memory = self._chunks.get(language)
        if memory is None:
            memory = self._chunks[language] = _Memory({}, {})
        infos, hot = memory
        fresh = [chunk for chunk in chunks if chunk not in infos]
        if not fresh:
            return infos, hot
        if sum(len(each.infos) for each in self._chunks.values()) > _MOST_CHUNKS:
            self._chunks = {language: _Memory(infos := {}, hot := {})}
            fresh = list(chunks)
        long: dict[str, Info] = {}
        for chunk, info in self._analysed(fresh, language, article, source):
            if len(chunk) > _LONGEST_KEPT:
                long[chunk] = info
                continue
            if info.ready or info.touches or info.heads:
                hot[chunk] = info
            infos[chunk] = info
        if not long:
            return infos, hot
        every = {chunk: infos[chunk] for chunk in chunks if chunk not in long} | long
        return every, every

    def rule_of(self, goal: int) -> int:
        """Return the number of the rule whose goal it is."""
        return self._rule_of_goal[goal]

    def rule(self, number: int) -> Rule:
        """Return a rule by its number."""
        return self._rules[number]

    def is_one_term(self, goal: int) -> bool:
        """Whether the rule of a goal is a single keyword or phrase."""
        return self._rule_of_goal[goal] not in self._composed

    def is_wide(self, number: int) -> bool:
        """Whether not all of the rule's words are filed."""
        return number in self._wide

    def single(self, number: int, variants: tuple[int, ...]) -> CompiledRule:
        """Return a rule made ready with some of its variants."""
        key = (number, variants)
        single = self._singles.get(key)
        if single is None:
            rule = self._rules[number]
            query = plain_keyword(rule.query) or parse(rule.query)
            if rule.variants:
                rule = replace(rule, variants=kept_variants(rule, query, variants))
            single = CompiledRule(rule, of_tree(query))
            if len(self._singles) >= _MOST_SINGLES:
                self._singles = {}
            self._singles[key] = single
        return single

    def _read(self, rule: Rule) -> Query | None:
        query = plain_keyword(rule.query)
        if query is not None:
            return query
        try:
            return parse(rule.query)
        except QuerySyntaxError as error:
            self.broken[rule.id] = why_broken(rule, error)
            return None

    def _analysed(
        self, chunks: Iterable[str], language: str, article: Article, source: Source
    ) -> Iterator[tuple[str, Info]]:
        """Yield what each chunk means."""
        read = {chunk: chunk_words(chunk) for chunk in chunks}
        parts: set[Part] = set()
        for chunk, found in read.items():
            parts.update(Part(word.folded, word.is_run) for word in found)
            parts.update(_joined(chunk, found))
        postings = self._look_up(parts, language)
        for chunk, found in read.items():
            yield chunk, self._info(chunk, found, postings, article, source)

    def _info(
        self,
        chunk: str,
        found: Sequence[Word],
        postings: Mapping[Part, Sequence[Posting]],
        article: Article,
        source: Source,
    ) -> Info:
        language = primary(article.language)
        bits: dict[int, int] = {}
        rules: dict[int, set[int]] = {}
        parts = {Part(word.folded, word.is_run) for word in found}
        for part in parts.union(_joined(chunk, found)):
            for goal, variant, each in postings[part]:
                bits[goal] = bits.get(goal, 0) | each
                rules.setdefault(self._rule_of_goal[goal], set()).add(variant)
        heard = self.loose.heard(found, language) if self.loose and found else None
        for number in heard.alone if heard else ():
            term = self.loose.term(number)
            rules.setdefault(term.rule, set()).add(OWN)
            for goal, each in term.goals:
                bits[goal] = bits.get(goal, 0) | each
        info = Info(
            first=found[0].folded[:3] if found else "",
            is_small=all(map(_is_small, found)),
            heard=heard,
            mask=heard.mask if heard else 0,
        )
        if found and not found[-1].is_run and only_joints(chunk[found[-1].end :]):
            info = info._replace(heads=self._heads(found[-1].folded))
        if not rules:
            return info
        variants = {rule: tuple(sorted(each - {OWN})) for rule, each in rules.items()}
        ready, touches = self._sorted(chunk, bits, variants, article, source)
        return info._replace(
            ready=tuple(ready),
            touches=tuple(touches),
            rules=variants,
            waits=tuple(self._waits(found, variants, language)),
        )

    def _sorted(
        self,
        chunk: str,
        bits: Mapping[int, int],
        variants: dict[int, tuple[int, ...]],
        article: Article,
        source: Source,
    ) -> tuple[list[tuple[int, tuple[Proof, ...]]], list[tuple[int, int]]]:
        """Return what a chunk proves alone, and the goals that it only helps to reach."""
        proven: dict[int, tuple[Proof, ...]] = {}
        touches: list[tuple[int, int]] = []
        for goal, each in bits.items():
            rule = self._rule_of_goal[goal]
            single = self.single(rule, variants[rule]) if each == ALL else None
            if single is None or not single.local:
                touches.append((goal, each))
            elif rule not in proven:
                proven[rule] = single.proofs_in(chunk, article, source)
        ready = [(rule, proofs) for rule, proofs in proven.items() if proofs]
        return ready, touches

    def _waits(
        self, found: Sequence[Word], rules: Mapping[int, tuple[int, ...]], language: str
    ) -> Iterator[tuple[int, int]]:
        """Yield terms of which a chunk holds a word, with the masks of those it does not hold."""
        asked = [Asked(part, language) for part in {Part(w.folded, w.is_run) for w in found}]
        for rule, variants in rules.items():
            for number in self.loose.terms_of(rule):
                left = [
                    word
                    for word in self.loose.term(number).words
                    if variants or not any(each.may_be(fold(word)) for each in asked)
                ]
                yield number, mask(frozenset().union(*map(phonetic_keys.keys_of, left)))

    def _look_up(self, parts: set[Part], language: str) -> dict[Part, tuple[Posting, ...]]:
        """Return the postings of some words."""
        kept = self._postings
        if len(kept) > _MOST_WORDS:
            kept = self._postings = {}
        found = {part: kept[language, part] for part in parts if (language, part) in kept}
        fresh = [part for part in parts if part not in found]
        keys: list[int] = []
        owners: list[int] = []
        for number, part in enumerate(fresh):
            own = set(keys_of(part.folded, language, is_run=part.is_run))
            keys += own
            owners += [number] * len(own)
        places: list[list[int]] = [[] for _ in fresh]
        for owner, place in zip(owners, self._table.places(keys), strict=True):
            if place >= 0:
                places[owner].append(place)
        for part, at in zip(fresh, places, strict=True):
            found[part] = tuple(self._close(part, at, language)) if at else ()
            kept[language, part] = found[part]
        return found

    def _close(self, part: Part, places: list[int], language: str) -> Iterator[Posting]:
        """Yield the postings under some keys that the word may answer indeed."""
        asked = Asked(part, language)
        for place in places:
            for posting in self._table.at(place):
                rule = self._rule_of_goal[posting.goal]
                as_one = posting.variant == OWN and posting.bits == ALL
                own = self._words_of(rule, _AS_ONE if as_one else posting.variant)
                if posting.bits != ALL:
                    yield from self._compound(part, posting, rule, own, language)
                if any(map(asked.may_be, own)):
                    yield posting

    def _compound(
        self, part: Part, posting: Posting, rule: int, own: Sequence[str], language: str
    ) -> Iterator[Posting]:
        """Yield all bits of a goal if the word may hold several words of the rule together."""
        begun = [each for each in own if part.folded.startswith(each)]
        if not begun:
            return
        for variant in (OWN, *range(len(self._rules[rule].variants))):
            others = self._words_of(rule, variant)
            if any(continues(each, part.folded, others) for each in begun):
                yield Posting(posting.goal, variant, ALL)
        for number in self.loose.terms_of(rule):
            if self.loose.goes_on(number, part.folded, language):
                yield Posting(posting.goal, OWN, ALL)

    def _heads(self, folded: str) -> tuple[Head, ...]:
        """Return the words of rules that begin with this one and go on."""
        kept = self._begun
        found = kept.get(folded)
        if found is None:
            if len(kept) > _MOST_WORDS:
                kept = self._begun = {}
            found = kept[folded] = self._new_heads(folded)
        return found

    def _new_heads(self, folded: str) -> tuple[Head, ...]:
        if not SHORTEST_PART <= len(folded) <= LONGEST - SHORTEST_PART:
            return ()
        low, high = longer_than(folded)
        first, last = self._table.between(low, high)
        shorter = [key for key in beginnings(folded) if key != low]
        places = [*range(first, last), *(p for p in self._table.places(shorter) if p >= 0)]
        found: dict[Head, None] = {}
        for place in places:
            for goal, variant, _ in self._table.at(place):
                rule = self._rule_of_goal[goal]
                for each in self._words_of(rule, variant):
                    if len(each) >= len(folded) + SHORTEST_PART and each.startswith(folded):
                        found[Head(each, rule, variant)] = None
        return tuple(found)

    def _words_of(self, number: int, variant: int) -> tuple[str, ...]:
        """Return the words of a rule's own terms, or of one of its variants, and joined ones.

        With `_AS_ONE` only those that are a whole term.
        """
        key = (number, variant)
        found = self._words.get(key)
        if found is None:
            if len(self._words) > _MOST_WORDS:
                self._words = {}
            found = self._words[key] = tuple(dict.fromkeys(self._new_words(number, variant)))
        return found

    def _new_words(self, number: int, variant: int) -> Iterator[str]:
        rule = self._rules[number]
        if variant >= 0:
            texts = [rule.variants[variant].text]
        else:
            query = plain_keyword(rule.query) or parse(rule.query)
            texts = [getattr(term, "text", "") for term in text_terms(query)]
        for text in texts:
            kept = content(text)
            for word in words(text) if variant != _AS_ONE or len(kept) == 1 else ():
                yield word.folded
            if 2 <= len(kept) <= 3:
                yield fold("".join(word.text for word in kept))


def _is_small(word: Word) -> bool:
    """Whether the word may stand between two words of a keyword that are cognates."""
    return word.folded in stop_words() or (word.is_run and len(word.text) <= _LONGEST_REST)


def _joined(chunk: str, found: Sequence[Word]) -> Iterator[Part]:
    """Yield neighbours that may be one word of a rule: "cyber-security" for cybersecurity."""
    seen: set[tuple[str, str]] = set()
    for left, right in itertools.pairwise(found):
        between = chunk[left.end : right.start]
        if (left.folded, right.folded) in seen:
            continue
        if between and not left.is_run and not right.is_run and only_joints(between):
            seen.add((left.folded, right.folded))
            yield Part(left.folded + right.folded, False)
