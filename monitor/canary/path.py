"""The whole way of an article, once more and for nothing: read, matched, stored, sent, taken back.

It goes through what real news go through, in a transaction of the real store that is given up
at the end: nobody sees it, and nothing of it stays. What it cannot show, that the store still
takes a commit, is shown by noting afterwards that it arrived.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from datetime import datetime, timedelta
from typing import cast

from common.records import dataclass
from ingester.articles import sighting_of
from ingester.feeds.kind import FeedKind
from ingester.fetch.ports import DEFAULT_LIMITS, FEEDS, Fetched, Limits, NotModified
from ingester.kinds import FEED
from monitor.delivery.courier import Courier
from monitor.pipeline.notices import Notices
from monitor.pipeline.outbox import OutboxWriter, Render
from notifiers.api import Message, Settings
from rules.matcher import make_matcher
from storage.api.storage import Storage, Transaction
from storage.model import Article, Channel, DeliveryState, Match, Rule, Source, stable_id

WORD = "canary"
KIND = "webhook"
"""Its messages are bytes that we can read."""
PLACE = "https://canary.invalid/"
_FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Canary</title><link>{place}</link>
<item><title>The {word} sings</title><link>{place}{word}</link><guid>{place}{word}</guid>
<description>Nobody reads this; it shows that alerts arrive.</description></item>
</channel></rss>"""


class Lost(Exception):
    """It did not arrive; the text says how far it came."""


class _Over(Exception):
    """Ends the transaction of which nothing is kept."""


@dataclass(frozen=True, slots=True)
class _Site:
    """Implements `ingester.fetch.ports.Fetcher`: a site with one feed."""

    body: bytes

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = FEEDS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Fetched | NotModified:
        return Fetched(
            url=url,
            status=200,
            content_type="application/rss+xml",
            charset="utf-8",
            body=self.body,
        )


@dataclass(slots=True)
class LoopBack:
    """Implements `notifiers.api.Notifier`: whoever sends to it finds the message here."""

    received: list[Message] = field(default_factory=list)

    def send(self, message: Message, settings: Settings) -> str | None:
        self.received.append(message)
        return None


@dataclass(frozen=True, slots=True)
class _Within:
    """A store whose transactions are all the one that is open."""

    open: Transaction

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        yield self.open

    reading = transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way of a made-up article.

    Attributes:
        render: Makes the bytes of alerts.
        owner: What this process calls itself on leases.
    """

    storage: Storage
    render: Render
    notices: Notices
    owner: str
    now: Callable[[], datetime]
    chance: Callable[[], float]
    loop_back: LoopBack = field(default_factory=LoopBack)

    def go(self, mark: str) -> None:
        """Send an article with this mark the whole way.

        Args:
            mark: Letters and digits that no other article has.

        Raises:
            Lost: It did not arrive.
            StorageError: The store does not take it now.
        """
        self.loop_back.received.clear()
        word = f"{WORD}{mark}"
        source = self._source()
        article = self._read(source, word)
        rule = Rule(
            id=stable_id("rule", word),
            name=word,
            query=word,
            created_at=self.now(),
            channel_ids=(stable_id("channel", WORD),),
            strictness="exact",
        )
        matches = list(make_matcher([rule]).matches(article, source))
        if not matches:
            raise Lost("its rule did not find it")
        try:
            with self.storage.transaction() as tx:
                self._within(tx, source, rule, article, matches)
                raise _Over
        except _Over:
            pass

    def _source(self) -> Source:
        now = self.now()
        return Source(
            id=stable_id("source", FEED, PLACE),
            kind=FEED,
            url=PLACE,
            name=WORD,
            every=timedelta(hours=1),
            added_at=now,
            baseline_done=True,
        )

    def _read(self, source: Source, word: str) -> Article:
        body = _FEED.format(place=PLACE, word=word).encode()
        polled = FeedKind(_Site(body), self.now).poll(source, dict)
        if len(polled.entries) != 1:
            raise Lost("its feed could not be read")
        return sighting_of(polled.entries[0], source, seen_at=self.now()).article

    def _within(
        self,
        tx: Transaction,
        source: Source,
        rule: Rule,
        article: Article,
        matches: list[Match],
    ) -> None:
        now = self.now()
        channel = Channel(
            id=rule.channel_ids[0], name=rule.name, kind=KIND, target=PLACE, added_at=now
        )
        tx.sources.add(source)
        tx.channels.add(channel)
        tx.rules.add(rule)
        if tx.articles.add([(article, ())], now=now) != 1:
            raise Lost("it could not be stored")
        writer = OutboxWriter(self.render)
        pairs = [(article, match) for match in matches]
        if len(writer.enqueue(tx, pairs, rules={rule.id: rule}, now=now)) != 1:
            raise Lost("no alert was raised for it")
        [owed] = tx.outbox.recent(channel_id=channel.id)
        if owed.hold is not None:
            return  # A silence that somebody has set holds everything back; nothing is sent.
        self._courier(tx).deliver_due(channel.id)
        carried = tx.outbox.get(owed.id)
        if carried is None or carried.state is not DeliveryState.DELIVERED:
            raise Lost(f"its delivery is {carried.state if carried else 'gone'}")
        if [article.title.encode() in each.payload for each in self.loop_back.received] != [True]:
            raise Lost("what arrived does not tell of it")

    def _courier(self, tx: Transaction) -> Courier:
        return Courier(
            storage=cast(Storage, _Within(tx)),
            notifier_of={KIND: self.loop_back}.get,
            settings=lambda channel: {},
            notices=self.notices,
            host="",
            owner=self.owner,
            now=self.now,
            chance=self.chance,
            is_heard=False,
        )
