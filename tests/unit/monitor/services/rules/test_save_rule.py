"""Saving rules as a page or an API would: without a command line."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from monitor.base.errors import Refusal, RemedyKind
from monitor.lexicons.registry import Lexicons
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.rules.save_rule import save_edited, save_expanded, save_new
from monitor.services.rules.saving import Saving
from storage.api.storage import Storage
from storage.model import Rule
from tests.builders import NOON, a_source, an_alert, an_article, given
from tests.memory.storage import MemoryStorage

RAIL = RuleChanges(query="rail strike", name="rail")


@pytest.fixture
def store() -> Storage:
    return MemoryStorage()


def saving(store: Storage) -> Saving:
    return Saving(
        storage=store,
        now=lambda: NOON,
        lexicons=Lexicons,
        translation=lambda: None,
        catch_up=lambda: 2,
    )


def rules(store: Storage) -> Sequence[Rule]:
    with store.reading() as tx:
        return tx.rules.all()


def test_a_new_rule_is_kept_with_what_it_raised_at_once(store: Storage) -> None:
    def catch_up() -> int:
        """Search beside a daemon that was first with one of two."""
        [rule] = rules(store)
        for name in ("one", "two"):
            article = an_article(id=name)
            given(store, article, an_alert(rule, article))
        return 1

    saved = save_new(replace(saving(store), catch_up=catch_up), RAIL)
    assert (saved.raised, saved.is_first, saved.has_sources) == (2, True, False)
    assert saved.new_channels == ("console",)
    assert saved.backtest is None
    assert rules(store) == [saved.rule]


def test_a_dry_run_keeps_nothing_and_says_what_the_rule_would_have_done(store: Storage) -> None:
    given(store, a_source(), an_article("Rail strike ends"))
    saved = save_new(saving(store), RAIL, dry_run=True)
    assert saved.backtest is not None
    assert (saved.backtest.hits, saved.raised) == (1, 0)
    assert rules(store) == []
    with store.reading() as tx:
        assert tx.channels.all() == []


def test_a_rule_that_differs_is_refused_with_the_fields_to_change(store: Storage) -> None:
    save_new(saving(store), RAIL)
    other = RuleChanges(query="rail", name="rail", tags=("a", "b"), languages=())
    with pytest.raises(Refusal) as refused:
        save_new(saving(store), other)
    remedy = refused.value.remedy
    assert remedy is not None
    assert (remedy.kind, remedy.name) == (RemedyKind.EDIT_RULE, "rail")
    assert remedy.changes == (("query", "rail"), ("language", "any"), ("tag", "a"), ("tag", "b"))


def test_an_edit_tells_what_the_rule_was(store: Storage) -> None:
    first = save_new(saving(store), RAIL).rule
    saved = save_edited(saving(store), "rail", RuleChanges(max_per_day=3))
    assert (saved.old, saved.rule.max_per_day, saved.rule.revision) == (first, 3, 2)
    dry = save_edited(saving(store), "rail", RuleChanges(query="tram"), dry_run=True)
    assert dry.rule.query == "tram"
    assert rules(store) == [saved.rule]


def test_without_a_translator_none_is_asked(store: Storage) -> None:
    save_new(saving(store), RAIL)
    assert save_expanded(saving(store), "rail").came == ()
    with pytest.raises(Refusal, match="no translator is configured"):
        save_expanded(saving(store), "rail", translate=True)
