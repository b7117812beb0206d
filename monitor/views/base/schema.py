"""JSON Schema (draft 2020-12) of a noun's JSON, made from the type that its view returns.

A `TypedDict` beside each view is the one place that lists the noun's fields: mypy holds the view
to it, and programs are told by the schema that is made of it here.
"""

import inspect
import types
from enum import Enum
from typing import (
    Annotated,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

DRAFT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, object]

InstantText = Annotated[str, "date-time"]
"""UTC ISO 8601 with Z. The note after a type is JSON Schema's `format`, or an enumeration."""

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schema_of(shape: type) -> Schema:
    """Return the schema of what a view returns.

    Fields may be added to a noun later, so other properties are allowed.

    Args:
        shape: A `TypedDict`; its fields are text, numbers, booleans, `InstantText`, `Literal`, text
            annotated with an enumeration, lists, mappings, `| None` and further such types.
    """
    definitions: dict[str, Schema] = {}
    reference = _reference(shape, definitions)
    return {"$schema": DRAFT, "title": _name(shape), **reference, "$defs": definitions}


def _reference(shape: type, definitions: dict[str, Schema]) -> Schema:
    name = _name(shape)
    if name not in definitions:
        definitions[name] = {}  # its own fields may lead back to it
        definitions[name] = _object(shape, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _name(shape: type) -> str:
    return shape.__name__.removesuffix("Shape")


def _object(shape: type, definitions: dict[str, Schema]) -> Schema:
    fields = get_type_hints(shape, include_extras=True)
    needed: frozenset[str] = shape.__required_keys__  # type: ignore[attr-defined]  # a TypedDict's
    return {
        "type": "object",
        "description": inspect.cleandoc(shape.__doc__ or ""),
        "properties": {name: _value(hint, definitions) for name, hint in fields.items()},
        "required": [name for name in fields if name in needed],
    }


def _value(hint: object, definitions: dict[str, Schema]) -> Schema:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is NotRequired:
        return _value(parts[0], definitions)
    if origin is Annotated:
        return {**_value(parts[0], definitions), **_note(parts[1])}
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_value(part, definitions) for part in parts]}
    if origin is list:
        return {"type": "array", "items": _value(parts[0], definitions)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(parts[1], definitions)}
    if isinstance(hint, type) and is_typeddict(hint):
        return _reference(hint, definitions)
    if isinstance(hint, type) and hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    raise TypeError(f"no JSON is known for {hint}")


def _note(note: object) -> Schema:
    if isinstance(note, type) and issubclass(note, Enum):
        return {"enum": [member.value for member in note]}
    return {"format": note}
