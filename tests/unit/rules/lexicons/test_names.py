"""Names of places in other languages, as rules find them."""

from collections.abc import Iterable

from rules.lexicons.names import NameLexicon
from rules.lexicons.names_packed import Name, PackedNames, pack_names
from rules.matcher import RuleMatcher
from tests.builders import a_rule, a_source, an_article, with_variants

CITY = [
    Name("X-1", language, text)
    for language, text in (
        ("en", "Cologne"),
        ("fr", "Cologne"),
        ("de", "Köln"),
        ("da", "Køln"),
        ("it", "Colonia"),
        ("es", "Colonia"),
        ("ru", "Кёльн"),
    )
]
OTHER = [Name("X-2", language, "Colonia") for language in ("es", "gl")]


def lexicon(names: Iterable[Name]) -> NameLexicon:
    packed = PackedNames(pack_names(names, signature="test"))
    return NameLexicon(lambda: packed, "test")


def forms(term: str) -> set[tuple[str, str]]:
    return {(f.language, f.text) for f in lexicon([*CITY, *OTHER]).forms(term)}


def found(query: str, title: str, language: str) -> bool:
    matcher = RuleMatcher([with_variants(a_rule(query), lexicon(CITY))])
    return bool(matcher.matches(an_article(title, text="", language=language), a_source()))


def test_a_name_that_is_also_another_places_counts_only_in_its_own_languages() -> None:
    assert {("it", "Colonia"), ("es", "Colonia")} <= forms("Cologne")
    assert ("", "Colonia") not in forms("Cologne")


def test_a_word_in_lower_case_or_known_to_one_language_only_names_no_place() -> None:
    assert forms("cologne") == set()
    assert forms("Кёльн") == set()


def test_an_acronym_with_small_letters_names_no_place() -> None:
    names = [Name("X-3", language, text) for language, text in (("en", "XYZ"), ("fr", "Ixigrec"))]
    names.append(Name("X-3", "de", "XYZ"))
    assert [form.text for form in lexicon(names).forms("XYZ")] == ["Ixigrec"]
    assert not lexicon(names).forms("Xyz")


def test_names_with_brackets_or_digits_are_left_out() -> None:
    known = lexicon([*CITY, Name("X-1", "lo", "Köln (city)")])
    assert all("(" not in form.text for form in known.forms("Cologne"))


def test_a_place_is_found_under_its_name_in_another_language_and_in_its_endings() -> None:
    assert found("Cologne", "Carnevale a Colonia", "it")
    assert found("Cologne", "Выставка в Кёльне", "ru")


def test_a_places_name_in_lower_case_is_another_word() -> None:
    assert not found("Cologne", "Una colonia di gabbiani", "it")


def test_a_name_of_several_words_stands_for_a_word_of_the_rule() -> None:
    both = ("ZQ", "Zed Quarter")
    names = [Name("X", language, text) for language in ("en", "de") for text in both]
    matcher = RuleMatcher([with_variants(a_rule("ZQ council"), lexicon(names))])
    article = an_article("The Zed Quarter council met", text="", language="en")
    assert matcher.matches(article, a_source())


def test_initials_are_also_found_in_the_order_of_languages_that_put_the_noun_first() -> None:
    rule = "World Tin Producers Council"
    assert found(rule, "La CPTW se réunit", "fr")
    assert not found(rule, "La TCWP se réunit", "fr")


def test_a_name_in_a_script_of_few_languages_needs_only_one_that_knows_it() -> None:
    names = [Name("X-1", "en", "Canada"), Name("X-1", "ja", "カナダ"), Name("X-1", "fr", "Canada")]
    known = lexicon(names).forms("カナダ")
    assert [form.text for form in known] == ["Canada"]
