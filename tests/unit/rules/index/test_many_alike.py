"""Names of very many rules that sound alike, and lie side by side for whoever hears a word."""

from itertools import product

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article

CYRILLIC = str.maketrans("aeioubdgklmnprstvz", "аеиоубдгклмнпрствз")
SHORT = [f"K{a}l{b}s{c}man" for a, b, c in product("aeiou", repeat=3)]
LONG = [f"K{a}lisamanodera{b}t{c}puvos" for a, b, c in product("aio", repeat=3)]


@pytest.mark.parametrize("every", [SHORT, LONG], ids=["short", "longer than lanes"])
def test_of_names_that_sound_alike_those_are_found_that_trying_every_rule_finds(
    every: list[str],
) -> None:
    rules = [a_rule(name, name=name) for name in every]
    said = [name.lower().translate(CYRILLIC).capitalize() for name in every[::9]]
    text = ". ".join(f"Вчера {name} был там" for name in said)
    article = an_article("Новости", text=text, language="ru")
    found = RuleMatcher(rules).matches(article, a_source())
    assert {match.rule_id for match in found} >= {rule.id for rule in rules[::9]}
    assert found == by_brute_force(rules, article, a_source())
