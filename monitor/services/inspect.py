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

_LIMIT_BYTES = 10 * 1024 * 1024


class Inspector:
    """Looks at URLs with one client for all, and at files; opens no store.

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
        from ingester.discovery.inspect import inspect

        body = read_bytes(path, limit_bytes=_LIMIT_BYTES)
        return inspect(
            body,
            url=self._url,
            content_type=self._content_type,
            name=path.name,
            modified_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
            now=self._now(),
        )

    def _fetched(self, url: str) -> "Inspected":
        from ingester.discovery.inspect import inspect
        from ingester.entry import FetchError
        from ingester.fetch.ports import Fetched
        from ingester.urls.urls import check_feed_url

        try:
            answer = self._fetcher.get(check_feed_url(url))
        except ValueError as error:
            raise Refusal(str(error)) from None
        except FetchError as error:
            raise Refusal(str(error), misuse=False) from None
        if not isinstance(answer, Fetched):  # only to validators, and none were sent
            raise Refusal("the server sent no body", misuse=False)
        charset = f"; charset={answer.charset}" if answer.charset else ""
        return inspect(
            answer.body,
            url=self._url or answer.url,
            content_type=self._content_type or answer.content_type + charset,
            now=self._now(),
        )

    @cached_property
    def _fetcher(self) -> "HttpFetcher":
        from ingester.fetch.http import HttpFetcher
        from monitor.net.client import make_client, user_agent
        from monitor.net.guard import AddressGuard

        guard = AddressGuard(self._config.allow_private)
        client = make_client(guard, user_agent=user_agent(self._config.user_agent_contact))
        return HttpFetcher(client, now=self._now)
