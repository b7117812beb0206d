"""Texts whose lines end where they were too long."""

from textwrap import fill

import pytest

from ingester.text.wrapping import unwrapped

HARBOUR = (
    "The port authority said on Friday that ferries between the two islands would run again from "
    "Monday. Repairs to the pier, which a storm had damaged in March, took longer than planned, "
    "and the new long-term contract with the operator was signed only this week."
)
HAFEN = (
    "Die Hafenverwaltung teilte am Freitag mit, dass die Fähren zwischen den beiden Inseln von "
    "Montag an wieder verkehren. Die Arbeiten am Anleger, den ein Sturm im März beschädigt hatte, "
    "dauerten länger als geplant."
)
PORT = (
    "港务局星期五表示岛屿之间的渡轮将从下星期一起恢复通航。"
    "三月的风暴损坏了码头。维修时间比原计划长。"
)


@pytest.mark.parametrize("width", [45, 60, 72])
@pytest.mark.parametrize("text", [HARBOUR, HAFEN])
def test_paragraphs_are_whole_again(text: str, width: int) -> None:
    wrapped = "\n\n".join(fill(each, width, break_on_hyphens=False) for each in (text, text))
    assert unwrapped(wrapped) == f"{text}\n\n{text}"


def test_runs_without_blanks_are_whole_again() -> None:
    assert unwrapped("\n".join((PORT[:12], PORT[12:24], PORT[24:36], PORT[36:]))) == PORT


@pytest.mark.parametrize(
    ("parted", "whole"),
    [
        ("die Konven-\ntion gilt", "die Konvention gilt"),
        ("die Konven\u00ad\ntion gilt", "die Konvention gilt"),
        ("Energie-\nund Wasserpreise", "Energie-\nund Wasserpreise"),
        ("die Online-\nHändler", "die Online-\nHändler"),
        ("from 1-\n2 tons", "from 1-\n2 tons"),
    ],
)
def test_a_word_that_two_lines_share_is_one(parted: str, whole: str) -> None:
    assert unwrapped(parted) == whole


def test_a_word_that_has_a_hyphen_of_its_own_keeps_it() -> None:
    lines = (
        "Die Fähren zwischen den beiden großen Nordsee-",
        "Inseln verkehren von Montag an wieder, nachdem",
        "der Anleger beschädigt war und die Energie-",
        "und Wasserpreise stiegen.",
    )
    said = unwrapped("\n".join(lines))
    assert "Nordsee-Inseln verkehren" in said
    assert "Energie- und Wasserpreise" in said


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Ferries run again\nPort signs contract with operator\nStorm damage repaired at last\n"
            "Island school reopens\nFishermen ask for help after storm",
            id="headlines",
        ),
        pytest.param(
            "- butter and a loaf of bread\n- oranges, lemons and a melon\n- flour, sugar and yeast"
            "\n- milk, cream and some cheese\n- onions, garlic and parsley",
            id="a list",
        ),
        pytest.param(f"{HARBOUR}\n{HARBOUR}\n{HARBOUR}\n{HARBOUR}", id="a line a paragraph"),
        pytest.param("Harbour News\nFriday\n\nFerries run again", id="few lines"),
        pytest.param("", id="none"),
    ],
)
def test_other_lines_stay(text: str) -> None:
    assert unwrapped(text) == text
