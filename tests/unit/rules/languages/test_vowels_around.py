"""What words of Thai and Lao say, whose vowels stand around their consonants."""

import pytest

from rules.languages.phonemes import romanised, run_pieces
from rules.languages.vowels_around import read
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("หวัง", "wang"),
        ("จิ้นผิง", "chinphing"),
        ("เสี่ยวผิง", "siaophing"),
        ("เจ๋อตง", "chetong"),
        ("เค่อเฉียง", "khechiang"),
        ("เหงียน", "ngian"),
        ("ซวน", "suan"),
        ("มิญ", "min"),
        ("โอบามา", "obama"),
        ("โตโยต้า", "toyota"),
        ("วอชิงตัน", "wochingtan"),
        ("เบิร์ก", "berk"),
        ("ไบเดน", "baiden"),
        ("เคลาส์", "khlaos"),
        ("ย็อล-อี", "yoli"),
        ("ໄບເດັນ", "baiden"),
        ("ວຽງຈັນ", "viangchan"),
        # Two consonants are spoken as one where a vowel stands before them; else each is its own.
        ("เพลง", "phleng"),
        ("ตลาด", "tlad"),
        ("ถนน", "thonn"),
        ("กรุงเทพ", "krungtheph"),
        ("โรงเรียน", "rongrian"),
        ("หมอก", "mok"),
        ("ไทย", "thai"),
        ("ເມືອງ", "muang"),
    ],
)
def test_vowels_are_said_behind_their_consonants(written: str, said: str) -> None:
    assert romanised(written) == said


def test_a_name_begins_where_a_consonant_does_to_which_a_vowel_belongs() -> None:
    assert [piece.start for piece in run_pieces("โตเกียว")] == [0, 2]
    assert list(read("เจ๋อตง", "THAI")) == [("che", 0), ("to", 4), ("ng", 5)]


@pytest.mark.parametrize("letters", ["เเเ", "เ", "็่", "ก์์", "หห", "-", "เ-", "ฯ๑", "ๆ"])
def test_what_is_no_word_is_read_too(letters: str) -> None:
    assert all("a" <= letter <= "z" for letter in romanised(letters))


def _found(name: str, written: str) -> bool:
    text = f"การประชุมกับ {written} เมื่อวาน"
    rules, article = [a_rule(name)], an_article("x", text=text, language="th")
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches
    return bool(matches)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Li Keqiang", "หลี่ เค่อเฉียง"),
        ("Kim Jong Un", "คิม จ็อง-อึน"),
        ("To Lam", "โต เลิม"),
        ("Zhang Youxia", "จาง โหย่วเสีย"),
        ("Jiang Zemin", "เจียง เจ๋อหมิน"),
        ("Yamaha", "ยามาฮ่า"),
    ],
)
def test_a_name_is_found_as_thai_writes_it(name: str, written: str) -> None:
    assert _found(name, written)


@pytest.mark.parametrize(
    ("name", "other"),
    [("Li Keqiang", "หลี่ เค่อหมิง"), ("Kim Jong Un", "คิม จอง นัม"), ("Yamaha", "ยามาดะ")],
)
def test_another_name_is_not(name: str, other: str) -> None:
    assert not _found(name, other)
