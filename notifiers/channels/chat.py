"""Slack, Discord, Teams and Mattermost: what they are sent, and who sends it.

None of them can be told an id, so a repeat is visible there; the short code in the text lets a
reader see that it is one.
"""

import re
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

import httpx

from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.content.excerpt import Excerpt
from notifiers.content.sanitize import clipped
from notifiers.content.wording import Content, Envelope, Wording, compact_json, wording
from notifiers.http import responses
from notifiers.http.post import DEADLINE_SECONDS, post
from notifiers.http.responses import Answer

SLACK_LIMIT = 3000
DISCORD_LIMIT = 2000
MATTERMOST_LIMIT = 4000
TEAMS_BYTES = 21_000
"""Where posts have been seen to fail; what is documented is 28 KB."""

_SUPPRESS_EMBEDS = 4
_Escape = Callable[[str], str]


def render_slack(content: Content, envelope: Envelope) -> bytes:
    """Return `{"text": ...}`: Slack's own markup, everything from outside escaped."""
    words = wording(content, envelope)
    link = escape_slack(words.link).replace("|", "%7C")

    def head(title: str) -> str:
        return f"*<{link}|{title}>*" if link else f"*{title}*"

    text = _fitted(words, head, escape_slack, ("*", "*"), limit=SLACK_LIMIT, size=len)
    return compact_json({"text": text, "unfurl_links": False, "unfurl_media": False})


def render_mattermost(content: Content, envelope: Envelope) -> bytes:
    """Return `{"text": ...}` in Markdown, in which nothing from outside can be a mention."""
    words = wording(content, envelope)

    def head(title: str) -> str:
        return f"**[{title}]({words.link})**" if words.link else f"**{title}**"

    text = _fitted(words, head, escape_mattermost, ("**", "**"), limit=MATTERMOST_LIMIT, size=len)
    return compact_json({"text": text})


def render_discord(content: Content, envelope: Envelope) -> bytes:
    """Return `{"content": ...}` in Markdown, with all mentions switched off."""
    words = wording(content, envelope)

    def head(title: str) -> str:
        return f"**[{title}](<{words.link}>)**" if words.link else f"**{title}**"

    text = _fitted(
        words, head, escape_markdown, ("**", "**"), limit=DISCORD_LIMIT, size=_utf16_units
    )
    return compact_json(
        {"content": text, "allowed_mentions": {"parse": []}, "flags": _SUPPRESS_EMBEDS}
    )


def render_teams(content: Content, envelope: Envelope) -> bytes:
    """Return an Adaptive Card of text runs, which Teams shows as they are: no markup in them."""
    words = wording(content, envelope)
    for limit in (300, 150, 60):
        body = compact_json(_card(words, limit))
        if len(body) <= TEAMS_BYTES:
            break
    return body


def escape_slack(text: str) -> str:
    """Return the text with the three characters that Slack's markup begins with escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_markdown(text: str) -> str:
    """Return the text with everything that Markdown could act on behind a backslash."""
    return re.sub(r"([\\`*_~|<>\[\]#@])", r"\\\1", text)


def escape_mattermost(text: str) -> str:
    """As `escape_markdown`; and @ and < are parted from what follows, where no backslash helps."""
    return re.sub(r"(\\[@<])", "\\1\u200b", escape_markdown(text))


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _fitted(
    words: Wording,
    head: Callable[[str], str],
    escape: _Escape,
    mark: tuple[str, str],
    *,
    limit: int,
    size: Callable[[str], int],
) -> str:
    """Return the message, shortened until it fits; never its link, which is whole or absent."""
    for room in (300, 200, 100, 40):
        text = _lines(words, head, escape, mark, room)
        if size(text) <= limit:
            return text
    # Only a link of some thousand characters comes here: look the alert up by its code.
    text = f"{escape(clipped(words.title.text, 100))}\n{words.code}"
    longer = f"{text}\n{words.link}"
    return longer if size(longer) <= limit else text


def _lines(
    words: Wording,
    head: Callable[[str], str],
    escape: _Escape,
    mark: tuple[str, str],
    room: int,
) -> str:
    lines = [head(escape(clipped(words.title.text, room)))]
    if words.byline:
        lines.append(escape(clipped(f"{words.byline} · {words.carried}", room)))
    if words.proof:
        lines.append("> " + _marked(words.proof, escape, mark, room))
    lines += [escape(clipped(line, room)) for line in (*words.lines[:10], *words.why)]
    lines.append(escape(clipped(" ".join(filter(None, (words.rule, words.code))), room)))
    return "\n".join(lines)


def _marked(excerpt: Excerpt, escape: _Escape, mark: tuple[str, str], room: int) -> str:
    pieces = []
    for text, is_marked in excerpt.parts():
        piece = escape(clipped(text, room))
        pieces.append(f"{mark[0]}{piece}{mark[1]}" if is_marked else piece)
    return "".join(pieces)


def _card(words: Wording, room: int) -> dict[str, object]:
    title: dict[str, object] = _run(clipped(words.title.text, room), weight="Bolder", size="Large")
    if words.link:
        title["selectAction"] = {"type": "Action.OpenUrl", "url": words.link}
    body = [_block([title])]
    if words.byline:
        line = clipped(f"{words.byline} · {words.carried}", room)
        body.append(_block([_run(line, isSubtle=True, size="Small")]))
    if words.proof:
        runs = [
            _run(clipped(text, room), **({"weight": "Bolder"} if is_marked else {}))
            for text, is_marked in words.proof.parts()
        ]
        body.append(_block(runs))
    body += [_block([_run(clipped(line, room))]) for line in (*words.lines[:10], *words.why)]
    foot = clipped(" ".join(filter(None, (words.rule, words.code))), room)
    body.append(_block([_run(foot, isSubtle=True, size="Small")]))
    card: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if words.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Read", "url": words.link}]
    return {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": None,
                "content": card,
            }
        ],
    }


def _block(runs: list[dict[str, object]]) -> dict[str, object]:
    return {"type": "RichTextBlock", "inlines": runs}


def _run(text: str, **look: object) -> dict[str, object]:
    return {"type": "TextRun", "text": text, **look}


# --- sending ---------------------------------------------------------------------------------


class _Check(Protocol):
    def __call__(
        self, answer: Answer, *, now: datetime, secrets: Iterable[str] = ()
    ) -> str | None: ...


class ChatNotifier:
    """Implements `notifiers.api.Notifier` for one kind of chat; a channel has a `url`.

    Args:
        check: Says what this chat's answers mean (`notifiers.http.responses`).
        query: Added to the URL of each request.
    """

    def __init__(
        self,
        client: httpx.Client,
        now: Callable[[], datetime],
        check: _Check,
        *,
        query: dict[str, str] | None = None,
        seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._client = client
        self._now = now
        self._check = check
        self._query = query or {}
        self._seconds = seconds
        self._closed_until: datetime | None = None
        self._lock = threading.Lock()

    def send(self, message: Message, settings: Settings) -> str | None:
        """Post once, unless the service has asked for silence on all of its channels."""
        with self._lock:
            until = self._closed_until
        if until is not None and (left := until - self._now()).total_seconds() > 0:
            raise DeliveryError("all of this service asked us to wait", Failure.WAIT, after=left)
        url = _with_query(settings["url"], self._query)
        answer = post(self._client, url, message.payload, {}, seconds=self._seconds)
        now = self._now()
        try:
            return self._check(answer, now=now, secrets=(url,))
        except DeliveryError as error:
            if error.after is not None and responses.is_global(answer):
                with self._lock:
                    self._closed_until = now + error.after
            raise


def _with_query(url: str, query: dict[str, str]) -> str:
    if not query:
        return url
    try:
        return str(httpx.URL(url).copy_merge_params(query))
    except httpx.InvalidURL:
        return url  # refused when it is used
