"""New articles get their stories, one alert tells of each, and people may say otherwise."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from ingester.entry import Entry, Polled
from ingester.stories.signature import Signature, Signer
from monitor.base.errors import Missing, Refusal
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.outbox import OutboxWriter, Raised
from monitor.stories.placing import StoryPlacer
from monitor.stories.told import ToldStory, merge, split, story_named, told
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.text.folding import fold
from storage.api.storage import Storage
from storage.model import Article, Channel
from tests.builders import LEASE, NOON, a_channel, a_rule, a_source, an_article, given
from tests.fakes import MemoryStorage

PLACER = StoryPlacer(lambda: Signer(fold, Concepts(pack_concepts([]))), who="me")
FEED = a_source("Harbour", baseline_done=True)
OTHER = a_source("Kiruna Post", url="https://kiruna.example/feed", baseline_done=True)
RULE = a_rule("strike", channel_ids=(a_channel().id,))
TEXT = (
    "Rail workers in Kiruna end their strike. The union accepts 4 per cent. "
    "Ore trains to Narvik run again from Monday, says LKAB."
)


class Desk:
    """A monitor with one rule, and what was said to its channel."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.said: list[Raised] = []
        self.now = NOON
        given(storage, FEED, OTHER, a_channel(), RULE)
        self.pipeline = Pipeline(
            storage,
            OutboxWriter(self._render, stories=lambda: PLACER),
            now=lambda: self.now,
            stories=lambda: PLACER,
        )

    def _render(self, raised: Raised, channel: Channel, id: str, recipient: str) -> bytes:
        self.said.append(raised)
        return b"{}"

    def take_in(self, *entries: Entry, source: object = FEED) -> None:
        with self.storage.transaction() as tx:
            (claimed,) = tx.sources.claim_due(
                now=self.now,
                limit=1,
                lease=LEASE,
                owner="me",
                ids=[source.id],  # type: ignore[attr-defined]
            )
        self.pipeline.take_in(claimed, Polled(entries=entries), next_poll_at=lambda at: at)

    def stories(self) -> list[ToldStory]:
        with self.storage.reading() as tx:
            return told(tx, tx.stories.recent())


def entry(number: int, title: str, text: str = TEXT, site: str = "harbour.example") -> Entry:
    return Entry(
        id=f"{site}/{number}",
        url=f"https://{site}/{number}",
        title=title,
        content=text,
        language="en",
        published_at=NOON,
    )


@pytest.fixture
def desk() -> Desk:
    return Desk(MemoryStorage())


ENDS = entry(1, "Kiruna rail strike ends")
COPY = entry(2, "Strike in Kiruna is over", f"KIRUNA. {TEXT}", site="kiruna.example")
FINAL = entry(3, "Cup strike wins the final", "A late strike by the captain wins the cup at home.")


def titles(stories: Iterable[ToldStory]) -> list[set[str]]:
    return [{telling.article.title for telling in story.tellings} for story in stories]


def test_articles_of_one_event_are_one_story_and_one_alert(desk: Desk) -> None:
    desk.take_in(ENDS, FINAL)
    desk.take_in(COPY, source=OTHER)
    assert {"Kiruna rail strike ends", "Strike in Kiruna is over"} in titles(desk.stories())
    assert {"Cup strike wins the final"} in titles(desk.stories())
    assert [raised.article.title for raised in desk.said] == [ENDS.title, FINAL.title]
    (story,) = [story for story in desk.stories() if len(story.tellings) == 2]
    assert story.carried.outlets == ("harbour.example", "kiruna.example")
    assert story.rules == (RULE.name,)
    assert {telling.reason for telling in story.tellings} == {
        "",
        "same text",
    }


def test_an_alert_says_who_carries_the_story_already(desk: Desk) -> None:
    desk.take_in(ENDS, replace(COPY, published_at=NOON + timedelta(minutes=5)))
    (raised,) = desk.said
    assert raised.carried.articles == 2
    assert raised.carried.outlets == ("harbour.example", "kiruna.example")
    assert raised.carried.languages == ("en",)


def test_a_story_of_which_a_rule_said_nothing_is_told_with_the_first_article_that_it_finds(
    desk: Desk,
) -> None:
    back = TEXT.replace("end their strike", "go back to work, their leaders say")
    desk.take_in(entry(1, "Kiruna rail workers return", back, site="kiruna.example"), source=OTHER)
    assert desk.said == []
    desk.take_in(ENDS)
    (story,) = desk.stories()
    assert len(story.tellings) == 2
    assert [raised.article.title for raised in desk.said] == [ENDS.title]


def test_numbers_of_a_series_are_stories_of_their_own(desk: Desk) -> None:
    desk.take_in(*(entry(n, f"Strike report {n}") for n in range(4)))
    assert len(desk.stories()) == len(desk.said) == 4


def test_an_article_of_which_nothing_can_be_read_is_a_story_of_its_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trips(self: Signer, articles: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Signer, "signatures", trips)
    desk.take_in(ENDS, COPY)
    assert len(desk.stories()) == len(desk.said) == 2


def test_an_article_that_cannot_be_read_costs_no_other_its_story(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    signatures, odd = Signer.signatures, entry(7, "Odd")

    def trips(self: Signer, articles: Sequence[Article]) -> list[Signature]:
        if any(article.title == odd.title for article in articles):
            raise RuntimeError("a bug")
        return signatures(self, articles)

    monkeypatch.setattr(Signer, "signatures", trips)
    desk.take_in(ENDS, odd, COPY)
    assert len(desk.stories()) == len(desk.said) == 2


def test_what_was_stored_before_gets_its_stories_and_nobody_is_told(desk: Desk) -> None:
    one = an_article("Kiruna rail strike ends", text=TEXT)
    two = an_article("Strike in Kiruna is over", text=f"KIRUNA. {TEXT}")
    given(desk.storage, replace(one, source_id=FEED.id), replace(two, source_id=OTHER.id))
    assert desk.stories() == []
    assert list(PLACER.fill(desk.storage, lambda: False, lambda: NOON)) == [2]
    assert titles(desk.stories()) == [{one.title, two.title}]
    assert desk.said == []
    assert list(PLACER.fill(desk.storage, lambda: False, lambda: NOON)) == []


NEW = a_source("Narvik Times", url="https://narvik.example/feed")
YESTERDAY = NOON - timedelta(days=1)


def there_before(*entries: Entry) -> list[Entry]:
    return [replace(entry, published_at=YESTERDAY) for entry in entries]


def test_what_a_silent_first_poll_stores_gets_its_stories_afterwards(desk: Desk) -> None:
    given(desk.storage, NEW)
    desk.take_in(*there_before(ENDS, COPY, FINAL), source=NEW)
    assert desk.stories() == desk.said == []
    # News does not wait for it, and it joins the story of what came meanwhile.
    desk.take_in(entry(5, "End of the rail strike in Kiruna", f"{TEXT} More soon."))
    assert len(desk.said) == 1
    assert list(PLACER.fill(desk.storage, lambda: False, lambda: NOON)) == [3]
    assert sorted(map(len, titles(desk.stories()))) == [1, 3]
    assert len(desk.said) == 1


def test_a_story_of_long_ago_is_compared_with_nothing_and_may_be_pruned(desk: Desk) -> None:
    old = [an_article(f"Strike ends {n}", id=f"old{n}", first_seen_at=NOON) for n in range(2)]
    given(desk.storage, *(replace(each, source_id=FEED.id) for each in old))
    later = NOON + timedelta(days=60)
    assert list(PLACER.fill(desk.storage, lambda: False, lambda: later)) == [2]
    with desk.storage.reading() as tx:
        stories = {each.story_id for each in tx.articles.recent()}
        assert tx.placing.live(stories) == {}
        assert tx.pruning.prunable(before=later).articles == 2


def test_a_story_of_long_ago_that_is_taken_apart_is_not_told_again(desk: Desk) -> None:
    desk.take_in(ENDS, COPY)
    (told_,) = desk.stories()
    taken = told_.tellings[1].article.id
    with desk.storage.transaction() as tx:
        assert tx.placing.live([told_.story.id])
        made = split(tx, PLACER, told_.story, [taken], now=NOON + timedelta(days=60))
    with desk.storage.reading() as tx:
        assert tx.placing.live([made.id, told_.story.id]) == {}


def test_a_rule_that_is_new_tells_a_story_once_whose_articles_had_none(desk: Desk) -> None:
    given(desk.storage, NEW)
    desk.take_in(*there_before(ENDS, COPY, FINAL), source=NEW)
    assert desk.stories() == []
    late = a_rule("union", backfill_since=YESTERDAY, caught_up=False, channel_ids=RULE.channel_ids)
    given(desk.storage, late)
    assert desk.pipeline.catch_up() == 1
    (story,) = desk.stories()
    assert {ENDS.title, COPY.title} == titles([story])[0]
    with desk.storage.reading() as tx:
        assert [alert.story_id for alert in tx.alerts.recent()] == [story.story.id]
        assert [article.title for article in tx.stories.unplaced(9)] == [FINAL.title]


def test_an_article_that_has_no_story_yet_says_so(desk: Desk) -> None:
    given(desk.storage, NEW)
    desk.take_in(*there_before(ENDS), source=NEW)
    with desk.storage.reading() as tx:
        (article,) = tx.stories.unplaced(9)
        for word in (article.id, article.id[:8], article.url):
            with pytest.raises(Missing, match=rf'"{ENDS.title}" has no story yet; ') as refused:
                story_named(tx, word)
            assert refused.value.word == word
    assert list(PLACER.fill(desk.storage, lambda: False, lambda: NOON)) == [1]
    with desk.storage.reading() as tx:
        assert story_named(tx, article.id).articles == 1


def test_what_a_person_takes_apart_stays_apart(desk: Desk) -> None:
    desk.take_in(ENDS)
    desk.take_in(COPY, source=OTHER)
    (story,) = desk.stories()
    taken = next(each.article for each in story.tellings if each.reason)
    with desk.storage.transaction() as tx:
        made = split(tx, PLACER, story.story, [taken.id], now=NOON)
    assert sorted(map(len, titles(desk.stories()))) == [1, 1]
    desk.take_in(COPY, source=OTHER)
    assert list(PLACER.fill(desk.storage, lambda: False, lambda: NOON)) == []
    with desk.storage.reading() as tx:
        assert story_named(tx, taken.id).id == made.id
        assert story_named(tx, story.story.id).articles == 1


def test_a_story_keeps_one_article_and_gives_only_its_own(desk: Desk) -> None:
    desk.take_in(ENDS, FINAL)
    one, other = desk.stories()
    first, foreign = (each.tellings[0].article.id for each in (one, other))
    with desk.storage.transaction() as tx:
        with pytest.raises(Refusal, match="at least one"):
            split(tx, PLACER, one.story, [first], now=NOON)
        with pytest.raises(Refusal, match="no article of story"):
            split(tx, PLACER, one.story, [foreign], now=NOON)
        with pytest.raises(Refusal, match="name two"):
            merge(tx, PLACER, one.story, one.story, now=NOON)


def test_two_stories_are_made_one_with_their_alerts(desk: Desk) -> None:
    desk.take_in(ENDS, FINAL)
    one, other = desk.stories()
    with desk.storage.transaction() as tx:
        merge(tx, PLACER, one.story, other.story, now=NOON)
    (story,) = desk.stories()
    assert story.story.articles == 2
    with desk.storage.reading() as tx:
        assert {alert.story_id for alert in tx.alerts.recent()} == {story.story.id}
        assert len(tx.alerts.recent()) == 2
    later = entry(4, "Kiruna rail strike ends", TEXT + " More soon.", site="third.example")
    desk.take_in(replace(later, published_at=NOON + timedelta(hours=1)))
    assert len(desk.said) == 2


def test_a_development_weeks_later_is_a_story_that_follows(desk: Desk) -> None:
    desk.take_in(ENDS)
    (before,) = desk.stories()
    later = NOON + timedelta(days=20)
    desk.now = later
    again = entry(9, "Kiruna rail strike: what it has brought", TEXT + " That was in March.")
    desk.take_in(replace(again, published_at=later))
    (after, _) = desk.stories()
    assert (after.story.follows, before.story.follows) == (before.story.id, "")
    assert len(desk.said) == 2
