"""Words of plain letters need of a text what the analysis of any text says."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.index.anchors import plain_anchor, text_of
from rules.query.terms import content
from rules.text.tokenizer import words

letters = st.text("abEZéøßığΣςжЙאבاةﺍ ʼʰ'-.ǅ中かカ١9\u0301", min_size=1, max_size=9)
languages = st.sampled_from(["", "en", "de", "sv", "vi"])


@settings(max_examples=300, deadline=None)
@given(letters)
@example("Straße")
@example("ʼ")
@example("カナ")
def test_a_plain_word_is_the_only_one_and_no_run(text: str) -> None:
    anchor = plain_anchor(text)
    if anchor:
        assert [(each.text, each.folded, each.is_run) for each in words(text)] == [
            (text, anchor.folded, False)
        ]


@settings(max_examples=300, deadline=None)
@given(letters, letters, languages)
@example("paro", "de", "")
@example("de", "la", "es")
@example("the", "strike", "en")
@example("rail", "strike", "en")
@example("đình", "công", "vi")
def test_several_plain_words_are_those_that_count(one: str, other: str, language: str) -> None:
    text = f"{one} {other}"
    every, found = words(text), content(text, language)
    if len(every) > 1:
        said = text_of(text, language)
        assert [each.folded for each in said.words] == [each.folded for each in found]
        assert said.length == len(every)
        assert said.is_wide == (every[0] not in found or every[-1] not in found)
