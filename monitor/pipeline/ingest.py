"""The path of an article: from what a source lists to what people are owed."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from monitor.pipeline.backfill import Archive
from monitor.pipeline.outbox import Owing
from rules.matcher import KeywordMatcher
from storage.api import Storage, Transaction
from storage.model import (
    Article,
    Fingerprint,
    Match,
    Notice,
    Rule,
    Source,
    stable_id,
)

log = logging.getLogger("monitor.pipeline")

MOST_REMEMBERED = 1_000
"""So many entries and articles that we tripped over are remembered, to log each once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules as they stand at one revision, compiled.

    The matcher is shared with the rulebook that comes after: matches that it finds by rules of a
    later revision are thrown away, as all matches of an outdated rulebook are, before they are
    stored. `rules` are without their variants.
    """

    revision: int
    rules: Mapping[str, Rule]
    matcher: KeywordMatcher


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
        self._archive = Archive(storage, owing, now=now)
        self._rulebook: Rulebook | None = None
        self._compiling = threading.Lock()
        self._logged: set[str] = set()

    def take_in(
        self,
        source: Source,
        polled: Polled,
        *,
        next_poll_at: datetime,
        may_alert: frozenset[str] | None = None,
    ) -> TakenIn:
        """Store what is new, owe it to whoever asked, and record the poll: all or nothing.

        Matching happens before the transaction, so that nobody waits for it. Running this
        twice with the same entries changes nothing. An entry that we trip over becomes a
        notice, and the others are taken in.

        Args:
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
            rulebook = self._current_rules()
            with self._storage.reading() as tx:
                fresh = recognise(batch, tx.articles.known(keys_of(batch)))
            to_search = [article for article, _ in fresh.new if article.id in may_alert]
            if polled.revises and (source.baseline_done or source.backfill is None):
                to_search += versions_of(batch, fresh)
            matches, unsearched = self._matches(to_search, source, rulebook)
            all_told = replace(polled, notices=(*polled.notices, *unread, *unsearched))
            try:
                taken = self._store(source, all_told, batch, matches, rulebook, next_poll_at)
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
        self, articles: Iterable[Article], source: Source, rulebook: Rulebook
    ) -> tuple[dict[str, Sequence[Match]], list[str]]:
        """Return each article's matches, and notices about those that could not be searched."""
        matches: dict[str, Sequence[Match]] = {}
        notices = []
        for article in articles:
            try:
                matches[article.id] = rulebook.matcher.matches(article, source)
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
        if key not in self._logged:
            self._remember(key)
            log.error(text, extra={"source": source.name}, exc_info=bug)
        return text

    def _store(
        self,
        source: Source,
        polled: Polled,
        batch: Sequence[tuple[Article, Sequence[Fingerprint]]],
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
                (
                    article if article.id in matches else replace(article, baseline=True),
                    fingerprints,
                )
                for article, fingerprints in fresh.new
            ]
            added = tx.articles.add(new, now=now)
            tx.articles.listed(fresh.listed, now=now)
            found = [
                (article, match) for article, _ in new for match in matches.get(article.id, ())
            ]
            revised = self._revise(tx, batch, fresh) if polled.revises else []
            found += [(each, match) for each in revised for match in matches.get(each.id, ())]
            found += self._out_of_baseline(tx, source, fresh, rulebook)
            raised = self._owing.owe(tx, found, rules=rulebook.rules, now=now)
            told = tuple(text for text in polled.notices if self._is_news(tx, source, text, now))
            tx.sources.record_poll(
                after_success(source, polled, now=now, next_poll_at=next_poll_at, new=added),
                remember=polled.remember,
            )
        return TakenIn(articles=added, revised=len(revised), alerts=len(raised), notices=told)

    @staticmethod
    def _revise(
        tx: Transaction, batch: Sequence[tuple[Article, Sequence[Fingerprint]]], fresh: Recognised
    ) -> list[Article]:
        """Write the new versions; return the articles of which something that is read changed."""
        changed = [each.id for each in versions_of(batch, fresh) if tx.articles.revise(each)]
        stored = (tx.articles.get(id_) for id_ in changed)
        return [each for each in stored if each is not None]

    def _out_of_baseline(
        self, tx: Transaction, source: Source, fresh: Recognised, rulebook: Rulebook
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
            for match in rulebook.matcher.matches(article, source)
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
            for raised in self._archive.search(stop):
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

    def _current_rules(self) -> Rulebook:
        """Return the compiled rules; of those that changed since, only these are compiled anew."""
        with self._storage.reading() as tx:
            revision = tx.rules.revision()
            current = self._rulebook
            if current is not None and current.revision == revision:
                return current
            with self._compiling:
                return self._compiled(tx, revision)

    def _compiled(self, tx: Transaction, revision: int) -> Rulebook:
        current = self._rulebook
        if current is not None and current.revision >= revision:
            return current
        active = tx.rules.active()
        rules: dict[str, Rule] = {}

        def read(ids: Iterable[str]) -> Iterator[Rule]:
            for rule in tx.rules.some(ids):
                # Without its variants, of which there may be many: the matcher has them.
                rules[rule.id] = replace(rule, variants=())
                yield rule

        if current is None:
            matcher = KeywordMatcher(read(active))
        else:
            matcher = current.matcher
            rules.update((id_, current.rules[id_]) for id_ in active if id_ in current.rules)
            for id_ in current.rules.keys() - active.keys():
                matcher.remove(id_)
            moved = [
                id_ for id_ in active if id_ not in rules or rules[id_].revision != active[id_]
            ]
            for rule in read(moved):
                matcher.add(rule)
        self._say_what_is_broken(matcher, rules)
        self._rulebook = Rulebook(revision=revision, rules=rules, matcher=matcher)
        return self._rulebook

    def _say_what_is_broken(self, matcher: KeywordMatcher, rules: Mapping[str, Rule]) -> None:
        for id_, why in matcher.broken.items():
            key = stable_id("broken", id_, why)
            if id_ in rules and key not in self._logged:
                self._remember(key)
                log.error(
                    "a rule cannot be read and raises nothing until it is mended",
                    extra={"rule": rules[id_].name, "why": why},
                )

    def _remember(self, key: str) -> None:
        """Note that something was logged, so that it is logged once."""
        if len(self._logged) >= MOST_REMEMBERED:
            self._logged.clear()
        self._logged.add(key)


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
