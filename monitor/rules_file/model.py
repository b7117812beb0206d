"""Rules, sources and channels as one file: what may stand in it, as docs/rules-as-files.md says."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Literal

from common.records import dataclass
from monitor.base.errors import clipped, quoted
from monitor.rules_file.tree import Text
from monitor.services.fields.channel_fields import FIELDS as CHANNEL_FIELDS
from monitor.services.fields.rule_fields import FIELDS
from monitor.services.fields.source_fields import IN_FILE

_SHOWN = 60

KEYS = {
    "rules": (
        *(field.key for field in FIELDS),
        *("backfill", "any", "must_match", "must_not_match"),
    ),
    "sources": ("name", "url", "folder", *(row.name for row in IN_FILE if row.name != "name")),
    "channels": (
        *("name", "target", "target_file", "kind", "secret_file", "headers_file"),
        *(row.name for row in CHANNEL_FIELDS),
    ),
}
EXAMPLE_KEYS = ("title", "text", "file", "language", "source", "author", "category", "url", "tags")


ProblemKind = Literal["mistake", "example", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something about the file that its owner should know.

    Attributes:
        kind: "mistake" (the file cannot be applied), "example" (one is not as it must be) or
            "note".
        subject: What it is about: `rule "rail strike"`, or "".
    """

    line: int
    kind: ProblemKind
    subject: str
    text: str

    def sentence(self, path: Path) -> str:
        """Return it with its place: `rules.yaml:9: rule "x": ...`."""
        place = f"{clipped(str(path), 200)}:{self.line}"
        return f"{place}: {self.subject}: {self.text}" if self.subject else f"{place}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text that a rule must match, or must not.

    Attributes:
        label: How problems call it: "must_match 2".
        file: The path of a document instead of title and text; relative to the rules file.
        fields: Those of `EXAMPLE_KEYS` that are single texts.
        tags: Of its source.
    """

    line: int
    label: str
    is_wanted: bool
    fields: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """How it begins, for people."""
        text = self.fields.get("file") or self.fields.get("title") or self.fields.get("text", "")
        return clipped(" ".join(text.split()), _SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantEntry:
    """A variant as the file has it; `of` as in `storage.model.Variant`."""

    line: int
    language: str
    text: str
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """A rule as the file has it; a key that is not there has its default.

    Attributes:
        query: As it is written, with its line and what a comment may have taken of it.
        given: The texts of each other field that it has a key for, by the field's name.
        any: Whether it may match nearly everything.
    """

    name: str
    line: int
    query: Text
    given: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    variants: tuple[VariantEntry, ...] = ()
    backfill: Text | None = None
    any: bool = False
    examples: tuple[Example, ...] = ()

    @property
    def subject(self) -> str:
        """How problems call it."""
        return f"rule {quoted(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """A source as the file has it.

    Attributes:
        location: A URL, or a folder as it is written.
        name: None when nothing is said.
        given: How often it is polled and how it is read, by the names of the fields.
    """

    line: int
    location: Text
    is_folder: bool
    name: str | None = None
    kind: str | None = None
    tags: tuple[str, ...] = ()
    backfill: int = 0
    given: Mapping[str, Text] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """How problems call it."""
        return f"source {quoted(self.name or self.location.value)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEntry:
    """A channel as the file has it; its target stands here or in a file of its own.

    Attributes:
        given: When and how much it is sent, by the names of the fields.
    """

    name: str
    line: int
    target: Text | None = None
    target_file: Text | None = None
    kind: str | None = None
    secret_file: Text | None = None
    headers_file: Text | None = None
    given: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """How problems call it."""
        return f"channel {quoted(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesFile:
    """What stands in a file.

    Attributes:
        sections: Which of "rules", "sources" and "channels" it has.
        problems: What is wrong with it; what is concerned is left out of the lists.
    """

    path: Path
    sections: frozenset[str] = frozenset()
    rules: tuple[RuleEntry, ...] = ()
    sources: tuple[SourceEntry, ...] = ()
    channels: tuple[ChannelEntry, ...] = ()
    problems: tuple[Problem, ...] = ()
