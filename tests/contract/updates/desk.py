"""A desk without a daemon, whose papers tell stories that go on, on every store."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from ingester.entry import Entry, Polled
from ingester.stories.signature import Signer
from monitor.following.updates import Updates
from monitor.pipeline.digests import Digests
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.outbox import OutboxWriter
from monitor.pipeline.render import Renderer
from monitor.stories.placing import StoryPlacer
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.text.folding import fold
from storage.api.storage import Storage, Transaction
from storage.model import Delivery, DeliveryKind, DeliveryState, Source
from storage.quiet import HoldReason
from tests.builders import LEASE, MINUTE, a_channel, a_rule, a_source, given

_WORLDS = count()
SIGNER = Signer(fold, Concepts(pack_concepts([])))
EVENING = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADDED = EVENING - timedelta(days=1)
PAPERS = [a_source(f"Paper {n}", baseline_done=True, added_at=ADDED) for n in range(7)]
TEXT = (
    "Rail workers in Kiruna end their strike. The union accepts 4 per cent. "
    "Ore trains to Narvik run again from Monday, says LKAB."
)


class World:
    """A monitor without a daemon, whose clock stands still."""

    def __init__(self, storage: Storage, at: datetime = EVENING) -> None:
        self.storage, self.at = storage, at
        who = f"world {next(_WORLDS)}"
        self.placer = cache(lambda: StoryPlacer(lambda: SIGNER, who=who))
        renderer = Renderer(sender=None, now=self.now, zone=UTC)
        updates = Updates(renderer.more, renderer.alert, zone=UTC)
        self.pipeline = Pipeline(
            storage,
            OutboxWriter(renderer.alert, notice=renderer.notice, zone=UTC),
            now=self.now,
            stories=self.placer,
            follower=updates,
        )
        self.digests = Digests(
            storage=storage,
            render=renderer.digest,
            render_alert=renderer.alert,
            release=updates.release,
            now=self.now,
            zone=UTC,
        )

    def now(self) -> datetime:
        return self.at

    def takes_in(self, *papers: int, title: str = "Kiruna strike ends", text: str = TEXT) -> None:
        """Let these papers tell the story, a minute apart."""
        for paper in papers:
            self.at += MINUTE
            url = f"https://paper{paper}.example/{self.at:%d%H%M}"
            self.lists(PAPERS[paper], url, title=title, text=text)

    def lists(
        self, source_: Source, url: str, title: str = "Kiruna strike ends", text: str = TEXT
    ) -> None:
        """Let a source list an article at an address."""
        with self.storage.transaction() as tx:
            source = tx.sources.get(source_.id)
            assert source is not None
            tx.sources.update(replace(source, next_poll_at=self.at))
            (claimed,) = tx.sources.claim_due(
                now=self.at, limit=1, lease=LEASE, owner="me", ids=[source.id]
            )
        entry = Entry(id=url, url=url, title=title, content=text, published_at=self.at)
        listed = Polled(entries=(replace(entry, language="en"),))
        self.pipeline.take_in(claimed, listed, next_poll_at=lambda _: self.at)

    def change(self, what: Callable[[Transaction], object]) -> None:
        with self.storage.transaction() as tx:
            what(tx)

    def every(self, kind: DeliveryKind, state: DeliveryState) -> list[Delivery]:
        with self.storage.reading() as tx:
            found = tx.outbox.recent(states=[state], limit=None)
        return [each for each in reversed(found) if each.kind is kind]

    @property
    def waiting(self) -> list[HoldReason]:
        """Why updates wait."""
        held = self.every(DeliveryKind.UPDATE, DeliveryState.HELD)
        assert all(not each.payload for each in held)
        return [each.hold.reason for each in held if each.hold]

    @property
    def told(self) -> list[tuple[list[str], int]]:
        """Of each update from which papers it tells of more, and how many articles there are."""
        datas = [
            json.loads(each.payload)["data"]
            for each in self.every(DeliveryKind.UPDATE, DeliveryState.PENDING)
        ]
        return [
            ([each["source"]["name"] for each in data["new"]], data["story"]["articles"])
            for data in datas
        ]


def a_world(storage: Storage, *, channel: Any = (), **rule: Any) -> World:
    """A desk whose rule has an alert about the story that Paper 0 has told."""
    desk = a_channel(added_at=ADDED, **dict(channel))
    rule = {"follow_ups": "thread", **rule}
    of_desk = a_rule("strike", channel_ids=(desk.id,), caught_up=True, created_at=ADDED, **rule)
    given(storage, *PAPERS, desk, of_desk)
    world = World(storage)
    world.takes_in(0)
    return world


class Meddled:
    """A store that has something done before a transaction ends."""

    def __init__(self, storage: Storage, do: Callable[[Transaction], None]) -> None:
        self._storage, self._do = storage, do

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._storage.transaction() as tx:
            yield tx
            self._do(tx)
