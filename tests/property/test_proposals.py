"""Whatever a translator says, checking it never fails, and what is kept can be looked for."""

import json

from hypothesis import given
from hypothesis import strategies as st

from monitor.translation.exchange import TranslatorError
from monitor.translation.openai import read
from rules.expand.translations import (
    MOST_OF_A_LANGUAGE,
    Proposal,
    TermToTranslate,
    clean_names,
    variants_from,
)
from rules.matcher import RuleMatcher
from tests.builders import a_rule

texts = st.text(max_size=80) | st.text(
    alphabet="ab ÅжжЖ漢한ไ'\"«».:;/()<&\u200c\ud800\n", max_size=40
)
proposals = st.lists(
    st.builds(
        Proposal,
        st.sampled_from(["sv", "zh-Hant", "ar", "ka", "nb-NO", "English", "", "??", "tlh"]) | texts,
        texts,
        st.floats(allow_nan=False),
        st.booleans(),
    ),
    max_size=20,
)


@given(proposals, st.sampled_from(["harbour pilot", "WHO", "Geneva", "河内", "a: b/c (d)."]))
def test_what_is_accepted_is_clean_and_can_be_looked_for(said: list[Proposal], term: str) -> None:
    taken = variants_from(said, TermToTranslate(term, ""), source="libretranslate")
    for variant in taken:
        assert variant.text == variant.text.strip()
        assert not set(variant.text) & set("<>{}\n\ud800")
        assert 0 < variant.score < 1
    assert len({variant.key for variant in taken}) == len(taken)
    languages = [variant.language for variant in taken if variant.language]
    assert all(languages.count(language) <= MOST_OF_A_LANGUAGE for language in languages)
    RuleMatcher([a_rule("harbour pilot", variants=taken)])
    clean_names([proposal.text for proposal in said], term)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["variants", "lang", "text", "confidence", "confusable_with", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(json_values.map(json.dumps) | st.text(max_size=200))
def test_any_answer_of_a_model_is_read_or_refused(content: str) -> None:
    try:
        variants, confusable = read(content)
    except TranslatorError:
        return
    assert all(0 <= variant.confidence <= 1 for variant in variants)
    assert all(isinstance(text, str) for text in confusable)
