"""What pages tell and change beyond the first look: stories, articles, rules, sources."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import count

import httpx
import pytest

from monitor.app import App
from monitor.daemon.starter import prepare
from monitor.web.pages.story import TOLD_AT_A_TIME
from storage.model import Source, SourceState, VariantState, stable_id
from storage.sql.rules import SqlRules
from tests.answers import reply
from tests.builders import NOON, a_source, an_article, given
from tests.servers import FaultServer
from tests.stored import fill, source_of, telling
from tests.unit.monitor.web.asking import NOW, Browser, app, browser

__all__ = ["app", "browser"]

HOUR = timedelta(hours=1)
STRIKE = stable_id("rule", "strike")
WIRE = "A strike began at dawn. Ferries stay in port. Talks go on."


def _said(browser: Browser, response: httpx.Response) -> str:
    assert response.status_code == 303, response.text
    return browser.get(response.headers["location"]).text


# --- stories and articles -----------------------------------------------------------------------


def test_stories_that_most_tell_can_come_first(app: App, browser: Browser) -> None:
    one, two = fill(app.storage, title="One"), fill(app.storage, title="Two", at=NOON + HOUR)
    telling(app.storage, one, two)
    fill(app.storage, title="Newest", at=NOON + 2 * HOUR)
    newest, told = browser.get("/").text, browser.get("/?order=told").text
    assert newest.index("Newest") < newest.index("Two")
    assert told.index("Two") < told.index("Newest")
    assert browser.get("/?order=x").status_code == 400


def test_older_stories_are_on_the_next_page_each_once(app: App, browser: Browser) -> None:
    alerts = [fill(app.storage, title=f"Number {n}.", at=NOON + n * HOUR / 100) for n in range(60)]
    telling(app.storage, alerts[59], alerts[2])
    first = browser.get("/").text
    assert "Number 59." in first
    assert "Number 30." in first
    assert "Number 29." not in first
    [_, more] = first.split('<p class="more"><a href="')
    second = browser.get(more.partition('"')[0].replace("&amp;", "&")).text
    assert "Number 29." in second
    assert "Number 0." in second
    assert "Number 2." not in second, "its story was on the first page"


def test_stories_are_listed_by_day_and_by_whose_alerts_they_raised(
    app: App, browser: Browser
) -> None:
    one, two = fill(app.storage, title="One"), fill(app.storage, title="Two", at=NOON + HOUR)
    telling(app.storage, one, two)
    given(app.storage, replace(an_article("Three"), source_id=one_source(app)))
    with app.storage.transaction() as tx:
        [three] = tx.stories.unplaced(9)
        app.stories.settle(tx, [three], now=app.now())
    page = browser.get("/stories").text
    assert "2 articles, 2 outlets" in page
    assert f'href="/stories/{one.story_id}"' in page
    assert ">Three</a>" in page
    assert ">Two</a>" not in page, "it is of the story of One"
    of_rule = browser.get("/stories?rule=strike").text
    assert ">One</a>" in of_rule
    assert ">Three</a>" not in of_rule
    assert ">One</a>" not in browser.get("/stories?rule=none").text
    day = f"{NOON:%Y-%m-%d}"
    assert ">One</a>" in browser.get(f"/stories?day={day}").text
    assert "None is like that" in browser.get("/stories?day=2020-02-02").text
    for wrong in ("day=2020-02-31", "day=x", "day=9999-12-31", "before=x", "before=2020-02-02~%00"):
        assert browser.get(f"/stories?{wrong}").status_code == 400


def one_source(app: App) -> str:
    with app.storage.reading() as tx:
        return tx.sources.all()[0].id


def test_older_stories_are_behind_a_link_each_once(app: App, browser: Browser) -> None:
    for n in range(60):
        telling(app.storage, fill(app.storage, title=f"Number {n}."))
    first = browser.get("/stories?rule=strike").text
    [_, more] = first.split('<p class="more"><a href="')
    second = browser.get(more.partition('"')[0].replace("&amp;", "&")).text
    shown = [n for n in range(60) if f">Number {n}.<" in first]
    behind = [n for n in range(60) if f">Number {n}.<" in second]
    assert len(shown) == 50
    assert sorted([*shown, *behind]) == [*range(60)]
    assert 'class="more"' not in second


def test_an_article_leads_to_its_story_when_it_has_one(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    page = f"/articles/{alert.article_id}"
    link = f'href="/stories/{alert.story_id}"'
    assert link not in browser.get(page).text
    assert "Its story is looked for soon" in browser.get(page).text
    telling(app.storage, alert)
    assert link in browser.get(page).text


def test_alerts_are_filtered_by_whom_they_were_owed_to(app: App, browser: Browser) -> None:
    fill(app.storage)
    fill(app.storage, title="Second strike in Rostock", at=NOON + HOUR)
    assert "in Rostock" in browser.get("/?channel=console").text
    assert "in Rostock" not in browser.get("/?channel=other").text


def test_one_form_serves_all_that_is_said_of_alerts(app: App, browser: Browser) -> None:
    alerts = [fill(app.storage, title=f"Number {n}.", at=NOON + n * HOUR / 100) for n in range(3)]
    page = browser.get("/").text
    assert page.count('type="hidden" name="csrf"') == 1
    buttons = re.findall(r'form="judge" formaction="([^"]+)"', page)
    does = ("rate", "rate", "mute", "wrong")
    assert buttons == [f"/alerts/{alert.id}/{do}" for alert in reversed(alerts) for do in does]


def test_a_story_of_many_articles_is_told_a_page_at_a_time(app: App, browser: Browser) -> None:
    count = TOLD_AT_A_TIME + 2
    alerts = [
        fill(app.storage, title=f"Number {n}.", at=NOON + n * HOUR / 100) for n in range(count)
    ]
    outlets = [f"outlet{n % (count - 1)}.example" for n in range(count)]
    path = f"/stories/{telling(app.storage, *alerts, outlets=outlets).id}"
    first, second = browser.get(path).text, browser.get(f"{path}?page=2").text
    assert f"1 to {count - 2} of {count}" in first
    assert f">Number {count - 2}.</a>" not in first
    assert f">Number {count - 2}.</a>" in second
    assert ">Number 0.</h1>" in second
    assert f'<b class="long" dir="auto">outlet{count - 2}.example</b>' in second
    assert "<bdi>outlet0.example</bdi>" in second, "it told of it on the first page"
    assert "+1h" in second, "since the first article of all"
    assert ">Number 0.</h1>" in browser.get(f"{path}?page=3").text


def test_copies_show_where_they_differ(app: App, browser: Browser) -> None:
    one = fill(app.storage, title="One", text=WIRE)
    two = fill(app.storage, title="Two", text=f"{WIRE} Nobody was hurt.", at=NOON + HOUR)
    story = telling(app.storage, one, two)
    page = browser.get(f"/stories/{story.id}").text
    assert "100% as in outlet0.example: where they differ" in page
    assert "<ins>Nobody was hurt.</ins>" in page


def test_a_story_is_split_and_merged_by_hand(app: App, browser: Browser) -> None:
    one, two = fill(app.storage, title="One"), fill(app.storage, title="Two", at=NOON + HOUR)
    story = telling(app.storage, one, two)
    assert browser.post(f"/stories/{story.id}/split").status_code == 400
    done = browser.post(f"/stories/{story.id}/split", articles=two.article_id)
    assert "An article is a story apart now." in _said(browser, done)
    with app.storage.reading() as tx:
        alone = tx.articles.get(two.article_id)
        assert alone is not None
        assert alone.story_id != story.id
    where = f"http://127.0.0.1:8420/stories/{alone.story_id}"
    assert "They are one story now" in _said(
        browser, browser.post(f"/stories/{story.id}/merge", other=where)
    )
    with app.storage.reading() as tx:
        assert len(tx.stories.members([story.id])) == 2


def test_an_article_says_why_a_rule_matches_it_or_does_not(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    page = browser.get(f"/articles/{alert.article_id}?rule=strike").text
    assert "It matches, and raised an alert: dead." in page
    assert "<mark>strike</mark>" in page
    other = browser.post("/rules", query="ferry", name="Ferries")
    assert other.status_code == 303
    page = browser.get(f"/articles/{alert.article_id}?rule=Ferries").text
    assert "It does not match" in page
    assert "ferry" in page
    found = browser.get(f"/articles/{alert.article_id}/rules").text
    assert ">strike</a> finds it" in found
    assert "Ferries" not in found


def test_an_article_shows_what_was_changed_and_where_its_text_is_from(
    app: App, browser: Browser
) -> None:
    alert = fill(app.storage, text="Three men went on strike.")
    with app.storage.transaction() as tx:
        article = tx.articles.get(alert.article_id)
        assert article is not None
        tx.articles.revise(replace(article, text="Two men went on strike."), now=NOW)
    page = browser.get(f"/articles/{alert.article_id}").text
    assert "<del>Three</del><ins>Two</ins>" in page
    assert "<dt>Text</dt><dd>the feed" in page


def test_about_says_whether_the_seed_folder_is_followed(app: App, browser: Browser) -> None:
    assert "</code><br>not followed" in browser.get("/about").text
    prepare(app, starter=True)
    assert "</code><br>followed" in browser.get("/about").text


@pytest.mark.parametrize("name", ["query", "q"])
def test_one_word_asks_every_list_and_q_does_too(app: App, browser: Browser, name: str) -> None:
    fill(app.storage)
    for path in ("/search", "/feeds/search.atom", "/api/v1/search"):
        assert "port of Kiel" in browser.get(f"{path}?{name}=strike").text
        assert "port of Kiel" not in browser.get(f"{path}?{name}=ferry").text
    assert ">strike</b>" in browser.get(f"/rules?{name}=stri").text
    assert ">strike</b>" not in browser.get(f"/rules?{name}=ferry").text
    assert "Harbour News" in browser.get(f"/sources?{name}=harbour").text
    assert "Harbour News" not in browser.get(f"/sources?{name}=ferry").text
    assert browser.get(f"/api/v1/rules?{name}=strike").status_code == 400


def test_marks_stay_on_their_words_when_an_article_is_edited(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    pages = ("/", f"/alerts/{alert.id}", f"/articles/{alert.article_id}")
    assert [browser.get(page).text.count("<mark>strike</mark>") for page in pages] == [1, 1, 1]
    with app.storage.transaction() as tx:
        article = tx.articles.get(alert.article_id)
        assert article is not None
        tx.articles.revise(replace(article, text="At noon: A strike."), now=NOON + HOUR)
    assert [browser.get(page).text.count("<mark>strike</mark>") for page in pages] == [1, 1, 1]
    assert "A <b>strike</b>." in unescape(browser.get("/feeds/strike.atom").text)


def test_an_alert_says_that_an_edit_raised_it_and_what_was_edited_since(
    app: App, browser: Browser
) -> None:
    alert = fill(app.storage, title="Talks go on", at=NOON + HOUR)
    edits = [(NOON + HOUR, "Strike in Kiel"), (NOON + 2 * HOUR, "Strike in Kiel is over")]
    assert "edited" not in browser.get(f"/alerts/{alert.id}").text
    with app.storage.transaction() as tx:
        article = tx.articles.get(alert.article_id)
        assert article is not None
        for at, title in edits:
            tx.articles.revise(replace(article, title=title), now=at)
    page = browser.get(f"/alerts/{alert.id}").text
    assert "Raised because the article was edited: until then it was called" in page
    assert "Talks go on</span>" in page
    assert 'when this was raised it was called “<span dir="auto">Strike in Kiel</span>”' in page


def test_a_new_home_says_that_it_shows_an_example(app: App, browser: Browser) -> None:
    folder = replace(source_of("seeds"), kind="folder", url="/seeds")
    alert = fill(app.storage)
    with app.storage.transaction() as tx:
        tx.sources.add(folder)
    assert "This is an example" not in browser.get("/").text
    with app.storage.transaction() as tx:
        feed = tx.sources.get(source_of().id)
        assert feed is not None
        tx.sources.update(replace(feed, state=SourceState.REMOVED))
    page = browser.get("/").text
    assert "This is an example" in page
    assert alert.id in page


# --- rules --------------------------------------------------------------------------------------


def test_rules_are_found_sorted_and_show_what_readers_think(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    browser.post("/rules", query="ferry", name="Ferries", tags="sea")
    browser.post(f"/alerts/{alert.id}/rate", verdict="useful")
    page = browser.get("/rules").text
    assert page.index(">strike<") < page.index(">Ferries<")
    assert "100%" in page
    by_name = browser.get("/rules?order=name").text
    assert by_name.index(">Ferries<") < by_name.index(">strike<")
    assert ">strike<" not in browser.get("/rules?q=ferr").text
    assert ">strike<" not in browser.get("/rules?tag=sea").text
    assert "No rule is like that" in browser.get("/rules?state=paused").text
    assert browser.get("/rules?order=x").status_code == 400


def test_every_field_of_a_rule_is_in_its_form_and_comes_back(app: App, browser: Browser) -> None:
    fill(app.storage)
    form = {
        "whole": "yes",
        "query": "ferry",
        "name": "Ferries",
        "match": "forms",
        "languages": "en, de",
        "tags": "sea, work",
        "priority": "high",
        "digest": "daily@08:00",
        "max_per_day": "5",
        "follow_ups": "every",
        "min_outlets": "2",
        "escalate": "4",
        "spike": "yes",
        "expires_at": "2099-12-31",
        "sources": "Harbour News",
        "variants": "de:Fähre\nany:farry",
        "written_in": "en",
    }
    done = browser.post("/rules", **form)
    page = _said(browser, done)
    with app.storage.reading() as tx:
        [rule] = [rule for rule in tx.rules.all() if rule.name == "Ferries"]
    assert (rule.strictness, rule.languages, rule.tags) == ("forms", ("en", "de"), ("sea", "work"))
    assert (rule.priority, rule.digest, rule.max_per_day) == ("high", "daily@08:00", 5)
    assert (rule.follow_ups, rule.min_outlets, rule.escalate) == ("every", 2, 4)
    assert (rule.spike, rule.sources, rule.language) == ("yes", ("Harbour News",), "en")
    assert rule.expires_at is not None
    named = [
        (variant.language, variant.text) for variant in rule.variants if variant.kind == "user"
    ]
    assert named == [("de", "Fähre"), ("", "farry")]
    assert "de:Fähre" in page
    assert "priority: high" in page, "the file form is beside it"
    held = {**form, "expires_at": rule.expires_at.isoformat(timespec="seconds")}
    empty = {name: "" for name in held if name not in ("whole", "query", "name", "spike")}
    del held["spike"]
    _said(browser, browser.post(f"/rules/{rule.id}", **held))
    with app.storage.reading() as tx:
        kept = tx.rules.get(rule.id)
    assert kept is not None
    assert kept.expires_at == rule.expires_at
    assert kept.spike == "no"
    _said(browser, browser.post(f"/rules/{rule.id}", whole="yes", query="ferry", **empty))
    with app.storage.reading() as tx:
        cleared = tx.rules.get(rule.id)
    assert cleared is not None
    assert (cleared.priority, cleared.digest, cleared.max_per_day) == ("normal", "", None)
    assert (cleared.sources, cleared.languages, cleared.expires_at) == ((), (), None)
    assert cleared.channel_ids == rule.channel_ids


@pytest.mark.parametrize(
    ("field", "value"),
    [("max_per_day", "0"), ("max_per_day", "x"), ("priority", "loud"), ("digest", "sometimes")],
)
def test_a_field_that_cannot_be_used_is_named(
    app: App, browser: Browser, field: str, value: str
) -> None:
    said = browser.post("/rules", query="ferry", **{field: value})
    assert said.status_code == 400
    assert field in said.text


def test_a_preview_says_how_the_query_was_read_and_what_each_form_found(
    app: App, browser: Browser
) -> None:
    fill(app.storage, title="Hafenstreik", text="Ein Streik in Kiel.", language="de")
    said = browser.post("/rules/preview", query="kiel AND strike", variants="de:Streik").text
    assert "Articles with “kiel” in any form and “strike” in any form." in said
    assert 'Streik <b title="articles found by it">1</b>' in said


def test_a_preview_counts_no_form_that_does_not_count_as_looked_for(
    app: App, browser: Browser
) -> None:
    fill(app.storage, title="Hafenstreik", text="Ein Streik in Kiel.", language="de")
    said = browser.post("/rules/preview", query="deploy").text
    listed, uncertain = re.findall(
        r"Also looked for: (\d+) forms in \d+ languages; (\d+) more", said
    )[0]
    assert said.count('class="form"') == int(listed)
    broad = browser.post("/rules/preview", query="deploy", match="broad").text
    assert f"Also looked for: {int(listed) + int(uncertain)} forms" in broad
    assert "are uncertain" not in broad
    assert (
        "Also looked for" not in browser.post("/rules/preview", query="deploy", match="forms").text
    )


def test_what_was_decided_about_a_rule_counts_in_its_preview(app: App, browser: Browser) -> None:
    fill(app.storage, title="Hafenstreik", text="Ein Streik in Kiel.", language="de")
    browser.post("/rules", query="deploy", name="Deploys")
    id_ = stable_id("rule", "Deploys")
    with app.storage.changing() as tx:
        rule = tx.rules.get(id_)
        assert rule is not None
        waiting = [each for each in rule.variants if each.state is VariantState.PROPOSED]
        first, *others = (f"{each.language}:{each.text}" for each in waiting)
    browser.post(f"/rules/{id_}/variants", to="accept", texts=first)
    browser.post(f"/rules/{id_}/variants", to="reject", texts=others[0])
    assert f'name="rule" value="{id_}"' in browser.get(f"/rules/{id_}").text

    def told(**fields: str) -> tuple[int, int]:
        said = browser.post("/rules/preview", query="deploy", whole="yes", variants="", **fields)
        [(forms, uncertain)] = re.findall(
            r"Also looked for: (\d+) forms in \d+ languages; (\d+) more", said.text
        )
        return int(forms), int(uncertain)

    (forms, uncertain), (forms_now, uncertain_now) = told(), told(rule=id_)
    assert forms_now > forms
    assert uncertain_now <= uncertain - 2, "nor does what was rejected wait"
    gone = browser.post("/rules/preview", query="deploy", rule="0" * 26)
    assert "there is no rule" in gone.text
    tried = {"sample": waiting[1].text + ". " + waiting[1].text, "query": "deploy"}
    assert "It does not match" in browser.post("/rules/try", rule=id_, **tried).text
    tried["sample"] = waiting[0].text + ". " + waiting[0].text
    assert "It does not match" in browser.post("/rules/try", **tried).text
    assert "It matches." in browser.post("/rules/try", rule=id_, **tried).text


def test_a_rule_is_tried_on_a_pasted_text(app: App, browser: Browser) -> None:
    said = browser.post("/rules/try", query="strike", sample="The strikes go on.").text
    assert "It matches." in said
    assert "<mark>strikes</mark>" in said
    assert "It does not match" in browser.post("/rules/try", query="ferry", sample="No.").text
    assert "refused" in browser.post("/rules/try", query="(ferry", sample="No.").text
    with app.storage.reading() as tx:
        assert tx.rules.all() == []


def test_a_clone_begins_with_what_the_other_rule_asks_for(app: App, browser: Browser) -> None:
    browser.post("/rules", query="ferry", name="Ferries", tags="sea", priority="high")
    page = browser.get(f"/rules/new?like={stable_id('rule', 'Ferries')}").text
    assert ">ferry</textarea>" in page
    assert 'value="sea"' in page
    assert '<option value="high" selected>' in page
    assert 'name="name" value=""' in page


def test_a_rule_is_quiet_until_a_day(app: App, browser: Browser) -> None:
    fill(app.storage)
    said = _said(browser, browser.post(f"/rules/{STRIKE}/state", to="silence", days="7"))
    assert "is quiet until" in said
    assert "paused on the page" in said
    with app.storage.reading() as tx:
        [silence] = tx.silences.all(now=NOW)
    assert (silence.rule_id, silence.until) == (STRIKE, NOW + timedelta(days=7))


def test_a_form_that_is_sent_twice_silences_once(app: App, browser: Browser) -> None:
    fill(app.storage)
    seconds = count()
    app.now = lambda: NOW + timedelta(seconds=next(seconds))
    for _ in range(2):
        browser.post(f"/rules/{STRIKE}/state", to="silence", days="7")
        browser.post("/silences", query="ferry", reason="known", days="3")
    with app.storage.reading() as tx:
        assert len(tx.silences.all(now=app.now())) == 2
    browser.post("/silences", query="ferry", reason="known", days="7")
    browser.post("/silences", query="ferries", reason="known", days="3")
    app.now = lambda: NOW + timedelta(minutes=5)
    browser.post("/silences", query="ferry", reason="known", days="3")
    with app.storage.reading() as tx:
        assert len(tx.silences.all(now=app.now())) == 5


def test_forms_of_a_rule_are_rejected_and_accepted(app: App, browser: Browser) -> None:
    browser.post("/rules", query="ferry", name="Ferries", variants="de:Fähre\nsv:färja")
    rule = stable_id("rule", "Ferries")
    assert browser.post(f"/rules/{rule}/variants", to="reject").status_code == 400
    assert browser.post(f"/rules/{rule}/variants", to="x", texts="de:Fähre").status_code == 400
    done = browser.post(f"/rules/{rule}/variants", to="reject", texts="de:Fähre")
    page = _said(browser, done)
    assert "One form counts no more." in page
    assert 'class="form rejected"' in page
    with app.storage.reading() as tx:
        kept = tx.rules.get(rule)
    assert kept is not None
    states = {each.text: each.state.value for each in kept.variants if each.kind == "user"}
    assert states == {"Fähre": "rejected", "färja": "active"}
    _said(browser, browser.post(f"/rules/{rule}/variants", to="accept", texts="de:Fähre"))
    with app.storage.reading() as tx:
        kept = tx.rules.get(rule)
    assert kept is not None
    assert {each.state.value for each in kept.variants if each.text == "Fähre"} == {"active"}


def test_a_rule_says_where_it_looks_for_nothing_but_what_is_proposed(browser: Browser) -> None:
    browser.post("/rules", query="summer", name="Summers")
    page = browser.get(f"/rules/{stable_id('rule', 'Summers')}").text
    assert re.search(r"Not looked for in [^.]*French[^.]* until a form is accepted", page)
    assert re.search(r"été <small[^>]*>\(proposed\)</small>", page)
    browser.post("/rules", query="ferry", name="Ferries")
    page = browser.get(f"/rules/{stable_id('rule', 'Ferries')}").text
    assert "färja" in page
    assert "Not looked for" not in page


def test_a_search_becomes_a_rule_with_all_that_was_asked_for(app: App, browser: Browser) -> None:
    fill(app.storage)
    page = browser.get("/search?query=strike&match=exact&language=en&source=Harbour+News").text
    link = page.partition('href="/rules/new?')[2].partition('"')[0].replace("&amp;", "&")
    editor = browser.get(f"/rules/new?{link}").text
    assert ">strike</textarea>" in editor
    assert '<option value="exact" selected>' in editor
    assert 'name="languages" value="en"' in editor
    assert ">Harbour News</textarea>" in editor


def test_an_alert_is_rated_where_it_is_read(app: App, browser: Browser) -> None:
    alert = fill(app.storage)
    form = {"verdict": "noise", "back": f"/alerts/{alert.id}"}
    assert "Noted: noise." in _said(browser, browser.post(f"/alerts/{alert.id}/rate", **form))
    page = browser.get(f"/alerts/{alert.id}").text
    assert re.search(r'role="status">noise <button[^>]* value="none" data-undo>Take back<', page)
    form["verdict"] = "none"
    assert "Taken back." in _said(browser, browser.post(f"/alerts/{alert.id}/rate", **form))
    assert 'role="status"></span>' in browser.get(f"/alerts/{alert.id}").text


def test_the_page_of_a_channel_reads_the_variants_of_one_rule(
    app: App, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(app.storage)
    monkeypatch.setattr(SqlRules, "all", lambda _: pytest.fail("the variants of all were read"))
    page = browser.get("/channels/console")
    assert page.status_code == 200
    assert "What it is sent" in page.text
    assert browser.get("/channels/console?about=nobody").status_code == 200


@pytest.mark.parametrize("deed", ["rate", "mute", "unmute"])
def test_what_is_said_of_a_story_leads_back_to_where_it_stands(
    deed: str, app: App, browser: Browser
) -> None:
    alert = fill(app.storage)
    form = {"verdict": "noise", "back": "/?days=30#elsewhere"}
    said = browser.post(f"/alerts/{alert.id[:12]}/{deed}", **form)
    where, _, part = said.headers["location"].partition("#")
    assert where == "/?days=30"
    assert f'id="{part}"' in browser.get(where).text


def test_a_report_leads_to_other_days_and_pages_to_it(app: App, browser: Browser) -> None:
    fill(app.storage)
    assert "/report?rule=strike&amp;days=7" in browser.get("/?rule=strike").text
    assert "/report?rule=strike&amp;days=30" in browser.get("/overview?rule=strike").text
    assert "/report?rule=strike&amp;days=90" in browser.get("/report?rule=strike").text


# --- sources ------------------------------------------------------------------------------------


def test_a_source_gave_nothing_only_on_days_on_which_it_was_followed(
    app: App, browser: Browser
) -> None:
    fresh = a_source("Just added", url="https://a.example/feed", added_at=NOW)
    old = a_source("Silent", url="https://b.example/feed", added_at=NOW - timedelta(days=4))
    today = a_source("Added today", url="https://c.example/feed", added_at=NOW)
    first = an_article("First", source_id=fresh.id, first_seen_at=NOW)
    given(app.storage, fresh, old, today, first)
    gap = "<dt>Longest gap</dt><dd>{}</dd>"
    assert gap.format("none") in browser.get(f"/sources/{fresh.id}").text
    assert gap.format("none") in browser.get(f"/sources/{today.id}").text  # which is not over
    assert gap.format("4 days") in browser.get(f"/sources/{old.id}").text


def test_a_source_that_was_never_polled_is_next_and_a_paused_one_is_not(
    app: App, browser: Browser
) -> None:
    asked = a_source("Never polled")
    paused = a_source("Paused", state=SourceState.PAUSED, next_poll_at=NOW + HOUR)
    given(app.storage, asked, paused)
    when = "<dt>Next poll</dt><dd>{}</dd>"
    assert when.format("now") in browser.get(f"/sources/{asked.id}").text
    assert when.format("none") in browser.get(f"/sources/{paused.id}").text
    assert 'data-label="Next">now' in browser.get("/sources").text


def test_sources_are_found_and_those_in_trouble_come_first(app: App, browser: Browser) -> None:
    calm, failing = source_of("A calm one"), replace(source_of("B fails"), failures=3)
    with app.storage.transaction() as tx:
        for source in (calm, replace(failing, last_error="no answer")):
            tx.sources.add(source)
    page = browser.get("/sources").text
    assert page.index("B fails") < page.index("A calm one")
    assert "no answer" in page
    by_name = browser.get("/sources?order=name").text
    assert by_name.index("A calm one") < by_name.index("B fails")
    assert "A calm one" not in browser.get("/sources?state=failing").text
    assert "A calm one" not in browser.get("/sources?q=fails").text
    assert browser.get("/sources?order=x").status_code == 400


def test_a_source_shows_its_days_and_is_edited(app: App, browser: Browser) -> None:
    fill(app.storage)
    source = source_of()
    page = browser.get(f"/sources/{source.id}").text
    assert "1 article in 30 days" in page
    done = browser.post(f"/sources/{source.id}", name="Harbour", every="1h", tags="sea, work")
    assert "Source “Harbour” is changed." in _said(browser, done)
    _said(browser, browser.post(f"/sources/{source.id}", full_text="yes", tags="sea"))
    with app.storage.reading() as tx:
        edited = tx.sources.get(source.id)
    assert edited is not None
    assert (edited.name, edited.tags, edited.options) == ("Harbour", ("sea",), {"full_text": "yes"})
    assert browser.post(f"/sources/{source.id}", every="often").status_code == 400


OPML = """<opml version="2.0"><body>
<outline text="One" xmlUrl="https://one.example/feed" type="rss"/>
<outline text="Two" xmlUrl="https://two.example/feed" type="rss"/>
<outline text="Local" xmlUrl="ftp://x.example/feed" type="rss"/>
</body></opml>"""


def test_a_list_of_feeds_is_followed_and_its_first_polls_are_told(
    app: App, browser: Browser
) -> None:
    said = _said(browser, browser.post("/sources/list", opml=OPML, tag="press"))
    assert "Following 2 more sources." in said
    assert "1 feed skipped" in said
    assert "0 of 2 sources have been read once." in said
    with app.storage.reading() as tx:
        sources: list[Source] = tx.sources.all()
    assert [(source.name, source.tags) for source in sources] == [
        ("One", ("press",)),
        ("Two", ("press",)),
    ]
    given(app.storage, a_source("seeds", kind="folder", url="/srv/seeds"))
    exported = browser.get("/sources.opml").text
    assert 'xmlUrl="https://two.example/feed"' in exported
    assert "/srv/seeds" not in exported  # a place on this machine
    assert browser.post("/sources/list", opml="no list").status_code == 400
    assert "followed already" in _said(browser, browser.post("/sources/list", opml=OPML))


def test_what_a_site_offers_is_shown_to_be_followed_by_one_click(
    app: App, browser: Browser
) -> None:
    feed = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Kiel Courier</title>
    <item><title>Ferry late</title><link>https://kiel.example/1</link></item></channel></rss>"""
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head>'
    with FaultServer() as server:
        server.on("/", reply(page, content_type="text/html"))
        server.on("/feed.xml", reply(feed, content_type="application/rss+xml"))
        site = f"http://127.0.0.1:{server.port}/"
        offered = browser.post("/sources", url=site, look="yes")
        assert offered.status_code == 200
        assert "Kiel Courier" in offered.text
        assert "the best" in offered.text
        assert "Following “Kiel Courier”" in _said(
            browser, browser.post("/sources", url=f"{site}feed.xml")
        )
        assert "followed" in browser.post("/sources", url=site, look="yes").text
    assert browser.post("/sources", url=site, kind="x").status_code == 400


def test_what_is_looked_for_in_any_spelling_comes_after_the_page(
    app: App, browser: Browser
) -> None:
    fill(app.storage)
    page = browser.get("/search?query=strike&match=all").text
    assert "port of Kiel" not in page
    assert "/search/hits?query=strike" in page
    assert "port of Kiel" in browser.get("/search/hits?query=strike&match=all").text
    assert "port of Kiel" in browser.get("/search?query=strike&match=all&whole=yes").text
