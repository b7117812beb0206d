"""Fixtures of the tests of fetching: the real client, allowed to reach this machine."""

from collections.abc import Iterator

import httpx
import pytest

from ingester.fetch.http import HttpFetcher
from monitor.net.client import make_client, tls_context
from monitor.net.guard import AddressGuard
from tests.certificates import trust
from tests.servers import FaultServer
from tests.unit.ingester.fetch.fetching import LOCAL, NOON, names


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """The product's client; `.test` names lead to the loopback interface."""
    guard = AddressGuard(LOCAL, resolve=names)
    with make_client(guard, user_agent="tests/1", tls=trust(tls_context())) as client:
        yield client


@pytest.fixture
def fetcher(client: httpx.Client) -> HttpFetcher:
    """Fetches at noon."""
    return HttpFetcher(client, now=lambda: NOON)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A plain HTTP server that has nothing to say yet."""
    with FaultServer() as server:
        yield server
