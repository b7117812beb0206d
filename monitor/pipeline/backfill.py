"""The archive, searched for rules that came after the articles."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial

from ingester.kinds import spec_of
from monitor.base.paging import Position, Selection, places
from monitor.pipeline.outbox import OutboxWriter
from rules.matcher import MakeMatcher
from rules.matcher import make_matcher as usual_matcher
from rules.search.candidates import lookup_of
from storage.api import HasIn, Holding, Storage, StorageError
from storage.model import Article, Match, Rule, RuleState, Source
from storage.quiet import HoldReason

log = logging.getLogger("monitor.archive")

BATCH = 500
"""So many articles are looked for at once."""

PIECE = 50
"""So many of them are read at once."""

OWED_AT_ONCE = 10
"""For so many articles alerts are made in one transaction: others want to write, too."""

MOST_TOGETHER = 1_000
"""So many rules look at the archive together: memory grows with them."""

_AN_ARTICLE, _A_RULE_OF_IT, _ALONE = 200, 1, 30_000
"""What it takes, in microseconds or so: to read an article and cut it into words, to match it with
one of many rules, and to search for one rule alone with the search index."""

_FEW = 20
"""Of more rules that read together, nearly every article holds a word of some."""

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
            known = self._look_together(group, sources, stop)
            yield from self._search_each(group, sources, known, stop)

    def _search_each(
        self,
        waiting: Sequence[Rule],
        sources: Mapping[str, Source],
        known: "Mapping[str, _Known]",
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
                yield from self._search(rule, sources, known.get(rule.id) or _Known(), stop)
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

    def _look_together(
        self, rules: Sequence[Rule], sources: Mapping[str, Source], stop: Callable[[], bool]
    ) -> "dict[str, _Known]":
        """Return what is found out about rules in one reading of the archive.

        Where it is much to read, and the search index can say of some rules what to look at, each
        of them reads little alone. Nothing when something went wrong: then each searches alone.
        """
        every = _reading(rules[0], sources)
        known: dict[str, _Known] = {}
        if len(rules) < 2 or not every.source_ids or stop():
            return known
        try:
            if not self._has_at_most(_most_worth_reading(len(rules)), every):
                lookups = {rule.id: lookup_of([rule]) for rule in self._one_by_one(rules)}
                known = {
                    id_: _Known(holding=each)
                    for id_, each in lookups.items()
                    if each is not None and not isinstance(each, HasIn)  # which is most of it
                }
                rules = [rule for rule in rules if rule.id not in known]
                if len(rules) <= _FEW:
                    every = replace(every, holding=lookup_of(rules))
            if len(rules) > 1:
                found = self._found(rules, every, sources, stop)
                known.update((id_, _Known(found=ids)) for id_, ids in found.items())
        except StorageError:
            raise
        except Exception:
            # Whose mistake it is comes out, and is told, when each is searched for alone.
            return {}
        return known

    def _found(
        self,
        rules: Sequence[Rule],
        every: Selection,
        sources: Mapping[str, Source],
        stop: Callable[[], bool],
    ) -> dict[str, list[str]]:
        """Return for which articles rules hold, newest first; nothing if it must stop."""
        found: dict[str, list[str]] = {rule.id: [] for rule in rules}
        matcher = self._make_matcher(())
        for rule in self._one_by_one(rules):
            matcher.add(rule)
        for page in self._read(every, stop):
            for article, listing in self._listed(page, sources):
                holding = {m.rule_id for each in listing for m in matcher.matches(article, each)}
                for id_ in holding:
                    found[id_].append(article.id)
        return {} if stop() else found

    def _one_by_one(self, rules: Iterable[Rule]) -> Iterator[Rule]:
        """Yield rules, giving way before each: what is made of one takes milliseconds."""
        for rule in rules:
            self._give_way()
            yield rule

    def _has_at_most(self, most: int, every: Selection) -> bool:
        """Whether no more articles than so many are to be searched."""
        with self._storage.reading() as tx:
            there = tx.articles.places(
                since=every.since, source_ids=every.source_ids, limit=most + 1
            )
        return len(there) <= most

    def _search(
        self,
        seen: Rule,
        sources: Mapping[str, Source],
        known: "_Known",
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
                    known = _Known()
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
        known: "_Known",
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
            reading = self._pages(rule, _reading(rule, sources), known.holding, stop)
        else:
            reading = self._some(known.found, stop)
        for page in reading:
            if left == 0:
                return
            matches = [
                (article, match)
                for article, listing in self._listed(page, sources)
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

    def _listed(
        self, page: Sequence[Article], sources: Mapping[str, Source]
    ) -> Iterator[tuple[Article, list[Source]]]:
        """Yield each article with those of the sources that list it, its own first.

        It gives way before each, and after the last: what is done with one takes a millisecond.
        """
        with self._storage.reading() as tx:
            others = tx.articles.sources_of([article.id for article in page])
        for article in page:
            ids = (article.source_id, *others.get(article.id, ()))
            self._give_way()
            yield article, [sources[id_] for id_ in ids if id_ in sources]
        self._give_way()

    def _read(self, every: Selection, stop: Callable[[], bool]) -> Iterator[list[Article]]:
        """Yield articles, newest first, a piece at a time, until it must stop."""
        before: Position | None = None
        while not stop():
            with self._storage.reading() as tx:
                found = next(places(tx, every, before=before, size=BATCH, largest=BATCH), [])
            yield from self._some([id_ for _, id_ in found], stop)
            if len(found) < BATCH:
                return
            before = found[-1]

    def _some(self, ids: Sequence[str], stop: Callable[[], bool]) -> Iterator[list[Article]]:
        """Yield some articles in their order, a piece at a time, until it must stop."""
        for start in range(0, len(ids), PIECE):
            self._give_way()
            if stop():
                return
            chunk = ids[start : start + PIECE]
            with self._storage.reading() as tx:
                stored = tx.articles.some(chunk)
            yield [stored[id_] for id_ in chunk if id_ in stored]

    def _pages(
        self, rule: Rule, every: Selection, holding: Holding | None, stop: Callable[[], bool]
    ) -> Iterator[list[Article]]:
        """Yield the articles that are to be searched, newest first, a piece at a time.

        A batch or less is read whole; of more comes what the search index offers.

        Args:
            holding: What the rule's articles must hold, if that is known already.
        """
        if not every.source_ids or stop():
            return
        if not self._has_at_most(BATCH, every):
            every = replace(every, holding=holding or lookup_of([rule]))
        yield from self._read(every, stop)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of a rule before it is searched for.

    Attributes:
        found: The articles that it holds for, newest first.
        holding: What its articles must hold.
    """

    found: Sequence[str] | None = None
    holding: Holding | None = None


def _most_worth_reading(rules: int) -> int:
    """Return how many articles some rules rather read together than what the index has for each."""
    return max(BATCH, rules * _ALONE // (_AN_ARTICLE + rules * _A_RULE_OF_IT))


def _reading(rule: Rule, sources: Mapping[str, Source]) -> Selection:
    """Return what is searched for a rule: what is always news, or all as far back as it says."""
    since = rule.backfill_since
    whole = [id_ for id_, source in sources.items() if spec_of(source.kind).is_always_news]
    return Selection(since=since, source_ids=whole if since is None else [*sources])


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
