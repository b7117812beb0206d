"""A store in memory: real transactions, safe among threads, forgotten when it is closed.

What is committed is never changed in place: a transaction works on a copy and puts it in the
committed one's place, so readers hold a moment of it without waiting for anybody.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from storage.api import Ambiguous, FencedOut, Finish, StorageError
from storage.columns import check_text, is_storable, shown
from storage.model import (
    Alert,
    Article,
    Attempt,
    Channel,
    ChannelState,
    Delivery,
    DeliveryState,
    Notice,
    Print,
    Rule,
    RuleState,
    Source,
    SourceState,
)

Noun = TypeVar("Noun", Source, Article, Rule, Alert, Channel, Delivery)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class Kept:
    """All that a store keeps. `writable` is False in a transaction that only reads."""

    writable: bool = True
    sources: dict[str, Source] = field(default_factory=dict)
    leases: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    memory: dict[tuple[str, str], str] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    prints: dict[str, str] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    owed: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    attempts: dict[tuple[str, int], Attempt] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    revision: int = 0

    def copy(self, *, writable: bool) -> "Kept":
        """Return a copy whose changes do not show in this one."""
        values = {
            name: value.copy() if isinstance(value, dict) else value
            for name, value in vars(self).items()
        }
        return Kept(**{**values, "writable": writable})

    def changing(self) -> "Kept":
        """Return itself, for a change."""
        if not self.writable:
            raise StorageError("this transaction only reads", retry=False)
        return self


def checked(thing: Any) -> Any:
    """Return the thing as a database would give it back: good texts, instants in UTC."""
    if isinstance(thing, str):
        check_text(thing)
    elif isinstance(thing, datetime):
        if thing.tzinfo is None:
            raise ValueError(f"the instant {thing} has no time zone")
        return thing.astimezone(UTC)
    elif is_dataclass(thing) and not isinstance(thing, type):
        return replace(
            thing, **{each.name: checked(getattr(thing, each.name)) for each in fields(thing)}
        )
    elif isinstance(thing, Mapping):
        return {checked(key): checked(value) for key, value in thing.items()}
    elif isinstance(thing, tuple):
        return tuple(checked(each) for each in thing)
    return thing


def pointing(at: Mapping[str, Any], *ids: str | None) -> None:
    """Refuse a reference to something that is not there."""
    for id_ in ids:
        if id_ is not None and id_ not in at:
            raise ValueError(f"the store refuses this: nothing has the id {shown(id_)}")


def found(
    things: Iterable[Noun], typed: str, *exactly: Callable[[Noun], bool], short: str = ""
) -> Noun | None:
    """Return the thing that somebody means by what they typed: see `storage.rows.find`."""
    everything = list(things)
    if not typed or not is_storable(typed):
        return None

    def begins(each: Noun) -> bool:
        return each.id.startswith((typed, short + typed))

    for fits in (lambda each: each.id == typed, *exactly, begins):
        fitting = [each for each in everything if fits(each)]
        if len(fitting) > 1:
            ids = ", ".join(sorted(each.id for each in fitting))
            raise Ambiguous(f"{shown(typed)} fits more than one ({ids}); write more of the id")
        if fitting:
            return fitting[0]
    return None


class MemoryStorage:
    """Implements `storage.api.Storage`.

    Args:
        now: What time it is; the real time by default.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self._writing = threading.Lock()
        self._committed = Kept()
        self._owners_lock = threading.Lock()
        self._living: set[str] = set()
        self._known_owners: set[str] = set()

    @contextmanager
    def transaction(self) -> Iterator["MemoryTransaction"]:
        with self._writing:
            kept = self._committed.copy(writable=True)
            yield MemoryTransaction(kept)
            self._committed = kept

    @contextmanager
    def reading(self) -> Iterator["MemoryTransaction"]:
        yield MemoryTransaction(self._committed.copy(writable=False))

    def problems(self) -> list[str]:
        kept = self._committed
        made = {
            (each.alert_id, each.channel_id, each.recipient) for each in kept.deliveries.values()
        }
        problems = [
            f"alert {alert_id}: its delivery to {recipient} of channel {channel_id} was never made"
            for alert_id, owed in kept.owed.items()
            for channel_id, recipient in owed
            if (alert_id, channel_id, recipient) not in made
        ]
        went_well = {id_ for (id_, _), each in kept.attempts.items() if each.outcome == "ok"}
        return problems + [
            f"delivery {each.id}: counts as delivered, but no attempt went well"
            for each in kept.deliveries.values()
            if each.state is DeliveryState.DELIVERED and each.id not in went_well
        ]

    @contextmanager
    def hold_owner(self, owner: str) -> Iterator[None]:
        with self._owners_lock:
            self._living.add(owner)
        try:
            yield
        finally:
            with self._owners_lock:
                self._living.discard(owner)

    def dead_owners(self, owners: Sequence[str]) -> list[str]:
        """Return none: what dies with this process cannot be proved dead in it."""
        return []

    def tidy(self) -> None:
        """Nothing piles up."""

    def close(self) -> None:
        """Nothing is held."""


class MemoryTransaction:
    """Implements `storage.api.Transaction`."""

    def __init__(self, kept: Kept) -> None:
        self.sources = MemorySources(kept)
        self.articles = MemoryArticles(kept)
        self.rules = MemoryRules(kept)
        self.alerts = MemoryAlerts(kept)
        self.channels = MemoryChannels(kept)
        self.outbox = MemoryOutbox(kept)
        self.meta = MemoryMeta(kept)


class MemorySources:
    """Implements `storage.api.Sources`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add(self, source: Source) -> bool:
        kept = self._kept.changing()
        known = kept.sources.get(source.id)
        if known is not None and known.state is not SourceState.REMOVED:
            return False
        token = source.lease_token if known is None else known.lease_token + 1
        kept.leases.pop(source.id, None)
        kept.sources[source.id] = replace(checked(source), lease_token=token)
        return True

    def update(self, source: Source) -> None:
        kept = self._kept.changing()
        if source.id in kept.sources:
            source = checked(source)
            kept.sources[source.id] = replace(
                kept.sources[source.id],
                name=source.name,
                every=source.every,
                tags=source.tags,
                state=source.state,
                backfill=source.backfill,
                next_poll_at=source.next_poll_at,
            )

    def get(self, id: str) -> Source | None:
        return self._kept.sources.get(id)

    def find(self, prefix: str) -> Source | None:
        return found(
            self.all(), prefix, lambda each: each.name == prefix, lambda each: each.url == prefix
        )

    def all(self) -> list[Source]:
        listed = (
            each for each in self._kept.sources.values() if each.state is not SourceState.REMOVED
        )
        return sorted(listed, key=lambda each: (each.name, each.id))

    def claim_due(
        self, *, now: datetime, limit: int, lease: timedelta, owner: str, ids: Sequence[str] = ()
    ) -> list[Source]:
        kept = self._kept.changing()

        def is_wanted(each: Source) -> bool:
            if ids:
                return each.id in ids
            is_due = each.next_poll_at is None or each.next_poll_at <= now
            return each.state is SourceState.ACTIVE and is_due

        def is_free(each: Source) -> bool:
            return each.id not in kept.leases or kept.leases[each.id][1] <= now

        due = sorted(
            (each for each in self.all() if is_wanted(each) and is_free(each)),
            key=lambda each: (each.kind != "folder", each.next_poll_at or LONG_AGO, each.id),
        )
        claimed = [replace(each, lease_token=each.lease_token + 1) for each in due[:limit]]
        for each in claimed:
            kept.leases[each.id] = (owner, now + lease)
            kept.sources[each.id] = each
        return claimed

    def record_poll(self, source: Source, *, remember: Mapping[str, str]) -> None:
        kept, source = self._kept.changing(), checked(source)
        stored = kept.sources.get(source.id)
        if stored is None or stored.lease_token != source.lease_token:
            raise FencedOut(f'somebody else has polled "{source.name}" since; nothing was written')
        paused = stored.state is SourceState.PAUSED and source.state is SourceState.ACTIVE
        stays = paused or stored.state is SourceState.REMOVED
        kept.leases.pop(source.id, None)
        kept.sources[source.id] = replace(
            stored,
            state=stored.state if stays else source.state,
            baseline_done=source.baseline_done,
            validators=dict(source.validators),
            next_poll_at=source.next_poll_at,
            last_ok_at=source.last_ok_at,
            last_entry_at=source.last_entry_at,
            last_error=source.last_error,
            failures=source.failures,
        )
        for key, value in checked(remember).items():
            kept.memory[source.id, key] = value

    def release(self, owners: Sequence[str], *, now: datetime) -> int:
        kept = self._kept.changing()
        freed = [
            id_ for id_, (owner, until) in kept.leases.items() if until <= now or owner in owners
        ]
        for id_ in freed:
            del kept.leases[id_]
        return len(freed)

    def memory(self, source_id: str) -> dict[str, str]:
        return {key: value for (id_, key), value in self._kept.memory.items() if id_ == source_id}

    def article_counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for article in self._kept.articles.values():
            counts[article.source_id] = counts.get(article.source_id, 0) + 1
        return counts

    def add_notice(self, notice: Notice) -> bool:
        kept = self._kept.changing()
        if notice.id in kept.notices:
            return False
        pointing(kept.sources, notice.source_id)
        kept.notices[notice.id] = checked(notice)
        return True

    def notices(self, source_id: str | None = None, *, limit: int = 100) -> list[Notice]:
        newest_first = sorted(
            self._kept.notices.values(), key=lambda each: (each.raised_at, each.id), reverse=True
        )
        return [each for each in newest_first if source_id in (None, each.source_id)][:limit]


class MemoryArticles:
    """Implements `storage.api.Articles`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def known(self, keys: Iterable[str]) -> dict[str, str]:
        return {key: self._kept.prints[key] for key in keys if key in self._kept.prints}

    def add(self, articles: Iterable[tuple[Article, Sequence[Print]]], *, now: datetime) -> int:
        kept = self._kept.changing()
        added = 0
        for article, prints in articles:
            pointing(kept.sources, article.source_id)
            if article.id not in kept.articles:
                kept.articles[article.id] = checked(article)
                added += 1
            self.listed({each.key: article.id for each in prints}, now=now)
        return added

    def listed(self, prints: Mapping[str, str], *, now: datetime) -> None:
        kept = self._kept.changing()
        for key, id_ in prints.items():
            if key not in kept.prints:
                pointing(kept.articles, id_)
                kept.prints[key] = id_

    def speak_up(self, ids: Iterable[str], *, since: datetime) -> list[Article]:
        kept = self._kept.changing()
        quiet = [kept.articles[id_] for id_ in sorted(set(ids)) if id_ in kept.articles]
        spoken = [
            replace(each, quiet=False)
            for each in quiet
            if each.quiet and each.first_seen_at > since
        ]
        kept.articles.update((each.id, each) for each in spoken)
        return spoken

    def get(self, id: str) -> Article | None:
        return self._kept.articles.get(id)

    def find(self, prefix: str) -> Article | None:
        return found(self._kept.articles.values(), prefix, lambda each: each.url == prefix)

    def recent(
        self,
        *,
        since: datetime | None = None,
        source_ids: Sequence[str] = (),
        language: str | None = None,
        limit: int | None = 100,
        before: tuple[datetime, str] | None = None,
    ) -> list[Article]:
        fitting = [
            each
            for each in self._kept.articles.values()
            if (since is None or each.first_seen_at >= since)
            and (not source_ids or each.source_id in source_ids)
            and language in (None, each.language)
            and (before is None or (each.first_seen_at, each.id) < before)
        ]
        fitting.sort(key=lambda each: (each.first_seen_at, each.id), reverse=True)
        return fitting[:limit]

    def count(self) -> int:
        return len(self._kept.articles)


class MemoryRules:
    """Implements `storage.api.Rules`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add(self, rule: Rule) -> bool:
        kept = self._kept.changing()
        known = kept.rules.get(rule.id)
        if known is not None:
            if known.state is not RuleState.REMOVED:
                return False
            rule = replace(rule, revision=known.revision + 1)
        kept.rules[rule.id] = checked(rule)
        kept.revision += 1
        return True

    def update(self, rule: Rule) -> None:
        kept = self._kept.changing()
        if rule.id in kept.rules:
            revision = kept.rules[rule.id].revision + 1
            kept.rules[rule.id] = replace(checked(rule), revision=revision)
            kept.revision += 1

    def set_state(self, rule_id: str, state: RuleState) -> None:
        kept = self._kept.changing()
        if rule_id in kept.rules:
            self.update(replace(kept.rules[rule_id], state=state))

    def get(self, id: str) -> Rule | None:
        return self._kept.rules.get(id)

    def find(self, prefix: str) -> Rule | None:
        return found(
            self.all(), prefix, lambda each: each.name == prefix, lambda each: each.query == prefix
        )

    def all(self) -> list[Rule]:
        listed = (each for each in self._kept.rules.values() if each.state is not RuleState.REMOVED)
        return sorted(listed, key=lambda each: (each.created_at, each.id))

    def revision(self) -> int:
        return self._kept.revision

    def lock_revision(self) -> int:
        return self._kept.revision

    def caught_up(self, rule_id: str) -> None:
        kept = self._kept.changing()
        if rule_id in kept.rules:
            kept.rules[rule_id] = replace(kept.rules[rule_id], caught_up=True)


class MemoryAlerts:
    """Implements `storage.api.Alerts`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add_new(self, alerts: Iterable[Alert]) -> list[Alert]:
        kept = self._kept.changing()
        new = []
        for alert in alerts:
            if alert.id in kept.alerts:
                continue
            pointing(kept.rules, alert.rule_id)
            pointing(kept.articles, alert.article_id)
            stored = replace(checked(alert), seq=len(kept.alerts) + 1)
            kept.alerts[alert.id] = stored
            channels = [kept.channels.get(id_) for id_ in kept.rules[alert.rule_id].channel_ids]
            kept.owed[alert.id] = [
                (channel.id, recipient)
                for channel in channels
                if channel is not None and channel.state is not ChannelState.REMOVED
                for recipient in channel.recipients
            ]
            new.append(stored)
        return new

    def get(self, id: str) -> Alert | None:
        return self._kept.alerts.get(id)

    def find(self, prefix: str) -> Alert | None:
        return found(self._kept.alerts.values(), prefix)

    def recent(
        self,
        *,
        since: datetime | None = None,
        rule_id: str | None = None,
        after_seq: int | None = None,
        limit: int | None = 100,
    ) -> list[Alert]:
        fitting = [
            each
            for each in self._kept.alerts.values()
            if (since is None or each.raised_at >= since)
            and rule_id in (None, each.rule_id)
            and (after_seq is None or each.seq > after_seq)
        ]
        fitting.sort(key=lambda each: each.seq, reverse=after_seq is None)
        return fitting[:limit]

    def count(self, *, rule_id: str | None = None, since: datetime | None = None) -> int:
        return len(self.recent(rule_id=rule_id, since=since, limit=None))


class MemoryChannels:
    """Implements `storage.api.Channels`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add(self, channel: Channel) -> bool:
        kept = self._kept.changing()
        known = kept.channels.get(channel.id)
        if known is not None and known.state is not ChannelState.REMOVED:
            return False
        kept.channels[channel.id] = checked(channel)
        return True

    def get(self, id: str) -> Channel | None:
        return self._kept.channels.get(id)

    def find(self, prefix: str) -> Channel | None:
        return found(self.all(), prefix, lambda each: each.name == prefix)

    def all(self) -> list[Channel]:
        listed = (
            each for each in self._kept.channels.values() if each.state is not ChannelState.REMOVED
        )
        return sorted(listed, key=lambda each: (each.name, each.id))

    def set_state(self, channel_id: str, state: ChannelState, *, reason: str | None) -> None:
        self._change(channel_id, state=state, state_reason=reason)

    def set_not_before(self, channel_id: str, instant: datetime | None) -> None:
        channel = self._kept.channels.get(channel_id)
        before = channel.not_before if channel else None
        instant = checked(instant)
        if instant is None or before is None or before < instant:
            self._change(channel_id, not_before=instant)

    def _change(self, channel_id: str, **changes: Any) -> None:
        kept = self._kept.changing()
        if channel_id in kept.channels:
            kept.channels[channel_id] = replace(kept.channels[channel_id], **checked(changes))


class MemoryOutbox:
    """Implements `storage.api.Outbox`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def put(self, deliveries: Iterable[Delivery]) -> int:
        kept = self._kept.changing()
        new = 0
        for delivery in deliveries:
            if delivery.id in kept.deliveries:
                continue
            pointing(kept.channels, delivery.channel_id)
            pointing(kept.alerts, delivery.alert_id)
            leased = delivery.state is DeliveryState.LEASED
            if leased != (delivery.lease_until is not None):
                raise ValueError("the store refuses this: leased, and when the lease ends")
            kept.deliveries[delivery.id] = checked(delivery)
            new += 1
        return new

    def due_channels(self, *, now: datetime) -> list[str]:
        return sorted(id_ for id_ in self._kept.channels if self._due(id_, now))

    def _due(self, channel_id: str, now: datetime) -> list[Delivery]:
        channel = self._kept.channels.get(channel_id)
        if channel is None or channel.state is not ChannelState.ACTIVE:
            return []
        if channel.not_before is not None and channel.not_before > now:
            return []
        due = [each for each in self._pending(channel_id) if each.next_at <= now]
        return sorted(due, key=lambda each: (each.next_at, each.id))

    def _pending(self, channel_id: str) -> list[Delivery]:
        return self._in(DeliveryState.PENDING, channel_id)

    def _in(self, state: DeliveryState, channel_id: str) -> list[Delivery]:
        every = self._kept.deliveries.values()
        return [each for each in every if each.channel_id == channel_id and each.state is state]

    def claim_due(
        self, *, channel_id: str, now: datetime, limit: int, lease: timedelta, owner: str
    ) -> list[Delivery]:
        due = self._due(channel_id, now)[:limit]
        return [self._claim(each, now=now, lease=lease, owner=owner) for each in due]

    def claim(
        self, delivery_id: str, *, now: datetime, lease: timedelta, owner: str
    ) -> Delivery | None:
        delivery = self.get(delivery_id)
        if delivery is None or delivery.state is not DeliveryState.PENDING:
            return None
        return self._claim(delivery, now=now, lease=lease, owner=owner)

    def _claim(
        self, delivery: Delivery, *, now: datetime, lease: timedelta, owner: str
    ) -> Delivery:
        claimed = self._change(
            delivery,
            state=DeliveryState.LEASED,
            lease_owner=owner,
            lease_token=delivery.lease_token + 1,
            lease_until=now + lease,
        )
        token = claimed.lease_token
        self._kept.attempts[delivery.id, token] = Attempt(
            delivery_id=delivery.id, token=token, owner=owner, started_at=now
        )
        return claimed

    def _change(self, delivery: Delivery, **changes: Any) -> Delivery:
        changed = replace(delivery, **checked(changes))
        self._kept.changing().deliveries[delivery.id] = changed
        return changed

    def _ours(self, delivery: Delivery) -> Delivery | None:
        stored = self.get(delivery.id)
        if stored is None or stored.state is not DeliveryState.LEASED:
            return None
        return stored if stored.lease_token == delivery.lease_token else None

    def extend(self, delivery: Delivery, *, until: datetime) -> bool:
        stored = self._ours(delivery)
        if stored is None:
            return False
        self._change(stored, lease_until=until)
        return True

    def finish(self, delivery: Delivery, end: Finish) -> bool:
        stored = self._ours(delivery)
        if stored is None:
            return False
        delivered = end.state is DeliveryState.DELIVERED
        self._change(
            stored,
            state=end.state,
            state_reason=end.reason,
            attempts=stored.attempts + int(end.counts),
            maybe=stored.maybe + int(end.maybe),
            next_at=end.next_at or stored.next_at,
            last_error=end.error,
            receipt=end.receipt,
            delivered_at=end.ended_at if delivered else stored.delivered_at,
            lease_owner=None,
            lease_until=None,
        )
        key = (stored.id, stored.lease_token)
        self._kept.attempts[key] = replace(
            self._kept.attempts[key], ended_at=end.ended_at, outcome=end.outcome, error=end.error
        )
        return True

    def reap(self, *, now: datetime, dead_owners: Sequence[str] = ()) -> int:
        gone = [
            each
            for each in self._kept.deliveries.values()
            if each.lease_until is not None
            and (each.lease_until <= now or each.lease_owner in dead_owners)
        ]
        for each in gone:
            self._change(
                each,
                state=DeliveryState.PENDING,
                state_reason="owner vanished",
                maybe=each.maybe + 1,
                next_at=now,
                lease_owner=None,
                lease_until=None,
            )
        return len(gone)

    def lease_owners(self) -> list[str]:
        owners = {owner for owner, _ in self._kept.leases.values()}
        owners |= {each.lease_owner for each in self._kept.deliveries.values() if each.lease_owner}
        return sorted(owners)

    def hold(self, channel_id: str, *, reason: str) -> int:
        pending = self._pending(channel_id)
        for each in pending:
            self._change(each, state=DeliveryState.HELD, state_reason=reason)
        return len(pending)

    def unhold(self, channel_id: str, *, now: datetime) -> int:
        held = self._in(DeliveryState.HELD, channel_id)
        for each in held:
            self._renew(each, now)
        return len(held)

    def requeue(self, delivery_id: str, *, now: datetime) -> bool:
        delivery = self.get(delivery_id)
        busy = (DeliveryState.LEASED, DeliveryState.PENDING)
        if delivery is None or delivery.state in busy:
            return False
        self._renew(delivery, now)
        return True

    def _renew(self, delivery: Delivery, now: datetime) -> None:
        self._change(
            delivery,
            state=DeliveryState.PENDING,
            state_reason=None,
            attempts=0,
            next_at=now,
            give_up_at=now + (delivery.give_up_at - delivery.created_at),
            delivered_at=None,
        )

    def get(self, id: str) -> Delivery | None:
        return self._kept.deliveries.get(id)

    def find(self, prefix: str) -> Delivery | None:
        return found(self._kept.deliveries.values(), prefix, short="msg_")

    def recent(
        self,
        *,
        open_only: bool = False,
        channel_id: str | None = None,
        alert_id: str | None = None,
        since: datetime | None = None,
        states: Sequence[DeliveryState] = (),
        limit: int | None = 100,
    ) -> list[Delivery]:
        fitting = [
            each
            for each in self._kept.deliveries.values()
            if (not open_only or each.state.is_open)
            and channel_id in (None, each.channel_id)
            and alert_id in (None, each.alert_id)
            and (since is None or each.created_at >= since)
            and (not states or each.state in states)
        ]
        fitting.sort(key=lambda each: each.id)
        fitting.sort(key=lambda each: each.created_at, reverse=True)
        return fitting[:limit]

    def counts(self) -> dict[DeliveryState, int]:
        states = [each.state for each in self._kept.deliveries.values()]
        return {state: states.count(state) for state in DeliveryState}

    def attempts(self, delivery_id: str) -> list[Attempt]:
        return [
            each for (id_, _), each in sorted(self._kept.attempts.items()) if id_ == delivery_id
        ]


class MemoryMeta:
    """Implements `storage.api.Meta`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def get(self, key: str) -> str | None:
        return self._kept.facts.get(key)

    def set(self, key: str, value: str) -> None:
        self._kept.changing().facts[checked(key)] = checked(value)
