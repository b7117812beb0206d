"""What we poll, as it is kept: sources, their memory, their notices."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Executable,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.model import Source, SourceState, stable_id
from storage.notice import Notice
from storage.said.asking import NOTHING
from storage.said.sources import AskedSources, from_values
from storage.said.texts import Given
from storage.sql import rows
from storage.sql.tables.columns import Instant
from storage.sql.tables.schema import article, notice, source, source_memory

_IS_LISTED = source.c.state != SourceState.REMOVED.value
_IS_ACTIVE: ColumnElement[bool] = literal_column(
    "source.state = 'active'"
)  # as in the index, word for word
_FREE = {"lease_owner": None, "lease_until": None}

_get = select(source).where(source.c.id == bindparam("id"))
_some = rows.OfKeys(select(source), source.c.id)
_all = select(source).where(_IS_LISTED).order_by(source.c.name, source.c.id)
_failed = _all.where(source.c.last_error.is_not(None))
_memory = select(source_memory.c.key, source_memory.c.value).where(
    source_memory.c.source_id == bindparam("id")
)
_article_counts = select(article.c.source_id, func.count()).group_by(article.c.source_id)


_RECORDED = (
    "baseline_done",
    "quiet_before",
    "validators",
    "next_poll_at",
    "last_ok_at",
    "last_entry_at",
    "last_error",
    "failures",
)


def _recording(state: SourceState) -> Update:
    """Return the statement that writes a poll's end; its parameters begin with "the_"."""
    # What its owner has decided while the poll ran stays decided.
    stays = [source.c.state == SourceState.REMOVED.value]
    if state is SourceState.ACTIVE:
        stays.append(source.c.state == SourceState.PAUSED.value)
    return (
        update(source)
        .where(
            source.c.id == bindparam("the_id"), source.c.lease_token == bindparam("the_lease_token")
        )
        # Given back: this poll has ended already, and only once may an end be written.
        .where(source.c.lease_owner.is_not(None))
        .values({key: bindparam(f"the_{key}") for key in _RECORDED})
        .values(**_FREE, state=case((or_(*stays), source.c.state), else_=state.value))
        .execution_options(preserve_rowcount=True)
    )


_record_unchanged = (
    update(source)
    .where(source.c.id == bindparam("the_id"), source.c.lease_token == bindparam("the_lease_token"))
    .where(source.c.lease_owner.is_not(None))
    .values(next_poll_at=bindparam("the_next"), last_ok_at=bindparam("the_now"), **_FREE)
    .execution_options(preserve_rowcount=True)
)


@cache
def _due(*asked: str) -> Select[Any]:
    """Return the statement that finds what may be claimed: built once, since each poll asks."""
    now = bindparam("now", type_=Instant)
    order = (
        case((source.c.kind.in_(_several("first")), 0), else_=1),
        source.c.next_poll_at.asc().nulls_first(),
        source.c.id,
    )
    free = or_(source.c.lease_until.is_(None), source.c.lease_until <= now)
    if "ids" in asked:
        wanted = and_(source.c.id.in_(_several("ids")), _IS_LISTED)
    else:
        wanted = and_(
            _IS_ACTIVE, or_(source.c.next_poll_at.is_(None), source.c.next_poll_at <= now)
        )
    due = select(source.c.id).where(wanted, free).order_by(*order).limit(bindparam("most"))
    if "besides" in asked:
        due = due.where(source.c.id.not_in(_several("besides")))
    if "among" in asked:
        due = due.where(source.c.id.in_(_several("among")))
    if "without" in asked:
        due = due.where(source.c.kind.not_in(_several("without")))
    # PostgreSQL looks at the condition again once it has the lock; SQLite has one writer.
    return due.with_for_update(skip_locked=True)


_now = bindparam("now", type_=Instant)
_next_due = (
    select(source.c.next_poll_at)
    .where(_IS_ACTIVE, or_(source.c.lease_until.is_(None), source.c.lease_until <= _now))
    .order_by(source.c.next_poll_at.asc().nulls_first())
    .limit(1)
)


_next_due_without = _next_due.where(source.c.kind.not_in(bindparam("without", expanding=True)))


def _several(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


_claim = (
    update(source)
    .where(source.c.id.in_(_several("due")))
    .values(
        lease_owner=bindparam("the_owner"),
        lease_until=bindparam("the_end"),
        lease_token=source.c.lease_token + 1,
    )
    .returning(source)
)


_release = (
    update(source)
    .where(or_(source.c.lease_until <= _now, source.c.lease_owner.in_(_several("owners"))))
    .values(**_FREE)
)

SAID: dict[str, Executable] = {
    "get": _get,
    "failed": _failed,
    "due": _due(),
    "due besides": _due("besides"),
    "next_due": _next_due,
    "next_due_without": _next_due_without,
    "claim": _claim,
    "unchanged": _record_unchanged,
    "release": _release,
    "memory": _memory,
    **{f"end {state.value}": _recording(state) for state in SourceState},
}


class SqlSources(AskedSources):
    """Implements `storage.api.sources.Sources` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def ask(self, name: str, given: Given = NOTHING) -> Any:
        statement = SAID.get(name)
        if statement is None:
            statement = _due(*name.split()[1:])
        return self._connection.execute(statement, given)

    def add(self, source_: Source) -> bool:
        values = to_row(source_)
        fresh = self._insert(source).values(values).on_conflict_do_nothing()
        if self._connection.execute(fresh.returning(source.c.id)).first():
            return True
        # A poll that still runs from before it was removed must not write into its new life.
        del values["lease_token"]
        revived = (
            update(source)
            .where(source.c.id == source_.id, source.c.state == SourceState.REMOVED.value)
            .values(**values, lease_token=source.c.lease_token + 1)
        )
        return self._connection.execute(revived).rowcount > 0

    def update(self, source_: Source) -> None:
        changed = ("name", "every", "tags", "options", "state", "backfill", "next_poll_at")
        values = to_row(source_)
        statement = update(source).where(source.c.id == source_.id)
        self._connection.execute(statement.values({key: values[key] for key in changed}))

    def some(self, ids: Iterable[str]) -> dict[str, Source]:
        found: dict[str, Source] = {}
        for chunk in rows.chunks(ids):
            some = _some.among(self._connection, chunk)
            found.update((row.id, from_row(row)) for row in some)
        return found

    def find(self, prefix: str) -> Source | None:
        named = (source.c.name == prefix, source.c.url == prefix)
        row = rows.find(self._connection, source, prefix, exactly=named, listed=_IS_LISTED)
        return from_row(row) if row else None

    def all(self) -> list[Source]:
        return [from_row(row) for row in self._connection.execute(_all)]

    def record_polls(self, polls: Iterable[tuple[Source, Mapping[str, str]]]) -> None:
        by_state: dict[SourceState, list[Source]] = {}
        # In one order, so that transactions that touch the same rows wait for one another.
        for source_, _ in (ended := sorted(polls, key=lambda poll: poll[0].id)):
            by_state.setdefault(source_.state, []).append(source_)
        keys = ("id", "lease_token", *_RECORDED)
        for state, sources in by_state.items():
            rows_ = map(to_row, sources)
            written = [{f"the_{key}": row[key] for key in keys} for row in rows_]
            self.write_ends(f"end {state.value}", written, sources)
        for source_, remember in ended:
            self._remember(source_.id, remember)

    def _remember(self, source_id: str, remember: Mapping[str, str]) -> None:
        if not remember:
            return
        statement = self._insert(source_memory)
        statement = statement.on_conflict_do_update(
            index_elements=["source_id", "key_hash"], set_={"value": statement.excluded.value}
        )
        self._connection.execute(
            statement,
            [
                {
                    "source_id": source_id,
                    "key_hash": stable_id("memory", key),
                    "key": key,
                    "value": value,
                }
                for key, value in sorted(remember.items())
            ],
        )

    def excuse(self, ids: Iterable[str], *, until: datetime) -> int:
        count = 0
        for chunk in rows.chunks(sorted(ids)):
            later = source.c.next_poll_at > until
            statement = (
                update(source)
                .where(source.c.id.in_(chunk))
                .values(
                    failures=case((source.c.failures > 0, source.c.failures - 1), else_=0),
                    next_poll_at=case((later, until), else_=source.c.next_poll_at),
                )
            )
            count += self._connection.execute(statement).rowcount
        return count

    def article_counts(self) -> dict[str, int]:
        return {id_: count for id_, count in self._connection.execute(_article_counts)}

    def add_notice(self, notice_: Notice) -> bool:
        values = {
            "id": notice_.id,
            "source_id": notice_.source_id,
            "text": notice_.text,
            "raised_at": notice_.raised_at,
            "seen_at": notice_.seen_at,
            "lasts": notice_.lasts,
            "routine": notice_.routine,
        }
        fresh = self._insert(notice).values(values).on_conflict_do_nothing()
        if self._connection.execute(fresh.returning(notice.c.id)).first():
            return True
        seen = update(notice).where(notice.c.id == notice_.id, notice.c.seen_at <= notice_.seen_at)
        routine = notice.c.routine if notice_.routine else false()
        values = {"seen_at": notice_.seen_at, "lasts": notice_.lasts, "routine": routine}
        self._connection.execute(seen.values(values))
        return False

    def end_notices(
        self, source_ids: Iterable[str], *, besides: Collection[str], before: datetime
    ) -> None:
        of, told = notice.c, notice.c.id.in_(besides)
        for chunk in rows.chunks(source_ids):
            is_over = or_(and_(of.lasts, ~told), and_(~of.lasts, of.seen_at < before))
            self._connection.execute(delete(notice).where(of.source_id.in_(chunk), is_over))

    def notices(self, source_id: str | None = None, *, limit: int = 100) -> list[Notice]:
        statement = select(notice)
        if source_id is not None:
            statement = statement.where(notice.c.source_id == source_id)
        statement = statement.order_by(notice.c.raised_at.desc(), notice.c.id.desc()).limit(limit)
        return [Notice(**row._mapping) for row in self._connection.execute(statement)]


def to_row(source_: Source) -> dict[str, Any]:
    """Return the columns of a source that nobody holds."""
    return {
        "id": source_.id,
        "kind": source_.kind,
        "url": source_.url,
        "name": source_.name,
        "every": source_.every,
        "added_at": source_.added_at,
        "state": source_.state.value,
        "tags": source_.tags,
        "options": dict(source_.options),
        "backfill": source_.backfill,
        "baseline_done": source_.baseline_done,
        "quiet_before": source_.quiet_before,
        "validators": dict(source_.validators),
        "next_poll_at": source_.next_poll_at,
        "last_ok_at": source_.last_ok_at,
        "last_entry_at": source_.last_entry_at,
        "last_error": source_.last_error,
        "failures": source_.failures,
        "lease_token": source_.lease_token,
        **_FREE,
    }


def from_row(row: Row[Any]) -> Source:
    """Return the source of a row with all columns."""
    return from_values(dict(row._mapping))
