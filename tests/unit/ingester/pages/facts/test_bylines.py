"""Authors that nothing marks as such: names beside dates, in data, below the article."""

import pytest

from ingester.pages.facts.names import without_address
from ingester.pages.kind import read_page
from tests.growth import grows_no_faster_than_its_input

TEXT = "<p>The evening ferry between the old quay and the island sails again, they said.</p>" * 5


def authors(
    byline: str, *, head: str = "", box: str = "", after: str = "", language: str = "en"
) -> tuple[str, ...]:
    html = (
        f"<html lang='{language}'><head>{head}</head><body><main {box}>"
        f"<h1>Ferry returns</h1>{byline}<div>{TEXT}</div>{after}</main></body></html>"
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


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("เรื่องโดย สมชาย ใจดี", "สมชาย ใจดี"),
        ("द्वारा अजय कुमार", "अजय कुमार"),
        ("خبرنگار: سارا احمدی", "سارا احمدی"),
        ("ავტორი: ნინო ბერიძე", "ნინო ბერიძე"),
        ("Հեղինակ՝ Արամ Սարգսյան", "Արամ Սարգսյան"),
        ("Автор — Іван Петренко", "Іван Петренко"),
        ("Bài, ảnh: Minh Châu", "Minh Châu"),
        ("Muhabir: Ayşe YILMAZ / ANKARA", "Ayşe YILMAZ"),
        ("oprac. Jan Kowalski", "Jan Kowalski"),
        ("(记者 李明)", "李明"),
        ("来源：海岸日报 作者：李明", "李明"),
        ("記者・山田太郎", "山田太郎"),
        ("[한내신문 = 김하늘 기자]", "김하늘"),
    ],
)
def test_bylines_of_many_languages_name_authors(line: str, name: str) -> None:
    assert authors(f"<div><span>{line}</span></div>") == (name,)


def test_the_by_of_one_language_is_part_of_a_name_in_others() -> None:
    line = "<p><span>Na Mercy Chebet</span> | <span>24 November 2026</span></p>"
    assert authors(line, language="sw") == ("Mercy Chebet",)
    assert authors(line, language="ko") == ("Na Mercy Chebet",)


@pytest.mark.parametrize("name", ["Ann Bee", "شمائلہ گل", "यामिनी राव"])
def test_a_link_to_an_author_near_the_heading_names_who_wrote(name: str) -> None:
    for href, names in (("/author/22", (name,)), ("/writers/a-b", (name,)), ("/topics/22", ())):
        link = f"<div><a href='{href}'>{name}</a></div>"
        assert authors(link) == names
        assert authors(f"<div class='related'>{link}</div>") == ()
    assert authors("<a href='/author/all'>More Articles</a>") == ()


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<div class='byline'>Tuesday, June 11, 2026 — updated on June 12, 2026</div>", ()),
        ("<div class='byline'><b>Ann Bee</b><br>Health correspondent</div>", ("Ann Bee",)),
        ("<div class='byline'><b>Ann Bee</b> <i>Health Correspondent</i></div>", ("Ann Bee",)),
        ("<div class='author'><a>Ann Bee</a> <a>Tom Dee</a></div>", ("Ann Bee", "Tom Dee")),
        ("<div class='authorInfo'>Ann Bee</div>", ("Ann Bee",)),
        ("<a class='szerzo' href='/x'>Bodnár Réka</a>", ("Bodnár Réka",)),
        ("<i class='head_footer_author'>Ann Bee</i>", ("Ann Bee",)),
        ("<p><span>Written by</span> <span>Ann Bee</span></p>", ("Ann Bee",)),
        ("<span class='author'>פורסם</span>", ()),
    ],
)
def test_a_box_for_authors_names_nobody_else(byline: str, names: tuple[str, ...]) -> None:
    assert authors(byline) == names


def test_what_publishers_of_news_call_the_author_in_the_head_counts() -> None:
    for name in ("articleAuthor", "dable:author", "citation_author"):
        assert authors("", head=f"<meta name='{name}' content='Ann Bee'>") == ("Ann Bee",)


@pytest.mark.parametrize(
    ("end", "names"),
    [
        ("<p><b>Ann Bee</b></p>", ("Ann Bee",)),
        ("<p><i>Ирина Лаптева</i></p><p>Рубрика: Город</p>", ("Ирина Лаптева",)),
        ("<p>서지훈 기자 jh@paper.example</p>", ("서지훈",)),
        ("<p>Ann Bee</p><p>It sails at nine, and at noon where the tide allows it to.</p>", ()),
        ("<p>Read More</p>", ()),
        ("<ul><li>Cid Dee</li><li>Ann Bee</li></ul>", ()),
    ],
)
def test_the_name_with_which_an_article_ends_is_its_authors(
    end: str, names: tuple[str, ...]
) -> None:
    assert authors("", after=f"<div>{TEXT}{end}</div>") == names


def test_a_byline_may_stand_behind_the_date_of_a_page_without_headings() -> None:
    line = "<font>11 november 2026 - door Jan-Willem Postma</font>"
    html = f"<title>Ferry returns</title><b>Ferry returns</b><br>{line}<div>{TEXT}</div>"
    assert read_page(html.encode(), url="https://a.nl/1").authors == ("Jan-Willem Postma",)


@pytest.mark.parametrize("name", ["muhabir", "wartawan", "novinar"])
def test_boxes_and_addresses_of_authors_are_called_so_in_many_languages(name: str) -> None:
    assert authors(f"<div class='{name}'>Ann Bee</div>") == ("Ann Bee",)
    assert authors(f"<p><a href='/{name}/ann-bee'>Ann Bee</a></p>") == ("Ann Bee",)


@pytest.mark.parametrize(
    ("language", "byline", "names"),
    [
        ("el", "<p>Από: Γιώργος Παππάς</p>", ["Γιώργος Παππάς"]),
        ("vi", "<div>Nguồn: Đài Biển - Tác giả: Lan Anh</div>", ["Lan Anh"]),
        ("ru", "<p>Автор статьи: Иван Петров</p>", ["Иван Петров"]),
        ("ru", "<div class='authors'>Иван Петров, корреспондент</div>", ["Иван Петров"]),
        ("de", "<p>Von unserem Mitarbeiter Klaus Weber</p>", ["Klaus Weber"]),
        ("ja", "<p>【田中一郎】</p>", ["田中一郎"]),
        ("ja", "<div class='author'>田中 一郎（記者）</div>", ["田中 一郎"]),
        ("ko", "<p>[섬=바다뉴스] 홍길동 기자 = 배가 다시 다닌다.</p>", ["홍길동"]),
        ("zh", "<div>2026-11-24 08:00 来源：新民网 作者：王明</div>", ["王明"]),
        ("zh", "<p>（记者 王明 通讯员 李华）</p>", ["王明"]),
        ("zh", "<p>记者王明报道</p>", ["王明"]),
        ("hi", "<div>रिपोर्ट: अमित शर्मा</div>", ["अमित शर्मा"]),
        ("es", "<div>Redactado por: Juan Pérez</div>", ["Juan Pérez"]),
        ("fr", "<p class='signature'>Camille Jourdan</p>", ["Camille Jourdan"]),
        ("fr", "<p>Par Camille Jourdan (avec AFP)</p>", ["Camille Jourdan"]),
        ("fr", "<p>Publié le 24/11/2026 à 10h30 par Camille Jourdan</p>", ["Camille Jourdan"]),
        ("cs", "<div class='autor'>Jan Novák, ČTK</div>", ["Jan Novák"]),
        ("nl", "<div>Geschreven door Jan de Boer</div>", ["Jan de Boer"]),
        ("uk", "<div class='author'>Олена Ткачук<br>журналістка</div>", ["Олена Ткачук"]),
        ("en", "<p>By Ann Bee, Business Correspondent</p>", ["Ann Bee"]),
        ("en", "<i class=author>Ann Bee, Cid Dee, Sweidah</i>", ["Ann Bee", "Cid Dee", "Sweidah"]),
        ("en", "<div class='byline'>Ann Bee in Nairobi</div>", ["Ann Bee"]),
        ("en", "<i class=author><b>Ann Bee</b> <b>and Cid Dee</b></i>", ["Ann Bee", "Cid Dee"]),
        ("en", "<p>Posted on 24 November 2026 by Ann Bee in News</p>", ["Ann Bee"]),
        ("en", "<p>A ferry at the quay | Photos by Cid Dee</p>", []),
        ("it", "<p>24 novembre 2026 | Redazione Cronaca</p>", []),
    ],
)
def test_who_somebody_is_and_where_it_stands_is_no_part_of_a_name(
    language: str, byline: str, names: list[str]
) -> None:
    assert authors(byline, language=language) == tuple(names)
