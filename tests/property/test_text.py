"""The analysis of text, whatever the text: folding, places, words."""

import unicodedata
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.index.memory.engine import Engine
from rules.index.memory.scan import Scan
from rules.text.folding import fold, fold_with_offsets, settled
from rules.text.tokenizer import is_whole, words

TEXTS = st.text(max_size=40) | st.text(
    st.sampled_from(
        "aAıİßøđơưhòaẾÉé\u0300\u0301\u0323\u200c\u200d'’-. 國国あカｶﾞ한글ابةיםक्षไทยខ្មែរ"
    ),
    max_size=40,
)


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_composed_and_decomposed_texts_are_one(text: str) -> None:
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold(composed) == fold(apart)
    assert settled(composed) == settled(apart)


@given(TEXTS)
def test_places_in_the_folded_text_lead_into_the_text(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)


@given(TEXTS)
def test_words_stand_where_they_say_and_do_not_overlap(text: str) -> None:
    end = 0
    for word in words(text):
        assert text[word.start : word.end] == word.text
        assert word.start >= end
        assert word.folded == fold(word.text) != ""
        end = word.end


@given(TEXTS)
def test_a_whole_run_is_whole(text: str) -> None:
    for word in words(text):
        assert is_whole(word.folded, 0, len(word.folded))


ENGINE = Engine()
_ODD = (
    "abAB.U.N. -'\"’ßæﬁéäđØСбяЇ국한河ハロ๓ไทย"
    "\u0301\u0308אב״׳اليּ_1٣ \n\u00ad\u200b\u200d\u3099が゙ﾊﾟ🙂\ufe0f☃İıΣςक़ा"
)


@settings(deadline=None)
@given(st.text() | st.text(alphabet=_ODD, max_size=16))
def test_a_scan_has_the_words_of_the_analysis_letter_by_letter(text: str) -> None:
    scan = Scan(ENGINE, text)
    found = words(text)
    froms, tos, _ = scan.spans.tolist()
    every = [scan.word(place) for place in range(len(froms))]
    places = list(zip(froms, tos, every, strict=True))
    assert places == [(word.start, word.end, word.folded) for word in found]
    assert scan.folded == "".join(word.folded for word in found)
    assert [scan.folded[a:b] for a, b in pairwise(scan.starts.tolist())] == every
    assert scan.runs in ([word.is_run for word in found], [])
    assert bool(scan.runs) == any(word.is_run for word in found)
