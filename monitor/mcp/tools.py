"""The tools: calls of the API, asked without HTTP; what they take and answer is the same."""

from collections.abc import Mapping
from typing import cast
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from monitor.base.errors import Refusal
from monitor.base.remedies import worded
from monitor.mcp.protocol import Tool, ToolError
from monitor.views.base.schema import Schema, schema_of
from monitor.web.api.bodies import body_schema, read
from monitor.web.api.openapi import ASKS
from monitor.web.api.operation import Operation
from monitor.web.api.table import OPERATIONS
from monitor.web.base.desk import Desk
from storage.api.errors import StorageError

_READING = {
    "search": "GET /search",
    "list_alerts": "GET /alerts",
    "show_alert": "GET /alerts/{id}",
    "list_stories": "GET /stories",
    "show_story": "GET /stories/{id}",
    "list_articles": "GET /articles",
    "show_article": "GET /articles/{id}",
    "try_rule": "GET /try",
    "explain": "GET /explain",
    "list_rules": "GET /rules",
    "list_sources": "GET /sources",
    "status": "GET /status",
}
_WRITING = {
    "add_rule": "POST /rules",
    "rate_alert": "POST /alerts/{id}/rating",
    "silence": "POST /silences",
}
"""What is offered only where whoever runs it has said so."""

_ID: Schema = {"type": "string", "description": "An id or the beginning of one, a name, a code."}


def tools(desk: Desk, *, writing: bool) -> list[Tool]:
    """Return the tools.

    Args:
        writing: Whether those are among them that change something.
    """
    rows = {f"{row.method} {row.path}": row for row in OPERATIONS}
    offered = {**_READING, **(_WRITING if writing else {})}
    return [_tool(desk, name, rows[key]) for name, key in offered.items()]


def _tool(desk: Desk, name: str, row: Operation) -> Tool:
    def call(given: Mapping[str, object]) -> Mapping[str, object]:
        return _called(desk, row, given)

    return Tool(
        name=name,
        purpose=row.purpose,
        takes=_takes(row),
        answers={"type": "object", **schema_of(row.answer)},
        call=call,
        is_reading=row.is_reading,
    )


def _takes(row: Operation) -> Schema:
    if row.takes:
        schema = body_schema(row.takes)
    else:
        asked: dict[str, Schema] = {
            name: {**ASKS[name][0], "description": ASKS[name][1]} for name in row.asks
        }
        needed = [name for name in row.asks if name in row.needs]
        schema = {
            "type": "object",
            "properties": asked,
            "required": needed,
            "additionalProperties": False,
        }
    if "{id}" in row.path:
        schema = {
            **schema,
            "properties": {"id": _ID, **cast("dict[str, Schema]", schema["properties"])},
            "required": ["id", *cast("list[str]", schema["required"])],
        }
    return schema


def _called(desk: Desk, row: Operation, given: Mapping[str, object]) -> Mapping[str, object]:
    rest = dict(given)
    try:
        id_ = str(rest.pop("id", "")) if "{id}" in row.path else ""
        if row.takes:
            return row.call(desk, _request(id_, {}), read(row.takes, rest))
        unknown = rest.keys() - set(row.asks)
        if unknown:
            raise Refusal(f"there is no argument {sorted(unknown)[0][:80]}")
        return row.call(desk, _request(id_, rest), {})
    except Refusal as refusal:
        raise ToolError(worded(refusal)) from None
    except StorageError as trouble:
        raise ToolError(f"the store cannot be used now: {trouble}") from None
    except HTTPException as refused:
        raise ToolError(refused.detail) from None


def _request(id_: str, asked: Mapping[str, object]) -> Request:
    """Return what a call over HTTP would be given."""
    words = {name: _word(value) for name, value in asked.items()}
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/",
            "headers": [],
            "query_string": urlencode(words, errors="replace").encode(),
            "path_params": {"id": id_},
        }
    )


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
