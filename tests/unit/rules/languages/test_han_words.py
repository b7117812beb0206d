"""What sounds like a name and is a word, or a part of a longer name, and what is one."""

import pytest

from rules.languages.han_words import is_in_other_words, names_from


@pytest.mark.parametrize(
    ("before", "found", "behind"),
    [
        ("中国", "西南", "部的一个农村"),
        ("两国", "密切", "合作"),
        ("一条自行", "车道", "发动袭击"),
        ("我们不", "该让", "他走"),
        ("有不", "利于平", "价医疗"),
        ("美国总统", "特朗", "普都希望"),
        ("密苏里州的", "肯萨", "斯与内布拉斯加"),
        ("俄", "克拉荷马", "州州长"),
        ("之后", "韦斯特佩", "戴帽子"),
        ("主", "席迪特尔", "说"),
    ],
)
def test_what_is_a_word_or_goes_on_is_no_name(before: str, found: str, behind: str) -> None:
    text = f"{before}{found}{behind}"
    assert is_in_other_words(text, len(before), len(before) + len(found))


@pytest.mark.parametrize(
    ("before", "found", "behind"),
    [
        ("美国总统", "拜登", "上台后"),
        ("总理", "莫迪", "利用机会"),
        ("总统", "普京", "因病"),
        ("前总理", "默克尔", "表示"),
        ("向", "泽连斯基", "提供援助"),
        ("与", "瓦格内克尔", "会谈"),
        ("", "諾瓦爾德", "說"),
        ("作家", "卡夫特", ""),
        ("蝙蝠和", "道本顿", "蝙蝠"),
        ("她说 ", "卡夫特", ", 他说"),
    ],
)
def test_a_name_is_one_beside_other_words(before: str, found: str, behind: str) -> None:
    text = f"{before}{found}{behind}"
    assert not is_in_other_words(text, len(before), len(before) + len(found))


def test_one_word_of_a_name_may_stand_in_all_of_it() -> None:
    assert is_in_other_words("总统特朗普说", 2, 4)
    assert not is_in_other_words("总统特朗普说", 2, 4, is_whole=False)
    assert is_in_other_words("韦斯特佩戴帽子", 0, 4, is_whole=False)


def test_other_ends_of_a_name_are_said() -> None:
    assert [*names_from("总统特朗普说", 2, 4)] == ["特朗普"]
    assert "韦斯特" in names_from("韦斯特佩戴帽子", 0, 4)
