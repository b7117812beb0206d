"""What is told from the letters of a word: that it holds no form of a name, nor a compound."""

from itertools import product

import pytest

from rules.languages.match_types import MatchType
from rules.patterns.dictionary import may_be_form
from rules.patterns.planner import Planner
from rules.patterns.word_index import WordIndex, chunk_words

NAMES = ["Putin", "Moungdun", "Vesta", "Gates", "Sato", "Rimac"]
BEFORE = ["", "a", "un", "ost", "Kreis", "anti", "و", "ה", "ex-", "Neu "]
BEHIND = [
    "",
    "s",
    "a",
    "en",
    "as",
    "ens",
    "politik",
    "smordet",
    "-Politik",
    "x",
    "ovi",
    "'s",
    "istas",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "language", ["", "en", "de", "sv", "fi", "ru", "he", "ar", "lv", "tr", "vi"]
)
def test_no_form_is_overlooked(name: str, language: str) -> None:
    index = WordIndex()
    Planner(index).patterns_of(name, "all", "")
    parts = [name, name.lower(), name[:4], name[:3], name[:-1], f"{name[:4]}-{name[4:]}"]
    kept = 0
    for chunk in {"".join(each) for each in product(BEFORE, parts, BEHIND)}:
        words = chunk_words(chunk)
        found = index.analysed(chunk, language)
        forms = [hit for hit in found.hits if hit.match_type is not MatchType.COGNATE]
        may_be = may_be_form(words, name.lower(), language)
        assert may_be or not (forms or found.heads), chunk
        kept += not may_be
    assert kept > 100
