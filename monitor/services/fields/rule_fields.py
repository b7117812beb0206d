"""What somebody may choose about a rule, one row a field; whatever names such fields asks here.

Options of commands, keys of a rules file, JSON, and the sentence that says how to change a rule
are made of these rows. A new field is a row, a line in `RuleChanges` and in `storage.model.Rule`,
and what it is used for.
"""

from collections.abc import Sequence
from datetime import datetime

from common.records import dataclass
from monitor.base.times import show_instant
from monitor.services.fields.field_kind import FieldKind
from storage.model import Variant
from storage.quiet import Priority
from storage.story import FollowUps

STRICTNESS = ("exact", "forms", "all", "broad")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChanges:
    """What a rule shall be; None leaves it as it is, or as it is by default.

    Attributes:
        notify: Names of channels.
        languages: As in `Rule.languages`; empty for any.
        variants: The owner's.
        sources: Names of sources; empty for any.
        made: What the lists (and a translator) give for the query; asked for before the
            transaction, because it takes time.
        written_in: The language, or the few, that the query was found to be of then.
        expansion: With which lists those were made.
        clear: Names of fields that shall be as they are by default.
    """

    query: str | None = None
    name: str | None = None
    notify: Sequence[str] | None = None
    languages: tuple[str, ...] | None = None
    language: str | None = None
    variants: tuple[Variant, ...] | None = None
    strictness: str | None = None
    sources: Sequence[str] | None = None
    tags: tuple[str, ...] | None = None
    priority: str | None = None
    digest: str | None = None
    max_per_day: int | None = None
    follow_ups: str | None = None
    min_outlets: int | None = None
    escalate: int | None = None
    spike: str | None = None
    expires_at: datetime | None = None
    made: tuple[Variant, ...] | None = None
    written_in: tuple[str, ...] | None = None
    expansion: str | None = None
    clear: tuple[str, ...] = ()

    def given(self) -> dict[str, object]:
        """Return the fields that are asked for, by name; those to be cleared have their default."""
        values = {field.name: getattr(self, field.name) for field in FIELDS}
        asked = {name: value for name, value in values.items() if value is not None}
        return {**asked, **{name: BY_NAME[name].default for name in self.clear}}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleField:
    """One row.

    Attributes:
        name: In `RuleChanges`.
        option: On the command line, without its dashes.
        key: In a rules file.
        json: In JSON.
        purpose: One sentence for the help of the option.
        default: As in `RuleChanges`.
        clear: The word that takes back what was chosen; "" where there is none: any word may
            be meant, or `none` means none at all and not what is so by default.
        choices: The words that a choice has.
        is_matching: Whether it decides what the rule matches.
        is_unordered: Whether the order of its parts means nothing.
    """

    name: str
    option: str
    key: str
    json: str
    kind: FieldKind
    purpose: str
    default: object = None
    clear: str = ""
    choices: tuple[str, ...] = ()
    metavar: str | None = None
    is_matching: bool = False
    is_unordered: bool = False

    @property
    def clearing(self) -> tuple[str, ...]:
        """The words that take back, on the command line, what was chosen; none where any may.

        All of them do, also those that the help does not name: what is no value of the field can
        mean nothing else.
        """
        match self.kind:
            case FieldKind.CHOICE | FieldKind.SWITCH | FieldKind.TEXT:
                return ()
            case FieldKind.NAMES:
                return ("none", self.clear) if self.clear else ("none",)
            case _:
                return ("none", "never", "any")

    @property
    def has_parts(self) -> bool:
        """Whether its option and its key may hold several."""
        return self.kind in (FieldKind.NAMES, FieldKind.VARIANTS)

    def words(self, value: object) -> tuple[str, ...]:
        """Return a value as people write it, one word for each time that the option is given."""
        if self.kind is FieldKind.LANGUAGES:
            codes = _texts(value)
            return (",".join(codes) or self.clear,)
        return _texts(value)


def _texts(value: object) -> tuple[str, ...]:
    match value:
        case None:
            return ()
        case Variant():
            return (f"{value.language or 'any'}:{value.text}",)
        case datetime():
            return (show_instant(value) or "",)
        case tuple() | list():
            return tuple(text for part in value for text in _texts(part))
        case _:
            return (str(value),)


FIELDS = (
    RuleField(
        name="name",
        option="name",
        key="name",
        json="name",
        kind=FieldKind.TEXT,
        purpose="What to call it; else its query.",
    ),
    RuleField(
        name="query",
        option="query",
        key="query",
        json="query",
        kind=FieldKind.TEXT,
        purpose="A new query.",
        is_matching=True,
    ),
    RuleField(
        name="notify",
        option="notify",
        key="notify",
        json="channels",
        kind=FieldKind.NAMES,
        purpose="A channel to tell, none for nobody; console unless said.",
        default=("console",),
        metavar="CHANNEL",
        is_unordered=True,
    ),
    RuleField(
        name="languages",
        option="language",
        key="languages",
        json="languages",
        kind=FieldKind.LANGUAGES,
        purpose="Only articles in these languages, such as sv,vi; any unless said.",
        default=(),
        clear="any",
        is_matching=True,
    ),
    RuleField(
        name="language",
        option="in",
        key="written_in",
        json="written_in",
        kind=FieldKind.LANGUAGE,
        purpose="The language that the query is written in, such as sv; else its words tell.",
        default="",
        clear="any",
        metavar="LANG",
        is_matching=True,
    ),
    RuleField(
        name="strictness",
        option="match",
        key="match",
        json="match",
        kind=FieldKind.CHOICE,
        purpose="How far from the rule's own words a match may lie; all unless said.",
        default="all",
        clear="all",
        choices=STRICTNESS,
        is_matching=True,
    ),
    RuleField(
        name="variants",
        option="variant",
        key="variants",
        json="variants",
        kind=FieldKind.VARIANTS,
        purpose="A form of the rule's words in a language, such as sv:Hanoikonventionen.",
        default=(),
        clear="none",
        is_matching=True,
        is_unordered=True,
    ),
    RuleField(
        name="sources",
        option="source",
        key="sources",
        json="sources",
        kind=FieldKind.NAMES,
        purpose="Only articles of this source; any unless said.",
        default=(),
        clear="any",
        is_matching=True,
    ),
    RuleField(
        name="tags",
        option="tag",
        key="tags",
        json="tags",
        kind=FieldKind.NAMES,
        purpose="A word to group rules by.",
        default=(),
        clear="none",
    ),
    RuleField(
        name="priority",
        option="priority",
        key="priority",
        json="priority",
        kind=FieldKind.CHOICE,
        purpose="How much its alerts matter; normal unless said. Critical ones pass quiet hours.",
        default=Priority.NORMAL.value,
        clear=Priority.NORMAL.value,
        choices=tuple(priority.value for priority in Priority),
    ),
    RuleField(
        name="digest",
        option="digest",
        key="digest",
        json="digest",
        kind=FieldKind.SCHEDULE,
        purpose="Send its alerts together: hourly, daily@08:00 or weekly@mon-08:00.",
        default="",
        clear="none",
        metavar="WHEN",
    ),
    RuleField(
        name="max_per_day",
        option="max-per-day",
        key="max_per_day",
        json="max_per_day",
        kind=FieldKind.COUNT,
        purpose="Send at most N alerts a day; the rest waits for a digest at its end.",
        clear="none",
        metavar="N",
    ),
    RuleField(
        name="follow_ups",
        option="follow-ups",
        key="follow_ups",
        json="follow_ups",
        kind=FieldKind.CHOICE,
        purpose="Of a story's later articles say nothing, count them, tell of those of a poll in "
        "one message, or of each; auto unless said: in threads where there are any, else count.",
        default=FollowUps.AUTO.value,
        clear=FollowUps.AUTO.value,
        choices=tuple(word.value for word in FollowUps),
    ),
    RuleField(
        name="min_outlets",
        option="min-outlets",
        key="min_outlets",
        json="min_outlets",
        kind=FieldKind.COUNT,
        purpose="Wait until N independent outlets carry the story.",
        clear="none",
        metavar="N",
    ),
    RuleField(
        name="escalate",
        option="escalate",
        key="escalate",
        json="escalate",
        kind=FieldKind.COUNT,
        purpose="Raise the priority when N independent outlets carry the story.",
        clear="none",
        metavar="N",
    ),
    RuleField(
        name="spike",
        option="spike",
        key="spike",
        json="spike",
        kind=FieldKind.SWITCH,
        purpose="Alert on a burst of stories against the rule's habit, not on each.",
        default="no",
        clear="no",
        choices=("yes", "no"),
    ),
    RuleField(
        name="expires_at",
        option="expires",
        key="expires",
        json="expires_at",
        kind=FieldKind.DATE,
        purpose="The last day it raises alerts: 2026-12-31, or 30d.",
        clear="never",
    ),
)
BY_NAME = {field.name: field for field in FIELDS}


def in_order(*first: str) -> tuple[RuleField, ...]:
    """Return all fields, those that are named before the others."""
    return (*map(BY_NAME.__getitem__, first), *(f for f in FIELDS if f.name not in first))
