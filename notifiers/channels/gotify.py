"""Gotify: notifications from an application of anybody's own server, in Markdown."""

import re
from collections.abc import Iterable
from datetime import datetime

from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels.chat import ChatNotifier, Request, check_token
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import Laid, fitted
from notifiers.content.markup import Markup, escape_markdown, guarded, written
from notifiers.content.wording import compact_json, wording
from notifiers.http import responses
from notifiers.http.redact import redacted
from notifiers.http.responses import Response
from notifiers.spec import URL, ChannelSetting, ChannelSpec, WebUrl

MOST_BYTES = 30_000

_PRIORITIES = {"low": 2, "normal": 5, "high": 8, "critical": 10}

MARKUP = Markup(
    escape=escape_markdown,
    marked=lambda text: f"**{text}**",
    heading=lambda text: f"**{text}**",
    link=lambda text, url: f"[{text}](<{url}>)",
    quote=lambda text: f"> {text}",
    guard=guarded,
    between="\n\n",
)


def render(content: Content, envelope: Envelope) -> bytes:
    """Return a title, and a message in Markdown that opens the article when it is tapped."""
    return fitted(wording(content, envelope), _message, lambda made: len(made) <= MOST_BYTES)


def _message(laid: Laid) -> bytes:
    extras: dict[str, object] = {"client::display": {"contentType": "text/markdown"}}
    message = written(laid.rest, MARKUP)
    if laid.link:
        extras["client::notification"] = {"click": {"url": laid.link}}
        message += MARKUP.between + MARKUP.link(laid.words.words.read, laid.link)
    return compact_json(
        {
            "title": laid.title,
            "message": message,
            "priority": _PRIORITIES[laid.words.priority],
            "extras": extras,
        }
    )


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As all others, and return the id of the message; a refused token closes the channel."""
    said = responses.json_object(response.text)
    if response.status in (401, 403) and said.get("errorCode"):
        why = redacted(str(said.get("errorDescription", "")), secrets)
        raise DeliveryError(f"HTTP {response.status}: {why}".rstrip(": "), Failure.DISABLED)
    responses.check(response, now=now, secrets=secrets)
    id_ = said.get("id")
    return str(id_) if isinstance(id_, int) and not isinstance(id_, bool) else None


def _request(message: Message, settings: Settings) -> Request:
    token = settings.get("secret", "").strip()
    headers = {"x-gotify-key": token} if token else {}
    return Request(url=settings["url"], body=message.payload, headers=headers)


def _check_target(path: str, query: str) -> None:
    if not re.fullmatch(r".*/message/?", path):
        raise ValueError("a Gotify channel is written https://gotify.example.org/message?token=...")


SPEC = ChannelSpec(
    kind="gotify",
    name="Gotify",
    target=WebUrl(shape=r".*/message\?token=A[\w.-]{14}", check=_check_target),
    render=render,
    make=lambda tools: ChatNotifier(tools.client, tools.now, check, request=_request),
    settings=(
        URL,
        ChannelSetting(
            key="secret", is_needed=False, name="an application's token", check=check_token
        ),
    ),
    concurrency=1,
)
