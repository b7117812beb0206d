"""What people asked for, as it is kept."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from storage import facts, rows
from storage.model import Rule, RuleState, Variant
from storage.schema import RULES_REVISION, rule

_IS_LISTED = rule.c.state != RuleState.REMOVED.value
_get = select(rule).where(rule.c.id == bindparam("id"))
_all = select(rule).where(_IS_LISTED).order_by(rule.c.created_at, rule.c.id)


class SqlRules:
    """Implements `storage.api.Rules` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def add(self, rule_: Rule) -> bool:
        # First of all, so that changes to rules wait for one another here and nowhere else.
        facts.take(self._connection, RULES_REVISION)
        values = to_row(rule_)
        fresh = self._insert(rule).values(values).on_conflict_do_nothing()
        added = self._connection.execute(fresh.returning(rule.c.id)).first() is not None
        if not added:
            removed = rule.c.state == RuleState.REMOVED.value
            added = self._change(rule_.id, values, removed)
        if added:
            facts.advance(self._connection, RULES_REVISION)
        return added

    def update(self, rule_: Rule) -> None:
        facts.take(self._connection, RULES_REVISION)
        if self._change(rule_.id, to_row(rule_)):
            facts.advance(self._connection, RULES_REVISION)

    def set_state(self, rule_id: str, state: RuleState) -> None:
        facts.take(self._connection, RULES_REVISION)
        if self._change(rule_id, {"state": state.value}):
            facts.advance(self._connection, RULES_REVISION)

    def _change(self, rule_id: str, values: dict[str, Any], *conditions: Any) -> bool:
        statement = update(rule).where(rule.c.id == rule_id, *conditions)
        statement = statement.values({**values, "revision": rule.c.revision + 1})
        return self._connection.execute(statement).rowcount > 0

    def get(self, id: str) -> Rule | None:
        row = self._connection.execute(_get, {"id": id}).first()
        return from_row(row) if row else None

    def find(self, prefix: str) -> Rule | None:
        named = (rule.c.name == prefix, rule.c.query == prefix)
        row = rows.find(self._connection, rule, prefix, exactly=named, listed=_IS_LISTED)
        return from_row(row) if row else None

    def all(self) -> list[Rule]:
        return [from_row(row) for row in self._connection.execute(_all)]

    def revision(self) -> int:
        return facts.read(self._connection, RULES_REVISION)

    def lock_revision(self) -> int:
        return facts.keep(self._connection, RULES_REVISION)

    def caught_up(self, rule_id: str, *, revision: int) -> bool:
        statement = update(rule).where(rule.c.id == rule_id, rule.c.revision == revision)
        return self._connection.execute(statement.values(caught_up=True)).rowcount > 0


def to_row(rule_: Rule) -> dict[str, Any]:
    """Return the columns of a rule."""
    return {
        "id": rule_.id,
        "name": rule_.name,
        "query": rule_.query,
        "created_at": rule_.created_at,
        "channel_ids": rule_.channel_ids,
        "strictness": rule_.strictness,
        "languages": rule_.languages,
        "variants": [asdict(each) for each in rule_.variants],
        "sources": rule_.sources,
        "tags": rule_.tags,
        "max_per_day": rule_.max_per_day,
        "expires_at": rule_.expires_at,
        "backfill_since": rule_.backfill_since,
        "caught_up": rule_.caught_up,
        "state": rule_.state.value,
        "revision": rule_.revision,
    }


def from_row(row: Row[Any]) -> Rule:
    """Return the rule of a row."""
    values = dict(row._mapping)
    for name in ("channel_ids", "languages", "sources", "tags"):
        values[name] = tuple(values[name])
    values["variants"] = tuple(Variant(**each) for each in values["variants"])
    values["state"] = RuleState(values["state"])
    return Rule(**values)
