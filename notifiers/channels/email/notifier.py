"""E-mail, through one SMTP server and one connection at a time."""

import threading

from common.mail_address import is_mail_address
from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels.email.session import MailServer
from notifiers.channels.email.smtp import Conversation

MOST_BYTES = 10 * 1024 * 1024
IDLE_SECONDS = 15.0
MOST_PER_CONNECTION = 100


class EmailNotifier:
    """Implements `notifiers.api.Notifier`; a message's recipient is its envelope's.

    Sends wait for each other, so the server never sees two connections of ours. A connection
    is kept for some seconds, since alerts come in groups.
    """

    def __init__(self, server: MailServer, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._server = server
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._open: Conversation | None = None
        self._carried = 0
        self._idle: threading.Timer | None = None

    def send(self, message: Message, settings: Settings) -> str | None:
        """Hand the frozen bytes over and return what the server calls them, if it says so."""
        if not is_mail_address(message.recipient):
            raise DeliveryError("its recipient is not one e-mail address", Failure.PERMANENT)
        if not is_mail_address(self._server.sender):
            raise DeliveryError("smtp_from is not one e-mail address", Failure.DISABLED)
        if len(message.payload) > MOST_BYTES:
            raise DeliveryError("longer than 10 MiB", Failure.PERMANENT)
        failure: DeliveryError | None = None
        with self._lock:
            self._stop_idling()
            try:
                return self._carry(message)
            except DeliveryError as error:
                failure = DeliveryError(str(error), error.failure, hold_after=error.hold_after)
            finally:
                self._start_idling()
        raise failure  # out here, without a context that might quote addresses

    def close(self) -> None:
        """Hang up; the next send connects again."""
        with self._lock:
            self._stop_idling()
            self._drop()

    def _carry(self, message: Message) -> str | None:
        receipt = self._server.hand_over(self._ready(), message)
        self._carried += 1
        return receipt

    def _ready(self) -> Conversation:
        """Return a connection at which nothing is under way: the open one if it still lives."""
        if self._open is not None:
            if self._carried < MOST_PER_CONNECTION and self._server.still_takes(self._open):
                return self._open
            self._drop()
        self._open = self._server.open()
        self._carried = 0
        return self._open

    def _drop(self) -> None:
        if self._open is not None:
            self._open.hang_up()
            self._open = None

    def _start_idling(self) -> None:
        if self._open is None:
            return
        self._idle = threading.Timer(self._idle_seconds, self._close_if_idle)
        self._idle.daemon = True
        self._idle.start()

    def _stop_idling(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _close_if_idle(self) -> None:
        if self._lock.acquire(blocking=False):
            try:
                self._drop()
            finally:
                self._lock.release()
