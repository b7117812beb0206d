"""The archive, searched for rules that came after the articles."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, partial

from ingester.kinds import spec_of
from monitor.backfill.reading import ArchiveReading, searched
from monitor.backfill.together import Known, Together
from monitor.pipeline.outbox import OutboxWriter
from rules.matcher import MakeMatcher
from rules.matcher import make_matcher as usual_matcher
from storage.api import Storage, StorageError
from storage.model import Article, Match, Rule, RuleState, Source
from storage.quiet import HoldReason

log = logging.getLogger("monitor.archive")

OWED_AT_ONCE = 10
"""For so many articles alerts are made in one transaction: others want to write, too."""

MOST_TOGETHER = 1_000
"""So many rules look at the archive together: memory grows with them."""

RETRY_AFTER = timedelta(minutes=1)
"""When a rule whose search failed is searched for again, unless somebody changes it before."""


class _RuleMoved(Exception):
    """The rule is another one by now; what was searched with it counts for nothing."""


class Backfill:
    """Searches what is stored for rules that were added since.

    It takes minutes in a large archive, so it is done in pieces of milliseconds, with nothing
    locked between them.

    Args:
        storage: Where everything is kept.
        outbox: Turns matches into alerts and deliveries inside a transaction.
        now: What time it is, UTC.
        give_way: Called between two pieces; may wait, for what is not to wait for us.
        make_matcher: Makes the matcher of a rule; None for ours.
    """

    def __init__(
        self,
        storage: Storage,
        outbox: OutboxWriter,
        *,
        now: Callable[[], datetime],
        make_matcher: MakeMatcher | None = None,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        self._storage = storage
        self._outbox = outbox
        self._now = now
        self._make_matcher = make_matcher or usual_matcher
        self._give_way = give_way
        self._reading = ArchiveReading(storage, give_way)
        self._together = Together(self._reading, self._make_matcher)
        self._failed: dict[str, tuple[int, datetime]] = {}
        """By rule: the revision whose search failed, and when to try that one again."""

    def search(self, stop: Callable[[], bool]) -> Iterator[int]:
        """Search for every active rule that waits for it; yield how many alerts each piece raised.

        A paused rule waits until it is resumed. A rule whose search fails is logged, once,
        and does not keep the others from theirs.

        Args:
            stop: Asked before each page; what is left undone is done by the next search.
        """
        with self._storage.reading() as tx:
            waiting = [rule for rule in tx.rules.some(tx.rules.to_catch_up()) if _waits(rule)]
            sources = {source.id: source for source in tx.sources.all()} if waiting else {}
        waiting = self._to_search(waiting, sources)
        self._failed = {
            rule.id: self._failed[rule.id] for rule in waiting if self._has_failed(rule)
        }
        for group in _grouped(waiting):
            known = self._together.look(group, sources, stop)
            yield from self._search_each(group, sources, known, stop)

    def _search_each(
        self,
        waiting: Sequence[Rule],
        sources: Mapping[str, Source],
        known: Mapping[str, Known],
        stop: Callable[[], bool],
    ) -> Iterator[int]:
        """Search for rules one after the other.

        Args:
            known: By id, what is known of some of them, as they are now.
        """
        for rule in waiting:
            self._give_way()
            if stop():
                return
            if self._has_failed(rule) and self._now() < self._failed[rule.id][1]:
                continue
            try:
                yield from self._search(rule, sources, known.get(rule.id) or Known(), stop)
            except StorageError:
                raise
            except Exception:
                # One rule that trips over our own mistake must not silence the others.
                if not self._has_failed(rule):
                    log.exception(
                        "bug while searching the archive for a rule; it is tried again",
                        extra={"rule": rule.name},
                    )
                self._failed[rule.id] = (rule.revision, self._now() + RETRY_AFTER)
            else:
                self._failed.pop(rule.id, None)

    def _has_failed(self, rule: Rule) -> bool:
        """Whether the search for this very revision of the rule has failed before."""
        return rule.id in self._failed and self._failed[rule.id][0] == rule.revision

    def _to_search(self, waiting: Sequence[Rule], sources: Mapping[str, Source]) -> list[Rule]:
        """Return those rules for which there is anything to be searched; the others are done."""
        if any(spec_of(source.kind).is_always_news for source in sources.values()):
            return list(waiting)
        done = [rule for rule in waiting if rule.backfill_since is None]
        if done:
            with self._storage.transaction() as tx:
                for rule in done:
                    tx.rules.caught_up(rule.id, revision=rule.revision)
        return [rule for rule in waiting if rule.backfill_since is not None]

    def _search(
        self,
        seen: Rule,
        sources: Mapping[str, Source],
        known: Known,
        stop: Callable[[], bool],
    ) -> Iterator[int]:
        """Search with the rule as it stands, from the beginning whenever it is changed.

        Args:
            seen: The rule as it was when the sources were read: what came from others since, it
                has met at their polls.
        """
        while not stop():
            with self._storage.reading() as tx:
                rule = tx.rules.get(seen.id)
                if rule is not None and rule.revision != seen.revision:
                    seen, sources = rule, {source.id: source for source in tx.sources.all()}
                    known = Known()
            if rule is None or not _waits(rule):
                return
            try:
                yield from self._search_with(rule, sources, known, stop)
            except _RuleMoved:
                continue
            if stop():
                return
            with self._storage.transaction() as tx:
                if tx.rules.caught_up(rule.id, revision=rule.revision):
                    now = self._now()
                    tx.held.reschedule(rule.id, due_at=now, reason=HoldReason.BACKFILL)
                    return

    def _search_with(
        self,
        rule: Rule,
        sources: Mapping[str, Source],
        known: Known,
        stop: Callable[[], bool],
    ) -> Iterator[int]:
        """Search what is always news, or all sources as far back as the rule says, newest first.

        Whoever puts documents into a folder wants to be told about them, whichever came
        first, the rule or the document; but not of all that ever lay there. What is found is held
        until all is searched: one message tells of it then.
        """
        # Neither is cheap, and an archive may be empty.
        matcher = cache(partial(self._make_matcher, [rule]))
        left = self._left(rule)
        if known.found is None:
            pages = self._reading.pages(rule, searched(rule, sources), known.holding, stop)
        else:
            pages = self._reading.some(known.found, stop)
        for page in pages:
            if left == 0:
                return
            matches = [
                (article, match)
                for article, listing in self._reading.listed(page, sources)
                for match in _first(matcher().matches(article, source) for source in listing)
            ]
            for raised in self._enqueue(rule, matches, left):
                left = None if left is None else left - raised
                yield raised

    def _left(self, rule: Rule) -> int | None:
        """Return of how many stories the rule may still tell; None for any number.

        Of some it may have told before this process died.
        """
        if rule.backfill_most is None:
            return None
        with self._storage.reading() as tx:
            told = tx.held.waiting(of=rule.id, reason=HoldReason.BACKFILL)
        return max(0, rule.backfill_most - len({each.alert_id for each in told}))

    def _enqueue(
        self, rule: Rule, matches: Sequence[tuple[Article, Match]], most: int | None
    ) -> Iterator[int]:
        """Owe what was found, unless the rule is another one by now; yield how many alerts.

        Args:
            matches: Newest first.
            most: At most so many alerts; None for all.
        """
        raised, left = 0, list(matches)
        while left and (most is None or raised < most):
            room = OWED_AT_ONCE if most is None else min(OWED_AT_ONCE, most - raised)
            chunk, left = left[:room], left[room:]
            self._give_way()
            with self._storage.transaction() as tx:
                tx.rules.lock_revision()
                current = tx.rules.get(rule.id)
                if current is None or current.revision != rule.revision:
                    raise _RuleMoved
                rules = {rule.id: rule}
                made = self._outbox.enqueue(tx, chunk, rules=rules, now=self._now(), are_old=True)
            raised += len(made)
            yield len(made)


def _grouped(rules: Iterable[Rule]) -> Iterator[list[Rule]]:
    """Yield rules that search the same articles, so many as may do so together."""
    by_since: dict[datetime | None, list[Rule]] = {}
    for rule in rules:
        by_since.setdefault(rule.backfill_since, []).append(rule)
    for group in by_since.values():
        for start in range(0, len(group), MOST_TOGETHER):
            yield group[start : start + MOST_TOGETHER]


def _first(several: Iterable[Sequence[Match]]) -> Sequence[Match]:
    """Return the first that is not empty: of one rule, one match of an article is enough."""
    return next((matches for matches in several if matches), ())


def _waits(rule: Rule) -> bool:
    return rule.state is RuleState.ACTIVE and not rule.caught_up
