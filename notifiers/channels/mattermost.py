"""Mattermost: incoming webhooks at anybody's host, and messages as attachments in Markdown."""

from collections.abc import Iterable
from datetime import datetime

from common.clip import clip_words
from notifiers.channels.chat import ChatNotifier
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import Laid, Role, fitted
from notifiers.content.markup import COLORS, Markup, escape_markdown, guarded, parted, written
from notifiers.content.wording import compact_json, wording
from notifiers.http import responses
from notifiers.http.responses import Response
from notifiers.spec import ChannelSpec, Pace, WebUrl

LIMIT = 4000
"""Characters of a text; newer servers take more."""
MOST_FOOTER = 300
LONGEST_LINK = 4000


def escape(text: str) -> str:
    """As `escape_markdown`; and @ and < are parted from what follows, where no backslash helps."""
    return parted(escape_markdown(text), "@<")


MARKUP = Markup(
    escape=escape,
    marked=lambda text: f"**{text}**",
    heading=lambda text: f"**{text}**",
    link=lambda text, url: f"[{text}]({url})",
    quote=lambda text: f"> {text}\n",
    guard=guarded,
)


def render(content: Content, envelope: Envelope) -> bytes:
    """Return one attachment, in which nothing from outside can be a mention."""
    return compact_json({"attachments": [attachment(content, envelope)]})


def attachment(content: Content, envelope: Envelope) -> dict[str, str]:
    """Return the attachment."""
    return fitted(wording(content, envelope), _attachment, _fits)


def _attachment(laid: Laid) -> dict[str, str]:
    attachment = {"fallback": parted(laid.title, "@"), "color": COLORS[laid.words.priority]}
    # A footer is plain text: a code that leads to a page stands above it.
    foot = () if laid.words.page else laid.of(Role.FOOT)
    body = [line for line in laid.rest if line not in foot]
    if laid.link:
        # With a link beside it, Mattermost shows a title as it stands.
        attachment |= {"title": laid.title, "title_link": laid.link}
    else:
        body = [laid.lines[0], *body]
    attachment["text"] = written(body, MARKUP)
    if foot:
        attachment["footer"] = clip_words("".join(line.text for line in foot), MOST_FOOTER)
    return attachment


def _fits(attachment: dict[str, str]) -> bool:
    link = attachment.get("title_link", "")
    return len(attachment["text"]) <= LIMIT and len(link) <= LONGEST_LINK


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As all others; 403 and 404 mean that the webhook was removed or switched off."""
    responses.check_closed(response, (403, 404), secrets)
    responses.check(response, now=now, secrets=secrets)
    return None


SPEC = ChannelSpec(
    kind="mattermost",
    name="Mattermost",
    target=WebUrl(shape=r".*/hooks/[a-z0-9]{26}"),
    render=render,
    make=lambda tools: ChatNotifier(tools.client, tools.now, check),
    concurrency=1,
    pace=Pace(messages=5, seconds=1),
)
