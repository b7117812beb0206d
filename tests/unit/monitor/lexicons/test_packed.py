"""The packed lexicon's file: made once, found again, made anew when its lines change."""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.lexicons import packed, packed_file
from rules.lexicons import news_packed, news_source


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "lexicon"
    folder.mkdir()
    (folder / "weather.en.tsv").write_text("# id\tkind\ten\tsense\nflood\tnoun\tflood\t-\n")
    (folder / "weather.sv.tsv").write_text("# id\tsv\nflood\töversvämning\n", encoding="utf-8")
    monkeypatch.setattr(news_source, "folder", lambda: folder)
    news_source.groups.cache_clear()
    yield folder
    news_source.groups.cache_clear()


def again(lines: Path) -> set[str]:
    """Look into the lexicon as another process would."""
    news_source.groups.cache_clear()
    (named,) = packed.packed_news(lines.parent / "cache").named("flood")
    return {form for forms in named.concept.forms.values() for form in forms}


def made(folder: Path) -> Path:
    return folder / "__pycache__" / packed.NAME


def test_it_is_made_once_and_then_read(lines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert again(lines) == {"flood", "översvämning"}
    assert [path.name for path in made(lines).parent.iterdir()] == [packed.NAME]
    monkeypatch.setattr(news_packed, "pack", lambda *_, **__: pytest.fail("packed again"))
    assert again(lines) == {"flood", "översvämning"}


def test_it_is_made_anew_when_a_line_changes(lines: Path) -> None:
    again(lines)
    (lines / "weather.sv.tsv").write_text("# id\tsv\nflood\tflod\n", encoding="utf-8")
    assert again(lines) == {"flood", "flod"}


def test_it_is_made_anew_when_only_a_table_beside_the_lines_changes(
    lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the one that says which forms count alone: then old rules get other variants, too."""
    assert again(lines) == {"flood", "översvämning"}
    cache = lines.parent / "cache"
    edition = packed.news_edition(cache)
    table = lines.parent / "loose_forms.tsv"
    table.write_text("sv\tflood\töversvämning\n", encoding="utf-8")
    said = [tuple(row.split("\t")) for row in table.read_text(encoding="utf-8").splitlines()]
    monkeypatch.setattr(news_source, "rows", lambda _: said)
    assert packed.news_edition(cache) is None
    assert again(lines) == {"flood", "~översvämning"}
    assert packed.news_edition(cache) not in (None, edition)


@pytest.mark.parametrize("damage", [b"", b"damaged"])
def test_a_damaged_file_is_made_anew(lines: Path, damage: bytes) -> None:
    again(lines)
    whole = made(lines).read_bytes()
    made(lines).write_bytes(damage)
    assert again(lines) == {"flood", "översvämning"}
    assert made(lines).read_bytes() == whole


def test_where_the_package_cannot_be_written_the_cache_is(lines: Path, tmp_path: Path) -> None:
    (lines / "__pycache__").write_text("a file in the way, as read-only folders are for root")
    assert again(lines) == {"flood", "översvämning"}
    assert (tmp_path / "cache" / packed.NAME).exists()
    os.remove(tmp_path / "cache" / packed.NAME)
    (tmp_path / "cache").rmdir()
    (tmp_path / "cache").write_text("in the way too")
    assert again(lines) == {"flood", "översvämning"}


def test_its_edition_is_known_without_reading_it(lines: Path) -> None:
    cache = lines.parent / "cache"
    assert packed.news_edition(cache) is None
    edition = packed.packed_news(cache).edition
    assert packed.news_edition(cache) == edition
    (lines / "weather.sv.tsv").write_text("# id\tsv\nflood\tflod\n", encoding="utf-8")
    assert packed.news_edition(cache) is None
    news_source.groups.cache_clear()
    assert packed.packed_news(cache).edition == packed.news_edition(cache) != edition


@pytest.mark.parametrize("damage", [b"", b"damaged", b"newslexC" * 20])
def test_a_damaged_file_has_no_edition(lines: Path, damage: bytes) -> None:
    again(lines)
    made(lines).write_bytes(damage)
    assert packed.news_edition(lines.parent / "cache") is None


def test_the_edition_in_the_cache_counts_where_the_package_has_none(lines: Path) -> None:
    (lines / "__pycache__").write_text("a file in the way, as read-only folders are for root")
    cache = lines.parent / "cache"
    assert packed.packed_news(cache).edition == packed.news_edition(cache)


def test_another_process_packs_it_so_that_this_one_need_not(
    lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = f"from pathlib import Path; news_source.folder = lambda: Path({str(lines)!r}); "
    begun = packed_file._START.replace("main({cache!r})", "main(None)")
    begun = begun.replace(
        "from monitor", f"from rules.lexicons import news_source; {there}from monitor"
    )
    monkeypatch.setattr(packed_file, "_START", begun)
    monkeypatch.setattr(news_packed, "pack", lambda *_, **__: pytest.fail("packed here"))
    packed_file.packed_apart.cache_clear()
    said: list[str] = []
    assert len(packed.packed_news(tell=said.append, apart=True)) == 1
    assert len(packed.packed_news(tell=said.append, apart=True)) == 1
    assert len(said) == 1


def test_where_no_other_process_can_be_begun_it_is_packed_here(
    lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    packed_file.packed_apart.cache_clear()
    said: list[str] = []
    assert len(packed.packed_news(tell=said.append, apart=True)) == 1
    assert made(lines).exists()
    assert len(said) == 1


def test_what_could_not_be_written_to_its_end_is_taken_away(
    lines: Path,
) -> None:
    """On a full disk, where each start would leave more of it behind."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, usual[1]))
    try:
        assert again(lines) == {"flood", "översvämning"}
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, ignored)
    assert not [*made(lines).parent.iterdir()]


def test_what_a_process_left_that_was_killed_while_it_packed_is_taken_away(lines: Path) -> None:
    left = made(lines).with_name(f".{packed.NAME}-abcdefgh")
    left.parent.mkdir()
    left.write_bytes(b"half of it")
    again(lines)
    assert [path.name for path in made(lines).parent.iterdir()] == [packed.NAME]
