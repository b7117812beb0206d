"""The table of what may be chosen about a rule."""

from dataclasses import fields

import pytest

from monitor.cli.params import CLEARED
from monitor.cli.rule_options import changes_of
from monitor.services.fields.rule_fields import BY_NAME, FIELDS, FieldKind, RuleChanges, RuleField
from monitor.services.rules.rules import with_changes
from monitor.views.rules.rule import RuleShape
from storage.model import Rule
from tests.builders import NOON, a_channel, a_rule, given
from tests.memory.storage import MemoryStorage

NOT_CHOSEN = {"made", "written_in", "expansion", "clear"}


def test_a_field_of_the_changes_of_a_rule_is_a_row() -> None:
    assert {field.name for field in fields(RuleChanges)} - NOT_CHOSEN == set(BY_NAME)


def test_what_a_row_names_is_there() -> None:
    in_rule = {field.name for field in fields(Rule)} | {"notify"}
    assert set(BY_NAME) <= in_rule
    assert {field.json for field in FIELDS} <= RuleShape.__annotations__.keys()


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_no_two_rows_are_called_the_same(field: RuleField) -> None:
    for other in FIELDS:
        if other is not field:
            assert other.option != field.option
            assert other.key != field.key
            assert other.json != field.json


def test_what_is_cleared_is_as_by_default() -> None:
    store = MemoryStorage()
    chosen = a_rule(
        "rail",
        languages=("sv",),
        strictness="exact",
        sources=("Harbour News",),
        tags=("t",),
        max_per_day=3,
        expires_at=NOON,
    )
    given(store, a_channel("console"), chosen)
    clear = tuple(field.name for field in FIELDS if field.name not in ("name", "query"))
    with store.transaction() as tx:
        cleared = with_changes(tx, chosen, RuleChanges(clear=clear), now=NOON)
        [console] = tx.channels.all()
    plain = a_rule("rail", channel_ids=(console.id,))
    assert cleared == plain


def test_a_row_without_a_word_that_clears_it_holds_any_words() -> None:
    free = {FieldKind.TEXT, FieldKind.NAMES}
    assert all(field.clear or field.kind in free for field in FIELDS)


def test_an_option_that_is_not_given_asks_for_nothing() -> None:
    assert changes_of({"tags": (), "max_per_day": None, "dry_run": True}) == RuleChanges()
    assert changes_of({"languages": CLEARED}) == RuleChanges(clear=("languages",))
    assert changes_of({"notify": (CLEARED,)}) == RuleChanges(notify=())
