"""The canary: sings every few minutes, and when it does not somebody is told."""

import json
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from common.records import dataclass
from monitor.base import measures
from monitor.base.measures import Measures
from monitor.base.times import show_instant
from monitor.canary.path import Lost, Way
from storage.api.errors import StorageError
from storage.api.storage import Storage, Transaction

log = logging.getLogger("monitor.canary")

FACT = "canary"
"""Under which the store keeps when it sang last."""

MISSED = 3
"""After so many times that it was to sing and nobody heard it, all is not well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """When it was last heard, and every how long it sings."""

    at: datetime
    every: timedelta

    def trouble(self, now: datetime) -> str | None:
        """Return what is wrong when nobody has heard it for too long."""
        if now - self.at <= MISSED * self.every:
            return None
        return f"no made-up article has come through since {show_instant(self.at)}"


def last_heard(tx: Transaction) -> Heard | None:
    """Return when it was last heard by whoever runs the daemon; None when it never was."""
    kept = tx.meta.get(FACT)
    if kept is None:
        return None
    fact = json.loads(kept)
    return Heard(at=datetime.fromisoformat(fact["at"]), every=timedelta(seconds=fact["every_s"]))


@dataclass(slots=True, kw_only=True)
class Canary:
    """Sends a made-up article the whole way, and says when it does not arrive.

    Attributes:
        every: How often it is to sing.
        ping: Told each time that all is well, so that somebody elsewhere misses it when it is not.
        trouble: What was wrong the last time; None when nothing was.
    """

    storage: Storage
    way: Way
    every: timedelta
    now: Callable[[], datetime]
    measured: Measures
    ping: Callable[[], None]
    trouble: str | None = None

    def sing(self) -> bool:
        """Send one; tell whether it arrived."""
        try:
            self.way.go(secrets.token_hex(8))
            self._note()
        except Lost as lost:
            return self._fell_silent(f"a made-up article did not come through: {lost}")
        except StorageError as trouble:
            return self._fell_silent(f"a made-up article did not come through: {trouble}")
        except Exception as bug:
            log.exception("bug on the way of the canary")
            return self._fell_silent(f"a made-up article met a bug: {type(bug).__name__}")
        self.measured.count(measures.CANARY, "ok")
        if self.trouble is not None:
            log.warning("the canary sings again")
        self.trouble = None
        self.ping()
        return True

    def _note(self) -> None:
        fact = {"at": self.now().isoformat(), "every_s": self.every.total_seconds()}
        with self.storage.transaction() as tx:
            tx.meta.set(FACT, json.dumps(fact))

    def _fell_silent(self, why: str) -> bool:
        self.measured.count(measures.CANARY, "lost")
        if self.trouble != why:
            log.error("the canary is silent", extra={"why": why})
        self.trouble = why
        return False


def without_ping() -> None:
    """Tell nobody."""
