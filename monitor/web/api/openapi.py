"""The description of the API that programs read: OpenAPI 3.1, made of its rows and of the views."""

import json
from collections.abc import Iterable
from importlib.metadata import version
from typing import cast

from monitor.services.fields.rule_fields import BY_NAME
from monitor.views.base.schema import Schema, schema_of
from monitor.web.api.bodies import body_schema
from monitor.web.api.once import HEADER, KEY_PATTERN, LONGEST_KEY
from monitor.web.api.operation import Operation
from monitor.web.api.shapes import ProblemDetailsShape
from monitor.web.base.problems import MEDIA_TYPE
from storage.model import DeliveryState

PACKAGE = "newsroom-monitor"

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
ASKS: dict[str, tuple[Schema, str]] = {
    "limit": ({"type": "integer", "minimum": 1, "maximum": 1_000}, "At most so many."),
    "after": (_NUMBER, "Only what was raised after this number, oldest first."),
    "before": (_TEXT, "Only what is behind this one: the `next` of the page before."),
    "since": (
        _TEXT,
        "Only what was first seen, raised or made since: 24h, 2026-11-24, or an instant. Of "
        "articles also the `next` of the page before, or empty for all.",
    ),
    "until": (_TEXT, "Only what was first seen or raised before: 24h, an instant, or a day's end."),
    "tag": (_TEXT, "Only those of this tag."),
    "rule": (_TEXT, "Of this rule."),
    "article": (_TEXT, "Of this article: an id, a URL, or the code of an alert about it."),
    "source": (_TEXT, "Only those of this source."),
    "language": (_TEXT, "Only those in this language, such as sv."),
    "channel": (_TEXT, "Only those to this channel."),
    "state": ({"enum": [state.value for state in DeliveryState]}, "Only those in this state."),
    "query": (_TEXT, "In the language of rules."),
    "match": (
        {"enum": list(BY_NAME["strictness"].choices)},
        "How far from the query's words they may lie.",
    ),
    "open": ({"enum": ["true", "false"]}, "Only those that are not final."),
    "all": ({"enum": ["true", "false"]}, "Those that are over, too."),
}
"""What may stand in a query, by name."""

_KEY: Schema = {
    "name": HEADER,
    "in": "header",
    "schema": {"type": "string", "pattern": KEY_PATTERN, "maxLength": LONGEST_KEY},
    "description": "For 24 hours, the same call with the same key is done once, answered alike.",
}

_DEFINITIONS, _COMPONENTS = '"#/$defs/', '"#/components/schemas/'


def document(operations: Iterable[Operation], *, prefix: str) -> Schema:
    """Return the description of these operations."""
    paths: dict[str, dict[str, Schema]] = {}
    schemas: dict[str, Schema] = {}
    problem = _named(ProblemDetailsShape, schemas)
    for operation in operations:
        answer = _named(operation.answer, schemas)
        described = _described(operation, answer=answer, problem=problem)
        paths.setdefault(f"{prefix}{operation.path}", {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "News monitor",
            "version": version(PACKAGE),
            "description": "The same nouns and shapes as the command line's --json.",
        },
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _named(shape: type, schemas: dict[str, Schema]) -> Schema:
    """Add what a shape is made of to the schemas; return what leads to it.

    Raises:
        ValueError: Two shapes have one name.
    """
    schema = cast(
        Schema, json.loads(json.dumps(schema_of(shape)).replace(_DEFINITIONS, _COMPONENTS))
    )
    for name, definition in cast("dict[str, Schema]", schema["$defs"]).items():
        if schemas.setdefault(name, definition) != definition:
            raise ValueError(f"two nouns are called {name}")
    return {"$ref": schema["$ref"]}


def _described(operation: Operation, *, answer: Schema, problem: Schema) -> Schema:
    wrong: Schema = {"description": "It is refused.", "content": {MEDIA_TYPE: {"schema": problem}}}
    described: Schema = {
        "operationId": operation.name,
        "summary": operation.purpose,
        "parameters": [
            *([_in_path()] if "{id}" in operation.path else []),
            *(_in_query(name, is_needed=name in operation.needs) for name in operation.asks),
            *([] if operation.is_reading else [_KEY]),
        ],
        "responses": {
            str(operation.code): {
                "description": "Done.",
                "content": {"application/json": {"schema": answer}},
            },
            "default": wrong,
        },
    }
    if operation.takes:
        described["requestBody"] = {
            "required": any(field.is_needed for field in operation.takes.values()),
            "content": {"application/json": {"schema": _body(operation)}},
        }
    return described


def _body(operation: Operation) -> Schema:
    schema = body_schema(operation.takes)
    return {**schema, "minProperties": 1} if operation.method == "PATCH" else schema


def _in_path() -> Schema:
    purpose = "An id or the beginning of one; where the noun has a name, that."
    return {"name": "id", "in": "path", "required": True, "schema": _TEXT, "description": purpose}


def _in_query(name: str, *, is_needed: bool) -> Schema:
    schema, purpose = ASKS[name]
    described: Schema = {"name": name, "in": "query", "schema": schema, "description": purpose}
    return {**described, "required": True} if is_needed else described
