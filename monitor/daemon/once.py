"""One round of the daemon's work, for cron: poll what is due, deliver what is owed, and end."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from monitor.app import App
from monitor.base.measures import TAKEN_IN
from monitor.daemon import clockwatch, starter
from monitor.daemon.dispatch import Dispatcher
from monitor.daemon.local import ALIVE_EVERY, give_back, local_threads
from monitor.daemon.polling import poll_round
from monitor.daemon.threads import guarded
from monitor.pipeline import indexing
from monitor.pipeline.whether_to_tell import does_a_rule_end, is_a_digest_due
from storage.api.errors import FencedOut, StorageError

log = logging.getLogger("monitor.daemon")

ROUND_SECONDS = 600.0
"""`run --once` waits so long for one round of polls, and for its deliveries."""

PATIENCE_S = 0.5
"""So long news waits for other news in a round, after which nobody looks."""

AGAIN = timedelta(seconds=1)
"""So often it is asked what else is owed."""

FILL_SECONDS = 60.0
"""`run --once` works so long at the search index."""
PLACING_SHARE, PLACING_SECONDS = 0.02, 0.1
"""A round of `run --once` that brought articles gives stories to what waits for one: so much
longer, at least so long. The others wait for the next."""


def run_once(app: App, *, starter_added: bool) -> int:
    """Poll what is due, the seed folder first, deliver what is due, and return the exit code.

    Raises:
        StorageError: The store failed somewhere on the way; the rest was still tried.
    """
    troubles: list[StorageError] = []

    def noting(step: Callable[[], bool]) -> bool:
        try:
            return step()
        except FencedOut as late:
            log.warning("too late", extra={"why": str(late)})  # another has taken it up
            return False
        except StorageError as trouble:
            log.error("the store cannot be used now", extra={"why": str(trouble)})
            troubles.append(trouble)
            return False

    dispatcher = local_threads(app, noting)
    try:
        clockwatch.check(app)
        app.sending.courier.reap()
        app.looking.poller.look_again()
        app.looking.poller.intake.patience_s = PATIENCE_S
        app.pipeline.asks_again = False
        began_s, before = time.monotonic(), _taken_in(app)
        wake = partial(noting, partial(_wake, app))
        poll_round(app.looking.poller, dispatcher, seconds=ROUND_SECONDS, wake=wake)
        place_s = max(PLACING_SECONDS, PLACING_SHARE * (time.monotonic() - began_s))
        if _taken_in(app) == before:
            place_s = 0.0
        # After the news, which must not wait for it.
        noting(partial(_catch_up_round, app))
        noting(partial(_digest_round, app))
        _deliver_round(app, dispatcher)
        noting(partial(_fill_round, app, place_s))
        app.rulesets.keep()  # each round is a start, and most find nothing that is new to this
        clockwatch.note(app)
    finally:
        guarded(partial(give_back, app))
    if troubles:
        raise troubles[0]
    if starter_added:
        with app.storage.reading() as tx:
            has_alerts = tx.alerts.count() > 0
        starter.say_what_next(app, has_alerts=has_alerts, page=None)
    return 0


def _wake(app: App) -> bool:
    app.looking.poller.take_in_what_waited()
    return True


def _deliver_round(app: App, dispatcher: Dispatcher) -> None:
    alive = threading.Event()
    keeper = threading.Thread(target=_keep_alive, args=(app, alive), daemon=True)
    keeper.start()
    try:
        until = time.monotonic() + ROUND_SECONDS
        while time.monotonic() < until:
            due = app.sending.courier.due()
            if not due and dispatcher.wait(seconds=0):
                return
            for channel_id in due:
                dispatcher.deliver(channel_id)
            # Asked again each second: more threads may serve who turns out to be slow.
            dispatcher.wait(seconds=AGAIN.total_seconds())
    finally:
        alive.set()


def _catch_up_round(app: App) -> bool:
    app.pipeline.catch_up()
    return True


def _digest_round(app: App) -> bool:
    if does_a_rule_end(app.storage, now=app.now()):
        app.sending.expiry.tell()
    if is_a_digest_due(app.storage, now=app.now()):
        return app.sending.digests.make_due(at_once=True) > 0
    return False


def _taken_in(app: App) -> int:
    return sum(app.measures.counted(TAKEN_IN).values())


def _fill_round(app: App, place_s: float) -> bool:
    until = time.monotonic() + FILL_SECONDS
    for _ in indexing.fill(app.storage, lambda: time.monotonic() > until):
        pass
    if place_s:
        until = time.monotonic() + place_s
        for _ in app.place_stored(lambda: time.monotonic() > until):
            pass
    return True


def _keep_alive(app: App, ended: threading.Event) -> None:
    while not ended.wait(ALIVE_EVERY.total_seconds()):
        guarded(app.sending.courier.keep_alive)
