"""A rule and its variants have a language: what they find, and what they do not.

With the product's own lists, as a rule is when it was saved.
"""

from collections.abc import Collection, Iterable
from functools import cache

import pytest

from monitor.lexicons.registry import Lexicons
from rules.expand.variants import with_variants
from rules.expand.written_in import written_in
from rules.lexicons.api import Form
from rules.matcher import by_brute_force, make_matcher
from rules.query.parsed import parsed
from storage.model import Rule, Variant, VariantState
from tests.builders import a_rule, a_source, an_article

LEXICONS = Lexicons()


class Asked:
    """All lists as one, which says what it was asked for."""

    def __init__(self) -> None:
        self.terms: list[tuple[str, tuple[str, ...]]] = []

    def languages(self, term: str, among: Collection[str] = ()) -> Collection[str]:
        return {language for each in LEXICONS.all for language in each.languages(term, among)}

    def forms(self, term: str, written_in: Collection[str] = ()) -> Iterable[Form]:
        self.terms.append((term, tuple(written_in)))
        return (form for each in LEXICONS.all for form in each.forms(term, written_in))


@cache
def saved(query: str) -> Rule:
    return with_variants(a_rule(query), LEXICONS.all, "")


def found(query: str, text: str, language: str) -> list[str]:
    """Return what proves the rule in the text; the index never hides it."""
    article = an_article(text, text="", language=language)
    matches = by_brute_force([saved(query)], article, a_source())
    assert make_matcher([saved(query)]).matches(article, a_source()) == matches
    return [proof.text for match in matches for proof in match.evidence]


@pytest.mark.parametrize(
    "query",
    ["Hitler", "Kanye", "Nevada", "Korean", "stay", "Games", "Holly", "Koch", "Kaiser"],
)
def test_a_word_that_its_language_lacks_is_not_looked_up_in_others(query: str) -> None:
    assert saved(query).written_in == ("en",)
    assert not [variant for variant in saved(query).variants if variant.kind == "word"]


@pytest.mark.parametrize("query", ["dating", "kent", "manual"])
def test_an_english_word_is_english_though_lists_have_it_in_other_languages_only(
    query: str,
) -> None:
    assert saved(query).written_in == ("en",)
    assert not [each for each in saved(query).variants if each.state is VariantState.ACTIVE]


@pytest.mark.parametrize(
    ("query", "default", "expected"),
    [
        pytest.param("dating", "tl", "tl", id="whose owner writes Tagalog"),
        pytest.param("premier ministre", "en", "fr", id="beside a word of another language"),
        pytest.param("guerre", "en", "fr", id="what English only quotes"),
    ],
)
def test_such_a_word_is_another_languages_where_anything_says_so(
    query: str, default: str, expected: str
) -> None:
    assert expected in written_in(parsed(query), LEXICONS.all, default=default)


@pytest.mark.parametrize("query", ["sharing", "talking", "filming"])
def test_what_english_only_makes_of_the_word_for_a_thing_is_proposed(query: str) -> None:
    assert {each.state for each in saved(query).variants} == {VariantState.PROPOSED}


def test_a_syllable_that_mostly_stands_inside_other_words_is_proposed() -> None:
    states = {each.text: each.state for each in saved("fox").variants if each.language == "vi"}
    assert states["cáo"] is VariantState.PROPOSED  # báo cáo, a report
    assert states["con cáo"] is VariantState.ACTIVE


def test_a_verb_of_several_senses_alone_is_proposed_in_others() -> None:
    assert {variant.state for variant in saved("close").variants} == {VariantState.PROPOSED}


@pytest.mark.parametrize(
    ("query", "languages"),
    [
        ("hospital", ("en",)),
        ("Inflation", ("en",)),
        ("Krankenhaus", ("de",)),
        ("Strompreise", ("de",)),
        ("Grève générale", ("fr",)),
        ("klimat OR utsläpp", ("sv",)),
        ("NATO toppmöte", ("sv",)),
        ("giá vàng", ("vi",)),
        ("thất nghiệp", ("vi",)),
        ("трудовые мигранты", ("ru",)),
        ("일본 총리", ("ko",)),
        ("Hà Nội convention", ("en",)),
        ("Angela Merkel", ("en",)),
    ],
)
def test_all_its_words_together_tell_the_language_of_a_rule(
    query: str, languages: tuple[str, ...]
) -> None:
    assert written_in(parsed(query), LEXICONS.all) == languages


def test_the_default_is_what_its_owner_writes_in() -> None:
    assert written_in(parsed("hospital"), LEXICONS.all, default="es") == ("es",)
    assert written_in(parsed("prime minister"), LEXICONS.all, default="es") == ("en",)
    assert written_in(parsed("Nevada"), LEXICONS.all, default="sv") == ("sv",)


def test_what_its_owner_says_decides() -> None:
    spanish = with_variants(a_rule("hospital", language="es"), LEXICONS.all, "")
    assert spanish.written_in == ("es",)
    assert "hospital" not in {v.text for v in spanish.variants if v.language == "es"}


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        pytest.param("prime minister", "The Premier League returns", "en", id="English"),
        pytest.param("prime minister", "le premier match", "fr", id="French"),
        pytest.param("prime minister", "Die Premiere im Theater", "de", id="German"),
        pytest.param("accord", "according to police", "en", id="no form of the noun"),
        pytest.param("Paris accord", "according to police in town", "en", id="no cognate"),
        pytest.param("Ministry of Finance", "Bộ Chính trị họp", "vi", id="a word is missing"),
        pytest.param("human rights", "Lễ nhận quyền sử dụng đất", "vi", id="other tones"),
        pytest.param("bão", "báo Thanh Niên đăng bài bao quát", "vi", id="one other tone"),
        pytest.param("giá vàng", "giá bán tăng, giữ vững thị phần", "vi", id="one syllable"),
        pytest.param("giá vàng", "bảng giá và giờ vàng mua sắm", "vi", id="turned around"),
        pytest.param("giá vàng", "giá trị vàng trang sức", "vi", id="another word between"),
        pytest.param("unemployment", "ngành công nghiệp phát triển", "vi", id="half a word"),
        pytest.param("thất nghiệp", "ngành công nghiệp phát triển", "vi", id="half the rule"),
        pytest.param("non-proliferation", "la proliferación nuclear", "es", id="the opposite"),
        pytest.param("Uber", "Streit über Steuern", "de", id="a small word"),
        pytest.param("Uber", "Über die Grenze", "de", id="a small word that begins"),
        pytest.param("NATO", "hrvaška nato prispeva", "sl", id="an acronym in lower case"),
        pytest.param("GOP", "Chung tay góp sức", "vi", id="an acronym with marks"),
        pytest.param("ICE", "Ice on the roads", "en", id="a common word that begins"),
        pytest.param("ISIS", "monista ihmisistä", "fi", id="an acronym inside a word"),
        pytest.param("IT strike", "it was a strike", "en", id="two capitals"),
        pytest.param("Ukraine war", "היו בעבר מקרים רבים", "he", id="what a list has there"),
        pytest.param("Swedish embassy", "שדות אמבטיה", "he", id="a common word in another script"),
        pytest.param("rechin", "Behördensprecher bestätigt", "de", id="a part of a compound"),
        pytest.param("pigs", "Szabálysértés miatt bírság", "hu", id="other accents"),
        pytest.param("Juventus", "Gli studenti e i giovani", "it", id="a name is no word"),
    ],
)
def test_what_is_not_found(query: str, text: str, language: str) -> None:
    assert found(query, text, language) == []


@pytest.mark.parametrize(
    ("query", "text", "language", "proof"),
    [
        pytest.param(
            "prime minister", "le Premier ministre", "fr", "Premier ministre", id="French"
        ),
        pytest.param("prime minister", "premier ministre", "", "premier ministre", id="not known"),
        pytest.param("accord", "two accords signed", "en", "accords", id="a form of the noun"),
        pytest.param("protest", "they protested", "en", "protested", id="a form of the verb"),
        pytest.param("human rights", "bảo vệ nhân quyền", "vi", "nhân quyền", id="with its tones"),
        pytest.param("bão", "tin bao so 3", "vi", "bao", id="a text without tones"),
        pytest.param("bão", "Bão số 3 vào bờ", "vi", "Bão", id="a capital"),
        pytest.param("giá vàng", "Giá vàng hôm nay", "vi", "Giá vàng", id="whole syllables"),
        pytest.param("lũ lụt", "đang bị lũ lụt nặng", "vi", "lũ lụt", id="a syllable's variant"),
        pytest.param("Đà Nẵng", "Tourists return to Da Nang", "en", "Da Nang", id="abroad"),
        pytest.param("unemployment", "tỷ lệ thất nghiệp", "vi", "thất nghiệp", id="whole variant"),
        pytest.param("NATO", "Die Nato tagt", "de", "Nato", id="as some papers write it"),
        pytest.param("ICE", "ICE arrests many", "en", "ICE", id="capitals of a common word"),
        pytest.param(
            "HIV", "HIV에 감염된 사람", "ko", "HIV에", id="three letters and what is joined"
        ),
        pytest.param("EU", "EU가 결정했다", "ko", "EU가", id="two letters and what is joined"),
        pytest.param("Genève", "ושGenève", "", "ושGenève", id="behind letters of another script"),
        pytest.param("NATO", "nato summit opens today", "en", "nato", id="all in lower case"),
        pytest.param("Macedonia", "выборы в Македонии", "ru", "Македонии", id="the shorter name"),
        pytest.param("hospital", "bolnica u Zagrebu", "sr", "bolnica", id="a neighbour"),
    ],
)
def test_what_is_found(query: str, text: str, language: str, proof: str) -> None:
    assert found(query, text, language) == [proof]


@pytest.mark.parametrize(("language", "is_found"), [("sv", True), ("", True), ("en", False)])
def test_a_compound_with_a_variant_counts_where_the_variant_does(
    language: str, is_found: bool
) -> None:
    variant = Variant(language="sv", text="hamn", of="harbour", kind="word")
    rule = a_rule("harbour strike", variants=(variant,))
    article = an_article("harbour hamnstrike", text="", language=language)
    matches = make_matcher([rule]).matches(article, a_source())
    assert bool(matches) == is_found
    assert matches == by_brute_force([rule], article, a_source())


@pytest.mark.parametrize(
    ("language", "is_found"), [("sv", True), ("", True), ("fr", False), ("de", False)]
)
def test_a_compound_with_a_variant_needs_a_language_of_it_that_writes_compounds(
    language: str, is_found: bool
) -> None:
    both = [Variant(language=each, text="port", of="harbour", kind="word") for each in ("fr", "sv")]
    rule = a_rule("harbour strike", variants=tuple(both))
    article = an_article("harbour portstrike", text="", language=language)
    matches = make_matcher([rule]).matches(article, a_source())
    assert bool(matches) == is_found
    assert matches == by_brute_force([rule], article, a_source())


def test_of_variants_that_are_as_sure_the_longest_is_named_in_whatever_order_they_came() -> None:
    both = [
        Variant(language=language, text=text, of="border", kind="word")
        for language, text in (("de", "Grenze"), ("lb", "Grenz"))
    ]
    article = an_article("x", text="die Vietnamgrenze", language="")
    for variants in (both, both[::-1]):
        rule = a_rule("Vietnam border", variants=tuple(variants))
        matches = make_matcher([rule]).matches(article, a_source())
        assert [each.variants for match in matches for each in match.evidence] == [("Grenze",)]
        assert matches == by_brute_force([rule], article, a_source())


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("human rights", "منح حق التصويت", "ar"),
        ("Chris Coons", "კუნძულს შორის", "ka"),
        ("Chris Coons", "იყრის კენჭს", "ka"),
        ("Uber", "Die Fahrt über die Brücke", "de"),
        ("rechin", "Ein Behördensprecher", "de"),
        ("Arctic", "Die art der Bilder", "de"),
        ("Arctic", "Artikel 5 der Verfassung", "de"),
        ("Strumica", "A stream of the game", "en"),
        ("Strumica", "Der Stream des Spiels", "de"),
        ("Geneva", "Genova riapre il porto", "it"),
        ("Geneva", "ジェノバの港が再開", "ja"),
    ],
)
def test_a_common_word_of_the_texts_language_is_no_cognate(
    query: str, text: str, language: str
) -> None:
    assert not found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Zelenskyy", "Zelensky visits the hospital", "en"),
        ("Zelenskyy", "La visite de Zelensky", "fr"),
        ("Zelenskyy", "Wizyta Zełenskiego", "pl"),
        ("Zelenskyy", "Визит Зеленского", "ru"),
        ("Zelenskyy", "زيارة زيلينسكي", "ar"),
        ("Macedonia", "Le gouvernement de la Macédoine", "fr"),
        ("Macedonia", "მაკედონიაში", "ka"),
        ("Juventus", "Гол «Ювентуса»", "ru"),
        ("Strumica", "Струмица", "mk"),
        ("Wimbledon", "На Уимблдоне", "ru"),
    ],
)
def test_a_name_of_one_word_is_found_by_its_sound(query: str, text: str, language: str) -> None:
    assert found(query, text, language)


def test_a_name_of_one_word_needs_its_capital_and_what_tells_it() -> None:
    assert not found("Zelenskyy", "zelensky is how they call it, zelenski", "fr")
    assert not found("Zuma", "زيارة زوما", "ar")  # two consonants
    assert not found("Vukota", "ويختفي", "ar")  # leaves out too much


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Merkel", "زيارة ميركل", "ar"),
        ("Lavrov", "لاوروف در تهران", "fa"),
        ("Lavrov", "לברוב בטהרן", "he"),
        ("Milei", "ミレイ大統領が改革", "ja"),
        ("Milei", "밀레이 대통령은", "ko"),
        ("Modi", "मोदी की यात्रा", "hi"),
        ("Putin", "পুতিনের সফর", "bn"),
        ("Putin", "პუტინმა თქვა", "ka"),
    ],
)
def test_a_brief_name_is_found_where_there_are_no_capitals(
    query: str, text: str, language: str
) -> None:
    assert found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Iohannis", "يوم الخميس", "ar"),
        ("Khamenei", "كثير منها", "ar"),
        ("Ouattara", "كما ترى", "ar"),
        ("Mirziyoyev", "עוד משהו", "he"),
        ("Bessent", "10パーセント", "ja"),
        ("Harris", "ガールズ", "ja"),
        ("Modi", "모두 함께", "ko"),
        ("Vale", "मुंबई वाले", "hi"),
        ("Sinwar", "शनिवार को", "hi"),
        ("Corbyn", "তিনি করবেন", "bn"),
        ("Breton", "מזג האוויר בבריטניה", "he"),
        ("Sunak", "מפעל לזינק נפתח", "he"),
        ("Correa", "कोरिया की राजधानी", "hi"),
        ("Powell", "बाज़ार में पालू", "hi"),
        ("Tanner", "Tenor 공연", "ko"),
        ("Mercer", "Mercury 탐사", "ko"),
    ],
)
def test_common_words_and_other_vowels_are_no_name_without_capitals(
    query: str, text: str, language: str
) -> None:
    assert not found(query, text, language)


def test_a_small_word_inside_a_name_may_be_a_common_one() -> None:
    assert found("Mohammed bin Salman", "Mohammed ben Salmane reçoit l'émissaire", "fr")


def test_the_rules_own_words_come_before_a_form_from_a_list() -> None:
    article = an_article("Hanoi Convention signed", text="", language="")
    [match] = make_matcher([saved("Hanoi Convention")]).matches(article, a_source())
    [proof] = match.evidence
    assert (proof.layer, proof.variants, match.score) == ("exact", (), 1.0)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        pytest.param("asylum", "Oдбили зaхтeв зa aзил", "sr", id="letters of another script"),
        pytest.param("pig", "15 பன்றிகளை விற்பதற்காக", "ta", id="Tamil plural"),
        pytest.param("death penalty", "மரண தண்டனையை நிறைவேற்றியது", "ta", id="Tamil accusative"),
        pytest.param("pig", "Ֆերմայի խոզերը", "hy", id="three letters and an ending"),
        pytest.param("farmer", "ফার্মের কৃষকদের দাবি", "bn", id="Bengali plural"),
    ],
)
def test_words_of_running_text_are_found(query: str, text: str, language: str) -> None:
    assert found(query, text, language)


def test_what_means_more_than_a_rule_says_does_not_count_alone() -> None:
    assert found("flight", "Zamuda leta v London", "sl") == []


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Germany", "Die Regierung in Deutschland", "de"),
        ("Russia", "Nga tuyên bố ngừng bắn", "vi"),
        ("South Korea", "Hàn Quốc tuyên bố", "vi"),
        ("young voters", "Att locka unga väljare", "sv"),
        ("young voters", "laða að unga kjósendur", "is"),
        ("young voters", "युवा मतदाताओं को", "hi"),
        ("exam results", "Uusimmat eksamitulemused", "et"),
        ("extreme poverty", "της ακραίας φτώχειας", "el"),
    ],
)
def test_the_usual_name_and_the_usual_endings_are_found(
    query: str, text: str, language: str
) -> None:
    assert found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Kim Dae Jung", "Письма Ким Дэ Чжуна", "ru"),
        ("Nguyen Phu Trong", "グエン・フー・チョン書記長が演説", "ja"),
    ],
)
def test_a_name_of_three_words_is_found_whichever_of_them_leads(
    query: str, text: str, language: str
) -> None:
    assert found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Anna Shcherbinina", "Ministryně Anna Ščerbinina přijela", "cs"),
        ("Volodymyr Honcharenko", "Ministr Volodymyr Hončarenko přijel", "cs"),
        ("Andrey Tsygankov", "Bakan Andrey Tsıgankov geldi", "tr"),
        ("Zhavoronkov", "Jevgenij Zsavoronkov miniszter", "hu"),
        ("Zhavoronkov", "Minister Jevgenij Zjavoronkov", "sv"),
        ("Zhavoronkov", "Minister Jevgeni Zjavoronkov", "nl"),
        ("Chernyshov", "Ministrul Aleksei Ciornîșov", "ro"),
        ("Kharitonov", "Minister Sergei Charitonow", "de"),
        ("Khokhlova", "La ministra Olga Jojlova", "es"),
        ("Shalabi", "Nazir Hüseyn Şələbi", "az"),
    ],
)
def test_a_name_is_found_as_languages_of_latin_letters_spell_it(
    query: str, text: str, language: str
) -> None:
    assert found(query, text, language)


def test_a_first_name_beside_a_name_that_no_list_has_says_no_language() -> None:
    assert saved("Anna Shcherbinina").written_in == ("en",)
    assert any(each.language == "ka" for each in saved("Anna Shcherbinina").variants)
    assert saved("Papst Franziskus").written_in == ("de",)
    assert saved("Franziskus").written_in == ("de",)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Shcherbina", "Scserbakov miniszter", "hu"),
        ("Shuvalov", "Minister Sjapovalov", "sv"),
        ("Khalil", "El ministro Galil", "es"),
    ],
)
def test_a_name_that_only_begins_alike_is_another(query: str, text: str, language: str) -> None:
    assert not found(query, text, language)


def test_lists_are_asked_for_no_name_in_vain() -> None:
    """What is of no language known is looked up among the endings of all, which takes longest."""
    asked = Asked()
    with_variants(a_rule("Anna Shcherbinina"), [asked], "")
    with_variants(a_rule("(Brovaka OR Neldira) NOT harbour"), [asked], "")
    assert asked.terms
    assert all(written_in and term != "brovaka" for term, written_in in asked.terms)


@pytest.mark.parametrize(
    ("term", "languages"), [("Umeå", ("en",)), ("Migrações", ("pt",)), ("Čísla", ("cs", "sk"))]
)
def test_a_word_is_of_no_language_that_lacks_its_letters(
    term: str, languages: tuple[str, ...]
) -> None:
    """Of Czech umění (art) it would have the stem, and of Basque ume (child)."""
    assert set(written_in(parsed(term), LEXICONS.all)) <= set(languages)
