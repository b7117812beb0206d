"""Which variants a rule gets, and which of them wait until somebody has looked at them."""

from collections.abc import Collection, Iterable

import pytest

from rules.expand.expand import expand
from rules.lexicons.api import Form
from rules.matcher import RuleMatcher
from rules.query.parsed import parsed
from storage.model import Variant, VariantState
from tests.builders import a_rule, a_source, an_article


class Words:
    """A list of forms by term."""

    def __init__(self, **forms: tuple[Form, ...]) -> None:
        self._forms = forms

    def languages(self, term: str, among: Collection[str] = ()) -> Collection[str]:
        return ()

    def forms(self, term: str, written_in: Collection[str] = ()) -> Iterable[Form]:
        return self._forms.get(term.replace(" ", "_"), ())


def made(query: str, **forms: tuple[Form, ...]) -> dict[str, Variant]:
    return {variant.text: variant for variant in expand(parsed(query), [Words(**forms)])}


def state(query: str, form: Form, *others: Form) -> VariantState:
    return made(query, **{query: (form, *others)})[form.text].state


ACTIVE, PROPOSED = VariantState.ACTIVE, VariantState.PROPOSED


def test_rules_share_what_is_said_of_a_word_in_both() -> None:
    rail = Form("de", "Bahn", "a")
    one, other = made("rail summit", rail=(rail,)), made("rail treaty", rail=(rail,))
    assert one["Bahn"] is other["Bahn"]
    assert made("rail treaty", rail=(rail._replace(kind="name"),))["Bahn"].kind == "name"


@pytest.mark.parametrize(
    ("term", "form", "expected"),
    [
        ("strike", Form("sv", "strejk", "a"), ACTIVE),
        ("strike", Form("sv", "strejk", "a", ambiguous=True), PROPOSED),
        ("ice", Form("sv", "is", "a"), PROPOSED),
        ("tea", Form("vi", "trà", "a"), PROPOSED),
        ("treaty", Form("zh", "条约", "a"), ACTIVE),
        ("tree", Form("zh", "木", "a"), PROPOSED),
        ("union", Form("de", "unter", "a"), PROPOSED),
        ("union", Form("fr", "dans les", "a"), PROPOSED),
        ("union", Form("", "EU", "a", kind="acronym"), PROPOSED),
        ("union", Form("", "ASEAN", "a", kind="acronym"), ACTIVE),
        ("union", Form("", "WTO", "a", kind="acronym"), ACTIVE),
    ],
)
def test_what_alone_would_find_too_much_is_only_proposed(
    term: str, form: Form, expected: VariantState
) -> None:
    assert state(term, form) is expected


def test_a_word_in_lower_case_for_what_is_a_name_is_only_proposed() -> None:
    name = Form("sv", "Turkiet", "places", kind="name")
    bird = Form("sv", "kalkon", "a dictionary")
    assert state("Turkey", bird, name) is PROPOSED
    assert state("Turkey", name, bird) is ACTIVE
    assert state("Turkey", Form("es", "turquía", "places", kind="name")) is PROPOSED
    assert state("Earthquake", Form("sv", "jordskalv", "a dictionary")) is ACTIVE
    assert state("Turkey", Form("zh", "土耳其", "a dictionary"), name) is ACTIVE


def test_what_is_proposed_alone_counts_beside_another_word_of_the_rule() -> None:
    ice = (Form("sv", "is", "a", ambiguous=True),)
    variants = made("ice road", ice=ice, road=(Form("sv", "väg", "a"),))
    assert {variant.state for variant in variants.values()} == {ACTIVE}


@pytest.mark.parametrize(("strictness", "expected"), [("all", False), ("broad", True)])
def test_nothing_unreviewed_and_ambiguous_fires_by_default(strictness: str, expected: bool) -> None:
    variants = expand(
        parsed("Turkey"),
        [
            Words(
                Turkey=(
                    Form("sv", "Turkiet", "places", kind="name"),
                    Form("sv", "kalkon", "a dictionary"),
                )
            )
        ],
    )
    rule = a_rule("Turkey", variants=variants, strictness=strictness)
    article = an_article("Recept på kalkon", text="En kalkon i ugnen.", language="sv")
    assert bool(RuleMatcher([rule]).matches(article, a_source())) is expected


def test_phrases_and_what_is_excluded_get_no_variants() -> None:
    forms = (Form("sv", "strejk", "a"),)
    assert made('"strike"', strike=forms) == {}
    assert made("=strike", strike=forms) == {}
    assert set(made("ferry NOT strike", strike=forms)) == set()
    assert set(made("ferry OR title:strike", strike=forms)) == {"strejk"}


def test_a_name_that_was_typed_in_small_letters_is_that_name() -> None:
    class Names(Words):
        def languages(self, term: str, among: Collection[str] = ()) -> Collection[str]:
            return ("en",) if term == "Vietnam" else ()

    lists = [Names(Vietnam=(Form("zh", "越南", "list", kind="name"),))]
    for query in ("vietnam", "Vietnam"):
        [variant] = expand(parsed(query), lists)
        assert (variant.text, variant.state) == ("越南", ACTIVE)
    assert expand(parsed("nice"), [Words(Nice=(Form("fr", "Nizza", "list", kind="name"),))]) == ()


def test_a_brand_that_is_a_common_word_is_only_called_what_the_company_is() -> None:
    forms = (
        Form("fr", "coquille", "list"),
        Form("ko", "쉘", "list", kind="name", ambiguous=True),
        Form("zh", "壳牌", "list", kind="name"),
    )
    brand = made("Shell", Shell=forms)
    assert {text: variant.state for text, variant in brand.items()} == {
        "쉘": ACTIVE,
        "壳牌": ACTIVE,
    }
    assert set(made("shell", shell=forms)) == {"coquille", "쉘", "壳牌"}
    assert set(made("Shell 2.1", Shell=forms)) == {"壳牌"}
    assert set(made(".NET 8", NET=forms)) == {"壳牌"}
    assert set(made("Shell game 8", Shell=forms)) > {"壳牌"}


@pytest.mark.parametrize(
    ("query", "state"),
    [
        ("Novak AND recall", ACTIVE),
        ("(Novak OR Arkona) AND (ferry OR recall)", ACTIVE),
        ("title:Novak AND recall", ACTIVE),
        ("NATO AND recall", ACTIVE),
        ("Ferry AND recall", PROPOSED),
        ("ferry AND recall", PROPOSED),
        ("Novak OR recall", PROPOSED),
        ("(Novak OR ferry) AND recall", PROPOSED),
        ("ferry AND recall NOT Novak", PROPOSED),
        ("recall", PROPOSED),
    ],
)
def test_what_has_other_senses_counts_together_with_a_name(query: str, state: VariantState) -> None:
    forms = {
        "recall": (Form("fr", "rappel", "list", ambiguous=True),),
        "ferry": (
            Form("fr", "bac", "list"),
            Form("de", "Fähre", "list"),
            Form("sv", "färja", "list"),
        ),
    }
    assert made(query, **forms)["rappel"].state == state


def test_a_particle_of_a_name_is_not_called_anything_elsewhere() -> None:
    bin_ = (Form("de", "Tonne", "list"),)
    assert made("Mohammed bin Salman", bin=bin_) == {}
    assert "Tonne" in made("rubbish bin strike", bin=bin_)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (Form("th", "การคุ้มครองข้อมูล", "a"), "คุ้มครองข้อมูล"),
        (Form("lo", "ການປົກປ້ອງຂໍ້ມູນ", "a"), "ປົກປ້ອງຂໍ້ມູນ"),
        (Form("th", "การเมือง", "a"), "การเมือง"),
        (Form("de", "Datenschutz", "a"), "Datenschutz"),
    ],
)
def test_what_only_makes_a_noun_of_a_verb_is_not_looked_for(form: Form, text: str) -> None:
    assert text in made("privacy", privacy=(form,))


@pytest.mark.parametrize(
    ("keyword", "meant"),
    [
        pytest.param("close ally", "close-knit", id="before a noun"),
        pytest.param("schools close", "close", id="a verb at the end"),
    ],
)
def test_an_english_word_means_something_else_before_a_noun(keyword: str, meant: str) -> None:
    asked: list[str] = []

    class Asked:
        """Remembers what it is asked."""

        def languages(self, term: str, among: Collection[str] = ()) -> Collection[str]:
            return ("en",)

        def forms(self, term: str, written_in: Collection[str] = ()) -> Iterable[Form]:
            asked.append(term)
            return ()

    expand(parsed(keyword), [Asked()], ("en",))
    assert meant in asked
    assert ("close" in asked) == (meant == "close")
