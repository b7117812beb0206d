"""Commands that list channels, try, pause, enable and remove them."""

from datetime import datetime, timedelta

import click

from monitor.base.checkout import shell_word
from monitor.base.errors import Remedy, RemedyKind, escaped, quoted
from monitor.base.remedies import remedy_words
from monitor.cli import output
from monitor.cli.params import TEXT, Count
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.states import change_state, show_list
from monitor.views.channel import (
    ChannelShape,
    EnabledChannelShape,
    RemovedChannelShape,
    channel_shape,
)
from monitor.views.delivery import delivery_shape
from storage.api.storage import Transaction
from storage.model import Channel, ChannelState, Delivery, DeliveryState


def trouble_of(session: Session, channel: Channel) -> str | None:
    """Return why this machine cannot send to the channel, or None."""
    from monitor.services.channel_trouble import trouble_here

    return trouble_here(session.config, channel)


@click.command("list-channels", cls=Command)
@pass_session
def list_channels(session: Session) -> None:
    """List the channels.

    \b
    Example:
        monitor list-channels
    """
    with session.storage() as storage, storage.reading() as tx:
        channels = tx.channels.all()
    command = session.config.command_name
    show_list(
        session,
        channels,
        shape=lambda channel: channel_shape(channel, trouble_here=trouble_of(session, channel)),
        columns={
            "ID": lambda channel: output.short_id(channel.id),
            "NAME": lambda channel: channel.name,
            "KIND": lambda channel: channel.kind,
            "STATE": lambda channel: channel.state.value,
            "TARGET": lambda channel: channel.target,
            "WHEN": chosen_of,
            "WHY": lambda channel: channel.state_reason or trouble_of(session, channel),
        },
        nothing=f"There is no channel. Add one: {command} add-channel NAME TARGET",
        whole="TARGET",
    )


def chosen_of(channel: Channel) -> str:
    """Return what is chosen about when, how much and what a channel is sent."""
    from monitor.services.fields.channel_fields import values_of

    chosen = values_of(channel)
    takes = chosen.pop("takes")
    parts = [f"{name.replace('_', ' ')} {value}" for name, value in chosen.items() if value]
    taken = [f"takes {', '.join(takes)}"] if isinstance(takes, tuple) and takes else []
    return "; ".join((*taken, *parts))


@click.command("test-channel", cls=Command)
@click.argument("channel", type=TEXT)
@click.option(
    "--timeout",
    type=Count(1, 600),
    default=60,
    metavar="SECONDS",
    help="Wait so long for a receiver that has asked for a pause.",
)
@click.pass_context
def test_channel(ctx: click.Context, channel: str, timeout: int) -> None:
    """Send a test message the way that alerts go, once, and say what became of it.

    \b
    Example:
        monitor test-channel desk
    """
    import time

    from monitor.services.deliveries import Owed, send_test

    session = ctx.ensure_object(Session)
    with session.app() as app, session.own_output():
        tested, ended = send_test(
            app.sending.courier,
            channel,
            render=app.sending.renderer.test,
            patience=timedelta(seconds=timeout),
            pause=time.sleep,
        )
    for delivery in ended:
        session.show(delivery_shape(Owed(delivery, tested)), _what_became_of(delivery))
    if tested.state is ChannelState.DISABLED:
        again = f"{session.config.command_name} enable-channel {shell_word(tested.name)}"
        output.warn(
            f"Channel {quoted(tested.name)} is switched off now; when that is mended: {again}"
        )
    if any(delivery.state is not DeliveryState.DELIVERED for delivery in ended):
        ctx.exit(1)


def _what_became_of(delivery: Delivery) -> str:
    to = f" to {escaped(delivery.recipient)}" if delivery.recipient else ""
    if delivery.state is DeliveryState.DELIVERED:
        return f"Delivered{to}."
    why = delivery.last_error or delivery.state_reason or delivery.state
    return f"Not delivered{to}: {escaped(why)}"


@click.command("pause-channel", cls=Command)
@click.argument("channel", type=TEXT)
@pass_session
def pause_channel(session: Session, channel: str) -> None:
    """Send nothing to a channel until it is enabled; what comes meanwhile is told in one digest.

    \b
    Example:
        monitor pause-channel desk
    """
    from monitor.services.channels import channel_named
    from monitor.services.channels import pause_channel as pause

    change_state(
        session,
        channel,
        named=channel_named,
        change=lambda tx, paused: channel_shape(pause(tx, paused)),
        sentence=_paused,
    )


def _paused(shape: ChannelShape) -> str:
    if shape["state"] == ChannelState.DISABLED.value:
        return (
            f"Channel {{}} is switched off already ({escaped(shape['state_reason'] or '')}), "
            "so nothing is sent to it."
        )
    return "Channel {} is paused; what comes meanwhile is told in one digest when it is enabled."


@click.command("enable-channel", cls=Command)
@click.argument("channel", type=TEXT)
@pass_session
def enable_channel(session: Session, channel: str) -> None:
    """Send to a channel again that was paused, or switched off after a refusal.

    What it is owed goes out now, or when its receiver takes messages again. What came while it
    was paused comes as one digest, and so do more than five alerts that it was switched off for.

    \b
    Example:
        monitor enable-channel desk
    """
    from monitor.services.channels import channel_named
    from monitor.services.channels import enable_channel as enable

    why: list[str] = []

    def change(tx: Transaction, enabled: Channel) -> EnabledChannelShape:
        if enabled.state is ChannelState.DISABLED and enabled.state_reason:
            why.append(f"\nIt was switched off: {escaped(enabled.state_reason)}.")
        done = enable(tx, enabled, now=session.now())
        shape = channel_shape(done.channel, trouble_here=trouble_of(session, done.channel))
        return {**shape, "released": done.released, "gathered": done.gathered}

    change_state(
        session,
        channel,
        named=channel_named,
        change=change,
        sentence=lambda shape: (
            _released(shape, session.now()) + output.gathered(shape["gathered"]) + "".join(why)
        ),
    )


def _released(shape: EnabledChannelShape, now: datetime) -> str:
    count = shape["released"]
    owed = f"; {output.counted(count, 'delivery', 'deliveries')} that it is owed"
    asked = shape["not_before"]
    waits = asked is not None and datetime.fromisoformat(asked) > now
    when = f"after {asked}, as its receiver asked" if waits else "now"
    goes = f"{owed} {'goes' if count == 1 else 'go'} out {when}" if count else ""
    trouble = shape["trouble_here"]
    here = f"\nWarning: nothing can be sent from here: {escaped(trouble)}" if trouble else ""
    return f"Channel {{}} is sent to again{goes}.{here}"


@click.command("remove-channel", cls=Command)
@click.argument("channel", type=TEXT)
@click.option("--yes", is_flag=True, help="Do not ask; needed without a terminal.")
@pass_session
def remove_channel(session: Session, channel: str, yes: bool) -> None:
    """Remove a channel and forget its secrets; what it is still owed is held.

    That goes out when a channel of this name and target is added again.

    \b
    Example:
        monitor remove-channel desk --yes
    """
    from monitor.services.channels import channel_named, forget_secrets, users_of
    from monitor.services.channels import remove_channel as remove

    gone: list[Channel] = []

    def change(tx: Transaction, removed: Channel) -> RemovedChannelShape:
        users = users_of(tx, removed)
        held = remove(tx, session.config.home, removed)
        gone[:] = [removed]
        shape = channel_shape(tx.channels.get(removed.id) or removed)
        return {**shape, "held": held, "rules": users.names, "silent": users.silent}

    shape = change_state(
        session,
        channel,
        named=channel_named,
        change=change,
        sentence="Channel {} is removed.",
        question=lambda tx, removed: _question(len(users_of(tx, removed).names)),
        yes=yes,
    )
    forget_secrets(session.config.home, gone)
    for name in shape["rules"]:
        if name not in shape["silent"]:
            output.warn(f"Rule {output.quoted(name)} goes on telling its other channels.")
    for name in shape["silent"]:
        mending = Remedy(RemedyKind.NOTIFY_CHANNEL, escaped(name))
        words = remedy_words(mending)
        output.warn(f"Warning: rule {output.quoted(name)} now tells nobody{words}")


def _question(users: int) -> str:
    named = f", which {users} {'rule names' if users == 1 else 'rules name'}" if users else ""
    return f"Remove channel {{}}{named}?"
