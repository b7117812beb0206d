"""A verb of a rule and what is done may stand apart in a clause, and lists say it elsewhere."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.languages import verbs
from rules.lexicons.news import NewsLexicon
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article, with_variants


def _finds(rule: str, text: str, language: str = "en") -> bool:
    matcher = RuleMatcher(
        [with_variants(a_rule(rule, written_in=("en",)), NewsLexicon(packed_news))]
    )
    return bool(matcher.matches(an_article("", text=text, language=language), a_source()))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("recalls vehicles", "The maker is recalling 210,000 vehicles in Peru."),
        ("recalls vehicles", "Maker recalls 12,000 electric vehicles."),
        ("lays off workers", "The mill laid off 1,200 workers."),
        ("arrested protesters", "Police arrested 1 200 protesters."),
        ("breaks record", "She broke the world record."),
        ("arrests minister", "Police arrested the former minister."),
        ("recalls vehicles", "Maker recalls 12,000 cheap electric vehicles."),
        ("cancels festival", "Organisers have cancelled this summer's big jazz festival."),
        ("approves takeover", "The takeover of a cork maker by a rival was approved on Friday."),
        ("closing factory", "The tyre maker closes its last factory in the north."),
        ("ship runs aground", "A ship with 200 tonnes of soy ran aground at the port."),
        ("minister resigns", "The minister of rural affairs resigned."),
        ("lifts export ban", "The government lifted its ban on all rice exports."),
    ],
)
def test_what_is_done_to_something_is_found(rule: str, text: str) -> None:
    assert _finds(rule, text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("recalls vehicles", "The maker recalled 210, vehicles it kept."),  # no number ends so
        ("breaks record", "She broke with the old record."),
        ("strikes deal", "Workers strike before a trade deal is signed."),
        ("arrested Novak", "Police arrested the former Novak aide."),
        ("data leak", "A leak closed the data centre."),
        ("harbour convention", "Harbour, 300 convention guests say, is closed."),
    ],
)
def test_what_else_stands_between_parts_them(rule: str, text: str) -> None:
    assert not _finds(rule, text)


@pytest.mark.parametrize(
    ("rule", "text", "language"),
    [
        ("minister resigns", "The minister said that the president of a bank resigned.", "en"),
        ("minister resigns", "El ministro lamentó que el alcalde dimitió.", "es"),
        ("minister resigns", "Le ministre a dit que le maire a démissionné.", "fr"),
        ("minister resigns", "Министр заявил что мэр подал в отставку.", "ru"),
        ("lifts sanctions", "Sanctions on Cuba stay while the US lifts a ban.", "en"),
        ("unemployed youth", "The unemployed rarely meet town and rural youth.", "en"),
    ],
)
def test_what_another_clause_says_is_done_by_others(rule: str, text: str, language: str) -> None:
    assert not _finds(rule, text, language)


def test_a_verb_alone_counts_in_its_forms_elsewhere() -> None:
    assert _finds("evacuated", "أجلت السلطات سكان القرية.", "ar")


@pytest.mark.parametrize(
    ("rule", "text", "language"),
    [
        ("files for bankruptcy", "Der Hersteller hat am Montag Insolvenz angemeldet.", "de"),
        ("lays off workers", "La filature supprime des emplois à Lille.", "fr"),
        ("found dead", "Un pescador fue hallado muerto en Cádiz.", "es"),
        ("cuts interest rates", "央行降息", "zh"),
        ("announces", "Оператор объявил о ремонте моста.", "ru"),
    ],
)
def test_what_a_rule_says_by_verbs_is_said_so_elsewhere(
    rule: str, text: str, language: str
) -> None:
    assert _finds(rule, text, language)


def test_a_noun_of_a_list_finds_no_common_verb_alone() -> None:
    assert not _finds("announcement", "Оператор объявил о ремонте моста.", "ru")


@pytest.mark.parametrize(
    ("rule", "text"),
    [("trains", "Der Zug steht."), ("funds", "Der Fonds fehlt."), ("lands", "Das Land schweigt.")],
)
def test_a_plural_is_no_verb(rule: str, text: str) -> None:
    """What a list has as a form of a verb is looked up as that and as nothing else."""
    assert _finds(rule, text, "de")
    assert not _finds(rule, "Er trainiert, finanziert und landete.", "de")


_DE = {"government": "Regierung", "cancels": "verbietet", "export ban": "Ausfuhrverbot"}


@pytest.mark.parametrize(
    ("rule", "text", "language", "expected"),
    [
        pytest.param(
            "cancels festival",
            "She cancels then as it was to be and is for all of us in and on it of the festival.",
            "en",
            False,
            id="small words without end",
        ),
        pytest.param(
            "blocks Geneva Convention",
            "Regierung blocks neue lange alte kurze Geneva Konvention.",
            "de",
            False,
            id="a word that is only like the rule's",
        ),
        pytest.param(
            "police arrested Xi Jinping",
            "Police arrested neue x alte Xi Jinping.",
            "de",
            True,
            id="one like it on the way to the rule's own",
        ),
        pytest.param(
            "government cancels old export ban quickly",
            "Regierung verbietet neue lange alte kurze old Ausfuhrverbot quickly.",
            "de",
            True,
            id="six words, two of them as one",
        ),
    ],
)
def test_what_stands_apart_is_found_by_the_index_as_without(
    rule: str, text: str, language: str, expected: bool
) -> None:
    variants = [Variant(language="de", text=said, of=of, kind="word") for of, said in _DE.items()]
    rules = [a_rule(rule, variants=tuple(variants), written_in=("en",))]
    article, source = an_article("", text=text, language=language), a_source()
    found = by_brute_force(rules, article, source)
    assert RuleMatcher(rules).matches(article, source) == found
    assert bool(found) is expected


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        pytest.param(
            "cancels festival",
            f"They cancelled {'counterrevolutionaries ' * 5}festival.",
            id="many letters",
        ),
        pytest.param(
            "cancels festival",
            "They cancelled trains buses ferries boats flights tours walks festival plans.",
            id="many words",
        ),
        pytest.param(
            "minister resigned",
            "Resigned soldiers guard the minister.",
            id="a subject behind its verb",
        ),
        pytest.param("power cuts", "Power firms in towns discuss cuts.", id="a plural"),
    ],
)
def test_what_stands_too_far_apart_is_not_done(rule: str, text: str) -> None:
    assert not _finds(rule, text)


@pytest.mark.parametrize(
    ("rule", "text", "language"),
    [
        ("raids offices", "La policía allanó el martes las oficinas del grupo.", "es"),
        ("lifts export ban", "Le pays a levé son interdiction d'exportation de riz.", "fr"),
        ("reopens", "Le musée de la ville rouvre dimanche.", "fr"),
    ],
)
def test_what_is_done_is_called_so_elsewhere(rule: str, text: str, language: str) -> None:
    assert _finds(rule, text, language)


def test_what_is_done_is_looked_up_from_english_only() -> None:
    news = packed_news()
    assert [each.concept.kind for each in news.named("to raid")] == ["act"]
    assert "act" not in {each.concept.kind for each in news.named("allanamiento")}


def test_no_list_is_read_for_what_no_variant_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "_listed", lambda: pytest.fail("the lists were read"))
    assert not verbs.says_by_verb("")


@pytest.mark.parametrize(
    ("rule", "text", "language", "expected"),
    [
        ("police arrest journalist", "La policía detuvo a un periodista.", "es", True),
        ("police arrest journalist", "Police have arrested a journalist.", "en", True),
        ("police raid newspaper", "La police perquisitionne un journal.", "fr", True),
        ("police arrest journalist", "Police arrested a man, a journalist wrote.", "en", False),
    ],
)
def test_behind_nouns_of_several_a_verb_has_no_ending(
    rule: str, text: str, language: str, *, expected: bool
) -> None:
    assert _finds(rule, text, language) is expected


def test_two_such_words_name_a_thing() -> None:
    assert not verbs.verbs_among(("police", "raid"), "en")
    assert not verbs.verbs_among(("house", "arrest", "order"), "en")
