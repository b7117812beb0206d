"""Posting to a chat whose service may ask for silence."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest

from monitor.net.client import GuardedClient, make_client
from monitor.net.guard import AddressGuard
from notifiers.api import DeliveryError, Failure, Message, Notifier
from notifiers.channels import discord
from storage.model import DeliveryKind
from tests.answers import reply
from tests.servers import FaultServer
from tests.unit.notifiers.samples import NOON, tools

MESSAGE = Message(id="msg_abc", kind=DeliveryKind.ALERT, payload=b"{}")


@pytest.fixture
def client() -> Iterator[GuardedClient]:
    guard = AddressGuard([ip_network("127.0.0.0/8")])
    with make_client(guard, user_agent="tests") as made:
        yield made


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as made:
        yield made


def chat(client: GuardedClient, now: Callable[[], datetime]) -> Notifier:
    """Discord's, which uses all that there is."""
    made = discord.SPEC.make(tools(client=client, now=now))
    assert made is not None
    return made


def test_what_a_kind_adds_to_the_query_stands_beside_what_the_url_has(
    client: GuardedClient, server: FaultServer
) -> None:
    url = server.on("/hook", reply(b'{"id":"42"}', content_type="application/json"))
    notifier = chat(client, lambda: NOON)
    assert notifier.send(MESSAGE, {"url": url + "?thread_id=7"}) == "42"
    assert server.requests[0].path == "/hook?thread_id=7&wait=true"


def test_a_pause_for_all_of_discord_stops_its_other_channels_too(
    client: GuardedClient, server: FaultServer
) -> None:
    limit = reply(b'{"retry_after": 64.57, "global": true}', status=429)
    first, second = server.on("/one", limit), server.on("/two", reply(status=204))
    clock = [NOON]
    notifier = chat(client, lambda: clock[0])
    with pytest.raises(DeliveryError) as caught:
        notifier.send(MESSAGE, {"url": first})
    assert caught.value.after == timedelta(seconds=64.57)
    clock[0] += timedelta(seconds=60)
    with pytest.raises(DeliveryError) as caught:
        notifier.send(MESSAGE, {"url": second})
    assert (caught.value.failure, caught.value.after) == (Failure.WAIT, timedelta(seconds=4.57))
    assert server.seen("/two") == []
    clock[0] += timedelta(seconds=5)
    notifier.send(MESSAGE, {"url": second})


def test_a_pause_for_one_channel_stops_only_that(
    client: GuardedClient, server: FaultServer
) -> None:
    limit = reply(b'{"retry_after": 64.57, "global": false}', status=429)
    first, second = server.on("/one", limit), server.on("/two", reply(status=204))
    notifier = chat(client, lambda: NOON)
    with pytest.raises(DeliveryError):
        notifier.send(MESSAGE, {"url": first})
    notifier.send(MESSAGE, {"url": second})
