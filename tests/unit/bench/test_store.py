"""The bench of the store inserts what the store does, with the bare driver."""

import sys

import pytest

from bench import store


def test_the_bare_driver_stores_the_same_rows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["bench.store", "--articles", "6", "--batch", "3", "--deliveries", "2"]
    monkeypatch.setattr(sys, "argv", few)
    store.main()
    assert "sqlite3 alone:" in capsys.readouterr().out
