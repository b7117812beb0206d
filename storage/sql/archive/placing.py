"""What placing new articles among stories needs, as it is kept."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, tuple_

from storage.said.values import instant
from storage.sql import rows
from storage.sql.meta import Moved
from storage.sql.tables.story_tables import STORY_PLACER, STORY_TURN, story_lesson, story_live
from storage.story import Lesson, LiveStory, Turn

FEW = 16
"""So many of the oldest are asked for before all are that may be retired at once."""

_changed = (
    select(story_live.c.story_id, story_live.c.seen_at, story_live.c.turn, story_live.c.found_by)
    .where(story_live.c.turn > bindparam("after"))
    .order_by(story_live.c.turn.desc(), story_live.c.story_id)
    .limit(bindparam("most"))
)
_told = (
    select(story_live.c.seen_at, story_live.c.story_id)
    .order_by(story_live.c.seen_at, story_live.c.story_id)
    .limit(bindparam("most"))
)
_LIVE: tuple[Any, ...] = (
    story_live.c.story_id,
    story_live.c.seen_at,
    story_live.c.turn,
    story_live.c.found_by,
    story_live.c.traits,
)
_oldest = (
    select(story_live.c.story_id, story_live.c.seen_at)
    .order_by(story_live.c.turn)
    .limit(bindparam("most"))
)
_lessons = (
    select(story_lesson)
    .where(story_lesson.c.turn >= bindparam("since"))
    .order_by(story_lesson.c.turn)
)


class SqlPlacing:
    """Implements `storage.api.stories.Placing` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any], moved: Moved) -> None:
        self._connection = connection
        self._insert = insert
        self._moved = moved

    def hold(self) -> None:
        self._moved.take(STORY_TURN)

    def take_turn(self, who: str) -> Turn:
        number = self._moved.advance(STORY_TURN)
        before = self._moved.take(STORY_PLACER)
        self._moved.put(STORY_PLACER, who)
        return Turn(number, before)

    def changed(self, *, after: int, limit: int) -> list[LiveStory]:
        asked = {"after": after, "most": limit}
        return [
            LiveStory(story_id=id_, seen_at=seen_at, turn=turn, keys=bytes(keys), traits=b"")
            for id_, seen_at, turn, keys in self._connection.execute(_changed, asked)
        ]

    def told(
        self, *, after: tuple[datetime, str] | None = None, limit: int
    ) -> list[tuple[datetime, str]]:
        statement = _told
        if after is not None:
            statement = statement.where(tuple_(story_live.c.seen_at, story_live.c.story_id) > after)
        found = self._connection.execute(statement, {"most": limit})
        return [(seen_at, id_) for seen_at, id_ in found]

    def live(self, ids: Iterable[str]) -> dict[str, LiveStory]:
        found: dict[str, LiveStory] = {}
        every: Iterable[tuple[Any, ...]] = rows.having(self._connection, _LIVE, ids)
        for id_, seen_at, turn, keys, traits in every:
            found[id_] = LiveStory(
                story_id=id_,
                seen_at=instant(seen_at),
                turn=turn,
                keys=bytes(keys),
                traits=bytes(traits),
            )
        return found

    def keep(self, stories: Iterable[LiveStory], *, turn: int) -> None:
        values = [
            {
                "story_id": each.story_id,
                "seen_at": each.seen_at,
                "turn": turn,
                "found_by": each.keys,
                "traits": each.traits,
            }
            for each in sorted(stories, key=lambda each: each.story_id)
        ]
        rows.put(self._connection, self._insert, story_live, values)

    def retire(self, *, before: datetime, limit: int) -> int:
        # Most turns find none to retire: the first few say so, of which one may be ahead of time.
        oldest = self._oldest(min(limit, FEW))
        if limit > FEW and any(seen_at < before for _, seen_at in oldest):
            oldest = self._oldest(limit)
        dead = [id_ for id_, seen_at in oldest if seen_at < before]
        self.forget(dead)
        return len(dead)

    def _oldest(self, limit: int) -> Sequence[tuple[str, datetime]]:
        found = self._connection.execute(_oldest, {"most": limit})
        return [(id_, seen_at) for id_, seen_at in found]

    def forget(self, ids: Iterable[str]) -> None:
        for chunk in rows.chunks(ids):
            self._connection.execute(delete(story_live).where(story_live.c.story_id.in_(chunk)))

    def lessons(self, *, since: int) -> list[Lesson]:
        return [
            Lesson(row.turn, row.who, row.is_whole, bytes(row.data))
            for row in self._connection.execute(_lessons, {"since": since})
        ]

    def teach(self, lesson: Lesson) -> None:
        if lesson.is_whole:
            self._connection.execute(delete(story_lesson).where(story_lesson.c.turn < lesson.turn))
        self._connection.execute(self._insert(story_lesson), [lesson._asdict()])
