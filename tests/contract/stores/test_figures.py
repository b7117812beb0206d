"""What every store promises about figures."""

from dataclasses import replace
from datetime import timedelta

from storage.api.articles import Passage
from storage.api.outbox import Finish
from storage.api.storage import Storage
from storage.model import DeliveryKind, DeliveryState, RuleState, Variant
from tests.builders import (
    MINUTE,
    NOON,
    a_channel,
    a_delivery,
    a_notice,
    a_rule,
    a_source,
    an_alert,
    an_article,
    given,
)

SECOND = timedelta(seconds=1)


def test_alerts_in_outline_tell_whose_they_are(storage: Storage) -> None:
    source = a_source("Kiel Courier")
    one, two = (
        an_article(title, source_id=source.id, language="de", published_at=NOON - MINUTE)
        for title in ("Streik", "Noch ein Streik")
    )
    desk = a_channel("desk")
    rule = a_rule("strike", channel_ids=(desk.id,))
    given(storage, source, desk, rule, one, two)
    given(storage, an_alert(rule, one), an_alert(rule, two, raised_at=NOON + MINUTE))
    with storage.reading() as tx:
        newest = tx.figures.alerts(limit=10)
        assert [outline.seq for outline in newest] == [2, 1]
        assert newest[0].alert_id == an_alert(rule, two).id
        assert newest[0].rule_id == rule.id
        assert newest[0].source_id == source.id
        assert newest[0].language == "de"
        assert newest[0].published_at == NOON - MINUTE
        assert newest[0].raised_at == NOON + MINUTE
        assert newest[0].channel_ids == (desk.id,)
        assert [outline.seq for outline in tx.figures.alerts(limit=1)] == [2]
        assert [outline.seq for outline in tx.figures.alerts(after_seq=0, limit=10)] == [1, 2]
        assert [outline.seq for outline in tx.figures.alerts(after_seq=1, limit=10)] == [2]
        assert tx.figures.alerts(after_seq=2, limit=10) == []


def test_what_rules_have_raised_is_counted(storage: Storage) -> None:
    rule, other, quiet = a_rule("strike"), a_rule("ferry"), a_rule("quiet")
    one, two = an_article("One"), an_article("Two")
    given(storage, rule, other, quiet, one, two)
    given(storage, an_alert(rule, one), an_alert(rule, two, raised_at=NOON + MINUTE))
    given(storage, an_alert(other, one))
    with storage.transaction() as tx:
        tx.feedback.give(an_alert(rule, one).id, "useful", at=NOON)
        tx.feedback.give(an_alert(rule, two).id, "noise", at=NOON)
    with storage.reading() as tx:
        raised, verdicts = tx.figures.raised(), tx.figures.verdicts()
        said = tx.feedback.some([an_alert(rule, one).id, an_alert(other, one).id])
    assert said == {an_alert(rule, one).id: "useful"}
    assert raised[rule.id] == (2, NOON + MINUTE)
    assert raised[other.id][0] == 1
    assert quiet.id not in raised
    assert verdicts == {rule.id: (1, 1)}


def test_articles_are_counted_by_source_and_time(storage: Storage) -> None:
    source, other = a_source("One"), a_source("Two")
    given(storage, source, other)
    for number in range(3):
        seen = NOON + number * MINUTE
        given(storage, an_article(f"A {number}", source_id=source.id, first_seen_at=seen))
    given(storage, an_article("B", source_id=other.id, first_seen_at=NOON))
    with storage.reading() as tx:
        both = [source.id, other.id]
        until = NOON + 2 * MINUTE
        counts = tx.figures.articles(both, since=NOON, until=until)
        assert counts == {source.id: 2, other.id: 1}
        assert tx.figures.articles([other.id], since=NOON + MINUTE, until=until) == {}


def test_notices_are_counted_by_source(storage: Storage) -> None:
    source = a_source("One")
    given(storage, source, a_source("Two"))
    given(storage, *(a_notice(text, source_id=source.id) for text in ("a", "b")))
    given(storage, replace(a_notice("nothing is wrong", source_id=source.id), routine=True))
    with storage.reading() as tx:
        assert tx.figures.notices() == {source.id: 2}


def test_how_long_deliveries_took_is_told_of_those_that_were_taken(storage: Storage) -> None:
    desk = a_channel("desk")
    given(storage, desk)
    for number, state in enumerate((DeliveryState.DELIVERED, DeliveryState.DEAD)):
        made = a_delivery(id=f"msg_{number}", channel_id=desk.id, state=state)
        took = made.created_at + timedelta(seconds=3)
        given(storage, replace(made, delivered_at=took if number == 0 else None))
    with storage.reading() as tx:
        assert tx.figures.waits(limit=10) == [timedelta(seconds=3)]
        assert tx.figures.waits(limit=0) == []


def test_when_an_alert_passed_each_stage_is_told_of_those_that_arrived(storage: Storage) -> None:
    source, desk, rule = a_source("One"), a_channel("desk"), a_rule("strike")
    article = an_article("A", source_id=source.id, published_at=NOON - MINUTE, first_seen_at=NOON)
    alert = an_alert(rule, article, raised_at=NOON + SECOND)
    arrived, digest, never = (
        a_delivery(alert, desk, id=f"msg_{name}", kind=kind, created_at=NOON + SECOND)
        for name, kind in (
            ("arrived", DeliveryKind.ALERT),
            ("digest", DeliveryKind.DIGEST),
            ("never", DeliveryKind.ALERT),
        )
    )
    given(storage, source, desk, rule, article, alert, arrived, digest, never)
    for second, state in ((2, DeliveryState.PENDING), (4, DeliveryState.DELIVERED)):
        with storage.transaction() as tx:
            for delivery in (arrived, digest):
                at = NOON + second * SECOND
                claimed = tx.outbox.claim(delivery.id, now=at, lease=MINUTE, owner="me")
                assert claimed is not None
                end = Finish(state=state, outcome="x", ended_at=at + SECOND, next_at=at)
                assert tx.outbox.finish(claimed, end)
    with storage.reading() as tx:
        [passage] = tx.figures.passages(limit=10)
        assert tx.figures.passages(limit=10, alert_id=alert.id) == [passage]
        assert tx.figures.passages(limit=10, alert_id="other") == []
        assert tx.figures.passages(limit=0) == []
    assert passage == Passage(
        alert_id=alert.id,
        source_id=source.id,
        channel_id=desk.id,
        recipient="",
        published_at=NOON - MINUTE,
        seen_at=NOON,
        matched_at=NOON + SECOND,
        sent_at=NOON + 2 * SECOND,
        delivered_at=NOON + 5 * SECOND,
    )


def test_how_long_alerts_took_is_told_of_those_that_were_raised_at_sight(storage: Storage) -> None:
    source, desk = a_source("One"), a_channel("desk")
    old, new = a_rule("strike", created_at=NOON), a_rule("ferry", created_at=NOON + MINUTE)
    edited = an_article("Edited", source_id=source.id, first_seen_at=NOON)
    fresh = an_article("Fresh", source_id=source.id, first_seen_at=NOON)
    given(storage, source, desk, old, new, edited, fresh)
    with storage.transaction() as tx:
        assert tx.articles.revise(replace(edited, text="Other words"), now=NOON + MINUTE)
    at = NOON + 2 * MINUTE
    alerts = {
        "at sight": an_alert(old, fresh, raised_at=NOON),
        "before its rule": an_alert(new, fresh, raised_at=at),
        "by an edition": an_alert(old, edited, raised_at=at),
    }
    for name, alert in alerts.items():
        owed = a_delivery(alert, desk, id=f"msg_{name}", created_at=at)
        given(storage, alert, owed)
        with storage.transaction() as tx:
            claimed = tx.outbox.claim(owed.id, now=at, lease=MINUTE, owner="me")
            assert claimed is not None
            assert tx.outbox.finish(
                claimed,
                Finish(state=DeliveryState.DELIVERED, outcome="ok", ended_at=at, next_at=at),
            )
    with storage.reading() as tx:
        [told] = tx.figures.passages(limit=10)
        assert told.alert_id == alerts["at sight"].id
        for alert in alerts.values():
            assert len(tx.figures.passages(limit=10, alert_id=alert.id)) == 1


def test_rules_in_outline_have_no_variants(storage: Storage) -> None:
    variants = (Variant(language="de", text="Streik"),)
    rule = a_rule("strike", variants=variants)
    removed = a_rule("gone", state=RuleState.REMOVED, variants=variants)
    given(storage, rule, removed)
    with storage.reading() as tx:
        [outline] = tx.rules.outlines()
        [whole] = tx.rules.all()
        both = tx.rules.outlines([removed.id, rule.id, "nobody"])
    assert outline == replace(whole, variants=())
    assert {each.id for each in both} == {rule.id, removed.id}
    assert all(not each.variants for each in both)


def test_some_sources_are_read_at_once(storage: Storage) -> None:
    one, two = a_source("One"), a_source("Two")
    given(storage, one, two)
    with storage.reading() as tx:
        assert set(tx.sources.some([one.id, "nobody"])) == {one.id}
        assert tx.sources.some([two.id])[two.id].name == "Two"
