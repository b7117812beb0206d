"""What a rule's variants find: whole terms, single words of a keyword, and several of them."""

from dataclasses import replace

import pytest

from rules.matcher import RuleMatcher
from storage.model import Evidence, Rule, Variant, VariantState
from tests.builders import a_rule, a_source, an_article


def found(rule: Rule, text: str, language: str = "") -> Evidence | None:
    article = an_article("Untitled", text=text, language=language)
    matches = RuleMatcher([rule]).matches(article, a_source())
    return matches[0].evidence[0] if matches else None


def a_word(of: str, text: str, language: str = "", **changes: object) -> Variant:
    given = {"kind": "word", "source": "a list", "score": 0.9, **changes}
    return Variant(of=of, text=text, language=language, **given)


HARBOUR_TREATY = a_rule(
    "Oslo convention",
    variants=(
        a_word("convention", "konvention", "sv"),
        a_word("convention", "công ước", "vi"),
        a_word("Oslo", "奥斯陆", "zh", kind="name"),
        a_word("convention", "公约", "zh"),
        a_word("convention", "sopimus", "fi"),
        a_word("convention", "umowa o współpracy", "pl"),
    ),
)


@pytest.mark.parametrize(
    ("text", "language", "layer", "words", "variants"),
    [
        ("Oslokonventionen gäller", "sv", "compound", "Oslokonventionen", ("konvention",)),
        ("Oslo-konventionen gäller", "sv", "compound", "Oslo-konventionen", ("konvention",)),
        ("Công ước Oslo được ký", "vi", "lexicon", "Công ước Oslo", ("công ước",)),
        ("各国签署奥斯陆公约。", "zh", "lexicon", "奥斯陆公约", ("奥斯陆", "公约")),
        ("Oslon sopimus allekirjoitettiin", "fi", "lexicon", "Oslon sopimus", ("sopimus",)),
        ("Umowa o współpracy z Oslo", "pl", "lexicon", "Umowa o współpracy z Oslo", None),
        ("The Oslo Convention", "en", "exact", "Oslo Convention", ()),
    ],
)
def test_variants_of_single_words_count_beside_the_others(
    text: str, language: str, layer: str, words: str, variants: tuple[str, ...] | None
) -> None:
    proof = found(HARBOUR_TREATY, text, language)
    assert proof is not None
    assert proof.text == words
    assert variants is None or (proof.layer in (layer, "folded"), proof.variants) == (
        True,
        variants,
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("En konvention om fiske", "sv"),
        ("Công ước Bergen được ký", "vi"),
        ("Công nhân nước Oslo", "vi"),
        ("Oslo. Konventionen gäller", "sv"),
        ("umowa współpracy z Oslo", "pl"),
    ],
)
def test_a_variant_of_one_word_alone_is_not_the_keyword(text: str, language: str) -> None:
    assert found(HARBOUR_TREATY, text, language) is None


def test_a_variant_may_stand_for_several_words_together() -> None:
    rule = a_rule(
        "Harbour Security Council",
        variants=(a_word("Security Council", "säkerhetsråd", "sv"),),
    )
    proof = found(rule, "Harbour säkerhetsråd sammanträder", "sv")
    assert proof is not None
    assert proof.variants == ("säkerhetsråd",)
    assert found(rule, "säkerhetsråd sammanträder", "sv") is None


def test_a_variant_of_a_later_keyword_answers_that_one() -> None:
    rule = a_rule("ferry AND strike", variants=(a_word("strike", "grève", "fr"),))
    assert found(rule, "grève du ferry", "fr")
    assert found(rule, "grève du tram", "fr") is None


WALKOUT = a_word("", "walkout", "en")


@pytest.mark.parametrize(
    ("state", "strictness", "expected"),
    [
        (VariantState.ACTIVE, "all", True),
        (VariantState.ACTIVE, "broad", True),
        (VariantState.ACTIVE, "forms", False),
        (VariantState.ACTIVE, "exact", False),
        (VariantState.PROPOSED, "all", False),
        (VariantState.PROPOSED, "broad", True),
        (VariantState.REJECTED, "broad", False),
    ],
)
def test_state_and_strictness_say_whether_a_made_variant_counts(
    state: VariantState, strictness: str, expected: bool
) -> None:
    rule = a_rule(
        "strike",
        strictness=strictness,
        variants=(a_word("", "walkout", "en", state=state),),
    )
    assert bool(found(rule, "A walkout began", "en")) == expected


def test_the_owners_variants_count_at_every_strictness() -> None:
    for strictness in ("exact", "forms", "all", "broad"):
        rule = a_rule(
            "strike", strictness=strictness, variants=(Variant(language="", text="walkout"),)
        )
        proof = found(rule, "A walkout began", "en")
        assert proof is not None
        assert (proof.layer, proof.variants) == ("variant", ("walkout",))


def test_what_was_rejected_is_not_found_by_another_way_either() -> None:
    cognate = "Лондонская конвенция"
    free = a_rule("London Convention")
    proof = found(free, f"Подписана {cognate}", "ru")
    assert proof is not None
    assert proof.layer == "cognate"
    rejected = a_word("", cognate, "ru", state=VariantState.REJECTED)
    assert found(a_rule("London Convention", variants=(rejected,)), f"Подписана {cognate}") is None
    own = a_word("", "London Convention", state=VariantState.REJECTED)
    assert found(a_rule("London Convention", variants=(own,)), "The London Convention")


def test_a_name_in_lower_case_and_an_acronym_in_other_case_are_other_words() -> None:
    name = a_word("", "Colonia", "it", kind="name")
    assert found(a_rule("Cologne", variants=(name,)), "Carnevale a Colonia", "it")
    assert found(a_rule("Cologne", variants=(name,)), "una colonia di gabbiani", "it") is None
    acronym = a_word("", "WTPC", kind="acronym")
    rule = a_rule("World Tin Producers Council", variants=(acronym,))
    proof = found(rule, "says the WTPC today", "en")
    assert proof is not None
    assert proof.layer == "acronym"
    assert found(rule, "the wtpc file format", "en") is None


def test_a_variant_with_a_capital_is_a_name_where_only_names_have_one() -> None:
    rule = a_rule("Geneva", variants=(a_word("", "Ginebra", "es", kind="translation"),))
    assert found(rule, "Firma en Ginebra", "es")
    assert found(rule, "La ginebra artesanal", "es") is None
    german = a_rule("strike", variants=(a_word("", "Ausstand", "de", kind="translation"),))
    assert found(german, "der ausstand der lotsen", "de")


def test_the_words_of_a_variant_keep_to_its_order_when_another_word_stands_between() -> None:
    rule = a_rule("x", variants=(a_word("", "Abkommen von Oslo", "de", kind="translation"),))
    assert found(rule, "das Osloer Abkommen von Oslo", "de")
    assert found(rule, "Oslo plant ein Abkommen", "de") is None


def test_a_variant_of_two_words_is_found_written_as_one() -> None:
    rule = a_rule("x", variants=(a_word("", "철도 파업", "ko", kind="translation"),))
    assert found(rule, "철도파업이 끝났다", "ko")
    assert found(rule, "철도 파업 종료", "ko")


def test_near_names_the_variants_of_its_parts() -> None:
    rule = a_rule("ferry NEAR/3 strike", variants=(a_word("strike", "grève", "fr"),))
    proof = found(rule, "grève du ferry", "fr")
    assert proof is not None
    assert proof.variants == ("grève",)


def test_of_two_variants_that_differ_in_their_capital_the_articles_language_counts() -> None:
    words = (a_word("convention", "Traktat", "de"), a_word("convention", "traktat", "sv"))
    for order in (words, words[::-1]):
        rule = a_rule("Oslo convention", variants=order)
        for text, language, variant in (
            ("Oslotraktaten gäller", "sv", "traktat"),
            ("Oslos traktat gäller", "sv", "traktat"),
            ("die Traktat von Oslo", "de", "Traktat"),
        ):
            proof = found(rule, text, language)
            assert proof is not None
            assert proof.variants == (variant,)
    single = a_rule("convention", variants=tuple(replace(word, of="") for word in words))
    proof = found(single, "en traktat", "sv")
    assert proof is not None
    assert proof.variants == ("traktat",)


def test_a_listed_form_of_several_words_counts_in_its_order_or_turned_around() -> None:
    rule = a_rule("human rights", variants=(a_word("", "droits de l'homme", "fr"),))
    assert found(rule, "Le droit de l'homme et du citoyen", "fr")
    assert found(rule, "L'homme a droit à un avocat", "fr") is None
    rule = a_rule("nuclear power", variants=(a_word("", "energia jądrowa", "pl"),))
    assert found(rule, "Jądrowa energia wraca", "pl")
    assert found(rule, "Energia z fuzji jądrowej", "pl") is None


def test_a_variant_counts_in_its_own_language_and_where_none_is_known() -> None:
    rule = a_rule("strike", variants=(a_word("", "greve", "pt"), a_word("", "strejk", "sv")))
    assert found(rule, "A greve continua", "pt")
    assert found(rule, "Greve Bernadotte talade", "sv") is None
    assert found(rule, "Strejk i hamnen", "da") is None
    assert found(rule, "Strejk i hamnen", "")
    assert found(rule, "A greve continua", "")


@pytest.mark.parametrize(
    ("language", "variant", "text", "is_found"),
    [
        ("ru", "Верховный суд", "Решение Верховного суда", True),
        ("ru", "Чёрное море", "порты Чёрного моря", True),
        ("uk", "питна вода", "нестача питної води", True),
        ("sk", "Čierne more", "prístavy Čierneho mora", True),
        ("ru", "суд", "спор о судах и судне", True),
        ("sv", "röd mal", "röda maler", False),  # endings, but not after three letters here
    ],
)
def test_a_short_word_takes_endings_beside_another(
    language: str, variant: str, text: str, is_found: bool
) -> None:
    made = Variant(language=language, text=variant, of="", source="list", score=0.93)
    matcher = RuleMatcher([a_rule("xq zq", variants=(made,))])
    article = an_article("x", text=text, language=language)
    assert bool(matcher.matches(article, a_source())) is is_found
