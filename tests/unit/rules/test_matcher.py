"""What rules find: the layers, nearness, scopes, variants, evidence, and rules that are broken."""

from contextlib import suppress
from dataclasses import replace

import pytest

from rules.index.memory.scan import Scan
from rules.index.rule_index import RuleIndex
from rules.index.search import ArticleSearch
from rules.index.stored import stored_here
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Match, Rule, Variant
from tests.builders import a_rule, a_source, an_article, with_variants


def match(rule: Rule | str, text: str, language: str = "", **changes: object) -> Match | None:
    """Return how the rule matches an article with this text."""
    rule = with_variants(a_rule(rule)) if isinstance(rule, str) else rule
    matcher = RuleMatcher([rule])
    assert matcher.broken == {}
    article = an_article("Untitled", text=text, language=language, **changes)
    matches = matcher.matches(article, a_source())
    assert matches == by_brute_force([rule], article, a_source()), "nothing is hidden"
    for each in matches:
        for proof in each.evidence:
            field = article.title if proof.field == "title" else article.text
            assert field[proof.start : proof.end] == proof.text
    return matches[0] if matches else None


def layer(query: str, text: str, language: str = "", **changes: object) -> str:
    text_found = match(a_rule(query, **changes) if changes else query, text, language)
    return text_found.evidence[0].layer if text_found else ""


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        pytest.param("Oslo Accord", "The Oslo Accord holds.", "en", "exact", id="as written"),
        pytest.param("oslo accord", "The OSLO ACCORD holds.", "en", "folded", id="case"),
        pytest.param("Malmö tram", "Malmo tram line", "en", "folded", id="accents"),
        pytest.param("accord of Oslo", "the Oslo accord", "en", "exact", id="stop words"),
        pytest.param("rail strike", "strikes on the rails", "en", "inflected", id="word forms"),
        pytest.param("Oslo Accord", "Osloaccorden firar", "sv", "compound", id="one word"),
        pytest.param("Oslo Accord", "Oslo-accorden firar", "sv", "compound", id="hyphen"),
        pytest.param("data base", "a database of names", "en", "compound", id="joined"),
        pytest.param("F-35", "Madrid wants no F35 jets", "en", "compound", id="a designation"),
        pytest.param("database", "a data-base of names", "en", "compound", id="parted by a hyphen"),
        pytest.param("ransomware", "a ransom ware gang", "en", "compound", id="parted by a space"),
        pytest.param("Wal-Mart", "a wal Mart store", "en", "folded", id="rule with a hyphen"),
        pytest.param("Asyl", "Die Asylpolitik ändert sich", "de", "compound", id="a short head"),
        pytest.param("Klima", "Suen fir de Klimaschutz", "lb", "compound", id="in Luxembourgish"),
        pytest.param(
            "klimat", "nya klimatmål i dag", "sv", "compound", id="a short head of its own"
        ),
        pytest.param("Erdbeben", "ein Seeerdbeben vor Japan", "de", "compound", id="end of a word"),
        pytest.param("Oslo Convention", "la Convention d'Oslo", "fr", "exact", id="turned around"),
        pytest.param("Oslo Convention", "Конвенция в Осло", "ru", "cognate", id="Cyrillic"),
        pytest.param("Oslo Convention", "Convención de Oslo", "es", "cognate", id="Spanish"),
        pytest.param("Oslo Convention", "オスロ・コンベンション", "ja", "cognate", id="kana"),
        pytest.param("Oslo Convention", "오슬로 컨벤션은", "ko", "cognate", id="hangul"),
        pytest.param("Anna Novak", "آنا نوفاك تصل", "ar", "cognate", id="Arabic"),
        pytest.param("Anna Novak", "ანა ნოვაკი ჩამოვიდა", "ka", "cognate", id="Georgian"),
        pytest.param("公约", "《河内公约》开放签署", "zh", "exact", id="Han anywhere in a run"),
        pytest.param("國際", "国际新闻", "zh", "folded", id="traditional and simplified"),
        pytest.param("ฮานอย", "อนุสัญญาฮานอยต่อต้าน", "th", "exact", id="Thai anywhere"),
        pytest.param("하노이 협약", "하노이 협약은", "ko", "inflected", id="Korean particles"),
        pytest.param("اتفاقية", "والاتفاقية", "ar", "inflected", id="Arabic prefixes"),
        pytest.param(
            "World Tin Producers Council", "says the WTPC in a note", "en", "acronym", id="initials"
        ),
        pytest.param("C++", "written in C++ today", "en", "exact", id="symbols"),
        pytest.param(".NET", "the .NET runtime", "en", "exact", id="leading dot"),
        pytest.param("R&D", "spending on R&D rose", "en", "exact", id="ampersand"),
        pytest.param("R&D", "spending on R & D rose", "en", "exact", id="ampersand apart"),
        pytest.param("R & D", "spending on R&D rose", "en", "exact", id="ampersand together"),
        pytest.param("Anna B. Novak", "Anna B. Novak arrives", "en", "exact", id="an initial"),
        pytest.param("Anna Novak", "Anna B. Novak arrives", "en", "exact", id="its initial"),
        pytest.param("Anna B. Novak", "прибыла Анна Новак", "ru", "cognate", id="no initial"),
        pytest.param("Anna Novak", "Анна Б. Новак прибыла", "ru", "cognate", id="initial heard"),
        pytest.param("Anna Novak", "с Анной Павловной Новак", "ru", "cognate", id="patronymic"),
        pytest.param("Dr. Anna Novak", "Anna Novak arrives", "en", "exact", id="a title"),
        pytest.param("A.B. Novak", "says A. B. Novak today", "en", "exact", id="initials apart"),
        pytest.param("AB Novak", "says A. B. Novak today", "en", "exact", id="bare initials apart"),
        pytest.param("A.Ö. Novák", "von A.Ö. Novák heute", "de", "exact", id="initials with marks"),
        pytest.param("Jan Novák", "řekl Jan Š. Novák včera", "cs", "exact", id="Š is an initial"),
        pytest.param("A. B. Novak", "says A.B. Novak today", "en", "exact", id="together"),
        pytest.param("Shell", "Die Klage des Shell-Konzerns", "de", "exact", id="a brand"),
        pytest.param("White House", "WhiteHouse sources", "en", "compound", id="written as one"),
        pytest.param("Shell", "Shells Gewinn steigt", "de", "inflected", id="a brand's case"),
        pytest.param("St. Novak flood", "ST. NOVAK FLOOD", "en", "folded", id="a headline's St."),
        pytest.param("H9N4", "New cases of h9n4 today", "en", "folded", id="letters and digits"),
        pytest.param("XYZ-7o", "They use xyz-7o now", "en", "folded", id="an identifier"),
        pytest.param("shell", "They found a shell", "en", "exact", id="no brand"),
        pytest.param("St. Novak", "in St. Novak today", "en", "exact", id="an abbreviation"),
        pytest.param("1. FC Novak", "der 1. FC Novak siegt", "de", "exact", id="an ordinal"),
        pytest.param("K-72", "танк К-72 подбит", "ru", "exact", id="a type in other letters"),
        pytest.param("K-72", "two K‑72s landed", "en", "exact", id="types"),
        pytest.param("XY30", "the XY 30 summit", "en", "exact", id="a number apart"),
        pytest.param("XYZ-2024-30", "xyz-2024-30 is open", "en", "folded", id="an identifier"),
    ],
)
def test_a_keyword_is_found(query: str, text: str, language: str, expected: str) -> None:
    assert layer(query, text, language) == expected


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        pytest.param("Oslo Convention", "Flooding in Oslo", "en", id="one word of two"),
        pytest.param("Oslo Convention", "Oslo. Convention season", "en", id="two sentences"),
        pytest.param("Oslo Convention", "Oslo prepares for convention time", "en", id="verb"),
        pytest.param("Oslo Convention", "An unconventional Oslo", "en", id="inside a word"),
        pytest.param("heat wave", "Waves and heat all day", "en", id="two things, turned"),
        pytest.param("plan", "a plane lands", "en", id="no ending of one paradigm"),
        pytest.param("Genf", "Genforscher warnen", "de", id="beginning of another word"),
        pytest.param("earthquake", "an earth-shaking quake", "en", id="parts apart"),
        pytest.param("Ginevra", "Женева ждёт", "ru", id="one word in another script"),
        pytest.param("it-brottslighet", "mot brottslighet", "sv", id="a stop word and a hyphen"),
        pytest.param("C++", "written in C today", "en", id="symbols are missing"),
        pytest.param("WHO report", "who will report", "en", id="an acronym is no stop word"),
        pytest.param("vitamin d", "vitamin supplements", "en", id="a last letter counts"),
        pytest.param(
            "XYZ-2024-30", "XYZ-2024-31, XYZ-2023-30", "en", id="parts of two identifiers"
        ),
        pytest.param("A-10", "a 10 percent cut", "en", id="a word and a number"),
        pytest.param("K-72", "K is for 72 pupils", "en", id="a letter and a number"),
        pytest.param("С-400", "с 400 солдатами", "ru", id="a small word and a number"),
        pytest.param("Shell", "They found a shell", "en", id="a brand in small letters"),
        pytest.param("White House", "A white house in Lima burned", "en", id="an institution"),
        pytest.param("White House", "In a white-house in Lima", "en", id="written as one"),
        pytest.param("The Sun", "On Monday the sun rises", "en", id="a newspaper"),
        pytest.param("New York Times", "In New York at all times", "en", id="one word of it"),
        pytest.param("Shell", "Shelling goes on in the East", "en", id="a form of no brand"),
        pytest.param("5G", "Add 5g of salt", "en", id="an amount"),
        pytest.param("Teams", "The Team of Anna Novak", "en", id="a brand without its ending"),
        pytest.param("Hun Sen", "Zij hebben hun huis verkocht", "nl", id="no part of a name"),
        pytest.param("H & M", "H then M rose", "en", id="two letters"),
        pytest.param("Anna B. Novak", "Anna Novak arrives", "en", id="no initial in its letters"),
        pytest.param("A.B. Novak", "says B. A. Novak today", "en", id="initials turned"),
        pytest.param("AI Novak", "a i novak, said He", "en", id="initials are capitals"),
        pytest.param("Novak fire", "says Anna Novak. Fire broke out", "en", id="a sentence's end"),
        pytest.param("ノイ", "ハノイの港", "ja", id="inside a katakana word"),
        pytest.param("port", "ett porträtt av kungen", "sv", id="the beginning of another word"),
        pytest.param("Wand", "die Wandlung des Kanzlers", "de", id="no usual tail"),
        pytest.param(
            "World Tin Producers Council", "the wtpc file format", "en", id="lower-case initials"
        ),
    ],
)
def test_a_keyword_is_not_found(query: str, text: str, language: str) -> None:
    assert match(query, text, language) is None


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ('"rail strike"', "The rail strike ends", True),
        ('"rail strike"', "the Rail-Strike ends", True),
        ('"rail strike"', "a strike on the rail", False),
        ('"rail strike"', "rail strikes end", False),
        ('"bank of england"', "the Bank of England said", True),
        ('"bank of england"', "the bank in England said", False),
        ("rail AND strike", "rail first. Much later a strike", True),
        ("rail OR tram", "a tram line", True),
        ("rail -bus", "rail and bus", False),
        ("rail -bus", "rail and tram", True),
        ("rail NOT bus strike", "rail, and a bus strike", False),
        ("rail NEAR/2 strike", "rail one two strike", True),
        ("rail NEAR/2 strike", "rail one two three strike", False),
        ("rail NEAR/2 strike", "strike. Rail", True),
        ("(rail OR tram) NEAR/1 strike", "tram drivers strike", True),
        ("cyber*", "a cybercrime", True),
        ("cyber*", "a cyborg", False),
        ("organi?ation", "the organisation", True),
        ("*quake", "an earthquake", True),
        ("网络*", "联合国打击网络犯罪公约", True),
        ("/rail(way)?s/", "two railways", True),
        ("/^untitled$/", "x", True),
        ("=WHO", "the WHO said", True),
        ("=WHO", "who said", False),
        ('="The Who"', "The Who play", True),
        ('="The Who"', "the who play", False),
        ("title:Untitled", "x", True),
        ("text:Untitled", "x", False),
        ("title:(Untitled OR x)", "x", True),
        ("rail^3 strike^2 score>=5", "rail and strike", True),
        ("rail^3 strike^2 score>=5", "rail and tram", False),
        ("rail^3 strike^2 bus^3 score>=5", "bus strike", True),
    ],
)
def test_operators(query: str, text: str, expected: bool) -> None:
    assert (match(query, text, "en") is not None) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('source:"Harbour News"', True),
        ("source:harbour", True),
        ("source:river", False),
        ("author:novak", True),
        ("author:smith", False),
        ("url:harbour-news.example/ports", True),
        ("url:other.example", False),
        ("category:shipping", True),
        ("language:sv", True),
        ("language:(de OR fr)", False),
        ("tag:nordic", True),
        ("-tag:nordic", False),
        ("within:2h", True),
        ("within:30m", False),
    ],
)
def test_scopes_narrow_a_rule(query: str, expected: bool) -> None:
    article = an_article(
        "Harbour",
        url="https://harbour-news.example/ports/1",
        language="sv",
        authors=("Anna Novák",),
        categories=("Shipping and ports",),
    )
    source = a_source(tags=("nordic",))
    matches = RuleMatcher([a_rule(f"harbour {query}")]).matches(article, source)
    assert bool(matches) is expected


def test_words_beside_each_other_are_one_thing_where_the_keyword_says_so() -> None:
    assert match(a_rule("Bosnia Herzegovina"), "Vote in Bosnia and Herzegovina", "en")
    assert match(a_rule("wave and heat"), "Heat and wave", "en")
    crime = [
        Variant(language="es", text=text, of=of)
        for text, of in (("guerra", "war"), ("crimen", "crime"))
    ]
    rule = a_rule("war crime", variants=tuple(crime))
    assert match(rule, "Un crimen de guerra", "es")
    assert not match(rule, "Guerra y crimen en una novela", "es")


@pytest.mark.parametrize(
    ("strictness", "found"),
    [
        ("exact", {"Oslo Accord"}),
        ("forms", {"Oslo Accord", "Oslo accords", "Osloaccord"}),
        ("all", {"Oslo Accord", "Oslo accords", "Osloaccord", "Осло аккорд"}),
    ],
)
def test_strictness_moves_how_far_a_find_may_lie(strictness: str, found: set[str]) -> None:
    texts = {"Oslo Accord", "Oslo accords", "Osloaccord", "Осло аккорд", "Oslo acorn"}
    rule = a_rule("Oslo Accord", strictness=strictness)
    assert {text for text in texts if match(rule, text)} == found


@pytest.mark.parametrize(
    ("name", "text", "language", "found", "strictness"),
    [
        ("Milan", "Переговоры в Милане", "ru", "Милане", "all"),
        ("Milan", "שיחות במילאן היום", "he", "במילאן", "all"),
        ("Mali", "שיחות במאלי היום", "he", "במאלי", "broad"),
    ],
)
def test_one_brief_name_in_other_letters_counts_where_they_tell_it_else_only_when_broad(
    name: str, text: str, language: str, found: str, strictness: str
) -> None:
    text_found = match(a_rule(name, strictness=strictness), text, language)
    assert text_found is not None
    assert text_found.evidence[0].text == found
    if strictness == "broad":
        assert match(a_rule(name), text, language) is None


def test_a_variant_stands_for_the_keyword_with_its_endings() -> None:
    rule = a_rule("Oslo Accord -football", variants=(Variant(language="fi", text="Oslon sopimus"),))
    text_found = match(rule, "Uusi Oslon sopimuksen versio", "fi")
    assert text_found is not None
    assert (text_found.evidence[0].layer, text_found.evidence[0].term) == ("variant", "Oslo Accord")
    assert match(rule, "Oslon sopimus ja football", "fi") is None


@pytest.mark.parametrize("variants", [(), (Variant(language="", text="pikkukivi", of="kallio"),)])
def test_a_word_that_comes_again_may_end_a_compound_whatever_variants_there_are(
    variants: tuple[Variant, ...],
) -> None:
    rule = a_rule("kallio laituri kallio", variants=variants, strictness="all")
    assert match(rule, "laiturikallio", "fi")


def test_a_short_variant_counts_in_its_own_language_only() -> None:
    rule = a_rule("bird flu", variants=(Variant(language="ko", text="AI"),))
    assert match(rule, "AI 확산에 계란값 급등", "ko")
    assert match(rule, "AI is everywhere", "en") is None


def test_languages_and_sources_of_a_rule_narrow_it() -> None:
    assert match(a_rule("rail", languages=("sv",)), "rail", "en") is None
    assert match(a_rule("rail", languages=("sv", "en")), "rail", "en")
    assert match(a_rule("rail", languages=("sv",)), "rail", ""), "unknown: better too much"
    assert match(a_rule("rail", sources=("Other",)), "rail", "en") is None
    assert match(a_rule("rail", sources=("harbour news",)), "rail", "en")


def test_a_broken_rule_never_stops_the_others() -> None:
    bad, good = a_rule("rail (", name="bad"), a_rule("rail")
    matcher = RuleMatcher([bad, good])
    assert list(matcher.broken) == [bad.id]
    assert matcher.broken[bad.id].startswith("bad: expected a word, a quoted phrase or a bracket")
    assert matcher.broken[bad.id].endswith("(at character 7)")
    matches = matcher.matches(an_article("Rail"), a_source())
    assert [each.rule_id for each in matches] == [good.id]


def test_rules_come_and_go_and_the_next_article_sees_it() -> None:
    matcher = RuleMatcher([a_rule("rail"), a_rule("tram")])
    article = an_article("Rail, tram and bus")

    def names() -> list[str]:
        return [each.evidence[0].text for each in matcher.matches(article, a_source())]

    assert names() == ["Rail", "tram"]
    matcher.remove(a_rule("rail").id)
    matcher.add(a_rule("bus"))
    assert names() == ["tram", "bus"]
    matcher.add(a_rule("train", name="tram"))
    assert names() == ["bus"]
    matcher.add(a_rule("rail"))
    assert sorted(names()) == ["Rail", "bus"]


def test_evidence_is_in_the_order_of_the_text_title_first() -> None:
    article = an_article("Strike", text="A strike, and a Strike.", language="en")
    (alert,) = RuleMatcher([a_rule("strike")]).matches(article, a_source())
    assert [(proof.field, proof.start) for proof in alert.evidence] == [
        ("title", 0),
        ("text", 2),
        ("text", 16),
    ]
    assert (alert.score, alert.article_id) == (1.0, article.id)


def test_a_rule_without_a_positive_word_has_no_evidence() -> None:
    text_found = match("language:sv NOT football", "ishockey", "sv")
    assert text_found is not None
    assert text_found.evidence == ()


def test_a_few_rules_and_many_find_the_same_whichever_shelf_they_stand_on() -> None:
    few = [a_rule("rail strike"), a_rule("tram"), a_rule("bro(ken", name="broken")]
    many = [a_rule(f"word{number}") for number in range(60)]
    article = an_article("Rail strike", text="The tram and word7 ran.")
    for rules, expected in ((few, 2), ([*many, *few], 3)):
        matcher = RuleMatcher(rules)
        assert list(matcher.broken) == [few[2].id]
        assert len(matcher.matches(article, a_source())) == expected
        matcher.remove(few[1].id)
        assert len(matcher.matches(article, a_source())) == expected - 1
        matcher.add(replace(few[1], query="bus"))
        matcher.add(a_rule("ran"))
        matches = [match.rule_id for match in matcher.matches(article, a_source())]
        assert matches[-1] == a_rule("ran").id
        assert len(matches) == expected


def test_texts_of_each_language_meet_the_variants_of_that_language_and_of_its_neighbours() -> None:
    variants = tuple(
        Variant(language=language, text=text, kind="word")
        for language, text in (("sv", "hamnstrejk"), ("hr", "štrajk luka"), ("de", "Hafenstreik"))
    )
    matcher = RuleMatcher([a_rule("harbour strike", variants=variants)])

    def finds(text: str, language: str) -> bool:
        return bool(matcher.matches(an_article(text, text="", language=language), a_source()))

    for language in ("sv", "", "de", "hr", "sr"):  # in whatever order they come
        assert finds("Hamnstrejk", language) == (language in ("sv", ""))
        assert finds("Hafenstreik", language) == (language in ("de", ""))
        assert finds("Štrajk luka", language) == (language in ("hr", "sr", ""))


def test_a_rule_that_is_added_counts_in_languages_that_came_before() -> None:
    matcher = RuleMatcher([a_rule("tram")])
    for language in ("sv", "de"):
        assert not matcher.matches(an_article("Oil tax", text="", language=language), a_source())
    matcher.add(a_rule("oil tax"))
    for language in ("sv", "de"):
        assert matcher.matches(an_article("Oil tax", text="", language=language), a_source())


def test_what_is_prepared_while_others_read_is_what_a_text_would_look_up() -> None:
    rules = [with_variants(a_rule(query, name=query)) for query in ("rail strike", "Zelenskyy")]
    article = an_article("Untitled", text="Bahnstreik. Zelenskij spricht", language="de")
    matcher = RuleMatcher(rules[:1])
    matcher.matches(an_article("Untitled", text="x", language="de"), a_source())
    matcher.add(rules[1])
    matcher.prepare()
    index = matcher._index
    assert index.table.ready == index.languages["de"].ready == len(index.terms)
    assert matcher.matches(article, a_source()) == by_brute_force(rules, article, a_source())


def test_a_text_that_comes_while_others_are_prepared_finds_what_it_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rules.index.rule_index._AT_ONCE", 1)
    called = {"harbour tax": "Hafensteuer", "oil tax": "Ölsteuer", "rail strike": "Bahnstreik"}
    rules = [
        a_rule(query, name=query, variants=(Variant(language="de", text=text, kind="word"),))
        for query, text in called.items()
    ]

    def found(matcher: RuleMatcher, language: str) -> int:
        said = an_article("Heute", text=". ".join(called.values()), language=language)
        return len(matcher.matches(said, a_source()))

    pieces = 0

    def stop() -> None:
        nonlocal pieces
        pieces += 1
        if pieces == stop_at:
            raise InterruptedError

    for stop_at in range(1, 1_000):
        matcher, pieces = RuleMatcher(rules), 0
        with suppress(InterruptedError):
            matcher.prepare(["", "de"], between=stop)
        assert [found(matcher, language) for language in ("", "de")] == [len(rules)] * 2
        if pieces < stop_at:
            break
    assert pieces >= 3 * len(rules)


def test_languages_that_came_are_prepared_in_an_index_that_is_made_anew() -> None:
    matcher = RuleMatcher([a_rule("tram")])
    matcher.matches(an_article("Oil", text="", language="sv"), a_source())
    index = matcher._index
    while matcher._index is index:
        matcher.add(a_rule("oil tax"))
    matcher.prepare()
    assert list(matcher._index.languages) == ["sv"]


def test_what_another_thread_adds_while_a_text_is_read_is_not_looked_at() -> None:
    matcher = RuleMatcher([with_variants(a_rule("Oslo Convention"))])
    index = matcher._index
    german = index.in_language("de")
    matcher.add(with_variants(a_rule("Zelenskyy Convention", name="other")))
    index.table.take(index.terms)  # as the other thread does, for a text of another language
    assert not german.met(Scan(index.table.engine, "Zelenskij Konvencija")).terms
    german = index.in_language("de")
    assert german.met(Scan(index.table.engine, "Zelenskij Konvencija")).terms


def test_what_was_asked_for_longest_ago_is_made_ready_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.index.rule_index._LEAST_READY", 2)
    index = RuleIndex([a_rule(query, name=query) for query in ("Oslo", "Bergen", "Hanoi")])
    oslo, bergen, hanoi = index.terms
    first, second = index.compiled(oslo), index.compiled(bergen)
    assert index.compiled(oslo) is first
    index.compiled(hanoi)
    assert index.compiled(oslo) is first
    assert index.compiled(bergen) is not second


def _of_trams(query: str = "streetcar") -> RuleIndex:
    said = ("Tram", "Trambahn", "Bim", "Elektrische")
    variants = tuple(Variant(language="de", text=text, kind="word") for text in said)
    return RuleIndex([a_rule(query, variants=variants)])


def test_a_term_is_made_anew_only_for_variants_that_no_text_of_the_language_had() -> None:
    (indexed,) = (index := _of_trams()).terms
    one, other, third = (frozenset({number}) for number in range(3))
    first = index.compiled(indexed, one, "de")
    both = index.compiled(indexed, other, "de")
    assert both is not first
    assert both.chosen == one | other
    assert index.compiled(indexed, one, "de") is both
    assert index.compiled(indexed, one, "fr").chosen == one
    assert index.compiled(indexed, language="de") is index.compiled(indexed, language="fr")
    assert index.compiled(indexed, third, "de").chosen == one | other | third


def test_a_term_of_several_words_is_made_for_the_variants_of_a_text_alone() -> None:
    (indexed,) = (index := _of_trams("street car")).terms
    one, other = (index.compiled(indexed, frozenset({number}), "de") for number in range(2))
    assert [one.chosen, other.chosen] == [frozenset({0}), frozenset({1})]


def test_variants_of_many_texts_are_not_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.index.rule_index._MOST_CHOSEN", 1)
    (indexed,) = (index := _of_trams()).terms
    for number, chosen in enumerate(({0}, {0, 1}, {2}, {2, 3})):
        ready = index.compiled(indexed, frozenset({number}), "")
        assert ready.chosen == chosen


def test_nothing_of_a_rule_that_was_edited_or_removed_is_held() -> None:
    rules = [a_rule(query, name=query) for query in ("Oslo", "Bergen", "Hanoi")]
    index = RuleIndex.of(stored_here(rules))
    article = an_article("x", text="Oslo, Bergen, Hanoi")
    assert len(ArticleSearch(index, article, a_source()).matches()) == 3
    edited = replace(rules[0], query="Oslo treaty", revision=rules[0].revision + 1)
    index.add(edited)
    index.remove(rules[1].id)
    assert [rule for rule in index.rules if rule] == [rules[2], edited]
    assert [plan.rule for plan in index.plans(range(4))] == [rules[2], edited]
    assert [*index._variants] == [(rules[2].id, rules[2].revision)]


def test_what_words_hold_is_remembered_where_nobody_remembers_what_is_made_of_chunks() -> None:
    index = RuleIndex([a_rule('"Oslo treaty"', name="a phrase"), a_rule("Hanoi", name="a word")])
    phrase, word = (index.compiled(term) for term in index.terms)
    assert phrase.remembered is None
    assert word.remembered is not None
    for ready, text, remembered in ((phrase, "Oslo", 1), (word, "Hanoi", 0)):
        for chunk in (text, f"{text},", f"({text})"):
            assert ready.words.analysed(chunk, "en").hits
        assert len(ready.words._words) == remembered
