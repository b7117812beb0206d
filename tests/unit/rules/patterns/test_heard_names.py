"""Names of one word, as they are found in words that are no form of them."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from rules.patterns.dictionary import may_be_form
from rules.patterns.heard_names import heard_alone
from rules.patterns.planner import Planner
from rules.patterns.word_index import WordIndex, chunk_words
from rules.query.tree import Keyword
from tests.builders import a_rule, a_source, an_article

NAMES = ("Moungdun", "Kerman", "Trobon", "Karadag", "Shamsest", "Bolotov", "Tilda")
WORDS = [
    *[("en", each) for each in ("Moundun", "trobong,", "Karadağ", "Kermân.", "the", "Tilde")],
    *[("ru", each) for each in ("Мунгдун", "«Карадаг»,", "Керманом", "Болотова", "Тильда")],
    *[("ar", each) for each in ("مونغدون", "كيرمين", "والكرمان", "تروبون،")],
    *[("ja", each) for each in ("ケルマンは", "モウンドゥン", "東京都", "トロボン。")],
    *[("zh", each) for each in ("克尔曼", "他说特罗邦今天", "北京")],
    *[("th", each) for each in ("เคอร์มาน", "กรุงเทพ")],
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("written_in", [("en",), ("",), ("de", "sv")])
def test_a_name_is_heard_as_all_of_it_is_found(name: str, written_in: tuple[str, ...]) -> None:
    index = WordIndex()
    index.is_of_one_word = True
    term = Planner(index).term(Keyword(name), "all", (), written_in, {})
    heard = heard_alone(name, written_in)
    assert heard is not None
    assert heard[0].patterns == term.patterns
    assert (heard[0].label, heard[0].rejected) == (term.label, term.rejected)
    for language, chunk in WORDS:
        if not may_be_form(chunk_words(chunk), name.lower(), language):
            assert heard[1].analysed(chunk, language) == index.analysed(chunk, language)


@pytest.mark.parametrize("name", ["Trudeau", "Gates", "McDonald", "Amazon"])
def test_what_is_said_otherwise_or_is_no_plain_name_is_made_ready(name: str) -> None:
    assert heard_alone(name, ("en",)) is None


@pytest.mark.parametrize(("language", "chunk"), WORDS)
def test_names_that_are_only_heard_are_found_as_by_brute_force(language: str, chunk: str) -> None:
    rules = [a_rule(name) for name in NAMES]
    article = an_article(chunk, text=f"{chunk} {chunk}", language=language)
    found = RuleMatcher(rules).matches(article, a_source())
    assert found == by_brute_force(rules, article, a_source())


def test_a_name_that_is_only_heard_is_not_made_ready() -> None:
    matcher = RuleMatcher([a_rule("Kerman")])
    assert matcher.matches(an_article("x", text="قال كيرمين ثم", language="ar"), a_source())
    (ready,) = matcher._index._ready.values()
    assert ready._made is None
    assert matcher.matches(an_article("x", text="Kermans Rat", language="de"), a_source())
    assert ready._made is not None
