"""The backtest that `add-rule --dry-run` and `edit-rule --dry-run` show."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from monitor.cli import output
from storage.model import Article
from tests.builders import a_source, an_article, given
from tests.unit.monitor.cli.conftest import Monitor

NOW = datetime.now(UTC)
LANGUAGES = ("ja", "sv", "de", "es", "fr", "ru", "vi")


def articles(title: str, count: int) -> list[Article]:
    return [
        an_article(f"{title} {number}", text="", first_seen_at=NOW - timedelta(minutes=number))
        for number in range(count)
    ]


def store(monitor: Monitor, *found: Article) -> None:
    with closing(monitor.storage()) as storage:
        given(storage, a_source(added_at=NOW - timedelta(days=3)), *found)


def test_a_dry_run_shows_the_card_and_adds_nothing(monitor: Monitor) -> None:
    store(monitor, *articles("Rail strike", 2), *articles("Weather", 3))
    told = monitor("add-rule", "rail strike", "--dry-run")
    lines = {line[:13].strip(): line[13:] for line in told.splitlines() if line[:13].strip()}
    assert told.startswith('Rule "rail strike" would tell console.\n')
    assert lines["looked at"].startswith("5 articles of the last 30 days; the archive begins on")
    assert lines["matches"] == "2 articles, 2 stories"
    assert lines["alerts"].startswith("0.7 a day; most on ")
    assert lines["by source"] == "Harbour News 2"
    assert lines["by language"] == "English 2"
    assert '"Rail strike 0" (en, Harbour News) ' in lines["newest"]
    assert lines["verdict"] == "fine"
    assert "█" in told
    monitor("list-rules", expect=1)


def test_a_dry_run_names_no_command_about_a_rule_that_is_not_there(monitor: Monitor) -> None:
    store(monitor, *(an_article(f"{code} news", language=code) for code in LANGUAGES))
    told = monitor("add-rule", "strike OR walkout", "--dry-run")
    assert "Looked for in other languages as:\n" in told
    (japanese,) = (line for line in told.splitlines() if line.startswith("  Japanese: "))
    assert japanese.split(": ")[1].split(", ").count("ストライキ") == 1  # both words, once
    assert " more\n" in told
    assert "show-rule" not in told
    kept = monitor("add-rule", "strike OR walkout")
    assert "more: ./run monitor show-rule 'strike OR walkout'" in kept


def test_a_variant_that_is_named_is_told_of_before_others(monitor: Monitor) -> None:
    store(monitor, *(an_article(f"{code} news", language=code) for code in LANGUAGES))
    told = monitor("add-rule", "ferry strike", "--variant", "is:ferjustopp", "--dry-run")
    first = told.split("Looked for in other languages as:\n")[1].split("\n")[0]
    assert first.startswith("  Icelandic: ferjustopp")


def test_what_counts_only_as_it_is_written_is_told_where_other_languages_are_read(
    monitor: Monitor,
) -> None:
    said = "In every language only as it is written: NOT football, ransom*\n"
    store(monitor, an_article("English news", language="en"))
    assert said not in monitor("add-rule", "strike -football ransom*", "--in", "en", "--dry-run")
    store(monitor, *(an_article(f"{code} news", language=code) for code in LANGUAGES))
    assert said in monitor("add-rule", "strike -football ransom*", "--in", "en", "--dry-run")


def test_programs_get_the_card_in_the_rule(monitor: Monitor) -> None:
    store(monitor, *articles("Rail strike", 2), *articles("Weather", 3))
    shape = monitor.one("add-rule", "rail strike", "--variant", "sv:tågstrejk", "--dry-run")
    backtest = shape["card"]
    assert (shape["name"], backtest["verdict"], backtest["hits"]) == ("rail strike", "fine", 2)
    assert len(backtest["alerts_by_day"]) == 31
    assert (
        backtest["newest"][0]["reason"] == "Rail strike — same letters, English — for rail strike"
    )
    assert backtest["variants"]["by_source"]["you"] == 1
    assert "card" not in monitor.one("add-rule", "rail strike")


def test_a_silent_rule_is_given_hints(monitor: Monitor) -> None:
    store(monitor, *articles("Weather", 3))
    told = monitor("add-rule", "volcano", "--dry-run")
    assert 'near misses  of 3 articles: "volcano" in 0' in told
    assert told.splitlines()[-1] == "verdict      silent: none of 3 articles matches"


@pytest.mark.parametrize("command", [["add-rule"], ["edit-rule", "trains", "--query"]])
def test_a_rule_that_matches_everything_needs_force(monitor: Monitor, command: list[str]) -> None:
    monitor("add-rule", "trains", "--name", "trains")
    store(monitor, *articles("Weather", 40), *articles("Rail", 15))
    monitor(*command, "weather", expect=2)
    assert "matches 73% of the 55 newest articles: that is everything" in monitor.err
    monitor(*command, "weather", "--dry-run", expect=2)
    assert monitor.out.splitlines()[-1].startswith("verdict      noisy: more than 10 alerts a day")
    assert [rule["query"] for rule in monitor.json("list-rules")] == ["trains"]
    monitor(*command, "weather", "--force")
    assert "weather" in [rule["query"] for rule in monitor.json("list-rules")]


def test_force_lets_a_query_without_a_rare_word_pass(monitor: Monitor) -> None:
    monitor("add-rule", "NOT spam", expect=2)
    monitor("add-rule", "NOT spam", "--force")


def test_a_dry_edit_is_compared_and_changes_nothing(monitor: Monitor) -> None:
    monitor("add-rule", "rail strike")
    store(monitor, *articles("Rail strike", 2), *articles("Strike at the port", 3))
    told = monitor("edit-rule", "rail strike", "--query", "strike -rail", "--dry-run")
    assert told.startswith('Rule "rail strike" would be changed.\n')
    assert "             3 new, 2 no longer\n" in told
    assert monitor.one("show-rule", "rail strike")["query"] == "rail strike"
    shape = monitor.one("edit-rule", "rail strike", "--match", "exact", "--dry-run")
    assert (shape["card"]["gained"], shape["card"]["lost"]) == (0, 0)


def test_a_trial_on_the_archive_ends_with_how_often_that_is(monitor: Monitor) -> None:
    store(monitor, *articles("Rail strike", 2), *articles("Weather", 3))
    told = monitor("try-rule", '"rail strike"')
    assert told.splitlines()[-1] == "2 of 5 documents match: 0.7 alerts a day, fine."
    assert monitor("try-rule", "volcano", expect=1) == "0 of 5 documents match.\n"


def test_a_number_at_the_end_of_a_name_is_not_taken_for_its_count(monitor: Monitor) -> None:
    with closing(monitor.storage()) as storage:
        source = a_source("France 24", added_at=NOW - timedelta(days=3))
        given(storage, source, an_article("Rail strike", first_seen_at=NOW, source_id=source.id))
    assert "by source    France 24: 1\n" in monitor("add-rule", "rail strike", "--dry-run")


def test_what_is_indented_goes_on_so_where_a_terminal_breaks_it(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(monitor, *articles("Rail strike", 1))
    monkeypatch.setattr(output, "terminal_columns", lambda: 40)
    told = monitor("add-rule", "rail strike", "--dry-run").splitlines()
    reason = next(n for n, line in enumerate(told) if line.startswith(" " * 15 + "Rail strike"))
    assert told[reason + 1].startswith(" " * 15)
    named = next(n for n, line in enumerate(told) if line.startswith("looked at"))
    assert told[named + 1].startswith(" " * 13)
    assert told[named + 1][13] != " "
