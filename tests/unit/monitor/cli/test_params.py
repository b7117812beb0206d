"""Arguments that no database and no machine can hold are refused where they are typed."""

import pytest

from tests.builders import a_source, given
from tests.unit.monitor.cli.conftest import Monitor

COUNTS = (
    ("list-articles", "--limit"),
    ("list-alerts", "--limit"),
    ("list-deliveries", "--limit"),
    ("search", "rail", "--limit"),
    ("add-rule", "rail strike", "--max-per-day"),
    ("edit-rule", "rail strike", "--max-per-day"),
    ("add-source", "/tmp", "--backfill"),
    ("edit-source", "Harbour News", "--backfill"),
    ("test-channel", "desk", "--timeout"),
)


@pytest.mark.parametrize("digits", [10, 20, 400, 5_000])
@pytest.mark.parametrize("words", COUNTS, ids=lambda words: words[0])
def test_a_number_of_many_digits_is_a_misuse(
    monitor: Monitor, words: tuple[str, ...], digits: int
) -> None:
    monitor(*words, "9" * digits, expect=2)
    assert "expected a whole number from " in monitor.err
    assert len(monitor.err) < 600
    monitor(*words, "-" + "9" * digits, expect=2)


def test_zeros_before_a_number_count_for_nothing(monitor: Monitor) -> None:
    storage = monitor.storage()
    given(storage, a_source())
    storage.close()
    monitor("edit-source", "Harbour News", "--backfill", "0" * 20 + "7")
    assert monitor.one("show-source", "Harbour News")["backfill"] == 7


@pytest.mark.parametrize(
    "words",
    [
        ("list-alerts", "--since", "9" * 5_000 + "d"),
        ("list-alerts", "--since", "999999999w"),
        ("add-rule", "rail strike", "--expires", "9" * 20 + "-01-01"),
        ("add-rule", "rail within:" + "9" * 5_000 + "d"),
        ("add-rule", "rail^" + "9" * 5_000),
        ("add-rule", "rail NEAR/" + "9" * 5_000 + " strike"),
        ("add-rule", "rail strike", "--variant", "sv:" + "a" * 70_000),
        ("add-rule", "a" * 70_000),
        ("add-source", "https://example.com:" + "9" * 5_000 + "/"),
        ("add-source", "https://example.com/", "--every", "9" * 5_000 + "m"),
        ("add-channel", "desk", "https://example.com:" + "9" * 20 + "/hook"),
        ("--config", "{home}/large.toml", "list-rules"),
        ("lint-rules", "{home}/large.toml"),
        ("apply", "{home}/large.yaml"),
    ],
    ids=lambda words: f"{words[0]} {words[1][:12]}",
)
def test_what_is_too_long_is_a_misuse_with_a_sentence(
    monitor: Monitor, words: tuple[str, ...]
) -> None:
    monitor.home.mkdir(exist_ok=True)
    (monitor.home / "large.toml").write_text("web_port = " + "9" * 5_000)
    (monitor.home / "large.yaml").write_text(
        "rules:\n- name: a\n  query: rail strike\n  max_per_day: " + "9" * 5_000
    )
    monitor(*(word.format(home=monitor.home) for word in words), expect=2)
    assert "internal error" not in monitor.err
    assert len(monitor.err) < 1_500


@pytest.mark.parametrize("digits", [20, 5_000])
@pytest.mark.parametrize(
    "name",
    ["SMTP_PORT", "POLL_THREADS", "DATABASE_URL", "ALLOW_PRIVATE", "TRANSLATOR_URL"],
)
def test_a_setting_of_many_digits_is_a_misuse(monitor: Monitor, name: str, digits: int) -> None:
    number = "9" * digits
    written = {
        "DATABASE_URL": f"postgresql://nobody@127.0.0.1:{number}/none",
        "ALLOW_PRIVATE": f"127.0.0.0/{number}",
        "TRANSLATOR_URL": f"http://127.0.0.1:{number}/",
    }
    monitor.environ[f"MONITOR_{name}"] = written.get(name, number)
    monitor("list-rules", expect=2)
    assert f"MONITOR_{name}" in monitor.err
    assert len(monitor.err) < 1_000


def test_choices_that_are_missing_are_listed_one_a_line(monitor: Monitor) -> None:
    monitor("rate-alert", "x", expect=2)
    assert "Choose from:\n  useful,\n  noise,\n  wrong" in monitor.err
