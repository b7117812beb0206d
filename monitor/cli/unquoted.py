"""What is said when a query of several words was typed without quotes: the line to copy."""

from collections.abc import Mapping, Sequence

import click

from monitor.base.checkout import command_name, shell_word
from monitor.base.errors import escaped

_LONGEST_LINE = 500


def quoted_line(command: click.Command, given: Sequence[str]) -> str | None:
    """Return the command line that was meant; None where nobody can say.

    Words beside each other are one argument; those behind an option's value belong to that.
    """
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    if len(arguments) != 1:
        return None
    parts = _parts(given, _takes_value(command))
    if parts is None:
        return None
    line = " ".join(shell_word(escaped(part)) for part in parts)
    return f"{command_name()} {command.name} {line}" if len(line) <= _LONGEST_LINE else None


def _takes_value(command: click.Command) -> Mapping[str, bool]:
    """Return whether a value follows, by the names of all options."""
    options = (param for param in command.params if isinstance(param, click.Option))
    return {
        name: not option.is_flag and not option.count
        for option in options
        for name in (*option.opts, *option.secondary_opts)
    }


def _parts(given: Sequence[str], takes_value: Mapping[str, bool]) -> list[str] | None:
    parts: list[str] = []
    has_argument = joins = False
    words = iter(given)
    for word in words:
        if word.startswith("-") and len(word) > 1:
            if word not in takes_value:
                return None
            parts.append(word)
            joins = False
            if takes_value[word]:
                value = next(words, None)
                if value is None:
                    return None
                parts.append(value)
                joins = has_argument
        elif joins:
            parts[-1] += f" {word}"
        else:
            parts.append(word)
            has_argument = joins = True
    return parts
