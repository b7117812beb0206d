"""Saving rules with a translator: what is asked when, and that a failure blocks nothing."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from storage.model import Rule
from tests.answers import reply
from tests.translator_server import CHAT, MODEL, TranslatorServer
from tests.unit.monitor.cli.conftest import Monitor


@pytest.fixture
def server() -> Iterator[TranslatorServer]:
    with TranslatorServer() as server:
        yield server


@pytest.fixture
def translated(monitor: Monitor, server: TranslatorServer) -> Monitor:
    """A home in which a model is asked for translations."""
    monitor.environ |= {
        "MONITOR_TRANSLATOR": "openai",
        "MONITOR_TRANSLATOR_URL": server.url("/v1"),
        "MONITOR_TRANSLATOR_MODEL": MODEL,
        "MONITOR_TRANSLATOR_LANGUAGES": "sv,de,fr",
        "MONITOR_TRANSLATOR_TIMEOUT": "5",
    }
    return monitor


def the_rule(monitor: Monitor) -> Rule:
    with closing(monitor.storage()) as storage, storage.reading() as tx:
        [rule] = tx.rules.all()
    return rule


def stored(monitor: Monitor) -> dict[str, str]:
    """Return the state of each variant of the one rule that a translator gave."""
    return {
        variant.text: variant.state.value
        for variant in the_rule(monitor).variants
        if variant.source.startswith(("openai", "libretranslate"))
    }


def test_a_rule_is_saved_with_what_the_translator_proposes(translated: Monitor) -> None:
    translated("add-rule", "harbour pilot")
    assert stored(translated) == {
        "hamnlots": "active",
        "Hafenlotse": "active",
        "pilote de port": "active",
        "pilote portuaire": "active",
    }
    assert translated.err.count("translator") == 0


def test_a_new_query_is_asked_for_and_the_old_one_forgotten(
    translated: Monitor, server: TranslatorServer
) -> None:
    translated("add-rule", "harbour pilot", "--name", "x")
    before = len(server.requests)
    translated("edit-rule", "x", "--tag", "sea")
    assert len(server.requests) == before
    assert "hamnlots" in stored(translated)
    translated("edit-rule", "x", "--query", "wharfage")
    assert stored(translated) == {
        "kajavgift": "active",
        "Kaigeld": "active",
        "droits de quai": "active",
    }


def test_nobody_is_asked_for_what_is_not_saved(
    translated: Monitor, server: TranslatorServer
) -> None:
    translated("add-rule", "harbour pilot", "--dry-run")
    translated("add-rule", "harbour (", expect=2)
    translated("add-rule", "harbour pilot", "--notify", "nobody", expect=2)
    translated("add-rule", "harbour pilot", "--match", "forms")
    assert server.requests == []
    translated("add-rule", "harbour pilot", "--match", "forms")  # is there already
    translated("add-rule", "harbour pilot", "--match", "broad", expect=1)
    translated("edit-rule", "harbour pilot", "--query", "dredging (", expect=2)
    assert server.requests == []


@pytest.mark.parametrize("status", [401, 500])
def test_a_failure_is_told_and_blocks_nothing(
    status: int, translated: Monitor, server: TranslatorServer
) -> None:
    translated.environ["MONITOR_TRANSLATOR_TIMEOUT"] = "1"
    server.on(CHAT, reply('{"error": "no"}', status=status))
    shape = translated.one("add-rule", "Geneva")
    assert shape["query"] == "Geneva"
    assert f"HTTP {status}" in translated.err
    assert "expand-rule Geneva --translate" in translated.err
    assert translated.err.count("\n") <= 2
    assert stored(translated) == {}
    assert "Genf" in {variant.text for variant in the_rule(translated).variants}  # from the lists


def test_an_article_in_another_language_is_found_through_a_translation(
    translated: Monitor,
) -> None:
    seeds = translated.home / "seeds"
    (seeds / "a.txt").write_text(
        "En hamnlots räddade fartyget i natt\n\nHamnlotsen gick ombord i stormen utanför kusten."
    )
    translated("add-rule", "harbour pilot")
    translated("run", "--once")
    [alert] = translated.json("list-alerts")
    assert {proof["layer"] for proof in alert["evidence"]} == {"variant"}


def test_settings_that_do_not_fit_together_are_told_before_anything_is_done(
    monitor: Monitor,
) -> None:
    monitor.environ["MONITOR_TRANSLATOR"] = "openai"
    monitor("add-rule", "harbour pilot", expect=2)
    assert "translator_url is not" in monitor.err
    assert "translator_model is not set" in monitor.err


FILE = """
rules:
  - name: pilots
    query: harbour pilot
    must_match:
      - title: En hamnlots räddade fartyget
        text: Hamnlotsen gick ombord i stormen.
  - name: dredgers
    query: dredging
"""


def test_rules_of_a_file_are_asked_for_before_their_examples_are_run(
    translated: Monitor, server: TranslatorServer
) -> None:
    file = translated.home / "rules.yaml"
    file.write_text(FILE)
    translated("apply", str(file), "--dry-run", expect=1)
    assert server.requests == []
    translated("apply", str(file))
    with closing(translated.storage()) as storage, storage.reading() as tx:
        texts = {variant.text for rule in tx.rules.all() for variant in rule.variants}
    assert {"hamnlots", "muddring"} <= texts
    before = len(server.requests)
    translated("apply", str(file))
    assert len(server.requests) == before


def test_a_file_is_applied_though_the_translator_fails(
    translated: Monitor, server: TranslatorServer
) -> None:
    file = translated.home / "rules.yaml"
    file.write_text("rules: [{query: harbour pilot}, {query: dredging}, {query: larch}]")
    server.on(CHAT, reply("{}", status=403))
    translated("apply", str(file))
    assert "expand-rule 'harbour pilot' --translate" in translated.err
    assert "2 further rules" in translated.err
    assert len(translated.json("list-rules")) == 3
    assert len(server.requests) <= 3


def test_expand_rule_asks_when_it_is_told_to_and_keeps_decisions(
    translated: Monitor, server: TranslatorServer
) -> None:
    settings = dict(translated.environ)
    for name in settings:
        if name.startswith("MONITOR_TRANSLATOR"):
            del translated.environ[name]
    translated("add-rule", "harbour pilot", "--variant", "fi:luotsi")
    translated.environ |= settings
    translated("expand-rule", "harbour pilot")
    assert server.requests == []
    done = translated.one("expand-rule", "harbour pilot", "--translate")
    assert {"hamnlots", "Hafenlotse"} <= {variant["text"] for variant in done["came"]}
    assert done["went"] == []
    translated("reject-variant", "harbour pilot", "Hafenlotse")
    translated("expand-rule", "harbour pilot", "--translate")
    assert stored(translated)["Hafenlotse"] == "rejected"
    assert "luotsi" in {variant.text for variant in the_rule(translated).variants}
