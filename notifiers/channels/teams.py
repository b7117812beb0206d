"""Teams: workflows that take an Adaptive Card, and say in a 200 what went wrong."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from notifiers.api import DeliveryError, Failure
from notifiers.channels.chat import ChatNotifier
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import Laid, Role, Run, fitted
from notifiers.content.wording import compact_json, wording
from notifiers.http import responses
from notifiers.http.redact import redacted
from notifiers.http.responses import Response
from notifiers.spec import ChannelSpec, Pace, WebUrl

MOST_BYTES = 21_000
"""Where posts have been seen to fail; what is documented is 28 KB."""


def render(content: Content, envelope: Envelope) -> bytes:
    """Return an Adaptive Card of text runs, which Teams shows as they are: no markup in them."""
    words = wording(content, envelope)
    return fitted(words, _message, lambda made: len(made) <= MOST_BYTES)


def _message(laid: Laid) -> bytes:
    card: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": f"{laid.title} {laid.link}".rstrip(),
        "msteams": {"width": "Full"},
        "body": list(_body(laid)),
    }
    if laid.link:
        read = laid.words.words.read
        card["actions"] = [{"type": "Action.OpenUrl", "title": read, "url": laid.link}]
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return compact_json({"type": "message", "attachments": [attachment]})


def _body(laid: Laid) -> Iterable[dict[str, object]]:
    for line in laid.lines:
        block: dict[str, object] = {
            "type": "RichTextBlock",
            "inlines": [_run(run, _LOOKS.get(line.role, {})) for run in line.runs if run.text],
        }
        if line.role is Role.QUOTE:
            yield {"type": "Container", "style": "emphasis", "items": [block]}
        else:
            yield block if line.role is not Role.DETAIL else {**block, "spacing": "None"}


def _run(run: Run, look: Mapping[str, object]) -> dict[str, object]:
    made: dict[str, object] = {"type": "TextRun", "text": run.text, **look}
    if run.bold:
        made["weight"] = "Bolder"
    if run.link:
        made["selectAction"] = {"type": "Action.OpenUrl", "url": run.link}
    return made


_SMALL = {"isSubtle": True, "size": "Small"}
_LOOKS: Mapping[Role, Mapping[str, object]] = {
    Role.TITLE: {"size": "Large"},
    Role.BYLINE: _SMALL,
    Role.DETAIL: _SMALL,
    Role.FOOT: _SMALL,
}


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
    concurrency=1,
    pace=Pace(messages=4, seconds=1),
)
