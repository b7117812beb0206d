"""Every noun has a schema, and it says of a field what the field's type says."""

from typing import Annotated, Literal, NotRequired, TypedDict

import pytest
from jsonschema import Draft202012Validator

from monitor.views.base.schema import InstantText, schema_of
from monitor.views.nouns import NOUNS
from storage.model import RuleState


class PartShape(TypedDict):
    """A part of a whole, and parts of it in turn."""

    parts: "list[PartShape]"
    state: Annotated[str, RuleState]


class WholeShape(TypedDict):
    """A whole."""

    at: InstantText | None
    kind: Literal["a", "b"]
    counts: dict[str, int]
    part: PartShape
    note: NotRequired[str]


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_has_a_schema_that_is_one_and_says_what_the_noun_is(noun: str) -> None:
    schema = schema_of(NOUNS[noun])
    Draft202012Validator.check_schema(schema)
    definitions = schema["$defs"]
    assert isinstance(definitions, dict)
    assert all(one["description"] for one in definitions.values())


def test_a_schema_says_what_the_types_say() -> None:
    schema = schema_of(WholeShape)
    assert schema["title"] == "Whole"
    assert schema["$ref"] == "#/$defs/Whole"
    assert schema["$defs"] == {
        "Whole": {
            "type": "object",
            "description": "A whole.",
            "properties": {
                "at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
                "kind": {"enum": ["a", "b"]},
                "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
                "part": {"$ref": "#/$defs/Part"},
                "note": {"type": "string"},
            },
            "required": ["at", "kind", "counts", "part"],
        },
        "Part": {
            "type": "object",
            "description": "A part of a whole, and parts of it in turn.",
            "properties": {
                "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
                "state": {"type": "string", "enum": [state.value for state in RuleState]},
            },
            "required": ["parts", "state"],
        },
    }


def test_a_type_that_json_does_not_have_is_an_error_of_ours() -> None:
    class WrongShape(TypedDict):
        """Wrong."""

        field: object

    with pytest.raises(TypeError, match="no JSON is known"):
        schema_of(WrongShape)
