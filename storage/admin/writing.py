"""Writes `storage/said/texts.json`: statements as SQLAlchemy compiles them for SQLite.

python -m storage.admin.writing
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Executable
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from storage.admin import clock_shift
from storage.said.texts import FILE
from storage.sql import channels, meta, rules, sources
from storage.sql.archive import search
from storage.sql.owed import held, outbox
from storage.sql.tables.columns import Duration, Instant, Json, Packed, Words

_KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Words, "words"),
    (Instant, "instant"),
    (Duration, "duration"),
    (Json, "json"),
    (Packed, "packed"),
    (Boolean, "yes_or_no"),
)
_NOUNS: dict[str, Mapping[str, Executable]] = {
    "articles": search.SAID,
    "channels": channels.SAID,
    "far": clock_shift.SAID,
    "held": held.SAID,
    "meta": {**meta.SAID, "set": meta.setting(sqlite.insert)},
    "outbox": outbox.SAID,
    "rules": rules.SAID,
    "sources": sources.SAID,
}
_LIST = re.compile(r"__\[POSTCOMPILE_(\w+)\]")


def written() -> str:
    """Return what the file should hold."""
    said = {
        f"{noun}.{name}": _text(statement)
        for noun, statements in _NOUNS.items()
        for name, statement in statements.items()
    }
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(said[name])}" for name in sorted(said))
    return f"{{\n{lines}\n}}\n"


def _text(statement: Any) -> dict[str, Any]:
    dialect = sqlite.dialect()
    compiled = statement.compile(dialect=dialect)
    lists = set(_LIST.findall(compiled.string))
    given: list[tuple[Any, ...]] = []
    for place in compiled.positiontup:
        bound = compiled.binds[place]
        if bound.required:
            mark = f"__[POSTCOMPILE_{place}]" if place in lists else ""
            given.append((bound.key, _kind(bound.type), mark))
        else:
            kept = bound.type.dialect_impl(dialect).bind_processor(dialect)
            given.append(("", bound.value if kept is None else kept(bound.value)))
    columns = [(key, _kind(type_)) for key, _, _, type_ in compiled._result_columns]
    return {"sql": " ".join(compiled.string.split()), "given": given, "row": columns}


def _kind(type_: TypeEngine[Any]) -> str:
    return next((kind for of, kind in _KINDS if isinstance(type_, of)), "number")


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
