"""Gives articles their stories: what is new in its own transaction, what is stored in batches."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol

from ingester.stories.nearby import FOLLOWS_FOR_DAYS
from ingester.stories.signature import Signature
from ingester.stories.weights import all_weighed
from monitor.base.memory import let_pages_go
from monitor.stories.batch import Batch, Placing, membership
from monitor.stories.carried import appeared_at
from monitor.stories.memory import Memory
from monitor.stories.placed import Placed, keep
from storage.api.storage import Storage, Transaction
from storage.model import Article
from storage.story import Lesson, LiveStory, Story, Turn

log = logging.getLogger("monitor.stories")

KEPT_FOR = timedelta(days=FOLLOWS_FOR_DAYS)
"""So long after a story was told last what is compared of it is kept."""
WHOLE_EVERY = 4_096
"""After so many articles the lessons are put together."""
RETIRED_AT_ONCE = 512
MUCH = 32
"""So many articles have new words enough to look all over the lexicon, most of which is in memory
then: it is let go before the stories are."""
BATCH = 256
"""So many stored articles get their stories in one transaction, of some 50 ms."""


class ReadsSigns(Protocol):
    """Reads what articles are known by."""

    def signatures(self, articles: Sequence[Article]) -> Sequence[Signature]:
        """Return what each of these articles is known by."""
        ...


class StoryPlacer:
    """Decides to which stories articles belong. Safe to use from many threads.

    Args:
        signs: Returns what reads their signatures; asked when the first is read.
        who: What this process calls itself, as no other does.
    """

    def __init__(self, signs: Callable[[], ReadsSigns], *, who: str) -> None:
        self._signs = signs
        self._who = who
        self._turns = 0
        self._memory: Memory | None = None
        self._lock = Lock()
        self._reading = Lock()

    def signatures(self, articles: Sequence[Article]) -> dict[str, Signature]:
        """Return what articles are known by, by id: takes time, and needs no transaction.

        One that we trip over is left out: it becomes a story of its own, and is not lost.
        """
        try:
            with self._reading:
                signatures = self._signs().signatures(articles)
                if len(articles) >= MUCH:
                    let_pages_go()
            return {each.id: of_it for each, of_it in zip(articles, signatures, strict=True)}
        except Exception as bug:  # one article's must not cost the others theirs
            if len(articles) == 1:
                what = {"article": articles[0].id}
                log.error("bug while reading an article's signs", extra=what, exc_info=bug)
                return {}
        return {
            id_: each for article in articles for id_, each in self.signatures([article]).items()
        }

    def place(
        self,
        tx: Transaction,
        articles: Sequence[Article],
        signatures: Mapping[str, Signature],
        *,
        now: Callable[[], datetime],
    ) -> Placed:
        """Return where new articles belong, and what is to be stored of that: see `keep`.

        Args:
            signatures: Of those that were read already.
            now: Asked when it is our turn, for which we may have waited: what was placed before
                has joined before.
        """
        if not articles:
            return Placed()
        missing = [article for article in articles if article.id not in signatures]
        read = {**signatures, **self.signatures(missing)}
        with self._lock:
            turn, memory = self._take_turn(tx)
            at = now()
            self._learn(tx, memory, turn, [read[a.id] for a in articles if a.id in read])
            batch = Batch(tx, memory)
            placings = _placings(memory, _in_order(articles), read)
            batch.begin(placings)
            batch.read_ahead()
            batch.place(placings)
            batch.join_small()
            live, over = _apart(batch.live(), before=at - KEPT_FOR)
            memory.nearby.end()
            memory.forget_some()
        tx.placing.retire(before=at - KEPT_FOR, limit=min(2 * len(articles), RETIRED_AT_ONCE))
        placings = [batch.placings[article.id] for article in articles]
        return Placed(
            at=at,
            articles=tuple(_at_home(each) for each in placings),
            members=tuple(
                membership(each.article, each.story_id, now=at, reason=each.reason)
                for each in placings
            ),
            stories=tuple(batch.stories.values()),
            live=live,
            over=over,
            grown=batch.grown(),
            turn=turn.number,
        )

    def _take_turn(self, tx: Transaction) -> tuple[Turn, Memory]:
        """Begin a turn with a memory that knows what others have done."""
        self._turns += 1
        who = f"{self._who} {self._turns}"
        turn = tx.placing.take_turn(who)
        memory = self._memory
        # Forgotten until all went well; and if this transaction is undone, the next turn tells.
        self._memory = None
        if memory is None or not memory.follows(tx, turn):
            memory = None  # gone before the next one is read: two of them are large
            memory = Memory(tx)
        elif memory.nearby.is_full:
            memory.file_anew(tx)
        memory.turn, memory.who = turn.number, who
        self._memory = memory
        return turn, memory

    @staticmethod
    def _learn(
        tx: Transaction,
        memory: Memory,
        turn: Turn,
        signatures: Sequence[Signature],
        *,
        is_whole: bool = False,
    ) -> None:
        lesson = memory.frequencies.lesson(signatures)
        memory.frequencies.learn(lesson)
        memory.learned += len(signatures)
        is_whole = is_whole or memory.learned >= WHOLE_EVERY
        if is_whole:
            lesson = memory.frequencies.whole()
            memory.learned = 0
        tx.placing.teach(Lesson(turn.number, memory.who, is_whole, lesson))

    def fill(
        self, storage: Storage, stop: Callable[[], bool], now: Callable[[], datetime]
    ) -> Iterator[int]:
        """Give stored articles their stories, and nobody an alert; yield how many so far.

        Each batch is kept by itself: it may end at any moment, and goes on at the next call.

        Args:
            stop: Asked before each batch.
            now: Asked when it is a batch's turn: no message made before that knows of it.
        """
        done, last = 0, None
        while not stop():
            with storage.reading() as tx:
                articles = tx.stories.unplaced(BATCH, after=last)
            if not articles:
                return
            last = (articles[-1].first_seen_at, articles[-1].id)
            signatures = self.signatures(articles)
            with storage.transaction() as tx:
                tx.placing.hold()
                done += len(self._settle(tx, articles, signatures, now=now()))
            yield done

    def settle(
        self, tx: Transaction, articles: Sequence[Article], *, now: datetime
    ) -> Mapping[str, str]:
        """Give those of these stored articles stories that have none; return these, by id.

        Whoever tells of an article asks first: a story is told once. They have the stories' turn.
        """
        return self._settle(tx, articles, {}, now=now)

    def _settle(
        self,
        tx: Transaction,
        articles: Sequence[Article],
        signatures: Mapping[str, Signature],
        *,
        now: datetime,
    ) -> Mapping[str, str]:
        # Asked in this turn: another process may have placed some of them, and placed again they
        # would count twice, and have joined later than messages that know of them.
        ids = tx.stories.are_unplaced([article.id for article in articles])
        left = [article for article in articles if article.id in ids]
        before = {article.id: article.story_id for article in left}
        placed = self.place(tx, left, signatures, now=lambda: now)
        homes = {each.id: each.story_id for each in placed.articles}
        if homes:
            keep(tx, placed)
            moved = {id_: home for id_, home in homes.items() if home != before[id_]}
            tx.stories.move(moved)
        return homes

    def write(
        self,
        tx: Transaction,
        stories: Mapping[Story, Sequence[Article]],
        *,
        now: datetime,
        is_any_gone: bool = False,
    ) -> None:
        """Write stories, each as these articles tell it, in a turn of its own.

        Args:
            is_any_gone: Whether another story ends with it. Nobody is to remember that one, else
                what is like it would begin it anew: all who place articles read them anew.
        """
        with self._lock:
            turn, memory = self._take_turn(tx)
            self._learn(tx, memory, turn, [], is_whole=is_any_gone)
            batch = self._begun(tx, memory, stories, {})
            live, over = _apart(batch.live(), before=now - KEPT_FOR)
            memory.nearby.end()
            if is_any_gone:
                self._memory = None
        follows = {story.id: story.follows for story in stories}
        changed = [replace(story, follows=follows[id_]) for id_, story in batch.stories.items()]
        keep(tx, Placed(stories=tuple(changed), live=live, over=over, turn=turn.number))

    def remake(
        self,
        tx: Transaction,
        stories: Mapping[Story, Sequence[Article]],
        signatures: Mapping[str, Signature],
    ) -> None:
        """Make anew what is compared of stories, of these of their articles, and nothing else.

        Args:
            signatures: Of those articles that were read already.
        """
        with self._lock:
            turn, memory = self._take_turn(tx)
            self._learn(tx, memory, turn, [])
            batch = self._begun(tx, memory, stories, signatures)
            for story in stories:
                batch.changed[story.id].story = batch.stories[story.id] = story
            live = batch.live()
            memory.nearby.end()
            memory.forget_some()
        tx.placing.keep(live, turn=turn.number)

    def _begun(
        self,
        tx: Transaction,
        memory: Memory,
        stories: Mapping[Story, Sequence[Article]],
        signatures: Mapping[str, Signature],
    ) -> Batch:
        """Return a turn in which stories are put together anew, each of these articles."""
        batch = Batch(tx, memory)
        for story in stories:
            memory.stories.pop(story.id, None)
        every_one = [article for articles in stories.values() for article in articles]
        missing = [article for article in every_one if article.id not in signatures]
        read = {**signatures, **(self.signatures(missing) if missing else {})}
        every = {story: _placings(memory, articles, read) for story, articles in stories.items()}
        batch.begin([placing for placings in every.values() for placing in placings])
        for story, placings in every.items():
            for placing in placings:
                placing.story_id = story.id
                batch.add(placing)
        return batch


def _apart(
    stories: Sequence[LiveStory], *, before: datetime
) -> tuple[tuple[LiveStory, ...], tuple[str, ...]]:
    """Return those of these stories that were told since, and the ids of the others."""
    live = tuple(story for story in stories if story.seen_at >= before)
    return live, tuple(story.story_id for story in stories if story.seen_at < before)


def _at_home(placing: Placing) -> Article:
    article, story_id = placing.article, placing.story_id
    return article if article.story_id == story_id else replace(article, story_id=story_id)


def _in_order(articles: Sequence[Article]) -> list[Article]:
    """Return articles, those first that appeared first; as they are listed where some do not say.

    The same words at one address again come after those that they repeat.
    """
    if all(article.published_at for article in articles):
        articles = sorted(articles, key=appeared_at)
    return sorted(articles, key=lambda article: article.story_id != article.id)


def _placings(
    memory: Memory, articles: Sequence[Article], signatures: Mapping[str, Signature]
) -> list[Placing]:
    """Return articles with what they say weighed, as far as it could be read."""
    read = [article for article in articles if article.id in signatures]
    every = all_weighed([signatures[article.id] for article in read], memory.frequencies)
    by_id = {article.id: each for article, each in zip(read, every, strict=True)}
    return [Placing(article, by_id.get(article.id)) for article in articles]
