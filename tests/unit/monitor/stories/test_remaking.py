"""After an update of the program, what it had read before is read anew, and only that changes."""

from dataclasses import replace

import pytest

from ingester.stories.signature import Signer
from monitor.stories import remaking
from monitor.stories.placed import keep
from monitor.stories.placing import StoryPlacer
from monitor.stories.remaking import FACT, VERSION, remake
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.lexicons.news_source import Concept
from rules.text.folding import fold
from storage.model import Article
from tests.builders import MINUTE, NOON, a_source, an_article, given
from tests.fakes import MemoryStorage

WORDS = {
    "quarry": "cantera",
    "collapse": "derrumbe",
    "goat": "cabra",
    "bell": "campana",
    "lantern": "farol",
    "orchard": "huerto",
}
CONCEPTS = [Concept(en, "noun", "-", {"en": (en,), "es": (es,)}) for en, es in WORDS.items()]
ENGLISH = an_article("Quarry collapse: goat, bell, lantern, orchard", language="en")
SPANISH = an_article(
    "Derrumbe de cantera: cabra, campana, farol, huerto",
    language="es",
    url="https://diario.example/1",
)


SEEN_LAST = 4
"""Which of the copies was seen last: one that is not read again."""


def placer(*concepts: Concept, who: str) -> StoryPlacer:
    signer = Signer(fold, Concepts(pack_concepts(concepts)))
    return StoryPlacer(lambda: signer, who=who)


def take_in(storage: MemoryStorage, placer: StoryPlacer, *articles: Article) -> list[str]:
    """Return in which stories they are."""
    with storage.transaction() as tx:
        placed = placer.place(tx, articles, placer.signatures(articles), now=lambda: NOON)
        tx.articles.add([(article, ()) for article in placed.articles], now=NOON)
        keep(tx, placed)
    return [article.story_id for article in placed.articles]


def others(count: int) -> list[Article]:
    return [
        an_article(f"Other {n}{n} thing {n * 7}", url=f"https://other.example/{n}")
        for n in range(count)
    ]


@pytest.mark.parametrize("is_remade", [True, False])
def test_what_an_older_program_has_read_is_found_by_what_this_one_reads(
    is_remade: bool,
) -> None:
    storage = MemoryStorage()
    given(storage, a_source())
    take_in(storage, placer(who="old"), ENGLISH)
    new = placer(*CONCEPTS, who="new")
    if is_remade:
        assert [*remake(storage, new)] == [1]
    joined = take_in(storage, new, SPANISH) == [ENGLISH.id]
    assert joined is is_remade


def test_stories_stay_as_they_are() -> None:
    storage, one = MemoryStorage(), placer(who="one")
    given(storage, a_source())
    copies = [
        replace(
            an_article(ENGLISH.title, url=f"https://copy.example/{n}"),
            published_at=NOON - (20 - n) * MINUTE,
            first_seen_at=NOON + MINUTE if n == SEEN_LAST else NOON,
        )
        for n in range(20)
    ]
    take_in(storage, one, *copies, *others(3))
    with storage.reading() as tx:
        before = tx.stories.recent()
        seen = {id_: each.seen_at for id_, each in tx.placing.live(s.id for s in before).items()}
    assert max(story.articles for story in before) > remaking.MOST_READ
    assert [*remake(storage, one)][-1] == len(before)
    with storage.reading() as tx:
        assert tx.stories.recent() == before
        live = tx.placing.live(story.id for story in before)
        assert {id_: each.seen_at for id_, each in live.items()} == seen


def test_it_goes_on_where_it_was_stopped_and_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remaking, "AT_ONCE", 2)
    storage, one = MemoryStorage(), placer(who="one")
    given(storage, a_source())
    take_in(storage, one, *others(5))
    first = remake(storage, one)
    assert next(first) == 2
    first.close()
    with storage.reading() as tx:
        assert (tx.meta.get(FACT) or "").startswith(f"{VERSION} ")
    assert [*remake(storage, one)] == [2, 3]
    with storage.reading() as tx:
        assert tx.meta.get(FACT) == VERSION
    assert [*remake(storage, one)] == []


def test_another_version_begins_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    storage, one = MemoryStorage(), placer(who="one")
    given(storage, a_source())
    take_in(storage, one, *others(3))
    assert [*remake(storage, one)] == [3]
    monkeypatch.setattr(remaking, "VERSION", "later")
    assert [*remake(storage, one)] == [3]


def test_it_stops_when_told_to() -> None:
    storage, one = MemoryStorage(), placer(who="one")
    given(storage, a_source())
    take_in(storage, one, *others(3))
    assert [*remake(storage, one, lambda: True)] == []
