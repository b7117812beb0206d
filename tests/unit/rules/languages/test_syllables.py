"""Names in Latin letters, found in Han characters, hangul and kana."""

from itertools import product

import pytest
from anyascii import anyascii

from rules.data.tables import rows
from rules.languages import syllables
from rules.languages.syllables import _han, _pinyin, in_latin, readings, readings_of
from rules.matcher import RuleMatcher
from tests.builders import a_rule, a_source, an_article


def found(query: str, title: str, language: str) -> list[str]:
    article = an_article(title, text="", language=language)
    matches = RuleMatcher([a_rule(query)]).matches(article, a_source())
    return [proof.text for match in matches for proof in match.evidence]


@pytest.mark.parametrize(
    ("query", "title", "language", "expected"),
    [
        pytest.param("Hu Jintao", "前国家主席胡锦涛出席", "zh", "胡锦涛", id="pinyin"),
        pytest.param("Hu Jintao", "前國家主席胡錦濤出席", "zh", "胡錦濤", id="traditional"),
        pytest.param("Hu Jintao", "후진타오 전 주석", "ko", "후진타오", id="as hangul hears it"),
        pytest.param("Moon Jae-in", "문재인이 말했다", "ko", "문재인", id="hangul, an ending"),
        pytest.param("Moon Jae In", "文在寅访华", "zh", "文在寅", id="Korean reading of Han"),
        pytest.param("Pham Minh Chinh", "越南总理范明政访华", "zh", "范明政", id="Vietnamese"),
        pytest.param("Ban Ki-moon", "パン・ギムン", "ja", "", id="another spelling is too far"),
    ],
)
def test_names_are_found_sign_by_sign(query: str, title: str, language: str, expected: str) -> None:
    assert found(query, title, language) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("query", "title", "language"),
    [
        pytest.param("Moon Jae-in", "문재인상을 받은 사람", "ko", id="the beginning of a word"),
        pytest.param("Hu Jintao", "胡锦光教授", "zh", id="another name"),
        pytest.param("Li Qiang", "能力强的人", "zh", id="two syllables meet by chance"),
        pytest.param("hu jintao", "胡锦涛", "zh", id="not written as a name"),
        pytest.param("Anna Petrova", "安娜", "zh", id="no East Asian name"),
    ],
)
def test_other_names_are_not(query: str, title: str, language: str) -> None:
    assert found(query, title, language) == []


def test_a_character_is_read_differently_by_language() -> None:
    assert readings("金") >= {"zh:jin", "ko:김", "vi:kim"}
    assert readings("김") == {"ko:김"}
    assert readings("x") == frozenset()


def test_a_name_is_split_by_the_syllables_of_each_language() -> None:
    assert readings_of(["Xi", "Jinping"]) == [({"zh:xi"}, {"zh:jin"}, {"zh:ping"})]
    assert len(readings_of(["Vo", "Van", "Kiet"])) == 1
    assert readings_of(["Angela", "Merkel"]) == []
    assert readings_of(["Li", "Qiang"]) == []


@pytest.mark.parametrize(
    ("query", "title", "language"),
    [
        pytest.param("胡锦涛", "Hu Jintao speaks", "en", id="pinyin"),
        pytest.param("胡錦濤", "Ху Цзиньтао выступил", "ru", id="Cyrillic"),
        pytest.param("胡锦涛", "후진타오 방문", "ko", id="hangul"),
        pytest.param("范明政", "Ông Phạm Minh Chính phát biểu", "vi", id="Vietnamese"),
        pytest.param("문재인", "Moon Jae-in speaks", "en", id="Korean in Latin letters"),
        pytest.param("문재인", "文在寅访华", "zh", id="Korean in Han characters"),
        pytest.param("Hu Jintao", "Ху Цзиньтао выступил", "ru", id="pinyin in Cyrillic"),
    ],
)
def test_a_name_in_signs_is_found_in_other_scripts(query: str, title: str, language: str) -> None:
    assert found(query, title, language)


def test_other_words_in_signs_are_no_names() -> None:
    assert in_latin("公约书") == []
    assert in_latin("日内瓦") == []
    assert in_latin("李强") == []


@pytest.mark.parametrize(
    ("query", "title", "language"),
    [
        pytest.param("Lalita Mamata", "ललिता ममता बोलीं", "hi", id="a vowel that is not written"),
        pytest.param("Andrzej Nowak", "Анджей Новак приехал", "ru", id="Polish letters"),
        pytest.param("Yusuf al-Qadi", "يوسف القاضي", "ar", id="an article written on"),
        pytest.param("Yusuf al-Qadi", "Юсуф аль-Кади приехал", "ru", id="an article apart"),
        pytest.param("يوسف كريم", "Yusuf Karim arrives", "en", id="vowels that Arabic leaves out"),
        pytest.param("Kim Jong Il", "Κιμ Γιονγκ Ιλ", "el", id="Korean letters in Greek"),
        pytest.param("Kim Jong Un", "کم جونگ ان", "ur", id="Korean letters in Urdu"),
        pytest.param("John Novak", "ג'ון נובק הגיע", "he", id="a geresh"),
        pytest.param("Gundars Bergs", "Γκούνταρς Μπεργκς", "el", id="Greek letter pairs"),
        pytest.param("hydrogen reactor", "Hydrogenreaktoren startet", "da", id="a letter of both"),
        pytest.param("atomic reactor", "Der Atomreaktor steht", "de", id="a stem begins it"),
        pytest.param("European forum", "Европейский форум", "ru", id="an adjective's ending"),
        pytest.param("crisis forum", "Forum zur Krise", "de", id="-sis"),
    ],
)
def test_words_are_found_as_other_scripts_and_languages_write_them(
    query: str, title: str, language: str
) -> None:
    assert found(query, title, language)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Chelsea Park", "เชลซี พาร์ค เปิด"),
        ("Donald Musk", "พบโดนัลด์ มัสก์"),
        ("Liverpool City", "ทีมลิเวอร์พูล ซิตี้ ชนะ"),
    ],
)
def test_names_are_found_in_thai_which_parts_no_words(query: str, title: str) -> None:
    assert found(query, title, "th")


def test_the_syllables_of_mandarin_are_those_of_its_characters_one_by_one() -> None:
    each = {anyascii(sign).lower() for sign in _han("han_korean.tsv")}
    assert _pinyin() == {syllable for syllable in each if syllable.isalpha() and len(syllable) < 7}
    assert {"hu", "jin", "tao", "zhuang"} <= _pinyin()


def test_a_syllable_of_korean_may_be_each_hangul_whose_parts_may_be_written_so() -> None:
    expected: dict[str, set[str]] = {}
    parts: dict[str, list[tuple[str, list[str]]]] = {}
    for part, sign, cells in rows("hangul_latin.tsv"):
        parts.setdefault(part, []).append((sign, cells.replace("-", "").split() or [""]))
    for sign, spellings in parts.pop("whole"):
        for spelling in spellings:
            expected.setdefault(spelling, set()).add(sign)
    for every in product(*(parts[each] for each in ("initial", "vowel", "final"))):
        one, two, three = (int(number) for number, _ in every)
        for letters in product(*(spellings for _, spellings in every)):
            sign = chr(0xAC00 + (one * 21 + two) * 28 + three)
            expected.setdefault("".join(letters), set()).add(sign)
    assert {each: syllables._in_hangul(each) for each in expected} == {
        each: "".join(sorted(signs)) for each, signs in expected.items()
    }
    assert [each for each in expected if syllables._in_korean(each) != (each,)] == []
    assert [syllables._in_korean(each) for each in ("minseok", "schroeder", "gg")] == [
        ("min", "seok"),
        (),
        (),
    ]
