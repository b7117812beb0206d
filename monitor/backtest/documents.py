"""Documents to try a rule on: files, lines of JSON, or what is stored."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from common.records import dataclass
from ingester.entry import Entry
from ingester.kinds import FOLDER
from monitor.base.errors import Refusal, clipped
from monitor.base.files import read_bytes
from monitor.base.paging import Selection, pages
from storage.api.lookup import Holding
from storage.api.storage import Storage
from storage.model import Article, Source

_FILE_LIMIT_BYTES = 10 * 1024 * 1024
_LINE_LIMIT_BYTES = 10 * 1024 * 1024

READ_WHOLE = 500
"""So few stored articles are read whole: what to ask the search index for takes longer to find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something that a rule may hold for.

    Attributes:
        id: As it was given: text, or a number of a JSON line.
        article: Its fields are as given, so that places in them are places in the input.
        source: Where it is from, as far as it says.
    """

    id: str | int
    article: Article
    source: Source


def of_json_lines(
    lines: Iterable[bytes], name: str, *, now: datetime, tell: Callable[[str], None]
) -> Iterator[Document]:
    """Yield the documents of JSON lines: id, title, text, and maybe what scopes ask for.

    That is language, url, source, tags (of the source), and authors, categories and published_at
    as in the documents of folders and in `list-articles --text --json`.

    Args:
        name: Of the file, for what is told.
        tell: Gets a sentence for each line that is left out.
    """
    from ingester.documents.records import entry_from

    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = _fields(line)
            # Title and text are taken as they stand: places in them are places in the input.
            others = {name: fields[name] for name in fields.keys() - {"title", "text"}}
            yield _document(fields, fields.get("id", number), entry_from(others), now=now)
        except ValueError as error:
            tell(f"{clipped(name, 200)}:{number}: {error}; left out")


def of_file(path: Path, *, now: datetime) -> Document:
    """Return what a file says, read as the seed folder reads it.

    Raises:
        Refusal: It cannot be read, or holds no document.
    """
    from ingester.documents.parse import read_document

    body = read_bytes(path, limit_bytes=_FILE_LIMIT_BYTES)
    modified_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    document = read_document(body, path.name, modified_at=modified_at, now=now)
    if not document.entries:
        raise Refusal(
            "; ".join(document.notices) or f"{clipped(str(path), 200)}: holds no document"
        )
    entry = document.entries[0]
    fields: dict[str, object] = {
        "title": entry.title,
        "text": entry.text,
        "language": entry.language,
        "url": entry.url,
    }
    return _document(fields, str(path), entry, now=now)


def of_text(text: str, *, now: datetime) -> Document:
    """Return a text that somebody has pasted, as a document without a title."""
    return _document({"text": text}, "pasted", Entry(), now=now)


def stored(
    storage: Storage, *, since: datetime, holding: Holding | None = None
) -> Iterator[Document]:
    """Yield stored articles first seen since, newest first, page by page.

    Args:
        holding: Only those that may fit it: see `rules.search.candidates`.
    """
    for page in pages(storage, Selection(since=since, holding=holding)):
        with storage.reading() as tx:
            ids = {article.source_id for article in page}
            sources = {id_: tx.sources.get(id_) for id_ in ids}
        for article in page:
            source = sources[article.source_id]
            if source is not None:
                yield Document(id=article.id, article=article, source=source)


def _fields(line: bytes) -> dict[str, object]:
    if len(line) > _LINE_LIMIT_BYTES:
        raise ValueError(f"is over {_LINE_LIMIT_BYTES // 1024 // 1024} MiB")
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 (byte 0x{line[error.start]:02x})") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} (column {error.colno})") from None
    if not isinstance(fields, dict):
        raise ValueError("not a JSON object")
    return fields


def _document(fields: dict[str, object], id_: object, entry: Entry, *, now: datetime) -> Document:
    from ingester.text.language import language_of

    title, text = _text(fields, "title"), _text(fields, "text")
    key = id_ if isinstance(id_, int) and not isinstance(id_, bool) else str(id_)
    name = _text(fields, "source")
    article = Article(
        id=str(key),
        source_id=name,
        story_id=str(key),
        url=_text(fields, "url"),
        title=title,
        text=text,
        first_seen_at=now,
        language=language_of(_text(fields, "language"), f"{title}\n{text}"),
        authors=entry.authors,
        categories=entry.categories,
        published_at=entry.published_at,
    )
    source = Source(
        id=name,
        kind=FOLDER,
        url="",
        name=name,
        every=timedelta(days=1),
        added_at=now,
        tags=_texts(fields, "tags"),
    )
    return Document(id=key, article=article, source=source)


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f'"{name}" is not text')
    return value


def _texts(fields: dict[str, object], name: str) -> tuple[str, ...]:
    """Return the texts of a list, or of a line with commas; what else is there says nothing."""
    value = fields.get(name)
    if isinstance(value, str):
        value = value.split(",")
    every = value if isinstance(value, list) else []
    return tuple(text for one in every if isinstance(one, str) and (text := one.strip()))
