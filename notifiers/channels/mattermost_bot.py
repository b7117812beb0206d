"""Mattermost through a bot's token: the same messages, and more of a story in its thread."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qs

from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels import mattermost
from notifiers.channels.chat import ChatNotifier, Request, bearer, check_token, with_fields
from notifiers.content.content import Content, Envelope
from notifiers.content.wording import compact_json
from notifiers.http import responses
from notifiers.http.responses import Response
from notifiers.spec import URL, ChannelSetting, ChannelSpec, Pace, WebUrl

EXAMPLE = "https://chat.example.org/api/v4/posts?channel_id=<26 letters>"
_ID = r"[a-z0-9]{26}"


def render(content: Content, envelope: Envelope) -> bytes:
    """Return a post but for its channel; what a webhook has as attachments are its props."""
    attachments = [mattermost.attachment(content, envelope)]
    return compact_json({"message": "", "props": {"attachments": attachments}})


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As all others, and return the post's id; a refused token or channel closes it."""
    if responses.json_object(response.text).get("id") == "app.post.get.app_error":
        raise DeliveryError("the post to be replaced is gone", Failure.PERMANENT)
    responses.check_closed(response, (401, 403, 404), secrets)
    responses.check(response, now=now, secrets=secrets)
    id_ = responses.json_object(response.text).get("id")
    return id_ if isinstance(id_, str) and re.fullmatch(_ID, id_) else None


def _request(message: Message, settings: Settings) -> Request:
    url, _, query = settings["url"].partition("?")
    if message.edits:
        return Request(
            method="PUT",
            url=f"{url.rstrip('/')}/{message.edits}/patch",
            body=message.payload,
            headers=bearer(settings),
        )
    fields = {"channel_id": parse_qs(query).get("channel_id", [""])[0]}
    if message.thread:
        fields["root_id"] = message.thread
    return Request(url=url, body=with_fields(message.payload, fields), headers=bearer(settings))


def _check_target(path: str, query: str) -> None:
    channel = parse_qs(query).get("channel_id", [""])[0]
    if not path.rstrip("/").endswith("/api/v4/posts") or not re.fullmatch(_ID, channel):
        raise ValueError(f"a Mattermost channel that a bot posts to is written {EXAMPLE}")


SPEC = ChannelSpec(
    kind="mattermost-bot",
    name="a Mattermost bot",
    target=WebUrl(shape=r".*/api/v4/posts\?channel_id=.*", check=_check_target),
    threads=True,
    render=render,
    make=lambda tools: ChatNotifier(tools.client, tools.now, check, request=_request),
    settings=(URL, ChannelSetting(key="secret", name="a bot's token", check=check_token)),
    concurrency=1,
    can_edit=True,
    pace=Pace(messages=5, seconds=1),
)
