"""What people know for the usual word of a thing is not taken for another one by its frequency."""

import pytest

from bench.making.loose_forms import sure
from rules.data.tables import rows
from rules.lexicons import news_source
from rules.lexicons.news_packed import parted
from rules.lexicons.news_source import Concept


@pytest.fixture(scope="module")
def known() -> dict[str, Concept]:
    return {concept.id: concept for concept in news_source.concepts()}


@pytest.mark.parametrize(
    ("language", "concept", "form"),
    [
        ("hu", "prime-minister", "miniszterelnök"),
        ("pl", "prime-minister", "premier"),
        ("de", "world-war", "Weltkrieg"),
        ("ko", "impeachment", "탄핵"),
        ("zh", "human-rights", "人权"),
        ("bn", "bribery", "ঘুষ"),
    ],
)
def test_the_usual_word_for_a_thing_counts_alone(
    known: dict[str, Concept], language: str, concept: str, form: str
) -> None:
    assert form in known[concept].forms[language]


def test_no_sure_form_is_in_the_table(known: dict[str, Concept]) -> None:
    table = {tuple(row) for row in rows("loose_forms.tsv")}
    assert not sure() & table


def test_sure_forms_are_forms_of_the_lexicon(known: dict[str, Concept]) -> None:
    unknown = {
        row
        for row in sure()
        if row[2] not in {parted(form)[1] for form in known[row[1]].forms.get(row[0], ())}
    }
    assert not unknown
