"""Commands typed into a chat: done for ours, and for nobody else."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest

from monitor.app import App
from monitor.web.slash import FRESH
from storage.model import stable_id
from tests.stored import fill
from tests.unit.monitor.web.asking import NOW, Browser, app

__all__ = ["app"]

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xr3j5x3p4pfk7kk6ck7b4e6ghh"


@pytest.fixture
def chat(app: App) -> Browser:
    """What other machines can ask, as chats do."""
    config = replace(app.config, slack_signing_secret=SECRET, mattermost_slash_token=TOKEN)
    app.config = config
    return Browser(app, is_open=False)


def signed(body: str, *, at: int, secret: str = SECRET) -> dict[str, str]:
    base = f"v0:{at}:{body}".encode()
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Signature": f"v0={digest}",
        "X-Slack-Request-Timestamp": str(at),
        "Content-Type": "application/x-www-form-urlencoded",
    }


def typed(
    chat: Browser, text: str, *, late: timedelta = timedelta(0), **how: str
) -> httpx.Response:
    body = urlencode({"text": text, "user_name": "anna", "command": "/news"})
    headers = signed(body, at=int((NOW - late).timestamp()), **how)
    return chat.ask("POST", "/slash", content=body, headers=headers)


def said(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    shape = answer.json()
    assert shape["response_type"] == "ephemeral"
    return str(shape["text"])


def test_slacks_own_example_is_signed_as_here() -> None:
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        "%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    made = signed(body, at=1531420618)["X-Slack-Signature"]
    assert made == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def test_a_rule_is_added(app: App, chat: Browser) -> None:
    fill(app.storage)
    text = said(typed(chat, 'add "Hanoi Convention" --notify console'))
    assert "is there; its alerts go to console" in text
    with app.storage.reading() as tx:
        rule = tx.rules.find('"Hanoi Convention"')
        assert rule is not None
        assert [tx.channels.get(id_) for id_ in rule.channel_ids] == [tx.channels.find("console")]


def test_a_rule_is_tried_and_not_added(app: App, chat: Browser) -> None:
    fill(app.storage, title="<!channel> strike & more")
    text = said(typed(chat, "try strike"))
    assert "1 articles in 1 stories" in text
    assert "&lt;!channel&gt; strike &amp; more" in text
    assert said(typed(chat, "try nothing-like-it")) == "Nothing in the last 30 days."
    with app.storage.reading() as tx:
        assert len(tx.rules.all()) == 1


def test_a_story_is_muted(app: App, chat: Browser) -> None:
    alert = fill(app.storage)
    assert "is muted for 7d" in said(typed(chat, f"mute {alert.id[:8]} 7d"))
    with app.storage.reading() as tx:
        [silence] = tx.silences.all()
    assert silence.until == NOW + timedelta(days=7)
    assert silence.reason == "muted by anna in a chat"
    assert silence.story_id == alert.story_id


@pytest.mark.parametrize("text", ["", "help", "add", "remove everything", "mute"])
def test_what_is_no_command_is_answered_with_those_there_are(chat: Browser, text: str) -> None:
    assert "`try QUERY`" in said(typed(chat, text))


@pytest.mark.parametrize("text", ["add (rail", "mute none", "mute none forever", "try *"])
def test_what_cannot_be_done_is_said(app: App, chat: Browser, text: str) -> None:
    fill(app.storage)
    assert "`try QUERY`" not in said(typed(chat, text))
    with app.storage.reading() as tx:
        assert len(tx.rules.all()) == 1
        assert tx.silences.all() == []


def test_what_is_not_signed_by_ours_does_nothing(app: App, chat: Browser) -> None:
    second = timedelta(seconds=1)
    answers = [
        typed(chat, "add strike", secret="another"),
        typed(chat, "add strike", late=FRESH + second),
        typed(chat, "add strike", late=-FRESH - second),
        chat.ask("POST", "/slash", data={"text": "add strike"}),
        chat.ask("POST", "/slash", data={"text": "add strike", "token": "wrong"}),
        chat.ask("POST", "/slash", data={"text": "add strike", "token": ""}),
        chat.ask("POST", "/slash", content=b"\xff", headers={"X-Slack-Signature": "v0="}),
    ]
    assert {answer.status_code for answer in answers} == {401}
    with app.storage.reading() as tx:
        assert tx.rules.all() == []


def test_a_signed_command_counts_once(chat: Browser) -> None:
    assert typed(chat, "help").status_code == 200
    assert typed(chat, "help").status_code == 401
    assert typed(chat, "help", late=timedelta(seconds=1)).status_code == 200


def test_what_was_changed_on_the_way_is_refused(chat: Browser) -> None:
    headers = signed("text=help", at=int(NOW.timestamp()))
    answer = chat.ask("POST", "/slash", content="text=add+x", headers=headers)
    assert answer.status_code == 401


def test_mattermost_shows_its_token_either_way(app: App, chat: Browser) -> None:
    fill(app.storage)
    fields = {"text": "try strike", "user_name": "bo"}
    in_body = chat.ask("POST", "/slash", data=fields | {"token": TOKEN})
    in_header = chat.ask("POST", "/slash", data=fields, headers={"Authorization": f"Token {TOKEN}"})
    assert said(in_body) == said(in_header)


def test_where_no_chat_is_set_nobody_is_let_in(app: App) -> None:
    assert stable_id("rule", "strike")
    closed = Browser(app, is_open=True)
    assert typed(closed, "help", secret="").status_code == 401
    assert closed.ask("POST", "/slash", data={"text": "help", "token": ""}).status_code == 401
    assert closed.ask("POST", "/slash", data={"text": "help", "token": "None"}).status_code == 401
