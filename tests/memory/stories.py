"""Stories as the store in memory keeps them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from storage.model import Article
from storage.story import Lesson, LiveStory, Membership, Story, Turn, Waiting
from tests.memory.kept import Kept, checked, found, pointing


class MemoryStories:
    """Implements `storage.api.stories.Stories`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def get(self, id: str) -> Story | None:
        return self._kept.stories.get(id)

    def some(self, ids: Iterable[str]) -> dict[str, Story]:
        return {id_: self._kept.stories[id_] for id_ in ids if id_ in self._kept.stories}

    def find(self, prefix: str) -> Story | None:
        return found(self._kept.stories.values(), prefix)

    def recent(
        self,
        *,
        since: datetime | None = None,
        before: tuple[datetime, str] | None = None,
        rule_id: str | None = None,
        limit: int | None = 100,
    ) -> list[Story]:
        alerts = self._kept.alerts.values()
        by_rule = {each.story_id for each in alerts if each.rule_id == rule_id}
        told = [
            story
            for story in self._kept.stories.values()
            if (since is None or story.seen_at >= since)
            and (before is None or (story.seen_at, story.id) < before)
            and (rule_id is None or story.id in by_rule)
        ]
        return sorted(told, key=lambda story: (story.seen_at, story.id), reverse=True)[:limit]

    def members(self, ids: Iterable[str]) -> list[Membership]:
        wanted = set(ids)
        members = (member for member in self._kept.members.values() if member.story_id in wanted)
        return sorted(
            members, key=lambda member: (member.appeared_at, member.joined_at, member.article_id)
        )

    def put(self, stories: Iterable[Story]) -> None:
        kept = self._kept.changing()
        for story in stories:
            kept.stories[story.id] = checked(story)

    def join(self, members: Iterable[Membership]) -> None:
        kept = self._kept.changing()
        for member in members:
            pointing(kept.articles, member.article_id)
            pointing(kept.stories, member.story_id)
            kept.members[member.article_id] = checked(member)

    def join_later(self, ids: Iterable[str], *, at: datetime) -> None:
        kept = self._kept.changing()
        for id_ in ids:
            kept.members[id_] = replace(kept.members[id_], joined_at=at)

    def move(self, homes: Mapping[str, str]) -> None:
        kept = self._kept.changing()
        for id_, story_id in homes.items():
            if id_ in kept.articles and kept.articles[id_].story_id != story_id:
                kept.articles[id_] = replace(kept.articles[id_], story_id=story_id)
                for alert in [a for a in kept.alerts.values() if a.article_id == id_]:
                    kept.alerts[alert.id] = replace(alert, story_id=story_id)
                for key in [key for key in kept.waiting if key[1] == id_]:
                    kept.waiting[key] = replace(kept.waiting[key], story_id=story_id)

    def remove(self, id: str) -> None:
        kept = self._kept.changing()
        if any(member.story_id == id for member in kept.members.values()):
            raise ValueError(f"the store refuses this: story {id} has articles")
        kept.stories.pop(id, None)
        kept.live.pop(id, None)

    def are_unplaced(self, ids: Iterable[str]) -> set[str]:
        return {each for each in ids if each in self._kept.articles} - {*self._kept.members}

    def unplaced(self, limit: int, *, after: tuple[datetime, str] | None = None) -> list[Article]:
        places = sorted(
            (article.first_seen_at, article.id)
            for article in self._kept.articles.values()
            if article.id not in self._kept.members
        )
        behind = [id_ for seen_at, id_ in places if after is None or (seen_at, id_) > after]
        return [self._kept.articles[id_] for id_ in behind[:limit]]


class MemoryPlacing:
    """Implements `storage.api.stories.Placing`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def hold(self) -> None:
        self._kept.changing()

    def take_turn(self, who: str) -> Turn:
        kept = self._kept.changing()
        number = int(kept.facts.get("story turn", "0")) + 1
        before = kept.facts.get("story placer", "")
        kept.facts |= {"story turn": str(number), "story placer": who}
        return Turn(number, before)

    def changed(self, *, after: int, limit: int) -> list[LiveStory]:
        later = [replace(s, traits=b"") for s in self._kept.live.values() if s.turn > after]
        return sorted(later, key=lambda story: (-story.turn, story.story_id))[:limit]

    def told(
        self, *, after: tuple[datetime, str] | None = None, limit: int
    ) -> list[tuple[datetime, str]]:
        every = sorted((live.seen_at, id_) for id_, live in self._kept.live.items())
        return [each for each in every if after is None or each > after][:limit]

    def live(self, ids: Iterable[str]) -> dict[str, LiveStory]:
        return {id_: self._kept.live[id_] for id_ in ids if id_ in self._kept.live}

    def keep(self, stories: Iterable[LiveStory], *, turn: int) -> None:
        kept = self._kept.changing()
        for story in stories:
            pointing(kept.stories, story.story_id)
            kept.live[story.story_id] = checked(replace(story, turn=turn))

    def retire(self, *, before: datetime, limit: int) -> int:
        kept = self._kept.changing()
        oldest = sorted(kept.live.values(), key=lambda story: story.turn)[:limit]
        dead = [story.story_id for story in oldest if story.seen_at < before]
        self.forget(dead)
        return len(dead)

    def forget(self, ids: Iterable[str]) -> None:
        live = self._kept.changing().live
        for id_ in ids:
            live.pop(id_, None)

    def lessons(self, *, since: int) -> list[Lesson]:
        return [self._kept.lessons[turn] for turn in sorted(self._kept.lessons) if turn >= since]

    def teach(self, lesson: Lesson) -> None:
        kept = self._kept.changing()
        if lesson.is_whole:
            kept.lessons = {t: each for t, each in kept.lessons.items() if t >= lesson.turn}
        kept.lessons[lesson.turn] = lesson


class MemoryFollowing:
    """Implements `storage.api.stories.Following`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def wait(self, waiting: Iterable[Waiting], *, forget_before: datetime) -> None:
        kept = self._kept.changing()
        for each in waiting:
            pointing(kept.rules, each.match.rule_id)
            pointing(kept.articles, each.match.article_id)
            kept.waiting.setdefault((each.match.rule_id, each.match.article_id), checked(each))
        kept.waiting = {k: w for k, w in kept.waiting.items() if w.found_at >= forget_before}

    def waiting(self, story_ids: Iterable[str]) -> list[Waiting]:
        wanted = set(story_ids)
        found_ = (each for each in self._kept.waiting.values() if each.story_id in wanted)
        return sorted(found_, key=lambda each: (each.found_at, each.match.article_id))

    def end_wait(self, rule_id: str, story_id: str) -> None:
        kept = self._kept.changing()
        about = (rule_id, story_id)
        kept.waiting = {
            k: w for k, w in kept.waiting.items() if (w.match.rule_id, w.story_id) != about
        }

    def mention(self, rule_id: str, hour: int, articles: int) -> None:
        kept = self._kept.changing()
        pointing(kept.rules, rule_id)
        kept.mentions[rule_id, hour] = kept.mentions.get((rule_id, hour), 0) + articles

    def mentions(self, rule_id: str, *, since: int) -> dict[int, int]:
        counts = self._kept.mentions.items()
        return {hour: n for (id_, hour), n in counts if id_ == rule_id and hour >= since}
