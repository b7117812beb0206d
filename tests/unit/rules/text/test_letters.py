"""What `spaced` leaves of a text: the letters that words have, and where words part."""

import pytest

from rules.text.letters import spaced
from rules.text.tokenizer import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rail strike, today\nin Oslo", "rail strike, today in oslo"),
        ("The U.S. Rail-strike", "the us railstrike"),
        ("Đà Nẵng, Straße: Œuvre", "da nang, strasse: oeuvre"),
        ("ÅRETS «järn–väg»", "arets «jarnvag»"),
        ("cli\u00admate sum\u200cmit é", "climate summit e"),
        ("\U000e0041é", "\U000e0041e"),
        ("", ""),
    ],
)
def test_letters_stay_and_joints_go(text: str, expected: str) -> None:
    assert spaced(text) == expected


@pytest.mark.parametrize(
    "text", ["Łódź w Polsce", "Новая Ёлка", "اتفاقيّة هانوي", "河內公約 ハノイ", "ﷺ x"]
)
def test_each_word_stands_in_it(text: str) -> None:
    without = spaced(text).replace(" ", "")
    for word in words(text):
        assert word.folded.replace(" ", "") in without
