"""An article joins the story that it is most like, as long as that is told."""

from datetime import datetime, timedelta
from math import nan
from random import Random
from string import ascii_lowercase
from typing import Any

import pytest

from ingester.stories.frequencies import Frequencies
from ingester.stories.nearby import Nearby
from ingester.stories.placing import day_of, place_of
from ingester.stories.prints import days
from ingester.stories.signature import Signer
from ingester.stories.similarity import likeness
from ingester.stories.sums import Traits, joined, packed, unpacked, with_article
from ingester.stories.weights import Weighed, weighed
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.lexicons.news_source import Concept
from rules.lexicons.story_words import WORD
from rules.text.folding import fold
from tests.builders import NOON, an_article

WORDS = {
    "rail": ("järnväg", "đường sắt"),
    "strike": ("strejk", "đình công"),
    "wages": ("löner", "lương"),
    "harbour": ("hamn", "cảng"),
    "minister": ("minister", "bộ trưởng"),
}
CONCEPTS = [
    Concept(english, "noun", "-", {"en": (english,), "sv": (swedish,), "vi": (vietnamese,)})
    for english, (swedish, vietnamese) in WORDS.items()
]
CONCEPTS.append(Concept("say", WORD, "-", {"en": ("say",), "sv": ("säga",)}))
SIGNER = Signer(fold, Concepts(pack_concepts(CONCEPTS)))
DAY = timedelta(days=1)


def known(title: str, language: str = "en", text: str = "", **changes: Any) -> Weighed:
    article = an_article(title, language=language, text=text, **changes)
    return weighed(SIGNER.signature(article), Frequencies())


def a_story(*articles: Weighed, at: datetime | None = NOON) -> Traits:
    traits = Traits()
    for article in articles:
        traits = with_article(traits, article, days(at) if at else nan)
    return traits


def day(later: int = 0) -> float:
    return days(NOON + later * DAY)


TEXT = "The minister welcomed the end in Kiruna, where 1912 men stood still for nine days."
STRIKE = known("Rail strike over wages ends", text=TEXT)
NEAR = known("Rail strike over wages: the end", text="The minister spoke in Kiruna to 1912 men.")
OTHER = known("Cup final drawn after extra time", text="Neither side scored a second goal.")


def test_an_article_joins_the_story_that_it_is_most_like() -> None:
    place = place_of(NEAR, day(), [a_story(OTHER), a_story(STRIKE)])
    assert place is not None
    assert place.at == 1
    assert place.reason.endswith("; same day")
    assert {"1912", "strike", "wages"} <= set(
        place.reason.removeprefix("names ").split("; ")[0].split(", ")
    )
    later = place_of(NEAR, day(2), [a_story(STRIKE)])
    assert later is not None
    assert later.reason.endswith("; 2 days apart")


def test_an_article_joins_a_story_in_another_language_by_its_signs() -> None:
    swedish = known("Järnväg: strejk om löner slut", "sv", "Minister i Kiruna, 1912.")
    assert place_of(swedish, day(), [a_story(STRIKE)]) is not None
    assert place_of(swedish, day(), [a_story(OTHER)]) is None


def test_one_sign_alone_joins_nothing_across_languages() -> None:
    swedish = known("Hamn i strejk", "sv", "Ingen vet varför.")
    assert place_of(swedish, day(), [a_story(known("A strike", text="Nobody knows."))]) is None


def test_what_is_like_no_story_begins_one() -> None:
    assert place_of(known("Whale seen in the harbour"), day(), [a_story(STRIKE, OTHER)]) is None
    assert place_of(STRIKE, day(), []) is None


def test_a_story_lives_for_a_week_after_its_last_article() -> None:
    assert place_of(NEAR, day(7), [a_story(STRIKE, STRIKE)]) is not None
    assert place_of(NEAR, day(8), [a_story(STRIKE, STRIKE)]) is None
    assert place_of(NEAR, nan, [a_story(STRIKE)]) is not None
    goes_on = with_article(a_story(STRIKE), STRIKE, day(2))
    assert place_of(NEAR, day(8), [goes_on]) is not None


def test_days_are_counted_from_when_the_story_was_told() -> None:
    told = with_article(a_story(STRIKE), STRIKE, day(2))
    assert [told.days_from(day(n)) for n in (-1, 0, 1, 2, 4)] == [1, 0, 0, 0, 2]
    assert told.days_from(nan) != told.days_from(nan)
    undated = a_story(STRIKE, at=None)
    assert undated.days_from(day()) != undated.days_from(day())
    assert day_of(an_article(published_at=NOON)) == day()


def test_what_is_kept_of_a_story_comes_back_as_it_was() -> None:
    story = with_article(a_story(STRIKE), known("Strejk", "sv"), day(1))
    again = unpacked(packed(story))
    assert [group.language for group in again.groups] == ["en", "sv"]
    assert (again.first_day, again.last_day) == (day(), day(1))
    assert [each.day for each in again.prints] == pytest.approx(
        [each.day for each in story.prints], abs=0.01
    )
    assert likeness(NEAR, [again], day()) == pytest.approx(likeness(NEAR, [story], day()), rel=0.01)


def test_the_likeness_to_a_story_is_the_mean_of_those_to_its_articles() -> None:
    both = a_story(STRIKE, OTHER)
    one, other, mean = likeness(NEAR, [a_story(STRIKE), a_story(OTHER), both], day())
    assert mean == pytest.approx((one + other) / 2)
    [two] = likeness(NEAR, [joined(a_story(STRIKE), a_story(OTHER))], day())
    assert two == pytest.approx(mean)


def test_likeness_fades_with_the_days_between() -> None:
    scores = [likeness(NEAR, [a_story(STRIKE)], day(later))[0] for later in (0, 1, 21)]
    assert scores[0] == scores[1]
    assert scores[2] < scores[0] / 5


CITED = "Källa: https://paper.example/2026/rail-strike-ends-4711.htm"


def test_what_gives_an_article_as_its_source_joins_it_whichever_came_first() -> None:
    cited = known("Đình công", "vi", url="https://paper.example/2026/rail-strike-ends-4711.htm")
    citing = known("Något helt annat", "sv", f"En lång text utan namn.\n{CITED}")
    place = place_of(citing, day(), [a_story(OTHER), a_story(cited)])
    assert place is not None
    assert (place.at, place.reason) == (1, "gives one of its articles as its source")
    place = place_of(cited, day(), [a_story(citing)])
    assert place is not None
    assert place.reason == "is given as the source by one of its articles"
    nearby = Nearby()
    nearby.begin([cited, citing], [nan, nan], [0, 0])
    nearby.begin_story("cited", 0)
    assert nearby.look(1).worth


def test_short_texts_that_name_others_tell_something_else() -> None:
    one = known("Karin Lindqvist meets Oskar Brandt", text="They spoke about a strike and went.")
    other = known("Tomasz Kowalski meets Stefan Krall", text="They talk about a strike in rail.")
    again = known("Brandt sees Lindqvist", text="Karin spoke with Oskar about a strike.")
    assert place_of(other, day(), [a_story(one)]) is None
    assert place_of(again, day(), [a_story(one)]) is not None


def test_a_subject_alone_makes_no_story_of_two_short_texts() -> None:
    one = known("Court in Lima cites Oslo Convention", text="A court in Lima ruled on bank fraud.")
    other = known("Swiss insurer weighs Oslo Convention", text="It may change what policies cover.")
    again = known("Lima court cites Oslo Convention", text="The ruling is about fraud in a bank.")
    assert place_of(other, day(), [a_story(one)]) is None
    assert place_of(again, day(), [a_story(one)]) is not None


def test_short_texts_of_syllables_must_share_words_not_syllables_alone() -> None:
    one = known(
        "Giá vàng tuần tới đi ngang", "vi", "Vàng miếng trong nước đứng giá, ít bán tuần này."
    )
    other = known("Người đi tuần giá lạnh", "vi", "Đứng trong nước tới vai, miếng ăn này ít vàng.")
    again = known("Giá vàng tuần tới ra sao", "vi", "Vàng miếng trong nước đứng giá tuần này.")
    assert place_of(other, day(), [a_story(one)]) is None
    assert place_of(again, day(), [a_story(one)]) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "Council delays decision on Lomond ferry timetable",
            "Lomond council fines ferry owner over oil spill",
            id="a place and two subjects",
        ),
        pytest.param(
            "Lomond hospital to lose its maternity ward",
            "Lomond hospital wins prize for its kitchen",
            id="one house",
        ),
    ],
)
def test_short_texts_that_share_what_a_rule_asks_for_are_two_events(one: str, other: str) -> None:
    assert place_of(known(other), day(), [a_story(known(one))]) is None


BACKGROUND = (
    "Nordvik Shipyard employs nine hundred people on two islands, was founded by Ebba Lindqvist "
    "in 1911 and has built ferries for Gotland, Bornholm and Rügen, among them the Hanna Viking."
)


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        (
            "The shipyard will paint its cranes yellow this summer. Painters from Malmö begin with "
            "the tallest one, and neighbours chose the colour in a vote. Birds that nest on "
            "them were moved to a mast.",
            "Thieves took copper cable from a store at night. A watchman heard a lorry, and the "
            "police ask who saw it leave over the bridge. The company offers a reward to whoever "
            "brings it back.",
            False,
        ),
        (
            "The shipyard will paint its cranes yellow this summer. Painters from Malmö begin with "
            "the tallest one, and neighbours chose the colour in a vote. Birds that nest on "
            "them were moved to a mast.",
            "Neighbours of the shipyard voted for yellow: painters from Malmö will paint the "
            "cranes this summer, the tallest first. The birds that nest there have a mast now.",
            True,
        ),
    ],
)
def test_a_passage_that_two_share_is_no_sign_that_the_rest_is_the_same(
    one: str, other: str, *, is_one: bool
) -> None:
    told = known("Nordvik Shipyard: cranes", text=f"{one} {BACKGROUND}")
    later = known("Nordvik Shipyard: news", text=f"{other} {BACKGROUND}")
    assert (place_of(later, day(), [a_story(told)]) is not None) is is_one


def test_of_a_text_about_many_things_one_is_not_enough() -> None:
    made = Random(3)
    items = ["".join(made.choices(ascii_lowercase, k=6)) for _ in range(130)]
    shared, rest = " ".join(items[:25]), " ".join(items[25:])
    assert known("-", text=f"{shared} {rest}").is_medley
    assert not known("-", text=f"{shared} {rest} {rest}").is_medley
    assert not known("-", text=shared).is_medley
    assert place_of(known("-", text=f"{shared} {rest}"), day(), [a_story(known("-", text=shared))])


def test_across_languages_other_names_and_numbers_tell_another_event() -> None:
    told = known("Rail strike over wages", text="The minister met Karin Lindqvist in Kiruna.")
    other = known("Strejk om löner i järnväg", "sv", "En minister mötte Tomasz Kowalski i Gdynia.")
    again = known("Strejk om löner i järnväg", "sv", "En minister mötte Karin Lindqvist i Gdynia.")
    assert place_of(other, day(), [a_story(told)]) is None
    assert place_of(again, day(), [a_story(told)]) is not None


def test_across_languages_two_concepts_without_a_name_are_not_enough() -> None:
    told = [a_story(known("wages harbour say", text="In Kiruna."))]
    assert place_of(known("löner säga", "sv"), day(), told) is None
    assert place_of(known("löner hamn", "sv"), day(), told) is None
    assert place_of(known("löner hamn säga", "sv"), day(), told)
    assert place_of(known("löner i Kiruna", "sv"), day(), told)


def test_what_an_outlet_says_each_time_is_no_sign_of_the_same_event() -> None:
    told = known(
        "Velo Corvano recalls bicycles",
        text="The bicycle maker Velo Corvano calls back its model Vento because forks broke. The "
        "company from Turin said on Wednesday that riders fell. Chief executive Paola Ferrante "
        "was sorry. Shares of Velo Corvano fell in Milan.",
    )
    other = known(
        "Factory in Porto",
        text="The bicycle maker Velo Corvano will weld frames by the sea. The company from Turin "
        "said on Wednesday that it hires welders. Chief executive Paola Ferrante praised the "
        "town. Shares of Velo Corvano rose in Milan.",
    )
    again = known(
        "Corvano bicycles recalled",
        text="Forks of the model Vento broke and riders fell, so Velo Corvano calls it back. Chief "
        "executive Paola Ferrante was sorry. Shares of Velo Corvano fell in Milan.",
    )
    assert place_of(other, day(), [a_story(told)]) is None
    assert place_of(again, day(), [a_story(told)]) is not None


@pytest.mark.parametrize(("metres", "is_one"), [("383", True), ("47", False)])
def test_phrases_that_are_names_are_no_background(metres: str, *, is_one: bool) -> None:
    told = known(
        "Miners trapped in Kayadere",
        text="Nine workers of Demirkol are trapped 383 metres below ground in Kayadere since "
        "Thursday. Governor Nihat Ersoz said that crews dig a second tunnel.",
    )
    later = known(
        "Five are alive",
        text=f"Crews carried them up {metres} metres at Demirkol, with burns. Governor Nihat Ersoz "
        "said that crews hear knocking. A manager in Kayadere was arrested.",
    )
    assert (place_of(later, day(1), [a_story(told)]) is not None) is is_one


@pytest.mark.parametrize(
    ("begins", "is_one"),
    [
        pytest.param("Rovers beat Penrith 2-1", True, id="the same result"),
        pytest.param("Penrith lost 1:2 to Rovers", True, id="from the other side"),
        pytest.param("Rovers beat Penrith 3–0", False, id="another result"),
        pytest.param("Rovers beat Penrith at 10:15", True, id="the time of day"),
        pytest.param("Penrith fell to Rovers (9-3)", True, id="a record"),
    ],
)
def test_two_matches_of_the_same_teams_are_two_events(begins: str, *, is_one: bool) -> None:
    text = "Danny Okafor, Lewis Grant and Sam Whitlock played for Rovers and Penrith at Mill Lane."
    told = known("Rovers beat Penrith 2-1", text=text)
    assert (
        place_of(known(begins, text=text + " Fans sang."), day(), [a_story(told)]) is not None
    ) is is_one
    swedish = known("Rovers slog Penrith 3–0", "sv", "Okafor, Grant, Whitlock i Mill Lane.")
    assert place_of(swedish, day(), [a_story(told)]) is None


def _made_up(random: Random) -> str:
    return "".join(random.choices(ascii_lowercase, k=9))


RANDOM = Random(11)
SAID = [(_made_up(RANDOM), _made_up(RANDOM)) for _ in range(120)]
"""Concepts that long articles name, each in English and in Swedish."""
LONG_SIGNER = Signer(
    fold,
    Concepts(
        pack_concepts(
            Concept(one, "noun", "-", {"en": (one,), "sv": (other,)}) for one, other in SAID
        )
    ),
)


def long_one(title: str, said: range, text: str = "", language: str = "en") -> Weighed:
    """Return a long article that names so many concepts, in no order."""
    words = [SAID[number][language == "sv"] for number in said]
    Random(title).shuffle(words)
    article = an_article(title, language=language, text=f"{text} {' '.join(words)}.")
    return weighed(LONG_SIGNER.signature(article), Frequencies())


def test_a_long_article_that_names_others_and_tells_no_title_begins_a_story() -> None:
    fire = long_one("Blaze near Arganil", range(60), "Flames reached Coimbra and Piodao.")
    another = long_one("Road shut at Favaios", range(60), "Crews left Alvao and Mondim.")
    same = long_one("Hills of Piodao burn", range(60), "Crews from Coimbra saved Arganil.")
    angle = long_one("Blaze angers Favaios", range(60), "Alvao and Mondim sent help to Arganil.")
    assert place_of(another, day(), [a_story(fire)]) is None
    assert place_of(same, day(), [a_story(fire)]) is not None
    assert place_of(angle, day(), [a_story(fire)]) is not None


def test_long_articles_in_two_languages_must_share_more_than_short_ones() -> None:
    story = a_story(long_one("Ubno", range(60)))
    assert place_of(long_one("Ubno", range(57, 117), language="sv"), day(), [story]) is None
    assert place_of(long_one("Ubno", range(50, 110), language="sv"), day(), [story]) is not None
    short = a_story(long_one("Ubno", range(10)))
    assert place_of(long_one("Ubno", range(7, 17), language="sv"), day(), [short]) is not None


@pytest.mark.parametrize(
    ("begins", "is_one"),
    [
        pytest.param("0-1 down, Rovers beat Penrith (2-1)", True, id="the end in brackets"),
        pytest.param("Rovers won 3-0 (2-1)", False, id="half-time in brackets"),
    ],
)
def test_the_result_of_a_match_may_stand_in_brackets(begins: str, *, is_one: bool) -> None:
    text = "Danny Okafor, Lewis Grant and Sam Whitlock played for Rovers and Penrith at Mill Lane."
    told = known("Rovers beat Penrith 2-1", text=text)
    other = known(begins, text="At Mill Lane Okafor, Grant and Whitlock were cheered by Rovers.")
    assert (place_of(other, day(), [a_story(told)]) is not None) is is_one


def test_where_names_do_not_show_titles_that_nobody_tells_are_of_two_events() -> None:
    told = a_story(
        known(
            "松江で震度四",
            "ja",
            "水曜日未明、島根県東部を震源とする地震が発生した。気象庁は津波の心配はないと発表、"
            "マグニチュードは推定四、深さ約十キロ。松江市内の学校は休み。",
        )
    )
    other = known(
        "釧路沖揺れる",
        "ja",
        "北海道東部で水曜日昼に地震。気象庁の発表では津波なし、震源の深さ百キロ、"
        "推定マグニチュード六。釧路市の学校で停電。",
    )
    again = known(
        "島根県東部で地震",
        "ja",
        "気象庁によると、松江では水曜日に震度四の揺れが発生した。津波の心配はなく、"
        "推定マグニチュード四、深さは十キロ、市内の学校が休みになった。",
    )
    assert place_of(other, day(), [told]) is None
    assert place_of(again, day(), [told]) is not None
