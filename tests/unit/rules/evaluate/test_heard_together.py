"""Names of several words where nothing has capitals: no two words that stand together."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article


def found(name: str, text: str, language: str) -> bool:
    article = an_article("", text=text, language=language)
    by_index = RuleMatcher([a_rule(name)]).matches(article, a_source())
    assert by_index == by_brute_force([a_rule(name)], article, a_source())
    return bool(by_index)


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        pytest.param(
            "Tyrone Hillyer", "אלפי תיירים לראות את הים", "he", id="neither is spelled so"
        ),
        pytest.param(
            "Vickie Hutson", "시장은 비가 그친 뒤에 말했다", "ko", id="one is not, none surely"
        ),
        pytest.param("Kay Barros", "انہوں نے بارش کے بعد بتایا", "ur", id="turned"),
        pytest.param("Jamie Boucher", "সরকার আগামী বছর দাম বাড়াবে", "bn", id="common words"),
        pytest.param("Ana Ottinger", "அடுத்த ஆண்டு தண்ணீர் வரும்", "ta", id="one beside a common word"),
        pytest.param(
            "Alan Duenas", "وصلت الرئيسة الإندونيسية إلى المدينة", "ar", id="one word is all"
        ),
        pytest.param("Pat Rich", "Patrick Berg sa det i går", "no", id="a longer first name"),
        pytest.param("Mark Rutte", "De markerade vägen i går", "sv", id="a word with an ending"),
        pytest.param("Sue Baker", "기다릴 수밖에 없었다", "ko", id="a word of syllables"),
        pytest.param("Bill Bell", "সে বলতে বলতে চলে গেল", "bn", id="one word said twice"),
        pytest.param("Rose West", "Вчера Вестер Рос сказал", "ru", id="turned, and farther"),
    ],
)
def test_words_that_sound_like_a_name_by_chance_are_none(
    name: str, text: str, language: str
) -> None:
    assert not found(name, text, language)


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        pytest.param("Lionel Messi", "سجل أمس ليونيل ميسي هدفين", "ar", id="behind a common word"),
        pytest.param(
            "Shinzo Abe", "일본의 아베 신조 총리가 말했다", "ko", id="turned, and spelled so"
        ),
        pytest.param("Usain Bolt", "הרץ יוסיין בולט ניצח שוב", "he", id="one is a common word"),
        pytest.param(
            "Ashraf Ghani", "قال أشرف غني في خطاب", "ar", id="both are, and just the name"
        ),
        pytest.param("Bernie Sanders", "سناتور برنی سندرز گفت", "fa", id="one is spelled surely"),
        pytest.param("Mitch McConnell", "नेता मिच मैककोनेल ने कहा", "hi", id="two parts as one"),
        pytest.param("DiCaprio", "השחקן דיקפריו אמר", "he", id="all of it as one"),
        pytest.param("Nora Lind", "Линд Нора сказала это", "ru", id="turned, and just it"),
        pytest.param("Roger Federer", "어제 로저 페더러 선수가 이겼다", "ko", id="neither surely"),
    ],
)
def test_a_name_is_found_as_its_script_spells_it(name: str, text: str, language: str) -> None:
    assert found(name, text, language)


def test_nor_is_what_sounds_like_a_variant_of_a_part_by_chance() -> None:
    variant = Variant(
        language="", text="i-Georgia", of="Georgia", kind="name", source="place names", score=0.92
    )
    rule = a_rule("Georgia Ardoin", variants=(variant,))
    article = an_article("", text="بعد خروج بريطانيا من السوق", language="ar")
    assert not RuleMatcher([rule]).matches(article, a_source())
