"""What a rule is looked for as in a language, and what it has no word for."""

from collections.abc import Collection

from rules.expand.reach import Reach, as_written, reach_of, waiting_of
from rules.lexicons.api import Form
from storage.model import Variant, VariantState
from tests.builders import a_rule


def variant(language: str, text: str, of: str = "", **more: object) -> Variant:
    return Variant(**{"kind": "translation", "language": language, "text": text, "of": of, **more})  # type: ignore[arg-type]


def reach(query: str, language: str, *variants: Variant, **more: object) -> Reach:
    rule = a_rule(query, variants=variants, written_in=("en",), **more)
    [one] = reach_of(rule, [language])
    return one


def test_a_form_of_the_whole_keyword_says_all() -> None:
    found = reach(
        "climate summit",
        "sv",
        variant("sv", "klimattoppmöte"),
        variant("sv", "klimat", "climate"),
        variant("da", "klimatopmøde"),
    )
    assert found == Reach(language="sv", forms=("klimattoppmöte",))


def test_else_words_stand_beside_each_other_and_what_has_none_is_told() -> None:
    found = reach(
        "climate summit",
        "th",
        variant("th", "ภูมิอากาศ", "climate", score=0.8),
        variant("th", "สภาพอากาศ", "climate", score=0.9),
        variant("th", "อากาศ", "climate", score=0.7),
    )
    assert found == Reach(language="th", forms=("สภาพอากาศ / ภูมิอากาศ",), missing=("summit",))


def test_what_only_says_a_word_beside_it_in_its_language_needs_no_form_elsewhere() -> None:
    forms = [variant("de", "Hafen"), variant("sv", "hamn")]
    assert reach("port OR hafen", "sv", *forms) == Reach(language="sv", forms=("hamn",))
    assert reach("port OR Hafen", "de", *forms) == Reach(language="de", forms=("Hafen",))
    assert reach("port OR haven", "sv", *forms).missing == ("haven",)
    assert reach("port hafen", "sv", variant("sv", "hamn", "port")).missing == ("hafen",)
    both = [variant("de", "Hafen", "port"), variant("sv", "hamn", "port")]
    assert reach("port AND hafen", "sv", *both).missing == ("hafen",)
    guessed = [variant("de", "Hafen", state=VariantState.PROPOSED), variant("sv", "hamn")]
    assert reach("port OR hafen", "sv", *guessed).missing == ("hafen",)


def test_what_has_forms_of_its_own_is_told_though_one_beside_it_says_it() -> None:
    forms = [variant("en", "harbour"), variant("sv", "hamn"), variant("sv", "hamnen", "harbour")]
    assert reach("port OR harbour", "sv", *forms).forms == ("hamn", "hamnen")


def test_a_name_that_no_list_knows_is_found_by_its_sound() -> None:
    found = reach("Guterres visit", "ru", variant("ru", "визит", "visit"))
    assert found == Reach(language="ru", forms=("Guterres + визит",))


def test_a_capitalised_word_that_has_forms_elsewhere_is_missing_where_it_has_none() -> None:
    found = reach("Hanoi Convention", "ru", variant("sv", "konvention", "Convention"))
    assert found == Reach(language="ru", forms=("Hanoi",), missing=("Convention",))


def test_a_code_is_the_same_everywhere_though_its_letters_are_others_in_cyrillic() -> None:
    flaw = variant("ru", "КВЕ-2026", "CVE-2026", source="numbers")
    assert reach("CVE-2026-1234", "de", flaw) == Reach(language="de", forms=("CVE-2026-1234",))
    summit = variant("zh", "第三十次缔约方会议", "COP30")
    assert reach("COP30", "ja", summit) == Reach(language="ja", forms=("COP30",))


def test_a_name_whose_sound_is_spelled_elsewhere_is_not_missing() -> None:
    town = variant("ru", "Пало Альто", "Palo Alto", source="transliteration")
    net = variant("de", "Netzwerk", "Networks")
    initials = variant("", "PAN", kind="acronym", state=VariantState.PROPOSED)
    found = reach("Palo Alto Networks", "de", town, net, initials)
    assert found == Reach(language="de", forms=("Palo + Alto + Netzwerk",))


def test_a_word_that_a_list_has_in_the_language_is_the_same_there() -> None:
    class French:
        def forms(self, term: str, written_in: object = ()) -> list[Form]:
            return []

        def languages(self, term: str, among: Collection[str] = ()) -> list[str]:
            return ["en", "fr"] if term == "Convention" else []

    rule = a_rule(
        "Hanoi Convention",
        variants=(variant("sv", "konvention", "Convention"),),
        written_in=("en",),
    )
    [found] = reach_of(rule, ["fr"], [French()])
    assert found == Reach(language="fr", forms=("Hanoi Convention",))


def test_a_word_that_has_only_other_marks_in_a_language_is_found_as_it_is() -> None:
    class French:
        def forms(self, term: str, written_in: object = ()) -> list[Form]:
            known = term == "hotel" and written_in == ("fr",)
            return [Form("de", "Gasthof", "a list")] if known else []

        def languages(self, term: str, among: Collection[str] = ()) -> list[str]:
            return ["en"]  # French has hôtel

    some = (variant("ru", "отель", "hotel"), variant("ru", "пожар", "fire"))
    rule = a_rule("hotel fire", variants=some, written_in=("en",))
    [french, german] = reach_of(rule, ["fr-CA", "de"], [French()])
    assert french == Reach(language="fr-CA", forms=("hotel",), missing=("fire",))
    assert german == Reach(language="de", missing=("hotel", "fire"))


def test_a_word_that_is_the_same_in_a_language_is_told_beside_what_else_it_is_called() -> None:
    class Spanish:
        def forms(self, term: str, written_in: object = ()) -> list[Form]:
            return []

        def languages(self, term: str, among: Collection[str] = ()) -> list[str]:
            return ["en", "es"] if term in ("nuclear", "ferry") else []

    variants = (
        variant("es", "atómico", score=0.9),
        variant("es", "núclear", score=0.9),
        variant("es", "transbordador", "ferry"),
        variant("es", "colisión", "crash"),
    )
    rule = a_rule("nuclear OR (ferry crash)", variants=variants, written_in=("en",))
    [found] = reach_of(rule, ["es"], [Spanish()])
    assert found.forms == ("nuclear / atómico", "ferry / transbordador + colisión")


def test_what_several_words_are_called_together_comes_before_one_that_is_the_same() -> None:
    class Spanish:
        def forms(self, term: str, written_in: object = ()) -> list[Form]:
            return []

        def languages(self, term: str, among: Collection[str] = ()) -> list[str]:
            return ["en", "es"] if term in ("Red", "hospital") else []

    variants = (variant("es", "Cruz Roja", "Red Cross"), variant("es", "rojo", "Red"))
    rule = a_rule("Red Cross hospital", variants=variants, written_in=("en",))
    [found] = reach_of(rule, ["es"], [Spanish()])
    assert found.forms == ("Cruz Roja + hospital",)


def test_what_has_no_other_form_is_told_as_the_query_has_it() -> None:
    assert reach("CVE-2026-31337", "sv") == Reach(language="sv", forms=("CVE-2026-31337",))
    assert reach("Kaja Kallas", "ru") == Reach(language="ru", forms=("Kaja Kallas",))


def test_a_name_typed_small_is_the_same_where_no_list_has_it_otherwise() -> None:
    found = reach("hanoi", "de", variant("", "Hanojo", kind="name"), variant("de", "x", "other"))
    assert found == Reach(language="de", forms=("hanoi",))


def test_a_name_that_is_only_respelled_in_other_letters_is_the_same_in_its_own() -> None:
    respelled = [
        variant("ru", "Майкрософт"),
        variant("hi", "माइक्रोसॉफ्ट"),
        variant("ja", "マイクロソフト"),
    ]
    respelled += [variant("el", "Μαϊκροσόφτ"), variant("sr", "Majkrosoft")]
    assert reach("Microsoft", "de", *respelled) == Reach(language="de", forms=("Microsoft",))
    assert reach("Microsoft", "ar", *respelled) == Reach(language="ar", missing=("Microsoft",))
    assert reach("microsoft", "de", *respelled) == Reach(language="de", missing=("microsoft",))


def test_a_name_of_which_lists_have_a_longer_one_is_found_as_it_is() -> None:
    longer = (
        Variant(language="en", text="Cisco Systems", of="Cisco"),
        Variant(language="zh", text="思科", of="Cisco"),
    )
    assert reach("Cisco", "de", *longer) == Reach(language="de", forms=("Cisco",))
    assert reach("Cisco", "ru", *longer) == Reach(language="ru", missing=("Cisco",))


def test_a_noun_typed_small_is_the_same_where_a_language_writes_nouns_with_a_capital() -> None:
    class German:
        def forms(self, term: str, written_in: object = ()) -> list[Form]:
            return []

        def languages(self, term: str, among: Collection[str] = ()) -> list[str]:
            return ["de"] if term == "Bitcoin" else []

    rule = a_rule("bitcoin", variants=(variant("ru", "биткоин"),), written_in=("en",))
    assert reach_of(rule, ["de"], [German()]) == (Reach(language="de", forms=("bitcoin",)),)


def test_a_form_in_the_letters_that_stand_for_others_is_not_told_beside_it() -> None:
    told = ("Rücktritt", "Ruecktritt", "tritt zurück", "tritt ab")
    forms = [variant("de", text, "resigns") for text in told]
    assert reach("resigns", "de", *forms).forms == ("Rücktritt / tritt zurück",)


def test_what_is_proposed_does_not_count_and_is_told() -> None:
    proposed = variant("sv", "möte", "summit", state=VariantState.PROPOSED)
    found = reach("summit", "sv", proposed)
    assert found == Reach(
        language="sv", proposed=("möte",), missing=("summit",), waiting={"summit": ("möte",)}
    )
    broadly = reach("summit", "sv", proposed, strictness="broad")
    assert broadly == Reach(language="sv", forms=("möte",))


def test_a_word_that_has_another_form_waits_for_nobody() -> None:
    proposed = variant("sv", "möte", "summit", state=VariantState.PROPOSED)
    found = reach("summit", "sv", proposed, variant("sv", "toppmöte", "summit"))
    assert (found.proposed, found.waiting) == (("möte",), {})


def test_languages_in_which_a_rule_waits_are_told_beside_those_that_are_told_anyhow() -> None:
    waits = [
        variant(each, "x" * 4, state=VariantState.PROPOSED) for each in ("sv", "da", "en", "fr")
    ]
    rule = a_rule("summit", variants=(*waits, variant("da", "topmøde")), written_in=("en",))
    assert [each.language for each in waiting_of(rule, ["sv"])] == ["fr"]


def test_forms_for_any_language_count_in_each() -> None:
    found = reach("Hanoi", "ru", variant("", "Ханой", "", kind="name"), variant("", "ハノイ"))
    assert found == Reach(language="ru", forms=("Ханой",))
    found = reach("Hanoi", "sv", variant("", "Hà Nội", "", kind="name"))
    assert found == Reach(language="sv", forms=("Hanoi",))


def test_in_its_own_language_a_rule_is_looked_for_as_it_is() -> None:
    assert reach("climate summit", "en") == Reach(language="en", forms=("climate summit",))


def test_each_keyword_of_a_query_is_told() -> None:
    found = reach(
        "strike AND (rail OR train)",
        "sv",
        variant("sv", "strejk"),
        variant("sv", "järnväg", "rail"),
    )
    assert found == Reach(language="sv", forms=("strejk", "järnväg"), missing=("train",))


def test_what_is_left_out_needs_no_form() -> None:
    found = reach("strike -football", "sv", variant("sv", "strejk"))
    assert found == Reach(language="sv", forms=("strejk",))


def test_a_rule_for_its_words_alone_has_no_reach() -> None:
    for more in ({"strictness": "exact"}, {"strictness": "forms"}):
        assert reach_of(a_rule("summit", written_in=("en",), **more), ["sv"]) == ()  # type: ignore[arg-type]
    assert reach_of(a_rule('"climate summit"', written_in=("en",)), ["sv"]) == ()


def test_phrases_patterns_and_what_is_left_out_count_as_they_are_written() -> None:
    query = 'strike -football NOT (title:"ice hockey" OR cup) AND (ransom* OR /gang/ OR =WHO)'
    told = as_written(a_rule(query, written_in=("en",)))
    assert told == (
        "NOT football",
        'NOT (title:"ice hockey" OR cup)',
        "ransom*",
        "/gang/",
        '="WHO"',
    )
    assert as_written(a_rule("strike AND NOT language:sv url:sport", written_in=("en",))) == ()
    assert as_written(a_rule("ransom*", written_in=("en",), strictness="forms")) == ()
