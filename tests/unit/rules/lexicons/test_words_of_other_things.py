"""Words that rows of names and topics once had, and that mostly say something else in the news."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.lexicons.news import NewsLexicon
from rules.matcher import RuleMatcher
from tests.builders import a_rule, a_source, an_article, with_variants


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("American Airlines", "美国航空航天局推迟了发射", "zh"),
        ("QatarEnergy", "卡塔尔能源大臣昨天抵达", "zh"),
        ("Singapore Airlines", "机场的新航站楼启用", "zh"),
        ("Patriot missile", "他们自称爱国者", "zh"),
        ("Rafale", "今日有5级阵风，阵风7级", "zh"),
        ("BP plc", "قالت بي بي سي إن الرحلة تأخرت", "ar"),
        ("Arrow 3 missile", "ارتفع السهم 3% أمس", "ar"),
        ("LG Electronics", "एलजी ने कल बैठक बुलाई", "hi"),
        ("Zeeland", "Nueva Zelanda aplaza la votación", "es"),
        ("Zeeland", "Новая Зеландия отложила выборы", "ru"),
        ("Tet", "टेट परीक्षा कल होगी", "hi"),
        ("Iași", "ヤシの木が倒れた", "ja"),
        ("haze pollution", "Пловец смог доплыть до берега", "ru"),
        ("civilization", "Το υπουργείο Πολιτισμού ανακοίνωσε μέτρα", "el"),
        ("tampering", "छेड़छाड़ के आरोप में युवक पकड़ा गया", "hi"),
        ("fare dodging", "I turisti portoghesi sono tornati", "it"),
        ("open fire", "Đội bắn súng giành hai huy chương", "vi"),
        ("open fire", "مفاوضات لوقف إطلاق النار في غزة", "ar"),
        ("open fire", "שירים חדשים בפסטיבל", "he"),
        ("step down", "פרשת השחיתות נחקרת", "he"),
        ("hit record high", "경찰에 신고가 들어왔다", "ko"),
        ("spillway", "기차가 여수로 떠났다", "ko"),
        ("Meituan", "می‌توان گفت که آتش‌بس پایدار است", "fa"),
        ("Suntory", "הסנטורית אליזבת דיברה אמש", "he"),
        ("Cessna", "الرئيس السيسي يستقبل الوفد", "ar"),
        ("Asiana Airlines", "كأس آسيا ينطلق غدا", "ar"),
        ("sluice", "Уставот беше изменет вчера", "mk"),
        ("unearths", "Vilcieni brauks ātrāk", "lv"),
        ("beaten to death", "Am Abend Niederschlag im Norden", "de"),
    ],
)
def test_a_word_that_mostly_says_something_else_is_no_form(
    query: str, text: str, language: str
) -> None:
    rule = with_variants(a_rule(query), NewsLexicon(packed_news))
    assert not RuleMatcher([rule]).matches(
        an_article("x", text=text, language=language), a_source()
    )
