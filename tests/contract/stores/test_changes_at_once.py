"""What two change at once is as both wish, on every store."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.base.errors import Refusal
from monitor.services import channels
from monitor.services.channels import ChannelChanges, channel_named
from monitor.services.deliveries import requeue_one
from monitor.services.sources import sources
from monitor.services.sources.sources import SourceChanges
from storage.api.storage import Storage, Transaction
from storage.model import Channel, ChannelState, DeliveryState
from tests.builders import (
    NOON,
    a_channel,
    a_delivery,
    a_rule,
    a_source,
    an_alert,
    an_article,
    given,
)

DESK = a_channel()
PAPER = a_source("paper")


@contextmanager
def _beside(do: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Yield what has another thread begin to do something, and go as far as it comes."""
    with ThreadPoolExecutor(1) as pool:
        begun: list[Future[object]] = []

        def begin() -> None:
            begun.append(pool.submit(do))
            with suppress(TimeoutError):
                begun[0].result(timeout=1)

        yield begin
        begun[0].result(timeout=60)


def _edit(tx: Transaction, home: Path, old: Channel, **chosen: str) -> None:
    channels.edit_channel(tx, home, old, ChannelChanges(chosen=chosen), now=NOON)


def _desk(storage: Storage) -> Channel:
    with storage.reading() as tx:
        found = tx.channels.get(DESK.id)
    assert found is not None
    return found


def test_two_who_change_a_channel_both_have_their_way(storage: Storage, tmp_path: Path) -> None:
    given(storage, DESK)

    def other() -> None:
        with storage.changing() as tx:
            _edit(tx, tmp_path, channel_named(tx, DESK.name), quiet="22:00-07:00")

    with _beside(other) as begin, storage.changing() as tx:
        old = channel_named(tx, DESK.name)
        begin()
        _edit(tx, tmp_path, old, digest="hourly")
    assert (_desk(storage).digest, _desk(storage).quiet) == ("hourly", "22:00-07:00")


@pytest.mark.parametrize("how", ["edit", "pause"])
def test_a_channel_that_is_switched_off_while_it_is_changed_stays_so(
    storage: Storage, tmp_path: Path, how: str
) -> None:
    given(storage, DESK)

    def courier() -> None:  # the receiver has answered that it is gone
        with storage.transaction() as tx:
            tx.channels.set_state(DESK.id, ChannelState.DISABLED, reason="410")

    with _beside(courier) as begin, storage.changing() as tx:
        old = channel_named(tx, DESK.name)
        begin()
        if how == "edit":
            _edit(tx, tmp_path, old, digest="hourly")
        else:
            channels.pause_channel(tx, old)
    assert _desk(storage).state is ChannelState.DISABLED


def test_what_two_want_to_be_sent_again_is_owed_once(storage: Storage) -> None:
    rule, article = a_rule(), an_article()
    sent = a_delivery(an_alert(rule, article), DESK, state=DeliveryState.DELIVERED)
    given(storage, DESK, rule, a_source(), article, an_alert(rule, article), sent)

    def other() -> None:
        with storage.changing() as tx, pytest.raises(Refusal, match="is owed already"):
            requeue_one(tx, sent.id, again=True, now=NOON)

    with _beside(other) as begin, storage.changing() as tx:
        assert requeue_one(tx, sent.id, again=True, now=NOON).state is DeliveryState.PENDING
        begin()


def test_a_source_is_called_otherwise_while_its_news_is_stored(storage: Storage) -> None:
    """Whoever stores has the rules as they stand, and then wants the source."""
    given(storage, PAPER, a_rule(sources=(PAPER.name,)))

    def rename() -> None:
        with storage.changing() as tx:
            source = sources.source_named(tx, PAPER.name)
            sources.edit(tx, source, SourceChanges(name="gazette"), now=NOON)

    with _beside(rename) as begin, storage.transaction() as tx:
        tx.rules.lock_revision()
        begin()
        tx.sources.update(replace(PAPER, tags=("port",)))
    with storage.reading() as tx:
        assert [source.name for source in tx.sources.all()] == ["gazette"]
        assert [rule.sources for rule in tx.rules.all()] == [("gazette",)]
