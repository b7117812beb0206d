"""A daemon begins with what is owed."""

from pathlib import Path

import pytest

from monitor.app import App
from monitor.config.load import load
from monitor.daemon import daemon, start
from monitor.services.channels import add_console
from storage.model import DeliveryState
from tests.builders import MINUTE, NOON, a_delivery, given


def test_what_a_dead_daemon_had_claimed_is_sent_before_anything_else_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    states = []

    def rest(app: App, **_: object) -> int:
        with app.storage.reading() as tx:
            states.extend(delivery.state for delivery in tx.outbox.recent())
        return 0

    monkeypatch.setattr(daemon, "run", rest)
    monkeypatch.setattr(start, "ON_ITS_WAY_SECONDS", 60.0)
    config = load(environ={"MONITOR_HOME": str(tmp_path), "MONITOR_SEEDS": "none"})
    with App.open(config, now=lambda: NOON, daemon=True) as app:
        with app.storage.transaction() as tx:
            console = add_console(tx, now=NOON)
        owed = a_delivery(None, console, alert_id=None, payload=b"what was owed", recipient="")
        given(app.storage, owed)
        with app.storage.transaction() as tx:
            assert tx.outbox.claim(owed.id, now=NOON, lease=MINUTE, owner="dead")
            (tmp_path / "run").mkdir(exist_ok=True)
            (tmp_path / "run" / "dead.lock").touch()  # held by nobody
        assert start.run(app, once=False, starter_wanted=False) == 0
    assert states == [DeliveryState.DELIVERED]
    assert "what was owed" in capsys.readouterr().out
