"""Why a rule holds for an article or not, clause by clause, and how near it came."""

from datetime import timedelta
from typing import Any

import pytest

from rules.explain.trace import MOST_MISSES, Clause, leaves, trace
from rules.query.lexer import QuerySyntaxError
from storage.model import Variant, VariantState
from tests.builders import NOON, a_rule, a_source, an_article


def traced(query: str, title: str, text: str = "", language: str = "en", **rule: Any) -> Clause:
    article = an_article(title, text=text, language=language)
    return trace(a_rule(query, **rule), article, a_source())


def miss_of(clause: Clause) -> str:
    misses = [leaf.miss.text for leaf in leaves(clause) if leaf.miss is not None]
    assert len(misses) == 1
    return misses[0]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Siemens livrera bientôt cent éoliennes", '"éoliennes" 3 words later'),
        ("Les éoliennes arrivent", '"éoliennes" is in the title, but nothing for "Siemens"'),
        ("Siemens livrera bientôt", 'nothing for "wind" or "turbines"'),
    ],
)
def test_words_that_are_called_something_together_are_sought_as_one(
    title: str, expected: str
) -> None:
    wind = Variant(language="fr", text="éolienne", of="wind turbines", kind="word")
    said = traced("Siemens wind turbines", title, language="fr", variants=(wind,))
    assert expected in miss_of(said)


def test_how_far_apart_what_is_done_may_stand_is_told_as_it_is() -> None:
    title = "Mayor cancels with the whole town council a festival"
    assert miss_of(traced("cancels festival", title, written_in=("en",))) == (
        '"cancels" in the title, "festival" 6 words later; at most 8 small words and 6 others may '
        "stand between a verb and its object or subject, but no other verb or clause, nor a "
        "preposition that the rule is without; and none may be those of something else"
    )


@pytest.mark.parametrize(
    ("query", "title", "text", "language", "expected"),
    [
        pytest.param(
            "Hanoi Convention",
            "Hanoi prepares for a busy week of talks before the new Convention",
            "",
            "en",
            '"Hanoi" in the title, "Convention" 10 words later; they must be near each other '
            "(at most 3 small words and 1 other between)",
            id="too far apart",
        ),
        pytest.param(
            "rail strike",
            "Talks",
            "They mend the rail. A strike comes",
            "en",
            '"rail" in the text, "strike" 1 word later in another clause; '
            "they must stand in one clause, near each other",
            id="in two sentences",
        ),
        pytest.param(
            "rail strike",
            "Strike talks",
            "The rail network is old",
            "en",
            '"rail" in the text, "Strike" in the title; '
            "they must be near each other in one of them",
            id="in two fields",
        ),
        pytest.param(
            "rail strike",
            "A rail line and its freight strike out",
            "",
            "en",
            '"rail" in the title, "strike" 4 words later; they must be near each other '
            "(at most 3 small words and 1 other between)",
            id="near, but not so near",
        ),
        pytest.param(
            "Hanoi Convention",
            "Konferens i Hanoi",
            "",
            "sv",
            '"Hanoi" is in the title, but nothing for "Convention"; '
            "the nearest word to Convention is Konferens (likeness 0.61, needs 0.74)",
            id="another word",
        ),
        pytest.param(
            "ransomware",
            "Weather stays fine",
            "Sun",
            "en",
            'nothing for "ransomware"',
            id="nothing like it",
        ),
        pytest.param(
            "cyber bill",
            "Ein Cyberspuk",
            "",
            "de",
            'nothing for "cyber" or "bill"; "Cyberspuk" in the title begins with cyber',
            id="a longer word",
        ),
        pytest.param(
            "airport convention",
            "Airports",
            "Konvention vertagt",
            "sv",
            '"Airports" in the title, "Konvention" in the text; '
            "they must be near each other in one of them",
            id="in two fields, in other forms",
        ),
        pytest.param(
            "Mali",
            "שיחות במאלי",
            "",
            "he",
            '"במאלי" would count with --match broad (score 0.92)',
            id="only when less strict",
        ),
        pytest.param(
            "=WHO",
            "Who knows",
            "",
            "en",
            '"Who" is in the title; it must be written WHO',
            id="in lower case",
        ),
        pytest.param(
            "WHO",
            "Guess who",
            "",
            "en",
            '"who" is in the title; it must be written WHO',
            id="a stop word",
        ),
        pytest.param(
            '"rail strike"',
            "Strike on the rail",
            "",
            "en",
            '"Strike on the rail" is there, in other forms, another order or with words between',
            id="another order",
        ),
        pytest.param(
            "title:strike",
            "Trains stand still",
            "The strike goes on",
            "en",
            '"strike" is in the text, not in the title',
            id="in the other field",
        ),
        pytest.param(
            "cyb* NEAR/2 attack",
            "Cyber gangs plan yet another attack",
            "",
            "en",
            '"Cyber" in the title, "attack" 4 words later; at most 2 words may stand between',
            id="parts of NEAR",
        ),
        pytest.param("cyb*", "Rain", "", "en", "no word fits cyb*", id="wildcard"),
        pytest.param("/ra[ij]l/", "Rain", "", "en", "nothing fits the expression", id="regex"),
    ],
)
def test_a_part_that_does_not_hold_says_how_near_it_came(
    query: str, title: str, text: str, language: str, expected: str
) -> None:
    clause = traced(query, title, text, language)
    assert not clause.holds
    if clause.kind == "near":
        assert clause.miss is not None
        assert clause.miss.text == expected
    else:
        assert miss_of(clause) == expected


def test_a_word_that_sounds_alike_in_the_rules_own_language_is_said_to_do_no_more() -> None:
    clause = traced("port strike", "Parties strike a deal", written_in=("en",))
    assert not clause.holds
    assert miss_of(clause) == (
        '"strike" is in the title, but nothing for "port"; '
        "the nearest word to port is Parties, which only sounds like it"
    )


def test_a_small_word_of_the_texts_language_is_told_as_one() -> None:
    clause = traced("war", "Er war gestern in der Stadt", "", "de", written_in=("en",))
    assert not clause.holds
    assert miss_of(clause) == '"war" is in the title, where it is a small German word'


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (
            VariantState.PROPOSED,
            '"Genf" is found by the variant Genf (place names), which is proposed but not active; '
            "it would count with --match broad",
        ),
        (
            VariantState.REJECTED,
            '"Genf" is found by the variant Genf (place names), which was rejected',
        ),
    ],
)
def test_a_variant_that_does_not_count_is_named(state: VariantState, expected: str) -> None:
    variant = Variant(language="de", text="Genf", kind="name", source="place names", state=state)
    clause = traced("Geneva", "Konferenz in Genf", language="de", variants=(variant,))
    assert miss_of(clause) == expected


def test_a_name_in_lower_case_is_said_to_be_another_word() -> None:
    variant = Variant(language="hu", text="Genf", kind="name", source="place names")
    clause = traced("Geneva", "A genfi repülőtér", language="hu", variants=(variant,))
    assert miss_of(clause) == (
        'by the variant Genf (place names): "genfi" is in the title, '
        "but in lower case it does not count for Genf"
    )


def test_words_found_by_variants_of_a_part_count_for_the_distance() -> None:
    variant = Variant(language="sv", text="fördrag", of="Convention")
    title = "Hanoi blir värd när det omstridda nya fördraget skrivs under"
    clause = traced("Hanoi Convention", title, language="sv", variants=(variant,))
    assert miss_of(clause).startswith('"Hanoi" in the title, "fördraget" 6 words later;')


def test_a_variant_may_come_nearer_than_the_words_of_the_rule() -> None:
    own = Variant(language="ru", text="Аральское море")
    clause = traced("Aral Sea", "Аральское озеро, Балтийское море", language="ru", variants=(own,))
    assert miss_of(clause) == (
        'by your variant Аральское море: "Аральское" in the title, "море" 2 words later in '
        "another clause; they must stand in one clause, near each other"
    )
    other = Variant(language="kk", text="Аральское море")
    clause = traced("Aral Sea", "Аральское море", language="", variants=(other,))
    assert clause.holds, "a variant counts where the language is not known"


def test_each_part_has_its_own_proof_or_miss() -> None:
    clause = traced(
        '"rail strike" AND (tram OR bus) NOT ferry', "Rail strike", "No bus, no ferry today"
    )
    assert not clause.holds
    phrase, either, no_ferry = clause.parts
    assert (phrase.holds, either.holds, no_ferry.holds) == (True, True, False)
    [proof] = phrase.proofs
    assert (proof.evidence.text, proof.evidence.layer) == ("Rail strike", "folded")
    tram, bus = either.parts
    assert not tram.holds
    assert tram.miss is None, "the other alternative holds, so nobody asks"
    assert [proof.evidence.text for proof in bus.proofs] == ["bus"]
    [ferry] = no_ferry.parts
    assert [proof.evidence.text for proof in ferry.proofs] == ["ferry"]


def test_of_what_must_not_be_there_no_miss_is_sought() -> None:
    clause = traced("volcano NOT ferry", "Rail")
    volcano, no_ferry = clause.parts
    assert volcano.miss is not None
    assert no_ferry.holds
    assert no_ferry.parts[0].miss is None


def test_points_are_counted_and_what_is_missing_is_sought() -> None:
    clause = traced("cyber^3 attack^2 ransomware^5 score>=6", "A cyber attack with ransom notes")
    assert clause.why == "5 of the 6 points that it needs"
    ransomware = clause.parts[0].parts[2]
    assert not ransomware.holds
    assert ransomware.miss is not None


def test_scopes_and_age_say_what_the_article_is() -> None:
    article = an_article("Rail", published_at=NOON - timedelta(days=9, hours=3))
    clause = trace(a_rule("source:Herald AND within:7d AND author:Smith"), article, a_source())
    assert [(part.holds, part.why) for part in clause.parts] == [
        (False, 'its source is "Harbour News"'),
        (False, "published 9d before we first saw it"),
        (False, "its authors are not known"),
    ]


def test_a_query_that_cannot_be_read_says_so() -> None:
    with pytest.raises(QuerySyntaxError, match="expected"):
        traced("rail (strike OR", "Rail")


def test_of_many_parts_only_the_first_are_looked_into() -> None:
    query = " OR ".join(f'"rail number{number}"' for number in range(MOST_MISSES * 2))
    clause = traced(query, "A rail")
    assert sum(part.miss is not None for part in clause.parts) == MOST_MISSES


def test_a_long_article_of_one_script_without_spaces_is_looked_into() -> None:
    clause = traced("公约 NEAR/3 河内", "河内" + "新" * 50 + "公约", language="zh")
    assert clause.miss is not None
    assert clause.miss.kind == "apart"
    assert clause.miss.needed == 3
