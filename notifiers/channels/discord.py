"""Discord: webhooks that can answer with a receipt, and messages in Markdown."""

from collections.abc import Iterable
from datetime import datetime

from common.retry_after import at_most
from notifiers.channels.chat import ChatNotifier
from notifiers.channels.markdown import Markup, escape_markdown, fitted
from notifiers.content.wording import Content, Envelope, compact_json, wording
from notifiers.http import responses
from notifiers.http.responses import Response
from notifiers.spec import ChannelSpec, WebUrl

LIMIT = 2000
"""UTF-16 units."""

_SUPPRESS_EMBEDS = 4


def render(content: Content, envelope: Envelope) -> bytes:
    """Return `{"content": ...}` in Markdown, with all mentions switched off."""
    words = wording(content, envelope)
    text = fitted(words, words.link, _MARKUP)
    return compact_json(
        {"content": text, "allowed_mentions": {"parse": []}, "flags": _SUPPRESS_EMBEDS}
    )


def _heading(title: str, link: str) -> str:
    return f"**[{title}](<{link}>)**" if link else f"**{title}**"


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


_MARKUP = Markup(
    heading=_heading, escape=escape_markdown, bold="**", limit=LIMIT, size=_utf16_units
)


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As all others, and return the id of the message.

    401, 403 and 404 close the channel at once: more calls get our address banned.
    """
    responses.check_closed(response, (401, 403, 404), secrets)
    said = responses.json_object(response.text)
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


def _check_path(path: str) -> None:
    if path.rstrip("/").endswith(("/slack", "/github")):
        raise ValueError("this is a Discord address for another program: remove its last part")


SPEC = ChannelSpec(
    kind="discord",
    name="Discord",
    target=WebUrl(hosts=r"((canary|ptb)\.)?discord(app)?\.com", check_path=_check_path),
    render=render,
    # With wait=true Discord answers with the message, whose id is our receipt.
    make=lambda tools: ChatNotifier(
        tools.client, tools.now, check, is_for_all=is_for_all, query={"wait": "true"}
    ),
)
