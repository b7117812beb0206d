"""Whatever a rule can find, the search index offers; and the quick analysis is the slow one."""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.languages.compounds import LINKS
from rules.languages.inflection import all_endings, prefixes
from rules.matcher import RuleMatcher, by_brute_force
from rules.patterns.word_index import only_joints
from rules.query.lexer import QuerySyntaxError
from rules.query.tree import (
    AllOf,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Near,
    Not,
    Phrase,
    Query,
    Regex,
    Scored,
    Weighted,
    Wildcard,
)
from rules.search.analyzer import Analyser, run_pairs, word_token
from rules.search.candidates import lookup_of
from rules.search.lookup import presearch
from rules.text.folding import fold
from rules.text.lookalikes import in_one_script
from rules.text.tokenizer import words
from storage.api.lookup import Has, HasIn, HasNear, Holding, Lookup
from storage.model import Article, Rule, Variant, VariantState
from tests.builders import a_rule, a_source, an_article
from tests.memory.news import fits as holds

SEEDS = [
    word
    for line in (
        "rail strike Strike database cyber security Hanoi convention Oslo Genève WHO it C++ R&D",
        "a an ministeri järnväg Straße Đà Nẵng ransomware U.S. 3 forsikring kielto Rim Рим",
        "конвенция 公约 河内 公 ハノイ ฮานอย 전쟁 서울 כנסת ועידה",
        "مجلس اتفاقية 'Abd Ἀθῆναι ⑴ ゛か ﷺ 🚀",
    )
    for word in line.split(" ")
]
ENDINGS = ["", *sorted(all_endings())]
BEFORE = ["", *prefixes("")]
JOINTS = ["-", "–", "'", "·", "&", " ", " -", "- ", "/", "."]
LANGUAGES = ["", "en", "sv", "de", "fi", "vi", "he", "ar", "ru", "zh", "th", "ko", "hu", "xx"]

ANY_CASE: list[Callable[[str], str]] = [str, str, str.lower, str.upper, str.capitalize, fold]
BETWEEN = [" ", "-", " of the ", " " * 69, f" {'zu' * 30} ", f" {'.z' * 50} "]
STRANGE = "aZ0.-_'ßıŁ́ไ公ア\u200b(１²"


class Writer:
    """Writes queries about a few words, and texts with what may become of these words."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._seeds = self._chance.choices(SEEDS, k=self._chance.randint(1, 3))

    def rule(self) -> Rule:
        variants = tuple(self._variant() for _ in range(self._chance.choice([0, 0, 1, 3])))
        strictness = self._chance.choice(["exact", "forms", "all", "broad"])
        query = str(self._query(2))
        written_in = tuple(self._chance.sample(LANGUAGES[1:], self._chance.randint(0, 3)))
        return a_rule(
            query, name="r", variants=variants, strictness=strictness, written_in=written_in
        )

    def article(self) -> Article:
        language = self._chance.choice(LANGUAGES)
        title = " ".join(self._text(2).split()) or "x"
        return an_article(title, text=self._text(6), language=language, id="a")

    def phrase(self) -> tuple[Rule, Article]:
        """Return a phrase, and a text that has its words, mostly one behind the other."""
        said = self._chance.choices(self._seeds, k=self._chance.randint(2, 3))
        if self._chance.random() < 0.3:
            said.insert(1, self._chance.choice(["of", "the", "and", "x"]))
        text = "z " * self._chance.randint(0, 40) + self._chance.choice(["", "rail's-", "'", "ไ"])
        for word in said * 2:
            text += self._chance.choice(ANY_CASE)(word) if self._chance.random() < 0.9 else "rail"
            text += self._chance.choice(
                [" ", " ", " ", *JOINTS, *BETWEEN, "'s ", ' "', ") (", ".. "]
            )
        article = an_article("x", text=text, language=self._chance.choice(LANGUAGES), id="a")
        strictness = self._chance.choice(["exact", "forms", "all", "broad"])
        return a_rule(str(Phrase(" ".join(said))), name="r", strictness=strictness), article

    def _word(self) -> str:
        word = self._chance.choice(self._seeds)
        if self._chance.random() < 0.4:
            return word
        cut = self._chance.choice([0, 0, 0, 1, 2])
        changed = word[: max(1, len(word) - cut)] + self._chance.choice(ENDINGS)
        return self._chance.choice(ANY_CASE)(changed)

    def _piece(self) -> str:
        match self._chance.randrange(7):
            case 0:
                return self._word() + self._chance.choice(LINKS) + self._word()
            case 1:
                return self._chance.choice(BEFORE) + self._word()
            case 2:
                return self._word() + self._chance.choice(JOINTS) + self._word()
            case 3:
                word = self._word() + self._chance.choice(["", self._word()])
                at = self._chance.randint(1, 12)
                return word[:at] + self._chance.choice(JOINTS) + word[at:]
            case 4:
                return "".join(self._chance.choices(STRANGE, k=3))
            case _:
                return self._word()

    def _text(self, most: int) -> str:
        pieces = [self._piece() for _ in range(self._chance.randint(1, most))]
        if self._chance.random() < 0.5:
            return " ".join(pieces)
        text = "z " * self._chance.randint(0, 60)
        for piece in pieces:  # so that they stand in several lines
            text += piece + self._chance.choice(BETWEEN)
        return text

    def _words(self, most: int) -> str:
        return " ".join(self._word() for _ in range(self._chance.randint(1, most)))

    def _term(self) -> Query:
        match self._chance.randrange(9):
            case 0:
                return Phrase(self._words(3))
            case 1:
                return Exact(self._word())
            case 2:
                return Wildcard(self._word()[:3] + self._chance.choice(["*", "?", "*n"]))
            case 3:
                return Regex("str[iu]") if self._chance.random() < 0.5 else Wildcard("*base")
            case 4:
                return Keyword(" ".join(self._piece().split()))
            case _:
                return Keyword(self._words(3))

    def _query(self, depth: int) -> Query:
        if depth == 0 or self._chance.random() < 0.4:
            return self._term()
        one, other = self._query(depth - 1), self._query(depth - 1)
        match self._chance.randrange(6):
            case 0:
                return AllOf((one, other))
            case 1:
                return AnyOf((one, other))
            case 2:
                return AllOf((one, Not(other)))
            case 3:
                return Near((self._term(), self._term()), self._chance.randint(0, 3))
            case 4:
                return Field(self._chance.choice(["title", "text", "source"]), self._term())
            case _:
                points = self._chance.choice([-2, 1])
                return Scored(AnyOf((Weighted(one, 2), Weighted(other, points))), 1)

    def _variant(self) -> Variant:
        return Variant(
            language=self._chance.choice(["", "sv", "de", "fr", "ru"]),
            text=self._words(2),
            of=self._chance.choice(["", *self._seeds]),
            kind=self._chance.choice(["user", "word", "name", "acronym", "translation"]),
            state=self._chance.choice(list(VariantState)),
        )


Case = tuple[Rule, Article]


def written(seed: int) -> Case:
    writer = Writer(seed)
    return writer.rule(), writer.article()


def is_readable(case: Case) -> bool:
    try:
        presearch(case[0])
    except QuerySyntaxError:
        return False
    return True


cases = st.integers(0, 2**64).map(written).filter(is_readable)
phrases = st.integers(0, 2**64).map(lambda seed: Writer(seed).phrase()).filter(is_readable)


ANALYSER = Analyser()


def fits(article: Article, holding: Holding) -> bool:
    lines = ANALYSER(article).split("\n")
    return holds(article, [frozenset(line.split()) for line in lines], holding)


class WordsOf:
    """The words of an archive of some articles."""

    def __init__(self, *articles: Article) -> None:
        self._articles = articles
        self.is_heard = False

    def languages(self) -> set[str]:
        return {article.language for article in self._articles} - {""}

    def words(self) -> Iterator[str]:
        self.is_heard = True
        for article in self._articles:
            yield "\n".join(token for token in ANALYSER(article).split() if token[0] not in "^~")


def every_token(lookup: Lookup) -> list[str]:
    if isinstance(lookup, Has):
        return [lookup.token]
    assert lookup.parts
    return [token for part in lookup.parts for token in every_token(part)]


def case(query: str, text: str, language: str, **changes: Any) -> Case:
    rule = a_rule(query, **{"strictness": "forms", **changes})
    return rule, an_article("x", text=text, language=language)


@given(cases)
@example(case("cybersecurity", "cyber security", "en"))
@example(case("cybersecurity", "cybersecuri ty", "en"))
@example(case("cyber security", "Cybersecurityn", "fi"))
@example(case("convention", "Hanoiconventionen", "sv"))
@example(case("ministeri", "Ministerikokous", "fi"))
@example(case("NATO", "הNATO", "he"))
@example(case("公", "河内公", "zh", strictness="exact"))
@example(case("säkerhet lagen", "Säkerhetslagen", "sv"))
@example(case("전쟁हरूले NEAR/0 전쟁", "ו전쟁kami 전쟁", "xx", strictness="broad"))
@example(case("ﷺुतीचा ﷺ forsikring", "Forsikringն ﷺPINiﷺ", "de", strictness="broad"))
@example(case("公 公ીએ", "ไ公公 公", "en", strictness="broad"))
@example(case("Genève", "Geneve", "fr", strictness="all", written_in=("fr",)))
@example(case("cyber säkerhet", "cybersäkerheten", "sv", strictness="all", written_in=("sv",)))
def test_the_search_index_never_hides_what_a_rule_finds(drawn: Case) -> None:
    rule, article = drawn
    matches = by_brute_force([rule], article, a_source())
    assert RuleMatcher([rule]).matches(article, a_source()) == matches
    certain, likely, glance = presearch(rule)
    if matches and certain is not None:
        assert fits(article, certain)
    if matches and likely is not None and rule.strictness in ("exact", "forms"):
        assert fits(article, likely)
    if matches and certain is not None:
        assert glance.of_many([(article.title, article.text)]) == [True]
    held = lookup_of([rule], WordsOf(article))
    if matches and held is not None:
        assert fits(article, held)


@given(phrases)
@example(case('"rail strike"', "The rail's strike", "en"))
@example(case('"rail strike"', 'by rail -- "strike"', "en"))
def test_a_phrase_is_never_hidden(drawn: Case) -> None:
    rule, article = drawn
    certain, _, glance = presearch(rule)
    if by_brute_force([rule], article, a_source()):
        assert certain is None or fits(article, certain)
        assert certain is None or glance.of_many([(article.title, article.text)]) == [True]


@given(cases)
def test_lookups_are_what_every_database_takes(drawn: Case) -> None:
    for lookup in presearch(drawn[0])[:2]:
        for token in every_token(lookup) if lookup is not None else ():
            assert token
            assert token == token.strip()
            assert all(c in "^~=" or c.isalnum() for c in token if c.isascii())


@given(
    st.integers().map(lambda seed: written(seed)[1].text) | st.text(max_size=200),
    st.sampled_from(LANGUAGES),
)
@example("A.B.C. «don't» (U.S.) x_y 3.5% ﷺ ゛", "en")
def test_tokens_are_the_words_that_rules_see(text: str, language: str) -> None:
    words_ = words(in_one_script(text))  # as rules read it
    wanted = {word_token(word.folded) for word in words_ if not word.is_run}
    for word in words_:
        if word.is_run:
            wanted.update(run_pairs(word.folded))
    tokens = ANALYSER(an_article("", text=text, language=language, id="x")).split()
    assert wanted - {""} <= set(tokens)
    extra = {token for token in set(tokens) - wanted - {""} if token[0] not in "~="}
    joined_ones = {
        word_token(left.folded + right.folded)
        for left, right in itertools.pairwise(words_)
        if only_joints(text[left.end : right.start])
    }
    lasts = {word.folded[-1:] for word in words_ if word.is_run}
    lasts.update(letter.lower() for word in words_ if "." in word.text for letter in word.text)
    rests = {word_token(word.folded[at:]) for word in words_ for at in range(len(word.folded))}
    assert extra <= joined_ones | {word_token(last) for last in lasts} | rests


FARTHEST = [" ", " of the ", " the big ", "-", " " * 69, " of" + " " * 60 + "the ", ". ", ", the "]
WORDS_OF = {
    "rail strike": ["rail", "strike"],
    '"rail strike"': ["rail", "strike"],
    "Hanoi convention": ["Hanoi", "convention"],
    "河内 公约": ["在河内签署", "网络犯罪公约"],
    "rail OR (cyber security)": ["cyber", "security"],
}


@pytest.mark.parametrize("query", WORDS_OF)
def test_words_that_stand_in_several_lines_are_near_each_other(query: str) -> None:
    rule = a_rule(query, strictness="forms")
    matcher = RuleMatcher([rule])
    certain = presearch(rule).certain
    assert certain is not None
    across = 0
    for between in FARTHEST:
        for words_ in (WORDS_OF[query], [f"x.{'y' * 26}-{each}" for each in WORDS_OF[query]]):
            for before in range(64):
                text = "-" * before + " " + between.join(words_)
                article = an_article("x", text=text, language="en", id="a")
                if matcher.matches(article, a_source()):
                    assert fits(article, certain)
                    across += not fits(article, in_one_line(certain))
    assert across


def in_one_line(lookup: Lookup) -> Lookup:
    if isinstance(lookup, Has):
        return lookup
    parts = tuple(map(in_one_line, lookup.parts))
    if isinstance(lookup, HasNear):
        return replace(lookup, parts=parts, lines=0)
    return replace(lookup, parts=parts)


GENEVA = Variant(language="de", text="Genf", kind="name")


@pytest.mark.parametrize(
    ("query", "strictness", "written_in", "languages"),
    [
        ("rail strike", "all", ("en",), {"en"}),
        ("rail strike", "broad", ("en", "de"), {"en", "de"}),
        ('"rail strike" OR (rail strike)', "all", ("en",), {"en"}),
        ("Genève", "all", ("fr",), {"de"}),
        ("Genève", "broad", ("fr",), {"fr"}),
    ],
)
def test_where_no_word_is_guessed_the_index_says_what_an_article_must_hold(
    query: str, strictness: str, written_in: tuple[str, ...], languages: set[str]
) -> None:
    rule = a_rule(query, strictness=strictness, written_in=written_in, variants=(GENEVA,))
    (language, *_) = languages
    archive = WordsOf(an_article("x", language=language))
    held = lookup_of([rule], archive)
    assert isinstance(held, HasIn)
    assert held.languages == languages
    assert not archive.is_heard
    assert not fits(an_article("x", text="Nothing of it", language=language), held)
    assert fits(an_article("x", text="Nothing of it", language="xx"), held)


def test_of_several_rules_only_languages_count_in_which_none_has_guesses() -> None:
    english = a_rule("rail strike", name="one", written_in=("en",))
    both = a_rule("rail strike", name="two", written_in=("en", "de"))
    exact = a_rule('"data base"', name="exact")
    archive = WordsOf(an_article("x", language="en"))
    held = lookup_of([english, both, exact], archive)
    assert isinstance(held, HasIn)
    assert held.languages == {"en"}
    assert fits(an_article("x", text="a data base", language="en"), held)
    assert not archive.is_heard


SAID = {
    "Zelenskyy": [("ru", "Зеленский"), ("ja", "ゼレンスキー氏"), ("zh", "泽连斯基说")],
    "Hanoi convention": [("ru", "Ханойская конвенция"), ("th", "อนุสัญญาฮานอย")],
    "Šefčovič": [("sr", "Шефчович"), ("en", "Shefchovich"), ("sq", "Shefçoviçi")],
    "Shefchovich": [("sk", "Šefčovič"), ("sk", "S\u030cefc\u030covic\u030c"), ("tr", "Şefçoviç")],
    "cyber security": [("es", "la ciberseguridad"), ("bg", "киберсекюрити")],
    "Xi Jinping": [("zh", "习近平主席"), ("ko", "시진핑이"), ("tr", "Şi Cinping")],
    "Mohammed bin Salman": [("tr", "Muhammed bin Selman"), ("fa", "محمّد بن سلمان")],
    "Uber Straße": [("de", "Uber Strasse"), ("el", "Ούμπερ Στράσε")],
}  # fmt: skip


@pytest.mark.parametrize("query", SAID)
@pytest.mark.parametrize("strictness", ["all", "broad"])
def test_what_rules_hear_in_articles_they_hear_in_the_words_of_the_archive(
    query: str, strictness: str
) -> None:
    rule = a_rule(query, strictness=strictness)
    articles = [
        an_article("x", text=f"Alpha {text} beta", language=language, id=str(number))
        for number, (language, text) in enumerate(SAID[query])
    ]
    archive = WordsOf(*articles, an_article("Nothing", text="of it", language="en"))
    held = lookup_of([rule], archive)
    assert held is not None
    assert archive.is_heard
    matched = [each for each in articles if RuleMatcher([rule]).matches(each, a_source())]
    assert matched
    assert all(fits(each, held) for each in matched)
    assert not fits(an_article("Nothing", text="of it", language="en"), held)


def test_of_words_longer_than_the_index_has_them_every_article_is_read() -> None:
    rule = a_rule("Geschwindigkeitsbegrenzung Autobahn", strictness="all")
    archive = WordsOf(an_article("x", language="sv"))
    assert lookup_of([rule], archive) is None
    assert not archive.is_heard
