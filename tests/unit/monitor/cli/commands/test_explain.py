"""`explain`: what became of an article with a rule."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from storage.model import Variant, VariantState
from tests.builders import NOON, a_rule, a_source, an_alert, an_article, given
from tests.unit.monitor.cli.conftest import Monitor

ARTICLE = an_article("Rail strike ends", text="The ferry sails.")


@pytest.fixture
def stored(monitor: Monitor) -> Monitor:
    """A home with a rule, an article, and the alert."""
    rule = a_rule('"rail strike"', name="trains")
    with closing(monitor.storage()) as storage:
        given(storage, a_source(), rule, ARTICLE, an_alert(rule, ARTICLE))
    return monitor


def test_a_match_ends_with_0_and_shows_every_stage(stored: Monitor) -> None:
    told = stored("explain", "trains", ARTICLE.url)
    assert told.startswith('Rule "trains": "rail strike"\nArticle: "Rail strike ends"')
    assert 'title: "Rail strike", same letters, English, ' in told
    assert "It matches, and raised an alert that no channel is told.\n" in told
    code = an_alert(a_rule('"rail strike"', name="trains"), ARTICLE).id[:8]
    last = told.splitlines()[-1]
    assert last.startswith("If that is wrong: ")
    assert last.endswith(f"monitor wrong-match {code}")
    shape = stored.one("explain", "trains", ARTICLE.id)
    assert (shape["matched"], shape["is_rule"]) == (True, True)
    assert shape["article"]["source"] == "Harbour News"
    assert shape["clause"]["evidence"][0]["text"] == "Rail strike"


def test_what_is_no_rule_is_tried_as_a_query_and_no_match_ends_with_1(stored: Monitor) -> None:
    told = stored("explain", "ferry NEAR/1 strike AND NOT sail*", ARTICLE.id[:6], expect=1)
    assert 'there is no rule "ferry NEAR/1 strike AND NOT sail*". Tried as a query.' in stored.err
    tree = [line for line in told.splitlines() if line.startswith(" " * 12)]
    assert tree == [
        "            published, it says, at 2026-03-02 11:00 UTC",
        "            no  ferry NEAR/1 strike AND NOT sail*",
        "              no  ferry NEAR/1 strike",
        "                yes ferry (1.00)",
        '                      text: "ferry", as written, English, 1.00',
        "                yes strike (1.00)",
        '                      title: "strike", as written, English, 1.00',
        "              no  NOT sail*",
        "                yes sail* (1.00)",
        '                      text: "sails", as written, English, 1.00',
    ]
    assert "alert, silence, limit, deliveries: the rule is only tried" in told
    assert told.splitlines()[-1] == "It does not match: ferry NEAR/1 strike does not hold."


def test_a_file_is_explained_too(stored: Monitor, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Talks fail\n\nThe rail union is on strike again.\n")
    told = stored("explain", "trains", str(note), expect=1)
    assert '"rail" in the text, "strike" 3 words later; they must follow each other' in told
    assert "dedupe, story, alert, silence, limit, deliveries: the article is not stored" in told


@pytest.mark.parametrize("article", ["https://no.example/", "nothing"])
def test_an_article_that_is_not_there_ends_with_1(stored: Monitor, article: str) -> None:
    stored("explain", "trains", article, expect=1)
    assert f'there is no article "{article}", and no such file' in stored.err


@pytest.mark.parametrize(
    ("rule", "article", "sentence"),
    [
        ("trains", "/no/where", 'there is no article "/no/where", and no such file'),
        ("rail (strike", ARTICLE.id, "expected"),
        ("trains", "many.jsonl", "holds many documents"),
    ],
)
def test_misuse_ends_with_2(
    stored: Monitor,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    rule: str,
    article: str,
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "many.jsonl").write_text("{}\n")
    stored("explain", rule, article, expect=2)
    assert sentence in stored.err


def test_nothing_in_an_article_acts_on_the_terminal(monitor: Monitor) -> None:
    hostile = an_article("Rail \x1b[31mstrike", url="https://x.example/a", first_seen_at=NOON)
    with closing(monitor.storage()) as storage:
        given(storage, a_source(), hostile)
    assert "\x1b[31m" not in monitor("explain", "rail", hostile.id)


def test_of_very_many_parts_those_that_hold_are_shown_and_the_others_counted(
    stored: Monitor,
) -> None:
    query = " OR ".join([*(f"company{number}" for number in range(200)), "ferry"])
    lines = stored("explain", query, ARTICLE.id).splitlines()
    shown = [line.split() for line in lines if line.startswith(" " * 14)]
    assert ["yes", "ferry", "(1.00)"] in shown
    assert ["and", "171", "more", "parts"] in shown
    assert len(shown) < 40


def test_what_is_missing_comes_with_the_command_that_mends_it(monitor: Monitor) -> None:
    proposed = Variant(
        language="de", text="Genf", kind="name", source="a list", state=VariantState.PROPOSED
    )
    rule = a_rule("Geneva", name="lake city", variants=(proposed,))
    german = an_article("Verhandlungen in Genf", text="", language="de")
    with closing(monitor.storage()) as storage:
        given(storage, a_source(), rule, german, ARTICLE, a_rule("rail walkout"))
    last = monitor("explain", "lake city", german.id, expect=1).splitlines()[-1]
    assert last.startswith("To let it count: ")
    assert last.endswith("monitor accept-variant 'lake city' de:Genf")
    shape = monitor.one("explain", "lake city", german.id, expect=1)
    assert shape["clause"]["miss"]["variant"] == "de:Genf"
    last = monitor("explain", "rail walkout", ARTICLE.id, expect=1).splitlines()[-1]
    assert last.startswith("If it says so in other words: ")
    assert last.endswith("monitor add-variant 'rail walkout' en:TEXT --of walkout")


def test_a_removed_rule_is_explained_by_its_name(stored: Monitor) -> None:
    stored("remove-rule", "trains", "--yes")
    told = stored("explain", "trains", ARTICLE.id)
    assert "concerned   no: the rule is removed" in told
    assert stored.one("explain", "trains", ARTICLE.id)["is_rule"]


def test_what_matches_everything_may_be_tried(stored: Monitor) -> None:
    assert stored.one("explain", "NOT spam", ARTICLE.id)["matched"]


def test_a_rule_that_was_added_later_comes_with_how_to_search_the_archive(monitor: Monitor) -> None:
    late = a_rule("rail strike", name="late", created_at=NOON + timedelta(days=1))
    with closing(monitor.storage()) as storage:
        given(storage, a_source(), late, ARTICLE)
    told = monitor("explain", "late", ARTICLE.id)
    assert "and not to search what was stored (--backfill)" in told
