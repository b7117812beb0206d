"""The path of an article: from what a source lists to what people are owed."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ingester.articles import (
    Recognised,
    article_from,
    ids_that_may_alert,
    keys_of,
    recognise,
    versions_of,
)
from ingester.entry import Polled
from monitor.base.errors import clipped
from monitor.pipeline.backfill import Backfill
from monitor.pipeline.outbox import OutboxWriter
from monitor.pipeline.ruleset import Remembered, Ruleset, Rulesets
from rules.matcher import MakeMatcher, make_matcher
from storage.api import Storage, Transaction
from storage.model import (
    Article,
    Fingerprint,
    Match,
    Notice,
    Source,
    stable_id,
)

log = logging.getLogger("monitor.pipeline")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a poll added. `revised` are known articles of which it brought a new version."""

    articles: int = 0
    revised: int = 0
    alerts: int = 0
    notices: tuple[str, ...] = ()


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
    """

    def __init__(
        self,
        storage: Storage,
        outbox: OutboxWriter,
        *,
        now: Callable[[], datetime],
        owed: Callable[[], None] = lambda: None,
        make_matcher: MakeMatcher = make_matcher,
    ) -> None:
        self._storage = storage
        self._outbox = outbox
        self._now = now
        self._owed = owed
        self._backfill = Backfill(storage, outbox, now=now, make_matcher=make_matcher)
        self._rulesets = Rulesets(storage, make_matcher)
        self._logged = Remembered()

    def take_in(
        self,
        source: Source,
        polled: Polled,
        *,
        next_poll_at: Callable[[datetime], datetime],
        may_alert: frozenset[str] | None = None,
    ) -> TakenIn:
        """Store what is new, owe it to whoever asked, and record the poll: all or nothing.

        Matching happens before the transaction, so that nobody waits for it. Running this
        twice with the same entries changes nothing. An entry that we trip over becomes a
        notice, and the others are taken in.

        Args:
            next_poll_at: Returns it, given what time it is when the poll is recorded.
            may_alert: Ids of the articles about which rules may speak; None: as the source
                itself says.

        Raises:
            storage.api.FencedOut: The source's lease was lost; nothing was written.
        """
        seen_at = self._now()
        batch, unread = self._articles(polled, source, seen_at)
        if may_alert is None:
            may_alert = ids_that_may_alert(source, [article for article, _ in batch])
        while True:
            ruleset = self._rulesets.current()
            with self._storage.reading() as tx:
                fresh = recognise(batch, tx.articles.known(keys_of(batch)))
            to_search = [article for article, _ in fresh.new if article.id in may_alert]
            if polled.revises and (source.baseline_done or source.backfill is None):
                to_search += versions_of(batch, fresh)
            matches, unsearched = self._matches(to_search, source, ruleset)
            all_told = replace(polled, notices=(*polled.notices, *unread, *unsearched))
            try:
                taken = self._store(source, all_told, batch, matches, ruleset, next_poll_at)
            except RulesMoved:
                continue
            if taken.alerts:
                self._hand_on()
            return taken

    def _articles(
        self, polled: Polled, source: Source, seen_at: datetime
    ) -> tuple[list[tuple[Article, tuple[Fingerprint, ...]]], list[str]]:
        """Return the articles of all entries that can be read, and notices about the others."""
        batch, notices = [], []
        for entry in polled.entries:
            try:
                batch.append(article_from(entry, source, seen_at=seen_at))
            except Exception as bug:
                called = clipped(entry.title or entry.url or entry.id or "without a title")
                notices.append(self._tripped("an entry could not be read", called, source, bug))
        return batch, notices

    def _matches(
        self, articles: Iterable[Article], source: Source, ruleset: Ruleset
    ) -> tuple[dict[str, Sequence[Match]], list[str]]:
        """Return each article's matches, and notices about those that could not be searched."""
        matches: dict[str, Sequence[Match]] = {}
        notices = []
        for article in articles:
            try:
                matches[article.id] = ruleset.matcher.matches(article, source)
            except Exception as bug:
                matches[article.id] = ()
                called = clipped(article.title)
                notices.append(
                    self._tripped("an article could not be searched", called, source, bug)
                )
        return matches, notices

    def _tripped(self, what: str, called: str, source: Source, bug: Exception) -> str:
        """Log our mistake, whole, the first time; return the sentence for the source's owner."""
        text = f'{what}: "{called}": internal error: {type(bug).__name__}; please report it'
        key = stable_id("notice", source.id, text)
        if self._logged.is_new(key):
            log.error(text, extra={"source": source.name}, exc_info=bug)
        return text

    def _store(
        self,
        source: Source,
        polled: Polled,
        batch: Sequence[tuple[Article, Sequence[Fingerprint]]],
        matches: Mapping[str, Sequence[Match]],
        ruleset: Ruleset,
        next_poll_at: Callable[[datetime], datetime],
    ) -> TakenIn:
        with self._storage.transaction() as tx:
            # Asked here: a clock that is set moves what is stored, and must not meet what is not.
            now = self._now()
            if tx.rules.lock_revision() != ruleset.revision:
                raise RulesMoved
            # Asked again: another poll may have stored some of it since the matching.
            fresh = recognise(batch, tx.articles.known(keys_of(batch)))
            new = [
                (
                    article if article.id in matches else replace(article, baseline=True),
                    fingerprints,
                )
                for article, fingerprints in fresh.new
            ]
            added = tx.articles.add(new, now=now)
            tx.articles.listed(fresh.listed, now=now)
            pairs = [
                (article, match) for article, _ in new for match in matches.get(article.id, ())
            ]
            revised = self._revise(tx, batch, fresh) if polled.revises else []
            pairs += [
                (article, match) for article in revised for match in matches.get(article.id, ())
            ]
            pairs += self._out_of_baseline(tx, source, fresh, ruleset)
            raised = self._outbox.enqueue(tx, pairs, rules=ruleset.rules, now=now)
            told = tuple(text for text in polled.notices if self._is_news(tx, source, text, now))
            tx.sources.record_poll(
                after_success(source, polled, now=now, next_poll_at=next_poll_at(now), new=added),
                remember=polled.remember,
            )
        return TakenIn(articles=added, revised=len(revised), alerts=len(raised), notices=told)

    @staticmethod
    def _revise(
        tx: Transaction, batch: Sequence[tuple[Article, Sequence[Fingerprint]]], fresh: Recognised
    ) -> list[Article]:
        """Write the new versions; return the articles of which something that is read changed."""
        changed = [
            article.id for article in versions_of(batch, fresh) if tx.articles.revise(article)
        ]
        stored = (tx.articles.get(id_) for id_ in changed)
        return [article for article in stored if article is not None]

    def _out_of_baseline(
        self, tx: Transaction, source: Source, fresh: Recognised, ruleset: Ruleset
    ) -> list[tuple[Article, Match]]:
        """Match what another source's silent first poll has stored and this one brings as news.

        Rare (a feed added minutes ago beside one that lists the same articles), so it may
        match inside the transaction.
        """
        if not source.baseline_done or source.last_ok_at is None:
            return []
        articles = tx.articles.end_baseline(set(fresh.listed.values()), since=source.last_ok_at)
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
        except Exception:
            log.exception("bug while handing on what is owed; it goes out a little later")


def after_success(
    source: Source, polled: Polled, *, now: datetime, next_poll_at: datetime, new: int
) -> Source:
    """Return the source as it stands after a good poll."""
    return replace(
        source,
        baseline_done=True,
        validators=polled.validators,
        next_poll_at=now if polled.more else next_poll_at,
        last_ok_at=now,
        last_entry_at=now if new else source.last_entry_at,
        last_error=None,
        failures=0,
    )
