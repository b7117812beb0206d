"""Articles one a line (.jsonl), or one or many in a JSON document (.json)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from common.records import dataclass
from ingester.documents.records import entry_from
from ingester.entry import Entry
from ingester.text.shown import shown

LONGEST_LINE = 2_000_000
NOTICES = 20
"""Lines that are complained about one by one; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What was read, and a sentence for each record that was not."""

    entries: tuple[Entry, ...]
    notices: tuple[str, ...] = ()


def read_json_lines(text: str, name: str) -> Records:
    """Return an entry for each line that holds one; `name` is the file's, ready to be shown."""
    entries = []
    troubles = []
    # Only the line feed ends a line: JSON strings may hold U+2028 and its like as they are.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            entries.append(_entry(_json(line)))
        except ValueError as error:
            troubles.append(f"{name}:{number}: {error}")
    return _records(entries, troubles, name)


def read_json(text: str, name: str) -> Records:
    """Return the entries of a JSON object, of a list, or of the list inside of an object."""
    try:
        value = _json(text, longest=len(text))
    except ValueError as error:
        # A .json file is often one object a line.
        lines = read_json_lines(text, name)
        return lines if lines.entries else Records(entries=(), notices=(f"{name}: {error}",))
    if isinstance(value, Mapping):
        inside = [value[key] for key in ("items", "articles", "entries", "data") if key in value]
        value = next((listed for listed in inside if isinstance(listed, list)), [value])
    if not isinstance(value, list):
        return Records(entries=(), notices=(f"{name}: is neither an object nor a list of them",))
    entries = []
    troubles = []
    for number, record in enumerate(value, start=1):
        try:
            entries.append(_entry(record))
        except ValueError as error:
            troubles.append(f"{name}: record {number}: {error}")
    return _records(entries, troubles, name)


def _records(entries: Sequence[Entry], troubles: Sequence[str], name: str) -> Records:
    """Return what was read; a second record of an id stands without it unless it says the same."""
    said: dict[str, tuple[str, str, str]] = {}
    kept: list[Entry] = []
    again: list[str] = []
    for entry in entries:
        words = (entry.title, entry.text, entry.summary)
        if entry.id and said.setdefault(entry.id, words) != words:
            again.append(entry.id)
            entry = replace(entry, id="")
        kept.append(entry)
    notices = list(_first_of(troubles, name))
    if again:
        notices.append(
            f'{name}: the id "{shown(again[0])}" stands for articles that differ '
            f"({len(again):,} such records); each was taken as its own"
        )
    return Records(entries=tuple(kept), notices=tuple(notices))


def _json(text: str, *, longest: int = LONGEST_LINE) -> object:
    if len(text) > longest:
        raise ValueError(f"the line is over {longest:,} characters; left out")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        part = shown(text[max(0, error.pos - 20) : error.pos + 60])
        raise ValueError(
            f'not JSON at character {error.colno}, near "{part}" ({error.msg}); '
            'write one object a line, such as {"title": "...", "text": "..."}'
        ) from error
    except RecursionError:
        raise ValueError("nested too deep; left out") from None
    except ValueError:
        raise ValueError("a number has too many digits; write it as a string") from None


def _entry(value: object) -> Entry:
    if not isinstance(value, Mapping):
        kind = _named(value)
        raise ValueError(f'not an object but {kind}; write {{"title": "...", "text": "..."}}')
    entry = entry_from(value)
    if not (entry.title or entry.text or entry.summary):
        keys = shown(", ".join(map(str, list(value)[:20]))) or "nothing"
        raise ValueError(f'no title and no text, only "{keys}"; name them "title" and "text"')
    return entry


def _named(value: object) -> str:
    """Return a JSON value that is no object in words."""
    if isinstance(value, str):
        return f'the string "{shown(value)}"'
    if isinstance(value, list):
        return f"a list of {len(value):,}"
    written = shown(json.dumps(value))
    return written if value is None or isinstance(value, bool) else f"the number {written}"


def _first_of(troubles: Sequence[str], name: str) -> tuple[str, ...]:
    if len(troubles) <= NOTICES:
        return tuple(troubles)
    more = len(troubles) - NOTICES
    return (*troubles[:NOTICES], f"{name}: {more:,} more records cannot be read either")
