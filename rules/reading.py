"""One article, read for the rules of one shelf."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rules.evaluate import MOST_EVIDENCE, Proof
from rules.filing import ALL, OWN
from rules.languages.tables import primary
from rules.opened import concerns, match_of, next_place
from storage.model import Article, Evidence, Match, Rule, Source

if TYPE_CHECKING:
    from rules.loose import Heard
    from rules.shelf import Info, Shelf


_NO_HEADS: tuple[set[int], set[str]] = (set(), set())


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
        self._chunks = chunks
        self._language = primary(article.language)
        self._texts = {"title": article.title, "text": article.text}
        infos = shelf.infos(chunks, article, source)
        self._infos = {chunk: infos[chunk] for chunk in chunks}
        self._rows = [[(chunk, infos[chunk]) for chunk in field] for field in fields.values()]
        self._by_head: dict[int, tuple[set[int], set[str]]] = {}

    def matches(self) -> Iterator[tuple[int, Match]]:
        """Yield the matches, by the number of the rule."""
        shelf = self._shelf
        fuller = self._reached()
        ready: dict[int, list[tuple[str, tuple[Proof, ...]]]] = {}
        for chunk, info in self._infos.items():
            for number, proofs in info.ready:
                ready.setdefault(number, []).append((chunk, proofs))
        for number, found in ready.items():
            rule = shelf.rule(number)
            if number in fuller or not concerns(rule, self._article, self._source):
                continue
            match = self._ready(rule, found)
            if match is None:
                fuller.add(number)
            else:
                yield number, match
        for number in fuller:
            if concerns(shelf.rule(number), self._article, self._source):
                match = self._evaluated(number)
                if match is not None:
                    yield number, match

    def _reached(self) -> set[int]:
        """Return the rules of which a goal may be reached."""
        reached: dict[int, int] = {}
        found: set[int] = set()
        for info in self._infos.values():
            for goal, bits in info.touches:
                now = reached[goal] = reached.get(goal, 0) | bits
                if now == ALL:
                    found.add(self._shelf.rule_of(goal))
        for row in self._rows:
            self._find_heads(row)
            if self._shelf.loose:
                for number in self._spelled_otherwise(row):
                    term = self._shelf.loose.term(number)
                    for goal, bits in term.goals:
                        now = reached[goal] = reached.get(goal, 0) | bits
                        if now == ALL:
                            found.add(term.rule)
        return found | self._by_head.keys()

    def _find_heads(self, row: Sequence[tuple[str, "Info"]]) -> None:
        """Note the rules of which a word may stand in two: data base."""
        for place, (chunk, info) in enumerate(row):
            if not info.heads:
                continue
            after = next((info.first for _, info in row[place + 1 : place + 4] if info.first), "")
            for folded, rule, variant in info.heads if after else ():
                if folded.find(after) > 0:
                    variants, chunks = self._by_head.setdefault(rule, (set(), set()))
                    variants.add(variant)
                    chunks.add(chunk)

    def _spelled_otherwise(self, row: Sequence[tuple[str, "Info"]]) -> Iterator[int]:
        """Yield terms of which some words may be cognates, right beside each other."""
        loose, language = self._shelf.loose, self._language
        around = _around(row)
        for place, (_, info) in enumerate(row):
            heard, near = info.heard, around[place]
            if heard is None:
                continue
            for number, mask in info.waits:
                if mask & near and self._is_beside(loose.term(number).words, row, place):
                    yield number
            for number in heard.leads:
                way = loose.way(number)
                if way.mask & near and loose.is_in(way.lead, heard, language):
                    others = way.others
                    if any(
                        loose.is_in(w, h, language) for h in _neighbours(row, place) for w in others
                    ):
                        yield way.term

    def _is_beside(
        self, words: Sequence[str], row: Sequence[tuple[str, "Info"]], place: int
    ) -> bool:
        """Whether a chunk, or one right beside it, holds a cognate of one of these words."""
        is_in, language = self._shelf.loose.is_in, self._language
        return any(
            is_in(word, heard, language) for heard in _neighbours(row, place) for word in words
        )

    def _evaluated(self, number: int) -> Match | None:
        shelf = self._shelf
        heads = self._by_head.get(number, _NO_HEADS)
        variants, chunks = set(heads[0]), set(heads[1])
        for chunk, info in self._infos.items():
            numbers = info.rules.get(number)
            if numbers is not None:
                variants.update(numbers)
                chunks.add(chunk)
        if shelf.is_wide(number):
            chunks = self._chunks
        else:
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
        if not mask:
            return found
        for row in self._rows:
            together: list[str] = []
            for chunk, info in row:
                heard = info.heard
                if heard is not None and (heard.mask & mask or number in info.rules):
                    together.append(chunk)
                    if len(heard.words) > 1 or heard.has_run:
                        found.add(chunk)
                elif not info.is_small:
                    found.update(together if len(together) > 1 else ())
                    together = []
            found.update(together if len(together) > 1 else ())
        return found

    def _ready(self, rule: Rule, found: Iterable[tuple[str, tuple[Proof, ...]]]) -> Match | None:
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


def _around(row: Sequence[tuple[str, "Info"]]) -> list[int]:
    """Return, for each chunk, the mask of itself and of those right beside it.

    Small words do not part two chunks.
    """
    found = [0] * len(row)
    for step in (1, -1):
        beside = 0
        for place in range(len(row))[::step]:
            info = row[place][1]
            own = info.heard.mask if info.heard is not None else 0
            found[place] |= own | beside
            beside = beside | own if info.is_small else own
    return found


def _neighbours(row: Sequence[tuple[str, "Info"]], place: int) -> Iterator["Heard"]:
    """Yield how a chunk and those right beside it sound."""
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(row):
            info = row[at][1]
            if info.heard is not None:
                yield info.heard
            if not info.is_small:
                break
            at += step
    own = row[place][1].heard
    if own is not None:
        yield own
