"""What people asked for, as it is kept."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, cast

from sqlalchemy import (
    Connection,
    CursorResult,
    Executable,
    Row,
    bindparam,
    delete,
    select,
    tuple_,
    update,
)

from storage.ids import digest_of
from storage.model import Rule, RuleState, Variant, VariantState
from storage.said.asking import NOTHING
from storage.said.others import AskedRules
from storage.said.texts import Given
from storage.sql import meta, rows
from storage.sql.tables.schema import RULES_REVISION, rule, rule_wording, variant, variant_hit
from storage.stamp import stamp_of
from storage.variant_groups import RuleGroups, packed, unpacked
from storage.variant_use import VariantHit, VariantUse

_IS_LISTED = rule.c.state != RuleState.REMOVED.value
_get = select(rule).where(rule.c.id == bindparam("id"))
_all = select(rule).where(_IS_LISTED).order_by(rule.c.created_at, rule.c.id)
_watching = (
    select(rule.c.id, rule.c.revision).where(_IS_LISTED).order_by(rule.c.created_at, rule.c.id)
)
_stamps = select(rule.c.id, rule.c.stamp).where(_IS_LISTED)
_to_catch_up = (
    select(rule.c.id)
    .where(rule.c.state == RuleState.ACTIVE.value, rule.c.caught_up.is_(False))
    .order_by(rule.c.created_at, rule.c.id)
)
_in_order = (variant.c.rule_id, variant.c.place, variant.c.key)
_variants = select(variant).where(variant.c.rule_id == bindparam("rule_id")).order_by(*_in_order)
_said = select(
    variant.c.rule_id,
    *(variant.c[name] for name in ("language", "text", "of", "kind", "source", "score", "state")),
).order_by(*_in_order)
_said_of = rows.OfKeys(_said, variant.c.rule_id)
_rules = rows.OfKeys(select(rule), rule.c.id)
_in_groups = select(rule.c.id, rule.c.revision, rule.c.stamp, rule_wording.c.said).join(
    rule_wording
)
_all_variants = _said.join(rule).where(_IS_LISTED)
_change_variant = (
    update(variant)
    .where(variant.c.rule_id == bindparam("b_rule"), variant.c.key == bindparam("b_key"))
    .values({name: bindparam(name) for name in ("place", "kind", "source", "score", "state")})
)
_counted = select(
    variant_hit.c.text_hash,
    variant_hit.c.language,
    variant_hit.c.hits,
    variant_hit.c.last_hit_at,
).where(variant_hit.c.rule_id == bindparam("rule_id"))

_otherwise = (
    select(rule.c.id)
    .where(_IS_LISTED, rule.c.expansion != bindparam("expansion"))
    .order_by(rule.c.created_at, rule.c.id)
    .limit(bindparam("most"))
)
_ends = rule.c.expires_at
_ending = (
    select(rule)
    .where(_IS_LISTED, _ends > bindparam("after"), _ends <= bindparam("until"))
    .order_by(_ends, rule.c.id)
)

SAID: dict[str, Executable] = {
    "watching": _watching,
    "otherwise": _otherwise,
    "to_catch_up": _to_catch_up,
    "ending": _ending,
}


class SqlRules(AskedRules):
    """Implements `storage.api.rules.Rules` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def ask(self, name: str, given: Given = NOTHING) -> Any:
        return self._connection.execute(SAID[name], given)

    def add(self, rule_: Rule) -> bool:
        # First of all, so that changes to rules wait for one another here and nowhere else.
        meta.take(self._connection, RULES_REVISION)
        values = to_row(rule_)
        is_new = rows.insert_new(self._connection, self._insert, rule, [values]) > 0
        removed = rule.c.state == RuleState.REMOVED.value
        added = is_new or self._change(rule_.id, values, removed)
        if added:
            self._write_variants(rule_, {} if is_new else self._known_variants(rule_.id))
            meta.advance(self._connection, RULES_REVISION)
        return added

    def update(self, rule_: Rule) -> None:
        meta.take(self._connection, RULES_REVISION)
        if self._change(rule_.id, to_row(rule_)):
            self._write_variants(rule_, self._known_variants(rule_.id))
            meta.advance(self._connection, RULES_REVISION)

    def set_state(self, rule_id: str, state: RuleState) -> None:
        meta.take(self._connection, RULES_REVISION)
        if self._change(rule_id, {"state": state.value}):
            meta.advance(self._connection, RULES_REVISION)

    def _change(self, rule_id: str, values: dict[str, Any], *conditions: Any) -> bool:
        statement = update(rule).where(rule.c.id == rule_id, *conditions)
        statement = statement.values({**values, "revision": rule.c.revision + 1})
        return self._connection.execute(statement).rowcount > 0

    def _known_variants(self, rule_id: str) -> dict[str, Mapping[str, Any]]:
        stored = self._connection.execute(select(variant).where(variant.c.rule_id == rule_id))
        return {row.key: cast("Mapping[str, Any]", row._mapping) for row in stored}

    def _write_variants(self, rule_: Rule, known: Mapping[str, Mapping[str, Any]]) -> None:
        """Make the stored variants those of the rule; what is counted of them stays.

        Args:
            known: Those that are stored, by key.
        """
        wording = {"rule_id": rule_.id, "said": packed(rule_.variants)}
        rows.put(self._connection, self._insert, rule_wording, [wording])
        wanted: dict[str, dict[str, Any]] = {}
        for columns in variant_rows(rule_):
            wanted.setdefault(columns["key"], columns)
        of_rule = variant.c.rule_id == rule_.id
        for chunk in rows.chunks(known.keys() - wanted.keys()):
            self._connection.execute(delete(variant).where(of_rule, variant.c.key.in_(chunk)))
        said = {each["text"] for each in wanted.values()}
        gone = {each["text"] for each in known.values()} - said
        for chunk in rows.chunks(map(_text_hash, gone)):
            of_text = variant_hit.c.rule_id == rule_.id, variant_hit.c.text_hash.in_(chunk)
            self._connection.execute(delete(variant_hit).where(*of_text))
        changed = ("place", "kind", "source", "score", "state")
        differing = [
            {"b_rule": rule_.id, "b_key": key, **{name: wanted[key][name] for name in changed}}
            for key in sorted(wanted.keys() & known.keys())
            if any(known[key][name] != wanted[key][name] for name in changed)
        ]
        if differing:
            self._connection.execute(_change_variant, differing)
        fresh = [wanted[key] for key in sorted(wanted.keys() - known.keys())]
        rows.insert_own(self._connection, self._insert, variant, fresh)

    def get(self, id: str) -> Rule | None:
        return self._whole(self._connection.execute(_get, {"id": id}).first())

    def _whole(self, row: Row[Any] | None) -> Rule | None:
        return from_row(row, self._stored_variants(row.id)) if row else None

    def _stored_variants(self, rule_id: str) -> tuple[Variant, ...]:
        return tuple(map(to_variant, self._connection.execute(_variants, {"rule_id": rule_id})))

    def find(self, prefix: str) -> Rule | None:
        named = (rule.c.name == prefix, rule.c.query == prefix)
        return self._whole(
            rows.find(self._connection, rule, prefix, exactly=named, listed=_IS_LISTED)
        )

    def all(self) -> list[Rule]:
        variants = _by_rule(self._connection.execute(_all_variants), _Known())
        return [from_row(row, variants.get(row.id, ())) for row in self._connection.execute(_all)]

    def outlines(self, ids: Iterable[str] | None = None) -> list[Rule]:
        if ids is None:
            return [from_row(row, ()) for row in self._connection.execute(_all)]
        found: list[Rule] = []
        for chunk in rows.chunks(ids):
            some = self._connection.execute(select(rule).where(rule.c.id.in_(chunk)))
            found += (from_row(row, ()) for row in some)
        return sorted(found, key=lambda each: (each.created_at, each.id))

    def stamps(self) -> dict[str, str]:
        return {id_: stamp for id_, stamp in self._connection.execute(_stamps)}

    def ending(self, *, after: datetime, until: datetime) -> list[Rule]:
        return [from_row(row, ()) for row in self.ask("ending", {"after": after, "until": until})]

    def some(self, ids: Iterable[str]) -> Iterator[Rule]:
        waiting, known = iter(ids), _Known()
        while chunk := list(islice(waiting, rows.CHUNK)):
            variants = _by_rule(_said_of.among(self._connection, chunk), known)
            rows_ = _rules.among(self._connection, chunk)
            whole = {row.id: from_row(row, variants.get(row.id, ())) for row in rows_}
            yield from (whole[id_] for id_ in chunk if id_ in whole)

    def in_groups(self, ids: Iterable[str]) -> Iterator[RuleGroups]:
        waiting = iter(ids)
        while chunk := list(islice(waiting, rows.CHUNK)):
            rows_ = self._connection.execute(_in_groups.where(rule.c.id.in_(chunk))).all()
            found = {
                id_: RuleGroups(id_, revision, stamp, unpacked(said))
                for id_, revision, stamp, said in rows_
            }
            yield from (found[id_] for id_ in chunk if id_ in found)

    def count_hits(self, hits: Iterable[VariantHit], *, now: datetime) -> None:
        # Sorted, so that transactions that count the same wait for one another in one order.
        values = [
            {
                "rule_id": hit.rule_id,
                "text_hash": _text_hash(hit.text),
                "language": hit.language,
                "hits": count,
                "last_hit_at": now,
            }
            for hit, count in sorted(Counter(hits).items())
        ]
        rows.put(self._connection, self._insert, variant_hit, values, added=("hits",))

    def variant_uses(self, rule_id: str) -> list[VariantUse]:
        variants = self._stored_variants(rule_id)
        languages = defaultdict[str, set[str]](set)
        for each in variants:
            languages[_text_hash(each.text)].add(each.language)
        hits, last = Counter[tuple[str, str]](), dict[tuple[str, str], datetime]()
        for text, language, count, at in self._connection.execute(_counted, {"rule_id": rule_id}):
            own = languages[text] & {"", language} or languages[text]
            for key in ((text, each) for each in own):
                hits[key] += count
                last[key] = max(at, last.get(key, at))
        keys = [(_text_hash(each.text), each.language) for each in variants]
        return [
            VariantUse(variant=each, hits=hits[key], last_hit_at=last.get(key))
            for each, key in zip(variants, keys, strict=True)
        ]

    def expanded(self, rule_id: str, expansion: str, *, revision: int) -> bool:
        statement = update(rule).where(rule.c.id == rule_id, rule.c.revision == revision)
        return self._connection.execute(statement.values(expansion=expansion)).rowcount > 0

    def revision(self) -> int:
        return meta.read(self._connection, RULES_REVISION)

    def hold(self) -> None:
        meta.take(self._connection, RULES_REVISION)

    def lock_revision(self) -> int:
        return meta.keep(self._connection, RULES_REVISION)

    def caught_up(self, searched: Mapping[str, int]) -> set[str]:
        still: set[str] = set()
        for chunk in rows.chunks(searched):
            these = tuple_(rule.c.id, rule.c.revision).in_([(id_, searched[id_]) for id_ in chunk])
            done = update(rule).where(these).values(caught_up=True).returning(rule.c.id)
            still.update(self._connection.execute(done).scalars())
        return still


_How = tuple[str, str, str, float, str]
"""The language of a variant, its kind, who says so and how surely, and its state."""


class _Known:
    """Variants of many rules, each kept once: rules share words, and variants languages and lists.

    Each row brings six texts of its own otherwise, a hundred megabytes with 2,000 rules.
    """

    def __init__(self) -> None:
        self._alike: dict[_How, tuple[_How, VariantState, dict[tuple[str, str], Variant]]] = {}
        self._texts: dict[str, str] = {}

    def variant(self, said: tuple[Any, ...]) -> Variant:
        """Return the variant of a row of `_said`, without its rule."""
        language, text, of, kind, source, score, state = said
        how = (language, kind, source, score, state)
        alike = self._alike.get(how)
        if alike is None:  # of some hundreds of ways to be, which hundreds of variants share
            alike = self._alike[how] = (how, VariantState(state), {})
        (language, kind, source, score, _), is_so, known = alike
        found = known.get((of, text))
        if found is None:
            text, of = self._texts.setdefault(text, text), self._texts.setdefault(of, of)
            found = known[of, text] = Variant(
                language=language,
                text=text,
                of=of,
                kind=kind,
                source=source,
                score=score,
                state=is_so,
            )
        return found


def _by_rule(result: CursorResult[Any], known: _Known) -> dict[str, tuple[Variant, ...]]:
    """Return the variants of each rule, from rows of `_said`."""
    found: dict[str, list[Variant]] = {}
    # As the driver has them: there may be millions, and nothing of them is read otherwise.
    for row in cast(Iterable[Any], result.cursor):
        found.setdefault(row[0], []).append(known.variant(row[1:]))
    return {rule_id: tuple(variants) for rule_id, variants in found.items()}


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
        "language": rule_.language,
        "written_in": rule_.written_in,
        "expansion": rule_.expansion,
        "sources": rule_.sources,
        "tags": rule_.tags,
        "priority": rule_.priority,
        "digest": rule_.digest,
        "max_per_day": rule_.max_per_day,
        "follow_ups": rule_.follow_ups,
        "min_outlets": rule_.min_outlets,
        "escalate": rule_.escalate,
        "spike": rule_.spike,
        "expires_at": rule_.expires_at,
        "backfill_since": rule_.backfill_since,
        "backfill_most": rule_.backfill_most,
        "caught_up": rule_.caught_up,
        "state": rule_.state.value,
        "revision": rule_.revision,
        "stamp": stamp_of(rule_),
    }


def _text_hash(text: str) -> str:
    return digest_of("variant", text)


def variant_rows(rule_: Rule) -> Iterator[dict[str, Any]]:
    """Yield the columns of the rule's variants."""
    for place, variant_ in enumerate(rule_.variants):
        yield {
            "rule_id": rule_.id,
            "key": variant_.key,
            "place": place,
            "language": variant_.language,
            "text": variant_.text,
            "of": variant_.of,
            "kind": variant_.kind,
            "source": variant_.source,
            "score": variant_.score,
            "state": variant_.state.value,
        }


def to_variant(row: Row[Any]) -> Variant:
    """Return the variant of a row."""
    return Variant(
        language=row.language,
        text=row.text,
        of=row.of,
        kind=row.kind,
        source=row.source,
        score=row.score,
        state=VariantState(row.state),
    )


def from_row(row: Row[Any], variants: tuple[Variant, ...]) -> Rule:
    """Return the rule of a row, with its variants."""
    values = dict(row._mapping)
    del values["stamp"]
    values["variants"] = variants
    for name in ("channel_ids", "languages", "sources", "tags", "written_in"):
        values[name] = tuple(values[name])
    values["state"] = RuleState(values["state"])
    return Rule(**values)
