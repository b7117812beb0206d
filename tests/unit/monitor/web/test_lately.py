"""What pages remember of the newest alerts."""

from dataclasses import replace
from datetime import UTC, timedelta

from monitor.app import App
from monitor.web.base import lately
from monitor.web.base.lately import Choice, Lately, first
from storage.model import RuleState, stable_id
from tests.builders import NOON
from tests.stored import fill
from tests.unit.monitor.web.asking import app

__all__ = ["app"]

HOUR = timedelta(hours=1)


def test_what_came_since_is_read_and_nothing_twice(app: App) -> None:
    remembered = Lately(UTC)
    with app.storage.reading() as tx:
        assert remembered.read(tx) == []
    one = fill(app.storage, title="One", at=NOON)
    with app.storage.reading() as tx:
        assert [each.alert.alert_id for each in remembered.read(tx)] == [one.id]
    two = fill(app.storage, title="Two", at=NOON + HOUR)
    with app.storage.reading() as tx:
        found = remembered.read(tx)
        assert [each.alert.alert_id for each in found] == [two.id, one.id]
        assert remembered.read(tx) == found
    assert found[0].day == NOON.date()


def test_another_store_than_before_is_read_anew(app: App, tmp_path: object) -> None:
    remembered = Lately(UTC)
    fill(app.storage, title="One")
    fill(app.storage, title="Two")
    with app.storage.reading() as tx:
        outlines = remembered.read(tx)
        newer = outlines[0].alert._replace(seq=99, alert_id="of another store")
        remembered._alerts.appendleft(outlines[0]._replace(alert=newer))
        assert remembered.read(tx) == outlines


def test_the_oldest_are_forgotten(app: App, monkeypatch: object) -> None:
    remembered = Lately(UTC)
    remembered._alerts = lately.deque(maxlen=1)
    fill(app.storage, title="One")
    with app.storage.reading() as tx:
        remembered.read(tx)
    two = fill(app.storage, title="Two")
    with app.storage.reading() as tx:
        assert [each.alert.alert_id for each in remembered.read(tx)] == [two.id]


def test_alerts_are_chosen_by_all_that_is_asked(app: App) -> None:
    alert = fill(app.storage, title="Streik", language="de", at=NOON)
    remembered = Lately(UTC)
    source, rule = stable_id("source", "Harbour News"), alert.rule_id
    with app.storage.reading() as tx:
        channel = tx.channels.all()[0].id

        def chosen(choice: Choice) -> bool:
            return first(remembered.chosen(tx, choice), 5) == [alert.id]

        assert chosen(Choice())
        assert chosen(Choice(since=NOON, rule_ids=frozenset([rule]), language="de"))
        assert chosen(Choice(source_ids=frozenset([source]), before=2))
        assert not chosen(Choice(since=NOON + HOUR))
        assert not chosen(Choice(rule_ids=frozenset()))
        assert not chosen(Choice(source_ids=frozenset(["other"])))
        assert not chosen(Choice(language="sv"))
        assert not chosen(Choice(before=1))
        assert not chosen(Choice(channel_id="other"))
        [outline] = remembered.read(tx)
        assert chosen(Choice(channel_id=channel)) == (channel in outline.alert.channel_ids)


def test_rules_are_read_again_only_when_one_has_changed(app: App) -> None:
    fill(app.storage)
    remembered = Lately(UTC)
    with app.storage.reading() as tx:
        before = remembered.rules(tx)
        assert remembered.rules(tx) is before
    with app.storage.transaction() as tx:
        tx.rules.update(replace(before[0], name="Other"))
    with app.storage.reading() as tx:
        assert [rule.name for rule in remembered.rules(tx)] == ["Other"]
    with app.storage.transaction() as tx:
        tx.rules.set_state(before[0].id, RuleState.REMOVED)
    with app.storage.reading() as tx:
        assert remembered.rules(tx) == ()
