"""Leaving the list that an e-mail came over: the link shows a button, and the button does it."""

from starlette.requests import Request
from starlette.responses import Response

from monitor.services import deliveries
from monitor.services.deliveries import Reader
from monitor.silences.tokens import delivery_of_token, key_in
from monitor.web.base.desk import Desk

PATH = "/leave/"
"""Who has a link may do what it is for, and needs no login."""


def show(desk: Desk, request: Request) -> Response:
    """Show who would leave which channel, and the button: a program that looks changes nothing."""
    app = desk.app
    with app.storage.reading() as tx:
        reader = deliveries.reader_of(tx, _delivery_id(desk, request))
    return _page(desk, request, reader, has_left=False)


def leave(desk: Desk, request: Request) -> Response:
    """Send nothing more to whoever the link was sent to; a mail program posts by itself, too."""
    app = desk.app
    with app.storage.changing() as tx:
        sent = _delivery_id(desk, request)
        reader = deliveries.leave(tx, app.config.home, sent, now=app.now())
    app.sending.collect_secrets()
    return _page(desk, request, reader, has_left=True)


def _delivery_id(desk: Desk, request: Request) -> str | None:
    return delivery_of_token(key_in(desk.app.config.home), request.path_params["token"])


def _page(desk: Desk, request: Request, reader: Reader, *, has_left: bool) -> Response:
    values = {
        "channel": reader.channel.name,
        "recipient": reader.recipient,
        "has_left": has_left,
    }
    return desk.page(request, "leave.html", values=values)
