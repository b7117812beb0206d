"""Pages: one article each, found among everything else that is on them."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingester.entry import Entry, ParseError
from ingester.pages.kind import read_page
from tests.growth import grows_no_faster_than_its_input

HERE = "https://news.example/2026/ferry?id=1"
TEXT = "<p>The evening ferry between the old quay and the island sails again, they said.</p>" * 5


def page(head: str = "", body: str = TEXT) -> Entry:
    html = f"<html><head>{head}</head><body><article>{body}</article></body></html>"
    return read_page(html.encode(), url=HERE, content_type="text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"%PDF-1.7 ...", "text/html", "application/pdf"),
        (b"\x89PNG\r\n", "", "image/png"),
        (b"PK\x03\x04", "text/html", "application/zip"),
        (b"....", "application/octet-stream", "application/octet-stream"),
        (b"a\x00b\x00\x01", "", "application/octet-stream"),
        (b"{}", "application/json", "application/json"),
    ],
)
def test_what_is_no_page_is_named(body: bytes, content_type: str, kind: str) -> None:
    with pytest.raises(ParseError, match=f"^not a page: {kind}$"):
        read_page(body, url=HERE, content_type=content_type)


def test_an_empty_answer_is_an_error() -> None:
    with pytest.raises(ParseError, match="empty answer"):
        read_page(b"  ", url=HERE)


def test_linked_data_goes_before_meta_elements() -> None:
    entry = page(
        '<meta property="og:title" content="Other"><meta name="author" content="B">'
        '<script type="application/ld+json">{"@type": ["Article"], "headline": "Ferry &amp; all",'
        '"datePublished": "2026-11-24T08:15:00+01:00", "author": {"name": ["A", "C"]}}</script>'
    )
    assert (entry.title, entry.authors) == ("Ferry & all", ("A", "C"))
    assert entry.published_at == datetime(2026, 11, 24, 7, 15, tzinfo=UTC)


def test_of_several_articles_in_linked_data_the_pages_own_is_meant() -> None:
    data = (
        '[{"@type": "Article", "headline": "The mill burned", "author": "B"},'
        '{"@type": "Article", "headline": "Ferry returns", "author": "A"}]'
    )
    entry = page(
        f'<title>Ferry returns | Post</title><script type="application/ld+json">{data}</script>'
    )
    assert (entry.title, entry.authors) == ("Ferry returns", ("A",))


@pytest.mark.parametrize(
    ("declared", "language"),
    [("lang='vi-VN'", "vi-VN"), ("lang='{{ lang }}'", "de"), ("", "de")],
)
def test_a_language_is_what_can_be_one(declared: str, language: str) -> None:
    head = "<meta property='og:locale' content='de'>"
    html = f"<html {declared}><head>{head}</head><body><article>{TEXT}</article></body></html>"
    assert read_page(html.encode(), url=HERE, content_type="text/html").language == language


@pytest.mark.parametrize("data", ["{", "[" * 5_000, '{"@type": 5}', '[null, {"@type": [1]}]', ""])
def test_linked_data_that_makes_no_sense_is_passed_over(data: str) -> None:
    script = f'<script type="application/ld+json">{data}</script>'
    assert page(f"<title>Ferry</title>{script}").title == "Ferry"


ARTICLE = '{"@type": "NewsArticle", "headline": "%s", "datePublished": "2026-11-24T08:15:00Z"}'


@pytest.mark.parametrize(
    "data",
    [
        '{"@type": "Organization", "name": "{}"}\n' + ARTICLE % "The } { ferry",
        ARTICLE % 'The "old" ferry',
        '{"@context": "x", "@graph": [' + ARTICLE % 'The "old" ferry' + "]}",
    ],
)
def test_linked_data_that_are_no_json_still_say_when(data: str) -> None:
    script = f'<script type="application/ld+json">{data}</script>'
    assert page(script).published_at == datetime(2026, 11, 24, 8, 15, tzinfo=UTC)


def test_a_page_that_is_there_for_a_video_is_as_old_as_that() -> None:
    video = '{"@type": "VideoObject", "name": "Ferry leaves", "uploadDate": "2026-11-24T08:15:00Z"}'
    script = f'<script type="application/ld+json">{video}</script>'
    assert page(f"<title>Ferry leaves | Post</title>{script}").published_at == datetime(
        2026, 11, 24, 8, 15, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Ferry returns | News</title>", "", "Ferry returns"),
        ("<title>Ferry returns - News</title>", "<h1>Ferry returns</h1>", "Ferry returns"),
        (
            "<title>Ferry - News</title><meta property='og:site_name' content='News'>",
            "",
            "Ferry",
        ),
        ("", "<h1>Ferry <b>returns</b></h1>", "Ferry returns"),
        ("<meta name='twitter:title' content='Ferry'><title>x</title>", "", "Ferry"),
    ],
)
def test_the_title_is_the_articles_own(head: str, body: str, title: str) -> None:
    assert page(head, body + TEXT).title == title


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/2026/ferry", "https://news.example/2026/ferry"),
        ("https://other.example/a", "https://other.example/a"),
        ("javascript:alert(1)", HERE),
        ("/", HERE),
        ("", HERE),
    ],
)
def test_the_canonical_address_is_used_unless_it_cannot_be(link: str, url: str) -> None:
    assert page(f'<link rel="canonical" href="{link}">').url == url


def test_the_time_may_stand_in_the_address_only() -> None:
    address = "https://dantri.com.vn/xa-hoi/pha-toi-20251026174800123.htm"
    entry = read_page(TEXT.encode(), url=address, content_type="text/html")
    assert entry.published_at == datetime(2025, 10, 26, 10, 48, tzinfo=UTC)


def test_menus_scripts_and_comments_are_not_text() -> None:
    around = "<nav><a href='/'>Home</a></nav><script>var x;</script><!-- no -->"
    text = page(body=around + TEXT).text
    assert text.startswith("The evening ferry")
    assert not any(word in text for word in ("Home", "var x", "no -->"))


def test_the_header_goes_before_the_meta_element_and_that_before_the_bytes() -> None:
    html = '<meta charset="iso-8859-1"><title>Été</title>' + TEXT
    assert read_page(html.encode(), content_type="text/html; charset=utf-8").title == "Été"
    assert read_page(html.encode("latin-1"), content_type="text/html").title == "Été"
    bare = "<title>Été</title>" + TEXT
    assert read_page(bare.encode()).title == "Été"


@pytest.mark.parametrize(
    "junk",
    [
        *("<div>", "<td>x</td>", "<!--", "<", "<a b='", "&amp;", "<p>x", "<li><a href=/x>y</a>"),
        "<div class='related author lead date image'>By Ann Bee, 1.1.2026",
        "<span class=author>By Ann Bee</span>",
        "<article><time datetime=2026-01-01>",
        "some text without an end<br>",
    ],
)
def test_a_page_of_anything_ends(junk: str) -> None:
    def read(size: int) -> None:
        body = "<html><title>t</title><body>" + junk * (size // len(junk))
        with contextlib.suppress(ParseError):  # there may be nothing to read
            read_page(body.encode(), url=HERE)

    assert grows_no_faster_than_its_input(read, 50_000)


def test_a_page_of_more_than_ten_mebibytes_is_refused() -> None:
    with pytest.raises(ParseError, match="page over 10 MiB"):
        read_page(b"<html>" + b"x" * 11_000_000, url=HERE)


@settings(deadline=None)  # the first page waits for an import of half a second
@given(st.text(alphabet="<>/!-&;\"'= abhtmlpdiv\x00\ud800\n", max_size=150))
def test_any_page_is_read_or_refused(junk: str) -> None:
    with contextlib.suppress(ParseError):
        entry = read_page(f"<html><p>{junk}".encode("utf-8", "surrogatepass"), url=HERE)
        f"{entry.title}{entry.text}".encode()


BLOCKS = [{"type": "paragraph", "text": f"The ferry sails again, says pier {n}."} for n in range(9)]
STATES = {
    "blocks": {"article": {"title": "Ferry sails", "content": BLOCKS, "date": "2026-11-12"}},
    "markup": {"page": {"headline": "Ferry sails", "bodyHtml": TEXT, "publishedAt": "2026-11-12"}},
    "nested": [{"x": 1}, {"name": "Ferry sails", "body": {"blocks": BLOCKS}, "date": "2026-11-12"}],
}


@pytest.mark.parametrize("state", STATES.values(), ids=list(STATES))
def test_an_article_that_a_program_would_draw_is_read_in_the_pages_data(state: object) -> None:
    other = {"title": "Ferry sinks", "body": TEXT.replace("sails", "sinks") * 9}
    data = json.dumps({"own": state, "next": other})
    html = f"<title>Ferry sails | Post</title><div id=app></div><script>window.S={data}</script>"
    entry = read_page(html.encode(), url=HERE)
    assert "sails again" in entry.text
    assert "sinks" not in entry.text
    assert "<p>" not in entry.text
    assert entry.published_at == datetime(2026, 11, 12, tzinfo=UTC)
    with pytest.raises(ParseError, match="browser runs its program"):
        read_page(html.replace("Ferry sails |", "Harbour |").encode(), url=HERE)


def test_data_nested_ever_so_deep_are_read_in_the_time_that_they_are_long() -> None:
    def read(size: int) -> None:
        blocks = '{"content": [' * 200 + '"a",' * size + '"b"' + "]}" * 200
        data = '{"title": "Ferry sails again", "body": ' + blocks + "}"
        html = f"<title>Ferry sails again</title><div></div><script>window.S={data}</script>"
        with contextlib.suppress(ParseError):
            read_page(html.encode(), url=HERE)

    assert grows_no_faster_than_its_input(read, 20_000)


def test_thousands_of_objects_may_refer_to_one_list_of_blocks() -> None:
    title = "Ferry sails again in May"

    def read(size: int) -> None:
        table = [{"a": 1}, title, ["It sails. "] * size, *[{"title": 1, "body": 2}] * size]
        data = f"<script type=application/json>{json.dumps(table)}</script>"
        html = f"<title>{title}</title><div></div>{data}"
        assert "It sails." in read_page(html.encode(), url=HERE).text

    assert grows_no_faster_than_its_input(read, 400)
