"""Signed JSON to real servers that misbehave."""

import ipaddress
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from standardwebhooks import Webhook

from monitor.net.client import GuardedClient, make_client
from monitor.net.guard import AddressGuard
from notifiers.api import DeliveryError, Failure, Message
from notifiers.channels.webhook import WebhookNotifier
from notifiers.http import post
from storage.model import DeliveryKind
from tests.answers import (
    DEADLINES_S,
    ENDLESS_S,
    Answer,
    black_hole,
    cut,
    delayed,
    drip,
    endless,
    endless_body,
    endless_headers,
    endless_informational,
    head,
    raw,
    redirect,
    reply,
    reset,
)
from tests.certificates import TlsKind, trusting
from tests.servers import FaultServer, refused_url
from tests.unit.notifiers.channels.test_signature import OTHER, SECRET
from tests.unit.notifiers.samples import NOON

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
MESSAGE = Message(id="msg_abc", kind=DeliveryKind.ALERT, payload='{"title":"Hà Nội"}'.encode())


def new_client(*, allowed: bool = True) -> GuardedClient:
    guard = AddressGuard(LOOPBACK if allowed else ())
    return make_client(guard, user_agent="newsroom-monitor/test", tls=trusting())


@pytest.fixture
def client() -> Iterator[GuardedClient]:
    with new_client() as made:
        yield made


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as made:
        yield made


def send(client: post.Poster, url: str, *, secret: str = "", seconds: float = 60) -> str | None:
    notifier = WebhookNotifier(client, lambda: datetime.now(UTC), seconds=seconds)
    return notifier.send(MESSAGE, {"url": url, "secret": secret} if secret else {"url": url})


def failed(client: post.Poster, url: str, *, seconds: float = 60) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send(client, url, seconds=seconds)
    return caught.value


def test_what_arrives_is_the_frozen_body_under_the_deliverys_id(
    client: GuardedClient, server: FaultServer
) -> None:
    send(client, server.on("/hook", reply(status=204)), secret=SECRET)
    (seen,) = server.seen("/hook")
    assert (seen.method, seen.body) == ("POST", MESSAGE.payload)
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["webhook-id"] == "msg_abc"
    assert seen.headers["user-agent"] == "newsroom-monitor/test"
    assert Webhook(SECRET).verify(seen.body, dict(seen.headers)) == {"title": "Hà Nội"}


def test_every_try_carries_the_same_id_and_bytes_and_a_signature_of_now(
    client: GuardedClient, server: FaultServer
) -> None:
    url = server.on("/hook", reply(status=500), reply(status=204))
    instants = iter([NOON, NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=1)])
    notifier = WebhookNotifier(client, lambda: next(instants))
    with pytest.raises(DeliveryError):
        notifier.send(MESSAGE, {"url": url, "secret": SECRET})
    notifier.send(MESSAGE, {"url": url, "secret": SECRET})
    one, two = server.seen("/hook")
    assert one.body == two.body
    assert one.headers["webhook-id"] == two.headers["webhook-id"]
    assert int(two.headers["webhook-timestamp"]) - int(one.headers["webhook-timestamp"]) == 3600
    assert one.headers["webhook-signature"] != two.headers["webhook-signature"]


def test_during_a_rotation_old_and_new_receivers_both_verify(
    client: GuardedClient, server: FaultServer
) -> None:
    send(client, server.on("/hook", reply()), secret=f"{SECRET}\n{OTHER}")
    (seen,) = server.seen("/hook")
    for secret in (SECRET, OTHER):
        Webhook(secret).verify(seen.body, dict(seen.headers))


def test_without_a_secret_nothing_is_signed(client: GuardedClient, server: FaultServer) -> None:
    send(client, server.on("/hook", reply()))
    assert "webhook-signature" not in server.seen("/hook")[0].headers


def test_a_secret_that_is_none_switches_the_channel_off(
    client: GuardedClient, server: FaultServer
) -> None:
    with pytest.raises(DeliveryError, match="not base64") as caught:
        send(client, server.on("/hook", reply()), secret="whsec_%%%")
    assert caught.value.failure is Failure.DISABLED
    assert server.seen("/hook") == []


@pytest.mark.parametrize(
    ("answer", "failure", "says"),
    [
        pytest.param(reply(status=500), Failure.RETRY, "HTTP 500", id="500"),
        pytest.param(reply(b"bad time", status=400), Failure.PERMANENT, "bad time", id="400"),
        pytest.param(reply(status=410), Failure.DISABLED, "gone", id="410"),
        pytest.param(reset(), Failure.UNKNOWN, "may have it", id="takes it and resets"),
        pytest.param(raw(b""), Failure.UNKNOWN, "may have it", id="takes it and closes"),
        pytest.param(raw(b"what?\r\n\r\n"), Failure.UNKNOWN, "may have it", id="no HTTP"),
        pytest.param(endless_headers(), Failure.UNKNOWN, "may have it", id="endless headers"),
        pytest.param(endless_informational(), Failure.UNKNOWN, "may have it", id="endless 1xx"),
    ],
)
def test_what_a_receivers_behaviour_means(
    client: GuardedClient, server: FaultServer, answer: Answer, failure: Failure, says: str
) -> None:
    error = failed(client, server.on("/hook", answer))
    assert error.failure is failure
    assert says in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(black_hole(), id="says nothing"),
        pytest.param(black_hole(b"HTTP/1.1 200"), id="stops in its first line"),
        pytest.param(drip(head(200) * 50, every=0.05), id="says a byte at a time"),
        pytest.param(delayed(ENDLESS_S, reply()), id="thinks too long"),
        pytest.param(
            endless(b"HTTP/1.1 100 Continue\r\n", b""), id="stays informational", marks=()
        ),
    ],
)
def test_one_deadline_ends_every_way_of_taking_long(
    client: GuardedClient, server: FaultServer, answer: Answer
) -> None:
    url = server.on("/hook", answer)
    errors = (failed(client, url, seconds=seconds) for seconds in DEADLINES_S)
    error = next(error for error in errors if str(error) != "not reached in time")
    assert error.failure is Failure.UNKNOWN
    assert str(error).startswith("no answer in time")


def test_a_tls_handshake_that_hangs_is_not_for_ever(client: GuardedClient) -> None:
    with FaultServer(tls="good", deaf=True) as deaf:
        error = failed(client, deaf.url("/hook"), seconds=0.3)
    assert error.failure is Failure.RETRY
    assert str(error) == "not reached in time"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(endless_body(), id="endless"),
        pytest.param(cut(b"x" * 1000, after=10), id="cut short"),
        pytest.param(drip(b"x" * 10_000, at_once=head(200, {"Content-Length": "9999"})), id="slow"),
    ],
)
def test_a_2xx_is_a_success_whatever_its_body_does(
    client: GuardedClient, server: FaultServer, answer: Answer
) -> None:
    assert send(client, server.on("/hook", answer), seconds=2) is None


def test_a_redirect_is_not_followed_and_says_where_to(
    client: GuardedClient, server: FaultServer
) -> None:
    with FaultServer() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            elsewhere.on("/T0KEN", reply())
            to = elsewhere.url("/T0KEN", host="localhost")
            error = failed(client, server.on("/hook", redirect(to, status=status)))
            assert str(error) == (
                f"HTTP {status}: redirects are not followed: change the channel's URL to the one "
                "at localhost"
            )
            assert error.failure is Failure.RETRY
            assert error.hold_after is not None
        assert elsewhere.requests == []


def test_no_redirect_is_followed(client: GuardedClient, server: FaultServer) -> None:
    url = server.on("/hook", redirect(server.on("/moved", reply())))
    assert failed(client, url).failure is Failure.RETRY
    assert server.seen("/moved") == []


def test_a_name_and_password_in_the_url_are_sent_as_a_login(
    client: GuardedClient, server: FaultServer
) -> None:
    url = server.on("/hook", reply(status=204))
    send(client, url.replace("://", "://bo:p%40ss@"))
    assert server.requests[0].headers["authorization"] == "Basic Ym86cEBzcw=="


def test_nobody_there_is_tried_again(client: GuardedClient) -> None:
    error = failed(client, refused_url("/hook"))
    assert (error.failure, str(error)) == (Failure.RETRY, "connection refused")


def test_a_name_without_an_address_is_tried_again(client: GuardedClient) -> None:
    error = failed(client, "http://name:secret@nowhere.invalid/hook")
    told = "its host name nowhere.invalid cannot be resolved"
    assert (error.failure, str(error)) == (Failure.RETRY, told)


@pytest.mark.parametrize("kind", ["expired", "wrong-host", "unknown-ca"])
def test_a_bad_certificate_is_never_accepted(client: GuardedClient, kind: TlsKind) -> None:
    with FaultServer(tls=kind) as server:
        error = failed(client, server.on("/hook", reply()))
        assert server.requests == []
    assert error.failure is Failure.RETRY
    assert "certificate is not valid" in str(error)
    assert "127.0.0.1" not in str(error)


def test_a_good_certificate_is_accepted(client: GuardedClient) -> None:
    with FaultServer(tls="good") as server:
        send(client, server.on("/hook", reply()))
        assert len(server.requests) == 1


def test_a_private_address_switches_the_channel_off_after_a_day_and_nothing_is_sent(
    server: FaultServer,
) -> None:
    url = server.on("/hook", reply())
    with new_client(allowed=False) as guarded:
        error = failed(guarded, url)
    assert (error.failure, error.hold_after) == (Failure.RETRY, timedelta(days=1))
    assert "not public" in str(error)
    assert server.connections == 0


@pytest.mark.parametrize(
    "url", ["ftp://x/T0KEN", "http://[T0KEN/", "T0KEN", "http://a\\@T0KEN/", "http://x/\nT0KEN"]
)
def test_a_url_that_is_none_switches_the_channel_off(client: GuardedClient, url: str) -> None:
    error = failed(client, url)
    assert error.failure is Failure.DISABLED
    assert "T0KEN" not in str(error)


@pytest.mark.parametrize("value", ["7", "Sun, 01 Mar 2026 12:00:07 GMT"])
def test_a_429_is_waited_out(client: GuardedClient, server: FaultServer, value: str) -> None:
    url = server.on("/hook", reply(status=429, headers={"Retry-After": value}))
    with pytest.raises(DeliveryError) as caught:
        WebhookNotifier(client, lambda: NOON).send(MESSAGE, {"url": url})
    assert caught.value.failure is Failure.WAIT
    assert caught.value.after == timedelta(seconds=7)


def test_a_failure_in_the_middle_of_a_large_body_is_known_not_to_have_arrived(
    client: GuardedClient, server: FaultServer
) -> None:
    huge = Message(id="msg_1", kind=DeliveryKind.ALERT, payload=b"x" * (64 << 20))
    with FaultServer(deaf=True) as deaf, pytest.raises(DeliveryError) as caught:
        WebhookNotifier(client, lambda: NOON, seconds=0.3).send(huge, {"url": deaf.url("/hook")})
    assert caught.value.failure is Failure.RETRY


@pytest.mark.parametrize(
    "fault", [httpx.ConnectError("x"), httpx.WriteError("x"), httpx.ReadTimeout("x")]
)
@pytest.mark.parametrize(("is_sent", "failure"), [(False, Failure.RETRY), (True, Failure.UNKNOWN)])
def test_who_has_been_sent_all_of_it_may_have_it(
    fault: httpx.TransportError, is_sent: bool, failure: Failure
) -> None:
    class Failing:
        def exchange(
            self, asked: post.Asked, *, seconds: float, most: int, sent: Callable[[], None]
        ) -> post.Answer:
            if is_sent:
                sent()
            raise fault

    assert failed(Failing(), "http://x.example/T0KEN").failure is failure


def test_nothing_of_the_url_is_logged(
    client: GuardedClient, server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    url = server.on("/in/CANARY-TOKEN", reply(status=500))
    with caplog.at_level(logging.INFO):
        failed(client, url + "?key=CANARY-KEY")
    assert "CANARY" not in caplog.text
