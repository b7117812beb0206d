"""The language of a text by those that stand beside it."""

import pytest

from ingester.text.company import Company

DANISH = [("da", f"Regeringen vil bygge flere broer over bæltet nummer {n}") for n in range(9)]


@pytest.mark.parametrize(
    ("language", "text", "is_taken_for"),
    [
        ("", "Storm lukker havn", "da"),
        ("", "NASA", "da"),
        ("", "Ураган", ""),  # not in letters that Danish has
        ("", "2026", ""),
        ("no", "Storm stenger havn", "da"),  # alike in writing
        ("no", "Storm stenger havn. " * 40, "no"),  # so long that it shows
        ("de", "Sturm schließt den Hafen", "de"),
        ("da", "Storm lukker havn", "da"),
    ],
)
def test_what_shows_no_language_is_in_that_of_those_beside_it(
    language: str, text: str, is_taken_for: str
) -> None:
    assert Company(DANISH).language_of(language, text) == is_taken_for


@pytest.mark.parametrize(
    "beside",
    [
        DANISH[:2],
        [*DANISH, ("de", "Sturm schließt den Hafen"), ("", "Ekofisk")] * 2
        + [("de", "Der Zug kommt heute nicht")],
        [],
        [("da", "Storm lukker havn"), ("no", "Storm stenger havn")] * 5,
    ],
)
def test_where_no_language_prevails_nothing_is_said(beside: list[tuple[str, str]]) -> None:
    assert Company(beside).language_of("", "Storm") == ""
    assert Company(beside).language_of("no", "Storm stenger havn") == "no"


def test_one_that_shows_what_the_document_is_said_to_be_in_is_enough() -> None:
    assert Company(DANISH[:1], said="da").language_of("", "Storm") == "da"
    assert Company(DANISH[:1], said="en").language_of("", "Storm") == ""
    assert Company([], said="da").language_of("", "Storm") == ""


@pytest.mark.parametrize(
    ("language", "text", "may"),
    [
        ("", "Storm " * 200, True),
        ("no", "Storm", True),
        ("no", "Storm " * 200, False),
        ("fi", "Myrsky", False),
    ],
)
def test_only_what_is_not_sure_is_asked_about(language: str, text: str, may: bool) -> None:
    assert Company.may_change(language, text) is may
