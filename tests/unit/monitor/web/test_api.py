"""The API: every call answers as its schema says, and refuses as RFC 9457 has it."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from monitor.access.tokens import MARK, add_token
from monitor.app import App
from monitor.cli.main import COMMANDS
from monitor.web.api.table import OPERATIONS, PREFIX
from storage.access import Scope
from storage.model import stable_id
from storage.story import Membership, Story
from tests.builders import NOON, an_article, store
from tests.stored import dead_delivery, fill
from tests.unit.monitor.web.asking import Browser, app, browser

__all__ = ["app", "browser"]

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Quay</title>
<link>https://quay.example/</link><item><title>Rail strike ends</title>
<link>https://quay.example/1</link></item></channel></rss>"""
OPML = '<opml><body><outline xmlUrl="https://other.example/feed"/></body></opml>'
RULE = stable_id("rule", "strike")
SOURCE = stable_id("source", "Harbour News")


class Checked:
    """Calls the API and holds every answer to what the API says of itself."""

    def __init__(self, browser: Browser, token: str) -> None:
        self._browser = browser
        self._headers = {"Authorization": f"Bearer {token}"}
        self._said = browser.get(f"{PREFIX}/openapi.json").json()
        self.called: set[tuple[str, str]] = set()

    def __call__(
        self, method: str, path: str, id: str = "", ask: str = "", **body: Any
    ) -> dict[str, Any]:
        described = self._said["paths"][f"{PREFIX}{path}"][method.lower()]
        where = f"{PREFIX}{path}?{ask}".replace("{id}", id)
        given = {} if method == "GET" else {"json": body}
        answer = self._browser.ask(method, where, headers=self._headers, **given)
        [code] = [code for code in described["responses"] if code != "default"]
        assert answer.status_code == int(code), answer.text
        schema = described["responses"][code]["content"]["application/json"]["schema"]
        if body:
            self._hold(described["requestBody"]["content"]["application/json"]["schema"], body)
        self._hold(schema, answer.json())
        self.called.add((method, path))
        return answer.json()

    def _hold(self, schema: dict[str, Any], body: object) -> None:
        components = self._said["components"]
        closed = {
            name: {**one, "additionalProperties": False}
            for name, one in components["schemas"].items()
        }
        whole = {**schema, "components": {**components, "schemas": closed}}
        validator = Draft202012Validator(whole, format_checker=FormatChecker())
        assert [error.message for error in validator.iter_errors(body)] == []


def test_every_answer_is_as_the_api_says(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    dead = dead_delivery(app.storage)
    other = _with_stories(app, alert.article_id)
    with app.storage.transaction() as tx:
        admin = add_token(tx, "admin", Scope.ADMIN, now=NOON)[1]
    checked = Checked(browser, admin)
    for operation in OPERATIONS:
        if operation.is_reading and "{id}" not in operation.path:
            words = {"query": "strike", "rule": "strike", "article": alert.article_id}
            needed = {name: words[name] for name in operation.needs}
            checked("GET", operation.path, ask=urlencode(needed))
    _rules(checked, alert.id)
    inflected = fill(app.storage, title="Strikes at sea", text="Strikes go on.").id
    assert checked("POST", "/alerts/{id}/wrong", inflected)["alert"] == inflected
    _sources(checked)
    _silences(checked)
    _stories(checked, alert.article_id, other)
    checked("GET", "/articles/{id}", alert.article_id)
    assert checked("POST", "/deliveries/{id}/retry", dead)["state"] == "pending"
    assert checked("GET", "/deliveries/{id}", dead)["state"] == "pending"
    checked("POST", "/deliveries/retry", since="30d")
    _channels(checked)
    _access(checked)
    assert checked.called == {(row.method, row.path) for row in OPERATIONS}


def _with_stories(app: App, article: str) -> str:
    other = fill(app.storage, title="A strike elsewhere").article_id
    members = [
        Membership(
            article_id=id_,
            story_id=id_,
            joined_at=NOON,
            appeared_at=NOON,
            outlet="harbour.example",
            language="en",
            reason="",
        )
        for id_ in (article, other)
    ]
    with app.storage.transaction() as tx:
        tx.stories.put([Story(id=id_, seen_at=NOON) for id_ in (article, other)])
        tx.stories.join(members)
    return other


def _rules(checked: Checked, alert: str) -> None:
    added = checked("POST", "/rules", query="rail AND strike", name="Rail", tags=["a"], spike=True)
    assert (added["name"], added["tags"], added["spike"]) == ("Rail", ["a"], True)
    changed = checked("PATCH", "/rules/{id}", added["id"], max_per_day=3, languages=["sv"])
    assert (changed["max_per_day"], changed["languages"]) == (3, ["sv"])
    silent = checked("POST", "/rules", query="tram AND strike", channels=[])
    assert silent["channels"] == []  # tells nobody, and not the console
    back = checked("PATCH", "/rules/{id}", added["id"], max_per_day=None, languages=[])
    assert (back["max_per_day"], back["languages"], back["query"]) == (None, [], "rail AND strike")
    assert checked("POST", "/rules/{id}/pause", added["id"])["state"] == "paused"
    assert checked("POST", "/rules/{id}/resume", added["id"])["state"] == "active"
    decided = checked("POST", "/rules/{id}/variants", added["id"], to="add", texts=["sv:strejk"])
    assert [one["text"] for one in decided["changed"]] == ["strejk"]
    assert checked("GET", "/rules/{id}", "Rail")["id"] == added["id"]
    assert checked("POST", "/rules/{id}/expand", "Rail")["rule"] == "Rail"
    assert checked("DELETE", "/rules/{id}", added["id"])["state"] == "removed"
    assert checked("GET", "/alerts/{id}", alert)["id"] == alert
    assert checked("POST", "/alerts/{id}/rating", alert, verdict="useful")["verdict"] == "useful"


class Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_feed = self.path == "/feed"
        self.send_response(200 if is_feed else 404)
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(FEED if is_feed else b"")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def _sources(checked: Checked) -> None:
    with HTTPServer(("127.0.0.1", 0), Feed) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/feed"
        added = checked("POST", "/sources", url=url, every="1h", tags=["a"], full_text="no")
        server.shutdown()
        thread.join()
    assert (added["kind"], added["url"], added["every"]) == ("feed", url, "1h")
    assert (added["tags"], added["options"]) == (["a"], {"full_text": "no"})
    edited = checked("PATCH", "/sources/{id}", SOURCE, name="Harbour", tags=["sea"], every="30m")
    assert (edited["name"], edited["tags"], edited["every"]) == ("Harbour", ["sea"], "30m")
    assert checked("PATCH", "/sources/{id}", SOURCE, tags=[])["tags"] == []
    assert checked("GET", "/sources/{id}", "Harbour")["id"] == SOURCE
    assert checked("POST", "/sources/{id}/pause", SOURCE)["state"] == "paused"
    assert checked("POST", "/sources/{id}/resume", SOURCE)["state"] == "active"
    checked("POST", "/sources/{id}/poll", SOURCE)
    listed = checked("POST", "/sources/import", opml=OPML, tags=["list"])["feeds"]
    assert [(one["outcome"], one["tags"]) for one in listed] == [("added", ["list"])]
    assert checked("DELETE", "/sources/{id}", SOURCE)["state"] == "removed"


def _silences(checked: Checked) -> None:
    made = checked("POST", "/silences", rule="strike", reason="known", **{"for": "24h"})
    assert (made["rule"], made["is_over"]) == ("strike", False)
    assert checked("GET", "/silences")["silences"] == [made]
    assert checked("DELETE", "/silences/{id}", made["id"])["is_over"]
    assert checked("GET", "/silences")["silences"] == []


def _stories(checked: Checked, one: str, other: str) -> None:
    assert checked("GET", "/stories/{id}", one)["articles"] == 1
    assert checked("POST", "/stories/{id}/merge", one, other=other)["articles"] == 2
    assert checked("POST", "/stories/{id}/split", one, articles=[other])["articles"] == 1
    assert len(checked("GET", "/stories")["stories"]) == 2


def _channels(checked: Checked) -> None:
    added = checked("POST", "/channels", name="desk", target="console:", takes=["tag=a"])
    assert (added["kind"], added["takes"]) == ("console", ["tag=a"])
    edited = checked("PATCH", "/channels/{id}", "desk", quiet="22:00-07:00", takes=None)
    assert (edited["quiet"], edited["takes"]) == ("22:00-07:00", [])
    assert checked("POST", "/channels/{id}/test", "desk")["deliveries"][0]["channel"] == "desk"
    assert checked("GET", "/channels/{id}", "desk")["name"] == "desk"
    assert checked("POST", "/channels/{id}/pause", "desk")["state"] == "paused"
    assert checked("POST", "/channels/{id}/enable", "desk")["state"] == "active"
    assert checked("DELETE", "/channels/{id}", "desk")["state"] == "removed"


def _access(checked: Checked) -> None:
    assert checked("POST", "/tokens", name="board", scope="write")["token"].startswith(MARK)
    checked("DELETE", "/tokens/{id}", "board")
    assert checked("POST", "/users", name="Anna", password="several words")["role"] == "reader"
    assert checked("PATCH", "/users/{id}", "Anna", role="admin")["role"] == "admin"
    checked("DELETE", "/users/{id}", "Anna")


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/rules", {}, "query: it is needed"),
        ("/rules", {"query": "a b", "max_per_day": True}, "max_per_day: expected a whole number"),
        ("/rules", {"query": "a b", "digest": "often"}, "digest: "),
        ("/rules", {"query": "a b", "quarry": "x"}, 'did you mean "query"?'),
        ("/rules", {"query": "\0"}, "query: expected text"),
        ("/rules", [], "not a JSON object"),
        ("/silences", {"reason": "x", "rule": "strike"}, "either for or until"),
        ("/silences", {"reason": "x", "rule": "strike", "for": "1"}, "for: "),
        ("/channels", {"name": "a", "target": "console:", "takes": ["x"]}, "takes: "),
        ("/sources", {"url": "https://example.com", "every": "often"}, "every: "),
        ("/sources", {"url": "https://example.com", "full_text": "maybe"}, "full_text: expected"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_with_its_field(
    app: App, browser: Browser, path: str, body: Any, said: str
) -> None:
    fill(app.storage)
    answer = browser.ask("POST", f"{PREFIX}{path}", json=body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_following_a_folder_is_refused(browser: Browser) -> None:
    answer = browser.ask("POST", f"{PREFIX}/sources", json={"url": "/etc"})
    assert answer.status_code == 400
    assert "command line only" in answer.json()["detail"]


def test_a_page_elsewhere_changes_nothing_through_the_api(app: App, browser: Browser) -> None:
    fill(app.storage)
    path = f"{PREFIX}/rules/{RULE}"
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.ask("DELETE", path, headers=headers).status_code == 403
    plain = {"content": b'{"query": "x y"}', "headers": {"Content-Type": "text/plain"}}
    assert browser.ask("POST", f"{PREFIX}/rules", **plain).status_code == 415
    assert browser.ask("PUT", path, json={}).status_code == 405
    with app.storage.reading() as tx:
        assert [rule.name for rule in tx.rules.all()] == ["strike"]


def test_adding_a_rule_again_changes_nothing(app: App, browser: Browser) -> None:
    fill(app.storage)
    bodies = [
        browser.ask("POST", f"{PREFIX}/rules", json={"query": "rail", "match": "forms"}).json()
        for _ in range(2)
    ]
    assert bodies[0]["id"] == bodies[1]["id"]
    with app.storage.reading() as tx:
        assert len(tx.rules.all()) == 2


def test_names_in_the_description_are_its_own() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(names) == len(set(names))


def test_what_is_not_there_is_not_found_and_what_a_body_names_is_in_the_way(
    app: App, browser: Browser
) -> None:
    fill(app.storage)
    for noun in ("alerts", "articles", "stories", "rules", "sources"):
        answer = browser.get(f"{PREFIX}/{noun}/none")
        assert answer.status_code == answer.json()["status"] == 404, noun
    assert browser.ask("DELETE", f"{PREFIX}/channels/none").status_code == 404
    assert browser.ask("POST", f"{PREFIX}/deliveries/none/retry").status_code == 404
    assert browser.get("/rules/none").status_code == 404
    change = {"channels": ["none"]}
    assert browser.ask("PATCH", f"{PREFIX}/rules/{RULE}", json=change).status_code == 400
    assert browser.get(f"{PREFIX}/alerts?rule=none").status_code == 400


def test_an_id_that_fits_several_is_no_trouble_of_the_store(app: App, browser: Browser) -> None:
    with app.storage.transaction() as tx:
        for end in "xy":
            store(tx, [an_article(id=f"abcd{end}", url=f"https://{end}.example/")])
    answer = browser.get(f"{PREFIX}/articles/abcd")
    assert answer.status_code == 409
    assert "fits more than one" in answer.json()["detail"]


CALLS = {
    "add-rule": "POST /rules",
    "edit-rule": "PATCH /rules/{id}",
    "pause-rule": "POST /rules/{id}/pause",
    "resume-rule": "POST /rules/{id}/resume",
    "remove-rule": "DELETE /rules/{id}",
    "add-variant": "POST /rules/{id}/variants",
    "accept-variant": "POST /rules/{id}/variants",
    "reject-variant": "POST /rules/{id}/variants",
    "expand-rule": "POST /rules/{id}/expand",
    "wrong-match": "POST /alerts/{id}/wrong",
    "rate-alert": "POST /alerts/{id}/rating",
    "add-source": "POST /sources",
    "edit-source": "PATCH /sources/{id}",
    "pause-source": "POST /sources/{id}/pause",
    "resume-source": "POST /sources/{id}/resume",
    "remove-source": "DELETE /sources/{id}",
    "poll": "POST /sources/{id}/poll",
    "import-opml": "POST /sources/import",
    "add-channel": "POST /channels",
    "edit-channel": "PATCH /channels/{id}",
    "pause-channel": "POST /channels/{id}/pause",
    "enable-channel": "POST /channels/{id}/enable",
    "test-channel": "POST /channels/{id}/test",
    "remove-channel": "DELETE /channels/{id}",
    "redeliver": "POST /deliveries/{id}/retry",
    "silence": "POST /silences",
    "unsilence": "DELETE /silences/{id}",
    "end-silence": "DELETE /silences/{id}",
    "split-story": "POST /stories/{id}/split",
    "merge-stories": "POST /stories/{id}/merge",
    "add-token": "POST /tokens",
    "remove-token": "DELETE /tokens/{id}",
    "add-user": "POST /users",
    "edit-user": "PATCH /users/{id}",
    "remove-user": "DELETE /users/{id}",
}
"""Each command that changes what is stored, and the call that does the same."""

CHANGES_NOTHING = (
    *("list-", "show-", "try-", "lint-", "export-", "search", "explain", "discover", "inspect"),
    *("render", "report", "coverage", "status", "doctor", "docs"),
)
OF_THIS_MACHINE = {
    "apply": "its file names others: secrets, folders, examples",
    "run": "it is what is asked",
    "worker": "it is what does what is asked",
    "web": "it is what is asked",
    "mcp": "it is what is asked",
    "init": "writes a file",
    "migrate": "nobody can ask while it is done",
    "backup": "writes a file",
    "copy": "names another database, with its password",
    "prune": "what it takes away is gone for good",
    "replay": "reads a folder, and changes nothing that is stored here",
    "restore": "nobody can ask while it is done",
}


def test_every_command_that_changes_something_has_its_call() -> None:
    changing = {name for name in COMMANDS if not name.startswith(CHANGES_NOTHING)}
    assert changing == CALLS.keys() | OF_THIS_MACHINE.keys()
    assert set(CALLS.values()) <= {f"{row.method} {row.path}" for row in OPERATIONS}


def test_an_address_says_all_methods_that_it_takes(browser: Browser) -> None:
    for path, allowed in {
        "/rules": "GET, HEAD, POST",
        "/channels/x": "DELETE, GET, HEAD, PATCH",
    }.items():
        answer = browser.ask("PUT", f"{PREFIX}{path}")
        assert answer.status_code == 405
        assert ", ".join(sorted(answer.headers["allow"].split(", "))) == allowed


@pytest.mark.parametrize(
    "path",
    [
        *("/silences?all=maybe", "/deliveries?open=1", "/search", "/try"),
        *("/articles?language=swedish", "/articles?since=&language=swedish"),
        *("/search?query=strike&language=swedish", "/alerts?since=maybe", "/alerts?until=maybe"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(browser: Browser, path: str) -> None:
    assert browser.get(f"{PREFIX}{path}").status_code == 400


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "/alerts?limt=3",
            "limt: no parameter of this call; expected limit, after, rule, since, until",
        ),
        ("/rules?rule=x", "rule: no parameter of this call; expected tag"),
        ("/channels?rule=x", "rule: no parameter of this call; it takes none"),
        ("/articles?before=zz", "zz"),
    ],
)
def test_a_question_with_a_slip_is_not_answered_as_if_it_were_none(
    browser: Browser, path: str, expected: str
) -> None:
    answer = browser.get(f"{PREFIX}{path}")
    assert answer.status_code == 400
    assert expected in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        *(("/alerts?since=1h", 1), ("/alerts?since=1m", 0)),
        *(("/alerts?until=2000-01-01", 0), ("/alerts?until=1m", 1)),
        *(("/deliveries?since=1h", 1), ("/deliveries?since=1m", 0)),
        *(("/rules?tag=sea", 1), ("/rules?tag=rail", 0), ("/rules", 1)),
        *(("/sources?tag=sea", 1), ("/sources?tag=rail", 0), ("/sources", 1)),
        ("/search?query=strike&until=2000-01-01", 0),
    ],
)
def test_lists_are_narrowed_as_those_of_commands_are(
    app: App, browser: Browser, path: str, found: int
) -> None:
    fill(app.storage)
    for noun in ("rules", "sources"):
        [thing] = browser.get(f"{PREFIX}/{noun}").json()[noun]
        patched = browser.ask("PATCH", f"{PREFIX}/{noun}/{thing['id']}", json={"tags": ["sea"]})
        assert patched.status_code == 200, patched.text
    [listed] = [
        value for value in browser.get(f"{PREFIX}{path}").json().values() if isinstance(value, list)
    ]
    assert len(listed) == found
