"""The data folder, and the files of secrets in it."""

import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.base.errors import Refusal, clipped, did_you_mean, escaped
from monitor.base.files import read_secret
from monitor.config import home, secrets
from monitor.config.home import close_to_others
from monitor.config.home_lock import HomeTaken, daemon_lock, home_lock
from monitor.config.secrets import MissingTarget
from storage.api.errors import StorageError
from storage.model import ChannelState
from tests.builders import a_channel

SETTINGS = {"url": "https://hooks.example/geheim", "secret": "whsec_geheim"}


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    home.prepare(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    home.prepare(folder)
    assert home.warnings_about(folder) == []
    folder.chmod(0o777)
    assert "chmod 700 it" in home.warnings_about(folder)[0]


def test_what_is_no_folder_is_refused_and_what_cannot_be_made_is_not_now(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(Refusal, match="is not a folder; set MONITOR_HOME"):
            home.prepare(path)
    with pytest.raises(StorageError, match="cannot be made"):
        home.prepare(Path("/proc/nowhere"))


def test_a_disk_that_is_mounted_read_only_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="a disk that is mounted read-only; mount it"):
        home.prepare(tmp_path, flags=lambda folder: os.ST_RDONLY | os.ST_NOSUID)


def test_a_running_daemon_is_known_by_its_lock(tmp_path: Path) -> None:
    assert home.daemon_pid(tmp_path) is None
    with home_lock(tmp_path):
        assert home.daemon_pid(tmp_path) == os.getpid()
        with pytest.raises(HomeTaken), home_lock(tmp_path):
            pass
    assert home.daemon_pid(tmp_path) is None


def test_two_homes_have_no_two_daemons_on_one_database(tmp_path: Path) -> None:
    one, two, elsewhere = (tmp_path / name for name in ("one", "two", "elsewhere"))
    for folder in (one, two, elsewhere):
        folder.mkdir()
    database = elsewhere / "news.db"
    with daemon_lock(one, database):
        with pytest.raises(HomeTaken, match=r"runs on .*news\.db"), daemon_lock(two, database):
            pass
        with daemon_lock(two, elsewhere / "other.db"), daemon_lock(elsewhere, None):
            pass
    with daemon_lock(two, database):
        assert home.daemon_pid(one) is None
    with daemon_lock(two, two / "monitor.db"):
        assert not (two / "monitor.db-daemon").exists()
    with daemon_lock(two, tmp_path / "nowhere" / "monitor.db"):
        pass


@pytest.mark.parametrize("name", ["monitor.db", "news.db"])
def test_a_database_in_its_daemons_home_has_no_second_daemon(tmp_path: Path, name: str) -> None:
    own, other, link = tmp_path / "own", tmp_path / "other", tmp_path / "link"
    own.mkdir()
    other.mkdir()
    link.symlink_to(own)
    for mine, others in ((own, link), (link, own)):
        with (
            daemon_lock(own, mine / name),
            pytest.raises(HomeTaken),
            daemon_lock(other, others / name),
        ):
            pass
    with daemon_lock(other, own / name), pytest.raises(HomeTaken), daemon_lock(own, own / name):
        pass


class Waited:
    """A clock for `home_lock` that only goes on when it sleeps."""

    def __init__(self, then: Callable[[], object] = lambda: None) -> None:
        self.seconds = 0.0
        self._then = then

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self._then()


@pytest.fixture
def gone() -> int:
    """Return the id of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_lock_that_a_killed_daemon_leaves_held_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: int, is_gone: bool
) -> None:
    with (tmp_path / "daemon.lock").open("w") as its:
        print(gone if is_gone else os.getpid(), file=its, flush=True)
        fcntl.flock(its, fcntl.LOCK_EX)
        waited = Waited(then=lambda: fcntl.flock(its, fcntl.LOCK_UN))
        monkeypatch.setattr("monitor.config.home_lock.time", waited)
        with home_lock(tmp_path):
            assert home.daemon_pid(tmp_path) == os.getpid()
    assert waited.seconds


def test_a_daemon_that_lives_is_not_waited_for_as_long_as_one_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: int
) -> None:
    took = {}
    for pid in (gone, os.getpid()):
        waited = Waited()
        monkeypatch.setattr("monitor.config.home_lock.time", waited)
        with (tmp_path / "daemon.lock").open("w") as its:
            print(pid, file=its, flush=True)
            fcntl.flock(its, fcntl.LOCK_EX)
            told = f"already runs on .* [(]process {pid}[)]"
            with pytest.raises(HomeTaken, match=told), home_lock(tmp_path):
                raise AssertionError
        took[pid] = round(waited.seconds)
    assert took == {gone: 5, os.getpid(): 1}


def test_a_full_disk_keeps_nobody_from_locking_a_home(tmp_path: Path) -> None:
    # It has no room for a process id, as no full disk has; what that means the store says.
    (tmp_path / "daemon.lock").symlink_to("/dev/full")
    with home_lock(tmp_path):
        pass


def test_a_lock_that_cannot_be_opened_is_a_store_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "daemon.lock").mkdir()
    told = r"daemon.lock: cannot be opened \(is a directory\)"
    with pytest.raises(StorageError, match=told), home_lock(tmp_path):
        raise AssertionError


def test_secrets_are_written_for_their_owner_alone_and_read_back(tmp_path: Path) -> None:
    channel = a_channel()
    secrets.write(tmp_path, channel, SETTINGS)
    path = tmp_path / "secrets" / f"{channel.id}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert secrets.read(tmp_path, channel) == SETTINGS
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    secrets.forget(tmp_path, channel)
    secrets.forget(tmp_path, channel)
    with pytest.raises(MissingTarget, match="are not on this machine"):
        secrets.read(tmp_path, channel)


def test_a_channel_without_secrets_needs_no_file(tmp_path: Path) -> None:
    assert secrets.read(tmp_path, a_channel(kind="console")) == {}
    assert secrets.read(tmp_path, a_channel(kind="email")) == {}


def test_changed_settings_are_another_file_and_the_old_are_collected_later(tmp_path: Path) -> None:
    old, new = a_channel(settings_id="one"), a_channel(settings_id="two")
    gone = a_channel("gone", settings_id="x", state=ChannelState.REMOVED)
    for channel in (old, new, gone, a_channel("of another database", settings_id="y")):
        secrets.write(tmp_path, channel, SETTINGS)
    known = {each.id: each for each in (new, gone)}
    soon = datetime.now(UTC) + timedelta(hours=1)
    assert secrets.collect(tmp_path, known.get, before=soon - timedelta(hours=2)) == 0
    assert secrets.collect(tmp_path, known.get, before=soon) == 2
    assert secrets.read(tmp_path, new) == SETTINGS
    for channel in (old, gone):
        with pytest.raises(MissingTarget, match="say again where it sends to"):
            secrets.read(tmp_path, channel)
    assert len(list((tmp_path / "secrets").iterdir())) == 2
    assert secrets.collect(tmp_path / "nowhere", known.get, before=soon) == 0


@pytest.mark.parametrize("content", ["{", "[]", '"whsec_geheim', "\0"])
def test_a_damaged_file_is_named_and_its_content_is_not(tmp_path: Path, content: str) -> None:
    channel = a_channel()
    secrets.write(tmp_path, channel, SETTINGS)
    path = tmp_path / "secrets" / f"{channel.id}.json"
    path.write_text(content)
    with pytest.raises(MissingTarget, match=str(path)) as caught:
        secrets.read(tmp_path, channel)
    assert "geheim" not in str(caught.value)
    path.chmod(0o604)
    with pytest.raises(MissingTarget):
        secrets.read(tmp_path, channel)


def test_a_file_that_everybody_can_read_is_not_used(tmp_path: Path) -> None:
    channel = a_channel()
    secrets.write(tmp_path, channel, SETTINGS)
    (tmp_path / "secrets" / f"{channel.id}.json").chmod(0o644)
    with pytest.raises(MissingTarget, match="everybody can read it"):
        secrets.read(tmp_path, channel)


def test_two_secrets_may_stand_in_a_file_where_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("whsec_new\nwhsec_old\n")
    path.chmod(0o600)
    assert read_secret(path, may_have_lines=True) == "whsec_new\nwhsec_old"
    with pytest.raises(Refusal, match="more than one line"):
        read_secret(path)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202egnp.exe", "a\\u202egnp.exe"),
        ("caf\udce9", "caf\\udce9"),
        ("Đà Nẵng — 東京 👩‍🚒 می‌خواهم", "Đà Nẵng — 東京 👩‍🚒 می‌خواهم"),
    ],
)
def test_only_what_could_act_on_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_quoted_text_is_short_and_the_nearest_word_is_offered() -> None:
    assert len(clipped("x" * 10_000)) == 80
    assert did_you_mean("slak", ["slack", "desk"]) == '; did you mean "slack"?'
    assert did_you_mean("SLACK", ["slack"]) == '; did you mean "slack"?'
    assert did_you_mean("hanoi", ["Hanoi Convention"]) == '; did you mean "Hanoi Convention"?'
    assert did_you_mean("Conv", ["Hanoi Convention"]) == '; did you mean "Hanoi Convention"?'
    assert did_you_mean("anoi", ["Hanoi Convention"]) == ""
    assert did_you_mean("volcano", ["slack"]) == ""
    assert did_you_mean("x" * 1_000_000, ["slack"]) == ""


def test_a_file_of_the_store_that_goes_meanwhile_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, kept = tmp_path / "monitor.db-shm", tmp_path / "monitor.db"
    kept.touch()
    kept.chmod(0o644)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: [gone, kept])
    close_to_others(tmp_path)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
