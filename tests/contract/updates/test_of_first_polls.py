"""What silent first polls store is told by whoever brings it as news, once, on every store."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from monitor.pipeline.intake import LEASE
from storage.api.storage import Storage, Transaction
from tests.builders import MINUTE, a_source, given
from tests.contract.updates.desk import EVENING, HOUR, PAPERS, Meddled, World, a_world

BEGINNER = a_source("Beginner", added_at=EVENING + HOUR)
URL = "https://paper1.example/ends"


def _begun(storage: Storage) -> World:
    """A world with an alert, in which a new source has listed the story's next article silently."""
    world = a_world(storage)
    given(storage, BEGINNER)
    world.lists(PAPERS[1], "https://paper1.example/ice", "Ice at Luleå", "Ice closes the harbour.")
    world.at += MINUTE
    world.lists(BEGINNER, URL)
    world.at += MINUTE
    assert world.told == []
    return world


def test_what_is_told_while_others_give_stories_to_what_is_stored_has_joined_once(
    storage: Storage,
) -> None:
    world = _begun(storage)
    fills: list[Future[list[int]]] = []
    with ThreadPoolExecutor(1) as pool:

        def fill() -> list[int]:
            other = World(storage, world.at + MINUTE)
            return [*other.placer().fill(storage, lambda: False, other.now)]

        def meanwhile(tx: Transaction) -> None:
            if not fills and tx.stories.recent(limit=1)[0].articles == 2:
                fills.append(pool.submit(fill))
                with suppress(TimeoutError):
                    fills[0].result(timeout=1)  # as far as it comes

        slow: Any = Meddled(storage, meanwhile)
        World(slow, world.at).lists(PAPERS[1], URL)
        assert sum(fills[0].result(timeout=60)) == 0
    world.at += HOUR
    world.takes_in(2)
    assert world.told == [(["Beginner"], 2), (["Paper 2"], 3)]
    with storage.reading() as tx:
        assert [story.articles for story in tx.stories.recent()] == [3, 1]


def test_what_gets_its_story_after_a_message_is_not_told_by_that_one(storage: Storage) -> None:
    """To give thousands their stories takes minutes, in which others tell of these."""
    world = _begun(storage)
    between: Iterator[None] = iter([None])

    def stop() -> bool:
        for _ in between:
            world.takes_in(3)
            world.at += MINUTE
        return False

    assert [*world.placer().fill(storage, stop, world.now)] == [1]
    assert world.told == [(["Paper 3"], 2)]
    world.at += MINUTE
    world.lists(PAPERS[1], URL)
    assert world.told[1:] == [(["Beginner"], 3)]


def test_what_came_while_another_source_was_being_read_is_news_when_that_one_brings_it(
    storage: Storage,
) -> None:
    """A poll lists what there was when it asked, and ends minutes later if pages are fetched."""
    world = _begun(storage)
    world.lists(PAPERS[1], "https://paper1.example/snow", "Snow at Luleå", "Snow in the harbour.")
    world.at += MINUTE
    world.lists(PAPERS[1], URL)
    assert world.told == [(["Beginner"], 2)]


def test_what_a_silent_first_poll_stored_before_another_asked_is_no_news_of_that_one(
    storage: Storage,
) -> None:
    world = _begun(storage)
    world.at += LEASE
    world.lists(PAPERS[1], "https://paper1.example/snow", "Snow at Luleå", "Snow in the harbour.")
    world.at += MINUTE
    world.lists(PAPERS[1], URL)
    assert world.told == []
