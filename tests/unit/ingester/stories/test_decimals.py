"""Numbers with decimals are signs, the same ones whatever mark a language writes."""

import pytest

from ingester.stories.said import SMALL_TELLS, Part, decimal, said_decimals
from ingester.stories.signature import Signer
from ingester.stories.signs import PLAIN_NUMBERS, number_sign
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.text.folding import fold
from tests.builders import an_article

SIGNER = Signer(fold, Concepts(pack_concepts([])))


def decimals(*texts: str, language: str = "en") -> list[str]:
    parts = [Part(number, text, 2.0, language) for number, text in enumerate(texts)]
    return [decimal(each) for each in said_decimals(parts).written.tolist()]


@pytest.mark.parametrize(
    "text",
    [
        "A magnitude 5.6 quake",
        "A magnitude-5.6 quake",
        "A 5.6-magnitude quake",
        "Ein 5,6-Millionen-Projekt",
        "Ein Beben der Stärke 5,6",
        "رخ داد ۵٫۶ ریشتر",
        "マグニチュード5.6の地震",
        "up 5.60 percent",
    ],
)
def test_a_decimal_is_read_with_any_mark(text: str) -> None:
    assert decimals(text) == ["5.6"]


@pytest.mark.parametrize(
    "text",
    [
        "on 5.6.2026",
        "am 5.6. in Kiel",
        "1,200 people and 1.234.567 more",
        "in 1:57.90 minutes",
        "192.168.1.1",
        "won 6-4,5-7",
        "5.0 and 12",
        "2.5.b",
        "3.2-5.6 and 3-5.6",
        "at -5.6 degrees",
        "um 17.30 Uhr",
        "om 17.30 uur",
        "kl. 17.30",
        "Klo 17.30",
        "alle ore 17.30",
        "o godz. 17.30",
        "at 5.30pm",
        "at 5.30 p.m.",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert decimals(text) == []


def test_it_counts_where_it_stands_and_less_below_ten() -> None:
    said = said_decimals([Part(3, "Quake of 7.25", 2.0, "en"), Part(4, "and 66.6.", 1.0, "en")])
    assert said.articles.tolist() == [3, 4]
    assert said.weights.tolist() == [2.0 * SMALL_TELLS, 1.0]
    assert said.signs.tolist() == [number_sign("7.25"), number_sign("66.6")]


def test_small_tenths_and_rates_are_plain() -> None:
    signs = [number_sign(each) for each in ("0.9", "4.25", "5.6", "2.95")]
    assert [sign in PLAIN_NUMBERS for sign in signs] == [True, True, False, False]


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("zh", "召回41万辆", ["410000"]),
        ("zh", "七亿四千万美元", ["740"]),
        ("zh", "7.4億美元", ["740"]),
        ("zh", "十一亿美元，二十一亿、十亿，十分", ["1.1", "2.1"]),
        ("zh", "1.2万亿元，造成三十八人死亡", ["1.2", "38"]),
        ("ja", "7億4000万ドルと11億ドル", ["740", "1.1"]),
        ("ja", "約1万4900年前、34％", ["14900"]),
        ("ja", "1億2345万6789回", ["123456789"]),
        ("ja", "9兆8765億4321万円", ["9.88"]),
        ("ko", "41만 개, 7억4천만 달러, 11억 달러", ["410000", "740", "1.1"]),
        ("ko", "승객 2,150명 가운데 3명, 34%", ["2150"]),
        ("th", "มูลค่า 2 หมื่นล้านบาท", ["20"]),
        ("hi", "2 करोड़ 5 लाख लोग", ["20.5"]),
        ("bn", "৫ লাখ মানুষ", ["500000"]),
        ("ur", "3 لاکھ", ["300000"]),
        ("en", "41万", []),
        ("ko", f"{'9' * 400}명", []),
    ],
)
def test_large_numbers_are_as_others_say_them(language: str, text: str, told: list[str]) -> None:
    assert decimals(text, language=language) == told


def test_a_sum_is_the_same_in_languages_that_count_otherwise() -> None:
    said = [
        SIGNER.signature(an_article("-", text=text, url="", language=language)).signs.tolist()
        for language, text in (
            ("en", "It paid 740 million dollars for 410,000 batteries."),
            ("ko", "배터리 41만 개에 7억4천만 달러를 냈다."),
            ("zh", "以7.4亿美元购得41万块电池。"),
        )
    ]
    assert {number_sign("740"), number_sign("410000")} <= set.intersection(*map(set, said))
