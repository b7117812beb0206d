"""One round of the daemon's work."""

from pathlib import Path

from monitor.app import App
from monitor.config.load import load
from monitor.daemon.once import run_once


def test_a_round_keeps_nothing_for_a_poll_that_does_not_come(tmp_path: Path) -> None:
    environ = {"MONITOR_HOME": str(tmp_path), "MONITOR_SEEDS": "none"}
    with App.open(load(environ=environ, path=None, home=None), daemon=True) as app:
        assert app.pipeline.asks_again
        run_once(app, starter_added=False)
        assert not app.pipeline.asks_again
