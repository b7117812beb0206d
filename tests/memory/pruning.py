"""Pruning as the store in memory does it."""

from dataclasses import replace
from datetime import datetime, timedelta

from storage.api.pruning import Prunable, Pruned
from storage.story import Story
from tests.memory.kept import Kept


class MemoryPruning:
    """Implements `storage.api.pruning.Pruning`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def newest(self, count: int) -> datetime | None:
        seen = sorted((a.first_seen_at for a in self._kept.articles.values()), reverse=True)
        return seen[count - 1] if len(seen) >= count else None

    def oldest(self, count: int, *, before: datetime) -> datetime:
        held = 0
        for story in self._over(before):
            held += len(self._members(story))
            if held >= count:
                return min(before, story.seen_at + timedelta(microseconds=1))
        return before

    def prunable(self, *, before: datetime) -> Prunable:
        kept, over = self._kept, self._over(before)
        found = sum(len(self._members(story)) for story in over)
        older = sum(article.first_seen_at < before for article in kept.articles.values())
        return Prunable(found, len(over), older - found, len(kept.articles) - found)

    def prune(self, *, before: datetime, after: tuple[datetime, str] | None, limit: int) -> Pruned:
        kept = self._kept.changing()
        later = [s for s in self._over(before) if after is None or (s.seen_at, s.id) > after]
        stories = later[:limit]
        if not stories:
            return Pruned()
        articles = [id_ for story in stories for id_ in self._members(story)]
        for id_ in articles:
            for table in (kept.articles, kept.numbers, kept.versions, kept.tokens, kept.members):
                table.pop(id_, None)  # type: ignore[attr-defined]  # all are by article
            for key in [key for key in kept.listings if key[0] == id_]:
                del kept.listings[key]
        for story in stories:
            del kept.stories[story.id]
        return Pruned(len(articles), len(stories), (stories[-1].seen_at, stories[-1].id))

    def forget(self, *, before: datetime) -> int:
        kept = self._kept.changing()
        for id_, story in kept.stories.items():
            if story.follows not in kept.stories:
                kept.stories[id_] = replace(story, follows="")
        gone = [
            key
            for key, known in kept.fingerprints.items()
            if known.article_id not in kept.articles and kept.listed[key] < before
        ]
        for key in gone:
            del kept.fingerprints[key], kept.listed[key]
        return len(gone)

    def shed(self, *, after: int) -> int | None:
        return None

    def _members(self, story: Story) -> list[str]:
        return [m.article_id for m in self._kept.members.values() if m.story_id == story.id]

    def _over(self, before: datetime) -> list[Story]:
        kept = self._kept
        told = [(alert.story_id, alert.article_id) for alert in kept.alerts.values()]
        told += [(each.story_id, each.match.article_id) for each in kept.waiting.values()]
        stories, articles = {story for story, _ in told}, {article for _, article in told}

        def is_over(story: Story) -> bool:
            members = self._members(story)
            return (
                story.seen_at < before
                and story.id not in stories | kept.live.keys()
                and articles.isdisjoint(members)
                and all(kept.articles[id_].first_seen_at < before for id_ in members)
            )

        over = filter(is_over, kept.stories.values())
        return sorted(over, key=lambda story: (story.seen_at, story.id))
