"""Dates of pages: what the data state, in the right zone; else what stands by the headline."""

from datetime import UTC, datetime

import pytest

from ingester.pages.kind import read_page

TEXT = "<p>The evening ferry between the old quay and the island sails again, they said.</p>" * 5
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def published(
    head: str = "", body: str = "", after: str = "", url: str = "https://news.example/ferry"
) -> datetime | None:
    html = f"<html><head>{head}</head><body>{body}<article>{TEXT}{after}</article></body></html>"
    page = read_page(html.encode(), url=url, content_type="text/html; charset=utf-8", now=NOW)
    return page.published_at


def day(year: int, month: int, number: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, number, hour, minute, tzinfo=UTC)


def test_a_time_without_a_zone_is_read_in_that_of_the_hosts_country() -> None:
    head = '<meta property="article:published_time" content="2026-11-24T10:04:00">'
    assert published(head) == day(2026, 11, 24, 10, 4)
    assert published(head, url="https://bao.vn/tin") == day(2026, 11, 24, 3, 4)
    assert published(head, url="https://www.blatt.de/x") == day(2026, 11, 24, 9, 4)
    summer = '<meta property="article:published_time" content="2026-07-24T10:04:00">'
    assert published(summer, url="https://www.blatt.de/x") == day(2026, 7, 24, 8, 4)
    assert published(head, url="https://www.paper.com.au/x") == day(2026, 11, 24, 10, 4)
    with_zone = head.replace("10:04:00", "10:04:00+07:00")
    assert published(with_zone, url="https://bao.vn/tin") == day(2026, 11, 24, 3, 4)
    bare = '<meta property="article:published_time" content="2026-11-24">'
    assert published(bare, url="https://bao.vn/tin") == day(2026, 11, 24)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("24. November 2026", day(2026, 11, 24)),
        ("24. November 2026, 15:25 Uhr", day(2026, 11, 24, 15, 25)),
        ("November 24, 2026", day(2026, 11, 24)),
        ("24 de noviembre de 2026", day(2026, 11, 24)),
        ("24 novembre 2026 à 08:30", day(2026, 11, 24, 8, 30)),
        ("24.11.2026", day(2026, 11, 24)),
        ("24 | 11 | 2026", day(2026, 11, 24)),
        ("Written: 2026-11-24 15:03:30", datetime(2026, 11, 24, 15, 3, 30, tzinfo=UTC)),
        ("2026年11月24日", day(2026, 11, 24)),
        ("입력 2026.11.24. 오후 6:05", day(2026, 11, 24, 9, 5)),
        ("2026. november 24. 10:04", day(2026, 11, 24, 10, 4)),
        ("2026.11.24. 10:04", day(2026, 11, 24, 10, 4)),
        ("Publicerad 2026-11-24 10.04", day(2026, 11, 24, 10, 4)),
        ("24. 11. 2026 ob 10.04", day(2026, 11, 24, 10, 4)),
        ("Publié le 24 novembre 2026 à 10 h 04", day(2026, 11, 24, 10, 4)),
        ("24.11.2026 - 10.04", day(2026, 11, 24, 10, 4)),
        ("24 November 2026, 12.75 million", day(2026, 11, 24)),
        ("2026年11月24日 18時05分", day(2026, 11, 24, 18, 5)),
        ("2026年11月24日（火）18:05", day(2026, 11, 24, 18, 5)),
        ("24 ноября 2026 года, 09:05", day(2026, 11, 24, 9, 5)),
        ("Nov 24th 2026, 9.05 a.m.", day(2026, 11, 24, 9, 5)),
        ("Ändrad 24 nov 2026. Skriven 23 nov 2026", day(2026, 11, 23)),
        ("24.11.2026 10:00 (23.11.2026 09:05)", day(2026, 11, 23, 9, 5)),
        ("Thứ Ba, 24/11/2026 - 10:04", day(2026, 11, 24, 3, 4)),
        ("Ngày 24 tháng 11 năm 2026 lúc 10:04", day(2026, 11, 24, 3, 4)),
        ("24 พ.ย. 2569", day(2026, 11, 24)),
        ("วันที่ 24 พฤศจิกายน พ.ศ. 2569", day(2026, 11, 24)),
        ("24 พ.ย. 69", day(2026, 11, 24)),
        ("24 नवंबर 2026", day(2026, 11, 24)),
        ("২৪ নভেম্বর ২০২৬", day(2026, 11, 24)),
        ("۳ آذر ۱۴۰۵", day(2026, 11, 24)),
        ("۱۴۰۵/۰۹/۰۳", day(2026, 11, 24)),
        ("令和8年11月24日", day(2026, 11, 24)),
        ("115-11-24", day(2026, 11, 24)),
        ("24/11/2569", day(2026, 11, 24)),
        ("2026 оны 11-р сарын 24", day(2026, 11, 24)),
        ("2026ko azaroaren 24a", day(2026, 11, 24)),
        ("24 تشرين الثاني 2026", day(2026, 11, 24)),
        ("2026 m. lapkričio 24 d.", day(2026, 11, 24)),
        ("2026. gada 24. novembris", day(2026, 11, 24)),
        ("2026 ж. 24 қараша", day(2026, 11, 24)),
        ("24-noyabr, 2026", day(2026, 11, 24)),
        ("二〇二六年十一月二十四日", day(2026, 11, 24)),
        ("令和八年十一月二十四日", day(2026, 11, 24)),
        ("4:45 AM EST, November 24, 2026", day(2026, 11, 24, 9, 45)),
        ("10:04 | 24/11/2026", day(2026, 11, 24, 10, 4)),
        ("10:04, 24 листопада 2026", day(2026, 11, 24, 10, 4)),
        ("24 nov 2026 kl 10.04", day(2026, 11, 24, 10, 4)),
        ("24 Nov 2026 10.04 GMT", day(2026, 11, 24, 10, 4)),
        ("24 نوفمبر 2026، 10:04", day(2026, 11, 24, 10, 4)),
        ("24 Kasım 2026 Salı, saat 10:04", day(2026, 11, 24, 10, 4)),
        ("24/11/2026 às 10h04", day(2026, 11, 24, 10, 4)),
    ],
)
def test_the_day_by_the_headline_is_read(shown: str, expected: datetime) -> None:
    assert published(body=f"<h1>Ferry returns</h1><p>{shown}</p>") == expected


def test_the_day_that_is_marked_as_the_articles_goes_before_others() -> None:
    body = (
        "<p>20.11.2026</p><h1>Ferry returns</h1><p>Updated 25.11.2026</p>"
        '<p class="date">Published 24.11.2026</p>'
    )
    assert published(body=body) == day(2026, 11, 24)


def test_the_time_of_another_article_is_not_this_ones() -> None:
    other = '<div class="related"><time datetime="2011-01-01">1 January 2011</time></div>'
    assert published(after=other, url="https://news.example/2026/11/24/ferry") == day(2026, 11, 24)
    unmarked = '<div><time datetime="2011-01-01">1 January 2011</time></div>'
    dated = "https://news.example/2026/11/24/ferry"
    assert published(after=unmarked, url=dated) == day(2026, 11, 24)


def test_the_address_knows_the_day_and_the_text_the_time_of_day() -> None:
    body = "<h1>Ferry returns</h1><b>24. November 2026, 15:25</b>"
    assert published(body=body, url="https://news.example/2026/11/24/ferry") == day(
        2026, 11, 24, 15, 25
    )


def test_a_day_to_come_is_no_day_of_publication() -> None:
    assert published(body="<h1>Ferry returns</h1><p>24.12.2026</p>") is None


def test_a_day_that_stands_anywhere_in_the_text_is_better_than_none() -> None:
    far = "<p>No ferry sailed in the years before the county paid for it.</p>" * 500
    assert published(after=f"{far}<div>Harbour, November 3, 2021</div>") == day(2021, 11, 3)
    assert published(after=f"{far}<div>Copyright 2021 Harbour Post</div>") is None


def test_a_day_that_a_sentence_tells_of_is_not_that_of_its_article() -> None:
    told = "<p>The line was closed on 3 March 2019 by the county, which had run it for years.</p>"
    long = f"<p>{'The quay was rebuilt by many hands. ' * 4} It opened on 3 March 2019.</p>"
    assert published(body="<h1>Ferry returns</h1>", after=told + long) is None
    dateline = f"<p>Oslo, 24.11.2026 – {'The quay was rebuilt by many hands. ' * 4}</p>"
    assert published(body="<h1>Ferry returns</h1>", after=dateline) == day(2026, 11, 24)


@pytest.mark.parametrize(("language", "month"), [("hr", 10), ("pl", 11)])
def test_the_language_of_a_page_says_which_month_its_dates_mean(language: str, month: int) -> None:
    said = "13 listopada 2026"
    for html in (
        f'<head><meta name="date" content="{said}"></head><body><article>{TEXT}</article>',
        f'<body><article><h1>Luka</h1><p class="date">{said}</p>{TEXT}</article>',
    ):
        page = read_page(f'<html lang="{language}">{html}'.encode(), now=NOW)
        assert page.published_at == day(2026, month, 13)


def test_rdfa_dates_an_article_as_microdata_does() -> None:
    marked = '<span property="schema:datePublished" content="2026-11-24T10:04:00Z">today</span>'
    assert published(after=marked) == day(2026, 11, 24, 10, 4)


def test_a_clock_in_words_is_read_in_the_zone_of_the_hosts_country() -> None:
    shown = "<h1>Ferry</h1><p class=date>2026年11月24日 18時05分</p>"
    assert published(body=shown, url="https://minato.example.jp/a") == day(2026, 11, 24, 9, 5)
    shown = shown.replace("18時05分", "18h05")
    assert published(body=shown, url="https://ben.example.vn/a") == day(2026, 11, 24, 11, 5)


def test_the_times_of_the_entries_of_a_live_blog_are_not_when_it_began() -> None:
    hours = (
        f"<div class=entry><time datetime=2026-11-24T{n}:30Z>{n}:30</time></div>" for n in "98"
    )
    entries = "".join(hours).replace("T9", "T09").replace("T8", "T08")
    began = "<h1>Ferry</h1><p class=date>Published 23 November 2026 07:10</p>"
    alike = f"{entries}<div class=entry><time datetime=2026-11-23T08:00Z>8:00</time></div>"
    assert published(body=f"<main>{began}{alike}</main>") == day(2026, 11, 23, 7, 10)
    assert published(body=f"<main>{began}{entries}</main>") == day(2026, 11, 24, 9, 30)
    assert published(body=f"<main><h1>Ferry</h1>{alike}</main>") == day(2026, 11, 24, 9, 30)


def test_the_footer_of_a_site_does_not_date_its_articles() -> None:
    footer = "<footer>Harbour Post, prices as of 24 November 2026</footer>"
    assert published(body=f"<h1>Ferry</h1>{footer}") is None
    assert published(body=f"<main><h1>Ferry</h1>{footer}</main>") == day(2026, 11, 24)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("<span>Today: 25/11/2026</span><h1>Ferry</h1><p>23/11/2026</p>", day(2026, 11, 23)),
        ("<b>25/11/2026</b><b>23/11/2026</b><h1>Ferry</h1>", day(2026, 11, 23)),
        (
            '<div class="sidebar-1"><i class="date">23/11/2026</i><h1>Ferry</h1></div>',
            day(2026, 11, 23),
        ),
        (
            '<h1>Ferry</h1><p class="byline">By <a href="/a">Ann</a> | 23 November 2026</p>',
            day(2026, 11, 23),
        ),
        (
            '<h1>Ferry</h1><abbr title="2026-11-23T10:30:00+02:00">two days ago</abbr>',
            day(2026, 11, 23, 8, 30),
        ),
        (
            '<h1>Ferry</h1><i class="date">20 November 2026</i>'
            '<time pubdate title="Posted">23 November 2026</time>',
            day(2026, 11, 23),
        ),
        ("<h1>The flood of 3 May 2019, told by those who saw it</h1>", None),
        ("<h1>Паром</h1><b>23 ноября 2026 г., 10:30 МСК</b>", day(2026, 11, 23, 7, 30)),
        ("<h1>फेरी</h1><i class='date'>२०८३ मंसिर ७ गते</i>", day(2026, 11, 23)),
        ("<h1>عبارة</h1><i class='date'>13 جمادى الآخرة 1448</i>", day(2026, 11, 23)),
    ],
)
def test_the_day_beside_the_heading_is_the_articles(shown: str, expected: datetime | None) -> None:
    assert published("", shown) == expected


def test_a_time_that_is_shown_without_its_zone_has_that_of_its_element() -> None:
    body = "<h1>Ferry</h1><p>Press <time datetime={}>24 Nov 2026 08:00</time></p>"
    assert published(body=body.format("2026-11-24T08:00:00+01:00")) == day(2026, 11, 24, 7)
    assert published(body=body.format("2026-11-24")) == day(2026, 11, 24, 8)


def test_a_day_without_a_time_says_nothing_that_an_address_does_not_say() -> None:
    html = (
        "<h1>Ferry returns</h1><div class='item'><span>20 November 2026</span></div>"
        "<p>It sails again.</p>"
    )
    url = "https://news.example/2026-11/19/c_1.htm"
    page = read_page(html.encode(), url=url, content_type="text/html")
    assert page.published_at == datetime(2026, 11, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    "changed",
    [
        "<p>Updated: <time datetime='2026-11-24T14:00:00Z'>2 pm</time></p>",
        "<p>Cập nhật <time datetime='2026-11-24T14:00:00Z'>14:00</time></p>",
        "<p><time class='date-updated' datetime='2026-11-24T14:00:00Z'>2 pm</time></p>",
    ],
)
def test_a_time_said_to_be_that_of_a_change_is_not_when_it_was_published(changed: str) -> None:
    own = "<p>Published: <time datetime='2026-11-24T09:00:00Z'>9 am</time></p>"
    for times in (changed + own, own + changed):
        assert published(body=f"<main><h1>Ferry returns</h1>{times}</main>") == day(2026, 11, 24, 9)
    alone = published(body=f"<main><h1>Ferry returns</h1>{changed}</main>")
    assert alone == day(2026, 11, 24, 14)


@pytest.mark.parametrize(
    ("language", "line", "here"),
    [
        ("en", "3 hours ago", 24),
        ("vi", "3 giờ trước", 25),
        ("fr", "il y a 3 h", 24),
        ("ja", "3時間前", 25),
    ],
)
def test_a_line_that_counts_back_tells_the_day(language: str, line: str, here: int) -> None:
    html = (
        f"<html lang='{language}'><main><h1>Ferry</h1><p>Ann · <span>{line}</span></p>{{}}</main>"
    )
    for where, expected in (("news.example", day(2026, 11, here)), ("n.kr", day(2026, 11, 25))):
        page = read_page(html.format(TEXT).encode(), url=f"https://{where}/a", now=NOW)
        assert page.published_at == expected
    assert published(body="<h1>Ferry</h1><p>3 hours</p>") is None


@pytest.mark.parametrize(
    ("title", "hour"),
    [
        ("港口渡轮恢复夜航", 1),
        ("島のフェリーが戻る", 0),
        ("섬 여객선 다시 운항", 0),
        ("เรือข้ามฟากกลับมา", 2),
        ("Chuyến phà trở lại đảo", 2),
        ("Паром снова ходит на остров ночью, быстрый", 6),
        ("Қайық аралға қайта жүзеді, жылы", 9),
        ("Пором на острів знову курсує", 7),
        ("Prom na wyspę znów pływa, będzie cieplej niż wczoraj", 8),
        ("Lech Wałęsa on the ferry", 9),
        ("Ferry returns", 9),
    ],
)
def test_the_letters_of_a_title_tell_the_zone_where_nothing_else_does(
    title: str, hour: int
) -> None:
    meta = '<meta property="article:published_time" content="2026-11-24 09:00">'
    shown = f"<div class='date'>24.11.2026 09:00</div>{TEXT}"
    for head, body in ((meta, TEXT), ("", shown)):
        html = f"<html><head><title>{title}</title>{head}</head><h1>{title}</h1>{body}"
        for url, expected in (("https://a.com/x", hour), ("https://a.au/x", 9)):
            page = read_page(html.encode(), url=url, content_type="text/html; charset=utf-8")
            assert page.published_at == day(2026, 11, 24, expected)
            assert page.language == ""


@pytest.mark.parametrize(
    "line",
    [
        "<p class='date'>2026. november 24., kedd 14:51</p>",
        "<p class='date'>November 24, 2026 @ 2:51pm</p>",
        "<time datetime='2026-11-24T14:51:00Z'><span>24 November 2026, 14: 51</span></time>",
    ],
)
def test_a_day_that_is_stated_has_the_time_that_is_shown(line: str) -> None:
    meta = '<meta property="article:published_time" content="2026-11-24T00:00:00+0000">'
    assert published(meta, f"<h1>Ferry</h1>{line}") == day(2026, 11, 24, 14, 51)
    far = meta.replace("24T", "12T")
    assert published(far, f"<h1>Ferry</h1>{line}") == day(2026, 11, 12)


def test_arabic_halves_of_the_day_are_read() -> None:
    for half, hour in (("م", 13), ("مساءً", 13), ("ص", 1), ("صباحاً", 1)):
        shown = f"<h1>Ferry</h1><p class='date'>19 نوفمبر 2026 01:20 {half}</p>"
        assert published("", shown) == day(2026, 11, 19, hour, 20)
