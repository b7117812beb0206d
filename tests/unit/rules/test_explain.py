"""Evidence in a reader's own words."""

import pytest

from rules.explain import describe
from storage.model import Evidence


def proof(text: str, layer: str, language: str, term: str = "Hanoi Convention") -> Evidence:
    return Evidence(
        field="text",
        start=0,
        end=len(text),
        text=text,
        term=term,
        layer=layer,
        language=language,
    )


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        pytest.param(
            proof("Hanoi-konventionen", "compound", "sv"),
            "Hanoi-konventionen — compound, Swedish — for Hanoi Convention",
            id="compound",
        ),
        pytest.param(
            proof("Convenţia de la\nHanoi", "cognate", "ro-MD"),
            "Convenţia de la Hanoi — cognate, Romanian — for Hanoi Convention",
            id="white space and a regional language",
        ),
        pytest.param(
            proof("Hanoi Convention", "exact", ""),
            "Hanoi Convention — as written — for Hanoi Convention",
            id="unknown language",
        ),
        pytest.param(
            proof("x\u202ey", "inflected", "qq", term="x"),
            "x y — word form, qq — for x",
            id="control characters and a language without a name",
        ),
    ],
)
def test_one_line_says_what_how_in_which_language_and_for_what(
    evidence: Evidence, expected: str
) -> None:
    assert describe(evidence) == expected


def test_long_text_is_clipped() -> None:
    assert len(describe(proof("word " * 100, "exact", "en"))) < 150
