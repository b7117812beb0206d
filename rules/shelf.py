"""Many rules, of which an article makes ready only those that it may answer.

The words of all rules and variants are filed under keys (`rules.filing`). What stands between
two white spaces, a chunk, is analysed once and remembered with what it means to the rules: what
it proves alone, and which goals it helps to reach. Rules whose goal is reached are evaluated
exactly, and only on the chunks that concern them.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rules.evaluate import MOST_EVIDENCE, Proof
from rules.filing import ALL, OWN, Filing, Posting, is_filed_whole, kept_variants, plain_keyword
from rules.folding import fold
from rules.index import only_joints
from rules.keys import keys_of, longer_than
from rules.languages.tables import primary
from rules.opened import Opened, concerns, match_of, next_place, why_broken
from rules.parse import QuerySyntaxError, parse
from rules.postings import Head, Part, continues, may_answer
from rules.query import Keyword, Query
from rules.single import Single
from rules.terms import content, text_terms
from rules.words import Word, next_word, words
from storage.model import Article, Evidence, Match, Rule, Source

_LONGEST_KEPT = 60
_MOST_CHUNKS = 150_000
_MOST_SINGLES = 5_000
_MOST_WORDS = 100_000


class Info(NamedTuple):
    """What a chunk means to the rules.

    Attributes:
        ready: Rules that it proves alone, with the proofs; places count from its start.
        touches: (goal, bits) that it helps to reach.
        rules: The rules whose words it may hold, with the numbers of the variants.
        heads: What its last word may be together with the next word.
    """

    ready: tuple[tuple[int, tuple[Proof, ...]], ...]
    touches: tuple[tuple[int, int], ...]
    rules: dict[int, tuple[int, ...]]
    heads: tuple[Head, ...]


class Shelf:
    """Rules compiled together; never changed afterwards. May be read by many threads."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.broken: dict[str, str] = {}
        self._rules: list[Rule] = []
        self._wide: set[int] = set()
        filing = Filing()
        odd: list[tuple[int, Rule]] = []
        for number, rule in enumerate(rules):
            self._rules.append(rule)
            query = self._read(rule)
            if query is None:
                continue
            if _is_loose(rule, query) or not filing.add(number, rule, query):
                odd.append((number, rule))
            elif not isinstance(query, Keyword) and not is_filed_whole(query):
                self._wide.add(number)
        self._rule_of_goal = filing.rule_of_goal
        self._table = filing.table()
        self._numbers = {rule.id: number for number, rule in odd}
        self._odd = Opened([rule for _, rule in odd])
        self._chunks: dict[str, tuple[set[str], dict[str, Info]]] = {}
        self._postings: dict[tuple[str, Part], tuple[Posting, ...]] = {}
        self._words: dict[tuple[int, int], tuple[str, ...]] = {}
        self._singles: dict[tuple[int, tuple[int, ...]], Single] = {}

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules, in the order in which they were given."""
        return self._rules

    def matches(
        self, article: Article, source: Source, chunks: set[str]
    ) -> list[tuple[int, Match]]:
        """Return the matches of these rules by number; `chunks` are the article's."""
        found: list[tuple[int, Match]] = []
        if self._odd.size:
            for match in self._odd.matches(article, source, chunks):
                found.append((self._numbers[match.rule_id], match))
        if len(self._table.keys):
            found += _Reading(self, article, source, chunks).matches()
        found.sort(key=lambda each: each[0])
        return found

    def infos(
        self, chunks: set[str], language: str, article: Article, source: Source
    ) -> dict[str, Info]:
        """Return, of these chunks, those that mean something to the rules."""
        seen, hot = self._chunks.setdefault(language, (set(), {}))
        brief = {}
        fresh = chunks - seen
        if fresh:
            if len(seen) > _MOST_CHUNKS:
                seen, hot = self._chunks[language] = (set(), {})
            for chunk, info in self._analysed(fresh, language, article, source):
                if len(chunk) > _LONGEST_KEPT:
                    if info is not None:
                        brief[chunk] = info
                    continue
                if info is not None:
                    hot[chunk] = info
                seen.add(chunk)
        for chunk in hot.keys() & chunks:
            brief[chunk] = hot[chunk]
        return brief

    def rule_of(self, goal: int) -> int:
        """Return the number of the rule whose goal it is."""
        return self._rule_of_goal[goal]

    def rule(self, number: int) -> Rule:
        """Return a rule by its number."""
        return self._rules[number]

    def is_wide(self, number: int) -> bool:
        """Whether not all of the rule's words are filed."""
        return number in self._wide

    def single(self, number: int, variants: tuple[int, ...]) -> Single:
        """Return a rule made ready with some of its variants."""
        key = (number, variants)
        single = self._singles.get(key)
        if single is None:
            rule = self._rules[number]
            if rule.variants:
                rule = replace(rule, variants=kept_variants(rule, variants))
            single = Single(rule, plain_keyword(rule.query))
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
        self, chunks: set[str], language: str, article: Article, source: Source
    ) -> Iterator[tuple[str, Info | None]]:
        """Yield what each chunk means, None for nothing."""
        read = {chunk: words(chunk) for chunk in chunks}
        parts: set[Part] = set()
        for chunk, found in read.items():
            parts.update(Part(word.folded, word.is_run) for word in found)
            parts.update(_joined(chunk, found))
        self._look_up(parts, language)
        for chunk, found in read.items():
            yield chunk, self._info(chunk, found, language, article, source)

    def _info(
        self, chunk: str, found: list[Word], language: str, article: Article, source: Source
    ) -> Info | None:
        bits: dict[int, int] = {}
        rules: dict[int, set[int]] = {}
        for part in (*(Part(w.folded, w.is_run) for w in found), *_joined(chunk, found)):
            for goal, variant, each in self._postings[language, part]:
                bits[goal] = bits.get(goal, 0) | each
                rules.setdefault(self._rule_of_goal[goal], set()).add(variant)
        heads: tuple[Head, ...] = ()
        if found and not found[-1].is_run and only_joints(chunk[found[-1].end :]):
            heads = self._heads(found[-1].folded)
        if not rules and not heads:
            return None
        variants = {rule: tuple(sorted(each - {OWN})) for rule, each in rules.items()}
        ready: list[tuple[int, tuple[Proof, ...]]] = []
        touches: list[tuple[int, int]] = []
        for goal, each in bits.items():
            rule = self._rule_of_goal[goal]
            single = self.single(rule, variants[rule]) if each == ALL else None
            if single is not None and single.local:
                proofs = single.proofs_in(chunk, article, source)
                if proofs:
                    ready.append((rule, proofs))
                else:
                    del variants[rule]
            else:
                touches.append((goal, each))
        if not variants and not heads:
            return None
        return Info(tuple(ready), tuple(touches), variants, heads)

    def _look_up(self, parts: set[Part], language: str) -> None:
        """Find the postings of words that were not looked up yet."""
        fresh = [part for part in parts if (language, part) not in self._postings]
        if not fresh:
            return
        if len(self._postings) > _MOST_WORDS:
            self._postings = {}
            fresh = list(parts)
        keys: list[int] = []
        owners: list[int] = []
        for number, part in enumerate(fresh):
            own = set(keys_of(part.folded, language, is_run=part.is_run))
            keys += own
            owners += [number] * len(own)
        table = self._table.keys
        sought = np.array(keys, np.uint64)
        places = np.searchsorted(table, sought)
        places[places == len(table)] = 0
        hits = np.flatnonzero(table[places] == sought)
        found: list[list[int]] = [[] for _ in fresh]
        for hit in hits.tolist():
            found[owners[hit]].append(int(places[hit]))
        for part, at in zip(fresh, found, strict=True):
            self._postings[language, part] = tuple(self._close(part, at, language)) if at else ()

    def _close(self, part: Part, places: list[int], language: str) -> Iterator[Posting]:
        """Yield the postings under some keys that the word may answer indeed."""
        for place in places:
            for posting in self._table.at(place):
                rule = self._rule_of_goal[posting.goal]
                own = self._words_of(rule, posting.variant)
                if not any(may_answer(each, part, language) for each in own):
                    continue
                if posting.bits != ALL:
                    yield from self._compound(part, posting, rule, own)
                yield posting

    def _compound(
        self, part: Part, posting: Posting, rule: int, own: Sequence[str]
    ) -> Iterator[Posting]:
        """Yield all bits of a goal if the word may hold several words of the rule together."""
        begun = [each for each in own if part.folded.startswith(each)]
        if not begun:
            return
        for variant in (OWN, *range(len(self._rules[rule].variants))):
            others = self._words_of(rule, variant)
            if any(continues(each, part.folded, others) for each in begun):
                yield Posting(posting.goal, variant, ALL)

    def _heads(self, folded: str) -> tuple[Head, ...]:
        """Return the words of rules that begin with this one and go on."""
        if not 4 <= len(folded) <= 76:
            return ()
        table = self._table.keys
        low, high = longer_than(folded)
        first = int(np.searchsorted(table, np.uint64(low)))
        last = int(np.searchsorted(table, np.uint64(high), side="right"))
        places = list(range(first, last))
        for key in set(keys_of(folded, "", is_run=False)) - {low}:
            at = int(np.searchsorted(table, np.uint64(key)))
            if at < len(table) and int(table[at]) == key and not first <= at < last:
                places.append(at)
        found: dict[Head, None] = {}
        for place in places:
            for goal, variant, _ in self._table.at(place):
                rule = self._rule_of_goal[goal]
                for each in self._words_of(rule, variant):
                    if len(each) >= len(folded) + 4 and each.startswith(folded):
                        found[Head(each, rule, variant)] = None
        return tuple(found)

    def _words_of(self, number: int, variant: int) -> tuple[str, ...]:
        """Return the words of a rule's own terms, or of one of its variants, and joined ones."""
        key = (number, variant)
        found = self._words.get(key)
        if found is None:
            if len(self._words) > _MOST_WORDS:
                self._words = {}
            found = self._words[key] = tuple(dict.fromkeys(self._new_words(number, variant)))
        return found

    def _new_words(self, number: int, variant: int) -> Iterator[str]:
        rule = self._rules[number]
        if variant != OWN:
            texts = [rule.variants[variant].text]
        else:
            query = plain_keyword(rule.query) or parse(rule.query)
            texts = [getattr(term, "text", "") for term in text_terms(query)]
        for text in texts:
            for word in words(text):
                yield word.folded
            kept = content(text)
            if 2 <= len(kept) <= 3:
                yield fold("".join(word.text for word in kept))


def _is_loose(rule: Rule, query: Query) -> bool:
    """Whether words in other spellings count."""
    return rule.strictness not in ("exact", "forms") and any(
        isinstance(term, Keyword) and (rule.strictness == "broad" or len(content(term.text)) > 1)
        for term in text_terms(query)
    )


def _joined(chunk: str, found: Sequence[Word]) -> Iterator[Part]:
    """Yield neighbours that may be one word of a rule: "cyber-security" for cybersecurity."""
    for left, right in itertools.pairwise(found):
        between = chunk[left.end : right.start]
        if between and not left.is_run and not right.is_run and only_joints(between):
            yield Part(left.folded + right.folded, False)


class _Reading:
    """One article, read for the rules of one shelf."""

    def __init__(self, shelf: Shelf, article: Article, source: Source, chunks: set[str]) -> None:
        self._shelf = shelf
        self._article = article
        self._source = source
        self._chunks = chunks
        self._texts = {"title": article.title, "text": article.text}
        self._infos = shelf.infos(chunks, primary(article.language), article, source)

    def matches(self) -> Iterator[tuple[int, Match]]:
        """Yield the matches, by the number of the rule."""
        fuller = self._reached() | self._by_heads()
        ready: dict[int, list[tuple[str, tuple[Proof, ...]]]] = {}
        for chunk, info in self._infos.items():
            for number, proofs in info.ready:
                ready.setdefault(number, []).append((chunk, proofs))
        for number, found in ready.items():
            rule = self._shelf.rule(number)
            if number in fuller or not concerns(rule, self._article, self._source):
                continue
            match = self._ready(rule, found)
            if match is None:
                fuller.add(number)
            else:
                yield number, match
        for number in fuller:
            rule = self._shelf.rule(number)
            if concerns(rule, self._article, self._source):
                match = self._evaluated(number)
                if match is not None:
                    yield number, match

    def _reached(self) -> set[int]:
        """Return the rules of which a goal is reached."""
        reached: dict[int, int] = {}
        found = set()
        for info in self._infos.values():
            for goal, bits in info.touches:
                now = reached[goal] = reached.get(goal, 0) | bits
                if now == ALL:
                    found.add(self._shelf.rule_of(goal))
        return found

    def _by_heads(self) -> set[int]:
        """Return the rules of which a word may stand in two."""
        found = set()
        self._head_variants: dict[int, set[int]] = {}
        self._head_chunks: dict[int, set[str]] = {}
        for chunk, info in self._infos.items():
            if not info.heads:
                continue
            for text in self._texts.values():
                at = next_place(text, chunk, 0)
                while at >= 0:
                    end = at + len(chunk)
                    after = next_word(text, end)
                    if after is not None and only_joints(text[end : after.start].strip()):
                        start = after.folded[:3]
                        for folded, rule, variant in info.heads:
                            if folded.find(start) > 0:
                                found.add(rule)
                                self._head_variants.setdefault(rule, set()).add(variant)
                                self._head_chunks.setdefault(rule, set()).add(chunk)
                    at = next_place(text, chunk, end)
        return found

    def _evaluated(self, number: int) -> Match | None:
        shelf = self._shelf
        variants = set(self._head_variants.get(number, ()))
        chunks = set(self._head_chunks.get(number, ()))
        for chunk, info in self._infos.items():
            numbers = info.rules.get(number)
            if numbers is not None:
                variants.update(numbers)
                chunks.add(chunk)
        if shelf.is_wide(number):
            chunks = self._chunks
        single = shelf.single(number, tuple(sorted(variants - {OWN})))
        verdict, view = single.verdict(self._article, self._source, chunks)
        return None if verdict is None else match_of(shelf.rule(number), view, verdict)

    def _ready(self, rule: Rule, found: list[tuple[str, tuple[Proof, ...]]]) -> Match | None:
        """Return the match of a rule that single chunks prove; None when they are many."""
        evidence: list[Evidence] = []
        score = 0.0
        language = self._article.language
        for field, text in self._texts.items():
            proven: list[tuple[int, int, Proof]] = []
            for chunk, proofs in found:
                at = next_place(text, chunk, 0)
                while at >= 0:
                    for proof in proofs:
                        proven.append((proof.start + at, proof.end + at, proof))
                    if len(proven) > MOST_EVIDENCE:
                        return None
                    at = next_place(text, chunk, at + len(chunk))
            proven.sort(key=lambda each: each[:2])
            for start, end, proof in proven:
                score = max(score, proof.strength)
                evidence.append(
                    Evidence(
                        field=field,
                        start=start,
                        end=end,
                        text=text[start:end],
                        term=proof.label,
                        layer=proof.layer.label,
                        language=language,
                        variants=proof.variants,
                    )
                )
        return Match(
            rule_id=rule.id,
            article_id=self._article.id,
            score=min(1.0, round(score, 3)),
            evidence=tuple(evidence[:MOST_EVIDENCE]),
        )
