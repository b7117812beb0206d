"""The articles of one turn, put to stories one by one and then once more together."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import nan

import numpy as np

from ingester.stories.nearby import Keys, Looked
from ingester.stories.placing import (
    FOLLOWS_FOR_DAYS,
    LIVES_FOR_DAYS,
    MOST_COMPARED,
    Place,
    day_of,
    is_another,
    place_of,
    why,
)
from ingester.stories.prints import days
from ingester.stories.similarity import likeness
from ingester.stories.sums import Traits, joined, packed, with_article
from ingester.stories.weights import Weighed
from monitor.stories.carried import appeared_at, outlet_of
from monitor.stories.memory import Live, Memory
from storage.api import Transaction
from storage.model import Article
from storage.story import LiveStory, Membership, Story

MOST_KEYS = 96
"""So many keys of a story are kept to find it by when the index is made anew."""
SMALL = 3
"""New stories of so few articles are compared once more when all of a turn are placed."""
ROUNDS = 2


@dataclass(slots=True)
class Placing:
    """An article that is placed.

    Attributes:
        weighed, keys: None where its signs could not be read.
        reason: Why it belongs to its story.
        follows: The story that is told no more and that it takes up, if it begins one.
        looked: What was found under its keys, if they were looked up.
    """

    article: Article
    weighed: Weighed | None
    keys: Keys | None
    story_id: str = ""
    reason: str = ""
    follows: str = ""
    looked: Looked | None = None


@dataclass(slots=True)
class Batch:
    """The articles of one turn and the stories that they change.

    Attributes:
        changed, stories: What is compared of those that were changed in this turn, and they.
        new: Those that began in this turn.
    """

    tx: Transaction
    memory: Memory
    placings: dict[str, Placing] = field(default_factory=dict)
    changed: dict[str, Live] = field(default_factory=dict)
    stories: dict[str, Story] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)

    def grown(self) -> dict[str, list[Article]]:
        """Return what has joined stories that were there before, by their ids, oldest first."""
        grown: dict[str, list[Article]] = {}
        for placing in sorted(self.placings.values(), key=lambda each: appeared_at(each.article)):
            if placing.story_id not in self.new:
                grown.setdefault(placing.story_id, []).append(placing.article)
        return grown

    def place(self, placing: Placing) -> None:
        """Put an article to the story that it belongs to, or begin one with it."""
        article = placing.article
        before = self.placings.get(article.story_id)
        if before is not None:
            # The same words at one address, twice.
            placing.story_id, placing.reason = before.story_id, "same text"
        elif placing.weighed is not None:
            near, earlier = self._near(placing)
            place = self._place_among(near, placing.weighed, day_of(article))
            if place is not None:
                placing.story_id, placing.reason = near[place.at], place.reason
            elif earlier and (place := self._place_among(earlier, placing.weighed, nan)):
                # How far apart they are is known, and no reason against it.
                placing.follows = earlier[place.at]
        placing.story_id = placing.story_id or article.id
        self.add(placing)

    def _place_among(self, ids: Sequence[str], weighed: Weighed, day: float) -> Place | None:
        return place_of(weighed, day, [self.memory.stories[id_].traits for id_ in ids])

    def add(self, placing: Placing) -> None:
        """Add an article to the story that it is of."""
        article, id_ = placing.article, placing.story_id
        before, seen_at = self.memory.stories.get(id_), article.first_seen_at
        if before is None:
            story = Story(id=id_, seen_at=seen_at, articles=0, follows=placing.follows)
            before = Live(story, Traits(), ())
            self.new.add(id_)
        traits, keys = before.traits, before.keys
        if placing.weighed is not None and placing.keys is not None:
            traits = with_article(traits, placing.weighed, day_of(article))
            keys = tuple(dict.fromkeys((*placing.keys.signs.tolist(), *keys)))[:MOST_KEYS]
            self.memory.nearby.file(id_, placing.keys.signs, days(seen_at))
        story = before.story or self.tx.stories.some([id_])[id_]
        seen_at = max(seen_at, story.seen_at)
        story = replace(story, seen_at=seen_at, articles=story.articles + 1)
        self._keep(Live(story, traits, keys), story)
        self.placings[article.id] = placing

    def join_small(self) -> None:
        """Let small new stories join others of this turn that they turn out to be like.

        When the first of them was placed, the others were not there yet. Nobody was told of any.
        """
        for _ in range(ROUNDS):
            if not any([self._join(id_) for id_ in self._small()]):
                return

    def _small(self) -> list[str]:
        if len(self.changed) < 2:
            return []
        sizes = {id_: self.stories[id_].articles for id_ in sorted(self.new)}
        return sorted((id_ for id_, size in sizes.items() if size <= SMALL), key=sizes.__getitem__)

    def _join(self, id: str) -> bool:
        told = [placing for placing in self.placings.values() if placing.story_id == id]
        scores: dict[str, dict[str, float]] = {}
        for placing in told:
            if placing.weighed is None:
                return False
            near, _ = self._near(placing)
            near = [each for each in near if each != id and each in self.changed]
            if near:
                stories = [self.memory.stories[each].traits for each in near]
                found = likeness(placing.weighed, stories, day_of(placing.article))
                for each, score in zip(near, found.tolist(), strict=True):
                    scores.setdefault(each, {})[placing.article.id] = score / len(told)
        for best in sorted(scores, key=lambda each: -sum(scores[each].values())):
            if sum(scores[best].values()) < 1:
                break
            theirs = self.changed[best].traits
            same = [each for each in told if each.weighed and not is_another(each.weighed, theirs)]
            if sum(scores[best].get(each.article.id, 0.0) for each in same) >= 1:
                self._merge(id, best, told)
                return True
        return False

    def _merge(self, id: str, into: str, told: Sequence[Placing]) -> None:
        mine, theirs = self.changed.pop(id), self.changed[into]
        self.new.discard(id)
        self.memory.stories.pop(id)
        self.memory.nearby.forget(id)
        for placing in told:
            if placing.weighed is not None:
                reason = why(placing.weighed, theirs.traits, day_of(placing.article))
                placing.story_id, placing.reason = into, placing.reason or reason
        told_before, story = self.stories.pop(id), self.stories[into]
        seen_at = max(told_before.seen_at, story.seen_at)
        articles = told_before.articles + story.articles
        story = replace(story, seen_at=seen_at, articles=articles)
        keys = tuple(dict.fromkeys((*mine.keys, *theirs.keys)))[:MOST_KEYS]
        self._keep(Live(story, joined(theirs.traits, mine.traits), keys), story)
        self.memory.nearby.file(into, np.array(mine.keys, dtype=np.uint32), days(seen_at))

    def read_ahead(self, placings: Sequence[Placing]) -> None:
        """Have what these articles will be compared with in memory, asked for at once."""
        asked = [(placing, placing.keys) for placing in placings if placing.keys is not None]
        found = self.memory.nearby.look([keys for _, keys in asked])
        for (placing, _), looked in zip(asked, found, strict=True):
            placing.looked = looked
        near: dict[str, None] = {}
        for placing in placings:
            near |= dict.fromkeys(self._filed(placing))
        self.memory.read(self.tx, near)

    def _filed(self, placing: Placing) -> list[str]:
        """Return the stories that share most keys, also those that are told no more."""
        if placing.looked is None:
            return []
        day = days(placing.article.first_seen_at)
        near = self.memory.nearby.near
        return near(placing.looked, day=day, within=FOLLOWS_FOR_DAYS, most=MOST_COMPARED)

    def _near(self, placing: Placing) -> tuple[list[str], list[str]]:
        """Return the stories that an article may belong to, and those that it may follow."""
        ids = self._filed(placing)
        self.memory.read(self.tx, ids)
        day, last_day = days(placing.article.first_seen_at), self.memory.nearby.last_day
        known = [id_ for id_ in ids if id_ in self.memory.stories]
        near = [id_ for id_ in known if abs(last_day(id_) - day) <= LIVES_FOR_DAYS]
        return near, [id_ for id_ in known if day - last_day(id_) > LIVES_FOR_DAYS]

    def _keep(self, live: Live, story: Story) -> None:
        self.memory.keep(story.id, live)
        self.changed[story.id], self.stories[story.id] = live, story

    def live(self) -> list[LiveStory]:
        """Return what is to be stored of what new articles are compared with."""
        return [
            LiveStory(
                story_id=id_,
                seen_at=self.stories[id_].seen_at,
                keys=np.array(live.keys, dtype="<u4").tobytes(),
                traits=packed(live.traits),
            )
            for id_, live in self.changed.items()
        ]


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
