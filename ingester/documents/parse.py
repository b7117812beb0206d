"""A document (bytes and a file's name) read as entries, whatever of the kinds of `names` it is."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ingester.articles import EARLIEST
from ingester.documents.file_text import NotText, file_text
from ingester.documents.json_lines import Records, read_json, read_json_lines
from ingester.documents.mail import NoMessage, read_mail
from ingester.documents.markdown import (
    BadFrontMatter,
    markdown_to_text,
    split_front_matter,
    split_header,
)
from ingester.documents.names import HASHED, MAIL, MAX_BYTES, OFFICE, suffix_of
from ingester.documents.office import NoOfficeText, office_text
from ingester.documents.records import entry_from, filled_up, unread_date
from ingester.entry import DocumentContent, Entry, ParseError
from ingester.text.dates import parse_date
from ingester.text.layout import lay_out, title_from
from ingester.text.shown import shown
from ingester.text.text import clean_text, one_line
from ingester.text.wrapping import unwrapped
from ingester.urls.dates import url_date
from ingester.urls.urls import canonical_url

EARLIEST_FILE = datetime(1995, 1, 1, tzinfo=UTC)
"""Times of files before it are what archives and clocks that were never set leave behind."""
_NOON, _A_DAY = timedelta(hours=12), timedelta(hours=24)
AHEAD = timedelta(hours=24)
"""What is dated further ahead than any time zone explains has no date."""

_YEAR = re.compile(r"20\d\d")
_BETWEEN = re.compile(r"[^A-Za-z0-9./_-]+")
"""Blanks and letters of other scripts, which part the numbers of a name as a hyphen does."""
_HTML = re.compile(
    r"\s*(?:<\?xml[^<>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_SAVED = re.compile(
    r"<!--\s*saved from url=\(\d{1,6}\)(https?://\S+)|"
    r"<!--\s*Page saved with SingleFile\s+url:\s*(https?://\S+)",
    re.I,
)
"""Where browsers, and a program that many save pages with, note that a page came from."""


def read_document(
    data: bytes, name: str, *, modified_at: datetime, now: datetime
) -> DocumentContent:
    """Return what a document says: title, text, address, time, language.

    The time is that of front matter or page, else of a date line, else of the URL, else of the
    file's name, else the file's (`modified_at`), else `now`; none lies ahead or before the web.
    An entry without address has the hash of its words as `id`, so that the same document under
    two names is the same article. Never raises for what the bytes hold.

    Args:
        name: The file's name; its ending says what the document is (plain text if unknown).
    """
    label = shown(name)
    if len(data) > MAX_BYTES:
        return _refused(f"{label}: file over 10 MiB; split it")
    if not data.strip():
        return _refused(f"{label}: is empty; write its text and it is taken in")
    try:
        records = _records(data, suffix_of(name), label)
    except (NotText, NoOfficeText, NoMessage) as error:
        return _refused(f"{label}: {error}")
    entries = [entry for entry in records.entries if entry.title or entry.text or entry.summary]
    filed_at = modified_at if EARLIEST_FILE <= modified_at <= now + AHEAD else now
    filed_at = _named_day(name, filed_at, now)
    finished = [_finished(entry, filed_at=filed_at, now=now) for entry in entries]
    notices = list(records.notices)
    ahead = next((e.published_at for e in entries if _is_ahead(e.published_at, now)), None)
    if ahead is not None:
        said = f"{ahead:%Y-%m-%d} lies in the future"
        notices.append(f"{label}: the date {said}; {_INSTEAD}")
    if not finished and not notices:
        notices.append(f"{label}: holds no text for readers; write its text and it is taken in")
    return DocumentContent(entries=tuple(finished), notices=tuple(notices))


def _records(data: bytes, suffix: str, label: str) -> Records:
    """Return what the bytes say.

    Raises:
        NotText: They are no text.
        NoOfficeText: They are no document of the kind that their name says.
        NoMessage: The same, of messages.
    """
    if suffix in OFFICE:
        return _plain(office_text(data, suffix), label)
    if suffix in MAIL:
        return _mail(data, label)
    decoded = file_text(data)
    reader = _READERS.get(suffix, _plain)
    if reader in (_plain, _markdown) and _HTML.match(decoded.text[:4096]):
        reader = _html
    records = reader(decoded.text, label)
    if not decoded.guessed:
        return records
    guessed = f"encoding guessed ({decoded.encoding}); save it as UTF-8 if letters are wrong"
    return replace(records, notices=(*records.notices, f"{label}: {guessed}"))


def _refused(notice: str) -> DocumentContent:
    return DocumentContent(entries=(), notices=(notice,))


def _plain(text: str, label: str) -> Records:
    front, body, notices = _front_matter(text, label)
    return Records(entries=(_laid_out(clean_text(body), "", front),), notices=notices)


def _markdown(text: str, label: str) -> Records:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    front, body, notices = _front_matter(lines, label)
    heading, plain = markdown_to_text(body)
    return Records(entries=(_laid_out(clean_text(plain), heading, front),), notices=notices)


def _front_matter(text: str, label: str) -> tuple[Mapping[str, object], str, tuple[str, ...]]:
    """Return what front matter says, the rest, and what of it could not be read."""
    try:
        front, body = split_front_matter(text)
        if not front:
            front, body = split_header(body)
    except BadFrontMatter as error:
        notice = f"{label}: front matter left out: {error}; mend it and it is read"
        return {}, error.rest, (notice,)
    bad = unread_date(front)
    notices = (f'{label}: the date "{shown(bad)}" is none; {_INSTEAD}',) if bad else ()
    return front, body, notices


def _laid_out(text: str, heading: str, front: Mapping[str, object]) -> Entry:
    said = filled_up(entry_from(front), Entry(title=clean_text(heading)))
    layout = lay_out(text, has_title=bool(said.title))
    body = unwrapped(layout.text)
    inferred = Entry(
        url=layout.url,
        title=layout.headline or title_from(body),
        published_at=_time_of(layout.date, layout.has_time, said.url or layout.url),
    )
    return replace(filled_up(said, inferred), text=body or said.text)


def _time_of(date: str, has_time: bool, url: str) -> datetime | None:
    """Return when a date line says, unless it gives the day only and the URL can say more."""
    said = parse_date(date) if date else None
    return None if said is not None and not has_time and url_date(url) else said


def _mail(data: bytes, label: str) -> Records:
    mail = read_mail(data)
    if mail.page:
        return _page(mail.page, label, url=mail.address, content_type=mail.content_type)
    bad = unread_date(mail.head)
    notices = [f'{label}: the date "{shown(bad)}" is none; {_INSTEAD}'] if bad else []
    attached = "is attached and not read; save it here"
    notices += (f'{label}: "{name}" {attached}' for name in mail.unread)
    return Records(
        entries=(_laid_out(clean_text(mail.text), "", mail.head),), notices=tuple(notices)
    )


def _html(text: str, label: str) -> Records:
    saved = _SAVED.search(text[:4096])
    data = text.encode("utf-8", "replace")
    url = (canonical_url(saved[1] or saved[2]) if saved else "") or ""
    return _page(data, label, url=url, content_type="text/html; charset=utf-8")


def _page(data: bytes, label: str, *, url: str, content_type: str) -> Records:
    from ingester.pages.kind import read_page  # and a parser of HTML, which few documents need

    try:
        page = read_page(data, url=url, content_type=content_type, is_file=True)
    except ParseError as error:
        return Records(entries=(), notices=(f"{label}: {error}",))
    lines = page.text.split("\n")
    heads = [n for n, line in enumerate(lines[:5]) if one_line(line) == page.title]
    if heads and len(lines) > 1:
        del lines[heads[0]]
    layout = lay_out(clean_text("\n".join(lines)), has_title=True)
    return Records(
        entries=(replace(page, url=page.url or layout.url, text=layout.text or page.text),)
    )


def _is_ahead(said_at: datetime | None, now: datetime) -> bool:
    return said_at is not None and said_at > now + AHEAD


def _named_day(name: str, filed_at: datetime, now: datetime) -> datetime:
    """Return the day in a file's name (2026-11-24-ferry.md), unless the file is of that day."""
    if not _YEAR.search(name):
        return filed_at
    named = url_date("https://file.invalid/" + _BETWEEN.sub("-", name), now=now)
    return named if named and abs(named + _NOON - filed_at) > _A_DAY else filed_at


def _finished(entry: Entry, *, filed_at: datetime, now: datetime) -> Entry:
    said_at = entry.published_at
    if said_at is not None and (said_at < EARLIEST or _is_ahead(said_at, now)):
        said_at = None
    said_at = said_at or (url_date(entry.url, now=now) if entry.url else None)
    id_ = entry.id
    if not id_ and not entry.url:
        words = f"{entry.title}\0{entry.text or entry.summary}"
        id_ = HASHED + hashlib.sha256(words.encode()).hexdigest()
    return replace(entry, id=id_, published_at=said_at or filed_at)


_INSTEAD = "the file's time is taken; write it as 2026-02-27"

_READERS: dict[str, Callable[[str, str], Records]] = {
    ".txt": _plain,
    ".text": _plain,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
}
