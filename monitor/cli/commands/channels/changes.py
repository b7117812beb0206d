"""Commands that add channels and change them."""

from pathlib import Path

import click

from monitor.base.counts import told_next, told_unsent
from monitor.base.errors import Remedy, RemedyKind, escaped
from monitor.base.remedies import remedy_words
from monitor.cli import output
from monitor.cli.channel_options import channel_options, chosen_by
from monitor.cli.commands.channels.states import chosen_of, trouble_of
from monitor.cli.params import LINE, PATH, TEXT
from monitor.cli.session import Command, Session, pass_session
from monitor.views.channel import (
    channel_shape,
)
from storage.model import Channel, ChannelState


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
    type=LINE,
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

    TARGET is an e-mail address (several: a@b,c@d), console:, or an https: URL; those of
    Slack, Discord, Teams, Mattermost, Telegram, Google Chat, Matrix, ntfy and Gotify are known
    by their hosts or paths (docs/channels.md). Secrets in it are kept in the data folder, never
    in the database.

    What a removed channel of this name and target was owed goes out now.

    \b
    Example:
        monitor add-channel desk you@example.com
        monitor add-channel hook https://example.com/hook --secret-file key
        monitor add-channel phone https://ntfy.sh/my-topic
        monitor add-channel asia console: --takes tag=asia --digest hourly
        monitor add-channel night console: --takes 'priority>=high'
    """
    from monitor.base.files import read_secret
    from monitor.services.channels import add_channel as add
    from monitor.services.channels import doubts_of, drafted

    secret = read_secret(secret_file, may_have_lines=True) if secret_file else None
    now = session.now()
    with session.storage() as storage, storage.changing() as tx:
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
        {**channel_shape(channel, trouble_here=trouble_of(session, channel)), "released": released},
        f"{is_there}{again}\n"
        f"Try it with: {session.config.command_name} test-channel "
        f"{output.shell_word(channel.name)}",
    )
    _warn_of_trouble(session, channel)
    _warn_of_doubts(doubts_of(draft))


def _warn_of_doubts(doubts: list[str]) -> None:
    for doubt in doubts:
        output.warn(f"Warning: {doubt}")


def _warn_of_trouble(session: Session, channel: Channel) -> None:
    trouble = trouble_of(session, channel)
    if trouble is None:
        return
    from notifiers.channels.kinds import KINDS

    if KINDS[channel.kind].needs_smtp and session.config.smtp is None:
        trouble += f", or run: {session.config.command_name} init"
    output.warn(f"Warning: {escaped(trouble)}")


@click.command("edit-channel", cls=Command)
@click.argument("channel", type=TEXT)
@click.option("--name", type=TEXT, help="Call it otherwise.")
@click.option("--target", type=TEXT, help="Send there from now on, also what is owed.")
@click.option("--kind", type=TEXT, help="What the target is, where its host does not tell.")
@click.option(
    "--secret-file",
    type=PATH,
    metavar="FILE|none",
    help="Sign webhooks with the secret in this file, also what is owed; none: do not.",
)
@click.option(
    "--header",
    "headers",
    type=LINE,
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
        monitor edit-channel desk --target new@example.com
        monitor edit-channel hook --secret-file new.secret
        monitor edit-channel desk --quiet 22:00-07:00 --zone Asia/Ho_Chi_Minh
    """
    from monitor.base.files import read_secret
    from monitor.services.channels import (
        ChannelChanges,
        channel_named,
        doubts_of,
        forget_replaced,
    )
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
        with storage.changing() as tx:
            old = channel_named(tx, channel)
            edited = edit(tx, session.config.home, old, changes, now=session.now())
        forget_replaced(session.config.home, edited)
    changed = edited.draft.channel
    lines = [
        f"Channel {output.quoted(changed.name)} is {changed.kind}: {escaped(changed.target)}",
        f"Chosen: {chosen}" if (chosen := chosen_of(changed)) else "",
        _go_out(edited.released) if edited.released else "",
        told_unsent(edited.unsent),
        "" if changed.state is ChannelState.ACTIVE else _is_not_sent_to(changed),
        told_next(edited.gathered),
    ]
    shape = channel_shape(changed, trouble_here=trouble_of(session, changed))
    session.show(
        {
            **shape,
            "released": edited.released,
            "unsent": edited.unsent,
            "gathered": edited.gathered,
        },
        "\n".join(filter(None, lines)),
    )
    _warn_of_trouble(session, changed)
    if secret:
        _warn_of_doubts(doubts_of(edited.draft))


def _go_out(count: int) -> str:
    owed = output.counted(count, "delivery", "deliveries")
    return f"{owed} that it is owed {'goes' if count == 1 else 'go'} out."


def _is_not_sent_to(channel: Channel) -> str:
    state = "paused" if channel.state is ChannelState.PAUSED else "switched off"
    remedy = Remedy(RemedyKind.ENABLE_CHANNEL, channel.name)
    words = remedy_words(remedy)
    return f"It is {state}, so nothing is sent to it{words.replace('first: ', 'go on with: ')}"
