"""A login that the mail server refused too often is tried once more when somebody mended it."""

from datetime import datetime

from notifiers.channels.kinds import KINDS
from storage.api.storage import Storage, Transaction
from storage.model import Channel

_LOGIN = "login of mail let at"


def let_log_in(tx: Transaction, channel: Channel, *, now: datetime) -> None:
    """Have a login tried once more, in every process, that the mail server refused too often.

    Who enables or tests a channel says that it was mended.
    """
    spec = KINDS.get(channel.kind)
    if spec is not None and spec.needs_smtp:
        tx.meta.set(_LOGIN, now.isoformat())


def login_let_at(storage: Storage) -> datetime | None:
    """Return when somebody last had the mail server's login tried once more."""
    with storage.reading() as tx:
        noted = tx.meta.get(_LOGIN)
    return datetime.fromisoformat(noted) if noted else None
