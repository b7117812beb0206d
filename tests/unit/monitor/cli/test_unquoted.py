"""Queries of several words without quotes: what was meant, as a line to copy."""

import pytest

from tests.unit.monitor.cli.conftest import Monitor


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("add-rule Hanoi Convention", "add-rule 'Hanoi Convention'"),
        (
            "add-rule Hanoi Convention --notify desk --force",
            "add-rule 'Hanoi Convention' --notify desk --force",
        ),
        ("add-rule --name treaty Hanoi Convention", "add-rule --name treaty 'Hanoi Convention'"),
        ("add-rule Hanoi -- Convention", None),
        (
            "edit-rule treaty --query Hanoi Convention",
            "edit-rule treaty --query 'Hanoi Convention'",
        ),
        ("pause-rule Hanoi Convention --json", "pause-rule 'Hanoi Convention' --json"),
        ("explain Hanoi Convention a1b2c3", None),
    ],
)
def test_words_without_quotes_are_answered_with_the_line_to_copy(
    monitor: Monitor, typed: str, meant: str | None
) -> None:
    monitor(*typed.split(), expect=2)
    assert "in quotes" in monitor.err
    if meant is not None:
        assert f"monitor {meant}\n" in monitor.err
    monitor("list-rules", expect=1)


@pytest.mark.parametrize(
    "words",
    [
        ("--home", "", "list-rules"),
        ("--config", "", "list-rules"),
        ("add-source", ""),
        ("add-source", "  "),
        ("add-rule", "x y", "--tag", ""),
        ("add-rule", "x y", "--notify", ""),
        ("list-articles", "--source", ""),
        ("show-article", ""),
        ("inspect", ""),
        ("backup", ""),
        ("restore", ""),
        ("apply", ""),
        ("import-opml", ""),
    ],
)
def test_an_empty_text_means_nothing(monitor: Monitor, words: tuple[str, ...]) -> None:
    monitor(*words, expect=2)
    assert "it cannot be empty" in monitor.err


def test_words_that_are_no_files_are_told_to_be_a_query(monitor: Monitor) -> None:
    monitor("try-rule", "Hanoi", "Convention", "signing", expect=2)
    assert "try-rule 'Hanoi Convention signing'\n" in monitor.err
    monitor("try-rule", "Hanoi", "no-such.txt", expect=2)
    assert "no-such.txt" in monitor.err
