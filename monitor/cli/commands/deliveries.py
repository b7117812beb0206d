"""Commands about deliveries: what is owed, and what became of it."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.params import SINCE, TEXT, Count
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.states import show_list
from monitor.views.delivery import RenderedShape, delivery_shape
from storage.model import DeliveryState

if TYPE_CHECKING:
    from monitor.preview.rendering import Rendered
    from monitor.services.deliveries import Owed


@click.command("list-deliveries", cls=Command)
@click.option("--open", "open_only", is_flag=True, help="Only those that are not final.")
@click.option("--held", is_flag=True, help="Only those that are held back.")
@click.option("--channel", type=TEXT, help="Only those to this channel.")
@click.option("--since", type=SINCE, help="Only those made since: 24h, 2026-11-24.")
@click.option("--limit", type=Count(min=1), metavar="N", help="At most N, newest first.")
@pass_session
def list_deliveries(
    session: Session,
    open_only: bool,
    held: bool,
    channel: str | None,
    since: datetime | None,
    limit: int | None,
) -> None:
    """List deliveries, newest first: what is owed, and what became of it.

    \b
    Example:
        monitor list-deliveries --open
    """
    from monitor.services.channels import channel_named
    from monitor.services.deliveries import with_subjects

    wanted = session.at_most(limit)
    with session.storage() as storage, storage.reading() as tx:
        channel_id = channel_named(tx, channel).id if channel else None
        deliveries = tx.outbox.recent(
            open_only=open_only,
            channel_id=channel_id,
            since=since,
            states=(DeliveryState.HELD,) if held else (),
            limit=wanted,
        )
        shown = with_subjects(tx, deliveries)
    now = session.now()
    show_list(
        session,
        shown,
        shape=delivery_shape,
        columns={
            "ID": lambda owed: output.short_id(owed.delivery.id),
            "MADE": lambda owed: show_age(owed.delivery.created_at, now=now),
            "CHANNEL": lambda owed: owed.channel_name,
            "TO": lambda owed: owed.delivery.recipient,
            "ABOUT": lambda owed: owed.about,
            "STATE": lambda owed: owed.delivery.state.value,
            "TRIES": lambda owed: owed.delivery.attempts,
            "NEXT": lambda owed: _next(owed, now),
            "WHY": lambda owed: owed.why and output.with_short_ids(owed.why),
        },
        nothing="Nothing is held back."
        if held
        else "Nothing is owed."
        if open_only
        else "No delivery.",
        whole="WHY",
    )
    session.say_if_cut(len(shown), limit)


def _next(owed: "Owed", now: datetime) -> str | None:
    return show_age(owed.next_at, now=now) if owed.next_at is not None else None


@click.command("redeliver", cls=Command)
@click.argument("delivery", required=False, type=TEXT)
@click.option("--since", type=SINCE, help="All that are dead or held, made since: 24h, 2026-11-24.")
@click.option("--again", is_flag=True, help="Though it was delivered already.")
@pass_session
def redeliver(session: Session, delivery: str | None, since: datetime | None, again: bool) -> None:
    """Send a delivery again, under the same id and with the same bytes.

    It goes out at once when the daemon runs, else at its next start. The code of an alert will do
    that one message told of.

    \b
    Example:
        monitor redeliver msg_a1b2c3
        monitor redeliver --since 24h
    """
    from monitor.services.deliveries import requeue_failed, requeue_one, with_channels

    if (delivery is None) == (since is None):
        raise Refusal("give the id of a delivery or an alert, or --since")
    with session.storage() as storage, storage.changing() as tx:
        if delivery is not None:
            requeued = [requeue_one(tx, delivery, again=again, now=session.now())]
        else:
            requeued = requeue_failed(tx, since=since, now=session.now())
        shown = with_channels(tx, requeued)
    if not requeued:
        raise Refusal("no delivery since then is dead or held", misuse=False)
    if session.json:
        for owed in shown:
            output.emit(delivery_shape(owed))
    else:
        count = len(requeued)
        output.say(f"{count} {'delivery is' if count == 1 else 'deliveries are'} due again.")


@click.command("render", cls=Command)
@click.argument("alert_or_rule", type=TEXT)
@click.option("--channel", type=TEXT, required=True, help="As this channel is sent it.")
@pass_session
def render(session: Session, alert_or_rule: str, channel: str) -> None:
    """Print the bytes that a channel is sent about an alert, or about a rule's newest alert.

    What was made already is printed as it was made. For a rule without an alert, the newest
    stored article that it matches is told as one. Nothing is stored or sent.

    \b
    Example:
        monitor render "Hanoi Convention" --channel desk
        monitor render a1b2c3 --channel desk > message.eml
    """
    import sys

    from monitor.preview.rendering import rendered

    with session.app() as app:
        message = rendered(
            app.storage,
            alert_or_rule,
            channel,
            render=app.sending.renderer.alert,
            now=session.now(),
        )
    if session.json:
        session.show(rendered_shape(message), "")
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(message.payload)
    if sys.stdout.isatty() and not message.payload.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")  # for the prompt; a file gets the bytes as they are
    sys.stdout.buffer.flush()


def rendered_shape(message: "Rendered") -> RenderedShape:
    """Return a rendered message."""
    return {
        "id": message.id,
        "kind": message.kind,
        "channel": message.channel,
        "recipient": message.recipient or None,
        "frozen": message.is_frozen,
        "payload": message.payload.decode("utf-8", "replace"),
    }
