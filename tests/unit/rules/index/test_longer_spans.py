"""A variant of several words of a keyword, and another spelling of the word beside them."""

from dataclasses import replace

import pytest

from rules.index.memory.scan import Scan
from rules.index.rule_index import RuleIndex
from rules.matcher import RuleMatcher, by_brute_force
from rules.patterns.pattern import Slot
from rules.patterns.slots import allow_compounds, answered
from rules.patterns.variants import MOST_PARTED, parted
from rules.patterns.word_index import WordIndex
from rules.text.tokenizer import words
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article

FARTHEST = 12
"""So many words from its rarest one may the others of a variant stand: `native/meeting.h`."""

GREENS = Variant(language="de", text="Grüne", of="green party", kind="word")


@pytest.mark.parametrize("text", ["Die Grüne Sedov", "Sjedow bei Grüne", "die Седов-Grüne"])
def test_a_name_beside_a_variant_of_several_words_may_be_spelled_otherwise(text: str) -> None:
    rule = a_rule("Sedow green party", variants=(GREENS,))
    article = an_article("Untitled", text=text, language="de")
    (match,) = RuleMatcher([rule]).matches(article, a_source())
    assert [match] == by_brute_force([rule], article, a_source())


PROTECTION = Variant(language="de", text="Naturschutz", of="nature protection", kind="word")
LAW = Variant(language="de", text="Gesetz", of="law", kind="word")
NEW = Variant(language="de", text="Bundes", of="federal", kind="word")


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("nature protection law", "Das Naturschutzgesetz gilt"),
        ("federal nature protection", "Der Bundesnaturschutz gilt"),
    ],
    ids=("first", "last"),
)
def test_a_variant_of_several_words_may_be_a_part_of_a_compound(keyword: str, text: str) -> None:
    rule = a_rule(keyword, variants=(PROTECTION, LAW, NEW))
    article = an_article("Untitled", text=text, language="de")
    (match,) = RuleMatcher([rule]).matches(article, a_source())
    assert [match] == by_brute_force([rule], article, a_source())


def test_such_a_compound_has_its_parts_in_the_order_of_the_rule() -> None:
    rule = a_rule("nature protection law", variants=(PROTECTION, LAW))
    article = an_article("Untitled", text="Der Gesetzesnaturschutz gilt", language="de")
    assert not RuleMatcher([rule]).matches(article, a_source())
    assert not by_brute_force([rule], article, a_source())


TREATY = (
    Variant(language="de", text="Vertrag", of="công ước", kind="word"),
    Variant(language="de", text="Hafenstadt", of="hải phòng", kind="word"),
    Variant(language="fr", text="traité", of="công ước", kind="word"),
    Variant(language="fr", text="ville du port", of="hải phòng", kind="word"),
)


@pytest.mark.parametrize(
    ("text", "language", "is_found"),
    [
        ("Der Vertrag der Hafenstadt gilt", "de", True),
        ("Der Hafenstadtvertrag gilt", "de", False),  # the order of the rule
        ("Le traité de la ville du port est entré en vigueur", "fr", True),
        ("Le traité est entré en vigueur", "fr", False),
        ("Công ước Hải Phòng có hiệu lực", "vi", True),
    ],
)
def test_two_places_of_a_keyword_may_both_be_of_several_words(
    text: str, language: str, is_found: bool
) -> None:
    rule = a_rule("công ước hải phòng", variants=TREATY)
    article = an_article("Untitled", text=text, language=language)
    matches = by_brute_force([rule], article, a_source())
    assert RuleMatcher([rule]).matches(article, a_source()) == matches
    assert bool(matches) == is_found


def test_words_taken_together_do_not_overlap_and_long_keywords_have_one_place_at_a_time() -> None:
    spans = {("a", "b"), ("b", "c"), ("c", "d"), ("d",)}
    assert list(parted(("a", "b", "c", "d"), spans)) == [
        (range(2),),
        (range(1, 3),),
        (range(2, 4),),
        (range(2), range(2, 4)),
    ]
    long = ("a", "b") * MOST_PARTED
    assert all(len(way) == 1 for way in parted(long, spans))


def test_a_place_of_several_words_is_no_word_that_others_may_follow() -> None:
    index = WordIndex()
    numbers = [index.add(word) for word in words("law Gesetz unrelated")]
    law = answered(index, Slot(frozenset({numbers[0]}), numbers[0]), (LAW,))
    allow_compounds(index, Slot(frozenset(), -1), (), law, (LAW,))
    assert not any(index.entry(number).followers for number in numbers)


INDIA = Variant(language="vi", text="Ấn Độ", of="India", kind="name")


def test_a_name_of_words_that_are_small_beside_another_leaves_no_word_alone() -> None:
    rule = a_rule("India planet", variants=(INDIA,))
    for text, language, is_found in (
        ("En ny planeet", "sv", False),
        ("India has a planeet", "sv", True),
        ("Ấn Độ planet", "vi", True),
    ):
        article = an_article("Untitled", text=text, language=language)
        matches = by_brute_force([rule], article, a_source())
        assert RuleMatcher([rule]).matches(article, a_source()) == matches
        assert bool(matches) == is_found, text


APART = Variant(language="de", text="Hafen Brand", of="gatora", kind="word")


@pytest.mark.parametrize(
    ("first", "second", "between", "is_met"),
    [
        ("Hafen", "Brand", 0, True),
        ("Hafen", "Brand", FARTHEST - 1, True),
        ("Brand", "Hafen", FARTHEST - 1, True),
        ("Hafen", "Brand", FARTHEST, False),
        ("Brand", "Hafen", FARTHEST, False),
        ("Hafen", "Hafen", 1, False),
    ],
)
def test_a_variant_is_met_where_its_words_stand_near_each_other(
    first: str, second: str, between: int, *, is_met: bool
) -> None:
    text = " ".join([first, *["lang"] * between, second])
    index = RuleIndex([a_rule("gatora", variants=(APART,))])
    terms = index.in_language("de")
    met = terms.met(Scan(terms.table.engine, text))
    assert (bool(met.terms), bool(met.texts)) == (is_met, is_met)


def test_a_variant_is_met_where_any_of_its_words_are_near() -> None:
    far = " ".join(["lang"] * 30)
    text = f"Brand {far} Hafen {far} Hafen Brand"
    rule, article = a_rule("gatora", variants=(APART,)), an_article("A", text=text, language="de")
    (match,) = RuleMatcher([rule]).matches(article, a_source())
    assert [match] == by_brute_force([rule], article, a_source())


def test_of_three_words_each_is_near_the_rarest_one() -> None:
    far, three = " ".join(["lang"] * 30), replace(APART, text="Hafen Brand Moorwasser")
    terms = RuleIndex([a_rule("gatora", variants=(three,))]).in_language("de")
    for text, is_met in (
        ("Moorwasser Hafen Brand", True),
        (f"Moorwasser Hafen {far} Brand", False),
        (f"Hafen {far} Moorwasser Brand", False),
    ):
        assert bool(terms.met(Scan(terms.table.engine, text)).terms) == is_met
