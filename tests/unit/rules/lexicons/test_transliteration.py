"""Names of East Asia, as other languages write their syllables."""

import pytest

from rules.lexicons.transliteration import TransliterationLexicon


def said(term: str, language: str) -> set[str]:
    return {form.text for form in TransliterationLexicon().forms(term) if form.language == language}


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("Deng Xiaoping", "ru", "Дэн Сяопин"),
        ("Deng Xiaoping", "uk", "Ден Сяопін"),
        ("Deng Xiaoping", "cs", "Teng Siao-pching"),
        ("Deng Xiaoping", "hu", "Teng Hsziao-ping"),
        ("Deng Xiaoping", "lv", "Den Sjaopin"),
        ("Zhou Enlai", "cs", "Čou En-laj"),
        ("Zhou Enlai", "hu", "Csou En-laj"),
        ("Zhou Enlai", "sr", "Џоу Енлај"),
        ("Zhu Rongji", "ru", "Чжу Жунцзи"),
        ("Hu Jintao", "bg", "Ху Дзинтао"),
        ("Wang Yi", "ru", "Ван И"),
        ("Park Chung-hee", "cs", "Pak Čung-hi"),
        ("Moon Jae In", "ru", "Мун Чэ Ин"),
    ],
)
def test_a_name_is_written_by_the_system_of_a_language(
    name: str, language: str, expected: str
) -> None:
    assert expected in said(name, language)


@pytest.mark.parametrize(
    "name", ["Дэн Сяопин", "Ден Сяопін", "Дън Сяопин", "Teng Siao-pching", "Teng Hsziao-ping"]
)
def test_a_name_that_is_so_written_is_known_again(name: str) -> None:
    assert "Deng Xiaoping" in said(name, "")


@pytest.mark.parametrize(
    "term",
    [
        "",
        "Deng",
        "deng xiaoping",
        "Angela Merkel",
        "Иван Грозный",
        "Ha Noi Di Da Di",
        "Deng -",
        "東 京",
    ],
)
def test_other_terms_have_none(term: str) -> None:
    assert TransliterationLexicon().forms(term) == ()
