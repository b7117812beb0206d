"""How far words are from how their scripts would write a name."""

import pytest

from rules.evaluate.name_spelling import (
    _MOST,
    distance,
    is_another,
    is_spelled_as_said,
    is_spelled_so,
    is_written_so,
    parts_of,
    told_by_letters,
)


@pytest.mark.parametrize(
    ("name", "written", "language"),
    [
        pytest.param("Lindner", "לינדנר", "he", id="a yod for an i"),
        pytest.param("Moreno", "ולמורנו", "he", id="behind what is written onto it"),
        pytest.param("Volkov", "וולקוב", "he", id="a double vav"),
        pytest.param("Esposito", "אספוזיטו", "he", id="an alef that bears a vowel"),
        pytest.param("Pereira", "פריירה", "he", id="a final he"),
        pytest.param("Strand", "استرند", "fa", id="an alef before two consonants"),
        pytest.param("Clapton", "کلپٹن", "ur", id="short vowels left out"),
        pytest.param("Novotny", "नोवोत्नी", "hi", id="vowels as they are"),
        pytest.param("Lindner", "ლინდნერმა", "ka", id="an ending"),
        pytest.param("Moreno", "모레노", "ko", id="a syllable a vowel"),
        pytest.param("Garner", "ガーナー", "ja", id="an r left out"),
    ],
)
def test_a_name_is_spelled_as_its_script_writes_names(
    name: str, written: str, language: str
) -> None:
    assert is_spelled_so(written, name, language)


@pytest.mark.parametrize(
    ("name", "written", "language"),
    [
        pytest.param("Moreno", "מרינה", "he", id="a yod and no vav"),
        pytest.param("Lindner", "לונדון", "he", id="another vowel, no r"),
        pytest.param("Garner", "גרנים", "he", id="an ending of no name"),
        pytest.param("Strand", "اشتراط", "ar", id="another vowel and consonant"),
        pytest.param("Garner", "गिरना", "hi", id="other vowels"),
        pytest.param("Moreno", "மாறினார்", "ta", id="other vowels before an ending"),
    ],
)
def test_what_has_other_vowels_is_spelled_otherwise(name: str, written: str, language: str) -> None:
    assert not is_spelled_so(written, name, language)


def test_just_its_sounds_are_no_distance() -> None:
    assert distance("პერეირა", "Pereira", "ka") < 0.3
    assert distance("ბრაზილია", "Pereira", "ka") > 1.0


@pytest.mark.parametrize(
    ("name", "written", "language", "expected"),
    [
        pytest.param("Corea", "कोरियाई", "hi", True, id="from a country's name"),
        pytest.param("Hungar", "בהונגריה", "he", True, id="in a country"),
        pytest.param("Novotny", "नोवोत्नी", "hi", False, id="nothing else"),
    ],
)
def test_what_a_place_is_called_is_another(
    name: str, written: str, language: str, *, expected: bool
) -> None:
    assert is_another(written, name, language) is expected


@pytest.mark.parametrize(
    ("name", "written", "language", "expected"),
    [
        pytest.param("Taremi", "طارمی", "fa", False, id="all but it, and its letters"),
        pytest.param("Mamata", "মমতা", "bn", False, id="so near that letters need say less"),
        pytest.param("Ghalibaf", "قالیباف", "fa", False, id="less near, but letters say much"),
        pytest.param("Pava", "পাবার", "bn", True, id="as near, but not its letters"),
        pytest.param("Hefla", "להפליא", "he", True, id="less near, and letters say less"),
        pytest.param("Histhend", "هستند", "fa", True, id="its letters, but far"),
    ],
)
def test_a_further_word_is_the_name_that_its_letters_say(
    name: str, written: str, language: str, *, expected: bool
) -> None:
    assert is_another(written, name, language) is expected


def test_what_is_only_said_must_be_nearer() -> None:
    assert is_spelled_as_said("पॉवेल", "povel", "hi")
    assert is_spelled_so("पालू", "pauel", "hi")
    assert not is_spelled_as_said("पालू", "pauel", "hi")


def test_giving_up_early_changes_nothing_that_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["Moreno", "Strand", "Garner", "Pereira", "Novotny", "Lindner", "Clapton", "Esposito"]
    words = [
        ("he", "לינדנר מורנו מרינה לונדון גרנים אספוזיטו פריירה וולקוב"),
        ("ar", "استرند اشتراط مورينو غارنر كلابتون"),
        ("hi", "नोवोत्नी गिरना कोरियाई मोरेनो"),
        ("ka", "ლინდნერმა პერეირა ბრაზილია მორენო"),
    ]
    asked = [
        (word, name, language)
        for language, some in words
        for word in some.split()
        for name in names
    ]
    few = [distance.__wrapped__(*each) for each in asked]
    monkeypatch.setattr("rules.evaluate.name_spelling._TOO_FAR", float("inf"))
    every = [distance.__wrapped__(*each) for each in asked]
    assert max(every) > max(map(max, _MOST.values())) > min(every)
    for one, other in zip(few, every, strict=True):
        assert one == other or min(one, other) > max(map(max, _MOST.values()))


@pytest.mark.parametrize(
    ("name", "written", "language"),
    [
        pytest.param("Lindner", "린트너", "ko", id="hangul"),
        pytest.param("Garner", "가너는", "ko", id="an ending"),
        pytest.param("Schumer", "شومر", "ur", id="as English would spell it"),
        pytest.param("Moreno", "ולמורנו", "he", id="behind what is written onto it"),
        pytest.param("Gates", "गेट्स", "hi", id="as it is said"),
        pytest.param("Qasim", "قاسم", "ar", id="a letter that few names have"),
        pytest.param("Pereira", "პერეირამ", "ka", id="Georgian"),
        pytest.param("Novotny", "নোভোৎনি", "bn", id="Bengali"),
        pytest.param("Novotny", "நோவோட்னி", "ta", id="Tamil"),
    ],
)
def test_a_name_is_written_with_the_letters_for_its_own(
    name: str, written: str, language: str
) -> None:
    assert is_written_so(written, name, language)


@pytest.mark.parametrize(
    ("name", "written", "language"),
    [
        pytest.param("Botro", "빠뜨려", "ko", id="letters of no name"),
        pytest.param("Tanger", "딴것", "ko", id="another last sound"),
        pytest.param("Zorkhit", "صرحت", "ar", id="a letter that nothing in the name asks for"),
        pytest.param("Haskei", "השקיע", "he", id="a last letter of verbs"),
        pytest.param("Histhend", "حصلند", "fa", id="other letters for its sounds"),
        pytest.param("Sumchat", "সমস্ত", "bn", id="vowels that are not there"),
    ],
)
def test_what_only_sounds_like_a_name_is_written_with_other_letters(
    name: str, written: str, language: str
) -> None:
    assert not is_written_so(written, name, language)


def test_a_very_long_name_is_told_by_its_sound() -> None:
    assert told_by_letters("버킹엄셔의", "Buckinghamshire", "ko") < 0
    assert is_written_so("버킹엄셔의", "Buckinghamshire", "ko")


def test_letters_tell_nothing_where_nobody_counted_them() -> None:
    assert is_written_so("빠뜨려", "Botro", "")  # as the language is not known
    assert is_written_so("Botro", "Garner", "ko")
    assert is_written_so("빠뜨려", "Ботро", "ko")


def test_parts_are_without_prefixes_or_endings_and_as_it_is_written() -> None:
    assert list(parts_of("ולמורנו", "he")) == ["ולמורנו", "מורנו", "למורנו"]
    assert list(parts_of("가너에서는", "ko")) == ["가너에서는", "가너에서", "가너"]
    assert list(parts_of("एंजेला", "hi")) == ["एंजेला", "एंजेल"]
