"""Which articles rules look at that search the archive together, each once for all of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from itertools import takewhile

from common.records import dataclass
from monitor.backfill.reading import BATCH, ArchiveReading
from monitor.base.paging import Position, Selection, every_place
from rules.search.candidates import lookups_of
from storage.api.lookup import Holding
from storage.model import Article, Rule

_AS_A_QUESTION = 50
"""To find out what a rule asks the index for takes as long as to look at so many articles."""

_MOST_ASKED, _MOST_GUESSED = 100, 12
"""What the index has for more rules is most of the archive, and sooner read than asked for; of
words that may be spelled otherwise that is so for few."""


@dataclass(frozen=True, slots=True)
class Together:
    """Reads for several rules what one of them may hold for."""

    reading: ArchiveReading

    def pages(
        self,
        rules: Sequence[Rule],
        every: Selection,
        is_open: Callable[[str], bool],
        stop: Callable[[], bool],
    ) -> Iterator[list[Article]]:
        """Yield these articles, a few at a time, newest first.

        Args:
            every: What is to be searched for one of the rules.
            is_open: Whether a rule with an id still wants any.
        """
        if not every.source_ids or stop():
            return
        holdings = self._holdings(rules, every)
        if holdings is None:
            yield from self.reading.all(every, stop)
            return
        places = [
            self._places(rule, replace(every, holding=holding), is_open)
            for rule, holding in zip(rules, holdings, strict=True)
        ]
        yield from self.reading.some(_each_once(merge(*places, reverse=True)), stop)

    def _holdings(self, rules: Sequence[Rule], every: Selection) -> list[Holding] | None:
        """Return what the articles of each rule must hold; None where all are read sooner."""
        few = max(BATCH, _AS_A_QUESTION * len(rules))
        if len(rules) > _MOST_ASKED or self.reading.has_at_most(few, every):
            return None
        words = self.reading.words(every)
        asked = lookups_of(self._one_by_one(rules), words, most_guessed=_MOST_GUESSED)
        holdings = list(takewhile(lambda each: each is not None, asked))
        known = [each for each in holdings if each is not None]
        return known if len(known) == len(rules) else None

    def _places(
        self, rule: Rule, every: Selection, is_open: Callable[[str], bool]
    ) -> Iterator[Position]:
        """Yield where the articles stand that the index has for a rule, for as long as it wants."""
        self.reading.give_way()
        every = replace(every, since=rule.backfill_since)
        yield from takewhile(lambda _: is_open(rule.id), every_place(self.reading.storage, every))

    def _one_by_one(self, rules: Iterable[Rule]) -> Iterator[Rule]:
        """Yield rules, giving way before each: what is made of one takes milliseconds."""
        for rule in rules:
            self.reading.give_way()
            yield rule


def _each_once(places: Iterable[Position]) -> Iterator[str]:
    """Yield the ids at places in order, those that come again only once."""
    last = None
    for place in places:
        if place != last:
            yield place[1]
        last = place
