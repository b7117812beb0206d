"""Feeds: what is read, what is refused, and that nothing takes for ever."""

import builtins
import contextlib
import socket
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingester.entry import ParseError, Polled
from ingester.feeds.kind import parse, read
from ingester.feeds.repair import bounded
from ingester.schedule import LONGEST_WAIT
from tests.growth import grows_no_faster_than_its_input

HERE = "https://news.example/feed.xml"


def feed(items: str, *, channel: str = "", head: str = "") -> bytes:
    text = f'{head}<rss version="2.0"><channel><title>N</title>{channel}{items}</channel></rss>'
    return text.encode()


def item(inside: str) -> str:
    return f"<item><title>T</title>{inside}</item>"


def polled(body: bytes, content_type: str = "application/rss+xml", url: str = HERE) -> Polled:
    return parse(body, url=url, content_type=content_type)


def link_of(inside: str) -> str:
    return polled(feed(item(inside))).entries[0].url


def title_of(title: str) -> str:
    return polled(feed(f"<item><title>{title}</title></item>")).entries[0].title


def refusal(body: bytes, content_type: str = "text/html; charset=utf-8") -> str:
    with pytest.raises(ParseError) as caught:
        polled(body, content_type)
    return str(caught.value)


# --- what is not a feed ---


def test_an_empty_answer_is_not_no_news() -> None:
    assert "empty answer (0 bytes)" in refusal(b"")
    assert "empty answer (3 bytes)" in refusal(b" \n\t")


def test_a_parked_page_is_named_by_type_size_and_title() -> None:
    page = b"<!DOCTYPE html><html><head><title>Domain for sale</title></head><body>x</body></html>"
    assert refusal(page) == f'not a feed: text/html, {len(page)} bytes, title "Domain for sale"'


@pytest.mark.parametrize("head", ['<?xml version="1.0"?>', ""])
def test_a_feed_is_read_behind_what_the_sites_program_has_printed(head: str) -> None:
    warning = b"<br />\n<b>Warning</b>: mysql in <b>/var/www/feed.php</b> on line <b>3</b><br />\n"
    read_ = polled(warning + feed(item("<guid>1</guid>"), head=head))
    assert [entry.id for entry in read_.entries] == ["1"]
    assert "something stands before the feed, such as a warning of the site's program" in (
        read_.notices
    )


def test_a_page_that_shows_a_feed_is_a_page() -> None:
    shown = b"<p>Our feed:</p><pre><rss version='2.0'></pre>"
    assert "not a feed" in refusal(b"<html><body>" + shown)
    assert "not a feed" in refusal(b"<p>Our feed is at /feed</p>")


def test_a_page_that_links_a_feed_says_which() -> None:
    link = b'<link rel="alternate" type="application/rss+xml" title="RSS" href="/rss.xml">'
    assert refusal(b"<html><head>" + link + b"</head>").endswith("use that: /rss.xml")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"articles": []}', "JSON without"),
        (b"[1, 2]", "JSON without"),
        (b'{"version": ', "JSON that cannot be read"),
        (b"just words", "not a feed: text/html, 10 bytes without markup"),
        (b"<?xml version='1.0'?><note><to>you</to></note>", '"note"'),
        (b"<opml version='2.0'><head/><body/></opml>", '"opml"'),
        (b"/etc/passwd", "without markup"),
        (b"http://169.254.169.254/", "without markup"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, says: str) -> None:
    assert says in refusal(body)


def test_of_a_type_that_nobody_named_nothing_is_said() -> None:
    assert refusal(b"just words", "") == "not a feed: 10 bytes without markup"


# --- what is dangerous ---


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY lol "ha"><!ENTITY lol2 "&lol;&lol;&lol;">',
        '<!ENTITY big "' + "x" * 70_000 + '">',
        '<!ENTITY file SYSTEM "file:///etc/passwd">',
        '<!ENTITY % remote SYSTEM "http://169.254.169.254/">%remote;',
        '<!entity small "x">',
    ],
    ids=["laughs", "quadratic", "file", "parameter", "lower case"],
)
def test_entities_that_a_feed_defines_are_not_expanded_and_the_rest_is_read(subset: str) -> None:
    body = (
        f"<?xml version='1.0'?><!DOCTYPE rss [{subset}]>"
        "<rss><channel><title>N</title><item><title>Caf&eacute; &lol2;&big;&file; of it</title>"
        "<link>https://news.example/1</link></item></channel></rss>"
    )
    (entry,) = read(body.encode(), url="https://news.example/feed").entries
    assert entry.url == "https://news.example/1"
    assert entry.title == "Café &lol2;&big;&file; of it"


@pytest.mark.parametrize(
    "root",
    [
        '<rss version="2.0" xmlns:rss="http://nobody.example/ns">{}</rss>',
        "<rss>{}</rss>",
        '<rss:rss xmlns:rss="http://nobody.example/ns">{}</rss:rss>',
    ],
)
def test_a_feed_whose_elements_all_have_a_prefix_is_read(root: str) -> None:
    item = (
        "<rss:channel><rss:title>News</rss:title><rss:item><rss:title>Dam breaks</rss:title>"
        "<rss:link>https://news.example/1</rss:link></rss:item></rss:channel>"
    )
    feed = read(root.format(item).encode(), url="https://news.example/feed")
    assert [(entry.title, entry.url) for entry in feed.entries] == [
        ("Dam breaks", "https://news.example/1")
    ]
    assert feed.title == "News"


def test_entries_that_cannot_be_read_are_no_silent_nothing() -> None:
    body = b"<a:feed xmlns:a='urn:x'><b><c:item xmlns:c='urn:c'></c:item></b></a:feed>"
    feed = read(body, url="https://news.example/feed")
    assert feed.entries or "1 entry" in feed.notices[0]


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel><item/>{}<item><guid>7</guid><title> </title></item>"
        "</channel></rss>",
        "<!DOCTYPE x><rss version='2.0'><channel><item></item>{}<item><title/></item>"
        "</channel></rss>",
    ],
    ids=["fast", "feedparser"],
)
def test_an_entry_that_says_nothing_is_no_article(body: str) -> None:
    said = "<item><title>Dam breaks</title></item><item><link>https://news.example/1</link></item>"
    feed = parse(body.format(said).encode(), url="https://news.example/feed")
    assert [(entry.title, entry.url) for entry in feed.entries] == [
        ("Dam breaks", ""),
        ("", "https://news.example/1"),
    ]
    assert "2 entries without title, text and link: left out" in feed.notices
    # Who looks at the feed sees all that it lists.
    seen = read(body.format(said).encode(), url="https://news.example/feed")
    assert (len(seen.entries), seen.notices) == (4, ())


def test_an_entry_that_is_too_long_is_told_once() -> None:
    huge = f"<item><title x='{'y' * 2_000_000}'>Dam</title></item>"
    feed = read(
        f"<rss version='2.0'><channel>{huge}</channel></rss>".encode(), url="https://n.example/"
    )
    [notice] = feed.notices
    assert "left out" in notice


@pytest.mark.parametrize("head", ["", "<!DOCTYPE feed>"], ids=["fast", "feedparser"])
@pytest.mark.parametrize("id_", ["urn:1", "https://news.example/id/1"])
@pytest.mark.parametrize(
    "type_", ["text/html; charset=utf-8", "TEXT/HTML;charset=UTF-8", "application/pdf", "x"]
)
def test_an_atom_link_is_one_whatever_type_it_says(head: str, id_: str, type_: str) -> None:
    link = f'<link rel="alternate" type="{type_}" href="https://news.example/1"/>'
    pdf = '<link rel="alternate" type="application/pdf" href="https://news.example/1.pdf"/>'
    body = (
        f'{head}<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><id>{id_}</id>{link}'
        f"<entry><id>{id_}</id><title>Dam</title>{link}</entry>"
        f"<entry><id>{id_}2</id><title>Dam 2</title>{pdf}{link}</entry></feed>"
    )
    feed = read(body.encode(), url="https://news.example/feed")
    assert feed.link == "https://news.example/1"
    assert feed.entries[0].url == "https://news.example/1"
    is_html = type_.lower().startswith("text/html")
    assert feed.entries[1].url == "https://news.example/1" + ("" if is_html else ".pdf")


def test_nothing_outside_the_feed_is_ever_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: Any, **kwargs: Any) -> NoReturn:
        raise AssertionError(f"opened {args}")

    body = feed(
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
        + item("<link>https://news.example/1</link>"),
        head='<?xml-stylesheet href="http://127.0.0.1/x.xsl"?>'
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1/rss.dtd">',
    )
    monkeypatch.setattr(builtins, "open", never)
    monkeypatch.setattr(socket, "socket", never)
    assert len(polled(body).entries) == 1


@pytest.mark.parametrize(
    "junk",
    ["&lt;!--", "<![CDATA[<!--]]>", "<", "&", "<a b='", "</", "<!", "<p>x", "&#", "<item/>"],
)
def test_reading_time_grows_with_size_and_no_faster(junk: str) -> None:
    def read(size: int) -> None:
        polled(feed(item("<description>" + junk * (size // len(junk)) + "</description>")))

    assert grows_no_faster_than_its_input(read, 10_000)


def test_an_author_without_end_costs_no_time() -> None:
    def read(size: int) -> None:
        polled(feed(item("<author>" + "a" * size + "</author>")))

    assert grows_no_faster_than_its_input(read, 25_000)


def test_elements_nested_too_deep_are_refused() -> None:
    assert "nested too deep" in refusal(feed(item("<div>" * 300 + "</div>" * 300)))


def test_only_the_first_two_thousand_entries_are_read() -> None:
    result = polled(feed("".join(f"<item><title>{n}</title></item>" for n in range(2_500))))
    assert (len(result.entries), result.entries[-1].title) == (2_000, "1999")
    assert "2,500" in result.notices[0]
    assert "2,000" in result.notices[0]


def test_entries_inside_of_entries_count_too() -> None:
    inner = "<group>" + "<item>x</item>" * 30 + "</group>"
    many = f"<item>{inner}</item>" * 400
    assert len(polled(feed(many)).entries) <= 2_000


def test_a_feed_of_more_tags_than_anyone_writes_is_read_in_part() -> None:
    result = bounded(feed(item("<i/>" * 10) * 60).decode(), max_tags=100)
    assert (result.text.count("</item>"), result.truncated) == (6, False)
    assert result.text.endswith("</item></channel></rss>")
    assert "over 100 tags: its first 6 entries" in result.notices[0]


def test_an_entry_over_a_mebibyte_loses_its_longest_text_only() -> None:
    long = "<description><![CDATA[" + "y" * 1_500_000 + "]]></description>"
    result = polled(feed(item("<guid>a</guid>" + long + "<category>c</category>") + item("")))
    assert [len(result.entries), result.entries[0].id, result.entries[0].categories] == [
        2,
        "a",
        ("c",),
    ]
    assert 1_000_000 < len(result.entries[0].summary) < 1_100_000
    assert "entry 1 is 1,500,1" in result.notices[0]


def test_a_guid_of_two_megabytes_is_cut() -> None:
    result = polled(feed(item("<guid>" + "g" * 2_000_000 + "</guid>")))
    assert len(result.entries[0].id) == 16_384


@given(st.text(alphabet="<>/!-[]&#;x\"'= abCDATitemlnk\x00\ud800", max_size=200))
def test_any_text_in_a_feed_is_read_or_refused(junk: str) -> None:
    text = f"<rss><channel><item><title>a</title>{junk}</item></channel></rss>"
    with contextlib.suppress(ParseError):
        for entry in polled(text.encode("utf-8", "surrogatepass")).entries:
            f"{entry.title}{entry.summary}{entry.id}{entry.url}".encode()


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for start in (b"", b"<rss><channel><item>", b'{"version":"https://jsonfeed.org/version/1",'):
        with contextlib.suppress(ParseError):
            polled(start + body)


# --- what is broken ---


def test_what_is_whole_of_a_truncated_feed_is_kept() -> None:
    body = feed(item("<guid>1</guid>") + item("<guid>2</guid>"))
    cut = read(body[: body.index(b"<guid>2") + 8], url=HERE)
    assert ([entry.id for entry in cut.entries], cut.truncated) == (["1"], True)
    assert "truncated" in cut.notices[0]


def test_a_whole_feed_is_not_truncated() -> None:
    assert not read(feed(item("")), url=HERE).truncated


def test_a_feed_that_is_not_well_formed_is_read_and_flagged() -> None:
    result = polled(feed("<item><title>A & B&nbsp;C<br></title><link>/1</link></item>"))
    assert (result.entries[0].title, result.entries[0].url) == ("A & B C", "https://news.example/1")
    assert any("not well-formed" in notice for notice in result.notices)


@pytest.mark.parametrize("bad", ["&#xD800;", "&#0;", "&#x110000;", "&#99999999999999999999;"])
def test_an_impossible_character_becomes_a_replacement(bad: str) -> None:
    assert title_of(f"a{bad}b") == "a\ufffdb"


def test_control_characters_are_taken_out() -> None:
    assert title_of("a\x00\x08\x1bb") == "ab"


# --- identity and links ---


def test_every_entry_is_listed_though_several_have_one_id() -> None:
    result = polled(feed(item("<guid>a</guid>") + item("<guid>a</guid>") + item("<guid>b</guid>")))
    assert [entry.id for entry in result.entries] == ["a", "a", "b"]


def test_a_title_that_is_escaped_with_its_cdata_is_read() -> None:
    escaped = "<item><title>&lt;![CDATA[Ferry sails]]&gt;</title><guid>a</guid></item>"
    assert polled(feed(escaped)).entries[0].title == "Ferry sails"


def test_an_empty_guid_is_no_guid() -> None:
    result = polled(feed(item("<guid> </guid>") + item("<guid></guid>")))
    assert [entry.id for entry in result.entries] == ["", ""]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<guid>https://news.example/1</guid>", "https://news.example/1"),
        ("<guid isPermaLink='true'>12345</guid>", ""),
        ("<guid isPermaLink='true'>/2026/1</guid>", "https://news.example/2026/1"),
        ("<guid isPermaLink='false'>/2026/1</guid>", ""),
        ("<link>www.other.example/1</link>", "https://www.other.example/1"),
        ("<link>www.häfen.example/1</link>", "https://www.häfen.example/1"),
        ("<link>WWW.other.example</link>", "https://WWW.other.example"),
        ("<link>www.html</link>", "https://news.example/www.html"),
        ("<guid isPermaLink='false'>https://news.example/1</guid>", ""),
        ("<link>/a/b?x=1&amp;y=2</link>", "https://news.example/a/b?x=1&y=2"),
        ("<link>//other.example/a</link>", "https://other.example/a"),
        ("<link xml:base='https://base.example/x/'>y</link>", "https://base.example/x/y"),
        ("<link> \n https://news.example/1 \n</link>", "https://news.example/1"),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>JaVaScRiPt:alert(1)</link>", ""),
        ("<link>java&#10;script:alert(1)</link>", ""),
        ("<link>data:text/html,x</link>", ""),
        ("<link>vbscript:x</link>", ""),
        ("<link>file:///etc/passwd</link>", ""),
        ("<link>http://[broken/</link>", ""),
        ("<link>" + "https://news.example/" + "a" * 9000 + "</link>", ""),
        (
            "<link>https://a.example/1</link><atom:link xmlns:atom='http://www.w3.org/2005/Atom' "
            "rel='alternate' href='https://a.example/2'/>",
            "https://a.example/1",
        ),
    ],
)
def test_a_link_is_an_absolute_web_address_or_nothing(inside: str, expected: str) -> None:
    assert link_of(inside) == expected


def test_an_entry_with_an_unsafe_link_is_kept_and_flagged() -> None:
    result = polled(feed(item("<guid isPermaLink='false'>1</guid><link>javascript:x</link>")))
    assert (result.entries[0].id, result.entries[0].title) == ("1", "T")
    assert "in 1 entry: kept without it" in result.notices[0]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("&lt;img src=x onerror=alert(1)&gt; News", "News"),
        ("<![CDATA[<script>alert(1)</script>News]]>", "News"),
        ("<![CDATA[A &amp; B]]>", "A & B"),
        ("List&lt;String&gt; in Java", "List<String> in Java"),
        ("1 &lt; 2", "1 < 2"),
        ("two\n  lines", "two lines"),
    ],
)
def test_a_title_is_one_line_of_plain_text(title: str, expected: str) -> None:
    assert title_of(title) == expected


# --- dates, waits, encodings ---


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Tue, 24 Nov 2026 08:00:00 GMT+7", datetime(2026, 11, 24, 1, tzinfo=UTC)),
        ("1795478400", datetime(2026, 11, 24, tzinfo=UTC)),
        ("9999-12-31", None),
        ("Tue, 24 Nov 2026 08:00:00 -9999", None),
    ],
)
def test_our_own_dates_are_read(date: str, expected: datetime | None) -> None:
    assert polled(feed(item(f"<pubDate>{date}</pubDate>"))).entries[0].published_at == expected


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("<ttl>30</ttl>", timedelta(minutes=30)),
        ("<ttl>-1</ttl>", None),
        ("<ttl>abc</ttl>", None),
        ("<ttl>1e9</ttl>", None),
        ("<ttl>999999999</ttl>", LONGEST_WAIT),
        ("<ttl></ttl>", None),
        (
            "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>daily"
            "</sy:updatePeriod><sy:updateFrequency xmlns:sy="
            "'http://purl.org/rss/1.0/modules/syndication/'>4</sy:updateFrequency>",
            timedelta(hours=6),
        ),
    ],
)
def test_the_wait_that_a_feed_asks_for(channel: str, expected: timedelta | None) -> None:
    assert polled(feed(item(""), channel=channel)).server_asks == expected


def _declared(name: str, text: str = "<rss><channel><title>Été đ</title></channel></rss>") -> str:
    return f'<?xml version="1.0" encoding="{name}"?>{text}'


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        pytest.param(_declared("utf-16").encode(), "", "Été đ", id="says UTF-16, is UTF-8"),
        pytest.param(_declared("x-unknown").encode(), "", "Été đ", id="unknown name"),
        pytest.param(_declared("utf-8").encode("utf-16"), "", "Été đ", id="mark beats declaration"),
        pytest.param(
            _declared("utf-8").encode("utf-16-le"), "", "Été đ", id="no mark, two bytes a letter"
        ),
        pytest.param(
            "<rss><channel><title>Été</title></channel></rss>".encode("latin-1"),
            "",
            "Été",
            id="says nothing, is Latin-1",
        ),
        pytest.param(
            _declared("utf-8", "<rss><channel><title>Привет</title></channel></rss>").encode(
                "cp1251", "replace"
            ),
            "text/xml; charset=windows-1251",
            "Привет",
            id="HTTP beats declaration",
        ),
        pytest.param(
            "\ufeff<rss><channel><title>Été</title></channel></rss>".encode(),
            "text/xml; charset=iso-8859-1",
            "Été",
            id="mark beats HTTP",
        ),
        pytest.param(
            _declared("utf-8", "<rss><channel><title>đ \udc92</title></channel></rss>").encode(
                "utf-8", "surrogateescape"
            ),
            "",
            "đ ’",
            id="one Windows byte in UTF-8",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="utf-7"?><rss><channel><title>+ADw-b+AD4-</title>'
            b"</channel></rss>",
            "",
            "+ADw-b+AD4-",
            id="UTF-7 is not decoded",
        ),
    ],
)
def test_the_encoding_is_that_of_mark_http_declaration_or_the_bytes(
    body: bytes, content_type: str, title: str
) -> None:
    assert polled(body, content_type).title == title


def test_an_item_is_published_when_it_was_created_not_when_it_was_changed() -> None:
    terms = 'xmlns:dcterms="http://purl.org/dc/terms/"'
    body = (
        f'<rss version="2.0" {terms}><channel><title>Post</title><item><title>Ferry</title>'
        "<link>https://post.example/ferry</link>"
        "<dcterms:created>2026-11-07T10:00:00Z</dcterms:created>"
        "<dcterms:modified>2026-11-08T10:00:00Z</dcterms:modified></item></channel></rss>"
    )
    (entry,) = read(body.encode(), url="https://post.example/feed").entries
    assert entry.published_at == datetime(2026, 11, 7, 10, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 11, 8, 10, tzinfo=UTC)


def test_links_lead_to_the_articles_and_not_through_a_counter_of_clicks() -> None:
    inside = (
        "<link>https://www.google.com/url?rct=j&amp;sa=t&amp;"
        "url=https://paper.example/signing%3Fa%3D1&amp;ct=ga</link>"
    )
    assert link_of(inside) == "https://paper.example/signing?a=1"
