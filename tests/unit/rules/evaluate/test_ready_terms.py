"""What is decided of a name of one word before it is made ready, and that it hides nothing."""

from itertools import product

import pytest

from rules.evaluate.ready_terms import ReadyTerm
from rules.index.rule_index import RuleIndex
from rules.languages.match_types import MatchType
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article

NAMES = ["Putin", "Moungdun", "Trump", "Gates", "Lavrov", "Milei", "Vestas", "Sunak", "Sato"]
WORDS = [
    "Putin Putins putin Putinists Poutine PUTIN input Trumpfarbe gate Sato",
    "Путин Путина путин пути Трамп Мунгдун бывает Гейтс Лавров Сато",
    "بوتين وبوتين لافروف لافروب بيت مونغدون منظمة ساتو",
    "פוטין לברוב זינק סונאק プーチン トランプ ミレイ ゲイツ バンク さと すなく",
    "普京 特朗普 拉夫罗夫 普京Putin说 ปูติน ทรัมป์ 푸틴 푸틴의 Πούτιν पुतिन",
    "Trump-Putin ex-Putin Put-in (Putin) Moung-dun Vestasens divestasens",
]
LANGUAGES = ["", "en", "de", "sv", "ru", "ar", "he", "ja", "zh", "th", "ko", "el", "hi", "vi"]


@pytest.mark.parametrize("written_in", [("en",), ("ru",), ("ja", "en"), ()])
def test_what_is_decided_at_once_is_what_trying_every_rule_says(
    written_in: tuple[str, ...],
) -> None:
    rules = [a_rule(name, name=name, written_in=written_in) for name in NAMES]
    matcher = RuleMatcher(rules)
    for words, language in product(WORDS, LANGUAGES):
        article = an_article("x", text=f"{words}. {words.replace(' ', ', ')}", language=language)
        expected = by_brute_force(rules, article, a_source())
        assert matcher.matches(article, a_source()) == expected, (words, language)


def test_many_words_that_are_no_name_hide_none_of_those_that_are() -> None:
    rules = [a_rule("Putin"), a_rule("Moungdun", name="other")]
    text = "Патин, " * 700 + "Путин и Мунгдун " * 30
    for some in (text, text[:2_000] + " Путин"):
        article = an_article("Патин Путин", text=some, language="ru")
        expected = by_brute_force(rules, article, a_source())
        found = RuleMatcher(rules).matches(article, a_source())
        assert [match.rule_id for match in found] == [match.rule_id for match in expected]
        # Brute force also keeps what is none until it has enough, and so may show less.
        for match, other in zip(found, expected, strict=True):
            assert set(other.evidence) <= set(match.evidence)


def _made_ready(query: str) -> ReadyTerm:
    index = RuleIndex([a_rule(query)])
    return index.compiled(index.terms[0])


@pytest.mark.parametrize(
    ("chunk", "language", "proofs"),
    [
        ("Putin,", "de", 1),
        ("путин", "ru", 0),
        ("Бывает", "ru", 0),
        ("بيت", "ar", 0),
    ],
)
def test_what_is_plain_needs_no_patterns(chunk: str, language: str, proofs: int) -> None:
    ready = _made_ready("Putin")
    plain = ready.plainly_in(chunk, "text", language, chunk, 0)
    assert plain is not None
    assert [proof.match_type for proof in plain.proofs] == [MatchType.EXACT] * proofs
    assert ready._made is None


@pytest.mark.parametrize(
    ("query", "chunk", "language"),
    [
        ("Putin", "Путину-то", "ru"),
        ("Trudeau", "Трюдо", "ru"),
        ("Putin", "putins", "sv"),
        ("Putin", "in-Put-in", "de"),
        ("Moungdun", "普京", "zh"),
        ("putin", "Putin", "en"),
        ("Putin treaty", "Putin", "en"),
    ],
)
def test_what_may_be_the_name_and_more_is_looked_at(query: str, chunk: str, language: str) -> None:
    assert _made_ready(query).plainly_in(chunk, "text", language, chunk, 0) is None
