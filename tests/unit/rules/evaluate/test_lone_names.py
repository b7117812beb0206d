"""Which words are other spellings of a name of one word, whoever looks for it."""

import pytest

from rules.evaluate.lone_names import Said, is_less, is_said_so
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article


def _found(name: str, text: str, language: str) -> bool:
    rules, article = [a_rule(name)], an_article("x", text=f"({text})", language=language)
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches
    return bool(matches)


@pytest.mark.parametrize(
    ("name", "other", "language"),
    [
        ("Amiens", "Miens", "de"),
        ("Oldenburg", "Ldenburg", "fr"),
        ("Merson", "Emerson", "fr"),
        ("Emerson", "Мерсон", "ru"),
        ("O'Brien", "Brien", "fr"),
        ("O’Neill", "Neill", "fr"),
        ("O'Neill", "Neill", ""),
        ("O'Connor", "Коннор", "ru"),
    ],
)
def test_what_lacks_the_vowel_that_begins_a_name_is_another(
    name: str, other: str, language: str
) -> None:
    assert not _found(name, other, language)


@pytest.mark.parametrize(
    ("name", "same", "language"),
    [
        ("Stockholm", "Estocolmo", "es"),
        ("Mbappe", "Embape", "es"),
        ("Jerusalem", "Иерусалим", "ru"),
        ("Huntsville", "Untsville", "fr"),
        ("Wellington", "Уэллингтон", "ru"),
        ("Emerson", "Эмерсон", "ru"),
        ("O'Connor", "ОКоннор", "ru"),
        ("O'Connor", "OConnor", "de"),
        ("O'Connor", "오코너는", "ko"),
    ],
)
def test_other_languages_may_begin_with_a_vowel(name: str, same: str, language: str) -> None:
    assert _found(name, same, language)


@pytest.mark.parametrize(("language", "is_found"), [("", False), ("pt", True)])
def test_of_what_lists_have_nothing_is_guessed_where_the_language_is_not_known(
    language: str, *, is_found: bool
) -> None:
    listed = Variant(language="pl", text="Mołdawia", of="Moldova", kind="name")
    rules = [a_rule("Moldova", variants=(listed,))]
    article = an_article("x", text="We went to Maldova.", language=language)
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches
    assert bool(matches) == is_found


@pytest.mark.parametrize(
    ("name", "other", "language"),
    [
        ("Krauss", "Cross", "de"),
        ("Kerner", "Corners", "nl"),
        ("Patino", "Putin", "es"),
        ("Pelaez", "Policija", "lv"),
        ("Carman", "Jerman", "ms"),
        ("Gorman", "Кирнан", "ru"),
        ("Crouch", "Креста", "ru"),
        ("Theroux", "Treks", "lv"),
        ("Schaller", "সালে", "bn"),
        ("Farley", "法律", "zh"),
        ("Schiff", "西弗", "zh"),
        ("Crider", "Шредер", "mk"),
        ("Jarmon", "Германия", "ru"),
        ("Mosier", "Μιζούρι", "el"),
        ("Vassallo", "Васила", "bg"),
        ("Biden", "Баден", "ru"),
        ("Terrace", "テレサ", "ja"),
        ("Rousey", "Russia", "it"),
        ("Mallet", "Мало", "ru"),
        ("Paquin", "Пекин", "ru"),
        ("Gragg", "Грег", "ru"),
        ("Peery", "Πέρι", "el"),
        ("Weinstein", "Feinstein", "de"),
        ("Feinstein", "Вайнштейн", "ru"),
        ("Weinstein", "Файнстайн", "bg"),
        ("Scholz", "Schools", "sv"),
        ("Newsom", "News", "pl"),
        ("Nadal", "Nad", "et"),
        ("Jack Ma", "Jackman", "de"),
    ],
)
def test_what_shares_little_but_consonants_is_another(name: str, other: str, language: str) -> None:
    assert not _found(name, other, language)


@pytest.mark.parametrize(
    ("name", "same", "language"),
    [
        ("Khamenei", "Chamenei", "de"),
        ("Netanyahu", "Netanjahu", "pl"),
        ("Mirziyoyev", "Mirzioïev", "fr"),
        ("Weinstein", "Вайнштейн", "ru"),
        ("Guardiola", "Гвардиола", "ru"),
        ("Novak", "Νόβακ", "el"),
        ("Villarreal", "ვილიარეალი", "ka"),
        ("Warren", "沃伦", "zh"),
        ("Victoria", "维多利亚", "zh"),
    ],
)
def test_what_differs_as_transcriptions_do_is_the_same(name: str, same: str, language: str) -> None:
    assert _found(name, same, language)


def test_one_sign_says_no_name_however_like_it_is() -> None:
    assert not is_said_so(Said("唐", "Dionne", 0.99, "zh", is_only_said=True), ())
    assert not _found("Doyle", "내일 될 일", "ko")
    assert is_said_so(Said("维多利亚", "Victoria", 0.99, "zh"), ())


@pytest.mark.parametrize(
    ("name", "less", "language"),
    [
        pytest.param("Hans", "igår kom han hem", "sv", id="a small word"),
        pytest.param("Hans", "Han kom hjem i går", "da", id="with the capital of a sentence"),
        pytest.param("Tara", "hun tar toget hjem", "no", id="a common word"),
        pytest.param("Sigi", "hann hvílir sig í dag", "is", id="where names have cases"),
    ],
)
def test_a_common_word_with_less_in_it_is_no_form_of_a_name(
    name: str, less: str, language: str
) -> None:
    assert not _found(name, less, language)


@pytest.mark.parametrize(
    ("name", "form", "language"),
    [
        pytest.param("Olof", "vi läste Olofs brev", "sv", id="with an ending"),
        pytest.param("Anna", "dopis od Anny přišel", "cs", id="a capital where names have cases"),
        pytest.param("Dalmira", "w domu Dalmiry", "pl", id="no common word"),
    ],
)
def test_forms_of_a_name_are_found(name: str, form: str, language: str) -> None:
    assert _found(name, form, language)


def test_what_is_a_common_word_in_the_language_of_a_rule_is_no_name() -> None:
    assert not is_less("vision", "Visions", "fr", ["en"])
    assert is_less("vision", "Visions", "fr", [])
