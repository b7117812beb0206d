"""Telegram: a bot's messages in HTML. The channel's URL names the chat, beside the token."""

import json
import re
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from common.retry_after import at_most
from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels.chat import ChatNotifier, Request, with_fields
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import Laid, fitted
from notifiers.content.markup import (
    Markup,
    escape_html,
    html_link,
    utf16_units,
    written,
)
from notifiers.content.wording import compact_json, wording
from notifiers.http import responses
from notifiers.http.redact import redacted
from notifiers.http.responses import Response
from notifiers.spec import ChannelSpec, Pace, WebUrl

if TYPE_CHECKING:  # a short command needs no HTTP client
    from notifiers.http.post import Poster

LIMIT = 4096
"""UTF-16 units, which are never fewer than what is counted; so is the markup, which is not."""

MOST_ENTITIES = 100
"""Bold words, links, quotes; what is beyond them is shown without looks, and leads nowhere."""

EXAMPLE = "https://api.telegram.org/bot<token>/sendMessage?chat_id=<chat>"

_CLOSED = (
    *("chat not found", "bot was kicked", "bot was blocked", "user is deactivated"),
    *("not enough rights", "have no rights", "need administrator rights", "CHAT_RESTRICTED"),
)


_TAPPED = re.compile(r"[@#]|(?<![\w/])(?:/(?=\w)(?!(?<=\./)run monitor\b)|\$(?=[A-Z]))")
"""What begins a mention, a tag, a command to a bot (which tapping it sends) or a share's name.

But not what we ask people to type: no bot is asked for anything by /run, and it must work.
"""


def escape(text: str) -> str:
    """Return the text as it stands in HTML, in which nothing begins a mention, tag or command."""
    # First of all, as the signs of HTML's own escapes are not to be parted.
    return escape_html(_TAPPED.sub("\\g<0>\u200b", text))


MARKUP = Markup(
    escape=escape,
    marked=lambda text: f"<b>{text}</b>",
    heading=lambda text: f"<b>{text}</b>",
    link=html_link,
    quote=lambda text: f"<blockquote>{text}</blockquote>",
    small=lambda text: f"<i>{text}</i>",
    code=lambda text: f"<code>{text}</code>",
)


def render(content: Content, envelope: Envelope) -> bytes:
    """Return what `sendMessage` takes, but for the chat."""
    text = fitted(wording(content, envelope), _text, _fits)
    return compact_json(
        {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    )


def _text(laid: Laid) -> str:
    return written(laid.lines, MARKUP)


def _fits(text: str) -> bool:
    return utf16_units(text) <= LIMIT and text.count("</") <= MOST_ENTITIES


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """Read what Telegram says in JSON, whatever the status; return the id of the message."""
    said = responses.json_object(response.text)
    if said.get("ok") is True and 200 <= response.status < 300:
        result = said.get("result")
        id_ = result.get("message_id") if isinstance(result, dict) else None
        return str(id_) if isinstance(id_, int) else None
    why = f"HTTP {response.status}: {redacted(str(said.get('description', '')), secrets)}"
    if "message is not modified" in why:
        return None  # an attempt before this one has changed it
    if response.status == 429:
        named = _parameter(said, "retry_after")
        wait = at_most(named, responses.LONGEST_WAIT) if named is not None else None
        raise responses.may_get_better(why, wait or responses.asked(response, now=now))
    if response.status in (401, 403, 404) or any(words in why for words in _CLOSED):
        # A wrong token, a bot that was thrown out, a chat that it does not see.
        raise DeliveryError(why.rstrip(": "), Failure.DISABLED)
    responses.check(response, now=now, secrets=secrets)
    raise DeliveryError(f"answered {response.status}, but not as Telegram does", Failure.UNKNOWN)


def _parameter(said: dict[str, object], name: str) -> int | float | None:
    parameters = said.get("parameters")
    value = parameters.get(name) if isinstance(parameters, dict) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


class TelegramNotifier(ChatNotifier):
    """Implements `notifiers.api.Notifier`; follows a group that became a supergroup.

    Its new chat id is asked for once and remembered while the program runs.
    """

    def __init__(self, client: "Poster", now: Callable[[], datetime]) -> None:
        super().__init__(client, now, check, request=self._to_chat)
        self._moved: dict[str, str] = {}
        self._guard = threading.Lock()

    def exchange(self, asked: Request) -> Response:
        """Ask; when the chat has another id now, ask once more with that."""
        response = super().exchange(asked)
        moved = _parameter(responses.json_object(response.text), "migrate_to_chat_id")
        if response.status != 400 or moved is None:
            return response
        said = json.loads(asked.body)
        with self._guard:
            self._moved[said["chat_id"]] = str(int(moved))
        body = compact_json({**said, "chat_id": str(int(moved))})
        return super().exchange(Request(url=asked.url, body=body))

    def _to_chat(self, message: Message, settings: Settings) -> Request:
        """Return the frozen bytes with the chat, which the channel's URL names."""
        url, _, query = settings["url"].partition("?")
        fields: dict[str, object] = {}
        for name, values in parse_qs(query).items():
            fields[name] = int(values[0]) if name == "message_thread_id" else values[0]
        with self._guard:
            fields["chat_id"] = self._moved.get(str(fields["chat_id"]), fields["chat_id"])
        if message.edits.isdecimal():
            fields["message_id"] = int(message.edits)
            url = url.replace("/sendMessage", "/editMessageText", 1)
        elif message.thread.isdecimal():
            reply = {"message_id": int(message.thread), "allow_sending_without_reply": True}
            fields["reply_parameters"] = reply
        return Request(url=url, body=with_fields(message.payload, fields))


def _check_target(path: str, query: str) -> None:
    if not re.fullmatch(r"/bot[^/]+/sendMessage/?", path):
        raise ValueError(f"a Telegram channel is written {EXAMPLE}")
    named = parse_qs(query)
    if not named.get("chat_id"):
        raise ValueError(f"the URL names no chat: add ?chat_id=..., as in {EXAMPLE}")
    if not all(topic.isdecimal() for topic in named.get("message_thread_id", ())):
        raise ValueError("message_thread_id is the number of a topic")


SPEC = ChannelSpec(
    kind="telegram",
    name="Telegram",
    target=WebUrl(
        hosts=r"api\.telegram\.org",
        shape=r"/bot\d+:[\w-]{30,}/sendMessage\?.*",
        check=_check_target,
    ),
    threads=True,
    render=render,
    make=lambda tools: TelegramNotifier(tools.client, tools.now),
    concurrency=1,
    can_edit=True,
    pace=Pace(messages=1, seconds=3),
)
