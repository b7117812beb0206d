"""Names in a script that leaves out short vowels, where a word may be many words of rules."""

from itertools import product

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article

FIRST = ("Dmitri", "Karim", "Samir", "Salim", "Marek")
SECOND = ("Sergeyevich", "Hassan", "Nasser", "Mansour")
LAST = ("Kovalchuk", "Haddad", "Khalidi", "Barzani")
WRITTEN = {
    "Dmitri": "دميتري",
    "Karim": "كريم",
    "Samir": "سمير",
    "Salim": "سليم",
    "Marek": "ماريك",
    "Sergeyevich": "سيرغييفيتش",
    "Hassan": "حسن",
    "Nasser": "ناصر",
    "Mansour": "منصور",
    "Kovalchuk": "كوفالتشوك",
    "Haddad": "حداد",
    "Khalidi": "خالدي",
    "Barzani": "بارزاني",
}
EVERY = [" ".join(words) for words in product(FIRST, SECOND, LAST)]


@pytest.mark.parametrize("filler", [" ", " وزار ", "، ", " قال إن "])
def test_names_that_share_words_are_told_apart_as_trying_every_rule_does(filler: str) -> None:
    every = [a_rule(name) for name in (*EVERY, *FIRST, *LAST)]
    matcher = RuleMatcher(every)
    found = 0
    for names in (EVERY[3:9], EVERY[40:44] + EVERY[3:5], EVERY[::17]):
        written = [[WRITTEN[word] for word in name.split()] for name in names]
        text = " في ".join(filler.join(words) for words in (*written, *written[::-1]))
        article = an_article("خبر", text=text, language="ar")
        matches = matcher.matches(article, a_source())
        assert matches == by_brute_force(every, article, a_source())
        found += len(matches)
    assert found >= len(LAST)
