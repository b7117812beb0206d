"""Keywords of two words that are both spelled otherwise: like enough they must be together."""

from itertools import permutations, product

import pytest

from rules.index.anchors import needs
from rules.index.memory.scan import Scan
from rules.matcher import RuleMatcher, by_brute_force
from rules.query.tree import Keyword
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article

RUSSIAN = "ru", ("Далибор", "Тарибор", "Талибел", "Талливел"), ("Кестрин", "Хестлин", "Хестлим")
ARABIC = "ar", ("داليبور", "تاليبور", "دربور"), ("كسترين", "قستلم", "كشتلم", "القصر")
SHORT = "ru", ("далми", "дарми", "дарни"), ("кесту", "хесту", "кепту")
BETWEEN = (" ", ". ", ", ", " и ", " Ф. ", "، ", " و ")


@pytest.mark.parametrize(
    ("keyword", "spelled"),
    [("Dalibor Kestrin", RUSSIAN), ("Dalibor Kestrin", ARABIC), ("dalmi kestu", SHORT)],
    ids=("in Cyrillic", "without vowels", "short words that are no name"),
)
def test_pairs_are_found_wherever_trying_every_rule_finds_them(
    keyword: str, spelled: tuple[str, tuple[str, ...], tuple[str, ...]]
) -> None:
    language, ones, others = spelled
    rule = a_rule(keyword)
    matcher = RuleMatcher([rule])
    found = 0
    for one, between, other in product(ones, BETWEEN, others):
        for text in (f"{one}{between}{other}", f"{other}{between}{one}"):
            article = an_article("x", text=text, language=language)
            matches = matcher.matches(article, a_source())
            assert matches == by_brute_force([rule], article, a_source()), text
            found += len(matches)
    assert found > len(ones) + len(others)


@pytest.mark.parametrize(
    ("keyword", "language", "enough", "too_little"),
    [
        ("Dalibor Kestrin", "ru", "Талибел Хестлим", "Талливел Хестлим"),
        ("Dalibor Kestrin", "ru", "Далибор Кестрин", "Далибор. Кестрин"),
        ("dalmi kestu", "ru", "дарми хесту", "дарми кепту"),
        ("Dalibor Kestrin", "ar", "داليبور كسترين", "داليبور. كسترين"),
        ("Dalibor Washesh", "ar", "دربور وشش", "دربور وحش"),
        ("Dalibor Kestrin", "ar", "تاليبور قستلم", "قستلم تاليبور"),
        ("Kestrin Dalibor", "ar", "قستلم تاليبور", "تاليبور قستلم"),
        ("Dalibor Kestrin", "ar", "تاليبور قستلم", "دربور كشتلم"),
        ("Plolou Floulu", "de", "Plalou Floulou", "Plalous Plalous"),
        ("Dali Kestr", "ru", "Дали Кестр", "Даликестр"),
        ("Dali Kestr", "ar", "دالي كستر", "داليكستر"),
        ("Dali Kestr", "th", "ดาลีเคสตร์", "ดาลี. ไม่มี"),
        ("Dalibor Kestrin", "ar", "داليبوركسترين", "داليبور وحش"),
        ("Denso Chennai", "ar", "دنسو شناي", "كنا عدنسنمو"),
        ("Dalibor Kestrin", "ru", "Кестрин Далибор", "Хестлим Талибел"),
        ("Dalibor Kestrin", "th", "ดาลิบอร์ เคสตริน", "ดาลิบอร์. เคสตริน"),
    ],
    ids=(
        *("names", "a clause ends", "short words", "a clause ends in Arabic", "a common word"),
        *("spelled so in order only", "the second one leads", "neither is spelled so"),
        *("one word twice", "short names in one word", "without vowels", "words without spaces"),
        "long names in one word",
        *("syllables of East Asia", "turned around", "a clause ends between two runs"),
    ),
)
def test_what_is_not_like_enough_together_is_not_looked_at_closely(
    keyword: str, language: str, enough: str, too_little: str
) -> None:
    index = RuleMatcher([a_rule(keyword)])._index
    terms = index.in_language(language)
    met = []
    for text in (enough, too_little):
        article = an_article("x", text=text, language=language)
        found = by_brute_force([a_rule(keyword)], article, a_source())
        with terms.table.engine.lock:
            met.append((bool(found), len(terms.met(Scan(terms.table.engine, text)).terms)))
    assert met == [(True, 1), (False, 0)]


@pytest.mark.parametrize(
    ("keyword", "language", "enough", "too_little"),
    [
        ("training center", "ur", "ترينينغ سنتر", "ترينينج كينتير"),
        ("hip hop", "zh", "铁路铁路", "赫乌埃普赫埃普"),
        ("training center", "ur", "ترينينغ سنتر", "سنتر ترينينغ"),
        ("center training", "ur", "سنتر ترينينغ", "ترينينغ سنتر"),
    ],
    ids=("side by side", "in a run", "in order", "in order, and the second one leads"),
)
def test_what_lists_have_is_borrowed_only_in_order_and_if_like_enough_together(
    keyword: str, language: str, enough: str, too_little: str
) -> None:
    listed = [
        Variant(language=language, text="铁路", of=word, kind="word", source="a list")
        for word in keyword.split()
    ]
    rule = a_rule(keyword, variants=listed, written_in=("en",))
    terms = RuleMatcher([rule])._index.in_language(language)
    met = []
    for text in (enough, too_little):
        found = by_brute_force([rule], an_article("", text=text, language=language), a_source())
        with terms.table.engine.lock:
            met.append((bool(found), len(terms.met(Scan(terms.table.engine, text)).terms)))
    assert met == [(True, 1), (False, 0)]


@pytest.mark.parametrize("name", ["Denso Chennai", "Kim Jong Un"])
def test_a_name_of_syllables_is_listened_for_in_no_way_twice(name: str) -> None:
    alternatives = needs(Keyword(name), "all", ()) or ()
    assert [slot.spans for slot in alternatives[0].slots] == [((w.lower(),),) for w in name.split()]
    every = [tuple(slot.fuzzy for slot in each.slots) for each in alternatives]
    ways = [each for each in every if all(each)]
    assert ways
    assert len({*ways}) == len(ways)


@pytest.mark.parametrize("keyword", ["training center market", "market training center"])
def test_what_lists_have_of_three_words_is_guessed_only_as_borrowed(keyword: str) -> None:
    sounding = {"training": "ترينينغ", "center": "سنتر", "market": "ماركت"}
    called = {"training": "تدريب", "center": "مركز", "market": "سوق"}
    listed = [
        Variant(language="ur", text=text, of=word, kind="word", source="a list")
        for word, text in called.items()
    ]
    rule = a_rule(keyword, variants=listed, written_in=("en",))
    matcher = RuleMatcher([rule])
    terms = matcher._index.in_language("ur")
    met: dict[bool, set[int]] = {True: set(), False: set()}
    for words in permutations(keyword.split()):
        for ways in product((called, sounding), repeat=3):
            text = " ".join(way[word] for word, way in zip(words, ways, strict=True))
            article = an_article("x", text=text, language="ur")
            matches = matcher.matches(article, a_source())
            assert matches == by_brute_force([rule], article, a_source()), text
            with terms.table.engine.lock:
                found = len(terms.met(Scan(terms.table.engine, text)).terms)
            met[bool(matches)].add(found)
            assert found == (sounding not in ways or called not in ways), text
    assert met[True] == {1}
    assert 0 in met[False]


@pytest.mark.parametrize("keyword", ["training center", "training center market"])
def test_what_lists_have_all_of_is_not_guessed_where_sounds_say_little(keyword: str) -> None:
    sounding = {"training": "ترينينغ", "center": "سنتر", "market": "ماركت"}
    text = " ".join(sounding[word] for word in keyword.split())
    found = {}
    for language, missing in product(("ar", "ur"), ("", "center")):
        listed = [
            Variant(language=language, text="سوق", of=word, kind="word", source="a list")
            for word in keyword.split()
            if word != missing
        ]
        rule = a_rule(keyword, variants=listed, written_in=("en",))
        matcher, article = RuleMatcher([rule]), an_article("x", text=text, language=language)
        matches = matcher.matches(article, a_source())
        assert matches == by_brute_force([rule], article, a_source())
        terms = matcher._index.in_language(language)
        with terms.table.engine.lock:
            assert len(terms.met(Scan(terms.table.engine, text)).terms) == bool(matches)
        found[language, missing] = bool(matches)
    assert found == {
        ("ar", ""): False,
        ("ar", "center"): True,
        ("ur", ""): True,
        ("ur", "center"): True,
    }


@pytest.mark.parametrize("text", ["тренинг центер", "тренинг центер маркет"])
def test_what_lists_have_is_not_borrowed_where_names_have_capitals(text: str) -> None:
    called = {"training": "обучение", "center": "центр", "market": "рынок"}
    listed = [
        Variant(language="ru", text=text, of=word, kind="word", source="a list")
        for word, text in called.items()
    ]
    words = ("training", "center", "market")[: text.count(" ") + 1]
    keyword = " ".join(words)
    rule = a_rule(keyword, variants=listed[: len(words)], written_in=("en",))
    guessed = a_rule(keyword, written_in=("en",))
    met = []
    for each in (rule, guessed):
        found = by_brute_force([each], an_article("", text=text, language="ru"), a_source())
        terms = RuleMatcher([each])._index.in_language("ru")
        with terms.table.engine.lock:
            met.append((bool(found), len(terms.met(Scan(terms.table.engine, text)).terms)))
    assert met == [(False, 0), (True, 1)]


def test_what_lists_say_of_two_words_is_met_in_two_runs_only_in_one_clause() -> None:
    words = {"railway": "铁路", "strike": "罢工"}
    listed = [
        Variant(language="zh", text=text, of=word, kind="word", source="a list")
        for word, text in words.items()
    ]
    rule = a_rule("railway strike", variants=listed, written_in=("en",))
    terms = RuleMatcher([rule])._index.in_language("zh")
    met = []
    for text in ("铁路 罢工", "明天铁路，罢工", "明天铁路不开。 明天罢工"):
        found = by_brute_force([rule], an_article("", text=text, language="zh"), a_source())
        with terms.table.engine.lock:
            met.append((bool(found), len(terms.met(Scan(terms.table.engine, text)).terms)))
    assert met == [(True, 1), (False, 1), (False, 0)]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("Moldetivoly", True), ("Moldetiuli", False), ("Molde tiuli", False)],
    ids=("a rest with the same consonants", "a rest without one", "two words, one without one"),
)
def test_the_rest_of_a_compound_is_another_spelling_only_with_the_same_first_consonants(
    text: str, is_found: bool
) -> None:
    rule = a_rule("Moldes Tivoli")
    article = an_article("x", text=text, language="sv")
    matches = RuleMatcher([rule]).matches(article, a_source())
    assert matches == by_brute_force([rule], article, a_source())
    assert bool(matches) == is_found


def test_a_word_of_a_pair_that_stands_beside_in_letters_or_sounds_is_found_in_long_texts() -> None:
    rules = [a_rule("Dalibor Kestrin", id="names"), a_rule("dalmi kestu", id="short")]
    words = ["слово"] * 1_300  # so that places share blocks
    for place in (0, 63, 64, 511, 640, 1_298):
        pairs = zip(("Талибор", "дарми", "Kestrin"), ("Хестлин", "хесту", "Далибор"), strict=True)
        for one, other in pairs:
            text = " ".join([*words[:place], one, other, *words[place:]])
            article = an_article("x", text=text, language="ru")
            matches = RuleMatcher(rules).matches(article, a_source())
            assert matches == by_brute_force(rules, article, a_source())
            assert len(matches) == 1


def test_a_word_that_only_begins_as_one_of_a_rule_takes_the_place_of_a_likeness() -> None:
    rule = a_rule("Novak мир", written_in=("en",))
    article = an_article("x", text="Novaгиин мирхуудын Novak.", language="mn")
    matches = RuleMatcher([rule]).matches(article, a_source())
    assert matches == by_brute_force([rule], article, a_source())


def test_a_common_word_of_georgian_may_sound_like_one_of_a_rule() -> None:
    """Its letters are small ones of which nobody has capitals."""
    rule = a_rule("police video", written_in=("en",))
    article = an_article("x", text="პოლიკე ვიდეო", language="ka")
    matches = RuleMatcher([rule]).matches(article, a_source())
    assert len(matches) == 1
    assert matches == by_brute_force([rule], article, a_source())
