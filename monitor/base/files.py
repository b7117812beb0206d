"""Read small files that people name: plain, bounded, with a sentence for each refusal."""

import os
import stat
from pathlib import Path
from typing import IO

from monitor.base.errors import Refusal, clipped

_PRIVATE_MOUNTS = (Path("/run/secrets"), Path("/run/credentials"))
"""Filled by container engines and by systemd, and visible to this service alone."""


def read_bytes(path: Path, *, limit_bytes: int) -> bytes:
    """Return the content of a plain file of at most `limit_bytes`.

    Raises:
        Refusal: It is missing, a folder, a FIFO, a device, unreadable, a loop of links or
            too large; the text names the path and the reason.
    """
    return _read(path, limit_bytes=limit_bytes, secret=False)


def open_plain(path: Path) -> IO[bytes]:
    """Open a plain file of any size, to be read piece by piece; raises like `read_bytes`."""
    return _opened(path, limit_bytes=None, secret=False)


def read_text(path: Path, *, limit_bytes: int) -> str:
    """Return the text of a UTF-8 file; a byte order mark is dropped. Raises like `read_bytes`."""
    return _decoded(path, _read(path, limit_bytes=limit_bytes, secret=False))


def check_place(path: Path) -> None:
    """Look whether a file can be made, or written anew, at a place that somebody named.

    Raises:
        Refusal: It is a folder, there is no folder for it, or this user may not write there.
    """
    if path.is_dir():
        raise Refusal(f"{_named(path)}: is a folder; a file is needed")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise Refusal(f"{_named(path)}: there is no such folder; make it")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise Refusal(f"{_named(path)}: may not be written by this user (uid {os.geteuid()})")


def read_secret(path: Path, *, may_have_lines: bool = False) -> str:
    """Return the secret that a file holds, without the line end after it.

    Args:
        may_have_lines: Whether several secrets may stand in it, one a line.

    Raises:
        Refusal: As in `read_bytes`, or it is empty, or everybody on this machine can read it.
    """
    value = _decoded(path, _read(path, limit_bytes=64 * 1024, secret=True)).rstrip("\r\n")
    if not value.strip():
        raise Refusal(f"{_named(path)}: is empty; write the secret into it")
    lines = value.splitlines()
    if len(lines) > 1 and not may_have_lines:
        raise Refusal(f"{_named(path)}: holds more than one line; a secret is one line")
    if any(ord(letter) < 0x20 for line in lines for letter in line):
        raise Refusal(f"{_named(path)}: holds a control character; a secret is text")
    return value


def _named(path: Path) -> str:
    return clipped(str(path), 200)


def _read(path: Path, *, limit_bytes: int, secret: bool) -> bytes:
    with _opened(path, limit_bytes=limit_bytes, secret=secret) as file:
        try:
            content = file.read(limit_bytes + 1)
        except OSError as error:
            raise Refusal(f"{_named(path)}: {_reason(error)}") from error
    if len(content) > limit_bytes:
        raise Refusal(f"{_named(path)}: is over {_size(limit_bytes)}")
    return content


def _opened(path: Path, *, limit_bytes: int | None, secret: bool) -> IO[bytes]:
    try:
        # A FIFO without a writer must not keep us waiting, hence O_NONBLOCK.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError:
        raise Refusal(f"{_named(path)}: is not a path") from None
    except OSError as error:
        raise Refusal(f"{_named(path)}: {_reason(error)}") from error
    try:
        _check(path, os.fstat(descriptor), limit_bytes=limit_bytes, secret=secret)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check(path: Path, status: os.stat_result, *, limit_bytes: int | None, secret: bool) -> None:
    name = _named(path)
    if stat.S_ISDIR(status.st_mode):
        raise Refusal(f"{name}: is a folder; a file is needed")
    if not stat.S_ISREG(status.st_mode):
        raise Refusal(f"{name}: is not a plain file")
    if limit_bytes is not None and status.st_size > limit_bytes:
        raise Refusal(f"{name}: is over {_size(limit_bytes)}")
    if secret and status.st_mode & stat.S_IROTH and not _is_private_mount(path):
        mode = stat.S_IMODE(status.st_mode)
        raise Refusal(f"{name}: everybody can read it (mode {mode:04o}); chmod 600 it")


def _is_private_mount(path: Path) -> bool:
    return any(path.resolve().is_relative_to(mount) for mount in _PRIVATE_MOUNTS)


def _reason(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case PermissionError():
            return f"may not be read by this user (uid {os.geteuid()})"
        case _:
            return (error.strerror or type(error).__name__).lower()


_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def _decoded(path: Path, content: bytes) -> str:
    start = content[:256]
    if content.startswith(_WIDE_MARKS) or start.count(0) * 4 > len(start) > 0:
        what = "not UTF-8, but looks like UTF-16; save it as UTF-8"
        raise Refusal(f"{_named(path)}:1: {what}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise Refusal(
            f"{_named(path)}:{line}: not UTF-8 (byte 0x{byte:02x}); save it as UTF-8"
        ) from error


def _size(size_bytes: int) -> str:
    mebibytes, rest = divmod(size_bytes, 1024 * 1024)
    return f"{mebibytes} MiB" if mebibytes and not rest else f"{size_bytes // 1024} KiB"
