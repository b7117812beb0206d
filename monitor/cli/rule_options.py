"""The options that say what a rule shall be, a row each of `services.fields.rule_fields`."""

from collections.abc import Callable, Mapping
from dataclasses import fields as fields_of
from typing import Any

import click

from monitor.cli.params import (
    CLEARED,
    LANGUAGE,
    LANGUAGES,
    SCHEDULE,
    TEXT,
    UNTIL,
    VARIANT,
    Count,
    Function,
    OrCleared,
    with_options,
)
from monitor.services.fields.field_kind import FieldKind
from monitor.services.fields.rule_fields import BY_NAME, RuleChanges, RuleField, in_order


def matching_options(function: Function) -> Function:
    """Add the options that change what a rule matches; `try-rule` takes them too."""
    rows = in_order("languages", "variants")
    wanted = (row for row in rows if row.is_matching and row.name != "query")
    return with_options(function, map(_option, wanted))


def delivering_options(function: Function) -> Function:
    """Add the options that change what is told to whom."""
    wanted = (row for row in in_order() if not row.is_matching)
    return with_options(function, map(_option, wanted))


def _option(row: RuleField) -> Callable[[Function], Function]:
    if row.kind is FieldKind.SWITCH:
        return click.option(
            f"--{row.option}/--no-{row.option}",
            row.name,
            default=None,
            callback=lambda ctx, param, value: None if value is None else row.choices[not value],
            help=row.purpose,
        )
    return click.option(
        f"--{row.option}",
        row.name,
        type=_type(row),
        multiple=row.has_parts,
        metavar=row.metavar,
        help=row.purpose,
    )


_KINDS: dict[FieldKind, click.ParamType[Any]] = {
    FieldKind.COUNT: Count(min=1),
    FieldKind.LANGUAGES: LANGUAGES,
    FieldKind.LANGUAGE: LANGUAGE,
    FieldKind.SCHEDULE: SCHEDULE,
    FieldKind.DATE: UNTIL,
    FieldKind.VARIANTS: VARIANT,
    FieldKind.NAMES: TEXT,
}


def _type(row: RuleField) -> click.ParamType[Any]:
    if row.kind is FieldKind.CHOICE:
        return click.Choice(row.choices)
    kind = _KINDS.get(row.kind, TEXT)
    return OrCleared(kind, *row.clearing) if row.clearing else kind


def changes_of(given: Mapping[str, object]) -> RuleChanges:
    """Return what the options ask for; an option that was not given asks for nothing.

    Args:
        given: Values of options by the names of their fields.
    """
    names = {field.name for field in fields_of(RuleChanges)}
    cleared = {name for name, value in given.items() if _is_cleared(value)}
    # Whoever is to be told is told by none, which is not as it is by default.
    emptied: dict[str, object] = {name: () for name in cleared if not BY_NAME[name].clear}
    values = {
        name: value
        for name, value in given.items()
        if name in names and name not in cleared and value is not None and value != ()
    }
    clear = tuple(name for name in given if name in cleared and name not in emptied)
    return RuleChanges(**values, **emptied, clear=clear)  # type: ignore[arg-type]  # as the rows say


def _is_cleared(value: object) -> bool:
    return value is CLEARED or (isinstance(value, tuple) and CLEARED in value)
