"""Lists without a feed: what each row says of its article, and what the data of a page list."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml.html import fromstring

from ingester.entry import Entry
from ingester.pages.fulltext import merged
from ingester.pages.kind import read_listing
from ingester.pages.lists.rows import with_clocks
from tests.growth import grows_no_faster_than_its_input

URL = "https://town.example/"
MENU = '<header><nav><a href="/news">News</a> <a href="/sport">Sport</a></nav></header>'
TITLES = (
    "Library reopens after the flood",
    "Mayor wants a second bridge",
    "Swimming pool stays shut until May",
    "Bakers of the old town on strike",
    "Night trains to the lake from June",
)
SHORT = (
    "图书馆水灾后重新开放",
    "市长希望建第二座桥",
    "游泳池关闭至五月",
    "老城面包师罢工",
    "六月起开往湖区的夜车",
)


NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)


def entries(inner: str, *, language: str = "en", url: str = URL) -> tuple[Entry, ...]:
    html = f'<html lang="{language}"><meta charset=utf-8><title>News</title><body>{MENU}{inner}'
    listing = read_listing(html.encode(), url=url, now=NOW)
    return listing.entries if listing else ()


def rows(form: str, titles: tuple[str, ...] = TITLES) -> str:
    """Rows of a form with {n}, a number from 1, and {title}."""
    return "".join(form.format(n=n, title=title) for n, title in enumerate(titles, start=1))


@pytest.mark.parametrize(
    "more", ["Read more", "Preberi več", "อ่านต่อ", "المزيد", "ΔΙΑΒΑΣΤΕ ΤΟ ΑΡΘΡΟ »"]
)
def test_a_link_that_every_row_repeats_has_the_headline_beside_it(more: str) -> None:
    form = '<div><a href="/s/town">Town</a><h2>{title}</h2><p>Said today.</p><a href="/a/{n}">'
    assert [each.title for each in entries(rows(form + more + "</a></div>"))] == list(TITLES)


def test_files_of_different_sizes_are_offered_in_one_way() -> None:
    row = "<tr><td>{n}.10.2026</td><td>{title}</td><td>"
    form = row + '<a href="/d/{n}.pdf">Download (21{n} KB)</a></td></tr>'
    assert [each.title for each in entries(f"<table>{rows(form)}</table>")] == list(TITLES)


def test_a_link_that_every_row_repeats_is_no_headline_where_another_link_has_it() -> None:
    form = '<div><h2><a href="/a/{n}">{title}</a></h2><a href="/keep/{n}0000">Keep it</a></div>'
    assert [each.url for each in entries(rows(form))] == [f"{URL}a/{n}" for n in range(1, 6)]


DATES = {
    "time": '<div><h3><a href="/a/{n}">{title}</a></h3><time datetime="2026-10-0{n}"></time></div>',
    "cell": '<tr><td>{n}. October 2026</td><td><a href="/v.do?id={n}">{title}</a></td></tr>',
    "term": '<dt>2026/10/{n}</dt><dd><a href="/v.do?id={n}">{title}</a></dd>',
    "address": '<h3><a href="/2026/10/0{n}/a.html">{title}</a></h3>',
}


@pytest.mark.parametrize("form", DATES.values(), ids=list(DATES))
def test_a_row_says_when_its_article_was_published(form: str) -> None:
    wrapper = {"<tr": "table", "<dt": "dl"}.get(form[:3], "main")
    found = entries(f"<{wrapper}>{rows(form)}</{wrapper}>")
    days = [each.published_at for each in found]
    assert days == [datetime(2026, 10, n, tzinfo=UTC) for n in range(1, 6)]


def days(inner: str, *, language: str = "en") -> list[int | None]:
    """Return the days of October 2026 of what is listed."""
    found = [each.published_at for each in entries(inner, language=language)]
    assert {day.strftime("%Y-%m %H:%M") for day in found if day} <= {"2026-10 00:00"}
    return [day and day.day for day in found]


@pytest.mark.parametrize(
    ("language", "ago"),
    [
        ("en", "{n} days ago"),
        ("vi", "{n} ngày trước"),
        ("th", "{n} วันที่แล้ว"),
        ("ar", "منذ {n} أيام"),
        ("pl", "{n} dni temu"),
        ("ro", "acum {n} zile"),
    ],
)
def test_the_day_that_a_row_counts_from_is_that_of_its_article(language: str, ago: str) -> None:
    form = '<div><h3><a href="/a/{n}">{title}</a></h3><i>' + ago + "</i></div>"
    counted = days(rows(form, TITLES[:4]).replace(ago.format(n=1), ""), language=language)
    assert counted == [None, 4, 3, 2]


def test_a_day_that_is_named_counts_and_how_long_something_takes_does_not() -> None:
    form = '<div><h3><a href="/a/{n}">{title}</a></h3><i>Hôm qua, 1{n}:20</i></div>'
    assert days(rows(form), language="vi") == [5] * 5
    assert days(rows(form.replace("Hôm qua", "Hôm nay")), language="vi") == [6] * 5
    for takes in ("{n} min", "{n} min read", "{n} hours", "{n} comments", "in {n} days"):
        assert days(rows(form.replace("Hôm qua, 1{n}:20", takes))) == [None] * 5


def test_a_day_stands_above_the_rows_that_are_of_it() -> None:
    line = '<p><a href="/2026/a-{n}-of-the-town">{title}</a></p>'
    lines = rows(line).replace("</p>", "</p>|").split("|")
    listed = f"<h4>5 October 2026</h4>{lines[0]}{lines[1]}<h4>4 October 2026</h4>{lines[2]}"
    older = f"<h4>Most read</h4>{lines[3]}{lines[4]}"
    assert days(f"<main>{listed}{older}</main>") == [5, 5, 4, None, None]
    today = f"<p>Tuesday, 6 October 2026</p><main>{rows(line)}</main>"
    assert days(today) == [None] * 5


def test_neither_a_line_nor_the_heading_of_a_row_ends_the_day_above() -> None:
    row = '<a href="/2026/a-{n}-of-the-town"><h3>{title}</h3></a>|'
    one, two, three, *_ = rows(row).split("|")
    first = f"<h4>5 October 2026</h4><p>All times are local.</p>{one}{two}"
    assert days(f"<main>{first}<h4>4 October 2026</h4>{three}</main>") == [5, 5, 4]


def test_the_sheet_of_a_calendar_is_a_day() -> None:
    form = '<div><b>0{n}</b><i>Oct</i><i>2025</i><h3><a href="/a/{n}">{title}</a></h3></div>'
    found = [each.published_at for each in entries(rows(form))]
    assert found == [datetime(2025, 10, n, tzinfo=UTC) for n in range(1, 6)]


def test_where_a_row_shows_no_day_its_address_does() -> None:
    shown = '<div><h3><a href="/2026/100{n}.html">{title}</a></h3><i>2026-10-0{n}</i></div>'
    bare = shown.replace("<i>2026-10-0{n}</i>", "")
    listed = rows(shown + "|").split("|")[:3] + rows(bare + "|").split("|")[3:]
    assert days("".join(listed)) == [1, 2, 3, 4, 5]


def test_every_row_counts_once_the_first_ones_do() -> None:
    when = ("now", "this week", "this month", "this year", "at last")
    titles = tuple(f"{title} {each}" for each in when for title in TITLES)
    form = '<div><h3><a href="/a/{n}">{title}</a></h3><i>3 days ago</i></div>'
    assert days(rows(form, titles)) == [3] * 25


@pytest.mark.parametrize(
    ("language", "form"), [("es", "0{n}/10/26"), ("pt", "({n}.10.26)"), ("ko", "26.10.0{n}")]
)
def test_a_year_of_two_digits_stands_where_its_language_has_it(language: str, form: str) -> None:
    row = '<div><h3><a href="/a/{n}">{title}</a></h3><i>' + form + "</i></div>"
    assert days(rows(row), language=language) == [1, 2, 3, 4, 5]


def test_dated_lines_of_few_words_are_listed_all_and_so_are_those_with_a_teaser() -> None:
    short = ("Mail server shut for good", "Flaw in FTP", "Bad keys in routers", *TITLES[:2])
    form = '<tr><td><a href="/WID-{n}">{title}</a></td><td>2026-10-0{n}</td></tr>'
    assert [each.title for each in entries(f"<table>{rows(form, short)}</table>")] == list(short)
    teaser = "The council said so on Monday, after a meeting that went on for nine hours."
    form = f'<div class="n"><a href="{{n}},x">{{title}}</a><p>{teaser}</p></div>'
    four = tuple(" ".join(title.split()[:4]) for title in TITLES)
    assert [each.title for each in entries(rows(form, four))] == list(four)
    assert not entries(rows(form.replace(teaser, "Town"), four))


def test_what_is_paid_for_is_not_listed() -> None:
    form = '<div class="box"><h3><a href="/a/{n}">{title}</a></h3></div>'
    paid = '<div class="box"><h3><a rel="nofollow sponsored" href="https://ads.example/c?u=123456">'
    paid += "A flat with a view of the river for little money</a></h3></div>"
    assert [each.title for each in entries(rows(form) + paid)] == list(TITLES)


def test_a_date_in_a_sentence_of_a_row_says_nothing_of_its_article() -> None:
    form = '<div><h3><a href="/a/{n}">{title}</a></h3><p>As was said on {n} October 2026.</p></div>'
    assert {each.published_at for each in entries(rows(form))} == {None}


def test_dated_lines_are_a_list_however_little_they_say() -> None:
    form = '<tr><td>2026-10-0{n}</td><td><a href="v.do?id={n}">{title}</a></td></tr>'
    found = entries(f"<table>{rows(form, SHORT)}</table>", language="zh")
    assert [each.title for each in found] == list(SHORT)
    undated = entries(f"<table>{rows(form.replace('2026-10-0', ''), SHORT)}</table>")
    assert not undated


def test_lines_in_the_main_part_are_a_list_though_they_say_little() -> None:
    titles = ("البلدية تعيد فتح المكتبة", "جسر ثان فوق النهر", "إضراب الخبازين في المدينة") * 2
    titles = tuple(f"{title} {word}" for title, word in zip(titles, "أبتثجح", strict=True))
    lines = rows('<li><a href="/a/{n}">{title}</a></li>', titles)
    assert [each.title for each in entries(f"<main><ul>{lines}</ul></main>")] == list(titles)
    assert not entries(f"<ul>{lines}</ul>")


def test_what_stands_by_itself_around_a_headline_is_no_part_of_it() -> None:
    clock = '<li><a href="/2026/10/03/{n}00000"><span>1{n}:30</span> {title} <i>03.10.2026</i></a>'
    place = '<li><a href="/2026/10/03/{n}00000"><em>{n}</em>{title}</a>'
    wire = '<li><a href="/2026/10/03/{n}00000"><i>10-03 1{n}:30</i> <b>{title}</b></a>'
    topic = '<li><a href="/2026/10/03/{n}00000"><p>Town</p><p class="headline">{title}</p></a>'
    for form in (clock, place, wire, topic):
        assert [each.title for each in entries(rows(form))] == list(TITLES)
    short = ("Bridge shut", *TITLES)
    assert [each.title for each in entries(rows(topic, short))] == list(short)
    own = ("<b>7</b> bakers on strike now", *(f"{title} this week" for title in TITLES))
    form = '<h3><a href="/2026/10/03/{n}00000">{title}</a></h3>'
    assert entries(rows(form, own))[0].title == "7 bakers on strike now"


def test_a_clipped_headline_is_taken_from_the_title_of_its_link() -> None:
    form = '<h3><a href="/a/{n}" title="{title}">{title:.20}...</a></h3>'
    assert [each.title for each in entries(rows(form))] == list(TITLES)
    other = form.replace('title="{title}"', 'title="Opens in this window"')
    assert entries(rows(other))[1].title == f"{TITLES[1]:.20}..."


def test_the_heading_of_an_articles_box_may_be_short() -> None:
    form = '<article><h2><a href="/blog/{n}">{title}</a></h2><p>Some words on it.</p></article>'
    short = ("Hello", "Version 2", "Moving on", "Oslo")
    assert [each.title for each in entries(rows(form, short))] == list(short)


def test_templates_for_programs_list_nothing() -> None:
    form = '<h3><a href="/a/{n}">{title}</a></h3>'
    hidden = '<template><h3><a href="/a/0">The title of an article</a></h3></template>'
    assert len(entries(rows(form) + hidden)) == len(TITLES)
    shadow = '<x-list><template shadowrootmode="open">' + rows(form) + "</template></x-list>"
    assert len(entries(shadow)) == len(TITLES)


def test_a_number_asked_of_the_front_page_is_an_article() -> None:
    numbered = rows('<h3><a href="?p=10{n}">{title}</a></h3>')
    assert [each.url for each in entries(numbered)] == [f"{URL}?p=10{n}" for n in range(1, 6)]
    assert not entries(numbered.replace("?p=", "?page="))


OBJECTS = [
    {
        "headlines": {"basic": title},
        "canonical_url": f"/a/{n}",
        "display_date": f"2026-10-0{n}T08:00:00Z",
    }
    for n, title in enumerate(TITLES, start=1)
]
WRITTEN = json.dumps({"items": OBJECTS})
TABLE = json.dumps(
    [
        {"list": 1},
        [2 + 5 * n for n in range(5)],
        *(
            value
            for n, each in enumerate(OBJECTS)
            for value in (
                {"headlines": 3 + 5 * n, "canonical_url": 4 + 5 * n, "display_date": 5 + 5 * n},
                {"basic": 6 + 5 * n},
                each["canonical_url"],
                each["display_date"],
                each["headlines"]["basic"],  # type: ignore[index]
            )
        ),
    ]
)
PUSHED = [
    f"self.__next_f.push({json.dumps([1, part])})"
    for part in (f'5:["$","div",null,{WRITTEN[:90]}', f"{WRITTEN[90:]}]\n6:[\n")
]
TABLE_OF_KINDS = json.dumps(
    [
        ["ShallowReactive", 1],
        [2 + 4 * n for n in range(5)],
        *(
            value
            for n in range(5)
            for value in (
                {"title": 3 + 4 * n, "url": 4 + 4 * n, "publishedAt": 5 + 4 * n},
                TITLES[n],
                f"/a/{n + 1}",
                f"2026-10-0{n + 1}T08:00:00Z",
            )
        ),
    ]
)
DATA = {
    "object": f'<script type="application/json">{WRITTEN}</script>',
    "parsed": f"<script>window.__STATE__ = JSON.parse({json.dumps(WRITTEN)});</script>",
    "parsed, single quotes": f"<script>window.__STATE__ = JSON.parse('{WRITTEN}');</script>",
    "streamed": "".join(f"<script>{each}</script>" for each in PUSHED),
    "table": f'<script type="application/json" id="__NUXT_DATA__">{TABLE}</script>',
    "table of kinds": '<script type="application/json" id="__NUXT_DATA__">'
    + TABLE_OF_KINDS
    + "</script>",
}


@pytest.mark.parametrize("data", DATA.values(), ids=list(DATA))
def test_data_are_read_however_programs_write_them(data: str) -> None:
    assert [(each.url, each.title, each.published_at) for each in entries(data)] == [
        (f"{URL}a/{n}", title, datetime(2026, 10, n, 8, tzinfo=UTC))
        for n, title in enumerate(TITLES, start=1)
    ]


@pytest.mark.parametrize(
    "data", ["[0]", "[[1],[0]]", '[{"a": 1}, {"a": 0}]', "[[99, -1, 1.5, true]]"]
)
def test_a_table_that_refers_to_itself_or_to_nothing_lists_nothing(data: str) -> None:
    padded = f'<script type="application/json">{data:<30}</script>'
    assert not entries(padded)


def test_the_day_of_a_list_gives_way_to_the_time_of_the_page() -> None:
    day = Entry(url=f"{URL}a/1", title=TITLES[0], published_at=datetime(2026, 10, 3, tzinfo=UTC))
    page = replace(day, text="It reopens.", published_at=datetime(2026, 10, 3, 9, 30, tzinfo=UTC))
    assert merged(day, page).published_at == page.published_at
    later = replace(page, published_at=datetime(2026, 10, 9, 9, 30, tzinfo=UTC))
    assert merged(day, later).published_at == day.published_at


def test_a_box_that_is_a_link_may_hold_ever_so_many_lines() -> None:
    def read(lines: int) -> None:
        box = f"<div data-href=/a>{'<p>A line of it</p>' * lines}</div>"
        entries(box)

    assert grows_no_faster_than_its_input(read, 2_000)


def test_thousands_of_objects_may_refer_to_one_of_thousands_of_values() -> None:
    def read(size: int) -> None:
        table = [{"title": 1}, {f"k{n}": n for n in range(size)}, *[{"title": 1}] * size]
        entries(f"<script type=application/json>{json.dumps(table)}</script>")

    assert grows_no_faster_than_its_input(read, 500)


def test_what_is_sent_piece_by_piece_may_have_ever_so_many_bad_lines() -> None:
    def read(size: int) -> None:
        pushed = json.dumps([1, "0:[x\n" * size])
        entries(f"<script>self.__next_f.push({pushed})</script>")

    assert grows_no_faster_than_its_input(read, 8_000)


def test_the_latest_of_a_list_may_say_less_of_their_day_than_the_older() -> None:
    form = '<div><h3><a href="/a/{n}">{title}</a></h3><i>October {n}, 2026</i></div>'
    for said, day in (("2 hours ago", 6), ("Oct 5", 5), ("5 min read", None)):
        assert days(rows(form).replace("October 5, 2026", said)) == [1, 2, 3, 4, day]


def timed(*clocks: str, language: str = "en") -> list[str | None]:
    """Return when each of a list is said to be published: three of one day, and two of another."""
    row = '<div><i>{}</i> <h3><a href="/a/{}">{}</a></h3></div>'
    each = [row.format(clock, n, TITLES[n]) for n, clock in enumerate(clocks)]
    day = "<p class='day'>2026-10-{}</p>"
    inner = "".join((day.format("06"), *each[:3], day.format("05"), *each[3:]))
    found = entries(inner, language=language)
    return [e.published_at and e.published_at.strftime("%d %H:%M") for e in found]


def test_the_time_of_day_that_rows_show_alone_is_of_the_day_above_them() -> None:
    clocks = ("14:20", "9.05", "8:00", "23:59", "07h30")
    assert timed(*clocks) == ["06 14:20", "06 09:05", "06 08:00", "05 23:59", "05 07:30"]
    assert timed(*clocks, language="vi")[-1] == "05 00:30"


def test_how_long_films_take_is_no_time_of_day() -> None:
    midnights = ["06 00:00"] * 3 + ["05 00:00"] * 2
    assert timed("3:45", "12:10", "2:02", "9:30", "1:01") == midnights
    assert timed("12:10", "3:45", "12 km", "9:30", "new") == midnights


def test_a_time_beside_few_of_the_headlines_is_no_time_of_day() -> None:
    day = datetime(2026, 10, 6, tzinfo=UTC)
    for clocks, hour in (("9876", 9), ("9876xxxxx", 0)):
        links = [fromstring(f"<p>{clock}:00</p>") for clock in clocks]
        days = with_clocks({link: link for link in links}, dict.fromkeys(links, day), None)
        assert days[links[0]].hour == hour


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "[10-0{n}]"),
        ("zh", "10月{n}日"),
        ("ko", "10.0{n}"),
        ("fi", "{n}.10."),
        ("vi", "0{n}/10 08:30"),
        ("fr", "lundi, 0{n}/10"),
    ],
)
def test_days_in_numbers_need_no_year(language: str, said: str) -> None:
    form = '<div><h3><a href="/a/{n}">{title}</a></h3><i>' + said + "</i></div>"
    assert days(rows(form), language=language) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "0{n} Oct, 10:30 am"),
        ("fr", "Le 0{n} octobre"),
        ("fr", "mardi 0{n} octobre"),
        ("sv", "0{n} oktober kl. 10.30"),
        ("en", "0{n}-Oct-2026"),
        ("es", "0{n}/oct/2026"),
        ("en", "Posted: 0{n}.10.26"),
        ("de", "0{n}.10.26 Uhr"),
        ("en", "0{n} October 2026 | News | 3 min read"),
        ("fr", "Publié le 0{n} oct. 2026 à 10h"),
    ],
)
def test_what_stands_around_a_day_does_not_hide_it(language: str, said: str) -> None:
    form = '<div><h3><a href="/a/{n}">{title}</a></h3><i>' + said + "</i></div>"
    assert days(rows(form), language=language) == [1, 2, 3, 4, 5]


def test_what_may_be_of_two_days_or_of_none_is_no_day() -> None:
    form = '<div><h3><a href="/a/{n}">{title}</a></h3><i>0{n}/10</i></div>'
    assert days(rows(form), language="en") == [None] * 5
    assert days(rows(form.replace("/10", "-55")), language="zh") == [None] * 5


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ar", "منذ يوم"),
        ("en", "Yesterday"),
        ("vi", "hôm qua"),
        ("zh", "昨天"),
        ("de", "vor einem Tag"),
    ],
)
def test_a_day_ago_may_be_said_without_a_number(language: str, said: str) -> None:
    form = '<div><h3><a href="/a/{n}">{title}</a></h3><i>' + said + "</i></div>"
    assert days(rows(form), language=language) == [5] * 5


def test_what_is_for_sale_is_no_article_and_a_link_named_the_title_says_it() -> None:
    form = (
        '<article><h3><a href="/a/{n}" class="post-title">{title}</a></h3>'
        '<h3><a href="/a/{n}">And what everybody in town has to say about it</a></h3></article>'
    )
    offer = "<article><h3><a href='/advertise/card/'>Your business here: see our card</a></h3>"
    assert [each.title for each in entries(rows(form) + offer)] == list(TITLES)


def test_the_time_of_day_may_stand_in_a_box_beside_the_day() -> None:
    form = '<div><h3><a href="/a/{n}">{title}</a></h3><i>0{n}/10/2026</i> <i>1{n}h30</i></div>'
    found = [each.published_at for each in entries(rows(form), language="pt")]
    assert found == [datetime(2026, 10, n, 10 + n, 30, tzinfo=UTC) for n in range(1, 6)]
