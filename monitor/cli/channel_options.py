"""The options that say how a channel is sent to, a row each of `services.fields.channel_fields`."""

from collections.abc import Callable, Mapping

import click

from monitor.cli.params import CLEARED, Function, OrCleared, Parsed, with_options
from monitor.services.fields.channel_fields import BY_NAME, CLEAR, FIELDS, ChannelField


def channel_options(function: Function) -> Function:
    """Add the options that both adding and changing a channel take."""
    return with_options(function, map(_option, FIELDS))


def _option(row: ChannelField) -> Callable[[Function], Function]:
    return click.option(
        f"--{row.option}",
        row.name,
        type=OrCleared(Parsed(row.metavar, row.parse), CLEAR),
        multiple=row.has_parts,
        metavar=row.metavar,
        help=row.purpose,
    )


def chosen_by(given: Mapping[str, object]) -> dict[str, object]:
    """Return what the options choose; an option that was not given chooses nothing."""
    chosen: dict[str, object] = {}
    for name, value in given.items():
        if value is CLEARED or (isinstance(value, tuple) and CLEARED in value):
            chosen[name] = BY_NAME[name].default
        elif value is not None and value != ():
            chosen[name] = tuple(dict.fromkeys(value)) if isinstance(value, tuple) else value
    return chosen
