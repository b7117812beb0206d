"""What sites show instead of an article, with status 200, and articles that only sound so."""

import pytest

from ingester.discovery.inspect import inspect
from ingester.entry import Entry, ParseError
from ingester.fetch.ports import Fetched, NotModified
from ingester.pages.fulltext import FullText
from ingester.pages.instead import check_article, looks_of
from ingester.pages.kind import PageKind, _tree, read_page
from ingester.pages.metadata import PageFacts
from ingester.pages.refusals import REFUSALS, InsteadOfPageError
from tests.builders import NOON, a_source
from tests.growth import grows_no_faster_than_its_input

HERE = "https://harbour.example/2026/ferry-sails"
MENU = '<nav><a href="/">Start</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>'
READ = "".join(
    f'<li><a href="/2026/{number}">{title}</a></li>'
    for number, title in enumerate(
        ("Ferry to the islands sails again", "Bakers ask for cheaper flour", "Museum reopens")
    )
)


def page(title: str, body: str, *, head: str = "") -> bytes:
    whole = f"<title>{title}</title>{head}</head><body>{MENU}{body}<footer>© Harbour</footer>"
    return f"<html><head><meta charset=utf-8>{whole}</body></html>".encode()


def kind_of(body: bytes) -> str:
    """Return what is shown instead of an article, or "" where there is one."""
    try:
        read_page(body, url=HERE, content_type="text/html; charset=utf-8", now=NOON)
    except ParseError as error:
        return error.kind
    return ""


@pytest.mark.parametrize(
    ("kind", "title", "body"),
    [
        ("missing", "Harbour", "<h1>Sorry, we cannot find the page</h1><p>Was it moved?</p>"),
        ("missing", "404", "<h2>Ooops</h2><p>Nobody is here but us gulls.</p>"),
        ("missing", "Page not found | Harbour", f"<h1>Hm</h1><ul>{READ}</ul>"),
        ("missing", "Hafen", "<p>Die gewünschte Seite wurde verschoben oder gelöscht.</p>"),
        ("missing", "Le Port", "<h1>Oh non, la page demandée s'est envolée</h1>"),
        ("missing", "Báo", "<h1>Trang này không tồn tại</h1><p>Về trang chủ</p>"),
        ("missing", "港", "<h1>404</h1><p>您要访问的页面已经不在这里。</p>"),
        ("missing", "ميناء", "<p>عذرا، لم نتمكن من العثور على الصفحة التي طلبتها.</p>"),
        ("robot", "Just a moment...", "<p>harbour.example</p>"),
        ("robot", "harbour.example", "<p>Please complete the security check to go on.</p>"),
        ("robot", "Порт", "<h1>Подтвердите, что вы не робот</h1><form></form>"),
        ("robot", "", "<script>window._cf_chl_opt={cType:'managed'}</script>"),
        (
            "consent",
            "Harbour",
            "<h1>Your choice</h1><p>We and our partners store and access information on a device. "
            "You may withdraw your consent at any time.</p><button>Accept all</button>",
        ),
        ("login", "Sign in - Harbour", "<form><input type=password></form><p>E-mail</p>"),
        ("pay", "Harbour", "<p>You have reached your limit of free articles.</p>"),
        ("age", "Wine", "<h1>Please confirm your age</h1><p>Year of birth</p>"),
        ("region", "Film", "<p>Sorry, this film is not available in your country.</p>"),
        ("script", "Harbour", "<p>JavaScript is disabled in your browser.</p>"),
        ("down", "503 Service Unavailable", "<p>nginx</p>"),
        ("down", "Maintenance", "<p>Back at noon.</p>"),
        ("parked", "harbour.example", "<p>The domain has expired.</p>"),
    ],
)
def test_what_stands_there_instead_of_an_article_is_none(kind: str, title: str, body: str) -> None:
    assert kind_of(page(title, body)) == kind


STORY = "<p>The harbour office said so on Monday, after a meeting that went on for nine hours.</p>"
LONGER = f"{STORY}<p>It moves to the old customs house in May, where there is room for all.</p>"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Page not found: a novel without an end wins the prize", STORY),
        ("Access denied, 1968: how a town kept strangers out", STORY),
        ("Are you a robot? What the new test asks of travellers", STORY),
        ("We use cookies, they said, and meant flour", STORY),
        ("Maintenance of the northern lock begins", STORY),
        ("Harbour office moves", "<p>Callers heard that the page could not be found.</p>" + LONGER),
        ("Nicht gefunden: Taucher geben Suche auf", STORY),
        ("Không tìm thấy trang sức trong nhà nạn nhân", STORY),
        ("Flash", "<p>Ferry sails again.</p>"),
        ("Ferry sails again", "<p>Ferry sails again</p>"),
        ("Today's picture", '<img src="/gull.jpg" alt="A gull">'),
        ("Ferry sails", f"<div><p>We use cookies.</p><button>Accept all</button></div>{STORY * 5}"),
        ("Ferry sails", f"{STORY}<p>Already a subscriber? Log in to continue.</p>"),
    ],
)
def test_an_article_that_only_sounds_so_is_one(title: str, body: str) -> None:
    assert kind_of(page(f"{title} | Harbour", f"<article><h1>{title}</h1>{body}</article>")) == ""


def test_what_says_when_it_was_published_is_an_article_whatever_it_is_called() -> None:
    dated = '<meta property="article:published_time" content="2026-03-01T09:00:00Z">'
    assert kind_of(page("Not found", "<h1>Page not found</h1>" + STORY, head=dated)) == ""
    assert kind_of(page("Not found", "<h1>Page not found</h1>" + STORY)) == "missing"


def test_the_call_to_subscribe_under_the_free_part_is_not_its_text() -> None:
    body = f"<article><h1>Ferry sails</h1>{STORY * 3}<p>Already a subscriber? Log in.</p></article>"
    assert "subscriber" not in read_page(page("Ferry sails", body), url=HERE).text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("0; url=/2026/ferry-sails-again", "redirect"),
        ("3;URL='https://harbour.example/new'", "redirect"),
        (f"0; url={HERE}", ""),
        ("300", ""),
        ("600; url=/", ""),
    ],
)
def test_a_page_that_sends_its_reader_on_at_once_is_no_article(content: str, kind: str) -> None:
    refresh = f'<meta http-equiv="Refresh" content="{content}">'
    assert kind_of(page("Ferry", "<h1>Ferry</h1><p>It sails again.</p>", head=refresh)) == kind


def test_where_it_leads_is_said() -> None:
    refresh = '<meta http-equiv="refresh" content="0; url=/2026/elsewhere">'
    with pytest.raises(InsteadOfPageError, match=r"https://harbour\.example/2026/elsewhere"):
        read_page(page("Ferry", "", head=refresh), url=HERE)


def test_a_file_that_somebody_saved_is_read_whatever_it_says() -> None:
    saved = page("Page not found", "<h1>Page not found</h1><p>So it is.</p>")
    assert read_page(saved, is_file=True).title == "Page not found"
    assert inspect(saved, url=HERE)["article"] is None
    assert inspect(saved, url=HERE)["problem"].startswith("the site says that there is no such")


def test_each_kind_has_its_words() -> None:
    for kind in REFUSALS:
        error = InsteadOfPageError(kind)
        assert error.kind == kind
        assert str(error).count(": ") == 1


class Site:
    """Answers with one page, which changes."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def get(self, url: str, **_: object) -> Fetched | NotModified:
        return Fetched(
            url=url, status=200, content_type="text/html", charset="utf-8", body=self.body
        )


GONE = page("Harbour", f"<h1>This page could not be found</h1><h2>Most read</h2><ul>{READ}</ul>")
LIST = page(
    "News",
    "".join(
        f'<article><h2><a href="/2026/03/{n}-ferry-sails">The ferry of pier {n} sails</a></h2>'
        f"<p>It was said on Monday.</p></article>"
        for n in range(9)
    ),
)
ARTICLE = page("Ferry sails", f"<article><h1>Ferry sails</h1>{STORY * 5}</article>")


@pytest.mark.parametrize("first", [LIST, ARTICLE])
def test_a_page_that_was_read_before_fails_with_the_reason_and_comes_back(first: bytes) -> None:
    site = Site(first)
    kind = PageKind(site, lambda: NOON)
    polled = kind.poll(a_source(kind="page", url=HERE), dict)
    source = a_source(kind="page", url=HERE, validators=polled.validators)
    for other in (GONE, page("Just a moment...", "<p>harbour.example</p>")):
        site.body = other
        with pytest.raises(ParseError, match="nothing was taken in"):
            kind.poll(source, dict)
    site.body = first.replace(b"ferry", b"night ferry").replace(b"hours", b"days")
    assert len(kind.poll(source, dict).entries) == len(polled.entries)


@pytest.mark.parametrize(
    ("body", "said", "of_page", "of_site", "passes"),
    [
        (GONE, "the pages show an error page", True, False, False),
        (page("Just a moment...", ""), "the pages show a check for robots", False, True, True),
        (page("Log in", "<p>E-mail</p>"), "the pages show a login", False, False, False),
    ],
)
def test_an_entry_keeps_what_its_feed_says_and_its_page_is_asked_for_as_long_as_it_may_come(
    body: bytes, said: str, of_page: bool, of_site: bool, passes: bool
) -> None:
    entry = Entry(url=HERE, title="Ferry sails again")
    result = FullText(Site(body), None, lambda: NOON).enrich(entry, a_source())
    assert result.entry == entry
    assert result.trouble is not None
    trouble = result.trouble
    assert trouble.text.startswith(said)
    assert (trouble.of_page, trouble.of_site, trouble.passes) == (of_page, of_site, passes)


@pytest.mark.parametrize("junk", ["page you ", "404 ", "<h1>", "a. ", "<meta http-equiv=refresh>"])
def test_looking_takes_no_longer_than_the_page_is_long(junk: str) -> None:
    def look(size: int) -> None:
        html = f"<html><title>{junk * 9}</title><body>" + junk * (size // len(junk))
        tree = _tree(html)
        assert tree is not None
        looks = looks_of(html, tree, PageFacts(url=HERE))
        try:
            check_article(looks, PageFacts(url=HERE), junk * (size // len(junk)), is_dated=False)
        except InsteadOfPageError:
            return

    assert grows_no_faster_than_its_input(look, 50_000)
