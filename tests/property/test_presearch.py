"""Nothing is hidden: what the presearch leaves is all that trying every rule would find."""

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.matcher import RuleMatcher, by_brute_force
from rules.text.tokenizer import words
from storage.model import Article, Match, Rule, Variant, VariantState
from tests.builders import a_rule, a_source, an_article

TEXT_WORDS = [
    word
    for line in (
        "Hanoi Hanoi-konventionen hanoikonventionen konventionen konventioner Konvention konvence",
        "convention conventions Convención convencao Конвенция конвенции Ханой Ханойская Ханоя",
        "Σύμβαση Ανόι اتفاقية هانوي ותקנת האנוי сыбербезопасность кибербезопасность кибер",
        "cybersecurity cyber-security cyber security ciberseguridad kybernetická bezpečnost",
        "data base database databases datenbank Datenbankkonvention Osloer Oslo Осло オスロ",
        "ハノイ条約 河内公约 公约 公 อนุสัญญาฮานอย ฮานอย 하노이 하노이에서 협약 hà nội Hà Nội",
        "harbour harbours harbor havn havneområde hamnstrejk strejk strejken hamnarbetare strike",
        "the of in and de la . , ; WHO who IT it-brott EU Europe europeisk C++ U.N. UN nations",
        "Nuklearreaktor nuklearreaktorn nuklear reaktor Cyberkonvention kyberkonvence kyber",
        "united Nations Förenta nationerna Vereinte Nationen Geneva Genève genevois Женева Женеве",
    )
    for word in line.split(" ")
]
RULE_WORDS = [
    "Hanoi", "convention", "Convention", "cyber", "security", "cybersecurity", "database", "Oslo",
    "harbour", "strike", "WHO", "EU", "UN", "Geneva", "公约", "河内", "Ханой", "конвенция", "hamn",
    "strejk", "nations", "nuclear", "reactor", "of", "the",
    "C++", "it-brott", "data", "ฮานอย", "하노이", "Xi", "Jinping",
]  # fmt: skip
LANGUAGES = ["", "en", "sv", "de", "ru", "zh", "ja", "th", "ko", "ar", "he", "vi", "cs", "es"]

keywords = st.lists(st.sampled_from(RULE_WORDS), min_size=1, max_size=3).map(" ".join)
queries = st.one_of(
    keywords,
    keywords.map(lambda text: f'"{text}"'),
    st.tuples(keywords, keywords).map(" AND ".join),
    st.tuples(keywords, keywords).map(" OR ".join),
    st.tuples(keywords, keywords).map(" NEAR/4 ".join),
    st.tuples(keywords, keywords, keywords).map(lambda three: "({} OR {}) NOT {}".format(*three)),
    st.tuples(keywords, keywords).map(lambda two: f"({two[0]})^2 OR ({two[1]})^3 score>=3"),
    keywords.map(lambda text: f"title:({text}) OR strej*"),
)
NUKLEAR = Variant(
    language="de", text="nuklear", of="nuclear", kind="word", score=0.9, state=VariantState.ACTIVE
)
spans = st.sampled_from(["", *RULE_WORDS, "Hanoi convention", "cyber security"])
variants = st.lists(
    st.builds(
        Variant,
        language=st.sampled_from(["", "sv", "de", "ru", "zh"]),
        text=st.lists(st.sampled_from(TEXT_WORDS[:-10]), min_size=1, max_size=2)
        .map(" ".join)
        .filter(lambda text: bool(words(text))),
        of=spans,
        kind=st.sampled_from(["user", "word", "name", "translation", "acronym"]),
        score=st.sampled_from([0.9, 1.0]),
        state=st.sampled_from([VariantState.ACTIVE, VariantState.ACTIVE, VariantState.PROPOSED,
                               VariantState.REJECTED]),
    ),
    max_size=4,
).map(tuple)  # fmt: skip
rules = st.lists(
    st.tuples(queries, st.sampled_from(["exact", "forms", "all", "all", "broad"]), variants),
    min_size=1,
    max_size=5,
)
texts = st.lists(st.sampled_from(TEXT_WORDS), max_size=12).map(" ".join)


def made(drawn: list[tuple[str, str, tuple[Variant, ...]]]) -> list[Rule]:
    return [
        a_rule(query, name=f"rule {number}", strictness=strictness, variants=own)
        for number, (query, strictness, own) in enumerate(drawn)
    ]


def plainly(every: list[Rule], article: Article) -> list[Match]:
    """The matches of each rule alone, found by trying it."""
    return [match for rule in every for match in by_brute_force([rule], article, a_source())]


@settings(max_examples=150, deadline=None)
@given(rules, texts, texts, st.sampled_from(LANGUAGES))
@example([("Oslo convention", "all", ())], "x", "オスロ・コンベンション", "ja")
@example([("cyber security", "all", ())], "x", "la ciberseguridad", "es")
@example([("Mohammed bin Salman", "all", ())], "x", "Muhammed bin Selman", "tr")
@example([("Oslo convention", "all", ())], "x", "Oslo'nun konvansiyon", "tr")
@example([("Kim Jong Un", "all", ())], "x", "Kim Dzong Un odwiedził stocznię", "pl")
@example([("data base", "forms", ())], "x", "databases", "en")
@example([("nuclear reactor", "all", (NUKLEAR,))], "x", "Ein Nuklearreaktor wurde", "de")
@example([("database", "forms", ())], "x", "a data base", "en")
def test_presearch_hides_nothing_in_any_language(
    drawn: list[tuple[str, str, tuple[Variant, ...]]], title: str, text: str, language: str
) -> None:
    article = an_article(title or "x", text=text, language=language)
    every = made(drawn)
    matcher = RuleMatcher(every)
    assert matcher.matches(article, a_source()) == plainly(every, article)


@settings(max_examples=60, deadline=None)
@given(rules, st.lists(st.tuples(texts, st.sampled_from(LANGUAGES)), min_size=2, max_size=6))
def test_what_was_read_before_changes_nothing(
    drawn: list[tuple[str, str, tuple[Variant, ...]]], read: list[tuple[str, str]]
) -> None:
    every = made(drawn)
    matcher = RuleMatcher(every)
    articles = [an_article("x", text=text, language=language) for text, language in read]
    for article in articles * 7:  # what is read often is kept more briefly
        assert matcher.matches(article, a_source()) == plainly(every, article)


@settings(max_examples=60, deadline=None)
@given(rules, st.data(), texts, st.sampled_from(LANGUAGES))
def test_rules_that_come_change_and_go_leave_what_a_new_matcher_finds(
    drawn: list[tuple[str, str, tuple[Variant, ...]]], data: st.DataObject, text: str, language: str
) -> None:
    article = an_article("x", text=text, language=language)
    every = made(drawn)
    matcher = RuleMatcher(every[: len(every) // 2])
    kept = {rule.id: rule for rule in every[: len(every) // 2]}
    for rule in [*every[len(every) // 2 :], *data.draw(st.lists(st.sampled_from(every)))]:
        changed = replace(rule, query=data.draw(queries))
        if data.draw(st.booleans()):
            matcher.add(changed)
            kept.pop(rule.id, None)
            kept[rule.id] = changed
        else:
            matcher.remove(rule.id)
            kept.pop(rule.id, None)
    assert matcher.matches(article, a_source()) == plainly(list(kept.values()), article)
