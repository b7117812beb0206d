"""One channel: how it is told, the very messages that it gets, adding, changing, removing."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from monitor.base.counts import told_next
from monitor.base.errors import Refusal, clipped
from monitor.base.names import one_named
from monitor.preview.rendering import rendered
from monitor.quiet.routing import is_told
from monitor.services import channels as book
from monitor.services.channel_trouble import doubts_here, trouble_here
from monitor.services.deliveries import with_channels, with_subjects
from monitor.services.fields.channel_fields import FIELDS, values_of
from monitor.web.api import writes
from monitor.web.base.desk import Desk
from monitor.web.base.messages import opened
from monitor.web.base.render import counted, filters
from notifiers.channels.kinds import KINDS
from storage.model import Channel

_SHOWN = 20
_MOST_TOLD = 500
"""Of a digest so many alerts are named, as many as a message may choose from."""


def show(desk: Desk, request: Request) -> Response:
    """Show a channel, with the form that changes it and a preview of what it gets."""
    app = desk.app
    wished = filters(request.query_params, ("about", "kind"))
    with app.storage.reading() as tx:
        channel = book.channel_named(tx, request.path_params["id"])
        recent = with_subjects(tx, tx.outbox.recent(channel_id=channel.id, limit=_SHOWN))
        newest = tx.alerts.recent(limit=1)
        rules = [rule for rule in desk.lately.rules(tx) if is_told(channel, rule)]
    about = wished["about"] or (newest[0].id if newest else "")
    return desk.page(
        request,
        "channel.html",
        values={
            "channel": channel,
            "rules": rules,
            "deliveries": recent,
            "trouble": trouble_here(app.config, channel),
            "doubts": doubts_here(app.config, channel),
            "fields": FIELDS,
            "values": {name: _shown(value) for name, value in values_of(channel).items()},
            "kinds": list(KINDS),
            "wished": {**wished, "kind": wished["kind"] or channel.kind},
            **_preview(desk, channel, about, wished["kind"] or None),
            "now": app.now(),
        },
    )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def _preview(desk: Desk, channel: Channel, about: str, kind: str | None) -> dict[str, object]:
    """Return the very message about an alert or a rule, or why there is none."""
    app = desk.app
    if kind is not None and kind not in KINDS:
        raise Refusal(f"kind: expected one of {', '.join(KINDS)}")
    if not about:
        why = "There is no alert yet; the first shows what it is sent."
        return {"message": None, "is_frozen": False, "why_not": why}
    try:
        message = rendered(
            app.storage,
            about,
            channel.id,
            render=app.sending.renderer.alert,
            now=app.now(),
            kind=kind,
        )
    except Refusal as refusal:
        return {"message": None, "is_frozen": False, "why_not": desk.worded(refusal)}
    return {"message": opened(message.payload), "is_frozen": message.is_frozen, "why_not": ""}


def add(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Add a channel."""
    asked = ("name", "target", "secret", "digest", "quiet", "zone")
    given = {name: text for name in asked if (text := _text(fields, name))}
    for needed in ("name", "target"):
        if needed not in given:
            raise Refusal(f"{needed}: it is needed")
    done = writes.add_channel(desk, request, given)
    sentence = f"Channel “{clipped(given['name'])}” is added. Send it a test."
    return desk.done(request, f"/channels/{done['id']}", sentence)


def edit(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Change a channel; its target and its secret only where others are given."""
    given: dict[str, object] = {
        name: text for name in ("name", "target", "secret") if (text := _text(fields, name))
    }
    for row in FIELDS:
        if row.name not in fields:
            continue
        text = _text(fields, row.name)
        if row.has_parts:
            given[row.name] = [part.strip() for part in text.split("\n") if part.strip()]
        else:
            given[row.name] = text or None
    done = writes.edit_channel(desk, request, given)
    sentence = f"Channel “{clipped(str(done['name']))}” is changed."
    if done["released"]:
        sentence += f" {counted(int(str(done['released'])), 'delivery', 'deliveries')} go out."
    sentence += f" {told_next(int(str(done['gathered'])))}"
    return desk.done(request, f"/channels/{done['id']}", sentence.strip())


def _text(fields: Mapping[str, str], name: str) -> str:
    return fields.get(name, "").strip()


def remove(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Remove a channel and forget its secrets; what it is owed is held."""
    done = writes.remove_channel(desk, request, {})
    sentence = f"Channel “{clipped(str(done['name']))}” is removed."
    if done["silent"]:
        sentence += " Some rules tell nobody now; Overview names them."
    return desk.done(request, "/channels", sentence)


def show_delivery(desk: Desk, request: Request) -> Response:
    """Show a delivery: its tries, the message as it went out, or will; of a digest its alerts."""
    with desk.app.storage.reading() as tx:
        word = request.path_params["id"]
        delivery = one_named("delivery", word, tx.outbox.find, lambda: ())
        [owed] = with_channels(tx, [delivery])
        attempts = tx.outbox.attempts(delivery.id)
        members = tx.held.members(delivery.id)
        told = with_subjects(tx, members[:_MOST_TOLD])
    values = {
        "told": told,
        "more": len(members) - len(told),
        "owed": owed,
        "delivery": delivery,
        "attempts": attempts,
        "message": opened(delivery.payload) if delivery.payload else None,
        "now": desk.app.now(),
    }
    return desk.page(request, "delivery.html", values=values)
