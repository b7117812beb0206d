"""What a rule would have done with the articles of the last 30 days."""

import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.backtest import report as backtests
from monitor.backtest import run
from monitor.backtest.documents import Document
from monitor.backtest.hints import hints_for
from monitor.backtest.report import Backtest, backtest_of, refuse_everything
from monitor.backtest.run import LONGEST_S, check_on_newest, stored_backtest
from monitor.base.errors import Refusal
from storage.model import Article, Rule, Variant, VariantState
from tests.builders import NOON, a_rule, a_source, an_article, given
from tests.memory.storage import MemoryStorage

DAY = timedelta(days=1)
RULE = a_rule("rail strike")
SOURCES = {source.id: source for source in (a_source(), a_source("Herald"))}


def document(article: Article) -> Document:
    return Document(id=article.id, article=article, source=SOURCES[article.source_id])


def strike(number: int = 0, **changes: Any) -> Article:
    return an_article(f"Rail strike number {number}", **changes)


def weather(number: int = 0) -> Article:
    return an_article(f"Weather on day {number}", text="Rain again.")


def backtest(articles: Iterable[Article], rule: Rule = RULE, **more: Any) -> Backtest:
    more.setdefault("begins_at", NOON - 60 * DAY)
    return backtest_of(rule, map(document, articles), now=NOON, **more)


def test_hits_stories_and_alerts_are_counted_by_day_source_and_language() -> None:
    first = strike(1, first_seen_at=NOON - 2 * DAY)
    result = backtest(
        [
            strike(4, source_id=a_source("Herald").id, language="sv"),
            strike(3),
            strike(2, first_seen_at=NOON - DAY, story_id=first.id),
            weather(),
            first,
        ]
    )
    assert (result.articles, result.hits, result.stories) == (5, 4, 3)
    assert result.by_source == (("Harbour News", 3), ("Herald", 1))
    assert result.by_language == (("en", 3), ("sv", 1))
    days = dict(result.alerts)
    assert len(days) == 31
    assert days[NOON.date()] == 2
    assert days[(NOON - DAY).date()] == 0, "the story had its alert the day before"
    assert days[(NOON - 2 * DAY).date()] == 1
    assert result.busiest == (NOON.date(), 2)
    assert result.alerts_a_day == pytest.approx(3 / 30)
    assert result.verdict == "fine"


def test_a_young_archive_is_divided_by_its_own_days() -> None:
    result = backtest([strike(1), strike(2)], begins_at=NOON - 4 * DAY)
    assert result.alerts_a_day == pytest.approx(2 / 4)
    assert backtest([strike(1)], begins_at=NOON).alerts_a_day == 1


def test_what_came_with_a_first_poll_counts_on_its_own_day() -> None:
    old = strike(1, baseline=True, published_at=NOON - 9 * DAY)
    older = strike(2, baseline=True, published_at=NOON - 90 * DAY)
    result = backtest([old, older], begins_at=NOON)
    assert result.hits == 2
    assert dict(result.alerts)[(NOON - 9 * DAY).date()] == 1
    assert sum(count for _, count in result.alerts) == 1, "the other is older than the window"
    assert 9 < result.days < 11


def test_the_newest_hits_come_with_the_line_that_says_why() -> None:
    result = backtest([strike(number) for number in range(9)])
    assert [sample.title for sample in result.newest] == [
        f"Rail strike number {number}" for number in range(5)
    ]
    assert result.newest[0].reason == "Rail strike — same letters, English — for rail strike"


def test_borderline_is_what_the_next_strictness_would_find() -> None:
    variant = Variant(
        language="sv", text="tågstrejk", source="a list", kind="word", state=VariantState.PROPOSED
    )
    swedish = an_article("Tågstrejken fortsätter", text="", language="sv")
    result = backtest([strike(), swedish], replace(RULE, variants=(variant,)))
    assert result.hits == 1
    assert result.beyond == "broad"
    [sample] = result.borderline
    assert sample.title == "Tågstrejken fortsätter"
    assert "(a list), Swedish — for rail strike" in sample.reason


def test_without_any_such_the_least_sure_hits_are_borderline() -> None:
    names = ("Asagi", "Bokuro", "Chidori", "Dengaku", "Ebisu", "Furoshiki", "Genmai")
    variants = tuple(
        Variant(language="", text=name, kind="name", source="a list", score=0.9 - number / 100)
        for number, name in enumerate(names)
    )
    rule = a_rule("rail", strictness="broad", variants=variants)
    weak = [an_article(name, text="") for name in names]
    sure = an_article("The rail", text="")
    result = backtest([*weak, sure], rule)
    assert result.hits == 8
    assert result.beyond == ""
    assert [sample.title for sample in result.borderline] == list(names[:1:-1])
    assert backtest([sure], rule).borderline == ()


@pytest.mark.parametrize(
    ("hits", "others", "days", "reason"),
    [
        pytest.param(45, 0, 4, "more than 10 alerts a day (11.2)", id="a day"),
        pytest.param(51, 0, 20, "more than 50 alerts on one day (51 on 2026-03-02)", id="one day"),
        pytest.param(45, 255, 20, "more than 5% of all articles (15%)", id="share"),
    ],
)
def test_a_noisy_rule_says_by_what(hits: int, others: int, days: int, reason: str) -> None:
    articles = [*map(strike, range(hits)), *map(weather, range(others))]
    result = backtest(articles, begins_at=NOON - days * DAY)
    assert result.verdict == "noisy"
    assert reason in result.reasons


@pytest.mark.parametrize(
    ("hits", "others", "days"),
    [
        pytest.param(4, 40, 30, id="few articles"),
        pytest.param(4, 56, 30, id="few alerts"),
        pytest.param(9, 91, 2, id="a young archive"),
    ],
)
def test_a_share_alone_makes_no_rule_noisy(hits: int, others: int, days: int) -> None:
    articles = [*map(strike, range(hits)), *map(weather, range(others))]
    assert backtest(articles, begins_at=NOON - days * DAY).verdict == "fine"


def test_what_a_first_poll_brought_without_a_date_makes_no_day_busy() -> None:
    articles = [strike(number, baseline=True, published_at=None) for number in range(60)]
    result = backtest(articles, begins_at=NOON)
    assert (result.hits, result.alerts_a_day, result.verdict) == (60, 0.0, "fine")


def test_what_matches_most_of_enough_articles_is_refused() -> None:
    everything = backtest([*map(strike, range(30)), *map(weather, range(20))])
    with pytest.raises(Refusal, match="60% of the 50 newest articles"):
        refuse_everything(everything)
    refuse_everything(backtest([*map(strike, range(30)), *map(weather, range(19))]))
    refuse_everything(backtest([*map(strike, range(25)), *map(weather, range(25))]))


def test_an_edited_rule_is_compared_with_what_it_was() -> None:
    articles = [strike(), an_article("Strike at the port", text="")]
    result = backtest(articles, a_rule("strike -rail"), before=RULE)
    assert (result.gained, result.lost) == (1, 1)
    assert backtest(articles).gained is None


def test_only_so_many_articles_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (backtests, run):
        monkeypatch.setattr(module, "MOST_ARTICLES", 3)
    result = backtest(map(strike, range(9)))
    assert (result.articles, result.is_whole) == (3, False)
    assert backtest(map(strike, range(3))).is_whole


def test_an_empty_archive_says_nothing_about_a_rule() -> None:
    result = stored_backtest(MemoryStorage(), RULE, now=NOON)
    assert result.verdict == "silent"
    assert result.reasons == (
        "nothing is stored from these days, so this says nothing about the rule",
    )
    assert result.begins_at is None
    assert result.hints == ()


def test_a_silent_rule_says_which_words_occur_and_what_comes_nearest() -> None:
    storage = MemoryStorage()
    near = an_article("Rail talks fail, and now a strike", text="")
    given(storage, weather(), near)
    result = stored_backtest(storage, RULE, now=NOON)
    assert result.verdict == "silent"
    assert result.reasons == ("none of 2 articles matches",)
    assert result.hints == (
        'of 2 articles: "rail" in 1, "strike" in 1',
        '"Rail talks fail, and now a strike": "Rail" in the title, "strike" 5 words later in '
        "another clause; they must stand in one clause, near each other",
    )


def test_hints_know_of_longer_words_and_of_what_the_rule_does_not_want() -> None:
    articles = [an_article("Cyberspace", text="", language="en"), weather()]
    hints = hints_for(a_rule("cyber", languages=("sv",)), map(document, articles))
    assert hints[:2] == (
        'of 2 articles: "cyber" in 0 (cyber* in 1)',
        "only 0 of them in the languages and sources that it wants",
    )
    assert hints_for(a_rule("/x{3}/"), map(document, articles)) == ()


def test_hints_do_not_repeat_themselves() -> None:
    articles = [an_article(f"Strike {number}", text="") for number in range(5)]
    hints = hints_for(a_rule("airport strike"), map(document, articles))
    assert len(hints) == 2


@pytest.mark.parametrize("read_whole", [0, 500])
@pytest.mark.parametrize(
    "query", ['"rail strike"', "strike", "rail strike", "strike -rail", "/r.il/", "Geneva"]
)
def test_the_search_index_changes_nothing(
    query: str, read_whole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "READ_WHOLE", read_whole)
    storage = MemoryStorage()
    titles = ("Rail strike", "Strike at sea", "Railway strikers", "Geneva", "Женева")
    articles = [
        an_article(f"{title} {number}", text="", first_seen_at=NOON - number * DAY)
        for number in range(3)
        for title in titles
    ]
    given(storage, *articles)
    rule = a_rule(query)
    newest = sorted(articles, key=lambda article: (article.first_seen_at, article.id), reverse=True)
    expected = backtest(newest, rule, begins_at=NOON)
    assert stored_backtest(storage, rule, now=NOON) == expected
    assert expected.hits


def test_of_what_the_index_finds_only_so_many_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (backtests, run):
        monkeypatch.setattr(module, "MOST_ARTICLES", 2)
    monkeypatch.setattr(run, "READ_WHOLE", 0)
    storage = MemoryStorage()
    given(storage, *(strike(number, first_seen_at=NOON - number * DAY) for number in range(5)))
    result = stored_backtest(storage, a_rule('"rail strike"'), now=NOON)
    assert (result.hits, result.articles, result.is_whole) == (2, 2, False)


def test_a_backtest_that_takes_long_stops_and_says_so() -> None:
    """A dry run of ten thousand alternatives took more than a minute."""
    storage = MemoryStorage()
    given(storage, *map(strike, range(60)))
    ticks = itertools.count(step=LONGEST_S / 20)
    result = stored_backtest(storage, RULE, now=NOON, seconds=lambda: next(ticks))
    assert 0 < result.articles < 25
    assert not result.is_whole
    ticks = itertools.count(step=LONGEST_S / 20)
    with pytest.raises(Refusal, match="matches 100%"):
        check_on_newest(storage, RULE, now=NOON, seconds=lambda: next(itertools.count()))
    check_on_newest(storage, RULE, now=NOON, seconds=lambda: next(ticks))
