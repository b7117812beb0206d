"""Slack: incoming webhooks, and messages in its own markup."""

from collections.abc import Iterable
from datetime import datetime

from notifiers.api import DeliveryError, Failure
from notifiers.channels.chat import ChatNotifier
from notifiers.channels.markdown import Markup, fitted
from notifiers.content.wording import Content, Envelope, compact_json, wording
from notifiers.http import responses
from notifiers.http.responses import Response
from notifiers.spec import ChannelSpec, WebUrl

LIMIT = 3000

_CLOSED = frozenset(
    {
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_token",
        "no_active_hooks",
        "no_service",
        "no_service_id",
        "no_team",
        "posting_to_general_channel_denied",
        "team_disabled",
        "user_not_found",
    }
)
"""The words with which Slack closes a webhook."""


def render(content: Content, envelope: Envelope) -> bytes:
    """Return `{"text": ...}`: Slack's own markup, everything from outside escaped."""
    words = wording(content, envelope)
    text = fitted(words, escape(words.link).replace("|", "%7C"), _MARKUP)
    return compact_json({"text": text, "unfurl_links": False, "unfurl_media": False})


def escape(text: str) -> str:
    """Return the text with the three characters that Slack's markup begins with escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _heading(title: str, link: str) -> str:
    return f"*<{link}|{title}>*" if link else f"*{title}*"


_MARKUP = Markup(heading=_heading, escape=escape, bold="*", limit=LIMIT)


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As all others, and know the words with which Slack closes a webhook."""
    word = response.text.strip()[:100]
    if response.status in (400, 403, 404, 410) and word in _CLOSED:
        raise DeliveryError(f"HTTP {response.status}: {word}", Failure.DISABLED)
    responses.check(response, now=now, secrets=secrets)
    return None


SPEC = ChannelSpec(
    kind="slack",
    name="Slack",
    target=WebUrl(hosts=r"hooks\.slack(-gov)?\.com"),
    render=render,
    make=lambda tools: ChatNotifier(tools.client, tools.now, check),
)
