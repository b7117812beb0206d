"""What every part of the program is built from: settings, the store, time and the one way out."""

import random
import time
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.base.measures import Measures
from monitor.base.right_of_way import RightOfWay
from monitor.config.load import Config
from monitor.net.guard import AddressGuard
from storage.api.storage import Storage

if TYPE_CHECKING:
    from monitor.net.client import GuardedClient


class Foundation:
    """What both halves share.

    Attributes:
        owner: What this process calls itself on leases: host, process and a random part.
        now: What time it is, UTC; tests hand in their own.
        measures: Counts and times what this process does.
        right_of_way: Lets news go before what takes long.
        chance: A number from 0 to 1, with which waits are spread.
        without: Kinds of source that this process leaves to others.
    """

    def __init__(
        self, config: Config, storage: Storage, *, owner: str, now: Callable[[], datetime]
    ) -> None:
        self.config = config
        self.storage = storage
        self.owner = owner
        self.now = now
        self.measures = Measures()
        self.right_of_way = RightOfWay()
        self.chance: Callable[[], float] = random.Random().random  # noqa: S311  only spreads waits
        self.without: frozenset[str] = frozenset()

    @cached_property
    def guard(self) -> AddressGuard:
        """Decides which addresses may be connected to."""
        return AddressGuard(self.config.allow_private)

    @cached_property
    def client(self) -> "GuardedClient":
        """The one client that all requests go through."""
        from monitor.net.client import make_client, user_agent

        return make_client(self.guard, user_agent=user_agent(self.config.user_agent_contact))

    def pause(self, seconds: float) -> None:
        """Wait for a site; others do not wait for us meanwhile."""
        with self.right_of_way.waiting():
            time.sleep(seconds)

    def end_idle(self) -> None:
        """Close connections that are kept for another request and have waited too long."""
        if "client" in self.__dict__:
            self.client.end_idle()
