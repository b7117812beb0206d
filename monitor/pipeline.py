"""The path of an article: from what a source lists to what people are owed."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ingester.articles import Recognised, article_from, recognise
from ingester.entry import Polled
from monitor.owing import Owing
from rules.matcher import KeywordMatcher
from storage.api import Storage, Transaction
from storage.model import (
    Article,
    Match,
    Notice,
    Print,
    Rule,
    RuleState,
    Source,
    stable_id,
)

log = logging.getLogger(__name__)

BATCH = 500
"""Articles searched at once for a new rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules as they stand at one revision, compiled."""

    revision: int
    rules: Mapping[str, Rule]
    matcher: KeywordMatcher


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a poll added."""

    articles: int = 0
    alerts: int = 0
    notices: tuple[str, ...] = ()


class RulesMoved(Exception):
    """The rules changed between matching and storing; match again with the new ones."""


class Pipeline:
    """Turns what a source lists into what people are owed. Safe to use from many threads.

    Args:
        storage: Where everything is kept.
        owing: Turns matches into alerts and deliveries inside a transaction.
        now: What time it is, UTC.
        owed: Called after a commit that owes something, to hand it on at once.
    """

    def __init__(
        self,
        storage: Storage,
        owing: Owing,
        *,
        now: Callable[[], datetime],
        owed: Callable[[], None] = lambda: None,
    ) -> None:
        self._storage = storage
        self._owing = owing
        self._now = now
        self._owed = owed
        self._rulebook: Rulebook | None = None

    def take_in(self, source: Source, polled: Polled, *, next_poll_at: datetime) -> TakenIn:
        """Store what is new, owe it to whoever asked, and record the poll: all or nothing.

        Matching happens before the transaction, so that nobody waits for it. Running this
        twice with the same entries changes nothing.

        Raises:
            storage.api.FencedOut: The source's lease was lost; nothing was written.
        """
        seen_at = self._now()
        batch = [article_from(entry, source, seen_at=seen_at) for entry in polled.entries]
        loud = loud_ids(source, [article for article, _ in batch])
        while True:
            rulebook = self._current_rules()
            with self._storage.reading() as tx:
                fresh = recognise(batch, tx.articles.known(keys_of(batch)))
            matches = {
                article.id: rulebook.matcher.matches(article, source)
                for article, _ in fresh.new
                if article.id in loud
            }
            try:
                taken = self._store(source, polled, batch, matches, rulebook, next_poll_at)
            except RulesMoved:
                continue
            if taken.alerts:
                self._owed()
            return taken

    def _store(
        self,
        source: Source,
        polled: Polled,
        batch: Sequence[tuple[Article, Sequence[Print]]],
        matches: Mapping[str, Sequence[Match]],
        rulebook: Rulebook,
        next_poll_at: datetime,
    ) -> TakenIn:
        now = self._now()
        with self._storage.transaction() as tx:
            if tx.rules.lock_revision() != rulebook.revision:
                raise RulesMoved
            # Asked again: another poll may have stored some of it since the matching.
            fresh = recognise(batch, tx.articles.known(keys_of(batch)))
            new = [
                (article if article.id in matches else replace(article, quiet=True), prints)
                for article, prints in fresh.new
            ]
            added = tx.articles.add(new, now=now)
            tx.articles.listed(fresh.listed, now=now)
            found = [
                (article, match) for article, _ in new for match in matches.get(article.id, ())
            ]
            found += self._spoken_up(tx, source, fresh, rulebook)
            raised = self._owing.owe(tx, found, rules=rulebook.rules, now=now)
            told = tuple(text for text in polled.notices if self._is_news(tx, source, text, now))
            tx.sources.record_poll(
                after_success(source, polled, now=now, next_poll_at=next_poll_at, new=added),
                remember=polled.remember,
            )
        return TakenIn(articles=added, alerts=len(raised), notices=told)

    def _spoken_up(
        self, tx: Transaction, source: Source, fresh: Recognised, rulebook: Rulebook
    ) -> list[tuple[Article, Match]]:
        """Match what another source's silent first poll has stored and this one brings as news.

        Rare (a feed added minutes ago beside one that lists the same articles), so it may
        match inside the transaction.
        """
        if not source.baseline_done or source.last_ok_at is None:
            return []
        articles = tx.articles.speak_up(set(fresh.listed.values()), since=source.last_ok_at)
        return [
            (article, match)
            for article in articles
            for match in rulebook.matcher.matches(article, source)
        ]

    @staticmethod
    def _is_news(tx: Transaction, source: Source, text: str, now: datetime) -> bool:
        notice = Notice(
            id=stable_id("notice", source.id, text), source_id=source.id, text=text, raised_at=now
        )
        return tx.sources.add_notice(notice)

    def catch_up(self) -> int:
        """Search the archive for rules that were added since; return how many alerts it raised.

        Articles of folders are always searched: whoever puts documents into a folder wants
        to be told about them, whichever came first, the rule or the document. Those of other
        sources only as far back as the rule says. Safe to repeat, and to run beside a poll.
        """
        with self._storage.reading() as tx:
            waiting = [rule for rule in tx.rules.all() if not rule.caught_up]
        alerts = 0
        for rule in waiting:
            if rule.state is RuleState.ACTIVE:
                alerts += self._search_archive(rule)
            with self._storage.transaction() as tx:
                tx.rules.caught_up(rule.id, revision=rule.revision)
        if alerts:
            self._owed()
        return alerts

    def _search_archive(self, rule: Rule) -> int:
        with self._storage.reading() as tx:
            sources = {source.id: source for source in tx.sources.all()}
        folders = [source.id for source in sources.values() if source.kind == "folder"]
        others = [id_ for id_ in sources if id_ not in folders]
        matcher = KeywordMatcher([rule])
        alerts = self._search(rule, matcher, sources, folders, since=None)
        if rule.backfill_since is not None:
            alerts += self._search(rule, matcher, sources, others, since=rule.backfill_since)
        return alerts

    def _search(
        self,
        rule: Rule,
        matcher: KeywordMatcher,
        sources: Mapping[str, Source],
        source_ids: Sequence[str],
        *,
        since: datetime | None,
    ) -> int:
        alerts = 0
        before: tuple[datetime, str] | None = None
        while source_ids:
            with self._storage.reading() as tx:
                page = tx.articles.recent(
                    since=since, source_ids=source_ids, limit=BATCH, before=before
                )
            found = [
                (article, match)
                for article in page
                for match in matcher.matches(article, sources[article.source_id])
            ]
            if found:
                with self._storage.transaction() as tx:
                    raised = self._owing.owe(tx, found, rules={rule.id: rule}, now=self._now())
                alerts += len(raised)
            if len(page) < BATCH:
                break
            before = (page[-1].first_seen_at, page[-1].id)
        return alerts

    def _current_rules(self) -> Rulebook:
        """Return the compiled rules, compiled anew only when one has changed."""
        with self._storage.reading() as tx:
            revision = tx.rules.revision()
            current = self._rulebook
            if current is not None and current.revision == revision:
                return current
            active = [rule for rule in tx.rules.all() if rule.state is RuleState.ACTIVE]
        matcher = KeywordMatcher(active)
        for rule in active:
            if rule.id in matcher.broken:
                log.error(
                    "a rule cannot be read and raises nothing until it is mended",
                    extra={"rule": rule.name, "why": matcher.broken[rule.id]},
                )
        self._rulebook = Rulebook(
            revision=revision, rules={rule.id: rule for rule in active}, matcher=matcher
        )
        return self._rulebook


def keys_of(batch: Iterable[tuple[Article, Sequence[Print]]]) -> list[str]:
    """Return all print keys of a batch."""
    return [each.key for _, prints in batch for each in prints]


def loud_ids(source: Source, articles: Sequence[Article]) -> frozenset[str]:
    """Return ids of the articles of this poll about which rules may speak.

    All of them, except at a source's first poll: then the newest `source.backfill` ones.
    """
    if source.baseline_done or source.backfill is None:
        return frozenset(article.id for article in articles)
    newest = sorted(
        articles, key=lambda each: each.published_at or each.first_seen_at, reverse=True
    )
    return frozenset(article.id for article in newest[: source.backfill])


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
