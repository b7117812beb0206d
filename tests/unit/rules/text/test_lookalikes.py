"""Letters of one script that stand in a word of another."""

import pytest

from rules.matcher import RuleMatcher
from rules.text.lookalikes import in_one_script
from tests.builders import a_rule, a_source, an_article


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("зaхтeв зa aзил", "захтев за азил", id="Cyrillic with Latin letters"),
        pytest.param("Mоscow", "Moscow", id="Latin with a Cyrillic letter"),
        pytest.param("интернет-shop HIVом", "интернет-shop HIVом", id="what no lookalike explains"),
        pytest.param("COVID и Москва", "COVID и Москва", id="words of one script each"),
        pytest.param("各 зaхтeв", "各 захтев", id="beside letters of other scripts"),
        pytest.param("各 plain text", "各 plain text", id="whose bytes are those of Cyrillic ones"),
        pytest.param("plain text", "plain text", id="one script"),
        pytest.param("是ＮＡＴＯ２０の", "是NATO20の", id="letters as wide as Chinese ones"),
        pytest.param("ﾊﾟﾘ協定", "ハ\u309aリ協定", id="half as wide"),
        pytest.param("über\u200bschrift", "über\u00adschrift", id="where a line may end"),
        pytest.param("дос\u2060луг", "дос\u00adлуг", id="where a line may not end"),
        pytest.param("một\u200b hai \u200bba", "một  hai  ba", id="what is beside a space"),
        pytest.param("ไทย\u200bแลนด์", "ไทย\u200bแลนด์", id="between words without spaces"),
        pytest.param("ไทย\u2060แลนด์", "ไทย\u200bแลนด์", id="between them, where none may end"),
        pytest.param("河 内 公 约", "河\u200b内\u200b公\u200b约", id="letters spaced out"),
        pytest.param("渡轮 复航 NATO 和 EU", "渡轮 复航 NATO 和 EU", id="words of others"),
        pytest.param("เเห่ง", "แ\u200cห่ง", id="one Thai vowel typed as two"),
        pytest.param("ท่ี้", "ที่้", id="a Thai tone typed before its vowel"),
    ],
)
def test_a_word_is_in_the_script_that_it_is_meant_in(written: str, meant: str) -> None:
    assert in_one_script(written) == meant
    assert len(in_one_script(written)) == len(written)


@pytest.mark.parametrize(
    ("keyword", "text", "language"),
    [
        ("HIV", "感染ＨＩＶ的人员与去年同期相比增加", "zh"),
        ("ＨＩＶ", "感染HIV的人员与去年同期相比增加", "zh"),
        ("ＨＩＶ", "感染ＨＩＶ的人员与去年同期相比增加", "zh"),
        ("Juventus", "ﾕｳﾞｪﾝﾄｽのﾌｫﾜｰﾄﾞで活躍するこの選手は", "ja"),
        ("แห่งชาติ", "สวนสาธารณะเเห่งชาติเปิดเเล้ว", "th"),
        ("เเห่งชาติ", "สวนสาธารณะแห่งชาติเปิดแล้ว", "th"),
        ("ที่พัก", "มีท่ีพักว่าง", "th"),
        ("河内公约", "河 内 公 约 昨 天 签 署", "zh"),
        ("Wohnungsnot", "Die Wohnungs\u200bnot wächst", "de"),
        ("Wohnungsnot", "Die Wohnungs\u2060not wächst", "de"),
    ],
)
def test_a_keyword_is_found_however_its_letters_are_typed(
    keyword: str, text: str, language: str
) -> None:
    article = an_article("x", text=text, language=language)
    (match,) = RuleMatcher([a_rule(keyword)]).matches(article, a_source())
    evidence = match.evidence[0]
    assert evidence.text == text[evidence.start : evidence.end]
