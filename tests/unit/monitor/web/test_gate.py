"""Who is let in: nobody without a token where others can ask, and each to what theirs is for."""

import re
import socket
import threading
from dataclasses import replace
from datetime import datetime

import httpx
import pytest
from starlette.requests import Request
from starlette.routing import Mount, Route

from monitor.access.tokens import add_token
from monitor.app import App
from monitor.base.errors import Refusal
from monitor.web.base.gate import OPEN, needed_for
from monitor.web.base.peers import (
    KNOWN_LAST,
    MOST_KNOWN,
    MOST_PASSED_ON,
    MOST_PLACES,
    MOST_TRIES,
    TRIES_LAST,
    Peer,
    Tries,
    peer_of,
)
from monitor.web.listening import Listening
from monitor.web.serve import bound, server_of
from storage.access import Scope
from storage.model import stable_id
from tests.builders import NOON
from tests.stored import fill
from tests.unit.monitor.web.asking import NOW, Browser, app, browser

__all__ = ["app", "browser"]

RULE = stable_id("rule", "strike")


@pytest.fixture
def closed(app: App) -> Browser:
    """A browser that asks a site which other machines can reach."""
    fill(app.storage)
    return Browser(app, is_open=False)


def token(app: App, scope: Scope = Scope.READ) -> str:
    with app.storage.transaction() as tx:
        return add_token(tx, f"a token to {scope}", scope, now=NOW)[1]


def bearer(secret: str) -> dict[str, dict[str, str]]:
    return {"headers": {"Authorization": f"Bearer {secret}"}}


def test_no_route_answers_without_a_token(closed: Browser) -> None:
    asked = 0
    for route in closed.site.routes:
        if isinstance(route, Mount):
            assert route.path == "/static"
            continue
        assert isinstance(route, Route)
        path = re.sub(r"\{[^}]*\}", RULE, route.path)
        for method in route.methods or ():
            if (method, path) == ("POST", "/login") or path.startswith("/leave/"):
                continue
            for accept in ("*/*", "text/html"):
                answer = closed.ask(method, path, headers={"Accept": accept})
                assert answer.status_code == 401, (method, path)
                assert "strike" not in answer.text
                assert answer.headers["www-authenticate"].startswith("Bearer")
                asked += 1
    assert asked > 100
    assert closed.get("/nothing").status_code == 401
    assert closed.get("/static/site.css").status_code == 200


PASSED_ON = (
    {"X-Forwarded-For": "198.51.100.7"},
    {"x-forwarded-proto": "https"},
    {"X-Forwarded-Prefix": "/news"},
    {"Forwarded": "for=198.51.100.7"},
    {"X-Real-IP": "198.51.100.7"},
    {"Via": "1.1 news.example.org"},
    {"CF-Connecting-IP": "198.51.100.7"},
    {"Host": "news.example.org"},
)


@pytest.mark.parametrize("headers", PASSED_ON, ids=[next(iter(one)) for one in PASSED_ON])
def test_who_is_passed_on_to_this_machine_is_asked(app: App, headers: dict[str, str]) -> None:
    fill(app.storage)
    asking = Browser(app, hosts=("news.example.org",))
    assert asking.get("/").status_code == 200  # who sits at this machine is not
    for path in ("/", "/rules", "/api/v1/rules", "/metrics", "/feeds/search.atom?query=strike"):
        answer = asking.get(path, headers=headers)
        assert answer.status_code == 401, path
        assert "strike" not in answer.text
    assert asking.get("/static/site.css", headers=headers).status_code == 200
    changed = asking.ask("POST", "/api/v1/rules", json={"query": "port"}, headers=headers)
    assert changed.status_code == 401
    shown = bearer(token(app))["headers"]
    assert asking.get("/api/v1/rules", headers=headers | shown).status_code == 200


@pytest.mark.parametrize("headers", PASSED_ON, ids=[next(iter(one)) for one in PASSED_ON])
def test_a_server_between_may_ask_instead(app: App, headers: dict[str, str]) -> None:
    """What browsers show to it, such as a name and its password, it passes on as well."""
    app.config = replace(app.config, web_login="proxy")
    asking = Browser(app, hosts=("news.example.org",))
    for shown in ({}, {"Authorization": "Basic YW5uYTpzZWNyZXQ="}):
        assert asking.get("/", headers=headers | shown).status_code == 200
        assert asking.get("/api/v1/tokens", headers=headers | shown).status_code == 401
    assert asking.get("/", headers=headers | bearer("x")["headers"]).status_code == 401
    elsewhere = Browser(app, hosts=("news.example.org",), is_open=False)
    assert elsewhere.get("/", headers=headers | shown).status_code == 401


@pytest.mark.parametrize(("version", "status"), [("1.0", 401), ("1.1", 200)])
def test_nginx_that_is_told_nothing_but_where_to_pass_on_is_no_browser_here(
    app: App, version: str, status: int
) -> None:
    place = Listening("127.0.0.1", 0)
    with bound(place) as listener:
        server = server_of(app, place)
        sockets = {"sockets": [listener]}
        thread = threading.Thread(target=server.run, kwargs=sockets, daemon=True)
        thread.start()
        try:
            with socket.create_connection(listener.getsockname(), timeout=60) as asking:
                host = f"Host: 127.0.0.1:{listener.getsockname()[1]}"
                lines = (f"GET /rules HTTP/{version}", host, "Connection: close", "", "")
                asking.sendall("\r\n".join(lines).encode())
                answer = asking.makefile("rb").readline()
        finally:
            server.should_exit = True
            thread.join(60)
    assert answer.split()[1] == str(status).encode()


def own_address() -> str:
    """This machine's address among others, where it has one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return "127.0.0.1"
        return str(asked.getsockname()[0])


def test_no_route_answers_other_machines_without_a_token(app: App) -> None:
    fill(app.storage)
    secret = token(app)
    place = Listening("0.0.0.0", 0)  # as on a server
    asked = 0
    with bound(place, lets_in=True) as listener:
        server = server_of(app, place)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        base = f"http://{own_address()}:{listener.getsockname()[1]}"
        try:
            with httpx.Client(base_url=base, timeout=60, trust_env=False) as client:
                for route in Browser(app, is_open=False).site.routes:
                    if not isinstance(route, Route) or route.path.startswith(OPEN):
                        continue
                    path = re.sub(r"\{[^}]*\}", RULE, route.path)
                    for method in route.methods or ():
                        if (method, path) != ("POST", "/login"):
                            answer = client.request(method, path)
                            assert answer.status_code == 401, (method, path)
                            asked += 1
                assert client.get("/api/v1/rules", **bearer(secret)).status_code == 200
                elsewhere = client.get("/", headers={"Host": "192.0.2.1"})
                assert elsewhere.status_code == 421
        finally:
            server.should_exit = True
            thread.join(60)
    assert asked > 50


def test_the_name_to_which_messages_lead_needs_no_other_setting(app: App) -> None:
    alert = fill(app.storage)
    shown = bearer(token(app))["headers"]
    place = Listening("127.0.0.1", 0)
    asked = {}
    for public_url in (None, "https://news.example.org/"):
        app.config = replace(app.config, public_url=public_url)
        with bound(place) as listener:
            server = server_of(app, place)
            sockets = {"sockets": [listener]}
            thread = threading.Thread(target=server.run, kwargs=sockets, daemon=True)
            thread.start()
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/alerts/{alert.id}"
            try:
                answer = httpx.get(
                    url,
                    headers={"Host": "news.example.org"} | shown,
                    timeout=60,
                    trust_env=False,
                )
                asked[public_url] = answer.status_code
            finally:
                server.should_exit = True
                thread.join(60)
    assert asked == {None: 421, "https://news.example.org/": 200}


def test_whoever_follows_a_link_of_a_message_logs_in_and_is_there(
    app: App, closed: Browser
) -> None:
    alert = fill(app.storage)
    answer = closed.get(f"/alerts/{alert.id}", headers={"Accept": "text/html"})
    assert answer.status_code == 401
    assert f'name="next" value="/alerts/{alert.id}"' in answer.text


def test_a_token_opens_what_it_is_for_and_no_more(app: App, closed: Browser) -> None:
    calls = {
        ("GET", "/api/v1/rules"): Scope.READ,
        ("POST", f"/api/v1/rules/{RULE}/pause"): Scope.WRITE,
        ("POST", "/api/v1/channels/console/pause"): Scope.ADMIN,
    }
    for scope in Scope:
        secret = token(app, scope)
        for (method, path), needed in calls.items():
            answer = closed.ask(method, path, **bearer(secret))
            wanted = 200 if scope.covers(needed) else 403
            assert answer.status_code == wanted, (scope, path)


def test_a_removed_or_wrong_token_opens_nothing_even_here(app: App, browser: Browser) -> None:
    secret = token(app)
    assert browser.get("/api/v1/rules", **bearer(secret)).status_code == 200
    with app.storage.transaction() as tx:
        tx.access.remove(tx.access.all()[0].id)
    for header in (f"Bearer {secret}", "Bearer ", "Basic eDp5", "x", f"Bearer {'x' * 5000}"):
        answer = browser.get("/api/v1/rules", headers={"Authorization": header})
        assert answer.status_code == 401, header[:40]
    assert browser.get("/api/v1/rules").status_code == 200


def test_whoever_shows_wrong_tokens_waits(app: App, closed: Browser) -> None:
    secret = token(app)
    codes = [closed.get("/api/v1/rules", **bearer(f"nm_{n}")).status_code for n in range(1000)]
    assert codes == [401] * MOST_TRIES + [429] * (1000 - MOST_TRIES)
    late = closed.get("/api/v1/rules", **bearer("nm_late"))
    assert (late.status_code, late.headers["retry-after"]) == (429, "60")
    assert closed.get("/api/v1/rules", **bearer(secret)).status_code == 200


def test_wrong_tokens_are_counted_by_who_showed_them_for_a_minute() -> None:
    at = [NOON]

    def now() -> datetime:
        return at[0]

    tries = Tries(now)
    for _ in range(MOST_TRIES):
        assert not tries.are_too_many(Peer("a"))
        tries.failed(Peer("a"))
    assert tries.are_too_many(Peer("a"))
    assert not tries.are_too_many(Peer("b"))
    at[0] += TRIES_LAST
    assert not tries.are_too_many(Peer("a"))


def test_whom_a_server_passes_on_are_counted_each_and_together() -> None:
    """Nobody outside keeps others out, and who feigns addresses guesses no faster for long."""
    tries = Tries(lambda: NOON)
    for number in range(MOST_PASSED_ON):
        peer = Peer(f"198.51.100.{number % 250}", "127.0.0.1")
        assert not tries.are_too_many(peer)
        tries.failed(peer)
        if number == MOST_TRIES:
            tries.failed(peer)
            tries.forgive(peer, "tok")
    assert tries.are_too_many(Peer("203.0.113.1", "127.0.0.1"))
    assert not tries.are_too_many(Peer("127.0.0.1"))


def test_who_has_shown_who_they_are_is_not_kept_out_by_all_the_others() -> None:
    at = [NOON]
    tries = Tries(lambda: at[0])
    peers = [Peer(f"198.51.100.{number}", "127.0.0.1") for number in range(12)]
    colleague, stranger = peers[10:]
    tries.failed(colleague)
    tries.forgive(colleague, "usr_1")
    at[0] += KNOWN_LAST - TRIES_LAST
    for number in range(MOST_PASSED_ON):
        tries.failed(peers[number % 10])
    assert tries.are_too_many(stranger)
    for _ in range(MOST_TRIES):
        assert not tries.are_too_many(colleague)
        tries.failed(colleague)
    assert tries.are_too_many(colleague)
    at[0] += TRIES_LAST
    for number in range(MOST_PASSED_ON):
        tries.failed(peers[number % 10])
    assert tries.are_too_many(colleague)  # has not been here for too long


def test_nobody_is_known_from_so_many_places_that_guessing_has_no_bound() -> None:
    tries = Tries(lambda: NOON)
    reader = [Peer(f"2001:db8:0:{number:x}::/64", "127.0.0.1") for number in range(500)]
    colleague = Peer("192.0.2.7", "127.0.0.1")
    tries.recognise(colleague, "usr_2")
    for peer in [*reader, colleague]:
        tries.recognise(peer, "usr_1")
    guesses = 0
    for peer in reader:
        while not tries.are_too_many(peer):
            tries.failed(peer)
            guesses += 1
    assert guesses == MOST_PASSED_ON + (MOST_PLACES - 1) * MOST_TRIES
    assert not tries.are_too_many(colleague)
    for number in range(MOST_KNOWN):
        tries.recognise(reader[0], f"tok_{number}")
    assert tries.are_too_many(colleague)  # nobody has heard of them for long


@pytest.mark.parametrize(
    ("client", "said", "peer"),
    [
        pytest.param("192.0.2.1", "", Peer("192.0.2.1"), id="from another machine"),
        pytest.param("192.0.2.1", "203.0.113.9", Peer("192.0.2.1"), id="what it says of itself"),
        pytest.param("2001:db8:1:2::3", "", Peer("2001:db8:1:2::/64"), id="of IPv6 its network"),
        pytest.param("127.0.0.1", "", Peer("127.0.0.1"), id="from here"),
        pytest.param("127.0.0.1", "203.0.113.9", Peer("203.0.113.9", "127.0.0.1"), id="passed on"),
        pytest.param(
            "127.0.0.1", "10.0.0.1, 203.0.113.9", Peer("203.0.113.9", "127.0.0.1"), id="the last"
        ),
        pytest.param(
            "::1", "2001:db8:1:2::3", Peer("2001:db8:1:2::/64", "::1"), id="passed on, of IPv6"
        ),
        pytest.param("127.0.0.1", "unknown", Peer("127.0.0.1"), id="no address"),
        pytest.param("127.0.0.1", "1.2.3.4:56", Peer("1.2.3.4", "127.0.0.1"), id="with a port"),
        pytest.param(
            "127.0.0.1",
            "[2001:db8:1:2::3]:443",
            Peer("2001:db8:1:2::/64", "127.0.0.1"),
            id="with a port, of IPv6",
        ),
        pytest.param(
            "127.0.0.1",
            "::ffff:1.2.3.4%" + "x" * 9000,
            Peer("1.2.3.4", "127.0.0.1"),
            id="spelled in many ways and at length",
        ),
        pytest.param(
            "::ffff:127.0.0.1", "1.2.3.4", Peer("1.2.3.4", "::ffff:127.0.0.1"), id="of both kinds"
        ),
    ],
)
def test_who_asks_is_whom_a_server_on_this_machine_names(
    client: str, said: str, peer: Peer
) -> None:
    headers = [(b"x-forwarded-for", said.encode())] if said else []
    scope = {"type": "http", "client": (client, 1234), "headers": headers}
    assert peer_of(Request(scope)) == peer


def test_a_person_logs_in_with_a_token_reads_and_logs_out(app: App, closed: Browser) -> None:
    secret = token(app)
    page = closed.get("/rules?x=1", headers={"Accept": "text/html"})
    assert page.status_code == 401
    assert 'name="next" value="/rules?x=1"' in page.text
    csrf = closed.cookies["monitor_csrf"]
    assert closed.post("/login", token="", secret=secret).status_code == 403
    given = {"csrf": csrf, "token": "nm_wrong", "next": "/rules"}
    assert closed.ask("POST", "/login", data=given).status_code == 401
    done = closed.ask("POST", "/login", data=given | {"token": secret})
    assert (done.status_code, done.headers["location"]) == (303, "/rules")
    cookie = done.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert secret not in cookie
    assert closed.get("/rules").status_code == 200
    assert "Log out" in closed.get("/about").text
    paused = closed.ask("POST", f"/rules/{RULE}/state", data={"csrf": csrf, "to": "pause"})
    assert paused.status_code == 403
    kept = closed.cookies["monitor_session"]
    assert closed.ask("POST", "/logout", data={"csrf": csrf}).status_code == 303
    closed.cookies.set("monitor_session", kept)
    assert closed.get("/rules").status_code == 401


@pytest.mark.parametrize("where", ["//evil.example/", "javascript:x", "/\\evil"])
def test_logging_in_leads_to_this_site_alone(app: App, closed: Browser, where: str) -> None:
    closed.get("/", headers={"Accept": "text/html"})
    csrf = closed.cookies["monitor_csrf"]
    given = {"csrf": csrf, "token": token(app), "next": where}
    assert closed.ask("POST", "/login", data=given).headers["location"] == "/"


def test_the_login_is_limited_as_well(app: App, closed: Browser) -> None:
    closed.get("/", headers={"Accept": "text/html"})
    given = {"csrf": closed.cookies["monitor_csrf"], "token": "nm_wrong"}
    codes = {closed.ask("POST", "/login", data=given).status_code for _ in range(MOST_TRIES)}
    assert codes == {401}
    given["token"] = token(app)
    late = closed.ask("POST", "/login", data=given)
    assert (late.status_code, late.headers["retry-after"]) == (429, "60")


def test_what_a_call_needs() -> None:
    assert needed_for("GET", "/channels") is Scope.READ
    assert needed_for("POST", "/rules/preview") is Scope.READ
    assert needed_for("POST", "/rules") is Scope.WRITE
    assert needed_for("DELETE", "/api/v1/rules/channels") is Scope.WRITE
    assert needed_for("PATCH", "/api/v1/channels/desk") is Scope.ADMIN
    assert needed_for("POST", "/channels/x/state") is Scope.ADMIN


def test_where_others_can_ask_nothing_is_served_while_there_is_no_token() -> None:
    place = Listening.of("0.0.0.0:0")
    with pytest.raises(Refusal, match="no user and no token"):
        bound(place)
    bound(place, lets_in=True).close()
    assert place.names == ()
    assert place.url == "http://127.0.0.1:0/", "0.0.0.0 leads nowhere"
    assert Listening.of("[::]:80").url == "http://[::1]:80/"
    assert Listening.of("192.0.2.1:80").names == ("192.0.2.1",)
