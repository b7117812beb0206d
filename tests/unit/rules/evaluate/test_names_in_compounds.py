"""Names that begin a compound, in languages that write compounds."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.lexicons.news import NewsLexicon
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article, with_variants


@pytest.mark.parametrize(
    ("query", "text", "language", "is_found"),
    [
        ("Ukraine", "Ukrainakriget fortsätter", "sv", True),
        ("Russia", "Rysslandssanktionerna skärps", "sv", True),
        ("Greece", "Die Griechenlandkrise", "de", True),
        ("China", "Kinatullarna höjs", "sv", True),
        ("China", "Kinanostalgikern", "sv", False),  # so short a name, before what ends no compound
        ("Ukraine", "ukrainakriget", "sv", False),  # in small letters it is another word
        ("Greece", "Les Grecsetautres", "fr", False),
        ("Macedonia", "Die Wahl in Nordmazedonien", "de", True),
        ("Andes", "Unter diesen Umständen", "de", False),
        ("Italy", "Urhoollisuusmitali jaettiin", "fi", False),
        ("NATO", "Natomedlemskapet dröjer", "sv", True),
        ("NATO", "Der Natogipfel beginnt", "de", True),
        ("NATO", "natomedlemskapet", "sv", False),
        ("NATO", "Le Natogipfel", "fr", False),
        ("IMF", "Imfmedlemskapet", "sv", False),
        ("Academy Awards", "Oscarsgalan hölls", "sv", True),
        ("Putin", "Das Putinregime", "de", True),
    ],
)
def test_a_name_may_begin_a_compound(query: str, text: str, language: str, is_found: bool) -> None:
    rule = with_variants(a_rule(query), NewsLexicon(packed_news))
    article = an_article("x", text=text, language=language)
    found = RuleMatcher([rule]).matches(article, a_source())
    assert bool(found) == is_found
    assert found == by_brute_force([rule], article, a_source())
