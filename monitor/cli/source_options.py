"""The options that say what a source shall be, a row each of `services.fields.source_fields`."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

import click

from monitor.base.times import parse_duration
from monitor.cli import output
from monitor.cli.params import (
    CLEARED,
    TEXT,
    Count,
    Function,
    OrCleared,
    Parsed,
    with_options,
)
from monitor.services.fields.field_kind import FieldKind
from monitor.services.fields.source_fields import (
    FIELDS,
    READING,
    USUAL,
    USUAL_WORD,
    SourceChanges,
    SourceField,
    Switch,
)
from storage.model import Source

_NONE = "none"
EVERY = Parsed(
    "duration", lambda text: USUAL if text in (USUAL_WORD, _NONE) else parse_duration(text)
)


def adding_options(function: Function) -> Function:
    """Add the options of add-source."""
    return with_options(
        function, (option for row in FIELDS for option in _options(row, row.purpose))
    )


def editing_options(function: Function) -> Function:
    """Add the options of edit-source; what takes back follows all that says how it is read."""
    return with_options(function, _to_edit())


def _to_edit() -> Iterator[Callable[[Function], Function]]:
    rows = [row for row in FIELDS if row.editing is not None]
    for _, group in groupby(rows, key=lambda row: "" if row.is_reading else row.name):
        together = list(group)
        for row in together:
            yield from _options(row, row.editing or row.purpose)
        for row in together:
            if row.clear is not None:
                yield _clearing(row, row.clear)


def _options(row: SourceField, purpose: str) -> Iterator[Callable[[Function], Function]]:
    for switch in row.switches:
        yield _switch(row, switch)
    if not row.switches:
        yield click.option(
            f"--{row.option}",
            row.name,
            type=_type(row),
            multiple=row.kind is FieldKind.NAMES,
            metavar=row.metavar,
            help=purpose,
        )


def _switch(row: SourceField, switch: Switch) -> Callable[[Function], Function]:
    return click.option(
        f"--{switch.option}", row.name, flag_value=switch.value, help=switch.purpose
    )


def _clearing(row: SourceField, clear: Switch) -> Callable[[Function], Function]:
    if row.kind is FieldKind.NAMES:
        return click.option(
            f"--{clear.option}", clear.option, type=TEXT, multiple=True, help=clear.purpose
        )
    return _switch(row, clear)


def _type(row: SourceField) -> click.ParamType[Any]:
    match row.kind:
        case FieldKind.CHOICE:
            return click.Choice(row.choices)
        case FieldKind.COUNT:
            return Count(min=0)
        case FieldKind.DURATION:
            return EVERY
        case FieldKind.NAMES:
            return OrCleared(TEXT, _NONE)
        case _:
            return TEXT


def changes_of(given: Mapping[str, object]) -> SourceChanges:
    """Return what the options ask for; an option that was not given asks for nothing.

    Args:
        given: Values of options by the names of their fields, the kind left out.
    """
    said = {name: value for name, value in given.items() if value is not None}
    reading = {row.name: str(said.pop(row.name)) for row in READING if row.name in said}
    tags = said.pop("tags", ())
    assert isinstance(tags, tuple)
    return SourceChanges(
        **said,  # type: ignore[arg-type]  # as the rows say
        tags=tuple(tag for tag in tags if tag is not CLEARED),
        is_untagged=CLEARED in tags,
        reading=reading,
    )


def typed_options(source: Source) -> str:
    """Return what a source's owner chose about how it is read, as it is typed; "" if nothing."""
    words = []
    for row in READING:
        value = source.options.get(row.name)
        if value is None:
            continue
        words += [f"--{switch.option}" for switch in row.switches if switch.value == value]
        if not row.switches:
            words.append(f"--{row.option} {output.shell_word(value)}")
    return " ".join(words)
