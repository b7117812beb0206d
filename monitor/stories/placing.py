"""Gives articles their stories: what is new in its own transaction, what is stored in batches."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol

import numpy as np

from ingester.stories.frequencies import Frequencies
from ingester.stories.nearby import MOST_STORIES, Keys, Nearby
from ingester.stories.placing import (
    LIVES_FOR_DAYS,
    MOST_COMPARED,
    day_of,
    keys_of,
    place_of,
)
from ingester.stories.prints import days
from ingester.stories.signature import Signature, Signs
from ingester.stories.sums import Traits, packed, unpacked, with_article
from ingester.stories.weights import Weighed, weighed
from monitor.stories.carried import appeared_at, outlet_of
from storage.api import Storage, Transaction
from storage.model import Article
from storage.story import Lesson, LiveStory, Membership, Story, Turn

log = logging.getLogger("monitor.stories")

LIVES_FOR = timedelta(days=LIVES_FOR_DAYS)
MOST_KEYS = 96
"""So many keys of a story are kept to find it by when the index is made anew."""
MOST_KEPT = 4_096
"""The traits of so many stories are kept in memory."""
WHOLE_EVERY = 1_024
"""After so many articles the lessons are put together."""
RETIRED_AT_ONCE = 64
BATCH = 50


class ReadsSigns(Protocol):
    """Reads what articles are known by."""

    def signature(self, article: Article) -> Signature:
        """Return what an article is known by."""
        ...


@dataclass(slots=True)
class Placed:
    """What placing some articles comes to: each with its story, and what is to be stored."""

    articles: list[Article] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)
    stories: dict[str, Story] = field(default_factory=dict)
    live: dict[str, LiveStory] = field(default_factory=dict)
    turn: int = 0


@dataclass(slots=True)
class _Live:
    """A story that is told these days, as it is in memory."""

    story: Story
    traits: Traits
    keys: Signs


class _Memory:
    """What was read of the stories that are told these days; the database has the truth.

    Attributes:
        turn, who: The last turn that it knows of, and who had it.
        learned: From how many articles, since all of it was last put together.
    """

    def __init__(self, tx: Transaction) -> None:
        self.frequencies = Frequencies()
        self.stories: OrderedDict[str, _Live] = OrderedDict()
        self.turn, self.who, self.learned = 0, "", 0
        live = tx.placing.changed(after=0, limit=MOST_STORIES)
        self.nearby = Nearby(len(live))
        self._file(reversed(live))
        lessons = tx.placing.lessons(since=0)
        whole = max((n for n, lesson in enumerate(lessons) if lesson.is_whole), default=None)
        if whole is not None:
            self.frequencies = Frequencies(lessons[whole].data)
        self._learn(lessons if whole is None else lessons[whole + 1 :])

    def follows(self, tx: Transaction, turn: Turn) -> bool:
        """Take in what others have done since; False if that cannot be told."""
        if (self.turn, self.who) == (turn.number - 1, turn.before):
            return True
        lessons = tx.placing.lessons(since=self.turn)
        if not lessons or (lessons[0].turn, lessons[0].who) != (self.turn, self.who):
            return False
        if any(lesson.is_whole for lesson in lessons[1:]):
            return False
        self._learn(lessons[1:])
        changed = tx.placing.changed(after=self.turn, limit=MOST_STORIES)
        for story in changed:
            self.stories.pop(story.story_id, None)
        self._file(reversed(changed))
        return True

    def _learn(self, lessons: Iterable[Lesson]) -> None:
        for lesson in lessons:
            before = self.frequencies.articles
            self.frequencies.learn(lesson.data)
            self.learned += max(0, self.frequencies.articles - before)

    def _file(self, stories: Iterable[LiveStory]) -> None:
        for story in stories:
            keys = np.frombuffer(story.keys, dtype="<u4")
            self.nearby.file(story.story_id, keys, days(story.seen_at))

    def read(self, tx: Transaction, ids: Iterable[str]) -> None:
        """Have the traits of these stories in memory."""
        missing = [id_ for id_ in ids if id_ not in self.stories]
        if not missing:
            return
        stories = tx.stories.some(missing)
        for id_, live in tx.placing.live(missing).items():
            keys = np.frombuffer(live.keys, dtype="<u4")
            self.stories[id_] = _Live(stories[id_], unpacked(live.traits), keys)

    def forget_some(self) -> None:
        """Bound what is kept, those first that were not met for longest."""
        while len(self.stories) > MOST_KEPT:
            self.stories.popitem(last=False)


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
        self._memory: _Memory | None = None
        self._lock = Lock()

    def signatures(self, articles: Iterable[Article]) -> dict[str, Signature]:
        """Return what articles are known by, by id: takes time, and needs no transaction.

        One that we trip over is left out: it becomes a story of its own, and is not lost.
        """
        read = {}
        for article in articles:
            try:
                read[article.id] = self._signs().signature(article)
            except Exception:
                log.exception("bug while reading an article's signs", extra={"article": article.id})
        return read

    def place(
        self,
        tx: Transaction,
        articles: Sequence[Article],
        signatures: Mapping[str, Signature],
        *,
        now: datetime,
    ) -> Placed:
        """Return where new articles belong, and what is to be stored of that: see `keep`.

        Args:
            signatures: Of those that were read already.
        """
        placed = Placed()
        if not articles:
            return placed
        missing = [article for article in articles if article.id not in signatures]
        read = {**signatures, **self.signatures(missing)}
        with self._lock:
            turn, memory = self._take_turn(tx)
            placed.turn = turn.number
            self._learn(tx, memory, turn, [read[a.id] for a in articles if a.id in read])
            # Those first that appeared first; the same words at one address again after them.
            for article in sorted(articles, key=lambda a: (a.story_id != a.id, appeared_at(a))):
                self._place(tx, memory, placed, article, read.get(article.id), now)
            placed.articles = [replace(a, story_id=placed.homes[a.id]) for a in articles]
            memory.forget_some()
        tx.placing.retire(before=now - LIVES_FOR, limit=min(2 * len(articles), RETIRED_AT_ONCE))
        return placed

    def _take_turn(self, tx: Transaction) -> tuple[Turn, _Memory]:
        """Begin a turn with a memory that knows what others have done."""
        self._turns += 1
        who = f"{self._who} {self._turns}"
        turn = tx.placing.take_turn(who)
        memory = self._memory
        # Forgotten until all went well; and if this transaction is undone, the next turn tells.
        self._memory = None
        if memory is None or memory.nearby.is_full or not memory.follows(tx, turn):
            memory = _Memory(tx)
        memory.turn, memory.who = turn.number, who
        self._memory = memory
        return turn, memory

    @staticmethod
    def _learn(
        tx: Transaction, memory: _Memory, turn: Turn, signatures: Sequence[Signature]
    ) -> None:
        lesson = memory.frequencies.lesson(signatures)
        memory.frequencies.learn(lesson)
        memory.learned += len(signatures)
        is_whole = memory.learned >= WHOLE_EVERY
        if is_whole:
            lesson = memory.frequencies.whole()
            memory.learned = 0
        tx.placing.teach(Lesson(turn.number, memory.who, is_whole, lesson))

    def _place(
        self,
        tx: Transaction,
        memory: _Memory,
        placed: Placed,
        article: Article,
        signature: Signature | None,
        now: datetime,
    ) -> None:
        weighed_ = weighed(signature, memory.frequencies) if signature else None
        keys = keys_of(weighed_) if weighed_ else None
        story_id, why = "", ""
        if article.story_id in placed.homes:
            story_id, why = placed.homes[article.story_id], "same text"
        elif weighed_ is not None and keys is not None:
            story_id, why = self._found(tx, memory, article, weighed_, keys)
        story_id = story_id or article.id
        placed.homes[article.id] = story_id
        _add(memory, placed, article, story_id, weighed_, keys)
        placed.members.append(membership(article, story_id, now=now, reason=why))

    @staticmethod
    def _found(
        tx: Transaction, memory: _Memory, article: Article, weighed_: Weighed, keys: Keys
    ) -> tuple[str, str]:
        ids = memory.nearby.of(
            keys,
            day=days(article.first_seen_at),
            within=LIVES_FOR_DAYS,
            most=MOST_COMPARED,
        )
        memory.read(tx, ids)
        known = [id_ for id_ in ids if id_ in memory.stories]
        traits = [memory.stories[id_].traits for id_ in known]
        place = place_of(weighed_, day_of(article), traits)
        return (known[place.at], place.reason) if place else ("", "")

    def fill(self, storage: Storage, stop: Callable[[], bool], now: datetime) -> Iterator[int]:
        """Give stored articles their stories, and nobody an alert; yield how many so far.

        Each batch is kept by itself: it may end at any moment, and goes on at the next call.

        Args:
            stop: Asked before each batch.
        """
        done = 0
        while not stop():
            with storage.reading() as tx:
                articles = tx.stories.unplaced(BATCH)
            if not articles:
                return
            signatures = self.signatures(articles)
            with storage.transaction() as tx:
                # Asked again: another process may have placed some of them.
                articles = tx.stories.unplaced(BATCH)
                placed = self.place(tx, articles, signatures, now=now)
                keep(tx, placed)
                tx.stories.move({each.id: each.story_id for each in placed.articles})
                done += len(placed.members)
            yield done

    def write(self, tx: Transaction, stories: Mapping[Story, Sequence[Article]]) -> None:
        """Write stories, each as these articles tell it, in a turn of its own."""
        with self._lock:
            turn, memory = self._take_turn(tx)
            self._learn(tx, memory, turn, [])
            placed = Placed(turn=turn.number)
            for story, articles in stories.items():
                memory.stories.pop(story.id, None)
                for article in articles:
                    signature = self.signatures([article]).get(article.id)
                    weighed_ = weighed(signature, memory.frequencies) if signature else None
                    keys = keys_of(weighed_) if weighed_ else None
                    _add(memory, placed, article, story.id, weighed_, keys)
                placed.stories[story.id] = replace(placed.stories[story.id], follows=story.follows)
            keep(tx, placed)


def keep(tx: Transaction, placed: Placed) -> None:
    """Store where articles belong; they are stored before."""
    tx.stories.put(placed.stories.values())
    tx.placing.keep(placed.live.values(), turn=placed.turn)
    tx.stories.join(placed.members)


def membership(article: Article, story_id: str, *, now: datetime, reason: str) -> Membership:
    """Return that an article belongs to a story."""
    return Membership(
        article_id=article.id,
        story_id=story_id,
        joined_at=now,
        appeared_at=appeared_at(article),
        outlet=outlet_of(article),
        language=article.language,
        reason=reason,
    )


def _add(
    memory: _Memory,
    placed: Placed,
    article: Article,
    story_id: str,
    weighed_: Weighed | None,
    keys: Keys | None,
) -> None:
    """Add an article to a story, in memory and to what is to be stored."""
    seen_at, before = article.first_seen_at, memory.stories.get(story_id)
    if before is None:
        story = Story(id=story_id, seen_at=seen_at)
        before = _Live(story, Traits(), np.zeros(0, dtype=np.uint32))
    else:
        last = max(seen_at, before.story.seen_at)
        story = replace(before.story, seen_at=last, articles=before.story.articles + 1)
    traits, its_keys = before.traits, before.keys
    if weighed_ is not None and keys is not None:
        traits = with_article(traits, weighed_, day_of(article))
        known = set(keys.signs.tolist())
        older = [key for key in its_keys.tolist() if key not in known]
        its_keys = np.array([*known, *older][:MOST_KEYS], dtype=np.uint32)
        memory.nearby.file(story_id, keys.signs, days(story.seen_at))
    memory.stories[story_id] = _Live(story, traits, its_keys)
    memory.stories.move_to_end(story_id)
    placed.stories[story_id] = story
    placed.live[story_id] = LiveStory(
        story_id=story_id,
        seen_at=story.seen_at,
        keys=its_keys.astype("<u4").tobytes(),
        traits=packed(traits),
    )
