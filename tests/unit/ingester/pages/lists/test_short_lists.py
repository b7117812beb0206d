"""Lists whose lines say little: what else tells that they are news."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest

from ingester.entry import Entry
from ingester.pages.kind import read_listing
from ingester.pages.lists.addresses import common_make, make_of
from tests.growth import grows_no_faster_than_its_input

URL = "https://club.example/"
NOW = datetime(2026, 10, 20, 9, tzinfo=UTC)
TITLES = [
    "Home win at last",
    "Nytt klubbhus",
    "Annual meeting on Monday",
    "A new coach comes",
    "Cup draw made today",
]


def entries(inner: str, url: str = URL, now: datetime | None = NOW) -> tuple[Entry, ...]:
    page = f"<html lang=en><title>Club</title><body><nav><a href=/join>Join</a></nav>{inner}"
    listing = read_listing(page.encode(), url=url, content_type="text/html", now=now)
    return listing.entries if listing else ()


def titles(inner: str, url: str = URL) -> list[str]:
    return [entry.title for entry in entries(inner, url)]


def days(inner: str, url: str = URL) -> list[int | None]:
    return [at and at.timetuple().tm_yday for at in (e.published_at for e in entries(inner, url))]


def rows(row: Callable[[int, str], str], said: Iterable[str] = TITLES) -> str:
    return "".join(row(place, title) for place, title in enumerate(said))


def dated(place: int, title: str) -> str:
    return f"<li><a href=/x/{title[:3]}>{title}</a> <i>{19 - place}.10.2026</i></li>"


def test_three_lines_with_a_date_each_are_a_list() -> None:
    assert titles(f"<ul>{rows(dated, TITLES[:3])}</ul>") == TITLES[:3]


def test_three_lines_without_dates_are_none() -> None:
    def undated(place: int, title: str) -> str:
        return f"<li><h3><a href=/x/{place}>{title}</a></h3></li>"

    assert titles(f"<ul>{rows(undated, TITLES[:3])}</ul>") == []


def test_three_dates_to_come_are_a_calendar() -> None:
    calendar = rows(dated, TITLES[:3]).replace(".10.2026", ".11.2026")
    assert titles(f"<ul>{calendar}</ul>") == []


def test_three_dated_lines_below_an_article_are_none() -> None:
    article = f"<p>{'The hall was full long before the meeting began. ' * 4}</p>" * 2
    assert titles(f"{article}<ul>{rows(dated, TITLES[:3])}</ul>") == []


def test_a_dated_list_holds_its_lines_of_two_words_too() -> None:
    assert titles(f"<main><ul>{rows(dated)}</ul></main>") == TITLES


def test_rows_that_are_painted_in_turns_are_one_list() -> None:
    def striped(place: int, title: str) -> str:
        return f"<tr class=row{place % 2}><td><a href=/i.php?id={place + 70}>{title}</a></td></tr>"

    assert titles(f"<main><table>{rows(striped)}</table></main>") == TITLES


def test_addresses_of_one_make_tell_of_short_lines() -> None:
    def plain(place: int, title: str) -> str:
        return f"<li><a href=/{7100 + place}/{title[:3]}/?from=home>{title} of the club</a></li>"

    assert len(titles(f"<ul>{rows(plain)}</ul>")) == len(TITLES)


def test_a_link_with_an_address_as_the_headlines_have_is_one_wherever_it_stands() -> None:
    def boxed(place: int, title: str) -> str:
        url = f"/2026/10/19/news/{4 * 'abcde'[place]}-{4200 + place}/"
        return f"<div><h3><a href={url}>{title} for the whole town</a></h3></div>"

    more = "<ul><li><a href=/2026/10/19/news/lost-4299/>We lost again</a></li></ul>"
    assert "We lost again" in titles(f"{more}{rows(boxed)}")
    assert "We lost again" not in titles(f"{more.replace('/2026/10/19/news', '')}{rows(boxed)}")


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("https://a.example/n/town-hall-41.html", "https://a.example/n/fire-9002.html", True),
        ("https://a.example/n/41?utm_source=x", "https://a.example/n/57", True),
        ("https://a.example/v.php?id=41&p=home", "https://a.example/v.php?id=57", True),
        ("https://a.example/n/41", "https://a.example/shop/41", False),
        ("https://a.example/n/town-hall", "https://a.example/n/fire", False),
    ],
)
def test_the_make_of_an_address_is_what_numbers_and_words_leave(
    one: str, other: str, *, is_one: bool
) -> None:
    assert bool(common_make([one, other])) is is_one
    assert (make_of(one) == make_of(other) != "") is is_one


def test_of_two_links_to_an_article_the_one_in_words_is_its_title() -> None:
    def numbered(place: int, title: str) -> str:
        number = f"<td><a href=/adv/{310 + place}>ADV-2026-{310 + place}</a></td>"
        text = f"<td><a href=/adv/{310 + place}>水門の装置に欠陥{title[0]}</a></td>"
        return f"<tr><td>{19 - place}.10.2026</td>{number}{text}</tr>"

    assert all(title.startswith("水門") for title in titles(f"<table>{rows(numbered)}</table>"))


def test_messages_whose_only_link_is_their_time_are_named_by_what_stands_above_it() -> None:
    def message(place: int, title: str) -> str:
        when = f"<a href=/c/{500 + place}><time datetime=2026-10-1{place}>10:00</time></a>"
        return f"<div class=m><div class=t>{title}</div><div class=f>{when}</div></div>"

    assert titles(rows(message)) == TITLES


@pytest.mark.parametrize(
    "shown", ["<b>{}</b> <i>Oct</i>", "<b>{}</b><i>Oct</i><s>2026</s>", "<i>{} October</i>"]
)
def test_a_day_is_read_from_its_pieces_and_without_its_year(shown: str) -> None:
    def sheet(place: int, title: str) -> str:
        return f"<li>{shown.format(19 - place)} <a href=/x/{title[:3]}>{title} today</a></li>"

    assert days(f"<main><ul>{rows(sheet)}</ul></main>") == [292, 291, 290, 289, 288]


def test_days_without_a_year_that_may_be_to_come_are_none() -> None:
    def sheet(place: int, title: str) -> str:
        return f"<li><i>{19 - place} December</i> <a href=/x/{title[:3]}>{title} for us</a></li>"

    assert days(f"<main><ul>{rows(sheet)}</ul></main>") == [None] * 5


def test_a_day_before_a_label_in_a_term_is_of_its_line() -> None:
    def term(place: int, title: str) -> str:
        label = "<span>Notice</span>" if place % 2 else "<span>News</span>"
        return f"<dt>2026.10.{19 - place}{label}</dt><dd><a href=/x/{place}>{title} now</a></dd>"

    assert days(f"<main><dl>{rows(term)}</dl></main>") == [292, 291, 290, 289, 288]


def test_figures_behind_a_year_in_addresses_are_no_day_where_rows_show_others() -> None:
    def numbered(place: int, title: str) -> str:
        return f"<li>{19 - place}.10.2026 <a href=/n/2026/{1001 + place}.html>{title} now</a></li>"

    assert days(f"<main><ul>{rows(numbered)}</ul></main>") == [292, 291, 290, 289, 288]
    agreeing = rows(numbered).replace("/1005.html", "/1015.html").replace("/1004.", "/1016.")
    assert days(f"<main><ul>{agreeing}</ul></main>")[3:] == [289, 288]


def test_data_with_a_time_may_have_titles_of_two_words() -> None:
    objects = ",".join(
        f'{{"title":"{title}","url":"/n/{place}","publishedAt":"2026-10-1{place}"}}'
        for place, title in enumerate(TITLES)
    )
    found = titles(f'<script type="application/json">[{objects}]</script>')
    assert found == TITLES


def test_rows_of_many_short_pieces_are_read_in_linear_time() -> None:
    def read(size: int) -> None:
        row = f"<li>{'<b>2026</b>' * 40}<a href=/x/{{}}>A title of five words</a></li>"
        entries("".join(row.replace("{}", str(n)) for n in range(size)))

    assert grows_no_faster_than_its_input(read, 60)
