"""What every store promises about rules."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.api.errors import Ambiguous
from storage.api.storage import Storage
from storage.model import RuleState, Variant, VariantState
from storage.stamp import stamp_of
from storage.variant_groups import grouped
from storage.variant_use import VariantHit, VariantUse
from tests.builders import MINUTE, NOON, a_rule, given


def revision(storage: Storage) -> int:
    with storage.reading() as tx:
        return tx.rules.revision()


def test_a_rule_comes_back_as_it_was_added(storage: Storage) -> None:
    rule = a_rule(
        '"rail strike" OR järnväg*',
        name="Rail",
        channel_ids=("a", "b"),
        strictness="broad",
        languages=("sv",),
        variants=(
            Variant(language="vi", text="đình công"),
            Variant(
                language="",
                text="x",
                of="järnväg",
                kind="word",
                source="a list",
                score=0.7,
                state=VariantState.PROPOSED,
            ),
        ),
        expansion="lists of May",
        language="sv",
        written_in=("sv", "no"),
        sources=("Harbour News",),
        tags=("t",),
        max_per_day=3,
        expires_at=NOON,
        backfill_since=NOON - MINUTE,
        caught_up=True,
    )
    with storage.transaction() as tx:
        assert tx.rules.add(rule)
    with storage.reading() as tx:
        assert tx.rules.get(rule.id) == rule
        assert tx.rules.get("other") is None


def test_every_change_moves_the_revision(storage: Storage) -> None:
    seen = [revision(storage)]
    for change in (
        lambda tx: tx.rules.add(a_rule()),
        lambda tx: tx.rules.update(a_rule(tags=("t",))),
        lambda tx: tx.rules.set_state(a_rule().id, RuleState.PAUSED),
        lambda tx: tx.rules.set_state(a_rule().id, RuleState.REMOVED),
        lambda tx: tx.rules.add(a_rule()),
    ):
        with storage.transaction() as tx:
            change(tx)
        seen.append(revision(storage))
        with storage.reading() as tx:
            rule = tx.rules.get(a_rule().id)
        assert rule is not None
        assert rule.revision == len(seen) - 1
    assert seen == sorted(set(seen))


def test_what_changes_nothing_moves_no_revision(storage: Storage) -> None:
    given(storage, a_rule())
    before = revision(storage)
    with storage.transaction() as tx:
        assert not tx.rules.add(a_rule(tags=("other",)))
        tx.rules.update(a_rule("unknown"))
        tx.rules.set_state("unknown", RuleState.PAUSED)
        assert tx.rules.caught_up({"unknown": 1, a_rule().id: 1}) == {a_rule().id}
        assert tx.rules.lock_revision() == before
    assert revision(storage) == before
    with storage.reading() as tx:
        assert tx.rules.all() == [a_rule(caught_up=True)]


def test_an_update_replaces_all_fields(storage: Storage) -> None:
    given(storage, a_rule(tags=("a",), max_per_day=3))
    changed = a_rule(channel_ids=("c",), state=RuleState.PAUSED, expires_at=NOON)
    with storage.transaction() as tx:
        tx.rules.update(changed)
    with storage.reading() as tx:
        assert tx.rules.get(changed.id) == replace(changed, revision=2)


def test_a_removed_rule_is_kept_but_not_listed_and_can_come_back(storage: Storage) -> None:
    given(storage, a_rule())
    with storage.transaction() as tx:
        tx.rules.set_state(a_rule().id, RuleState.REMOVED)
    with storage.reading() as tx:
        assert tx.rules.all() == []
        assert tx.rules.find("rail strike") is None
        removed = tx.rules.get(a_rule().id)
        assert removed is not None
        assert removed.state is RuleState.REMOVED
    with storage.transaction() as tx:
        assert tx.rules.add(a_rule(tags=("back",)))
    with storage.reading() as tx:
        (rule,) = tx.rules.all()
    assert (rule.state, rule.tags) == (RuleState.ACTIVE, ("back",))


def test_rules_are_listed_by_creation_then_id(storage: Storage) -> None:
    given(
        storage,
        a_rule("late", created_at=NOON + MINUTE),
        a_rule("x", id="b"),
        a_rule("y", id="a"),
        a_rule("paused", created_at=NOON - MINUTE, state=RuleState.PAUSED),
    )
    with storage.reading() as tx:
        assert [rule.name for rule in tx.rules.all()] == ["paused", "y", "x", "late"]


def test_a_rule_is_found_by_name_query_or_beginning_of_its_id(storage: Storage) -> None:
    rule = a_rule("cyber*", name="Cyber")
    other = a_rule("storm", name="cyber*")
    given(storage, rule, a_rule("flood", id="abcd1"), a_rule("fire", id="abcd2"))
    with storage.reading() as tx:
        for typed in ("Cyber", "cyber*", rule.id, rule.id[:9]):
            assert tx.rules.find(typed) == rule
        assert tx.rules.find("") is None
        assert tx.rules.find("cyber") is None
        with pytest.raises(Ambiguous):
            tx.rules.find("abcd")
    given(storage, other)
    with storage.reading() as tx:
        assert tx.rules.find("cyber*") == other  # a name comes before a query


def test_a_query_that_two_rules_have_is_ambiguous(storage: Storage) -> None:
    given(storage, a_rule("storm", name="A"), a_rule("storm", name="B"))
    with storage.reading() as tx, pytest.raises(Ambiguous):
        tx.rules.find("storm")


def test_only_the_rule_that_was_searched_for_is_caught_up(storage: Storage) -> None:
    given(storage, a_rule())
    for change in (
        lambda tx: tx.rules.update(a_rule("rail strike", channel_ids=("c",))),
        lambda tx: tx.rules.set_state(a_rule().id, RuleState.REMOVED),
        lambda tx: tx.rules.add(a_rule()),
    ):
        with storage.transaction() as tx:
            searched = tx.rules.get(a_rule().id)
            assert searched is not None
            change(tx)
            assert not tx.rules.caught_up({searched.id: searched.revision})
    with storage.reading() as tx:
        (rule,) = tx.rules.all()
    assert not rule.caught_up


def test_active_rules_wait_for_the_archive_until_they_are_caught_up(storage: Storage) -> None:
    first, second = a_rule("a strike"), a_rule("b strike", created_at=NOON + timedelta(hours=1))
    paused = a_rule("c strike", state=RuleState.PAUSED)
    given(storage, second, first, paused, a_rule("d strike", caught_up=True))
    with storage.transaction() as tx:
        assert tx.rules.to_catch_up() == [first.id, second.id]
        found = tx.rules.get(first.id)
        assert found is not None
        assert tx.rules.caught_up({first.id: found.revision, second.id: 77}) == {first.id}
    with storage.reading() as tx:
        assert tx.rules.to_catch_up() == [second.id]


STRIKE = Variant(language="sv", text="strejk")
WALKOUT = Variant(language="", text="walkout", kind="word", source="a list")


def test_hits_are_counted_by_text_and_outlive_changes_of_the_rule(storage: Storage) -> None:
    same_text = replace(STRIKE, language="da")
    given(
        storage, a_rule(variants=(STRIKE, WALKOUT, same_text)), a_rule("other", variants=(STRIKE,))
    )
    before = revision(storage)
    with storage.transaction() as tx:
        hits = [VariantHit(a_rule().id, "strejk"), VariantHit(a_rule().id, "unknown")]
        tx.rules.count_hits(hits, now=NOON)
        hits = [VariantHit(a_rule().id, "strejk")] * 2 + [VariantHit("unknown", "strejk")]
        tx.rules.count_hits(hits, now=NOON + MINUTE)
        tx.rules.count_hits([], now=NOON + 2 * MINUTE)
    assert revision(storage) == before
    counted = {"hits": 3, "last_hit_at": NOON + MINUTE}
    rejected = replace(WALKOUT, state=VariantState.REJECTED)
    with storage.transaction() as tx:
        assert tx.rules.variant_uses(a_rule().id) == [
            VariantUse(variant=STRIKE, **counted),
            VariantUse(variant=WALKOUT),
            VariantUse(variant=same_text, **counted),
        ]
        assert tx.rules.variant_uses("other") == []
        tx.rules.update(a_rule(variants=(rejected, STRIKE)))
    with storage.transaction() as tx:
        assert tx.rules.variant_uses(a_rule().id) == [
            VariantUse(variant=rejected),
            VariantUse(variant=STRIKE, **counted),
        ]
        tx.rules.update(a_rule(variants=(rejected,)))
        tx.rules.update(a_rule(variants=(rejected, STRIKE)))
        assert tx.rules.variant_uses(a_rule().id) == [
            VariantUse(variant=rejected),
            VariantUse(variant=STRIKE),
        ]


def test_every_way_of_asking_for_a_rule_brings_its_variants(storage: Storage) -> None:
    rule = a_rule(variants=(WALKOUT, STRIKE))
    given(storage, rule, a_rule("other"))
    with storage.reading() as tx:
        assert tx.rules.get(rule.id) == tx.rules.find(rule.name) == rule
        assert {rule.name: rule.variants for rule in tx.rules.all()} == {
            rule.name: (WALKOUT, STRIKE),
            "other": (),
        }


def test_watching_rules_are_listed_with_their_revisions_and_asked_for_by_id(
    storage: Storage,
) -> None:
    late = a_rule("late", created_at=NOON + MINUTE)
    paused = a_rule("paused", state=RuleState.PAUSED)
    early = a_rule(variants=(WALKOUT,))
    given(storage, late, paused, early)
    with storage.transaction() as tx:
        tx.rules.update(late)
    with storage.reading() as tx:
        assert list(tx.rules.watching().items()) == [
            *sorted([(early.id, 1), (paused.id, 1)]),
            (late.id, 2),
        ]
        wanted = [paused.id, "unknown", early.id]
        assert list(tx.rules.some(wanted)) == [paused, early]
        assert list(tx.rules.some([])) == []


def test_what_stands_for_a_rule_changes_with_its_words_and_variants_only(storage: Storage) -> None:
    rule = a_rule(variants=(WALKOUT, STRIKE, replace(WALKOUT, kind="name")), written_in=("en",))
    given(storage, rule, a_rule("removed", state=RuleState.REMOVED))
    said = []
    for now in (
        rule,
        replace(rule, name="another", languages=("sv",), priority="high"),
        replace(rule, query="another"),
        replace(rule, strictness="exact"),
        replace(rule, written_in=()),
        replace(rule, variants=(WALKOUT,)),
        replace(rule, variants=(STRIKE, WALKOUT)),
        replace(rule, variants=(replace(WALKOUT, score=0.1 + 0.2), STRIKE)),
        replace(rule, variants=(replace(WALKOUT, state=VariantState.REJECTED), STRIKE)),
    ):
        with storage.transaction() as tx:
            tx.rules.update(now)
        with storage.reading() as tx:
            whole = tx.rules.get(rule.id)
            assert whole is not None
            assert tx.rules.stamps() == {rule.id: stamp_of(whole)}
        said.append(stamp_of(whole))
    assert said[0] == said[1] == stamp_of(rule)
    assert len(set(said)) == len(said) - 1


def test_rules_that_were_expanded_with_other_lists_are_told_apart(storage: Storage) -> None:
    rules = [
        a_rule(name, expansion=expansion, created_at=NOON + number * MINUTE)
        for number, (name, expansion) in enumerate(
            [("old", "1"), ("new", "2"), ("none", ""), ("gone", "1")]
        )
    ]
    given(storage, *rules)
    old, _, none, gone = (rule.id for rule in rules)
    with storage.transaction() as tx:
        tx.rules.set_state(gone, RuleState.REMOVED)
    with storage.transaction() as tx:
        assert tx.rules.expanded_otherwise("2", limit=10) == [old, none]
        assert tx.rules.expanded_otherwise("2", limit=1) == [old]
        before = tx.rules.revision()
        assert tx.rules.expanded(old, "2", revision=1)
        assert not tx.rules.expanded(none, "2", revision=7)
        assert tx.rules.expanded_otherwise("2", limit=10) == [none]
        assert tx.rules.revision() == before
        revived = tx.rules.get(old)
        assert revived is not None
        assert (revived.expansion, revived.revision) == ("2", 1)


def test_variants_that_rules_share_come_back_for_each(storage: Storage) -> None:
    def strike(**changed: object) -> Variant:
        return replace(Variant(language="sv", text="strejk", of="strike"), **changed)

    first = a_rule("rail strike", variants=(strike(), Variant(language="de", text="Bahn")))
    second = a_rule("ferry strike", variants=(strike(score=0.5), strike(of="")))
    third = a_rule("port strike", variants=(strike(state=VariantState.REJECTED),))
    given(storage, first, second, third)
    with storage.reading() as tx:
        for rules in (tx.rules.all(), list(tx.rules.some([first.id, second.id, third.id]))):
            stored = {rule.id: rule.variants for rule in rules}
            assert stored == {rule.id: rule.variants for rule in (first, second, third)}


def test_what_variants_say_comes_in_groups_as_it_is_now(storage: Storage) -> None:
    rule = a_rule(variants=(WALKOUT, STRIKE, replace(WALKOUT, kind="name")))
    bare, gone = a_rule("bare"), a_rule("gone")
    given(storage, rule, bare)
    for now in (rule, replace(rule, variants=(STRIKE,)), replace(rule, variants=())):
        with storage.transaction() as tx:
            tx.rules.update(now)
        with storage.reading() as tx:
            said = list(tx.rules.in_groups([bare.id, gone.id, rule.id]))
            assert [each.groups for each in said] == [(), grouped(dict.fromkeys(now.variants[:2]))]
            assert {each.rule_id: each.stamp for each in said} == tx.rules.stamps()
            assert {each.rule_id: each.revision for each in said} == tx.rules.watching()
