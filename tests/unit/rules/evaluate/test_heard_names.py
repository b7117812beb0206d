"""Names of one word, as they are found in words that are no form of them."""

import pytest

from rules.evaluate.evidence import proven
from rules.evaluate.heard_names import is_only_heard, likeness_of, strength_of
from rules.evaluate.proximity import Occurrence, Span
from rules.languages.match_types import MatchType
from rules.matcher import RuleMatcher, by_brute_force
from rules.patterns.dictionary import may_be_form
from rules.patterns.heard_names import heard_alone
from rules.patterns.planner import Planner
from rules.patterns.rejections import NONE
from rules.patterns.word_index import WordIndex, chunk_words
from rules.query.tree import Keyword
from tests.builders import a_rule, a_source, an_article

SAID_OTHERWISE = ("Trudeau", "Peugeot", "Guzman")
NAMES = ("Moungdun", "Kerman", "Trobon", "Karadag", "Shamsest", "Bolotov", "Tilda")
WORDS = [
    *[("en", each) for each in ("Moundun", "trobong,", "Karadağ", "Kermân.", "the", "Tilde")],
    *[("ru", each) for each in ("Трюдо", "Мунгдун", "«Карадаг»,", "Керманом", "Болотова")],
    *[("ar", each) for each in ("مونغدون", "كيرمين", "والكرمان", "تروبون،")],
    *[("ja", each) for each in ("ケルマンは", "モウンドゥン", "東京都", "トロボン。")],
    *[("zh", each) for each in ("克尔曼", "他说特罗邦今天", "北京")],
    *[("th", each) for each in ("เคอร์มาน", "กรุงเทพ")],
]


@pytest.mark.parametrize("name", [*NAMES, *SAID_OTHERWISE])
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


@pytest.mark.parametrize("name", NAMES)
def test_a_word_is_as_like_a_name_as_all_that_is_made_of_it_says(name: str) -> None:
    index = WordIndex()
    index.is_of_one_word = True
    Planner(index).term(Keyword(name), "all", (), ("en",), {})
    for language, chunk in WORDS:
        words = chunk_words(chunk)
        if may_be_form(words, name.lower(), language) or not is_only_heard(words[0], name):
            continue
        found = [hit.strength for hit in index.analysed(chunk, language).hits]
        like = likeness_of(words[0], name, language)
        assert found == ([] if like is None else [like])


def test_a_name_is_as_sure_as_its_pattern_says() -> None:
    """To the last digit, since alerts show three: half of one is lost in what a mean costs."""
    (word,) = chunk_words("Керман")
    heard = heard_alone("Kerman", ("en",))
    assert heard is not None
    term, (pattern,) = heard[0], heard[0].patterns
    for like in (each / 10_000 for each in range(8_380, 9_200)):
        found = Occurrence(0, 6, 0, MatchType.COGNATE, like, fuzzy=True)
        proofs = proven([Span((found,), 0.0)], pattern, term, "text", word.text, NONE, "ru")
        expected = [proof.strength for proof in proofs]
        strength = strength_of(word, "Kerman", like, "ru", ("en",))
        assert expected == ([] if strength is None else [strength])


@pytest.mark.parametrize("name", [*SAID_OTHERWISE, "Gates", "McDonald", "Amazon"])
def test_what_is_said_otherwise_or_is_no_plain_name_has_patterns(name: str) -> None:
    (word,) = chunk_words("Кедр")
    assert not is_only_heard(word, name)


@pytest.mark.parametrize("name", ["McDonald", "Amazon"])
def test_what_is_no_plain_name_is_made_ready(name: str) -> None:
    assert heard_alone(name, ("en",)) is None


@pytest.mark.parametrize("chunk", ["泰国", "Керман2", "2Керман"])
def test_in_runs_and_numbers_a_name_is_made_ready(chunk: str) -> None:
    assert not is_only_heard(chunk_words(chunk)[0], "Kerman")


@pytest.mark.parametrize(("language", "chunk"), WORDS)
def test_names_that_are_only_heard_are_found_as_by_brute_force(language: str, chunk: str) -> None:
    rules = [a_rule(name, name=name) for name in (*NAMES, *SAID_OTHERWISE)]
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
