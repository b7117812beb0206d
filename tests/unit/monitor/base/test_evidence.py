"""Marks stay on the words that an alert was raised for, whatever editors do to the article."""

from dataclasses import replace

import pytest

from monitor.base.evidence import as_it_stands
from storage.model import Article, Evidence
from tests.builders import a_rule, an_alert, an_article

TEXT = "The council met. A rail strike began, said Otto Quist. The rail strike goes on."
ARTICLE = an_article("Rail strike begins", text=TEXT)


def proof(field: str, text: str, start: int) -> Evidence:
    end = start + len(text)
    return Evidence(field=field, start=start, end=end, text=text, term="rail strike", layer="exact")


FOUND = (proof("title", "Rail strike", 0), proof("text", "rail strike", 19))


def marked(article: Article, *found: Evidence) -> list[str]:
    alert = as_it_stands(an_alert(a_rule("rail strike"), article, evidence=found or FOUND), article)
    texts = {"title": article.title, "text": article.text}
    return [texts[each.field][: each.start] + "|" for each in alert.evidence]


def test_evidence_of_what_was_not_edited_is_as_it_was() -> None:
    alert = an_alert(a_rule("rail strike"), ARTICLE, evidence=FOUND)
    assert as_it_stands(alert, ARTICLE) is alert


@pytest.mark.parametrize("before", ["UPDATED at noon. ", ""])
def test_what_stands_elsewhere_is_found_again_nearest_to_where_it_stood(before: str) -> None:
    text = before + TEXT.removeprefix("The council met. " if not before else "")
    at = text.index("rail strike")
    assert marked(replace(ARTICLE, text=text)) == ["|", text[:at] + "|"]
    later = proof("text", "rail strike", 59)
    assert marked(replace(ARTICLE, text=text), later) == [text[: text.rindex("rail strike")] + "|"]


def test_what_was_edited_out_is_at_no_place_and_comes_last() -> None:
    edited = replace(ARTICLE, title="Trains stand still")
    alert = as_it_stands(an_alert(a_rule("rail strike"), edited, evidence=FOUND), edited)
    assert [(each.field, each.start, each.end) for each in alert.evidence] == [
        ("text", 19, 30),
        ("title", 0, 0),
    ]
    assert {each.text for each in alert.evidence} == {"Rail strike", "rail strike"}
