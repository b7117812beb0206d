"""What calls that change something are given: read, checked, and described for OpenAPI."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

from starlette.exceptions import HTTPException
from starlette.requests import Request

from common.records import dataclass
from monitor.base.errors import Refusal, did_you_mean, escaped
from monitor.base.times import parse_until
from monitor.quiet.schedule import parse_schedule
from monitor.services.fields import channel_fields, rule_fields, source_fields
from monitor.services.fields.field_kind import FieldKind
from monitor.services.fields.rule_fields import RuleChanges, RuleField
from monitor.services.rules.rules import language_of, languages_of, variant_of
from monitor.views.base.schema import Schema

MOST_COUNT = 999_999_999
LONGEST_LIST = 1_000
MOST_BYTES = 2 * 1024 * 1024
"""A list of feeds that somebody brings along may be long."""

Given = Mapping[str, object]
"""What a body says, by the names of its fields; each value is of its field's kind, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a field's value may be."""

    schema: Schema
    expected: str
    accepts: Callable[[object], bool]


def _is_text(value: object) -> bool:
    return (
        isinstance(value, str)
        and bool(value.strip())
        and not any(0xD800 <= ord(letter) <= 0xDFFF or letter == "\0" for letter in value)
    )


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and len(value) <= LONGEST_LIST and all(map(_is_text, value))


def _is_count(value: object, low: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= MOST_COUNT


def _count_from(low: int) -> Kind:
    return Kind(
        schema={"type": "integer", "minimum": low, "maximum": MOST_COUNT},
        expected=f"a whole number from {low} to {MOST_COUNT}",
        accepts=lambda value: _is_count(value, low),
    )


TEXT = Kind(schema={"type": "string", "minLength": 1}, expected="text", accepts=_is_text)
TEXTS = Kind(
    schema={"type": "array", "items": TEXT.schema, "maxItems": LONGEST_LIST},
    expected="a list of texts",
    accepts=_are_texts,
)
FLAG = Kind(
    schema={"type": "boolean"},
    expected="true or false",
    accepts=lambda value: isinstance(value, bool),
)
COUNT = _count_from(1)
COUNT_OR_NONE = _count_from(0)


def choice_of(words: tuple[str, ...]) -> Kind:
    """Return the kind of a field that is one of a few words."""
    return Kind(
        schema={"enum": list(words)},
        expected=f"one of {', '.join(words)}",
        accepts=lambda value: value in words,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a body.

    Attributes:
        is_nullable: Whether null takes back what was chosen.
    """

    kind: Kind
    purpose: str
    is_needed: bool = False
    is_nullable: bool = False

    def schema(self) -> Schema:
        """Return its JSON Schema."""
        schema = self.kind.schema
        if self.is_nullable:
            schema = {"anyOf": [schema, {"type": "null"}]}
        return {**schema, "description": self.purpose}


Fields = Mapping[str, Field]


def body_schema(fields: Fields) -> Schema:
    """Return the JSON Schema of a body."""
    return {
        "type": "object",
        "properties": {name: field.schema() for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.is_needed],
        "additionalProperties": False,
    }


async def body_of(request: Request) -> bytes:
    """Return the body of a call.

    Raises:
        HTTPException: It is larger than any of ours.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"the body is larger than {MOST_BYTES:,} bytes")
    return bytes(body)


def json_of(request: Request, body: bytes) -> object:
    """Return what the body of a call says; {} of one that has none.

    Raises:
        Refusal: It is not JSON.
        HTTPException: It does not say that it is JSON, as a page elsewhere cannot either.
    """
    if not body:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "expected application/json")
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal("the body is not JSON") from None


def _refuse_constant(word: str) -> object:
    raise ValueError(word)


def read(fields: Fields, body: object) -> dict[str, object]:
    """Return what a body says.

    Raises:
        Refusal: A field is missing, unknown or of another kind; it is named.
    """
    if not isinstance(body, dict):
        raise Refusal("the body is not a JSON object")
    for name, value in body.items():
        field = fields.get(name)
        if field is None:
            near = did_you_mean(name, fields)
            raise Refusal(f'there is no field "{escaped(name[:80])}"{near}')
        if value is None and field.is_nullable:
            continue
        if not field.kind.accepts(value):
            raise Refusal(f"{name}: expected {field.kind.expected}")
    for name, field in fields.items():
        if field.is_needed and name not in body:
            raise Refusal(f"{name}: it is needed")
    return body


_RULE_KINDS = {
    FieldKind.NAMES: TEXTS,
    FieldKind.LANGUAGES: TEXTS,
    FieldKind.VARIANTS: TEXTS,
    FieldKind.SWITCH: FLAG,
    FieldKind.COUNT: COUNT,
}


def _rule_field(row: RuleField) -> Field:
    kind = _RULE_KINDS.get(row.kind, TEXT)
    if row.kind is FieldKind.CHOICE:
        kind = choice_of(row.choices)
    return Field(kind=kind, purpose=row.purpose, is_nullable=bool(row.clear))


_SAVING = {
    "backfill": Field(kind=TEXT, purpose="Of what is stored tell, too: of 5 stories, 7d or all."),
    "force": Field(kind=FLAG, purpose="Take a rule that matches nearly everything, too."),
}
_BY_JSON = {row.json: row for row in rule_fields.FIELDS}

RULE_CHANGES = {name: _rule_field(row) for name, row in _BY_JSON.items()} | _SAVING
NEW_RULE: Fields = RULE_CHANGES | {
    "query": Field(kind=TEXT, purpose="What its articles match.", is_needed=True)
}


def rule_changes(given: Given, *, now: datetime, zone: tzinfo | None) -> RuleChanges:
    """Return what a rule shall be.

    Raises:
        Refusal: A value cannot be used; its field is named.
    """
    clear = [_BY_JSON[name].name for name, value in given.items() if value is None]
    values: dict[str, object] = {}
    for name, value in given.items():
        if name in _SAVING or value is None:
            continue
        row = _BY_JSON[name]
        try:
            values[row.name] = _rule_value(row, value, now=now, zone=zone)
        except ValueError as error:
            raise Refusal(f"{name}: {error}") from None
    return RuleChanges(**values, clear=tuple(clear))  # type: ignore[arg-type]  # as the rows say


def _rule_value(row: RuleField, value: object, *, now: datetime, zone: tzinfo | None) -> object:
    if isinstance(value, list):
        if row.kind is FieldKind.LANGUAGES:
            return languages_of(",".join(value)) if value else ()
        return tuple(map(variant_of, value) if row.kind is FieldKind.VARIANTS else value)
    if row.kind is FieldKind.SWITCH:
        return row.choices[not value]
    readers: Mapping[FieldKind, Callable[[str], object]] = {
        FieldKind.LANGUAGE: language_of,
        FieldKind.SCHEDULE: lambda text: str(parse_schedule(text)),
        FieldKind.DATE: lambda text: parse_until(text, now=now, zone=zone),
    }
    reader = readers.get(row.kind)
    return reader(str(value)) if reader else value


_SOURCE_KINDS = {FieldKind.NAMES: TEXTS, FieldKind.COUNT: COUNT_OR_NONE}


def _source_fields(*, editing: bool) -> dict[str, Field]:
    fields = {}
    for row in source_fields.FIELDS:
        purpose = (row.editing or row.purpose) if editing else row.purpose
        kind = _SOURCE_KINDS.get(row.kind, TEXT)
        if row.kind is FieldKind.CHOICE:
            kind = choice_of(row.choices)
        elif row.switches:
            purpose = " ".join(switch.purpose for switch in row.switches)
            kind = choice_of((*(switch.value for switch in row.switches), "auto"))
        elif row.kind is FieldKind.NAMES:
            purpose = "Words to group it by; these and no others."
        if row.editing is not None or not editing:
            fields[row.name] = Field(kind=kind, purpose=purpose)
    return fields


SOURCE_CHANGES: Fields = _source_fields(editing=True)
NEW_SOURCE: Fields = {
    "url": Field(kind=TEXT, purpose="Of a feed, or of a site.", is_needed=True),
    **_source_fields(editing=False),
    "anyway": Field(kind=FLAG, purpose="Follow it though nothing is to be found there now."),
}


def chosen_of_channel(given: Given) -> dict[str, object]:
    """Return what is chosen about a channel's messages.

    Raises:
        Refusal: A value cannot be used; its field is named.
    """
    chosen: dict[str, object] = {}
    for name, row in channel_fields.BY_NAME.items():
        if name not in given:
            continue
        value = given[name]
        try:
            if value is None or value == []:
                chosen[name] = row.default
            elif isinstance(value, list):
                chosen[name] = tuple(dict.fromkeys(row.parsed(text) for text in value))
            else:
                chosen[name] = row.parsed(str(value))
        except ValueError as error:
            raise Refusal(f"{name}: {error}") from None
    return chosen


def _channel_kind(row: channel_fields.ChannelField) -> Kind:
    return TEXTS if row.has_parts else COUNT if row.default is None else TEXT


_CHOSEN = {
    row.name: Field(kind=_channel_kind(row), purpose=row.purpose, is_nullable=True)
    for row in channel_fields.FIELDS
}
_WHERE = {
    "kind": Field(kind=TEXT, purpose="What the target is, where its host does not tell."),
    "secret": Field(
        kind=TEXT, purpose="With which webhooks are signed, or a chat's token.", is_nullable=True
    ),
    "headers": Field(kind=TEXTS, purpose="Further headers of webhooks, NAME:VALUE."),
    "cloudevents": Field(kind=FLAG, purpose="Send webhooks as CloudEvents."),
}
CHANNEL_CHANGES = {
    "name": Field(kind=TEXT, purpose="Call it otherwise."),
    "target": Field(kind=TEXT, purpose="Send there from now on, also what is owed."),
    **_WHERE,
    **_CHOSEN,
}
NEW_CHANNEL: Fields = CHANNEL_CHANGES | {
    "name": Field(kind=TEXT, purpose="What to call it.", is_needed=True),
    "target": Field(
        kind=TEXT,
        purpose="An e-mail address (several: a@b,c@d), console:, or a URL.",
        is_needed=True,
    ),
}
