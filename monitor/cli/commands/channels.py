"""Commands about channels: where alerts go."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from monitor.base.errors import Remedy, RemedyKind, escaped
from monitor.base.remedies import remedy_words
from monitor.cli import output
from monitor.cli.channel_options import channel_options, chosen_by
from monitor.cli.params import PATH, TEXT, Count
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.states import change_state, show_list
from monitor.views.channel import (
    ChannelShape,
    EnabledChannelShape,
    RemovedChannelShape,
    channel_shape,
)
from monitor.views.delivery import delivery_shape
from storage.api import Transaction
from storage.model import Channel, ChannelState, Delivery, DeliveryState


@click.command("add-channel", cls=Command)
@click.argument("name", type=TEXT)
@click.argument("target", type=TEXT)
@click.option("--kind", type=TEXT, help="What TARGET is, where its host does not tell.")
@click.option(
    "--secret-file",
    type=PATH,
    metavar="FILE",
    help="Sign webhooks with the secret in this file (whsec_...); or the token of a chat.",
)
@click.option(
    "--header",
    "headers",
    type=TEXT,
    multiple=True,
    metavar="NAME:VALUE",
    help="Send webhooks with this header, too; several times for several.",
)
@click.option("--cloudevents", is_flag=True, help="Send webhooks as CloudEvents.")
@channel_options
@pass_session
def add_channel(
    session: Session,
    /,
    name: str,
    target: str,
    kind: str | None,
    secret_file: Path | None,
    headers: tuple[str, ...],
    cloudevents: bool,
    **given: object,
) -> None:
    """Call TARGET by NAME, for rules to notify.

    TARGET is mailto:a@b (several: mailto:a@b,c@d), console:, or an https: URL; those of
    Slack, Discord, Teams, Mattermost, Telegram, Google Chat, Matrix, ntfy and Gotify are known
    by their hosts or paths (docs/channels.md). Secrets in it are kept in the data folder, never
    in the database.

    What a removed channel of this name and target was owed goes out now.

    \b
    Example:
        monitor add-channel desk mailto:you@example.com
        monitor add-channel hook https://example.com/hook --secret-file key
        monitor add-channel phone https://ntfy.sh/my-topic
        monitor add-channel asia console: --takes tag=asia --digest hourly
        monitor add-channel night console: --takes 'priority>=high'
    """
    from monitor.base.files import read_secret
    from monitor.services.channels import add_channel as add
    from monitor.services.channels import drafted

    secret = read_secret(secret_file, may_have_lines=True) if secret_file else None
    now = session.now()
    with session.storage() as storage, storage.transaction() as tx:
        draft = drafted(
            name=name,
            target=target,
            now=now,
            kind=kind,
            secret=secret,
            headers="\n".join(headers) or None,
            cloudevents="yes" if cloudevents else None,
            chosen=chosen_by(given),
        )
        channel, released = add(tx, session.config.home, draft, now=now)
    is_there = f"Channel {output.quoted(channel.name)} is {channel.kind}: {escaped(channel.target)}"
    again = f"\n{_go_out(released)}" if released else ""
    session.show(
        {**channel_shape(channel, trouble_here=_trouble(session, channel)), "released": released},
        f"{is_there}{again}\n"
        f"Try it with: {session.config.command_name} test-channel "
        f"{output.shell_word(channel.name)}",
    )
    _warn_of_mail(session, channel)


def _warn_of_mail(session: Session, channel: Channel) -> None:
    from notifiers.channels.kinds import KINDS

    if KINDS[channel.kind].needs_smtp and session.config.smtp is None:
        command = session.config.command_name
        output.warn(
            f"Warning: no mail server is set: set MONITOR_SMTP_HOST, or run: {command} init"
        )


def _trouble(session: Session, channel: Channel) -> str | None:
    from monitor.services.channels import trouble_here

    has_mail_server = session.config.smtp is not None
    return trouble_here(session.config.home, channel, has_mail_server=has_mail_server)


@click.command("edit-channel", cls=Command)
@click.argument("channel", type=TEXT)
@click.option("--name", type=TEXT, help="Call it otherwise.")
@click.option("--target", type=TEXT, help="Send there from now on, also what is owed.")
@click.option("--kind", type=TEXT, help="What the target is, where its host does not tell.")
@click.option(
    "--secret-file",
    type=click.Path(path_type=Path),
    metavar="FILE|none",
    help="Sign webhooks with the secret in this file, also what is owed; none: do not.",
)
@click.option(
    "--header",
    "headers",
    type=TEXT,
    multiple=True,
    metavar="NAME:VALUE|none",
    help="Send webhooks with these headers instead of those so far; none: with none.",
)
@click.option(
    "--cloudevents/--no-cloudevents", default=None, help="Send webhooks as CloudEvents, or not."
)
@channel_options
@pass_session
def edit_channel(
    session: Session,
    /,
    channel: str,
    name: str | None,
    target: str | None,
    kind: str | None,
    secret_file: Path | None,
    headers: tuple[str, ...],
    cloudevents: bool | None,
    **given: object,
) -> None:
    """Change a channel: where, when and how much it sends, its secret, its headers, its name.

    It counts at once, also for what is owed. Bytes stay as they are: what was made for another
    kind of channel, or for an address that it has no more, is not sent. What was chosen is taken
    back with none, as in --quiet none.

    \b
    Example:
        monitor edit-channel desk --target mailto:new@example.com
        monitor edit-channel hook --secret-file new.secret
        monitor edit-channel desk --quiet 22:00-07:00 --zone Asia/Ho_Chi_Minh
    """
    from monitor.base.files import read_secret
    from monitor.services.channels import ChannelChanges, channel_named, forget_replaced
    from monitor.services.channels import edit_channel as edit

    secret = None
    if secret_file is not None:
        taken_back = str(secret_file) == "none"
        secret = "" if taken_back else read_secret(secret_file, may_have_lines=True)
    header = None if not headers else "" if headers == ("none",) else "\n".join(headers)
    changes = ChannelChanges(
        name=name,
        target=target,
        kind=kind,
        secret=secret,
        headers=header,
        cloudevents={None: None, True: "yes", False: ""}[cloudevents],
        chosen=chosen_by(given),
    )
    with session.storage() as storage:
        with storage.transaction() as tx:
            old = channel_named(tx, channel)
            edited = edit(tx, session.config.home, old, changes, now=session.now())
        forget_replaced(session.config.home, edited)
    changed = edited.draft.channel
    lines = [
        f"Channel {output.quoted(changed.name)} is {changed.kind}: {escaped(changed.target)}",
        _go_out(edited.released) if edited.released else "",
        f"{output.counted(edited.unsent, 'delivery', 'deliveries')} to where it sent before "
        "will not be sent."
        if edited.unsent
        else "",
        "" if changed.state is ChannelState.ACTIVE else _is_not_sent_to(session, changed),
    ]
    shape = channel_shape(changed, trouble_here=_trouble(session, changed))
    session.show(
        {**shape, "released": edited.released, "unsent": edited.unsent},
        "\n".join(filter(None, lines)),
    )
    _warn_of_mail(session, changed)


def _go_out(count: int) -> str:
    owed = output.counted(count, "delivery", "deliveries")
    return f"{owed} that it is owed {'goes' if count == 1 else 'go'} out."


def _is_not_sent_to(session: Session, channel: Channel) -> str:
    state = "paused" if channel.state is ChannelState.PAUSED else "switched off"
    remedy = Remedy(RemedyKind.ENABLE_CHANNEL, channel.name)
    words = remedy_words(remedy, command=session.config.command_name)
    return f"It is {state}, so nothing is sent to it{words.replace('first: ', 'go on with: ')}"


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
        shape=lambda channel: channel_shape(channel, trouble_here=_trouble(session, channel)),
        columns={
            "ID": lambda channel: output.short_id(channel.id),
            "NAME": lambda channel: channel.name,
            "KIND": lambda channel: channel.kind,
            "STATE": lambda channel: channel.state.value,
            "TARGET": lambda channel: channel.target,
            "WHEN": _when,
            "WHY": lambda channel: channel.state_reason or _trouble(session, channel),
        },
        nothing=f"There is no channel. Add one: {command} add-channel NAME TARGET",
    )


def _when(channel: Channel) -> str:
    """Return what is chosen about when, how much and what a channel is sent."""
    from monitor.services.channel_fields import values_of

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
            app.courier,
            channel,
            render=app.renderer.test,
            patience=timedelta(seconds=timeout),
            pause=time.sleep,
        )
    for delivery in ended:
        session.show(delivery_shape(Owed(delivery, tested)), _what_became_of(delivery))
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

    def change(tx: Transaction, enabled: Channel) -> EnabledChannelShape:
        done = enable(tx, enabled, now=session.now())
        shape = channel_shape(done.channel, trouble_here=_trouble(session, done.channel))
        return {**shape, "released": done.released, "gathered": done.gathered}

    change_state(
        session,
        channel,
        named=channel_named,
        change=change,
        sentence=lambda shape: _released(shape, session.now()) + output.gathered(shape["gathered"]),
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
    return f"Channel {{}} is sent to{goes}.{here}"


@click.command("remove-channel", cls=Command)
@click.argument("channel", type=TEXT)
@click.option("--yes", is_flag=True, help="Do not ask.")
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
        words = remedy_words(mending, command=session.config.command_name)
        output.warn(f"Warning: rule {output.quoted(name)} now tells nobody{words}")


def _question(users: int) -> str:
    named = f", which {users} {'rule names' if users == 1 else 'rules name'}" if users else ""
    return f"Remove channel {{}}{named}?"
