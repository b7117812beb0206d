"""The registry of the kinds of channel."""

from notifiers.channels.kinds import KINDS, make_notifiers
from tests.unit.notifiers.samples import Smtp, tools


def test_every_kind_has_a_notifier_but_email_only_with_a_server() -> None:
    assert set(make_notifiers(tools())) == set(KINDS) - {"email"}
    assert set(make_notifiers(tools(smtp=Smtp()))) == set(KINDS)


def test_what_people_read_in_order_is_sent_one_at_a_time() -> None:
    together = {kind for kind, spec in KINDS.items() if spec.concurrency > 1}
    assert together == {"webhook"}
