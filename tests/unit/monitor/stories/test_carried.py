"""Who published an article that a source only lists."""

import pytest

from monitor.stories.carried import outlet_of, publisher_of
from tests.builders import a_source, an_article


@pytest.mark.parametrize(
    ("name", "feed", "url", "publisher"),
    [
        (
            "Google Alert - port strike",
            "https://www.google.com/alerts/feeds/1/2",
            "https://sport.paper.example/a",
            "paper.example",
        ),
        ("Links", "https://planet.example/feed", "https://one.blogspot.com/a", "one.blogspot.com"),
        # Its own, however many hosts it has, or as its name says.
        ("Paper", "https://feeds.paper.example/rss", "https://www.paper.example/a", ""),
        ("BBC News", "https://feeds.bbci.co.uk/news/rss.xml", "https://www.bbc.com/news/1", ""),
        ("The Guardian", "https://feeds.example/guardian", "https://www.theguardian.com/a", ""),
        ("Guardian", "https://feeds.example/guardian", "https://www.theguardian.com/a", ""),
        ("Links", "https://planet.example/feed", "", ""),
    ],
)
def test_a_list_of_others_articles_says_whose_they_are(
    name: str, feed: str, url: str, publisher: str
) -> None:
    assert publisher_of(an_article(url=url), a_source(name=name, url=feed)) == publisher


def test_a_folder_of_documents_is_called_by_its_name() -> None:
    folder = a_source(kind="folder", url="/srv/press", name="seeds")
    assert publisher_of(an_article(url="https://paper.example/a"), folder) == ""


def test_an_article_of_an_aggregator_is_the_outlet_s_that_it_names() -> None:
    url = "https://lists.example/go/1"
    article = an_article(url=url, publisher="paper.example")
    lists = a_source(name="Port strikes", url="https://lists.example/feed")
    assert outlet_of(article) == publisher_of(article, lists) == "paper.example"
    assert outlet_of(an_article(url=url)) == "lists.example"
    assert publisher_of(article, a_source(name="Paper", url="https://lists.example/feed")) == ""
