"""Matrix: messages in a room, under the delivery's id, so that none can appear twice."""

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import quote

from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels.chat import ChatNotifier, Request, bearer, check_token, with_fields
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import Laid, fitted
from notifiers.content.markup import PLAIN, Markup, escape_html, html_link, written
from notifiers.content.wording import compact_json, wording
from notifiers.http import responses
from notifiers.http.redact import redacted
from notifiers.http.responses import Response
from notifiers.spec import URL, ChannelSetting, ChannelSpec, WebUrl

MOST_BYTES = 48_000
"""An event may have 65,536 bytes, with all that servers add to it."""

EXAMPLE = "https://matrix.example.org/_matrix/client/v3/rooms/!room:example.org"
_ROOM = re.compile(r"(/_matrix/client/(?:v3|r0)/rooms/)([^/?]+)(?:/.*)?")

MARKUP = Markup(
    escape=escape_html,
    marked=lambda text: f"<strong>{text}</strong>",
    heading=lambda text: f"<strong>{text}</strong>",
    link=html_link,
    quote=lambda text: f"<blockquote>{text}</blockquote>",
    small=lambda text: f"<em>{text}</em>",
    between="<br>",
)


def render(content: Content, envelope: Envelope) -> bytes:
    """Return the content of an `m.room.message` that mentions nobody."""
    return fitted(wording(content, envelope), _message, lambda made: len(made) <= MOST_BYTES)


def _message(laid: Laid) -> bytes:
    # A quotation ends its line by itself.
    formatted = written(laid.lines, MARKUP).replace("</blockquote><br>", "</blockquote>")
    return compact_json(
        {
            "msgtype": "m.text",
            "body": written(laid.lines, PLAIN),
            "format": "org.matrix.custom.html",
            "formatted_body": formatted,
            "m.mentions": {},
        }
    )


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As all others, and return the id of the event; a refused token or room closes the channel."""
    said = responses.json_object(response.text)
    code = str(said.get("errcode", ""))
    why = f"HTTP {response.status}: {code} {redacted(str(said.get('error', '')), secrets)}".rstrip()
    if response.status in (401, 403, 404) and code:
        raise DeliveryError(why, Failure.DISABLED)
    if response.status == 429:
        raise responses.may_get_better(why, responses.asked(response, now=now) or _delay(said))
    responses.check(response, now=now, secrets=secrets)
    event = said.get("event_id")
    if isinstance(event, str) and event.startswith("$") and len(event) <= 255:
        return event
    raise DeliveryError("answered 200, but not as Matrix does", Failure.UNKNOWN)


def _delay(said: dict[str, object]) -> timedelta | None:
    asked = said.get("retry_after_ms")
    if isinstance(asked, bool) or not isinstance(asked, int | float) or not asked > 0:
        return None
    return timedelta(milliseconds=min(asked, responses.LONGEST_WAIT.total_seconds() * 1000))


def _request(message: Message, settings: Settings) -> Request:
    import httpx

    url = httpx.URL(settings["url"])
    place = _ROOM.fullmatch(url.path)
    if place is None:
        raise DeliveryError(f"not the URL of a room: {EXAMPLE}", Failure.DISABLED)
    room = quote(place[2], safe="")
    path = f"{place[1]}{room}/send/m.room.message/{quote(message.id, safe='')}"
    fields: dict[str, object] = {}
    if message.edits:
        fields["m.relates_to"] = {"rel_type": "m.replace", "event_id": message.edits}
        fields["m.new_content"] = json.loads(message.payload)
    elif message.thread:
        fields["m.relates_to"] = _in_thread(message.thread)
    return Request(
        method="PUT",
        url=str(url.copy_with(raw_path=path.encode("ascii"))),
        body=with_fields(message.payload, fields),
        headers=bearer(settings),
    )


def _in_thread(event: str) -> dict[str, object]:
    """Return what puts an event into the thread that begins with this one."""
    return {
        "rel_type": "m.thread",
        "event_id": event,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": event},
    }


def _check_target(path: str, query: str) -> None:
    place = _ROOM.fullmatch(path)
    if place is None or not place[2].startswith("!"):
        raise ValueError(f"a Matrix channel is the URL of a room, by its id: {EXAMPLE}")


SPEC = ChannelSpec(
    kind="matrix",
    name="Matrix",
    target=WebUrl(shape=r"/_matrix/client/(v3|r0)/rooms/.*", check=_check_target),
    threads=True,
    render=render,
    make=lambda tools: ChatNotifier(tools.client, tools.now, check, request=_request),
    settings=(URL, ChannelSetting(key="secret", name="an access token", check=check_token)),
    concurrency=1,
    can_edit=True,
)
