"""An alert as an e-mail: one RFC 5322 message for one recipient, the same bytes at every try."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache, lru_cache
from pathlib import Path

import jinja2

from common.clip import clip_words
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import templated
from notifiers.content.sanitize import isolated, one_line
from notifiers.content.wording import Wording, wording
from storage.model import DeliveryKind

SUBJECT_LIMIT = 200
NAME = "Newsroom Monitor"

# 7 bit: no server has to know 8BITMIME, and no relay rewrites what we froze.
_POLICY = policy.SMTP.clone(cte_type="7bit", max_line_length=76)
_MOST_BODIES = 16
_TEMPLATES = Path(__file__).with_name("templates")


def render_email(content: Content, envelope: Envelope) -> bytes:
    """Return the whole message, header and body, with CRLF line ends.

    Its Message-ID comes from the delivery's id and its Date from when the delivery was made, so
    that a mailbox which sees it twice can tell.
    """
    words = wording(content, envelope)
    sender = _address(envelope.sender or envelope.recipient)
    domain = sender.rpartition("@")[2] or "localhost"
    lines = (
        f"From: {NAME} <{sender}>",
        f"To: {_address(envelope.recipient)}",
        f"Subject: {_encoded(subject(words))}",
        f"Date: {_date(envelope.at)}",
        f"Message-ID: <{envelope.id}@{domain}>",
        *_in_thread(envelope.thread, domain),
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        f"List-Id: <{_label(words.rule_id or 'notices')}.newsroom-monitor.{domain}>",
        *_leaving(envelope.leave),
    )
    # Named by us, else it is drawn at random. "=_" cannot stand in quoted-printable or base64.
    boundary = f"=_{envelope.id}"
    between = "=_" + "x" * len(envelope.id)
    body = _body(_text(words), _html(words), between)
    body = body.replace(between.encode(), boundary.encode())
    return "".join(f"{line}\r\n" for line in lines).encode("ascii") + body


@lru_cache(_MOST_BODIES)
def _body(text: str, html: str, boundary: str) -> bytes:
    """Return both parts: the same for all recipients of an alert, for whom they are made once."""
    body = EmailMessage(policy=_POLICY)
    body.set_content(text)
    body.add_alternative(html, subtype="html")
    body.set_boundary(boundary)
    return body.as_bytes()


def _in_thread(first: str, domain: str) -> tuple[str, ...]:
    """Return what puts a message under the one that told of the story first."""
    if not first:
        return ()
    return f"In-Reply-To: <{first}@{domain}>", f"References: <{first}@{domain}>"


def _leaving(url: str) -> tuple[str, ...]:
    """Return the headers with which a mail program offers to leave the list (RFC 2369, 8058)."""
    if not url:
        return ()
    leave = f"List-Unsubscribe: <{url}>"
    if not url.startswith("https:"):  # which is what a program may post to by itself
        return (leave,)
    return leave, "List-Unsubscribe-Post: List-Unsubscribe=One-Click"


def subject(words: Wording) -> str:
    """Return one line of at most 200 characters without control characters."""
    before = ""
    if words.kind is DeliveryKind.TEST:
        before = f"{words.words.test}: "
    elif words.urgency:
        before = f"[{words.urgency}] "
    after = f" · {clip_words(words.rule, 40)}" if words.rule else ""
    room = SUBJECT_LIMIT - len(before) - len(after)
    return f"{before}{clip_words(words.title.text, room)}{after}"


def _encoded(line: str) -> str:
    """Return a header's value in ASCII, folded; EmailMessage's own folding loses spaces."""
    if line.isascii() and len(line) <= 60 and "=?" not in line:
        return line
    return Header(line, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _address(text: str) -> str:
    """Return the address; addresses were checked when they came in, so this changes none."""
    return one_line(text, 254).encode("ascii", "replace").decode("ascii")


def _date(at: datetime) -> str:
    return format_datetime(at.replace(microsecond=0))


def _label(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", text)[:63].strip("-") or "rule"


def _text(words: Wording) -> str:
    lines = list(_told(words))
    if words.template:
        said = [line.text for line in templated(words)]
        lines = [*lines[:1], words.link, "", *said, "", "-- ", _footer(words, _look_up(words))]
        return "\n".join(lines) + "\n"
    if words.excerpt:
        lines += ["", words.excerpt.marked("*", "*")]
    if words.why:
        lines += ["", *words.why]
    if words.lines:
        lines += ["", *words.lines]
    for story in words.stories:
        lines += ["", *_told(story), *story.why]
        foot = (story.urgency, story.rule, story.code, story.page)
        lines += filter(None, [" · ".join(filter(None, foot))])
    if words.more:
        lines += ["", words.more]
    lines += ["", "-- ", _footer(words, _look_up(words))]
    return "\n".join(lines) + "\n"


def _told(words: Wording) -> Iterable[str]:
    return filter(None, (words.title.marked("*", "*"), words.source_line, words.link))


def _look_up(words: Wording) -> str:
    return words.words.look_up.format(command=words.look_up)


def _footer(words: Wording, look_up: str) -> str:
    if not words.rule:
        return " · ".join(filter(None, (NAME, words.code, look_up if words.page else "")))
    rule = words.rule if words.query in ("", words.rule) else f"{words.rule}: {words.query}"
    said = words.words.footer.format(rule=rule)
    parts = (NAME, words.urgency, words.code, isolated(one_line(said)), look_up)
    return " · ".join(filter(None, parts))


def _html(words: Wording) -> str:
    lines = tuple(templated(words)) if words.template else ()
    # In HTML the address of a page is a link, which the template makes.
    footer = _footer(words, "" if words.page else _look_up(words))
    return _template()(words=words, lines=lines, footer=footer, look_up=_look_up(words))


@cache
def _template() -> Callable[..., str]:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("message.html").render
