"""What every store promises about alerts."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from storage.api.alerts import Headline
from storage.api.errors import Ambiguous
from storage.api.storage import Storage
from storage.model import Alert, RuleState
from tests.builders import (
    MINUTE,
    NOON,
    a_rule,
    an_alert,
    an_article,
    given,
    some_evidence,
    store,
)


def some_alerts(count: int, *, prefix: str = "N") -> list[Alert]:
    return [an_alert(article=an_article(f"{prefix} {number}")) for number in range(count)]


def with_parents(storage: Storage, *alerts: Alert) -> None:
    """Store what the alerts point at, and not the alerts."""
    with storage.transaction() as tx:
        for alert in alerts:
            if tx.rules.get(alert.rule_id) is None:
                store(tx, [a_rule(id=alert.rule_id)])
            store(tx, [an_article(id=alert.article_id, url=f"https://{alert.article_id}.example")])


def add(storage: Storage, *alerts: Alert) -> list[Alert]:
    with storage.transaction() as tx:
        return tx.alerts.add_new(alerts)


def test_an_alert_comes_back_as_it_was_raised(storage: Storage) -> None:
    alert = an_alert(
        score=0.123456789, evidence=(some_evidence(), some_evidence(start=3, text="ß"))
    )
    with_parents(storage, alert)
    (raised,) = add(storage, alert)
    assert raised == replace(alert, seq=1)
    with storage.reading() as tx:
        assert tx.alerts.get(alert.id) == raised
        assert tx.alerts.get("other") is None


def test_an_alert_is_raised_once(storage: Storage) -> None:
    one, two, three = some_alerts(3)
    with_parents(storage, one, two, three)
    assert [alert.id for alert in add(storage, two, one, two)] == [two.id, one.id]
    assert [(alert.id, alert.seq) for alert in add(storage, one, three, two)] == [(three.id, 3)]
    assert add(storage, one, two, three) == []
    assert add(storage) == []
    with storage.reading() as tx:
        assert tx.alerts.count() == 3


def test_numbers_have_no_gap_where_a_transaction_failed(storage: Storage) -> None:
    one, two = some_alerts(2)
    with_parents(storage, one, two)
    with suppress(InterruptedError), storage.transaction() as tx:
        tx.alerts.add_new([one])
        raise InterruptedError
    assert [alert.seq for alert in add(storage, two, one)] == [1, 2]


def test_who_follows_the_numbers_misses_none(storage: Storage) -> None:
    groups = [some_alerts(12, prefix=f"worker {number}") for number in range(4)]
    shared = some_alerts(12, prefix="shared")
    with_parents(storage, *shared, *(alert for group in groups for alert in group))
    seen: list[Alert] = []

    def work(number: int) -> int:
        return sum(
            len(add(storage, own, other)) for own, other in zip(groups[number], shared, strict=True)
        )

    def follow() -> None:
        with storage.reading() as tx:
            seen.extend(tx.alerts.recent(after_seq=seen[-1].seq if seen else 0, limit=None))

    with ThreadPoolExecutor(4) as pool:
        working = [pool.submit(work, number) for number in range(4)]
        while not all(future.done() for future in working):
            follow()
        raised = sum(future.result() for future in working)
    follow()
    assert raised == 60
    assert [alert.seq for alert in seen] == list(range(1, 61))
    assert len({alert.id for alert in seen}) == 60


def test_recent_alerts_come_newest_first_and_later_ones_oldest_first(storage: Storage) -> None:
    alerts = [
        replace(alert, raised_at=NOON + number * MINUTE)
        for number, alert in enumerate(some_alerts(4))
    ]
    alerts[1] = replace(alerts[1], rule_id="other")
    with_parents(storage, *alerts)
    add(storage, *alerts)
    with storage.reading() as tx:

        def numbers(**wanted: object) -> list[int]:
            return [alert.seq for alert in tx.alerts.recent(**wanted)]  # type: ignore[arg-type]

        assert numbers() == [4, 3, 2, 1]
        assert numbers(limit=2) == [4, 3]
        assert numbers(limit=None, since=NOON + 2 * MINUTE) == [4, 3]
        assert numbers(limit=None, until=NOON + 2 * MINUTE) == [2, 1]
        assert numbers(since=NOON + MINUTE, until=NOON + 2 * MINUTE) == [2]
        assert numbers(rule_id="other") == [2]
        assert numbers(after_seq=1) == [2, 3, 4]
        assert numbers(after_seq=1, limit=1) == [2]
        assert numbers(after_seq=0, rule_id="other") == [2]
        assert numbers(after_seq=4) == []


def test_what_alerts_are_about_is_told_in_short(storage: Storage) -> None:
    rule, article = a_rule("rail strike", name="Trains"), an_article("Streik", language="de")
    alert = an_alert(rule, article)
    given(storage, rule, article, alert)
    with storage.transaction() as tx:
        tx.rules.set_state(rule.id, RuleState.REMOVED)
    with storage.reading() as tx:
        told = tx.alerts.headlines([alert.id, "nobody"])
    assert told == {alert.id: Headline(rule="Trains", title="Streik", language="de")}


def test_alerts_are_counted(storage: Storage) -> None:
    one, two = some_alerts(2)
    two = replace(two, rule_id="other", raised_at=NOON + MINUTE)
    with_parents(storage, one, two)
    add(storage, one, two)
    with storage.reading() as tx:
        assert tx.alerts.count() == 2
        assert tx.alerts.count(rule_id="other") == 1
        assert tx.alerts.count(since=NOON + MINUTE) == 1
        assert tx.alerts.count(rule_id="other", since=NOON + 2 * MINUTE) == 0


def test_an_alert_is_found_by_the_beginning_of_its_id(storage: Storage) -> None:
    one, two = some_alerts(2)
    one, two = replace(one, id="abcde1"), replace(two, id="abcde2")
    given(storage, one, two)
    with storage.reading() as tx:
        assert tx.alerts.find("abcde2") == replace(two, seq=2)
        assert tx.alerts.find("abc") is None  # too little to be meant
        assert tx.alerts.find("") is None
        with pytest.raises(Ambiguous, match="abcde"):
            tx.alerts.find("abcd")
