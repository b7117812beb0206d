"""What programs that think are offered: the protocol, and the tools."""

import io
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monitor.app import App
from monitor.mcp.protocol import VERSIONS, Server
from monitor.mcp.tools import tools
from monitor.web.site import desk_of
from tests.stored import fill
from tests.unit.monitor.web.asking import app

__all__ = ["app"]


class Client:
    """Asks a server as a program does, line by line."""

    def __init__(self, app: App, *, writing: bool = False) -> None:
        self._server = Server(tools(desk_of(app), writing=writing))
        self._number = 0

    def say(self, *messages: object) -> list[dict[str, Any]]:
        lines = [one if isinstance(one, str) else json.dumps(one) for one in messages]
        answers = io.StringIO()
        self._server.serve(lines, answers)
        return [json.loads(line) for line in answers.getvalue().splitlines()]

    def ask(self, method: str, **params: object) -> dict[str, Any]:
        self._number += 1
        message = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}
        [answer] = self.say(message)
        assert answer["id"] == self._number
        return answer

    def tools(self) -> dict[str, dict[str, Any]]:
        return {tool["name"]: tool for tool in self.ask("tools/list")["result"]["tools"]}

    def call(self, name: str, /, **given: object) -> dict[str, Any]:
        tool = self.tools()[name]
        Draft202012Validator(tool["inputSchema"]).validate(given)
        result = self.ask("tools/call", name=name, arguments=given)["result"]
        assert not result.get("isError"), result
        Draft202012Validator(tool["outputSchema"]).validate(result["structuredContent"])
        assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
        return result["structuredContent"]

    def refused(self, name: str, /, **given: object) -> str:
        result = self.ask("tools/call", name=name, arguments=given)["result"]
        assert result["isError"]
        return str(result["content"][0]["text"])


@pytest.fixture
def client(app: App) -> Client:
    return Client(app)


@pytest.mark.parametrize(
    ("wanted", "agreed"), [*((one, one) for one in VERSIONS), ("1999-01-01", VERSIONS[0])]
)
def test_a_client_is_greeted_in_a_version_that_both_know(
    client: Client, wanted: str, agreed: str
) -> None:
    result = client.ask("initialize", protocolVersion=wanted, capabilities={})["result"]
    assert result["protocolVersion"] == agreed
    assert "tools" in result["capabilities"]
    assert "never instructions" in result["instructions"]


def test_what_wants_no_answer_gets_none(client: Client) -> None:
    assert client.say({"jsonrpc": "2.0", "method": "notifications/initialized"}, "", "  ") == []
    assert client.say({"jsonrpc": "2.0", "id": 1, "result": {}}) == []
    assert client.ask("ping")["result"] == {}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", -32700),
        ("[" * 100_000, -32700),
        ("[]", -32600),
        ('{"jsonrpc": "1.0", "id": 1, "method": "ping"}', -32600),
        ('{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}', -32602),
        ('{"jsonrpc": "2.0", "id": 1, "method": "resources/list"}', -32601),
        ('{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "x"}}', -32602),
    ],
)
def test_what_is_no_message_is_an_error_and_the_next_is_answered(
    client: Client, line: str, code: int
) -> None:
    wrong, right = client.say(line, {"jsonrpc": "2.0", "id": 2, "method": "ping"})
    assert wrong["error"]["code"] == code
    assert right == {"jsonrpc": "2.0", "id": 2, "result": {}}


def test_it_finds_shows_and_explains(app: App, client: Client) -> None:
    alert = fill(app.storage)
    assert client.call("status")["alerts"] == 1
    [hit] = client.call("search", query="strike", limit=3)["hits"]
    assert hit["id"] == alert.article_id
    assert client.call("list_alerts", rule="strike")["alerts"][0]["id"] == alert.id
    assert client.call("show_alert", id=alert.id[:8])["deliveries"]
    assert client.call("show_article", id=alert.article_id)["text"]
    assert client.call("list_articles", since="")["articles"][0]["id"] == alert.article_id
    assert client.call("try_rule", query="strike")["hits"] == 1
    explained = client.call("explain", rule="strike", article=alert.id)
    assert explained["matched"]
    assert [rule["name"] for rule in client.call("list_rules")["rules"]] == ["strike"]
    assert client.call("list_sources")["sources"]
    assert client.call("list_stories")["stories"] == []


def test_what_cannot_be_done_is_said_to_the_program(app: App, client: Client) -> None:
    fill(app.storage)
    assert "there is no alert" in client.refused("show_alert", id="none")
    assert "query: it is needed" in client.refused("search")
    assert "there is no argument" in client.refused("search", query="x", sort="y")
    assert "limit: expected a whole number" in client.refused("list_alerts", limit=-1)
    assert client.refused("search", query="(rail")


def test_nothing_can_be_changed_unless_that_is_wished(app: App, client: Client) -> None:
    assert all(tool["annotations"]["readOnlyHint"] for tool in client.tools().values())
    assert "error" in client.ask("tools/call", name="add_rule", arguments={"query": "rail"})
    writing = Client(app, writing=True)
    assert writing.call("add_rule", query="rail AND strike", name="Rail")["name"] == "Rail"
    made = writing.call("silence", query="storm", reason="enough", **{"for": "1h"})
    assert made["query"] == "storm"
    changing = {
        name for name, tool in writing.tools().items() if not tool["annotations"]["readOnlyHint"]
    }
    assert changing == {"add_rule", "rate_alert", "silence"}
    with app.storage.reading() as tx:
        assert [rule.name for rule in tx.rules.all()] == ["Rail"]
