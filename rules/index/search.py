"""One article, matched: which terms it may hold, and which rules it answers exactly."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rules.data.tables import primary, stop_words
from rules.evaluate.compiled_rules import concerns, located, match_of, texts_of
from rules.evaluate.evaluation import Evaluation, View
from rules.evaluate.evidence import Proof, best_at_each_place
from rules.evaluate.proximity import MOST_OTHERS, MOST_STOP_WORDS
from rules.patterns.pattern import CompiledTerm
from rules.text.scanned import scanned
from rules.text.tokenizer import is_break
from storage.model import Article, Match, Source

if TYPE_CHECKING:
    from rules.index.rule_index import RuleIndex

_BETWEEN = "\n"
_REST_OF_A_RUN = 4
_FARTHEST = 12


class ArticleSearch:
    """Finds the rules that an article answers."""

    def __init__(self, index: "RuleIndex", article: Article, source: Source) -> None:
        self._index = index
        self._article = article
        self._source = source
        self._language = primary(article.language)
        self._rules = len(index.plans)
        self._terms = index.in_language(self._language)
        self._words_of = texts_of(article)
        self._scan = scanned(_BETWEEN.join(self._words_of.values()))
        self._texts: set[int] = set()
        self._slots: dict[int, list[int]] = {}
        self._longest: dict[int, int] = {}
        self._beside: dict[int, list[int]] = {}
        self._fuzzy: dict[int, set[int]] = {}
        self._near: dict[int, set[int]] = {}
        self._small = stop_words()

    def matches(self) -> list[Match]:
        """Return the matches, in the order of the rules."""
        index = self._index
        self._read()
        possible = self._possible()
        numbers = set(index.always)
        for term in possible:
            numbers.update(index.terms[term].rules)
        if not numbers:
            return []
        evaluation = _TermEvaluation(self, frozenset(possible))
        found = []
        for number in sorted(each for each in numbers if each < self._rules):
            plan = index.plans[number]
            if index.is_live(number) and concerns(plan.rule, self._article, self._source):
                verdict = evaluation.verdict(plan)
                if verdict is not None:
                    found.append(match_of(plan.rule, evaluation.view, verdict))
        return found

    def _read(self) -> None:
        """Find the words, the texts whose words are all there, and the slots that they answer."""
        index, table = self._terms, self._terms.table
        found = index.words.found(self._scan)
        words = found.places
        self._heads = [
            (slot, place, len(table.anchors[word].folded))
            for word, place in found.heads
            for slot in index.slots_of_word(word)
        ]
        slots, texts = self._slots, self._texts
        for word, places in words.items():
            for text, others in table.filed[word]:
                answered = index.slots_of(text)
                if not answered:
                    continue
                beside: set[int] = set()
                if others:
                    if not all(other in words for other in others):
                        continue
                    around = self._around(places, _FARTHEST)
                    beside = {at for other in others for at in words[other] if at in around}
                length = table.lengths[text]
                if text in table.wide:
                    beside |= self._around(places, length)
                texts.add(text)
                for slot in answered:
                    self._longest[slot] = max(length, self._longest.get(slot, 0))
                    known = slots.get(slot)
                    if known is None:
                        slots[slot] = list(places)
                    else:
                        known.extend(places)
                    if beside:
                        self._beside.setdefault(slot, []).extend(beside)

    def _around(self, places: Iterable[int], length: int) -> set[int]:
        """Return the places so near: of the stop words with which a text begins or ends."""
        last = len(self._scan.starts) - 1
        return {
            near
            for place in places
            for near in range(max(0, place - length), min(last, place + length + 1))
        }

    def _possible(self) -> set[int]:
        """Return the terms that the article may hold."""
        table, slots = self._terms.table, self._slots
        possible: set[int] = set()
        near_places = self._near
        for slot in slots:
            for term, others in table.alternatives_of[slot]:
                near: Sequence[int] = slots[slot]
                if others:
                    if not all(other in slots for other in others):
                        continue
                    rows = [slots[slot], *(slots[other] for other in others)]
                    longest = max([self._longest[each] for each in (slot, *others)])
                    near = self._together(rows, longest)
                if near:
                    near_places.setdefault(term, set()).update(near)
                    possible.add(term)
        literal = slots
        if self._beside:
            literal = {
                slot: [*places, *self._beside.get(slot, ())] for slot, places in slots.items()
            }
        self._fuzzy = self._terms.ways.find(self._scan, literal, self._heads)
        possible.update(self._fuzzy)
        possible.update(self._index.always_terms)
        return possible

    def _together(self, rows: Sequence[Sequence[int]], longest: int) -> list[int]:
        """Return the places at which one of each row stands near the next one's."""
        events = sorted([(place, number) for number, row in enumerate(rows) for place in row])
        found: list[int] = []
        chain: list[int] = []
        seen: set[int] = set()
        last = -1
        for place, number in events:
            if chain and place != last and not self._is_near(last, place, longest):
                if len(seen) == len(rows):
                    found += chain
                chain, seen = [], set()
            last = place
            chain.append(place)
            seen.add(number)
        if len(seen) == len(rows):
            found += chain
        return found

    def _is_near(self, left: int, right: int, longest: int) -> bool:
        """Whether so few words stand between two words as between those of a keyword.

        Args:
            longest: How many words may belong to one place.
        """
        if right - left > MOST_STOP_WORDS + MOST_OTHERS + longest:
            return False
        others = 0
        for word in map(self._scan.word, range(left + 1, right)):
            others += len(word) > _REST_OF_A_RUN and word not in self._small
        if others >= MOST_OTHERS + longest:
            return False
        scan = self._scan
        if longest > 1 or (scan.runs and (scan.runs[left] or scan.runs[right])):
            return True
        return not is_break(scan.text[int(scan.tos[left]) : int(scan.froms[right])])

    def view_of(self, number: int, view: View) -> tuple[View, CompiledTerm]:
        """Return the article as a term sees it, and the term made ready."""
        indexed = self._index.terms[number]
        places = self._near.get(number, set()) | self._fuzzy.get(number, set())
        spelled = self._fuzzy.get(number)
        around = self._around(spelled, _FARTHEST) if spelled else set()
        takes_turns = self._terms.takes_turns(number)
        for slot in self._terms.table.slots_by_term[number]:
            if around and slot in self._slots:
                places.update(around.intersection(self._slots[slot]))
            if slot in self._beside:
                places.update(self._beside[slot])
            if takes_turns and slot in self._slots:
                places.update(self._slots[slot])
        ready = self._index.compiled(indexed, self._terms.chosen(indexed, self._texts))
        found = ready.index.find(self._chunks_at(places), self._language)
        hits = {
            name: located(text, ready.index, found, self._language)
            for name, text in view.texts.items()
        }
        return View(view.article, view.source, view.texts, hits), ready.term

    def settled(self, number: int, found: list[Proof]) -> list[Proof]:
        """Return the best proof at each place, if the term has patterns that were left out."""
        best = best_at_each_place(found)
        return best if best != found and self._index.has_several_patterns(number) else found

    def _chunks_at(self, places: Iterable[int]) -> set[str]:
        """Return what stands around some words between white space."""
        text, last = self._scan.text, -1
        chunks: set[str] = set()
        for place in sorted(places):
            start, end = int(self._scan.froms[place]), int(self._scan.tos[place])
            if end <= last:
                continue
            while start and not text[start - 1].isspace():
                start -= 1
            while end < len(text) and not text[end].isspace():
                end += 1
            last = end
            chunks.add(text[start:end])
        return chunks

    @property
    def base(self) -> View:
        """The article without any finds."""
        texts = self._words_of
        return View(self._article, self._source, texts, {name: {} for name in texts})


class _TermEvaluation(Evaluation):
    """Evaluates plans whose terms are made ready one by one, as they are asked for."""

    def __init__(self, search: ArticleSearch, possible: frozenset[int]) -> None:
        super().__init__(search.base, possible)
        self._search_for = search
        self.view = self._view
        self._ready: dict[int, tuple[View, CompiledTerm]] = {}

    def _found(self, compiled_term: CompiledTerm, field: str) -> list[Proof]:
        key = (compiled_term.number, field)
        found = self._proofs.get(key)
        if found is None:
            known = self._ready.get(compiled_term.number)
            if known is None:
                known = self._search_for.view_of(compiled_term.number, self.view)
                self._ready[compiled_term.number] = known
            self._view, term = known
            found = self._search(term, field)
            self._view = self.view
            if len(term.patterns) == 1 and len(found) > 1:
                found = self._search_for.settled(compiled_term.number, found)
            self._proofs[key] = found
        return found
