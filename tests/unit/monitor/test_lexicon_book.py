"""The packed lexicon's file: made once, found again, made anew when its lines change."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import dictionary_folders, lexicon_book
from monitor.dictionary_folders import Folders
from rules.languages import news_lines


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "lexicon"
    folder.mkdir()
    (folder / "weather.en.tsv").write_text("# id\tkind\ten\tsense\nflood\tnoun\tflood\t-\n")
    (folder / "weather.sv.tsv").write_text("# id\tsv\nflood\töversvämning\n", encoding="utf-8")
    monkeypatch.setattr(news_lines, "folder", lambda: folder)
    monkeypatch.setattr(dictionary_folders, "_current", lambda: Folders((), tmp_path / "cache"))
    news_lines.groups.cache_clear()
    lexicon_book.book.cache_clear()
    yield folder
    news_lines.groups.cache_clear()
    lexicon_book.book.cache_clear()


def again() -> set[str]:
    """Look into the lexicon as another process would."""
    lexicon_book.book.cache_clear()
    news_lines.groups.cache_clear()
    (named,) = lexicon_book.book().named("flood")
    return {form for forms in named.concept.forms.values() for form in forms}


def made(folder: Path) -> Path:
    return folder / "__pycache__" / lexicon_book.NAME


def test_it_is_made_once_and_then_read(lines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert again() == {"flood", "översvämning"}
    assert [path.name for path in made(lines).parent.iterdir()] == [lexicon_book.NAME]
    monkeypatch.setattr(lexicon_book, "pack", lambda *_, **__: pytest.fail("packed again"))
    assert again() == {"flood", "översvämning"}


def test_it_is_made_anew_when_a_line_changes(lines: Path) -> None:
    again()
    (lines / "weather.sv.tsv").write_text("# id\tsv\nflood\tflod\n", encoding="utf-8")
    assert again() == {"flood", "flod"}


@pytest.mark.parametrize("damage", [b"", b"damaged"])
def test_a_damaged_file_is_made_anew(lines: Path, damage: bytes) -> None:
    again()
    whole = made(lines).read_bytes()
    made(lines).write_bytes(damage)
    assert again() == {"flood", "översvämning"}
    assert made(lines).read_bytes() == whole


def test_where_the_package_cannot_be_written_the_cache_is(lines: Path, tmp_path: Path) -> None:
    (lines / "__pycache__").write_text("a file in the way, as read-only folders are for root")
    assert again() == {"flood", "översvämning"}
    assert (tmp_path / "cache" / lexicon_book.NAME).exists()
    os.remove(tmp_path / "cache" / lexicon_book.NAME)
    (tmp_path / "cache").rmdir()
    (tmp_path / "cache").write_text("in the way too")
    assert again() == {"flood", "översvämning"}
