"""E-mail to a real SMTP server that refuses, drops and stalls."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from notifiers.api import DeliveryError, Failure, Message
from notifiers.channels.email.logins import MOST_LOGINS
from notifiers.channels.email.message import render_email
from notifiers.channels.email.notifier import EmailNotifier
from notifiers.channels.email.session import MailServer
from notifiers.channels.email.smtp import Patience
from notifiers.spec import SmtpSettings
from storage.model import DeliveryKind
from tests.certificates import TlsKind, trusting
from tests.smtp_server import Security, SmtpServer
from tests.unit.notifiers.samples import ENVELOPE, NOON, Smtp, alert_content

PATIENT = Patience(connect=60, reply=60, body=60, accepted=60)
PASSWORD = "CANARY-pass wörd"


def connect(host: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((host, port), seconds)


@contextmanager
def notifier_for(
    server: SmtpServer,
    *,
    user: str | None = None,
    security: str | None = None,
    sender: str = "alerts@example.net",
    patience: Patience = PATIENT,
    now: Callable[[], datetime] = lambda: NOON,
    may_be_unprotected: Callable[[str], bool] = lambda address: True,
    login_let_at: Callable[[], datetime | None] = lambda: None,
    idle_seconds: float = 15,
    smtp: SmtpSettings | None = None,
) -> Iterator[EmailNotifier]:
    mail_server = MailServer(
        smtp
        or Smtp(
            port=server.port,
            security=security or server.security,
            sender=sender,
            user=user,
            password=None if user is None else PASSWORD,
        ),
        now=now,
        connect=connect,
        may_be_unprotected=may_be_unprotected,
        login_let_at=login_let_at,
        context=trusting(),
        patience=patience,
    )
    notifier = EmailNotifier(mail_server, idle_seconds=idle_seconds)
    try:
        yield notifier
    finally:
        notifier.close()


def mail(recipient: str = "bo@example.org") -> Message:
    envelope = replace(ENVELOPE, recipient=recipient)
    return Message(
        id=envelope.id,
        kind=DeliveryKind.ALERT,
        payload=render_email(alert_content(), envelope),
        recipient=recipient,
    )


def failed(notifier: EmailNotifier, message: Message | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        notifier.send(message or mail(), {})
    return caught.value


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
@pytest.mark.parametrize("user", [None, "bo"])
def test_a_mail_arrives_as_it_was_frozen(security: Security, user: str | None) -> None:
    users = {} if user is None else {user: PASSWORD}
    with (
        SmtpServer(security=security, users=users) as server,
        notifier_for(server, user=user) as notifier,
    ):
        assert notifier.send(mail(), {}) == "Q1A2B3"
        (arrived,) = server.mails
    assert arrived.data == mail().payload
    assert (arrived.sender, arrived.recipients) == ("alerts@example.net", ("bo@example.org",))
    assert arrived.encrypted is (security != "none")
    assert arrived.user == user
    assert "*Hanoi-konventionen* mot" in arrived.text
    assert "<mark" in arrived.html


def test_lines_that_mean_something_to_smtp_arrive_as_text(smtp_server: SmtpServer) -> None:
    body = b"Subject: x\r\n\r\n.\r\n..\r\n.quit\nbare\n.\nMAIL FROM:<eve@evil.example>\rend"
    with notifier_for(smtp_server) as notifier:
        notifier.send(replace(mail(), payload=body), {})
    (arrived,) = smtp_server.mails
    assert arrived.data == body.replace(b"\n", b"\r\n").replace(b"\r\r\n", b"\r\n").replace(
        b"\rend", b"\r\nend\r\n"
    )


@pytest.mark.parametrize(
    ("stage", "answer", "failure"),
    [
        *(
            (stage, f"{code} not now", Failure.RETRY)
            for stage in ("connect", "mail", "rcpt", "data", "end")
            for code in (421, 450, 451, 452)
        ),
        ("connect", "554 no service for you", Failure.RETRY),
        ("ehlo", "421 too busy", Failure.RETRY),
        ("mail", "550 5.7.1 who are you", Failure.RETRY),
        ("mail", "530 5.7.0 authentication required", Failure.RETRY),
        ("mail", "552 5.3.4 too big", Failure.PERMANENT),
        ("rcpt", "550 5.1.1 no such user", Failure.PERMANENT),
        ("rcpt", "553 5.1.3 bad address", Failure.PERMANENT),
        ("rcpt", "550 no such user", Failure.PERMANENT),
        ("rcpt", "550 5.1.1 relay@here: no such user", Failure.PERMANENT),
        ("rcpt", "552 5.7.1 too big for you", Failure.PERMANENT),
        ("rcpt", "554 5.7.1 Relay access denied", Failure.RETRY),
        ("rcpt", "554 5.7.1 Service unavailable; Client host blocked", Failure.RETRY),
        ("rcpt", "550 relay not permitted", Failure.RETRY),
        ("rcpt", "550 SMTP authentication is required", Failure.RETRY),
        ("rcpt", "530 log in first", Failure.RETRY),
        ("data", "554 5.5.1 no valid recipients", Failure.PERMANENT),
        ("end", "552 5.3.4 too big", Failure.PERMANENT),
        ("end", "554 5.7.1 looks like spam", Failure.PERMANENT),
    ],
)
def test_what_a_refusal_means(
    smtp_server: SmtpServer, stage: str, answer: str, failure: Failure
) -> None:
    smtp_server.refuse(stage, answer)
    with notifier_for(smtp_server) as notifier:
        error = failed(notifier)
        assert error.failure is failure, str(error)
        assert answer[:3] in str(error)
        smtp_server.relent()
        notifier.send(mail(), {})  # and it can go on at once


def test_what_a_server_refuses_to_all_for_a_day_switches_the_channel_off(
    smtp_server: SmtpServer,
) -> None:
    with notifier_for(smtp_server) as notifier:
        for stage in ("mail", "rcpt"):
            smtp_server.refuse(stage, "530 5.7.0 authentication required")
            assert failed(notifier).hold_after == timedelta(days=1)
            smtp_server.relent()
        smtp_server.refuse("mail", "451 4.3.0 later")
        assert failed(notifier).hold_after is None


@pytest.mark.parametrize(
    ("stage", "failure"),
    [
        ("connect", Failure.RETRY),
        ("ehlo", Failure.RETRY),
        ("mail", Failure.RETRY),
        ("rcpt", Failure.RETRY),
        ("data", Failure.RETRY),
        ("end", Failure.UNKNOWN),
    ],
)
def test_a_lost_connection_is_an_unknown_outcome_only_after_the_final_dot(
    smtp_server: SmtpServer, stage: str, failure: Failure
) -> None:
    smtp_server.drop(stage, times=1)
    with notifier_for(smtp_server) as notifier:
        assert failed(notifier).failure is failure
        assert len(smtp_server.mails) == (stage == "end")
        notifier.send(mail(), {})
    assert len({arrived.message["Message-ID"] for arrived in smtp_server.mails}) == 1
    assert len({arrived.data for arrived in smtp_server.mails}) == 1


def test_one_refused_recipient_does_not_touch_the_others(smtp_server: SmtpServer) -> None:
    smtp_server.refuse("rcpt", "451 greylisted", address="grey@example.org", times=1)
    smtp_server.refuse("rcpt", "550 5.1.1 unknown", address="gone@example.org")
    with notifier_for(smtp_server) as notifier:
        assert failed(notifier, mail("grey@example.org")).failure is Failure.RETRY
        assert failed(notifier, mail("gone@example.org")).failure is Failure.PERMANENT
        notifier.send(mail("bo@example.org"), {})
        notifier.send(mail("grey@example.org"), {})
    assert [arrived.recipients for arrived in smtp_server.mails] == [
        ("bo@example.org",),
        ("grey@example.org",),
    ]
    assert smtp_server.connections == 1


def test_alerts_that_come_together_share_a_connection(smtp_server: SmtpServer) -> None:
    with notifier_for(smtp_server) as notifier:
        for _ in range(5):
            notifier.send(mail(), {})
    assert (len(smtp_server.mails), smtp_server.connections) == (5, 1)


def test_threads_take_turns_on_it(smtp_server: SmtpServer) -> None:
    with notifier_for(smtp_server) as notifier:
        threads = [threading.Thread(target=notifier.send, args=(mail(), {})) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(smtp_server.mails), smtp_server.most_at_once) == (8, 1)


def test_an_idle_connection_is_given_back(smtp_server: SmtpServer) -> None:
    with notifier_for(smtp_server, idle_seconds=0.02) as notifier:
        notifier.send(mail(), {})
        for _ in range(200):
            if not smtp_server._open:
                break
            time.sleep(0.01)
        assert not smtp_server._open
        notifier.send(mail(), {})
    assert smtp_server.connections == 2


def test_a_connection_that_died_while_idle_is_no_failure(smtp_server: SmtpServer) -> None:
    with notifier_for(smtp_server) as notifier:
        notifier.send(mail(), {})
        for connection in list(smtp_server._open):
            smtp_server._loop.call_soon_threadsafe(connection.hang_up)
        for _ in range(200):
            if not smtp_server._open:
                break
            time.sleep(0.01)
        notifier.send(mail(), {})
    assert len(smtp_server.mails) == 2


def test_without_starttls_nothing_is_sent_in_the_clear_instead() -> None:
    with (
        SmtpServer(security="none", users={"bo": PASSWORD}) as server,
        notifier_for(server, user="bo", security="starttls") as notifier,
    ):
        error = failed(notifier)
    assert error.failure is Failure.RETRY
    assert "no STARTTLS" in str(error)
    assert (server.mails, server.logins) == ([], [])


def test_in_the_clear_only_to_an_address_that_is_allowed() -> None:
    asked: list[str] = []

    def refuse(address: str) -> bool:
        asked.append(address)
        return False

    with SmtpServer(security="none") as server:
        with notifier_for(server, may_be_unprotected=refuse) as notifier:
            error = failed(notifier)
        assert server.connections == 0
    assert (error.failure, error.hold_after) == (Failure.RETRY, timedelta(days=1))
    assert "without encryption" in str(error)
    assert asked == ["127.0.0.1"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("certificate", ["expired", "wrong-host", "unknown-ca"])
def test_a_bad_certificate_is_never_accepted(security: Security, certificate: TlsKind) -> None:
    with (
        SmtpServer(security=security, certificate=certificate, users={"bo": PASSWORD}) as server,
        notifier_for(server, user="bo") as notifier,
    ):
        error = failed(notifier)
    assert error.failure is Failure.RETRY
    assert "certificate is not valid" in str(error)
    assert ("SSL_CERT_FILE" in str(error)) == (certificate == "unknown-ca")
    assert (server.mails, server.logins) == ([], [])


@pytest.mark.parametrize("answer", [None, "534 5.7.9 application-specific password required"])
def test_a_refused_login_is_tried_three_times_and_no_more(answer: str | None) -> None:
    with SmtpServer(users={"bo": "another"}) as server, notifier_for(server, user="bo") as notifier:
        if answer is not None:
            server.refuse("auth", answer)
        failures = [failed(notifier).failure for _ in range(6)]
    assert failures == [Failure.RETRY, Failure.RETRY, *[Failure.DISABLED] * 4]
    assert server.logins == ["bo"] * MOST_LOGINS


def test_a_refused_login_says_what_is_to_be_corrected() -> None:
    with SmtpServer(users={"bo": "another"}) as server, notifier_for(server, user="bo") as notifier:
        said = [str(failed(notifier)) for _ in range(3)]
    assert "SMTP 535 at AUTH" in said[0]
    assert "correct smtp_user and smtp_password; some services want an app password" in said[0]
    assert "then enable the channel" in said[2]


def test_a_password_that_was_mended_is_tried_at_once() -> None:
    with SmtpServer(users={"bo": PASSWORD}) as server:
        smtp = SimpleNamespace(**vars(Smtp(port=server.port, user="bo", password="not it")))
        with notifier_for(server, smtp=smtp) as notifier:
            failures = [failed(notifier).failure for _ in range(4)]
            assert failures[-1] is Failure.DISABLED
            smtp.password = PASSWORD
            notifier.send(mail(), {})
    assert len(server.mails) == 1


def test_who_says_that_it_was_mended_has_a_login_tried_once() -> None:
    clock, let_at = [NOON], [NOON - timedelta(minutes=1)]
    with (
        SmtpServer(users={"bo": PASSWORD}) as server,
        notifier_for(
            server, user="bo", now=lambda: clock[0], login_let_at=lambda: let_at[0]
        ) as notifier,
    ):
        server.refuse("auth", "535 5.7.8 no", times=MOST_LOGINS + 1)
        assert [failed(notifier).failure for _ in range(5)][-1] is Failure.DISABLED
        clock[0] += timedelta(minutes=9)
        let_at[0] = clock[0] - timedelta(minutes=1)
        assert [failed(notifier).failure for _ in range(3)] == [Failure.DISABLED] * 3
        assert server.logins == ["bo"] * (MOST_LOGINS + 1)
        clock[0] += timedelta(minutes=9)
        let_at[0] = clock[0]
        notifier.send(mail(), {})
    assert server.logins == ["bo"] * (MOST_LOGINS + 2)


def test_after_an_hour_a_login_is_tried_again() -> None:
    clock = [NOON]
    with (
        SmtpServer(users={"bo": PASSWORD}) as server,
        notifier_for(server, user="bo", now=lambda: clock[0]) as notifier,
    ):
        server.refuse("auth", "535 5.7.8 no", times=MOST_LOGINS)
        for _ in range(5):
            failed(notifier)
        clock[0] += timedelta(minutes=59)
        assert failed(notifier).failure is Failure.DISABLED
        clock[0] += timedelta(minutes=2)
        notifier.send(mail(), {})
    assert server.logins == ["bo"] * (MOST_LOGINS + 1)


def test_a_login_that_is_put_off_counts_towards_no_lock_out() -> None:
    with SmtpServer(users={"bo": PASSWORD}) as server, notifier_for(server, user="bo") as notifier:
        server.refuse("auth", "454 4.7.0 later")
        assert [failed(notifier).failure for _ in range(5)] == [Failure.RETRY] * 5


def test_a_login_that_the_server_does_not_offer_switches_the_channel_off_after_a_day(
    smtp_server: SmtpServer,
) -> None:
    with notifier_for(smtp_server, user="bo") as notifier:
        error = failed(notifier)
    assert (error.failure, error.hold_after) == (Failure.RETRY, timedelta(days=1))
    assert "no login" in str(error)


def test_what_the_server_says_is_repeated_without_addresses_and_secrets(
    smtp_server: SmtpServer,
) -> None:
    smtp_server.refuse(
        "rcpt", "550-5.1.1 <bo@example.org> unknown\r\n550 see https://help.example/x?y \x1b[31m"
    )
    with notifier_for(smtp_server) as notifier:
        text = str(failed(notifier))
    assert text == "SMTP 550 at RCPT TO: 5.1.1 <***> unknown see <link> \\x1b[31m"


@pytest.mark.parametrize("recipient", ["a@x\r\nRCPT TO:<eve@evil.example>", "a@x, b@y", "", "bö@x"])
def test_a_recipient_that_is_no_address_is_never_sent_to(
    smtp_server: SmtpServer, recipient: str
) -> None:
    with notifier_for(smtp_server) as notifier:
        error = failed(notifier, replace(mail(), recipient=recipient))
    assert error.failure is Failure.PERMANENT
    assert smtp_server.connections == 0


def test_a_sender_that_is_no_address_switches_the_channel_off(smtp_server: SmtpServer) -> None:
    with notifier_for(smtp_server, sender="a@x\r\nBcc: b") as notifier:
        assert failed(notifier).failure is Failure.DISABLED
    assert smtp_server.connections == 0


# --- servers that do not even speak SMTP ---

Talk = Callable[[socket.socket, threading.Event], None]


@contextmanager
def raw_server(talk: Talk) -> Iterator[int]:
    """Serve one connection with a function; yield the port."""
    closing = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        try:
            accepted, _ = listener.accept()
            with accepted:
                talk(accepted, closing)
        except OSError:
            pass

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        closing.set()
        listener.close()
        thread.join(60)


def flood(prefix: bytes, again: bytes) -> Talk:
    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.sendall(prefix)
        while not closing.is_set():
            client.sendall(again)

    return talk


def stall(prefix: bytes, *, every: float = 0.05) -> Talk:
    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.sendall(prefix)
        while not closing.wait(every):
            client.sendall(b"x")

    return talk


def speak(*answers: bytes) -> Talk:
    def talk(client: socket.socket, closing: threading.Event) -> None:
        for answer in answers:
            client.sendall(answer)
            if not client.recv(4096):
                return
        closing.wait()

    return talk


@pytest.mark.parametrize(
    ("talk", "says"),
    [
        pytest.param(flood(b"220 ", b"x" * 4096), "no end", id="a line of 10 MB"),
        pytest.param(flood(b"", b"220-more\r\n"), "no end", id="lines without end"),
        pytest.param(speak(b"HTTP/1.1 400 Bad\r\n"), "not speak SMTP", id="HTTP"),
        pytest.param(stall(b"220 "), "no answer in time", id="a byte at a time"),
        pytest.param(speak(), "no answer in time", id="silence"),
        pytest.param(
            speak(
                b"220 hi\r\n",
                b"250-x\r\n250 STARTTLS\r\n",
                b"220 go\r\n250-x\r\n250 AUTH PLAIN\r\n",
            ),
            "before encryption",
            id="answers slipped in before TLS",
        ),
        pytest.param(
            speak(b"220 hi\r\n", b"250-x\r\n250 STARTTLS\r\n", b"220 go\r\n"),
            "no answer in time",
            id="a handshake that hangs",
        ),
        pytest.param(
            speak(b"220 hi\r\n", b"250-x\r\n250 STARTTLS\r\n", b"454 no TLS today\r\n"),
            "454",
            id="TLS is not available",
        ),
    ],
)
def test_a_server_that_misbehaves_is_left_in_time(talk: Talk, says: str) -> None:
    with raw_server(talk) as port:
        notifier = EmailNotifier(
            MailServer(
                Smtp(port=port),
                now=lambda: NOON,
                connect=connect,
                may_be_unprotected=lambda address: False,
                context=trusting(),
                patience=Patience(connect=0.3, reply=0.3, body=0.3, accepted=0.3),
            )
        )
        error = failed(notifier)
    assert error.failure is Failure.RETRY
    assert says in str(error)


@pytest.mark.parametrize(
    ("after_the_dot", "failure"),
    [
        pytest.param(b"", Failure.UNKNOWN, id="silence"),
        pytest.param(b"what?\r\n", Failure.UNKNOWN, id="no SMTP"),
        pytest.param(b"250 ", Failure.UNKNOWN, id="half an answer"),
        pytest.param(b"250 fine\r\n", None, id="250"),
    ],
)
def test_after_the_final_dot_only_a_clear_answer_is_one(
    after_the_dot: bytes, failure: Failure | None
) -> None:
    def talk(client: socket.socket, closing: threading.Event) -> None:
        file = client.makefile("rb")
        client.sendall(b"220 hi\r\n")
        for line in file:
            if line.startswith(b"EHLO"):
                client.sendall(b"250 x\r\n")
            elif line.startswith(b"DATA"):
                client.sendall(b"354 go\r\n")
                for text in file:
                    if text == b".\r\n":
                        break
                client.sendall(after_the_dot)
            elif line.startswith(b"QUIT"):
                return
            else:
                client.sendall(b"250 ok\r\n")

    with raw_server(talk) as port:
        notifier = EmailNotifier(
            MailServer(
                Smtp(port=port, security="none"),
                now=lambda: NOON,
                connect=connect,
                may_be_unprotected=lambda address: True,
                patience=replace(PATIENT, accepted=0.3),
            )
        )
        if failure is None:
            assert notifier.send(mail(), {}) is None
        else:
            assert failed(notifier).failure is failure
        notifier.close()


@pytest.mark.parametrize("security", ["starttls", "none"])
def test_nobody_there_is_tried_again(security: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    notifier = EmailNotifier(
        MailServer(
            Smtp(port=port, security=security),
            now=lambda: NOON,
            connect=connect,
            may_be_unprotected=lambda address: True,
            patience=PATIENT,
        )
    )
    error = failed(notifier)
    assert (error.failure, str(error)) == (Failure.RETRY, "connection refused at connecting")
