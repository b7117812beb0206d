"""What every kind of channel agrees on: the message, the sender, and how a send can fail."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from common.records import dataclass
from storage.model import DeliveryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent.

    Attributes:
        id: The delivery's id: the same at every attempt.
        payload: The frozen bytes: the same at every attempt.
        recipient: The one recipient, or "" for kinds without recipients.
        thread: For more of a story: the receipt of the message that told of it there first; "" to
            let it stand by itself.
    """

    id: str
    kind: DeliveryKind
    payload: bytes
    recipient: str = ""
    thread: str = ""

    @property
    def edits(self) -> str:
        """The receipt of the message that this one is to stand in the place of; "" for none."""
        return self.thread if self.kind is DeliveryKind.COUNT else ""


Settings = Mapping[str, str]
"""A channel's settings with secrets resolved, as its kind defines them. Never logged."""


DEADLINE_SECONDS = 30.0
"""How long one send may take in all, by whatever but e-mail."""


class Failure(StrEnum):
    """What a failed send means for what happens next (docs/operations.md has the table)."""

    RETRY = "retry"
    """It may get better by itself; the receiver does not have it."""
    WAIT = "wait"
    """The receiver named a time (`after`); not counted as a try; nothing to this channel before."""
    UNKNOWN = "unknown"
    """The body was sent and no answer came: the receiver may have it."""
    PERMANENT = "permanent"
    """This message will never be accepted; others may."""
    DISABLED = "disabled"
    """This channel accepts nothing any more until somebody acts."""


class DeliveryError(Exception):
    """A send that did not succeed. Its text never holds a URL, an address or a secret.

    Attributes:
        after: For WAIT, how long the receiver asked for.
        hold_after: For RETRY, when it still fails like this so long after the delivery was
            made, the channel is to be treated as DISABLED: a wrong address, say, which may
            also be a receiver that is just being set up. None for what has no such end.
    """

    def __init__(
        self,
        text: str,
        failure: Failure,
        *,
        after: timedelta | None = None,
        hold_after: timedelta | None = None,
    ) -> None:
        super().__init__(text)
        self.failure = failure
        self.after = after
        self.hold_after = hold_after


class Notifier(Protocol):
    """Sends messages to one kind of channel. Safe to use from many threads."""

    def send(self, message: Message, settings: Settings) -> str | None:
        """Send once; never retry. Return the receiver's receipt, if it gives one.

        Takes at most 30 s in all (e-mail: as long as SMTP demands), connects only through
        what it was given, follows no redirect.

        Raises:
            DeliveryError: The receiver did not accept it.
        """
        ...
