"""The page of an article: fetched, judged, and made one with what its source gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingester.entry import Entry, FetchError, Listing, ParseError
from ingester.fetch.ports import DEFAULT_LIMITS, Fetched, Limits, NotModified
from ingester.pages.fulltext import FullText, gives_summaries, is_about, is_summary, merged, why_not
from tests.builders import NOON, a_source

HERE = "https://harbour-news.example/2026/03/rail-strike-ends"
SUMMARY = "Trains run again from Monday after nine days."
BODY = (
    "Trains run again from Monday after nine days. The union and the railway have signed an "
    "agreement on Sunday night, both said. It raises wages by four per cent. " * 4
)
ENTRY = Entry(id="1", url=HERE, title="Rail strike ends after nine days", summary=SUMMARY)
PAGE = Entry(
    url=HERE,
    title="Rail strike ends after nine days",
    text=BODY,
    language="en",
    authors=("Ann Writer",),
    published_at=NOON,
    updated_at=NOON,
)


class Site:
    """A fetcher with one answer, and a robots.txt that forbids some addresses."""

    def __init__(
        self, answer: str | FetchError = "<p>", *, url: str = HERE, forbids: tuple[str, ...] = ()
    ) -> None:
        self.answer = answer
        self.url = url
        self.forbids = forbids
        self.unasked: FetchError | None = None
        self.asked: list[str] = []

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = "",
        limits: Limits = DEFAULT_LIMITS,
    ) -> Fetched | NotModified:
        self.asked.append(url)
        if isinstance(self.answer, FetchError):
            raise self.answer
        return Fetched(
            url=self.url,
            status=200,
            content_type="text/html",
            charset=None,
            body=self.answer.encode(),
        )

    def refusal(self, url: str) -> FetchError | None:
        if url not in self.forbids:
            return self.unasked
        return FetchError("robots.txt does not let us", kind="robots")

    def delay(self, url: str) -> timedelta | None:
        return None


class Reading:
    """Reads every page as the same article, and perhaps as a list, too."""

    def __init__(self, page: Entry | ParseError, listing: Listing | None = None) -> None:
        self._page = page
        self._listing = listing

    def read_page(
        self, body: bytes, *, url: str = "", content_type: str = "", now: datetime | None = None
    ) -> Entry:
        if isinstance(self._page, ParseError):
            raise self._page
        return self._page

    def read_listing(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str = "",
        selector: str = "",
        now: datetime | None = None,
    ) -> Listing | None:
        return self._listing


def enriched(site: Site, page: Entry | ParseError = PAGE) -> tuple[Entry, str]:
    """Return the entry as it becomes, and the trouble in words."""
    full_text = FullText(site, site, lambda: NOON, reader=Reading(page))
    result = full_text.enrich(ENTRY, a_source())
    return result.entry, result.trouble.text if result.trouble else ""


# --- whether a source gives summaries -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", True, id="nothing"),
        pytest.param("x" * 499, True, id="short"),
        pytest.param("x" * 500, False, id="long"),
        pytest.param("x" * 1_200 + " […]", True, id="long and cut off"),
        pytest.param("x" * 1_200 + "... Read more", True, id="long, cut off, and a link"),
        pytest.param("x" * 1_200 + " [&#8230;]", False, id="markup is made text before"),
        pytest.param("x" * 1_600 + "…", False, id="long enough whatever its end"),
        pytest.param("x" * 600 + "... he said." + "y" * 200, False, id="dots inside"),
        pytest.param("台風が東京に接近。" * 20, False, id="signs say more than letters"),
        pytest.param("台風が東京に接近。" * 10, True, id="few signs"),
    ],
)
def test_what_a_summary_is(text: str, expected: bool) -> None:
    assert is_summary(text) is expected


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [((100, 200, 3_000), True), ((100, 3_000, 3_000), False), ((100, 3_000), True), ((), False)],
)
def test_a_feed_gives_summaries_when_half_of_its_texts_are(
    lengths: tuple[int, ...], expected: bool
) -> None:
    assert gives_summaries("x" * length for length in lengths) is expected


# --- what is made of a page -----------------------------------------------------------------------


def test_the_page_gives_the_text_and_what_else_the_source_does_not() -> None:
    entry, trouble = enriched(Site())
    assert trouble == ""
    assert entry == replace(
        ENTRY,
        text=BODY,
        language="en",
        authors=("Ann Writer",),
        published_at=NOON,
        updated_at=NOON,
    )


def test_what_the_source_says_itself_stays() -> None:
    earlier = datetime(2026, 3, 1, tzinfo=UTC)
    said = replace(ENTRY, title="Strike over", language="de", authors=("Bo",), published_at=earlier)
    both = merged(said, replace(PAGE, title="Rail strike ends"))
    assert (both.title, both.language, both.authors) == (
        "Strike over",
        "de",
        ("Bo",),
    )
    assert (both.published_at, both.summary) == (earlier, SUMMARY)


def test_a_summary_that_the_page_does_not_repeat_stays_before_its_text() -> None:
    said = replace(ENTRY, summary="<p>The walkout is over, <b>ministers</b> say.</p>")
    assert merged(said, PAGE).text == f"The walkout is over, ministers say.\n\n{BODY}"


@pytest.mark.parametrize(
    "summary",
    [
        f"<p>{SUMMARY}</p>",
        "Trains run again from Monday after…",
        "Trains run again from Monday [...]",
        "<p>Trains run again from Monday […]</p><p>The post first appeared on Harbour News.</p>",
        "TRAINS run again, from Monday after nine days",
    ],
)
def test_a_summary_that_is_the_beginning_of_the_text_is_not_repeated(summary: str) -> None:
    assert merged(replace(ENTRY, summary=summary), PAGE).text == BODY


def test_an_entry_that_is_but_an_address_gets_title_and_time_of_its_page() -> None:
    address = "https://harbour-news.example/vo-dap-lon-trong-dem.html"
    changed = datetime(2026, 3, 2, tzinfo=UTC)
    bare = Entry(url=address, title="vo dap lon trong dem", published_at=changed)
    page = Entry(url=address, title="Vỡ đập lớn trong đêm", text=BODY, published_at=NOON)
    assert why_not(bare, page, fetched_from=address) == ""
    both = merged(bare, page)
    assert (both.title, both.published_at) == ("Vỡ đập lớn trong đêm", NOON)
    both = merged(bare, replace(page, title="", published_at=None))
    assert (both.title, both.published_at) == (bare.title, changed)


def test_a_title_that_was_cut_off_and_one_that_is_missing_are_those_of_the_page() -> None:
    assert merged(replace(ENTRY, title="Rail strike ends af…"), PAGE).title == PAGE.title
    assert merged(replace(ENTRY, title=""), PAGE).title == PAGE.title
    assert merged(replace(ENTRY, title="Another one…"), PAGE).title == "Another one…"


@pytest.mark.parametrize(
    ("link", "canonical", "expected"),
    [
        pytest.param(f"{HERE}?from=rss", HERE, HERE, id="of the same site"),
        pytest.param(HERE, "https://www.harbour-news.example/x/rail-strike-ends", None, id="www"),
        pytest.param(HERE, "https://other.example/2026/03/rail-strike-ends", HERE, id="elsewhere"),
        pytest.param(HERE, "https://harbour-news.example/", HERE, id="the front page"),
        pytest.param(HERE, "https://harbour-news.example/news.html", HERE, id="for all pages"),
        pytest.param(HERE, "", HERE, id="none"),
    ],
)
def test_the_canonical_link_is_taken_from_the_same_site_only(
    link: str, canonical: str, expected: str | None
) -> None:
    both = merged(replace(ENTRY, url=link), replace(PAGE, url=canonical))
    assert both.url == (canonical if expected is None else expected)


def test_an_entry_that_only_its_link_recognises_keeps_it() -> None:
    link = f"{HERE}?from=list"
    assert merged(replace(ENTRY, id="", url=link), PAGE).url == link


# --- what is not taken for the article ------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "came_from", "why"),
    [
        ({"text": "Subscribe now."}, HERE, "no more text than the source gives"),
        ({"text": "  "}, HERE, "show no text"),
        ({}, "https://harbour-news.example/", "lead to the front page"),
        ({}, "https://id.other.example/login?back=1", "lead to a login"),
        ({}, "https://login.other.example/v2", "lead to a login"),
        ({"title": "Cookies and you", "text": "We value privacy. " * 40}, HERE, "something else"),
    ],
)
def test_a_page_that_is_not_the_article_leaves_the_entry_as_it_was(
    changes: dict[str, str], came_from: str, why: str
) -> None:
    entry, trouble = enriched(Site(url=came_from), page=replace(PAGE, **changes))
    assert entry == ENTRY
    assert why in trouble


@pytest.mark.parametrize(
    "came_from",
    [
        "https://www.harbour-news.example/2026/03/rail-strike-ends",
        "https://elsewhere.example/2026/03/rail-strike-ends",
        "https://harbour-news.example/how-to-register-to-vote",
    ],
)
def test_a_page_that_has_moved_is_read(came_from: str) -> None:
    assert why_not(ENTRY, PAGE, fetched_from=came_from) == ""


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Strike over", "Cookies and you. ", True),
        ("Bão số 3 vào bờ, gây mưa lớn", "Sáng nay bão số 3 đã đổ bộ vào bờ. ", True),
        ("Bão số 3 vào bờ, gây mưa lớn", "We value your privacy. ", False),
        ("台風15号が東京に接近", "台風15号は東京に近づいている。", True),
        ("台風15号が東京に接近", "会員登録してください。", False),
    ],
)
def test_a_page_is_about_its_entry_when_they_share_words(
    title: str, text: str, expected: bool
) -> None:
    page = Entry(title="", text=text * 5)
    assert is_about(Entry(title=title), page) is expected


def test_a_page_without_the_words_of_the_title_but_with_those_of_the_summary_is_read() -> None:
    assert is_about(replace(ENTRY, title="What we know so far"), replace(PAGE, title=""))


def test_a_page_of_which_only_its_fragment_says_which_it_is_is_not_asked_for() -> None:
    site = Site()
    entry = replace(ENTRY, url="https://harbour-news.example/#!/2026/rail-strike-ends")
    result = FullText(site, site, lambda: NOON, reader=Reading(PAGE)).enrich(entry, a_source())
    assert (result.entry, site.asked) == (entry, [])
    assert result.trouble is not None
    assert "until a browser runs their program" in result.trouble.text


# --- trouble --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "text", "of_site"),
    [
        (FetchError("x 17", kind="http", status=403), "the pages answer HTTP 403 Forbidden", True),
        (FetchError("x", kind="http", status=404), "the pages answer HTTP 404 Not Found", False),
        (FetchError("x", kind="gone", status=410), "the pages answer HTTP 410 Gone", False),
        (FetchError("x", kind="http", status=999), "the pages answer HTTP 999", True),
        (FetchError("no answer in 3 s", kind="timeout"), "the pages do not come in time", True),
        (FetchError("x", kind="too-large"), "the pages are over 5 MiB", False),
        (FetchError("x", kind="unheard of"), "the pages cannot be fetched", False),
    ],
)
def test_trouble_is_said_in_the_same_words_for_all_pages(
    error: FetchError, text: str, of_site: bool
) -> None:
    site = Site(error)
    result = FullText(site, None, lambda: NOON).enrich(ENTRY, a_source())
    assert result.entry is ENTRY
    assert result.trouble is not None
    assert (result.trouble.text, result.trouble.of_site) == (text, of_site)
    assert result.trouble.of_page == (error.status in (404, 410))


def test_a_site_that_cannot_be_asked_is_no_site_whose_robots_txt_forbids() -> None:
    site = Site()
    site.unasked = FetchError("the host name cannot be looked up", kind="offline")
    result = FullText(site, site, lambda: NOON).enrich(ENTRY, a_source())
    assert result.trouble is not None
    assert result.trouble.text == "the network cannot be reached from here"
    assert result.trouble.passes


def test_a_page_that_a_sitemap_lists_and_that_lists_articles_is_none_itself() -> None:
    site = Site()
    reading = Reading(PAGE, Listing(entries=(ENTRY,) * 4))
    full_text = FullText(site, site, lambda: NOON, reader=reading)
    result = full_text.enrich(ENTRY, a_source(kind="sitemap"))
    assert result.entry is ENTRY
    assert result.trouble is not None
    assert result.trouble.is_known
    assert full_text.enrich(ENTRY, a_source()).trouble is None


def test_what_is_no_page_is_named() -> None:
    entry, trouble = enriched(Site(), page=ParseError("empty answer (12 bytes)"))
    assert (entry, trouble) == (ENTRY, "the pages cannot be read: empty answer")


def test_what_robots_txt_forbids_is_not_asked_for() -> None:
    site = Site(forbids=(HERE,))
    assert enriched(site) == (ENTRY, "robots.txt does not let us")
    assert site.asked == []


def test_where_a_page_has_moved_robots_txt_is_asked_again() -> None:
    there = "https://elsewhere.example/1"
    site = Site(url=there, forbids=(there,))
    entry, trouble = enriched(site)
    assert entry is ENTRY
    assert "robots.txt of other sites" in trouble


def test_a_real_page_is_read() -> None:
    html = (
        "<html lang='en'><head><meta name='robots' content='noindex'><title>Rail strike ends after "
        f"nine days</title></head><body><article><h1>Rail strike ends</h1><p>{BODY}</p></article>"
    )
    site = Site(html)
    result = FullText(site, site, lambda: NOON).enrich(ENTRY, a_source())
    assert result.trouble is None
    assert "raises wages by four per cent" in result.entry.text
