"""People who are in the news everywhere, by their surname alone."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.lexicons.news import NewsLexicon
from rules.matcher import RuleMatcher
from storage.model import Rule
from tests.builders import a_rule, a_source, an_article, with_variants


def a_saved_rule(query: str) -> Rule:
    return with_variants(a_rule(query), NewsLexicon(packed_news))


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Trump", "特朗普昨天没有回答问题", "zh"),
        ("Trump", "川普昨天沒有回答問題", "zh"),
        ("Trump", "トランプ大統領は答えなかった", "ja"),
        ("Putin", "푸틴 대통령은 답하지 않았다", "ko"),
        ("Netanyahu", "נתניהו לא ענה אתמול", "he"),
        ("Modi", "เมื่อวานโมดีไม่ตอบคำถาม", "th"),
        ("Merz", "Вчера Мерц не ответил", "ru"),
        ("Trump tariffs", "特朗普宣布新关税", "zh"),
        ("Donald Trump", "唐纳德·特朗普没有回答", "zh"),
        ("Bush", "布什总统昨天发表讲话", "zh"),
        ("Vance", "סגן הנשיא ואנס נאם אתמול", "he"),
        ("Rubio", "לרוביו אין תשובה", "he"),
        ("Thaksin", "泰国前总理他信回国", "zh"),
        ("Wang Yi", "왕이 외교부장은 말했다", "ko"),
    ],
)
def test_a_surname_is_found_as_the_press_writes_it(query: str, text: str, language: str) -> None:
    article = an_article("x", text=text, language=language)
    assert RuleMatcher([a_saved_rule(query)]).matches(article, a_source())


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("trump", "特朗普昨天没有回答问题", "zh"),  # a card, without a capital
        ("Merz", "یہ مرز بند ہے", "ur"),  # a border
        ("Kennedy", "او این کار را کند", "fa"),  # does
        ("Kennedy", "שחקן קנדי זכה בפרס", "he"),  # Canadian
        ("Vance", "הנאשם תקף ואנס אותה", "he"),  # and raped
        ("Meloni", "מלוני יוקרה נפתחו בעיר", "he"),  # hotels
        ("Meloni", "הוא לן במלון בעיר", "he"),  # in a hotel
        ("Rubio", "הרוב הגדול תמך בחוק", "he"),  # most
        ("Cameron", "منتخب الكاميرون فاز أمس", "ar"),  # Cameroon
        ("Buffett", "بافت فرسوده شهر", "fa"),  # fabric
        ("Wang Yi", "그는 결국 왕이 되었다", "ko"),  # a king
        ("Sheikh Hasina", "무엇을 하시나 궁금하다", "ko"),  # does
        ("Carney", "기아 카니발 신차 출시", "ko"),  # a car
        ("Thaksin", "其他信息请见官网", "zh"),  # other information
        ("Bush", "布什尔核电站恢复运行", "zh"),  # Bushehr
        ("Abiy Ahmed", "ダウントン・アビーの新作", "ja"),  # Abbey
        ("Federer", "Las plumas del ave son rojas", "es"),  # feathers
        ("Nadal", "Noël approche à grands pas", "fr"),  # Christmas, nadal in Catalan
    ],
)
def test_what_is_another_word_is_nobody(query: str, text: str, language: str) -> None:
    article = an_article("x", text=text, language=language)
    assert not RuleMatcher([a_saved_rule(query)]).matches(article, a_source())
