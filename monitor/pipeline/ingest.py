"""The path of an article: from what a source lists to what people are owed."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingester.articles import sighting_of
from ingester.asked import Asked, recognise_all
from ingester.baseline import after_seeing, marks_that_may_alert
from ingester.entry import Polled
from ingester.fingerprints import Sighting
from ingester.languages import Languages
from ingester.recognition import Found, Recognised, recognise
from ingester.stories.signature import Signature
from monitor.base.errors import Remedy, RemedyKind, clipped
from monitor.base.remedies import remedy_words
from monitor.pipeline.backfill import Backfill
from monitor.pipeline.intake import Brought, TakenIn
from monitor.pipeline.outbox import OutboxWriter
from monitor.pipeline.ruleset import Remembered, Ruleset, Rulesets
from monitor.stories.follower import NOBODY, Follower
from monitor.stories.placing import Placed, StoryPlacer, keep
from rules.matcher import MakeMatcher, make_matcher
from storage.api import FencedOut, Storage, StorageError, Transaction
from storage.model import Article, Match, Source, stable_id
from storage.notice import Notice

log = logging.getLogger("monitor.pipeline")


@dataclass(slots=True, kw_only=True)
class _Matched:
    """What the rules find in a poll.

    Attributes:
        may_alert: Marks of the entries about which they may speak.
        spoken: What they say of these, by mark.
        held: How many of the others they would have spoken about.
        signatures: What new articles are known by among others, by id.
    """

    may_alert: frozenset[str]
    spoken: dict[str, Sequence[Match]] = field(default_factory=dict)
    held: int = 0
    signatures: Mapping[str, Signature] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


class RulesMoved(Exception):
    """The rules changed between matching and storing; match again with the new ones."""


class Pipeline:
    """Turns what a source lists into what people are owed. Safe to use from many threads.

    Args:
        storage: Where everything is kept.
        outbox: Turns matches into alerts and deliveries inside a transaction.
        now: What time it is, UTC.
        owed: Called after a commit that owes something, to hand it on at once.
        make_matcher: Makes the matcher of rules.
        rulesets: Gives the rules as they stand, to share them; None to keep them alone.
        read_well: Called in the transaction that records a good poll, with the source as it stood
            before and what time it is.
        stories: Finds the stories of new articles; None leaves each to itself.
        follower: Tells of stories that go on; None tells of none.
    """

    def __init__(
        self,
        storage: Storage,
        outbox: OutboxWriter,
        *,
        now: Callable[[], datetime],
        owed: Callable[[], None] = lambda: None,
        make_matcher: MakeMatcher = make_matcher,
        rulesets: Rulesets | None = None,
        read_well: Callable[[Transaction, Source, datetime], None] = lambda *_: None,
        stories: StoryPlacer | None = None,
        follower: Follower | None = None,
    ) -> None:
        self._follower = follower or NOBODY
        self._read_well = read_well
        self._stories = stories
        self._storage = storage
        self._outbox = outbox
        self._now = now
        self._owed = owed
        self._backfill = Backfill(storage, outbox, now=now, make_matcher=make_matcher)
        self._rulesets = rulesets or Rulesets(storage, make_matcher)
        self._logged = Remembered()

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
            storage.api.FencedOut: The source's lease was lost; nothing was written.
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
                    recognised = recognise_all([work.document for work in full], tx.articles)
                    for work, fresh in zip(full, recognised, strict=True):
                        work.fresh = fresh
                        work.listing = _listing(tx, (*fresh.edited, *fresh.relisted))
                for work in full:
                    work.fresh = work.languages.given_to(work.fresh)
                    self._match(work, ruleset)
                    if self._stories is not None:
                        new = [found.article for found in work.fresh.new]
                        work.matched.signatures = self._stories.signatures(new)
            try:
                with self._storage.transaction() as tx:
                    if ruleset is not None and tx.rules.lock_revision() != ruleset.revision:
                        raise RulesMoved
                    stored = Asked(tx.articles)
                    stored.ask({key for work in full for key in work.fresh.asked})
                    taken = [self._store(tx, work, ruleset, stored) for work in works]
            except RulesMoved:
                continue
            if any(each.alerts or each.updates for each in taken):
                self._hand_on()
            return taken

    def _work(self, poll: Brought) -> "_Work":
        """Return the work that a poll is: all entries that can be read, and notices of others."""
        source, seen_at = poll.source, self._now()
        document, unread = self._document(poll, seen_at)
        may_alert = poll.may_alert
        if may_alert is None:
            may_alert = marks_that_may_alert(source, document, seen_at=seen_at)

        def tripped(sighting: Sighting, bug: Exception) -> None:
            called = clipped(sighting.article.title)
            what = "the language of an entry could not be told"
            unread.append(self._tripped(what, called, source, bug))

        return _Work(
            poll=poll,
            document=document,
            unread=unread,
            languages=Languages(poll.polled.language, tripped=tripped),
            matched=_Matched(may_alert=may_alert),
        )

    def _end(self, tx: Transaction, poll: Brought, *, now: datetime, new: int) -> None:
        """Record the end of a good poll."""
        source, polled = poll.source, poll.polled
        after = after_success(source, polled, now=now, next_poll_at=poll.next_poll_at(now), new=new)
        tx.sources.record_poll(after, remember=polled.remember)
        self._read_well(tx, source, now)

    def _document(self, poll: Brought, seen_at: datetime) -> tuple[list[Sighting], list[str]]:
        """Return all entries that can be read, and notices about the others."""
        document, notices, source = [], [], poll.source
        for entry in poll.polled.entries:
            try:
                made = poll.sightings.get(entry) if poll.sightings else None
                if made is None:
                    made = sighting_of(entry, source, seen_at=seen_at, with_language=False)
                else:  # pages may have been fetched since
                    article = replace(made.article, first_seen_at=seen_at)
                    made = replace(made, article=article)
                document.append(made)
            except Exception as bug:
                called = clipped(entry.title or entry.url or entry.id or "without a title")
                notices.append(self._tripped("an entry could not be read", called, source, bug))
        return document, notices

    def _match(self, work: "_Work", ruleset: Ruleset) -> None:
        """Match what is new, and what is known with the rules that did not hold for it before."""
        source, fresh = work.poll.source, work.fresh
        matched = work.matched = _Matched(may_alert=work.matched.may_alert)
        for found in (*fresh.new, *fresh.edited, *fresh.relisted):
            before, id_ = found.before, found.article.id
            earlier = work.listing.get(id_, ()) if before else ()
            sources = [source, *(each for each in earlier if each.id != source.id)]
            matches = self._matches(found.article, sources, ruleset, matched)
            if before is not None and matches:
                for rule_id in self._matches(before, earlier, ruleset, matched):
                    matches.pop(rule_id, None)
            is_news = before is not None and source.baseline_done
            if is_news or found.sighting.mark in matched.may_alert:
                matched.spoken[found.sighting.mark] = tuple(matches.values())
            else:
                matched.held += bool(matches)

    def _matches(
        self, article: Article, sources: Sequence[Source], ruleset: Ruleset, matched: "_Matched"
    ) -> dict[str, Match]:
        """Return what rules find in an article of these sources, by rule."""
        matches: dict[str, Match] = {}
        for source in sources if ruleset.rules else ():
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

    def _store(
        self, tx: Transaction, work: "_Work", ruleset: Ruleset | None, known: Asked
    ) -> TakenIn:
        # Asked here: a clock that is set moves what is stored, and must not meet what is not.
        now = self._now()
        source, matched, texts = work.poll.source, work.matched, work.notices()
        added, revised, raised, updates = 0, 0, 0, 0
        if work.document and ruleset is not None:
            if not work.fresh.still_holds(known):
                # Another poll has stored some of it since the matching.
                fresh = recognise(work.document, known)
                work.fresh = work.languages.given_to(fresh)
            stored = self._stored(tx, work, now)
            known.forget(work.fresh.asked)
            added, revised = stored.added, stored.revised
            pairs = [
                (found.article, match)
                for found in stored.told
                for match in matched.spoken.get(found.sighting.mark, ())
            ]
            pairs += self._out_of_baseline(tx, source, work.fresh, ruleset)
            pairs += self._follower.released(tx, [*stored.grown], ruleset.rules)
            alerts = self._outbox.enqueue(tx, pairs, rules=ruleset.rules, now=now)
            raised = len(alerts)
            updates = self._follower.tell(tx, stored.grown, ruleset.rules, raised=alerts, now=now)
        told = tuple(text for text in texts if self._is_news(tx, source, text, now))
        self._end(tx, work.poll, now=now, new=added)
        return TakenIn(
            articles=added, revised=revised, alerts=raised, updates=updates, notices=told
        )

    def _stored(self, tx: Transaction, work: "_Work", now: datetime) -> "_Stored":
        """Store what is new or edited, and note what is listed."""
        fresh = work.fresh
        new = [_as_new(found, work.matched) for found in fresh.new]
        new, placed = self._placed(tx, new, work.matched, now)
        added = tx.articles.add([(found.article, found.fingerprints) for found in new], now=now)
        keep(tx, placed)
        tx.articles.listed(fresh.listed, now=now)
        revised = [found for found in fresh.edited if tx.articles.revise(found.article, now=now)]
        listing = {found.article.id for found in fresh.relisted}
        listing = tx.articles.listed_by(work.poll.source.id, listing, now=now)
        relisted = [found for found in fresh.relisted if found.article.id in listing]
        return _Stored(
            added=added, revised=len(revised), told=(*new, *revised, *relisted), grown=placed.grown
        )

    def _placed(
        self, tx: Transaction, new: list[Found], matched: _Matched, now: datetime
    ) -> tuple[list[Found], Placed]:
        """Return what is new with the stories that it belongs to, and what to store of these."""
        if self._stories is None:
            return new, Placed()
        articles = [found.article for found in new]
        placed = self._stories.place(tx, articles, matched.signatures, now=now)
        pairs = zip(new, placed.articles, strict=True)
        return [replace(found, article=article) for found, article in pairs], placed

    def _out_of_baseline(
        self, tx: Transaction, source: Source, fresh: Recognised, ruleset: Ruleset
    ) -> list[tuple[Article, Match]]:
        """Match what another source's silent first poll has stored and this one brings as news.

        Rare (a feed added minutes ago beside one that lists the same articles), so it may
        match inside the transaction.
        """
        if not source.baseline_done or source.last_ok_at is None:
            return []
        ids = {id_ for _, id_ in fresh.listed}
        articles = tx.articles.end_baseline(ids, since=source.last_ok_at)
        return [
            (article, match)
            for article in articles
            for match in ruleset.matcher.matches(article, source)
        ]

    @staticmethod
    def _is_news(tx: Transaction, source: Source, text: str, now: datetime) -> bool:
        notice = Notice(
            id=stable_id("notice", source.id, text), source_id=source.id, text=text, raised_at=now
        )
        return tx.sources.add_notice(notice)

    def catch_up(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Search the archive for rules that were added since; return how many alerts it raised.

        Safe to repeat, and to run beside a poll.

        Args:
            stop: Asked before each page; when it is true the rest waits for the next call.
        """
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


@dataclass(slots=True, kw_only=True)
class _Work:
    """A poll on its way in.

    Attributes:
        unread: Notices about entries that we trip over.
        fresh: What its entries were recognised as when the store was last asked.
        listing: The sources that list an article, by its id, where it is known.
    """

    poll: Brought
    document: Sequence[Sighting]
    unread: list[str]
    languages: Languages
    matched: _Matched
    fresh: Recognised = field(default_factory=Recognised)
    listing: Mapping[str, Sequence[Source]] = field(default_factory=dict)

    def notices(self) -> Sequence[str]:
        """Return what the source's owner should know."""
        told = _told(self.fresh, self.matched)
        return (*self.poll.polled.notices, *self.unread, *self.matched.notices, *told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """What of a poll was stored; rules may speak about what is `told`."""

    added: int
    revised: int
    told: Sequence[Found]
    grown: Mapping[str, Sequence[Article]]


def _listing(tx: Transaction, known: Sequence[Found]) -> dict[str, list[Source]]:
    """Return the sources that list each of these known articles so far."""
    listing: dict[str, list[Source]] = {}
    others = tx.articles.sources_of([found.article.id for found in known])
    for found in known:
        ids = (found.article.source_id, *others.get(found.article.id, ()))
        sources = (tx.sources.get(id_) for id_ in ids)
        listing[found.article.id] = [source for source in sources if source is not None]
    return listing


def _as_new(found: Found, matched: _Matched) -> Found:
    """Return what is new as it is stored: rules say nothing about what was there before."""
    is_quiet = found.sighting.mark not in matched.may_alert
    return replace(found, article=replace(found.article, baseline=is_quiet))


def _told(fresh: Recognised, matched: _Matched) -> list[str]:
    """Return what the source's owner should know of what was recognised."""
    told = []
    if matched.held:
        articles = "1 article that" if matched.held == 1 else f"{matched.held:,} articles that"
        why = "no alert, since the source listed that when it was added"
        to_hear_them = remedy_words(Remedy(RemedyKind.HEAR_QUIET))
        told.append(f"{articles} rules match: {why}{to_hear_them}")
    if fresh.shares_names:
        told.append(
            "several entries have one id or link: each is an article of its own, "
            "known by what else it says"
        )
    return told


def after_success(
    source: Source, polled: Polled, *, now: datetime, next_poll_at: datetime, new: int
) -> Source:
    """Return the source as it stands after a good poll."""
    return replace(
        after_seeing(source, polled),
        validators=polled.validators,
        next_poll_at=now if polled.more else next_poll_at,
        last_ok_at=now,
        last_entry_at=now if new else source.last_entry_at,
        last_error=None,
        failures=0,
    )
