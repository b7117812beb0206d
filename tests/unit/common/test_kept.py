"""Machine code that is kept: read if it is whole and ours, made anew where anything is off."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from common.native import kept as kept_module
from common.native import machine_code
from common.native.build import sources
from common.native.kept import KeptCode, also_keep_in, kept_or_made
from tests.places import ROOT

WASM = ROOT / "ingester" / "guessing" / "guess.wasm"
LOAD = """
import sys
from pathlib import Path
from common.native import kernel, kept, machine_code
here, elsewhere = [], []
class Module(machine_code.Module):
    def __init__(self, *given):
        super().__init__(*given)
        here.append(self)
def run(*given, **how):
    elsewhere.append(given)
    return begun(*given, **how)
begun = machine_code.subprocess.run
machine_code.Module, machine_code.subprocess.run = Module, run
if sys.argv[2] == "alone":
    sys.executable = "/nowhere/python"
for folder in sys.argv[3:]:
    kept.also_keep_in(Path(folder))
kernel.Kernel(Path(sys.argv[1])).call("mark")
print("compiled here" if here else "compiled" if elsewhere else "kept")
"""


@pytest.fixture(autouse=True)
def _beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep code beside its source here, too, whatever who runs the tests and other tests chose."""
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.setattr(kept_module, "_more_folders", [])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a kernel in a folder of its own, for which no code is kept yet."""
    copied = tmp_path / "package" / "guess.wasm"
    copied.parent.mkdir()
    copied.write_bytes(WASM.read_bytes())
    return copied


def start(
    source: Path, *folders: Path, alone: bool = False, **environ: str
) -> "subprocess.Popen[str]":
    how = "alone" if alone else "with others"
    command = [sys.executable, "-c", LOAD, str(source), how, *map(str, folders)]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.Popen(
        command, cwd=ROOT, env=clean | environ, stdout=subprocess.PIPE, text=True
    )


def loaded(source: Path, *folders: Path, alone: bool = False, **environ: str) -> str:
    """Load the kernel in a new process; return whether it was "compiled" or was "kept"."""
    said, _ = start(source, *folders, alone=alone, **environ).communicate(timeout=120)
    return said.strip()


def code_of(source: Path) -> Path:
    (code,) = (source.parent / "__pycache__").glob("guess.*.code")
    return code


def test_code_is_compiled_once_for_all_processes(source: Path) -> None:
    assert [loaded(source) for _ in range(2)] == ["compiled", "kept"]
    assert code_of(source).stat().st_mode & 0o777 == 0o644


def test_where_no_other_process_can_be_begun_it_is_compiled_in_its_own(source: Path) -> None:
    assert loaded(source, alone=True) == "compiled here"
    assert loaded(source) == "kept"


@pytest.mark.parametrize("said", ["x", "words of a site's own Python"])
def test_what_else_the_other_process_says_is_not_taken_for_code(
    source: Path, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    saying = f"import sys; sys.stdout.write({said!r}); sys.stdout.flush(); "
    monkeypatch.setattr(machine_code, "_START", saying + machine_code._START)
    assert machine_code._compiled_apart(source) is None
    assert not [*source.parent.glob("__pycache__/*")]


def test_all_kernels_of_the_program_are_compiled_by_one_process(tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    assert loaded(WASM, PYTHONPYCACHEPREFIX=str(prefix)) == "compiled"
    kept = {path.name.split(".")[0] for path in prefix.rglob("*.code")}
    assert kept == {path.stem for path in sources()}
    other = ROOT / "rules" / "index" / "native" / "engine.wasm"
    assert loaded(other, PYTHONPYCACHEPREFIX=str(prefix)) == "kept"


def flipped(code: Path) -> None:
    held = bytearray(code.read_bytes())
    held[-100] ^= 1
    code.write_bytes(held)


def torn(code: Path) -> None:
    code.write_bytes(code.read_bytes()[:-1])


def empty(code: Path) -> None:
    code.write_bytes(b"")


def writable_by_the_group(code: Path) -> None:
    code.chmod(0o664)


def writable_by_all(code: Path) -> None:
    code.chmod(0o646)


def a_link(code: Path) -> None:
    code.rename(code.with_suffix(".elsewhere"))
    code.symlink_to(code.with_suffix(".elsewhere"))


def a_folder(code: Path) -> None:
    code.unlink()
    code.mkdir()


def given_away(code: Path) -> None:
    os.chown(code, 12345, 12345)


WAYS = [flipped, torn, empty, writable_by_the_group, writable_by_all, a_link]
if os.geteuid() == 0:  # nobody else gives files away
    WAYS.append(given_away)


@pytest.mark.parametrize("spoil", WAYS, ids=lambda spoil: spoil.__name__)
def test_what_is_damaged_or_may_be_anothers_is_not_read_and_is_replaced(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    kept = KeptCode(tmp_path / "guess.wasm", "here", b"source")
    kept.write(b"code" * 100)
    spoil(code_of(tmp_path / "guess.wasm"))
    assert kept.read() is None
    kept.write(b"code" * 100)
    assert kept.read() == b"code" * 100


def test_a_folder_in_the_way_is_left_alone(tmp_path: Path) -> None:
    kept = KeptCode(tmp_path / "guess.wasm", "here", b"source")
    kept.write(b"code")
    a_folder(code_of(tmp_path / "guess.wasm"))
    kept.write(b"code")
    assert kept.read() is None


def test_damaged_code_is_compiled_anew(source: Path) -> None:
    loaded(source)
    flipped(code_of(source))
    assert [loaded(source) for _ in range(2)] == ["compiled", "kept"]


def test_code_of_another_source_is_replaced(source: Path) -> None:
    loaded(source)
    source.write_bytes((WASM.parents[1] / "text" / "markup.wasm").read_bytes())
    assert [loaded(source) for _ in range(2)] == ["compiled", "kept"]


def test_code_that_is_whole_but_not_for_this_program_is_made_anew(source: Path) -> None:
    """As that of another processor is: what it was compiled for is said in it."""
    loaded(source)
    code = code_of(source)
    kind = code.name.removeprefix("guess.").removesuffix(".code")
    kept = KeptCode(source, kind, source.read_bytes())
    right = kept.read()
    assert right is not None
    kept.write(right.replace(b"x86_64", b"mips64").replace(b"aarch64", b"mips_64"))
    assert kept.read() not in (None, right)
    assert [loaded(source) for _ in range(2)] == ["compiled", "kept"]
    assert kept.read() == right


def test_processes_that_begin_at_once_all_get_it_and_leave_one_file(source: Path) -> None:
    said = [one.communicate(timeout=120)[0].strip() for one in [start(source) for _ in range(3)]]
    assert set(said) <= {"compiled", "kept"}
    assert loaded(source) == "kept"
    assert list(code_of(source).parent.iterdir()) == [code_of(source)]


def test_where_its_own_folder_cannot_be_written_it_is_kept_in_another(
    source: Path, tmp_path: Path
) -> None:
    (source.parent / "__pycache__").write_text("a file in the way, as read-only folders are")
    cache = tmp_path / "home" / "cache"
    assert [loaded(source, cache) for _ in range(2)] == ["compiled", "kept"]
    assert loaded(source) == "compiled"  # nowhere else, so in each process


def test_it_lies_where_python_keeps_its_own(source: Path, tmp_path: Path) -> None:
    assert loaded(source, PYTHONPYCACHEPREFIX=str(tmp_path / "prefix")) == "compiled"
    assert loaded(source, PYTHONPYCACHEPREFIX=str(tmp_path / "prefix")) == "kept"
    assert not (source.parent / "__pycache__").exists()


def test_the_folder_of_an_installation_is_named_once(tmp_path: Path) -> None:
    also_keep_in(tmp_path)
    also_keep_in(tmp_path)
    (tmp_path / "__pycache__").write_text("in the way")
    kept = KeptCode(tmp_path / "a.wasm", "1", b"source")
    kept.write(b"code")
    assert kept.read() == b"code"
    assert [path.name for path in tmp_path.glob("*.code")] == ["a.1.code"]


def test_what_is_made_is_kept_and_not_by_a_program_whose_files_were_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon that an update surprises would keep what is of the old program as of the new one."""
    source = tmp_path / "letters.py"
    source.write_text("new", encoding="utf-8")

    def made(what: bytes) -> bytes:
        return kept_or_made(source, "letters", lambda: what, made_by=[source])

    monkeypatch.setattr(kept_module, "_STARTED", source.stat().st_ctime - 1)
    assert made(b"of the old one") == b"of the old one"
    monkeypatch.setattr(kept_module, "_STARTED", source.stat().st_ctime + 1)
    assert [made(b"of the new one"), made(b"made again")] == [b"of the new one"] * 2
