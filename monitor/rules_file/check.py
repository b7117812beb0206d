"""What a file asks for, made ready to be applied, and what is wrong with it beyond its form."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from common.records import dataclass
from ingester.kinds import FEED, FOLDER, spec_of
from monitor.base.errors import Refusal, clipped, did_you_mean, quoted
from monitor.base.names import CONSOLE
from monitor.base.remedies import worded
from monitor.base.times import parse_duration, parse_end
from monitor.quiet.backfill import USUAL, Backfill, parse_backfill
from monitor.quiet.schedule import parse_schedule
from monitor.rules_file.model import ChannelEntry, Problem, RuleEntry, RulesFile, SourceEntry
from monitor.rules_file.tree import Text
from monitor.services.channels import CONSOLE_TARGET
from monitor.services.fields.channel_fields import FIELDS as CHANNEL_FIELDS
from monitor.services.fields.channel_fields import ChannelField, Chosen
from monitor.services.fields.field_kind import FieldKind
from monitor.services.fields.rule_fields import BY_NAME, FIELDS, RuleChanges, RuleField
from monitor.services.fields.source_fields import READING, checked_every, checked_reading
from monitor.services.rules.queries import advice_on, checked_query
from monitor.services.rules.rules import language_of, languages_of, variant_of
from monitor.services.sources.sources import Place, identity_of, place_of
from notifiers.channels.targets import parse_target
from storage.model import Variant

EVERYTHING = "/.+/"
"""The query that a rule with `any: true` and no words of its own gets."""

MASK = "***"
MOST_OF_A_VARIANT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRule:
    """A rule as it shall be.

    Attributes:
        changes: Says everything that a file says about a rule.
        backfill: Of how much that is stored it is to tell when it is new.
    """

    entry: RuleEntry
    changes: RuleChanges
    backfill: Backfill = USUAL

    @property
    def query(self) -> str:
        """Its query."""
        return self.changes.query or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedSource:
    """A source as it shall be; `kind` is never None."""

    entry: SourceEntry
    place: Place
    kind: str
    every: timedelta
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedChannel:
    """A channel as it shall be.

    Attributes:
        target: As the file has it; None when it stands in a file of its own.
        chosen: Says everything that a file says about when and how much it is sent.
    """

    entry: ChannelEntry
    target: str | None
    chosen: Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a file asks for; whatever has a mistake is left out."""

    file: RulesFile
    rules: tuple[WantedRule, ...]
    sources: tuple[WantedSource, ...]
    channels: tuple[WantedChannel, ...]
    problems: tuple[Problem, ...]

    @property
    def mistakes(self) -> list[Problem]:
        """Why it cannot be applied."""
        return [problem for problem in self.problems if problem.kind == "mistake"]


def check(
    file: RulesFile,
    *,
    now: datetime,
    channels: Iterable[str],
    sources: Iterable[str],
    must_be_here: bool = True,
) -> Checked:
    """Return what the file asks for, with everything that is wrong with it.

    Args:
        channels, sources: The names of those that are there already.
        must_be_here: Whether the folders that it names must be on this machine.
    """
    checking = _Checking(file.path, now, must_be_here)
    wanted_channels = checking.each(file.channels, checking.channel)
    wanted_sources = checking.each(file.sources, checking.source)
    checking.once(wanted_sources)
    checking.channels = {CONSOLE, *channels, *(channel.name for channel in file.channels)}
    checking.sources = {*sources, *(source.name for source in file.sources if source.name)}
    wanted_rules = checking.each(file.rules, checking.rule)
    return Checked(
        file=file,
        rules=tuple(wanted_rules),
        sources=tuple(wanted_sources),
        channels=tuple(wanted_channels),
        problems=tuple(sorted([*file.problems, *checking.problems])),
    )


FileEntry = TypeVar("FileEntry", RuleEntry, SourceEntry, ChannelEntry)
Wanted = TypeVar("Wanted")


class _Checking:
    """Checks one entry after the other and collects what is wrong."""

    def __init__(self, path: Path, now: datetime, must_be_here: bool) -> None:
        self._folder = path.parent
        self._now = now
        self._must_be_here = must_be_here
        self._subject = ""
        self._mistakes = 0
        self.problems: list[Problem] = []
        self.channels: set[str] = set()
        self.sources: set[str] = set()

    def each(
        self, entries: Iterable[FileEntry], make: Callable[[FileEntry], Wanted]
    ) -> list[Wanted]:
        """Return what is made of those entries that are right."""
        made = []
        for entry in entries:
            self._subject = entry.subject
            before = self._mistakes
            try:
                wanted = make(entry)
            except Refusal as refusal:
                self.mistake(entry.line, worded(refusal))
                continue
            if self._mistakes == before:
                made.append(wanted)
        return made

    def mistake(self, line: int, text: str) -> None:
        """Note why the file cannot be applied."""
        self._mistakes += 1
        # What a check says about a named thing begins with its name, and so does the problem.
        self.problems.append(
            Problem(line, "mistake", self._subject, text.removeprefix(f"{self._subject}: "))
        )

    def note(self, line: int, text: str) -> None:
        """Note what its owner should know."""
        self.problems.append(Problem(line, "note", self._subject, text))

    def channel(self, entry: ChannelEntry) -> WantedChannel:
        """Check where a channel sends to, as far as that stands in the file."""
        chosen = {row.name: self._chosen(row, entry.given[row.name]) for row in CHANNEL_FIELDS}
        if entry.target is None:
            return WantedChannel(entry=entry, target=None, chosen=chosen)
        target = entry.target.value.strip()
        target = CONSOLE_TARGET if target == CONSOLE else target
        if MASK in target:  # stands for that of the stored channel, and is none by itself
            return WantedChannel(entry=entry, target=target, chosen=chosen)
        try:
            parsed = parse_target(target, kind=entry.kind)
        except ValueError as error:
            raise Refusal(str(error)) from None
        if MASK in parsed.shown:
            self.note(
                entry.target.line,
                "its target may hold a secret; put it into a file and write target_file: FILE",
            )
        return WantedChannel(entry=entry, target=target, chosen=chosen)

    def _chosen(self, row: ChannelField, texts: tuple[Text, ...]) -> object:
        parsed: list[object] = []
        for text in texts:
            with self._at(text.line):
                parsed.append(row.parsed(text.value))
        if len(parsed) > 1 and not row.has_parts:
            self.mistake(texts[1].line, f"expected {row.name}: to be one text")
        if not parsed or row.default in parsed:
            return row.default
        return tuple(dict.fromkeys(parsed)) if row.has_parts else parsed[0]

    def source(self, entry: SourceEntry) -> WantedSource:
        """Check where a source is to be found and how often it is polled."""
        kind = FOLDER if entry.is_folder else entry.kind or FEED
        every, said = None, entry.given.get("every")
        if said is not None:
            with self._at(said.line):
                every = parse_duration(said.value)
        with self._at(said.line if said else entry.line):
            every = checked_every(kind, every)
        return WantedSource(
            entry=entry,
            place=self._place(entry, kind),
            kind=kind,
            every=every or timedelta(0),
            options=self._options(entry, kind),
        )

    def _options(self, entry: SourceEntry, kind: str) -> dict[str, str]:
        options: dict[str, str] = {}
        for row in READING:
            text = entry.given.get(row.name)
            if text is not None:
                said = row.file_words.get(text.value, text.value)
                with self._at(text.line):
                    options |= checked_reading(kind, {row.name: said})
        return options

    def _place(self, entry: SourceEntry, kind: str) -> Place:
        if spec_of(kind).is_remote:
            return place_of(entry.location.value.strip(), kind)
        path = str(self._folder.absolute() / Path(entry.location.value).expanduser())
        try:
            return place_of(path, kind)
        except Refusal as refusal:
            if self._must_be_here:
                raise
            self.note(entry.location.line, worded(refusal))
            return Place(url=path, kind=kind)

    def once(self, wanted: Iterable[WantedSource]) -> None:
        """Refuse two sources at one place."""
        seen: dict[tuple[bool, str], int] = {}
        for source in wanted:
            self._subject = source.entry.subject
            key = identity_of(source.kind, source.place.url)
            line = source.entry.line
            if key in seen:
                self.mistake(line, f"is the same place twice (lines {seen[key]} and {line})")
            seen.setdefault(key, line)

    def rule(self, entry: RuleEntry) -> WantedRule:
        """Check everything about a rule but its examples."""
        query = self._query(entry)
        backfill = USUAL
        if entry.backfill is not None:
            with self._at(entry.backfill.line):
                backfill = parse_backfill(entry.backfill.value)
        self._names(entry.given.get("notify", ()), self.channels, "channel {} is not defined")
        self._names(entry.given.get("sources", ()), self.sources, "source {} is not followed")
        if entry.given.get("notify") == ():
            self.note(entry.line, "tells nobody: notify: names no channel")
        values: dict[str, object] = {"query": query, "name": entry.name}
        for name, texts in entry.given.items():
            value = self._value(BY_NAME[name], texts)
            if value is not None:
                values[name] = value
        if entry.variants:
            values["variants"] = tuple(self._variants(entry, query))
        changes = RuleChanges(
            **values,  # type: ignore[arg-type]  # as the rows say
            clear=tuple(field.name for field in FIELDS if field.name not in values),
        )
        return WantedRule(entry=entry, changes=changes, backfill=backfill)

    def _value(self, field: RuleField, texts: tuple[Text, ...]) -> object:
        """Return what a field shall be; None when nothing is said about it."""
        if field.kind is FieldKind.NAMES:
            return _values(texts)
        if field.kind is FieldKind.LANGUAGES:
            return self._languages(texts)
        if not texts:
            return None
        [text] = texts
        match field.kind:
            case FieldKind.COUNT:
                return int(text.value)
            case FieldKind.DATE:
                return self._date(text)
            case FieldKind.SCHEDULE:
                return self._schedule(text)
            case FieldKind.LANGUAGE:
                return self._language(text)
            case _:
                return text.value

    def _date(self, text: Text) -> datetime | None:
        with self._at(text.line):
            instant = parse_end(text.value)
            if instant <= self._now:
                self.note(text.line, f"has expired ({text.value})")
            return instant
        return None

    def _schedule(self, text: Text) -> str | None:
        if text.value == BY_NAME["digest"].clear:
            return None
        with self._at(text.line):
            return str(parse_schedule(text.value))
        return None

    def _query(self, entry: RuleEntry) -> str:
        query = entry.query.value.strip()
        if entry.any and query in ("", "*"):
            return EVERYTHING
        try:
            checked_query(query, anything=entry.any)
        except Refusal as refusal:
            first, newline, rest = str(refusal).partition("\n")
            if _is_everything(query) and not entry.any:
                first += "; use any: true if you mean that"
            self.mistake(entry.query.line, first + newline + rest)
            return query
        strictness = self._value(BY_NAME["strictness"], entry.given.get("strictness", ()))
        for advice in advice_on(query, strictness=str(strictness or "all")):
            self.note(entry.query.line, advice)
        return query

    def _names(self, names: Iterable[Text], known: set[str], text: str) -> None:
        for name in names:
            if name.value not in known:
                sentence = text.format(quoted(name.value))
                self.mistake(name.line, f"{sentence}{did_you_mean(name.value, known)}")

    def _languages(self, texts: Iterable[Text]) -> tuple[str, ...]:
        codes: list[str] = []
        for text in texts:
            with self._at(text.line):
                codes += languages_of(text.value)
        return tuple(dict.fromkeys(codes))

    def _language(self, text: Text) -> str | None:
        with self._at(text.line):
            return language_of(text.value)
        return None

    def _variants(self, entry: RuleEntry, query: str) -> Iterator[Variant]:
        seen = set()
        for written in entry.variants:
            with self._at(written.line):
                if len(written.text) > MOST_OF_A_VARIANT:
                    raise ValueError(f"a variant has at most {MOST_OF_A_VARIANT} characters")
                if written.of.casefold() not in query.casefold():
                    raise ValueError(f'of: "{clipped(written.of)}" does not stand in the query')
                variant = variant_of(f"{written.language}:{written.text}")
                variant = replace(variant, of=written.of)
                if variant.key in seen:
                    raise ValueError(f'variant "{clipped(written.text)}" stands there twice')
                seen.add(variant.key)
                yield variant

    @contextmanager
    def _at(self, line: int) -> Iterator[None]:
        """Note what the block raises, with this line."""
        try:
            yield
        except ValueError as error:
            self.mistake(line, str(error))
        except Refusal as refusal:
            self.mistake(line, worded(refusal))


def _is_everything(query: str) -> bool:
    """Whether all that is wrong with it is that it matches nearly everything."""
    try:
        checked_query(query, anything=True)
    except Refusal:
        return query.strip("*? ") == "" and query.strip() != ""
    return True


def _values(texts: Iterable[Text]) -> tuple[str, ...]:
    return tuple(text.value for text in texts)
