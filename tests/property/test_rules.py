"""Whatever anyone writes: queries round-trip, the parser never crashes, the index hides nothing."""

import string
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.matcher import RuleMatcher, by_brute_force
from rules.query.lint import lint
from rules.query.parse import QuerySyntaxError, parse
from rules.query.tree import (
    FIELDS,
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
    Within,
)
from rules.text.folding import fold, fold_with_offsets
from rules.text.lookalikes import in_one_script
from rules.text.tokenizer import has_words, words
from storage.model import Rule
from tests.builders import a_rule, a_source, an_article

anything = st.text(max_size=60)

raw_words = (
    st.text(
        alphabet=string.ascii_letters
        + "äđØСб국河ハ๓'-+#.:|=/\\()\"“*?^><12–−（）：｜！!&~≥＝‹\u200b",
        min_size=1,
        max_size=8,
    )
    .map(str.strip)
    .filter(lambda text: has_words(text) and not text.isspace())
) | st.sampled_from(
    ["AND", "or", "NOT", "NEAR", "NEAR/3", "near/5", "w/5", "&&", "score", "within:7d", "title:x"]
).filter(has_words)
keywords = st.lists(raw_words, min_size=1, max_size=3).map(lambda parts: Keyword(" ".join(parts)))
phrases = st.lists(raw_words, min_size=1, max_size=3).map(lambda parts: Phrase(" ".join(parts)))
exacts = raw_words.map(Exact)
wildcards = st.sampled_from(
    ["cyber*", "w?man", "*quake", "or*?ation", "网络*", "-ab*", "=ab*", "ab:*", "data-ba*", "ab~*"]
).map(Wildcard)
regexes = st.sampled_from(
    ["a+b", r"\d{4}", r"a\/b", "a/b", r"(?-i)WHO\b", "a b", "[)(]x", r"\\x", "x^y"]
).map(Regex)
terms = keywords | phrases | exacts | wildcards | regexes


def composed(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    two = st.lists(parts, min_size=2, max_size=3).map(tuple)
    places = st.lists(terms, min_size=2, max_size=3).map(tuple)
    weight = st.sampled_from([0.5, 1.0, 3.0, 12.25])
    weighted = st.builds(Weighted, terms | parts, weight)
    taking = st.builds(Weighted, terms, st.sampled_from([-0.5, -3.0]))
    pair = st.tuples(weighted, weighted | taking)
    return st.one_of(
        st.builds(AllOf, two),
        st.builds(AnyOf, two),
        st.builds(Not, parts),
        st.builds(Near, places, st.integers(0, 50)),
        st.builds(
            Field,
            st.sampled_from([name for name in FIELDS if name != "language"]),
            terms | st.builds(AnyOf, places),
        ),
        st.builds(Field, st.just("language"), st.sampled_from(["sv", "vi"]).map(Keyword)),
        st.builds(Field, st.just("language"), st.just(AnyOf((Keyword("sv"), Keyword("vi"))))).map(
            Not
        ),
        st.integers(1, 5_000).map(lambda minutes: Within(timedelta(minutes=minutes))),
        weighted,
        st.builds(Scored, weighted | st.builds(AnyOf, pair), weight),
    )


queries = st.recursive(terms, composed, max_leaves=6)


@given(queries)
@example(Keyword("A\u0421"))  # letters of two scripts that look alike: read as one of them
def test_a_query_written_out_is_read_back_the_same(query: Query) -> None:
    written = str(query)
    is_as_read = in_one_script(written) == written
    query = query if is_as_read else parse(written)
    assert parse(str(query)) == query


PIECES = ["(", ")", '"', "OR", "NOT", "-", "title:", "NEAR/3", "^2", "score>=2", "/", "=", "*"]
PIECES += [
    "AND",
    "!",
    "–",
    "（",
    "：",
    "language:",
    "within:",
    "ab*",
    "/a+/",
    "^-2",
    "\\",
    "\u200f",
]


@given(anything | st.lists(raw_words | st.sampled_from(PIECES)))
@example("\\\r0")
def test_the_parser_answers_or_points_at_a_place(text: str | list[str]) -> None:
    text = text if isinstance(text, str) else " ".join(text)
    try:
        query = parse(text)
    except QuerySyntaxError as error:
        place, sentence = error.position, str(error)
    else:
        assert parse(str(query)) == query
        assert all("\n" not in str(finding) for finding in lint(query, strictness="broad"))
        return
    assert 0 <= place <= len(text)
    assert sentence.startswith("expected ")


@given(anything)
@example("ﾊﾟ\u0301")
@example("İ\u200dß")
def test_folding_twice_changes_nothing_and_places_lead_back(text: str) -> None:
    for word in words(text):
        assert text[word.start : word.end] == word.text
        assert word.folded
        assert fold(word.folded) == word.folded
        folded, offsets = fold_with_offsets(word.text)
        assert len(offsets) == len(folded) + 1
        assert offsets == sorted(offsets)


VOCABULARY = [
    word
    for line in (
        "rail rails strike Strike strikes bus data base database data-base Oslo Осло конвенция",
        "Convention convention. Osloconvention 河内公约 公约 ハノイ Hanoi hanoi, (Hanoi)",
        "อนุสัญญาฮานอย",
        "Cybersecuritypolicy Databaseconvention kybernetická strike-bus data bases ransom ware",
        "the of de . , WHO who C++ C R&D cyber cybersecurity ciberseguridad security Geneva Женева",
    )
    for word in line.split(" ")
]
QUERY_WORDS = [
    "ransomware",
    "rail",
    "strike",
    "bus",
    "database",
    "Oslo",
    "Convention",
    "Hanoi",
    "公约",
    "ハノイ",
]
QUERY_WORDS += [
    "hanoi",
    "convention",
    "Cyber",
    "Осло",
    "ฮานอย",
    "WHO",
    "C++",
    "R&D",
    "cyber",
    "security",
    "Geneva",
    "the",
]

small_terms = st.one_of(
    st.lists(st.sampled_from(QUERY_WORDS), min_size=1, max_size=3).map(
        lambda parts: Keyword(" ".join(parts))
    ),
    st.lists(st.sampled_from(QUERY_WORDS), min_size=1, max_size=2).map(
        lambda parts: Phrase(" ".join(parts))
    ),
    st.sampled_from([Exact("WHO"), Wildcard("cyber*"), Wildcard("*base"), Regex("str[iu]")]),
)
small_queries = st.recursive(
    small_terms,
    lambda parts: st.one_of(
        st.builds(AllOf, st.tuples(parts, parts)),
        st.builds(AnyOf, st.tuples(parts, parts)),
        st.builds(Not, parts),
        st.builds(Near, st.tuples(small_terms, small_terms), st.integers(0, 3)),
        st.builds(Field, st.sampled_from(["title", "text"]), small_terms),
        st.builds(
            lambda one, other, points, least: Scored(
                AnyOf((Weighted(one, 2), Weighted(other, points))), least
            ),
            *(small_terms, small_terms, st.sampled_from([-2, -1, 1]), st.integers(1, 3)),
        ),
    ),
    max_leaves=5,
)
rules = st.lists(
    st.tuples(small_queries, st.sampled_from(["exact", "forms", "all", "broad"])),
    min_size=1,
    max_size=6,
)
texts = st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join)


def _rules(drawn: list[tuple[Query, str]]) -> list[Rule]:
    return [
        a_rule(str(query), name=f"rule {number}", strictness=strictness)
        for number, (query, strictness) in enumerate(drawn)
    ]


@settings(deadline=None)  # the first call reads tables
@given(rules, texts, texts, st.sampled_from(["", "en", "sv", "ru", "zh"]))
def test_the_index_never_hides_a_match(
    drawn: list[tuple[Query, str]], title: str, text: str, language: str
) -> None:
    article = an_article(title or "x", text=text, language=language)
    every = _rules(drawn)
    matcher = RuleMatcher(every)
    assert matcher.broken == {}
    matches = matcher.matches(article, a_source())
    assert matches == by_brute_force(every, article, a_source())
    for match in matches:
        assert 0 < match.score <= 1
        for proof in match.evidence:
            field = article.title if proof.field == "title" else article.text
            assert field[proof.start : proof.end] == proof.text


@given(rules, texts, st.sampled_from(["", "en", "sv", "cs"]))
@example([(Keyword("Oslo"), "all"), (Keyword("oslo"), "all")], "Oslo oslo", "en")
@example(
    [(Keyword("convention"), "all"), (Keyword("Geneva convention"), "all")],
    "Geneva Osloconvention",
    "sv",
)
@example(
    [(Keyword("cyber security"), "all"), (Keyword("cyber"), "broad")], "kybernetická cesta", "cs"
)
def test_rules_do_not_disturb_each_other_and_order_of_adding_does_not_matter(
    drawn: list[tuple[Query, str]], text: str, language: str
) -> None:
    article = an_article("x", text=text, language=language)
    every = _rules(drawn)
    alone = [match for rule in every for match in RuleMatcher([rule]).matches(article, a_source())]
    one_by_one = RuleMatcher([])
    for rule in every:
        one_by_one.add(rule)
    assert RuleMatcher(every).matches(article, a_source()) == alone
    assert one_by_one.matches(article, a_source()) == alone
