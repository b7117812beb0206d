"""Institutions and parties, as the press names them, and countries that headlines say in a sign."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.lexicons.news import NewsLexicon
from rules.matcher import RuleMatcher
from storage.model import Rule
from tests.builders import a_rule, a_source, an_article, with_variants


def a_saved_rule(query: str) -> Rule:
    return with_variants(a_rule(query), NewsLexicon(packed_news))


def _is_found(query: str, text: str, language: str) -> bool:
    article = an_article("x", text=text, language=language)
    return bool(RuleMatcher([a_saved_rule(query)]).matches(article, a_source()))


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Republicans", "Los republicanos rechazaron ayer el plan", "es"),
        ("Democrats", "Die Demokraten lehnten den Plan ab", "de"),
        ("Home Office", "英国内政部昨天没有回答", "zh"),
        ("high court", "Вчера Высокий суд отложил заседание", "ru"),
        ("customs service", "La douane a saisi hier deux camions", "fr"),
        ("grand jury", "대배심은 어제 결정을 미뤘다", "ko"),
        ("Church of England", "Англиканская церковь выбрала епископа", "ru"),
        ("tax office", "Das Finanzamt prüft die Firma", "de"),
        ("Israeli parliament", "Кнессет отложил заседание", "ru"),
        ("Israeli parliament", "החוק עלה אתמול בכנסת", "he"),
        ("French police", "法警方昨天逮捕两人", "zh"),
        ("Russian foreign minister", "俄外长昨天抵达", "zh"),
        ("US president", "米大統領は答えなかった", "ja"),
        ("US president", "미 대통령은 답하지 않았다", "ko"),
        ("Russian army", "러시아군이 후퇴했다", "ko"),
        ("University of Warsaw", "어제 바르샤바대에서 열렸다", "ko"),
        ("Indian army", "印军昨天举行演习", "zh"),
        ("Pope Leo XIV", "教宗良十四世祝聖新主教", "zh"),
    ],
)
def test_an_institution_is_found_as_the_press_writes_it(
    query: str, text: str, language: str
) -> None:
    assert _is_found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("French court", "最高法院昨天开庭", "zh"),
        ("Russian army", "海军昨天透露了俄语课程", "zh"),
        ("German school", "独立した学校が開かれた", "ja"),
        ("high court", "El Tribunal Supremo aplazó ayer la sesión", "es"),
        ("Israeli parliament", "ההכנסות של העירייה ירדו", "he"),
    ],
)
def test_a_sign_of_another_word_says_no_country(query: str, text: str, language: str) -> None:
    assert not _is_found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Democrats", "米民主党は反対した", "ja"),
        ("Democrats", "由民主党控制的众议院", "zh"),
        ("Democrats", "美國民主黨人昨天反對", "zh"),
        ("Labour Party", "英労働党の党首が語った", "ja"),
        ("Bundestag", "ドイツ連邦議会が可決した", "ja"),
        ("OECD", "经合组织昨天发表报告", "zh"),
        ("民主党", "立憲民主党の代表", "ja"),
        ("Democrats", "Οι Δημοκρατικοί κέρδισαν", "el"),
        ("Republicans", "الجمهوريون في المجلس", "ar"),
        ("democracy", "Η Δημοκρατία κινδυνεύει", "el"),
    ],
)
def test_a_party_or_a_body_is_found_with_a_country_before_it(
    query: str, text: str, language: str
) -> None:
    assert _is_found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Democrats", "自由民主党の総裁選", "ja"),
        ("Democrats", "立憲民主党の代表", "ja"),
        ("Democrats", "社會民主黨的主席", "zh"),
        ("Labour Party", "朝鮮労働党の大会", "ja"),
        ("Bundestag", "米連邦議会が可決した", "ja"),
        ("OECD", "亚太经合组织昨天开会", "zh"),
        ("G7", "七十七国集团昨天开会", "zh"),
    ],
)
def test_a_name_is_not_found_at_the_end_of_another(query: str, text: str, language: str) -> None:
    assert not _is_found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Democrats", "Η Δημοκρατία κινδυνεύει", "el"),
        ("Democrats", "הדמוקרטיה בסכנה", "he"),
        ("Republicans", "الجمهورية في خطر", "ar"),
        ("Democrats", "demokratska pravila", "hr"),
        ("Democrats", "democrația este slabă", "ro"),
    ],
)
def test_a_party_is_no_form_of_government(query: str, text: str, language: str) -> None:
    assert not _is_found(query, text, language)
