"""A story that goes on is told of as its rule wants, and what waited for it is told at last."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from ingester.entry import Entry, Polled
from ingester.stories.signature import Signer
from monitor.explain import outcomes
from monitor.explain.stages import Case, Stage
from monitor.following.updates import Updates
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.outbox import OutboxWriter, Raised
from monitor.stories.placing import StoryPlacer
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.text.folding import fold
from storage.api.outbox import Finish
from storage.api.storage import Storage
from storage.model import (
    Article,
    Channel,
    ChannelState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Rule,
    Source,
)
from storage.silence import Silence
from tests.builders import LEASE, NOON, a_channel, a_rule, a_source, given
from tests.fakes import MemoryStorage

SIGNER = Signer(fold, Concepts(pack_concepts([])))
FEEDS = [a_source(f"Paper {n}", baseline_done=True) for n in range(6)]
TEXT = (
    "Rail workers in Kiruna end their strike. The union accepts 4 per cent. "
    "Ore trains to Narvik run again from Monday, says LKAB."
)


DESK = a_channel("desk")
LKAB = a_rule("LKAB", channel_ids=(DESK.id,), follow_ups="every")


class Desk:
    """A monitor with a rule and a channel, whose clock is set by hand."""

    def __init__(
        self,
        kind: str = "webhook",
        others: Sequence[Rule] | None = None,
        digest: str = "",
        **rule: Any,
    ) -> None:
        self.storage: Storage = MemoryStorage()
        self.now = NOON
        self.channel = replace(DESK, kind=kind, digest=digest)
        self.rule: Rule = a_rule("strike", channel_ids=(self.channel.id,), **rule)
        given(self.storage, *FEEDS, self.channel, self.rule, *(others or ()))
        self.priorities: list[str] = []
        self.notes: list[str] = []
        self.beside: list[list[str]] = []
        self.told: list[list[str]] = []
        self.pipeline = Pipeline(
            self.storage,
            OutboxWriter(self._alert),
            now=lambda: self.now,
            stories=cache(lambda: StoryPlacer(lambda: SIGNER, who="me")),
            follower=Updates(self._more, self._alert, zone=None),
        )

    def _alert(self, raised: Raised, channel: Channel, id: str, recipient: str) -> bytes:
        self.priorities.append(raised.rule.priority)
        self.notes.append(raised.note)
        self.beside.append([each.rule.name for each in raised.beside])
        return b"{}"

    def _more(
        self,
        raised: Raised,
        new: Sequence[tuple[Article, Source]],
        channel: Channel,
        id: str,
        recipient: str,
        first: str,
    ) -> bytes:
        self.priorities.append(raised.rule.priority)
        self.told.append([source.name for _, source in new])
        self.beside.append([each.rule.name for each in raised.beside])
        with self.storage.reading() as tx:
            told_first = tx.outbox.get(first)
        assert told_first is not None
        assert told_first.kind is DeliveryKind.ALERT
        return b"{}"

    def takes_in(self, *papers: int, text: str = TEXT, title: str = "Kiruna strike ends") -> None:
        for paper in papers:
            self.now += timedelta(minutes=1)
            feed = FEEDS[paper]
            with self.storage.transaction() as tx:
                (claimed,) = tx.sources.claim_due(
                    now=self.now, limit=1, lease=LEASE, owner="me", ids=[feed.id]
                )
            entry = Entry(
                id=f"{paper} {self.now}",
                url=f"https://paper{paper}.example/{self.now:%d%H%M}",
                title=title,
                content=text,
                language="en",
                published_at=self.now,
            )
            self.pipeline.take_in(claimed, Polled(entries=(entry,)), next_poll_at=lambda at: at)

    def sent(self) -> list[DeliveryKind]:
        with self.storage.reading() as tx:
            owed = tx.outbox.recent(states=[DeliveryState.PENDING], limit=None)
        return [delivery.kind for delivery in sorted(owed, key=made)]

    def deliver(self, receipt: str | None) -> None:
        """Let all that is owed be delivered."""
        with self.storage.transaction() as tx:
            claimed = tx.outbox.claim_due(
                {self.channel.id: 9}, now=self.now, lease=LEASE, owner="me"
            )
            for delivery in claimed:
                end = Finish(
                    state=DeliveryState.DELIVERED,
                    outcome="ok",
                    ended_at=self.now,
                    receipt=receipt,
                )
                assert tx.outbox.finish(delivery, end)


def made(delivery: Delivery) -> datetime:
    return delivery.created_at


ALERT, UPDATE, COUNT = DeliveryKind.ALERT, DeliveryKind.UPDATE, DeliveryKind.COUNT


@pytest.mark.parametrize(
    ("kind", "mode", "sent"),
    [
        ("webhook", "auto", [ALERT]),
        ("webhook", "none", [ALERT]),
        ("webhook", "count", [ALERT]),
        ("webhook", "thread", [ALERT, UPDATE, UPDATE, UPDATE]),
        ("webhook", "every", [ALERT, UPDATE, UPDATE, UPDATE]),
        ("email", "auto", [ALERT, UPDATE]),
        ("email", "count", [ALERT]),
    ],
)
def test_later_articles_are_told_as_the_rule_wants(
    kind: str, mode: str, sent: list[DeliveryKind]
) -> None:
    desk = Desk(kind, follow_ups=mode)
    desk.takes_in(0, 1, 2, 3)
    assert desk.sent() == sent


@pytest.mark.parametrize(
    ("kind", "mode", "receipt", "sent"),
    [
        ("slack-bot", "count", "17.1", [COUNT]),
        ("discord", "auto", "17", [COUNT]),
        ("slack-bot", "none", "17.1", []),
        ("slack", "count", None, []),  # a webhook of Slack's gives no receipt
        ("telegram", "count", None, []),  # nor did this one, for once
        ("webhook", "count", "17", []),
    ],
)
def test_the_first_message_is_counted_up_in_its_place_where_it_can_be(
    kind: str, mode: str, receipt: str | None, sent: list[DeliveryKind]
) -> None:
    desk = Desk(kind, follow_ups=mode)
    desk.takes_in(0)
    desk.deliver(receipt)
    desk.takes_in(1)
    assert desk.sent() == sent
    # The same outlet again is no news to anybody.
    desk.takes_in(1)
    assert desk.sent() == sent


def test_what_is_not_delivered_yet_is_not_counted_up() -> None:
    desk = Desk("slack-bot", follow_ups="count")
    desk.takes_in(0, 1)
    assert desk.sent() == [ALERT]


def test_a_thread_goes_on_when_enough_outlets_joined_since_the_last_message() -> None:
    desk = Desk("email")
    desk.takes_in(0, 1, 2, 3)
    assert desk.told == [["Paper 1", "Paper 2", "Paper 3"]]
    desk.takes_in(4, 5)
    assert len(desk.told) == 1


def test_counting_up_the_first_message_does_not_keep_a_thread_from_going_on() -> None:
    desk = Desk("telegram")
    desk.takes_in(0)
    desk.deliver("17")
    for paper in (1, 2):
        desk.takes_in(paper)
        desk.deliver("17")
    desk.takes_in(3)
    assert desk.told == [["Paper 1", "Paper 2", "Paper 3"]]


VERDICT = TEXT + " The court said on Friday that the strike was lawful."


@pytest.mark.parametrize("kind", ["webhook", "email", "discord"])
def test_what_comes_days_after_the_last_message_is_told_by_each_channel(kind: str) -> None:
    desk = Desk(kind)
    desk.takes_in(0)
    desk.deliver("17")
    desk.now += timedelta(days=1)
    desk.takes_in(1, text=VERDICT, title="Court on Kiruna strike")
    assert desk.told == []
    desk.deliver("17")
    desk.now += timedelta(days=1)
    desk.takes_in(2, text=VERDICT + " LKAB will appeal.", title="Kiruna strike was lawful")
    assert desk.told == [["Paper 2", "Paper 1"]]
    desk.deliver("17")
    desk.takes_in(3, text=VERDICT + " Unions are glad.", title="Unions glad of Kiruna strike")
    assert len(desk.told) == 1


@pytest.mark.parametrize(("mode", "text"), [("auto", TEXT), ("count", VERDICT), ("none", VERDICT)])
def test_no_copy_is_told_days_after_the_last_message_nor_what_nobody_wants(
    mode: str, text: str
) -> None:
    desk = Desk(follow_ups=mode)
    desk.takes_in(0)
    desk.now += timedelta(days=5)
    desk.takes_in(1, text=text)
    assert desk.told == []
    with desk.storage.reading() as tx:
        (story,) = tx.stories.recent()
    assert story.articles == 2


def test_an_update_tells_what_joined_since_the_last_message() -> None:
    desk = Desk(follow_ups="thread")
    desk.takes_in(0, 1, 2)
    assert desk.told == [["Paper 1"], ["Paper 2"]]


@pytest.mark.parametrize(("digest", "updates"), [("", 2), ("story", 1)])
def test_a_story_that_two_rules_follow_goes_on_once_for_who_wants_that(
    digest: str, updates: int
) -> None:
    desk = Desk("slack-bot", [LKAB], digest, follow_ups="thread")
    desk.takes_in(0, 1)
    assert desk.sent().count(UPDATE) == updates
    assert desk.beside == ([["LKAB"], ["strike"]] if digest else [[]] * 4)


@pytest.mark.parametrize(("mode", "digest"), [("count", "story"), ("auto", "story"), ("count", "")])
def test_the_message_of_several_rules_is_counted_up_as_that(mode: str, digest: str) -> None:
    desk = Desk("slack-bot", [replace(LKAB, follow_ups=mode)], "story", follow_ups="count")
    desk.takes_in(0)
    desk.deliver("1503435956.000247")
    with desk.storage.transaction() as tx:
        tx.channels.update(replace(desk.channel, digest=digest))
    desk.takes_in(1)
    assert desk.sent() == [COUNT]
    assert desk.beside == [["LKAB"]] * 2


def test_another_story_goes_on_for_itself() -> None:
    desk = Desk(follow_ups="thread")
    desk.takes_in(0, 1)
    desk.takes_in(2, title="Cup strike", text="A late strike by the captain wins the cup at home.")
    assert desk.sent() == [ALERT, UPDATE, ALERT]


def test_a_silence_covers_updates_too() -> None:
    desk = Desk(follow_ups="thread")
    desk.takes_in(0)
    with desk.storage.transaction() as tx:
        tx.silences.add(
            Silence(
                id="s",
                reason="enough",
                rule_id=desk.rule.id,
                created_at=NOON,
                until=NOON + timedelta(days=1),
            )
        )
    desk.takes_in(1)
    assert desk.sent() == [ALERT]


def test_an_alert_waits_until_enough_outlets_carry_its_story() -> None:
    desk = Desk(min_outlets=3)
    desk.takes_in(0, 1, 1)
    assert desk.sent() == []
    with desk.storage.reading() as tx:
        (waiting, *_) = tx.following.waiting([story.id for story in tx.stories.recent()])
        article, source = tx.articles.get(waiting.match.article_id), tx.sources.get(FEEDS[0].id)
        assert article is not None
        assert source is not None
        about = {"rule": desk.rule, "article": article, "source": source}
        case = Case(**about, now=desk.now, tx=tx, is_trial=False)
        said = outcomes.alert(case, waiting.match, Stage(name="concerned", outcome="yes", text=""))
    assert said.text == "it waits until 3 independent outlets carry the story"
    desk.takes_in(2)
    assert desk.sent() == [ALERT]
    with desk.storage.reading() as tx:
        (alert,) = tx.alerts.recent()
        first = tx.articles.get(alert.article_id)
        assert tx.following.waiting([alert.story_id]) == []
    assert first is not None
    assert first.source_id == FEEDS[0].id
    desk.takes_in(3)
    assert desk.sent() == [ALERT]


def test_what_raises_the_count_need_not_match_the_rule() -> None:
    desk = Desk(min_outlets=2)
    desk.takes_in(0)
    desk.takes_in(1, title="Kiruna: trains run", text=TEXT.replace("strike", "walkout"))
    assert desk.sent() == [ALERT]


def test_a_story_that_many_outlets_carry_matters_more() -> None:
    desk = Desk(escalate=3)
    desk.takes_in(0, 1)
    assert desk.priorities == ["normal"]
    desk.takes_in(2)
    assert desk.sent() == [ALERT, UPDATE]
    desk.takes_in(3)
    assert desk.priorities == ["normal", "high"]


def test_of_a_burst_one_alert_is_raised_and_no_mention_by_itself() -> None:
    desk = Desk(spike="yes")
    for number in range(4):
        text = f"A strike of {'abcd'[number] * 6} and {'efgh'[number] * 7} at {'ijkl'[number] * 8}."
        desk.takes_in(0, title=f"Strike {'mnop'[number] * 5}", text=text)
    assert desk.sent() == []
    for number in range(4):
        text = (
            f"No strike in {'qrst'[number] * 6} but {'uvwx'[number] * 7} by {'yzab'[number] * 8}."
        )
        desk.takes_in(1, title=f"Strikes {'cdef'[number] * 5}", text=text)
    assert desk.sent() == [ALERT]
    assert desk.notes == ["5 mentions this hour; usually 0.0"]


def test_an_article_that_its_source_lists_again_is_no_follow_up() -> None:
    desk = Desk(follow_ups="every")
    desk.takes_in(0)
    before = desk.now
    desk.now = before - timedelta(minutes=1)
    desk.takes_in(0)
    assert desk.sent() == [ALERT]
    assert replace(desk.rule).follow_ups == "every"


@pytest.mark.parametrize("mode", ["thread", "every"])
def test_what_joined_while_its_channel_was_paused_is_told_with_what_joins_next(mode: str) -> None:
    desk = Desk(follow_ups=mode)
    desk.takes_in(0)
    with desk.storage.transaction() as tx:
        tx.channels.set_state(desk.channel.id, ChannelState.PAUSED, reason=None)
    desk.takes_in(1, 2)
    with desk.storage.transaction() as tx:
        tx.channels.set_state(desk.channel.id, ChannelState.ACTIVE, reason=None)
    desk.takes_in(3)
    assert desk.told == [[FEEDS[paper].name for paper in (1, 2, 3)]]
