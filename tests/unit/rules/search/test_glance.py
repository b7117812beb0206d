"""What a glance says of articles whose words the index has."""

import pytest

from rules.data.tables import stop_words
from rules.matcher import by_brute_force
from rules.search.lookup import presearch
from rules.text.folding import fold
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article

FAR = " and nothing of the kind was said" * 9


@pytest.mark.parametrize(
    ("query", "text", "may_hold"),
    [
        ("rail strike", "A strike on the rail.", True),
        ("rail strike", f"A strike{FAR}, but by rail.", False),
        ("rail strike", "A rail-strike.", True),
        ("rail strike", "Railstrikes!", True),
        ("rail strike", "A RAIL \n\n strike", True),
        ('"rail strike"', f"A rail{FAR} strike.", False),
        ('"rail strike"', "A Rail Strike.", True),
        ('"rail strike"', "a rail bus strike", False),
        ('"rail strike"', "a rail's, (strike", True),
        ('"rail strike"', "a rail-bus strike", True),
        ('"strike of the year"', "the strike of the year", True),
        ('"strike of the year"', f"the strike{FAR} of the year", False),
        ("cybersecurity", "cyber security", True),
        ("cybersecurity", "Cyber-Security", True),
        ("cybersecurity", "cyber, security", False),
        ("rail strike", "by rail, strike one", False),
        ("rail strike", "by railway. Strike one", False),
        ("rail strike", "by rail dr. strike", True),
        ("rail strike", "rail, it says, rail strike", True),
        ("rail 3.11", "rail 3,11", True),
        ("rail 3.11", "rail 3, 11", True),  # as it may be a version behind others
        ("rail strike", "strike of hungry purple rail", False),
        ("rail strike", "strike of hungry rail", True),
        ("rail strike", "strike of the up-to-date rail", True),
        ("rail strike", "strike für hungry rail", True),
        ("rail strike", "strike fur of the for rail", True),
        ("rail strike", "r\u0430il \u200bstrike", True),
        ("rail AND strike", f"rail{FAR} strike", True),
        ("rail AND strike", "rail", False),
        ("rail OR strike", "strike", True),
        ("rail OR strike", "none", False),
        ("rail NEAR/2 strike", "rail", False),
        ("Đà Nẵng", "Da Nang", True),
        ("Đà Nẵng", f"da{FAR} nang", False),
        ("公约", "河内公约", True),
        ("/strik[ei]/", "none", True),
        ("NOT rail", "rail", True),
        ("*strike", "none", True),
    ],
)
def test_words_that_stand_apart_are_seen_at_a_glance(query: str, text: str, may_hold: bool) -> None:
    glance = presearch(a_rule(query, strictness="forms")).glance
    assert glance.of_many([("x", text)]) == [may_hold]


@pytest.mark.parametrize(
    "text", ["strike {} hungry rail", "strike {} {} {} rail", "strike {} the of for rail"]
)
def test_a_glance_never_says_no_of_what_a_rule_finds(text: str) -> None:
    rule = a_rule("rail strike")
    glance = presearch(rule).glance
    for small in sorted(stop_words() | {fold(word) for word in stop_words()}):
        written = text.format(small, small, small)
        if by_brute_force([rule], an_article("x", text=written), a_source()):
            assert glance.of_many([("x", written)]) == [True], written


def test_variants_are_looked_for_too() -> None:
    variant = Variant(language="sv", text="Hanoikonventionen", kind="user")
    rule = a_rule("Hanoi Convention", strictness="all", variants=(variant,))
    glance = presearch(rule).glance
    texts = [("x", "Hanoikonventionen."), ("x", f"Hanoi{FAR} convention")]
    assert glance.of_many(texts) == [True, False]


def test_many_texts_are_looked_at_at_once() -> None:
    glance = presearch(a_rule("rail strike", strictness="forms")).glance
    texts = [("Rail strike", ""), ("x", "none"), ("x", "rail\u200b strikes"), ("", "")]
    assert glance.of_many(texts) == [True, False, True, False]
    assert glance.of_many([]) == []
