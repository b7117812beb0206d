"""Looks at a folder of documents: takes what appeared or changed, and leaves everything there."""

import contextlib
import hashlib
import os
import stat
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime
from urllib.parse import quote, unquote, unquote_to_bytes

from common.records import dataclass
from ingester.documents.names import HASHED, MAX_BYTES, SHOWN, is_readable, suffix_of
from ingester.documents.walk import FolderItem, is_gone, open_folder, read, reason, status_of, walk
from ingester.entry import DocumentContent, Entry, FetchError, ParseError, Polled
from ingester.fetch.ports import Reader
from ingester.kinds import Memory, SourceTools
from ingester.text.shown import shown
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
    notices: list[tuple[str, str]] = field(default_factory=list)
    remember: dict[str, str] = field(default_factory=dict)
    young: list[FolderItem] = field(default_factory=list)
    looked_at: int = 0
    size_bytes: int = 0
    growing: int = 0
    after: str = ""
    names: dict[str, str] | None = None
    linked: Counter[tuple[int, int]] | None = None

    @property
    def is_full(self) -> bool:
        return (
            self.looked_at >= self.most_files
            or self.size_bytes >= BATCH_BYTES
            or len(self.entries) >= BATCH_ENTRIES
        )

    def tell(self, name: str, notice: str) -> None:
        self.notices.append((name, notice))

    def twin(self, name: str, digest: str) -> str:
        """Return another file that is there and has this content, or ""; note this one's."""
        if self.names is None:
            # Only a poll that takes something needs it: there may be many.
            self.names = {}
            for key, value in self.known.items():
                if key.startswith("file:") and "#" not in key:
                    self.names[_Version.read(value).digest] = _read_name(key.removeprefix("file:"))
        other = self.names.setdefault(digest, name)
        if other != name and status_of(self.root, other) is None:
            self.names[digest] = name  # renamed
            return ""
        return "" if other == name else other

    def has_all_names(self, status: os.stat_result) -> bool:
        """Whether all names of a file that has several lie in the folder."""
        if self.linked is None:
            found = (item.status for item in walk(self.root))
            self.linked = Counter((s.st_dev, s.st_ino) for s in found if s and s.st_nlink > 1)
        return self.linked[status.st_dev, status.st_ino] >= status.st_nlink

    def tell_once(self, key: str, name: str, notice: str) -> None:
        """Note something about a file that stays as it is, unless that has been said before."""
        if key not in self.known and key not in self.remember:
            self.looked_at += 1
            self.tell(name, notice)
            self.remember[key] = "told"


def _why_unread(name: str, status: os.stat_result, harvest: _Harvest) -> tuple[str, str] | None:
    """Return why a file is not read, behind the key by which that is said once; or None."""
    of_name = f"link:{_written_name(name)}"
    if not stat.S_ISREG(status.st_mode):
        what = "a symbolic link" if stat.S_ISLNK(status.st_mode) else "no regular file"
        return of_name, f"is {what} and is not read; put the file itself here"
    if status.st_nlink > 1 and not harvest.has_all_names(status):
        # Who may not read a file may yet give it a name here: what it says is not ours.
        why = "is a hard link to a file that has a name outside of the folder, and is not read"
        return of_name, f"{why}; put a copy here"
    if not is_readable(name):
        suffix = shown(suffix_of(name)) or "no ending"
        why = f"files of this kind ({suffix}) are not read"
        remedy = f"save the text as {SHOWN}"
        return f"kind:{_written_name(suffix)}", f"{why}; {remedy}"
    return None


class FolderKind:
    """Implements `ingester.kinds.SourceKind` for a folder of documents; `source.url` is its path.

    A file is taken once, and again when its content changes: then it is a new version of its
    article, or another article (docs/decisions/002-seeds-stay-where-they-are.md). Files are
    never moved, changed or deleted.

    Args:
        now: What time it is, UTC; the files' times of change are compared with it.
        pause: Waits for so many seconds, at most 2 a poll.
        reader: Reads a document, within bounds; None: it is read here.
        batch_files: After so many files a poll ends, and asks for the next one at once.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        pause: Callable[[float], None],
        reader: Reader | None = None,
        batch_files: int = BATCH_FILES,
    ) -> None:
        self._now = now
        self._pause = pause
        self._document = reader.read_document if reader else _read_here
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
        with contextlib.closing(walk(harvest.root, after=after)) as items:
            for item in items:
                if harvest.is_full:
                    return
                self._look_at(item, harvest)
                harvest.after = item.name
        harvest.after = ""

    def _look_at(self, item: FolderItem, harvest: _Harvest) -> None:
        label = shown(item.name)
        if item.status is None:
            harvest.looked_at += 1
            harvest.tell(item.name, f"{label}: {item.trouble}")
        elif item.name.lower().endswith(UNFINISHED):
            return
        elif unread := _why_unread(item.name, item.status, harvest):
            key, why = unread
            harvest.tell_once(key, item.name, f"{label}: {why}")
        elif not _is_known(item.name, item.status, harvest.known):
            harvest.looked_at += 1
            if self._age(item.status) < SETTLED_SECONDS:
                harvest.young.append(item)
            else:
                self._take(item.name, item.status, harvest)

    def _age(self, status: os.stat_result) -> float:
        return self._now().timestamp() - status.st_mtime

    def _take_young(self, harvest: _Harvest) -> None:
        """Look again, after a pause, at files that changed a moment ago."""
        ages = [self._age(item.status) for item in harvest.young if item.status is not None]
        if not ages:
            return
        self._pause(min(max(SETTLED_SECONDS - min(ages), 0.0), SETTLED_SECONDS))
        for item in harvest.young:
            status = status_of(harvest.root, item.name)
            if status is None or item.status is None:
                continue
            if _stamp(status) == _stamp(item.status):
                self._take(item.name, status, harvest)
            else:
                harvest.growing += 1

    def _take(self, name: str, status: os.stat_result, harvest: _Harvest) -> None:
        """Read a file that stands still, and add what it says."""
        key = _key(name)
        if status.st_size > MAX_BYTES:
            harvest.tell(name, f"{shown(name)}: file over 10 MiB; split it or leave it out")
            harvest.remember[key] = f"{_stamp(status)} -"
            return
        try:
            data, after = read(harvest.root, name, limit_bytes=MAX_BYTES + 1)
        except OSError as error:
            if not is_gone(error):
                harvest.tell(name, f"{shown(name)}: cannot be read: {reason(error)}")
            return
        if _stamp(after) != _stamp(status) or len(data) != status.st_size:
            harvest.growing += 1
            return
        harvest.size_bytes += len(data)
        digest = hashlib.sha256(data).hexdigest()
        earlier = _Version.read(harvest.known.get(key, ""))
        if earlier.digest == digest:
            # Touched, or written again with the same content.
            harvest.remember[key] = replace(earlier, stamp=_stamp(status)).written()
            return
        try:
            modified_at = _modified_at(status)
            document = self._document(data, name, modified_at=modified_at, now=self._now())
        except ParseError as error:
            notice = f"{shown(name)}: {error}; left out until it changes"
            document = DocumentContent(entries=(), notices=(notice,))
        version = _Version(stamp=_stamp(status), digest=digest)
        entries = document.entries
        if len(entries) == 1:
            version, entry = _next_version(version, entries[0], earlier)
            entries = (entry,)
        harvest.remember[key] = version.written()
        harvest.entries += entries
        for notice in document.notices:
            harvest.tell(name, notice)
        if entries and (twin := harvest.twin(name, digest)):
            text = f"{shown(name)}: has the same content as {shown(twin)}; one of them is enough"
            harvest.tell(name, text)


def make(tools: SourceTools) -> FolderKind:
    """Return the kind as `ingester.kinds` wants it."""
    return FolderKind(now=tools.now, pause=tools.pause, reader=tools.reader)


def _polled(harvest: _Harvest, *, waited: int) -> Polled:
    validators: dict[str, str] = {}
    if harvest.after:
        validators["after"] = _written_name(harvest.after)
    if harvest.growing:
        validators["waited"] = str(waited + 1)
    more = bool(harvest.after) or (harvest.growing > 0 and waited + 1 < PATIENCE)
    notices = sorted(harvest.notices, key=lambda notice: notice[0].split("/"))
    return Polled(
        entries=tuple(harvest.entries),
        validators=validators,
        unchanged=not (harvest.entries or harvest.notices or harvest.remember or more),
        notices=tuple(notice for _, notice in notices),
        remember=harvest.remember,
        more=more,
    )


# --- what is remembered of a file ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Version:
    """What is remembered of a file's content.

    Attributes:
        stamp: Size and time of change.
        id: What its one article is called, or "": by it the article is edited with the file.
    """

    stamp: str = ""
    digest: str = "-"
    id: str = ""

    @classmethod
    def read(cls, written: str) -> "_Version":
        size, modified, digest, id_ = (written.split(" ", 4) + [""] * 4)[:4]
        return cls(f"{size} {modified}", digest or "-", unquote(id_))

    def written(self) -> str:
        identity = f" {quote(self.id, safe=':')}" if self.id else ""
        return f"{self.stamp} {self.digest}{identity}"


def _next_version(version: _Version, entry: Entry, earlier: _Version) -> tuple[_Version, Entry]:
    """Return the entry under the name that the file's article has had from the beginning.

    An address that came with the end of the text stands beside that.
    """
    if earlier.id and (not entry.id or entry.id.startswith(HASHED)):
        entry = replace(entry, id=earlier.id)
    id_ = entry.id if entry.id.startswith(HASHED) else ""
    return replace(version, id=id_), entry


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


def _read_here(data: bytes, name: str, *, modified_at: datetime, now: datetime) -> DocumentContent:
    from ingester.documents.parse import read_document  # dear to import, and most polls read none

    return read_document(data, name, modified_at=modified_at, now=now)
