"""Whose page an address is."""

import pytest

from ingester.urls.owners import owner_of


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://paper.example/a", "paper.example"),
        ("https://sport.paper.example/a?b", "paper.example"),
        ("https://www.paper.co.uk/", "paper.co.uk"),
        ("https://news.paper.com.vn/x", "paper.com.vn"),
        ("https://hanoi.gov.vn/x", "hanoi.gov.vn"),
        # Towns of Japan and schools of the United States are suffixes, too.
        ("https://www.city.kobe.jp/news", "city.kobe.jp"),
        ("https://news.paper.kyoto.jp/news", "paper.kyoto.jp"),
        ("https://one.blogspot.com/a", "one.blogspot.com"),
        ("https://en.one.wordpress.com/a", "one.wordpress.com"),
        ("https://wordpress.com/a", "wordpress.com"),
        ("https://one.github.io/a", "one.github.io"),
        ("https://例子.公司.cn/a", "xn--fsqu00a.xn--55qx5d.cn"),
        ("http://127.0.0.1:8000/a", "127.0.0.1:8000"),
        ("http://localhost:8001/a", "localhost:8001"),
        ("https://com.vn/", "com.vn"),
        ("", ""),
    ],
)
def test_owner_of_an_address(url: str, owner: str) -> None:
    assert owner_of(url) == owner
