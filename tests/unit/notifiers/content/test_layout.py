"""How a message is laid out, and what goes first when it is too long."""

from dataclasses import replace

import pytest

from notifiers.content.content import DigestContent
from notifiers.content.excerpt import Excerpt
from notifiers.content.layout import Laid, Role, fitted, marked_runs
from notifiers.content.wording import wording
from tests.unit.notifiers.samples import ENVELOPE, LINK, alert_content, evidence_of


def laid(content: object = None, *, most: int) -> Laid:
    """The roomiest message of at most so many characters."""
    words = wording(content or alert_content(), ENVELOPE)  # type: ignore[arg-type] # as each test says
    return fitted(
        words, lambda made: made, lambda made: sum(len(line.text) for line in made.lines) <= most
    )


def test_what_matched_is_kept_and_what_stands_around_it_is_cut_on_its_far_side() -> None:
    words = "konventionen om internationellt samarbete mot brott"
    text = f"{'före ' * 60}{words}{' efter' * 60}"
    start = text.index(words)
    excerpt = Excerpt(text=text, marks=((start, start + len(words)),))
    before, mark, after = marked_runs(excerpt, 40)
    assert (mark.text, mark.bold) == (words, True)
    assert before.text.startswith("…före")
    assert before.text.endswith("före ")
    assert after.text.startswith(" efter")
    assert after.text.endswith("efter…")
    assert max(len(before.text), len(after.text)) <= 40


@pytest.mark.parametrize("most", [2000, 700, 400, 300])
def test_link_code_and_evidence_are_never_cut(most: int) -> None:
    long = "ord " * 500
    text = f"{long}Hanoi-konventionen {long}"
    content = alert_content(title=long, text=text, reasons=(long,), rule=long)
    content = replace(
        content,
        alert=replace(content.alert, evidence=(evidence_of(text, "Hanoi-konventionen"),)),
    )
    made = laid(content, most=most)
    assert made.link == LINK
    assert made.lines[0].runs[0].link == LINK
    assert any(run.text == "Hanoi-konventionen" for run in made.of(Role.QUOTE)[0].runs)
    assert made.of(Role.FOOT)[0].text.endswith("#a1b2c3")


def test_a_digest_leaves_stories_out_before_it_loses_its_code() -> None:
    alerts = tuple(alert_content(story=f"story {number}") for number in range(30))
    content = DigestContent(alerts=alerts, left_out=3)
    made = laid(content, most=900)
    told = len(made.of(Role.STORY))
    assert 0 < told < 30
    assert f"and {33 - told} more stories" in made.of(Role.TEXT)[-1].text
    assert made.of(Role.FOOT)[0].text == "#dddddd"


def reasons_told(most: int, stories: int = 3, *, pages: str = "") -> tuple[int, int, int]:
    """How many stories, reasons and pages a digest of so many characters tells, of three each."""
    alerts = tuple(
        alert_content(story=f"story {number}", reasons=("reason 1", "reason 2", "reason 3"))
        for number in range(stories)
    )
    words = wording(DigestContent(alerts=alerts), replace(ENVELOPE, pages=pages))
    made = fitted(
        words,
        lambda made: made,
        lambda made: (
            sum(len(run.text + run.link) for line in made.lines for run in line.runs) <= most
        ),
    )
    details = made.of(Role.DETAIL)
    reasons = sum(line.text.count("reason") for line in details)
    return (
        len(made.of(Role.STORY)),
        reasons,
        sum(run.link != "" for line in details for run in line.runs),
    )


def test_a_story_of_a_digest_gives_up_reasons_then_its_page_and_last_itself() -> None:
    page = "https://monitor.example"
    seen = list(dict.fromkeys(reasons_told(most, pages=page) for most in range(2000, 300, -1)))
    assert seen[:6] == [(3, 9, 3), (3, 6, 3), (3, 3, 3), (3, 9, 0), (3, 6, 0), (3, 3, 0)]
    assert all(stories < 3 for stories, _, _ in seen[6:])


def test_one_reason_stands_beside_its_rule_and_several_stand_in_lines_of_their_own() -> None:
    one = alert_content(story="one", reasons=("for once",))
    several = alert_content(story="several", reasons=("first", "second"))
    details = [
        line.text for line in laid(DigestContent(alerts=(one, several)), most=2000).of(Role.DETAIL)
    ]
    assert "for once · Hanoi Convention · #a1b2c3" in details
    assert details[-3:] == ["first", "second", "Hanoi Convention · #a1b2c3"]


def test_what_fits_nowhere_is_title_and_code() -> None:
    made = laid(most=45)
    assert [line.role for line in made.lines] == [Role.TITLE, Role.FOOT]
    assert made.lines[-1].text == "#a1b2c3"
