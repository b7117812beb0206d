"""What says something beside another word of a rule, and says too little alone."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.lexicons import news_source
from rules.lexicons.news import NewsLexicon
from rules.matcher import RuleMatcher
from tests.builders import a_rule, a_source, an_article, with_variants


def _is_found(query: str, text: str, language: str) -> bool:
    article = an_article("x", text=text, language=language)
    rule = with_variants(a_rule(query), NewsLexicon(packed_news))
    return bool(RuleMatcher([rule]).matches(article, a_source()))


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("water shortage", "In den Dörfern fehlt Wasser", "de"),
        ("water shortage", "Escasseia a água em doze bairros", "pt"),
        ("copper mining", "企业获准开采铜矿", "zh"),
    ],
)
def test_what_the_press_says_by_a_verb_counts_beside_another_word(
    query: str, text: str, language: str
) -> None:
    assert _is_found(query, text, language)
    alone = query.split()[1]
    assert not _is_found(alone, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("climate law", "Der Bundestag beschließt das Klimaschutzgesetz", "de"),
        ("train crash", "Zrážka vlakov pri Žiline", "sk"),
    ],
)
def test_what_a_language_puts_beside_another_word_counts_there(
    query: str, text: str, language: str
) -> None:
    assert _is_found(query, text, language)


def test_a_concept_has_what_verbs_say_and_what_counts_beside_another_word() -> None:
    (ban,) = (each for each in news_source.concepts() if each.id == "ban")
    assert {"~verbietet", "~darf nicht"} <= set(ban.verbs["de"])


def test_rules_alone_read_what_counts_beside_another_word() -> None:
    """Stories read the forms of a concept, and were parted by these."""
    (shortage,) = (each for each in news_source.concepts() if each.id == "shortage")
    assert "~fehlt" in shortage.verbs["de"]
    assert "~fehlt" not in shortage.forms["de"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("信徒要求修改亵渎法", "zh"),
        ("冒涜法の改正を求めた", "ja"),
        ("신성모독법 개정을 요구했다", "ko"),
    ],
)
def test_a_sign_counts_where_it_ends_the_word_before_it(text: str, language: str) -> None:
    assert _is_found("blasphemy law", text, language)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("youth unemployment", "청년 실업률이 석 달째 올랐다"),
        ("coal ban", "정부는 석탄 수입을 금지하기로 했다"),
        ("coal ban", "내년부터 석탄 사용이 금지된다"),
    ],
)
def test_a_korean_noun_is_found_as_a_verb_and_as_a_rate(query: str, text: str) -> None:
    assert _is_found(query, text, "ko")


@pytest.mark.parametrize("verb", ["yasaklanıyor", "yasaklayacak", "yasaklanması bekleniyor"])
def test_a_turkish_verb_is_found_in_its_other_tenses(verb: str) -> None:
    assert _is_found("coal ban", f"Ocaktan itibaren ülkede kömür {verb}", "tr")


def test_a_sign_that_stands_apart_from_the_word_says_nothing() -> None:
    assert not _is_found("blasphemy law", "法庭以亵渎为由传唤了牧师", "zh")
