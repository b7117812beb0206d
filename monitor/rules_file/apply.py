"""Makes the store agree with a file, in one transaction; what is not in the file is left alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from common.records import dataclass
from monitor.base.errors import Refusal, quoted
from monitor.base.remedies import worded
from monitor.base.times import show_instant
from monitor.config import secrets as secret_files
from monitor.rules_file.check import MASK, Checked, WantedChannel, WantedRule, WantedSource
from monitor.rules_file.examples import Asked, asked
from monitor.rules_file.model import Problem
from monitor.rules_file.tree import Text
from monitor.services import channels as addressbook
from monitor.services.channels import Draft
from monitor.services.fields.channel_fields import FIELDS as CHANNEL_FIELDS
from monitor.services.fields.channel_fields import with_chosen
from monitor.services.fields.rule_fields import FIELDS, RuleField
from monitor.services.fields.source_fields import IN_FILE, SourceChanges, checked_every
from monitor.services.rules import rules as rulebook
from monitor.services.rules.variant_edits import shown
from monitor.services.sources import sources
from rules.expand.variants import Made
from storage.api.storage import Transaction
from storage.model import (
    Channel,
    Rule,
    RuleState,
    Source,
    SourceState,
    Variant,
    VariantState,
    stable_id,
)

Value = str | tuple[str, ...] | None
Action = Literal["add", "change", "remove"]
Noun = Literal["rule", "source", "channel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that becomes another.

    Attributes:
        fields: (name, as it was, as it is now) of what changes; of a secret no value is told.
        gathered: How many alerts the next digest tells, that what is changed had held back.
        unsent: How many deliveries are never sent, because what they were made for is gone.
    """

    action: Action
    noun: Noun
    name: str
    fields: tuple[tuple[str, Value, Value], ...] = ()
    gathered: int = 0
    unsent: int = 0


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What applying a file has come to, or would.

    Attributes:
        left: How many things of the sections that the file has are not in it, and stay.
        secrets: Channels whose settings are to be written once everything else has gone well.
        forgotten: Channels, as they were, whose settings are to be forgotten after the commit.
    """

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    left: int = 0
    secrets: list[Draft] = field(default_factory=list)
    forgotten: list[Channel] = field(default_factory=list)


def fresh_queries(stored: Iterable[Rule], checked: Checked) -> list[Asked]:
    """Return the queries whose variants are to be made: of new rules, and of changed ones."""
    known = {rule.name: (rule.query, rule.language) for rule in stored}
    return [asked(rule) for rule in checked.rules if known.get(rule.entry.name) != asked(rule)]


def drafts(checked: Checked, *, now: datetime) -> tuple[dict[str, Draft], list[Problem]]:
    """Return the channels of the file with their secrets, by name, and what is wrong with them.

    A target that is masked has no draft.
    """
    made: dict[str, Draft] = {}
    problems: list[Problem] = []
    for wanted in checked.channels:
        if MASK in (wanted.target or ""):
            continue
        try:
            made[wanted.entry.name] = _draft(wanted, checked.file.path.parent, now)
        except Refusal as refusal:
            subject, text = wanted.entry.subject, worded(refusal)
            text = text.removeprefix(f"{subject}: ")
            problems.append(Problem(wanted.entry.line, "mistake", subject, text))
    return made, problems


def _draft(wanted: WantedChannel, folder: Path, now: datetime) -> Draft:
    from monitor.base.files import read_secret

    def read(file: Text | None, *, may_have_lines: bool = True) -> str | None:
        if file is None:
            return None
        path = folder / Path(file.value).expanduser()
        return read_secret(path, may_have_lines=may_have_lines)

    entry = wanted.entry
    return addressbook.drafted(
        name=entry.name,
        target=wanted.target or read(entry.target_file, may_have_lines=False) or "",
        now=now,
        kind=entry.kind,
        secret=read(entry.secret_file),
        headers=read(entry.headers_file),
        chosen=wanted.chosen,
    )


class Applying:
    """Applies one file inside one open transaction.

    Raises:
        Refusal: From each step, when the store does not let it; the transaction is to be given up.
    """

    def __init__(self, tx: Transaction, checked: Checked, *, home: Path, now: datetime) -> None:
        self._tx = tx
        self._checked = checked
        self._home = home
        self._now = now
        self._names: dict[str, str] = {}
        self.outcome = Outcome()

    def run(
        self,
        made_channels: Mapping[str, Draft],
        made_variants: Mapping[Asked, Made],
        *,
        expansion: str,
        prune: bool,
    ) -> Outcome:
        """Do all of it.

        Args:
            made_channels: What `drafts` has returned.
            made_variants: What the lists give for the queries of `fresh_queries`.
            expansion: With which lists those were made.
        """
        self._tx.rules.hold()
        # Channels and sources first: rules name them.
        living = {channel.name: channel for channel in self._tx.channels.all()}
        for channel in self._checked.channels:
            self._channel(channel, living.get(channel.entry.name), made_channels)
        self._sources()
        rules = {rule.name: rule for rule in self._tx.rules.all()}
        for rule in self._checked.rules:
            made = made_variants.get(asked(rule))
            if made is not None:
                changes = replace(
                    rule.changes,
                    made=made.variants,
                    written_in=made.written_in,
                    expansion=expansion,
                )
                rule = replace(rule, changes=changes)
            self._rule(rule, rules.get(rule.entry.name))
        self._others(prune=prune)
        return self.outcome

    def _note(
        self,
        action: Action,
        noun: Noun,
        name: str,
        *fields: tuple[str, Value, Value],
        gathered: int = 0,
        unsent: int = 0,
    ) -> None:
        counts = {"gathered": gathered, "unsent": unsent}
        change = Change(action=action, noun=noun, name=name, fields=fields, **counts)
        self.outcome.changes.append(change)

    def _refuse(self, line: int, subject: str, text: str) -> Refusal:
        return Refusal(Problem(line, "mistake", subject, text).sentence(self._checked.file.path))

    def _channel(
        self, wanted: WantedChannel, old: Channel | None, made: Mapping[str, Draft]
    ) -> None:
        name = wanted.entry.name
        draft = made.get(name)
        if draft is None:
            if old is None or old.target != wanted.target:
                raise self._refuse(
                    wanted.entry.line,
                    wanted.entry.subject,
                    f"its target is masked ({MASK}); put the whole URL into a file and write "
                    "target_file: FILE",
                )
            self._chosen(old, wanted)
            return
        new = draft.channel
        if old is None:
            channel, _ = addressbook.put(self._tx, draft, now=self._now)
            self.outcome.secrets.append(replace(draft, channel=channel))
            self._note("add", "channel", name, ("target", None, new.target))
            return
        fields: list[tuple[str, Value, Value]] = []
        if (old.kind, old.target) != (new.kind, new.target):
            fields.append(("target", old.target, new.target))
            if old.kind != new.kind:
                fields.append(("kind", old.kind, new.kind))
        known = self._settings(old) if draft.settings else {}
        if draft.settings.items() - known.items():
            fields.append(("secret", None, None))
        if not fields:
            self._chosen(old, wanted)
            return
        fields += _differing(_channel_fields(old), _channel_fields(new))
        kept = known if old.kind == new.kind else {}
        draft = replace(draft, settings={**kept, **draft.settings})
        edited = addressbook.redirect(self._tx, old, draft, now=self._now)
        self.outcome.secrets.append(edited.draft)
        self.outcome.forgotten.append(old)
        counts = {"gathered": edited.gathered, "unsent": edited.unsent}
        self._note("change", "channel", name, *fields, **counts)

    def _chosen(self, old: Channel, wanted: WantedChannel) -> None:
        """Change when and how much a channel is sent, where it sends as it did."""
        new = with_chosen(old, wanted.chosen)
        fields = _differing(_channel_fields(old), _channel_fields(new))
        if not fields:
            self.outcome.unchanged += 1
            return
        edited = addressbook.redirect(self._tx, old, Draft(channel=new), now=self._now)
        self._note("change", "channel", old.name, *fields, gathered=edited.gathered)

    def _settings(self, channel: Channel) -> dict[str, str]:
        try:
            return dict(secret_files.read(self._home, channel))
        except secret_files.MissingTarget:
            return {}

    def _sources(self) -> None:
        followed = self._tx.sources.all()
        places = {sources.identity_of(source.kind, source.url): source for source in followed}
        names = {source.name: source.id for source in followed}
        for wanted in self._checked.sources:
            old = places.get(sources.identity_of(wanted.kind, wanted.place.url))
            name = wanted.entry.name
            if name is not None and name in names and (old is None or names[name] != old.id):
                raise self._refuse(
                    wanted.entry.line, wanted.entry.subject, "another source has this name"
                )
            if old is None:
                source = self._new_source(wanted, set(names))
                names[source.name] = source.id
            else:
                self._source(wanted, old)

    def _new_source(self, wanted: WantedSource, names: set[str]) -> Source:
        place = sources.name_of_place(wanted.kind, wanted.place.url)
        source = sources.new_source(
            kind=wanted.kind,
            url=wanted.place.url,
            name=wanted.entry.name or sources.free_name(place, names),
            now=self._now,
            wish=SourceChanges(
                every=wanted.every,
                tags=wanted.entry.tags,
                reading=wanted.options,
                backfill=wanted.entry.backfill,
            ),
        )
        self._tx.sources.add(source)
        self._note("add", "source", source.name, (source.kind, None, source.url))
        return source

    def _source(self, wanted: WantedSource, old: Source) -> None:
        entry = wanted.entry
        if entry.kind is not None and entry.kind != old.kind:
            raise self._refuse(
                entry.line,
                entry.subject,
                f"is followed as a {old.kind}, not as a {entry.kind}; remove it first",
            )
        every = wanted.every if "every" in entry.given else checked_every(old.kind, None)
        new = replace(
            old,
            name=entry.name or old.name,
            every=every,
            tags=entry.tags,
            options=wanted.options,
        )
        fields = _differing(_source_fields(old), _source_fields(new))
        if not fields:
            self.outcome.unchanged += 1
            return
        self._tx.sources.update(new)
        if new.name != old.name:
            sources.rename_in_rules(self._tx, old.name, new.name)
        self._note("change", "source", old.name, *fields)

    def _rule(self, wanted: WantedRule, old: Rule | None) -> None:
        name = wanted.entry.name
        if old is None:
            self._new_rule(wanted)
            return
        # What its owner has rejected stays so, though the file names it.
        rejected = tuple(
            variant
            for variant in old.variants
            if variant.kind == "user" and variant.state is VariantState.REJECTED
        )
        variants = (*rejected, *(wanted.changes.variants or ()))
        changes = replace(wanted.changes, name=None, variants=variants)
        same_query = asked(wanted) == (old.query, old.language)
        if same_query:
            changes = replace(changes, made=None, expansion=None)
        new = rulebook.with_changes(self._tx, old, changes, now=self._now)
        names = self._channel_names((*old.channel_ids, *new.channel_ids))
        fields = _differing(_rule_fields(old, names), _rule_fields(new, names))
        if not fields:
            self.outcome.unchanged += 1
            return
        _, told = rulebook.edit_rule(self._tx, old, changes, now=self._now, anything=True)
        self._note("change", "rule", name, *fields, gathered=told)

    def _new_rule(self, wanted: WantedRule) -> None:
        name, query = wanted.entry.name, wanted.query
        rule = Rule(
            id=stable_id("rule", name),
            name=name,
            query=query,
            # Rules are listed by when they were added: in the order of the file.
            created_at=self._now + timedelta(microseconds=len(self.outcome.changes)),
        )
        rule = wanted.backfill.given_to(rule, now=self._now)
        rule = rulebook.with_changes(self._tx, rule, wanted.changes, now=self._now)
        if not self._tx.rules.add(rule):
            other = self._tx.rules.get(rule.id)
            called = f" (now {quoted(other.name)})" if other else ""
            raise self._refuse(
                wanted.entry.line,
                wanted.entry.subject,
                f"another rule was called so when it was added{called}; choose another name",
            )
        names = self._channel_names(rule.channel_ids)
        told = tuple(names[id_] for id_ in rule.channel_ids)
        self._note("add", "rule", name, ("query", None, query), ("notify", None, told))

    def _channel_names(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of the channels by id; asked for again when one is new."""
        if not self._names.keys() >= set(ids):
            self._names = {channel.id: channel.name for channel in self._tx.channels.all()}
        return self._names

    def _others(self, *, prune: bool) -> None:
        """Remove what the file does not have, or count it, in the sections that it has."""
        others = {"rules": self._other_rules, "sources": self._other_sources}
        # Last of all: a channel that a rule tells stays, or the rule would tell nobody.
        others["channels"] = self._other_channels
        for section, remove in others.items():
            if section in self._checked.file.sections:
                remove(prune)

    def _other_rules(self, prune: bool) -> None:
        wanted = {rule.entry.name for rule in self._checked.rules}
        for rule in self._tx.rules.outlines():
            if rule.name not in wanted and self._goes(prune, "rule", rule.name):
                rulebook.set_state(self._tx, rule, RuleState.REMOVED, now=self._now)

    def _other_sources(self, prune: bool) -> None:
        places = {sources.identity_of(e.kind, e.place.url) for e in self._checked.sources}
        for source in self._tx.sources.all():
            is_wanted = sources.identity_of(source.kind, source.url) in places
            if not is_wanted and self._goes(prune, "source", source.name):
                sources.set_state(self._tx, source, SourceState.REMOVED, now=self._now)

    def _other_channels(self, prune: bool) -> None:
        wanted = {channel.entry.name for channel in self._checked.channels}
        used = {id_ for rule in self._tx.rules.outlines() for id_ in rule.channel_ids}
        for channel in self._tx.channels.all():
            if channel.name in wanted or channel.id in used:
                continue
            if self._goes(prune, "channel", channel.name):
                addressbook.remove_channel(self._tx, self._home, channel)
                self.outcome.forgotten.append(channel)

    def _goes(self, prune: bool, noun: Noun, name: str) -> bool:
        if prune:
            self._note("remove", noun, name)
        else:
            self.outcome.left += 1
        return prune


def _channel_fields(channel: Channel) -> Iterator[tuple[str, Value]]:
    for row in CHANNEL_FIELDS:
        value = getattr(channel, row.name)
        yield row.name, value if isinstance(value, tuple) else str(value or "") or None


def _source_fields(source: Source) -> Iterator[tuple[str, Value]]:
    for row in IN_FILE:
        if row.is_lasting:
            yield row.name, row.shown(source)


def _rule_fields(rule: Rule, channels: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    values = rulebook.values_of(rule, channels)
    for row in FIELDS:
        if row.name != "name":
            yield row.key, _told(row, values[row.name])


def _told(field: RuleField, value: object) -> Value:
    """Return a value of a rule as a diff tells it."""
    match value:
        case None:
            return None
        case tuple():
            parts = tuple(_told_part(part) for part in value)
            return tuple(sorted(parts)) if field.is_unordered else parts
        case datetime():
            return show_instant(value)
        case _:
            return str(value)


def _told_part(part: object) -> str:
    if not isinstance(part, Variant):
        return str(part)
    return shown(part) + (f" (for {part.of})" if part.of else "")


def _differing(
    old: Iterable[tuple[str, Value]], new: Iterable[tuple[str, Value]]
) -> list[tuple[str, Value, Value]]:
    pairs = zip(old, new, strict=True)
    return [(name, before, after) for (name, before), (_, after) in pairs if before != after]
