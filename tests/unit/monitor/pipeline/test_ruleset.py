"""What is built of the rules is kept in the data folder, and there at the next start."""

from pathlib import Path

import pytest

from monitor.app import App
from monitor.config.load import load
from monitor.daemon.once import run_once
from monitor.pipeline.ruleset import NoMatcher, Rulesets
from tests.builders import a_rule, a_source, an_article, given, with_variants
from tests.fakes import MemoryStorage

RULES = [with_variants(a_rule(query, name=query)) for query in ("rail strike", "Zelenskyy")]


def test_a_start_takes_up_what_the_last_one_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rules.index.rule_index._LEAST_KEPT", 1)
    now = [0.0]
    monkeypatch.setattr("monitor.pipeline.ruleset.time.monotonic", lambda: now[0])
    environ = {"MONITOR_HOME": str(tmp_path), "MONITOR_SEEDS": "none"}
    config = load(environ=environ, path=None, home=None)
    with App.open(config, daemon=True) as app:
        given(app.storage, RULES[0])
        app.rulesets.prepare()
        now[0] = 29
        given(app.storage, RULES[1])
        app.rulesets.prepare()
        now[0] = 31
        app.rulesets.prepare()
        assert not (tmp_path / "cache" / "rules.index").exists()
        now[0] = 60
        app.rulesets.prepare()
    with App.open(config, daemon=True) as app:
        index = app.rulesets.current().matcher._index
        assert index.table.ready == 2
        new = a_rule("Oslo")
        given(app.storage, new)
        article = an_article("Rail strike in Oslo", text="", language="en")
        found = app.rulesets.current().matcher.matches(article, a_source())
        assert [match.rule_id for match in found] == [RULES[0].id, new.id]


def test_a_matcher_is_loaded_once_there_is_a_rule() -> None:
    store = MemoryStorage()
    rulesets = Rulesets(store)
    assert isinstance(rulesets.current().matcher, NoMatcher)
    rulesets.prepare()
    given(store, a_rule("treaty"))
    (match,) = rulesets.current().matcher.matches(an_article(title="A treaty"), a_source())
    assert match.rule_id == a_rule("treaty").id


def test_what_ends_keeps_what_it_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.index.rule_index._LEAST_KEPT", 1)
    environ = {"MONITOR_HOME": str(tmp_path), "MONITOR_SEEDS": "none"}
    config = load(environ=environ, path=None, home=None)
    kept = tmp_path / "cache" / "rules.index"
    with App.open(config, daemon=True) as app:
        given(app.storage, RULES[0])
        run_once(app, starter_added=False)
        kept.unlink(missing_ok=True)
        app.rulesets.keep()
        assert not kept.exists()  # nothing came since
    with App.open(config, daemon=True) as app:
        run_once(app, starter_added=False)
        assert not kept.exists()  # no article asked for the rules
        app.rulesets.current()
        run_once(app, starter_added=False)
        assert kept.exists()
