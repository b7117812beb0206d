"""Rules, alerts, channels and facts in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from storage.api.alerts import Headline
from storage.model import (
    CHANNEL_REMOVED,
    Alert,
    Channel,
    ChannelState,
    DeliveryState,
    Rule,
    RuleState,
)
from storage.stamp import stamp_of
from storage.variant_groups import RuleGroups, packed, unpacked
from storage.variant_use import VariantHit, VariantUse
from tests.memory.kept import Kept, checked, found, pointing


class MemoryRules:
    """Implements `storage.api.rules.Rules`."""

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
        self._forget_gone(rule)
        kept.revision += 1
        return True

    def update(self, rule: Rule) -> None:
        kept = self._kept.changing()
        if rule.id in kept.rules:
            revision = kept.rules[rule.id].revision + 1
            kept.rules[rule.id] = replace(checked(rule), revision=revision)
            self._forget_gone(rule)
            kept.revision += 1

    def set_state(self, rule_id: str, state: RuleState) -> None:
        kept = self._kept.changing()
        if rule_id in kept.rules:
            self.update(replace(kept.rules[rule_id], state=state))

    def get(self, id: str) -> Rule | None:
        return self._kept.rules.get(id)

    def find(self, prefix: str) -> Rule | None:
        return found(
            self.all(), prefix, lambda rule: rule.name == prefix, lambda rule: rule.query == prefix
        )

    def all(self) -> list[Rule]:
        listed = (rule for rule in self._kept.rules.values() if rule.state is not RuleState.REMOVED)
        return sorted(listed, key=lambda rule: (rule.created_at, rule.id))

    def outlines(self, ids: Iterable[str] | None = None) -> list[Rule]:
        kept = self._kept.rules
        rules = self.all() if ids is None else [kept[each] for each in {*ids} if each in kept]
        bare = (replace(rule, variants=()) for rule in rules)
        return sorted(bare, key=lambda rule: (rule.created_at, rule.id))

    def watching(self) -> dict[str, int]:
        return {rule.id: rule.revision for rule in self.all()}

    def stamps(self) -> dict[str, str]:
        return {rule.id: stamp_of(rule) for rule in self.all()}

    def ending(self, *, after: datetime, until: datetime) -> list[Rule]:
        found_ = [
            (rule.expires_at, rule.id, replace(rule, variants=()))
            for rule in self.all()
            if rule.expires_at is not None and after < rule.expires_at <= until
        ]
        return [rule for _, _, rule in sorted(found_, key=lambda each: each[:2])]

    def some(self, ids: Iterable[str]) -> Iterator[Rule]:
        return (self._kept.rules[id_] for id_ in ids if id_ in self._kept.rules)

    def in_groups(self, ids: Iterable[str]) -> Iterator[RuleGroups]:
        for rule in self.some(ids):
            groups = unpacked(packed(rule.variants))
            yield RuleGroups(rule.id, rule.revision, stamp_of(rule), groups)

    def expanded_otherwise(self, expansion: str, *, limit: int) -> list[str]:
        return [rule.id for rule in self.all() if rule.expansion != expansion][:limit]

    def expanded(self, rule_id: str, expansion: str, *, revision: int) -> bool:
        kept = self._kept.changing()
        rule = kept.rules.get(rule_id)
        if rule is None or rule.revision != revision:
            return False
        kept.rules[rule_id] = replace(rule, expansion=checked(expansion))
        return True

    def revision(self) -> int:
        return self._kept.revision

    def hold(self) -> None:
        self._kept.changing()

    def lock_revision(self) -> int:
        return self._kept.revision

    def to_catch_up(self) -> list[str]:
        waits = (each for each in self.all() if each.state is RuleState.ACTIVE)
        return [each.id for each in waits if not each.caught_up]

    def caught_up(self, searched: Mapping[str, int]) -> set[str]:
        kept = self._kept.changing()
        found = {id_: rule for id_ in searched if (rule := kept.rules.get(id_)) is not None}
        still = {id_: rule for id_, rule in found.items() if rule.revision == searched[id_]}
        kept.rules |= {id_: replace(rule, caught_up=True) for id_, rule in still.items()}
        return {*still}

    def count_hits(self, hits: Iterable[VariantHit], *, now: datetime) -> None:
        kept = self._kept.changing()
        for rule_id, text, language in checked(tuple(hits)):
            rule = kept.rules.get(rule_id)
            same = [variant for variant in (rule.variants if rule else ()) if variant.text == text]
            own = [variant for variant in same if variant.language in ("", language)]
            for variant in own or same:
                count, _ = kept.hits.get((rule_id, variant.key), (0, None))
                kept.hits[rule_id, variant.key] = (count + 1, checked(now))

    def variant_uses(self, rule_id: str) -> list[VariantUse]:
        rule = self._kept.rules.get(rule_id)
        return [
            VariantUse(variant=variant, hits=hits, last_hit_at=last)
            for variant in (rule.variants if rule else ())
            for hits, last in [self._kept.hits.get((rule_id, variant.key), (0, None))]
        ]

    def _forget_gone(self, rule: Rule) -> None:
        """Counts live as long as their variant."""
        keys = {variant.key for variant in rule.variants}
        for rule_id, key in list(self._kept.hits):
            if rule_id == rule.id and key not in keys:
                del self._kept.hits[rule_id, key]


class MemoryAlerts:
    """Implements `storage.api.alerts.Alerts`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add_new(
        self,
        alerts: Iterable[Alert],
        *,
        owed: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> list[Alert]:
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
            named = [
                (channel.id, recipient)
                for channel in channels
                if channel is not None and channel.state is not ChannelState.REMOVED
                for recipient in channel.recipients
            ]
            kept.owed[alert.id] = named if owed is None else list(owed.get(alert.rule_id, ()))
            new.append(stored)
        return new

    def get(self, id: str) -> Alert | None:
        return self._kept.alerts.get(id)

    def some(self, ids: Iterable[str]) -> list[Alert]:
        found_ = (self._kept.alerts.get(id_) for id_ in set(ids))
        return sorted((a for a in found_ if a is not None), key=lambda alert: alert.seq)

    def headlines(self, ids: Iterable[str]) -> dict[str, Headline]:
        found_ = {}
        for alert in self.some(ids):
            rule = self._kept.rules.get(alert.rule_id)
            article = self._kept.articles.get(alert.article_id)
            found_[alert.id] = Headline(
                rule=rule.name if rule else "",
                title=article.title if article else "",
                language=article.language if article else "",
            )
        return found_

    def of_stories(self, ids: Iterable[str]) -> list[Alert]:
        wanted = set(ids)
        told = (alert for alert in self._kept.alerts.values() if alert.story_id in wanted)
        return sorted(told, key=lambda alert: alert.seq)

    def told(self, story_ids: Iterable[str]) -> set[tuple[str, str]]:
        return {(alert.rule_id, alert.story_id) for alert in self.of_stories(story_ids)}

    def find(self, prefix: str) -> Alert | None:
        return found(self._kept.alerts.values(), prefix)

    def recent(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        rule_id: str | None = None,
        after_seq: int | None = None,
        limit: int | None = 100,
    ) -> list[Alert]:
        fitting = [
            alert
            for alert in self._kept.alerts.values()
            if (since is None or alert.raised_at >= since)
            and (until is None or alert.raised_at < until)
            and rule_id in (None, alert.rule_id)
            and (after_seq is None or alert.seq > after_seq)
        ]
        fitting.sort(key=lambda alert: alert.seq, reverse=after_seq is None)
        return fitting[:limit]

    def count(self, *, rule_id: str | None = None, since: datetime | None = None) -> int:
        return len(self.recent(rule_id=rule_id, since=since, limit=None))


class MemoryChannels:
    """Implements `storage.api.channels.Channels`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add(self, channel: Channel) -> bool:
        kept = self._kept.changing()
        known = kept.channels.get(channel.id)
        if known is not None and known.state is not ChannelState.REMOVED:
            return False
        target = (channel.kind, channel.target_print or None)
        if known is not None and (known.kind, known.target_print) == target:
            channel = replace(channel, added_at=known.added_at)
        kept.channels[channel.id] = checked(channel)
        for delivery in kept.deliveries.values():
            if delivery.channel_id == channel.id and delivery.state is DeliveryState.PENDING:
                kept.deliveries[delivery.id] = replace(
                    delivery, state=DeliveryState.HELD, state_reason=CHANNEL_REMOVED
                )
        return True

    def lock(self, ids: Iterable[str], *, alone: bool = False) -> list[Channel]:
        channels = self._kept.changing().channels
        return [channels[id_] for id_ in sorted(set(ids)) if id_ in channels]

    def get(self, id: str) -> Channel | None:
        return self._kept.channels.get(id)

    def some(self, ids: Iterable[str]) -> dict[str, Channel]:
        return {id_: self._kept.channels[id_] for id_ in ids if id_ in self._kept.channels}

    def find(self, prefix: str) -> Channel | None:
        return found(self.all(), prefix, lambda channel: channel.name == prefix)

    def all(self) -> list[Channel]:
        listed = (
            channel
            for channel in self._kept.channels.values()
            if channel.state is not ChannelState.REMOVED
        )
        return sorted(listed, key=lambda channel: (channel.name, channel.id))

    def update(self, channel: Channel) -> None:
        if channel.id in self._kept.channels:
            self._kept.changing().channels[channel.id] = checked(channel)

    def set_state(self, channel_id: str, state: ChannelState, *, reason: str | None) -> bool:
        channel = self._kept.channels.get(channel_id)
        self._change(channel_id, state=state, state_reason=reason)
        return channel is not None and channel.state is not state

    def note(self, channel_id: str, reason: str | None, *, instead_of: str | None) -> bool:
        channel = self._kept.channels.get(channel_id)
        if channel is None or channel.state is not ChannelState.ACTIVE:
            return False
        if channel.state_reason != instead_of:
            return False
        self._change(channel_id, state_reason=reason)
        return True

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


class MemoryMeta:
    """Implements `storage.api.storage.Meta`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def get(self, key: str) -> str | None:
        return self._kept.facts.get(key)

    def set(self, key: str, value: str) -> None:
        self._kept.changing().facts[checked(key)] = checked(value)

    def hold(self) -> None:
        self._kept.changing()
