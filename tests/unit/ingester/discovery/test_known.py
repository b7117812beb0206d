"""Services that host many voices, and where they keep the feed of each."""

import pytest

from ingester.discovery.known import guessed_feeds, known_feeds

CHANNEL = "UC" + "a1_-" * 5 + "bc"


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        (
            f"https://www.youtube.com/channel/{CHANNEL}/videos",
            f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}",
        ),
        (
            "https://youtube.com/playlist?list=PL12-x",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL12-x",
        ),
        ("https://old.reddit.com/r/harbour/", "https://www.reddit.com/r/harbour/.rss"),
        ("https://github.com/quay/crane", "https://github.com/quay/crane/releases.atom"),
        ("https://github.com/quay/crane/releases", "https://github.com/quay/crane/releases.atom"),
        (
            "https://gitlab.com/quay/docks/crane",
            "https://gitlab.com/quay/docks/crane/-/releases.atom",
        ),
        ("https://medium.com/@pilot", "https://medium.com/feed/@pilot"),
        ("https://bsky.app/profile/pilot.example", "https://bsky.app/profile/pilot.example/rss"),
        (
            "https://news.google.com/search?q=harbour&hl=en",
            "https://news.google.com/rss/search?q=harbour&hl=en",
        ),
        (
            "https://stackoverflow.com/questions/tagged/docks?tab=newest",
            "https://stackoverflow.com/feeds/tag/docks",
        ),
        ("https://arxiv.org/list/cs.CL/recent", "https://rss.arxiv.org/rss/cs.CL"),
        ("https://quay.blogspot.com/", "https://quay.blogspot.com/feeds/posts/default"),
        ("https://quay.blogspot.co.uk/", "https://quay.blogspot.co.uk/feeds/posts/default"),
    ],
)
def test_the_feed_of_a_page_of_a_known_service_comes_first(page: str, feed: str) -> None:
    assert next(known_feeds(page)) == feed


@pytest.mark.parametrize(
    "page",
    [
        "https://harbour.example/",
        "https://harbour.example/r/news",
        "https://github.com/",
        "https://github.com/topics/news",
        "https://github.com/quay/crane/issues/4",
        "https://www.youtube.com/",
        "https://notreddit.com/r/harbour",
        "https://github.com/sponsors/quay",
        "https://github.com.harbour.example/quay/crane",
        "https://github.com@harbour.example/quay/crane",
        "https://quay.blogspot.harbour.example/",
        "https://gitlab.com/quay/crane/-/tree/main",
        f"https://news.google.com/search?q={'harbour+' * 300}",
        "ftp://github.com/quay/crane",
        "https://[::1",
        "",
    ],
)
def test_other_pages_have_none(page: str) -> None:
    assert not list(known_feeds(page))


def test_names_and_passwords_are_not_carried_to_a_service() -> None:
    assert [*known_feeds("https://me:secret@old.reddit.com/r/harbour")] == [
        "https://www.reddit.com/r/harbour/.rss"
    ]


def test_a_long_search_is_kept_whole() -> None:
    search = f"search?q={'harbour+' * 100}&hl=en"
    assert [*known_feeds(f"https://news.google.com/{search}")] == [
        f"https://news.google.com/rss/{search}"
    ]


@pytest.mark.parametrize(
    ("page", "feeds"),
    [
        ("https://toots.example/@pilot/", ["https://toots.example/@pilot.rss"]),
        ("http://toots.example:3000/@pilot", ["http://toots.example:3000/@pilot.rss"]),
        ("https://toots.example/@pilot/112", []),
        ("ftp://toots.example/@pilot", []),
        ("https:/@pilot", []),
        ("https://[::1", []),
    ],
)
def test_the_feed_of_a_voice_is_guessed_at_its_own_origin(page: str, feeds: list[str]) -> None:
    assert [*guessed_feeds(page)] == feeds
