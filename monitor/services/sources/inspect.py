"""Looking at a URL or a file: what would be taken in from it, without storing anything."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.base.errors import Refusal
from monitor.base.files import read_bytes
from monitor.config.load import Config

if TYPE_CHECKING:
    from ingester.discovery.inspect import Inspected
    from ingester.fetch.http import HttpFetcher
    from ingester.sandbox.process import BoundedWork

_LIMIT_BYTES = 10 * 1024 * 1024


class Inspector:
    """Looks at URLs with one client for all, and at files; opens no store.

    What they hold is read as polls read it: in a process of its own, within the same bounds.
    Close it when it is no longer needed.

    Args:
        url: Where a file came from: relative links are joined with it; "" for nowhere.
        content_type: As a server would have said; "" for what it says.
    """

    def __init__(
        self, config: Config, *, now: Callable[[], datetime], url: str = "", content_type: str = ""
    ) -> None:
        self._config = config
        self._now = now
        self._url = url
        self._content_type = content_type

    def at(self, place: str) -> "Inspected":
        """Return what a place holds.

        Raises:
            Refusal: It cannot be read or fetched.
        """
        if "://" in place:
            return self._fetched(place)
        return self._read(Path(place))

    def _read(self, path: Path) -> "Inspected":
        body = read_bytes(path, limit_bytes=_LIMIT_BYTES)
        return self._inspected(
            body,
            url=self._url,
            content_type=self._content_type,
            name=path.name,
            modified_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        )

    def _fetched(self, url: str) -> "Inspected":
        from ingester.entry import FetchError
        from ingester.fetch.ports import Fetched
        from ingester.urls.urls import check_feed_url, shown_url

        try:
            answer = self._fetcher.get(check_feed_url(url))
        except ValueError as error:
            raise Refusal(str(error)) from None
        except FetchError as error:
            raise Refusal(f"{shown_url(url)}: {error}", misuse=False) from None
        if not isinstance(answer, Fetched):  # only to validators, and none were sent
            raise Refusal("the server sent no body", misuse=False)
        charset = f"; charset={answer.charset}" if answer.charset else ""
        return self._inspected(
            answer.body,
            url=self._url or answer.url,
            content_type=self._content_type or answer.content_type + charset,
        )

    def _inspected(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str,
        name: str = "",
        modified_at: datetime | None = None,
    ) -> "Inspected":
        from ingester.entry import ParseError
        from ingester.sandbox.tasks import BoundedReader

        reader = BoundedReader(self._work)
        try:
            return reader.inspect(
                body,
                url=url,
                content_type=content_type,
                name=name,
                modified_at=modified_at,
                now=self._now(),
            )
        except ParseError as error:
            raise Refusal(f"cannot be read: {error}", misuse=False) from None

    def close(self) -> None:
        """End the process that reads, if there is one."""
        if "_work" in self.__dict__:
            self._work.close()

    @cached_property
    def _work(self) -> "BoundedWork":
        from ingester.sandbox.process import BoundedWork

        return BoundedWork()

    @cached_property
    def _fetcher(self) -> "HttpFetcher":
        from ingester.fetch.http import HttpFetcher
        from monitor.net.client import make_client, user_agent
        from monitor.net.guard import AddressGuard

        guard = AddressGuard(self._config.allow_private)
        client = make_client(guard, user_agent=user_agent(self._config.user_agent_contact))
        return HttpFetcher(client, now=self._now)
