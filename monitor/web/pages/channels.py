"""Channels and deliveries: what waits and why, what died and why, and trying again."""

from collections.abc import Mapping
from datetime import timedelta
from time import sleep

from starlette.requests import Request
from starlette.responses import Response

from monitor.base.errors import Refusal, clipped
from monitor.quiet.routing import is_told
from monitor.services import channels as book
from monitor.services.channel_trouble import doubts_here, trouble_here
from monitor.services.deliveries import requeue_one, send_test, with_subjects
from monitor.web.base.desk import Desk, number
from monitor.web.base.render import counted, filters
from storage.model import ChannelState, DeliveryState

SHOWN = 100
TEST_PATIENCE = timedelta(seconds=5)


def show_all(desk: Desk, request: Request) -> Response:
    """Show all channels, and what waits for them."""
    app = desk.app
    with app.storage.reading() as tx:
        channels = tx.channels.all()
        open_ones = with_subjects(tx, tx.outbox.recent(open_only=True, limit=1_000))
        dead = with_subjects(tx, tx.outbox.recent(states=[DeliveryState.DEAD], limit=20))
        rules = desk.lately.rules(tx)
    waiting: dict[str, int] = {}
    for owed in open_ones:
        waiting[owed.delivery.channel_id] = waiting.get(owed.delivery.channel_id, 0) + 1
    rows = [
        {
            "channel": channel,
            "waiting": waiting.get(channel.id, 0),
            "rules": [rule.name for rule in rules if is_told(channel, rule)],
            "trouble": trouble_here(app.config, channel),
            "doubts": doubts_here(app.config, channel),
        }
        for channel in channels
    ]
    return desk.page(
        request,
        "channels.html",
        values={
            "rows": rows,
            "open_ones": open_ones[:20],
            "dead": dead,
            "now": app.now(),
        },
    )


def show_deliveries(desk: Desk, request: Request) -> Response:
    """Show deliveries, newest first."""
    chosen = filters(request.query_params, ("state", "channel"))
    limit = number(request.query_params, "limit", default=SHOWN, low=1, high=1_000)
    states = [state for state in DeliveryState if state.value == chosen["state"]]
    if chosen["state"] and not states:
        raise Refusal(f"state: expected one of {', '.join(DeliveryState)}")
    with desk.app.storage.reading() as tx:
        channel = book.channel_named(tx, chosen["channel"]) if chosen["channel"] else None
        recent = tx.outbox.recent(
            channel_id=channel.id if channel else None, states=states, limit=limit
        )
        deliveries = with_subjects(tx, recent)
        channels = tx.channels.all()
    return desk.page(
        request,
        "deliveries.html",
        values={
            "deliveries": deliveries,
            "channels": channels,
            "states": list(DeliveryState),
            "chosen": chosen,
            "limit": limit,
            "now": desk.app.now(),
        },
    )


def test(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Send a channel a test message, the whole real way."""
    app = desk.app
    channel, ended = send_test(
        app.sending.courier,
        request.path_params["id"],
        render=app.sending.renderer.test,
        patience=TEST_PATIENCE,
        pause=sleep,
    )
    failed = [delivery for delivery in ended if delivery.state is not DeliveryState.DELIVERED]
    if failed:
        why = failed[0].last_error or failed[0].state_reason or "nobody knows why"
        raise Refusal(f"the test did not reach “{clipped(channel.name)}”: {why}", misuse=False)
    return desk.done(request, "/channels", f"“{clipped(channel.name)}” took the test message.")


def set_state(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Pause or enable a channel."""
    asked = fields.get("to", "")
    with desk.app.storage.changing() as tx:
        channel = book.channel_named(tx, request.path_params["id"])
        name = clipped(channel.name)
        if asked == "pause":
            book.pause_channel(tx, channel)
            sentence = f"“{name}” is paused; what it is owed waits."
        elif asked == "enable":
            done = book.enable_channel(tx, channel, now=desk.app.now())
            owed = counted(done.released, "owed delivery goes out", "owed deliveries go out")
            sentence = f"“{name}” is {ChannelState.ACTIVE.value}; {owed}"
            sentence += (
                f", and {counted(done.gathered, 'alert')} as one digest." if done.gathered else "."
            )
        else:
            raise Refusal("to: expected pause or enable")
    return desk.done(request, "/channels", sentence)


def retry(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Make a delivery due again that is dead or held."""
    with desk.app.storage.changing() as tx:
        word = request.path_params["id"]
        delivery = requeue_one(tx, word, again="again" in fields, now=desk.app.now())
    return desk.done(request, "/channels", f"{delivery.id} goes out again.")
