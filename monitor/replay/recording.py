"""Reads a folder of recorded days: what was listed, where, and when it was there to be read."""

import gzip
import io
import json
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from common.clip import clip
from common.records import dataclass
from ingester.documents.names import MAX_BYTES, is_readable
from ingester.documents.parse import read_document
from ingester.documents.records import entry_from
from ingester.documents.walk import FolderItem, open_folder, read, reason, walk
from ingester.entry import Entry
from ingester.text.dates import parse_date
from ingester.text.shown import shown
from ingester.text.text import one_line
from monitor.base.errors import Refusal, clipped

LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
"""How names of files end that hold an entry a line."""

LARGEST_BYTES = 512 * 1024 * 1024
LONGEST_LINE = 2_000_000
LONGEST_NAME = 100
TOLD = 20
"""So many lines of a file are complained about one by one."""

_POLLED = "polled_at"
_SEEN = ("fetched", "fetched_at", "first_seen_at", "seen_at", "listed_at", _POLLED)
_SOURCE = ("source", "source_name", "feed", "outlet", "publisher", "site")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?")
_DAY = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry as a source listed it.

    Attributes:
        at: When it was there to be read: when it was polled, else recorded, else published, else
            the day that its file is named after, else its file's time.
        source: What the source is called.
        is_poll: Whether `at` is when its source was polled, which all that came of it share.
    """

    at: datetime
    source: str
    entry: Entry
    is_poll: bool = False


def read_recording(folder: Path, *, now: datetime, tell: Callable[[str], None]) -> Iterator[Listed]:
    """Yield what the files below a folder hold, file by file.

    Args:
        tell: Gets a sentence for each file and line that is left out.

    Raises:
        Refusal: There is no such folder, or it cannot be read.
    """
    name = clipped(str(folder), 200)
    try:
        root = open_folder(str(folder))
    except NotADirectoryError:
        raise Refusal(f"{name}: is not a folder; name the one that the days lie in") from None
    except FileNotFoundError:
        raise Refusal(f"{name}: there is no such folder") from None
    except OSError as error:
        raise Refusal(f"{name}: {reason(error)}") from None
    try:
        for item in walk(root):
            yield from _of_file(root, item, _File(folder, item, now, tell))
    finally:
        os.close(root)


class _File:
    """A file of a recording, and what is said of it."""

    def __init__(
        self, folder: Path, item: FolderItem, now: datetime, tell: Callable[[str], None]
    ) -> None:
        self.name = item.name
        self.now = now
        self.folder_name = folder.resolve().name or "replay"
        self._tell = tell
        self._told = 0
        changed = datetime.fromtimestamp(item.status.st_mtime, UTC) if item.status else now
        self.modified_at = min(changed, now)
        self.day = _day_in(item.name)

    def leave_out(self, why: str, *, number: int | None = None) -> None:
        self._told += 1
        place = shown(self.name) if number is None else f"{shown(self.name)}:{number}"
        if self._told <= TOLD:
            self._tell(f"{place}: {why}; left out")
        elif self._told == TOLD + 1:
            self._tell(f"{shown(self.name)}: more of it is left out")

    def listed(
        self, entry: Entry, *, at: datetime | None, source: str, is_poll: bool = False
    ) -> Listed | None:
        """Return an entry with its time and its source; None when it lies in the future."""
        is_poll = is_poll and at is not None
        at = at or entry.published_at or self.day or self.modified_at
        if at > self.now:
            return None
        return Listed(at=at, source=source or self.folder_name, entry=entry, is_poll=is_poll)


def _of_file(root: int, item: FolderItem, file: _File) -> Iterator[Listed]:
    if item.status is None:
        file.leave_out(item.trouble or "cannot be read")
        return
    is_lines = item.name.lower().endswith(LINES)
    if not is_lines and not is_readable(item.name):
        return  # a note beside the days
    try:
        limit = LARGEST_BYTES if is_lines else MAX_BYTES + 1
        data, _ = read(root, item.name, limit_bytes=limit)
    except OSError as error:
        file.leave_out(reason(error))
        return
    yield from _of_lines(data, file) if is_lines else _of_document(data, file)


def _of_document(data: bytes, file: _File) -> Iterator[Listed]:
    named = file.day or file.modified_at
    document = read_document(data, file.name, modified_at=named, now=file.now)
    for notice in document.notices if not document.entries else ():
        file.leave_out(notice.removeprefix(f"{shown(file.name)}: "))
    for entry in document.entries:
        if (listed := file.listed(entry, at=None, source="")) is not None:
            yield listed


def _of_lines(data: bytes, file: _File) -> Iterator[Listed]:
    stream: io.BufferedIOBase = io.BytesIO(data)
    if file.name.lower().endswith(".gz"):
        stream = gzip.GzipFile(fileobj=stream)
    left = LARGEST_BYTES
    try:
        for number, line in enumerate(_lines(stream), start=1):
            left -= len(line)
            if left < 0 or len(line) > LONGEST_LINE:
                file.leave_out("is too long", number=number)
                if left < 0:
                    return
            elif line.strip():
                yield from _of_line(line, number, file)
    except (OSError, EOFError, zlib.error):
        file.leave_out("the rest is no gzip")


def _lines(stream: io.BufferedIOBase) -> Iterator[bytes]:
    """Yield lines; what is longer than a line may be comes in pieces, never as a whole."""
    while line := stream.readline(LONGEST_LINE + 1):
        yield line


def _of_line(line: bytes, number: int, file: _File) -> Iterator[Listed]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        file.leave_out("is not JSON in UTF-8", number=number)
        return
    if not isinstance(record, Mapping):
        file.leave_out("is not a JSON object", number=number)
        return
    entry = entry_from(record)
    if not (entry.title or entry.text or entry.summary):
        file.leave_out("has no title and no text", number=number)
        return
    entry = replace(entry, publisher=_publisher_of(record))
    polled_at = _polled_at(record)
    listed = file.listed(
        entry,
        at=polled_at or _seen_at(record),
        source=_source_of(record),
        is_poll=polled_at is not None,
    )
    if listed is None:
        file.leave_out("lies in the future", number=number)
    else:
        yield listed


def _polled_at(record: Mapping[str, object]) -> datetime | None:
    """Return when its source was polled, exactly: polls may follow each other within a second."""
    value = record.get(_POLLED)
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _seen_at(record: Mapping[str, object]) -> datetime | None:
    for name in _SEEN:
        value = record.get(name)
        if isinstance(value, str) and (at := parse_date(value)) is not None:
            return at
    return None


def _publisher_of(record: Mapping[str, object]) -> str:
    """Return the address of whoever published it, where a host says so and not a name."""
    value = record.get("publisher")
    if not isinstance(value, str) or not _HOST.fullmatch(value):
        return ""
    return f"https://{value}/"


def _source_of(record: Mapping[str, object]) -> str:
    for name in _SOURCE:
        value = record.get(name)
        if isinstance(value, Mapping):
            value = value.get("name") or value.get("title") or value.get("url")
        if isinstance(value, str) and value.strip():
            host = urlsplit(value).hostname if "://" in value else None
            return clip(one_line(host or value), LONGEST_NAME)
    return ""


def _day_in(name: str) -> datetime | None:
    """Return the last day that a path names: `2026-03-17.jsonl.gz`, `2026-03-17/report.html`."""
    for year, month, day in reversed(_DAY.findall(name)):
        with suppress(ValueError):
            return datetime(int(year), int(month), int(day), tzinfo=UTC)
    return None
