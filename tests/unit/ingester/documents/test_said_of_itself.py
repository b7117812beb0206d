"""What documents say of themselves around their text: labels, front matter, datelines."""

from datetime import UTC, datetime

import pytest

from ingester.documents.parse import read_document
from ingester.entry import Entry
from tests.growth import grows_no_faster_than_its_input

FILED_AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = "The harbour was closed on Monday morning after a crane had fallen onto the quay."
DAY = datetime(2026, 2, 27, tzinfo=UTC)


def one(text: str, name: str = "note.txt") -> Entry:
    document = read_document(text.encode(), name, modified_at=FILED_AT, now=NOW)
    assert document.notices == ()
    (entry,) = document.entries
    return entry


@pytest.mark.parametrize(
    "head",
    [
        "Title: Harbour closed\n\n",
        "Title: Harbour closed\nSummary: A crane fell.\n\n",
        "Harbour closed\n\nAuthor: Ann Bee\nDate: 2026-02-27\n\n",
        "Harbour closed\nAuthor: Ann Bee\nDate: 2026-02-27\n\n",
        '{"title": "Harbour closed", "date": "2026-02-27"}\n\n',
        "---\ntitle: Harbour closed\n...\n",
        "Harbour closed\n==============\n\n",
        "\u200bHarbour closed\u200b\n\n",
    ],
)
def test_the_title_is_found_before_and_above_labels(head: str) -> None:
    entry = one(head + TEXT)
    assert (entry.title, entry.text) == ("Harbour closed", TEXT)
    assert "Author" not in head or (entry.authors, entry.published_at) == (("Ann Bee",), DAY)
    assert entry.summary == ("A crane fell." if "Summary" in head else "")


@pytest.mark.parametrize(
    "text",
    [
        f"Note: the harbour\n\n{TEXT}",
        f"Harbour closed\n\nBoats: four\nCranes: one\n\n{TEXT}",
        f'{{"cranes": 1}}\n\n{TEXT}',
        f"{{harbour}} closed\n\n{TEXT}",
    ],
)
def test_what_is_no_label_stays(text: str) -> None:
    entry = one(text)
    assert entry.title == text.partition("\n")[0]
    assert entry.text == text.partition("\n\n")[2]


def test_labels_may_be_all_that_there_is() -> None:
    entry = one("Title: Harbour closed\nDate: 2026-02-27")
    assert (entry.title, entry.published_at) == ("Harbour closed", DAY)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Ann Bee, Carl Dee", ("Ann Bee", "Carl Dee")),
        ("Ann Bee; Carl Dee", ("Ann Bee", "Carl Dee")),
        ("Bee, Ann", ("Bee, Ann",)),
    ],
)
def test_a_comma_parts_whole_names(said: str, names: tuple[str, ...]) -> None:
    assert one(f"Title: x\nAuthors: {said}\n\n{TEXT}").authors == names


@pytest.mark.parametrize(
    "name",
    [
        "2026-02-27-harbour.md",
        "2026/02/27/harbour.txt",
        "20260227.md",
        "Harbour 2026-02-27.md",
        "Harbour (2026 02 27).txt",
        "ميناء2026-02-27.txt",
        "港口2026年02月27日.txt",
    ],
)
def test_a_file_named_after_a_day_is_of_that_day(name: str) -> None:
    assert one(TEXT, name).published_at == DAY
    assert one(f"Title: x\nDate: 2026-02-01\n\n{TEXT}", name).published_at != DAY


@pytest.mark.parametrize(
    "name", ["2026-03-01-harbour.md", "2031-03-01.md", "harbour-1234.md", "Harbour 2602271230.md"]
)
def test_a_file_keeps_its_time_where_its_name_says_no_more(name: str) -> None:
    assert one(TEXT, name).published_at == FILED_AT


@pytest.mark.parametrize("start", ["OSLO, 27 February 2026 - ", "OSLO (Post), 27 Feb. 2026 — "])
def test_a_dateline_dates_a_text_and_stays_in_it(start: str) -> None:
    entry = one(f"Harbour closed\n\n{start}{TEXT}")
    assert (entry.published_at, entry.text) == (DAY, start + TEXT)


def test_a_sentence_with_a_day_and_a_dash_is_no_dateline() -> None:
    told = "Nobody who saw the harbour on 27 February 2026 - a Friday - will forget it."
    assert one(f"Harbour closed\n\n{told}").published_at == FILED_AT


def test_footnotes_of_markdown_are_text_without_their_marks() -> None:
    entry = one(
        f"# Harbour closed\n\n{TEXT}[^1]\n\n[^1]: Says the mayor.\n\n[2]: https://x.example", "a.md"
    )
    assert entry.text == f"{TEXT}\n\nSays the mayor."


@pytest.mark.parametrize("start", ["Title: x\n", "x\n\n", "{", "---\n"])
def test_a_beginning_takes_no_longer_than_its_length(start: str) -> None:
    def read(size: int) -> object:
        data = (start + "Date : x, " * size).encode()
        return read_document(data, "note.txt", modified_at=FILED_AT, now=NOW)

    assert grows_no_faster_than_its_input(read, 1_000)


@pytest.mark.parametrize("opened", ["**a ", "`a ", "_a "])
def test_a_long_line_of_emphasis_that_nobody_closes_ends(opened: str) -> None:
    assert grows_no_faster_than_its_input(lambda n: one(f"Head\n\n{opened * n}", "a.md"), 2_000)
