"""Small segments become one in bites, and every search finds all the while what there is."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import Column, Table, delete, func, select, update

from storage.admin.engine import SqlStorage, open_storage
from storage.api.articles import Analysis
from storage.api.errors import IndexDamaged
from storage.api.lookup import Has, HasAll, Lookup
from storage.postings.sealing import SEAL_BYTES
from storage.sql.archive import segments
from storage.sql.archive.search import INDEX_IS_FULL
from storage.sql.tables.schema import article_index, article_page, article_segment, meta
from tests.builders import MINUTE, NOON, an_article, given

ANALYSIS = Analysis("1", lambda article: article.text)
WORDS = [f"{first}{second}" for first in "abcdefgh" for second in range(30)]
LOOKUPS: list[Lookup] = [
    Has("every"),
    Has("a1", begins=True),
    HasAll((Has("b", begins=True), Has("c", begins=True), Has("every"))),
    Has("nothing"),
]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def storage(request: pytest.FixtureRequest) -> Iterator[SqlStorage]:
    """A store with a full index."""
    opened = open_storage(request.getfixturevalue(f"migrated_{request.param}_url"))
    opened.close()
    opened = open_storage(
        request.getfixturevalue(f"migrated_{request.param}_url"), analysis=ANALYSIS
    )
    with opened.transaction() as tx:
        assert tx.articles.fill_index(after="", limit=1) is None
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make segments one early and in many bites."""
    monkeypatch.setattr(segments, "_TOGETHER", 3)
    monkeypatch.setattr(segments, "_LEVELS", (2, 4, 8))
    monkeypatch.setattr(segments, "_BITE", 2)


def has(text: str, lookup: Lookup) -> bool:
    if isinstance(lookup, Has):
        words = text.split()
        return (
            any(word.startswith(lookup.token) for word in words)
            if lookup.begins
            else (lookup.token in words)
        )
    return all(has(text, part) for part in lookup.parts)


def levels(storage: SqlStorage) -> dict[int, int]:
    kept = article_segment.c
    counted = select(kept.level, func.count()).group_by(kept.level)
    with storage._backend.reading() as connection:
        return {level: count for level, count in connection.execute(counted)}


def test_whatever_becomes_of_segments_everything_is_found(storage: SqlStorage) -> None:
    chance = random.Random(7)
    articles = {}
    seen_levels: set[int] = set()
    for number in range(90):
        text = " ".join(
            ["every", *chance.sample(WORDS, 60), *[f"x{number}y{at}" for at in range(600)]]
        )
        language = chance.choice(["en", "sv", ""])
        seen_at = NOON + chance.randrange(40) * MINUTE
        made = an_article(f"{number}", text=text, language=language, first_seen_at=seen_at)
        if number % 9 == 4:
            with suppress(InterruptedError), storage.transaction() as tx:
                tx.articles.add([(made, ())], now=NOON)
                raise InterruptedError
        given(storage, made)
        articles[made.id] = made
        if number % 7 == 3:
            old = articles[chance.choice(sorted(articles))]
            new = replace(old, text="every " + " ".join(chance.sample(WORDS, 9)))
            with storage.transaction() as tx:
                assert tx.articles.revise(new, now=NOON)
            articles[old.id] = new
        seen_levels.update(levels(storage))
        if number % 10 and number < 85:
            continue
        for lookup in LOOKUPS:
            expected = sorted(
                (each for each in articles.values() if has(each.text, lookup)),
                key=lambda each: (each.first_seen_at, each.id),
                reverse=True,
            )
            with storage.reading() as tx:
                assert tx.articles.recent(holding=lookup, limit=None) == expected
                assert tx.articles.recent(holding=lookup, limit=4) == expected[:4]
    assert {-2, -1, 0, 1, 2, 3} <= seen_levels
    assert storage.problems() == []


def test_of_segments_that_became_one_nothing_is_left(storage: SqlStorage) -> None:
    for number in range(60):
        given(
            storage, an_article(f"{number}", text=" ".join(f"x{number}y{at}" for at in range(99)))
        )
    kept = article_segment.c
    counts = [
        select(func.count()).select_from(article_page),
        select(func.sum(kept.pages)),
        select(func.sum(kept.articles)).where(kept.level >= 0),
        select(func.count()).where(kept.level >= 0, kept.level < 3),
    ]
    with storage._backend.reading() as connection:
        pages, noted, in_them, small_ones = [
            connection.execute(count).scalar_one() for count in counts
        ]
    assert pages == noted
    assert in_them == 60
    assert small_ones < 12


def damage(storage: SqlStorage, column: Column[bytes], chance: random.Random) -> None:
    """Change one bit of a column, as no database sees it."""
    table = column.table
    assert isinstance(table, Table)
    with storage._backend.writing() as connection:
        needless = select(article_segment.c.id).where(article_segment.c.level == segments.GONE)
        gone = set(connection.execute(needless).scalars())
        every = connection.execute(select(table.c.id, column).order_by(table.c.id)).all()
        unit = 1 if table is article_segment else segments.PLACES_OF_SEGMENT
        id_, kept = chance.choice([row for row in every if row.id // unit not in gone])
        changed = bytearray(kept)
        changed[chance.randrange(len(kept))] ^= 1 << chance.randrange(8)
        values = {column.name: bytes(changed)}
        connection.execute(update(table).where(table.c.id == id_).values(values))


def is_damaged(storage: SqlStorage) -> bool:
    with storage.reading() as tx:
        return tx.articles.index_is_damaged()


def fill(storage: SqlStorage) -> None:
    last: str | None = ""
    while last is not None:
        with storage.transaction() as tx:
            last = tx.articles.fill_index(after=last, limit=3)


def ids(storage: SqlStorage, lookup: Lookup) -> set[str]:
    with storage.reading() as tx:
        return {each.id for each in tx.articles.recent(holding=lookup, limit=None)}


KEPT = [article_page.c.bytes, article_segment.c.firsts, article_segment.c.places]


@pytest.mark.parametrize("column", KEPT)
def test_a_changed_bit_is_seen_and_never_answered_wrongly(
    storage: SqlStorage, column: Column[bytes]
) -> None:
    chance = random.Random(11)
    for number in range(20):
        text = " ".join(["every", *chance.sample(WORDS, 60), *[f"x{at}" for at in range(600)]])
        given(storage, an_article(f"{number}", text=text))
    right = [ids(storage, lookup) for lookup in LOOKUPS]
    for _ in range(6):
        damage(storage, column, chance)
        with suppress(IndexDamaged):  # not every lookup asks for every page
            assert [ids(storage, lookup) for lookup in LOOKUPS] == right
        storage.check_index()
        assert is_damaged(storage)
        assert all(ids(storage, each) >= found for each, found in zip(LOOKUPS, right, strict=True))
        fill(storage)
        assert not is_damaged(storage)
        assert [ids(storage, lookup) for lookup in LOOKUPS] == right


@pytest.mark.parametrize("column", KEPT)
@pytest.mark.parametrize("zeros", [16, 1 << 20])
def test_zeros_from_the_beginning_are_not_taken_for_what_an_older_program_wrote(
    storage: SqlStorage, column: Column[bytes], zeros: int
) -> None:
    for number in range(9):
        text = " ".join(["every", *[f"x{at}" for at in range(900)]])
        given(storage, an_article(f"{number}", text=text))
    table = column.table
    with storage._backend.writing() as connection:
        for id_, kept in connection.execute(select(table.c.id, column)).all():
            zeroed = bytes(min(zeros, len(kept))) + kept[zeros:]
            changed = update(table).where(table.c.id == id_)
            connection.execute(changed.values({column.name: zeroed}))
    with pytest.raises(IndexDamaged):
        ids(storage, Has("every"))
    with storage._backend.writing() as connection:
        connection.execute(delete(meta).where(meta.c.key == INDEX_IS_FULL))
    storage.check_index()
    assert is_damaged(storage)


def test_a_segment_without_articles_is_seen_as_damage(storage: SqlStorage) -> None:
    given(storage, an_article("only", text="every word"))
    with storage._backend.writing() as connection:
        connection.execute(update(article_segment).values(places=b""))
    storage.check_index()
    assert is_damaged(storage)


def test_first_tokens_that_became_none_are_seen_by_who_searches_and_who_makes_one_of_several(
    storage: SqlStorage,
) -> None:
    given(storage, an_article("one", text="every word"))
    with storage._backend.writing() as connection:
        connection.execute(update(article_segment).values(firsts=b""))
    with pytest.raises(IndexDamaged):
        ids(storage, Has("every"))
    assert is_damaged(storage)
    fill(storage)
    for number in range(2):
        given(storage, an_article(f"{number}", text="every word"))
    with storage._backend.writing() as connection:
        connection.execute(update(article_segment).values(firsts=b""))
    with storage.reading() as tx, pytest.raises(IndexDamaged):
        list(tx.articles.words("", ""))
    with storage._backend.writing() as connection:
        connection.execute(delete(meta).where(meta.c.key == INDEX_IS_FULL))
    for number in range(2, 6):
        given(storage, an_article(f"{number}", text="every word"))
    assert is_damaged(storage)  # what several became has not lost what they had


def test_an_article_that_is_known_by_a_number_of_none_is_seen_as_damage(
    storage: SqlStorage,
) -> None:
    for number in range(4):
        given(storage, an_article(f"{number}", text="every word"))
    storage.check_index()
    assert not is_damaged(storage)
    with storage._backend.writing() as connection:
        known = article_index.c.number
        last = select(func.max(known)).scalar_subquery()
        connection.execute(update(article_index).where(known == last).values(number=known + 7))
    storage.check_index()
    assert is_damaged(storage)
    fill(storage)
    assert len(ids(storage, Has("every"))) == 4


@pytest.mark.parametrize("table", [article_page, article_segment])
def test_what_is_gone_is_seen_as_damage(storage: SqlStorage, table: Table) -> None:
    for number in range(4):
        given(storage, an_article(f"{number}", text=" ".join(f"x{at}" for at in range(900))))
    with storage._backend.writing() as connection:
        if table is article_page:
            connection.execute(
                delete(table).where(table.c.id == select(func.max(table.c.id)).scalar_subquery())
            )
        else:
            connection.execute(update(table).values(newest=table.c.newest - 1))
    storage.check_index()
    assert is_damaged(storage)


def test_a_whole_index_is_not_said_to_be_damaged(storage: SqlStorage) -> None:
    for number in range(9):
        given(storage, an_article(f"{number}", text=" ".join(f"x{at}" for at in range(900))))
    storage.check_index()
    assert not is_damaged(storage)


def test_what_was_written_without_a_checksum_is_read_and_becomes_one(storage: SqlStorage) -> None:
    for number in range(4):
        given(storage, an_article(f"{number}", text=" ".join(f"x{at}" for at in range(900))))
    for column in KEPT:
        table = column.table
        with storage._backend.writing() as connection:
            for id_, kept in connection.execute(select(table.c.id, column)).all():
                bare = {column.name: kept[SEAL_BYTES:]}
                connection.execute(update(table).where(table.c.id == id_).values(bare))
    assert len(ids(storage, Has("x7"))) == 4
    for number in range(4, 9):
        given(storage, an_article(f"{number}", text=" ".join(f"x{at}" for at in range(900))))
    assert len(ids(storage, Has("x7"))) == 9
    with storage.reading() as tx:
        assert any("x7" in lines.split() for lines in tx.articles.words(since="", until=""))
    storage.check_index()
    assert not is_damaged(storage)


def test_pages_that_cannot_be_read_keep_no_news_out_and_are_made_anew(storage: SqlStorage) -> None:
    texts = [" ".join(f"x{number}y{at}" for at in range(99)) for number in range(60)]
    for number, text in enumerate(texts[:20]):
        given(storage, an_article(f"{number}", text=text))
    with storage._backend.writing() as connection:
        connection.execute(update(article_page).values(bytes=b"\xff" * 300))
    for number, text in enumerate(texts[20:], start=20):
        given(storage, an_article(f"{number}", text=text))
    assert is_damaged(storage)  # which was seen when several were to become one
    assert an_article("3").id in ids(storage, Has("x3y3"))  # every article is offered
    with storage.reading() as tx, pytest.raises(IndexDamaged):
        list(tx.articles.words(since="", until=""))
    fill(storage)
    assert ids(storage, Has("x3y3")) == {an_article("3").id}
    with storage.reading() as tx:
        assert tx.articles.index_is_full()
        assert tx.articles.count() == 60


def test_a_search_that_meets_damage_says_so_once_and_is_complete_from_then_on(
    storage: SqlStorage,
) -> None:
    given(storage, an_article("only", text="every word"))
    damage(storage, article_page.c.bytes, random.Random(1))
    with pytest.raises(IndexDamaged, match="search index is damaged"):
        ids(storage, Has("every"))
    assert ids(storage, Has("every")) == {an_article("only").id}


def test_an_index_that_is_damaged_each_time_is_not_filled_for_ever(
    storage: SqlStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        given(storage, an_article(f"{number}", text=f"every x{number}"))

    def merge(*_: object, **__: object) -> None:
        raise IndexDamaged

    monkeypatch.setattr(segments.segments, "merge", merge)
    with storage.transaction() as tx:
        tx.index.give_up()
    fill(storage)
    assert is_damaged(storage)
    assert an_article("7").id in ids(storage, Has("x7"))
