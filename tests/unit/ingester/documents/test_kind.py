"""A folder of documents: what is taken, what is refused, and that nothing ever stops it."""

import contextlib
import ctypes
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ingester.documents.kind import FolderKind
from ingester.documents.walk import DEEPEST, read, walk
from ingester.entry import FetchError, Polled
from storage.model import Source
from tests.builders import NOON, a_source

OLD = NOON - timedelta(hours=1)
TEXT = "The harbour was closed on Monday after a crane had fallen onto the quay"


class Following:
    """Polls a folder as the daemon does: with the memory and the validators of the last poll."""

    def __init__(self, path: Path | str, *, batch_files: int = 500) -> None:
        self.source: Source = a_source("seeds", kind="folder", url=str(path))
        self.memory: dict[str, str] = {}
        self.pauses: list[float] = []
        self.while_pausing: Callable[[], None] = lambda: None
        self.kind = FolderKind(now=lambda: NOON, pause=self._pause, batch_files=batch_files)

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.while_pausing()

    def poll(self) -> Polled:
        polled = self.kind.poll(self.source, lambda: self.memory)
        self.memory |= polled.remember
        self.source = replace(self.source, validators=polled.validators)
        return polled


@pytest.fixture
def following(tmp_path: Path) -> Following:
    return Following(tmp_path)


def put(path: Path, content: str | bytes = f"{TEXT}.", *, at: datetime = OLD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def titles(polled: Polled) -> list[str]:
    return [entry.title for entry in polled.entries]


# --- what is taken -------------------------------------------------------------------------------


def test_documents_of_all_kinds_are_taken_once_in_the_order_of_their_names(
    following: Following, tmp_path: Path
) -> None:
    put(tmp_path / "b.txt", "B\n\nText of it.")
    put(tmp_path / "a" / "deep" / "c.md", "# C\n\nText of it.")
    put(tmp_path / "d.HTML", "<html><title>D title</title><p>Text of it.</p>")
    put(tmp_path / "e.jsonl", '{"title": "E1"}\n{"title": "E2"}')
    polled = following.poll()
    assert titles(polled) == ["C", "B", "D title", "E1", "E2"]
    assert polled.notices == ()
    assert following.poll() == Polled(unchanged=True)


def test_an_unchanged_file_is_not_read_again(following: Following, tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", "First version of it")
    following.poll()
    # The same size and time of change, other content: only a look inside would tell.
    put(path, "Other version of it")
    assert following.poll().unchanged


def test_new_content_under_the_same_name_is_taken_again(
    following: Following, tmp_path: Path
) -> None:
    path = put(tmp_path / "a.txt", "First version of it")
    following.poll()
    put(path, "Second version of it", at=OLD + timedelta(minutes=1))
    assert titles(following.poll()) == ["Second version of it"]


def test_a_file_that_was_only_touched_gives_nothing(following: Following, tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt")
    following.poll()
    os.utime(path, (NOON.timestamp() - 60, NOON.timestamp() - 60))
    assert following.poll().entries == ()
    assert following.poll().unchanged


def test_the_same_content_under_two_names_has_one_identity(
    following: Following, tmp_path: Path
) -> None:
    put(tmp_path / "a.txt")
    put(tmp_path / "b.txt", at=OLD - timedelta(days=3))
    first, second = following.poll().entries
    assert first.id == second.id != ""


def test_the_time_of_the_file_is_the_last_resort(following: Following, tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    assert following.poll().entries[0].published_at == OLD


@pytest.mark.parametrize("folder", ["Page_files", "Page-Dateien", "Page_fichiers"])
def test_what_a_browser_saved_beside_a_page_is_passed_over_in_silence(
    folder: str, following: Following, tmp_path: Path
) -> None:
    put(tmp_path / "Page.html", f"<html><body><h1>Page</h1><p>{TEXT}.</p></body></html>")
    put(tmp_path / folder / "frame.html", f"<html><body><p>{TEXT} again.</p></body></html>")
    put(tmp_path / folder / "program.js")
    put(tmp_path / "other_files" / "a.txt", "A\n\nText of it.")
    polled = following.poll()
    assert titles(polled) == ["Page", "A"]
    assert polled.notices == ()


@pytest.mark.parametrize("name", [".hidden.txt", "a.txt.part", "b.tmp", "c.txt~", "d.crdownload"])
def test_hidden_and_unfinished_files_are_passed_over_in_silence(
    following: Following, tmp_path: Path, name: str
) -> None:
    put(tmp_path / name)
    put(tmp_path / ".git" / "config.txt")
    assert following.poll().unchanged


def test_files_stay_as_they_are(following: Following, tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    put(tmp_path / "b.bin", b"\0")
    before = [(path.name, path.stat().st_mtime_ns) for path in sorted(tmp_path.iterdir())]
    following.poll()
    assert before == [(path.name, path.stat().st_mtime_ns) for path in sorted(tmp_path.iterdir())]


# --- versions ------------------------------------------------------------------------------------


def test_a_text_that_is_mended_or_written_on_stays_the_same_article(
    following: Following, tmp_path: Path
) -> None:
    path = put(tmp_path / "a.txt", "Harbour closed\n\nA crane fel on the")
    (first,) = following.poll().entries
    versions = [
        "Harbour closed\n\nA crane fel on the quay.\n",  # written on
        "Harbour closed\n\nA crane fell on the quay.\n",  # mended
        "Harbour closed until Friday\n\nA crane fell on the quay.\n",
        "Harbour closed until Friday\n\nA crane fell.\nSource: https://e.example.com/a-b-c\n",
    ]
    for minute, text in enumerate(versions, start=1):
        put(path, text, at=OLD + timedelta(minutes=minute))
        polled = following.poll()
        (entry,) = polled.entries
        assert entry.id == first.id
    assert entry.url == "https://e.example.com/a-b-c"


def test_a_text_cut_in_its_first_sentence_is_recognised_when_it_is_whole(
    following: Following, tmp_path: Path
) -> None:
    path = put(tmp_path / "a.txt", TEXT[:20])
    (first,) = following.poll().entries
    put(path, f"{TEXT}. More.", at=OLD + timedelta(minutes=1))
    (second,) = following.poll().entries
    assert (second.id, second.title) == (first.id, TEXT)


def test_a_file_whose_title_is_edited_stays_the_same_article(
    following: Following, tmp_path: Path
) -> None:
    path = put(tmp_path / "today.txt", f"Ministers meet in Geneva\n\n{TEXT}.")
    (first,) = following.poll().entries
    put(path, f"They agree on Hanoi Convention\n\n{TEXT}.", at=OLD + timedelta(minutes=1))
    (second,) = following.poll().entries
    assert second.id == first.id
    os.utime(path, (NOON.timestamp() - 60, NOON.timestamp() - 60))
    following.poll()
    put(path, f"They agree on Hanoi Convention\n\n{TEXT}!", at=OLD + timedelta(minutes=2))
    assert following.poll().entries[0].id == first.id


def test_a_document_with_an_address_that_changes_is_a_new_version(
    following: Following, tmp_path: Path
) -> None:
    source = "\nSource: https://e.example.com/a-b-c"
    path = put(tmp_path / "a.txt", f"{TEXT}.{source}")
    following.poll()
    put(path, f"{TEXT}, they say.{source}", at=OLD + timedelta(minutes=1))
    polled = following.poll()
    assert (polled.entries[0].id, polled.entries[0].url) == ("", "https://e.example.com/a-b-c")


def test_twins_are_named_once_and_a_new_name_is_no_twin(
    following: Following, tmp_path: Path
) -> None:
    path = put(tmp_path / "a.txt")
    following.poll()
    path.rename(tmp_path / "b.txt")
    assert following.poll().notices == ()
    put(tmp_path / "c.txt")
    (notice,) = following.poll().notices
    assert notice == "c.txt: has the same content as b.txt; one of them is enough"
    assert following.poll().unchanged


def test_notices_come_in_the_order_of_names(following: Following, tmp_path: Path) -> None:
    put(tmp_path / "a.txt", b"", at=NOON)
    put(tmp_path / "b.odt")
    put(tmp_path / "c.txt", b"")
    assert [notice[:5] for notice in following.poll().notices] == ["a.txt", "b.odt", "c.txt"]


# --- half-written --------------------------------------------------------------------------------


def test_a_young_file_is_looked_at_again_after_a_pause(
    following: Following, tmp_path: Path
) -> None:
    put(tmp_path / "a.txt", at=NOON - timedelta(seconds=0.5))
    put(tmp_path / "b.txt", "Old enough to be read")
    assert len(following.poll().entries) == 2
    assert following.pauses == [1.5]


def test_a_file_from_the_future_waits_no_longer_than_others(
    following: Following, tmp_path: Path
) -> None:
    put(tmp_path / "a.txt", at=NOON + timedelta(days=9))
    assert len(following.poll().entries) == 1
    assert following.pauses == [2.0]
    assert following.poll().unchanged
    assert len(following.pauses) == 1


def test_a_file_that_grows_waits_for_the_next_poll(following: Following, tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", "The first half", at=NOON)
    put(tmp_path / "b.txt", "Old enough to be read")

    def grow() -> None:
        put(path, "The first half and more", at=NOON)

    following.while_pausing = grow
    polled = following.poll()
    assert titles(polled) == ["Old enough to be read"]
    assert polled.more
    following.while_pausing = lambda: None
    polled = following.poll()
    assert titles(polled) == ["The first half and more"]
    assert not polled.more


def test_a_file_that_never_stops_growing_is_not_polled_without_end(
    following: Following, tmp_path: Path
) -> None:
    path = put(tmp_path / "log.txt", "x", at=NOON)

    def grow() -> None:
        put(path, path.read_bytes() + b"x", at=NOON)

    following.while_pausing = grow
    assert [following.poll().more for _ in range(7)] == [True] * 4 + [False] * 3


def test_a_file_removed_during_the_pause_gives_nothing(
    following: Following, tmp_path: Path
) -> None:
    path = put(tmp_path / "a.txt", at=NOON)
    following.while_pausing = path.unlink
    polled = following.poll()
    assert (polled.entries, polled.notices) == ((), ())


# --- refused, each with its own notice -----------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"GIF89a\x00\x01\x00", "NUL", id="binary"),
        pytest.param(b"{bad", "not JSON", id="not JSON"),
    ],
)
def test_what_cannot_be_taken_is_told_once_and_taken_when_it_is_mended(
    following: Following, tmp_path: Path, content: bytes, why: str
) -> None:
    name = "a.jsonl" if content.startswith(b"{") else "a.txt"
    path = put(tmp_path / name, content)
    put(tmp_path / "good.txt")
    polled = following.poll()
    assert titles(polled) == [TEXT]
    (notice,) = polled.notices
    assert notice.startswith(name)
    assert why in notice
    assert following.poll().unchanged
    put(path, '{"title": "Mended now"}', at=OLD + timedelta(minutes=1))
    assert len(following.poll().entries) == 1


def test_a_huge_file_is_refused_by_its_size_without_being_read(
    following: Following, tmp_path: Path
) -> None:
    path = put(tmp_path / "huge.txt")
    os.truncate(path, 20 * 1024**3)  # sparse: 20 GiB that take no room
    os.utime(path, (OLD.timestamp(), OLD.timestamp()))
    assert following.poll().notices == ("huge.txt: file over 10 MiB; split it or leave it out",)
    assert following.poll().unchanged


def test_unknown_kinds_are_told_once_for_each_ending(following: Following, tmp_path: Path) -> None:
    for name in ("a.doc", "b.doc", "c.zip", "d.tar.gz", "noending"):
        put(tmp_path / name)
    polled = following.poll()
    assert [notice.split(":")[0] for notice in polled.notices] == [
        "a.doc",
        "c.zip",
        "d.tar.gz",
        "noending",
    ]
    assert "(.doc) are not read" in polled.notices[0]
    assert following.poll().unchanged


def test_links_are_never_followed_and_what_is_no_file_is_never_opened(
    following: Following, tmp_path: Path
) -> None:
    outside = put(tmp_path.parent / f"{tmp_path.name}-outside" / "secret.txt", "Secret of others")
    (tmp_path / "file.txt").symlink_to(outside)
    (tmp_path / "folder").symlink_to(outside.parent, target_is_directory=True)
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server, contextlib.chdir(tmp_path):
        server.bind("socket.txt")
    os.link(put(tmp_path / "good.txt"), tmp_path / "hard.txt")
    polled = following.poll()
    assert titles(polled) == [TEXT, TEXT]
    twins = "hard.txt: has the same content as good.txt; one of them is enough"
    assert [notice.split(" and ")[0] for notice in polled.notices] == [
        "file.txt: is a symbolic link",
        "folder: is a symbolic link",
        twins,
        "loop.txt: is a symbolic link",
        "pipe.txt: is no regular file",
        "socket.txt: is no regular file",
    ]
    assert following.poll().unchanged


def test_a_hard_link_to_a_file_outside_is_not_read(following: Following, tmp_path: Path) -> None:
    outside = put(tmp_path.parent / f"{tmp_path.name}-outside" / "secret.txt", "Secret of others")
    os.link(outside, tmp_path / "hard.txt")
    os.link(put(tmp_path / "own.txt"), tmp_path / "own again.txt")
    polled = following.poll()
    assert titles(polled) == [TEXT, TEXT]
    assert polled.notices[0] == (
        "hard.txt: is a hard link to a file that has a name outside of the folder, and is not "
        "read; put a copy here"
    )
    assert following.poll().unchanged
    outside.unlink()
    assert titles(following.poll()) == ["Secret of others"]


def test_a_file_swapped_for_a_link_or_a_pipe_after_the_walk_is_not_read(tmp_path: Path) -> None:
    secret = put(tmp_path.parent / f"{tmp_path.name}-secret.txt")
    (tmp_path / "a.txt").symlink_to(secret)
    (tmp_path / "inner").symlink_to(secret.parent, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.txt")
    root = os.open(tmp_path, os.O_RDONLY)
    try:
        for name in ("a.txt", f"inner/{secret.name}", "pipe.txt"):
            with pytest.raises(OSError, match=r"links|directory|regular"):
                read(root, name, limit_bytes=10)
    finally:
        os.close(root)


@pytest.mark.parametrize("name", [b"-rf.txt", b"two\nlines.txt", b"\xff\xfe.txt", b"\x1b[31m.txt"])
def test_awkward_names_are_taken_and_shown_escaped(
    following: Following, tmp_path: Path, name: bytes
) -> None:
    put(tmp_path / os.fsdecode(name), f"{TEXT}.")
    put(tmp_path / os.fsdecode(b"x" + name), b"\0")
    polled = following.poll()
    assert titles(polled) == [TEXT]
    (notice,) = polled.notices
    assert notice.isprintable()
    for text in (notice, *polled.remember, *polled.remember.values()):
        text.encode("ascii")
    assert following.poll().unchanged


def test_the_longest_names_are_remembered_under_short_keys(
    following: Following, tmp_path: Path
) -> None:
    put(tmp_path / ("å" * 120) / ("ö" * 120) / ("ä" * 120 + ".txt"))
    polled = following.poll()
    assert max(map(len, polled.remember)) < 500
    assert following.poll().unchanged


def test_folders_are_looked_into_to_a_depth(following: Following, tmp_path: Path) -> None:
    put(tmp_path.joinpath(*["d"] * DEEPEST, "in.txt"))
    put(tmp_path.joinpath(*["d"] * (DEEPEST + 1), "out.txt"), "Too deep to be found")
    polled = following.poll()
    assert titles(polled) == [TEXT]
    assert f"more than {DEEPEST} folders deep" in polled.notices[0]


@contextlib.contextmanager
def without_privileges() -> Iterator[None]:
    """Let this thread touch files as nobody: root may read everything, and tests may be root."""
    if os.geteuid() != 0 or sys.platform != "linux":
        yield
        return
    libc = ctypes.CDLL(None)
    libc.setfsuid(65534)
    try:
        yield
    finally:
        libc.setfsuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that nobody, too, may look into (pytest's own are for their owner only)."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


def test_unreadable_files_and_folders_are_told_and_stop_no_other(open_folder: Path) -> None:
    put(open_folder / "a.txt").chmod(0)
    put(open_folder / "b.txt").chmod(0o644)
    put(open_folder / "closed" / "c.txt")
    (open_folder / "closed").chmod(0)
    following = Following(open_folder)
    try:
        with without_privileges():
            polled = following.poll()
            again = following.poll()
    finally:
        (open_folder / "closed").chmod(0o700)
    assert titles(polled) == [TEXT]
    assert len(polled.notices) == 2
    assert polled.notices[0].startswith("a.txt: cannot be read: permission denied")
    assert polled.notices[1].startswith("closed: cannot be read: permission denied")
    assert again.notices == polled.notices  # chmod does not change a file's time: try each poll
    (open_folder / "a.txt").chmod(0o644)
    assert len(following.poll().entries) == 2


# --- many ----------------------------------------------------------------------------------------


@pytest.fixture
def by_tens(tmp_path: Path) -> Following:
    return Following(tmp_path, batch_files=10)


def test_a_batch_is_bounded_and_the_next_poll_goes_on_behind_it(
    by_tens: Following, tmp_path: Path
) -> None:
    names = [f"{'sub/' if n % 3 else ''}{n:03}.txt" for n in range(25)] + ["sub\udcff/x.txt"]
    for number, name in enumerate(names):
        # Half of them have just been copied here.
        put(tmp_path / name, f"Document number {number}", at=NOON if number % 2 else OLD)
    polls = [by_tens.poll() for _ in range(3)]
    assert [len(polled.entries) for polled in polls] == [10, 10, 6]
    assert [polled.more for polled in polls] == [True, True, False]
    listed = [title for polled in polls for title in titles(polled)]
    assert sorted(listed) == sorted(f"Document number {number}" for number in range(26))
    assert by_tens.poll().unchanged


def test_a_file_put_before_the_place_where_the_walk_stands_is_found_next_time(
    by_tens: Following, tmp_path: Path
) -> None:
    for number in range(15):
        put(tmp_path / f"m{number:02}.txt", f"Document number {number}")
    assert by_tens.poll().more
    put(tmp_path / "a.txt", "Came in between")
    assert "Came in between" not in titles(by_tens.poll())
    assert titles(by_tens.poll()) == ["Came in between"]


def test_a_walk_goes_on_behind_a_name(tmp_path: Path) -> None:
    for name in ("a.txt", "b/1.txt", "b/2/x.txt", "b/3.txt", "c.txt"):
        put(tmp_path / name)
    root = os.open(tmp_path, os.O_RDONLY)
    try:
        listed = [item.name for item in walk(root, after="b/2/x.txt")]
    finally:
        os.close(root)
    assert listed == ["b/3.txt", "c.txt"]


def test_files_that_are_refused_count_too(by_tens: Following, tmp_path: Path) -> None:
    for number in range(15):
        (tmp_path / f"{number:02}").symlink_to("nowhere")
    polled = by_tens.poll()
    assert (len(polled.notices), polled.more) == (10, True)
    assert len(by_tens.poll().notices) == 5


def test_few_descriptors_are_enough_for_many_folders(following: Following, tmp_path: Path) -> None:
    for number in range(40):
        put(tmp_path / f"{number}" / "a.txt", f"Document number {number}", at=NOON)
    before = len(os.listdir("/dev/fd"))
    seen: list[int] = []
    following.while_pausing = lambda: seen.append(len(os.listdir("/dev/fd")))
    assert len(following.poll().entries) == 40
    assert seen == [before + 1]
    assert len(os.listdir("/dev/fd")) == before


# --- the folder itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing", "there is no such folder"),
        ("file.txt", "is not a folder"),
        ("a\0b", "not a path"),
    ],
)
def test_a_folder_that_is_none_is_a_failed_poll(tmp_path: Path, name: str, why: str) -> None:
    put(tmp_path / "file.txt")
    with pytest.raises(FetchError, match=why) as caught:
        Following(f"{tmp_path}/{name}").poll()
    assert caught.value.kind == "file"
    assert str(caught.value).isprintable()


def test_the_folder_may_be_a_link(tmp_path: Path) -> None:
    put(tmp_path / "real" / "a.txt")
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    assert len(Following(tmp_path / "link").poll().entries) == 1


def test_a_year_that_no_calendar_knows_stops_nothing(following: Following, tmp_path: Path) -> None:
    os.utime(put(tmp_path / "a.txt"), (2**33, 2**33))
    os.utime(put(tmp_path / "b.txt"), (-(2**31), -(2**31)))
    published = {entry.published_at for entry in following.poll().entries}
    assert published == {NOON}


def test_a_file_that_appears_and_goes_while_others_are_read_stops_nothing(
    following: Following, tmp_path: Path
) -> None:
    for number in range(50):
        put(tmp_path / f"{number:02}.txt", f"Document number {number}")
    stop = threading.Event()
    elsewhere = tmp_path.parent / "written-elsewhere.txt"

    def flicker() -> None:
        while not stop.is_set():
            # Whole from the first moment on: one that is empty yet would be told of.
            path = put(elsewhere, "Comes and goes").rename(tmp_path / "25-flickers.txt")
            path.unlink()

    thread = threading.Thread(target=flicker)
    thread.start()
    try:
        polled = following.poll()
    finally:
        stop.set()
        thread.join()
    assert len([title for title in titles(polled) if title.startswith("Document")]) == 50
    assert polled.notices == ()
