"""Feeds out: any reader of feeds is a client, and nobody is who has no token."""

from dataclasses import replace

import feedparser
import pytest

from monitor.access.tokens import add_token
from monitor.app import App
from monitor.stories.batch import membership
from monitor.web.feeds import JSON_FEED, PAGES
from storage.access import Scope
from storage.story import Story
from tests.builders import a_rule, a_source, an_alert, an_article, given
from tests.stored import fill
from tests.unit.monitor.web.asking import NOW, Browser, app, browser

__all__ = ["app", "browser"]

TITLE = "Strike <b>at</b> the port & of Kiel ]]> \x0b\ufffe"
LINKS = ("/feeds/strike", "/feeds/tags/sea", "/feeds/search")


@pytest.fixture
def told(app: App) -> App:
    """A monitor with an alert of a rule that has a tag."""
    fill(app.storage, title=TITLE)
    with app.storage.transaction() as tx:
        [rule] = tx.rules.all()
        tx.rules.update(replace(rule, tags=("sea",)))
    return app


@pytest.mark.parametrize("path", LINKS)
def test_readers_of_atom_understand_it(told: App, browser: Browser, path: str) -> None:
    answer = browser.get(f"{path}.atom?q=strike")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.title.startswith("Monitor: ")
    [entry] = feed.entries
    assert entry.title == "Strike <b>at</b> the port & of Kiel ]]>"
    assert entry.title_detail.type == "text/plain"  # no markup, whatever it looks like
    assert entry.link == "https://example.com/strike"
    assert entry.summary == "A strike."
    assert entry.author == "Harbour News"
    assert entry.id.startswith("urn:newsroom-monitor:")


@pytest.mark.parametrize("path", LINKS)
def test_readers_of_json_feed_understand_it(told: App, browser: Browser, path: str) -> None:
    answer = browser.get(f"{path}.json?q=strike")
    assert answer.headers["content-type"].startswith("application/feed+json")
    feed = answer.json()
    assert feed["version"] == JSON_FEED
    [item] = feed["items"]
    assert item["title"] == "Strike <b>at</b> the port & of Kiel ]]> \ufffe"
    assert item["url"] == "https://example.com/strike"
    assert item["language"] == "en"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("A \u202ekirts\u202c of\r\ncrews", "A kirts of crews"),
        ("\u200b\u200d", "https://example.com/strike"),
    ],
)
def test_an_entrys_title_is_one_line_that_shows(
    app: App, browser: Browser, title: str, shown: str
) -> None:
    fill(app.storage, title=title, text="A strike.\nOf \u202ecrews.")
    [entry] = feedparser.parse(browser.get("/feeds/strike.atom").content).entries
    [item] = browser.get("/feeds/strike.json").json()["items"]
    assert (entry.title, item["title"]) == (shown, shown)
    assert item["content_text"] == "A strike.\nOf crews."


@pytest.mark.parametrize("path", LINKS)
def test_an_entry_says_what_a_message_says(app: App, browser: Browser, path: str) -> None:
    fill(app.storage, title="Ferry news", text="A strike of <crews> & more.")
    with app.storage.transaction() as tx:
        [rule] = tx.rules.all()
        tx.rules.update(replace(rule, tags=("sea",)))
    [entry] = feedparser.parse(browser.get(f"{path}.atom?q=strike").content).entries
    [content] = entry.content
    assert content.type == "text/html"
    [item] = browser.get(f"{path}.json?q=strike").json()["items"]
    byline, passage, reason = item["content_html"].split("\n")
    assert byline.startswith("<p>Harbour News · English · ")
    assert ("no other outlet yet" in byline) == ("search" not in path)
    assert passage == "<blockquote>A <b>strike</b> of &lt;crews&gt; &amp; more.</blockquote>"
    assert reason.startswith("<p>strike — as written")
    assert "<b>strike</b>" in content.value


def test_an_entry_says_who_else_tells_it_and_who_published_it(app: App, browser: Browser) -> None:
    rule, source = a_rule("strike"), a_source("Harbour alerts")
    first = an_article("Strike", url="https://paper.example/1", source_id=source.id, language="en")
    other = an_article("Streik", url="https://zeitung.example/2", language="de")
    alert = an_alert(rule, first)
    given(app.storage, rule, source, first, other, alert)
    with app.storage.transaction() as tx:
        tx.stories.put([Story(id=alert.story_id, seen_at=NOW)])
        both = (first, other)
        tx.stories.join([membership(one, alert.story_id, now=NOW, reason="") for one in both])
    [item] = browser.get("/feeds/strike.json").json()["items"]
    byline = item["content_html"].split("\n")[0]
    assert "+1 outlet, 2 languages" in byline
    assert "Harbour alerts (paper.example)" in byline


def test_a_feed_of_nothing_is_still_one(app: App, browser: Browser) -> None:
    fill(app.storage)
    feed = feedparser.parse(browser.get("/feeds/search.atom?q=nothing").content)
    assert not feed.bozo
    assert feed.entries == []
    assert browser.get("/feeds/search.atom").status_code == 400
    assert browser.get("/feeds/tags/none.atom").status_code == 404
    assert browser.get("/feeds/no-such-rule.atom").status_code == 404


def test_what_has_not_changed_is_not_sent_again(told: App, browser: Browser) -> None:
    tag = browser.get("/feeds/strike.atom").headers["etag"]
    assert browser.get("/feeds/strike.atom", headers={"If-None-Match": tag}).status_code == 304


def test_a_feed_is_private_by_the_token_in_its_address_which_it_does_not_tell(told: App) -> None:
    closed = Browser(told, is_open=False)
    with told.storage.transaction() as tx:
        _, secret = add_token(tx, "reader", Scope.READ, now=NOW)
    for path in PAGES:
        address = path.replace("{id}", "sea" if "tags" in path else "strike") + "?q=strike&token="
        assert closed.get(f"{address}wrong").status_code == 401
        answer = closed.get(address + secret)
        assert answer.status_code == 200
        assert secret not in answer.text
        assert "q=strike" in answer.text
    assert closed.get(f"/api/v1/feeds/?token={secret}").status_code == 401
