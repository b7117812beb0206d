"""Feeds that are not well-formed, as feedparser is given them."""

import pytest

from ingester.feeds.lenient import read_xml
from tests.growth import grows_no_faster_than_its_input

URL = "https://news.example/feed"


def first(inside: str) -> tuple[str, str]:
    """Title and address of the entry of a feed that no strict parser reads."""
    text = f"<rss version=2.0><channel><title>News</title><item>{inside}</item></channel></rss>"
    entry = read_xml(text, url=URL).entries[0]
    return entry.title, entry.url


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("S&P and H&M close shops", "S&P and H&M close shops"),
        ("Bed & breakfast, T&amp;C, caf&eacute;, &#233;", "Bed & breakfast, T&C, café, é"),
        ("<![CDATA[S&P, up &amp; down]]>", "S&P, up & down"),
    ],
)
def test_an_ampersand_that_begins_no_reference_is_one(written: str, title: str) -> None:
    link = "<link>https://news.example/a?id=1&page=2&amp;x=3</link>"
    assert first(f"<title>{written}</title>{link}") == (
        title,
        "https://news.example/a?id=1&page=2&x=3",
    )


@pytest.mark.parametrize("part", ["&", "<![CDATA[&", "<!--&", "http://&", "&amp"])
def test_ampersands_are_read_in_linear_time(part: str) -> None:
    def read(size: int) -> None:
        text = (
            f"<rss version=2.0><channel><item><title>{part * size}</title></item></channel></rss>"
        )
        read_xml(text, url=URL)

    assert grows_no_faster_than_its_input(read, 2_000)
