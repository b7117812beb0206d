"""Which feeds a page declares, and which it only links."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingester.feeds.autodiscovery import (
    declared_feeds,
    feed_links,
    header_feeds,
    looks_like_feed_address,
)
from ingester.text.html_tags import attribute_value, tags

PAGE = "https://harbour.example/news/today.html"
FEED = "https://harbour.example/news/feed.xml"
LINK = '<link rel="alternate" type="application/atom+xml" title="News" href="feed.xml">'


def urls(html: str | bytes, url: str = PAGE) -> list[str]:
    body = html if isinstance(html, bytes) else html.encode()
    return [feed.url for feed in declared_feeds(body, url)]


def test_a_declared_feed_has_its_address_its_title_and_its_type() -> None:
    [feed] = declared_feeds(f"<html><head>{LINK}</head></html>".encode(), PAGE)
    assert (feed.url, feed.title, feed.type) == (FEED, "News", "application/atom+xml")


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(
            '<link href="feed.xml" title="x" type="application/rss+xml" rel="alternate">',
            id="another order",
        ),
        pytest.param(
            "<LINK REL='ALTERNATE' TYPE='Application/RSS+XML' HREF='feed.xml'/>", id="capitals"
        ),
        pytest.param("<link rel=alternate type=application/rss+xml href=feed.xml>", id="no quotes"),
        pytest.param(
            '<link\n rel = "alternate"\n\ttype = " application/rss+xml "\n href = " feed.xml ">',
            id="blanks",
        ),
        pytest.param(
            '<link rel="home  alternate" type="application/atom+xml" href="feed.xml">',
            id="two relations",
        ),
        pytest.param(
            '<link rel="alternate" type="application/rss+xml; charset=utf-8" href="feed.xml">',
            id="a parameter",
        ),
        pytest.param('<link rel="feed" href="feed.xml">', id="the relation feed"),
        pytest.param('<link rel="alternate" type="text/xml" href="feed.xml">', id="any XML"),
        pytest.param(
            '<link rel="alternate" type="application/feed+json" href="feed.xml">', id="JSON Feed"
        ),
        pytest.param('<link rel="alternate" type="application/rdf+xml" href="feed.xml">', id="RDF"),
        pytest.param(
            '<link rel="alternate" type="application/x.atom+xml" href="feed.xml">', id="x.atom"
        ),
        pytest.param(
            '<link rel="alternate" type="application/rss xml" href="feed.xml">', id="a lost plus"
        ),
        pytest.param(
            '<link rel="&#97;lternate" type="application/rss&#x2B;xml" href="feed&#46;xml">',
            id="references",
        ),
        pytest.param(
            '<a rel="alternate" type="application/rss+xml" href="feed.xml">RSS</a>', id="an anchor"
        ),
        pytest.param(
            '<base href="/else/"><base href="/no/"><link rel="alternate" '
            'type="application/rss+xml" href="../news/feed.xml">',
            id="a base",
        ),
        pytest.param(
            '<link rel="alternate" type="text/rss" href="//harbour.example/news/feed.xml">',
            id="no scheme",
        ),
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" href="/news/feed.xml">', id="no host"
        ),
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" '
            'href="feed:https://harbour.example/news/feed.xml">',
            id="feed: before it",
        ),
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" href="feed.xml" href="other.xml">',
            id="two addresses",
        ),
        pytest.param(f"<title>open{LINK}", id="a title that is never closed"),
        pytest.param(f"<html><body><p>no head</p>{LINK}", id="in the body"),
        pytest.param(f"<![if !IE]>{LINK}<![endif]>", id="for other browsers"),
        pytest.param(f"<!-->{LINK}<!-- -->", id="an empty comment"),
        pytest.param(f"<!-- -- > -->{LINK}", id="a comment with dashes"),
        pytest.param(f"<!-- as SGML had it -- >{LINK}", id="a comment that ends in a blank"),
        pytest.param(f"<?x <link> ?>{LINK}</link>", id="an instruction"),
        pytest.param(f"<noscript>{LINK}</noscript>", id="without scripts"),
        pytest.param(f"{LINK}{LINK}", id="twice"),
        pytest.param(
            '<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:link rel="alternate" '
            'type="application/atom+xml" href="feed.xml"/></h:html>',
            id="XHTML with a prefix",
        ),
        pytest.param(
            '<html xmlns="http://www.w3.org/1999/xhtml"><head><script src="x.js"/>'
            f"{LINK}<script>1</script>",
            id="XHTML with an empty script",
        ),
    ],
)
def test_a_link_declares_a_feed(link: str) -> None:
    assert urls(link) == [FEED]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<!-- {LINK} -->", id="a comment"),
        pytest.param(f"<!-- never closed {LINK}", id="a comment without end"),
        pytest.param(f"<script>document.write('{LINK}')</script>", id="a script"),
        pytest.param(f"<style>{LINK}</style>", id="a style"),
        pytest.param(f"<title>{LINK}</title>", id="a title"),
        pytest.param(f"<textarea>{LINK}</textarea>", id="an input"),
        pytest.param(f"<template><p>{LINK}</p></template>", id="a template"),
        pytest.param(f"<![CDATA[ {LINK} {LINK} ]]>", id="a section"),
        pytest.param(f"<p title='{LINK}'>", id="an attribute"),
        pytest.param(LINK.replace("<", "&lt;"), id="text"),
        pytest.param(LINK.replace("alternate", "alternate stylesheet"), id="a stylesheet"),
        pytest.param(LINK.replace("alternate", "alternates"), id="another relation"),
        pytest.param(LINK.replace("rel=", "rev="), id="the other direction"),
        pytest.param(LINK.replace('rel="alternate"', ""), id="no relation"),
        pytest.param(LINK.replace('type="application/atom+xml"', ""), id="no type"),
        pytest.param(LINK.replace("atom+xml", "atom+xml;type=entry"), id="one entry"),
        pytest.param(LINK.replace("application/atom+xml", "text/html"), id="a page"),
        pytest.param(LINK.replace("application/atom+xml", "text/xml+oembed"), id="oEmbed"),
        pytest.param(LINK.replace('href="feed.xml"', 'href=" "'), id="an empty address"),
        pytest.param(LINK.replace('href="feed.xml"', ""), id="no address"),
        pytest.param(LINK.replace("feed.xml", "javascript:alert(1)"), id="a script's address"),
        pytest.param(LINK.replace("feed.xml", "ftp://harbour.example/f"), id="FTP"),
        pytest.param(LINK.replace("<link", "<links"), id="another element"),
        pytest.param(LINK[:-1], id="cut off in the tag"),
        pytest.param(LINK.replace("<link", "<x:link"), id="another vocabulary"),
        pytest.param(
            '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/7">',
            id="an interface for programs",
        ),
        pytest.param(
            '<link rel="alternate" type="application/xml" href="/sitemap.xml">', id="a sitemap"
        ),
    ],
)
def test_what_looks_like_a_declaration_is_none(html: str) -> None:
    assert urls(html) == []


def test_feeds_come_in_the_order_of_the_page() -> None:
    links = [f'<link rel=alternate type=text/xml href="/{name}.xml">' for name in "cab"]
    assert urls("".join(links)) == [f"https://harbour.example/{name}.xml" for name in "cab"]


def test_an_address_is_read_as_browsers_read_it() -> None:
    html = '<link rel=alternate type=text/xml href="/f?a=1&section=2&amp;copy=3&#x26;é=4">'
    assert urls(html) == ["https://harbour.example/f?a=1&section=2&copy=3&%C3%A9=4"]
    assert attribute_value("&copy;&copy &notit;&lt=&unknown;") == "©© &notit;&lt=&unknown;"


def test_a_page_in_another_encoding_is_read() -> None:
    assert urls(f"<html>{LINK}".encode("utf-16")) == [FEED]


def test_without_the_pages_address_relative_links_stay_so() -> None:
    assert urls(LINK, "") == ["feed.xml"]
    assert urls(f'<base href="https://a.example/x/">{LINK}', "") == ["https://a.example/x/feed.xml"]


def test_a_base_that_leads_nowhere_is_as_none() -> None:
    assert urls(f'<base href="javascript:1">{LINK}') == [FEED]


def test_what_is_only_linked_is_kept_apart() -> None:
    html = f"""{LINK} <a href="feed.xml">RSS</a> <a href="/sport/rss"><b>Sport</b></a>
    <a href="/comments/feed/">Comments</a> <a href="/abo"><img alt='RSS' src='i.png'></a>
    <a href="/rss-feeds">All our feeds</a> <a href="/about">About</a> <a href="/sitemap.xml">x</a>
    <a href="https://feedly.example/subscribe?u=https://harbour.example/feed.xml">read it there</a>
    <link rel="replies" type="application/atom+xml" href="/replies.atom">"""
    named = feed_links(html.encode(), PAGE)
    assert [link.url for link in named.declared] == [FEED]
    site = "https://harbour.example"
    assert [(link.url, link.title, link.is_of_comments) for link in named.linked] == [
        (f"{site}/sport/rss", "Sport", False),
        (f"{site}/comments/feed/", "Comments", True),
        (f"{site}/replies.atom", "", True),
    ]
    assert [page.url for page in named.pages] == [f"{site}/abo", f"{site}/rss-feeds"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/feed/", True),
        ("https://a.example/world/rss.xml", True),
        ("https://a.example/index~atom.xml", True),
        ("https://a.example/?feed=rss2", True),
        ("https://a.example/news?format=rss", True),
        ("https://feeds.a.example/top", True),
        ("https://a.example/feed.json", True),
        ("https://a.example/data.json", False),
        ("https://a.example/sitemap-news.xml", False),
        ("https://a.example/opensearch.xml", False),
        ("https://a.example/feeding-the-cat", False),
        ("https://a.example/", False),
        ("https://[a.example/feed", False),
    ],
)
def test_an_address_alone_tells_much(url: str, expected: bool) -> None:
    assert looks_like_feed_address(url) is expected


def test_the_link_header_declares_feeds_too() -> None:
    header = (
        '</wp-json/>; rel="https://api.w.org/", </f,x>; rel=alternate; '
        'type="application/rss+xml"; title="News"'
    )
    [feed] = header_feeds(header, PAGE)
    assert (feed.url, feed.title) == ("https://harbour.example/f,x", "News")


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<title>",
        "<![CDATA[>",
        "<!--",
        "<!-- a -- >",
        '<a b="',
        "<script>",
        "<base href=x>",
        '<a href="/f.xml">',
    ],
)
def test_a_page_of_one_piece_again_and_again_is_read_in_linear_time(piece: str) -> None:
    """In quadratic time it would take minutes."""
    assert declared_feeds((piece * 40_000).encode(), PAGE) == ()


PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            "/",
            "=",
            "'",
            '"',
            "!",
            "--",
            "-->",
            "<!--",
            "<!-- a -- >",
            "<![CDATA[",
            "]]>",
            " ",
            "a",
            "&",
        ),
        *("<link", "<base", "<a ", "</a>", "<title>", "</title>", "<template>", "</template>"),
        *("rel=alternate ", "type=text/xml ", 'href="', "href=//[", "\x00", "\ud800", "é", "&#x;"),
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(), st.sampled_from([PAGE, "", "x:"]))
def test_whatever_a_page_is_nothing_breaks(html: str, url: str) -> None:
    body = html.encode("utf-8", "surrogatepass")
    for feed in declared_feeds(body, url):
        assert feed.url.startswith(("http://", "https://")) or url != PAGE
    header_feeds(html, url)
    looks_like_feed_address(html)


def test_tags_tell_where_they_stand() -> None:
    text = "x<A HREF=1>y</a>"
    assert [
        (tag.name, tag.is_end, text[tag.start : tag.end]) for tag in tags(text, frozenset("a"))
    ] == [
        ("a", False, "<A HREF=1>"),
        ("a", True, "</a>"),
    ]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/rss/sport", "https://harbour.example/rss/sport"),
        ("/feeds/latest/", "https://harbour.example/feeds/latest/"),
        ("feed://harbour.example/abc", "http://harbour.example/abc"),
        ("itpc://harbour.example/pod", "http://harbour.example/pod"),
        ("podcast:https://harbour.example/pod", "https://harbour.example/pod"),
    ],
)
def test_what_a_link_says_to_programs_makes_it_one_of_a_feed(href: str, url: str) -> None:
    linked = feed_links(f'<a href="{href}">Subscribe</a>'.encode(), PAGE).linked
    assert [feed.url for feed in linked] == [url]


@pytest.mark.parametrize("href", ["/rss/about.html", "/atomic/test", "/news/rss-in-brief"])
def test_other_links_beside_feeds_are_none(href: str) -> None:
    assert not feed_links(f'<a href="{href}">About</a>'.encode(), PAGE).linked
