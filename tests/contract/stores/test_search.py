"""What every store promises about its search index: the same is found on all of them."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest

from monitor.pipeline.indexing import ANALYSIS, fill
from storage.api.articles import Analysis
from storage.api.lookup import Has, HasAll, HasAny, HasIn, Holding, Lookup
from storage.api.storage import Storage
from storage.model import Article
from tests.builders import MINUTE, NOON, a_source, an_article, fingerprints_of, given
from tests.fakes import opened_with

TEXTS = {
    "vi": ("vi", "Lễ ký Công ước tại Hà Nội", "Đà Nẵng cũng có nhiều hoạt động."),
    "zh": ("zh", "河内公约开放签署", "网络犯罪公约在河內签署。"),
    "th": ("th", "อนุสัญญาฮานอย", "พิธีลงนามจัดขึ้นในกรุงฮานอย"),
    "ar": ("ar", "اتفاقية هانوي", "وقّعت الدول الاتفاقيّة في هانوى."),
    "sv": ("sv", "Hanoikonventionen undertecknas", "Strejken på järnvägen är över: SJ kör igen."),
    "en": (
        "en",
        "Rail strike",
        "The U.S. don't pay. Ha noi, O'Brien, C++ and R&D at 3.5 per cent.",
    ),
}


def article(name: str, number: int = 0) -> Article:
    language, title, text = TEXTS[name]
    seen_at = NOON + number * MINUTE
    return an_article(title, id=name, text=text, language=language, first_seen_at=seen_at)


@pytest.fixture
def filled(storage: Storage) -> Storage:
    """A store with all the texts, in the index."""
    given(storage, *(article(name, number) for number, name in enumerate(TEXTS)))
    list(fill(storage))
    return storage


def ids(storage: Storage, lookup: Holding, **wanted: object) -> list[str]:
    with storage.reading() as tx:
        articles = tx.articles.recent(holding=lookup, **wanted)  # type: ignore[arg-type]
    return [article_.id for article_ in articles]


HANOI = HasAll((Has("ha"), Has("noi")))


@pytest.mark.parametrize(
    ("lookup", "expected"),
    [
        (HANOI, ["en", "vi"]),
        (HasAll((Has("da"), Has("nang"))), ["vi"]),
        (Has("河内"), ["zh"]),
        (Has("公约"), ["zh"]),
        (Has("约", begins=True), ["zh"]),
        (Has("内", begins=True), ["zh"]),
        (Has("^河内"), ["zh"]),
        (Has("^网络"), []),
        (HasAll((Has("ฮา"), Has("าน"), Has("นอ"), Has("อย"))), ["th"]),
        (Has("هانوي"), ["ar"]),
        (Has("اتفاق", begins=True), ["ar"]),
        (Has("konvention", begins=True), []),
        (Has("hanoikonv", begins=True), ["sv"]),
        (Has("~nenoitnevnok"[:9], begins=True), ["sv"]),
        (HasAny((Has("~nen", begins=True), Has("~xyz", begins=True))), ["sv"]),
        (HasAny((Has("~xyz", begins=True), Has("rail"))), ["en"]),
        (HasAny((Has("~xyz", begins=True), Has("~zyx", begins=True))), []),
        (HasAll((Has("~nen", begins=True), Has("strejken"))), ["sv"]),
        (HasAll((Has("~xyz", begins=True), Has("strejken"))), []),
        (Has("jarnvagen"), ["sv"]),
        (Has("us"), ["en"]),
        (Has("obrien"), ["en"]),
        (HasAny((Has("nothing"), Has("rail"), Has("strejken"))), ["en", "sv"]),
        (HasAll((HasAny((Has("c"), Has("x"))), Has("r"), Has("d"))), ["en"]),
        (Has("rai"), []),
        (Has("^rail"), ["en"]),
        (Has("or"), []),
        (Has("near", begins=True), []),
        (Has("^~=", begins=True), []),
    ],
)
def test_what_is_looked_up_is_found(filled: Storage, lookup: Lookup, expected: list[str]) -> None:
    assert ids(filled, lookup) == expected


def test_hundreds_of_alternatives_are_one_lookup(filled: Storage) -> None:
    many = tuple(Has(f"word{number}", begins=number % 2 == 0) for number in range(3_000))
    assert ids(filled, HasAny((*many, Has("rail")))) == ["en"]
    assert ids(filled, HasAll((*many, Has("rail")))) == []
    deep: Lookup = Has("rail")
    for number in range(5):
        deep = HasAny((Has(f"no{number}"), HasAll((deep, HasAny((Has("strike"), Has("x")))))))
    assert ids(filled, deep) == ["en"]


def test_a_lookup_is_narrowed_and_paged_like_any_list(storage: Storage) -> None:
    articles = [
        an_article(
            f"Rail {number}",
            first_seen_at=NOON + (number // 3) * MINUTE,
            language="sv" if number % 2 else "en",
            source_id="other" if number % 5 == 0 else a_source().id,
        )
        for number in range(20)
    ]
    given(storage, *articles, an_article("Bus"))
    list(fill(storage))
    with storage.reading() as tx:
        rail = Has("rail")
        everything = [
            article_ for article_ in tx.articles.recent(limit=None) if article_.title != "Bus"
        ]
        assert tx.articles.recent(holding=rail, limit=None) == everything
        assert tx.articles.recent(holding=rail, limit=3) == everything[:3]
        last = everything[6]
        before = (last.first_seen_at, last.id)
        assert tx.articles.recent(holding=rail, before=before) == everything[7:]
        places = [(article_.first_seen_at, article_.id) for article_ in everything]
        assert tx.articles.places(holding=rail, before=before) == places[7:]
        assert tx.articles.places(before=before, limit=2) == places[7:9]
        newest, oldest = everything[0], everything[-1]
        from_the_newest = tx.articles.recent(holding=rail, since=newest.first_seen_at)
        assert from_the_newest == [
            each for each in everything if each.first_seen_at == newest.first_seen_at
        ]
        second = everything[-2]
        assert second.first_seen_at == oldest.first_seen_at
        assert tx.articles.places(holding=rail, before=places[-2]) == places[-1:]
        since = NOON + 3 * MINUTE
        fitting = tx.articles.recent(holding=rail, since=since, language="sv", source_ids=["other"])
        assert fitting == [
            article_
            for article_ in everything
            if (article_.first_seen_at >= since, article_.language, article_.source_id)
            == (True, "sv", "other")
        ]
        assert fitting


def test_pages_that_are_turned_one_after_the_other_are_those_of_one_list(storage: Storage) -> None:
    articles = [
        an_article(f"Rail {number}", first_seen_at=NOON + (number * 7 % 30 // 3) * MINUTE)
        for number in range(120)
    ]
    for start in range(0, len(articles), 8):
        given(storage, *articles[start : start + 8])
    list(fill(storage))
    edited = replace(articles[77], text="Rail talks.")
    with storage.transaction() as tx:
        tx.articles.revise(edited, now=NOON)
    for size, wanted in ((1, {}), (7, {}), (50, {}), (7, {"source_ids": [a_source().id]})):
        with storage.reading() as tx:
            rail, turned = Has("rail"), list[tuple[datetime, str]]()
            whole = tx.articles.places(holding=rail, limit=None, **wanted)  # type: ignore[arg-type]
            while page := tx.articles.places(
                holding=rail,
                limit=size,
                before=turned[-1] if turned else None,
                **wanted,  # type: ignore[arg-type]
            ):
                turned += page
        assert turned == whole
        assert len(whole) == len(articles)


def test_a_page_has_what_was_stored_since_the_one_before(filled: Storage) -> None:
    with filled.transaction() as tx:
        hanoi = HasAny((Has("ha"), Has("hanoi", begins=True)))
        first = tx.articles.places(holding=hanoi, limit=1)
        older = an_article("Ha noi", first_seen_at=NOON - MINUTE)
        tx.articles.add([(older, ())], now=NOON)
        rest = tx.articles.places(holding=hanoi, before=first[0])
    assert rest[-1] == (older.first_seen_at, older.id)


def test_what_was_stored_late_or_edited_stands_where_its_time_is(storage: Storage) -> None:
    list(fill(storage))
    minutes = [5, 3, 9, 3, 1, 8, 8, 2, 7, 0, 6, 9]
    for number, minute in enumerate(minutes):
        seen_at = NOON + minute * MINUTE
        given(storage, an_article(f"Rail {number}", id=f"{number:02}", first_seen_at=seen_at))
    with storage.transaction() as tx:
        for number in (2, 9, 4):
            old = tx.articles.get(f"{number:02}")
            assert old is not None
            assert tx.articles.revise(replace(old, text="Rail, corrected."), now=NOON)
        everything = tx.articles.recent(limit=None)
    for size in (1, 2, 5):
        with storage.reading() as tx:
            paged: list[Article] = []
            while page := tx.articles.recent(
                holding=Has("rail"),
                limit=size,
                before=(paged[-1].first_seen_at, paged[-1].id) if paged else None,
            ):
                paged += page
            assert paged == everything
            since = NOON + 6 * MINUTE
            assert (
                tx.articles.recent(holding=Has("rail"), since=since, limit=size)
                == [article_ for article_ in everything if article_.first_seen_at >= since][:size]
            )


def test_a_new_version_is_found_by_its_words_and_no_longer_by_the_old(filled: Storage) -> None:
    old = article("en", 5)
    with filled.transaction() as tx:
        assert tx.articles.revise(replace(old, text="Buses now.", first_seen_at=NOON), now=NOON)
    assert ids(filled, Has("pay")) == []
    assert ids(filled, HasAll((Has("buses"), Has("^rail")))) == ["en"]
    with filled.transaction() as tx:
        assert tx.articles.index_is_full()
        assert tx.articles.revise(replace(old, text="Trams."), now=NOON)
        assert tx.articles.revise(replace(old, text="Buses."), now=NOON)
    assert ids(filled, Has("trams")) == []
    assert ids(filled, Has("buses")) == ["en"]
    assert ids(filled, HasAny((Has("buses"), HANOI, Has("公约"))), limit=2) == ["en", "zh"]


def test_nothing_is_found_of_a_transaction_that_was_given_up(filled: Storage) -> None:
    with suppress(InterruptedError), filled.transaction() as tx:
        tx.articles.add([(an_article("Trams"), ())], now=NOON)
        raise InterruptedError
    assert ids(filled, Has("trams")) == []
    given(filled, an_article("Trams"))
    assert len(ids(filled, Has("trams"))) == 1


def test_an_article_that_is_known_keeps_its_words(filled: Storage) -> None:
    with filled.transaction() as tx:
        other = replace(article("en"), text="Trams.")
        assert tx.articles.add([(other, fingerprints_of(other))], now=NOON) == 0
    assert ids(filled, Has("trams")) == []
    assert ids(filled, Has("pay")) == ["en"]


def test_what_is_not_in_the_index_yet_is_never_left_out(filled: Storage) -> None:
    everything = list(reversed(TEXTS))
    later = opened_with(filled, Analysis("another", lambda article: article.title.lower()))
    assert ids(later, Has("strike")) == everything
    assert ids(later, Has("strike"), limit=2) == everything[:2]
    with later.transaction() as tx:
        assert tx.articles.fill_index(after="", limit=2)
    assert ids(later, Has("strike")) == ["en", "ar", "th", "zh", "vi"]
    assert list(fill(later))
    assert ids(later, Has("strike")) == ["en"]
    assert list(fill(later)) == []


def test_an_index_that_lacks_nothing_is_full_at_the_first_look(storage: Storage) -> None:
    given(storage, *(article(name, number) for number, name in enumerate(TEXTS)))
    with storage.transaction() as tx:
        assert not tx.articles.index_is_full()
        assert tx.articles.fill_index(after="", limit=2) is None
        assert tx.articles.index_is_full()


def test_what_is_filled_in_while_others_come_stands_where_its_time_is(filled: Storage) -> None:
    later = opened_with(filled, Analysis("another", lambda article: article.title.lower()))
    with later.transaction() as tx:
        old = tx.articles.get("zh")
        assert old is not None
        assert tx.articles.revise(replace(old, text="网络"), now=NOON)
    given(later, an_article("Rail", id="early", first_seen_at=NOON - MINUTE))
    with later.transaction() as tx:
        after = tx.articles.fill_index(after="", limit=2)
    given(later, an_article("Rail", id="late", first_seen_at=NOON + 99 * MINUTE))
    with later.transaction() as tx:
        assert tx.articles.fill_index(after=after or "", limit=2)
    list(fill(later))
    rails = ["late", "en", "early"]
    assert ids(later, Has("rail")) == rails
    for limit in range(1, 4):
        assert ids(later, Has("rail"), limit=limit) == rails[:limit]
    every = HasAny((Has("rail"), Has("hanoikonventionen"), Has("河内公约开放签署"), Has("lễ")))
    assert ids(later, every) == ["late", "en", "sv", "zh", "vi", "early"]
    assert ids(later, every, limit=4) == ["late", "en", "sv", "zh"]


def test_a_store_without_an_analysis_leaves_what_it_writes_to_be_filled_in(
    filled: Storage,
) -> None:
    plain = opened_with(filled, None)
    assert list(fill(plain)) == [100]
    with plain.transaction() as tx:
        assert tx.articles.fill_index(after="", limit=10) is None
        tx.articles.add([(an_article("Trams"), ())], now=NOON)
        assert tx.articles.revise(replace(article("zh"), text="网络"), now=NOON)
        assert not tx.articles.index_is_full()
    assert len(ids(plain, Has("anything"))) == len(TEXTS) + 1
    assert plain.problems() == []
    again = opened_with(plain, ANALYSIS)
    assert len(ids(again, Has("trams"))) == 2
    list(fill(again))
    assert len(ids(again, Has("trams"))) == 1
    assert ids(again, Has("公约"), limit=5) == ["zh"]


def test_the_index_is_full_when_every_article_is_in_it(storage: Storage) -> None:
    with storage.reading() as tx:
        assert not tx.articles.index_is_full()
    assert list(fill(storage))
    given(storage, *(an_article(f"Rail {number}") for number in range(250)))
    with storage.transaction() as tx:
        assert tx.articles.index_is_full()
    assert len(ids(storage, Has("rail"), limit=None)) == 250


def test_a_lookup_may_count_in_some_languages_only(filled: Storage) -> None:
    held = HasIn(frozenset({"en", "sv", "vi", "xx"}), Has("rail"))
    assert sorted(ids(filled, held)) == ["ar", "en", "th", "zh"]
    assert ids(filled, held, limit=2) == ["en", "ar"]
    assert ids(filled, held, language="zh") == ["zh"]
    nothing = HasIn(frozenset({"en", "sv", "vi", "ar", "th"}), HasAny(()))
    assert ids(filled, nothing) == ["zh"]
