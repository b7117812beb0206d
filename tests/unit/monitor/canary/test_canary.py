"""The canary: arrives when all is well, leaves nothing behind, and is missed when it does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from monitor.base import measures
from monitor.base.measures import Measures
from monitor.canary.canary import MISSED, Canary, last_heard
from monitor.canary.path import Lost, Way
from monitor.canary.ping import Ping
from monitor.delivery.courier import Courier
from monitor.pipeline.notices import Notices
from monitor.pipeline.outbox import OutboxWriter
from monitor.pipeline.render import Renderer
from notifiers.api import DeliveryError, Failure, Message, Settings
from storage.api.errors import StorageError
from storage.api.storage import Storage, Transaction
from storage.silence import Silence
from tests.builders import MINUTE, NOON, a_rule, an_article, given
from tests.stored import fill

EVERY = 5 * MINUTE


class Pinged:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def a_way(storage: Storage, **changes: Any) -> Way:
    renderer = Renderer(sender=None, now=lambda: NOON)
    way = Way(
        storage=storage,
        render=renderer.alert,
        notices=Notices(render=renderer.notice, fallback=None),
        owner="me",
        now=lambda: NOON,
        chance=lambda: 0.5,
    )
    return replace(way, **changes)


def a_canary(storage: Storage, way: Way | None = None, **changes: Any) -> Canary:
    canary = Canary(
        storage=storage,
        way=way or a_way(storage),
        every=EVERY,
        now=lambda: NOON,
        measured=Measures(),
        ping=Pinged(),
    )
    return replace(canary, **changes)


def everything(storage: Storage) -> list[object]:
    with storage.reading() as tx:
        return [
            tx.sources.all(),
            tx.rules.all(),
            tx.rules.revision(),
            tx.channels.all(),
            tx.articles.recent(limit=None),
            tx.articles.last_number(),
            tx.alerts.recent(limit=None),
            tx.outbox.recent(limit=None),
            tx.outbox.lease_owners(),
        ]


def test_it_arrives_and_leaves_nothing_behind(storage: Storage) -> None:
    fill(storage)
    before = everything(storage)
    canary = a_canary(storage)
    assert canary.sing()
    assert canary.trouble is None
    assert isinstance(canary.ping, Pinged)
    assert canary.ping.count == 1
    assert canary.measured.counted(measures.CANARY) == {("ok",): 1}
    assert everything(storage) == before
    assert storage.problems() == []
    [message] = canary.way.loop_back.received
    assert b"sings" in message.payload
    with storage.reading() as tx:
        heard = last_heard(tx)
    assert heard is not None
    assert (heard.at, heard.every) == (NOON, EVERY)


def test_each_time_is_another_article(storage: Storage) -> None:
    way = a_way(storage)
    payloads = []
    for mark in ("a1", "b2"):
        way.go(mark)
        payloads += [message.payload for message in way.loop_back.received]
    assert [b"canarya1" in one for one in payloads] == [True, False]
    assert [b"canaryb2" in one for one in payloads] == [False, True]


class Refusing:
    """A loop-back that does not take what it is sent."""

    def __init__(self) -> None:
        self.received: list[Message] = []

    def send(self, message: Message, settings: Settings) -> str | None:
        raise DeliveryError("no", Failure.RETRY)


def test_what_is_not_taken_is_missed_and_nobody_is_pinged(storage: Storage) -> None:
    canary = a_canary(storage, a_way(storage, loop_back=Refusing()))
    assert not canary.sing()
    assert canary.trouble == "a made-up article did not come through: its delivery is pending"
    assert isinstance(canary.ping, Pinged)
    assert canary.ping.count == 0
    assert canary.measured.counted(measures.CANARY) == {("lost",): 1}
    with storage.reading() as tx:
        assert last_heard(tx) is None
        assert tx.outbox.recent() == []


def test_what_cannot_be_rendered_is_missed(storage: Storage) -> None:
    def broken(*given_: object) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(Lost, match="held"):
        a_way(storage, render=broken).go("a1")


@pytest.mark.parametrize(
    ("where", "name", "says"),
    [
        (OutboxWriter, "enqueue", "no alert was raised"),
        (Courier, "deliver_due", "its delivery is pending"),
    ],
)
def test_whatever_fails_on_the_way_is_said(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, where: type, name: str, says: str
) -> None:
    monkeypatch.setattr(where, name, lambda *words, **named: [])
    canary = a_canary(storage)
    assert not canary.sing()
    assert canary.trouble is not None
    assert says in canary.trouble
    monkeypatch.undo()
    assert canary.sing()
    assert canary.trouble is None


class Failing:
    """A store that takes nothing any more."""

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        raise StorageError("the disk is full", retry=False)
        yield


def test_a_store_that_takes_nothing_is_told(storage: Storage) -> None:
    canary = a_canary(storage, a_way(Failing()))  # type: ignore[arg-type]  # no more is asked of it
    assert not canary.sing()
    assert canary.trouble == "a made-up article did not come through: the disk is full"


def test_a_commit_that_fails_is_told(storage: Storage) -> None:
    canary = replace(a_canary(storage), storage=Failing())  # type: ignore[arg-type]  # as above
    assert not canary.sing()
    assert canary.trouble is not None


def test_a_silence_over_everything_is_no_trouble(storage: Storage) -> None:
    given(storage, a_rule(), an_article())
    silence = Silence(
        id="s",
        reason="quiet",
        created_at=NOON,
        until=NOON + timedelta(days=1),
        query="canary* OR sings",
    )
    with storage.transaction() as tx:
        tx.silences.add(silence)
    canary = a_canary(storage)
    assert canary.sing()
    assert canary.way.loop_back.received == []


def test_it_is_missed_after_some_times_that_nobody_heard_it(storage: Storage) -> None:
    a_canary(storage).sing()
    with storage.reading() as tx:
        heard = last_heard(tx)
    assert heard is not None
    late = NOON + MISSED * EVERY
    assert heard.trouble(late) is None
    said = heard.trouble(late + MINUTE)
    assert said == "no made-up article has come through since 2026-03-02T12:00:00Z"


def pinged(status: int, caplog: pytest.LogCaptureFixture) -> tuple[list[str], str]:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(status)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        ping = Ping(lambda: client, "https://ping.example/secret")
        ping()
        ping()
    return asked, caplog.text


def test_a_ping_asks_its_address(caplog: pytest.LogCaptureFixture) -> None:
    asked, said = pinged(200, caplog)
    assert asked == ["https://ping.example/secret"] * 2
    assert said == ""


def test_a_ping_that_fails_is_said_once_without_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, said = pinged(500, caplog)
    assert said.count("ping_url could not be asked") == 1
    assert "secret" not in said
