"""Stories that begin in one turn join each other as strictly as articles join them."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from ingester.articles import sighting_of
from ingester.documents.parse import read_document
from ingester.stories.placing import is_another
from ingester.stories.signature import Signer
from ingester.stories.sums import Traits
from ingester.stories.weights import Weighed
from monitor.lexicons.packed import packed_news
from monitor.stories import batch
from monitor.stories.placing import StoryPlacer
from rules.languages.everyday import everyday_words
from rules.languages.phonemes import han_sounds
from rules.lexicons.story_words import commonplaces
from rules.lexicons.whole_words import is_misread
from rules.text.folding import fold
from storage.model import Article
from tests.builders import NOON, a_source, an_article, given
from tests.fakes import MemoryStorage

Told = tuple[str, str, str]
"""Language, title, text."""

FLOODS: list[Told] = [
    (
        "sw",
        "Mafuriko yaua watu wanne Mombasa",
        "Watu wanne wamefariki kutokana na mafuriko mjini Mombasa nchini Kenya.",
    ),
    (
        "en",
        "Floods kill four in Mombasa",
        "Four people died in floods in the Kenyan port city of Mombasa.",
    ),
]
SEIZED: list[Told] = [
    (
        "sw",
        "Dawa za kulevya zanaswa bandari ya Mombasa",
        "Polisi wamenasa tani moja ya dawa za kulevya aina ya methamphetamine bandarini Mombasa.",
    ),
    (
        "en",
        "Tonne of meth seized at Mombasa port",
        "Kenyan police seized a tonne of methamphetamine at the port of Mombasa.",
    ),
]
MAYOR: list[Told] = [
    (
        "es",
        "Asesinan a un alcalde en Michoacán",
        "Hombres armados mataron al alcalde de Tacámbaro, en el estado mexicano de Michoacán.",
    ),
    (
        "en",
        "Mayor shot dead in Mexico's Michoacan",
        "Gunmen killed the mayor of Tacambaro in the western Mexican state of Michoacan.",
    ),
]
CLASH: list[Told] = [
    (
        "es",
        "Enfrentamiento en Michoacán deja siete muertos",
        "Siete presuntos sicarios murieron en un enfrentamiento con la Guardia Nacional en "
        "Apatzingán, Michoacán.",
    ),
    (
        "en",
        "Seven gunmen killed in clash in Michoacan",
        "Seven suspected cartel gunmen died in a clash with Mexico's National Guard in "
        "Apatzingan, Michoacan.",
    ),
]
CATTLE: list[Told] = [
    (
        "en",
        "UK bans import of Namibian cattle after outbreak",
        "Britain has banned beef from Namibia after an outbreak of foot-and-mouth disease in the "
        "Zambezi region, the environment department said.",
    ),
]
PORK: list[Told] = [
    (
        "en",
        "UK bans pork from Taiwan after swine fever case",
        "Britain has banned pork from Taiwan after a case of African swine fever in Taichung, the "
        "environment department said on Thursday.",
    ),
    (
        "zh",
        "英国因非洲猪瘟禁止台湾猪肉进口",
        "因台中出现非洲猪瘟病例，英国环境部门周四宣布禁止进口台湾猪肉。",
    ),
]

SIGNED: list[Told] = [
    (
        "sv",
        "Norge skriver under Nairobikonventionen",
        "Norge har skrivit under konventionen mot vapensmuggling. Justitieminister Astrid Holm "
        "undertecknade avtalet i Genève.",
    ),
    (
        "en",
        "Norway signs Nairobi Convention",
        "Norway's justice minister Astrid Holm signed the Nairobi Convention against arms "
        "smuggling in Geneva on Monday.",
    ),
]
CRITICIZED: list[Told] = [
    (
        "es",
        "Expertos critican la Convención de Nairobi",
        "Treinta organizaciones pidieron este lunes no ratificar la Convención de Nairobi contra "
        "el contrabando de armas por sus lagunas.",
    ),
    (
        "fr",
        "Des ONG contre la Convention de Nairobi",
        "Trente organisations appellent à ne pas ratifier la Convention de Nairobi contre la "
        "contrebande d'armes, jugée trop faible.",
    ),
]


@cache
def signer() -> Signer:
    return Signer(
        fold, packed_news().by_words, everyday_words, *commonplaces(), is_misread, han_sounds()
    )


def stories_of(*events: list[Told]) -> list[set[str]]:
    """Return what one turn makes of reports of these events."""
    every = [each for event in events for each in event]
    articles = [
        an_article(title, text=text, language=language, url=f"https://paper.example/{number}")
        for number, (language, title, text) in enumerate(every)
    ]
    return placed(articles)


def placed(articles: list[Article]) -> list[set[str]]:
    """Return the titles of the stories that one turn makes of articles."""
    storage, placer = MemoryStorage(), StoryPlacer(signer, who="one")
    given(storage, a_source())
    with storage.transaction() as tx:
        turn = placer.place(tx, articles, placer.signatures(articles), now=lambda: NOON)
    stories: dict[str, set[str]] = {}
    for article in turn.articles:
        stories.setdefault(article.story_id, set()).add(article.title)
    return [*stories.values()]


def samples() -> list[Article]:
    """Return the articles of the documents that come with the program."""
    source, folder = a_source(), Path(__file__).parents[3] / "seeds"
    entries = [
        entry
        for path in sorted(folder.iterdir())
        for entry in read_document(path.read_bytes(), path.name, modified_at=NOON, now=NOON).entries
    ]
    return [sighting_of(entry, source, seen_at=NOON).article for entry in entries]


def titles(event: list[Told]) -> set[str]:
    return {title for _, title, _ in event}


@pytest.mark.parametrize(
    ("one", "other"), [(FLOODS, SEIZED), (MAYOR, CLASH), (PORK, CATTLE), (SIGNED, CRITICIZED)]
)
def test_two_events_of_one_turn_stay_two_stories(one: list[Told], other: list[Told]) -> None:
    assert stories_of(one, other) == [titles(one), titles(other)]


def test_short_and_long_reports_of_one_event_in_eight_languages_are_one_story() -> None:
    metro, *others = sorted(placed(samples()), key=len)
    assert metro == {"Hanoi's second metro line carries its millionth passenger"}
    assert [len(story) for story in others] == [9]


def test_a_report_that_comes_with_the_samples_parts_their_story_in_no_two() -> None:
    opened = an_article(
        "Hanoi Convention against cybercrime opened for signature",
        text="The United Nations Convention against Cybercrime, known as the Hanoi Convention, was "
        "opened for signature at a ceremony in the National Convention Centre in Hanoi on "
        "Saturday. 65 countries signed on the first day, led by the host. The secretary-general "
        "called it a vow that no country will be left defenceless.",
        language="en",
        published_at=datetime(2025, 10, 26, 3, tzinfo=UTC),
    )
    _, event = sorted(placed([*samples(), opened]), key=len)
    assert opened.title in event
    assert len(event) == 10


def test_what_was_judged_is_judged_again_only_when_the_story_has_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[Weighed, Traits]] = []

    def judged(article: Weighed, story: Traits) -> bool:
        assert all(article is not one or story is not other for one, other in asked)
        asked.append((article, story))
        return is_another(article, story)

    monkeypatch.setattr(batch, "is_another", judged)
    stories_of(FLOODS, SEIZED, MAYOR, CLASH, PORK, CATTLE, SIGNED, CRITICIZED)
    assert asked
