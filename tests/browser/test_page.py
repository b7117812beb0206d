"""What people do with the page: each of these was a sentence that somebody could have said."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from monitor.app import App
from monitor.base import clock
from monitor.web.site import PAGES
from storage.model import Alert, Article, DeliveryState, stable_id
from storage.silence import Silence
from tests.answers import reply
from tests.builders import (
    a_channel,
    a_delivery,
    a_rule,
    a_source,
    an_alert,
    an_article,
    given,
)
from tests.servers import FaultServer
from tests.stored import dead_delivery, fill, source_of, telling

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Kiel Courier</title>
<link>https://kiel.example/</link><item><title>Ferry late</title><link>https://kiel.example/1</link>
</item></channel></rss>"""

HOSTILE = (
    '<script>window.pwned = 1</script><img src=x onerror="window.pwned = 1">'
    '<style>body { display: none }</style><a href="javascript:window.pwned=1">x</a>'
    '"><svg onload=window.pwned=1>'
)

PLAIN_PAGES = [path for path in PAGES if "{" not in path]


def pages_of(app: App, alert: Alert) -> list[str]:
    """Return every page that shows something, and those that show an alert and what it is of."""
    telling(app.storage, alert)
    return [
        *PLAIN_PAGES,
        f"/alerts/{alert.id}",
        f"/stories/{alert.story_id}",
        f"/articles/{alert.article_id}?rule=strike",
        f"/rules/{alert.rule_id}",
        f"/sources/{source_of().id}",
        "/channels/console",
        f"/deliveries/{dead_delivery(app.storage)}",
        "/search?query=strike",
        "/report?rule=strike",
    ]


def test_a_site_is_followed_by_pasting_its_address(page: Page, app: App) -> None:
    with FaultServer() as server:
        server.on("/feed.xml", reply(FEED, content_type="application/rss+xml"))
        page.goto("/")
        page.get_by_role("link", name="Add a source").click()
        page.get_by_placeholder("Paste the address").fill(
            f"http://127.0.0.1:{server.port}/feed.xml"
        )
        page.get_by_role("button", name="Follow").click()
        expect(page.get_by_role("status")).to_contain_text("Following “Kiel Courier”")
    with app.storage.reading() as tx:
        assert [source.name for source in tx.sources.all()] == ["Kiel Courier"]


def test_what_is_refused_is_said_beside_what_was_written(page: Page, app: App) -> None:
    page.goto("/rules/new")
    page.get_by_label("What to find").fill('port AND ("open')
    page.get_by_role("button", name="Add the rule").click()
    expect(page.locator("form > .refused")).to_contain_text("quote")
    expect(page.get_by_label("What to find")).to_have_value('port AND ("open')
    page.get_by_label("What to find").fill('port AND "open"')
    page.get_by_role("button", name="Add the rule").click()
    expect(page.get_by_role("status").first).to_contain_text("is saved")


def test_what_is_refused_takes_no_room_of_the_field_that_it_is_about(page: Page, app: App) -> None:
    page.goto("/sources")
    box = page.get_by_label("Address")
    box.fill("mailto:nobody")
    before = box.bounding_box()
    page.get_by_role("button", name="Follow").click()
    expect(page.locator("form > .refused")).to_be_visible()
    after = box.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] == pytest.approx(before["width"], abs=1)


def test_a_rule_shows_what_it_would_find_while_it_is_typed(page: Page, app: App) -> None:
    fill(app.storage, at=clock.now() - timedelta(hours=1))
    page.goto("/rules/new")
    box = page.get_by_label("What to find")
    box.fill('port AND "strike')
    expect(page.locator("#preview [role=alert]")).to_be_visible()
    box.fill("port AND strike")
    expect(page.locator("#preview")).to_contain_text("1 article in 1 story")
    expect(page.locator("#preview")).to_contain_text("Strike at the port of Kiel")
    page.get_by_role("textbox", name="Name").fill("Ports")
    page.get_by_role("button", name="Add the rule").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ports")


def test_a_new_alert_is_told_without_moving_what_one_reads(page: Page, app: App) -> None:
    fill(app.storage, at=clock.now() - timedelta(minutes=5))
    page.goto("/")
    expect(page.locator(".story")).to_have_count(1)
    fill(app.storage, title="A second strike in Rostock", at=clock.now())
    pill = page.get_by_role("button", name="1 new")
    expect(pill).to_be_visible()
    expect(page.get_by_role("status").filter(has=pill)).to_be_visible()  # is read out, too
    expect(page.locator(".story")).to_have_count(1)
    pill.click()
    expect(page.locator(".story")).to_have_count(2)
    expect(page.locator(".story.unread")).to_have_count(1)


def test_a_dead_delivery_is_tried_again_by_a_click(page: Page, app: App) -> None:
    fill(app.storage, at=clock.now())
    id_ = dead_delivery(app.storage)
    page.goto("/channels")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status")).to_contain_text("goes out again")
    with app.storage.reading() as tx:
        delivery = tx.outbox.get(id_)
    assert delivery is not None
    assert delivery.state is DeliveryState.PENDING


@pytest.mark.parametrize(
    ("query", "language", "title", "marked"),
    [
        ("Hafenstreik", "de", "Der Hafenstreik in Kiel dauert an", "Hafenstreik"),
        ("забастовка", "ru", "В порту началась забастовка", "забастовка"),
        ("罢工", "zh", "港口工人开始罢工", "罢工"),
        ("إضراب", "ar", "إضراب في الميناء", "إضراب"),
    ],
)
def test_search_in_four_scripts(
    page: Page, app: App, query: str, language: str, title: str, marked: str
) -> None:
    source = source_of()
    article = Article(
        id=stable_id("article", title),
        source_id=source.id,
        story_id=stable_id("article", title),
        url="https://example.com/x",
        title=title,
        text=title,
        language=language,
        first_seen_at=clock.now(),
    )
    with app.storage.transaction() as tx:
        tx.sources.add(source)
        tx.articles.add([(article, ())], now=clock.now())
    page.goto("/search")
    page.get_by_role("searchbox").fill(query)
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".story h3 mark")).to_have_text(marked)
    wanted = "rtl" if language == "ar" else "ltr"
    expect(page.locator(".story h3")).to_have_attribute("dir", wanted)


def test_all_by_keyboard(page: Page, app: App) -> None:
    fill(app.storage, at=clock.now() - timedelta(minutes=9))
    fill(app.storage, title="Another strike in Gdansk", at=clock.now())
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".story").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gdansk")
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rules")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_story_is_muted_by_a_key(page: Page, app: App) -> None:
    alert = fill(app.storage, at=clock.now())
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("m")
    # Beside the story, or above all where the script came later than the key.
    expect(page.get_by_role("status").filter(has_text="Muted for 1 day")).to_be_visible()
    with app.storage.reading() as tx:
        assert [silence.story_id for silence in tx.silences.all(now=clock.now())] == [
            alert.story_id
        ]


def test_an_alert_is_called_noise_by_a_key_without_moving_what_one_reads(
    page: Page, app: App
) -> None:
    for number in range(12):
        fill(app.storage, title=f"Strike {number} in Kiel", at=clock.now())
    page.emulate_media(reduced_motion="reduce")  # so that it is where it goes to at once
    page.goto("/")
    for _ in range(9):
        page.keyboard.press("j")
    page.wait_for_function("window.scrollY > 0")
    before = page.evaluate("window.scrollY")
    page.keyboard.press("n")
    expect(page.get_by_role("status").filter(has_text="Noted: noise.")).to_be_visible()
    assert page.evaluate("window.scrollY") == before
    assert page.url.endswith("/")


def test_what_a_key_said_of_an_alert_another_takes_back(page: Page, app: App) -> None:
    fill(app.storage, at=clock.now())
    page.goto("/")
    outcome = page.locator(".outcome")
    for key, said, taken_back in (
        ("n", "Noted: noise.", "Taken back."),
        ("m", "Muted for 1 day", "Muted no longer."),
    ):
        page.keyboard.press("j")
        page.keyboard.press(key)
        expect(outcome).to_contain_text(said)
        page.keyboard.press("z")
        expect(outcome).to_have_text(taken_back)
        # The button is gone, and the next key still means this story.
        expect(page.locator(".story")).to_be_focused()
    with app.storage.reading() as tx:
        assert not tx.silences.all(now=clock.now())


def test_a_filter_counts_as_it_is_chosen(page: Page, app: App) -> None:
    fill(app.storage, at=clock.now())
    fill(app.storage, title="Streik in Kiel", language="de", at=clock.now())
    page.goto("/")
    page.get_by_label("Language").select_option("German")
    expect(page.locator(".story")).to_have_count(1)
    assert "language=de" in page.url
    page.get_by_label("Rule").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Rule")).to_have_value("strike")
    assert "rule=strike" not in page.url, "a step through a list by key is no choice yet"
    page.get_by_role("button", name="Show").press("Enter")
    page.wait_for_url("**rule=strike**")


def test_days_are_looked_at_closer_by_drawing_across_them(page: Page, app: App) -> None:
    for days in range(9):
        fill(app.storage, title=f"Strike {days}", at=clock.now() - timedelta(days=days))
    page.goto("/overview")
    over = page.locator(".u-over")
    box = over.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.98, box["y"] + 60, steps=4)
    page.mouse.up()
    page.wait_for_url("**/overview?*from=*")
    expect(page.get_by_title("Show all again")).to_have_count(2)


def test_the_last_day_of_the_chart_is_named_as_the_monitor_calls_it(
    chromium: Browser, site: str, app: App
) -> None:
    fill(app.storage, at=clock.now())
    page = chromium.new_page(base_url=site, timezone_id="Pacific/Niue")
    page.add_init_script(_KEEPS_WHAT_IS_WRITTEN)
    page.goto("/overview?days=30")
    expect(page.locator("#chart canvas")).to_be_visible()
    today = clock.now()
    assert f"{today.day} {today:%b}" in page.evaluate("window.written")
    page.context.close()


def test_the_chart_says_a_colon_only_before_what_it_tells(page: Page, app: App) -> None:
    fill(app.storage, at=clock.now())
    page.goto("/overview?days=30")
    colons = (
        "names => names.map(name => getComputedStyle(name, '::after').content"
        " + getComputedStyle(name.nextSibling, '::before').content)"
    )
    legend = page.locator("#chart .u-legend th")
    expect(legend).not_to_have_count(0)
    assert all(":" not in said for said in legend.evaluate_all(colons))
    page.locator("#chart .u-over").hover()
    expect(page.locator("#chart .u-value").first).not_to_be_empty()
    assert all('": "' in said for said in legend.evaluate_all(colons))


_KEEPS_WHAT_IS_WRITTEN = """
window.written = [];
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
  window.written.push(text);
  return write.call(this, text, ...place);
};
"""


def test_a_menu_that_is_wider_than_a_phone_leads_on_with_arrows(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    left, right = page.locator("[data-go='-1']"), page.locator("[data-go='1']")
    expect(left).to_be_hidden()
    for _ in range(4):
        if right.is_visible():
            right.click()
            page.wait_for_timeout(600)
    expect(right).to_be_hidden()
    expect(left).to_be_visible()
    expect(page.get_by_role("link", name="About")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 844})
    expect(left).to_be_hidden()


def test_a_file_of_feeds_is_imported(page: Page, app: App, tmp_path: Path) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(
        '<opml version="2.0"><body><outline text="One" xmlUrl="https://one.example/f"/>'
        "</body></opml>"
    )
    page.goto("/sources")
    page.get_by_text("A list of feeds (OPML)").click()
    page.get_by_label("A file").set_input_files(file)
    expect(page.get_by_label("Its text")).to_have_value(re.compile("one.example"))
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("status")).to_contain_text("Following 1 more source.")
    expect(page.get_by_role("progressbar")).to_be_visible()


def test_a_rule_is_tried_on_a_text_that_is_pasted(page: Page, app: App) -> None:
    page.goto("/rules/new?query=strike")
    page.get_by_text("Try it on a text").click()
    page.get_by_label("A headline or a whole text").fill("The strikes go on.")
    expect(page.locator("#tried mark")).to_have_text("strikes")


def test_a_hostile_article_does_nothing_anywhere(page: Page, app: App) -> None:
    alert = fill(app.storage, title=HOSTILE, text=f"A strike. {HOSTILE}", at=clock.now())
    for path in pages_of(app, alert):
        page.goto(path)
        assert page.evaluate("window.pwned") is None, path
        expect(page.locator("main")).to_be_visible()
        assert page.locator("main script, main style, main [onerror], main [onload]").count() == 0


@pytest.mark.parametrize("width", [360, 390, 768, 2560])
def test_no_page_is_wider_than_its_window(
    chromium: Browser, site: str, app: App, width: int
) -> None:
    alert = fill(app.storage, title="Strike " * 30 + "w" * 200, at=clock.now())
    rule = a_rule("ferry", name="What the office of the ministry wants to hear about " * 2)
    desk = a_channel("desk", kind="email")
    given(app.storage, rule, an_alert(rule, an_article(), raised_at=clock.now()))
    late = timedelta(days=1) - timedelta(minutes=1)
    trouble = a_source("Berlingske", failures=29, last_error="timed out", next_poll_at=clock.now())
    given(app.storage, replace(trouble, last_ok_at=clock.now() - late, tags=("government",)))
    address = "ann.lindqvist@department.example.org"
    owed = a_delivery(alert, desk, recipient=address)
    why = (
        f"550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table"
    )
    dead = replace(owed, id="msg_dead", state=DeliveryState.DEAD, last_error=why)
    paths = [*pages_of(app, alert), f"/channels/{desk.id}"]
    given(app.storage, desk, owed, dead)
    context = chromium.new_context(base_url=site, viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in paths:
        page.goto(path)
        if path == "/overview":
            expect(page.locator(".u-legend")).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, (path, wide)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out(chromium: Browser, site: str, app: App, scheme: str) -> None:
    alert = fill(app.storage, at=clock.now())
    context = chromium.new_context(base_url=site, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    found = {}
    for path in pages_of(app, alert):
        page.goto(path)
        page.wait_for_load_state("networkidle" if "/rules/" in path else "load")
        violations = [
            (violation["id"], [node["html"][:200] for node in violation["nodes"]][:3])
            for violation in Axe().run(page).response["violations"]
        ]
        if violations:
            found[path] = violations
    context.close()
    assert found == {}


def test_what_filters_are_called_stands_in_one_line(page: Page, app: App) -> None:
    fill(app.storage, at=clock.now())
    for path in ("/sources", "/rules", "/search?query=strike", "/"):
        page.goto(path)
        tops = page.locator(".filters:not(:has(.main)) label").evaluate_all(
            "labels => [...new Set(labels.map(label => label.getBoundingClientRect().top))]"
        )
        assert len(tops) <= 1, (path, tops)


def test_what_is_seldom_done_with_a_story_is_folded_away_and_has_its_key(
    page: Page, app: App
) -> None:
    fill(app.storage, at=clock.now())
    page.goto("/")
    expect(page.get_by_role("button", name="Noise")).to_be_visible()
    expect(page.get_by_text("Silence…")).to_be_hidden()
    page.get_by_text("More").click()
    expect(page.get_by_text("Silence…")).to_be_visible()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.wait_for_url("**/silences?**")


def test_wrong_words_are_asked_about_and_told_on_a_page(page: Page, app: App) -> None:
    text = "The dockers went on striking."
    alert = fill(app.storage, title="Dockers", text=text, at=clock.now())
    page.goto("/")
    asked: list[str] = []
    page.once("dialog", lambda dialog: asked.append(dialog.message) or dialog.dismiss())
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert asked
    assert page.url.endswith("/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("x")
    page.wait_for_url(f"**/alerts/{alert.id}")
    expect(page.get_by_role("status").first).to_contain_text("Rejected: striking.")


def test_an_alert_is_rated_and_its_story_muted_without_scripts(
    chromium: Browser, site: str, app: App
) -> None:
    alert = fill(app.storage, at=clock.now())
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/?days=30")
    page.get_by_role("button", name="Noise").click()
    expect(page.get_by_text("Noted: noise.")).to_be_visible()
    assert page.url.endswith(f"/?days=30#{alert.id}")
    page.goto(f"/alerts/{alert.id}")
    page.get_by_role("button", name="Mute for a day").click()
    expect(page.get_by_text("Muted for 1 day")).to_be_visible()
    context.close()


def test_on_paper_there_is_what_one_reads_and_nothing_to_press(page: Page, app: App) -> None:
    alert = fill(app.storage, at=clock.now())
    page.emulate_media(media="print")
    for path in ("/", f"/alerts/{alert.id}", "/sources", "/channels", "/deliveries", "/silences"):
        page.goto(path)
        expect(page.locator("main")).to_be_visible()
        for pressed in page.locator("button, .acts, nav").all():
            expect(pressed).to_be_hidden()
    page.goto("/")
    marked = page.locator("mark").first
    expect(marked).to_have_css("text-decoration-line", "underline")  # backgrounds are not printed


@pytest.mark.parametrize("path", ["/rules", "/sources", "/channels", "/silences", "/deliveries"])
def test_who_hears_buttons_one_by_one_hears_what_each_is_for(
    page: Page, app: App, path: str
) -> None:
    lines, today = ("north", "south"), clock.now()
    tomorrow = today + timedelta(days=1)
    for line in lines:
        alert = fill(app.storage, title=f"Strike on the {line} line", at=today)
        given(
            app.storage,
            a_source(line),
            replace(a_rule(line, id=stable_id("rule", line)), name=line),
            a_channel(line),
            a_delivery(alert, id=f"msg_{line}", channel_id=a_channel(line).id),
        )
        with app.storage.transaction() as tx:
            tx.silences.add(
                Silence(id=line, reason="known", created_at=today, until=tomorrow, query=line)
            )
    page.goto(path)
    acts = (
        page.locator("td.acts")
        .get_by_role("button")
        .or_(page.locator("td.acts").get_by_role("link"))
    )
    names = [act.evaluate("act => [act.innerText, act.ariaLabel]") for act in acts.all()]
    assert len(names) >= len(lines)
    assert all(name.startswith(f"{shown}: ") for shown, name in names), names
    assert len({name for _, name in names}) == len(names), names
    for line in lines:
        expect(page.get_by_role("main").get_by_role("button", name=line).first).to_be_visible()


def test_who_hears_what_may_be_said_of_alerts_hears_of_which(page: Page, app: App) -> None:
    titles = ("Strike on the north line", 'Ferry "Oslo" & crew strike')
    for hours, title in enumerate(titles):
        fill(app.storage, title=title, at=clock.now() - timedelta(hours=hours))
    page.goto("/")
    for label in ("Useful", "Noise", "Mute for a day"):
        for title in titles:
            button = page.get_by_role("button", name=f"{label}: {title}", exact=True)
            expect(button).to_have_text(label)
    page.get_by_text("More", exact=True).first.click()
    name = f"Wrong words: {titles[-1]}"
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()


def test_reading_needs_no_scripts(chromium: Browser, site: str, app: App) -> None:
    fill(app.storage, at=clock.now())
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    expect(page.locator(".story h3")).to_have_text("Strike at the port of Kiel")
    page.get_by_label("Rule").select_option("strike")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".story h3")).to_have_text("Strike at the port of Kiel")
    context.close()
