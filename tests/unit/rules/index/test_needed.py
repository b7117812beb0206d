"""What a term needs of a text: no more than there are words and variants for."""

import pytest

from rules.index.anchors import WHOLE_TERM, needs
from rules.languages.phonetic_keys import consonants_of
from rules.query.tree import Keyword, Phrase
from storage.variant_groups import VariantGroup

SAID = "\x1ede\tAbkommen\x1e"


@pytest.mark.parametrize("strictness", ["exact", "forms", "all"])
@pytest.mark.parametrize("term", [Keyword("oslo convention"), Phrase("oslo convention")])
def test_variants_of_all_of_it_are_asked_for_where_there_are_any(
    term: Keyword | Phrase, strictness: str
) -> None:
    def has_any(of: str | None) -> bool:
        groups = [VariantGroup(of, "word", "active", SAID)] if of is not None else []
        every = needs(term, strictness, groups, ("en",)) or ()
        return any(WHOLE_TERM in slot.spans for each in every for slot in each.slots)

    assert has_any("")
    assert has_any("oslo convention")
    assert not has_any("oslo")
    assert not has_any(None)


@pytest.mark.parametrize(
    ("word", "consonants"),
    [("Oslo", 2), ("Quang", 3), ("Bundestag", 5), ("a", 0), ("Трамп", 4), ("نتنياهو", 5)],
)
def test_of_consonants_so_many_are_counted_as_keys_tell(word: str, consonants: int) -> None:
    assert consonants_of(word) == consonants
