"""An archive is read page by page: each article once, in its order, as far as is wanted."""

from datetime import timedelta

import pytest

from monitor.base.paging import Selection, newest, pages, places, position_of
from storage.model import Article
from tests.builders import NOON, a_source, an_article, given
from tests.memory.storage import MemoryStorage

COUNT = 11


@pytest.fixture
def store() -> MemoryStorage:
    store = MemoryStorage()
    articles = [
        # Some were first seen at the same instant: their ids order them.
        an_article(f"Number {number}", first_seen_at=NOON + timedelta(minutes=number // 3))
        for number in range(COUNT)
    ]
    given(store, a_source(), *articles)
    return store


def in_order(store: MemoryStorage) -> list[Article]:
    with store.reading() as tx:
        return tx.articles.recent(limit=None)


@pytest.mark.parametrize("size", [1, 2, 3, COUNT, COUNT + 1])
@pytest.mark.parametrize("most", [None, 1, 5, COUNT, 2 * COUNT])
def test_pages_together_are_the_newest_of_the_archive(
    store: MemoryStorage, size: int, most: int | None
) -> None:
    read = [article for page in pages(store, Selection(), size=size, most=most) for article in page]
    assert read == in_order(store)[:most]
    assert len(read) == min(COUNT, COUNT if most is None else most)


def test_pages_of_places_grow_until_they_are_as_large_as_they_may_be(store: MemoryStorage) -> None:
    with store.reading() as tx:
        read = list(places(tx, Selection(), before=None, size=1, largest=3))
    assert [len(page) for page in read] == [1, 3, 3, 3, 1]
    assert [place for page in read for place in page] == list(map(position_of, in_order(store)))


def test_reading_may_begin_behind_an_article(store: MemoryStorage) -> None:
    articles = in_order(store)
    [page] = pages(store, Selection(), before=position_of(articles[3]))
    assert page == articles[4:]


def test_only_what_is_selected_is_read(store: MemoryStorage) -> None:
    selection = Selection(since=NOON + timedelta(minutes=2))
    read = list(newest(store, selection))
    assert len(read) == 5
    assert all(article.first_seen_at >= NOON + timedelta(minutes=2) for article in read)
    assert list(newest(store, Selection(source_ids=("none",)))) == []
