"""The fast way through a feed says what feedparser says, or declines."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from html import escape

import pytest

from ingester.entry import Feed, ParseError
from ingester.feeds.fast import read_strict
from ingester.feeds.lenient import read_xml
from ingester.text.encoding import decode
from tests.places import SHARED

DATA = SHARED / "data"
URL = "https://news.example/rss/all.xml"

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:media="http://search.yahoo.com/mrss/" xmlns:shop="https://shop.example/ns">
<channel><title>The Daily &amp; Sunday</title><link>https://news.example/</link>
<description>All news</description><language>en-GB</language><ttl>30</ttl>
<atom:link rel="self" href="https://news.example/rss/all.xml"/>
<image><url>https://news.example/i.png</url><title>Logo</title><link>https://x.example</link></image>
%s</channel></rss>"""
ITEM = """<item><title>Dam &lt;b&gt;breaks&lt;/b&gt;</title><link>/2026/dam?a=1&amp;b=2</link>
<guid isPermaLink="false">n-1</guid><pubDate>Tue, 24 Nov 2026 08:00:00 +0700</pubDate>
<description><![CDATA[<p>Water <a href="/x">rises</a></p>]]></description>
<content:encoded><![CDATA[<p>Long text</p>]]></content:encoded>
<dc:creator>Ann Lee</dc:creator><author>desk@news.org (Bo Li)</author>
<category domain="x">Floods</category><category>Floods</category>
<media:content url="https://news.example/a.jpg"><media:credit>Reuters</media:credit></media:content>
<enclosure url="/a.mp3" type="Audio/MPEG" length="1"/><shop:price>12</shop:price></item>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="sv_SE">
<title type="html">A &amp;amp; B</title>
<id>urn:feed:1</id><link href="https://news.example/"/><link rel="self" href="/atom"/>
<updated>2026-11-24T01:00:00Z</updated><author><name>Desk</name></author>
%s</feed>"""
ENTRY = """<entry><title>Skred i Åre</title><id>tag:news.example,2026:1</id>
<link href="/skred" /><link rel="enclosure" type="image/png" href="/s.png"/>
<published>2026-11-24T07:00:00+07:00</published><updated>2026-11-24T01:00:00.5Z</updated>
<category term="natur" label="Natur"/>
<content type="html">&lt;p&gt;Snö&lt;/p&gt;</content></entry>"""
RDF = """<rdf:RDF xmlns="http://purl.org/rss/1.0/" xml:lang="fr"
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns:shop="https://shop.example/ns">
<channel rdf:about="https://news.example/rdf"><title>Le Jour</title>
<link>https://news.example/</link><description>Tout</description><dc:language>fr-CA</dc:language>
<sy:updatePeriod>hourly</sy:updatePeriod><image rdf:resource="https://news.example/i.png"/>
<items><rdf:Seq><rdf:li rdf:resource="https://news.example/1"/></rdf:Seq></items></channel>
%s</rdf:RDF>"""
RDF_IMAGE = """<image rdf:about="https://news.example/i.png"><title>Logo</title>
<url>https://news.example/i.png</url><link>https://x.example/</link></image>"""
RDF_ITEM = """<item rdf:about="https://news.example/1"><title>Crue</title>
<link>https://news.example/1?a=1&amp;b=2</link><description>&lt;p&gt;L'eau monte&lt;/p&gt;
</description><dc:creator>Ann Lee</dc:creator><dc:date>2026-11-24T08:00:00+07:00</dc:date>
<dc:subject>Crues</dc:subject></item>"""


def without_parser(feed: Feed) -> Feed:
    return replace(feed, parser="")


def agreed(text: str) -> Feed:
    """Return what both say, which must be the same."""
    fast = read_strict(text, url=URL)
    assert fast is not None
    assert without_parser(fast) == without_parser(read_xml(text, url=URL))
    return fast


def test_rss_as_news_sites_write_it_is_taken() -> None:
    feed = agreed(RSS % ITEM)
    (entry,) = feed.entries
    assert feed.parser == "lxml"
    assert (feed.title, feed.language) == ("The Daily & Sunday", "en-GB")
    assert entry.url == "https://news.example/2026/dam?a=1&b=2"
    assert (entry.id, entry.title, entry.content) == ("n-1", "Dam breaks", "<p>Long text</p>")
    assert entry.authors == ("Ann Lee", "Bo Li")
    assert entry.categories == ("Floods",)
    assert entry.enclosures[0].url == "https://news.example/a.mp3"
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2026-11-24T01:00:00+00:00"


LISTED = """<item><title>%s</title><link>%s</link><guid isPermaLink="false">a</guid>
<source url="https://www.harbour.example">Harbour &amp;amp; Co</source></item>"""
AT_GOOGLE = "https://news.google.com/rss/articles/CBMi?oc=5"
AT_ANOTHER = "https://lists.example/go/1"


@pytest.mark.parametrize(
    ("title", "url", "left", "is_theirs"),
    [
        ("Dam breaks - Harbour &amp;amp; Co", AT_GOOGLE, "Dam breaks", True),
        ("Dam breaks | HARBOUR &amp;amp; CO", AT_ANOTHER, "Dam breaks", True),
        ("Late - Dam breaks – Harbour &amp;amp; Co", AT_ANOTHER, "Late - Dam breaks", True),
        ("Dam breaks", AT_GOOGLE, "Dam breaks", True),
        # Papers name agencies so, and are still who prints it.
        ("Dam breaks", AT_ANOTHER, "Dam breaks", False),
        ("At the Harbour &amp;amp; Co", AT_ANOTHER, "At the Harbour & Co", False),
        ("Harbour &amp;amp; Co", AT_ANOTHER, "Harbour & Co", False),
        (" - Harbour &amp;amp; Co", AT_ANOTHER, "- Harbour & Co", False),
    ],
)
def test_an_entry_of_an_aggregator_is_the_paper_s_that_it_names(
    title: str, url: str, left: str, is_theirs: bool
) -> None:
    (entry,) = agreed(RSS % (LISTED % (title, url))).entries
    assert entry.title == left
    assert entry.publisher == ("https://www.harbour.example" if is_theirs else "")


@pytest.mark.parametrize(
    ("last", "is_cut"),
    [
        ('&nbsp;&nbsp;<font color="#6f6f6f">Harbour &amp; Co</font>', True),
        ("<small>Another &amp; Co</small>", False),
        ("<p>By Harbour &amp; Co</p>", False),
        ("Harbour &amp; Co", False),
        ("</font>", False),
    ],
)
def test_the_paper_s_name_at_the_end_of_a_summary_is_not_what_it_says(
    last: str, is_cut: bool
) -> None:
    told = '<a href="https://news.google.com/rss/articles/CBMi">Dam breaks</a>'
    item = (LISTED % ("Dam breaks - Harbour &amp;amp; Co", AT_GOOGLE)).replace(
        "</item>", f"<description><![CDATA[{told}{last}]]></description></item>"
    )
    (entry,) = agreed(RSS % item).entries
    assert entry.summary == (told if is_cut else f"{told}{last}")


def test_a_source_without_an_address_only_leaves_the_title() -> None:
    item = (LISTED % ("Dam breaks - Harbour &amp;amp; Co", AT_GOOGLE)).replace(
        ' url="https://www.harbour.example"', ""
    )
    (entry,) = agreed(RSS % item).entries
    assert (entry.title, entry.publisher) == ("Dam breaks", "")


def test_an_author_s_address_may_end_in_a_long_name() -> None:
    item = "<item><author>ann@paper.media (Ann Bee)</author></item>"
    feed = read_strict(RSS % item, url=URL)
    assert feed is not None
    assert feed.entries[0].authors == ("Ann Bee",)


def test_the_whole_text_stands_where_feeds_for_yandex_have_it() -> None:
    whole = "The wall gave way near Ostwick on Monday at dawn."
    for name, tag in (("news", "full-text"), ("turbo", "content")):
        y = "yandex" if name == "news" else name
        text = f'<{y}:{tag} xmlns:{y}="http://{name}.yandex.ru">{whole}</{y}:{tag}>'
        item = f"<item><description>The wall gave way.</description>{text}</item>"
        assert agreed(RSS % item).entries[0].content == whole


def test_the_language_of_a_feed_says_which_month_its_dates_mean() -> None:
    local = "<pubDate>uto, 13 lis 2026 10:00:00 +0100</pubDate>"
    for language, month in (("hr", 10), ("pl", 11)):
        head = f"<title>x</title><language>{language}</language>"
        item = f"{head}<item><title>y</title>{local}</item>"
        said = agreed(f'<rss version="2.0"><channel>{item}</channel></rss>').entries[0].published_at
        assert said == datetime(2026, month, 13, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("host", "language", "hour"),
    [("blatt.de", "ko", 8), ("paper.com", "ko", 1), ("paper.com", "en", 10)],
)
def test_times_without_a_zone_are_those_of_the_country_of_the_feeds_host_or_of_its_language(
    host: str, language: str, hour: int
) -> None:
    item = "<item><title>y</title><pubDate>2026-07-24 10:00</pubDate></item>"
    head = f"<title>x</title><language>{language}</language>"
    text = f'<rss version="2.0"><channel>{head}{item}</channel></rss>'
    url = f"https://www.{host}/feed"
    for read in (read_strict(text, url=url), read_xml(text, url=url)):
        assert read
        assert read.entries[0].published_at == datetime(2026, 7, 24, hour, tzinfo=UTC)


def test_links_of_an_entry_may_have_a_place_of_their_own() -> None:
    entry = (
        '<entry><title>x</title><content type="html" xml:base="https://news.example/a/b.html">'
        '&lt;img src="c.png"&gt;</content></entry>'
    )
    content = agreed(ATOM % entry).entries[0].content
    assert content == '<img src="https://news.example/a/c.png">'
    assert read_strict(ATOM % entry.replace("https://news.example", ""), url=URL) is None


def test_atom_as_news_sites_write_it_is_taken() -> None:
    feed = agreed(ATOM % ENTRY)
    (entry,) = feed.entries
    assert (feed.title, feed.language, entry.language) == ("A & B", "sv-SE", "sv-SE")
    assert (entry.authors, entry.categories) == (("Desk",), ("Natur",))
    assert entry.summary == entry.content == "<p>Snö</p>"


def test_rdf_as_news_sites_write_it_is_taken() -> None:
    feed = agreed(RDF % (RDF_IMAGE + RDF_ITEM))
    (entry,) = feed.entries
    assert (feed.title, feed.link, feed.language) == ("Le Jour", "https://news.example/", "fr-CA")
    assert entry.id == "https://news.example/1"
    assert entry.url == "https://news.example/1?a=1&b=2"
    assert (entry.title, entry.summary) == ("Crue", "<p>L'eau monte</p>")
    assert (entry.authors, entry.categories, entry.language) == (("Ann Lee",), ("Crues",), "fr")
    assert entry.updated_at is not None
    assert agreed(RDF % (RDF_ITEM + RDF_IMAGE)).entries == feed.entries


def test_the_language_at_the_root_of_rdf_is_that_of_its_items() -> None:
    feed = agreed((RDF % RDF_ITEM).replace("<dc:language>fr-CA</dc:language>", ""))
    assert (feed.language, feed.entries[0].language) == ("", "fr")


@pytest.mark.parametrize(
    "item",
    [
        "<item/>",
        "<item rdf:about=''><title>x</title></item>",
        "<item rdf:about=' tag:a '><title>x</title><link> https://news.example/2 </link></item>",
        "<item rdf:about='/a'><title>x</title><link>/a</link></item>",
        "<item rdf:about='https://news.example/1'><title>x</title></item>",
        "<item rdf:about='https://news.example/1'><link>https://news.example/1</link></item>",
        "<item rdf:about='Ã©tÃ©'><title>Ã©tÃ©</title><link>javascript:alert(1)</link></item>",
        "<item><description>a</description><content:encoded>b</content:encoded></item>",
        "<item><title>own</title><media:title>other</media:title><shop:price>1</shop:price></item>",
        RDF_ITEM * 3,
    ],
)
def test_awkward_items_of_rdf_mean_the_same(item: str) -> None:
    agreed(RDF % item)


@pytest.mark.parametrize(
    "item",
    [
        "<item><guid>https://news.example/1</guid></item>",
        "<item><guid>no url</guid><title>x</title></item>",
        "<item><guid>https://news.example/1</guid><link>https://news.example/1</link></item>",
        "<item><link>https://news.example/1</link><guid>https://news.example/1</guid></item>",
        "<item><link></link><guid>https://news.example/1</guid></item>",
        "<item><link>javascript:alert(1)</link><title>x</title></item>",
        "<item><link>//other.example/x</link><description></description></item>",
        "<item><content:encoded>first</content:encoded><description>then</description></item>",
        "<item><content:encoded>alone</content:encoded></item>",
        "<item><title>AT&amp;amp;T</title><link>https://n.example/?a&amp;amp;b&amp;c;d</link></item>",
        "<item><title>Ã©tÃ©</title><category>  </category><author></author></item>",
        "<item><dc:date>2026-11-24</dc:date><pubDate>yesterday-ish</pubDate></item>",
        "<item><title>own</title><media:title>other</media:title></item>",
        "<item><media:title type='plain'>other</media:title><title>own</title></item>",
        "<item><media:category>a</media:category><media:category label='L'>b</media:category>"
        "<media:category scheme='x'/></item>",
        "<item><author>a@b.org</author></item>",
        "<item><author>Ann Lee &lt;a@news.org&gt;</author></item>",
        "<item><author>Ann Lee (a@news.org)</author></item>",
        "<item><dc:creator>a@news.org</dc:creator><author>a@news.org (Ann Lee)</author></item>",
        ("<item><description>long " + "x" * 100_000 + "</description></item>") * 20,
        "<item><title>twice</title><guid>1</guid></item><item><guid>1</guid></item>",
        "",
    ],
)
def test_awkward_items_mean_the_same(item: str) -> None:
    agreed(RSS % item)


def test_an_atom_feed_may_say_when_it_was_published_and_who_helped() -> None:
    helper = "<contributor><name>Bo</name><email>bo@news.org</email><uri>/bo</uri></contributor>"
    said = f"<published>2026-11-24T01:00:00Z</published>{helper}"
    entry = ENTRY.replace("<published>", f"{helper}<published>")
    assert agreed(ATOM % (said + entry)).entries[0].authors == ("Desk",)


def test_a_feed_of_several_megabytes_is_taken() -> None:
    items = "".join(
        f"<item><guid>n-{number}</guid><description>{'word ' * 800}</description></item>"
        for number in range(1_000)
    )
    assert len(agreed(RSS % items).entries) == 1_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html><body/></html>",
        "<!DOCTYPE rss><rss version='2.0'><channel/></rss>",
        '<!DOCTYPE r [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>',
        RSS % "<item><title>A & B</title></item>",
        RSS % "<item><title>A</title>",
        RSS % "<item><title>A</title><title>B</title></item>",
        RSS % "<item><title>A <b>bold</b></title></item>",
        RSS % "<item xml:base='https://x.example/'><title>A</title></item>",
        RSS % "<item><description>&nbsp;</description></item>",
        RSS % "<item><title>\x96</title></item>",
        RSS % "<item><media:title>other</media:title></item>",
        RSS % "<item><title/><media:title>other</media:title></item>",
        RSS % "<item><media:description>other</media:description></item>",
        RSS % "<item><dc:title>other</dc:title></item>",
        RSS % "<item><summary>other</summary></item>",
        RSS % "<item><author>Ann a@b.example</author></item>",
        RSS % "<item><atom:link href='https://x.example/'/></item>",
        RSS % "<item><link>https:////x.example</link></item>",
        RSS % f"<item><guid>{'g' * 20_000}</guid></item>",
        RSS % ("<item/>" * 2_001),
        RSS % f"<item><description>{'d' * 1_100_000}</description></item>",
        ATOM % "<entry><title type='xhtml'><div/></title></entry>",
        ATOM % "<entry><content type='application/xml'><a/></content></entry>",
        ATOM % "<entry><content src='https://x.example/'/></entry>",
        ATOM % "<entry><source/></entry>",
        ATOM % "<entry><title xml:lang='en'>x</title></entry>",
        ATOM % "<entry/><author><name>late</name></author>",
        RDF % "<item rdf:about='a'><title>x</title><guid>1</guid></item>",
        RDF % "<item><pubDate>2026-11-24</pubDate></item>",
        RDF % "<title>late</title>",
        RDF % "<textinput rdf:about='a'><title>x</title></textinput>",
        RDF % "<image><title>x</title><dc:title>y</dc:title></image>",
        RDF % "<channel/>",
        (RDF % RDF_ITEM).replace("</channel>", "<item/></channel>"),
        (RDF % RDF_ITEM).replace("</rdf:Seq>", "more</rdf:Seq><title>x</title>"),
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
    ],
)
def test_what_is_unusual_is_declined(text: str) -> None:
    assert read_strict(text, url=URL) is None


@pytest.mark.parametrize("whole", [RSS, RDF])
def test_feeds_put_together_by_chance_mean_the_same(whole: str) -> None:
    """Whatever parts come together in whatever order: taken means understood."""
    chance = random.Random(20_261_124)
    texts = (
        "",
        "x",
        " y ",
        "Été",
        "Ã©",
        "&lt;i&gt;z&lt;/i&gt;",
        "&amp;amp;",
        "https://n.example/1",
    )
    names = ("title", "link", "description", "content:encoded", "dc:creator", "dc:date")
    names += ("dc:subject", "shop:price", "media:credit", "media:thumbnail", "dc:rights")
    if whole is RSS:
        names += ("guid", "pubDate", "author", "category", "comments", "enclosure", "source")
        names += ("image", "thumb")
    taken = 0
    for _ in range(600):
        items = []
        for _ in range(chance.randint(0, 3)):
            parts = chance.sample(names, chance.randint(0, 8))
            parts += chance.sample(parts, chance.randint(0, 1)) if parts else []
            items.append("".join(f"<{n}>{chance.choice(texts)}</{n}>" for n in parts))
        text = whole % "".join(f"<item>{item}</item>" for item in items)
        fast = read_strict(text, url=URL)
        if fast is not None:
            taken += 1
            assert without_parser(fast) == without_parser(read_xml(text, url=URL)), text
    assert taken > 200


if (DATA / "manifest.json").is_file():

    def test_all_feeds_of_the_suites_mean_the_same() -> None:
        cases = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))["cases"]
        taken = 0
        for case in cases:
            if case["kind"] != "feed":
                continue
            body = (DATA / case["file"]).read_bytes()
            text = decode(body).text.lstrip("\ufeff\x00 \t\r\n\f\x0b")
            url = case.get("url") or URL
            fast = read_strict(text, url=url)
            if fast is not None:
                taken += 1
                try:
                    slow = read_xml(text, url=url)
                except ParseError as error:
                    pytest.fail(f"{case['file']}: taken, but feedparser's way refuses it: {error}")
                assert without_parser(fast) == without_parser(slow), case["file"]
        assert taken > 800


@pytest.mark.parametrize(
    "author", ["desk@paper.online (Ann Bee)", "Ann Bee <a@paper.example>", "a@b.com (Ann Bee)"]
)
def test_an_author_is_the_name_beside_the_address(author: str) -> None:
    said = f"<author>{escape(author)}</author>"
    text = f'<rss version="2.0"><channel><title>x</title><item><title>y</title>{said}'
    for read in (read_strict, read_xml):
        feed = read(f"{text}</item></channel></rss>", url="https://paper.com/feed")
        assert feed
        assert feed.entries[0].authors == ("Ann Bee",)
