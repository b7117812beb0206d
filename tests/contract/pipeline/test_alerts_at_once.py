"""Alerts that are raised together are told with what is read for all of them at once."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from monitor.pipeline.outbox import OutboxWriter, Raised
from storage.api.storage import Storage, Transaction
from storage.model import Article, Channel, Match, Rule, Variant
from storage.variant_use import VariantUse
from tests.builders import (
    NOON,
    a_channel,
    a_rule,
    a_source,
    an_article,
    fingerprints_of,
    given,
    some_evidence,
)

WALKOUT = Variant(language="", text="walkout", kind="word", source="a list")


class _Counting:
    """What stands between a writer and the store, and counts what it asks, by name."""

    def __init__(self, asked: object, calls: Counter[str], name: str = "") -> None:
        self._asked, self._calls, self._name = asked, calls, name

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._asked, name)
        if not self._name:
            return _Counting(found, self._calls, name)

        def counted(*args: Any, **named: Any) -> Any:
            self._calls[f"{self._name}.{name}"] += 1
            return found(*args, **named)

        return counted


def _raise(
    storage: Storage, rules: Sequence[Rule], count: int, render: Callable[..., bytes]
) -> Counter[str]:
    """Raise an alert of each rule about each of so many articles; return what was asked."""
    articles = [an_article(f"Walkout in town {n}", source_id=SOURCE.id) for n in range(count)]
    calls = Counter[str]()
    with storage.transaction() as tx:
        tx.articles.add([(each, fingerprints_of(each)) for each in articles], now=NOON)
        matches = [(article, _match(rule, article)) for article in articles for rule in rules]
        counting: Transaction = _Counting(tx, calls)  # type: ignore[assignment]
        by_id = {rule.id: rule for rule in rules}
        raised = OutboxWriter(render).enqueue(counting, matches, rules=by_id, now=NOON)
    assert len(raised) == len(matches)
    return calls


def _match(rule: Rule, article: Article) -> Match:
    evidence = (some_evidence(variants=("walkout",)),)
    return Match(rule_id=rule.id, article_id=article.id, score=1.0, evidence=evidence)


SOURCE = a_source("Papers")


def _rules(*names: str, channels: Sequence[Channel] = ()) -> list[Rule]:
    ids = tuple(channel.id for channel in channels)
    return [a_rule(name, variants=(WALKOUT,), channel_ids=ids) for name in names]


def _hits(storage: Storage, rule: Rule) -> list[VariantUse]:
    with storage.reading() as tx:
        return tx.rules.variant_uses(rule.id)


@pytest.mark.parametrize("are_told", [False, True])
def test_more_alerts_ask_no_more(storage: Storage, are_told: bool) -> None:
    channels = [a_channel("desk")] if are_told else []
    rules = _rules("strike", "walkout", "stoppage", channels=channels)
    given(storage, SOURCE, *channels, *rules)
    few = _raise(storage, rules[:1], 1, lambda *_: b"{}")
    many = _raise(storage, rules[1:], 4, lambda *_: b"{}")
    assert many == few
    assert [use.hits for rule in rules for use in _hits(storage, rule)] == [1, 4, 4]


def test_of_rules_that_nobody_hears_neither_variants_nor_outlets_are_read(
    storage: Storage,
) -> None:
    (rule,) = _rules("strike")
    given(storage, SOURCE, rule)
    asked = _raise(storage, [rule], 2, lambda *_: b"{}")
    assert {"rules.some", "rules.get", "stories.members", "sources.some"}.isdisjoint(asked)


def test_each_message_has_its_own_rule_article_and_variants(storage: Storage) -> None:
    seen: list[Raised] = []

    def render(raised: Raised, *_: Any) -> bytes:
        seen.append(raised)
        return b"{}"

    channel = a_channel("desk")
    rules = _rules("strike", "stoppage", channels=[channel])
    given(storage, SOURCE, channel, *rules)
    _raise(storage, rules, 2, render)
    told = [(each.rule.name, each.article.title, each.rule.variants) for each in seen]
    assert sorted(told) == [
        (rule.name, f"Walkout in town {n}", (WALKOUT,))
        for rule in sorted(rules, key=lambda rule: rule.name)
        for n in range(2)
    ]
    assert all(each.alert.article_id == each.article.id for each in seen)
    assert {each.source.name for each in seen} == {SOURCE.name}
