"""What commands print: JSON lines for programs, tables and sentences for people.

Only results go to standard output; whatever else there is to say goes to standard error.
Nothing that came from outside reaches a terminal unescaped.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO

import click

from common.patterns import pattern
from common.widths import cell_width, shortened, wrapped
from monitor.base.checkout import command_name
from monitor.base.checkout import shell_word as quoted_word
from monitor.base.counts import counted as counted
from monitor.base.counts import told_next
from monitor.base.errors import escaped
from monitor.base.errors import quoted as quoted
from monitor.cli.layout import GAP, laid_out, lines_of
from storage.model import Evidence, Rule, Variant

Object = Mapping[str, object]

_STATE_COLOURS = {
    "active": "green",
    "delivered": "green",
    "paused": "yellow",
    "pending": "yellow",
    "leased": "yellow",
    "suppressed": "yellow",
    "held": "yellow",
    "dead": "red",
    "disabled": "red",
    "gone": "red",
}


def emit(thing: Object) -> None:
    """Print one JSON line.

    Lone surrogates (file names that are not UTF-8) and control characters are written as JSON
    escapes, so that every line is valid and harmless on a terminal.
    """
    sys.stdout.write(json_line(thing) + "\n")


def json_line(thing: Object) -> str:
    """Return the thing as one line of JSON."""
    text = json.dumps(thing, ensure_ascii=not speaks_utf8())
    return _UNSAFE.sub(lambda unsafe: f"\\u{ord(unsafe[0]):04x}", text)


_UNSAFE = pattern("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def speaks_utf8() -> bool:
    """Whether standard output takes every character."""
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"


def say(text: str) -> None:
    """Print a sentence of our own for people; the caller has quoted what came from outside."""
    click.echo(text)


def broken(text: str, *, room: int | None, indent: int = 2) -> str:
    """Return sentences with their lines broken between words; what follows a break is indented.

    A command, a URL and a path stay whole: they are there to be copied, and a terminal that
    breaks one by itself still copies it as one.

    Args:
        room: How wide the terminal is; None for none.
    """
    if room is None:
        return text
    return "\n".join(_broken(line, room, indent) for line in text.split("\n"))


def _broken(line: str, room: int, indent: int) -> str:
    if cell_width(click.unstyle(line)) <= room:
        return line
    setting = r"(?:export )?[A-Z_]+=\S+"
    command = rf"(?:{setting} )?{re.escape(command_name())} [^;()]*[^;()\s]"
    whole = rf"{command}|{setting}|[\w+]+://\S+|/\S+"
    # Where there is hardly room beside what is indented, indenting says nothing any more.
    hang = " " * (indent if indent <= room // 2 else 2)
    return "\n".join(wrapped(line, width=room, hang=hang, whole=whole))


def say_prose(parts: Iterable[tuple[str, bool]], *, indent: str = "", label: str = "") -> None:
    """Print a text in parts, the marked ones in brackets and bold; broken to fit a terminal.

    Args:
        parts: Each with whether it is marked; what came from outside is made safe here.
        label: Stands before the first line.
    """
    for line in prose_lines(parts, indent=indent, label=label, room=terminal_columns()):
        click.echo(line)


def fitting(line: str, indent: int) -> str:
    """Return a line of ours broken to fit a terminal; what follows the first is indented."""
    return broken(line, room=terminal_columns(), indent=indent)


def prose_lines(
    parts: Iterable[tuple[str, bool]], *, indent: str, label: str, room: int | None
) -> list[str]:
    """Return the lines of `say_prose` for a terminal so wide; None for as wide as it takes."""
    text = label + "".join(
        f"{_BOLD}[{escaped(part)}]{_PLAIN}" if is_marked else escaped(part)
        for part, is_marked in parts
    )
    is_long = room is not None and cell_width(indent + text) > room
    lines = wrapped(text, width=room - len(indent)) if is_long and room else [text]
    return [indent + line.replace(_BOLD, "\x1b[1m").replace(_PLAIN, "\x1b[0m") for line in lines]


_BOLD, _PLAIN = "\x0e", "\x0f"
"""Stand for the styles while lines are broken; `escaped` lets none through from outside."""


def warn(text: str) -> None:
    """Print a line on standard error, whatever the output is."""
    click.echo(broken(escaped(text), room=columns_for_errors()), err=True)


def bold(text: str) -> str:
    """Return the text bold; `click.echo` drops that when it is not written to a terminal."""
    return click.style(text, bold=True)


def coloured_state(state: str) -> str:
    """Return a state in its colour; `click.echo` drops that when it is not for a terminal."""
    return click.style(state, fg=_STATE_COLOURS.get(state)) if state else ""


def details(pairs: Iterable[tuple[str, object]]) -> None:
    """Print names and values below each other; what is None or empty is left out.

    On a terminal values are broken to fit it, below each other; an address stays whole.
    """
    shown = [(name, _cell(value)) for name, value in pairs if value not in (None, "", (), [])]
    widest = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        line = f"{name + ':':<{widest + 1}} {value}"
        click.echo(line if _is_address(value) else fitting(line, widest + 2))


_delivery_id = pattern(r"\bmsg_[a-z2-7]{26}\b")
_is_address = pattern(r"(?:[\w+]+://|/)\S+").fullmatch


def evidence(places: Iterable[Evidence], texts: Mapping[str, str], rule: Rule | None) -> None:
    """Print each place that proves a match, with its words marked, and why it counts.

    Args:
        texts: The fields that the evidence points into.
        rule: With its variants; None where it is gone.
    """
    from notifiers.content.excerpt import excerpt_of
    from rules.explain.reasons import describe

    variants, written_in = (rule.variants, rule.written_in) if rule else ((), ())
    for place in places:
        text = texts.get(place.field, "")
        excerpt = excerpt_of(text, [(place.start, place.end)], around=place.start, width=100)
        is_there = place.end > place.start
        parts = excerpt.parts() if is_there else [("(these words are no longer there)", False)]
        say_prose(parts, indent="  ", label=f"{place.field}: ")
        why = describe(place, variants, written_in=written_in)
        say(fitting(f"    {escaped(why)}", 6))
        named = _named(place, variants)
        if named:
            say(fitting(f"    by {escaped(', '.join(named))}", 6))


def _named(place: Evidence, variants: Sequence[Variant]) -> list[str]:
    """Return the variants through which something was found, as commands take them."""
    best: dict[str, str] = {}
    for variant in variants:
        if variant.text in place.variants and (
            variant.text not in best or variant.language == place.language
        ):
            best[variant.text] = f"{variant.language or 'any'}:{variant.text}"
    return list(best.values())


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    header: bool = True,
    whole: str | None = None,
) -> None:
    """Print rows under headings, as wide as they are; on a terminal, made to fit it.

    Names get the room, long cells are broken into lines, and the least important columns are
    left out, which is said. On a terminal too narrow for that, each row is a block of its own.

    Args:
        whole: A column that is there to be copied, or of sentences: where it does not fit, what
            it holds stands below its row.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    room = terminal_columns()
    below = None
    if whole is not None and room is not None and not _fits(columns, cells, room):
        at = columns.index(whole)
        below = [row.pop(at) for row in cells]
        columns = [name for name in columns if name != whole]
    layout = laid_out(columns, cells, room)
    if layout is None:
        _blocks(columns, cells, room or 0)
        return
    if header:
        headings = [columns[at] for at in layout.shown]
        click.echo(bold(_line(headings, layout.widths)))
    states = {at for at, name in enumerate(columns) if name == "STATE"}
    for place, row in enumerate(cells):
        parted = [
            lines_of(row[at], width) for at, width in zip(layout.shown, layout.widths, strict=True)
        ]
        for number in range(max(map(len, parted))):
            parts = [lines[number] if number < len(lines) else "" for lines in parted]
            painted = [
                coloured_state(part) if at in states else part
                for at, part in zip(layout.shown, parts, strict=True)
            ]
            click.echo(_line(parts, layout.widths, painted))
        if below is not None and below[place] != _NOTHING:
            text = f"  {below[place]}"
            click.echo(fitting(text, 2) if " " in below[place] else text)
    if header and layout.left_out:
        warn(f"(no room for {', '.join(layout.left_out)}; --json shows all)")


def _fits(columns: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> bool:
    natural = [
        max([cell_width(name), *(cell_width(row[at]) for row in rows)])
        for at, name in enumerate(columns)
    ]
    return sum(natural) + GAP * (len(columns) - 1) <= room


def _blocks(columns: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> None:
    for number, row in enumerate(rows):
        if number:
            click.echo()
        for name, cell in zip(columns, row, strict=True):
            click.echo(shortened(f"{name}: {cell}", room))


def _line(parts: Sequence[str], widths: Sequence[int], painted: Sequence[str] | None = None) -> str:
    padded = (
        text + " " * (width - cell_width(part) + GAP)
        for part, text, width in zip(parts, painted or parts, widths, strict=True)
    )
    return "".join(padded).rstrip()


_NOTHING = "-"
"""Stands where a row has nothing to say in a column."""


def _cell(value: object) -> str:
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return escaped(", ".join(str(part) for part in value)) or "-"
    return escaped(str(value))


def terminal_columns() -> int | None:
    """Return how wide the terminal is that we print to; None when it is none."""
    return _columns_of(sys.stdout)


def columns_for_errors() -> int | None:
    """As `terminal_columns`, of standard error."""
    return _columns_of(sys.stderr)


def _columns_of(stream: TextIO | None) -> int | None:
    if stream is None or not stream.isatty():
        return None
    return max(20, shutil.get_terminal_size().columns)


def wants_colour(environ: Mapping[str, str]) -> bool | None:
    """Return False when the user or a dumb terminal wants none, else None: as click decides."""
    return False if environ.get("NO_COLOR") or environ.get("TERM") == "dumb" else None


def prepare_streams() -> None:
    """Let no character that cannot be written end a command."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def drop_the_rest() -> None:
    """Send the rest of standard output nowhere: nobody takes it, and exit would complain."""
    if sys.stdout is sys.__stdout__:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)


def short_id(id_: str) -> str:
    """Return the beginning of an id that people read and type."""
    return id_.removeprefix("msg_")[:8]


def with_short_ids(text: str) -> str:
    """Return a text in which the ids of deliveries are as short as `short_id` makes them."""
    return _delivery_id.sub(lambda id_: short_id(id_[0]), text)


def gathered(count: int) -> str:
    """Return how a sentence goes on about alerts that were held back; "" for none."""
    return f"\n{told_next(count, 'came meanwhile')}" if count else ""


def shell_word(text: str) -> str:
    """Return text from outside as one word of a command line, safe to show."""
    return escaped(quoted_word(text))
