"""Sending through Apprise, by a process that asks before it connects."""

import json
import threading
import traceback
from collections.abc import Callable

import apprise
import pytest

from notifiers.api import DeliveryError, Failure, Message
from notifiers.channels import unsupported
from notifiers.channels.apprise import kind
from notifiers.channels.apprise.kind import AppriseNotifier, render
from notifiers.channels.targets import parse_target
from storage.model import DeliveryKind
from tests.answers import ENDLESS_S, Connection, Seen, black_hole, reply
from tests.servers import FaultServer, fault_server
from tests.unit.notifiers.samples import ENVELOPE, LINK, TITLE, alert_content, hostile

__all__ = ["fault_server"]

MESSAGE = Message(
    id="msg_1", kind=DeliveryKind.ALERT, payload=b'{"title":"T","body":"https://x.example\\nB"}'
)


def allow(address: str, port: int) -> None:
    """Let everything be connected to."""


def refuse(address: str, port: int) -> None:
    raise DeliveryError(f"address {address} is not public", Failure.DISABLED)


def sent(
    server: FaultServer,
    *,
    check: Callable[[str, int], None] = allow,
    url: str | None = None,
) -> DeliveryError | None:
    settings = {"url": url or server.url("/geheim").replace("http:", "json:")}
    failure: DeliveryError | None = None
    try:
        AppriseNotifier(check, seconds=ENDLESS_S).send(MESSAGE, settings)
    except DeliveryError as error:
        failure = error
    assert failure is None or "geheim" not in "".join(traceback.format_exception(failure))
    return failure


def test_title_and_text_arrive(fault_server: FaultServer) -> None:
    fault_server.on("/geheim", reply(status=200))
    assert sent(fault_server) is None
    [seen] = fault_server.seen("/geheim")
    assert json.loads(seen.body)["title"] == "T"
    assert json.loads(seen.body)["message"] == "https://x.example\nB"


def test_an_address_that_may_not_be_connected_to_is_not(fault_server: FaultServer) -> None:
    fault_server.on("/geheim", reply(status=200))
    error = sent(fault_server, check=refuse)
    assert error is not None
    assert (error.failure, str(error)) == (Failure.DISABLED, "address 127.0.0.1 is not public")
    assert fault_server.connections == 0


def test_a_refusal_is_tried_again_and_in_the_end_switches_the_channel_off(
    fault_server: FaultServer,
) -> None:
    fault_server.on("/geheim", reply(status=403))
    error = sent(fault_server)
    assert error is not None
    assert error.failure is Failure.RETRY
    assert error.hold_after is not None


def test_silence_is_an_unknown_outcome(
    fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    def silence(connection: Connection, seen: Seen) -> None:
        asked.set()
        black_hole()(connection, seen)

    class Deadline(threading.Timer):
        """Ends when the request is there, however long a busy machine takes to send it."""

        def run(self) -> None:
            assert asked.wait(ENDLESS_S)
            self.function()

    monkeypatch.setattr(kind, "Timer", Deadline)
    fault_server.on("/geheim", silence)
    error = sent(fault_server)
    assert error is not None
    assert error.failure is Failure.UNKNOWN


def test_a_url_that_it_does_not_know_switches_the_channel_off(fault_server: FaultServer) -> None:
    error = sent(fault_server, url="nonsense://geheim")
    assert error is not None
    assert error.failure is Failure.DISABLED


def test_what_is_said_fits_and_its_link_comes_first() -> None:
    long = "國" * 5000
    made = json.loads(render(alert_content(**hostile(long), reasons=(long,) * 3), ENVELOPE))
    assert made["body"].startswith(f"{LINK}\n")
    assert "#a1b2c3" in made["body"]
    assert len(made["title"]) + len(made["body"]) <= kind.MOST_CHARACTERS
    assert json.loads(render(alert_content(), ENVELOPE))["title"] == TITLE


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1:8080/geheim",
        "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "mailto://user:geheim@gmail.com",
    ],
)
def test_any_url_of_its_is_a_target(url: str) -> None:
    target = parse_target(url)
    assert (target.kind, target.settings) == ("apprise", {"url": url})
    assert target.shown == f"{url.partition(':')[0]}://***"


def test_an_address_of_a_known_service_that_cannot_be_read_is_said_to_be_that() -> None:
    with pytest.raises(ValueError, match="knows that service, but not by an address") as refused:
        parse_target("tgram://geheim/1")
    assert "unknown scheme" not in str(refused.value)
    assert "geheim" not in str(refused.value)
    with pytest.raises(ValueError, match=r'unknown scheme "foo".*nor does Apprise know it'):
        parse_target("foo://bar")


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"not installed: pip install .newsroom-monitor\[apprise"):
        parse_target("tgram://123456789:geheim/1")


def test_the_schemes_that_are_told_are_ones_that_it_has() -> None:
    known = {
        name
        for schema in apprise.Apprise().details()["schemas"]
        for key in ("protocols", "secure_protocols")
        for name in schema[key] or ()
    }
    assert {spec.scheme for spec in unsupported.SPECS} <= known
