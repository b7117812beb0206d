"""What every store promises about stories."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.api.errors import Ambiguous
from storage.api.storage import Storage
from storage.model import Match
from storage.story import Lesson, LiveStory, Membership, Story, Turn, Waiting
from tests.builders import (
    MINUTE,
    NOON,
    a_rule,
    a_source,
    an_alert,
    an_article,
    given,
    some_evidence,
)

DAY = timedelta(days=1)

ONE, TWO, THREE = an_article("One"), an_article("Two"), an_article("Three")


def a_story(id: str = ONE.id, **changes: object) -> Story:
    return Story(**{"id": id, "seen_at": NOON, **changes})  # type: ignore[arg-type]  # as a test likes


def a_member(article_id: str, story_id: str = ONE.id, **changes: object) -> Membership:
    values = {
        "article_id": article_id,
        "story_id": story_id,
        "joined_at": NOON,
        "appeared_at": NOON,
        "outlet": "paper.example",
        **changes,
    }
    return Membership(**values)  # type: ignore[arg-type]  # as a test likes


def a_live_story(id: str, **changes: object) -> LiveStory:
    values = {"story_id": id, "seen_at": NOON, "keys": b"\0\1", "traits": b"\2\3\0", **changes}
    return LiveStory(**values)  # type: ignore[arg-type]  # as a test likes


def test_a_story_is_written_over_and_found(storage: Storage) -> None:
    more = a_story("first", seen_at=NOON + DAY, articles=2, follows="old")
    with storage.transaction() as tx:
        tx.stories.put([a_story("first"), a_story("other")])
        tx.stories.put([more])
    with storage.reading() as tx:
        assert tx.stories.get("first") == more
        assert tx.stories.find("firs") == more
        assert tx.stories.get("firs") is None
        assert tx.stories.some(["first", "none"]) == {"first": more}


def test_articles_join_a_story_in_order_of_appearance(storage: Storage) -> None:
    given(storage, a_source(), ONE, TWO)
    first = a_member(ONE.id, appeared_at=NOON + MINUTE, language="sv")
    second = a_member(TWO.id, reason="so")
    with storage.transaction() as tx:
        tx.stories.put([a_story(), a_story("other")])
        tx.stories.join([first, second])
    with storage.reading() as tx:
        assert tx.stories.members([ONE.id]) == [second, first]
        assert tx.stories.members(["other"]) == []


def test_of_articles_published_at_once_the_one_that_joined_first_is_the_first(
    storage: Storage,
) -> None:
    given(storage, a_source(), ONE, TWO)
    one, two = sorted((ONE.id, TWO.id))
    late, early = a_member(one, joined_at=NOON + MINUTE), a_member(two, joined_at=NOON)
    with storage.transaction() as tx:
        tx.stories.put([a_story()])
        tx.stories.join([late, early])
    with storage.reading() as tx:
        assert tx.stories.members([ONE.id]) == [early, late]


def test_articles_move_to_another_story_with_the_alerts_that_they_raised(storage: Storage) -> None:
    rule = a_rule("strike")
    alert = an_alert(rule, TWO)
    given(storage, a_source(), ONE, TWO, rule)
    with storage.transaction() as tx:
        tx.stories.put([a_story(), a_story("other")])
        tx.stories.join([a_member(ONE.id), a_member(TWO.id)])
        tx.alerts.add_new([alert])
    with storage.transaction() as tx:
        tx.stories.join([a_member(TWO.id, "other")])
        tx.stories.move({TWO.id: "other", ONE.id: ONE.id, "none": "other"})
    with storage.reading() as tx:
        assert [member.article_id for member in tx.stories.members(["other"])] == [TWO.id]
        moved = tx.articles.get(TWO.id)
        assert moved is not None
        assert moved.story_id == "other"
        assert [each.id for each in tx.alerts.of_stories(["other"])] == [alert.id]
        assert tx.alerts.of_stories([ONE.id]) == []
        assert tx.alerts.told([ONE.id, "other"]) == {(rule.id, "other")}
        assert tx.alerts.told([]) == set()


def test_a_story_without_articles_can_be_forgotten(storage: Storage) -> None:
    with storage.transaction() as tx:
        tx.stories.put([a_story("one")])
        tx.placing.keep([a_live_story("one")], turn=1)
        tx.stories.remove("one")
        tx.stories.remove("none")
    with storage.reading() as tx:
        assert tx.stories.get("one") is None
        assert tx.placing.live(["one"]) == {}


def test_articles_join_only_stories_that_are_there(storage: Storage) -> None:
    given(storage, a_source(), ONE)
    with pytest.raises(ValueError, match="refuses"), storage.transaction() as tx:
        tx.stories.join([a_member(ONE.id)])


def test_the_stories_told_last_are_listed_first(storage: Storage) -> None:
    stories = [a_story(f"s{n}", seen_at=NOON + n * MINUTE) for n in range(3)]
    with storage.transaction() as tx:
        tx.stories.put(stories)
    with storage.reading() as tx:
        assert tx.stories.recent() == stories[::-1]
        assert tx.stories.recent(since=NOON + MINUTE, limit=1) == [stories[2]]
        assert tx.stories.recent(since=NOON + MINUTE, limit=None) == [stories[2], stories[1]]


def test_a_beginning_that_two_stories_have_is_ambiguous(storage: Storage) -> None:
    with storage.transaction() as tx:
        tx.stories.put([a_story("abcde"), a_story("abcdf")])
    with storage.reading() as tx, pytest.raises(Ambiguous):
        tx.stories.find("abcd")


def test_articles_without_a_story_are_found_oldest_first(storage: Storage) -> None:
    given(storage, a_source(), ONE, TWO, THREE)
    with storage.reading() as tx:
        assert {article.id for article in tx.stories.unplaced(9)} == {ONE.id, TWO.id, THREE.id}
        assert len(tx.stories.unplaced(2)) == 2
    with storage.transaction() as tx:
        tx.stories.put([a_story()])
        tx.stories.join([a_member(each.id) for each in (ONE, TWO)])
    with storage.reading() as tx:
        assert [article.id for article in tx.stories.unplaced(9)] == [THREE.id]
        assert tx.stories.are_unplaced([ONE.id, TWO.id]) == set()
        assert tx.stories.are_unplaced([ONE.id, THREE.id, "none"]) == {THREE.id}


def test_articles_without_a_story_are_paged_through(storage: Storage) -> None:
    given(storage, a_source(), ONE, TWO, THREE)
    with storage.reading() as tx:
        first, *others = tx.stories.unplaced(9)
        after = (first.first_seen_at, first.id)
        assert tx.stories.unplaced(9, after=after) == others


def test_stories_are_paged_through_and_found_by_whose_alerts_they_raised(storage: Storage) -> None:
    rule = a_rule("strike")
    given(storage, a_source(), ONE, rule)
    told = a_story(ONE.id, seen_at=NOON + DAY)
    with storage.transaction() as tx:
        tx.stories.put([a_story("a"), a_story("b"), told])
        tx.alerts.add_new([an_alert(rule, ONE)])
    with storage.reading() as tx:
        assert [each.id for each in tx.stories.recent()] == [ONE.id, "b", "a"]
        assert [each.id for each in tx.stories.recent(before=(NOON, "b"))] == ["a"]
        assert [each.id for each in tx.stories.recent(before=(NOON + DAY, ""))] == ["b", "a"]
        assert [each.id for each in tx.stories.recent(rule_id=rule.id)] == [ONE.id]
        assert tx.stories.recent(rule_id=rule.id, before=(NOON + DAY, "")) == []
        assert tx.stories.recent(rule_id="other") == []


def test_each_turn_says_who_had_the_one_before(storage: Storage) -> None:
    with storage.transaction() as tx:
        assert tx.placing.take_turn("me 1") == Turn(1, "")
    with storage.transaction() as tx:
        assert tx.placing.take_turn("you 1") == Turn(2, "me 1")


def test_a_turn_that_is_undone_was_never_taken(storage: Storage) -> None:
    with suppress(InterruptedError), storage.transaction() as tx:
        tx.placing.take_turn("me 1")
        raise InterruptedError
    with storage.transaction() as tx:
        assert tx.placing.take_turn("me 2") == Turn(1, "")


def test_what_was_changed_since_a_turn_is_told_last_first(storage: Storage) -> None:
    one, two, again = a_live_story("one"), a_live_story("two"), a_live_story("one", keys=b"new")
    with storage.transaction() as tx:
        tx.stories.put([a_story("one"), a_story("two")])
        tx.placing.keep([one], turn=1)
        tx.placing.keep([two], turn=2)
        tx.placing.keep([again], turn=3)
    with storage.reading() as tx:
        assert [story.story_id for story in tx.placing.changed(after=1, limit=9)] == ["one", "two"]
        [last] = tx.placing.changed(after=1, limit=1)
        assert (last.turn, last.keys, last.traits) == (3, b"new", b"")
        assert tx.placing.changed(after=3, limit=9) == []
        [live] = tx.placing.live(["one", "none"]).values()
        assert (live.seen_at, live.turn, live.traits) == (NOON, 3, again.traits)


def test_stories_of_these_days_are_paged_through_by_when_they_were_told(storage: Storage) -> None:
    days = {"b": NOON, "a": NOON, "C": NOON - DAY, "d": NOON + MINUTE}
    with storage.transaction() as tx:
        tx.stories.put([a_story(each) for each in (*days, "over")])
        tx.placing.keep([a_live_story(each, seen_at=at) for each, at in days.items()], turn=1)
    with storage.reading() as tx:
        assert tx.placing.told(limit=2) == [(NOON - DAY, "C"), (NOON, "a")]
        assert tx.placing.told(after=(NOON, "a"), limit=9) == [(NOON, "b"), (NOON + MINUTE, "d")]
        assert tx.placing.told(after=(NOON + MINUTE, "d"), limit=9) == []


def test_stories_that_are_told_no_more_are_retired_but_stay_stories(storage: Storage) -> None:
    stories = [a_story(f"s{n}", seen_at=NOON + n * DAY) for n in range(4)]
    with storage.transaction() as tx:
        tx.stories.put(stories)
        for turn, story in enumerate(stories):
            tx.placing.keep([a_live_story(story.id, seen_at=story.seen_at)], turn=turn)
        assert tx.placing.retire(before=NOON + 2 * DAY, limit=1) == 1
        assert tx.placing.retire(before=NOON + 2 * DAY, limit=9) == 1
        assert tx.placing.retire(before=NOON + 2 * DAY, limit=9) == 0
    with storage.reading() as tx:
        assert set(tx.placing.live(story.id for story in stories)) == {"s2", "s3"}
        assert len(tx.stories.recent()) == 4


def test_many_stories_are_retired_at_once_though_one_is_ahead_of_time(storage: Storage) -> None:
    ids = [f"s{number:02}" for number in range(40)]
    with storage.transaction() as tx:
        tx.stories.put([a_story(id_) for id_ in ids])
        ahead, *others = (a_live_story(id_) for id_ in ids)
        tx.placing.keep([replace(ahead, seen_at=NOON + 9 * DAY)], turn=1)
        tx.placing.keep(others, turn=2)
        assert tx.placing.retire(before=NOON + DAY, limit=30) == 29
        assert tx.placing.retire(before=NOON + DAY, limit=30) == 10
        assert tx.placing.retire(before=NOON + DAY, limit=30) == 0


def test_what_is_compared_of_a_story_is_forgotten_when_asked(storage: Storage) -> None:
    with storage.transaction() as tx:
        tx.stories.put([a_story("one"), a_story("two")])
        tx.placing.keep([a_live_story("one"), a_live_story("two")], turn=1)
        tx.placing.forget(["one", "none"])
    with storage.reading() as tx:
        assert set(tx.placing.live(["one", "two"])) == {"two"}
        assert len(tx.stories.recent()) == 2


def test_a_whole_lesson_takes_the_place_of_those_before(storage: Storage) -> None:
    first, second = Lesson(1, "me 1", False, b"\1"), Lesson(2, "you 1", False, b"")
    with storage.transaction() as tx:
        tx.placing.teach(first)
        tx.placing.teach(second)
    with storage.reading() as tx:
        assert tx.placing.lessons(since=0) == [first, second]
        assert tx.placing.lessons(since=2) == [second]
    whole, after = Lesson(3, "me 2", True, b"\0all"), Lesson(4, "me 3", False, b"\4")
    with storage.transaction() as tx:
        tx.placing.teach(whole)
        tx.placing.teach(after)
    with storage.reading() as tx:
        assert tx.placing.lessons(since=0) == [whole, after]


def test_a_match_waits_for_its_story_and_goes_with_its_article(storage: Storage) -> None:
    rule = a_rule("strike")
    given(storage, a_source(), ONE, rule)
    match = Match(rule_id=rule.id, article_id=ONE.id, score=0.5, evidence=(some_evidence(),))
    waiting = Waiting(match=match, story_id=ONE.id, found_at=NOON)
    with storage.transaction() as tx:
        tx.following.wait([waiting], forget_before=NOON - DAY)
        tx.following.wait([replace(waiting, found_at=NOON + DAY)], forget_before=NOON - DAY)
        assert tx.following.waiting([ONE.id, "other"]) == [waiting]
        tx.stories.put([a_story("other")])
        tx.stories.move({ONE.id: "other"})
        assert tx.following.waiting([ONE.id]) == []
        tx.following.end_wait(rule.id, ONE.id)
        assert tx.following.waiting(["other"]) == [replace(waiting, story_id="other")]
        tx.following.end_wait(rule.id, "other")
        assert tx.following.waiting(["other"]) == []


def test_what_has_waited_for_long_is_forgotten(storage: Storage) -> None:
    rule = a_rule("strike")
    given(storage, a_source(), ONE, TWO, rule)
    one, two = (
        Waiting(
            match=Match(rule_id=rule.id, article_id=article.id, score=1, evidence=()),
            story_id="s",
            found_at=at,
        )
        for article, at in ((ONE, NOON), (TWO, NOON + DAY))
    )
    with storage.transaction() as tx:
        tx.following.wait([one], forget_before=NOON)
        tx.following.wait([two], forget_before=NOON + MINUTE)
        assert tx.following.waiting(["s"]) == [two]


def test_mentions_of_a_rule_add_up_by_the_hour(storage: Storage) -> None:
    rule, other = a_rule("strike"), a_rule("cup")
    given(storage, rule, other)
    with storage.transaction() as tx:
        tx.following.mention(rule.id, 7, 2)
        tx.following.mention(rule.id, 9, 1)
        tx.following.mention(rule.id, 9, 3)
        tx.following.mention(other.id, 9, 5)
    with storage.reading() as tx:
        assert tx.following.mentions(rule.id, since=8) == {9: 4}
        assert tx.following.mentions(rule.id, since=0) == {7: 2, 9: 4}
