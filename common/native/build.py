"""Compiling every kernel: `python -m common.native.build` (needs the developers' `ziglang`).

The same source gives the same bytes everywhere, since the compiler is one exact version and
nothing of the machine goes in. So what is committed can be checked (tests/unit/common), and who
runs the product needs no compiler.
"""

import subprocess
import sys
import tempfile
from os import environ
from pathlib import Path

ROOT = Path(__file__).parents[2]
_HEADERS = Path(__file__).parent
_FLAGS = (
    "--target=wasm32-freestanding",
    "-O3",
    "-std=c23",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-nostdlib",
    "-fvisibility=hidden",
    "-mbulk-memory",
    "-msimd128",
    "-msign-ext",
    "-mnontrapping-fptoint",
    "-Wl,--no-entry",
    "-Wl,--export-dynamic",
    "-Wl,--strip-all",
    "-Wl,-z,stack-size=262144",
)


def sources(root: Path = ROOT) -> list[Path]:
    """Return the kernels' sources: each `.c` beside which its `.wasm` lies, or shall lie."""
    rooms = ("common", "storage", "ingester", "rules", "notifiers", "monitor")
    return sorted(path for room in rooms for path in (root / room).rglob("*.c"))


def compile_kernel(source: Path, to: Path) -> None:
    """Compile one source; what the compiler says goes to stderr.

    Raises:
        subprocess.CalledProcessError: if it does not compile.
    """
    with tempfile.TemporaryDirectory() as cache:
        caches = {"ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache}
        command = [
            sys.executable,
            "-m",
            "ziglang",
            "cc",
            *_FLAGS,
            "-I",
            str(_HEADERS),
            "-o",
            str(to),
            source.name,
        ]
        subprocess.run(command, check=True, cwd=source.parent, env=environ | caches)  # noqa: S603 (our own compiler)


if __name__ == "__main__":
    for each in sources():
        compile_kernel(each, each.with_suffix(".wasm").resolve())
        size = each.with_suffix(".wasm").stat().st_size
        sys.stdout.write(f"{each.relative_to(ROOT)}: {size:,} bytes\n")
