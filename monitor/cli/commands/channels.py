"""Commands about channels: where alerts go."""

from datetime import timedelta
from pathlib import Path

import click

from monitor.base.errors import Remedy, RemedyKind, escaped
from monitor.base.remedies import remedy_words
from monitor.cli import output
from monitor.cli.params import PATH, TEXT, Count
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.states import change_state, show_list
from monitor.views.channel import EnabledChannelShape, RemovedChannelShape, channel_shape
from monitor.views.delivery import delivery_shape
from storage.api import Transaction
from storage.model import Channel, Delivery, DeliveryState


@click.command("add-channel", cls=Command)
@click.argument("name", type=TEXT)
@click.argument("target", type=TEXT)
@click.option("--kind", type=TEXT, help="What TARGET is, where its host does not tell.")
@click.option(
    "--secret-file",
    type=PATH,
    metavar="FILE",
    help="Sign webhooks with the secret in this file (whsec_...).",
)
@pass_session
def add_channel(
    session: Session, name: str, target: str, kind: str | None, secret_file: Path | None
) -> None:
    """Call TARGET by NAME, for rules to notify.

    TARGET is mailto:a@b (several: mailto:a@b,c@d), console:, or an https: URL; those of
    Slack, Discord, Teams and Mattermost are known by their hosts. Secrets in it are kept in
    the data folder, never in the database.

    \b
    Example:
        monitor add-channel desk mailto:you@example.com
        monitor add-channel hook https://example.com/hook --secret-file hook.secret
    """
    from monitor.base.files import read_secret
    from monitor.services.channels import add_channel as add
    from monitor.services.channels import drafted
    from notifiers.channels.kinds import KINDS

    secret = read_secret(secret_file, may_have_lines=True) if secret_file else None
    with session.storage() as storage, storage.transaction() as tx:
        draft = drafted(name=name, target=target, now=session.now(), kind=kind, secret=secret)
        channel = add(tx, session.config.home, draft)
    session.show(
        channel_shape(channel),
        f"Channel {output.quoted(channel.name)} is {channel.kind}: {escaped(channel.target)}\n"
        f"Try it with: {session.config.command_name} test-channel {channel.name}",
    )
    if KINDS[channel.kind].needs_smtp and session.config.smtp is None:
        command = session.config.command_name
        output.warn(
            f"Warning: no mail server is set: set MONITOR_SMTP_HOST, or run: {command} init"
        )


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
        shape=channel_shape,
        columns={
            "ID": lambda channel: output.short_id(channel.id),
            "NAME": lambda channel: channel.name,
            "KIND": lambda channel: channel.kind,
            "STATE": lambda channel: channel.state.value,
            "TARGET": lambda channel: channel.target,
            "WHY": lambda channel: channel.state_reason,
        },
        nothing=f"There is no channel. Add one: {command} add-channel NAME TARGET",
    )


@click.command("test-channel", cls=Command)
@click.argument("channel", type=TEXT)
@click.option(
    "--timeout",
    type=Count(1, 600),
    default=60,
    metavar="SECONDS",
    help="Wait so long when the daemon is already sending it.",
)
@click.pass_context
def test_channel(ctx: click.Context, channel: str, timeout: int) -> None:
    """Send a test message the way that alerts go, and say what became of it.

    \b
    Example:
        monitor test-channel desk
    """
    from monitor.services.channels import send_test

    session = ctx.ensure_object(Session)
    with session.app() as app, session.own_output():
        tested, ended = send_test(
            app.courier, channel, render=app.renderer.test, timeout=timedelta(seconds=timeout)
        )
    for delivery in ended:
        session.show(delivery_shape(delivery, channel=tested.name), _what_became_of(delivery))
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
    """Send nothing to a channel until it is enabled; what it is owed waits.

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
        sentence="Channel {} is paused.",
    )


@click.command("enable-channel", cls=Command)
@click.argument("channel", type=TEXT)
@pass_session
def enable_channel(session: Session, channel: str) -> None:
    """Send to a channel again that was paused, or switched off after a refusal.

    What was held for it goes out now.

    \b
    Example:
        monitor enable-channel desk
    """
    from monitor.services.channels import channel_named
    from monitor.services.channels import enable_channel as enable

    def change(tx: Transaction, enabled: Channel) -> EnabledChannelShape:
        changed, count = enable(tx, enabled, now=session.now())
        return {**channel_shape(changed), "released": count}

    change_state(session, channel, named=channel_named, change=change, sentence=_released)


def _released(shape: EnabledChannelShape) -> str:
    count = shape["released"]
    held = output.counted(count, "held delivery", "held deliveries")
    return f"Channel {{}} is sent to again; {held} {'goes' if count == 1 else 'go'} out."


@click.command("remove-channel", cls=Command)
@click.argument("channel", type=TEXT)
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def remove_channel(session: Session, channel: str, yes: bool) -> None:
    """Remove a channel and forget its secrets; what it is still owed is held.

    \b
    Example:
        monitor remove-channel desk --yes
    """
    from monitor.services.channels import channel_named, users_of
    from monitor.services.channels import remove_channel as remove

    def change(tx: Transaction, removed: Channel) -> RemovedChannelShape:
        users = users_of(tx, removed)
        changed, held = remove(tx, session.config.home, removed)
        shape = channel_shape(changed)
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
    for name in shape["rules"]:
        if name not in shape["silent"]:
            output.warn(f"Rule {output.quoted(name)} goes on telling its other channels.")
    for name in shape["silent"]:
        mending = Remedy(RemedyKind.NOTIFY_CHANNEL, escaped(name))
        words = remedy_words(mending, command=session.config.command_name)
        output.warn(f"Warning: rule {output.quoted(name)} now tells nobody{words}")


def _question(users: int) -> str:
    named = f", which {users} {'rule names' if users == 1 else 'rules name'}" if users else ""
    return f"Remove channel {{}}{named}?"
