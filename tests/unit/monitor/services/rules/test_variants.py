"""What becomes of a rule's variants when they are made anew, and what its owner has decided."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.pipeline import renew_variants
from monitor.pipeline.recounted import recounted
from monitor.pipeline.renew_variants import renew
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.health import _of_recounted
from monitor.services.rules.rules import add_rule, edit_rule, set_state
from rules.expand.variants import accepted, rejected
from rules.lexicons.api import Form
from storage.api.storage import Storage
from storage.model import Rule, RuleState, Variant, VariantState
from tests.builders import MINUTE, NOON, a_channel, a_rule, given
from tests.fakes import MemoryStorage

MINE = Variant(language="sv", text="strejk")
LISTED = Variant(language="fr", text="grève", kind="word", source="a list", score=0.9)
DOUBTED = replace(LISTED, language="de", text="Streik", state=VariantState.PROPOSED)
SAID = replace(LISTED, language="it", text="sciopero", kind="translation", source="libretranslate")


def states(variants: Iterable[Variant]) -> dict[str, str]:
    return {variant.text: variant.state.value for variant in variants}


# --- rules that are edited, removed and added again -----------------------------------------


@pytest.fixture
def store() -> Storage:
    storage = MemoryStorage()
    given(storage, a_channel())
    return storage


def stored(store: Storage, rule: Rule) -> Rule:
    with store.reading() as tx:
        current = tx.rules.get(rule.id)
    assert current is not None
    return current


def added(store: Storage, query: str, **given: object) -> Rule:
    with store.transaction() as tx:
        changes = RuleChanges(query=query, notify=["desk"], **given)
        return add_rule(tx, changes, now=NOON).rule


def decide(store: Storage, rule: Rule) -> None:
    decided = tuple(
        rejected(variant) if variant.text == "grève" else accepted(variant)
        for variant in rule.variants
    )
    with store.transaction() as tx:
        tx.rules.update(replace(rule, variants=decided, revision=rule.revision + 1))


DECIDED = {"strejk": "active", "grève": "rejected", "Streik": "active"}


def test_decisions_outlive_every_change_of_the_rule(store: Storage) -> None:
    made = (LISTED, DOUBTED)
    rule = added(store, "strike", variants=(MINE,), made=made)
    decide(store, rule)
    for changes in (
        RuleChanges(made=made),
        RuleChanges(tags=("x",)),
        RuleChanges(query="strike ", made=made),
    ):
        with store.transaction() as tx:
            edit_rule(tx, stored(store, rule), changes, now=NOON)
        assert states(stored(store, rule).variants) == DECIDED
    other = (replace(MINE, text="strejken"),)
    with store.transaction() as tx:
        edit_rule(tx, stored(store, rule), RuleChanges(variants=other), now=NOON)
    expected = {"strejken": "active", "grève": "rejected", "Streik": "active"}
    assert states(stored(store, rule).variants) == expected


def test_decisions_outlive_removing_the_rule_and_adding_it_again(store: Storage) -> None:
    rule = added(store, "strike", variants=(MINE,), made=(LISTED, DOUBTED))
    decide(store, rule)
    with store.transaction() as tx:
        set_state(tx, rule, RuleState.REMOVED, now=NOON)
    added(store, "strike", made=(LISTED, DOUBTED))
    assert states(stored(store, rule).variants) == DECIDED
    with store.transaction() as tx:
        set_state(tx, rule, RuleState.REMOVED, now=NOON)
    added(store, "ferry", name="strike", made=())
    assert states(stored(store, rule).variants) == {"grève": "rejected"}


def test_naming_a_variant_again_takes_its_rejection_back(store: Storage) -> None:
    rule = added(store, "strike", variants=(MINE,))
    with store.transaction() as tx:
        tx.rules.update(replace(rule, variants=(rejected(MINE),)))
    with store.transaction() as tx:
        edit_rule(tx, stored(store, rule), RuleChanges(variants=(MINE,)), now=NOON)
    assert stored(store, rule).variants == (MINE,)


# --- lists that change ----------------------------------------------------------------------


class Grown:
    """A list that has learnt a word for strike, and nothing else."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def languages(self, term: str, among: Collection[str] = ()) -> Collection[str]:
        return ()

    def forms(self, term: str, written_in: Collection[str] = ()) -> Iterable[Form]:
        self.asked.append(term)
        return [Form("fi", "lakko", "a list")] if term == "strike" else []


def revision(store: Storage) -> int:
    with store.reading() as tx:
        return tx.rules.revision()


def test_rules_are_brought_up_to_date_with_the_lists_some_at_a_time(
    store: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renew_variants, "MOST_AT_ONCE", 2)
    rules = [
        a_rule("strike", name=f"Strike {number}", created_at=NOON + number * MINUTE)
        for number in range(5)
    ]
    given(store, *rules)
    counts = [renew(store, [Grown()], "2") for _ in range(4)]
    assert counts == [2, 2, 1, 0]
    for rule in rules:
        assert [variant.text for variant in stored(store, rule).variants] == ["lakko"]
        assert stored(store, rule).expansion == "2"


def test_a_rule_for_which_the_lists_have_nothing_new_does_not_move(store: Storage) -> None:
    rule = a_rule("ferry", written_in=("en",), expansion="1")
    given(store, rule)
    before = revision(store)
    assert renew(store, [Grown()], "2") == 1
    assert (revision(store), stored(store, rule).revision) == (before, rule.revision)
    assert renew(store, [Grown()], "2") == 0


def test_bringing_up_to_date_ends_when_it_is_told_to(store: Storage) -> None:
    given(store, a_rule("strike"), a_rule("ferry strike"))
    words = Grown()
    assert renew(store, [words], "2", stop=lambda: bool(words.asked)) == 1
    assert renew(store, [words], "2", stop=lambda: True) == 0
    assert renew(store, [words], "2") == 1


def test_a_rule_that_is_changed_meanwhile_is_left_for_the_next_time(store: Storage) -> None:
    rule = a_rule("strike")
    given(store, rule)

    class Meddling(Grown):
        def forms(self, term: str, written_in: Collection[str] = ()) -> Iterable[Form]:
            if not self.asked:
                with store.transaction() as tx:
                    tx.rules.update(replace(rule, query="strike now", revision=2))
            return super().forms(term)

    renew(store, [Meddling()], "2")
    assert (stored(store, rule).query, stored(store, rule).expansion) == ("strike now", "")
    assert renew(store, [Grown()], "2") == 1


def test_a_decision_outlives_lists_that_change(store: Storage) -> None:
    lakko = Variant(language="fi", text="lakko", kind="word", source="a list", score=0.92)
    rule = a_rule("strike", variants=(MINE, rejected(lakko)), expansion="1")
    given(store, rule)
    renew(store, [Grown()], "2")
    assert states(stored(store, rule).variants) == {"strejk": "active", "lakko": "rejected"}


# --- what is told of lists that change ------------------------------------------------------


class Doubting(Grown):
    """A list that says of its word for strike whether it counts alone."""

    def __init__(self, *, doubts: bool) -> None:
        super().__init__()
        self._doubts = doubts

    def forms(self, term: str, written_in: Collection[str] = ()) -> Iterable[Form]:
        forms = super().forms(term, written_in)
        return [form._replace(ambiguous=self._doubts) for form in forms]


def told(store: Storage, *, later: timedelta = timedelta(0)) -> list[str]:
    with store.reading() as tx:
        changed = recounted(tx, now=store.now() + later)
        return [f"{each.rule.name}: {each}" for each in changed]


def updated(store: Storage, *doubts: bool) -> None:
    for number, doubted in enumerate(doubts):
        renew(store, [Doubting(doubts=doubted)], f"edition {number}")


def test_what_an_update_no_longer_looks_for_is_told(store: Storage) -> None:
    given(store, a_rule("strike"), a_rule("ferry"))
    updated(store, False)
    assert told(store) == []
    updated(store, False, True)
    (sentence,) = told(store)
    assert sentence.startswith("strike: since the update of 20")
    assert sentence.endswith(" it no longer looks for lakko (Finnish) alone")
    assert told(store, later=timedelta(days=13)) == [sentence]
    assert told(store, later=timedelta(days=14)) == []


def test_what_an_update_looks_for_again_is_told(store: Storage) -> None:
    given(store, a_rule("strike"))
    updated(store, True, False)
    assert [each.rpartition(" it ")[2] for each in told(store)] == [
        "looks for lakko (Finnish), too"
    ]


def test_what_two_updates_did_and_undid_is_not_told(store: Storage) -> None:
    given(store, a_rule("strike"))
    updated(store, False, True, False)
    assert told(store) == []


@pytest.mark.parametrize("doubts", [(False, True), (True, False)])
def test_what_its_owner_has_decided_since_is_not_told(
    store: Storage, doubts: tuple[bool, bool]
) -> None:
    rule = a_rule("strike")
    given(store, rule)
    updated(store, *doubts)
    for decide_so in (accepted, rejected):
        with store.transaction() as tx:
            current = stored(store, rule)
            variants = tuple(map(decide_so, current.variants))
            tx.rules.update(replace(current, variants=variants, revision=current.revision + 1))
        assert told(store) == []


def test_a_rule_that_is_removed_is_not_told(store: Storage) -> None:
    rule = a_rule("strike")
    given(store, rule)
    updated(store, False, True)
    with store.transaction() as tx:
        set_state(tx, stored(store, rule), RuleState.REMOVED, now=NOON)
    assert told(store) == []


def test_of_many_rules_an_update_changed_the_first_are_told_one_by_one(store: Storage) -> None:
    given(store, *(a_rule("strike", name=f"Strike {number}") for number in range(5)))
    updated(store, False, True)
    with store.reading() as tx:
        changed = list(recounted(tx, now=store.now()))
    findings = _of_recounted(changed)
    assert [found.is_wrong for found in findings] == [False] * 4
    assert [found.what for found in findings[:1]] == [f'rule "{changed[0].rule.name}"']
    assert findings[-1].trouble == f'so it is of 2 more, such as "{changed[3].rule.name}"'
    assert _of_recounted(changed * 20)[-1].trouble.startswith("so it is of at least 97 more")
    assert _of_recounted([]) == []
