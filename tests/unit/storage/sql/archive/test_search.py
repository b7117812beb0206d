"""What is special about the search index of each database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, insert, text

from monitor.pipeline.indexing import ANALYSIS, fill
from storage.admin.engine import SqlStorage, _backend, open_storage
from storage.admin.migrate import OURS, bring_up
from storage.api.articles import Analysis
from storage.api.errors import IndexDamaged
from storage.api.lookup import Has
from storage.sql.archive import lookups
from storage.sql.archive.articles import to_row
from storage.sql.archive.lookups import Looking
from storage.sql.sources import to_row as source_row
from storage.sql.tables import schema
from tests.builders import MINUTE, NOON, a_source, an_article, given

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def storage(request: pytest.FixtureRequest) -> Iterator[SqlStorage]:
    """A store whose index is full."""
    url = request.getfixturevalue(f"migrated_{request.param}_url")
    opened = open_storage(url, analysis=ANALYSIS)
    given(opened, an_article("Rail strike"), an_article("Bus strike"))
    list(fill(opened))
    yield opened
    opened.close()


def test_an_article_that_two_edit_at_once_is_found_once(storage: SqlStorage) -> None:
    article = an_article("Bus strike")

    def edit(who: int) -> None:
        for number in range(10):
            with storage.transaction() as tx:
                edited = replace(article, text=f"Talks failed, round {number} of {who}.")
                tx.articles.revise(edited, now=article.first_seen_at)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(edit, range(2)))
    with storage.reading() as tx:
        (found,) = tx.articles.recent(holding=Has("talks"))
        assert found.title == "Bus strike"
    assert storage.problems() == []
    with storage._backend.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM article_index")).scalar() == 2


def test_whoever_turns_a_page_asks_the_segments_no_more(storage: SqlStorage) -> None:
    given(storage, *(an_article(f"Rail {n}", first_seen_at=NOON + n * MINUTE) for n in range(30)))
    with storage.reading() as tx:
        asked = list[str]()
        event.listen(tx._connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        rail = Has("rail")
        first = tx.articles.places(holding=rail, limit=10)
        assert any("article_page" in statement for statement in asked)
        asked.clear()
        second = tx.articles.places(holding=rail, limit=10, before=first[-1])
        assert len({*first, *second}) == 20
        assert ["article_index" in statement for statement in asked] == [True]
        assert tx.articles.places(holding=rail, limit=10) == first


def test_who_asks_for_something_else_from_there_does_not_turn_the_page(
    storage: SqlStorage,
) -> None:
    given(storage, *(an_article(f"Rail {number}") for number in range(30)))
    tram = an_article("Tram", first_seen_at=NOON - MINUTE)
    given(storage, tram)
    with storage.reading() as tx:
        *_, last = tx.articles.places(holding=Has("rail"), limit=10)
        place = (tram.first_seen_at, tram.id)
        assert tx.articles.places(holding=Has("tram"), limit=10, before=last) == [place]


def test_the_newest_come_first_whichever_were_stored_first(
    storage: SqlStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "_FIRST_ARTICLES", 1)
    for hour in (3, 1, 4, 0, 2):
        given(storage, an_article(f"Rail {hour}", first_seen_at=NOON + 60 * hour * MINUTE))
    with storage.reading() as tx:
        found = tx.articles.recent(holding=Has("rail"), limit=None)
    assert [article.title for article in found][:4] == ["Rail 4", "Rail 3", "Rail 2", "Rail 1"]


def test_a_page_that_could_not_be_read_is_read_anew(
    storage: SqlStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> dict[int, list[bytes]]:
        raise IndexDamaged

    with storage.reading() as tx:
        rail = Has("rail")
        with monkeypatch.context() as patched:
            patched.setattr(Looking, "_read", fail)
            with pytest.raises(IndexDamaged):
                tx.articles.places(holding=rail)
        assert len(tx.articles.places(holding=rail)) == 1


def test_an_article_that_a_full_index_lacks_is_told(storage: SqlStorage) -> None:
    with storage._backend.writing() as connection:
        connection.execute(text("DELETE FROM article_index"))
    problems = storage.problems()
    assert len(problems) == 2
    assert f"article {an_article('Bus strike').id}: is missing in the search index" in problems[0]


def test_a_text_of_many_different_letters_can_be_stored(storage: SqlStorage) -> None:
    letters = "".join(chr(0x20000 + number % 40_000) for number in range(99_999))
    mixed = letters[::2] + letters[1::2]
    given(storage, an_article("Letters", text=mixed[:100_000]))
    with storage.reading() as tx:
        (article,) = tx.articles.recent(holding=Has(mixed[10:12]))
    assert article.title == "Letters"


@pytest.mark.parametrize("name", BOTH)
def test_articles_stored_before_there_was_an_index_are_found_and_brought_in(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    backend = _backend(request.getfixturevalue(f"{name}_url"), home=tmp_path, checkpoints=False)
    bring_up(backend, migrate=True, steps=replace(OURS, revisions=OURS.revisions[:2]))
    row = to_row(an_article("Rail strike"))
    source = source_row(a_source())
    del source["options"], source["quiet_before"], row["publisher"]  # which came later
    with backend.migrating() as connection:
        connection.execute(insert(schema.source).values(source))
        connection.execute(insert(schema.article), row)
    bring_up(backend, migrate=True)
    store = SqlStorage(backend, ANALYSIS)
    given(store, an_article("Bus strike"))
    for _ in range(2):
        with store.reading() as tx:
            titles = {article.title for article in tx.articles.recent(holding=Has("rail"))}
        assert titles == {"Rail strike"}
        list(fill(store))
    with store.reading() as tx:
        assert tx.articles.index_is_full()
    store.close()


def test_a_file_without_an_index_is_filled_in_batches(storage: SqlStorage) -> None:
    other = SqlStorage(storage._backend, Analysis("other", lambda article: "x" + article.title[:1]))
    stops = iter([False, True])
    with storage.transaction() as tx:
        articles = [an_article(f"Rail {number}") for number in range(350)]
        tx.articles.add([(article, ()) for article in articles], now=articles[0].first_seen_at)
    assert list(fill(other, lambda: next(stops))) == [100]
    assert list(fill(other)) == [100, 200, 300, 400, 500]
    with other.reading() as tx:
        assert tx.articles.index_is_full()
        assert len(tx.articles.recent(holding=Has("xR"), limit=None)) == 351
