"""Which channels are sent a rule's alerts."""

import pytest

from monitor.quiet.routing import checked_take, is_told, takes, told
from storage.model import ChannelState
from tests.builders import a_channel, a_rule

ASIA = a_rule(tags=("asia", "law"), priority="high")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("tag=asia", "tag=asia"),
        (" tag = two words ", "tag=two words"),
        ("priority>=high", "priority>=high"),
        ("priority >= HIGH", "priority>=high"),
        ("priority=low", "priority=low"),
    ],
)
def test_what_a_channel_takes_is_read(text: str, stored: str) -> None:
    assert checked_take(text) == stored


@pytest.mark.parametrize("text", ["", "asia", "tag=", "priority>high", "priority>=urgent", "x=y"])
def test_what_nobody_can_take_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected tag=WORD or priority>=WORD"):
        checked_take(text)


@pytest.mark.parametrize(
    ("wanted", "is_taken"),
    [
        (("tag=asia",), True),
        (("tag=europe",), False),
        (("tag=europe", "tag=law"), True),
        (("priority>=normal",), True),
        (("priority>=critical",), False),
        (("priority=high",), True),
        (("priority=low", "priority=high"), True),
        (("tag=asia", "priority>=high"), True),
        (("tag=asia", "priority>=critical"), False),
        (("tag=europe", "priority>=high"), False),
    ],
)
def test_one_of_the_tags_and_one_of_the_priorities(wanted: tuple[str, ...], is_taken: bool) -> None:
    assert takes(a_channel(takes=wanted), ASIA) is is_taken


def test_a_channel_that_says_what_it_takes_gets_that_and_nothing_else() -> None:
    taking = a_channel("asia", takes=("tag=asia",))
    plain = a_channel("desk")
    assert is_told(taking, ASIA)
    assert not is_told(plain, ASIA)
    named = a_rule("other", channel_ids=(taking.id, plain.id))
    assert not is_told(taking, named)
    assert is_told(plain, named)
    removed = a_channel("desk", state=ChannelState.REMOVED)
    assert not is_told(removed, named)


def test_channels_that_a_rule_names_come_first() -> None:
    one, two, taking = a_channel("one"), a_channel("two"), a_channel("a", takes=("priority>=low",))
    rule = a_rule(channel_ids=(two.id, one.id))
    assert told([one, taking, two], rule) == [two, one, taking]
