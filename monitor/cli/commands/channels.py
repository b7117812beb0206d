"""Commands about channels: where alerts go."""

import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from monitor.base.errors import Refusal, escaped
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session, pass_session
from monitor.views.channel import channel_shape
from monitor.views.delivery import delivery_shape
from storage.model import Channel, ChannelState, DeliveryState


@click.command("add-channel", cls=Command)
@click.argument("name", type=TEXT)
@click.argument("target", type=TEXT)
@click.option("--kind", type=TEXT, help="What TARGET is, where its host does not tell.")
@click.option(
    "--secret-file",
    type=click.Path(path_type=Path),
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
    from monitor.services.channels import add_channel
    from notifiers.kinds import KINDS

    secret = read_secret(secret_file, may_have_lines=True) if secret_file else None
    with session.storage() as storage, storage.transaction() as tx:
        channel = add_channel(
            tx,
            session.config.home,
            name=name,
            target=target,
            now=session.now(),
            kind=kind,
            secret=secret,
        )
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
    if not channels:
        command = session.config.command_name
        session.found_nothing(f"There is no channel. Add one: {command} add-channel NAME TARGET")
    if session.json:
        for channel in channels:
            output.emit(channel_shape(channel))
        return
    output.table(
        ("ID", "NAME", "KIND", "STATE", "TARGET", "WHY"),
        [
            (
                output.short_id(channel.id),
                channel.name,
                channel.kind,
                channel.state.value,
                channel.target,
                channel.state_reason,
            )
            for channel in channels
        ],
    )


@click.command("test-channel", cls=Command)
@click.argument("channel", type=TEXT)
@click.option(
    "--timeout",
    type=click.IntRange(1, 600),
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
    from monitor.pipeline.outbox import enqueue_test
    from monitor.services import channels as addressbook

    session = ctx.ensure_object(Session)
    with (
        session.app() as app,
        app.storage.hold_owner(app.owner),
        session.own_output(),
    ):
        with app.storage.transaction() as tx:
            found = addressbook.channel_named(tx, channel)
            if found.state is not ChannelState.ACTIVE:
                raise Refusal(_not_sent_to(found, session.config.command_name), misuse=False)
            owed = enqueue_test(tx, found, app.renderer.test, now=app.now())
        ended = [
            app.courier.deliver_now(each.id, timeout=timedelta(seconds=timeout)) for each in owed
        ]
    for each in ended:
        to = f" to {escaped(each.recipient)}" if each.recipient else ""
        what = (
            f"Delivered{to}."
            if each.state is DeliveryState.DELIVERED
            else (
                f"Not delivered{to}: {escaped(each.last_error or each.state_reason or each.state)}"
            )
        )
        session.show(delivery_shape(each, channel=found.name), what)
    if any(each.state is not DeliveryState.DELIVERED for each in ended):
        ctx.exit(1)


@click.command("pause-channel", cls=Command)
@click.argument("channel", type=TEXT)
@pass_session
def pause_channel(session: Session, channel: str) -> None:
    """Send nothing to a channel until it is enabled; what it is owed waits.

    \b
    Example:
        monitor pause-channel desk
    """
    from monitor.services import channels as addressbook

    with session.storage() as storage, storage.transaction() as tx:
        found = addressbook.channel_named(tx, channel)
        addressbook.pause_channel(tx, found)
        changed = tx.channels.get(found.id) or found
    session.show(channel_shape(changed), f"Channel {output.quoted(found.name)} is paused.")


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
    from monitor.services import channels as addressbook

    with session.storage() as storage, storage.transaction() as tx:
        found = addressbook.channel_named(tx, channel)
        count = addressbook.enable_channel(tx, found, now=session.now())
        changed = tx.channels.get(found.id) or found
    session.show(
        {**channel_shape(changed), "released": count},
        f"Channel {output.quoted(found.name)} is sent to again; "
        f"{output.counted(count, 'held delivery', 'held deliveries')} "
        f"{'goes' if count == 1 else 'go'} out.",
    )


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
    from monitor.services import channels as addressbook

    with session.storage() as storage:
        with storage.reading() as tx:
            found = addressbook.channel_named(tx, channel)
            rules = [rule for rule in tx.rules.all() if found.id in rule.channel_ids]
            living = {channel.id for channel in tx.channels.all()} - {found.id}
        users = [rule.name for rule in rules]
        silent = [rule.name for rule in rules if not living.intersection(rule.channel_ids)]
        session.confirm(_question(found, users), yes=yes)
        with storage.transaction() as tx:
            held = addressbook.remove_channel(tx, session.config.home, found)
            changed = tx.channels.get(found.id) or found
    shape: dict[str, Any] = {
        **channel_shape(changed),
        "held": held,
        "rules": users,
        "silent": silent,
    }
    session.show(shape, f"Channel {output.quoted(found.name)} is removed.")
    for name in users:
        if name not in silent:
            output.warn(f"Rule {output.quoted(name)} goes on telling its other channels.")
    for name in silent:
        output.warn(
            f"Warning: rule {output.quoted(name)} now tells nobody; mend it with: "
            f"{session.config.command_name} edit-rule {shlex.quote(escaped(name))} --notify CHANNEL"
        )


def _not_sent_to(channel: Channel, command: str) -> str:
    state = "paused" if channel.state is ChannelState.PAUSED else "switched off"
    return (
        f"channel {output.quoted(channel.name)} is {state}, so nothing is sent to it; first: "
        f"{command} enable-channel {shlex.quote(escaped(channel.name))}"
    )


def _question(channel: Channel, users: list[str]) -> str:
    count = len(users)
    named = f", which {count} {'rule names' if count == 1 else 'rules name'}" if users else ""
    return f"Remove channel {output.quoted(channel.name)}{named}?"
