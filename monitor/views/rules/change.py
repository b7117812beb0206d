"""The JSON of linting, applying and exporting a rules file."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict, cast

if TYPE_CHECKING:
    from monitor.rules_file.apply import Change
    from monitor.rules_file.model import Problem

Section = Literal["rule", "source", "channel"]


class ProblemShape(TypedDict):
    """Something about a file that its owner should know."""

    file: str
    line: int
    kind: Literal["mistake", "example", "note"]
    subject: str
    text: str


class ChangeShape(TypedDict):
    """One thing that becomes another; each field as it was and as it is now.

    `gathered` counts the alerts that the next digest tells, which were held back until then;
    `unsent` the deliveries that are never sent, as they were made for what a channel was before.
    """

    change: Literal["add", "change", "remove"]
    noun: Section
    name: str
    fields: dict[str, list[str | list[str] | None]]
    gathered: int
    unsent: int


class WrittenVariantShape(TypedDict):
    """A variant that a file needs several keys for."""

    language: str
    text: str
    of: str


class EntryShape(TypedDict):
    """A rule, source or channel as a rules file has it; what has its default is left out."""

    noun: Section
    name: str
    query: NotRequired[str]
    any: NotRequired[bool]
    languages: NotRequired[list[str]]
    written_in: NotRequired[str]
    match: NotRequired[str]
    variants: NotRequired[list[str | WrittenVariantShape]]
    sources: NotRequired[list[str]]
    tags: NotRequired[list[str]]
    max_per_day: NotRequired[int]
    expires: NotRequired[str]
    notify: NotRequired[list[str]]
    url: NotRequired[str]
    folder: NotRequired[str]
    kind: NotRequired[str]
    every: NotRequired[str]
    full_text: NotRequired[str]
    selector: NotRequired[str]
    target: NotRequired[str]


def problem_shape(problem: "Problem", file: Path) -> ProblemShape:
    """Return something about a file that its owner should know."""
    return {
        "file": str(file),
        "line": problem.line,
        "kind": problem.kind,
        "subject": problem.subject,
        "text": problem.text,
    }


def change_shape(change: "Change") -> ChangeShape:
    """Return one thing that becomes another."""
    return {
        "change": change.action,
        "noun": change.noun,
        "name": change.name,
        "fields": {name: [_listed(old), _listed(new)] for name, old, new in change.fields},
        "gathered": change.gathered,
        "unsent": change.unsent,
    }


def _listed(value: str | tuple[str, ...] | None) -> str | list[str] | None:
    return list(value) if isinstance(value, tuple) else value


def entry_shape(section: str, entry: Mapping[str, object]) -> EntryShape:
    """Return one entry of a section such as "rules"."""
    shape = {"noun": section.removesuffix("s"), **entry}
    return cast(EntryShape, shape)  # a test holds what is written to the schema
