"""Messages saved as files (.eml), and pages that browsers save as such a message (.mhtml)."""

import email
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from itertools import islice

from common.records import dataclass
from ingester.documents.names import is_readable
from ingester.text.encoding import decode
from ingester.text.shown import shown
from ingester.text.text import markup_to_text, one_line

_MOST_PARTS = 200
_MOST_LINES_BETWEEN = 5_000
"""Lines that begin as those between parts do; each of them may be a part, which takes memory."""
_MOST_BOUNDARIES = 50
"""Parts within parts are read in quadratic time, by functions that call themselves."""
_BOUNDARY = re.compile(rb"boundary\s*=", re.I)
_HEADER = re.compile(rb"\s*[!-9;-~]{1,60}:[^\n]*\n")
_PARAMETERS = re.compile(rb"^content-(?:type|disposition):[^\n]*+(?:\n[ \t][^\n]*+)*+", re.I | re.M)
_LONGEST_PARAMETERS = 4_000
"""Read in quadratic time, as other lines above a message are that are longer than this."""
_LONGEST_SAID = 2_000
_FEWEST = 40
"""Letters of a plain text that stands for the message; shorter ones say that there is HTML."""
_MESSAGES = ("message/rfc822", "message/global")
_ENCRYPTED = (
    "multipart/encrypted",
    "application/pkcs7-mime",
    "application/x-pkcs7-mime",
)
_WEB = ("http://", "https://")
_SOFT_BREAK = re.compile(r"(?<=\S) \r?\n(?=\S)")
_ENCODED = re.compile(r"=\?[^?\s]{1,40}\?[bq]\?", re.I)


class NoMessage(ValueError):
    """The file is no message that can be read; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message.

    Attributes:
        head: What its lines above the text say, named as front matter names it.
        text: What was written, plain.
        page: A page that a browser saved, with `address` where it came from; then there is no text.
        unread: The names of documents that are attached.
    """

    head: dict[str, object]
    text: str = ""
    page: bytes = b""
    content_type: str = ""
    address: str = ""
    unread: tuple[str, ...] = ()


def read_mail(data: bytes) -> Mail:
    """Return what a message says.

    Raises:
        NoMessage: It is none, is encrypted, or holds no text.
    """
    if not _HEADER.match(data[:4096]):
        raise NoMessage("is no message that can be read; save it again, or its text as .txt")
    if data.count(b"\n--") > _MOST_LINES_BETWEEN:
        raise NoMessage("holds too many parts; save its text as .txt")
    if len(_BOUNDARY.findall(data)) > _MOST_BOUNDARIES:
        raise NoMessage(f"holds over {_MOST_BOUNDARIES} parts within parts; save its text as .txt")
    if any(len(said[0]) > _LONGEST_PARAMETERS for said in _PARAMETERS.finditer(data)):
        raise NoMessage("says more of its parts than any message; save its text as .txt")
    try:
        return _read(email.message_from_bytes(data))
    except RecursionError as error:  # messages in messages need no boundary
        raise NoMessage("holds too many messages in messages; save its text as .txt") from error


def _read(message: Message) -> Mail:
    if page := _saved_page(message):
        return page
    if message.get_content_type() in _ENCRYPTED:
        raise NoMessage("is encrypted, or signed as a whole; save its text as .txt")
    leaves = list(islice(_leaves(message), _MOST_PARTS))
    passed_on = [part for part in leaves if _is_message(part)]
    text = _text(message)
    if not text.strip() and len(passed_on) == 1:
        return _read(_inner(passed_on[0]))  # somebody has passed it on without a word
    text = "\n\n".join((text, *map(_said_in, passed_on))).strip()
    if not text:
        raise NoMessage("holds no text; save what is attached to it")
    names = (one_line(_decoded(part.get_filename() or "")) for part in leaves if _is_attached(part))
    unread = tuple(shown(name) for name in names if is_readable(name))
    return Mail(head=dict(_head(message)), text=text, unread=unread)


def _saved_page(message: Message) -> Mail | None:
    """Return the page that a browser saved as this message, if it is one."""
    pages = [part for part in _leaves(message) if part.get_content_type() == "text/html"]
    if not pages:
        return None
    at = _said(pages[0], "Content-Location")
    saved = _said(message, "Snapshot-Content-Location") or (at if at.startswith(_WEB) else "")
    if not saved:
        return None
    content_type = f"text/html; charset={pages[0].get_content_charset() or 'utf-8'}"
    address = saved if saved.startswith(_WEB) else ""  # a file of whoever saved it is no address
    return Mail(head={}, page=_payload(pages[0]), content_type=content_type, address=address)


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts of a message that have none, each message that it passes on as one."""
    for part in _parts(message):
        if part.get_content_maintype() == "multipart":
            yield from _leaves(part)
        else:
            yield part


def _parts(part: Message) -> list[Message]:
    """Return the parts of a part; of one that has none, itself."""
    if part.get_content_maintype() != "multipart":
        return [part]
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)]  # of a text, letters


def _is_message(part: Message) -> bool:
    return part.get_content_type() in _MESSAGES and part.is_multipart()


def _inner(part: Message) -> Message:
    return next(each for each in part.get_payload() if isinstance(each, Message))


def _said_in(part: Message) -> str:
    """Return the subject and the text of a message that another one passes on, and so on."""
    message = _inner(part)
    passed_on = filter(_is_message, islice(_leaves(message), _MOST_PARTS))
    return "\n\n".join((_said(message, "Subject"), _text(message), *map(_said_in, passed_on)))


def _text(part: Message) -> str:
    """Return what is written in a part for readers, without messages that it passes on.

    Of several ways to say the same (RFC 2046) it is the plain one, if that says it; of a page with
    what it shows (RFC 2387) the page.
    """
    kind = part.get_content_type()
    if kind.startswith("multipart/"):
        texts = [_text(each) for each in _parts(part)[:_MOST_PARTS]]
        if kind == "multipart/related":
            return texts[0] if texts else ""
        if kind == "multipart/alternative":
            said = (text for text in texts if len(text.strip()) >= _FEWEST)
            return next(said, "") or max(texts, key=len, default="")
        return "\n\n".join(text for text in texts if text.strip())
    if _is_attached(part):
        return ""
    if kind == "text/html":
        return markup_to_text(_text_of(part))
    return _plain(part) if kind == "text/plain" else ""


def _head(message: Message) -> Iterator[tuple[str, str]]:
    name, address = parseaddr(_said(message, "From"))
    archived = _said(message, "Archived-At").strip("<>")
    for key, value in (
        ("id", _said(message, "Message-ID").strip("<>")),
        ("title", _said(message, "Subject")),
        ("date", _said(message, "Date")),
        ("author", name or address),
        ("url", archived if archived.startswith(_WEB) else ""),
        ("language", _said(message, "Content-Language").partition(",")[0]),
    ):
        if value:
            yield key, value


def _said(message: Message, name: str) -> str:
    """Return a line above a message, on one line, also if it holds letters as they are."""
    wanted = name.lower()
    raw = next((value for key, value in message.raw_items() if key.lower() == wanted), "")
    return one_line(_decoded(str(raw)[:_LONGEST_SAID]))


def _decoded(value: str) -> str:
    whole = decode(value.encode("utf-8", "surrogateescape")).text
    if not _ENCODED.search(whole):
        return whole
    try:
        return str(make_header(decode_header(whole)))
    except (HeaderParseError, LookupError, ValueError):  # a name of no encoding, broken base64
        return whole


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(
        part.get_filename() and part.get_content_maintype() != "text"
    )


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text_of(part: Message) -> str:
    charset = part.get_content_charset() or ""
    return decode(_payload(part), content_type=f"text/plain; charset={charset}").text


def _plain(part: Message) -> str:
    """Return a plain text; of one that flows, a blank at the end of a line goes on (RFC 3676)."""
    text = _text_of(part)
    flows = str(part.get_param("format") or "").lower() == "flowed"
    return _SOFT_BREAK.sub(" ", text) if flows else text
