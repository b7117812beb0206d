"""The archive, searched for rules that came after the articles."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta

from common.records import dataclass
from ingester.kinds import spec_of
from monitor.backfill.reading import ArchiveReading, searched
from monitor.backfill.together import Together
from monitor.pipeline.outbox import OutboxWriter
from rules.data.tables import primary
from rules.matcher import MakeMatcher, Matcher, RuleMatcher
from rules.matcher import make_matcher as usual_matcher
from storage.api.errors import StorageError
from storage.api.storage import Storage, Transaction
from storage.model import Article, Match, Rule, RuleState, Source
from storage.quiet import HoldReason

log = logging.getLogger("monitor.archive")

OWED_AT_ONCE = 20
"""For so many articles alerts are made in one transaction: others want to write, too."""

MOST_TOGETHER = 1_000
"""So many rules look at the archive together: memory grows with them."""

RETRY_AFTER = timedelta(minutes=1)
"""When a rule whose search failed is searched for again, unless somebody changes it before."""


class Backfill:
    """Searches what is stored for rules that were added since.

    It takes minutes in a large archive, so it is done in pieces of milliseconds, with nothing
    locked between them. Rules that come together read it together.

    Args:
        storage: Where everything is kept.
        outbox: Turns matches into alerts and deliveries inside a transaction.
        now: What time it is, UTC.
        give_way: Called between two pieces; may wait, for what is not to wait for us.
        make_matcher: Makes the matcher of rules; None for ours.
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
        self._reading = ArchiveReading(storage, give_way)
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
            waiting = tx.rules.to_catch_up()
        self._failed = {id_: self._failed[id_] for id_ in waiting if id_ in self._failed}
        alone = [*self._failed]
        together = [id_ for id_ in waiting if id_ not in self._failed]
        for start in range(0, len(together), MOST_TOGETHER):
            yield from self._search(together[start : start + MOST_TOGETHER], stop)
        for id_ in alone:
            yield from self._search([id_], stop)

    def _search(self, rule_ids: Sequence[str], stop: Callable[[], bool]) -> Iterator[int]:
        """Search with rules as they stand, from the beginning with those that are changed."""
        while rule_ids and not stop():
            with self._storage.reading() as tx:
                revision = tx.rules.revision()
                outlines = [rule for rule in tx.rules.outlines(rule_ids) if self._waits(rule)]
                sources = {source.id: source for source in tx.sources.all()} if outlines else {}
                # Most rules, when many are new, have nothing to search: their variants, which
                # take ten times as much memory, are left where they are.
                done = _done(tx, outlines, sources.values())
                to_search = {rule.id for rule in outlines} - {rule.id for rule in done}
                rules = [*tx.rules.some(id_ for id_ in rule_ids if id_ in to_search)]
            self._note_done(done)
            moved: list[str] = []
            for group in _grouped(rules):
                passing = self._pass_with(group, sources, revision)
                try:
                    yield from passing.through(stop)
                except StorageError:
                    raise
                except Exception:
                    yield from self._search_less(group, stop)
                else:
                    moved += passing.moved
            rule_ids = moved

    def _note_done(self, rules: Sequence[Rule]) -> None:
        """Note of rules that nothing is left for them to search."""
        if not rules:
            return
        with self._storage.transaction() as tx:
            # Others may have found something in what is there no more.
            some_wait = HoldReason.BACKFILL in tx.held.count()
            caught_up = tx.rules.caught_up({rule.id: rule.revision for rule in rules})
            for id_ in sorted(caught_up) if some_wait else ():
                _let_go(tx, id_, now=self._now())

    def _pass_with(
        self, rules: Iterable[Rule], sources: Mapping[str, Source], revision: int
    ) -> "_Pass":
        return _Pass(
            self._storage,
            self._outbox,
            self._now,
            self._reading,
            self._make_matcher,
            revision,
            {rule.id: rule for rule in rules},
            sources,
        )

    def _search_less(self, rules: Sequence[Rule], stop: Callable[[], bool]) -> Iterator[int]:
        """Search for the halves of rules of which one trips over our own mistake.

        It must not silence the others. When it is found, that is noted, and logged once.
        """
        if len(rules) > 1:
            middle = len(rules) // 2
            for some in (rules[:middle], rules[middle:]):
                yield from self._search([rule.id for rule in some], stop)
            return
        [rule] = rules
        if not self._has_failed(rule):
            log.exception(
                "bug while searching the archive for a rule; it is tried again",
                extra={"rule": rule.name},
            )
        self._failed[rule.id] = (rule.revision, self._now() + RETRY_AFTER)

    def _waits(self, rule: Rule) -> bool:
        if rule.state is not RuleState.ACTIVE or rule.caught_up:
            return False
        if not self._has_failed(rule):
            return True
        wait = self._failed[rule.id][1] - self._now()
        # Longer than that it is by a clock that has been set back since.
        return not timedelta(0) < wait <= RETRY_AFTER

    def _has_failed(self, rule: Rule) -> bool:
        """Whether the search for this very revision of the rule has failed before."""
        return rule.id in self._failed and self._failed[rule.id][0] == rule.revision


@dataclass(slots=True)
class _Pass:
    """What is stored, gone through once with some rules, newest first.

    What is always news is searched, or all sources as far back as a rule says. Whoever puts
    documents into a folder wants to be told about them, whichever came first, the rule or the
    document; but not of all that ever lay there. What is found is held until all is searched:
    one message of a rule tells of it then.

    Attributes:
        revision: Of all rules, when these were read; what came from sources that are new since,
            they have met at their polls.
        open: The rules that are still searched for, by id.
        moved: The ids of those that are others by now: what was searched with these counts for
            nothing.
    """

    storage: Storage
    outbox: OutboxWriter
    now: Callable[[], datetime]
    reading: ArchiveReading
    make_matcher: MakeMatcher
    revision: int
    open: dict[str, Rule]
    sources: Mapping[str, Source]
    moved: list[str] = field(default_factory=list)
    _left: dict[str, int] = field(default_factory=dict)
    _may_hold: set[str] = field(default_factory=set)
    """The ids of rules of which messages may wait until all is searched."""
    _matcher: RuleMatcher | None = None

    def through(self, stop: Callable[[], bool]) -> Iterator[int]:
        """Go through it; yield how many alerts each piece raised."""
        rules = list(self.open.values())
        self._count_left(rules)
        every = searched(rules, self.sources)
        for page in Together(self.reading).pages(rules, every, self.open.__contains__, stop):
            yield from self._owe(self._found_in(page))
            self._close([rule for rule in self.open.values() if _is_over(rule, page)])
            if not self.open:
                return
        if not stop():
            self._close([*self.open.values()])

    def _count_left(self, rules: Iterable[Rule]) -> None:
        """Find out of how many stories rules may still tell that may not tell of all.

        Of some one may have told before this process died; most often nothing at all waits.
        """
        with self.storage.reading() as tx:
            some_wait = HoldReason.BACKFILL in tx.held.count()
        if some_wait:
            self._may_hold.update(self.open)
        for rule in rules:
            if rule.backfill_most is not None:
                left = rule.backfill_most
                if some_wait:
                    self.reading.give_way()
                    with self.storage.reading() as tx:
                        left -= _told_of(tx, rule)
                self._left[rule.id] = left
                if left <= 0:
                    self._close([rule])

    def _found_in(self, page: Sequence[Article]) -> list[tuple[Article, Match]]:
        """Return what rules find in articles."""
        matcher = self._ready_for({article.language for article in page})
        every = []
        for article, listing in self.reading.listed(page, self.sources):
            found: dict[str, Match] = {}
            for source in listing:
                for match in matcher.matches(article, source):
                    found.setdefault(match.rule_id, match)
                if len(found) == len(self.open):
                    break
            for rule_id, match in found.items():
                if not _is_over(self.open[rule_id], [article]):
                    every.append((article, match))
        return every

    def _ready_for(self, languages: Iterable[str]) -> Matcher:
        """Return the matcher of the open rules; it is not cheap, and an archive may be empty."""
        if self._matcher is None:
            self._matcher = self.make_matcher(())
            for rule in self.open.values():
                self.reading.give_way()
                self._matcher.add(rule)
        self._matcher.prepare(map(primary, languages), between=self.reading.give_way)
        return self._matcher

    def _owe(self, found: Sequence[tuple[Article, Match]]) -> Iterator[int]:
        """Owe what was found, newest first, some at a time; yield how many alerts."""
        while found:
            self.reading.give_way()
            with self.storage.transaction() as tx:
                some, found = self._parted(found)
                some = self._unmoved(tx, some)
                tx.placing.hold()  # what joins their stories now is told with them, or after them
                rules = {match.rule_id: self.open[match.rule_id] for _, match in some}
                some = self._not_told_by_others(tx, some)
                rules = {id_: rule for id_, rule in rules.items() if id_ in self.open}
                made = self.outbox.enqueue(tx, some, rules=rules, now=self.now(), are_old=True)
            self._may_hold.update(rules)
            for alert in made:
                if alert.rule_id in self._left:
                    self._left[alert.rule_id] -= 1
            self._close([rule for id_, rule in rules.items() if self._left.get(id_, 1) <= 0])
            yield len(made)

    def _parted(
        self, found: Sequence[tuple[Article, Match]]
    ) -> tuple[list[tuple[Article, Match]], list[tuple[Article, Match]]]:
        """Return what is told at once, as far as rules may still tell so much, and the others."""
        counts: Counter[str] = Counter()
        some: list[tuple[Article, Match]] = []
        others: list[tuple[Article, Match]] = []
        for article, match in found:
            if match.rule_id in self.open:
                left = self._left.get(match.rule_id, OWED_AT_ONCE)
                is_told = len(some) < OWED_AT_ONCE and counts[match.rule_id] < left
                counts[match.rule_id] += is_told
                (some if is_told else others).append((article, match))
        return some, others

    def _unmoved(
        self, tx: Transaction, some: Sequence[tuple[Article, Match]]
    ) -> list[tuple[Article, Match]]:
        """Return those of rules that are as they were, and stay so until the transaction ends."""
        ids = {match.rule_id for _, match in some}
        if tx.rules.lock_revision() != self.revision:
            current = {rule.id: rule.revision for rule in tx.rules.some(ids)}
            self._leave([id_ for id_ in ids if current.get(id_) != self.open[id_].revision])
        return [pair for pair in some if pair[1].rule_id in self.open]

    def _not_told_by_others(
        self, tx: Transaction, some: Sequence[tuple[Article, Match]]
    ) -> list[tuple[Article, Match]]:
        """Return those of which rules may still tell; nobody else tells any until we end.

        Who adds a rule searches for it, and so does a daemon that sees it: together they tell no
        more than one of them may.
        """
        ids = {match.rule_id for _, match in some}
        outlines = tx.rules.outlines(ids)
        self._leave([rule.id for rule in outlines if rule.caught_up])
        for rule in outlines:
            if rule.id in self.open and rule.backfill_most is not None:
                left = rule.backfill_most - _told_of(tx, rule)
                self._left[rule.id] = min(self._left[rule.id], left)
        return self._parted(some)[0]

    def _close(self, rules: Sequence[Rule]) -> None:
        """Note that the archive has been searched for rules, and let go what was found."""
        for start in range(0, len(rules), OWED_AT_ONCE):
            some = rules[start : start + OWED_AT_ONCE]
            self.reading.give_way()
            with self.storage.transaction() as tx:
                caught_up = tx.rules.caught_up({rule.id: rule.revision for rule in some})
                for id_ in self._may_hold.intersection(caught_up):
                    _let_go(tx, id_, now=self.now())
            self._leave([rule.id for rule in some], caught_up)

    def _leave(self, rule_ids: Iterable[str], caught_up: Collection[str] = ()) -> None:
        """Search for rules no more; those for which it is not all done are others by now."""
        for id_ in rule_ids:
            del self.open[id_]
            if self._matcher is not None:
                self._matcher.remove(id_)
            if id_ not in caught_up:
                self.moved.append(id_)


def _told_of(tx: Transaction, rule: Rule) -> int:
    """Return of how many stories a rule has told that wait until all is searched."""
    told = tx.held.waiting(of=rule.id, reason=HoldReason.BACKFILL)
    return len({each.alert_id for each in told})


def _let_go(tx: Transaction, rule_id: str, *, now: datetime) -> None:
    """Have told what the archive held for a rule."""
    tx.held.reschedule(rule_id, due_at=now, reason=HoldReason.BACKFILL)


def _done(tx: Transaction, rules: Sequence[Rule], sources: Iterable[Source]) -> Sequence[Rule]:
    """Return the rules for which there is nothing to be searched."""
    whole = [source.id for source in sources if spec_of(source.kind).is_always_news]
    if whole and tx.articles.places(source_ids=whole, limit=1):
        return ()
    return [rule for rule in rules if rule.backfill_since is None]


def _is_over(rule: Rule, page: Sequence[Article]) -> bool:
    """Whether the search for a rule does not go back as far as a page ends."""
    since = rule.backfill_since
    return since is not None and bool(page) and page[-1].first_seen_at < since


def _grouped(rules: Iterable[Rule]) -> Iterable[list[Rule]]:
    """Return rules so that those are together that search the same sources."""
    groups: dict[bool, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(rule.backfill_since is None, []).append(rule)
    return groups.values()
