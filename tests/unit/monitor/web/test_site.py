"""The page as a browser asks for it: what it shows, what it refuses, what it changes."""

import re
from datetime import timedelta
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from monitor.app import App
from monitor.services import machine
from monitor.services.channels import channel_named
from monitor.services.sources.sources import set_state
from monitor.web.base.desk import local_path
from monitor.web.site import PAGES
from storage.model import ChannelState, DeliveryState, SourceState, stable_id
from storage.story import Membership, Story
from tests.builders import NOON, a_channel, a_rule, a_source, given
from tests.stored import dead_delivery, fill
from tests.unit.monitor.web.asking import NOW, Browser, app, browser

__all__ = ["app", "browser"]

HOSTILE = '<script>alert(1)</script>"onload="x'
HOUR = timedelta(hours=1)


def test_an_empty_page_teaches_the_next_step(browser: Browser) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert "Nothing is followed yet" in page.text
    assert 'href="/sources"' in page.text


def test_each_step_that_is_taken_leads_to_the_next(app: App, browser: Browser) -> None:
    given(app.storage, a_source("Harbour News"))
    assert 'href="/rules/new"' in browser.get("/").text
    assert "0 of 1 source has been read once." in browser.get("/sources").text
    given(app.storage, a_rule("strike"))
    assert 'there is no channel: <a href="/channels">' in browser.get("/").text
    assert ">nobody</span>" in browser.get("/rules").text
    given(app.storage, a_channel("desk", kind="email"))
    assert "there is no channel" not in browser.get("/").text
    assert ">no rule</span>" in browser.get("/channels").text


def test_today_shows_the_headline_the_words_and_the_reason(app: App, browser: Browser) -> None:
    fill(app.storage)
    page = browser.get("/").text
    assert "Strike at the port of Kiel" in page
    assert "A <mark>strike</mark>." in page
    assert "strike — as written — for strike" in page
    assert "<bdi>Harbour News</bdi> · English" in page


def test_every_filter_of_today_leaves_out_what_was_not_asked_for(
    app: App, browser: Browser
) -> None:
    fill(app.storage)
    for query in ("rule=other", "language=sv", "source=Other", "tag=x"):
        assert "port of Kiel" not in browser.get(f"/?{query}").text, query
    for query in ("rule=strike", "language=en", "source=Harbour+News"):
        assert "port of Kiel" in browser.get(f"/?{query}").text, query


def test_of_very_many_rules_one_is_named_by_typing(app: App, browser: Browser) -> None:
    fill(app.storage)
    assert '<select name="rule">' in browser.get("/").text
    with app.storage.transaction() as tx:
        for number in range(101):
            tx.rules.add(a_rule(f"rule {number}"))
    page = browser.get("/?rule=strike").text
    assert '<select name="rule">' not in page
    assert 'name="rule" value="strike"' in page
    assert "port of Kiel" in page
    names = browser.get("/names/rules").text
    assert '<option value="rule 100">' in names
    assert "Harbour News" in browser.get("/names/sources").text
    assert browser.get("/names/tokens").status_code == 404


def test_what_articles_say_is_never_markup(app: App, browser: Browser) -> None:
    alert = fill(app.storage, title=HOSTILE, text=f"A strike. {HOSTILE}")
    for path in (
        "/",
        f"/alerts/{alert.id}",
        f"/articles/{alert.article_id}",
        "/search?query=strike",
    ):
        page = browser.get(path).text
        assert "<script>alert" not in page, path
        assert "&lt;script&gt;alert(1)" in page, path


@pytest.mark.parametrize("path", [path for path in PAGES if "{" not in path])
def test_every_page_forbids_all_that_is_not_ours(app: App, browser: Browser, path: str) -> None:
    fill(app.storage)
    page = browser.get(path)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe" not in policy
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on\w+=", page.text)


def test_what_is_not_there_is_said_without_repeating_markup(browser: Browser) -> None:
    page = browser.get("/<script>alert(1)</script>")
    assert page.status_code == 404
    assert "<script>alert" not in page.text
    assert browser.get("/alerts/nothing").status_code == 404


@pytest.mark.parametrize(
    "path", ["/static/../site.py", "/static/%2e%2e/site.py", "/static/..%5csite.py"]
)
def test_only_files_of_the_static_folder_are_served(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404
    assert browser.get("/static/site.css").status_code == 200


def test_a_name_that_is_not_this_sites_is_refused(app: App) -> None:
    assert Browser(app, host="evil.example").get("/").status_code == 421
    named = Browser(app, host="news.example.org", hosts=("news.example.org",)).get("/")
    assert named.status_code == 401  # served, to whoever logs in
    for name in ("localhost:8420", "[::1]:8420"):
        assert Browser(app, host=name).get("/").status_code == 200


def test_nothing_is_changed_without_the_token_or_from_elsewhere(app: App, browser: Browser) -> None:
    fill(app.storage)
    rule = stable_id("rule", "strike")
    assert browser.post(f"/rules/{rule}/state", token="", to="pause").status_code == 403
    assert browser.post(f"/rules/{rule}/state", token="x" * 43, to="pause").status_code == 403
    token = browser.token()
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        form = {"csrf": token, "to": "pause"}
        said = browser.ask("POST", f"/rules/{rule}/state", data=form, headers=headers)
        assert said.status_code == 403, headers
    with app.storage.reading() as tx:
        assert [rule.state.value for rule in tx.rules.all()] == ["active"]


def test_a_form_does_what_it_says_and_the_next_page_says_so_once(
    app: App, browser: Browser
) -> None:
    fill(app.storage)
    rule = stable_id("rule", "strike")
    done = browser.post(f"/rules/{rule}/state", to="pause")
    assert done.status_code == 303
    assert "Rule “strike” is paused." in browser.get(done.headers["location"]).text
    assert "is paused." not in browser.get("/rules").text
    with app.storage.reading() as tx:
        assert [rule.state.value for rule in tx.rules.all()] == ["paused"]


def test_a_rule_is_previewed_then_added_as_it_was_typed(app: App, browser: Browser) -> None:
    fill(app.storage)
    preview = browser.post("/rules/preview", query="port AND strike", match="forms").text
    assert "Strike at the port of Kiel" in preview
    assert "1 article in 1 story" in preview
    mistake = browser.post("/rules/preview", query="(port AND").text
    assert 'role="alert"' in mistake
    done = browser.post(
        "/rules", query="port AND strike", name="Ports", match="forms", tags="sea, work"
    )
    assert done.status_code == 303
    with app.storage.reading() as tx:
        added = next(rule for rule in tx.rules.all() if rule.name == "Ports")
    assert (added.query, added.strictness, added.tags) == (
        "port AND strike",
        "forms",
        ("sea", "work"),
    )


def test_a_query_that_cannot_be_read_is_refused_with_its_place(app: App, browser: Browser) -> None:
    said = browser.post("/rules", query='port AND "strike')
    assert said.status_code == 400
    assert "strike" in said.text
    with app.storage.reading() as tx:
        assert tx.rules.all() == []


def test_a_dead_delivery_is_tried_again(app: App, browser: Browser) -> None:
    fill(app.storage)
    id_ = dead_delivery(app.storage)
    assert "Try again" in browser.get("/channels").text
    assert browser.post(f"/deliveries/{id_}/retry").status_code == 303
    with app.storage.reading() as tx:
        delivery = tx.outbox.get(id_)
    assert delivery is not None
    assert delivery.state is DeliveryState.PENDING


def test_search_finds_and_offers_a_rule(app: App, browser: Browser) -> None:
    fill(app.storage)
    page = browser.get("/search?query=strikes").text
    assert re.search(r'href="/search\?query=strikes[^"]*match=all[^"]*">In any language</a>', page)
    assert "port of Kiel" in page
    assert "/rules/new?query=strikes" in page
    assert browser.get("/search?query=(strike").status_code == 400


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/?days=-1", "days"),
        ("/?days=1e9", "days"),
        ("/deliveries?limit=0", "limit"),
        ("/deliveries?state=x", "state"),
        ("/api/v1/alerts?limit=9999999999", "limit"),
        ("/search?query=a+b&match=wild", "match"),
    ],
)
def test_numbers_and_words_out_of_bounds_name_their_field(
    browser: Browser, path: str, name: str
) -> None:
    said = browser.get(path)
    assert said.status_code == 400
    assert name in said.text


def test_a_body_that_is_too_large_or_no_form_is_refused(browser: Browser) -> None:
    token = browser.token()
    assert browser.post("/rules", token=token, query="x" * 300_000).status_code == 400
    huge = browser.ask("POST", "/rules", content=b"x", headers={"Content-Length": "99999999"})
    assert huge.status_code == 413
    assert browser.ask("POST", "/rules", json={"query": "x"}).status_code == 415


def test_a_token_in_a_url_is_refused(browser: Browser) -> None:
    assert browser.get("/api/v1/alerts?token=abc").status_code == 401


def test_the_api_gives_each_noun_as_json_does(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    body = browser.get("/api/v1/alerts").json()
    assert [shape["id"] for shape in body["alerts"]] == [alert.id]
    assert browser.get(f"/api/v1/alerts?after={body['next']}").json()["alerts"] == []
    assert browser.get(f"/api/v1/alerts/{alert.id[:8]}").json()["deliveries"][0]["state"] == "dead"
    [article] = browser.get("/api/v1/articles?since=7d").json()["articles"]
    assert article["title"] == "Strike at the port of Kiel"
    assert browser.get("/api/v1/rules").json()["rules"][0]["name"] == "strike"
    assert browser.get("/api/v1/sources").json()["sources"][0]["articles"] == 1
    assert browser.get("/api/v1/deliveries?state=dead").json()["deliveries"][0][
        "id"
    ] == dead_delivery(app.storage)
    problem = browser.get("/api/v1/alerts/nothing")
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["status"] == problem.status_code


def test_the_api_says_when_nothing_has_changed(app: App, browser: Browser) -> None:
    fill(app.storage)
    tag = browser.get("/api/v1/rules").headers["etag"]
    assert browser.get("/api/v1/rules", headers={"If-None-Match": tag}).status_code == 304


def test_the_probes_tell_well_from_not_well(app: App, browser: Browser) -> None:
    unknown = dict.fromkeys(("last_poll", "last_commit", "last_delivery"))
    assert browser.get("/healthz").json() == {"status": "ok", "troubles": [], "ages_s": unknown}
    said = browser.get("/readyz")
    assert said.status_code == 503
    assert said.json()["troubles"] == ["the daemon does not run"]
    fill(app.storage)
    ages = browser.get("/readyz").json()["ages_s"]
    assert ages == {
        **dict.fromkeys(("last_poll", "last_delivery", "last_canary", "oldest_open")),
        **dict.fromkeys(("last_alert", "last_commit"), 1800),
    }
    assert browser.get("/healthz").json()["ages_s"] == {**unknown, "last_commit": 1800}


def test_no_age_is_negative_when_the_clock_has_been_set_back(app: App, browser: Browser) -> None:
    fill(app.storage)
    app.now = lambda: NOON - timedelta(days=1)
    ages = browser.get("/readyz").json()["ages_s"]
    assert ages["last_commit"] == ages["last_alert"] == 0
    metrics = browser.get("/metrics").text
    assert "monitor_oldest_open_delivery_age_seconds 0" in metrics


@pytest.mark.parametrize(
    "where", ["//evil.example/", "/\\evil", "javascript:x", "https://evil.example", ""]
)
def test_forms_lead_to_this_site_alone(where: str) -> None:
    assert local_path(where) == "/"
    assert local_path("/rules?x=1") == "/rules?x=1"


def test_what_others_made_is_what_its_packages_hold() -> None:
    folder = Path(str(files("monitor.web"))) / "static"
    rows = [line.split() for line in (folder / "VENDORED.txt").read_text().splitlines()[2:] if line]
    assert {row[0] for row in rows} == {path.name for path in folder.glob("*.min.*")}
    for name, digest, *_ in rows:
        assert sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_the_overview_says_that_little_space_is_left(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "little is left" not in browser.get("/overview").text
    monkeypatch.setattr(machine, "LITTLE_SPACE_BYTES", 2**62)
    assert "little is left; free some" in browser.get("/overview").text


def test_the_overview_counts_alerts_and_what_needs_a_person(app: App, browser: Browser) -> None:
    fill(app.storage)
    page = browser.get("/overview?by=source&days=7").text
    assert "Harbour News" in page
    assert "does not run on this data folder" in page
    drawn = browser.get("/overview/data?by=language&days=7").json()
    assert drawn["names"] == ["English"]
    assert drawn["rows"][1] == [0, 0, 0, 0, 0, 0, 1]


def test_what_needs_a_person_leads_to_where_it_is_mended(app: App, browser: Browser) -> None:
    fill(app.storage, at=app.storage.now())
    with app.storage.transaction() as tx:
        [source] = tx.sources.all()
        set_state(tx, source, SourceState.GONE, now=NOW)
        channel = channel_named(tx, "console")
        tx.channels.set_state(channel.id, ChannelState.DISABLED, reason="it was refused")
    links = re.findall(r'<b dir="auto"><a href="([^"]+)"', browser.get("/overview").text)
    assert set(links) >= {
        f"/sources/{source.id}",
        f"/channels/{channel.id}",
        "/deliveries?state=dead",
    }
    for link in links:
        assert browser.get(link).status_code == 200, link


def test_a_story_shows_who_told_it_in_order_and_where_it_went(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    second = fill(app.storage, title="Hafenstreik in Kiel", language="de", at=NOON + HOUR)
    story = Story(id=alert.story_id, seen_at=NOON, articles=2)
    rows = [
        (alert, NOON, "ndr.example", "en", ""),
        (second, NOON + HOUR, "kn.example", "de", "names Kiel"),
    ]
    members = [
        Membership(
            article_id=told.article_id,
            story_id=story.id,
            joined_at=at,
            appeared_at=at,
            outlet=outlet,
            language=language,
            reason=reason,
        )
        for told, at, outlet, language, reason in rows
    ]
    with app.storage.transaction() as tx:
        tx.stories.put([story])
        tx.stories.join(members)
    page = browser.get(f"/stories/{story.id[:10]}").text
    assert page.index("ndr.example") < page.index("kn.example")
    assert "2 articles from 2 outlets in English, German" in page
    assert "names Kiel" in page
    assert "+1 outlet, 2 languages" in browser.get("/").text


def test_a_story_is_muted_and_the_silence_ended_on_the_page(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    with app.storage.reading() as tx:
        told_of = tx.articles.get(alert.article_id)
    assert told_of is not None
    assert "Muted for 1 day" in browser.get(_next(browser.post(f"/alerts/{alert.id}/mute"))).text
    with app.storage.reading() as tx:
        [silence] = tx.silences.all(now=NOW)
    assert silence.story_id == alert.story_id
    page = browser.get("/silences").text
    assert "muted on the page" in page
    assert told_of.title in page
    assert "has ended" in browser.get(_next(browser.post(f"/silences/{silence.id}/end"))).text
    assert "Nothing is silenced" in browser.get("/silences").text


def test_a_mute_is_taken_back_where_it_was_said(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    path, form = f"/alerts/{alert.id}/mute", {"csrf": str(browser.token())}
    said = browser.ask("POST", path, data=form, headers={"HX-Request": "true"}).text
    assert f'formaction="/alerts/{alert.id}/unmute" data-undo>Unmute<' in said
    for path in ("/", f"/alerts/{alert.id}"):
        assert f'/alerts/{alert.id}/unmute" data-undo>' in browser.get(path).text
    undone = browser.get(_next(browser.post(f"/alerts/{alert.id}/unmute"))).text
    assert "Muted no longer." in undone
    assert "data-undo" not in undone
    with app.storage.reading() as tx:
        assert not tx.silences.all(now=NOW)
    again = browser.get(_next(browser.post(f"/alerts/{alert.id}/unmute"))).text
    assert "It is not muted." in again


def test_what_a_reader_thinks_is_noted(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    for verdict in ("useful", "noise"):
        said = browser.get(_next(browser.post(f"/alerts/{alert.id}/rate", verdict=verdict))).text
        assert f"Noted: {verdict}." in said
    assert browser.post(f"/alerts/{alert.id}/rate", verdict="bad").status_code == 400


def _next(response: httpx.Response) -> str:
    assert response.status_code == 303, response.text
    return response.headers["location"]
