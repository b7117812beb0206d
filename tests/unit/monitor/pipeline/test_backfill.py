"""Rules that are new: those with nothing to search are done without being read as a whole."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

import pytest

from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.outbox import OutboxWriter
from storage.model import Rule, Source, Variant
from tests.builders import NOON, a_channel, a_rule, a_source, an_article, given
from tests.fakes import MemoryStorage
from tests.memory.rules import MemoryRules

FEED, FOLDER = a_source("Harbour"), a_source("Papers", kind="folder", url="/papers", backfill=None)
VARIANTS = (Variant(language="sv", text="strejk", of="strike", kind="translation", source="me"),)
ONLY_NEWS = a_rule("strike", name="Only news", channel_ids=(a_channel().id,), variants=VARIANTS)
LAST_WEEK = a_rule(
    "strike",
    name="Last week",
    channel_ids=(a_channel().id,),
    variants=VARIANTS,
    backfill_since=NOON - timedelta(days=7),
)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ids of the rules that were read with their variants."""
    ids: list[str] = []
    some = MemoryRules.some

    def noted(self: MemoryRules, asked: Iterable[str]) -> Iterator[Rule]:
        every = [*asked]
        ids.extend(every)
        return some(self, every)

    monkeypatch.setattr(MemoryRules, "some", noted)
    return ids


def caught_up(source: Source, rules: Sequence[Rule], *others: Source) -> tuple[int, set[str]]:
    """Return how many alerts were raised of one old article, and which rules are done."""
    storage = MemoryStorage()
    given(
        storage,
        source,
        *others,
        a_channel(),
        an_article("Strejk", language="sv", source_id=source.id),
        *rules,
    )
    writer = OutboxWriter(lambda *_: b"{}")
    alerts = Pipeline(storage, writer, now=lambda: NOON).catch_up()
    with storage.reading() as tx:
        return alerts, {rule.name for rule in tx.rules.outlines() if rule.caught_up}


def test_of_a_rule_that_has_nothing_to_search_no_variants_are_read(read: list[str]) -> None:
    assert caught_up(FEED, [ONLY_NEWS]) == (0, {"Only news"})
    assert not read


def test_of_a_rule_that_waits_for_an_empty_folder_no_variants_are_read(read: list[str]) -> None:
    assert caught_up(FEED, [ONLY_NEWS], FOLDER) == (0, {"Only news"})
    assert not read


def test_a_rule_that_looks_back_is_searched_for_beside_one_that_does_not(read: list[str]) -> None:
    assert caught_up(FEED, [ONLY_NEWS, LAST_WEEK]) == (1, {"Only news", "Last week"})
    assert set(read) == {LAST_WEEK.id}


def test_what_is_always_news_is_searched_for_every_rule(read: list[str]) -> None:
    assert caught_up(FOLDER, [ONLY_NEWS, LAST_WEEK]) == (2, {"Only news", "Last week"})
    assert {ONLY_NEWS.id, LAST_WEEK.id} <= set(read)
