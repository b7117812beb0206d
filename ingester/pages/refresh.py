"""Pages that only send their reader on: what they lead to is fetched, as after a redirect."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from ingester.entry import Entry, FetchError, ParseError
from ingester.fetch.conditional import type_of
from ingester.fetch.ports import (
    DEFAULT_LIMITS,
    FEEDS,
    Fetched,
    Fetcher,
    Limits,
    NotModified,
    Robots,
)
from ingester.urls.parts import split_url

LONGEST = 64 << 10
"""Bytes of a page that says nothing but where its article is."""

_REFRESH = re.compile(rb"http-equiv\s{0,8}=\s{0,8}[\"']?\s{0,8}refresh", re.I)
_VALIDATORS = ("etag", "last-modified")


class RefreshFollower:
    """Implements `ingester.fetch.ports.Fetcher`: also follows `<meta http-equiv="refresh">`.

    It does so as the fetcher follows redirects: within the limits of one fetch, in no circle, and
    to no page that robots.txt forbids. Only a page that says nothing itself is left.

    Args:
        robots: Says which pages may be fetched; None: all.
        read_page: As `ingester.pages.kind.read_page`: it knows a page that only leads on.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        robots: Robots | None,
        read_page: Callable[..., Entry],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetcher = fetcher
        self._robots = robots
        self._read_page = read_page
        self._monotonic = monotonic

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = FEEDS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Fetched | NotModified:
        """Get a URL, or what the page there leads to.

        What was led to comes without validators: the page that is asked for next would take those
        for its own, and never say that it leads elsewhere by then.
        """
        end = self._monotonic() + limits.total.total_seconds()
        answer = self._fetcher.get(
            url, etag=etag, last_modified=last_modified, accept=accept, limits=limits
        )
        visited = {url}
        followed = 0
        while to := self._leads_to(answer):
            visited.add(answer.url)
            followed += 1
            if to in visited:
                raise FetchError("it sends its reader on in a circle", kind="redirect")
            if followed > limits.redirects:
                raise FetchError(f"more than {limits.redirects} redirects", kind="redirect")
            if self._robots and (refusal := self._robots.refusal(to)):
                raise refusal
            visited.add(to)
            left = timedelta(seconds=max(0.0, end - self._monotonic()))
            try:
                found = self._fetcher.get(to, accept=accept, limits=replace(limits, total=left))
            except FetchError as error:
                raise (error if error.is_led_on else _led_on(error, to)) from error.__cause__
            kept = {name: said for name, said in found.headers.items() if name not in _VALIDATORS}
            answer = replace(found, permanent_url=None, headers=kept)
        return answer

    def _leads_to(self, answer: Fetched | NotModified) -> str:
        """Return where a page sends its reader that says nothing itself, or ""."""
        if not isinstance(answer, Fetched) or len(answer.body) > LONGEST:
            return ""
        if not _REFRESH.search(answer.body):
            return ""
        try:
            self._read_page(answer.body, url=answer.url, content_type=type_of(answer))
        except ParseError as error:
            return error.to
        return ""


def _led_on(error: FetchError, to: str) -> FetchError:
    """Return an error that says where it happened: not at the address that was asked for."""
    return FetchError(
        f"redirected to {split_url(to).host}: {error}",
        kind=error.kind,
        status=error.status,
        retry_after=error.retry_after,
        is_led_on=True,
    )
