"""The registry of the kinds of channel."""

from notifiers.channels.kinds import KINDS, make_notifiers
from tests.unit.notifiers.samples import Smtp, tools


def test_every_kind_has_a_notifier_but_email_only_with_a_server() -> None:
    assert set(make_notifiers(tools())) == set(KINDS) - {"email"}
    assert set(make_notifiers(tools(smtp=Smtp()))) == set(KINDS)


def test_mail_and_console_take_one_message_at_a_time() -> None:
    assert {kind: spec.concurrency for kind, spec in KINDS.items() if spec.concurrency == 1} == {
        "console": 1,
        "email": 1,
    }
