"""The articles of one turn, put to stories one by one and then once more together."""

from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from datetime import datetime
from itertools import groupby
from math import nan

import numpy as np

from common.records import dataclass
from ingester.stories.nearby import Look, Near
from ingester.stories.placing import Place, chosen, day_of, is_another, why
from ingester.stories.prints import days
from ingester.stories.similarity import SHORT
from ingester.stories.sums import Traits, joined, packed, with_print
from ingester.stories.weights import Weighed
from monitor.stories.carried import appeared_at, outlet_of
from monitor.stories.memory import Live, Memory
from storage.api.storage import Transaction
from storage.model import Article
from storage.story import SAME_TEXT, LiveStory, Membership, Story

MOST_KEYS = 384
"""So many keys a story is found by, the last ones: of a dozen articles and more."""
SMALL = 3
"""New stories of so few articles are compared once more when all of a turn are placed."""
ROUNDS = 2


@dataclass(slots=True)
class Placing:
    """An article that is placed.

    Attributes:
        weighed: None where its signs could not be read.
        number: What it is called in its turn.
        reason: Why it belongs to its story.
        follows: The story that is told no more and that it takes up, if it begins one.
    """

    article: Article
    weighed: Weighed | None
    number: int = -1
    story_id: str = ""
    reason: str = ""
    follows: str = ""


@dataclass(slots=True)
class Batch:
    """The articles of one turn and the stories that they change.

    Attributes:
        told: What of this turn is in which story.
        changed, stories: What is compared of those that were changed in this turn, and they.
        new: Those that began in this turn.
        unread: Those of which only this turn's articles are counted, until all are placed.
        judged: Whether an article tells another event than a story, by the number and the story,
            and as what that was judged: most are asked of again as they are.
    """

    tx: Transaction
    memory: Memory
    placings: dict[str, Placing] = field(default_factory=dict)
    told: dict[str, list[Placing]] = field(default_factory=dict)
    changed: dict[str, Live] = field(default_factory=dict)
    stories: dict[str, Story] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    judged: dict[tuple[int, str], tuple[Traits, bool]] = field(default_factory=dict)

    def begin(self, placings: Sequence[Placing]) -> None:
        """Begin the turn with these articles."""
        read = [placing for placing in placings if placing.weighed is not None]
        for number, placing in enumerate(read):
            placing.number = number
        self.memory.nearby.begin(
            [placing.weighed for placing in read if placing.weighed is not None],
            [day_of(placing.article) for placing in read],
            [days(placing.article.first_seen_at) for placing in read],
        )

    def read_ahead(self) -> None:
        """Have in memory what the articles will be compared with, asked for at once."""
        self.memory.tell(self.tx, self.memory.nearby.look_ahead())

    def grown(self) -> dict[str, list[Article]]:
        """Return what has joined stories that were there before, by their ids, oldest first."""
        grown: dict[str, list[Article]] = {}
        for placing in sorted(self.placings.values(), key=lambda each: appeared_at(each.article)):
            if placing.story_id not in self.new:
                grown.setdefault(placing.story_id, []).append(placing.article)
        return grown

    def place(self, placings: Sequence[Placing]) -> None:
        """Put articles to the stories that they belong to, or begin some with them, in order."""
        for is_plain, some in groupby(placings, self._is_plain):
            if is_plain:
                self._place_plain([*some])
            else:
                for placing in some:
                    self._place(placing)

    def _is_plain(self, placing: Placing) -> bool:
        id_ = placing.article.id
        is_own = placing.article.story_id == id_ and id_ not in self.memory.nearby
        return is_own and placing.weighed is not None

    def _place_plain(self, placings: Sequence[Placing]) -> None:
        """Place articles of which most begin stories of their own: that is found out at once."""
        ids = [placing.article.id for placing in placings]
        at = 0
        while at < len(ids):
            begun, look = self.memory.nearby.begin_stories(ids[at:], placings[at].number)
            for placing in placings[at : at + begun]:
                placing.story_id = placing.article.id
                self._has_begun(placing, self._new(placing))
                self._note(placing)
            at += begun
            if at < len(ids):
                self._place(placings[at], look)
                at += 1

    def _place(self, placing: Placing, look: Look | None = None) -> None:
        article = placing.article
        before = self.placings.get(article.story_id)
        if before is not None:
            # The same words at one address, twice.
            placing.story_id, placing.reason = before.story_id, SAME_TEXT
        elif placing.weighed is not None:
            self._find(placing, placing.weighed, look or self.memory.nearby.look(placing.number))
        placing.story_id = placing.story_id or article.id
        self.add(placing)

    def _find(self, placing: Placing, weighed: Weighed, look: Look) -> None:
        """Find the story that an article belongs to, or follows."""
        if not look.worth:
            return
        near, earlier = self.memory.nearby.found(look)
        place = self._place_among(near, placing, weighed, day_of(placing.article))
        if place is not None:
            placing.story_id, placing.reason = near.ids[place.at], place.reason
        # How far apart they are is known, and no reason against it.
        elif place := self._place_among(earlier, placing, weighed, nan):
            placing.follows = earlier.ids[place.at]

    def _place_among(
        self, near: Near, placing: Placing, weighed: Weighed, day: float
    ) -> Place | None:
        memory, ids = self.memory, near.ids
        return chosen(
            weighed,
            day,
            near,
            lambda n: memory.prints(ids[n]),
            lambda n: memory.traits(ids[n]),
            lambda n: self._is_another(placing, weighed, ids[n]),
        )

    def _is_another(self, placing: Placing, weighed: Weighed, id: str) -> bool:
        """Whether an article tells another event than a story: judged once of it as it is."""
        story, asked = self.memory.traits(id), (placing.number, id)
        before = self.judged.get(asked)
        if before is not None and before[0] is story:
            return before[1]
        is_other = is_another(weighed, story)
        self.judged[asked] = story, is_other
        return is_other

    def add(self, placing: Placing) -> None:
        """Add an article to the story that it is of."""
        article, id_ = placing.article, placing.story_id
        before, seen_at = self.memory.stories.get(id_), article.first_seen_at
        if before is None:
            self._begin(placing, self._new(placing))
        else:
            story = before.story or self._unread(id_, seen_at)
            seen_at = max(seen_at, story.seen_at)
            story = replace(story, seen_at=seen_at, articles=story.articles + 1)
            self._grow(placing, story, before)
        self._note(placing)

    def _note(self, placing: Placing) -> None:
        self.placings[placing.article.id] = placing
        self.told.setdefault(placing.story_id, []).append(placing)

    def _new(self, placing: Placing) -> Story:
        """Return the story that an article begins."""
        id_, seen_at = placing.story_id, placing.article.first_seen_at
        self.new.add(id_)
        return Story(id=id_, seen_at=seen_at, articles=1, follows=placing.follows)

    def _unread(self, id: str, seen_at: datetime) -> Story:
        """Return a story of which nobody has asked yet how many articles tell it."""
        self.unread.add(id)
        return Story(id=id, seen_at=seen_at, articles=0)

    def _read(self) -> None:
        """Add to stories what was stored of them, asked for at once."""
        for id_, before in self.tx.stories.some(self.unread).items() if self.unread else ():
            added = self.stories[id_]
            seen_at, articles = max(before.seen_at, added.seen_at), before.articles + added.articles
            story = replace(before, seen_at=seen_at, articles=articles)
            self.stories[id_] = self.changed[id_].story = story
        self.unread.clear()

    def _begin(self, placing: Placing, story: Story) -> None:
        if placing.weighed is None:
            self._tell(Live(story=story, keys=b"", made=Traits()), story)
            return
        self.memory.nearby.begin_story(story.id, placing.number)
        self._has_begun(placing, story)

    def _has_begun(self, placing: Placing, story: Story) -> None:
        assert placing.weighed is not None
        keys, prints = self.memory.nearby.keys(placing.number), (placing.weighed.print,)
        self._keep(Live(story=story, keys=keys, prints=prints), story)

    def _grow(self, placing: Placing, story: Story, before: Live) -> None:
        if placing.weighed is None:
            self._tell(
                Live(story=story, keys=before.keys, made=self.memory.traits(story.id)), story
            )
            return
        nearby = self.memory.nearby
        prints = with_print(self.memory.prints(story.id), placing.weighed.print)
        if not nearby.grow(story.id, placing.number):
            self.memory.tell(self.tx, [story.id])
            nearby.grow(story.id, placing.number)
        keys = self._both(story.id, nearby.keys(placing.number), before.keys)
        self._keep(Live(story=story, keys=keys, prints=prints), story)

    def join_small(self) -> None:
        """Let small new stories join others of this turn that they turn out to be like.

        When the first of them was placed, the others were not there yet. Nobody was told of any.
        """
        for _ in range(ROUNDS):
            if not any([self._join(id_) for id_ in self._likely()]):
                return

    def _likely(self) -> Iterator[str]:
        """Yield small new stories that may be others, the smallest first."""
        if len(self.changed) < 2:
            return
        sizes = {id_: self.stories[id_].articles for id_ in sorted(self.new)}
        small = sorted((id_ for id_, size in sizes.items() if size <= SMALL), key=sizes.__getitem__)
        several = [id_ for id_ in small if sizes[id_] > 1]
        alone = [(self.told[id_][0].number, id_) for id_ in small[: len(small) - len(several)]]
        # Most are like none: that is found out of all with one call.
        alone = [(number, id_) for number, id_ in alone if number >= 0]
        for at in self.memory.nearby.likely(alone):
            yield alone[at][1]
        yield from several

    def _join(self, id: str) -> bool:
        told, nearby = self.told[id], self.memory.nearby
        if any(placing.weighed is None for placing in told):
            return False
        scores: dict[str, dict[str, float]] = {}
        for placing in told:
            look = nearby.look_again(placing.number, id)
            for each, score in nearby.found_again(look):
                scores.setdefault(each, {})[placing.article.id] = score / len(told)
        for best in sorted(scores, key=lambda each: -sum(scores[each].values())):
            if sum(scores[best].values()) < 1:
                break
            same = self._of(told, best)
            is_alike = sum(scores[best].get(each.article.id, 0.0) for each in same) >= 1
            if is_alike and (len(told) == 1 or self._are_of_one(id, best)):
                self._merge(id, best)
                return True
        return False

    def _of(self, told: Sequence[Placing], id: str) -> list[Placing]:
        """Return which of these a story's articles do not tell another event than."""
        return [
            each for each in told if each.weighed and not self._is_another(each, each.weighed, id)
        ]

    def _are_of_one(self, id: str, other: str) -> bool:
        """Whether no short report of two stories says that they are two events.

        One in a third language may be like both, whose own reports tell them apart. Titles alone
        say too little, and so does what a short text shares with a long one in another language.
        Where both have long reports most of these decide: they may see one event from two sides.
        """
        mine, theirs = self._short_reports(id), self._short_reports(other)
        long = [self._long_reports(id), self._long_reports(other)]
        if all(long):
            asked = [self._like(each, story) for each, story in zip(long, (other, id), strict=True)]
            return 2 * sum(len(same) for _, same in asked) >= sum(len(like) for like, _ in asked)
        both = {each.article.language for each in mine} & {each.article.language for each in theirs}
        for short, story, those in ((mine, other, theirs), (theirs, id, mine)):
            is_all_short = len(those) == len(self.told[story])
            some = [each for each in short if is_all_short or each.article.language in both]
            like, same = self._like(some, story)
            if len(same) < len(like):
                return False
        return True

    def _like(
        self, reports: Sequence[Placing], story: str
    ) -> tuple[Sequence[Placing], Sequence[Placing]]:
        """Return which reports are like a story, and which of these do not tell another event."""
        nearby = self.memory.nearby
        like = [each for each in reports if nearby.likeness(each.number, story) >= 1]
        return like, self._of(like, story)

    def _long_reports(self, id: str) -> list[Placing]:
        return [each for each in self.told[id] if each.weighed and each.weighed.size > SHORT]

    def _short_reports(self, id: str) -> list[Placing]:
        """Return what of this turn is short in a story, and more than a title."""
        return [
            each
            for each in self.told[id]
            if each.weighed and each.weighed.print.length and each.weighed.size <= SHORT
        ]

    def _merge(self, id: str, into: str) -> None:
        mine, theirs = self.memory.traits(id), self.memory.traits(into)
        keys = self.changed.pop(id).keys
        told = self.told.pop(id)
        self.new.discard(id)
        self.memory.stories.pop(id)
        self.memory.nearby.leave(id, keys)
        self.memory.nearby.forget(id)
        for placing in told:
            if placing.weighed is not None:
                reason = why(placing.weighed, theirs, day_of(placing.article))
                placing.story_id, placing.reason = into, placing.reason or reason
        self.told[into] += told
        told_before, story = self.stories.pop(id), self.stories[into]
        seen_at = max(told_before.seen_at, story.seen_at)
        articles = told_before.articles + story.articles
        story = replace(story, seen_at=seen_at, articles=articles)
        self.memory.nearby.file(into, keys, days(seen_at))
        keys = self._both(into, keys, self.changed[into].keys)
        self._tell(Live(story=story, keys=keys, made=joined(theirs, mine)), story)

    def _both(self, id: str, new: bytes, before: bytes) -> bytes:
        """Return the keys of a story with those of an article more, each once.

        Of too many the oldest are left out, in memory as in what is stored: what is found is not
        to depend on when the program was started.
        """
        keys = [*dict.fromkeys(np.frombuffer(new + before, dtype="<u4").tolist())]
        if len(keys) > MOST_KEYS:
            left = np.array(keys[MOST_KEYS:], dtype="<u4").tobytes()
            self.memory.nearby.leave(id, left)
        return np.array(keys[:MOST_KEYS], dtype="<u4").tobytes()

    def _keep(self, live: Live, story: Story) -> None:
        self.memory.keep(story.id, live)
        self.changed[story.id], self.stories[story.id] = live, story

    def _tell(self, live: Live, story: Story) -> None:
        """Keep a story that was put together here."""
        assert live.made is not None
        live.prints = live.made.prints
        self._keep(live, story)
        whole = packed(live.made, is_half=False)
        self.memory.nearby.tell({story.id: whole}, are_changed=True)

    def live(self) -> list[LiveStory]:
        """Return what is to be stored of what new articles are compared with."""
        self._read()
        nearby = self.memory.nearby
        for id_, stored in nearby.packed(self.changed).items():
            # The articles themselves are kept no longer than their turn.
            live = self.changed[id_]
            live.packed, live.prints, live.made = stored, (), None
        self.memory.file(
            (id_, live.keys, self.stories[id_].seen_at) for id_, live in self.changed.items()
        )
        return [
            LiveStory(
                story_id=id_,
                seen_at=self.stories[id_].seen_at,
                keys=live.keys,
                traits=live.packed,
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
