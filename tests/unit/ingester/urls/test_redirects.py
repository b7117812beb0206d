"""Links through counters of clicks, and where they lead."""

import pytest

from ingester.urls.redirects import target_of
from ingester.urls.urls import canonical_url, identity_key

PAGE = "https://paper.example/world/signing?a=1&b=2"
WRAPPED = "https%3A%2F%2Fpaper.example%2Fworld%2Fsigning%3Fa%3D1%26b%3D2"


@pytest.mark.parametrize(
    "link",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={WRAPPED}&ct=ga&cd=CAI&usg=AOv",
        # As Google Alerts writes it: only what would end the value is escaped.
        "https://www.google.com/url?rct=j&sa=t&url=https://paper.example/world/signing%3Fa%3D1%26b%3D2&ct=ga",
        f"http://google.co.uk/url?q={WRAPPED}&sa=U",
        f"https://www.google.com.vn/url?url=&q={WRAPPED}",
        f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=5f&url={WRAPPED}&c=1&mkt=en-us",
        f"https://duckduckgo.com/l/?uddg={WRAPPED}&rut=ab",
        f"https://l.facebook.com/l.php?u={WRAPPED}&h=AT0",
        f"https://eur01.safelinks.protection.outlook.com/?url={WRAPPED}&data=05",
        f"https://www.youtube.com/redirect?event=x&q={WRAPPED}",
        f"https://vk.com/away.php?to={WRAPPED}",
        "https://www.google.com/amp/s/paper.example/world/signing?a=1&b=2",
        "https://paper-example.cdn.ampproject.org/c/s/paper.example/world/signing?a=1&b=2",
        # One in another.
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3D"
        "https%253A%252F%252Fpaper.example%252Fworld%252Fsigning%253Fa%253D1%2526b%253D2",
    ],
)
def test_a_link_is_that_of_the_article_to_which_it_leads(link: str) -> None:
    assert target_of(link) == PAGE
    assert canonical_url(link) == PAGE
    assert identity_key(link) == identity_key(PAGE)


def test_a_paper_that_counts_clicks_on_a_host_of_its_own() -> None:
    link = "https://go.theregister.com/feed/www.theregister.com/2026/11/28/patches/"

    assert target_of(link) == "https://www.theregister.com/2026/11/28/patches/"


@pytest.mark.parametrize(
    "link",
    [
        "https://news.google.com/rss/articles/CBMiWkFVX3lxTE9?oc=5",  # says nothing of where to
        "https://www.google.com/search?q=https://paper.example/a",
        "https://www.google.com/url?q=/search",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=https://",
        "https://www.google.com/url?q=https://paper.example/a%00",
        "https://www.google.com/url?q=https://paper.example/%0D%0Aa",
        "https://www.google.com/url?q=https%3A%2F%2Fpaper.example%2F%E4",
        "https://google.evil.example/url?q=https://paper.example/a",
        "https://notgoogle.com/url?q=https://paper.example/a",
        "https://paper.example/url?url=https://other.example/a",
        "https://paper.example/l/?uddg=https://other.example/a",
        "https://www.theregister.com/feed/www.theregister.com/a",
        "",
        "not a link",
        "ftp://www.google.com/url?q=https://paper.example/a",
    ],
)
def test_all_other_links_stay(link: str) -> None:
    assert target_of(link) == link


def test_however_a_counter_is_spelled_once_is_enough() -> None:
    spelled = f"https://WWW.google.com:443/%75rl?utm_source=x&q={WRAPPED}"

    assert canonical_url(spelled) == PAGE
    assert canonical_url(PAGE) == PAGE


def test_addresses_in_other_encodings_stay_two() -> None:
    links = [
        f"https://www.google.com/url?q=https://paper.example/%{end}&sa=U" for end in ("E4", "E5")
    ]

    assert [target_of(link) for link in links] == [
        f"https://paper.example/%{end}" for end in ("E4", "E5")
    ]
    assert len({identity_key(link) for link in links}) == 2


def test_links_in_links_without_end_are_read_in_one_pass() -> None:
    nested = "https://www.google.com/url?q=" * 200 + "https://paper.example/a"

    assert canonical_url(nested) == "https://paper.example/a"
