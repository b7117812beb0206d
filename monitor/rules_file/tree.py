"""YAML or TOML to a tree of plain text with line numbers: no types to guess, no objects, no bombs.

A value is text until somebody asks for a number: `no` in YAML is the word "no".
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import field
from datetime import date, datetime, time
from typing import Any

from common.records import dataclass
from monitor.base.toml_words import in_toml_words

MOST_ALIASES = 50
MOST_LEVELS = 20
_MERGE = "<<"
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class FileMistake(Exception):
    """A file cannot be read; the text says what is wrong, without the file's name."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Text:
    """A single value as it is written.

    Attributes:
        line: From 1.
        is_plain: Written without quotes, so that nothing, `~` and `null` mean no value.
        cut: What stands behind it as a comment but looks as if it belonged to it: " #metoo".
    """

    value: str
    line: int
    is_plain: bool = False
    cut: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether there is no value."""
        return self.is_plain and self.value in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    parts: "tuple[Node, ...]"
    line: int


@dataclass(slots=True)
class Table:
    """Keys with values; `lines` has the line of each key."""

    line: int
    values: "dict[str, Node]" = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


Node = Text | Items | Table


def read_tree(text: str, *, is_toml: bool) -> Table:
    """Return the tree of a file's text.

    Raises:
        FileMistake: It is not YAML or TOML, or holds what we do not read.
    """
    unsafe = _UNSAFE.search(text)
    if unsafe is not None:
        line = text.count("\n", 0, unsafe.start()) + 1
        raise FileMistake(line, f"holds a control character (0x{ord(unsafe[0]):02x}); remove it")
    tree = _toml(text) if is_toml else _yaml(text)
    if not isinstance(tree, Table):
        raise FileMistake(tree.line, "expected keys such as rules: at the top of the file")
    return tree


@dataclass(slots=True)
class _Open:
    """A list or table whose end has not come yet."""

    line: int
    anchor: str | None
    is_table: bool
    parts: list[Node] = field(default_factory=list)
    keys: list[Text] = field(default_factory=list)


class _Builder:
    """Builds the tree from YAML's events, without recursion."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._aliases = 0
        self.documents: list[Node] = []

    def scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        _refuse_tag(event.tag, line)
        if "\0" in event.value:
            raise FileMistake(line, "holds a control character (0x00); remove it")
        plain = event.style is None or event.style == ""
        cut = self._cut(event.end_mark) if plain else ""
        self._close(Text(event.value, line, plain, cut), event.anchor)

    def begin(self, event: Any, *, is_table: bool) -> None:
        line = event.start_mark.line + 1
        _refuse_tag(event.tag, line)
        if len(self._open) >= MOST_LEVELS:
            raise FileMistake(line, f"is nested more than {MOST_LEVELS} levels deep")
        self._open.append(_Open(line, event.anchor, is_table))

    def end(self) -> None:
        ended = self._open.pop()
        if ended.is_table:
            self._close(_table(ended), ended.anchor)
        else:
            self._close(Items(tuple(ended.parts), ended.line), ended.anchor)

    def alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            raise FileMistake(line, f"holds more than {MOST_ALIASES} aliases (*name); write it out")
        if event.anchor not in self._anchors:
            raise FileMistake(
                line,
                f'"*{event.anchor[:40]}" is an alias, and there is no anchor &{event.anchor[:40]} '
                "before it; to mean the text, put it in quotes",
            )
        self._close(self._anchors[event.anchor], None)

    def _close(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self.documents.append(node)
            return
        top = self._open[-1]
        if top.is_table and len(top.keys) == len(top.parts):
            if not isinstance(node, Text):
                raise FileMistake(node.line, "expected a key, which is text")
            top.keys.append(node)
        else:
            top.parts.append(node)

    def _cut(self, end: Any) -> str:
        """Return what a comment has taken from a plain value: `#word` without a space inside."""
        if end.line >= len(self._lines):
            return ""
        comment = re.match(r"\s+(#\w.*)", self._lines[end.line][end.column :])
        return comment[1].strip() if comment else ""


def _table(ended: _Open) -> Table:
    table = Table(ended.line)
    merged: list[Node] = []
    for key, value in zip(ended.keys, ended.parts, strict=True):
        if key.value == _MERGE and key.is_plain:
            merged.append(value)
            continue
        if key.value in table.values:
            first = table.lines[key.value]
            raise FileMistake(
                key.line, f'duplicate key "{key.value[:80]}" (lines {first}, {key.line})'
            )
        table.values[key.value] = value
        table.lines[key.value] = key.line
    for node in merged:
        _merge(table, node)
    return table


def _merge(table: Table, other: Node) -> None:
    """Take over the keys that the table has not itself: YAML's `<<: *anchor`."""
    for part in other.parts if isinstance(other, Items) else (other,):
        if not isinstance(part, Table):
            raise FileMistake(other.line, "expected an alias of a table behind <<:")
        for key, value in part.values.items():
            table.values.setdefault(key, value)
            table.lines.setdefault(key, part.lines[key])


def _refuse_tag(tag: str | None, line: int) -> None:
    if tag is not None:
        raise FileMistake(
            line,
            f'"{tag[:40]}" is a tag, and values are plain text here; to mean the text, quote it',
        )


def _yaml(text: str) -> Node:
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(text)
    try:
        for event in yaml.parse(text, Loader=loader):
            match event:
                case yaml.ScalarEvent():
                    builder.scalar(event)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    builder.begin(event, is_table=isinstance(event, yaml.MappingStartEvent))
                case yaml.CollectionEndEvent():
                    builder.end()
                case yaml.AliasEvent():
                    builder.alias(event)
                case _:
                    pass
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, text) from None
    except yaml.YAMLError as error:
        raise FileMistake(1, f"not YAML: {str(error).splitlines()[0][:200]}") from None
    if len(builder.documents) != 1:
        is_empty = not builder.documents
        text = "is empty; it needs keys such as rules:" if is_empty else "holds several documents"
        raise FileMistake(1, text if is_empty else f"{text} (---); make them one")
    return builder.documents[0]


def _not_yaml(error: Any, text: str) -> FileMistake:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    # The parser stops where it notices, which may be at the start of the next line.
    shown = lines[line - 1] if line <= len(lines) else ""
    if "\t" in shown[: len(shown) - len(shown.lstrip())]:
        return FileMistake(line, "a tab stands before the text; YAML wants spaces there")
    if error.problem == "found unexpected end of stream" and error.context_mark:
        opened = error.context_mark
        text = f"not YAML: the quote at column {opened.column + 1} is not closed"
        return FileMistake(opened.line + 1, text)
    problem = f"not YAML: {error.problem} (column {column})"
    if (error.context or "").startswith("while parsing a block"):
        problem += "; compare its indentation with that of the lines above"
    quoted = re.match(r"\s*(?:-\s+)*(?:[\w-]+:\s+)?['\"].*['\"]\s*\S", shown)
    if quoted or re.search(r":\s+[^'\"|>\s].*:(\s|$)", shown) or re.search(r":\s+[@`%&!*]", shown):
        problem += "; put the whole value in single quotes, or write key: | and the text below it"
    return FileMistake(line, problem)


def _toml(text: str) -> Node:
    places = _TomlPlaces(text)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
        line = int(place[2]) if place and place[2] else text.count("\n") + 1
        problem = in_toml_words(place[1]) if place else str(error)
        raise FileMistake(line, f"not TOML: {problem}") from None
    except RecursionError:
        raise FileMistake(1, f"is nested more than {MOST_LEVELS} levels deep") from None
    except ValueError:  # thousands of digits, which tomllib leaves to Python to refuse
        raise FileMistake(1, "a number has too many digits; write it in quotes") from None
    return _of_toml(table, 1, (), places, 0)


def _of_toml(
    value: object, line: int, path: tuple[str, ...], places: "_TomlPlaces", at: int
) -> Node:
    if at > MOST_LEVELS:
        raise FileMistake(line, f"is nested more than {MOST_LEVELS} levels deep")
    match value:
        case dict():
            table = Table(line)
            for key, inner in value.items():
                table.lines[key] = places.line((*path, key), line)
                table.values[key] = _of_toml(inner, table.lines[key], (*path, key), places, at + 1)
            return table
        case list():
            parts = []
            for number, inner in enumerate(value):
                here = (*path, str(number))
                parts.append(_of_toml(inner, places.line(here, line), here, places, at + 1))
            return Items(tuple(parts), line)
        case bool():
            return Text("true" if value else "false", line)
        case datetime() | date() | time():
            return Text(value.isoformat(), line)
        case _:
            return Text(str(value), line)


class _TomlPlaces:
    """On which line each table and key of a TOML file stands; tomllib does not tell.

    Raises:
        FileMistake: A key stands twice in one table.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, ...], int] = {}
        counts: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        for number, line in _outside_strings(text):
            header = re.match(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]", line)
            if header is not None:
                table = self._inside(_keys(header[2]), counts)
                if header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, str(counts[table]))
                self._lines.setdefault(table, number)
                continue
            pair = re.match(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*[\w-]+)*)\s*=", line)
            if pair is not None:
                self._note((*table, *_keys(pair[1])), number)

    def _inside(self, keys: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> tuple[str, ...]:
        """Return the path of a header; below a list of tables it is that of the newest one."""
        path: tuple[str, ...] = ()
        for place, key in enumerate(keys):
            path = (*path, key)
            if path in counts and place < len(keys) - 1:
                path = (*path, str(counts[path]))
        return path

    def _note(self, path: tuple[str, ...], number: int) -> None:
        if path in self._lines:
            first = self._lines[path]
            raise FileMistake(number, f'duplicate key "{path[-1]}" (lines {first}, {number})')
        self._lines[path] = number

    def line(self, path: tuple[str, ...], default: int) -> int:
        """Return the line of a key or table, `default` when it stands inside another's value."""
        return self._lines.get(path, default)


def _outside_strings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines that do not begin inside a string of several lines."""
    open_with = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not open_with:
            yield number, line
        rest = line
        while True:
            if open_with:
                _, closing, rest = rest.partition(open_with)
                if not closing:
                    break
                open_with = ""
            opening = re.search(r'"""|\'\'\'', rest)
            if opening is None:
                break
            open_with, rest = opening[0], rest[opening.end() :]


def _keys(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in text.split("."))
