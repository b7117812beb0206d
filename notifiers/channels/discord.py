"""Discord: webhooks that can answer with a receipt, and messages as embeds in Markdown."""

from collections.abc import Iterable
from datetime import datetime

from common.retry_after import at_most
from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels.chat import ChatNotifier, Request
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import Laid, Role, fitted
from notifiers.content.markup import (
    COLORS,
    Markup,
    clip_to,
    escape_markdown,
    guarded,
    utf16_units,
    written,
)
from notifiers.content.wording import compact_json, instant, wording
from notifiers.http import responses
from notifiers.http.responses import Response
from notifiers.spec import ChannelSpec, Pace, WebUrl

# In UTF-16 units, which are never fewer than what is counted.
MOST_TITLE = 256
MOST_DESCRIPTION = 4096
MOST_FOOTER = 2048
MOST_EMBED = 6000
LONGEST_LINK = 2048

_UNKNOWN_MESSAGE = 10008

MARKUP = Markup(
    escape=escape_markdown,
    marked=lambda text: f"**{text}**",
    heading=lambda text: f"**{text}**",
    link=lambda text, url: f"[{text}](<{url}>)",
    quote=lambda text: f"> {text}",
    guard=guarded,
)


def render(content: Content, envelope: Envelope) -> bytes:
    """Return one embed, with all mentions switched off."""
    embed = fitted(wording(content, envelope), _embed, _fits)
    return compact_json({"embeds": [embed], "allowed_mentions": {"parse": []}})


def _embed(laid: Laid) -> dict[str, object]:
    title = _title(laid.title)
    if utf16_units(title) > MOST_TITLE:
        title = _title(clip_to(laid.title, MOST_TITLE, lambda text: utf16_units(_title(text))))
    embed: dict[str, object] = {"title": title}
    if laid.link:
        embed["url"] = laid.link
    # A footer is plain text: a code that leads to a page stands above it.
    foot = () if laid.words.page else laid.of(Role.FOOT)
    body = [line for line in laid.rest if line not in foot]
    if body:
        embed["description"] = written(body, MARKUP)
    embed["color"] = int(COLORS[laid.words.priority][1:], 16)
    if foot:
        embed["footer"] = {"text": "".join(line.text for line in foot)}
    if laid.words.at is not None:
        embed["timestamp"] = instant(laid.words.at)
    return embed


def _title(text: str) -> str:
    return guarded(escape_markdown(text))


def _fits(embed: dict[str, object]) -> bool:
    description = utf16_units(str(embed.get("description", "")))
    all_text = (
        description + utf16_units(str(embed["title"])) + utf16_units(str(embed.get("footer", "")))
    )
    return (
        description <= MOST_DESCRIPTION
        and all_text <= MOST_EMBED
        and len(str(embed.get("url", ""))) <= LONGEST_LINK
    )


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As all others, and return the id of the message.

    401, 403 and 404 close the channel at once: more calls get our address banned.
    """
    said = responses.json_object(response.text)
    if response.status == 404 and said.get("code") == _UNKNOWN_MESSAGE:
        raise DeliveryError("the message to be replaced is gone", Failure.PERMANENT)
    responses.check_closed(response, (401, 403, 404), secrets)
    if response.status == 429:
        body = said.get("retry_after")
        named = at_most(body, responses.LONGEST_WAIT) if isinstance(body, int | float) else None
        raise responses.may_get_better("HTTP 429", responses.asked(response, now=now) or named)
    responses.check(response, now=now, secrets=secrets)
    id_ = said.get("id")
    return id_ if isinstance(id_, str) and id_.isdecimal() and len(id_) <= 30 else None


def is_for_all(response: Response) -> bool:
    """Whether Discord's 429 is meant for everything that we send to it."""
    headers = response.headers
    return response.status == 429 and (
        headers.get("x-ratelimit-global", "").lower() == "true"
        or headers.get("x-ratelimit-scope") == "global"
        or responses.json_object(response.text).get("global") is True
    )


def _request(message: Message, settings: Settings) -> Request:
    """Return a post that Discord answers with the message, whose id is our receipt."""
    from notifiers.http.urls import with_query

    if message.edits:
        url, mark, query = settings["url"].partition("?")
        place = f"{url.rstrip('/')}/messages/{message.edits}{mark}{query}"
        return Request(method="PATCH", url=place, body=message.payload)
    return Request(url=with_query(settings["url"], {"wait": "true"}), body=message.payload)


def _check_target(path: str, query: str) -> None:
    if path.rstrip("/").endswith(("/slack", "/github")):
        raise ValueError("this is a Discord address for another program: remove its last part")


SPEC = ChannelSpec(
    kind="discord",
    name="Discord",
    target=WebUrl(
        hosts=r"((canary|ptb)\.)?discord(app)?\.com",
        path=r"/api/(v[0-9]+/)?webhooks/[^/]+/[^/]+.*",
        check=_check_target,
    ),
    render=render,
    make=lambda tools: ChatNotifier(
        tools.client, tools.now, check, request=_request, is_for_all=is_for_all
    ),
    concurrency=1,
    can_edit=True,
    pace=Pace(messages=5, seconds=2),
)
