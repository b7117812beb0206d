"""The steps run in this process: its threads, and what it gives back when it ends."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from monitor.app import App
from monitor.daemon.dispatch import Dispatcher, ThreadDispatcher
from monitor.daemon.threads import ChannelWorkers, guarded
from storage.model import Source

AHEAD = 64
"""So many sources are claimed in one transaction, beyond those that threads are free for."""

ALIVE_EVERY = timedelta(seconds=15)
"""So often it is said that a long delivery is still under way."""

Noting = Callable[[Callable[[], bool]], bool]
"""Runs a step and takes note of a failing store; False then."""


def local_threads(
    app: App, noting: Noting = lambda step: step(), *, workers: ChannelWorkers | None = None
) -> Dispatcher:
    """Return what runs the steps in this process.

    Args:
        workers: What delivers already.
    """

    def poll(source: Source) -> bool:
        app.looking.poller.poll_claimed(source, taken=partial(dispatcher.let_go, source))
        return True

    def deliver(channel_id: str) -> bool:
        return noting(partial(app.sending.courier.deliver_due, channel_id))

    dispatcher = ThreadDispatcher(
        poll=lambda source: noting(partial(poll, source)),
        deliveries=workers or ChannelWorkers(deliver, app.sending.courier.width),
        polls=app.config.poll_threads,
        ahead=AHEAD,
    )
    return dispatcher


def give_back(app: App) -> None:
    """Give back all that this process has claimed and not finished."""
    guarded(app.looking.poller.end)
    with app.storage.transaction() as tx:
        now = app.now()
        tx.sources.release([app.owner], now=now)
        tx.outbox.reap(now=now, dead_owners=[app.owner])
