"""Who runs the steps of the daemon: a protocol, and threads of this process that implement it."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from monitor.base import clock
from monitor.daemon.threads import ChannelWorkers, ThreadCrew
from storage.model import Source


class NotTaken(Exception):
    """A poll cannot begin now; its source is to be put back."""


SPARE = 2
"""So many polls may be slow for each that may be quick."""


class Dispatcher(Protocol):
    """Runs polls and deliveries somewhere else than in the caller's thread.

    Each step that was taken is run at least once: whoever runs it may die, and what it had
    claimed is then claimed again. Of one source there are never two polls at a time.
    """

    @property
    def room(self) -> int:
        """How many polls may be handed over now; claim no more sources than that.

        Some of them may have to wait a moment for those before them.
        """
        ...

    @property
    def room_for_slow(self) -> int:
        """How many polls of sources that are known to be slow could begin now."""
        ...

    def poll(self, source: Source, *, is_slow: bool = False) -> None:
        """Have a claimed source polled; return before that is done.

        Polls that turn out to be slow take no room from others, up to a bound.

        Args:
            is_slow: It was, when it was last polled.

        Raises:
            NotTaken: It is not polled: there is no room, or a poll of it is still under way.
        """
        ...

    def let_go(self, source: Source) -> None:
        """Let a source be polled again; called from its poll, which goes on with other work."""
        ...

    def wait_for_room(self, *, seconds: float) -> bool:
        """Wait until there is room for several polls; False if there was none within `seconds`."""
        ...

    def deliver(self, channel_id: str) -> None:
        """Have what a channel owes delivered until nothing is due; return before that is done.

        For a channel that is being served already this changes nothing.
        """
        ...

    def wait(self, *, seconds: float) -> bool:
        """Wait until nothing is under way; False if something still is after `seconds`."""
        ...

    def close(self, *, seconds: float, seconds_for_polls: float) -> bool:
        """Begin nothing new, and wait for what is under way.

        Args:
            seconds: For deliveries, and for all of it.
            seconds_for_polls: After that, at most, for polls: they can be done again.

        Returns:
            Whether all of it has ended.
        """
        ...


class ThreadDispatcher:
    """Implements `Dispatcher` with threads of this process.

    Args:
        poll: Polls a claimed source.
        deliveries: Delivers what channels owe.
        polls: How many polls may be under way at once; `SPARE` times as many more while they
            are slow.
        ahead: How many more may be handed over, to begin as soon as a thread is free.
    """

    def __init__(
        self,
        *,
        poll: Callable[[Source], object],
        deliveries: ChannelWorkers,
        polls: int,
        ahead: int = 0,
    ) -> None:
        self._poll = poll
        self._polls = ThreadCrew("poll", size=polls, spare=SPARE * polls, ahead=ahead)
        self._deliveries = deliveries

    @property
    def room(self) -> int:
        return self._polls.free

    @property
    def room_for_slow(self) -> int:
        return self._polls.free_for_slow

    def poll(self, source: Source, *, is_slow: bool = False) -> None:
        task = partial(self._poll, source)
        try:
            if not self._polls.run(task, key=source.id, is_slow=is_slow):
                raise NotTaken("a poll of it is still under way")
        except RuntimeError as error:  # no more threads to be had
            raise NotTaken(str(error)) from error

    def let_go(self, source: Source) -> None:
        self._polls.let_go(source.id)

    def wait_for_room(self, *, seconds: float) -> bool:
        return self._polls.wait_for_room(seconds=seconds)

    def deliver(self, channel_id: str) -> None:
        self._deliveries.serve(channel_id)

    def wait(self, *, seconds: float) -> bool:
        return self._polls.wait(seconds=seconds) and self._deliveries.drain(seconds=seconds)

    def close(self, *, seconds: float, seconds_for_polls: float) -> bool:
        until = clock.monotonic() + seconds
        delivered = self._deliveries.close(seconds=seconds)
        left = max(0.0, min(seconds_for_polls, until - clock.monotonic()))
        return self._polls.close(seconds=left) and delivered
