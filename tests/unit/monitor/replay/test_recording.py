"""Recorded days as they lie in folders."""

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.base.errors import Refusal
from monitor.replay.recording import Listed, read_recording

NOW = datetime(2026, 11, 28, tzinfo=UTC)


class Folder:
    """A folder of days, and what is said of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: list[str] = []

    def put(self, name: str, *lines: object, text: str | None = None) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
        body = text or "\n".join(written)
        path.write_bytes(gzip.compress(body.encode()) if name.endswith(".gz") else body.encode())
        os.utime(path, (1e9, 1e9))
        return path

    def read(self) -> list[Listed]:
        return list(read_recording(self.path, now=NOW, tell=self.said.append))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "days")


def test_lines_say_when_they_were_listed_and_where(folder: Folder) -> None:
    folder.put(
        "2026-11-20.jsonl.gz",
        {
            "title": "Rail strike",
            "link": "https://harbour.example/1",
            "summary": "It begins.",
            "source": "Harbour News",
            "published": "2026-11-20T07:00:00+07:00",
            "fetched": "2026-11-20T09:30:00+07:00",
        },
        {"title": "No source", "published": "2026-11-20T10:00:00Z"},
        {"headline": "No time at all", "source": {"name": "Elsewhere"}},
        {
            "title": "At a site",
            "source": "https://news.example/feed",
            "first_seen_at": "2026-11-21",
        },
    )
    found = folder.read()
    assert [(each.source, each.at) for each in found] == [
        ("Harbour News", datetime(2026, 11, 20, 2, 30, tzinfo=UTC)),
        ("days", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("Elsewhere", datetime(2026, 11, 20, tzinfo=UTC)),
        ("news.example", datetime(2026, 11, 21, tzinfo=UTC)),
    ]
    first = found[0].entry
    assert (first.title, first.url) == ("Rail strike", "https://harbour.example/1")
    assert (first.summary, first.published_at) == (
        "It begins.",
        datetime(2026, 11, 20, tzinfo=UTC),
    )
    assert folder.said == []


@pytest.mark.parametrize(
    ("polled", "is_poll", "microsecond"),
    [
        ("2026-11-20T09:30:00.000123Z", True, 123),
        ("2026-11-20T16:30:00.000123+07:00", True, 123),
        ("Fri, 20 Nov 2026 09:30:00 GMT", False, 0),  # a day as people write it is not so exact
        ("2026-11-20T09:30:00", False, 0),
        ("0001-01-01T00:00:00+14:00", False, 0),
        (1795000000, False, 0),
    ],
)
def test_a_line_says_exactly_when_its_source_was_polled(
    folder: Folder, polled: object, is_poll: bool, microsecond: int
) -> None:
    said = {"first_seen_at": "2026-11-20T09:30:00Z"}
    folder.put("a.jsonl", {"title": "Rail strike", "polled_at": polled, **said})
    [listed] = folder.read()
    assert listed.is_poll is is_poll
    assert listed.at == datetime(2026, 11, 20, 9, 30, 0, microsecond, tzinfo=UTC)


@pytest.mark.parametrize(
    ("publisher", "address"),
    [
        ("paper.example", "https://paper.example/"),
        ("127.0.0.1:8080", "https://127.0.0.1:8080/"),
        ("The Paper", ""),
        ("", ""),
        ({"name": "paper.example"}, ""),
    ],
)
def test_a_line_may_say_who_published_it(folder: Folder, publisher: object, address: str) -> None:
    folder.put("2026-11-20.jsonl", {"title": "Rail strike", "publisher": publisher, "source": "A"})
    [listed] = folder.read()
    assert listed.entry.publisher == address


def test_documents_are_of_the_day_that_their_folder_is_named_after(folder: Folder) -> None:
    folder.put("2026-11-19/speech.txt", text="The Hanoi Convention\n\nIt was signed.")
    folder.put("2026-11-18/report.md", text="---\ndate: 2026-11-17\n---\n# A title\n\nText.")
    folder.put("README.rst", text="what this is")
    found = folder.read()
    assert [(each.entry.title, each.at.date().isoformat()) for each in found] == [
        ("A title", "2026-11-17"),
        ("The Hanoi Convention", "2026-11-19"),
    ]


def test_what_cannot_be_read_is_told_with_its_place_and_stops_nothing(folder: Folder) -> None:
    folder.put(
        "a.jsonl",
        "{not json",
        '["a list"]',
        {"id": 1},
        {"title": "later", "fetched": "2027-01-01T00:00:00Z"},
        {"title": "good", "fetched": "2026-11-01T00:00:00Z"},
    )
    folder.put("b.jsonl.gz", {"title": "good, too"}).write_bytes(b"no gzip")
    folder.put("c.jsonl", *(["no"] * 30))
    assert [each.entry.title for each in folder.read()] == ["good"]
    assert folder.said[:5] == [
        "a.jsonl:1: is not JSON in UTF-8; left out",
        "a.jsonl:2: is not a JSON object; left out",
        "a.jsonl:3: has no title and no text; left out",
        "a.jsonl:4: lies in the future; left out",
        "b.jsonl.gz: the rest is no gzip; left out",
    ]
    assert len([text for text in folder.said if text.startswith("c.jsonl")]) == 21


def test_a_document_that_is_left_out_is_named_once(folder: Folder) -> None:
    folder.put("2026-11-19/broken.pdf", text="%PDF-1.4 nothing")
    assert folder.read() == []
    [said] = folder.said
    assert said.startswith("2026-11-19/broken.pdf: is no PDF")
    assert said.count("broken.pdf") == 1


def test_a_line_without_end_is_left_out(folder: Folder) -> None:
    folder.put("a.jsonl", '{"title": "' + "x" * 2_100_000 + '"}', {"title": "good"})
    assert [each.entry.title for each in folder.read()] == ["good"]
    assert folder.said[0] == "a.jsonl:1: is too long; left out"


def test_what_is_no_folder_is_refused(folder: Folder, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="there is no such folder"):
        folder.read()
    file = tmp_path / "days"
    file.write_text("")
    with pytest.raises(Refusal, match="is not a folder"):
        folder.read()
