"""Memory that is given back: by threads, between what is kept, and of files that are mapped."""

import mmap
import platform
import re
import subprocess
import sys
from pathlib import Path
from weakref import WeakSet

import pytest

from monitor.base import memory

THREADS = """
import sys, threading, xml.etree.ElementTree as tree
from monitor.base.memory import let_memory_go
if sys.argv[1] == "told":
    assert let_memory_go()
if sys.argv[1] == "as the daemon does":
    from monitor.daemon.threads import reserve_little
    assert let_memory_go()  # when it opens the store
    reserve_little()
keep, ready, end = [], threading.Barrier(5), threading.Barrier(5)
def work():
    keep.append(b"x" * 100_000)
    ready.wait()
    end.wait()
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
ready.wait()
# Each arena of a thread reserves 64 MB of addresses, or what is left of them when it is aligned.
print(sum("---p" in line for line in open("/proc/self/maps")))
end.wait()
"""


BETWEEN = """
import sys
from monitor.base.memory import give_back
# Above what Python keeps in arenas of its own, and below what the C library maps apart.
blocks = [bytes([1]) * (2_000 + each % 2) for each in range(20_000)]
few = blocks[::50]
del blocks
if sys.argv[1] == "told":
    give_back()
resident = int(open("/proc/self/statm").read().split()[1])
print(resident, len(few))
"""

MAPPED = """
import re, sys
from monitor.base.memory import let_pages_go, mapped
with open(sys.argv[2], "rb") as file:
    mapping = mapped(file)
assert sum(mapping[:: 1 << 12]) == 512 * 7
if sys.argv[1] == "told":
    let_pages_go()
smaps = open("/proc/self/smaps").read()
print(re.search(sys.argv[2] + r".*?Rss: +(\\d+) kB", smaps, re.DOTALL)[1])
assert mapping[-1] == 7
"""

CODE = """
import lxml.etree, re, sys
from monitor.base.memory import give_back
if sys.argv[1] == "told":
    give_back()
code = r" r-xp [^\\n]*etree.*?Rss: +(\\d+) kB"
every = re.findall(code, open("/proc/self/smaps").read(), re.DOTALL)
assert len(lxml.etree.fromstring("<a><b/></a>")) == 1
print(sum(map(int, every)))
"""

MANY_RULES = """
import gc, sys
from monitor.base import memory
stays = [str(each) for each in range(400_000)]
memory.leave_alone(memory.MANY_RULES - 1 + int(sys.argv[1]))
assert gc.get_threshold()[0] >= memory.MANY_RULES - 1 and gc.get_freeze_count()
every = open("/proc/self/smaps_rollup").read().splitlines()
print(*(line.split()[1] for line in every if line.startswith(("AnonHugePages", "Rss"))))
"""

WHAT_STAYS = """
import gc, sys, weakref
from monitor.base import memory
class Ring:
    pass
memory.leave_alone(int(sys.argv[1]))
before = [each["collections"] for each in gc.get_stats()]
ring = Ring()
ring.itself, gone = ring, weakref.ref(ring)
del ring
stays = [[each] for each in range(3 * gc.get_threshold()[0])]
assert gone() is None
now = [each["collections"] for each in gc.get_stats()]
print(*(later - earlier for earlier, later in zip(before, now, strict=True)))
"""

WRITTEN_TO = """
import ctypes, mmap, sys
from monitor.base.memory import give_back
with open(sys.argv[1], "rb") as file:
    both = mmap.PROT_READ | mmap.PROT_WRITE
    code = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=both)
code[0] = 8
begin = ctypes.addressof(ctypes.c_char.from_buffer(code))
protect = ctypes.CDLL(None).mprotect
run = mmap.PROT_READ | mmap.PROT_EXEC
assert not protect(ctypes.c_void_p(begin), ctypes.c_size_t(len(code)), run)
assert any(" r-xp " in line and sys.argv[1] in line for line in open("/proc/self/maps"))
give_back()
print(code[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc only")
def test_threads_share_one_arena() -> None:
    def reserved(how: str) -> int:
        command = [sys.executable, "-c", THREADS, how]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    told = reserved("told")
    assert told + 3 <= reserved("not told")
    assert reserved("as the daemon does") == told


@pytest.mark.skipif(sys.platform != "linux", reason="glibc only")
def test_what_is_free_between_blocks_that_are_not_is_given_back() -> None:
    def pages(how: str) -> int:
        command = [sys.executable, "-c", BETWEEN, how]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        return int(ran.stdout.split()[0])

    assert pages("told") + 5_000 < pages("not told")


@pytest.mark.skipif(sys.platform != "linux", reason="told by /proc")
def test_what_was_read_of_a_mapped_file_is_let_go_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(b"\7" * (2 << 20))

    def resident_kb(how: str) -> int:
        command = [sys.executable, "-c", MAPPED, how, str(path)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert resident_kb("not told") == 2 << 10
    assert resident_kb("told") == 0


@pytest.mark.skipif(sys.platform != "linux", reason="told by /proc")
def test_code_of_libraries_is_let_go_and_read_again() -> None:
    def resident_kb(how: str) -> int:
        command = [sys.executable, "-c", CODE, how]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert resident_kb("told") < resident_kb("not told") / 2


def _has_large_pages() -> bool:
    """Whether pages of 2 MB can be asked for, and made of small ones at once: Linux 6.1 can."""
    enabled = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    version = tuple(map(int, re.findall(r"\d+", platform.release())[:2]))
    return enabled.exists() and "[never]" not in enabled.read_text() and version >= (6, 1)


@pytest.mark.skipif(not _has_large_pages(), reason="no large pages here")
def test_with_very_many_rules_memory_lies_in_large_pages_and_takes_no_more() -> None:
    def kb(more: int) -> list[int]:
        command = [sys.executable, "-c", MANY_RULES, str(more)]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        return [*map(int, ran.stdout.split())]

    few_rss, few_large = kb(0)
    assert few_large == 0
    large, rss = max(kb(1)[::-1] for _ in range(4))  # a busy system gives fewer now and then
    assert large > 2 << 10  # Python 3.11 asks for smaller pieces
    assert rss < few_rss + (6 << 10)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="looks through the old piece by piece")
def test_with_very_many_rules_what_stays_is_looked_through_once() -> None:
    def times(rules: int) -> list[int]:
        command = [sys.executable, "-c", WHAT_STAYS, str(rules)]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        return [*map(int, ran.stdout.split())]

    young, again, _ = times(memory.MANY_RULES - 1)
    assert young > 1
    assert not again  # that comes later, with more
    young, once, full = times(memory.MANY_RULES)
    assert once > 1
    assert (young, full) == (0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="told by /proc")
def test_code_that_was_written_to_when_it_was_loaded_stays(tmp_path: Path) -> None:
    path = tmp_path / "library"
    path.write_bytes(b"\7" * mmap.PAGESIZE)
    command = [sys.executable, "-c", WRITTEN_TO, str(path)]
    assert int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) == 8


def test_a_file_may_be_mapped_while_another_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table"
    path.write_bytes(b"\7")

    class Mapping:
        def madvise(self, what: int) -> None:
            with path.open("rb") as file:
                more.append(memory.mapped(file))

    first, more = [Mapping(), Mapping()], list[mmap.mmap]()
    monkeypatch.setattr(memory, "_mapped", WeakSet(first))
    memory.let_pages_go()
    assert len(more) == len(first)
