"""Evidence in a reader's own words."""

from dataclasses import replace

import pytest

from common.words.registry import words_of
from rules.explain.reasons import describe, reasons
from storage.model import Evidence, Variant, VariantState


def proof(text: str, layer: str, language: str, term: str = "Hanoi Convention") -> Evidence:
    return Evidence(
        field="text",
        start=0,
        end=len(text),
        text=text,
        term=term,
        layer=layer,
        language=language,
    )


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        pytest.param(
            proof("Hanoi-konventionen", "compound", "sv"),
            "Hanoi-konventionen — compound, Swedish — for Hanoi Convention",
            id="compound",
        ),
        pytest.param(
            proof("Convenţia de la\nHanoi", "cognate", "ro-MD"),
            "Convenţia de la Hanoi — cognate, Romanian — for Hanoi Convention",
            id="white space and a regional language",
        ),
        pytest.param(
            proof("Hanoi Convention", "exact", ""),
            "Hanoi Convention — as written — for Hanoi Convention",
            id="unknown language",
        ),
        pytest.param(
            proof("x\u202ey", "inflected", "qq", term="x"),
            "x y — word form, qq — for x",
            id="control characters and a language without a name",
        ),
    ],
)
def test_one_line_says_what_how_in_which_language_and_for_what(
    evidence: Evidence, expected: str
) -> None:
    assert describe(evidence) == expected


def test_long_text_is_clipped() -> None:
    assert len(describe(proof("word " * 100, "exact", "en"))) < 150


PLACES = Variant(
    language="vi",
    text="Công ước Hà Nội",
    kind="name",
    source="place names",
    state=VariantState.ACTIVE,
)


def test_a_find_by_a_variant_says_whose_word_it_is() -> None:
    evidence = replace(
        proof("Công ước Hà Nội", "lexicon", "vi"), variants=("Công ước Hà Nội", "not the rule's")
    )
    assert (
        describe(evidence, [PLACES])
        == "Công ước Hà Nội — translation (place names), Vietnamese — for Hanoi Convention"
    )
    of_no_language = replace(evidence, language="")
    assert "(place names), Vietnamese —" in describe(of_no_language, [PLACES])
    assert "translation, Vietnamese" in describe(evidence, []), "the variant is gone by now"


@pytest.mark.parametrize(
    ("source", "said"),
    [("news lexicon", "nyhetslexikon"), ("place names", "ortnamn"), ("a list of ours",) * 2],
)
def test_lists_that_come_with_the_program_are_called_in_the_words_of_the_reader(
    source: str, said: str
) -> None:
    found = replace(proof(PLACES.text, "lexicon", "vi"), variants=(PLACES.text,))
    variant = replace(PLACES, source=source)
    told = describe(found, [variant], words_of("sv"))
    assert told == f"{PLACES.text} — översättning ({said}), vietnamesiska — för Hanoi Convention"


def test_a_word_of_the_rules_own_language_is_no_translation_of_it() -> None:
    found = replace(proof("Airstrike", "lexicon", "en-GB", term="strike"), variants=("airstrike",))
    variant = replace(PLACES, language="en", text="airstrike", source="news lexicon")
    said = "Airstrike — related word (news lexicon), English — for strike"
    assert describe(found, [variant], written_in=("en",)) == said
    assert reasons([found], [variant], written_in=("en", "nl")) == (said,)
    assert "translation" in describe(found, [variant], written_in=("sv",))
    assert "translation" in describe(found, [variant]), "the rule is gone by now"
    of_no_language = replace(found, language="")
    assert "related word" in describe(of_no_language, [variant], written_in=("en",))


def test_of_two_lists_with_the_same_word_that_of_the_language_is_named() -> None:
    others = [replace(PLACES, language="fr", source="another list"), PLACES]
    evidence = replace(proof("Công ước Hà Nội", "lexicon", "vi"), variants=(PLACES.text,))
    assert "(place names)" in describe(evidence, others)
    assert "(place names)" in describe(evidence, others[::-1])


def test_reasons_that_say_the_same_are_one_before_any_is_cut() -> None:
    proofs = [
        proof("HANOI CONVENTION", "folded", "en"),
        proof("Hanoi  Convention", "exact", "en"),
        proof("Hanoi conventions", "inflected", "en"),
        proof("Hanoi-Conventions", "compound", "en"),
        proof("Convention's Hanoi", "inflected", "en"),
        proof("signing", "inflected", "en", term="sign"),
    ]
    assert reasons(proofs, most=3) == (
        "Hanoi Convention — as written, English — for Hanoi Convention",
        "signing — word form, English — for sign",
        "Hanoi conventions, Convention's Hanoi — word form, English — for Hanoi Convention",
    )
    assert len(reasons(proofs, most=9)) == 4


def test_what_is_nearest_to_the_rule_comes_first() -> None:
    proofs = [
        proof("Hanoikonventionen", "compound", "sv"),
        proof("Hanoi Convention", "exact", "sv"),
    ]
    assert reasons(proofs, most=1) == (
        "Hanoi Convention — as written, Swedish — for Hanoi Convention",
    )


def test_many_words_found_in_one_way_are_counted() -> None:
    proofs = [proof(f"strike{letter}", "inflected", "en") for letter in "abcde"]
    assert reasons(proofs) == (
        "strikea, strikeb, strikec and 2 more — word form, English — for Hanoi Convention",
    )


def test_a_layer_that_is_not_known_is_named_as_it_is() -> None:
    assert reasons([proof("x", "telepathy", "")]) == ("x — telepathy — for Hanoi Convention",)
