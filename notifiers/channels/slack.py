"""Slack: incoming webhooks, and messages in Block Kit whose text is text and never markup."""

from collections.abc import Iterable
from datetime import datetime

from notifiers.api import DeliveryError, Failure
from notifiers.channels.chat import ChatNotifier
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import Laid, Line, Role, Run, fitted
from notifiers.content.wording import compact_json, wording
from notifiers.http import responses
from notifiers.http.responses import Response
from notifiers.spec import ChannelSpec, Pace, WebUrl

LIMIT = 3000
"""Characters of one text."""
MOST_BLOCKS = 50

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

Block = dict[str, object]


def render(content: Content, envelope: Envelope) -> bytes:
    """Return blocks of rich and plain text, in which Slack looks for no markup at all.

    The `text` beside them is for notifications; its markup is switched off, and what begins a
    mention is escaped.
    """
    return compact_json(fitted(wording(content, envelope), message, fits))


def message(laid: Laid) -> Block:
    """Return what is posted."""
    links = [laid.link] if laid.link else []
    said = [laid.title, *(line.text for line in laid.of(Role.BYLINE)), *links, laid.words.foot]
    return {
        "text": escape("\n".join(said)),
        "mrkdwn": False,
        "blocks": list(_blocks(laid)),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def fits(message: Block) -> bool:
    """Whether Slack takes it."""
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    texts = [str(message["text"]), *(text for block in blocks for text in _texts(block))]
    return len(blocks) <= MOST_BLOCKS and all(len(text) <= LIMIT for text in texts)


def _texts(block: object) -> Iterable[str]:
    if isinstance(block, dict):
        for value in block.values():
            yield from _texts(value)
    elif isinstance(block, list):
        for value in block:
            yield from _texts(value)
    elif isinstance(block, str):
        yield block


def _blocks(laid: Laid) -> Iterable[Block]:
    paragraph: list[Line] = []
    for line in laid.lines:
        if paragraph and (line.role is not Role.DETAIL and not _go_on(paragraph, line)):
            yield _rich("rich_text_section", paragraph)
            paragraph = []
        match line.role:
            case Role.FOOT if laid.words.page:
                yield _rich("rich_text_section", [line])
            case Role.BYLINE | Role.FOOT:
                yield _context(line)
            case Role.QUOTE:
                yield _rich("rich_text_quote", [line])
            case _:
                paragraph.append(line)


def _go_on(paragraph: list[Line], line: Line) -> bool:
    return {paragraph[-1].role, line.role} <= {Role.WHY, Role.TEXT}


def _context(line: Line) -> Block:
    text = {"type": "plain_text", "text": line.text, "emoji": False}
    return {"type": "context", "elements": [text]}


def _rich(kind: str, lines: list[Line]) -> Block:
    elements: list[Block] = []
    for line in lines:
        if elements:
            elements.append({"type": "text", "text": "\n"})
        elements += [_element(run) for run in line.runs if run.text]
    return {"type": "rich_text", "elements": [{"type": kind, "elements": elements}]}


def _element(run: Run) -> Block:
    element: Block = {"type": "link", "url": run.link} if run.link else {"type": "text"}
    element["text"] = run.text
    if run.bold:
        element["style"] = {"bold": True}
    return element


def escape(text: str) -> str:
    """Return the text with the three characters that Slack's control sequences need escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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
    target=WebUrl(hosts=r"hooks\.slack(-gov)?\.com", path=r"/[^/].*"),
    render=render,
    make=lambda tools: ChatNotifier(tools.client, tools.now, check),
    concurrency=1,
    pace=Pace(messages=4, seconds=4),  # one a second, and short bursts
)
