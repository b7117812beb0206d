"""What every store promises about taking old articles out."""

from dataclasses import replace
from datetime import datetime, timedelta

from storage.api.lookup import Has
from storage.api.pruning import Prunable, Pruned
from storage.api.storage import Storage
from storage.model import Article, Match
from storage.story import LiveStory, Membership, Story, Waiting
from tests.builders import (
    MINUTE,
    NOON,
    a_rule,
    a_source,
    an_alert,
    an_article,
    fingerprints_of,
    given,
    some_evidence,
)

DAY = timedelta(days=1)


def tell(storage: Storage, title: str, *days_ago: float, live: bool = False) -> list[Article]:
    """Store a story whose articles were first seen so many days ago."""
    articles = [
        an_article(f"{title} {place}", first_seen_at=NOON - days * DAY)
        for place, days in enumerate(days_ago)
    ]
    articles = [replace(article, story_id=articles[0].id) for article in articles]
    given(storage, a_source())
    with storage.transaction() as tx:
        tx.articles.add([(article, fingerprints_of(article)) for article in articles], now=NOON)
        seen_at = max(article.first_seen_at for article in articles)
        tx.stories.put([Story(id=articles[0].id, seen_at=seen_at, articles=len(articles))])
        tx.stories.join(map(_membership, articles))
        if live:
            alive = LiveStory(story_id=articles[0].id, seen_at=seen_at, keys=b"", traits=b"")
            tx.placing.keep([alive], turn=1)
    return articles


def _membership(article: Article) -> Membership:
    return Membership(
        article_id=article.id,
        story_id=article.story_id,
        joined_at=article.first_seen_at,
        appeared_at=article.first_seen_at,
        outlet="harbour.example",
    )


def prune(storage: Storage, before: datetime, *, limit: int = 100) -> tuple[int, int]:
    """Prune until nothing is left; return how many articles and stories went."""
    articles, stories, pruned = 0, 0, Pruned()
    while True:
        with storage.transaction() as tx:
            pruned = tx.pruning.prune(before=before, after=pruned.after, limit=limit)
        if pruned.after is None:
            return articles, stories
        articles, stories = articles + pruned.articles, stories + pruned.stories


def titles(storage: Storage) -> list[str]:
    with storage.reading() as tx:
        return sorted(article.title for article in tx.articles.recent(limit=None))


def test_old_stories_go_whole_and_what_is_told_since_stays(storage: Storage) -> None:
    tell(storage, "old", 90, 80, 40)
    tell(storage, "goes on", 90, 5)
    tell(storage, "new", 5)
    before = NOON - 30 * DAY
    with storage.reading() as tx:
        assert tx.pruning.prunable(before=before) == Prunable(3, 1, kept=1, remaining=3)
    assert titles(storage) == ["goes on 0", "goes on 1", "new 0", "old 0", "old 1", "old 2"]
    assert prune(storage, before) == (3, 1)
    assert titles(storage) == ["goes on 0", "goes on 1", "new 0"]
    with storage.reading() as tx:
        assert tx.pruning.prunable(before=before) == Prunable(0, 0, kept=1, remaining=3)
        assert len(tx.stories.recent()) == 2
    assert prune(storage, before) == (0, 0)
    assert storage.problems() == []


def test_what_somebody_was_told_of_stays_or_may_yet_be(storage: Storage) -> None:
    rule = a_rule()
    told = tell(storage, "told", 90, 80)
    split = tell(storage, "told as another story", 90)
    waiting = tell(storage, "waits for outlets", 90)
    tell(storage, "compared with", 90, live=True)
    tell(storage, "old", 90)
    alert = an_alert(rule, told[0])
    given(storage, rule, alert)
    elsewhere = replace(an_alert(rule, split[0]), id="another", story_id="another", seq=2)
    match = Match(rule_id=rule.id, article_id=waiting[0].id, score=1.0, evidence=(some_evidence(),))
    with storage.transaction() as tx:
        tx.alerts.add_new([elsewhere])
        found = Waiting(match=match, story_id=waiting[0].id, found_at=NOON)
        tx.following.wait([found], forget_before=NOON - DAY)
    assert prune(storage, NOON) == (1, 1)
    assert "old 0" not in titles(storage)
    assert len(titles(storage)) == 5
    with storage.reading() as tx:
        assert tx.alerts.get(alert.id) is not None
    assert storage.problems() == []


def test_stories_go_some_at_a_time_the_oldest_first(storage: Storage) -> None:
    for days in (50, 70, 60):
        tell(storage, f"{days} days old", days)
    with storage.transaction() as tx:
        first = tx.pruning.prune(before=NOON, after=None, limit=2)
    assert first[:2] == (2, 2)
    assert titles(storage) == ["50 days old 0"]
    assert prune(storage, NOON, limit=1) == (1, 1)


def test_what_is_pruned_stays_known_while_it_is_listed_and_for_a_while(storage: Storage) -> None:
    [article] = tell(storage, "old", 90)
    keys = [print_.key for print_ in fingerprints_of(article)]
    prune(storage, NOON)
    with storage.transaction() as tx:
        assert {known.article_id for known in tx.articles.known(keys).values()} == {article.id}
        assert tx.articles.some([article.id]) == {}
        # It is listed again, by its source and by another.
        listed = [(print_, article.id) for print_ in fingerprints_of(article)]
        tx.articles.listed(listed, now=NOON + 10 * DAY)
        assert tx.articles.listed_by(a_source().id, [article.id], now=NOON) == set()
        assert not tx.articles.revise(replace(article, title="Another"), now=NOON)
        assert tx.pruning.forget(before=NOON + 9 * DAY) == 0
        assert tx.articles.known(keys).keys() == set(keys)
        assert tx.pruning.forget(before=NOON + 11 * DAY) == len(keys)
        assert tx.articles.known(keys) == {}


def test_what_is_there_is_never_forgotten_and_no_story_follows_one_that_is_gone(
    storage: Storage,
) -> None:
    [article] = tell(storage, "new", 1)
    [old] = tell(storage, "old", 90)
    with storage.transaction() as tx:
        story = tx.stories.get(article.id)
        assert story is not None
        tx.stories.put([replace(story, follows=old.id)])
    prune(storage, NOON - 30 * DAY)
    with storage.transaction() as tx:
        tx.pruning.forget(before=NOON + 999 * DAY)
        keys = [print_.key for print_ in fingerprints_of(article)]
        assert tx.articles.known(keys).keys() == set(keys)
        story = tx.stories.get(article.id)
        assert story is not None
        assert story.follows == ""


def test_the_newest_so_many_are_told_by_when_the_last_of_them_was_seen(storage: Storage) -> None:
    for minutes in (1, 2, 3):
        tell(storage, f"{minutes}", minutes / (24 * 60))
    with storage.reading() as tx:
        assert tx.pruning.newest(1) == NOON - MINUTE
        assert tx.pruning.newest(3) == NOON - 3 * MINUTE
        assert tx.pruning.newest(4) is None


def test_the_oldest_so_many_are_told_by_when_the_last_of_them_was_told(storage: Storage) -> None:
    for days in (50, 70, 60):
        tell(storage, f"{days} days old", days, days + 5)
    tell(storage, "compared with", 90, live=True)
    before = NOON - 55 * DAY
    with storage.reading() as tx:
        assert tx.pruning.oldest(9, before=before) == before
        second = tx.pruning.oldest(3, before=before)
        assert tx.pruning.oldest(4, before=before) == second
    assert NOON - 60 * DAY < second < before
    assert prune(storage, second) == (4, 2)
    assert titles(storage) == ["50 days old 0", "50 days old 1", "compared with 0"]


def test_the_search_index_finds_the_others_as_before(storage: Storage) -> None:
    for batch in range(4):
        for number in range(12):
            tell(storage, f"harbour {batch} {number}", 90 if batch < 3 else 1)
    prune(storage, NOON - 30 * DAY)
    place: int | None = 0
    calls = 0
    while place is not None:
        with storage.transaction() as tx:
            place = tx.pruning.shed(after=place)
        calls += 1
        assert calls < 500
    with storage.reading() as tx:
        found = tx.articles.places(holding=Has("harbour"), limit=None)
        assert len(found) == tx.articles.count() == 12
    assert storage.problems() == []
