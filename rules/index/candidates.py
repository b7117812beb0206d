"""One article, read for the rules of one shelf."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from rules.data.tables import primary
from rules.evaluate.compiled_rules import concerns, match_of, next_place
from rules.evaluate.evidence import MOST_EVIDENCE, Proof, evidence_of
from rules.index.builder import ALL, OWN
from storage.model import Article, Evidence, Match, Rule, Source

if TYPE_CHECKING:
    from rules.index.cognate_index import Heard
    from rules.index.rule_index import Info, Shelf

_FEW = 8

_Row = Sequence["Info"]
_Ready = dict[int, list[tuple[str, tuple[Proof, ...]]]]


class Reading:
    """Finds the rules that an article answers: the ready ones, and others by evaluation.

    Args:
        fields: The chunks of each text, in order.
        chunks: All of them, each once.
    """

    def __init__(
        self,
        shelf: "Shelf",
        article: Article,
        source: Source,
        fields: Mapping[str, Sequence[str]],
        chunks: set[str],
    ) -> None:
        self._shelf = shelf
        self._article = article
        self._source = source
        self._fields = fields
        self._chunks = chunks
        self._language = primary(article.language)
        self._texts = {"title": article.title, "text": article.text}
        self._infos, hot = shelf.infos(chunks, article, source)
        self._hot = [(chunk, hot[chunk]) for chunk in hot.keys() & chunks]
        self._by_head: dict[int, tuple[set[int], set[str]]] = {}
        self._spelled: set[int] = set()

    def matches(self) -> Iterator[tuple[int, Match]]:
        """Yield the matches, by the number of the rule."""
        fuller = self._reached()
        ready: _Ready = {}
        for chunk, info in self._hot:
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
            if concerns(self._shelf.rule(number), self._article, self._source):
                match = self._evaluated(number)
                if match is not None:
                    yield number, match

    @cached_property
    def _rows(self) -> list[_Row]:
        infos = self._infos
        return [[infos[chunk] for chunk in field] for field in self._fields.values()]

    def _reached(self) -> set[int]:
        """Return the rules of which a goal may be reached."""
        reached: dict[int, int] = {}
        goals: set[int] = set()
        for _, info in self._hot:
            for goal, bits in info.touches:
                now = reached[goal] = reached.get(goal, 0) | bits
                if now == ALL:
                    goals.add(goal)
        if any(info.heads for _, info in self._hot):
            for field, row in zip(self._fields.values(), self._rows, strict=True):
                self._find_heads(field, row)
        rule_of = self._shelf.rule_of
        found = {rule_of(goal) for goal in goals if self._may_hold(goal)} | self._by_head.keys()
        return found | self._reached_otherwise(reached) if self._shelf.loose else found

    def _reached_otherwise(self, reached: dict[int, int]) -> set[int]:
        """Return the rules of which a goal may be reached by cognates, too."""
        found: set[int] = set()
        for row in self._rows:
            for number in self._spelled_otherwise(row):
                term = self._shelf.loose.term(number)
                self._spelled.add(term.rule)
                for goal, bits in term.goals:
                    now = reached[goal] = reached.get(goal, 0) | bits
                    if now == ALL:
                        found.add(term.rule)
        return found

    def _find_heads(self, field: Sequence[str], row: _Row) -> None:
        """Note the rules of which a word may stand in two: data base."""
        for place, info in enumerate(row):
            if not info.heads:
                continue
            after = next((each.first for each in row[place + 1 : place + 4] if each.first), "")
            for folded, rule, variant in info.heads if after else ():
                if folded.find(after) > 0:
                    variants, chunks = self._by_head.setdefault(rule, (set(), set()))
                    variants.add(variant)
                    chunks.add(field[place])

    @cached_property
    def _places(self) -> tuple[list[dict["int", list[int]]], list[list[int]]]:
        """For each row: where each hot chunk stands, and how many words of weight came before."""
        places: list[dict[int, list[int]]] = []
        counts: list[list[int]] = []
        hot = {id(info) for _, info in self._hot}
        for row in self._rows:
            where: dict[int, list[int]] = {}
            so_far = [0]
            for place, info in enumerate(row):
                so_far.append(so_far[-1] + (not info.is_small))
                if id(info) in hot:
                    where.setdefault(id(info), []).append(place)
            places.append(where)
            counts.append(so_far)
        return places, counts

    def _may_hold(self, goal: int) -> bool:
        """Whether the words of a goal stand so near each other as its term asks.

        Only for rules of a single term, whose words may have one other word between two.
        """
        if not self._shelf.is_one_term(goal):
            return True
        touched = [
            (info, bits) for _, info in self._hot for each, bits in info.touches if each == goal
        ]
        if any(bits == ALL for _, bits in touched):
            return True
        for where, counts in zip(*self._places, strict=True):
            row = sorted(
                (place, bits) for info, bits in touched for place in where.get(id(info), ())
            )
            together = last = 0
            for place, bits in row:
                near = together and counts[place] - counts[last + 1] <= 1
                together = together | bits if near else bits
                if together == ALL:
                    return True
                last = place
        return False

    def _spelled_otherwise(self, row: _Row) -> Iterator[int]:
        """Yield terms of which some words may be cognates, right beside each other."""
        loose = self._shelf.loose
        ways = loose.ways
        asked = [
            (place, info, info.heard)
            for place, info in enumerate(row)
            if info.heard is not None and (info.waits or info.heard.leads)
        ]
        around = _around(row) if len(asked) > len(row) // _FEW else None
        for place, info, heard in asked:
            near = _near(row, place) if around is None else around[place]
            for number, mask in info.waits:
                if mask & near and self._is_beside(loose.term(number).words, row, place):
                    yield number
            for number in heard.leads:
                way = ways[number]
                if (
                    way.mask & near
                    and loose.is_in(way.lead, heard, self._language)
                    and self._is_beside(way.others, row, place)
                ):
                    yield way.term
            loose.read_again(heard, self._language)

    def _is_beside(self, words: Sequence[str], row: _Row, place: int) -> bool:
        """Whether a chunk, or one right beside it, holds a cognate of one of these words."""
        is_in = self._shelf.loose.is_in
        return any(
            is_in(word, heard, self._language)
            for heard in _neighbours(row, place)
            for word in words
        )

    def _evaluated(self, number: int) -> Match | None:
        shelf = self._shelf
        heads = self._by_head.get(number)
        variants, chunks = (set(heads[0]), set(heads[1])) if heads else (set(), set())
        for chunk, info in self._hot:
            if number in info.rules:
                variants.update(info.rules[number])
                chunks.add(chunk)
        if shelf.is_wide(number):
            chunks = self._chunks
        elif number in self._spelled or shelf.loose.is_long(number):
            chunks |= self._that_sound_alike(number)
        single = shelf.single(number, tuple(sorted(variants - {OWN})))
        verdict, view = single.verdict(self._article, self._source, chunks)
        return None if verdict is None else match_of(shelf.rule(number), view, verdict)

    def _that_sound_alike(self, number: int) -> set[str]:
        """Return chunks that may hold cognates of a rule's words which count.

        Those are in rows of such chunks, or beside chunks with its words.
        """
        loose = self._shelf.loose
        found: set[str] = set()
        mask = 0
        for term in loose.terms_of(number):
            mask |= loose.term(term).mask
        for field, row in zip(self._fields.values(), self._rows, strict=True):
            together: list[str] = []
            for chunk, info in zip(field, row, strict=True):
                heard = info.heard
                if heard is not None and (heard.mask & mask or number in info.rules):
                    together.append(chunk)
                    if len(together) > 1:
                        found.update(together[-2:])
                    elif heard.has_several or loose.may_hold_two(number, heard):
                        found.add(chunk)
                elif not info.is_small:
                    together = []
        return found

    def _ready(self, rule: Rule, found: Iterable[tuple[str, tuple[Proof, ...]]]) -> Match | None:
        """Return the match of a rule that single chunks prove; None when they are many."""
        evidence: list[Evidence] = []
        score = 0.0
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
            if len(proven) > 1:
                proven.sort(key=lambda each: (each[0], each[1], each[2].label))
            for start, end, proof in proven:
                score = max(score, proof.strength)
                placed = Proof(field, start, end, *proof[3:])
                evidence.append(evidence_of(placed, text, self._article.language, rule.variants))
        return Match(
            rule_id=rule.id,
            article_id=self._article.id,
            score=min(1.0, round(score, 3)),
            evidence=tuple(evidence[:MOST_EVIDENCE]),
        )


def _around(row: _Row) -> list[int]:
    """Return, for each chunk, the mask of itself and of those right beside it.

    Small words do not part two chunks.
    """
    found = [0] * len(row)
    for places in (range(len(row)), range(len(row) - 1, -1, -1)):
        beside = 0
        for place in places:
            info = row[place]
            own = info.mask
            found[place] |= own | beside
            beside = beside | own if info.is_small else own
    return found


def _near(row: _Row, place: int) -> int:
    """Return the same as `_around` for one chunk."""
    mask = row[place].mask
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(row):
            mask |= row[at].mask
            if not row[at].is_small:
                break
            at += step
    return mask


def _neighbours(row: _Row, place: int) -> Iterator["Heard"]:
    """Yield how a chunk and those right beside it sound."""
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(row):
            info = row[at]
            if info.heard is not None:
                yield info.heard
            if not info.is_small:
                break
            at += step
    own = row[place].heard
    if own is not None:
        yield own
