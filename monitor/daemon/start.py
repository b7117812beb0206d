"""How a daemon begins: what is owed leaves first, and all else is read while it is on its way."""

from threading import Event

from monitor.app import App
from monitor.daemon.signals import told_to_stop
from monitor.daemon.threads import ChannelWorkers, guarded, reserve_little

ON_ITS_WAY_SECONDS = 0.2
"""So long the rest waits for what is owed to leave: reading it would keep the processor busy."""


def run(app: App, *, once: bool, starter_wanted: bool, stop: Event | None = None) -> int:
    """Run the daemon on this app, or one round of it; return the exit code.

    Args:
        stop: Set when it is to end; None for by a signal from now on. A round ends by itself.

    The caller holds the home, since before the store was opened and maybe migrated.
    """
    reserve_little()
    with app.storage.hold_owner(app.owner):
        workers = None if once else _carry_on(app)
        from monitor.daemon import daemon  # takes several times as long as what comes before

        stop = None if once else stop or told_to_stop()
        return daemon.run(app, stop=stop, starter_wanted=starter_wanted, workers=workers)


def work(app: App, *, stop: Event | None = None) -> int:
    """Poll and deliver beside others on the same store, until told to stop; return the exit code.

    What lies in folders of another machine is left to the daemon that runs there.
    """
    reserve_little()
    with app.storage.hold_owner(app.owner):
        workers = _carry_on(app)
        from ingester.kinds import LOCAL
        from monitor.daemon import daemon

        app.without = LOCAL
        return daemon.work(app, workers, stop=stop or told_to_stop())


def _carry_on(app: App) -> ChannelWorkers:
    """Go on with what a daemon before this one has left, and with what fell due meanwhile."""
    workers = ChannelWorkers(app.sending.courier.deliver_due, app.sending.courier.width)

    def begin() -> None:
        app.sending.courier.reap()
        for channel_id in app.sending.courier.due():
            workers.serve(channel_id)
        workers.drain(seconds=ON_ITS_WAY_SECONDS)

    guarded(begin)
    return workers
