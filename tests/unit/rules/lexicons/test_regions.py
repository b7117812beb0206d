"""Places below countries, by their names alone."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.lexicons.news import NewsLexicon
from rules.lexicons.news_source import concepts
from rules.lexicons.story_words import joined
from rules.matcher import RuleMatcher
from storage.model import Rule
from tests.builders import a_rule, a_source, an_article, with_variants


def a_saved_rule(query: str) -> Rule:
    return with_variants(a_rule(query), NewsLexicon(packed_news))


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Massachusetts", "昨天在马萨诸塞州发生了一起事故", "zh"),
        ("Massachusetts", "Авария в Массачусетсе произошла вчера", "ru"),
        ("Lower Saxony", "In Niedersachsen brannte gestern ein Lager", "de"),
        ("Tuscany", "Accident hier en Toscane", "fr"),
        ("Hubei", "어제 후베이성에서 사고가 났다", "ko"),
        ("Sumy", "Учора в Сумах пролунав вибух", "uk"),
        ("Deir ez-Zor", "เมื่อวานเกิดเหตุที่เดียร์อัซเซาร์", "th"),
        ("Quảng Ninh", "广宁昨天发生事故", "zh"),
    ],
)
def test_a_region_is_found_as_the_press_writes_it(query: str, text: str, language: str) -> None:
    article = an_article("x", text=text, language=language)
    assert RuleMatcher([a_saved_rule(query)]).matches(article, a_source())


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Jiangxi", "他们在长江西岸种树", "zh"),
        ("Henan", "黄河南岸正在修路", "zh"),
        ("Dalian", "加拿大连续三年增长", "zh"),
        ("Goa", "比赛结果阿根廷获胜", "zh"),
        ("Narva", "این رفتار ناروا است", "fa"),  # unseemly
        ("Palmyra", "القنابل تدمر المدينة", "ar"),  # destroys
    ],
)
def test_what_is_another_word_is_no_region(query: str, text: str, language: str) -> None:
    article = an_article("x", text=text, language=language)
    assert not RuleMatcher([a_saved_rule(query)]).matches(article, a_source())


def test_stories_do_not_tell_places_by_what_only_some_languages_name() -> None:
    kept = {concept.id for concept in joined(concepts(), ())}
    assert "moscow" in kept
    assert "michigan" not in kept
