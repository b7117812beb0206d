"""Small segments become one in bites, and every search finds all the while what there is."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import Column, Table, func, select, update

from storage.admin.engine import SqlStorage, open_storage
from storage.api.articles import Analysis
from storage.api.errors import Damaged
from storage.api.lookup import Has, HasAll, Lookup
from storage.sql.archive import segments
from storage.sql.tables.schema import article_page, article_segment
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


def damage(storage: SqlStorage, column: Column[bytes], chance: random.Random | None = None) -> None:
    """Change bytes of a column as no database sees it: each to 255, or one in each row."""
    table = column.table
    assert isinstance(table, Table)
    with storage._backend.writing() as connection:
        for id_, kept in connection.execute(select(table.c.id, column)).all():
            changed = bytearray(b"\xff" * len(kept))
            if chance is not None and kept:
                changed = bytearray(kept)
                changed[chance.randrange(len(kept))] ^= 1 << chance.randrange(8)
            connection.execute(
                update(table).where(table.c.id == id_).values({column.name: bytes(changed)})
            )


@pytest.mark.parametrize(
    "column", [article_page.c.bytes, article_segment.c.firsts, article_segment.c.places]
)
def test_any_damage_is_told_as_that_or_not_seen(storage: SqlStorage, column: Column[bytes]) -> None:
    chance = random.Random(11)
    for number in range(20):
        text = " ".join(["every", *chance.sample(WORDS, 60), *[f"x{at}" for at in range(600)]])
        given(storage, an_article(f"{number}", text=text))
    told = 0
    for _ in range(15):
        damage(storage, column, chance)
        for lookup in LOOKUPS:
            with storage.reading() as tx:
                try:
                    tx.articles.recent(holding=lookup, limit=None)
                except Damaged:
                    told += 1
    assert told or column is not article_page.c.bytes


def test_pages_that_cannot_be_read_are_told_and_keep_no_news_out(storage: SqlStorage) -> None:
    texts = [" ".join(f"x{number}y{at}" for at in range(99)) for number in range(60)]
    for number, text in enumerate(texts[:20]):
        given(storage, an_article(f"{number}", text=text))
    damage(storage, article_page.c.bytes)
    with storage.reading() as tx, pytest.raises(Damaged, match="restore a backup"):
        tx.articles.recent(holding=Has("x3y3"), limit=None)
    with storage.reading() as tx, pytest.raises(Damaged, match="restore a backup"):
        list(tx.articles.words(since="", until=""))
    for number, text in enumerate(texts[20:], start=20):
        given(storage, an_article(f"{number}", text=text))
    assert -1 in levels(storage)  # what cannot be made one
    with storage.reading() as tx:
        assert tx.articles.count() == 60
