"""What is looked up of a term that lists do not have as it is written."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.data.tables import languages
from rules.languages.scripts import normal
from rules.lexicons.news import NewsLexicon
from rules.lexicons.news_packed import PackedNews
from rules.lexicons.other_forms import forms_anywhere, other_forms


@pytest.mark.parametrize(
    "word", ["extinguishers", "ads", "Trengzangmais", "Modrić", "اللاجئين", "ממשלה", "мигрантами"]
)
def test_what_a_word_may_be_in_any_language_has_what_it_may_be_in_each(word: str) -> None:
    anywhere = set(forms_anywhere(word))
    for language in ("", *map(normal, languages())):
        assert anywhere.issuperset(other_forms(word, language)), language


@pytest.mark.parametrize("name", ["Trengzangmais", "trengzangmais", "Houretbal Braintesreindtral"])
def test_a_word_that_no_list_has_is_looked_up_a_few_times_for_all_languages(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lexicon = NewsLexicon(packed_news)
    lookups = []
    known = PackedNews.first_folded
    monkeypatch.setattr(
        PackedNews, "first_folded", lambda *asked: lookups.append(1) or known(*asked)
    )
    assert lexicon.languages(name) == frozenset()
    assert lexicon.languages(name.lower(), ("en",)) == frozenset()
    assert len(lookups) < 4
