"""How a session with a mail server begins: whom TLS trusts, and who waits for whom."""

import socket
from pathlib import Path

import pytest

from notifiers.api import DeliveryError, Failure
from notifiers.channels.email.session import MailServer
from notifiers.channels.email.smtp import Patience
from tests.certificates import ca_file, trusting
from tests.smtp_server import Security, SmtpServer
from tests.unit.notifiers.samples import NOON, Smtp

HASTE = Patience(connect=0.2, reply=0.2, body=0.2, accepted=0.2)


def connect(host: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((host, port), seconds)


def mail_server(port: int, *, security: str, patience: Patience | None = None) -> MailServer:
    return MailServer(
        Smtp(port=port, security=security),
        now=lambda: NOON,
        connect=connect,
        may_be_unprotected=lambda address: True,
        context=None if patience is None else trusting(),
        patience=patience,
    )


def refused(server: MailServer) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        server.open()
    return caught.value


def test_a_server_whose_name_has_no_address_is_named() -> None:
    def connect(host: str, port: int, seconds: float) -> socket.socket:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    server = MailServer(
        Smtp(host="smtp.exmaple.org"),
        now=lambda: NOON,
        connect=connect,
        may_be_unprotected=lambda address: False,
    )
    told = "the mail server's name smtp.exmaple.org cannot be resolved at connecting"
    assert told in str(refused(server))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_authority_of_ones_own_counts_where_the_environment_names_it(
    security: Security, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer(security=security) as server:
        error = str(refused(mail_server(server.port, security=security)))
        assert "certificate is not valid" in error
        assert "; an authority of your own counts when SSL_CERT_FILE names" in error
        monkeypatch.setenv("SSL_CERT_FILE", str(ca_file(tmp_path)))
        mail_server(server.port, security=security).open().hang_up()


@pytest.mark.parametrize(
    ("speaks", "asked", "says"),
    [
        ("starttls", "tls", "it does not speak TLS at connecting; if the server begins in the "),
        ("tls", "starttls", "no answer in time at connecting; if the server begins with TLS, set "),
        ("tls", "none", "no answer in time at connecting; if the server begins with TLS, set "),
    ],
)
def test_who_waits_for_the_other_is_told_how_the_other_begins(
    speaks: Security, asked: str, says: str
) -> None:
    with SmtpServer(security=speaks) as server:
        error = refused(mail_server(server.port, security=asked, patience=HASTE))
    assert error.failure is Failure.RETRY
    assert says in str(error)


def test_behind_a_message_that_waited_in_vain_none_waits_for_the_same() -> None:
    connections = []
    clock = iter([0.0, 60.0, 119.0, 121.0, 121.01, 121.2, 121.21])
    """Begun and given up, within as long again, after it and quickly refused, and once more."""

    def counted(host: str, port: int, seconds: float) -> socket.socket:
        connections.append(connect(host, port, seconds))
        return connections[-1]

    with SmtpServer(security="tls") as silent:  # to those who wait for it to speak first
        server = MailServer(
            Smtp(port=silent.port),
            now=lambda: NOON,
            connect=counted,
            may_be_unprotected=lambda address: False,
            patience=HASTE,
            monotonic=lambda: next(clock),
        )
        assert str(refused(server)) == str(refused(server))
        assert len(connections) == 1
        refused(server)
        assert len(connections) == 2
        refused(server)
        assert len(connections) == 3, "who was quick to refuse keeps nobody waiting"
