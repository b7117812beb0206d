"""A start changes no story: what is kept between turns is what is read again of the store."""

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

import pytest

from ingester.stories.nearby import Nearby
from ingester.stories.signature import Signer
from monitor.stories import batch, memory, placing
from monitor.stories.memory import Memory
from monitor.stories.placed import keep
from monitor.stories.placing import StoryPlacer
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.text.folding import fold
from storage.api.storage import Transaction
from storage.model import Article
from storage.story import LiveStory
from tests.builders import NOON, a_source, an_article, given
from tests.fakes import MemoryStorage

SOURCE = a_source()
SIGNER = Signer(fold, Concepts(pack_concepts([])))
LETTERS = "abdefgiklmnoprstuv"
ARTICLES, A_TURN, EVENTS, SUBJECTS = 320, 20, 12, 3
FEW, MANY = 48, 8
"""A story of many articles has had more than few keys."""


def news(seed: int) -> Iterator[Article]:
    """Yield articles of some events, many on one subject: some say much that others do not."""
    chance = Random(seed)

    def words(count: int) -> list[str]:
        return ["".join(chance.choices(LETTERS, k=7)) for _ in range(count)]

    subjects = [words(12) for _ in range(SUBJECTS)]
    events = [words(14) for _ in range(EVENTS)]
    for number in range(ARTICLES):
        event = int(EVENTS * chance.random() ** 2)
        said = events[event] + chance.sample(subjects[event % SUBJECTS], 5)
        said += words(12) + [str(chance.randrange(1_000, 3_000)) for _ in range(2)]
        chance.shuffle(said)
        title = " ".join(chance.sample(events[event], 4)).capitalize()
        yield an_article(title, text=f"{' '.join(said)}.", url=f"https://paper.example/{number}")


def told(articles: Sequence[Article], *, starts: bool) -> dict[str, str]:
    """Return in which story each article is; `starts`: the program starts before each turn."""
    storage, placer = MemoryStorage(), StoryPlacer(lambda: SIGNER, who="one")
    given(storage, SOURCE)
    for at in range(0, len(articles), A_TURN):
        some = articles[at : at + A_TURN]
        if starts:
            placer = StoryPlacer(lambda: SIGNER, who=f"one of {at}")
        with storage.transaction() as tx:
            placed = placer.place(tx, some, placer.signatures(some), now=lambda: NOON)
            tx.articles.add([(article, ()) for article in placed.articles], now=NOON)
            keep(tx, placed)
    with storage.reading() as tx:
        return {
            id_: each.story_id for id_, each in tx.articles.some(a.id for a in articles).items()
        }


@pytest.mark.parametrize("seed", range(3))
def test_stories_are_the_same_whether_the_program_ran_on_or_was_started_anew(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_KEYS", FEW)
    articles = [*news(seed)]
    kept = told(articles, starts=False)
    assert Counter(kept.values()).most_common(1)[0][1] > MANY
    assert told(articles, starts=True) == kept


@pytest.mark.parametrize("seed", range(3))
def test_a_larger_index_changes_no_story_and_has_nothing_else_read_again(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_KEYS", FEW)
    articles = [*news(seed)]
    kept = told(articles, starts=False)
    made: list[Memory] = []

    def counted(tx: Transaction) -> Memory:
        made.append(Memory(tx))
        return made[-1]

    monkeypatch.setattr(placing, "Memory", counted)
    monkeypatch.setattr(Nearby, "is_full", True)
    assert told(articles, starts=False) == kept
    assert len(made) == 1


def test_the_lexicon_is_let_go_when_the_words_of_many_articles_were_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    let_go: list[int] = []
    monkeypatch.setattr(placing, "let_pages_go", lambda: let_go.append(1))
    placer = StoryPlacer(lambda: SIGNER, who="one")
    some = [*news(0)][: placing.MUCH]
    placer.signatures(some[1:])
    assert not let_go
    assert len(placer.signatures(some)) == placing.MUCH
    assert let_go


def test_stories_that_are_filed_again_are_let_go_turn_by_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with MemoryStorage().transaction() as tx:
        memory = Memory(tx)
        read = [
            LiveStory(story_id=f"{turn} {number}", seen_at=NOON, keys=b"", traits=b"", turn=turn)
            for turn in (3, 2, 1)
            for number in range(turn)
        ]
        monkeypatch.setattr(tx.placing, "changed", lambda **_: read, raising=False)
        filed: list[tuple[list[str], int]] = []

        def noted(_: Nearby, stories: Sequence[tuple[str, bytes, float]]) -> None:
            filed.append(([id_ for id_, _, _ in stories], len(read)))

        monkeypatch.setattr(Nearby, "file_all", noted)
        memory.file_anew(tx)
    assert filed == [(["1 0"], 5), (["2 0", "2 1"], 3), (["3 0", "3 1", "3 2"], 0)]


@pytest.mark.parametrize("seed", range(2))
def test_stories_are_the_same_however_few_are_kept(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [*news(seed)]
    kept = told(articles, starts=False)
    monkeypatch.setattr(memory, "MOST_KEPT", 3)
    assert told(articles, starts=False) == kept


def test_stories_that_were_met_last_are_kept_as_they_are_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage, placer = MemoryStorage(), StoryPlacer(lambda: SIGNER, who="one")
    given(storage, SOURCE)
    articles = [*news(0)][:A_TURN]
    with storage.transaction() as tx:
        placed = placer.place(tx, articles, placer.signatures(articles), now=lambda: NOON)
        tx.articles.add([(article, ()) for article in placed.articles], now=NOON)
        keep(tx, placed)
    with storage.reading() as tx:
        known = Memory(tx)
        first, second, third = sorted(story.id for story in placed.stories)[:3]
        for ids in ([first, second], [first], [third]):
            known.tell(tx, ids)
        assert known.traits(first).prints == known.prints(first) != ()
        monkeypatch.setattr(memory, "MOST_KEPT", 2)
        known.forget_some()
    assert [*known.stories] == [first, third]
    assert all(
        each.packed and each.made is None and not each.prints for each in known.stories.values()
    )
