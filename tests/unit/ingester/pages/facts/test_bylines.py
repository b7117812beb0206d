"""Authors that nothing marks as such: names beside dates, in data, below the article."""

import pytest

from ingester.pages.facts.names import without_address
from ingester.pages.kind import read_page
from tests.growth import grows_no_faster_than_its_input

TEXT = "<p>The evening ferry between the old quay and the island sails again, they said.</p>" * 5


def authors(byline: str, *, head: str = "", box: str = "", after: str = "") -> tuple[str, ...]:
    html = (
        f"<html lang='en'><head>{head}</head><body><main {box}><h1>Ferry returns</h1>{byline}"
        f"<div>{TEXT}</div>{after}</main></body></html>"
    )
    url = "https://www.harbourpost.example/2026/ferry"
    return read_page(html.encode(), url=url, content_type="text/html; charset=utf-8").authors


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("<div><span>Ann Bee</span> | <span>24 November 2026</span></div>", "Ann Bee"),
        ("<p>24 November 2026 • Anke de Wit</p>", "Anke de Wit"),
        ("<ul><li>Nguyễn Minh Châu</li><li>24/11/2026 10:04</li></ul>", "Nguyễn Minh Châu"),
        ("<p><a href='/author/ann-bee'>Ann Bee</a> - 24.11.2026</p>", "Ann Bee"),
        ("<div><b>Local</b> <i>Ann Bee</i> <time>November 24, 2026</time></div>", "Ann Bee"),
    ],
)
def test_a_name_that_stands_beside_the_date_is_the_author(byline: str, name: str) -> None:
    assert authors(byline) == (name,)


@pytest.mark.parametrize(
    "byline",
    [
        "<p>Press Release | 24 November 2026</p>",
        "<p>Top Stories • 24 November 2026</p>",
        "<p>Hong Kong | 24 November 2026</p>",
        "<p><a href='/local/ann-bee'>Ann Bee</a> | 24 November 2026</p>",
        "<p>Harbour Post | 24 November 2026</p>",
        "<p>HARBOUR FERRIES | 24 November 2026</p>",
        "<p>Share this | 24 November 2026</p>",
        "<p>Ann Bee</p>",
        "<div class='related'><p>Ann Bee | 24 November 2026</p></div>",
        "<p>24 November 2026 | 5 min | Ann Bee</p>",
    ],
)
def test_what_else_stands_beside_the_date_is_nobody(byline: str) -> None:
    assert authors(byline) == ()


def test_a_name_that_only_stands_beside_the_date_is_believed_where_nothing_else_is_said() -> None:
    site = "<meta property='og:site_name' content='Harbour Post'>"
    head = f"{site}<meta name='author' content='Harbour Post'>"
    byline = "<p>Ann Bee | 24 November 2026</p>"
    assert authors(byline, head=head) == ("Harbour Post",)
    assert authors(byline, head="<meta name='author' content='Carl Dee'>") == ("Carl Dee",)


def test_the_box_of_an_article_names_its_author_for_programs() -> None:
    assert authors("", box="data-author='Ann Bee'") == ("Ann Bee",)
    assert authors("", box="data-author='{\"id\": 7}'") == ()
    others = "".join(f"<a data-author='{name}' href='/x'>.</a>" for name in ("Eve Eff", "Al Gee"))
    assert authors("", after=others) == ()
    assert authors("", box="data-byline='Ann Bee'", after=others) == ("Ann Bee",)


@pytest.mark.parametrize(
    ("after", "name"),
    [
        ("<p>김철수 기자 kim@post.example</p>", "김철수"),
        ("<p>（山田花子）</p>", "山田花子"),
        ("<p>লেখক: রহিমা খাতুন</p>", "রহিমা খাতুন"),
        ("<p>लेखक: अनिल शर्मा</p>", "अनिल शर्मा"),
    ],
)
def test_a_line_below_an_article_signs_it(after: str, name: str) -> None:
    assert authors("", after=after) == (name,)


def test_brackets_that_say_something_else_sign_nothing() -> None:
    for said in ("（共同通信社）", "（おわり）", "（敬称略）", "（未完待续）"):
        assert authors("", after=f"<p>{said}</p>") == ()


def test_who_wrote_a_recipe_is_its_author() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "Recipe", "name": "Ferry returns", '
        '"author": {"@type": "Person", "name": "Ann Bee"}}</script>'
    )
    assert authors("", head=head) == ("Ann Bee",)


def test_looking_for_names_beside_dates_takes_no_longer_than_the_page_is() -> None:
    def read(size: int) -> object:
        return authors("<div>" * 200 + "<p>24 November 2026</p>" * size)

    assert grows_no_faster_than_its_input(read, 200)


@pytest.mark.parametrize("hostile", ["a@", " ", "a.", "("])
def test_taking_addresses_out_of_a_line_takes_no_longer_than_it_is(hostile: str) -> None:
    def read(size: int) -> object:
        return without_address(hostile * size)

    assert grows_no_faster_than_its_input(read, 1_000)
