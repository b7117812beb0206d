"""Work in a process of its own: every way to misbehave costs one piece of work."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingester.discovery.inspect import inspect
from ingester.documents.parse import read_document
from ingester.entry import Enclosure, EndingError, Entry, ParseError
from ingester.feeds.lenient import read_xml
from ingester.pages.kind import read_listing, read_page
from ingester.pages.lists.listing import SelectorProblemError
from ingester.sandbox.process import BoundedWork, Bounds, WorkFailedError
from ingester.sandbox.tasks import BoundedReader, entry_from, words_of

TASKS = "tests.unit.ingester.sandbox.bad_tasks"
QUICK = Bounds(processor=timedelta(seconds=1), wall=timedelta(seconds=30))
MOMENT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def work() -> Iterator[BoundedWork]:
    with closing(BoundedWork(QUICK, tasks=TASKS)) as work:
        yield work


def pid_of(work: BoundedWork) -> int:
    pid = work.do("echo", {"say": ""}, b"")["pid"]
    assert isinstance(pid, int)
    return pid


def test_a_large_parent_does_not_need_a_new_child_for_each_document() -> None:
    ballast = bytearray(700 << 20)
    ballast[::4096] = b"x" * len(ballast[::4096])  # so that it is really held
    with closing(BoundedWork(QUICK, tasks=TASKS)) as work:
        assert pid_of(work) == pid_of(work)
    del ballast


def test_what_is_asked_is_answered_by_another_process(work: BoundedWork) -> None:
    answer = work.do("echo", {"say": "Đà Nẵng \ud800"}, b"\x00" * 3_000_000)
    assert (answer["said"], answer["size"]) == ("Đà Nẵng \ud800", 3_000_000)
    assert answer["pid"] != os.getpid()
    assert pid_of(work) == answer["pid"]


@pytest.mark.parametrize(
    ("task", "why"),
    [
        ("stumble", "internal error: ValueError"),
        ("spin", "parse time over 1 s"),
        ("hoard", "memory over 512 MiB"),
        ("crash", "the parser crashed (SIGABRT)"),
        ("leave", "the parser's process ended with code 7"),
        ("unheard of", "internal error: KeyError"),
    ],
)
@pytest.mark.skipif(sys.platform == "darwin", reason="its kernel keeps no limit on memory")
def test_misbehaving_costs_one_piece_of_work(work: BoundedWork, task: str, why: str) -> None:
    with pytest.raises(WorkFailedError) as caught:
        work.do(task, {}, b"x")
    assert str(caught.value) == why
    assert work.do("echo", {"say": "next"}, b"")["said"] == "next"


def test_what_waits_instead_of_working_is_ended_by_the_clock() -> None:
    bounds = Bounds(processor=timedelta(seconds=5), wall=timedelta(seconds=0.5))
    with (
        closing(BoundedWork(bounds, tasks=TASKS)) as work,
        pytest.raises(WorkFailedError, match=r"parse time over 0\.5 s"),
    ):
        work.do("sleep", {}, b"")


def test_what_a_parser_prints_is_no_answer_and_what_it_reads_no_request(
    work: BoundedWork,
) -> None:
    assert work.do("print", {}, b"")["read"] == 0


def test_no_secrets_go_along_and_nothing_is_written(
    work: BoundedWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_SMTP_PASSWORD", "hunter2")
    with closing(BoundedWork(QUICK, tasks=TASKS)) as fresh:
        answer = fresh.do("secrets", {}, b"")
    assert not [name for name in answer["names"] if name.startswith("MONITOR")]
    with pytest.raises(WorkFailedError, match="OSError"):
        work.do("scribble", {"path": str(tmp_path / "file")}, b"")
    assert not (tmp_path / "file").exists() or (tmp_path / "file").read_bytes() == b""


def test_a_child_that_has_ended_between_two_pieces_is_no_failure(work: BoundedWork) -> None:
    before = pid_of(work)
    os.kill(before, 9)
    child = work._child
    assert child is not None
    child.wait(60)
    assert pid_of(work) != before


def test_many_threads_share_one_child(work: BoundedWork) -> None:
    answers: list[object] = []

    def ask(number: int) -> None:
        answers.append((number, work.do("echo", {"say": number}, b"x" * 200_000)["said"]))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [(number, number) for number in range(12)]


def test_after_its_end_nothing_is_begun_and_nothing_is_left() -> None:
    work = BoundedWork(QUICK, tasks=TASKS)
    pid = pid_of(work)
    work.close()
    with pytest.raises(EndingError):
        work.do("echo", {"say": ""}, b"")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    work.close()


def test_work_that_is_under_way_at_the_end_comes_to_nothing_at_once() -> None:
    work = BoundedWork(tasks=TASKS)
    pid_of(work)
    why: list[str] = []

    def wait() -> None:
        try:
            work.do("sleep", {}, b"")
        except EndingError as failure:
            why.append(str(failure))

    thread = threading.Thread(target=wait)
    thread.start()
    while not work._turn.locked():
        pass
    work.close()
    thread.join(60)
    assert not thread.is_alive()
    assert len(why) == 1


class EndedMeanwhile(BoundedWork):
    """Is closed by another thread while a new child is being started."""

    def __init__(self) -> None:
        super().__init__(tasks=TASKS)
        self.closer = threading.Thread(target=self.close)

    def _started(self) -> "subprocess.Popen[bytes]":
        if not self.closer.ident:
            self.closer.start()
            self.closer.join(0.5)
        return super()._started()


def test_a_child_that_is_being_started_at_the_end_is_ended_too() -> None:
    work = EndedMeanwhile()
    why: list[str] = []

    def wait() -> None:
        try:
            work.do("sleep", {}, b"")
        except EndingError as failure:
            why.append(str(failure))

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    thread.join(60)
    assert len(why) == 1
    work.closer.join(60)
    assert work._child is None


def test_the_child_ends_with_a_parent_that_is_killed() -> None:
    code = (
        f"import os, sys; sys.path[:] = {sys.path!r}\n"
        "from ingester.sandbox.process import BoundedWork\n"
        f"work = BoundedWork(tasks={TASKS!r})\n"
        "print(work.do('echo', {'say': ''}, b'')['pid'], flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    for _ in range(1200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").exists() and ") Z " in Path(f"/proc/{pid}/stat").read_text():
            return  # nobody has asked for its end, which is not ours to ask
        threading.Event().wait(0.05)
    raise AssertionError("it lives on")


def test_a_program_that_cannot_be_started_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(WorkFailedError, match="cannot be started"):
        BoundedWork(tasks=TASKS).do("echo", {}, b"")


# --- reading pages and feeds there ---------------------------------------------------------------

PAGE = (
    "<html lang='vi'><head><title>Bão số 3 vào bờ</title>"
    "<meta property='article:published_time' content='2026-05-04T07:00:00+07:00'>"
    "<meta name='author' content='Lan Anh'></head><body><article><h1>Bão số 3 vào bờ</h1><p>"
    + "Bão số 3 đã đổ bộ vào đất liền sáng nay, theo cơ quan khí tượng. " * 20
    + "</p></article></body></html>"
).encode()
FEED = (
    "<!DOCTYPE rss><rss version='2.0'><channel><title>News</title><link>https://n.example/</link>"
    "<ttl>30</ttl><language>en</language><item><title>A &amp; B</title><guid>1</guid>"
    "<link>/1</link><pubDate>Mon, 04 May 2026 12:00:00 GMT</pubDate><author>Ann</author>"
    "<category>x</category><enclosure url='https://n.example/1.mp3' type='audio/mpeg'/></item>"
    "<item><title>C</title><link>javascript:x</link></item></channel></rss>"
)


@pytest.fixture(scope="module")
def reading() -> Iterator[BoundedReader]:
    with closing(BoundedWork()) as work:
        yield BoundedReader(work)


def test_a_page_is_read_as_it_is_here(reading: BoundedReader) -> None:
    options = {"url": "https://n.example/1", "content_type": "text/html; charset=utf-8"}
    assert reading.read_page(PAGE, now=MOMENT, **options) == read_page(PAGE, now=MOMENT, **options)


def test_a_feed_is_read_as_it_is_here(reading: BoundedReader) -> None:
    here = read_xml(FEED, url="https://n.example/feed")
    assert here.server_asks
    assert here.notices
    assert here.entries[0].enclosures
    assert reading.read_feed(FEED, url="https://n.example/feed") == here


def test_a_list_page_is_read_as_it_is_here(reading: BoundedReader) -> None:
    links = "".join(
        f"<article><h2><a href='/2026/05/04/storm-hits-the-coast-{number}.html'>"
        f"Storm hits the coast, part {number}</a></h2></article>"
        for number in range(1001, 1007)
    )
    body = f"<html><head><title>World</title></head><body>{links}</body></html>".encode()
    here = read_listing(body, url="https://n.example/world/")
    assert here is not None
    assert reading.read_listing(body, url="https://n.example/world/") == here
    assert reading.read_listing(PAGE, url="https://n.example/world/") is None
    with pytest.raises(SelectorProblemError):
        reading.read_listing(body, url="https://n.example/world/", selector="a[")
    counted = body.replace(b"/2026/05/04", b"").replace(b"</h2>", b"</h2><i>2 days ago</i>")
    dated = reading.read_listing(
        counted.replace(b"<html>", b"<html lang=en>"), url="https://n.example/", now=MOMENT
    )
    assert dated is not None
    assert all(entry.published_at for entry in dated.entries)


def test_a_document_is_read_as_it_is_here(reading: BoundedReader) -> None:
    data = b"# Harbour closed\n\nThe harbour was closed.\n\nDate: 2031-01-01\n"
    here = read_document(data, "a\udcff.md", modified_at=MOMENT, now=MOMENT)
    assert here.notices
    assert reading.read_document(data, "a\udcff.md", modified_at=MOMENT, now=MOMENT) == here


def test_what_is_inspected_is_what_is_inspected_here(reading: BoundedReader) -> None:
    for body, name in ((PAGE, ""), (FEED.encode(), "x.xml"), (b"Words.\n", "x.txt"), (b"\0", "")):
        here = inspect(body, name=name, modified_at=MOMENT, now=MOMENT)
        assert reading.inspect(body, name=name, modified_at=MOMENT, now=MOMENT) == here


def test_what_is_no_page_is_refused_with_the_same_words(reading: BoundedReader) -> None:
    with pytest.raises(ParseError, match="not a page: application/pdf"):
        reading.read_page(b"%PDF-1.7", url="https://n.example/1")
    with pytest.raises(ParseError, match="not a feed"):
        reading.read_feed("<html/>", url="https://n.example/1")
    gone = b"<title>Page not found</title><h1>Page not found</h1>"
    with pytest.raises(ParseError, match="no such page") as refused:
        reading.read_page(gone, url="https://n.example/1")
    assert refused.value.kind == "missing"


def test_a_failure_of_the_process_is_said_as_one_of_the_document() -> None:
    with (
        closing(BoundedWork(QUICK, tasks=TASKS)) as work,
        pytest.raises(ParseError, match="internal error: KeyError"),
    ):
        BoundedReader(work).read_page(PAGE)


def test_entries_survive_the_way() -> None:
    entry = Entry(
        id="1",
        url="https://n.example/1",
        title="A",
        summary="<p>s",
        content="c",
        text="t",
        language="en",
        authors=("Ann", "Bo"),
        categories=("x",),
        enclosures=(Enclosure(url="https://n.example/1.mp3", type="audio/mpeg"),),
        published_at=MOMENT,
        updated_at=MOMENT,
    )
    assert entry_from(words_of(entry)) == entry
    assert entry_from(words_of(Entry())) == Entry()
