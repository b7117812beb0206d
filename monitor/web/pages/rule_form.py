"""A rule as a form: which fields it has, what is in them, and what they ask for."""

from collections.abc import Collection, Mapping
from datetime import datetime

from common.records import dataclass
from monitor.base.errors import Refusal
from monitor.services.fields import rule_fields
from monitor.services.fields.field_kind import FieldKind
from monitor.services.fields.rule_fields import RuleChanges, RuleField
from monitor.services.rules.rules import values_of
from monitor.web.api.bodies import rule_changes
from monitor.web.base.desk import Desk
from storage.model import Channel, Rule

WHOLE = "whole"
"""Says that a form has all fields, so that what is empty takes back what was chosen."""

_LABELS = {
    "language": "Written in",
    "sources": "Only from",
    "variants": "Also called",
    "priority": "Priority",
    "digest": "Digest",
    "max_per_day": "Most a day",
    "follow_ups": "Later articles of a story",
    "min_outlets": "Wait for so many outlets",
    "escalate": "Raise the priority at so many outlets",
    "spike": "Only bursts",
    "expires_at": "Last day",
}
_IN_SIGHT = ("name", "query", "notify", "strictness", "languages", "tags")
"""Fields that the form has in places of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A field of the form.

    Attributes:
        name: Of the field, as JSON has it.
        shape: "choice", "check", "number", "lines" or "text".
        choices: The words that a choice has.
    """

    name: str
    label: str
    shape: str
    purpose: str
    choices: tuple[str, ...] = ()
    placeholder: str = ""


def _input(row: RuleField) -> Input:
    shapes = {
        FieldKind.CHOICE: "choice",
        FieldKind.SWITCH: "check",
        FieldKind.COUNT: "number",
        FieldKind.NAMES: "lines",
        FieldKind.VARIANTS: "lines",
    }
    return Input(
        name=row.json,
        label=_LABELS.get(row.name, row.option.replace("-", " ").capitalize()),
        shape=shapes.get(row.kind, "text"),
        purpose=row.purpose,
        choices=row.choices if row.kind is FieldKind.CHOICE else (),
        placeholder=row.clear if row.kind is not FieldKind.VARIANTS else "sv:Hanoikonventionen",
    )


FIELDS = tuple(_input(row) for row in rule_fields.FIELDS if row.name not in _IN_SIGHT)


def shown(rule: Rule | None, channels: Collection[Channel]) -> dict[str, object]:
    """Return what the form's fields hold for a rule, or for none, by their names."""
    if rule is None:
        return {row.json: "" for row in rule_fields.FIELDS}
    names = {channel.id: channel.name for channel in channels}
    values = values_of(rule, names)
    return {row.json: _shown(row, values.get(row.name)) for row in rule_fields.FIELDS}


def _shown(row: RuleField, value: object) -> object:
    if row.kind is FieldKind.SWITCH:
        return value == "yes"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if row.kind is FieldKind.LANGUAGES:
        return ", ".join(row.words(value)) if value else ""
    words = row.words(value)
    return "\n".join(words) if row.has_parts else words[0] if words else ""


def changes_of(desk: Desk, fields: Mapping[str, str], old: Rule | None = None) -> RuleChanges:
    """Return what a form asks for.

    Args:
        old: The rule as it is: what its form was given with and gives back is no change.

    Raises:
        Refusal: A field cannot be used; it is named.
    """
    held = shown(old, ()) if old else {}
    given: dict[str, object] = {}
    for row in rule_fields.FIELDS:
        text = fields.get(row.json, "").strip()
        is_asked = row.json in fields or (WHOLE in fields and row.kind is FieldKind.SWITCH)
        if not is_asked or (row.kind is FieldKind.DATE and text == held.get(row.json)):
            continue
        if row.kind is FieldKind.SWITCH:
            given[row.json] = bool(text)
        elif text:
            given[row.json] = _value(row, text)
        elif row.clear and WHOLE in fields:
            given[row.json] = None
    return rule_changes(given, now=desk.app.now(), zone=desk.app.config.zone)


def _value(row: RuleField, text: str) -> object:
    if row.kind is FieldKind.COUNT:
        if not text.isascii() or not text.isdecimal() or len(text) > 9 or not int(text):
            raise Refusal(f"{row.json}: expected a whole number from 1")
        return int(text)
    if row.kind is FieldKind.CHOICE and text not in row.choices:
        raise Refusal(f"{row.json}: expected one of {', '.join(row.choices)}")
    if row.kind is FieldKind.LANGUAGES:
        return _parts(text.replace(",", "\n"))
    if row.has_parts:
        # Names of sources and texts of variants may have commas in them; tags have none.
        return _parts(text.replace(",", "\n") if row.name == "tags" else text)
    return text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n") if part.strip()]
