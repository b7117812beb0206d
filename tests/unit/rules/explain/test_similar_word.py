"""The word of a text that is most like a word of a rule."""

import pytest

from rules.explain.similar_word import nearest_word, phonetic_words
from rules.text.tokenizer import words


def nearest(word: str, text: str, language: str = "") -> str:
    written = {word.folded: word.text for word in words(text)}
    similar = nearest_word(word, phonetic_words(written, language), language)
    return f"{similar.text} {similar.similarity:.2f}" if similar else ""


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        pytest.param(
            "Convention", "The convent, a conference, conventions", "conventions", id="en"
        ),
        pytest.param("Convention", "konvoj, konferens och konvention", "konvention", id="sv"),
        pytest.param("Convention", "Завтра откроется конвенция", "конвенция", id="ru"),
        pytest.param("Convention", "a convection oven, konwencja", "konwencja", id="second look"),
        pytest.param("earthquake", "The quarter ends", "quarter", id="hardly like it"),
    ],
)
def test_the_nearest_word_is_named_in_any_script(word: str, text: str, expected: str) -> None:
    assert nearest(word, text).split()[0] == expected


def test_a_word_is_wholly_like_itself_and_never_more() -> None:
    assert nearest("strike", "a strike") == "strike 1.00"
    assert float(nearest("strike", "stride").split()[1]) < 0.9


def test_small_words_and_scripts_without_spaces_are_passed_over() -> None:
    assert nearest("and", "and und och") == ""
    assert nearest("convention", "河内公约") == ""
    assert nearest("公约", "河内 konvention") == ""
    assert nearest("strike", "") == ""
