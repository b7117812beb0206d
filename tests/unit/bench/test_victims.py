"""The designs that must lose something can be run at all: else they would lose everything."""

from pathlib import Path

import pytest

from bench.base.victims import DESIGNS, of_design
from monitor.app import App
from monitor.config.load import load
from monitor.net.politeness import SharedTurns


@pytest.mark.parametrize("name", DESIGNS)
def test_each_design_takes_the_place_of_what_delivers(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for method in ("enter", "leave"):  # given back afterwards
        monkeypatch.setattr(SharedTurns, method, getattr(SharedTurns, method))
    config = load(environ={"MONITOR_HOME": str(tmp_path), "MONITOR_SEEDS": "none"})
    with App.open(config, daemon=True) as app:
        storage = app.sending.courier.storage
        courier = of_design(app, DESIGNS[name]).sending.courier
        assert type(courier) is DESIGNS[name]
        assert courier.storage is storage
        assert courier.due() == []
