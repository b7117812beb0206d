"""Front and section pages without a feed: the links that lead to articles."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ingester.discovery.inspect import inspect
from ingester.entry import Listing
from ingester.fetch.ports import Fetched, NotModified
from ingester.pages.kind import PageKind, read_listing
from ingester.pages.lists.addresses import is_address_of_article
from ingester.pages.lists.listing import SelectorProblemError
from storage.model import Source
from tests.builders import NOON, a_source

URL = "https://news.example/world/"
MENU = """<header><nav><ul class="menu"><li><a href="/world">World news and more of it</a></li>
<li><a href="/sport">Sport</a></li></ul></nav></header>"""
FOOTER = """<footer><a href="/about">About the people who write all this for you</a>
<a href="https://ads.example/buy-this-now-and-save-1">Buy this now and save a lot</a></footer>"""


def boxes(*articles: tuple[str, str]) -> str:
    """Articles as many sites show them: picture, heading, teaser, section."""
    return "".join(
        f'<article class="item"><div class="thumb"><a href="{url}"><img alt=""></a></div>'
        f'<h3 class="item-title"><a href="{url}">{title}</a></h3><div class="teaser">'
        f'<a href="{url}">{title}: what happened next is told here in a few more words</a></div>'
        f'<a class="tag" href="/world">World</a><a href="{url}#comments">12</a></article>'
        for url, title in articles
    )


def plain(*articles: tuple[str, str]) -> str:
    """Articles as a page of nothing but tables shows them."""
    return "".join(f'<tr><td><a href="{url}">{title}</a></td></tr>' for url, title in articles)


def page(inner: str, head: str = "") -> bytes:
    return (
        f'<html lang="en"><head><title>World | News</title>{head}</head>'
        f"<body>{MENU}<main>{inner}</main>{FOOTER}</body></html>"
    ).encode()


ARTICLES = [
    ("/2026/11/24/dam-breaks-above-the-town-1001.html", "Dam breaks above the town"),
    ("/2026/11/24/rail-strike-ends-after-six-days-1002.html", "Rail strike ends after six days"),
    ("/2026/11/23/minister-resigns-1003.html", "Minister resigns"),
    ("/2026/11/23/new-bridge-over-the-river-opens-1004.html", "New bridge over the river opens"),
    ("/2026/11/22/bird-flu-found-on-three-farms-1005.html", "Bird flu found on three farms"),
]
VIETNAMESE = [
    (f"/thoi-su/vo-dap-lon-{number}.htm", f"Vỡ đập lớn, {number} người phải sơ tán trong đêm")
    for number in range(20261124001, 20261124007)
]
JAPANESE = [
    (f"/articles/{number}", f"台風{number}号が東京に接近、交通機関に影響")
    for number in range(50001, 50006)
]


def found(body: bytes, **options: str) -> Listing:
    listing = read_listing(body, url=URL, **options)
    assert listing is not None
    return listing


@pytest.mark.parametrize("articles", [ARTICLES, VIETNAMESE, JAPANESE])
@pytest.mark.parametrize("shown", [boxes, plain])
def test_articles_are_found_without_a_selector(
    articles: list[tuple[str, str]], shown: object
) -> None:
    listing = found(page(shown(*articles)))  # type: ignore[operator]
    assert [(entry.url, entry.title) for entry in listing.entries] == [
        (f"https://news.example{url}", title) for url, title in articles
    ]
    assert (listing.title, listing.language) == ("World | News", "en")


TEASER = "What happened next is told here in a few more words."
SHAPES = {
    "whole card": '<a class="card" href="{0}"><img><div>{1}</div><div>{2}</div></a>',
    "kicker": '<a href="{0}"><span>World</span><h4>World</h4><h3>{1}</h3></a>',
    "time in the link": "<li><a href='{0}'><span>18:30</span> {1}</a></li>",
    "data": '<div class="card" data-href="{0}"><h3>{1}</h3></div>',
    "program": "<div class='card' onclick=\"location.href='{0}'\"><h3>{1}</h3></div>",
    "more": '<div><span>20/11/2026</span><div>{1}</div><a href="{0}">Read more</a></div>',
    "more of two": '<td><b><a href="{0}">{1}</a></b><br>Teaser. <a href="{0}">More</a></td>',
    "picture": '<div><a href="{0}"><img src="a.jpg" alt="{1}"></a></div>',
}
LONG = [(url, f"{title} in the end") for url, title in ARTICLES]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_the_headline_is_found_wherever_in_a_box_the_link_stands(shape: str) -> None:
    listing = found(page("".join(shape.format(*each, TEASER) for each in LONG)))
    titles = [entry.title for entry in listing.entries]
    assert titles == [title for _, title in LONG]
    assert [entry.url for entry in listing.entries] == [f"https://news.example{u}" for u, _ in LONG]
    assert TEASER not in shape.format("", "", TEASER) or listing.entries[0].summary == TEASER


@pytest.mark.parametrize("shape", [plain, boxes])
def test_wherever_a_page_stops_no_headline_is_half_of_one(shape: Callable[..., str]) -> None:
    body = page(shape(*ARTICLES))
    titles = {title for _, title in ARTICLES}
    for end in range(body.index(b"<main>"), body.index(b"<footer>")):
        listing = read_listing(body[:end], url=URL)
        assert {entry.title for entry in (listing.entries if listing else ())} <= titles, body[:end]


def test_links_are_relative_to_what_the_page_says() -> None:
    body = page(boxes(*[(url[1:], title) for url, title in ARTICLES]), '<base href="/en/">')
    assert found(body).entries[0].url == f"https://news.example/en{ARTICLES[0][0]}"


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{"props": {"stories": %s}}</script>',
        '<script type="application/ld+json">{"itemListElement": %s}</script>',
        "<script>window.__STATE__ = %s; start();</script>",
    ],
)
def test_a_page_that_a_program_draws_is_read_from_its_data(script: str) -> None:
    picture = {"url": "https://news.example/a.jpg", "name": "A picture of the dam and the town"}
    stories = [
        {"headline": title, "url": url, "image": picture, "summary": TEASER} for url, title in LONG
    ]
    listing = found(page('<div id="root"></div>' + script % json.dumps(stories)))
    assert [(entry.url, entry.title, entry.summary) for entry in listing.entries] == [
        (f"https://news.example{url}", title, TEASER) for url, title in LONG
    ]


NOTICES = (
    "Berth four closed for dredging",
    "Tender for two pilot boats opened",
    "New tariff for small craft published",
    "Minutes of the harbour council available",
    "Winter opening hours of the office",
    "Works on the northern breakwater begin",
)
LISTS = {
    "dated lines": '<li><span>0{0}.11.2026</span> <a href="/press/show.php?id={0}">{1}</a></li>',
    "table": '<tr><td>2026-11-0{0}</td><td><a href="notices/{0}.html">{1}</a></td></tr>',
    "paragraphs": '<p><a href="/press/{0}"><b>{1}</b></a><br>Read by all skippers.</p>',
}
PROSE = "<p>" + "The council met for hours and nobody left before the vote was taken. " * 3 + "</p>"


@pytest.mark.parametrize("line", LISTS.values(), ids=list(LISTS))
def test_lines_of_one_form_are_a_list_where_neither_boxes_nor_addresses_tell_it(line: str) -> None:
    lines = "".join(line.format(number, title) for number, title in enumerate(NOTICES, start=1))
    lines = f"<table>{lines}</table>" if line.startswith("<tr>") else lines
    listing = found(page(f'<ul><li><a href="/a">Start</a></ul>{lines}<a href="/p?2">Next page</a>'))
    assert [entry.title for entry in listing.entries] == list(NOTICES)
    told = page(f"<h1>The vote</h1>{PROSE * 6}{lines}")
    assert read_listing(told, url="https://news.example/council/vote") is None


def test_topics_in_headings_are_no_articles() -> None:
    topics = "".join(
        f'<div><h4><a href="/topic/climate-and-policy-{word}">Climate policy {word}</a></h4></div>'
        for word in ("here", "there", "tomorrow")
    )
    assert found(page(topics + boxes(*ARTICLES))).links == len(ARTICLES)


def test_a_teaser_is_the_summary_and_a_short_headline_is_one_among_headlines() -> None:
    entries = found(page(boxes(*ARTICLES))).entries
    assert entries[2].title == "Minister resigns"
    assert entries[0].summary.startswith(": what happened next")


def test_an_article_is_no_list_however_many_others_it_links() -> None:
    body = page("<h1>Dam breaks</h1><p>Water.</p>" + boxes(*ARTICLES))
    address = "https://news.example/2026/11/24/dam-breaks-above-the-town-1001.html"
    assert read_listing(body, url=address) is None
    told = '<meta property="og:type" content="article">'
    assert read_listing(page(boxes(*ARTICLES), told), url=URL) is None
    assert read_listing(page(boxes(*ARTICLES), told), url="https://news.example/") is not None
    assert is_address_of_article(address)
    assert not is_address_of_article("https://news.example/world/asia")


@pytest.mark.parametrize(
    "body",
    [
        page("<p>Words of a page that lists nothing at all.</p>"),
        page(boxes(*ARTICLES[:2])),
        b"",
        b"<html></html>",
        page("".join(f'<a href="/tag/{n}">tag {n}</a>' for n in range(50))),
    ],
)
def test_what_lists_nothing_is_no_list(body: bytes) -> None:
    assert read_listing(body, url=URL) is None


def test_its_owner_may_say_where_the_links_are() -> None:
    body = page('<div id="a"><a href="/1">One</a><a href="/2">Two</a></div>' + boxes(*ARTICLES))
    assert [entry.url for entry in found(body, selector="#a").entries] == [
        "https://news.example/1",
        "https://news.example/2",
    ]
    assert [entry.title for entry in found(body, selector="#a a:first-child").entries] == ["One"]
    assert found(body, selector=".missing").entries == ()
    with pytest.raises(SelectorProblemError, match="no CSS selector"):
        read_listing(body, url=URL, selector="a[")


def test_a_list_page_is_inspected_as_one() -> None:
    shown = inspect(page(boxes(*ARTICLES)), url=URL)
    assert shown["kind"] == "page"
    assert [entry["title"] for entry in shown["entries"]] == [title for _, title in ARTICLES]


def test_a_list_that_a_program_draws_is_inspected_as_one() -> None:
    stories = json.dumps([{"headline": title, "url": url} for url, title in LONG])
    script = f'<script type="application/json">{stories}</script>'
    shown = inspect(f"<html><body>{script}</body></html>".encode(), url=URL)
    assert [entry["title"] for entry in shown["entries"]] == [title for _, title in LONG]
    assert (shown["kind"], shown["article"], shown["problem"]) == ("page", None, None)


def test_an_address_whose_fragment_names_a_page_is_one() -> None:
    routed = [(f"#!{path}", title) for path, title in ARTICLES]
    menu = '<nav><a href="#!/">Start</a><a href="#top">Up</a></nav>'
    listing = read_listing(page(menu + boxes(*routed)), url=URL)
    assert listing is not None
    assert [entry.url for entry in listing.entries] == [f"{URL}#!{path}" for path, _ in ARTICLES]


class Site:
    """One page that changes."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def get(self, url: str, **_: object) -> Fetched | NotModified:
        return Fetched(
            url=url, status=200, content_type="text/html", charset="utf-8", body=self.body
        )


def test_a_list_that_loses_its_links_says_so_and_comes_back() -> None:
    site = Site(page(boxes(*ARTICLES)))
    kind = PageKind(site, lambda: NOON)  # type: ignore[arg-type]
    source = a_source(kind="page", url=URL)
    first = kind.poll(source, dict)
    assert len(first.entries) == 5

    def again(source: Source, validators: object) -> Source:
        return a_source(kind="page", url=URL, validators=validators, options=source.options)

    source = again(source, first.validators)
    same = kind.poll(source, dict)
    assert same.unchanged
    site.body = page("<p>We are being rebuilt.</p>")
    empty = kind.poll(again(source, same.validators), dict)
    assert empty.entries == ()
    assert "0 articles (was 5)" in empty.notices[0]
    site.body = page(boxes(*ARTICLES[1:]))
    back = kind.poll(again(source, empty.validators), dict)
    assert (len(back.entries), back.notices) == (4, ())


def test_only_the_first_list_of_what_was_an_article_is_read_anew() -> None:
    article = page("<h1>We are moving</h1><p>" + "Our news moves to a new system soon. " * 9)
    site = Site(article)
    kind = PageKind(site, lambda: NOON)  # type: ignore[arg-type]
    validators: dict[str, str] = {}
    anew = []
    for body in (article, page(boxes(*ARTICLES)), page(boxes(*ARTICLES[1:])), article):
        site.body = body
        done = bool(validators)
        source = a_source(kind="page", url=URL, validators=validators, baseline_done=done)
        polled = kind.poll(source, dict)
        assert any("read as one article before" in text for text in polled.notices) == polled.anew
        validators = dict(polled.validators)
        anew.append((len(polled.entries), polled.anew))
    assert anew == [(1, False), (5, True), (4, False), (0, False)]
    site.body = page(boxes(*ARTICLES))
    assert not kind.poll(a_source(kind="page", url=URL), dict).anew


def test_the_owners_selector_is_used_at_each_poll() -> None:
    site = Site(page('<div id="a"><a href="/1">One</a></div>' + boxes(*ARTICLES)))
    kind = PageKind(site, lambda: datetime(2026, 11, 24, tzinfo=UTC))  # type: ignore[arg-type]
    polled = kind.poll(a_source(kind="page", url=URL, options={"selector": "#a a"}), dict)
    assert [entry.title for entry in polled.entries] == ["One"]
    polled = kind.poll(a_source(kind="page", url=URL, options={"selector": "#b a"}), dict)
    assert "the selector finds 0 articles" in polled.notices[0]


def test_a_page_that_has_not_changed_is_read_again_with_another_selector() -> None:
    site = Site(b"<div id=a><a href=/1>One</a></div><div id=b><a href=/2>Two</a></div>")
    kind = PageKind(site, lambda: NOON)  # type: ignore[arg-type]
    validators: dict[str, str] = {}
    polls = []
    for selector in ("#a a", "#a a", "#a a", "#b a", "#b a"):
        source = a_source(kind="page", options={"selector": selector}, validators=validators)
        polled = kind.poll(source, dict)
        validators = dict(polled.validators)
        polls.append([entry.title for entry in polled.entries])
    assert polls == [["One"], [], [], ["Two"], []]
