"""An alert as an e-mail: one RFC 5322 message for one recipient, the same bytes at every try."""

import re
from collections.abc import Callable
from datetime import datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path

import jinja2

from common.clip import clip_words
from notifiers.content.sanitize import one_line
from notifiers.content.wording import AlertContent, Content, Envelope, Wording, wording
from storage.model import DeliveryKind

SUBJECT_LIMIT = 200
NAME = "Newsroom Monitor"

# 7 bit: no server has to know 8BITMIME, and no relay rewrites what we froze.
_POLICY = policy.SMTP.clone(cte_type="7bit", max_line_length=76)
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
        f"Subject: {_encoded(subject(content, words))}",
        f"Date: {_date(envelope.at)}",
        f"Message-ID: <{envelope.id}@{domain}>",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        f"List-Id: <{_label(words.rule_id or 'notices')}.newsroom-monitor.{domain}>",
    )
    body = EmailMessage(policy=_POLICY)
    body.set_content(_text(words))
    body.add_alternative(_html(words), subtype="html")
    # Else it is drawn at random when written. "=_" cannot stand in quoted-printable or base64.
    body.set_boundary(f"=_{envelope.id}")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii") + body.as_bytes()


def subject(content: Content, words: Wording) -> str:
    """Return one line of at most 200 characters without control characters."""
    title = words.title.text
    if isinstance(content, AlertContent):
        rule = f" · {clip_words(words.rule, 40)}"
        return f"{clip_words(title, SUBJECT_LIMIT - len(rule))}{rule}"
    label = "Test: " if content.kind is DeliveryKind.TEST else ""
    return clip_words(f"{label}{title}", SUBJECT_LIMIT)


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
    lines = [words.title.marked("*", "*")]
    if words.byline:
        lines.append(f"{words.byline} · {words.carried}")
    if words.link:
        lines.append(words.link)
    if words.excerpt:
        lines += ["", words.excerpt.marked("*", "*")]
    if words.why:
        lines += ["", *words.why]
    if words.lines:
        lines += ["", *words.lines]
    lines += ["", "-- ", _footer(words)]
    return "\n".join(lines) + "\n"


def _footer(words: Wording) -> str:
    if not words.rule:
        return f"{NAME} · {words.code}"
    rule = words.rule if words.query in ("", words.rule) else f"{words.rule}: {words.query}"
    return one_line(f"{NAME} · {words.code} · rule {rule} · {words.look_up}")


def _html(words: Wording) -> str:
    return _template()(words=words, footer=_footer(words))


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
