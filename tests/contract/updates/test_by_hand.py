"""People who take stories apart and make two one have nobody told anything twice, or nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.following.apart import untold
from monitor.stories.told import merge, split
from storage.api.storage import Storage, Transaction
from storage.model import Article, DeliveryKind, DeliveryState, Match, Source
from storage.story import Story
from tests.builders import MINUTE, a_channel
from tests.contract.updates.desk import EVENING, HOUR, TEXT, World, a_world

ICE = ("Strike of Luleå's icebreakers", "Ice closes the harbour of Luleå while crews strike.")
OF_NIGHT = {"quiet": "21:45-07:00"}


def _tells_of_ice(world: World, *papers: int) -> tuple[Story, Story]:
    """Let papers tell another story, which has an alert, too; return the first one and it."""
    world.takes_in(*papers, title=ICE[0], text=ICE[1])
    with world.storage.reading() as tx:
        assert tx.alerts.count() == 2
        first, second = (tx.stories.some([each.story_id]) for each in reversed(tx.alerts.recent()))
    [one], [other] = first.values(), second.values()
    return one, other


def _papers(world: World) -> list[str]:
    return sorted(paper for papers, _ in world.told for paper in papers)


def _make_one(world: World, one: Story, other: Story) -> None:
    world.at += MINUTE
    world.change(lambda tx: merge(tx, world.placer(), one, other, now=world.at))


def test_what_joins_two_stories_that_were_made_one_is_told_once(storage: Storage) -> None:
    world = a_world(storage)
    one, other = _tells_of_ice(world, 4, 5)
    assert _papers(world) == ["Paper 5"]
    _make_one(world, one, other)
    world.takes_in(1, 2)
    assert _papers(world) == ["Paper 1", "Paper 2", "Paper 5"]


def test_readers_of_a_story_that_is_moved_are_told_the_rest_once(storage: Storage) -> None:
    world = a_world(storage)
    world.takes_in(1)
    world.takes_in(6, title="Ice closes the harbour of Luleå", text="No ship leaves Luleå.")
    with storage.reading() as tx:
        ice, strike = tx.stories.recent()
        assert (ice.articles, strike.articles, tx.alerts.count()) == (1, 2, 1)
    _make_one(world, ice, strike)
    world.takes_in(2)
    assert _papers(world) == ["Paper 1", "Paper 2", "Paper 6"]


def test_what_waits_about_two_stories_that_were_made_one_is_one_update(storage: Storage) -> None:
    world = a_world(storage, channel=OF_NIGHT)
    one, other = _tells_of_ice(world, 4)
    world.at += HOUR
    world.takes_in(1)
    world.takes_in(5, title=ICE[0], text=ICE[1])
    assert len(world.waiting) == 2
    _make_one(world, one, other)
    world.at += 10 * HOUR
    assert world.digests.make_due() == 1
    assert (_papers(world), world.waiting) == (["Paper 1", "Paper 5"], [])
    world.takes_in(2)
    assert _papers(world) == ["Paper 1", "Paper 2", "Paper 5"]
    assert len(world.every(DeliveryKind.UPDATE, DeliveryState.BUNDLED)) == 2


def test_what_is_like_a_story_that_was_moved_joins_the_one_that_is_left(storage: Storage) -> None:
    world, elsewhere = a_world(storage), World(storage)
    one, other = _tells_of_ice(world, 4)
    elsewhere.at = world.at
    elsewhere.takes_in(6, title="Snow in Kemi", text="Snow falls all day on Kemi's market.")
    _make_one(world, one, other)
    for each, paper in ((world, 1), (elsewhere, 2)):
        each.at = world.at
        each.takes_in(paper, title=ICE[0], text=ICE[1])
    with storage.reading() as tx:
        assert tx.alerts.count() == 2
        assert sorted(story.articles for story in tx.stories.recent()) == [1, 4]
        assert len(tx.stories.members([one.id])) == 4
    assert _papers(world) == ["Paper 1", "Paper 2"]


def test_what_is_taken_out_and_put_back_is_not_told_again(storage: Storage) -> None:
    world = a_world(storage)
    world.takes_in(1, 2)
    with storage.reading() as tx:
        [story] = tx.stories.recent()
        last = tx.stories.members([story.id])[-1].article_id
    world.at += MINUTE
    with storage.transaction() as tx:
        apart = split(tx, world.placer(), story, [last], now=world.at)
    _make_one(world, story, apart)
    world.takes_in(3)
    assert _papers(world) == ["Paper 1", "Paper 2", "Paper 3"]


def _take_apart(world: World, word: str) -> int:
    """Take the article that a paper told last, or the alert's, out of its story."""

    def apart(tx: Transaction) -> int:
        [alert] = tx.alerts.recent()
        story = tx.stories.get(alert.story_id)
        assert story is not None
        last = tx.stories.members([story.id])[-1].article_id
        moved = alert.article_id if word == "first" else last
        made = split(tx, world.placer(), story, [moved], now=world.at)
        return world.pipeline.tell_moved(tx, made, story)

    world.at += MINUTE
    with world.storage.transaction() as tx:
        return apart(tx)


def _told_first(world: World) -> list[str]:
    """Return which papers alerts are about, each of its own story."""
    with world.storage.reading() as tx:
        alerts = tx.alerts.recent(limit=None)
        articles = tx.articles.some(alert.article_id for alert in alerts)
        names = {source.id: source.name for source in tx.sources.all()}
        assert len({alert.story_id for alert in alerts}) == len(alerts)
        return sorted(names[article.source_id] for article in articles.values())


@pytest.mark.parametrize("word", ["first", "last"])
def test_what_waits_as_an_update_and_becomes_a_story_apart_has_an_alert(
    storage: Storage, word: str
) -> None:
    world = a_world(storage, channel=OF_NIGHT)
    world.at += HOUR
    world.takes_in(1)
    assert len(world.waiting) == 1
    assert _take_apart(world, word) == 1
    assert _told_first(world) == ["Paper 0", "Paper 1"]
    assert _take_apart_again(world) == 0
    world.at += 10 * HOUR
    assert world.digests.make_due() == 1
    assert (world.told, world.waiting) == ([], [])


def test_what_joins_a_story_whose_alert_was_taken_out_has_an_alert_of_its_own(
    storage: Storage,
) -> None:
    world, longer = a_world(storage), f"{TEXT} Snow delays the first of them by Gällivare."
    world.takes_in(1, text=longer)
    assert _take_apart(world, "first") == 0  # what is left has had its update
    world.takes_in(2, 3, text=longer)
    assert _told_first(world) == ["Paper 0", "Paper 2"]


def _take_apart_again(world: World) -> int:
    """Ask once more what is to be told of all stories."""
    with world.storage.transaction() as tx:
        return world.pipeline.tell_moved(tx, *tx.stories.recent())


@pytest.mark.parametrize(
    ("rule", "after", "alerts"),
    [
        pytest.param({"follow_ups": "thread"}, 0, 0, id="an update has told of it"),
        pytest.param({"follow_ups": "count"}, 0, 1, id="it was only counted"),
        pytest.param({"follow_ups": "count"}, 8, 0, id="it is no news any more"),
    ],
)
def test_who_was_told_of_what_becomes_a_story_apart_is_not_told_again(
    storage: Storage, rule: Any, after: int, alerts: int
) -> None:
    world = a_world(storage, **rule)
    world.takes_in(1)
    world.at += timedelta(days=after)
    assert _take_apart(world, "last") == alerts
    assert len(_told_first(world)) == 1 + alerts


def test_of_what_was_told_nobody_asks_the_rules_again(storage: Storage) -> None:
    world, asked = a_world(storage), list[str]()
    world.takes_in(1, 2)
    assert _take_apart(world, "first") == 0

    def find(article: Article, source: Source) -> list[Match]:
        asked.append(article.id)
        return []

    with storage.reading() as tx:
        ids = [story.id for story in tx.stories.recent()]
        rules = {rule.id: rule for rule in tx.rules.all()}
        assert list(untold(tx, ids, rules, find, now=world.at)) == []
    assert (len(ids), asked) == (2, [])


def test_a_channel_that_was_added_later_has_nobody_told_again(storage: Storage) -> None:
    world, later = a_world(storage), a_channel("later", added_at=EVENING)
    world.takes_in(1)
    with storage.reading() as tx:
        [rule] = tx.rules.all()
    every = (*rule.channel_ids, later.id)
    world.change(lambda tx: tx.channels.add(later))
    told = replace(rule, channel_ids=every, revision=rule.revision + 1)
    world.change(lambda tx: tx.rules.update(told))
    assert _take_apart(world, "last") == 0


def test_what_waits_for_more_outlets_is_told_when_two_stories_have_them(storage: Storage) -> None:
    world = a_world(storage, min_outlets=2)
    world.takes_in(4, title=ICE[0], text=ICE[1])
    with storage.transaction() as tx:
        assert not tx.alerts.count()
        one, other = tx.stories.recent()
        made = merge(tx, world.placer(), one, other, now=world.at)
        assert world.pipeline.tell_moved(tx, made) == 1
        assert world.pipeline.tell_moved(tx, made) == 0
