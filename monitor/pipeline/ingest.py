"""The path of an article: from what a source lists to what people are owed."""

import logging
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING

from ingester.asked import recognise_all
from ingester.baseline import as_read, marks_that_may_alert
from ingester.entry import Entry, Polled
from ingester.fingerprints import Sighting
from ingester.languages import Languages
from ingester.recognition import Found
from ingester.seen_before import SeenBefore
from monitor.base import measures
from monitor.base.errors import clipped
from monitor.base.measures import Measures
from monitor.pipeline.intake import Brought, TakenIn
from monitor.pipeline.ruleset import Remembered, Ruleset, Rulesets
from monitor.pipeline.storing import Matched, Storer, Work
from monitor.stories.follower import NOBODY, Follower
from storage.api.errors import FencedOut, StorageError
from storage.api.storage import Storage, Transaction
from storage.model import Article, Match, Source, stable_id
from storage.story import Story

if TYPE_CHECKING:
    from monitor.pipeline.backfill import Backfill
    from monitor.pipeline.outbox import OutboxWriter
    from monitor.stories.placing import StoryPlacer
    from rules.matcher import MakeMatcher

log = logging.getLogger("monitor.pipeline")


NOTHING: Mapping[int, Sighting] = MappingProxyType({})
_NONE = Languages("", tripped=lambda *_: None)
Document = tuple[list[Sighting], list[str], list[tuple[Entry, Sighting]]]


class RulesMoved(Exception):
    """The rules changed between matching and storing; match again with the new ones."""


class Pipeline:
    """Turns what a source lists into what people are owed. Safe to use from many threads.

    Args:
        storage: Where everything is kept.
        outbox: Turns matches into alerts and deliveries inside a transaction.
        now: What time it is, UTC.
        owed: Called after a commit that owes something, to hand it on at once.
        make_matcher: Makes the matcher of rules; None for ours.
        rulesets: Gives the rules as they stand, to share them; None to keep them alone.
        read_well: Called in the transaction that records a good poll, with the source as it stood
            before and what time it is.
        stories: Returns what finds the stories of new articles; without it each is left to itself.
        follower: Tells of stories that go on; None tells of none.
        measured: Counts and times.
        give_way: Called often while the archive is searched; may wait.

    Attributes:
        asks_again: Whether this process polls a source more than once: what was made of what it
            lists is kept for the next time.
    """

    def __init__(
        self,
        storage: Storage,
        outbox: "OutboxWriter",
        *,
        now: Callable[[], datetime],
        owed: Callable[[], None] = lambda: None,
        make_matcher: "MakeMatcher | None" = None,
        rulesets: Rulesets | None = None,
        read_well: Callable[[Transaction, Source, datetime], None] = lambda *_: None,
        stories: "Callable[[], StoryPlacer] | None" = None,
        follower: Follower | None = None,
        measured: Measures | None = None,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        self.asks_again = True
        self._measures = measured or Measures()
        self._storage = storage
        self._follower = follower or NOBODY
        self._storer = Storer(
            outbox, now=now, read_well=read_well, stories=stories, follower=self._follower
        )
        self._now = now
        self._owed = owed
        self._outbox = outbox
        self._make_matcher = make_matcher
        self._give_way = give_way
        self._rulesets = rulesets or Rulesets(storage, make_matcher)
        self._logged = Remembered()
        self._seen_before = SeenBefore()
        self._seeing = Lock()

    def take_in(
        self,
        source: Source,
        polled: Polled,
        *,
        next_poll_at: Callable[[datetime], datetime],
        may_alert: frozenset[str] | None = None,
    ) -> TakenIn:
        """Take in one poll, as `take_in_all` does.

        Raises:
            storage.api.errors.FencedOut: The source's lease was lost; nothing was written.
        """
        brought = Brought(
            source=source, polled=polled, next_poll_at=next_poll_at, may_alert=may_alert
        )
        return self._taken_in([brought])[0]

    def take_in_all(self, polls: Sequence[Brought]) -> list[TakenIn | Exception]:
        """Store what is new, owe it to whoever asked, and record the polls, in one transaction.

        Each poll is taken in as a whole or not at all, and none for another's sake: what raises
        is taken in by itself, and its error returned in the place of its result. Matching happens
        before the transaction, so that nobody waits for it. Running this twice with the same
        entries changes nothing. An entry that we trip over becomes a notice, and the others are
        taken in.
        """
        try:
            return [*self._taken_in(polls)]
        except Exception as error:
            is_of_store = isinstance(error, StorageError) and not isinstance(error, FencedOut)
            if len(polls) == 1 or is_of_store:
                return [error for _ in polls]
            log.debug("polls are taken in one by one", exc_info=error)
        return [result for poll in polls for result in self.take_in_all([poll])]

    def _taken_in(self, polls: Sequence[Brought]) -> list[TakenIn]:
        works = [self._work(poll) for poll in polls]
        full = [work for work in works if work.document]
        while True:
            ruleset = self._rulesets.current() if full else None
            if ruleset is not None:
                with self._storage.reading() as tx:
                    _recognise(tx, full)
                    anew = [work for work in full if work.needs_reading]
                    for work in anew:
                        self._read_whole(work)
                    _recognise(tx, anew)
                for work in full:
                    work.complete()
                    with self._measures.timing(measures.MATCH):
                        self._match(work, ruleset)
            signatures = self._storer.signatures(full)
            self._storage.prepare(new for work in full for new in work.brought())
            try:
                with self._measures.timing(measures.STORE), self._storage.transaction() as tx:
                    if ruleset is not None and tx.rules.lock_revision() != ruleset.revision:
                        raise RulesMoved
                    taken = self._storer.store(tx, works, ruleset, signatures)
            except RulesMoved:
                continue
            self._count(taken)
            if any(each.alerts or each.updates for each in taken):
                self._hand_on()
            if self.asks_again:
                self._keep(full)
            return taken

    def _keep(self, works: Sequence[Work]) -> None:
        """Keep what was made of what sources list, for the next time."""
        with self._seeing:
            for work in works:
                if work.is_whole:
                    self._seen_before.keep(work.poll.source, work.made)

    def _count(self, taken: Sequence[TakenIn]) -> None:
        new, revised = sum(each.articles for each in taken), sum(each.revised for each in taken)
        self._measures.count(measures.TAKEN_IN, "new", by=new)
        self._measures.count(measures.TAKEN_IN, "revised", by=revised)
        self._measures.count(measures.RAISED, by=sum(each.alerts for each in taken))

    def _work(self, poll: Brought) -> Work:
        """Return the work that a poll is: all entries that can be read, and notices of others."""
        if not poll.to_read:
            return Work(
                poll=poll,
                document=(),
                made=(),
                before=NOTHING,
                unread=[],
                languages=_NONE,
                matched=Matched(may_alert=frozenset()),
            )
        source, seen_at = poll.source, self._now()
        with self._seeing:
            before = self._seen_before.of(source)
        document, unread, made = self._document(poll, before, besides=poll.again)
        may_alert = _may_alert(poll, document, seen_at)

        def tripped(sighting: Sighting, bug: Exception) -> None:
            called = clipped(sighting.article.title)
            what = "the language of an entry could not be told"
            unread.append(self._tripped(what, called, source, bug))

        return Work(
            poll=poll,
            document=document,
            made=made,
            before=before,
            unread=unread,
            languages=Languages(poll.polled.language, tripped=tripped),
            matched=Matched(may_alert=may_alert),
            is_whole=not poll.again,
        )

    def _read_whole(self, work: Work) -> None:
        """Read all entries of a poll anew."""
        work.document, work.unread, work.made = self._document(work.poll)
        if not work.is_whole:
            may_alert = _may_alert(work.poll, work.document, self._now())
            work.is_whole, work.matched = True, Matched(may_alert=may_alert)

    def _document(
        self,
        poll: Brought,
        before: Mapping[int, Sighting] = NOTHING,
        *,
        besides: Set[Entry] = frozenset(),
    ) -> Document:
        """Return all entries that can be read, notices about the others, and what was made of each.

        Args:
            before: What was made of entries before, by their hashes.
            besides: Entries that are left out.
        """
        from ingester.articles import read_together, sighting_of  # dear: most polls list nothing

        document, notices, source = list[Sighting](), list[str](), poll.source
        made, seen_at = list[tuple[Entry, Sighting]](), self._now()
        entries = poll.polled.entries
        if besides:
            entries = tuple(entry for entry in entries if entry not in besides)
        both = [(entry, _known(poll, entry, before)) for entry in entries]
        texts = read_together(entry for entry, sighting in both if sighting is None)
        for entry, sighting in both:
            try:
                if sighting is None:
                    sighting = sighting_of(
                        entry, source, seen_at=seen_at, with_language=False, texts=texts
                    )
                if poll.sightings and entry in poll.sightings:  # pages may have been fetched since
                    article = replace(sighting.article, first_seen_at=seen_at)
                    sighting = replace(sighting, article=article)
                else:
                    made.append((entry, sighting))
                document.append(sighting)
            except Exception as bug:
                called = clipped(entry.title or entry.url or entry.id or "without a title")
                notices.append(self._tripped("an entry could not be read", called, source, bug))
        return document, notices, made

    def _match(self, work: Work, ruleset: Ruleset) -> None:
        """Match what is new, and what is known with the rules that did not hold for it before."""
        source, polled, fresh = work.poll.source, work.poll.polled, work.fresh
        matched = work.matched = Matched(may_alert=work.matched.may_alert)
        if not ruleset.rules:
            return
        for found in (*fresh.new, *fresh.edited, *fresh.relisted):
            before, id_ = found.before, found.article.id
            earlier = work.listing.get(id_, ()) if before else ()
            sources = [source, *(each for each in earlier if each.id != source.id)]
            matches = self._matches(found.article, sources, ruleset, matched)
            if before is not None and matches:
                for rule_id in self._matches(before, earlier, ruleset, matched):
                    matches.pop(rule_id, None)
            is_news = before is not None and as_read(source, polled).baseline_done
            if is_news or found.sighting.mark in matched.may_alert:
                matched.spoken[found.sighting.mark] = tuple(matches.values())
            else:
                matched.held += bool(matches)

    def _matches(
        self, article: Article, sources: Sequence[Source], ruleset: Ruleset, matched: Matched
    ) -> dict[str, Match]:
        """Return what rules find in an article of these sources, by rule."""
        matches: dict[str, Match] = {}
        for source in sources:
            try:
                for match in ruleset.matcher.matches(article, source):
                    matches.setdefault(match.rule_id, match)
            except Exception as bug:
                called = clipped(article.title)
                what = "an article could not be searched"
                matched.notices.append(self._tripped(what, called, source, bug))
        return matches

    def _tripped(self, what: str, called: str, source: Source, bug: Exception) -> str:
        """Log our mistake, whole, the first time; return the sentence for the source's owner."""
        text = f'{what}: "{called}": internal error: {type(bug).__name__}; please report it'
        key = stable_id("notice", source.id, text)
        if self._logged.is_new(key):
            log.error(text, extra={"source": source.name}, exc_info=bug)
        return text

    def tell_moved(self, tx: Transaction, *stories: Story) -> int:
        """Owe what is to be told once a person has moved articles; return how many alerts.

        Args:
            stories: The one that two became, or both that one became.
        """
        ids = [story.id for story in stories]
        are_told = len(ids) > 1 and tx.alerts.told(ids)
        if not are_told and not tx.following.waiting(ids):
            return 0
        current, now = self._rulesets.current(), self._now()
        rules, find = current.rules, current.matcher.matches
        pairs = self._follower.moved(tx, ids, rules, find, now=now)
        return len(self._outbox.enqueue(tx, pairs, rules=rules, now=now))

    @cached_property
    def _backfill(self) -> "Backfill":
        from monitor.pipeline.backfill import Backfill  # the matcher comes with it, which is dear

        return Backfill(
            self._storage,
            self._outbox,
            now=self._now,
            make_matcher=self._make_matcher,
            give_way=self._give_way,
        )

    def catch_up(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Search the archive for rules that were added since; return how many alerts it raised.

        Safe to repeat, and to run beside a poll.

        Args:
            stop: Asked before each page; when it is true the rest waits for the next call.
        """
        with self._storage.reading() as tx:
            if not tx.rules.to_catch_up():
                return 0
        alerts = 0
        try:
            for raised in self._backfill.search(stop):
                alerts += raised
        finally:
            if alerts:
                self._hand_on()
        return alerts

    def _hand_on(self) -> None:
        """Tell that something is owed. It is committed: nothing that fails here may undo it."""
        try:
            self._owed()
        except StorageError as trouble:
            log.warning("what is owed goes out a little later", extra={"why": str(trouble)})
        except Exception:
            log.exception("bug while handing on what is owed; it goes out a little later")


def _may_alert(poll: Brought, document: Sequence[Sighting], seen_at: datetime) -> frozenset[str]:
    if poll.may_alert is not None:
        return poll.may_alert
    return marks_that_may_alert(as_read(poll.source, poll.polled), document, seen_at=seen_at)


def _known(poll: Brought, entry: Entry, before: Mapping[int, Sighting]) -> Sighting | None:
    """Return what was made of an entry at this poll, or at an earlier one."""
    sighting = poll.sightings.get(entry) if poll.sightings else None
    return sighting or (before.get(hash(entry)) if before else None)


def _recognise(tx: Transaction, works: Sequence[Work]) -> None:
    recognised = recognise_all([work.document for work in works], tx.articles)
    for work, fresh in zip(works, recognised, strict=True):
        work.fresh = fresh
        work.listing = _listing(tx, (*fresh.edited, *fresh.relisted))


def _listing(tx: Transaction, known: Sequence[Found]) -> dict[str, list[Source]]:
    """Return the sources that list each of these known articles so far."""
    listing: dict[str, list[Source]] = {}
    others = tx.articles.sources_of([found.article.id for found in known])
    for found in known:
        ids = (found.article.source_id, *others.get(found.article.id, ()))
        sources = (tx.sources.get(id_) for id_ in ids)
        listing[found.article.id] = [source for source in sources if source is not None]
    return listing
