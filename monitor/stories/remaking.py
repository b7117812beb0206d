"""Stories whose articles another program has read are read anew, a few at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from monitor.stories.placing import StoryPlacer
from storage.api.storage import Storage, Transaction
from storage.model import Article
from storage.story import Story

VERSION = "3"
"""Must be changed with the signs of any article, so that all are compared by the same ones."""
FACT = "story_signs"
"""In the store's facts: by which version all stories are compared, and while they are made anew
behind it when the last one that is was told last, and its id.
"""
AT_ONCE = 32
LOOKED_FOR_AT_ONCE = 2_048
"""To find out which come next all stories are looked at."""
MOST_READ = 12
"""Of so many articles of a story what it is compared with is made: the first and the last ones."""


def remake(
    storage: Storage, placer: StoryPlacer, stop: Callable[[], bool] = lambda: False
) -> Iterator[int]:
    """Make anew what new articles are compared with, if another program has; yield how many so far.

    Each batch is kept by itself: it may end at any moment, and goes on at the next call. Which
    articles belong to a story stays as it is, and nobody is told of anything.

    Args:
        stop: Asked before each batch.
    """
    done, ahead = 0, list[tuple[datetime, str]]()
    while not stop():
        with storage.reading() as tx:
            before = tx.meta.get(FACT)
            if before == VERSION:
                return
            # In the order in which they will be retired, which goes by when they were changed.
            ahead = ahead or tx.placing.told(after=_after(before), limit=LOOKED_FOR_AT_ONCE)
            some, ahead = ahead[:AT_ONCE], ahead[AT_ONCE:]
            ids = [id_ for _, id_ in some]
            articles = [each for several in _stories(tx, ids).values() for each in several]
        signatures = placer.signatures(articles)
        with storage.transaction() as tx:
            tx.placing.hold()
            if tx.meta.get(FACT) != before:
                ahead = []
                continue  # somebody else goes on with it, too
            if stories := _stories(tx, ids):
                placer.remake(tx, stories, signatures)
            tx.meta.set(FACT, _fact(some[-1]) if some else VERSION)
        if not some:
            return
        done += len(some)
        yield done


def _fact(last: tuple[datetime, str]) -> str:
    at, id_ = last
    return f"{VERSION} {at.isoformat()} {id_}"


def _after(fact: str | None) -> tuple[datetime, str] | None:
    version, _, last = (fact or "").partition(" ")
    if version != VERSION or not last:
        return None
    at, _, id_ = last.partition(" ")
    return datetime.fromisoformat(at), id_


def _stories(tx: Transaction, ids: Sequence[str]) -> Mapping[Story, Sequence[Article]]:
    """Return stories with those of their articles that they are made of, if any is kept."""
    told = tx.stories.some(tx.placing.live(ids))
    members: dict[str, list[str]] = {}
    for member in tx.stories.members(told):
        members.setdefault(member.story_id, []).append(member.article_id)
    chosen = {
        id_: every if len(every) <= MOST_READ else [every[0], *every[1 - MOST_READ :]]
        for id_, every in members.items()
    }
    kept = tx.articles.some(each for some in chosen.values() for each in some)
    stories = {
        told[id_]: [kept[each] for each in some if each in kept] for id_, some in chosen.items()
    }
    return {story: articles for story, articles in stories.items() if articles}
