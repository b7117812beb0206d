"""An archive moved into another database from the command line."""

import re
from pathlib import Path

import pytest

from monitor.config.home_lock import daemon_lock, home_lock
from tests.builders import an_article, given
from tests.unit.monitor.cli.conftest import Monitor


@pytest.fixture
def archive(monitor: Monitor) -> Monitor:
    storage = monitor.storage()
    given(storage, an_article())
    storage.close()
    return monitor


def test_an_archive_is_named_by_its_folder_its_file_or_its_url(archive: Monitor) -> None:
    there = archive.home / "there.db"
    said = archive("copy", str(archive.home), str(there))
    assert "of 1 article, and found them the same" in said
    assert re.search(r", in [0-9.]+ m?s\.", said)
    assert f"\n  export MONITOR_DATABASE_URL=sqlite:///{there}\nNever run" in said
    url = f"sqlite:///{archive.home / 'again.db'}"
    shown = archive.one("copy", str(there), url)
    assert shown["rows"]["article"] == 1
    assert shown["source"] == str(there)
    archive.environ["MONITOR_DATABASE_URL"] = url
    assert archive.one("status")["articles"] == 1


def test_what_is_not_there_yet_and_has_no_ending_is_a_data_folder(archive: Monitor) -> None:
    there = archive.home / "back"
    said = archive("copy", str(archive.home), str(there))
    assert f"sqlite:///{there / 'monitor.db'}" in said
    assert there.stat().st_mode & 0o077 == 0
    archive.environ["MONITOR_HOME"] = str(there)
    assert archive.one("status")["articles"] == 1


def test_a_copy_that_failed_leaves_no_folder(archive: Monitor) -> None:
    other = archive.home / "other.db"
    other.write_bytes(b"no database")
    archive("copy", str(other), str(archive.home / "back"), expect=75)
    assert not (archive.home / "back").exists()


@pytest.mark.postgres
def test_a_password_is_not_shown(archive: Monitor, postgres_url: str) -> None:
    secret = postgres_url.replace("postgres@", "postgres:geheim@").replace(
        "postgres:@", "postgres:geheim@"
    )
    shown = archive.one("copy", str(archive.home), secret)
    assert "geheim" not in str(shown)
    archive("copy", str(archive.home), secret, expect=1)
    assert "is not empty" in archive.err
    assert "geheim" not in archive.err


def test_what_cannot_be_copied_is_said_in_one_sentence(archive: Monitor) -> None:
    home, there = str(archive.home), str(archive.home / "there.db")
    archive("copy", home, home, expect=2)
    assert archive.err == f"Error: {home}/monitor.db: cannot be copied to itself\n"
    archive("copy", there, home, expect=2)
    assert archive.err == f"Error: {there}: there is no such database\n"
    archive("copy", "mysql://somewhere/x", there, expect=2)
    assert 'unknown scheme "mysql"; use sqlite or postgresql' in archive.err
    archive("copy", home, f"{home}/nowhere/there.db", expect=2)
    assert "nowhere/there.db: there is no such folder; make it" in archive.err
    (archive.home / "text.db").write_text("no database at all, but long enough to be read as one")
    archive("copy", f"{home}/text.db", there, expect=75)
    assert "text.db: file is not a database" in archive.err


def test_a_home_whose_daemon_runs_is_not_copied(archive: Monitor) -> None:
    with home_lock(archive.home):
        archive("copy", str(archive.home), str(archive.home / "there.db"), expect=3)
    assert "a daemon already runs on" in archive.err
    assert "stop it first" in archive.err


def test_nor_is_a_database_that_lies_elsewhere_and_whose_daemon_runs(
    archive: Monitor, tmp_path: Path
) -> None:
    elsewhere, another = tmp_path / "elsewhere", tmp_path / "another"
    for folder in (elsewhere, another):
        folder.mkdir()
    for name in ("news.db", "monitor.db"):
        file = elsewhere / name
        archive("copy", str(archive.home), str(file))
        with daemon_lock(another, file):
            archive("copy", str(file), str(tmp_path / f"copy of {name}"), expect=3)
        assert f"a daemon already runs on {elsewhere}" in archive.err
    archive("copy", str(elsewhere / "news.db"), str(tmp_path / "there.db"))
