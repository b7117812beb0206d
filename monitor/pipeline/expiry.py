"""One step: tell whoever a rule tells that it ends, the day before."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from common.records import dataclass
from common.zones import shown_in
from monitor.base.errors import Remedy, RemedyKind, quoted
from monitor.base.remedies import remedy_words
from monitor.pipeline.outbox import messages
from monitor.pipeline.whether_to_tell import ENDS_SOON
from monitor.quiet.policy import quiet_hours
from monitor.quiet.routing import told
from monitor.quiet.schedule import zone_of
from storage.api.storage import Storage, Transaction
from storage.model import Channel, Delivery, DeliveryKind, Rule

RenderNotice = Callable[[Channel, str, str, str], bytes]
"""(channel, delivery id, recipient, text) to the bytes to send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Owes a notice about each rule that ends within a day; about one end there is one.

    Attributes:
        zone: Of channels that name none; None for this machine's own.
    """

    storage: Storage
    render: RenderNotice
    now: Callable[[], datetime]
    zone: tzinfo | None

    def tell(self) -> int:
        """Owe what is to be told now; return how many notices were new."""
        now = self.now()
        with self.storage.reading() as tx:
            ending = tx.rules.ending(after=now, until=now + ENDS_SOON)
            wanted = [rule.id for rule in ending if _is_news(rule)]
            if not any(self._notices(tx, tx.rules.get(id_), now) for id_ in wanted):
                return 0
        with self.storage.transaction() as tx:
            return sum(tx.outbox.put(self._notices(tx, tx.rules.get(id_), now)) for id_ in wanted)

    def _notices(self, tx: Transaction, rule: Rule | None, now: datetime) -> list[Delivery]:
        """Return what is to be told about a rule and has not been."""
        if rule is None or rule.expires_at is None:
            return []
        owed = []
        for channel in told(tx.channels.all(), rule):
            zone = zone_of(channel.zone, self.zone)
            if quiet_hours(channel, now, zone) is not None:
                continue
            text = f"Rule {quoted(rule.name)} ends at {shown_in(rule.expires_at, zone)}"
            text += remedy_words(Remedy(RemedyKind.EXTEND_RULE, rule.name))

            def render(channel: Channel, id_: str, recipient: str, text: str = text) -> bytes:
                return self.render(channel, id_, recipient, text)

            subject = f"ends {rule.id} {rule.expires_at.isoformat()}"
            made = messages(tx, DeliveryKind.NOTICE, subject, channel, render, now=now)
            owed += [each for each in made if tx.outbox.get(each.id) is None]
        return owed


def _is_news(rule: Rule) -> bool:
    """Whether its end was not said on the very day that it was added."""
    return rule.expires_at is not None and rule.expires_at - rule.created_at > ENDS_SOON
