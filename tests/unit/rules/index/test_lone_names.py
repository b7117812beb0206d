"""Names of one word in texts without capitals, before they are looked at closely."""

import pytest

from rules.index.memory.scan import Scan
from rules.index.rule_index import RuleIndex
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


def _may_hold(query: str, text: str, language: str = "ar") -> bool:
    index = RuleIndex([a_rule(query)])
    terms = index.in_language(language)
    return bool(terms.met(Scan(terms.table.engine, text)).terms)


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("Moungdun", "منظمة"),
        ("Heharchou", "الحرة"),
        ("Shoutchas", "شخصية"),
        ("Takleing", "اعتقالين"),
    ],
)
def test_a_common_word_is_no_name_that_it_sounds_like(query: str, word: str) -> None:
    """Nor is it with an article or an ending."""
    article = an_article("x", text=f"قال {word} ثم", language="ar")
    assert not by_brute_force([a_rule(query)], article, a_source())
    assert not _may_hold(query, article.text)


@pytest.mark.parametrize(
    ("query", "word"), [("Moungdun", "مونغدون"), ("Shoutchas", "شوتشاس"), ("Kerman", "كيرمين")]
)
def test_a_word_that_is_not_common_may_be_a_name(query: str, word: str) -> None:
    article = an_article("x", text=f"قال {word} ثم", language="ar")
    assert len(by_brute_force([a_rule(query)], article, a_source())) == 1
    assert len(RuleMatcher([a_rule(query)]).matches(article, a_source())) == 1


def test_a_word_whose_consonants_say_too_little_is_not_looked_at() -> None:
    article = an_article("x", text="قال لافروب ثم", language="ar")
    assert not by_brute_force([a_rule("Lavrov")], article, a_source())
    assert not _may_hold("Lavrov", article.text)
    assert _may_hold("Lavrov", "قال لافروف ثم")


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Mirando", "قال مرندي ثم", "ar"),  # a vowel at its end that the name has not
        ("Velindo", "ブルント", "ja"),
        ("Bokli", "彼は布克利と", "ja"),  # too few letters to be told where no word begins
        ("Bokar", "บอกา", "th"),
        ("Karlsson", "قال Karlssan ثم", "ar"),  # letters of the name's own script say it as it is
        ("Karlo", "قال Karlo ثم Karla", "ar"),
        ("Kerner", "Im Gorners begann es", "de"),  # its own letters are nearer
        ("Talvik", "Сказал Деливик вчера", "ru"),  # too far in any letters
        ("Griba", "Eine Gripa kam", "de"),  # so few letters are told in others only
        ("Torland", "他让托伦德说", "zh"),  # three signs must say nearly all of it
        ("Baring", "他让巴伦说", "zh"),  # and two still more
        ("Darceau", "ダルセオ", "ja"),  # near to nothing that is said for it
        ("Darceau", "Сказал Дарсео вчера", "ru"),
        ("Darceau", "قال درسو ثم", "ar"),  # nor is that so nearly its consonants
    ],
)
def test_what_no_script_writes_so_is_not_looked_at(query: str, text: str, language: str) -> None:
    article = an_article("x", text=text.replace(query, ""), language=language)
    assert not by_brute_force([a_rule(query)], article, a_source())
    assert not _may_hold(query, article.text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Merlano", "قال مرلنو ثم", "ar"),
        ("Velindo", "ヴェリンド", "ja"),
        ("Torving", "トルヴィング", "ja"),  # ng is one sound
        ("Pedowulen", "قال بدووولنية ثم", "ar"),  # two letters that say a consonant and a vowel
        ("Karlsson", "قال Carlson ثم", "ar"),
        ("Karlssön", "قال Karlssan ثم", "ar"),  # none of letters a-z
        ("Stokelm", "Das Estokelm begann", "de"),  # a vowel that only one begins with
        ("Moldevan", "Сказал Молдован вчера", "ru"),  # other letters may have another vowel
        ("Griba", "Сказал Гриба вчера", "ru"),
        ("Krask", "クラスク", "ja"),  # its spelling tells so few letters
        ("Toralvik", "קרא תורלוויק", "he"),
        ("Carlsen", "他让卡尔森说", "zh"),
        ("Barren", "他让巴伦说", "zh"),
        ("Kestrel", "英国公司凯斯特雷尔破产", "zh"),  # 司 writes names, too, and ends a company
        ("Coulange", "クランジュ", "ja"),  # as it may be said
        ("Rousselle", "Сказал Руссель вчера", "ru"),
    ],
)
def test_what_a_script_may_write_so_is_looked_at(query: str, text: str, language: str) -> None:
    article = an_article("x", text=text, language=language)
    rules = [a_rule(query)]
    assert _may_hold(query, text, language)
    assert RuleMatcher(rules).matches(article, a_source()) == by_brute_force(
        rules, article, a_source()
    )
