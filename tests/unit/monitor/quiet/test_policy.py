"""Whether an alert is sent now or held back: one table."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from common.words.registry import WORDS, words_of
from monitor.base.checkout import command_name
from monitor.quiet.policy import STORM_LIMIT, Case, Spent, decide
from storage.model import ChannelState, RuleState
from storage.quiet import HoldReason
from storage.silence import Silence
from tests.builders import a_channel, a_rule

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = datetime(2026, 3, 2, 23, 20, tzinfo=HANOI).astimezone(UTC)
DAY = datetime(2026, 3, 3, 10, 20, tzinfo=HANOI).astimezone(UTC)
RULE, DESK = a_rule(), a_channel()
SILENCE = Silence(
    id="silence", reason="known", created_at=DAY, until=DAY + timedelta(days=9), query="x"
)


def hanoi(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI).astimezone(UTC)


def a_case(**changes: Any) -> Case:
    """By day, of a plain rule, to a plain channel that was sent nothing."""
    rule = replace(RULE, **changes.pop("rule", {}))
    channel = replace(DESK, **changes.pop("channel", {}))
    spent = Spent(**changes.pop("spent", {}))
    case = Case(rule=rule, channel=channel, now=DAY, zone=HANOI, spent=spent)
    return replace(case, **changes)


SENT: list[tuple[str, dict[str, Any]]] = [
    ("plain", {}),
    ("outside of quiet hours", {"channel": {"quiet": "22:00-07:00"}}),
    (
        "critical in quiet hours",
        {"now": NIGHT, "channel": {"quiet": "22:00-07:00"}, "rule": {"priority": "critical"}},
    ),
    (
        "critical to a channel with a digest",
        {"channel": {"digest": "hourly"}, "rule": {"priority": "critical"}},
    ),
    (
        "critical beyond the hour's share",
        {
            "channel": {"max_per_hour": 2, "max_per_day": 2},
            "spent": {"this_hour": 2},
            "rule": {"priority": "critical"},
        },
    ),
    ("within the day's share", {"rule": {"max_per_day": 3}, "spent": {"today": 1}}),
    ("within the hour's share", {"channel": {"max_per_hour": 3}, "spent": {"this_hour": 1}}),
    ("as many as before a storm", {"spent": {"last_minute": STORM_LIMIT - 2}}),
]


@pytest.mark.parametrize("changes", [case for _, case in SENT], ids=[name for name, _ in SENT])
def test_it_is_sent_now(changes: dict[str, Any]) -> None:
    decision = decide(a_case(**changes))
    assert (decision.hold, decision.why, decision.note) == (None, None, "")


HELD: list[tuple[str, dict[str, Any], HoldReason, str, str | None]] = [
    (
        "a rule's digest",
        {"rule": {"digest": "daily@08:00"}},
        *(HoldReason.DIGEST, RULE.id, "2026-03-04T08:00"),
    ),
    (
        "a rule's digest, though critical",
        {"rule": {"digest": "hourly", "priority": "critical"}},
        *(HoldReason.DIGEST, RULE.id, "2026-03-03T11:00"),
    ),
    (
        "a rule's digest before its channel's",
        {"rule": {"digest": "daily@08:00"}, "channel": {"digest": "hourly"}},
        *(HoldReason.DIGEST, RULE.id, "2026-03-04T08:00"),
    ),
    (
        "a channel's digest",
        {"channel": {"digest": "weekly@mon-08:00"}},
        *(HoldReason.DIGEST, DESK.id, "2026-03-09T08:00"),
    ),
    (
        "a digest that falls into quiet hours waits for their end",
        {"rule": {"digest": "daily@23:00"}, "channel": {"quiet": "22:00-07:00"}},
        *(HoldReason.DIGEST, RULE.id, "2026-03-04T07:00"),
    ),
    (
        "quiet hours",
        {"now": NIGHT, "channel": {"quiet": "22:00-07:00"}, "rule": {"priority": "high"}},
        *(HoldReason.QUIET, DESK.id, "2026-03-03T07:00"),
    ),
    (
        "the channel's digest before quiet hours, whose end would be one more",
        {"now": NIGHT, "channel": {"quiet": "22:00-07:00", "digest": "daily@17:00"}},
        *(HoldReason.DIGEST, DESK.id, "2026-03-03T17:00"),
    ),
    (
        "the channel's digest that falls into quiet hours",
        {"now": NIGHT, "channel": {"quiet": "22:00-07:00", "digest": "hourly"}},
        *(HoldReason.DIGEST, DESK.id, "2026-03-03T07:00"),
    ),
    (
        "the day's share",
        {"rule": {"max_per_day": 3}, "spent": {"today": 3}},
        *(HoldReason.BUDGET, RULE.id, "2026-03-04T00:00"),
    ),
    (
        "the day's share, with quiet hours at midnight",
        {"rule": {"max_per_day": 3}, "spent": {"today": 5}, "channel": {"quiet": "22:00-07:00"}},
        *(HoldReason.BUDGET, RULE.id, "2026-03-04T07:00"),
    ),
    (
        "the channel's day, before its hour is asked",
        {
            "channel": {"max_per_day": 4, "max_per_hour": 2},
            "spent": {"all_today": 4, "this_hour": 2},
        },
        *(HoldReason.BUDGET, DESK.id, "2026-03-04T00:00"),
    ),
    (
        "the hour's share",
        {"channel": {"max_per_hour": 2}, "spent": {"this_hour": 2}},
        *(HoldReason.BUDGET, DESK.id, "2026-03-03T11:00"),
    ),
    (
        "a storm",
        {"spent": {"last_minute": STORM_LIMIT}, "rule": {"priority": "critical"}},
        *(HoldReason.STORM, DESK.id, "2026-03-03T10:21"),
    ),
    (
        "a storm of what quiet hours let pass",
        {
            "now": NIGHT,
            "channel": {"quiet": "22:00-07:00"},
            "spent": {"last_minute": STORM_LIMIT},
            "rule": {"priority": "critical"},
        },
        *(HoldReason.STORM, DESK.id, "2026-03-02T23:21"),
    ),
    (
        "what comes while a roll-up waits",
        {"spent": {"in_storm": True}},
        *(HoldReason.STORM, DESK.id, "2026-03-03T10:21"),
    ),
    (
        "a paused rule",
        {"rule": {"state": RuleState.PAUSED, "digest": "hourly"}},
        *(HoldReason.PAUSED, RULE.id, None),
    ),
    (
        "a paused channel",
        {"channel": {"state": ChannelState.PAUSED}},
        *(HoldReason.PAUSED, DESK.id, None),
    ),
    ("what was there before", {"is_old": True}, HoldReason.BACKFILL, RULE.id, None),
    (
        "a silence, whatever else",
        {"silence": SILENCE, "rule": {"priority": "critical", "state": RuleState.PAUSED}},
        *(HoldReason.SILENCED, SILENCE.id, "2026-03-12T10:20"),
    ),
]


@pytest.mark.parametrize(
    ("changes", "reason", "of", "due"), [case[1:] for case in HELD], ids=[case[0] for case in HELD]
)
def test_it_is_held_back(
    changes: dict[str, Any], reason: HoldReason, of: str, due: str | None
) -> None:
    decision = decide(a_case(**changes))
    assert decision.hold is not None
    assert (decision.hold.reason, decision.hold.of) == (reason, of)
    assert decision.hold.due_at == (hanoi(due) if due else None)
    assert decision.why
    assert decision.note == ""


def test_the_last_message_of_a_budget_says_that_the_rest_waits_and_where_to_see_it() -> None:
    last = decide(a_case(rule={"max_per_day": 3}, spent={"today": 2}))
    assert last.hold is None
    assert last.note == (
        'Message 3 of 3 today for rule "rail strike": whatever else comes waits for one digest at '
        f"2026-03-04 00:00 UTC+07 (look it up: {command_name()} list-alerts --held)"
    )
    last = decide(a_case(channel={"max_per_hour": 1}))
    assert "Message 1 of 1 this hour" in last.note
    assert "at 2026-03-03 11:00 UTC+07" in last.note
    last = decide(a_case(channel={"max_per_day": 3}, spent={"all_today": 2}))
    assert last.note.startswith("Message 3 of 3 today: whatever")
    assert "at 2026-03-04 00:00 UTC+07" in last.note
    last = decide(a_case(spent={"last_minute": STORM_LIMIT - 1}))
    assert f"Message {STORM_LIMIT} within a minute" in last.note


def test_a_limit_that_is_set_below_what_was_sent_says_how_much_that_was() -> None:
    spent = {"today": 5, "is_told_today": False}
    note = decide(a_case(rule={"max_per_day": 1}, spent=spent)).note
    assert note.startswith(
        'The limit of 1 a day for rule "rail strike" is used up: 5 were sent today'
    )
    assert decide(a_case(rule={"max_per_day": 1}, spent={"today": 5})).note == ""
    spent = {"all_today": 5, "is_told_all_today": False}
    note = decide(a_case(channel={"max_per_day": 1}, spent=spent)).note
    assert note.startswith("The limit of 1 a day is used up: 5 were sent today")


def test_the_last_message_is_told_in_the_readers_language() -> None:
    case = a_case(rule={"max_per_day": 3}, spent={"today": 2}, words=words_of("vi"))
    assert decide(case).note.startswith("Tin nhắn 3 trên 3 hôm nay cho quy tắc “rail strike”: ")


@pytest.mark.parametrize("code", WORDS)
def test_every_reason_and_every_limit_has_words_in_each_language(code: str) -> None:
    words = WORDS[code]
    assert set(words.held) == set(HoldReason)
    for forms in words.held.values():
        assert all(form.format(n=7).count("7") == 1 for form in forms)
    assert set(words.last_of) == {"day", "all_day", "hour", "minute"}
    for of in ("day", "all_day", "hour"):
        assert "7" in words.used_up[of].format(n=3, sent=7, rule="R")
    said = words.rest_waits.format(what="WHAT", time="TIME", look_up="LOOK")
    assert {"WHAT", "TIME", "LOOK"} <= set(re.findall("[A-Z]{4}", said))


def test_why_is_told_in_words() -> None:
    assert decide(a_case(silence=SILENCE)).why == "silenced until 2026-03-12 10:20 UTC+07: known"
    quiet = a_case(now=NIGHT, channel={"quiet": "22:00-07:00"})
    assert decide(quiet).why == "quiet hours 22:00-07:00"
