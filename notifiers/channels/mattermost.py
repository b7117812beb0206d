"""Mattermost: incoming webhooks at anybody's host, and messages in Markdown."""

import re
from collections.abc import Iterable
from datetime import datetime

from notifiers.channels.chat import ChatNotifier
from notifiers.channels.markdown import Markup, escape_markdown, fitted
from notifiers.content.wording import Content, Envelope, compact_json, wording
from notifiers.http import responses
from notifiers.http.responses import Response
from notifiers.spec import ChannelSpec, WebUrl

LIMIT = 4000


def render(content: Content, envelope: Envelope) -> bytes:
    """Return `{"text": ...}` in Markdown, in which nothing from outside can be a mention."""
    words = wording(content, envelope)
    return compact_json({"text": fitted(words, words.link, _MARKUP)})


def escape(text: str) -> str:
    """As `escape_markdown`; and @ and < are parted from what follows, where no backslash helps."""
    return re.sub(r"(\\[@<])", "\\1\u200b", escape_markdown(text))


def _heading(title: str, link: str) -> str:
    return f"**[{title}]({link})**" if link else f"**{title}**"


_MARKUP = Markup(heading=_heading, escape=escape, bold="**", limit=LIMIT)


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As all others; 403 and 404 mean that the webhook was removed or switched off."""
    responses.check_closed(response, (403, 404), secrets)
    responses.check(response, now=now, secrets=secrets)
    return None


SPEC = ChannelSpec(
    kind="mattermost",
    name="Mattermost",
    target=WebUrl(path=r"/hooks/[a-z0-9]{26}"),
    render=render,
    make=lambda tools: ChatNotifier(tools.client, tools.now, check),
)
