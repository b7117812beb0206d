"""What every double of a vendor is: an answer to requests that keeps what it accepts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from notifiers.api import Failure
from tests.answers import Connection, Seen, reply
from tests.vendors.reading import Read

CANARY = "CANARY5ecret"


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer in the vendor's form."""

    status: int = 200
    body: bytes | str = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


def said(value: object, status: int = 200, **headers: str) -> Said:
    """Return an answer in JSON."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Said(status=status, body=json.dumps(value), headers=named)


class Refused(Exception):
    """The vendor does not take this; `said` is how it says so."""

    def __init__(self, said: Said) -> None:
        super().__init__(said.body)
        self.said = said


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """An answer that the vendor documents, and what it must mean to us.

    Attributes:
        seconds: For WAIT, how long.
    """

    said: Said
    failure: Failure
    seconds: float | None = None


class Double:
    """A vendor. It answers as a `tests.answers.Answer`.

    Attributes:
        kind: The kind of channel that is sent to it.
        path: Of a channel there, with its query; holds CANARY where the real one is secret.
        secret: What a channel there needs beside; "" for nothing.
        refusals: What it may answer beside accepting, by name.
        per_window: How many messages it takes in how many seconds; None when it does not say.
        is_once: Whether it shows a message that comes twice under one id once.
    """

    kind: str
    path: str
    secret = ""
    refusals: ClassVar[dict[str, Meaning]] = {}
    per_window: tuple[int, float] | None = None
    is_once = False

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.answers: list[Said] = []
        """Before it goes on accepting."""

    def __call__(self, connection: Connection, seen: Seen) -> None:
        if self.answers:
            answer = self.answers.pop(0)
        else:
            try:
                answer = self.take(seen)
            except Refused as refused:
                answer = refused.said
        reply(
            answer.body,
            status=answer.status,
            content_type=answer.content_type,
            headers=answer.headers,
        )(connection, seen)

    def take(self, seen: Seen) -> Said:
        """Keep what arrived and answer, or raise `Refused`."""
        raise NotImplementedError

    def payload(self, seen: Seen) -> bytes:
        """Return the frozen bytes in a request."""
        return seen.body

    def edit(self, name: str, id_: object, message: dict[str, Any]) -> bool:
        """Put a message in the place of the one that was kept under this id; False without one."""
        for place, kept in enumerate(self.kept):
            if kept[name] == id_:
                self.kept[place] = {**message, name: id_}
                return True
        return False

    def thread_of(self, message: Any) -> object:
        """Return what a message that was kept stands under: the receipt of another, or None."""
        return None

    def read(self, message: Any) -> Read:
        """Return what people see of a message that was kept."""
        raise NotImplementedError


def parsed(seen: Seen, otherwise: Callable[[], Said]) -> dict[str, Any]:
    """Return the JSON object that arrived, or refuse it."""
    try:
        value = json.loads(seen.body.decode("utf-8"))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Refused(otherwise())
    return value


def without(seen: Seen, *names: str) -> bytes:
    """Return the JSON object that arrived without these fields, as it was frozen."""
    value = json.loads(seen.body)
    kept = {name: part for name, part in value.items() if name not in names}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def units(text: str) -> int:
    """Return how long a text is for those who count in UTF-16."""
    return len(text.encode("utf-16-le")) // 2
