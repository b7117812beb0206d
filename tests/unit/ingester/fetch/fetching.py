"""What the tests of fetching share: names that lead to this machine, and small shortcuts."""

import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from ingester.entry import FetchError
from ingester.fetch.http import HttpFetcher
from ingester.fetch.ports import Fetched, Limits, NotModified

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FEED = b"<rss><channel><title>News</title></channel></rss>" * 20
SHORT = Limits(head=timedelta(seconds=0.3), total=timedelta(seconds=0.6))
LOCAL = (ip_network("127.0.0.0/8"),)


def names(host: str, timeout: float) -> list[str]:
    """Resolve the names of these tests to the loopback interface, and no other."""
    if host.endswith(".test"):
        return ["127.0.0.1"]
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def fetched(answer: Fetched | NotModified) -> Fetched:
    assert isinstance(answer, Fetched)
    return answer


def failure(fetcher: HttpFetcher, url: str, limits: Limits = SHORT) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.get(url, limits=limits)
    return caught.value
