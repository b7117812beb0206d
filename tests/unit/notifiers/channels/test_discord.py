"""What Discord is sent, and what its responses mean."""

import json
from datetime import timedelta
from typing import Any

import pytest

from notifiers.api import DeliveryError, Failure
from notifiers.channels import discord
from notifiers.http.responses import Response
from tests.unit.notifiers.samples import (
    ENVELOPE,
    LINK,
    NOON,
    TITLE,
    alert_content,
    hostile,
    response,
)


def said(**changes: Any) -> dict[str, Any]:
    [embed] = json.loads(discord.render(alert_content(**changes), ENVELOPE))["embeds"]
    assert isinstance(embed, dict)
    return embed


def test_discord_mentions_nobody() -> None:
    body = json.loads(discord.render(alert_content(**hostile()), ENVELOPE))
    assert body["allowed_mentions"] == {"parse": []}


def test_discord_gets_the_title_as_link_and_the_words_in_bold() -> None:
    embed = said()
    assert (embed["title"], embed["url"]) == (TITLE, LINK)
    assert "**Hanoi-konventionen** mot" in embed["description"]
    assert embed["footer"] == {"text": "Hanoi Convention · #a1b2c3"}
    assert embed["timestamp"] == "2026-03-01T10:00:00Z"


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_discord_is_left_alone_at_once(status: int) -> None:
    body = '{"message": "Unknown Webhook", "code": 10015}'
    with pytest.raises(DeliveryError, match="10015") as caught:
        discord.check(response(status, body, content_type="application/json"), now=NOON)
    assert caught.value.failure is Failure.DISABLED


@pytest.mark.parametrize(
    ("header", "body", "wait"),
    [
        pytest.param(None, '{"retry_after": 64.57, "global": false}', 64.57, id="the body's"),
        pytest.param("65", '{"retry_after": 64.57}', 65.0, id="the header's comes first"),
        pytest.param("garbage", '{"retry_after": 3}', 3.0, id="the body's when the header is odd"),
        pytest.param(None, '{"retry_after": "soon"}', None, id="neither"),
        pytest.param(None, '{"retry_after": 1e400}', 86400.0, id="for ever"),
        pytest.param(None, "[" * 5000, None, id="a trap"),
        pytest.param(None, "not json", None, id="no JSON"),
    ],
)
def test_discord_names_its_time_in_header_or_body(
    header: str | None, body: str, wait: float | None
) -> None:
    limit = response(429, body) if header is None else response(429, body, retry_after=header)
    with pytest.raises(DeliveryError) as caught:
        discord.check(limit, now=NOON)
    if wait is None:
        assert caught.value.failure is Failure.RETRY
    else:
        assert caught.value.failure is Failure.WAIT
        assert caught.value.after == timedelta(seconds=wait)


def test_discord_gives_the_id_of_the_message_as_receipt() -> None:
    assert discord.check(response(200, '{"id": "123456789", "type": 0}'), now=NOON) == "123456789"
    assert discord.check(response(204), now=NOON) is None


@pytest.mark.parametrize(
    ("asked", "everywhere"),
    [
        (response(429, '{"global": true}'), True),
        (response(429, x_ratelimit_global="true"), True),
        (response(429, x_ratelimit_scope="global"), True),
        (response(429, '{"global": false}', x_ratelimit_scope="shared"), False),
        (response(500, '{"global": true}'), False),
    ],
)
def test_discord_may_mean_all_of_it(asked: Response, everywhere: bool) -> None:
    assert discord.is_for_all(asked) is everywhere
