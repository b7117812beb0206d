"""Documents that are made to hurt their reader: each as large as a fetch may be, or near it.

All are written here, by the shape of what is known to be slow: nothing is taken from elsewhere.
"""

from collections.abc import Callable, Mapping

MIB = 1 << 20
MOST = 10 * MIB
"""What a fetch brings at most."""

Maker = Callable[[], bytes]


def filled(piece: str, size: int = MOST - 4096, *, before: str = "", after: str = "") -> Maker:
    """Return a maker of a document that repeats a piece until it is so large."""

    def make() -> bytes:
        one = piece.encode()
        return before.encode() + one * (size // len(one)) + after.encode()

    return make


def nested(start: str, end: str, depth: int, *, before: str = "", after: str = "") -> Maker:
    """Return a maker of elements inside each other."""

    def make() -> bytes:
        return (before + start * depth + "text" + end * depth + after).encode()

    return make


# --- what goes into each kind of document --------------------------------------------------------

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>'
ITEM = "<item><title>A dam is in danger</title><link>https://news.example/1</link>"
END = "</channel></rss>"
ATOM = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>'
PAGE = "<!doctype html><html><head><title>News</title></head><body>"
SITEMAP = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
OPML = '<?xml version="1.0"?><opml version="2.0"><body>'


def in_feed(piece: str, size: int) -> Maker:
    """Return a maker of a feed whose one item says this, escaped in CDATA."""
    return filled(
        piece,
        size,
        before=f"{RSS}{ITEM}<description><![CDATA[",
        after=f"]]></description></item>{END}",
    )


def raw_in_feed(piece: str, size: int = MOST - 4096) -> Maker:
    """Return a maker of a feed whose one item holds this as markup of its own."""
    return filled(piece, size, before=RSS + ITEM, after=f"</item>{END}")


def items(piece: str) -> Maker:
    """Return a maker of a feed with ten items, each as large as an item may be."""
    content = piece * (1_000_000 // len(piece.encode()))
    item = f"{ITEM}<description><![CDATA[{content}]]></description></item>"
    return lambda: (RSS + item * 10 + END).encode()


def dtd(definitions: str, root: str, reference: str = "") -> Maker:
    """Return a maker of documents of each kind with a DOCTYPE that defines something."""
    heads = {
        "rss": f'<rss version="2.0"><channel><title>x{reference}</title><item><title>y{reference}'
        "</title></item></channel></rss>",
        "urlset": f"<urlset><url><loc>https://news.example/{reference}</loc></url></urlset>",
        "opml": f'<opml><body><outline xmlUrl="https://news.example/{reference}"/></body></opml>',
        "html": f"<html><body><p>Text {reference} of the page</p></body></html>",
    }

    def make() -> bytes:
        return f'<?xml version="1.0"?><!DOCTYPE {root} {definitions}>{heads[root]}'.encode()

    return make


LAUGHS = (
    "["
    + '<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10))
    + "]"
)
QUADRATIC = f'[<!ENTITY a "{"x" * 70_000}">]'

FEEDS: Mapping[str, Maker] = {
    "350 KB of <!--": in_feed("<!--", 350_000),
    "700 KB of <!--": in_feed("<!--", 700_000),
    "10 MiB of <!--": in_feed("<!--", MOST - 4096),
    "10 MiB of <!-- as markup": raw_in_feed("<!--"),
    "10 MiB of <![CDATA[": raw_in_feed("<![CDATA["),
    "10 MiB of <?x": raw_in_feed("<?x "),
    "10 MiB of <!DOCTYPE": raw_in_feed("<!DOCTYPE a ["),
    "10 MiB of <": raw_in_feed("<"),
    "10 MiB of &": raw_in_feed("<description>" + "&" * 1000 + "</description>"),
    "10 MiB of &#x": raw_in_feed("&#x41"),
    "10 MiB of blanks": filled(" \n", before=" ", after=RSS + END),
    "10 MiB of comments first": filled("<!---->", after=RSS + END),
    "10 MiB of instructions first": filled("<?a?>", after=RSS + END),
    "ten items of <!--": items("<!--"),
    "ten items of <": items("<"),
    "ten items of <div>": items("<div>"),
    "ten items of <a href": items("<a href='../a'>"),
    "ten items of &": items("&amp;amp;"),
    "ten items of &#": items("&#6"),
    "ten items of blanks": items(" "),
    "ten items of new lines": items("\n"),
    "ten items of quotes": items('<a b="'),
    "ten items of <br>": items("a<br>"),
    "ten items of <script>": items("<script>"),
    "ten items of words": items("word "),
    "ten items of a word": items("a"),
    "ten items of Chinese": items("新闻"),
    "ten items of marks": items("\u0301"),
    "ten items of Hangul jamo": items("\u1100\u1161"),
    "20,000 nested <div>": in_feed("<div>", 20_000 * 5),
    "200,000 nested elements": nested("<a>", "</a>", 200_000, before=RSS, after=END),
    "250 nested, many": filled("<a>" * 240 + "x" + "</a>" * 240, before=RSS + ITEM, after=END),
    "an attribute of 8 MB": filled("a", 8_000_000, before=f'{RSS}<item a="', after=f'"/>{END}'),
    "a title of 8 MB": filled(
        "a b ", 8_000_000, before=f"{RSS}<item><title>", after=f"</title></item>{END}"
    ),
    "a tag name of 8 MB": filled("a", 8_000_000, before=f"{RSS}<", after=f"/>{END}"),
    "a guid of 8 MB": filled(
        "a", 8_000_000, before=f"{RSS}<item><guid>", after=f"</guid></item>{END}"
    ),
    "an author of 8 MB": filled(
        "a@b(", 8_000_000, before=f"{RSS}<item><author>", after=f"</author></item>{END}"
    ),
    "a date of 8 MB": filled(
        "1 ", 8_000_000, before=f"{RSS}<item><pubDate>", after=f"</pubDate></item>{END}"
    ),
    "500,000 attributes": lambda: (
        RSS + "<item " + " ".join(f'a{n}="1"' for n in range(500_000)) + "/>" + END
    ).encode(),
    "100,000 namespaces": lambda: (
        "<rss " + " ".join(f'xmlns:a{n}="u{n}"' for n in range(100_000)) + "/>"
    ).encode(),
    "200,000 items": filled(f"{ITEM}</item>", before=RSS, after=END),
    "items never closed": filled(ITEM, before=RSS),
    "items in items": filled("<item><title>a</title>", before=RSS),
    "many categories": raw_in_feed("<category>abc</category>"),
    "many authors": raw_in_feed("<author>a@b.example (A)</author>"),
    "many links": filled('<link href="/a"/>', before=f"{ATOM}<entry>", after="</entry></feed>"),
    "many enclosures": raw_in_feed('<enclosure url="/a" type="b/c" length="1"/>'),
    "many dates": raw_in_feed("<pubDate>Mon, 32 Foo 20266 99:99:99 +9999</pubDate>"),
    "many contents": raw_in_feed("<content:encoded>a</content:encoded>"),
    "relative links": in_feed("<a href='../a'>b</a>", 1_000_000),
    "not well-formed": filled(f"{ITEM}<b>&nbsp;</item>", before=RSS, after=END),
    "bytes that are no UTF-8": lambda: RSS.encode() + b"<item><title>" + b"\x80" * (MOST - 4096),
    "half of them": lambda: RSS.encode() + b"<item><title>" + b"\x80a" * (MOST // 2 - 4096),
    "xml:base in xml:base": filled('<a xml:base="b/">', 20_000, before=ATOM),
    "billion laughs": dtd(LAUGHS, "rss", "&k;"),
    "quadratic entities": dtd(QUADRATIC, "rss", "&a;" * 100_000),
}

JSON: Mapping[str, Maker] = {
    "JSON nested 100,000 deep": nested("[", "]", 100_000, before='{"items":', after="}"),
    "10 MiB of [": filled("["),
    '10 MiB of {"a":': filled('{"a":'),
    "a number of 1 MB": filled(
        "9", MIB, before='{"version":"https://jsonfeed.org/version/1","items":[{"id":', after="}]}"
    ),
    "many numbers of 4,000 digits": filled(
        "9" * 4000 + ",",
        before='{"version":"https://jsonfeed.org/version/1","items":[',
        after="1]}",
    ),
    "1e999": lambda: (
        b'{"version":"https://jsonfeed.org/version/1","items":[{"id":1e999,'
        b'"date_published":-1e999}]}'
    ),
    "10 MiB of escapes": filled(
        "\\u0041", before='{"version":"https://jsonfeed.org/version/1","title":"', after='"}'
    ),
    "500,000 JSON items": filled(
        '{"id":"1"},', before='{"version":"https://jsonfeed.org/version/1","items":[', after="{}]}"
    ),
    "10 MiB of quotes": filled('"', before="{"),
    "10 MiB of backslashes": filled("\\", before='{"'),
}

PAGES: Mapping[str, Maker] = {
    "350 KB of <!--": filled("<!--", 350_000, before=PAGE),
    "700 KB of <!--": filled("<!--", 700_000, before=PAGE),
    "10 MiB of <!--": filled("<!--", before=PAGE),
    "20,000 nested <div>": nested("<div>", "</div>", 20_000, before=PAGE),
    "2 M nested <b>": filled("<b>", before=PAGE),
    "nested tables": filled("<table><tr><td>a", 40_000 * 16, before=PAGE),
    "nested lists": filled("<ul><li>a", 40_000 * 9, before=PAGE),
    "nested quotes": filled("<blockquote><p>text of it ", 40_000 * 26, before=PAGE),
    "an attribute of 8 MB": filled("a", 8_000_000, before=f'{PAGE}<p class="', after='">x</p>'),
    "a class of 8 MB": filled("a ", 8_000_000, before=f'{PAGE}<a href="/a" class="', after='">x'),
    "a title of 8 MB": filled("a | ", 8_000_000, before="<html><head><title>", after="</title>"),
    "a paragraph of 8 MB": filled("word and, ", 8_000_000, before=f"{PAGE}<p>", after="</p>"),
    "a word of 8 MB": filled("a", 8_000_000, before=f"{PAGE}<p>", after="</p>"),
    "1 M table cells": filled("<td>", before=f"{PAGE}<table><tr>"),
    "49,000 paragraphs": filled("<p>A paragraph of some words.</p>", 49_000 * 32, before=PAGE),
    "49,000 table cells": filled("<td>text</td>", 49_000 * 13, before=f"{PAGE}<table><tr>"),
    "49,000 rows": filled("<tr>text", 49_000 * 8, before=f"{PAGE}<table>"),
    "49,000 <br>": filled("word<br>", 49_000 * 8, before=PAGE),
    "49,000 spans in one": filled("<span>a</span>", 49_000 * 14, before=f"{PAGE}<article><p>"),
    "49,000 list items": filled("<li>one item</li>", 49_000 * 17, before=f"{PAGE}<article><ul>"),
    "49,000 links": filled(
        '<a href="/a-b-c-d-12345">A story of the day here</a>', 49_000 * 52, before=PAGE
    ),
    "150,000 different links": lambda: (
        PAGE
        + "".join(
            f'<h3><a href="/n-{n}">Story number {n} of today</a></h3>' for n in range(150_000)
        )
    ).encode(),
    "links with much in them": filled(
        '<a href="/a-b-c-d-1">' + "<b>x</b>" * 2000 + "</a>", before=PAGE
    ),
    "a link in a link": filled(
        '<a href="/a-b-c-d-1"><div>one two three four ', 400_000, before=PAGE
    ),
    "200,000 metas": filled('<meta property="og:title" content="a">', before="<html><head>"),
    "200,000 authors": filled('<meta name="author" content="A B">', before="<html><head>"),
    "JSON-LD of 8 MB": filled(
        '{"@type":"NewsArticle"},',
        8_000_000,
        before='<html><head><script type="application/ld+json">[',
        after="{}]</script>",
    ),
    "JSON-LD nested": filled(
        '{"@graph":[',
        1_000_000,
        before='<html><head><script type="application/ld+json">',
        after="</script>",
    ),
    "many JSON-LD": filled(
        '<script type="application/ld+json">{"@type":"NewsArticle"}</script>', before="<html><head>"
    ),
    "10 MiB of script": filled("if(a<b&&c>d){}", before=f"{PAGE}<script>", after="</script>"),
    "10 MiB of dates": filled("2026-11-24 12.11.2026 ", before=f"{PAGE}<p>"),
    "49,000 times": filled("<time>24.11.2026</time>", 49_000 * 23, before=PAGE),
    "10 MiB of <": filled("<", before=PAGE),
    "10 MiB of <a": filled("<a ", before=PAGE),
    "10 MiB of &": filled("&", before=PAGE),
    "10 MiB of &amp;": filled("&amp;", before=PAGE),
    "10 MiB of blanks": filled(" ", before=f"{PAGE}<p>a", after="b</p>"),
    "10 MiB of new lines": filled("\n", before=f"{PAGE}<p>a", after="b</p>"),
    "10 MiB of quotes": filled('"', before=f"{PAGE}<a href="),
    "10 MiB of marks": filled("\u0301", before=f"{PAGE}<p>a"),
    "10 MiB of Chinese": filled("新闻报道", before=f"{PAGE}<p>"),
    "500,000 attributes": lambda: (
        PAGE + "<a " + " ".join(f'a{n}="1"' for n in range(500_000)) + ">x</a>"
    ).encode(),
    "feeds declared": filled(
        '<link rel=alternate type="application/rss+xml" href="/f">', before="<html><head>"
    ),
    "bytes that are no UTF-8": lambda: PAGE.encode() + b"<p>" + b"\x80" * (MOST - 4096),
    "billion laughs": dtd(LAUGHS, "html", "&k;"),
    "NUL": filled("\x00", before=PAGE),
}

SITEMAPS: Mapping[str, Maker] = {
    "200,000 pages": filled("<url><loc>https://news.example/a</loc></url>", before=SITEMAP),
    "150,000 different pages": lambda: (
        SITEMAP
        + "".join(
            f"<url><loc>https://news.example/{n}</loc><lastmod>2026-11-24</lastmod></url>"
            for n in range(130_000)
        )
        + "</urlset>"
    ).encode(),
    "pages in pages": nested("<url>", "</url>", 250, before=SITEMAP),
    "pages in pages, full": filled("<loc>a</loc>", before=SITEMAP + "<url>" * 240),
    "a page with much in it": filled("<loc>a</loc>", before=f"{SITEMAP}<url>", after="</url>"),
    "an address of 8 MB": filled("a", 8_000_000, before=f"{SITEMAP}<url><loc>https://a.example/"),
    "350 KB of <!--": filled("<!--", 350_000, before=SITEMAP),
    "10 MiB of <!--": filled("<!--", before=SITEMAP),
    "10 MiB of comments first": filled("<!---->", after=SITEMAP),
    "200,000 nested elements": nested("<a>", "</a>", 200_000, before=SITEMAP),
    "10 MiB of <": filled("<", before=SITEMAP),
    "10 MiB of &": filled("&", before=SITEMAP),
    "a list of lines": filled("https://news.example/a-b-c-d\n"),
    "one line": filled("https://news.example/"),
    "bytes that are no UTF-8": lambda: SITEMAP.encode() + b"\x80" * (MOST - 4096),
    "billion laughs": dtd(LAUGHS, "urlset", "&k;"),
    "quadratic entities": dtd(QUADRATIC, "urlset", "&a;" * 100_000),
}

ROBOTS: Mapping[str, Maker] = {
    "1 MiB of rules": filled("Disallow: /a\n", MIB, before="User-agent: *\n"),
    "1 MiB of stars": filled("Disallow: /" + "*a" * 800 + "\n", MIB, before="User-agent: *\n"),
    "stars that nearly fit": filled(
        "Disallow: /*" + "a*" * 40 + "b$\n", MIB, before="User-agent: *\n"
    ),
    "one line": filled("a", MIB, before="User-agent: *\nDisallow: /"),
    "one line of stars": filled("*", MIB, before="User-agent: *\nDisallow: /"),
    "1 MiB of agents": filled("User-agent: a\n", MIB),
    "1 MiB of our name": filled("User-agent: newsroom-monitor\n", MIB, after="Disallow: /\n"),
    "1 MiB of sitemaps": filled("Sitemap: https://news.example/a\n", MIB),
    "1 MiB of empty lines": filled("\r", MIB),
    "1 MiB of delays": filled("Crawl-delay: 9999999999999999999\n", MIB, before="User-agent: *\n"),
    "1 MiB of escapes": filled("Disallow: /%aa%bb%cc\n", MIB, before="User-agent: *\n"),
    "1 MiB of bytes that are no UTF-8": lambda: b"\x80" * MIB,
    "a page": filled("<p>Not found</p>", MIB),
}

LISTS: Mapping[str, Maker] = {
    "400,000 feeds": filled('<outline xmlUrl="https://a.example/"/>', before=OPML),
    "nested 500,000 deep": filled('<outline text="a">', before=OPML),
    "an attribute name of 8 MB": filled("a", 8_000_000, before=f"{OPML}<outline ", after="/>"),
    "names without values": filled("a b:c ", 8_000_000, before=f"{OPML}<outline ", after="/>"),
    "blanks before =": filled(" ", 8_000_000, before=f"{OPML}<outline a", after='="1"/>'),
    "an attribute of 8 MB": filled("a", 8_000_000, before=f'{OPML}<outline xmlUrl="', after='"/>'),
    "a quote without end": filled("<outline a='", before=OPML),
    "both quotes": filled("<outline a='\"", before=OPML),
    "10 MiB of <outline": filled("<outline ", before=OPML),
    "350 KB of <!--": filled("<!--", 350_000, before=OPML),
    "10 MiB of <!--": filled("<!--", before=OPML),
    "10 MiB of <![CDATA[": filled("<![CDATA[", before=OPML),
    "10 MiB of <": filled("<", before=OPML),
    "10 MiB of &": filled("&amp;", before=f'{OPML}<outline text="', after='" xmlUrl="http://a/"/>'),
    "categories": filled(
        "/a,", before=f'{OPML}<outline xmlUrl="http://a/" category="', after='"/>'
    ),
    "billion laughs": dtd(LAUGHS, "opml", "&k;"),
    "quadratic entities": dtd(QUADRATIC, "opml", "&a;" * 100_000),
    "bytes that are no UTF-8": lambda: OPML.encode() + b"\x80" * (MOST - 4096),
}
