"""What the variants of a rule have found is counted with the alert, once, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from ingester.entry import Entry, Polled
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.outbox import OutboxWriter, Raised
from storage.api.storage import Storage, Transaction
from storage.model import Rule, Variant, VariantState
from storage.variant_use import VariantHit
from tests.builders import LEASE, MINUTE, NOON, a_channel, a_rule, a_source, given

FOLDER = a_source("Papers", kind="folder", url="/papers", backfill=None)
WALKOUT = Variant(language="", text="walkout", kind="word", source="a list")
STRAJK = replace(WALKOUT, language="pl", text="strajk")
RULE = a_rule("strike", channel_ids=(a_channel().id,), variants=(WALKOUT, STRAJK))
TWICE = Entry(title="Walkout", text="The walkout goes on. A walkout, they say.", id="1")


def pipeline_of(storage: Storage, seen: list[Rule] | None = None) -> Pipeline:
    def render(raised: Raised, *_: Any) -> bytes:
        if seen is not None:
            seen.append(raised.rule)
        return b"{}"

    return Pipeline(storage, OutboxWriter(render), now=lambda: NOON)


def take_in(storage: Storage, working: Pipeline, *entries: Entry) -> int:
    with storage.transaction() as tx:
        (claimed,) = tx.sources.claim_due(
            now=NOON, limit=1, lease=LEASE, owner="me", ids=[FOLDER.id]
        )
    taken = working.take_in(claimed, Polled(entries=entries), next_poll_at=lambda _: NOON)
    return taken.alerts


def hits(storage: Storage) -> dict[str, int]:
    with storage.reading() as tx:
        return {use.variant.text: use.hits for use in tx.rules.variant_uses(RULE.id)}


@pytest.fixture(autouse=True)
def _followed(storage: Storage) -> None:
    given(storage, FOLDER, a_channel(), RULE)


def test_an_alert_counts_once_for_each_variant_that_found_it(storage: Storage) -> None:
    working = pipeline_of(storage)
    assert take_in(storage, working, TWICE) == 1
    assert hits(storage) == {"walkout": 1, "strajk": 0}
    with storage.reading() as tx:
        uses = {use.variant.text: use.last_hit_at for use in tx.rules.variant_uses(RULE.id)}
    assert uses == {"walkout": NOON, "strajk": None}
    both = Entry(title="Walkout, strajk", text="Both words.", id="2")
    assert take_in(storage, working, both) == 1
    assert hits(storage) == {"walkout": 2, "strajk": 1}


def test_the_same_poll_again_and_the_archive_count_nothing_more(storage: Storage) -> None:
    working = pipeline_of(storage)
    take_in(storage, working, TWICE)
    assert take_in(storage, working, TWICE) == 0
    assert take_in(storage, pipeline_of(storage), TWICE) == 0
    assert working.catch_up() == 0
    assert hits(storage) == {"walkout": 1, "strajk": 0}


def test_the_rules_own_words_count_for_no_variant(storage: Storage) -> None:
    assert take_in(storage, pipeline_of(storage), Entry(title="Strike", text="A strike.", id="3"))
    assert hits(storage) == {"walkout": 0, "strajk": 0}


def test_what_dies_before_the_commit_has_counted_nothing(storage: Storage) -> None:
    working = pipeline_of(Dying(storage))
    with suppress(InterruptedError):
        take_in(storage, working, TWICE)
    assert hits(storage) == {"walkout": 0, "strajk": 0}
    with storage.transaction() as tx:
        assert tx.alerts.recent(limit=None) == []
        tx.sources.release(["me"], now=NOON)
    assert take_in(storage, pipeline_of(storage), TWICE) == 1
    assert hits(storage) == {"walkout": 1, "strajk": 0}


def test_a_hit_moves_no_revision_and_outlives_a_decision(storage: Storage) -> None:
    working = pipeline_of(storage)
    with storage.reading() as tx:
        before = tx.rules.revision()
    take_in(storage, working, TWICE)
    with storage.transaction() as tx:
        assert tx.rules.revision() == before
        rejected = replace(WALKOUT, state=VariantState.REJECTED)
        tx.rules.update(replace(RULE, variants=(rejected, STRAJK)))
    assert hits(storage) == {"walkout": 1, "strajk": 0}
    again = Entry(title="Another walkout", text="In another town.", id="4")
    assert take_in(storage, working, again) == 0


def test_what_is_rendered_knows_whose_variant_found_it(storage: Storage) -> None:
    seen: list[Rule] = []
    take_in(storage, pipeline_of(storage, seen), TWICE)
    assert [evidence.variants for evidence in seen] == [(WALKOUT, STRAJK)]


def test_of_variants_with_the_same_text_those_of_the_articles_language_count(
    storage: Storage,
) -> None:
    danish, swedish, anywhere = (
        replace(WALKOUT, language=code, of=of) for code, of in (("da", ""), ("sv", ""), ("", "x"))
    )
    rule = replace(RULE, variants=(danish, swedish, anywhere, STRAJK))

    def counted(language: str) -> list[int]:
        with storage.transaction() as tx:
            tx.rules.update(replace(rule, variants=()))
            tx.rules.update(rule)
            hits = [VariantHit(RULE.id, text, language) for text in ("walkout", "strajk")]
            tx.rules.count_hits(hits, now=NOON)
            return [use.hits for use in tx.rules.variant_uses(RULE.id)]

    assert counted("sv") == [0, 1, 1, 1]
    assert counted("fi") == [0, 0, 1, 1]
    assert counted("pl") == [0, 0, 1, 1]


class Dying:
    """A storage whose transactions that raise an alert die just before they are committed."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._storage.transaction() as tx:
            yield tx
            if tx.alerts.recent(since=NOON - MINUTE, limit=1):
                raise InterruptedError
