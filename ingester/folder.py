"""Looks at a folder of documents: takes what appeared or changed, and leaves everything there."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, unquote_to_bytes

from ingester.document import MAX_BYTES, is_readable, read_document, suffix_of
from ingester.entry import Entry, FetchError, Polled
from ingester.kinds import Memory
from ingester.text import shown
from ingester.walk import Found, is_gone, open_folder, read, reason, status_of, walk
from storage.model import Source

BATCH_FILES = 500
BATCH_BYTES = 64 * 1024 * 1024
BATCH_ENTRIES = 2_000
"""A poll ends behind the file that reaches one of these; the next one goes on from there."""

SETTLED_SECONDS = 2.0
"""A file that changed later than this long ago may still be being written."""

PATIENCE = 5
"""Polls at once, one after the other, for files that keep growing; then at the usual interval."""

UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", ".swp", ".bak", "~")
"""How names end of what programs have not finished, or have put aside: passed over in silence."""

LATEST_SECONDS = 250_000_000_000.0  # what datetime can say


@dataclass(slots=True)
class _Harvest:
    """What a poll has gathered so far."""

    root: int
    known: Mapping[str, str]
    most_files: int
    entries: list[Entry] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    remember: dict[str, str] = field(default_factory=dict)
    young: list[Found] = field(default_factory=list)
    looked_at: int = 0
    size_bytes: int = 0
    growing: int = 0
    after: str = ""

    @property
    def is_full(self) -> bool:
        return (
            self.looked_at >= self.most_files
            or self.size_bytes >= BATCH_BYTES
            or len(self.entries) >= BATCH_ENTRIES
        )

    def tell_once(self, key: str, notice: str) -> None:
        """Note something about a file that stays as it is, unless that has been said before."""
        if key not in self.known and key not in self.remember:
            self.looked_at += 1
            self.notices.append(notice)
            self.remember[key] = "told"


class FolderKind:
    """Implements `ingester.kinds.SourceKind` for a folder of documents; `source.url` is its path.

    A file is taken once, and again when its content changes; what becomes of a new version is
    decided by its prints (docs/decisions/002-seeds-stay-where-they-are.md). Files are never
    moved, changed or deleted.

    Args:
        now: What time it is, UTC; the files' times of change are compared with it.
        pause: Waits for so many seconds, at most 2 a poll.
        batch_files: After so many files a poll ends, and asks for the next one at once.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        pause: Callable[[float], None],
        batch_files: int = BATCH_FILES,
    ) -> None:
        self._now = now
        self._pause = pause
        self._batch_files = batch_files

    def poll(self, source: Source, memory: Memory) -> Polled:
        """Return the documents that are new, in the order of their names, young files last.

        One file that cannot be taken gives a notice and stops no other.
        """
        label = shown(source.url)
        try:
            root = open_folder(source.url)
        except FileNotFoundError as error:
            text = f'folder "{label}": there is no such folder; make it, or remove the source'
            raise FetchError(text, kind="file") from error
        except NotADirectoryError as error:
            text = f'folder "{label}": is not a folder; name the folder that the file is in'
            raise FetchError(text, kind="file") from error
        except OSError as error:
            raise FetchError(f'folder "{label}": {reason(error)}', kind="file") from error
        except ValueError as error:
            raise FetchError(f'folder "{label}": is not a path', kind="file") from error
        try:
            harvest = _Harvest(root=root, known=memory(), most_files=self._batch_files)
            self._gather(harvest, after=_read_name(source.validators.get("after", "")))
            self._take_young(harvest)
        finally:
            os.close(root)
        return _polled(harvest, waited=int(source.validators.get("waited", "0")))

    def _gather(self, harvest: _Harvest, *, after: str) -> None:
        """Walk until the end or until the batch is full; note in `after` where it goes on."""
        with contextlib.closing(walk(harvest.root, after=after)) as found:
            for each in found:
                if harvest.is_full:
                    return
                self._look_at(each, harvest)
                harvest.after = each.name
        harvest.after = ""

    def _look_at(self, found: Found, harvest: _Harvest) -> None:
        label = shown(found.name)
        if found.status is None:
            harvest.looked_at += 1
            harvest.notices.append(f"{label}: {found.trouble}")
        elif found.name.lower().endswith(UNFINISHED):
            return
        elif not stat.S_ISREG(found.status.st_mode):
            what = "a symbolic link" if stat.S_ISLNK(found.status.st_mode) else "no regular file"
            key = f"link:{_written_name(found.name)}"
            harvest.tell_once(key, f"{label}: is {what} and is not read; put the file itself here")
        elif not is_readable(found.name):
            suffix = shown(suffix_of(found.name)) or "no ending"
            text = f"{label}: files of this kind ({suffix}) are not read; save the text as "
            harvest.tell_once(f"kind:{_written_name(suffix)}", f"{text}.txt, .md, .html or .jsonl")
        elif not _is_known(found.name, found.status, harvest.known):
            harvest.looked_at += 1
            if self._age(found.status) < SETTLED_SECONDS:
                harvest.young.append(found)
            else:
                self._take(found.name, found.status, harvest)

    def _age(self, status: os.stat_result) -> float:
        return self._now().timestamp() - status.st_mtime

    def _take_young(self, harvest: _Harvest) -> None:
        """Look again, after a pause, at files that changed a moment ago."""
        ages = [self._age(each.status) for each in harvest.young if each.status is not None]
        if not ages:
            return
        self._pause(min(max(SETTLED_SECONDS - min(ages), 0.0), SETTLED_SECONDS))
        for each in harvest.young:
            status = status_of(harvest.root, each.name)
            if status is None or each.status is None:
                continue
            if _stamp(status) == _stamp(each.status):
                self._take(each.name, status, harvest)
            else:
                harvest.growing += 1

    def _take(self, name: str, status: os.stat_result, harvest: _Harvest) -> None:
        """Read a file that stands still, and add what it says."""
        key = _key(name)
        if status.st_size > MAX_BYTES:
            harvest.notices.append(f"{shown(name)}: file over 10 MiB; split it or leave it out")
            harvest.remember[key] = f"{_stamp(status)} -"
            return
        try:
            data, after = read(harvest.root, name, limit_bytes=MAX_BYTES + 1)
        except OSError as error:
            if not is_gone(error):
                harvest.notices.append(f"{shown(name)}: cannot be read: {reason(error)}")
            return
        if _stamp(after) != _stamp(status) or len(data) != status.st_size:
            harvest.growing += 1
            return
        harvest.size_bytes += len(data)
        digest = hashlib.sha256(data).hexdigest()
        harvest.remember[key] = f"{_stamp(status)} {digest}"
        if harvest.known.get(key, "").endswith(f" {digest}"):
            return  # touched, or written again with the same content
        document = read_document(data, name, modified_at=_modified_at(status), now=self._now())
        harvest.entries += document.entries
        harvest.notices += document.notices


def _polled(harvest: _Harvest, *, waited: int) -> Polled:
    validators: dict[str, str] = {}
    if harvest.after:
        validators["after"] = _written_name(harvest.after)
    if harvest.growing:
        validators["waited"] = str(waited + 1)
    more = bool(harvest.after) or (harvest.growing > 0 and waited + 1 < PATIENCE)
    return Polled(
        entries=tuple(harvest.entries),
        validators=validators,
        unchanged=not (harvest.entries or harvest.notices or harvest.remember or more),
        notices=tuple(harvest.notices),
        remember=harvest.remember,
        more=more,
    )


# --- what is remembered of a file ----------------------------------------------------------------


def _key(name: str) -> str:
    written = _written_name(name)
    if len(written) <= 400:
        return f"file:{written}"
    return f"file:{written[:300]}#{hashlib.sha256(written.encode()).hexdigest()}"


def _written_name(name: str) -> str:
    """Return a name as every database keeps it: ASCII, whatever bytes the name holds."""
    return quote(os.fsencode(name), safe="/ ")


def _read_name(written: str) -> str:
    return os.fsdecode(unquote_to_bytes(written))


def _is_known(name: str, status: os.stat_result, known: Mapping[str, str]) -> bool:
    return known.get(_key(name), "").startswith(f"{_stamp(status)} ")


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns}"


def _modified_at(status: os.stat_result) -> datetime:
    return datetime.fromtimestamp(min(max(status.st_mtime, 0.0), LATEST_SECONDS), UTC)
