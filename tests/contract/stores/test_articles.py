"""What every store promises about articles."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.api.articles import MOST_VERSIONS, Known
from storage.api.errors import Ambiguous
from storage.api.storage import Storage
from storage.model import Article, Fingerprint
from tests.builders import MINUTE, NOON, a_source, an_article, fingerprints_of, given


def add(storage: Storage, *pairs: tuple[Article, tuple[Fingerprint, ...]]) -> int:
    with storage.transaction() as tx:
        return tx.articles.add(pairs, now=NOON)


def test_an_article_comes_back_as_it_was_added(storage: Storage) -> None:
    article = an_article(
        summary="S",
        authors=("Å", "B"),
        categories=("c",),
        publisher="paper.example",
        updated_at=NOON,
        baseline=True,
        text="x" * 100_000,
        story_id="another",
    )
    given(storage, a_source())
    assert add(storage, (article, fingerprints_of(article))) == 1
    with storage.reading() as tx:
        assert tx.articles.get(article.id) == article
        assert tx.articles.get("other") is None


def test_the_languages_of_the_newest_articles_are_counted(storage: Storage) -> None:
    given(storage, a_source())
    languages = ("vi", "sv", "vi", "", "th", "sv", "vi")
    for number, language in enumerate(languages):
        at = NOON + number * MINUTE
        add(storage, (an_article(f"{number}", language=language, first_seen_at=at), ()))
    with storage.reading() as tx:
        assert tx.articles.languages(100) == [("vi", 3), ("sv", 2), ("th", 1)]
        assert tx.articles.languages(3) == [("sv", 1), ("th", 1), ("vi", 1)]
        assert tx.articles.languages(0) == []


def test_adding_again_changes_nothing(storage: Storage) -> None:
    given(storage, a_source())
    one, two = an_article("One"), an_article("Two")
    assert add(storage, (one, fingerprints_of(one)), (one, fingerprints_of(one))) == 1
    changed = replace(one, text="changed")
    assert add(storage, (changed, fingerprints_of(one)), (two, fingerprints_of(two))) == 1
    assert add(storage, (one, ()), (two, ())) == 0
    assert add(storage) == 0
    with storage.reading() as tx:
        assert tx.articles.get(one.id) == one
        assert tx.articles.count() == 2


def test_new_fingerprints_of_a_known_article_are_added(storage: Storage) -> None:
    given(storage, a_source())
    article = an_article()
    add(storage, (article, fingerprints_of(article)))
    add(storage, (article, (Fingerprint(key="guid", kind="id"),)))
    with storage.reading() as tx:
        assert tx.articles.known(["guid"]) == {"guid": Known(article.id, "")}


def test_a_print_stays_with_the_article_that_had_it_first(storage: Storage) -> None:
    given(storage, a_source())
    one, two, shared = an_article("One"), an_article("Two"), Fingerprint(key="k", kind="title")
    add(storage, (one, (shared,)))
    add(storage, (two, (shared,)))
    with storage.transaction() as tx:
        tx.articles.listed([(shared, two.id)], now=NOON + timedelta(days=9))
    with storage.reading() as tx:
        assert tx.articles.known(["k"]) == {"k": Known(one.id, "")}


def test_only_known_prints_are_told(storage: Storage) -> None:
    article = an_article()
    given(storage, article)
    url, title = fingerprints_of(article)
    with storage.reading() as tx:
        assert tx.articles.known(["nope", url.key]) == {url.key: Known(article.id, "")}
        assert tx.articles.known([]) == {}
        many = [f"nope {number}" for number in range(3_000)]
        assert tx.articles.known([*many, title.key, url.key]).keys() == {title.key, url.key}


def test_listing_again_adds_the_prints_that_are_new(storage: Storage) -> None:
    article = an_article()
    given(storage, article)
    url, _ = fingerprints_of(article)
    with storage.transaction() as tx:
        guid = Fingerprint(key="guid", kind="id", said="as it was")
        tx.articles.listed([(url, article.id), (guid, article.id)], now=NOON + 2 * MINUTE)
        tx.articles.listed([], now=NOON)
    with storage.reading() as tx:
        assert tx.articles.known(["guid", url.key]) == {
            "guid": Known(article.id, "as it was"),
            url.key: Known(article.id, ""),
        }


def test_the_quiet_of_recent_articles_ends_once(storage: Storage) -> None:
    baseline = [
        an_article(f"Baseline {number}", baseline=True, first_seen_at=NOON + number * MINUTE)
        for number in range(3)
    ]
    news = an_article("News", first_seen_at=NOON + MINUTE)
    given(storage, *baseline, news)
    ids = [article.id for article in (*baseline[:2], news)]
    with storage.transaction() as tx:
        released = tx.articles.end_baseline([*ids, "unknown", ids[1]], since=NOON, lister="other")
    assert released == [replace(baseline[1], baseline=False)]
    with storage.transaction() as tx:
        assert tx.articles.end_baseline(ids, since=NOON, lister="other") == []
        assert tx.articles.end_baseline([], since=NOON, lister="other") == []
        assert [article.baseline for article in tx.articles.recent()] == [True, *[False] * 2, True]


def test_a_source_does_not_end_the_quiet_of_its_own_articles(storage: Storage) -> None:
    article = an_article("Baseline", baseline=True)
    given(storage, article)
    with storage.transaction() as tx:
        since, own = NOON - MINUTE, article.source_id
        assert tx.articles.end_baseline([article.id], since=since, lister=own) == []
        assert [each.baseline for each in tx.articles.recent()] == [True]


def test_those_who_end_baseline_are_told_by_id(storage: Storage) -> None:
    baseline = [an_article(f"Baseline {number}", baseline=True) for number in range(8)]
    given(storage, *baseline)
    with storage.transaction() as tx:
        released = tx.articles.end_baseline(
            [article.id for article in baseline], since=NOON - MINUTE, lister="other"
        )
    assert [article.id for article in released] == sorted(article.id for article in baseline)


def test_an_article_is_found_by_url_or_beginning_of_its_id(storage: Storage) -> None:
    long_url = "https://a.example/" + "å" * 8_000
    one, two = an_article("One", id="abcd1"), an_article("Two", id="abcd2", url=long_url)
    given(storage, one, two)
    with storage.reading() as tx:
        assert tx.articles.find("abcd1") == one
        assert tx.articles.find(one.url) == one
        assert tx.articles.find(long_url) == two
        assert tx.articles.find("abd") is None
        assert tx.articles.find("") is None
        with pytest.raises(Ambiguous):
            tx.articles.find("abcd")


def test_articles_without_a_url_are_not_found_by_it(storage: Storage) -> None:
    given(storage, an_article("One", url=""), an_article("Two", url=""))
    with storage.reading() as tx:
        assert tx.articles.find("") is None


def test_recent_articles_come_newest_first(storage: Storage) -> None:
    given(
        storage,
        an_article("old", id="b", first_seen_at=NOON - MINUTE),
        an_article("new", id="a", first_seen_at=NOON + MINUTE, language="sv"),
        an_article("tie 1", id="d"),
        an_article("tie 2", id="c", source_id="other"),
    )
    with storage.reading() as tx:

        def ids(**wanted: object) -> list[str]:
            return [article.id for article in tx.articles.recent(**wanted)]  # type: ignore[arg-type]

        assert ids() == ["a", "d", "c", "b"]
        assert ids(limit=2) == ["a", "d"]
        assert ids(limit=None) == ["a", "d", "c", "b"]
        assert ids(since=NOON) == ["a", "d", "c"]
        assert (tx.articles.count(), tx.articles.count(since=NOON)) == (4, 3)
        assert ids(source_ids=["other"]) == ["c"]
        assert ids(source_ids=["other", a_source().id], since=NOON) == ["a", "d", "c"]
        assert ids(language="sv") == ["a"]
        assert ids(language="") == []
        assert ids(before=(NOON, "d")) == ["c", "b"]
        assert ids(before=(NOON + MINUTE, "a"), limit=1) == ["d"]
        assert ids(before=(NOON - MINUTE, "b")) == []


def test_paging_tells_every_article_once(storage: Storage) -> None:
    articles = [
        an_article(f"N {number}", first_seen_at=NOON + (number // 4) * MINUTE)
        for number in range(23)
    ]
    given(storage, *articles)
    seen: list[Article] = []
    with storage.reading() as tx:
        while page := tx.articles.recent(
            limit=5, before=(seen[-1].first_seen_at, seen[-1].id) if seen else None
        ):
            seen += page
    assert len(seen) == 23
    assert {article.id for article in seen} == {article.id for article in articles}


def test_thousands_are_added_at_once(storage: Storage) -> None:
    given(storage, a_source(), an_article("N 7"))
    articles = [an_article(f"N {number}") for number in range(2_000)]
    assert add(storage, *((article, fingerprints_of(article)) for article in articles)) == 1_999
    with storage.reading() as tx:
        assert tx.articles.count() == 2_000


def test_a_new_version_changes_what_is_read_and_nothing_else(storage: Storage) -> None:
    given(storage, an_article(story_id="story", baseline=True))
    new = an_article(
        id=an_article().id,
        url="https://elsewhere.example/",
        story_id="other",
        text="They signed at noon.",
        summary="s",
        language="sv",
        authors=("A",),
        categories=("c",),
        updated_at=NOON + MINUTE,
        published_at=NOON + MINUTE,
        first_seen_at=NOON + MINUTE,
    )
    with storage.transaction() as tx:
        assert tx.articles.revise(new, now=NOON)
        assert not tx.articles.revise(new, now=NOON)
        assert not tx.articles.revise(replace(new, summary="only this"), now=NOON)
        assert not tx.articles.revise(replace(new, id="unknown", text="x"), now=NOON)
        assert not tx.articles.revise(replace(new, source_id="another", text="x"), now=NOON)
    with storage.reading() as tx:
        stored = tx.articles.get(new.id)
    assert stored == an_article(
        story_id="story",
        baseline=True,
        text="They signed at noon.",
        summary="s",
        language="sv",
        authors=("A",),
        categories=("c",),
        updated_at=NOON + MINUTE,
    )
    with storage.transaction() as tx:
        assert tx.articles.revise(replace(new, title="Signed"), now=NOON)


def test_what_is_said_under_a_print_is_the_newest_that_was_said(storage: Storage) -> None:
    article = an_article()
    given(storage, article)

    def listed(said: str) -> Known:
        guid = Fingerprint(key="guid", kind="id", said=said)
        with storage.transaction() as tx:
            tx.articles.listed([(guid, article.id)], now=NOON)
        with storage.reading() as tx:
            return tx.articles.known(["guid"])["guid"]

    assert listed("one") == (article.id, "one")
    assert listed("") == (article.id, "one")
    assert listed("two") == (article.id, "two")


def test_some_articles_come_by_id(storage: Storage) -> None:
    one, two = an_article("One"), an_article("Two")
    given(storage, one, two)
    with storage.reading() as tx:
        assert tx.articles.some([two.id, "unknown"]) == {two.id: two}
        assert tx.articles.some([]) == {}
        assert tx.articles.texts([two.id, "unknown"]) == {two.id: (two.title, two.text)}


def test_what_an_article_said_is_kept_newest_first_and_not_for_ever(storage: Storage) -> None:
    article = an_article(text="0")
    given(storage, article)
    for number in range(1, MOST_VERSIONS + 3):
        with storage.transaction() as tx:
            edited = replace(article, text=str(number))
            assert tx.articles.revise(edited, now=NOON + number * MINUTE)
    with storage.reading() as tx:
        versions = tx.articles.versions(article.id)
        assert tx.articles.versions("unknown") == []
    assert [version.text for version in versions] == [
        str(number) for number in range(MOST_VERSIONS + 1, 1, -1)
    ]
    assert versions[0].title == article.title
    assert versions[0].until == NOON + (MOST_VERSIONS + 2) * MINUTE


def test_a_source_lists_an_article_of_another_for_the_first_time_once(storage: Storage) -> None:
    other = a_source("Other")
    one, two = an_article("One"), an_article("Two")
    given(storage, other, one, two)
    with storage.transaction() as tx:
        assert tx.articles.listed_by(other.id, [one.id], now=NOON) == {one.id}
    with storage.transaction() as tx:
        assert tx.articles.listed_by(other.id, [one.id, two.id], now=NOON) == {two.id}
        assert tx.articles.listed_by(other.id, [], now=NOON) == set()
    with storage.reading() as tx:
        assert tx.articles.sources_of([one.id, "unknown"]) == {one.id: [other.id]}


def test_an_article_is_of_every_source_that_lists_it(storage: Storage) -> None:
    other = a_source("Other")
    one, two = an_article("One"), an_article("Two")
    given(storage, other, one, two)
    with storage.transaction() as tx:
        tx.articles.listed_by(other.id, [two.id], now=NOON)
    with storage.reading() as tx:
        assert tx.articles.recent(source_ids=[other.id]) == [two]
        both = tx.articles.recent(source_ids=[one.source_id, other.id])
    assert {article.id for article in both} == {one.id, two.id}
