"""The order in which articles were stored, on every store: who reads on misses none."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

from storage.api.storage import Storage
from storage.model import Article
from tests.builders import MINUTE, NOON, a_source, an_article, fingerprints_of, given


def add(storage: Storage, *articles: Article) -> None:
    with storage.transaction() as tx:
        tx.articles.add([(each, fingerprints_of(each)) for each in articles], now=NOON)


def titles(storage: Storage, after: int = 0, **wanted: object) -> list[str]:
    with storage.reading() as tx:
        numbered = tx.articles.stored_after(after, **wanted)  # type: ignore[arg-type]
    assert [number for number, _ in numbered] == sorted({number for number, _ in numbered})
    return [article.title for _, article in numbered]


def some(count: int, name: str) -> list[Article]:
    return [an_article(f"{name} {number}") for number in range(count)]


def test_articles_come_in_the_order_in_which_they_were_stored(storage: Storage) -> None:
    given(storage, a_source())
    late, early = an_article("late"), an_article("early", first_seen_at=NOON - MINUTE)
    add(storage, late)
    add(storage, early, late)
    assert titles(storage) == ["late", "early"]
    assert titles(storage, limit=1) == ["late"]
    with storage.reading() as tx:
        [(first, _), (second, _)] = tx.articles.stored_after(0)
        assert tx.articles.last_number() == second
    assert titles(storage, first) == ["early"]
    assert titles(storage, second) == []


def test_what_was_given_up_takes_no_place(storage: Storage) -> None:
    given(storage, a_source())
    one, two = some(2, "N")
    with suppress(InterruptedError), storage.transaction() as tx:
        tx.articles.add([(one, fingerprints_of(one))], now=NOON)
        raise InterruptedError
    add(storage, two)
    assert titles(storage) == ["N 1"]


def test_an_article_that_is_revised_comes_again(storage: Storage) -> None:
    given(storage, a_source())
    one, two = some(2, "N")
    add(storage, one, two)
    with storage.reading() as tx:
        last = tx.articles.last_number()
    with storage.transaction() as tx:
        assert tx.articles.revise(replace(two, text="corrected"), now=NOON)
        assert not tx.articles.revise(one, now=NOON)
    assert titles(storage, last) == ["N 1"]
    assert titles(storage) == ["N 0", "N 1"]
    with storage.transaction() as tx:
        tx.articles.revise(replace(two, text="corrected again"), now=NOON)
    assert titles(storage, last + 1) == ["N 1"]
    assert titles(storage) == ["N 0", "N 1"]


def test_since_a_time_counts_from_where_an_edit_put_an_article(storage: Storage) -> None:
    given(storage, a_source())
    late, early = an_article("late"), an_article("early", first_seen_at=NOON - MINUTE)
    add(storage, late, early)
    for text in ("corrected", "corrected again"):
        with storage.transaction() as tx:
            tx.articles.revise(replace(late, text=text), now=NOON)
    with storage.reading() as tx:
        number = tx.articles.last_number(seen_since=NOON)
    assert titles(storage, number) == ["late"]


def test_those_of_a_source_and_a_language(storage: Storage) -> None:
    given(storage, a_source(), a_source("Other"))
    mine, theirs = an_article("mine"), an_article("theirs", source_id=a_source("Other").id)
    swedish = an_article("svensk", language="sv")
    add(storage, mine, theirs, swedish)
    assert set(titles(storage, source_ids=[mine.source_id])) == {"mine", "svensk"}
    assert titles(storage, language="sv") == ["svensk"]
    with storage.transaction() as tx:
        tx.articles.listed_by(mine.source_id, [theirs.id], now=NOON)
    assert len(titles(storage, source_ids=[mine.source_id])) == 3


def test_since_a_time_is_before_all_that_was_first_seen_then(storage: Storage) -> None:
    given(storage, a_source())
    for minute, name in enumerate(("first", "second", "third")):
        add(storage, an_article(name, first_seen_at=NOON + minute * MINUTE))

    def since(minutes: int) -> list[str]:
        with storage.reading() as tx:
            number = tx.articles.last_number(seen_since=NOON + minutes * MINUTE)
        return titles(storage, number)

    assert since(-5) == since(0) == ["first", "second", "third"]
    assert since(2) == ["third"]
    assert since(3) == []


def test_who_reads_on_while_many_write_misses_none(storage: Storage) -> None:
    given(storage, a_source())
    shared = some(20, "shared")
    groups = [some(20, f"writer {number}") for number in range(4)]
    seen: list[tuple[int, Article]] = []

    def write(own: Iterable[Article]) -> None:
        for one, another in zip(own, shared, strict=True):
            add(storage, one, another)

    def read_on() -> None:
        with storage.reading() as tx:
            seen.extend(tx.articles.stored_after(seen[-1][0] if seen else 0, limit=7))

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, group) for group in groups]
        while not all(future.done() for future in writing):
            read_on()
        for future in writing:
            future.result()
    count = -1
    while count != len(seen):
        count = len(seen)
        read_on()
    assert {article.title for _, article in seen} == {
        each.title for group in (shared, *groups) for each in group
    }
    assert len(seen) == 100
