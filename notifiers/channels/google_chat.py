"""Google Chat: webhooks of a space, messages as cards, and one thread a story."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels.chat import ChatNotifier, Request
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import Laid, Line, Role, fitted
from notifiers.content.markup import Markup, escape_html, html_link, written
from notifiers.content.wording import compact_json, wording
from notifiers.http import responses
from notifiers.http.redact import redacted
from notifiers.http.responses import Response
from notifiers.spec import ChannelSpec, Pace, WebUrl

MOST_BYTES = 32_000

MARKUP = Markup(
    escape=escape_html,
    marked=lambda text: f"<b>{text}</b>",
    heading=lambda text: f"<b>{text}</b>",
    link=html_link,
    quote=lambda text: f"<i>{text}</i>",
    small=lambda text: f'<font color="#5f6368">{text}</font>',
    between="<br>",
)

Widget = dict[str, object]


def render(content: Content, envelope: Envelope) -> bytes:
    """Return a card of text in the few tags that cards know; what is not ours is escaped.

    Messages about one story carry one thread key, so that more of it goes under the first.
    """
    words = wording(content, envelope)

    def message(laid: Laid) -> bytes:
        body: dict[str, object] = {
            "fallbackText": f"{laid.title} {laid.words.code}",
            "cardsV2": [{"cardId": envelope.id, "card": {"sections": list(_sections(laid))}}],
        }
        if words.thread:
            body["thread"] = {"threadKey": words.thread}
        return compact_json(body)

    return fitted(words, message, lambda made: len(made) <= MOST_BYTES)


def _sections(laid: Laid) -> Iterable[Widget]:
    head = [_paragraph([laid.lines[0], *laid.of(Role.BYLINE)])]
    head += [_paragraph([line]) for line in laid.of(Role.QUOTE)]
    told = laid.of(Role.TEXT, Role.WHY, Role.STORY, Role.DETAIL)
    if told:
        head.append(_paragraph(told))
    if laid.link:
        button = {"text": laid.words.words.read, "onClick": {"openLink": {"url": laid.link}}}
        head.append({"buttonList": {"buttons": [button]}})
    yield {"widgets": head}
    yield {"widgets": [_paragraph(laid.of(Role.FOOT))]}


def _paragraph(lines: Iterable[Line]) -> Widget:
    return {"textParagraph": {"text": written(lines, MARKUP)}}


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As all others, and return the name of the message.

    A key or token that is refused, and a space that is gone, close the channel.
    """
    said = responses.json_object(response.text)
    error = said.get("error")
    error = error if isinstance(error, dict) else {}
    why = f"HTTP {response.status}: {redacted(str(error.get('message', '')), secrets)}"
    if response.status in (401, 403, 404) or "API_KEY_INVALID" in response.text:
        raise DeliveryError(why.rstrip(": "), Failure.DISABLED)
    if response.status == 429:
        wait = responses.asked(response, now=now) or _delay(error)
        raise responses.may_get_better(why, wait)
    responses.check(response, now=now, secrets=secrets)
    name = said.get("name")
    is_name = isinstance(name, str) and re.fullmatch(r"spaces/[\w-]+/messages/[\w.-]+", name)
    return str(name) if is_name else None


def _delay(error: dict[str, object]) -> timedelta | None:
    """Return how long Google's own detail, `"retryDelay": "30s"`, asks for."""
    details = error.get("details")
    for detail in details if isinstance(details, list) else ():
        asked = detail.get("retryDelay") if isinstance(detail, dict) else None
        if isinstance(asked, str) and re.fullmatch(r"\d{1,6}(\.\d{1,9})?s", asked):
            return min(timedelta(seconds=float(asked[:-1])), responses.LONGEST_WAIT)
    return None


def _request(message: Message, settings: Settings) -> Request:
    """Return a post under the delivery's id: a second one with it makes no second message."""
    from notifiers.http.urls import with_query

    query = {
        "requestId": message.id,
        "messageReplyOption": "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD",
    }
    return Request(url=with_query(settings["url"], query), body=message.payload)


def _check_target(path: str, query: str) -> None:
    if not re.fullmatch(r"/v1/spaces/[^/]+/messages/?", path) or "key=" not in query:
        raise ValueError(
            "this is not the whole address of a Google Chat webhook: "
            "copy it from the space's settings, https://.../v1/spaces/.../messages?key=...&token=..."
        )


SPEC = ChannelSpec(
    kind="google-chat",
    name="Google Chat",
    target=WebUrl(hosts=r"chat\.googleapis\.com", check=_check_target),
    threads=True,
    render=render,
    make=lambda tools: ChatNotifier(tools.client, tools.now, check, request=_request),
    concurrency=1,
    pace=Pace(messages=10, seconds=10),
)
