"""The options that say what a rule shall be, made of the rows of `monitor.services.rule_fields`."""

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
from monitor.services.fields import FieldKind
from monitor.services.rule_fields import RuleChanges, RuleField, in_order


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


def _type(row: RuleField) -> click.ParamType[Any]:
    match row.kind:
        case FieldKind.CHOICE:
            return click.Choice(row.choices)
        case FieldKind.COUNT:
            return OrCleared(Count(min=1), row.clear)
        case FieldKind.LANGUAGES:
            return LANGUAGES
        case FieldKind.LANGUAGE:
            return OrCleared(LANGUAGE, row.clear)
        case FieldKind.SCHEDULE:
            return OrCleared(SCHEDULE, row.clear)
        case FieldKind.DATE:
            return OrCleared(UNTIL, row.clear)
        case FieldKind.VARIANTS:
            return OrCleared(VARIANT, row.clear)
        case FieldKind.NAMES if row.clear:
            return OrCleared(TEXT, row.clear)
        case _:
            return TEXT


def changes_of(given: Mapping[str, object]) -> RuleChanges:
    """Return what the options ask for; an option that was not given asks for nothing.

    Args:
        given: Values of options by the names of their fields.
    """
    names = {field.name for field in fields_of(RuleChanges)}
    clear = tuple(name for name, value in given.items() if _is_cleared(value))
    values = {
        name: value
        for name, value in given.items()
        if name in names and name not in clear and _is_given(name, value)
    }
    return RuleChanges(**values, clear=clear)  # type: ignore[arg-type]  # as the rows say


def _is_cleared(value: object) -> bool:
    return value is CLEARED or (isinstance(value, tuple) and CLEARED in value)


def _is_given(name: str, value: object) -> bool:
    # `--language any` asks for something, namely for no limit.
    return value is not None and (value != () or name == "languages")
