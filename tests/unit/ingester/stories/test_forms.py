"""One form filled in twice tells two events, and what a source says of anything tells none."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ingester.stories.frequencies import Frequencies
from ingester.stories.placing import day_of, place_of
from ingester.stories.prints import days
from ingester.stories.signature import Signer
from ingester.stories.sums import Traits, with_article
from ingester.stories.titles import fills_a_form
from ingester.stories.weights import weighed
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.lexicons.news_source import Concept, number_of
from rules.text.folding import fold
from storage.model import Article
from tests.builders import NOON, an_article

DAY = timedelta(days=1)
KINDS = ("weather", "wind", "rain", "fire", "hospital", "miner")
CONCEPTS = [
    Concept(each, "noun", "-", {"en": (each,), "nl": (dutch,)})
    for each, dutch in zip(
        KINDS, ("weer", "wind", "regen", "brand", "ziekenhuis", "kompel"), strict=True
    )
]
SIGNER = Signer(
    fold,
    Concepts(pack_concepts(CONCEPTS)),
    recurring=[number_of(each) for each in KINDS[:3]],
    incidents=[number_of(each) for each in KINDS[3:5]],
)
FORMS = {
    "places": (
        (
            "de",
            "Das Wetter in Thüringen",
            "In Thüringen bleibt es heute trüb bei höchstens sechs Grad. "
            "Es weht ein mäßiger Wind aus Süden.",
        ),
        (
            "de",
            "Das Wetter in Holstein",
            "In Holstein bleibt es heute trüb bei höchstens acht Grad. "
            "Es weht ein mäßiger Wind aus Westen.",
        ),
    ),
    "names without capitals": (
        (
            "hi",
            "कानपुर में ट्रक पलटा, तीन की मौत",
            "उत्तर प्रदेश के कानपुर में सोमवार रात ट्रक पलटने से तीन लोगों की मौत हो गई। पुलिस जाँच कर रही है।",
        ),
        (
            "hi",
            "नागपुर में ट्रक पलटा, तीन की मौत",
            "महाराष्ट्र के नागपुर में सोमवार रात ट्रक पलटने से तीन लोगों की मौत हो गई। पुलिस जाँच कर रही है।",
        ),
    ),
    "syllables": (
        (
            "vi",
            "Tai nạn ở Kon Tum, ba người chết",
            "Xe tải va chạm xe máy ở Kon Tum sáng nay làm ba người chết tại chỗ.",
        ),
        (
            "vi",
            "Tai nạn ở Phú Yên, ba người chết",
            "Xe tải va chạm xe máy ở Phú Yên sáng nay làm ba người chết tại chỗ.",
        ),
    ),
    "no spaces": (
        (
            "ja",
            "青森で震度3の地震",
            "午後3時ごろ、青森県で震度3の地震があった。津波の心配はない。",
        ),
        (
            "ja",
            "宮崎で震度3の地震",
            "午後3時ごろ、宮崎県で震度3の地震があった。津波の心配はない。",
        ),
    ),
    "numbers": (
        (
            "en",
            "Ridge index closes higher",
            "The Ridge index rose 17 percent to 512 points, led by mills. The crown stood at 9.41.",
        ),
        (
            "en",
            "Ridge index closes lower",
            "The Ridge index fell 34 percent to 438 points, led by banks. The crown stood at 8.67.",
        ),
    ),
}


def _article(language: str, title: str, text: str, **changes: Any) -> Article:
    return an_article(title, language=language, text=text, **changes)


def _is_one_story(one: Article, other: Article) -> bool:
    known = weighed(SIGNER.signature(one), Frequencies())
    story = with_article(Traits(), known, day_of(one))
    again = weighed(SIGNER.signature(other), Frequencies())
    return place_of(again, days(other.published_at or NOON), [story]) is not None


def _is_one_form(one: Article, other: Article) -> bool:
    own, theirs = (SIGNER.signature(each) for each in (other, one))
    return fills_a_form(own.print, own.course, theirs.words, theirs.print, own.language)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_with_another_subject_tells_another_event(form: str) -> None:
    one, other = FORMS[form]
    assert _is_one_form(_article(*one), _article(*other, source_id="another"))
    assert not _is_one_form(_article(*one), _article(*one, source_id="another"))
    assert not _is_one_story(_article(*one), _article(*other, source_id="another"))
    assert _is_one_story(_article(*one), _article(*one, source_id="another"))


def test_a_column_of_another_day_or_subject_tells_something_else() -> None:
    text = "A {} brings good news. Keep an open mind at work and let no small delay spoil it all."
    one = _article("en", "Stars: Aries", text.format("friend"))
    assert not _is_one_story(one, _article("en", "Stars: Libra", text.format("letter")))
    later = {"published_at": NOON + DAY, "first_seen_at": NOON + DAY}
    rises = "The index of mills gained a little as orders for cloth and yarn came in from abroad."
    falls = "The index of mills lost a little as orders for wool and rope did not come from abroad."
    one = _article("en", "Mill shares end the day higher", rises)
    other = _article("en", "Mill shares end the day lower", falls, **later)
    assert not _is_one_story(one, other)


LEAD = "A ferry with 212 people ran aground off Mull on Tuesday after its steering failed."
REST = (
    "Lifeboats from Oban took 140 of them ashore before dark, and the others stayed aboard until "
    "the tide came. Nobody panicked, said a teacher who travelled with her class, but the noise "
    "was dreadful. Divers will look at the hull of the ferry, whose owner has cancelled its trips."
)


def test_a_copy_under_another_title_and_lead_is_of_its_event() -> None:
    one = _article("en", "Ferry runs aground off Mull", f"{LEAD} {REST}")
    lead = "Holidaymakers spent a night on a tilting ship near Mull."
    other = _article("en", "Night on the rocks", f"{lead} {REST}", source_id="another")
    assert _is_one_story(one, other)


def test_what_a_source_says_under_each_text_makes_no_story() -> None:
    always = (
        "Sign up to our daily letter and get the best of our pages each morning. This page keeps "
        "what you look at to improve what we offer; by going on you agree. All of it is reserved."
    )
    one = _article(
        "en", "Perth builds a library", f"Perth will build one on South Street. {always}"
    )
    other = _article(
        "en", "Farmer finds hoard", f"Coins lay in a field near Whitby. {always}", source_id="b"
    )
    assert not _is_one_story(one, other)


REPORT = (
    "{} The council voted by {} on Monday night. The wall will be two kilometres long, and work "
    "begins in April, said the engineer Karin Holm."
)
ABOUT = (
    "{} Sign up for our newsletter, and find the best of the week each morning in your inbox. By "
    "reading on you accept our use of cookies. All rights are reserved by the agency, and nothing "
    "may be copied without its leave."
)


@pytest.mark.parametrize(("text", "is_one"), [(REPORT, True), (ABOUT, False)])
def test_a_report_that_another_outlet_begins_anew_is_of_its_event(text: str, is_one: bool) -> None:
    one = _article(
        "en",
        "Ystad builds a wall against the sea",
        text.format("Ystad wants to stop the waves.", "31 to 18"),
    )
    lead = "For years storms have eaten the dunes of southern Sweden, metre by metre."
    other = _article(
        "en", "Storms: dunes get help", text.format(lead, "33 to 16"), source_id="another"
    )
    assert _is_one_story(one, other) is is_one
    if is_one:
        assert not _is_one_story(one, replace(other, source_id=one.source_id))


def test_languages_share_more_than_the_kind_of_an_event() -> None:
    one = _article("en", "Weather: wind and rain", "Weather in Kent: wind, then rain, and wind.")
    other = _article("nl", "Weer: wind en regen", "Weer in Assen: wind, dan regen, en wind.")
    assert not _is_one_story(one, other)
    fire = _article("en", "Fire near a hospital", "A fire broke out near a hospital in Leeds.")
    abroad = _article("nl", "Brand bij ziekenhuis", "Brand bij een ziekenhuis in Emmen.")
    assert not _is_one_story(fire, abroad)
    again = _article("nl", "Brand bij ziekenhuis Leeds", "Brand bij een ziekenhuis in Leeds.")
    assert _is_one_story(fire, again)
