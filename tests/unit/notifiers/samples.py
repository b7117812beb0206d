"""What the notifiers' tests talk about."""

import io
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from notifiers.content.content import AlertContent, Envelope, Note
from notifiers.http.post import Answer, Asked, Poster
from notifiers.http.responses import Response
from notifiers.spec import NotifierTools, SmtpSettings
from storage.model import Alert, Article, Delivery, DeliveryKind, Evidence, Rule, Source

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LINK = "https://news.example/hanoi?page=1&lang=sv"
TITLE = "Sextio länder skriver under"
TEXT = (
    "Ministrar från sextio länder möttes i helgen. " * 10
    + "Den nya Hanoi-konventionen mot it-brott ska göra det lättare att dela bevis. "
    + "Flera organisationer varnar för övervakning. " * 10
)


def evidence_of(
    text: str, words: str, *, field: str = "text", term: str = "Hanoi Convention"
) -> Evidence:
    start = text.index(words)
    return Evidence(
        field=field,
        start=start,
        end=start + len(words),
        text=words,
        term=term,
        layer="compound",
        language="sv",
    )


def alert_content(
    *,
    title: str = TITLE,
    text: str = TEXT,
    url: str = LINK,
    evidence: tuple[Evidence, ...] | None = None,
    rule: str = "Hanoi Convention",
    summary: str = "Sextio länder är med.",
    source: str = "Dagens Prov",
    articles: int = 1,
    reasons: tuple[str, ...] = (),
    story: str = "story" + "s" * 21,
) -> AlertContent:
    if evidence is None:
        evidence = (evidence_of(text, "Hanoi-konventionen"),) if "Hanoi-k" in text else ()
    return AlertContent(
        alert=Alert(
            id="a1b2c3" + "x" * 20,
            rule_id="rule" + "r" * 22,
            story_id=story,
            article_id="article" + "a" * 19,
            raised_at=NOON,
            score=0.9,
            evidence=evidence,
        ),
        rule=Rule(id="rule" + "r" * 22, name=rule, query=rule, created_at=NOON),
        article=Article(
            id="article" + "a" * 19,
            source_id="source" + "s" * 20,
            story_id=story,
            url=url,
            title=title,
            text=text,
            summary=summary,
            language="sv",
            published_at=NOON - timedelta(hours=2),
            first_seen_at=NOON - timedelta(minutes=1),
        ),
        source=Source(
            id="source" + "s" * 20,
            kind="feed",
            url="https://user:feed-password@news.example/rss",
            name=source,
            every=timedelta(minutes=15),
            added_at=NOON,
        ),
        articles=articles,
        reasons=reasons,
    )


ENVELOPE = Envelope(
    id="msg_" + "d" * 26, at=NOON, recipient="bo@example.org", sender="alerts@example.net"
)
TEST_NOTE = Note(kind=DeliveryKind.TEST, title='Channel "desk" works', text="This is a test.")
NOTICE = Note(kind=DeliveryKind.NOTICE, title="Something needs you", text="One.\nTwo.")

DELIVERY = Delivery(
    id=ENVELOPE.id,
    kind=DeliveryKind.ALERT,
    alert_id="a1b2c3" + "x" * 20,
    channel_id="channel",
    recipient="",
    payload=b"{}",
    created_at=NOON,
    next_at=NOON,
    give_up_at=NOON + timedelta(hours=80),
)


def tried(times: int) -> Delivery:
    return replace(DELIVERY, attempts=times)


@dataclass(frozen=True, kw_only=True)
class Smtp:
    """How mail leaves, as the program's configuration has it."""

    port: int = 25
    host: str = "127.0.0.1"
    security: str = "starttls"
    sender: str = "alerts@example.net"
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def response(status: int, text: str = "", **headers: str) -> Response:
    """What `hook.example` says; `retry_after` stands for the header `retry-after`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, headers=named, text=text, host="hook.example", scheme="http")


MENTIONS = (
    "@everyone @here <!channel> <@U123> <#C1> [x](javascript:alert(1)) *_~`| &amp; http://e.x"
)


def hostile(text: str = MENTIONS) -> dict[str, Any]:
    """Changes to `alert_content` that put this wherever an outsider can."""
    return {
        "title": text,
        "text": f"{text} Hanoi-konventionen {text}",
        "rule": text,
        "source": text,
    }


class Accepting:
    """Answers everything with 204; implements `notifiers.http.post.Poster`."""

    def exchange(
        self, asked: Asked, *, seconds: float, most: int, sent: Callable[[], None]
    ) -> Answer:
        sent()
        return Answer(status=204, host="hook.example", scheme="https", headers=(), body=b"")


def tools(
    *,
    client: Poster | None = None,
    now: Callable[[], datetime] = lambda: NOON,
    smtp: SmtpSettings | None = None,
) -> NotifierTools:
    """What notifiers are made of; without a client everything is accepted."""
    return NotifierTools(
        client=client or Accepting(),
        now=now,
        stdout=io.StringIO(),
        smtp=smtp,
        connect=lambda host, port, seconds: socket.socket(),
        check_address=lambda address, port: None,
        may_be_unprotected=lambda address: False,
    )
