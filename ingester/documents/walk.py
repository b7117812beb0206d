"""Finds and reads the files below a folder without ever leaving it.

Everything is opened relative to an open folder and without following symbolic links, so that
nothing swapped in the meantime can lead elsewhere. Nothing is opened that could block or act when
opened (FIFO, socket, device). Names are relative to the folder, as `os.fsdecode` gives them.
"""

import contextlib
import errno
import os
import re
import stat
from collections.abc import Generator, Iterator

from common.records import dataclass

DEEPEST = 16
"""Folders inside of folders."""

_PAGES = (".html", ".htm", ".xhtml")
_PARTS_OF_A_PAGE = re.compile(
    r"(.+)(?:_files|_fichiers|_archivos|_arquivos|_file|-Dateien|-filer)", re.I
)
"""How browsers name the folder beside a page that they save, "Page_files" beside "Page.html"."""

_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class FolderItem:
    """Something below the folder.

    Attributes:
        status: Its own, not that of what it points at; None when it is a trouble.
        trouble: Why a folder was not looked into, in words, or "".
    """

    name: str
    status: os.stat_result | None
    trouble: str = ""


def open_folder(path: str) -> int:
    """Return a descriptor of the folder at `path`, which may itself be a link to one.

    Raises:
        OSError: There is none, or it may not be read.
        ValueError: It is no path.
    """
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def walk(root: int, *, after: str = "") -> Generator[FolderItem, None, None]:
    """Yield what lies below an open folder, in the order of names, from behind `after` on.

    Folders themselves are not yielded, unless they cannot be looked into. Names that begin with a
    dot are passed over.
    """
    yield from _walk(root, "", _parts(after))


def read(root: int, name: str, *, limit_bytes: int) -> tuple[bytes, os.stat_result]:
    """Return the content of a regular file, at most `limit_bytes`, and its status after reading.

    Raises:
        OSError: It cannot be read, or is not a regular file (any more).
    """
    with _opened(root, name, _FILE) as descriptor:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file any more")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(limit_bytes)
        return data, os.fstat(descriptor)


def status_of(root: int, name: str) -> os.stat_result | None:
    """Return the status of what has this name now, or None when it is gone."""
    above, _, last = name.rpartition("/")
    try:
        if not above:
            return os.stat(last, dir_fd=root, follow_symlinks=False)
        with _opened(root, above, _FOLDER) as folder:
            return os.stat(last, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None


def reason(error: OSError) -> str:
    """Return why something could not be opened, and what to do where that is clear."""
    if isinstance(error, PermissionError):
        return f"permission denied for this user (uid {os.geteuid()}); chmod it"
    return (error.strerror or type(error).__name__).lower()


def is_gone(error: OSError) -> bool:
    """Whether the error only says that somebody removed the file in the meantime."""
    return error.errno in (errno.ENOENT, errno.ESTALE)


def _walk(folder: int, above: str, after: tuple[str, ...]) -> Iterator[FolderItem]:
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield FolderItem(above or "the folder", None, f"cannot be read: {reason(error)}")
        return
    depth = above.count("/")
    pages = {name.rpartition(".")[0] for name in names if name.lower().endswith(_PAGES)}
    for name in names:
        relative = f"{above}{name}"
        # A folder is passed over only when all in it comes before `after`.
        if name.startswith(".") or _parts(relative) < after[: depth + 1]:
            continue
        status = status_of(folder, name)
        if status is None:
            continue
        if stat.S_ISDIR(status.st_mode):
            of_page = _PARTS_OF_A_PAGE.fullmatch(name)
            if of_page and of_page[1] in pages:
                continue  # pictures, programs and frames, as the browser saved them
            yield from _inside(folder, name, relative, after)
        elif _parts(relative) > after:
            yield FolderItem(relative, status)


def _inside(folder: int, name: str, relative: str, after: tuple[str, ...]) -> Iterator[FolderItem]:
    if relative.count("/") + 1 > DEEPEST:
        text = f"lies more than {DEEPEST} folders deep and is not looked into; move it up"
        yield FolderItem(relative, None, text)
        return
    try:
        inside = os.open(name, _FOLDER, dir_fd=folder)
    except OSError as error:
        if not is_gone(error):
            yield FolderItem(relative, None, f"cannot be read: {reason(error)}")
        return
    try:
        yield from _walk(inside, f"{relative}/", after)
    finally:
        os.close(inside)


@contextlib.contextmanager
def _opened(root: int, name: str, flags: int) -> Iterator[int]:
    """Open `name` below `root`, one folder after the other, none of them through a link."""
    *folders, last = name.split("/")
    with contextlib.ExitStack() as stack:
        current = root
        for folder in folders:
            current = os.open(folder, _FOLDER, dir_fd=current)
            stack.callback(os.close, current)
        descriptor = os.open(last, flags, dir_fd=current)
        stack.callback(os.close, descriptor)
        yield descriptor


def _parts(name: str) -> tuple[str, ...]:
    return tuple(name.split("/")) if name else ()
