"""Teams: workflows that take an Adaptive Card, and say in a 200 what went wrong."""

import re
from collections.abc import Iterable
from datetime import datetime

from common.clip import clip_words
from notifiers.api import DeliveryError, Failure
from notifiers.channels.chat import ChatNotifier
from notifiers.content.wording import Content, Envelope, Wording, compact_json, wording
from notifiers.http import responses
from notifiers.http.redact import redacted
from notifiers.http.responses import Response
from notifiers.spec import ChannelSpec, WebUrl

MOST_BYTES = 21_000
"""Where posts have been seen to fail; what is documented is 28 KB."""


def render(content: Content, envelope: Envelope) -> bytes:
    """Return an Adaptive Card of text runs, which Teams shows as they are: no markup in them."""
    words = wording(content, envelope)
    for limit in (300, 150, 60):
        body = compact_json(_card(words, limit))
        if len(body) <= MOST_BYTES:
            break
    return body


def _card(words: Wording, room: int) -> dict[str, object]:
    title: dict[str, object] = _run(
        clip_words(words.title.text, room), weight="Bolder", size="Large"
    )
    if words.link:
        title["selectAction"] = {"type": "Action.OpenUrl", "url": words.link}
    body = [_block([title])]
    if words.byline:
        line = clip_words(f"{words.byline} · {words.carried}", room)
        body.append(_block([_run(line, isSubtle=True, size="Small")]))
    if words.proof:
        runs = [
            _run(clip_words(text, room), **({"weight": "Bolder"} if is_marked else {}))
            for text, is_marked in words.proof.parts()
        ]
        body.append(_block(runs))
    body += [_block([_run(clip_words(line, room))]) for line in (*words.lines[:10], *words.why)]
    foot = clip_words(" ".join(filter(None, (words.rule, words.code))), room)
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


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As all others, and read what a 200 says: Teams reports errors in it."""
    responses.check_closed(response, (404,), secrets)
    if response.status == 400 and "WorkflowTriggerIsNotEnabled" in response.text:
        raise DeliveryError("HTTP 400: the workflow is switched off", Failure.DISABLED)
    responses.check(response, now=now, secrets=secrets)
    if response.status != 200 or response.text.strip().lower() in ("", "1", "ok", "accepted"):
        return None
    inner = re.search(r"HTTP error (\d{3})", response.text)
    if inner is None:
        raise DeliveryError(
            f"answered 200, but not as Teams does: {redacted(response.text, secrets)}",
            Failure.UNKNOWN,
        )
    status = int(inner[1])
    try:
        responses.check(Response(status=status, headers={}, text=""), now=now)
    except DeliveryError as error:
        raise DeliveryError(
            f"answered 200, and in it: {error}", error.failure, hold_after=error.hold_after
        ) from None
    return None


SPEC = ChannelSpec(
    kind="teams",
    name="Teams",
    target=WebUrl(
        hosts=r"(.+\.)?(webhook\.office\.com|outlook\.office(365)?\.com|logic\.azure\.com"
        r"|api\.powerplatform\.com|api\.powerautomate\.com)"
    ),
    render=render,
    make=lambda tools: ChatNotifier(tools.client, tools.now, check),
)
