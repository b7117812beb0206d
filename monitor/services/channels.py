"""Channels: added, tested, switched on and off, removed. Their secrets stay out of the database."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import field, replace
from datetime import datetime
from hashlib import pbkdf2_hmac
from pathlib import Path
from types import MappingProxyType

from common.records import dataclass
from monitor.base.errors import Refusal, Remedy, RemedyKind, quoted
from monitor.base.names import CONSOLE, checked_name, one_named
from monitor.config import secrets
from monitor.quiet.held import let_go_by_channel, resume_channel
from monitor.quiet.routing import is_told, told
from monitor.quiet.schedule import STORY
from monitor.services.fields.channel_fields import Chosen, values_of, with_chosen
from monitor.services.mail_login import let_log_in
from notifiers.channels.kinds import KINDS
from notifiers.channels.targets import parse_target
from notifiers.spec import URL
from storage.api.storage import Transaction
from storage.model import (
    CHANNEL_REMOVED,
    Channel,
    ChannelState,
    stable_id,
)

CONSOLE_TARGET = "console:"

_SIGNED_WITH = "secret"
"""The setting that messages are signed with, where a kind has it."""

_HEADERS = "headers"
"""The setting that requests carry besides, where a kind has it."""

_CLOUD_EVENTS = "cloudevents"
"""The setting that makes CloudEvents of requests, where a kind has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A channel that could be added.

    Attributes:
        settings: What is secret about it, in the clear: for the secret store alone.
    """

    channel: Channel
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)


def drafted(
    *,
    name: str,
    target: str,
    now: datetime,
    kind: str | None = None,
    secret: str | None = None,
    headers: str | None = None,
    cloudevents: str | None = None,
    chosen: Chosen = MappingProxyType({}),
) -> Draft:
    """Return the channel that these make, checked; nothing is written.

    Args:
        target: `console:`, `a@b`, `mailto:a@b` or an http(s) URL.
        kind: What the user says it is; None to tell by the target.
        secret: What its messages are signed with.
        headers: What its requests carry besides: `Name: value`, one a line.
        cloudevents: "yes" when they are CloudEvents.
        chosen: When and how much it is sent, by the names of `channel_fields.FIELDS`.

    Raises:
        Refusal: The name, the target or a setting cannot be used.
    """
    name = checked_name(name)
    try:
        parsed = parse_target(target, kind=kind)
    except ValueError as error:
        raise Refusal(f"channel {quoted(name)}: {error}") from None
    settings = dict(parsed.settings) | _checked_settings(
        parsed.kind, {_SIGNED_WITH: secret, _HEADERS: headers, _CLOUD_EVENTS: cloudevents}
    )
    channel = Channel(
        id=stable_id("channel", name),
        name=name,
        kind=parsed.kind,
        target=parsed.shown,
        added_at=now,
        recipients=parsed.recipients,
        target_print=_print_of(parsed.kind, parsed.shown, settings),
        settings_id=_settings_id(settings, now),
    )
    usual = {"digest": STORY} if KINDS[channel.kind].by_story else {}
    channel = with_chosen(channel, {**usual, **chosen})
    _check_template(channel)
    return Draft(channel=channel, settings=settings)


def _check_template(channel: Channel) -> None:
    """Check that the kind can send what the template makes.

    Raises:
        Refusal: It cannot.
    """
    if channel.template and channel.kind in KINDS:
        try:
            KINDS[channel.kind].check_template(channel.template)
        except ValueError as error:
            raise Refusal(str(error)) from None


def _settings_id(settings: Mapping[str, str], now: datetime) -> str:
    return stable_id("settings", now.isoformat())[:13] if settings else ""


def _print_of(kind: str, shown: str, settings: Mapping[str, str]) -> str:
    """Return what tells whether another target is the same; dear to guess a target from."""
    whole = f"{kind} {settings.get(URL.key, shown)}"
    return pbkdf2_hmac("sha256", whole.encode(), b"target", 10_000).hex()[:32]


def add_channel(tx: Transaction, home: Path, draft: Draft, *, now: datetime) -> tuple[Channel, int]:
    """Add a channel, and write what is secret about it into the data folder.

    Return it, and how many deliveries go out that one of the same name and target was owed when it
    was removed.

    Raises:
        Refusal: The name is taken.
    """
    channel = draft.channel
    for old in tx.channels.all():
        if old.name == channel.name:
            raise Refusal(
                f"channel {quoted(channel.name)} is there already ({old.target}); "
                "choose another name",
                misuse=False,
                remedy=Remedy(RemedyKind.SEND_ELSEWHERE, channel.name),
            )
    channel, released = put(tx, draft, now=now)
    # Before the commit: nobody could send to a channel without its secrets.
    keep_secrets(home, [replace(draft, channel=channel)])
    return channel, released


def put(tx: Transaction, draft: Draft, *, now: datetime) -> tuple[Channel, int]:
    """Store a new channel, whose name nobody has; return it and how many deliveries go out now."""
    channel = draft.channel
    number = 1
    # One that was renamed since keeps the id that it was added with.
    while not tx.channels.add(channel):
        number += 1
        channel = replace(channel, id=stable_id("channel", channel.name, str(number)))
    released = tx.outbox.unhold(channel.id, now=now)
    resume_channel(tx, channel, now=now)
    return tx.channels.get(channel.id) or channel, released


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanges:
    """What is to become of a channel; None leaves as it is, "" takes back.

    Attributes:
        chosen: As in `drafted`.
    """

    name: str | None = None
    target: str | None = None
    kind: str | None = None
    secret: str | None = None
    headers: str | None = None
    cloudevents: str | None = None
    chosen: Chosen = field(default_factory=dict)

    @property
    def is_elsewhere(self) -> bool:
        """Whether it changes where or with which secrets is sent."""
        named = (self.target, self.kind, self.secret, self.headers, self.cloudevents)
        return any(value is not None for value in named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A channel that was changed.

    Attributes:
        old: As it was; its file of secrets is to be forgotten after the commit, if it is another.
        released: How many deliveries go to the new target.
        unsent: How many are never sent now, because what they were made for is gone.
        gathered: How many alerts one digest tells, that what was changed had held back.
    """

    old: Channel
    draft: Draft
    released: int = 0
    unsent: int = 0
    gathered: int = 0


def edit_channel(
    tx: Transaction, home: Path, channel: Channel, changes: ChannelChanges, *, now: datetime
) -> Edited:
    """Change a channel; what is secret about it is written, and the old to be forgotten later.

    Raises:
        Refusal: A change cannot be made, or there is none.
    """
    draft = _changed(home, channel, changes, now)
    if changes.name is not None:
        taken = (other.name for other in tx.channels.all() if other.id != channel.id)
        if draft.channel.name in taken:
            name = quoted(draft.channel.name)
            raise Refusal(f"channel {name} is there already; choose another name", misuse=False)
    if draft.channel.settings_id != channel.settings_id:
        keep_secrets(home, [draft])
    return redirect(tx, channel, draft, now=now)


def _changed(home: Path, channel: Channel, changes: ChannelChanges, now: datetime) -> Draft:
    """Return a channel as it is to be; its id and state are those that it has."""
    if changes == ChannelChanges():
        raise Refusal(
            "nothing to change was named; say what, such as where it sends, or its quiet hours"
        )
    name = channel.name if changes.name is None else checked_name(changes.name)
    if not changes.is_elsewhere:
        chosen = with_chosen(replace(channel, name=name), changes.chosen)
        _check_template(chosen)
        return Draft(channel=chosen)
    known: Mapping[str, str] = {}
    try:
        known = secrets.read(home, channel)
    except secrets.MissingTarget as missing:
        if changes.target is None:
            raise Refusal(str(missing), misuse=False) from None
    if changes.target is None and changes.kind not in (None, channel.kind):
        raise Refusal("another kind has other targets; name the target, too")
    target = changes.target if changes.target is not None else known.get(URL.key, channel.target)
    same = changes.kind or channel.kind
    asked = {
        _SIGNED_WITH: changes.secret,
        _HEADERS: changes.headers,
        _CLOUD_EVENTS: changes.cloudevents,
    }
    kept = {key: known.get(key) if value is None else value or None for key, value in asked.items()}
    try:
        kind = parse_target(target, kind=changes.kind).kind
    except ValueError:
        # What a target of this kind may look like tells nothing where its host tells all.
        kind = same
    if kind != channel.kind:
        kept = {key: value or None for key, value in asked.items()}
    named = changes.kind or (channel.kind if changes.target is None else None)
    draft = drafted(
        name=name,
        target=target,
        now=now,
        kind=named,
        secret=kept[_SIGNED_WITH],
        headers=kept[_HEADERS],
        cloudevents=kept[_CLOUD_EVENTS],
        chosen={**values_of(channel), **changes.chosen},
    )
    # Secrets lie under the id, which is not that of the name once a channel was renamed.
    return replace(draft, channel=replace(draft.channel, id=channel.id))


def redirect(tx: Transaction, old: Channel, draft: Draft, *, now: datetime) -> Edited:
    """Let a channel be what the draft is; its id, its state and what it is owed stay.

    Bytes are of a kind, and for a recipient: what was made for another is not sent.
    """
    old = _held(tx, old)
    same_kind = draft.channel.kind == old.kind
    same_target = (old.kind, old.target_print) == (draft.channel.kind, draft.channel.target_print)
    channel = replace(
        draft.channel,
        id=old.id,
        added_at=old.added_at if same_kind else now,
        not_before=old.not_before if same_target else None,
        state=old.state,
        state_reason=old.state_reason,
    )
    tx.channels.update(channel)
    gathered = let_go_by_channel(tx, old, channel, now=now)
    kept = channel.recipients if same_kind else ()
    unsent = tx.outbox.suppress(old.id, but_for=kept, reason="the channel sends elsewhere now")
    released = 0
    if channel.state is ChannelState.ACTIVE and channel.settings_id != old.settings_id:
        tx.channels.note(old.id, None, instead_of=old.state_reason)
        released = tx.outbox.unhold(old.id, now=now)
    made = Draft(channel=tx.channels.get(old.id) or channel, settings=draft.settings)
    return Edited(old=old, draft=made, released=released, unsent=unsent, gathered=gathered)


def forget_replaced(home: Path, edited: Edited) -> None:
    """Forget what was secret about a channel before it was changed; after the commit."""
    if edited.old.settings_id != edited.draft.channel.settings_id:
        secrets.forget(home, edited.old)


def add_console(tx: Transaction, *, now: datetime) -> Channel:
    """Return the channel that prints, added unless it is there."""
    channel = tx.channels.find(CONSOLE)
    if channel is not None and channel.name == CONSOLE:
        return channel
    channel = drafted(name=CONSOLE, target=CONSOLE_TARGET, now=now).channel
    tx.channels.add(channel)
    return channel


def channel_named(tx: Transaction, word: str) -> Channel:
    """Return the channel with this name or beginning of an id; raises as `names.one_named`."""
    return one_named("channel", word, tx.channels.find, tx.channels.all)


def pause_channel(tx: Transaction, channel: Channel) -> Channel:
    """Send nothing to the channel; what it is owed waits. One that is switched off stays so."""
    if _held(tx, channel).state is ChannelState.ACTIVE:
        tx.channels.set_state(channel.id, ChannelState.PAUSED, reason="paused by you")
    return tx.channels.get(channel.id) or channel


def _held(tx: Transaction, channel: Channel) -> Channel:
    """Return a channel as it stands, and as nobody changes it before the transaction ends.

    Whoever sends to it may have switched it off in this moment, and holds what it is owed.
    """
    return next(iter(tx.channels.lock([channel.id], alone=True)), channel)


MOST_ONE_BY_ONE = 5
"""So many alerts that were held while a channel was switched off are sent as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enabled:
    """A channel that is sent to again.

    Attributes:
        released: How many deliveries go out now.
        gathered: How many alerts one digest tells, that came while it was paused or switched off.
    """

    channel: Channel
    released: int
    gathered: int


def enable_channel(tx: Transaction, channel: Channel, *, now: datetime) -> Enabled:
    """Send to the channel again; one digest tells what many alerts would, that it was shut for."""
    tx.channels.set_state(channel.id, ChannelState.ACTIVE, reason=None)
    let_log_in(tx, channel, now=now)
    tx.held.gather(channel.id, more_than=MOST_ONE_BY_ONE, now=now)
    count = tx.outbox.unhold(channel.id, now=now)
    held = resume_channel(tx, channel, now=now)
    return Enabled(channel=tx.channels.get(channel.id) or channel, released=count, gathered=held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """The rules that tell a channel.

    Attributes:
        silent: Those of them that would tell nobody without it.
    """

    names: list[str]
    silent: list[str]


def users_of(tx: Transaction, channel: Channel) -> Users:
    """Return the rules that notify a channel."""
    rules = [rule for rule in tx.rules.outlines() if is_told(channel, rule)]
    others = [other for other in tx.channels.all() if other.id != channel.id]
    return Users(
        names=[rule.name for rule in rules],
        silent=[rule.name for rule in rules if not told(others, rule)],
    )


def remove_channel(tx: Transaction, home: Path, channel: Channel) -> int:
    """Remove a channel; return how many deliveries are held.

    They go out when a channel of this name and target is added again. What is secret about it is
    to be forgotten after the commit, which alone says that it is removed.
    """
    if not channel.target_print:  # it was added before there was one
        with suppress(secrets.MissingTarget):
            settings = secrets.read(home, channel)
            print_ = _print_of(channel.kind, channel.target, settings)
            tx.channels.update(replace(channel, target_print=print_))
    tx.channels.set_state(channel.id, ChannelState.REMOVED, reason=CHANNEL_REMOVED)
    return tx.outbox.hold(channel.id, reason=CHANNEL_REMOVED)


def keep_secrets(home: Path, drafts: Iterable[Draft]) -> None:
    """Write what is secret about channels."""
    for draft in drafts:
        if draft.settings:
            secrets.write(home, draft.channel, draft.settings)


def forget_secrets(home: Path, channels: Iterable[Channel]) -> None:
    """Forget what is secret about channels, as they were."""
    for channel in channels:
        secrets.forget(home, channel)


def doubts_of(draft: Draft) -> list[str]:
    """Return what speaks against secrets that can be used all the same, a sentence each."""
    if draft.channel.kind not in KINDS:
        return []
    setting_of = KINDS[draft.channel.kind].setting
    settings = ((setting_of(key), value) for key, value in draft.settings.items())
    doubts = (setting.doubt(value) for setting, value in settings if setting is not None)
    return [doubt for doubt in doubts if doubt]


def _checked_settings(kind: str, given: Mapping[str, str | None]) -> dict[str, str]:
    """Return what is given of a channel's further settings."""
    settings = {key: value for key, value in given.items() if value is not None}
    needed = KINDS[kind].setting(_SIGNED_WITH)
    if needed is not None and needed.is_needed and _SIGNED_WITH not in settings:
        raise Refusal(
            f"{KINDS[kind].name} takes nothing without {needed.name}",
            remedy=Remedy(RemedyKind.GIVE_SECRET),
        )
    for key, value in settings.items():
        setting = KINDS[kind].setting(key)
        if setting is None:
            remedy = Remedy(RemedyKind.LEAVE_SECRET_OUT) if key == _SIGNED_WITH else None
            what = {_SIGNED_WITH: "secret", _HEADERS: "headers"}.get(key, "CloudEvents")
            raise Refusal(f"{KINDS[kind].name} takes no {what}", remedy=remedy)
        try:
            setting.check(value)
        except ValueError as error:
            raise Refusal(str(error)) from None
    return settings
