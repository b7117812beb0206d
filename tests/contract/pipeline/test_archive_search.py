"""The archive, searched: everything that is found in one store is found in the others."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain, count, repeat
from types import SimpleNamespace
from typing import Any, cast

import pytest

from monitor.backfill import together
from monitor.backtest import run
from monitor.backtest.documents import Document, stored
from monitor.base.stored_words import StoredWords
from monitor.pipeline.backfill import Backfill
from monitor.pipeline.indexing import ANALYSIS, fill
from monitor.services import search
from monitor.services.search import Search, SearchRequest
from rules.matcher import RuleMatcher
from rules.search.candidates import lookup_of
from storage.api.lookup import Holding
from storage.api.storage import Storage, Transaction
from storage.model import Article, Match, Rule, Source, Variant
from tests.builders import MINUTE, NOON, a_rule, a_source, an_article, given
from tests.fakes import opened_with

TEXTS = {
    "sv": ("Strejken över", "Hanoikonventionen nämndes när Järnvägsfacket sade ja till budet."),
    "vi": ("Công ước tại Hà Nội", "Việt Nam đón đại biểu đến Hà Nội ký công ước."),
    "zh": ("河内公约签署", "多国代表在河内签署公约，以打击网络犯罪。"),
    "th": ("อนุสัญญาฮานอย", "ผู้แทนลงนามอนุสัญญาที่กรุงฮานอย"),
    "ar": ("توقيع اتفاقية هانوي", "وقّعت الدول في هانوي، وتسهّل الاتفاقية تبادل الأدلة."),
    "he": ("אמנת האנוי", "נציגים חתמו על האמנה בהאנוי."),
    "de": ("Generalstreik beendet", "Nach neun Tagen endet der Streik. Die Bahn fährt wieder."),
    "en": ("Rail strike ends", "The rail strike ended. Strikes cost the U.S. firm 3 million."),
    "fr": ("La convention de Hanoï", "Des États signent la convention contre la cybercriminalité."),
    "ru": ("Ханойская конвенция", "Делегаты подписали конвенцию в Ханое."),
}


TIMES = [NOON + number * MINUTE for number in range(len(TEXTS))]


@pytest.fixture(params=["in the index", "not in the index yet"])
def archive(request: pytest.FixtureRequest, storage: Storage) -> Storage:
    """A store with all the texts, seen in this order, a minute apart."""
    filled = request.param == "in the index"
    store = storage if filled else opened_with(storage, None)
    given(
        store,
        *(
            an_article(title, id=language, text=text, language=language, first_seen_at=at)
            for at, (language, (title, text)) in zip(TIMES, TEXTS.items(), strict=True)
        ),
    )
    if filled:
        list(fill(storage))
    return opened_with(store, ANALYSIS)


def rule_of(query: str, strictness: str = "forms", **changes: object) -> Rule:
    return a_rule(query, strictness=strictness, **changes)


def found(storage: Storage, query: str, strictness: str = "forms", **wanted: object) -> list[str]:
    asked = SearchRequest(rule=rule_of(query, strictness), **wanted)  # type: ignore[arg-type]
    return [hit.article.id for hit in Search(storage, asked).newest(50)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ha noi", ["vi"]),
        ("Hà Nội", ["vi"]),
        ("HA NOI", ["vi"]),
        ("河内", ["zh"]),
        ("河內", ["zh"]),
        ("公约", ["zh"]),
        ("约", ["zh"]),
        ("ฮานอย", ["th"]),
        ("هانوي", ["ar"]),
        ("اتفاقيّة", ["ar"]),
        ("האנוי", ["he"]),
        ("strike", ["en"]),
        ('"strike ended"', ["en"]),
        ('"ended strike"', []),
        ("streik", ["de"]),
        ("konvention", ["sv"]),
        ("järnväg", ["sv"]),
        ("Hanoi", ["fr", "sv"]),  # and Hanoikonventionen
        ("конвенция", ["ru"]),
        ("US", ["en"]),
        ("=US", []),
        ("rail AND strik*", ["en"]),
        ("strejk OR strike OR streik", ["en", "de", "sv"]),
        ("title:strike", ["en"]),
        ("text:strejken", []),
        ("title:streik", ["de"]),
        ("rail NEAR/1 ended", ["en"]),
        ("bahn -streik", []),
        ("bahn -strike", ["de"]),
        ("(cybercriminalité^2 OR konvention^2) score>=2", ["fr", "sv"]),
        ("language:th", ["th"]),
        ("/h[aá]noi/", ["sv"]),
        ("*streik", ["de"]),
        ("f?hrt", ["de"]),
        ("nothing", []),
    ],
)
def test_a_search_finds_the_same_in_every_store(
    archive: Storage, query: str, expected: list[str]
) -> None:
    assert found(archive, query) == expected


def test_a_search_is_narrowed_by_time_source_and_language(archive: Storage) -> None:
    other = a_source("Other")
    given(archive, other, an_article("Strike", id="x", source_id=other.id, first_seen_at=TIMES[1]))
    query = "strejk OR strike OR streik"
    assert found(archive, query) == ["en", "de", "x", "sv"]
    assert found(archive, query, since=NOON + 7 * MINUTE) == ["en"]
    assert found(archive, query, source_ids=(other.id,)) == ["x"]
    assert found(archive, query, languages=("de",)) == ["de"]
    assert found(archive, query, languages=("sv", "de")) == ["de", "sv"]


def test_other_spellings_and_variants_are_found_when_they_are_wanted(archive: Storage) -> None:
    query = "Hanoi Convention"
    assert found(archive, query) == ["fr"]
    assert found(archive, query, "all") == ["ru", "fr", "sv"]
    variant = Variant(language="zh", text="河内公约")
    rule = rule_of(query, variants=(variant,))
    hits = Search(archive, SearchRequest(rule=rule)).newest(9)
    assert [hit.article.id for hit in hits] == ["fr", "zh"]
    assert hits[1].match.evidence[0].variants == ("河内公约",)


def test_the_best_come_first_when_they_are_wanted(storage: Storage) -> None:
    given(
        storage,
        an_article("Ports", id="once", text="A strike.", first_seen_at=NOON + 3 * MINUTE),
        an_article("Ports", id="often", text="Strike upon strike upon strike; a strike."),
        an_article("Strike at the ports", id="title", text="A strike.", first_seen_at=NOON),
        an_article("Ports", id="form", text="No strikes.", first_seen_at=NOON + 4 * MINUTE),
        an_article("Ports", id="twice", text="A strike.", first_seen_at=NOON + 2 * MINUTE),
    )
    asked = SearchRequest(rule=rule_of("strike"))
    best = [hit.article.id for hit in Search(storage, asked).best(9)]
    assert best == ["title", "often", "once", "twice", "form"]
    assert [hit.article.id for hit in Search(storage, asked).best(1)] == ["title"]


def _news_of_strikes(storage: Storage) -> list[Article]:
    """Store 400 articles about strikes, one in eight about a rail strike, oldest first."""
    strikes = [
        an_article(
            f"News {number}",
            source_id="other" if number % 3 else a_source().id,
            text="A rail strike began." if number % 8 == 0 else "On rail and in ports a strike.",
            first_seen_at=NOON + number * MINUTE,
        )
        for number in range(400)
    ]
    given(storage, *strikes)
    with storage.transaction() as tx:
        tx.sources.add(a_source(id="other", url="https://other.example/feed"))
    list(fill(storage))
    return strikes


def test_a_phrase_is_found_among_many_that_have_its_words_near_each_other(
    storage: Storage,
) -> None:
    strikes = _news_of_strikes(storage)
    looking = Search(storage, SearchRequest(rule=rule_of('"rail strike"'), patience=MINUTE))
    hits = looking.newest(45)
    expected = [(each.title, each.source_id) for each in reversed(strikes[::8])]
    assert [(hit.article.title, hit.source.id) for hit in hits] == expected[:45]
    assert looking.read == 8 * 44 + 8


def test_no_more_is_read_at_once_than_should_do(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _news_of_strikes(storage)
    asked: list[tuple[int, str]] = []
    worth_reading = search._Stretch.worth_reading

    def noted(stretch: Any, tx: Transaction, ids: Sequence[str]) -> dict[str, Article]:
        questions: list[str] = []

        def some(ids: Sequence[str]) -> dict[str, Article]:
            questions.append("whole")
            return tx.articles.some(ids)

        def texts(ids: Sequence[str]) -> dict[str, tuple[str, str]]:
            questions.append("texts")
            return tx.articles.texts(ids)

        articles = SimpleNamespace(some=some, texts=texts)
        worth = worth_reading(stretch, cast(Transaction, SimpleNamespace(articles=articles)), ids)
        asked.append((len(ids), ", ".join(questions)))
        return worth

    def batches(query: str, most: int, *, best: bool = False) -> list[tuple[int, str]]:
        asked.clear()
        looking = Search(storage, SearchRequest(rule=rule_of(query), patience=MINUTE))
        assert len(looking.best(most) if best else looking.newest(most)) == most
        return asked

    monkeypatch.setattr(search._Stretch, "worth_reading", noted)
    assert batches("strike", 3) == [(25, "whole")]
    assert batches("strike", 60) == [(50, "whole"), (25, "whole")]  # a page, and what it lacks
    every = [50, 100, 100, 100, 50]
    assert batches("strike", 3, best=True) == [(size, "whole") for size in every]
    assert batches('"rail strike"', 3) == [(25, "whole")]  # of which most were read in vain
    after = [(45, "texts, whole"), (25, "texts, whole")]
    assert batches('"rail strike"', 10) == [(25, "whole"), *after]


def test_a_search_ends_when_its_time_is_over_and_says_so(
    archive: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_FEWEST", 2)

    def late(query: str, strictness: str = "forms", most: int = 9) -> tuple[list[str], Search]:
        patience = timedelta(seconds=3 if most > 1 else 300)
        wanted = SearchRequest(rule=rule_of(query, strictness), patience=patience)
        looking = Search(archive, wanted, ticks=count(0, 9).__next__)
        return [hit.article.id for hit in looking.newest(most)], looking

    found, looking = late("-rail")
    assert found == ["ru", "fr"][: looking.read]
    assert (looking.read, looking.unread_before) == (2, TIMES[8])
    found, looking = late("Hanoi Convention", "all")
    assert found[:2] == ["ru", "fr"]
    assert looking.spelled_since == TIMES[8]
    found, looking = late("strike", most=1)
    assert found == ["en"]
    assert (looking.unread_before, looking.spelled_since) == (None, None)


def test_a_search_ends_among_the_articles_that_were_read_at_once(
    archive: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_FEWEST", 1)
    matched: list[Article] = []

    class Slow(RuleMatcher):
        def matches(self, article: Article, source: Source) -> list[Match]:
            matched.append(article)
            return super().matches(article, source)

    monkeypatch.setattr(search, "make_matcher", Slow)
    wanted = SearchRequest(rule=rule_of("-rail"), patience=timedelta(seconds=3))
    looking = Search(archive, wanted, ticks=lambda: len(matched))
    assert [hit.article.id for hit in looking.newest(9)] == ["ru", "fr", "de"]
    assert (len(matched), looking.read, looking.unread_before) == (4, 4, TIMES[6])


def test_a_search_in_a_language_does_not_read_others(
    archive: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_FEWEST", 1)
    for asked in ("language:sv", "language:(sv OR da) language:sv", "language:sv strejk"):
        wanted = SearchRequest(rule=rule_of(asked), patience=timedelta(seconds=3))
        looking = Search(archive, wanted, ticks=count(0, 9).__next__)
        assert [hit.article.id for hit in looking.newest(9)] == ["sv"], asked
    for nowhere, languages in (("language:sv", ("de",)), ("language:sv language:de", ())):
        looking = Search(archive, SearchRequest(rule=rule_of(nowhere), languages=languages))
        assert (looking.newest(9), looking.read) == ([], 0)


def test_a_search_with_time_to_spare_reads_all(archive: Storage) -> None:
    looking = Search(archive, SearchRequest(rule=rule_of("Hanoi Convention", "all")))
    assert [hit.article.id for hit in looking.newest(9)] == ["ru", "fr", "sv"]
    assert (looking.read, looking.unread_before, looking.spelled_since) == (len(TEXTS), None, None)


def is_full(storage: Storage) -> bool:
    with storage.reading() as tx:
        return tx.articles.index_is_full()


def asked_for(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[Holding | None, int]]:
    """What is asked of where articles stand from now on, and how many came back."""
    asked: list[tuple[Holding | None, int]] = []
    with storage.reading() as tx:
        kind = type(getattr(tx.articles, "whole", tx.articles))
    plain = kind.places

    def places(self: object, **wanted: object) -> list[tuple[datetime, str]]:
        page: list[tuple[datetime, str]] = plain(self, **wanted)  # type: ignore[arg-type]
        asked.append((wanted.get("holding"), len(page)))  # type: ignore[arg-type]
        return page

    monkeypatch.setattr(kind, "places", places)
    return asked


def test_a_backtest_reads_only_what_may_match_and_misses_nothing(archive: Storage) -> None:
    everything, words = list(stored(archive, since=NOON)), StoredWords(archive)
    for query, strictness in [("strike", "all"), ('"Hà Nội"', "exact"), ("公约 OR xy*", "forms")]:
        rule = rule_of(query, strictness)
        matcher = RuleMatcher([rule])
        offered = list(stored(archive, since=NOON, holding=lookup_of([rule], words)))
        assert [
            stored_.id for stored_ in everything if matcher.matches(stored_.article, stored_.source)
        ] == [stored_.id for stored_ in offered if matcher.matches(stored_.article, stored_.source)]
        assert len(offered) == (1 if is_full(archive) else len(TEXTS))
    assert lookup_of([rule, rule_of("/x/")], words) is None
    two = lookup_of([rule_of("strike"), rule_of("("), rule_of("公约")], words)
    ids = {stored_.id for stored_ in stored(archive, since=NOON, holding=two)}
    assert ids >= {"en", "zh"}
    unreadable = lookup_of([rule_of("(")], words)
    assert bool(list(stored(archive, since=NOON, holding=unreadable))) is not is_full(archive)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Hanoi Convention", {"ru", "fr", "sv", "he", "ar"}),
        ("Hanoy", {"ru"}),
        ("Kibercriminalita Konvencio", {"fr"}),
    ],
)
def test_words_in_other_spellings_are_asked_for_by_those_that_the_archive_has(
    archive: Storage, query: str, found: set[str]
) -> None:
    rule = rule_of(query, "all")
    matcher = RuleMatcher([rule])
    holding = lookup_of([rule], StoredWords(archive))
    assert holding is not None
    offered = list(stored(archive, since=NOON, holding=holding))
    matched = {each.id for each in offered if matcher.matches(each.article, each.source)}
    everything = stored(archive, since=NOON)
    assert matched == {each.id for each in everything if matcher.matches(each.article, each.source)}
    assert matched <= found
    assert len(offered) < len(TEXTS) or not is_full(archive)


@pytest.mark.parametrize(("hearing_s", "is_heard"), [(run.LONGEST_S * 0.4, True), (7.0, False)])
def test_a_backtest_reads_the_newest_if_the_archive_has_too_many_words_to_hear(
    archive: Storage, monkeypatch: pytest.MonkeyPatch, hearing_s: float, is_heard: bool
) -> None:
    monkeypatch.setattr(run, "READ_WHOLE", 0)
    rule = rule_of("Hanoi Convention", "all")
    asked = asked_for(archive, monkeypatch)
    seconds = chain(repeat(0.0, 4), repeat(hearing_s))
    result = run.stored_backtest(
        archive, rule, now=TIMES[-1] + MINUTE, seconds=lambda: next(seconds)
    )
    assert result.hits == 3
    assert (result.articles, result.is_whole) == (len(TEXTS), True)
    by_index = any(lookup is not None for lookup, _ in asked)
    assert by_index is (is_heard or not is_full(archive))


def test_the_words_of_an_archive_are_those_of_its_articles(archive: Storage) -> None:
    every = {word for lines in StoredWords(archive).words() for word in lines.split("\n") if word}
    late = StoredWords(archive, since=TIMES[-1]).words()
    assert "cybercriminalite" in every or not is_full(archive)
    assert not any(word[0] in "^~" for word in every)
    assert "конвенцию" in {word for lines in late for word in lines.split("\n")} or not every
    assert set(StoredWords(archive).languages()) == set(TEXTS)


@pytest.mark.parametrize("page", [6, len(TEXTS)])
def test_a_rule_that_was_added_reads_a_page_or_searches_through_the_index(
    archive: Storage, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(together, "BATCH", page)
    monkeypatch.setattr(together, "_AS_A_QUESTION", 1)
    rule = rule_of("konvention", "forms", backfill_since=NOON)
    given(archive, rule)
    asked = asked_for(archive, monkeypatch)
    looking = Backfill(archive, Told(), now=lambda: NOON)  # type: ignore[arg-type]
    assert list(looking.search(lambda: False)) == [1]
    offered = [count for lookup, count in asked if lookup is not None]
    if page == len(TEXTS):
        assert offered == []
    else:
        assert sum(offered) == (1 if is_full(archive) else len(TEXTS))


class Told:
    """Writes down for which articles rules were told to hold."""

    def __init__(self) -> None:
        self.pairs: set[tuple[str, str]] = set()

    def enqueue(self, tx: object, matches: list[tuple[Article, Match]], **_: object) -> list[Match]:
        """Store nothing; a match has of an alert what the search wants of it."""
        self.pairs.update((match.rule_id, article.id) for article, match in matches)
        return [match for _, match in matches]


def every_match(rules: list[Rule], everything: list[Document]) -> set[tuple[str, str]]:
    return {
        (match.rule_id, each.article.id)
        for each in everything
        for match in RuleMatcher(rules).matches(each.article, each.source)
    }


@pytest.mark.parametrize("strictness", ["all", "forms"])
def test_rules_that_were_added_together_look_at_the_archive_together(
    archive: Storage, strictness: str
) -> None:
    told = Told()
    made: list[list[str]] = []

    class Counted(RuleMatcher):
        def add(self, rule: Rule) -> None:
            made[-1].append(rule.name)
            super().add(rule)

    def make(rules: Iterable[Rule]) -> RuleMatcher:
        made.append([])
        matcher = Counted(())
        for rule in rules:
            matcher.add(rule)
        return matcher

    rules = [
        rule_of(query, strictness, name=query, backfill_since=NOON)
        for query in ("Hanoi Convention", "Strike", "公约", "Nobody Nowhere")
    ]
    given(archive, *rules)
    everything = list(stored(archive, since=NOON))
    looking = Backfill(
        archive,
        told,  # type: ignore[arg-type]
        now=lambda: NOON,
        make_matcher=make,
    )
    list(looking.search(lambda: False))
    assert told.pairs == every_match(rules, everything)
    assert len({rule_id for rule_id, _ in told.pairs}) == 3
    assert [len(each) for each in made] == [4]


def test_a_search_that_failed_does_not_wait_for_a_clock_that_was_days_ahead(
    archive: Storage,
) -> None:
    told, now = Told(), [NOON + timedelta(days=5)]
    made: list[RuleMatcher] = []

    def make(rules: Iterable[Rule]) -> RuleMatcher:
        made.append(RuleMatcher(()))
        if len(made) == 1:
            raise RuntimeError("a bug")
        return RuleMatcher([*rules])

    given(archive, rule_of("Strike", "all", name="strike", backfill_since=NOON))
    looking = Backfill(archive, told, now=lambda: now[0], make_matcher=make)  # type: ignore[arg-type]
    for days in (0, 0, 5):
        now[0] -= timedelta(days=days)
        list(looking.search(lambda: False))
        assert bool(told.pairs) is bool(days)


def test_where_much_is_stored_each_rule_reads_what_the_index_offers(
    archive: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told()
    monkeypatch.setattr(together, "BATCH", 6)
    monkeypatch.setattr(together, "_AS_A_QUESTION", 1)
    rules = [
        rule_of(query, strictness, name=query, backfill_since=NOON)
        for query, strictness in [("Strike", "forms"), ("公约", "exact"), ("Hanoi talks", "all")]
    ]
    given(archive, *rules)
    everything = list(stored(archive, since=NOON))
    asked = asked_for(archive, monkeypatch)
    looking = Backfill(archive, told, now=lambda: NOON)  # type: ignore[arg-type]
    list(looking.search(lambda: False))
    assert told.pairs == every_match(rules, everything)
    assert len({lookup for lookup, _ in asked if lookup is not None}) == 3
    with archive.reading() as tx:
        assert all(rule.caught_up for rule in tx.rules.all())


@pytest.mark.parametrize("few", [20, 1])
def test_of_many_rules_with_words_that_may_be_spelled_otherwise_each_article_is_read(
    archive: Storage, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    told = Told()
    monkeypatch.setattr(together, "_MOST_GUESSED", few)
    monkeypatch.setattr(together, "BATCH", 6)
    monkeypatch.setattr(together, "_AS_A_QUESTION", 1)
    theirs = ("en", "sv", "zh", "vi", "ar", "de")
    rules = [
        rule_of(query, "all", name=query, backfill_since=NOON, written_in=theirs)
        for query in ("Rail strike", "Hanoi Convention", "Nobody Nowhere")
    ]
    given(archive, *rules)
    everything = list(stored(archive, since=NOON))
    asked = asked_for(archive, monkeypatch)
    looking = Backfill(archive, told, now=lambda: NOON)  # type: ignore[arg-type]
    list(looking.search(lambda: False))
    assert told.pairs == every_match(rules, everything)
    assert len({rule_id for rule_id, _ in told.pairs}) == 2
    by_index = [count for lookup, count in asked if lookup is not None]
    assert bool(by_index) is (few > 1)
    if few > 1 and is_full(archive):
        assert sum(by_index) < len(everything)
