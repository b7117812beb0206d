"""Native code: called, seen as arrays, given room, and stopped where it goes wrong."""

import mmap
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from common.native.build import compile_kernel, sources
from common.native.kernel import Kernel
from common.native.machine_code import RESERVED
from common.native.runtime import Trap
from tests.places import ROOT

SOURCE = """
#include "kernel.h"
EXPORT u64 total(u32 at, u32 count) {
    const u32 *values = (const u32 *)(__UINTPTR_TYPE__)at;
    u64 sum = 0;
    for (u32 i = 0; i < count; i++) sum += values[i];
    return sum;
}
EXPORT void negate(u32 at, u32 count) {
    i32 *values = (i32 *)(__UINTPTR_TYPE__)at;
    for (u32 i = 0; i < count; i++) values[i] = -values[i];
}
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small source of two functions, compiled."""
    source = tmp_path_factory.mktemp("kernel") / "sums.c"
    source.write_text(SOURCE)
    compile_kernel(source, source.with_suffix(".wasm"))
    return source.with_suffix(".wasm")


def test_it_computes_over_what_was_put(compiled: Path) -> None:
    kernel = Kernel(compiled)
    at = kernel.put(np.arange(1_000_000, dtype=np.uint32))  # its memory grows
    assert kernel.call("total", at, 1_000_000) == 999_999 * 500_000
    assert kernel.size > 4_000_000


def test_what_it_writes_is_seen_without_copying(compiled: Path) -> None:
    kernel = Kernel(compiled)
    at = kernel.put(np.array([1, -2, 3], dtype=np.int32))
    seen = kernel.view(at, np.int32, 3)
    assert kernel.call("negate", at, 3) == 0
    assert seen.tolist() == [-1, 2, -3]


def test_bytes_are_written_and_read_wherever_its_memory_has_moved(compiled: Path) -> None:
    kernel = Kernel(compiled)
    at = kernel.take(8)
    kernel.write(at, bytes(range(8)))
    far = kernel.take(4_000_000)  # its memory grows
    assert kernel.read(at, 8) == bytes(range(8))
    kernel.write(far, b"last")
    assert kernel.read(far, 4) == b"last"
    assert kernel.view(far, np.uint8, 4).tobytes() == b"last"
    kernel.reach(kernel.size + 4_000_000)
    kernel.write(kernel.size - 4, b"end.")
    assert kernel.read(kernel.size - 4, 9) == b"end."
    with pytest.raises(ValueError, match="different"):
        kernel.write(kernel.size - 3, b"end.")


def test_room_that_is_given_back_is_taken_again(compiled: Path) -> None:
    kernel = Kernel(compiled)
    mark = kernel.mark()
    first = kernel.take(100, np.uint64)
    assert first % 16 == 0
    assert kernel.take(1) >= first + 800
    kernel.release(mark)
    assert kernel.take(3) == first


def _flags_around(address: int) -> list[str]:
    """Return how the system treats the memory around an address of this process."""
    is_there = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        name, *values = line.split()
        if "-" in name:
            first, end = (int(each, 16) for each in name.split("-"))
            is_there = first <= address < end
        elif is_there and name == "VmFlags:":
            return values
    return []


@pytest.mark.skipif(
    not Path("/sys/kernel/mm/transparent_hugepage").exists(), reason="it has no large pages"
)
def test_much_memory_lies_in_large_pages_and_little_does_not(compiled: Path) -> None:
    kernel = Kernel(compiled)
    kernel.reach(96 << 20)
    begin = kernel.view(0, np.uint8, 1).ctypes.data
    assert "hg" in _flags_around(begin + (64 << 20))
    assert "hg" not in _flags_around(begin)
    assert "hg" not in _flags_around(begin + (1 << 32) + (1 << 20))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pages are not taken at once")
def test_pages_of_what_is_let_go_are_the_systems_again(compiled: Path) -> None:
    kernel = Kernel(compiled)
    kept = kernel.put(np.full(10_000, 7, dtype=np.uint8))
    mark = kernel.mark()
    first = kernel.put(np.full(1_000_000, 9, dtype=np.uint8))
    kernel.let_go(mark)
    assert set(kernel.view(kept, np.uint8, 10_000).tolist()) == {7}
    page = -(-first // mmap.PAGESIZE) * mmap.PAGESIZE
    # What is only released lies there as it was; a page that the system gives is empty.
    assert not kernel.view(page, np.uint8, 900_000).any()
    assert kernel.put(np.full(1_000_000, 5, dtype=np.uint8)) == first
    assert kernel.call("total", first, 4) == 4 * 0x05050505
    assert kernel.call("mark") > mark


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pages are not taken at once")
def test_pages_that_are_needed_often_stay_ours(compiled: Path) -> None:
    kernel = Kernel(compiled)
    mark = kernel.mark()
    first = kernel.put(np.full(1_000_000, 9, dtype=np.uint8))
    kernel.let_go(mark, keep=400_000)
    assert kernel.mark() == mark
    assert kernel.view(first, np.uint8, 350_000).all()
    assert not kernel.view(first + 450_000, np.uint8, 500_000).any()


def test_instances_of_one_file_do_not_see_each_other(compiled: Path) -> None:
    one, other = Kernel(compiled), Kernel(compiled)
    at = one.put(np.array([7], dtype=np.uint32))
    assert other.put(np.array([9], dtype=np.uint32)) == at
    assert one.call("total", at, 1) == 7


@pytest.mark.parametrize("is_brief", [False, True])
def test_reading_beyond_its_memory_is_an_exception_and_harms_nothing(
    compiled: Path, is_brief: bool
) -> None:
    kernel = Kernel(compiled, is_brief=is_brief)
    at = kernel.put(np.array([7], dtype=np.uint32))
    with pytest.raises(Trap):
        kernel.call("total", 2**31 - 4, 1000)
    with pytest.raises(Trap):
        kernel.release(2**31 - 1)
    assert kernel.call("total", at, 1) == 7


@pytest.mark.skipif(sys.platform != "linux", reason="bounds addresses as only Linux does")
def test_it_runs_where_a_process_may_have_few_addresses(compiled: Path) -> None:
    program = f"""
import resource
from pathlib import Path
import numpy as np
from common.native.kernel import Kernel
resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
kernel = Kernel(Path({str(compiled)!r}))
at = kernel.put(np.arange(1_000_000, dtype=np.uint32))
print(kernel.call("total", at, 1_000_000))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.stdout.strip() == str(999_999 * 500_000), ran.stderr


def test_the_same_source_gives_the_same_bytes(compiled: Path, tmp_path: Path) -> None:
    compile_kernel(compiled.with_suffix(".c"), tmp_path / "again.wasm")
    assert (tmp_path / "again.wasm").read_bytes() == compiled.read_bytes()


def test_a_source_with_a_mistake_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "wrong.c"
    source.write_text("int half(int x) { return y / 2; }\n")
    with pytest.raises(subprocess.CalledProcessError):
        compile_kernel(source, tmp_path / "wrong.wasm")


def test_what_is_committed_is_what_the_sources_compile_to(tmp_path: Path) -> None:
    for source in sources():
        compile_kernel(source, tmp_path / "now.wasm")
        assert source.with_suffix(".wasm").read_bytes() == (tmp_path / "now.wasm").read_bytes(), (
            f"{source}: run python -m common.native.build"
        )


def test_a_process_that_has_kernels_ends_without_a_word(compiled: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from common.native import kernel\n"
        "kernel.kept = kernel.Kernel(Path(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", code, str(compiled)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_a_process_that_is_forked_can_read_more_native_code() -> None:
    code = """
import os, sys, warnings
from pathlib import Path
from common.native.kernel import Kernel
first, second = map(Path, sys.argv[1:])
Kernel(first)
warnings.simplefilter("ignore")  # threads of others are what this is about
child = os.fork()
if not child:
    Kernel(second)
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    paths = ["ingester/guessing/guess.wasm", "rules/index/native/engine.wasm"]
    subprocess.run([sys.executable, "-c", code, *paths], cwd=ROOT, check=True, timeout=120)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how many addresses are taken")
def test_what_is_gone_gives_its_addresses_back(compiled: Path) -> None:
    def addresses() -> int:
        return int(Path("/proc/self/statm").read_text().split()[0]) * mmap.PAGESIZE

    Kernel(compiled)
    before = addresses()
    for _ in range(8):
        Kernel(compiled).call("mark")
    assert addresses() - before < RESERVED
