"""Names of short words in scripts without capitals: told by their spelling, not by a likeness."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


def found(name: str, text: str, language: str) -> bool:
    article = an_article("", text=text, language=language)
    by_index = RuleMatcher([a_rule(name)]).matches(article, a_source())
    assert by_index == by_brute_force([a_rule(name)], article, a_source())
    return bool(by_index)


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        pytest.param("Hong Lin", "총리가 한 말이다", "ko", id="other vowels"),
        pytest.param("Tan Jin", "당신에게 말했다", "ko", id="other consonants"),
        pytest.param("Mei Han", "او یک ماه در آن جا ماند", "fa", id="common words"),
        pytest.param("Li He", "هو على حق في ذلك", "ar", id="behind a preposition"),
        pytest.param("Lin Tan", "Zij willen dus lenen en tanken", "nl", id="in small letters"),
    ],
)
def test_a_short_name_is_no_common_words_that_sound_like_it(
    name: str, text: str, language: str
) -> None:
    assert not found(name, text, language)


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        pytest.param("Hong Lin", "장관 홍린이 한 말이다", "ko", id="as one word"),
        pytest.param("Tan Jin", "קם טאן ג'ין ואמר", "he", id="Hebrew"),
        pytest.param("Mei Han", "دیدار با می هان انجام شد", "fa", id="Persian"),
        pytest.param("Li Heng", "التقى لي هنغ مع الوفد", "ar", id="one common word"),
        pytest.param("Ho Tan Sen", "बैठक में हो तान सेन ने कहा", "hi", id="Hindi"),
        pytest.param("Jack Tan", "ملاقات جیک تان نے کی", "ur", id="an English name"),
        pytest.param("Lin Tan", "Zij zagen Lin Tan lenen", "nl", id="with its capitals"),
        pytest.param("Lin Tan", "zij zagen lin tan lenen", "nl", id="nothing has capitals"),
    ],
)
def test_a_short_name_is_found_as_its_scripts_write_it(name: str, text: str, language: str) -> None:
    assert found(name, text, language)
