"""Slack through a bot's token: messages as by webhook, and more of a story in its thread."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qs

from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels import slack
from notifiers.channels.chat import ChatNotifier, Request, bearer, check_token, with_fields
from notifiers.http import responses
from notifiers.http.redact import redacted
from notifiers.http.responses import Response
from notifiers.spec import URL, ChannelSetting, ChannelSpec, Pace, WebUrl

EXAMPLE = "https://slack.com/api/chat.postMessage?channel=C0123456789"

_CLOSED = frozenset(
    (
        *("account_inactive", "channel_not_found", "invalid_auth", "is_archived", "missing_scope"),
        *("no_permission", "not_allowed_token_type", "not_authed", "not_in_channel"),
        *("org_login_required", "restricted_action", "team_access_not_granted"),
        *("token_expired", "token_revoked"),
    )
)
"""The words with which Slack closes a channel to a bot."""

_PASSING = frozenset(
    ("fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable")
)


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """Read the word in which Slack says no, in a 200; return the time stamp of the message."""
    responses.check(response, now=now, secrets=secrets)
    said = responses.json_object(response.text)
    if said.get("ok") is True:
        stamp = said.get("ts")
        is_stamp = isinstance(stamp, str) and re.fullmatch(r"\d{1,12}\.\d{1,12}", stamp)
        return str(stamp) if is_stamp else None
    word = str(said.get("error", ""))
    if not word:
        raise DeliveryError("answered 200, but not as Slack does", Failure.UNKNOWN)
    text = f"Slack says {redacted(word, secrets)}"
    if word in _CLOSED:
        raise DeliveryError(text, Failure.DISABLED)
    raise DeliveryError(text, Failure.RETRY if word in _PASSING else Failure.PERMANENT)


def _request(message: Message, settings: Settings) -> Request:
    url, _, query = settings["url"].partition("?")
    fields = {"channel": parse_qs(query).get("channel", [""])[0]}
    if message.edits:
        fields["ts"] = message.edits
        url = url.replace("/chat.postMessage", "/chat.update")
    elif message.thread:
        fields["thread_ts"] = message.thread
    return Request(url=url, body=with_fields(message.payload, fields), headers=bearer(settings))


def _check_target(path: str, query: str) -> None:
    channel = parse_qs(query).get("channel", [""])[0]
    if path.rstrip("/") != "/api/chat.postMessage" or not re.fullmatch(r"[\w#-]{1,80}", channel):
        raise ValueError(f"a Slack channel that a bot posts to is written {EXAMPLE}")


SPEC = ChannelSpec(
    kind="slack-bot",
    name="a Slack bot",
    target=WebUrl(hosts=r"slack(-gov)?\.com", check=_check_target),
    threads=True,
    render=slack.render,
    make=lambda tools: ChatNotifier(tools.client, tools.now, check, request=_request),
    settings=(URL, ChannelSetting(key="secret", name="a bot's token", check=check_token)),
    concurrency=1,
    can_edit=True,
    pace=Pace(messages=4, seconds=4),  # one a second, and short bursts
)
