"""Channels: added, tested, switched on and off, removed. Their secrets stay out of the database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.base.errors import Refusal, Remedy, RemedyKind, clipped
from monitor.base.names import checked_name, one_named
from monitor.config import secrets
from monitor.pipeline.outbox import enqueue_test
from notifiers.channels.kinds import KINDS
from notifiers.channels.targets import parse_target
from storage.api import Transaction
from storage.model import (
    CHANNEL_REMOVED,
    Channel,
    ChannelState,
    Delivery,
    stable_id,
)

if TYPE_CHECKING:
    from monitor.pipeline.deliver import Courier

CONSOLE = "console"
"""The channel of rules that name none."""

CONSOLE_TARGET = "console:"

_SIGNED_WITH = "secret"
"""The setting that messages are signed with, where a kind has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A channel that could be added.

    Attributes:
        settings: What is secret about it, in the clear: for the secret store alone.
    """

    channel: Channel
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)


def drafted(
    *, name: str, target: str, now: datetime, kind: str | None = None, secret: str | None = None
) -> Draft:
    """Return the channel that these make, checked; nothing is written.

    Args:
        target: `console:`, `mailto:a@b` or an http(s) URL.
        kind: What the user says it is; None to tell by the target.
        secret: What its messages are signed with.

    Raises:
        Refusal: The name, the target or the secret cannot be used.
    """
    name = checked_name(name)
    try:
        parsed = parse_target(target, kind=kind)
    except ValueError as error:
        raise Refusal(f'channel "{clipped(name)}": {error}') from None
    settings = dict(parsed.settings)
    if secret is not None:
        settings[_SIGNED_WITH] = _checked_secret(parsed.kind, secret)
    channel = Channel(
        id=stable_id("channel", name),
        name=name,
        kind=parsed.kind,
        target=parsed.shown,
        added_at=now,
        recipients=parsed.recipients,
    )
    return Draft(channel=channel, settings=settings)


def add_channel(tx: Transaction, home: Path, draft: Draft) -> Channel:
    """Add a channel, and write what is secret about it into the data folder.

    Raises:
        Refusal: The name is taken.
    """
    channel = draft.channel
    old = tx.channels.get(channel.id)
    if old is not None and old.state is not ChannelState.REMOVED:
        raise Refusal(
            f'channel "{clipped(channel.name)}" is there already ({old.target}); '
            f"choose another name, or remove it first",
            misuse=False,
        )
    if draft.settings:
        # Before the commit: a channel without its secrets would hold its alerts.
        secrets.write(home, channel.id, draft.settings)
    tx.channels.add(channel)
    return channel


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


def send_test(
    courier: "Courier",
    word: str,
    *,
    render: Callable[[Channel, str, str], bytes],
    timeout: timedelta,
) -> tuple[Channel, list[Delivery]]:
    """Send a channel a test message, the way that alerts go; return what became of it.

    Args:
        word: As `channel_named` takes it.
        render: Makes the message: (channel, delivery id, recipient).
        timeout: How long to wait for a daemon that is already sending it.

    Raises:
        Refusal: There is no such channel, or nothing is sent to it now.
    """
    with courier.storage.hold_owner(courier.owner):
        with courier.storage.transaction() as tx:
            channel = channel_named(tx, word)
            if channel.state is not ChannelState.ACTIVE:
                state = "paused" if channel.state is ChannelState.PAUSED else "switched off"
                raise Refusal(
                    f'channel "{clipped(channel.name)}" is {state}, so nothing is sent to it',
                    misuse=False,
                    remedy=Remedy(RemedyKind.ENABLE_CHANNEL, channel.name),
                )
            owed = enqueue_test(tx, channel, render, now=courier.now())
        return channel, [courier.deliver_now(test.id, timeout=timeout) for test in owed]


def pause_channel(tx: Transaction, channel: Channel) -> Channel:
    """Send nothing to the channel; what it is owed waits."""
    tx.channels.set_state(channel.id, ChannelState.PAUSED, reason="paused by you")
    return tx.channels.get(channel.id) or channel


def enable_channel(tx: Transaction, channel: Channel, *, now: datetime) -> tuple[Channel, int]:
    """Send to the channel again; return it, and how many held deliveries go out now."""
    tx.channels.set_state(channel.id, ChannelState.ACTIVE, reason=None)
    count = tx.outbox.unhold(channel.id, now=now)
    return tx.channels.get(channel.id) or channel, count


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """The rules that notify a channel.

    Attributes:
        silent: Those of them that would tell nobody without it.
    """

    names: list[str]
    silent: list[str]


def users_of(tx: Transaction, channel: Channel) -> Users:
    """Return the rules that notify a channel."""
    rules = [rule for rule in tx.rules.all() if channel.id in rule.channel_ids]
    others = {other.id for other in tx.channels.all()} - {channel.id}
    return Users(
        names=[rule.name for rule in rules],
        silent=[rule.name for rule in rules if not others.intersection(rule.channel_ids)],
    )


def remove_channel(tx: Transaction, home: Path, channel: Channel) -> tuple[Channel, int]:
    """Remove the channel and forget its secrets.

    Return it, and how many deliveries are held for ever.
    """
    count = retire(tx, channel)
    secrets.forget(home, channel.id)
    return tx.channels.get(channel.id) or channel, count


def retire(tx: Transaction, channel: Channel) -> int:
    """Remove the channel but not its secrets, which no transaction can bring back."""
    tx.channels.set_state(channel.id, ChannelState.REMOVED, reason=CHANNEL_REMOVED)
    return tx.outbox.hold(channel.id, reason=CHANNEL_REMOVED)


def keep_secrets(home: Path, settings: Mapping[str, Mapping[str, str]]) -> None:
    """Write what is secret about channels, by id."""
    for channel_id, values in settings.items():
        secrets.write(home, channel_id, values)


def forget_secrets(home: Path, channel_ids: Iterable[str]) -> None:
    """Forget what is secret about channels."""
    for channel_id in channel_ids:
        secrets.forget(home, channel_id)


def _checked_secret(kind: str, secret: str) -> str:
    setting = KINDS[kind].setting(_SIGNED_WITH)
    if setting is None:
        raise Refusal(
            f"{KINDS[kind].name} takes no signing secret",
            remedy=Remedy(RemedyKind.LEAVE_SECRET_OUT),
        )
    try:
        setting.check(secret)
    except ValueError as error:
        raise Refusal(str(error)) from None
    return secret
