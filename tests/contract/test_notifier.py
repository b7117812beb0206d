"""What every kind of notifier must do, whatever it sends to."""

import io
import ipaddress
import itertools
import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from monitor.net.client import make_client
from monitor.net.guard import AddressGuard
from notifiers.api import DeliveryError, Failure, Message, Notifier, Settings
from notifiers.channels.apprise.kind import AppriseNotifier
from notifiers.channels.console import ConsoleNotifier
from notifiers.channels.email.notifier import EmailNotifier
from notifiers.channels.kinds import KINDS, make_notifiers
from notifiers.channels.targets import parse_target
from notifiers.content.wording import compact_json
from notifiers.spec import NotifierTools, WebUrl
from storage.model import DeliveryKind
from tests.answers import DEADLINES_S, Answer, black_hole, drip, head, reply, reset
from tests.certificates import trusting
from tests.servers import FaultServer
from tests.smtp_server import SmtpServer
from tests.unit.notifiers.samples import ENVELOPE, NOON, Smtp, alert_content
from tests.vendors.double import CANARY, Double
from tests.vendors.doubles import DOUBLES

HTTP_KINDS = [kind for kind, spec in KINDS.items() if isinstance(spec.target, WebUrl)]


@dataclass(kw_only=True)
class Case:
    """A notifier with somebody to send to.

    Attributes:
        received: Returns what has arrived, as bytes, in order.
        leave: Makes the receiver go away.
    """

    kind: str
    notifier: Notifier
    settings: Settings
    received: Callable[[], list[bytes]]
    leave: Callable[[], None]
    web: FaultServer | None = None
    path: str = ""
    mail: SmtpServer | None = None

    @property
    def message(self) -> Message:
        recipient = "bo@example.org" if self.kind == "email" else ""
        envelope = replace(ENVELOPE, recipient=recipient or ENVELOPE.recipient)
        return Message(
            id=envelope.id,
            kind=DeliveryKind.ALERT,
            payload=KINDS[self.kind].render(alert_content(), envelope),
            recipient=recipient,
        )

    def send(self) -> str | None:
        return self.notifier.send(self.message, self.settings)


class _Forgetful(io.StringIO):
    """Text that somebody stopped reading."""

    gone = False

    def write(self, text: str) -> int:
        if self.gone:
            raise BrokenPipeError
        return super().write(text)


@contextmanager
def made(kind: str) -> Iterator[Case]:
    """Make the notifier as the program does."""
    guard = AddressGuard((ipaddress.ip_network("127.0.0.0/8"),))
    out = _Forgetful()
    with (
        make_client(guard, user_agent="test", tls=trusting()) as client,
        SmtpServer(users={"bo": CANARY}) as mail,
        FaultServer() as web,
    ):
        double = DOUBLES[kind]() if kind in DOUBLES else None
        path = double.path if double else f"/in/{CANARY}?key={CANARY}"
        web.otherwise(double or reply(b"1"))
        tools = NotifierTools(
            client=client,
            now=lambda: NOON,
            stdout=out,
            smtp=Smtp(port=mail.port, user="bo", password=CANARY),
            connect=lambda host, port, seconds: guard.connect(host, port, timeout=seconds),
            check_address=lambda host, port: guard.check_address(host, port),
            may_be_unprotected=guard.is_allowed_private,
        )
        notifier = make_notifiers(tools)[kind]
        case = Case(
            kind=kind,
            notifier=notifier,
            settings=_settings(kind, web.url(path), double),
            received=lambda: [
                double.payload(request) if double else request.body for request in web.requests
            ],
            leave=web.close,
            web=web,
            path=path,
            mail=mail,
        )
        if isinstance(notifier, EmailNotifier):
            notifier._server._context = trusting()
            case.received = lambda: [arrived.data for arrived in mail.mails]
            case.leave = mail.close
        elif isinstance(notifier, AppriseNotifier):
            case.settings = {"url": web.url(f"/in/{CANARY}").replace("http:", "json:")}
            case.received = lambda: [_of_apprise(request.body) for request in web.requests]
        elif isinstance(notifier, ConsoleNotifier):
            case.received = lambda: [
                f"{text}\n\n".encode() for text in out.getvalue().split("\n\n") if text
            ]
            case.leave = lambda: setattr(out, "gone", True)
        yield case
        if isinstance(notifier, EmailNotifier):
            notifier.close()


def _of_apprise(body: bytes) -> bytes:
    """Return the frozen bytes in what Apprise posts to `json://`."""
    said = json.loads(body)
    return compact_json({"title": said["title"], "body": said["message"]})


def _settings(kind: str, target: str, double: Double | None) -> Settings:
    if kind not in HTTP_KINDS:
        return {}
    settings = dict(parse_target(target, kind=kind).settings)
    if double is not None and double.secret:
        settings["secret"] = double.secret
    return settings


@pytest.fixture(params=list(KINDS))
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    with made(request.param) as made_case:
        yield made_case


@pytest.fixture(params=HTTP_KINDS)
def web_case(request: pytest.FixtureRequest) -> Iterator[Case]:
    with made(request.param) as made_case:
        yield made_case


def failed(case: Case) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        case.send()
    return caught.value


def answering(case: Case, *answers: Answer) -> Case:
    assert case.web is not None
    turns = itertools.chain(answers[:-1], itertools.repeat(answers[-1]))
    case.web.otherwise(lambda connection, seen: next(turns)(connection, seen))
    return case


def assert_no_secret(error: DeliveryError) -> None:
    """Look at all that a log would hold, and at what hides behind it."""
    whole = "".join(traceback.format_exception(error))
    seen: BaseException | None = error
    while seen is not None:
        whole += repr(seen)
        seen = seen.__context__
    assert CANARY not in whole
    assert "bo@example.org" not in whole
    assert "/in/" not in str(error)
    assert "sendMessage" not in str(error)


def test_the_receiver_gets_the_frozen_bytes(case: Case) -> None:
    case.send()
    assert case.received() == [case.message.payload]


def test_the_same_message_twice_is_the_same_bytes_under_the_same_id(case: Case) -> None:
    case.send()
    case.send()
    one, two = case.received()
    assert one == two == case.message.payload
    if case.kind in DOUBLES:
        assert case.web is not None
        first, second = case.web.requests
        assert (first.method, first.path, first.body) == (second.method, second.path, second.body)
    if case.kind == "webhook":
        assert case.web is not None
        assert {request.headers["webhook-id"] for request in case.web.requests} == {ENVELOPE.id}
    if case.kind == "email":
        assert one.count(f"Message-ID: <{ENVELOPE.id}@".encode()) == 1


def test_a_receiver_that_is_not_there_is_tried_again_and_no_secret_is_told(case: Case) -> None:
    case.leave()
    error = failed(case)
    assert error.failure is Failure.RETRY
    assert_no_secret(error)


def test_many_threads_may_send_at_once(case: Case) -> None:
    threads = [threading.Thread(target=case.send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert case.received() == [case.message.payload] * 6
    if KINDS[case.kind].concurrency == 1 and case.mail is not None:
        assert case.mail.most_at_once <= 1


def test_nothing_secret_is_logged(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        case.send()
        case.leave()
        failed(case)
    # The test servers log too, in their own names.
    ours = [record for record in caplog.records if not record.name.startswith(("mail.", "asyncio"))]
    assert not any(CANARY in record.getMessage() for record in ours)


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, Failure.PERMANENT),
        (408, Failure.RETRY),
        (410, Failure.DISABLED),
        (413, Failure.PERMANENT),
        (422, Failure.PERMANENT),
        (425, Failure.RETRY),
        (429, Failure.RETRY),
        (500, Failure.RETRY),
        (502, Failure.RETRY),
        (503, Failure.RETRY),
        (504, Failure.RETRY),
    ],
)
def test_the_statuses_on_which_all_agree(web_case: Case, status: int, failure: Failure) -> None:
    secrets = " ".join(web_case.settings.values())
    said = f"no {secrets} for http://127.0.0.1{web_case.path}"
    error = failed(answering(web_case, reply(said, status=status, content_type="text/plain")))
    assert error.failure is failure
    assert f"HTTP {status}" in str(error)
    assert_no_secret(error)


@pytest.mark.parametrize("status", [429, 503])
def test_a_named_time_is_passed_on(web_case: Case, status: int) -> None:
    error = failed(answering(web_case, reply(status=status, headers={"Retry-After": "7"})))
    assert error.failure is Failure.WAIT
    assert error.after is not None
    assert error.after.total_seconds() == 7


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(web_case: Case, status: int) -> None:
    assert web_case.web is not None
    to = web_case.web.on(f"/moved/{CANARY}", reply())
    error = failed(answering(web_case, reply(status=status, headers={"Location": to})))
    assert web_case.web.seen(f"/moved/{CANARY}") == []
    assert error.failure is Failure.RETRY
    assert_no_secret(error)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(black_hole(), id="silence"),
        pytest.param(drip(head(200) * 100, every=0.05), id="a byte at a time"),
        pytest.param(reset(), id="reset"),
    ],
)
def test_no_answer_in_time_is_an_unknown_outcome(web_case: Case, answer: Answer) -> None:
    def error_after(seconds: float) -> DeliveryError:
        web_case.notifier._seconds = seconds  # type: ignore[attr-defined]  # each of them has one
        return failed(answering(web_case, answer))

    errors = map(error_after, DEADLINES_S)
    error = next(error for error in errors if str(error) != "not reached in time")
    assert error.failure is Failure.UNKNOWN
    assert_no_secret(error)


def test_a_refused_login_tells_no_password() -> None:
    with made("email") as case:
        assert case.mail is not None
        case.mail.refuse("auth", f"535 5.7.8 {CANARY} is not the password of bo@example.org")
        for _ in range(4):
            assert_no_secret(failed(case))


def test_every_kind_is_under_this_contract() -> None:
    assert {"console", "email", "apprise", *HTTP_KINDS} == set(KINDS)
