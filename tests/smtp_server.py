"""A real SMTP server for tests: TLS, login, scripted refusals, and a record of what arrived.

    with SmtpServer(security="starttls", users={"bo": "secret"}) as server:
        server.refuse("rcpt", "550 5.1.1 no such user", address="nobody@example.org")
        server.refuse("end", "451 try later", times=1)
        server.drop("end", times=1)  # takes the mail, then hangs up without a word
        ...
        assert server.mails[0].recipients == ("bo@example.org",)

Stages: "connect", "ehlo", "auth", "mail", "rcpt", "data" (the command) and "end" (after the final
dot). Certificates come from `tests.certificates`; clients call `trust` from there.
"""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Literal, Self

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.certificates import TlsKind, server_context

Security = Literal["starttls", "tls", "none"]

_DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail as it arrived.

    Attributes:
        data: With CRLF line ends and without the doubled dots.
        encrypted: Whether it came over TLS.
        user: Who had logged in, or None.
    """

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    encrypted: bool
    user: str | None

    @property
    def message(self) -> EmailMessage:
        """The mail, read as a modern client does."""
        return message_from_bytes(self.data, policy=policy.default)

    @property
    def text(self) -> str:
        """Its plain part."""
        part = self.message.get_body(("plain",))
        return "" if part is None else str(part.get_content())

    @property
    def html(self) -> str:
        """Its HTML part."""
        part = self.message.get_body(("html",))
        return "" if part is None else str(part.get_content())


@dataclass(slots=True, kw_only=True)
class _Script:
    stage: str
    answer: str
    address: str | None
    times: int | None


@dataclass
class SmtpServer:
    """Serves until its `with` block ends.

    Attributes:
        users: Name to password; when there are any, mail is taken only after a login.
        certificate: As in `tests.certificates`.
        mails: In the order in which they arrived, also those that were answered with a refusal
            at "end" or with silence: the server has them.
        logins: Names that tried to log in, in order, refused ones too.
        clear_text_logins: Those that came without TLS.
        connections: How many there were.
        most_at_once: The most that were open at the same time.
    """

    security: Security = "starttls"
    users: Mapping[str, str] = field(default_factory=dict)
    certificate: TlsKind = "good"
    host: str = "127.0.0.1"
    mails: list[Mail] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    clear_text_logins: int = 0
    connections: int = 0
    most_at_once: int = 0
    port: int = 0
    _open: set["_Protocol"] = field(default_factory=set)
    _scripts: list[_Script] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(60)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and drop every connection; closing twice is fine."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)

    def refuse(
        self, stage: str, answer: str, *, address: str | None = None, times: int | None = None
    ) -> None:
        """Answer so at this stage, for this address (None: all), so often (None: always)."""
        self._scripts.append(_Script(stage=stage, answer=answer, address=address, times=times))

    def drop(self, stage: str, *, address: str | None = None, times: int | None = None) -> None:
        """Hang up at this stage without an answer."""
        self.refuse(stage, _DROP, address=address, times=times)

    def relent(self) -> None:
        """Forget all refusals."""
        self._scripts.clear()

    def to(self, address: str) -> list[Mail]:
        """Return the mails that this recipient has got."""
        return [mail for mail in list(self.mails) if address in mail.recipients]

    def wait_for(self, count: int, *, seconds: float = 300) -> list[Mail]:
        """Wait until so many mails have arrived; return them.

        Raises:
            AssertionError: They did not come in time.
        """
        with self._arrived:
            came = self._arrived.wait_for(lambda: len(self.mails) >= count, seconds)
        assert came, f"{len(self.mails)} of {count} mails in {seconds} s"
        return list(self.mails)

    # --- inside: all of it runs in the server's own thread ---

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        context = None if self.security == "none" else server_context(self.certificate)
        server = self._loop.run_until_complete(
            self._loop.create_server(
                lambda: _Protocol(self, context if self.security == "starttls" else None),
                self.host,
                0,
                ssl=context if self.security == "tls" else None,
            )
        )
        self.port = server.sockets[0].getsockname()[1]
        # A client that does not like our certificate, or that hangs up, is what we are here for.
        self._loop.set_exception_handler(lambda loop, context: None)
        ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for connection in list(self._open):
                connection.hang_up()
            pending = asyncio.all_tasks(self._loop)
            for task in pending:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

    def _scripted(self, stage: str, addresses: tuple[str, ...] = ()) -> str | None:
        for script in self._scripts:
            fits = script.stage == stage and script.address in (None, *addresses)
            if fits and script.times != 0:
                if script.times is not None:
                    script.times -= 1
                return script.answer
        return None

    def _opened(self, protocol: "_Protocol") -> None:
        self.connections += 1
        self._open.add(protocol)
        self.most_at_once = max(self.most_at_once, len(self._open))

    def _took(self, session: Session, envelope: Envelope) -> None:
        auth = session.auth_data
        mail = Mail(
            sender=str(envelope.mail_from),
            recipients=tuple(envelope.rcpt_tos),
            data=bytes(envelope.original_content or b""),
            encrypted=bool(session.ssl),
            user=auth.login.decode() if isinstance(auth, LoginPassword) else None,
        )
        with self._arrived:
            self.mails.append(mail)
            self._arrived.notify_all()


class _Handler:
    """aiosmtpd's hooks, answered from the script."""

    def __init__(self, kit: SmtpServer) -> None:
        self._kit = kit

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._kit.users and not session.authenticated:
            return "530 5.7.0 authentication required"
        envelope.mail_from = address
        return str(server.answer("mail", "250 OK", address))

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer: str = server.answer("rcpt", "250 OK", address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        self._kit._took(session, envelope)
        return str(server.answer("end", "250 2.0.0 OK: queued as Q1A2B3", *envelope.rcpt_tos))


class _Protocol(SMTP):
    def __init__(self, kit: SmtpServer, context: ssl.SSLContext | None) -> None:
        super().__init__(
            _Handler(kit),
            hostname="mail.test",
            ident="test server",
            tls_context=context,
            require_starttls=context is not None,
            auth_require_tls=kit.security == "starttls",
            authenticator=self._log_in,
            auth_exclude_mechanism=() if kit.users else ("PLAIN", "LOGIN"),
            loop=asyncio.get_event_loop(),
        )
        self._kit = kit
        self._greeted = False

    def answer(self, stage: str, usual: str, *addresses: str) -> str:
        scripted = self._kit._scripted(stage, addresses)
        if scripted != _DROP:
            return scripted or usual
        self.hang_up()
        return usual

    def hang_up(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def push(self, status: str | bytes) -> None:
        if not self._greeted:
            self._greeted = True
            status = self.answer("connect", str(status))
        with contextlib.suppress(ConnectionError):
            await super().push(status)

    async def smtp_EHLO(self, hostname: str) -> None:
        scripted = self._kit._scripted("ehlo")
        if scripted is None:
            await super().smtp_EHLO(hostname)
        elif scripted == _DROP:
            self.hang_up()
        else:
            await self.push(scripted)

    async def smtp_DATA(self, arg: str) -> None:
        scripted = self._kit._scripted("data", tuple(self.envelope.rcpt_tos))
        if scripted is None:
            await super().smtp_DATA(arg)
        elif scripted == _DROP:
            self.hang_up()
        else:
            await self.push(scripted)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        first = self.transport is None
        super().connection_made(transport)
        if first:
            self._kit._opened(self)
        if self._kit.security == "tls":
            self.session.ssl = True

    def connection_lost(self, error: Exception | None) -> None:
        self._kit._open.discard(self)
        super().connection_lost(error)

    def _log_in(
        self, server: object, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        name = data.login.decode("utf-8", "replace")
        self._kit.logins.append(name)
        if not session.ssl:
            self._kit.clear_text_logins += 1
        scripted = self._kit._scripted("auth", (name,))
        if scripted is not None:
            return AuthResult(success=False, handled=False, message=scripted)
        known = self._kit.users.get(name)
        # handled=True, the default, would mean that we have answered, and leave the client waiting.
        if known is None or known.encode() != data.password:
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=data)


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A server with STARTTLS and without users, that takes everything."""
    with SmtpServer() as server:
        yield server
