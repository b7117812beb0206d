"""ntfy: notifications on a topic, at ntfy.sh or at anybody's host."""

import re
from collections.abc import Iterable
from datetime import datetime

from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels.chat import ChatNotifier, Request, bearer, check_token, with_fields
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import Laid, fitted
from notifiers.content.markup import PLAIN, clip_to, utf8_bytes, written
from notifiers.content.wording import compact_json, wording
from notifiers.http import responses
from notifiers.http.redact import redacted
from notifiers.http.responses import Response
from notifiers.spec import URL, ChannelSetting, ChannelSpec, Pace, WebUrl

MOST_MESSAGE_BYTES = 4096
"""A longer one becomes a file beside an empty message."""
MOST_TITLE_BYTES = 1000
LONGEST_LINK = 2048

_PRIORITIES = {"low": 2, "normal": 3, "high": 4, "critical": 5}


def render(content: Content, envelope: Envelope) -> bytes:
    """Return what ntfy takes as JSON, but for the topic."""
    return compact_json(fitted(wording(content, envelope), _message, _fits))


def _message(laid: Laid) -> dict[str, object]:
    made: dict[str, object] = {
        "title": clip_to(laid.title, MOST_TITLE_BYTES, utf8_bytes),
        "message": written(laid.rest, PLAIN),
        "priority": _PRIORITIES[laid.words.priority],
        "tags": ["newspaper"],
    }
    if laid.link:
        view = {"action": "view", "label": laid.words.words.read, "url": laid.link}
        made |= {"click": laid.link, "actions": [view]}
    return made


def _fits(made: dict[str, object]) -> bool:
    link = str(made.get("click", ""))
    return utf8_bytes(str(made["message"])) <= MOST_MESSAGE_BYTES and len(link) <= LONGEST_LINK


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As all others, and return the id of the message; a refused login closes the channel."""
    said = responses.json_object(response.text)
    why = f"HTTP {response.status}: {redacted(str(said.get('error', '')), secrets)}".rstrip(": ")
    if response.status in (401, 403) and said.get("code"):
        raise DeliveryError(why, Failure.DISABLED)
    responses.check(response, now=now, secrets=secrets)
    id_ = said.get("id")
    return id_ if isinstance(id_, str) and id_.isalnum() and len(id_) <= 64 else None


def _request(message: Message, settings: Settings) -> Request:
    """Return a post to the server itself, which reads JSON only there, with the topic in it."""
    import httpx

    url = httpx.URL(settings["url"])
    folder, _, topic = url.path.rstrip("/").rpartition("/")
    query = f"?{url.query.decode('ascii')}" if url.query else ""
    return Request(
        url=str(url.copy_with(raw_path=f"{folder}/{query}".encode("ascii"))),
        body=with_fields(message.payload, {"topic": topic}),
        headers=bearer(settings),
    )


def _check_target(path: str, query: str) -> None:
    topic = path.rstrip("/").rpartition("/")[2]
    if not re.fullmatch(r"[-_A-Za-z0-9]{1,64}", topic):
        raise ValueError("an ntfy channel is a server and a topic: https://ntfy.sh/my-topic")


SPEC = ChannelSpec(
    kind="ntfy",
    name="ntfy",
    target=WebUrl(hosts=r"ntfy\.sh", check=_check_target),
    render=render,
    make=lambda tools: ChatNotifier(tools.client, tools.now, check, request=_request),
    settings=(
        URL,
        ChannelSetting(key="secret", is_needed=False, name="an access token", check=check_token),
    ),
    concurrency=1,
    pace=Pace(messages=60, seconds=300),
)
