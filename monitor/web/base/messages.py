"""Messages as they go out, laid open for people: the very bytes, and what is in them."""

import json
import unicodedata
from email import message_from_bytes, policy
from email.message import EmailMessage

from common.records import dataclass

_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "List-Unsubscribe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A message that can be read.

    Attributes:
        headers: Of a mail; the names as they are written.
        parts: What it is made of: what each is, and its text.
        source: The whole, as it goes over the wire.
    """

    headers: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, str], ...]
    source: str


def opened(payload: bytes) -> Opened:
    """Return a message laid open; what is no mail and no JSON is shown as it is."""
    source = payload.decode("utf-8", "replace")
    if payload.lstrip()[:1] in (b"{", b"["):
        try:
            pretty = json.dumps(json.loads(source), ensure_ascii=False, indent=2)
            return Opened(headers=(), parts=(("JSON", pretty),), source=source)
        except ValueError:
            pass
    mail = message_from_bytes(payload, policy=policy.default)
    if not isinstance(mail, EmailMessage) or "From" not in mail or "Subject" not in mail:
        return Opened(headers=(), parts=(("Text", source),), source=source)
    headers = tuple((name, str(mail[name])) for name in _HEADERS if mail[name] is not None)
    return Opened(headers=headers, parts=tuple(_parts(mail)), source=source)


_ISOLATES, _END = frozenset(("LRI", "RLI", "FSI")), "PDI"


def base_direction(line: str) -> str:
    """Return in which direction a line begins, as Unicode has it (UAX 9, P2 and P3).

    What is isolated says nothing of its line. `dir="auto"` looks into it all the same, so that a
    line of ours would stand at the right because the name it begins with is written from there.
    """
    depth = 0
    for letter in line:
        kind = unicodedata.bidirectional(letter)
        if kind in _ISOLATES:
            depth += 1
        elif kind == _END:
            depth = max(0, depth - 1)
        elif not depth and kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def _parts(mail: EmailMessage) -> list[tuple[str, str]]:
    found = []
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            what = {"plain": "As text", "html": "As a page, its source"}
            subtype = part.get_content_subtype()
            found.append((what.get(subtype, subtype), str(part.get_content()).strip()))
    return found
