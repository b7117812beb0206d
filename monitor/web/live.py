"""What pages and programs are told while they listen: new alerts; looked for once for them all."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

import anyio.to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from monitor.services.alerts import raised
from monitor.views.alert import AlertShape, raised_shape
from monitor.web.base.desk import number
from monitor.web.base.problems import problem
from storage.api.errors import StorageError
from storage.api.storage import Storage, Transaction

MOST_THREADS = 8
"""So many pages are made at once; the others wait, and deliveries do not wait for them."""

LOOK_SECONDS = 1.0
SILENCE_SECONDS = 25.0
"""A line that says nothing goes out so often, so that nobody between takes the stream for dead."""

AT_ONCE = 100
MOST_READERS = 200
MOST_SECONDS = 3600.0
"""Then the browser asks again by itself."""


class Live:
    """Tells open pages how many alerts there are."""

    def __init__(
        self, storage: Storage, *, warm: Callable[[Transaction], object] = lambda tx: None
    ) -> None:
        """Begin with nothing.

        Args:
            warm: Reads what the first page would have to wait for.
        """
        self._storage = storage
        self._warm = warm
        self._last = 0
        self._readers = 0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def lifespan(self, site: Starlette) -> AsyncIterator[None]:
        """Look for what is new for as long as the site is served."""
        anyio.to_thread.current_default_thread_limiter().total_tokens = MOST_THREADS
        self._last = await run_in_threadpool(self._newest)
        looking = asyncio.create_task(self._look())
        warming = asyncio.create_task(run_in_threadpool(self._read_ahead))
        try:
            yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            await warming

    async def stream(self, request: Request) -> Response:
        """Answer with the number of the newest alert, and again whenever there is a newer one."""
        if self._readers >= MOST_READERS:
            return PlainTextResponse("too many pages are open\n", status_code=503)
        return StreamingResponse(
            self._lines(request),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def alerts(self, request: Request) -> Response:
        """Answer with the alerts raised after `Last-Event-ID`, or from now on, one event each.

        In the order of their numbers, so that whoever comes back with the last one misses none.
        """
        if self._readers >= MOST_READERS:
            return problem(503, "too many are listening", headers={"Retry-After": "30"})
        query = request.query_params.get("after", "")
        last = request.headers.get("last-event-id", query).strip()
        given = {"Last-Event-ID": last}
        after = number(given, "Last-Event-ID", default=-1, low=0, high=10**9 - 1)
        newest = await run_in_threadpool(self._newest)
        # A number that was never given out comes from before a backup was put back.
        after = newest if after < 0 else min(after, newest)
        return StreamingResponse(
            self._events(request, after),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _events(self, request: Request, seq: int) -> AsyncIterator[str]:
        self._readers += 1
        try:
            yield f"retry: 3000\nid: {seq}\n\n"
            until = asyncio.get_running_loop().time() + MOST_SECONDS
            while asyncio.get_running_loop().time() < until and not await request.is_disconnected():
                told = await run_in_threadpool(self._raised_after, seq)
                for shape in told:
                    seq = shape["seq"]
                    yield f"id: {seq}\nevent: alert\ndata: {json.dumps(shape)}\n\n"
                if not told and not await self._wait(partial(self._is_newer, seq)):
                    yield ": still here\n\n"
        finally:
            self._readers -= 1

    def _raised_after(self, seq: int) -> list[AlertShape]:
        with self._storage.reading() as tx:
            alerts = tx.alerts.recent(after_seq=seq, limit=AT_ONCE)
            return [raised_shape(shown) for shown in raised(tx, alerts)]

    async def _lines(self, request: Request) -> AsyncIterator[str]:
        self._readers += 1
        try:
            seen = self._last
            yield f"retry: 3000\nid: {seen}\nevent: newest\ndata: {seen}\n\n"
            until = asyncio.get_running_loop().time() + MOST_SECONDS
            while asyncio.get_running_loop().time() < until and not await request.is_disconnected():
                if await self._wait(partial(self._is_other, seen)):
                    seen = self._last
                    yield f"id: {seen}\nevent: newest\ndata: {seen}\n\n"
                else:
                    yield ": still here\n\n"
        finally:
            self._readers -= 1

    def _is_newer(self, seen: int) -> bool:
        return self._last > seen

    def _is_other(self, seen: int) -> bool:
        return self._last != seen

    async def _wait(self, has_changed: Callable[[], bool]) -> bool:
        try:
            async with asyncio.timeout(SILENCE_SECONDS), self._changed:
                await self._changed.wait_for(has_changed)
        except TimeoutError:
            return False
        return True

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._readers:
                continue
            with suppress(StorageError):  # it is said elsewhere, and tried again
                newest = await run_in_threadpool(self._newest)
                if newest != self._last:
                    self._last = newest
                    async with self._changed:
                        self._changed.notify_all()

    def _read_ahead(self) -> None:
        with suppress(StorageError), self._storage.reading() as tx:
            self._warm(tx)

    def _newest(self) -> int:
        with self._storage.reading() as tx:
            return max((alert.seq for alert in tx.alerts.recent(limit=1)), default=0)
