"""What somebody may choose about a source, one row a field; whatever names such fields asks here.

Options of commands, keys of a rules file and what is stored are made of these rows. Another way to
read sources is a row, a word in the `options` of the kinds that have it (`ingester.kinds`), and
what it is used for.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import timedelta

from common.records import dataclass
from ingester.kinds import FEED, FOLDER, FULL_TEXT, KINDS, SELECTOR, spec_of
from monitor.base.errors import Refusal, clipped
from monitor.base.times import show_duration
from monitor.services.fields.field_kind import FieldKind
from storage.model import Source

LONGEST_SELECTOR = 500
NO_SELECTOR = "none"
"""Said for a selector, it takes away the one there is."""

USUAL = timedelta(0)
"""Said for how often to look, it means as often as is usual for its kind."""

USUAL_WORD = "usual"
_LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanges:
    """What a source shall be; None leaves it as it is, or as it is by default.

    Attributes:
        tags: Given to it in addition.
        untag: Taken from it.
        is_untagged: Whether all tags that it had are taken from it.
        reading: How it shall be read, by the names of the fields that say so; what a field's
            `clear` holds leaves that to the source.
        backfill: As in `Source.backfill`.
    """

    name: str | None = None
    every: timedelta | None = None
    tags: tuple[str, ...] = ()
    untag: tuple[str, ...] = ()
    is_untagged: bool = False
    reading: Mapping[str, str] = field(default_factory=dict)
    backfill: int | None = None


Written = str | tuple[str, ...] | None
"""A value as people write it; None where there is nothing to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """An option that means one value of a field."""

    option: str
    value: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceField:
    """One row.

    Attributes:
        name: In `Source`, or in its options where it says how it is read; also its key in JSON
            and in a rules file.
        option: On the command line, without its dashes; "" for a switch, which has several.
        purpose: One sentence for the help when a source is added.
        editing: The same when it is changed, "" for the same; None if it can never be changed.
        choices: The words that a choice has.
        clear: What takes back what was chosen; None where the option itself can.
        file_words: What a rules file may say, and what that means; empty for any text.
        is_reading: Whether it says how the source is read.
        is_lasting: Whether it counts after the first poll, so that a rules file has to say it.
        check: Returns what is stored, None for as the source needs it; gets the source's kind and
            what was said. Raises Refusal. Of fields that say how the source is read.
        usual: What it is by default, as `shown` returns it.
    """

    name: str
    kind: FieldKind
    option: str = ""
    purpose: str = ""
    editing: str | None = ""
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    switches: tuple[Switch, ...] = ()
    clear: Switch | None = None
    file_words: Mapping[str, str] = field(default_factory=dict)
    is_reading: bool = False
    is_lasting: bool = True
    check: Callable[[str, str], str | None] = lambda _, said: said
    usual: Callable[[Source], Written] = lambda _: None

    def shown(self, source: Source) -> Written:
        """Return a source's value as people write it."""
        if self.is_reading:
            return source.options.get(self.name)
        value: timedelta | Written = getattr(source, self.name)
        return show_duration(value) if isinstance(value, timedelta) else value


def checked_every(kind: str, every: timedelta | None) -> timedelta:
    """Return the wished interval, or the kind's usual one.

    Raises:
        Refusal: It is shorter or longer than we poll.
    """
    spec = spec_of(kind)
    if every is None or every == USUAL:
        return spec.every
    if not spec.shortest <= every <= _LONGEST:
        raise Refusal(
            f"every {show_duration(every)} is too "
            f"{'often' if every < spec.shortest else 'seldom'}: a {spec.label} is polled "
            f"every {show_duration(spec.shortest)} to {show_duration(_LONGEST)}"
        )
    return every


def checked_reading(kind: str, said: Mapping[str, str]) -> dict[str, str]:
    """Return how a source is read as it is stored; what is not chosen is not in it.

    Raises:
        Refusal: Its kind has no such option, or what is said cannot be used.
    """
    options = {}
    for row in READING:
        value = row.check(kind, said[row.name]) if row.name in said else None
        if value is not None:
            options[row.name] = value
    return options


def kind_by(said: Mapping[str, str]) -> str | None:
    """Return the only kind that can be read as it is said; None when several can."""
    wanted = {name for name, value in said.items() if value}
    able = [kind for kind, spec in KINDS.items() if wanted <= spec.options]
    return able[0] if len(able) == 1 else None


def _full_text(kind: str, said: str) -> str | None:
    if said not in ("yes", "no"):
        return None
    spec = spec_of(kind)
    if FULL_TEXT not in spec.options:
        readers = [spec.label for spec in KINDS.values() if FULL_TEXT in spec.options]
        listed = f"{', '.join(readers[:-1])} and {readers[-1]}"
        raise Refusal(f"a {spec.label} is read as it is: full text is for {listed}")
    return said


def _selector(kind: str, said: str) -> str | None:
    selector = said.strip()
    if selector in ("", NO_SELECTOR):
        return None
    spec = spec_of(kind)
    if SELECTOR not in spec.options:
        raise Refusal(f"a {spec.label} has no links to select: a selector is for pages (kind page)")
    if len(selector) > LONGEST_SELECTOR:
        raise Refusal(f"the selector is over {LONGEST_SELECTOR} characters")
    from ingester.pages.lists.listing import SelectorProblemError, check_selector

    try:
        check_selector(selector)
    except SelectorProblemError as error:
        raise Refusal(clipped(str(error), 300)) from None
    return selector


FIELDS = (
    SourceField(
        name="name",
        option="name",
        kind=FieldKind.TEXT,
        purpose="What to call it; else what it calls itself.",
        editing="A new name; rules that name the source follow.",
    ),
    SourceField(
        name="kind",
        option="kind",
        kind=FieldKind.CHOICE,
        purpose="Do not guess.",
        editing=None,
        choices=tuple(KINDS),
        usual=lambda source: FEED if spec_of(source.kind).is_remote else FOLDER,
    ),
    SourceField(
        name="every",
        option="every",
        kind=FieldKind.DURATION,
        purpose="How often to look: 15m for URLs, 10s for folders.",
        editing="How often to look; usual, or none, takes back what was said.",
        usual=lambda source: show_duration(spec_of(source.kind).every),
    ),
    SourceField(
        name=FULL_TEXT,
        kind=FieldKind.SWITCH,
        switches=(
            Switch(
                option="full-text",
                value="yes",
                purpose="Fetch each article's page for its text; else done where a source gives "
                "summaries.",
            ),
            Switch(option="no-full-text", value="no", purpose="Never fetch the articles' pages."),
        ),
        clear=Switch(
            option="auto-text", value="auto", purpose="Fetch pages only where they are needed."
        ),
        file_words={"yes": "yes", "no": "no", "true": "yes", "false": "no"},
        is_reading=True,
        check=_full_text,
    ),
    SourceField(
        name=SELECTOR,
        option="selector",
        kind=FieldKind.TEXT,
        purpose="For a list page: which links are articles.",
        editing="For a list page: which links are articles; none takes it back.",
        metavar="CSS",
        is_reading=True,
        check=_selector,
    ),
    SourceField(
        name="tags",
        option="tag",
        kind=FieldKind.NAMES,
        purpose="A word to group sources by.",
        editing="One more word to group it by; none takes away those so far.",
        clear=Switch(option="untag", value="", purpose="A word to group it by no more."),
        usual=lambda _: (),
    ),
    SourceField(
        name="backfill",
        option="backfill",
        kind=FieldKind.COUNT,
        purpose="Let the newest N entries of the first poll raise alerts; else it is silent.",
        editing="As for add-source; before the first poll.",
        metavar="N",
        is_lasting=False,
    ),
)
"""In the order of the help."""

READING = tuple(row for row in FIELDS if row.is_reading)
IN_FILE = (*(row for row in FIELDS if not row.is_reading), *READING)
"""In the order of a rules file."""
