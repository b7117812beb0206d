"""What a source lists becomes what people are owed, whatever else happens at that moment."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from ingester import articles
from ingester.articles import sighting_of
from ingester.entry import Entry, Polled
from monitor.backfill import reading
from monitor.pipeline import backfill
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.intake import TakenIn
from monitor.pipeline.outbox import OutboxWriter, Raised
from rules.matcher import RuleMatcher
from storage.api.errors import StorageError
from storage.api.storage import Storage
from storage.model import (
    CHANNEL_REMOVED,
    INSTALLATION,
    Alert,
    Channel,
    ChannelState,
    Delivery,
    DeliveryState,
    Rule,
    RuleState,
    Source,
    Variant,
)
from tests.builders import LEASE, MINUTE, NOON, a_channel, a_rule, a_source, an_article, given
from tests.fakes import MemoryStorage

FOLDER = a_source("Papers", kind="folder", url="/papers", backfill=None)
RULE = a_rule("strike", name="Strike", channel_ids=(a_channel().id,))


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> Storage:
    storage = MemoryStorage()
    given(storage, FOLDER, a_channel())
    return storage


def payload(*_: object) -> bytes:
    return b"{}"


def a_pipeline(store: Storage, clock: Clock, **changes: Any) -> Pipeline:
    render = changes.pop("render", payload)
    return Pipeline(store, OutboxWriter(render), now=clock, **changes)


def take_in(
    store: Storage, working: Pipeline, *entries: Entry, source: Source = FOLDER, **polled: Any
) -> TakenIn:
    with store.transaction() as tx:
        (claimed,) = tx.sources.claim_due(
            now=NOON, limit=1, lease=LEASE, owner="me", ids=[source.id]
        )
    return working.take_in(claimed, Polled(entries=entries, **polled), next_poll_at=lambda _: NOON)


def alerts(store: Storage) -> list[Alert]:
    with store.reading() as tx:
        return tx.alerts.recent(limit=None)


def deliveries(store: Storage) -> list[Delivery]:
    with store.reading() as tx:
        return tx.outbox.recent(limit=None)


def rule_of(store: Storage, rule: Rule = RULE) -> Rule:
    with store.reading() as tx:
        found = tx.rules.get(rule.id)
    assert found is not None
    return found


def change(store: Storage, what: Callable[[Any], object]) -> None:
    with store.transaction() as tx:
        what(tx)


def some_articles(store: Storage, count: int = 3) -> None:
    given(
        store,
        *(
            an_article(
                f"Strike {number}", source_id=FOLDER.id, first_seen_at=NOON + number * MINUTE
            )
            for number in range(count)
        ),
    )


# --- the archive ---------------------------------------------------------------------------------


class ChangesAfterMatching(RuleMatcher):
    """Lets something happen between the first page's matching and its storing."""

    then: Callable[[], object] | None = None

    def matches(self, article: Any, source: Any) -> Any:
        found = super().matches(article, source)
        happening, ChangesAfterMatching.then = ChangesAfterMatching.then, None
        if happening is not None:
            happening()
        return found


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    def happens(what: Callable[[], object]) -> None:
        monkeypatch.setattr(ChangesAfterMatching, "then", staticmethod(what))

    return happens


def test_a_rule_that_is_edited_while_it_is_searched_for_is_searched_for_again(
    store: Storage, clock: Clock, meanwhile: Any
) -> None:
    some_articles(store)
    given(store, RULE)
    edited = replace(RULE, query="2")
    meanwhile(lambda: change(store, lambda tx: tx.rules.update(edited)))
    assert a_pipeline(store, clock, make_matcher=ChangesAfterMatching).catch_up() == 1
    assert len(alerts(store)) == 1
    assert rule_of(store).caught_up


def test_rules_that_are_searched_together_tell_each_as_much_as_it_wishes(
    store: Storage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "OWED_AT_ONCE", 2)
    monkeypatch.setattr(reading, "PIECE", 4)
    some_articles(store, 9)
    wishes: dict[str, dict[str, Any]] = {
        "All": {"backfill_since": NOON},
        "Late": {"backfill_since": NOON + 3 * MINUTE},
        "Few": {"backfill_since": NOON, "backfill_most": 3},
        "Last": {"backfill_since": NOON + 2 * MINUTE, "backfill_most": 1},
        "One": {"backfill_most": 1},
        "Folder": {},
    }
    rules = [a_rule("strike", name=name, **wish) for name, wish in wishes.items()]
    given(store, *rules)
    read: list[str] = []

    class Read(RuleMatcher):
        def matches(self, article: Any, source: Any) -> Any:
            read.append(article.title)
            return super().matches(article, source)

    assert a_pipeline(store, clock, make_matcher=Read).catch_up() == 9 + 6 + 3 + 1 + 1 + 9
    told = {
        rule.name: [a.article_id for a in alerts(store) if a.rule_id == rule.id] for rule in rules
    }
    newest = [an_article(f"Strike {number}").id for number in range(8, -1, -1)]
    assert {name: len(every) for name, every in told.items()} == {
        "All": 9,
        "Late": 6,
        "Few": 3,
        "Last": 1,
        "One": 1,
        "Folder": 9,
    }
    assert all(set(every) == set(newest[: len(every)]) for every in told.values())
    assert len(read) == 2 * 9  # once for all that search the same
    assert all(rule_of(store, rule).caught_up for rule in rules)


def test_of_rules_that_are_searched_together_only_the_one_that_is_edited_begins_anew(
    store: Storage, clock: Clock, meanwhile: Any
) -> None:
    some_articles(store)
    other, gone = a_rule("strike", name="Other"), a_rule("strike", name="Gone")
    given(store, RULE, other, gone)

    def change_two() -> None:
        change(store, lambda tx: tx.rules.update(replace(RULE, query="2")))
        change(store, lambda tx: tx.rules.set_state(gone.id, RuleState.REMOVED))

    meanwhile(change_two)
    assert a_pipeline(store, clock, make_matcher=ChangesAfterMatching).catch_up() == 3 + 1
    assert {alert.rule_id for alert in alerts(store)} == {RULE.id, other.id}
    assert rule_of(store).caught_up
    assert rule_of(store, other).caught_up


def test_a_rule_that_is_added_again_meanwhile_is_not_marked_by_the_old_search(
    store: Storage, clock: Clock, meanwhile: Any
) -> None:
    given(store, an_article("Nothing", source_id=FOLDER.id), RULE)

    def again() -> None:
        change(store, lambda tx: tx.rules.set_state(RULE.id, RuleState.REMOVED))
        change(store, lambda tx: tx.rules.add(replace(RULE, query="nothing")))

    meanwhile(again)
    assert a_pipeline(store, clock, make_matcher=ChangesAfterMatching).catch_up() == 1
    assert rule_of(store).caught_up


def test_a_rule_that_is_paused_meanwhile_raises_nothing_and_is_searched_for_when_resumed(
    store: Storage, clock: Clock, meanwhile: Any
) -> None:
    some_articles(store)
    given(store, RULE)
    meanwhile(lambda: change(store, lambda tx: tx.rules.set_state(RULE.id, RuleState.PAUSED)))
    working = a_pipeline(store, clock, make_matcher=ChangesAfterMatching)
    assert working.catch_up() == 0
    assert working.catch_up() == 0
    assert not rule_of(store).caught_up
    change(store, lambda tx: tx.rules.set_state(RULE.id, RuleState.ACTIVE))
    assert working.catch_up() == 3
    assert rule_of(store).caught_up


def test_a_rule_whose_search_fails_is_logged_once_and_does_not_keep_others_from_theirs(
    store: Storage,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    some_articles(store)
    other = replace(a_rule("strike", name="Other"), created_at=NOON + MINUTE)
    given(store, RULE, other)
    tries = []

    class Failing(RuleMatcher):
        def add(self, rule: Rule) -> None:
            tries.append(rule.name)
            if rule.name == RULE.name and rule.query == RULE.query:
                raise RuntimeError("a bug")
            super().add(rule)

    working = a_pipeline(store, clock, make_matcher=Failing)
    assert working.catch_up() == 3
    assert rule_of(store, other).caught_up
    tries.clear()
    working.catch_up()
    assert tries == []
    clock.at += timedelta(seconds=61)
    working.catch_up()
    assert tries == [RULE.name]
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
    change(store, lambda tx: tx.rules.update(replace(RULE, query="strike 1")))
    assert working.catch_up() == 1
    assert rule_of(store).caught_up


def test_a_search_stops_between_pieces_and_is_finished_by_the_next(
    store: Storage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BATCH", 4)
    monkeypatch.setattr(reading, "PIECE", 2)
    some_articles(store, 5)
    given(store, RULE)
    working = a_pipeline(store, clock)
    assert working.catch_up(lambda: len(alerts(store)) > 0) == 2
    assert not rule_of(store).caught_up
    assert working.catch_up(lambda: len(alerts(store)) > 3) == 2
    assert working.catch_up() == 1
    assert rule_of(store).caught_up


class Counted(RuleMatcher):
    """Notes each rule that it is given, and each article that it reads."""

    noted: list[str]

    def add(self, rule: Rule) -> None:
        self.noted.append("rule")
        super().add(rule)

    def matches(self, article: Any, source: Any) -> Any:
        self.noted.append("article")
        return super().matches(article, source)


@pytest.mark.parametrize("rules", [1, 3])
def test_a_search_gives_way_after_each_small_piece_with_nothing_open(
    rules: int, store: Storage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BATCH", 8)
    monkeypatch.setattr(reading, "PIECE", 4)
    monkeypatch.setattr(backfill, "OWED_AT_ONCE", 2)
    some_articles(store, 20)
    given(store, *(a_rule("strike", name=f"Strike {number}") for number in range(rules)))
    monkeypatch.setattr(Counted, "noted", (noted := list[str]()), raising=False)
    owed = [0]

    def give_way() -> None:
        noted.append("way")
        with store.transaction() as tx:  # which waits for ever if the search has one open
            raised = len(tx.alerts.recent(limit=None))
        assert raised - owed[0] <= 2
        owed[0] = raised

    assert a_pipeline(store, clock, make_matcher=Counted, give_way=give_way).catch_up() == (
        20 * rules
    )
    pieces = " ".join(noted).split("way")
    assert max(len(piece.split()) for piece in pieces) == 1
    assert len(pieces) > 20 * rules


# --- channels ------------------------------------------------------------------------------------


def test_nothing_is_owed_to_a_channel_that_was_removed(store: Storage, clock: Clock) -> None:
    given(store, RULE)
    change(
        store,
        lambda tx: tx.channels.set_state(
            a_channel().id, ChannelState.REMOVED, reason=CHANNEL_REMOVED
        ),
    )
    assert take_in(store, a_pipeline(store, clock), Entry(id="1", title="Strike")).alerts == 1
    assert deliveries(store) == []
    assert store.problems() == []


# --- what is owed --------------------------------------------------------------------------------


def test_what_a_channel_that_is_switched_off_would_be_sent_is_held(
    store: Storage, clock: Clock
) -> None:
    given(store, RULE)
    off = ChannelState.DISABLED
    change(store, lambda tx: tx.channels.set_state(a_channel().id, off, reason="HTTP 410"))
    take_in(store, a_pipeline(store, clock), Entry(id="1", title="Strike"))
    (owed,) = deliveries(store)
    assert (owed.state, owed.state_reason) == (DeliveryState.HELD, "HTTP 410")


def test_two_installations_never_make_the_same_message_id(clock: Clock) -> None:
    ids = []
    for name in ("one", "two", "one"):
        store = MemoryStorage()
        given(store, FOLDER, a_channel(), RULE)
        change(store, lambda tx, name=name: tx.meta.set(INSTALLATION, name))
        take_in(store, a_pipeline(store, clock), Entry(id="1", title="Strike"))
        ids += [owed.id for owed in deliveries(store)]
    assert ids[0] == ids[2] != ids[1]


# --- our own mistakes ----------------------------------------------------------------------------


def test_a_store_that_is_away_when_handing_on_is_no_bug(
    store: Storage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise StorageError("the server is away", retry=True)

    given(store, RULE)
    working = a_pipeline(store, clock, owed=fail)
    assert take_in(store, working, Entry(id="1", title="Strike")).alerts == 1
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_good_poll_stays_good_when_handing_on_fails(
    store: Storage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("a bug")

    given(store, RULE)
    working = a_pipeline(store, clock, owed=fail)
    assert take_in(store, working, Entry(id="1", title="Strike")).alerts == 1
    assert "handing on" in caplog.text
    some_articles(store)
    change(store, lambda tx: tx.rules.update(RULE))
    assert working.catch_up() == 3


def test_an_entry_that_we_trip_over_does_not_keep_the_others_out(
    store: Storage,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def trip(entry: Entry, *rest: Any, **more: Any) -> Any:
        if entry.title == "Bad\x00\ud800":
            raise KeyError("a bug")
        return sighting_of(entry, *rest, **more)

    monkeypatch.setattr(articles, "sighting_of", trip)
    given(store, RULE)
    working = a_pipeline(store, clock)
    entries = (Entry(id="1", title="Bad\x00\ud800"), Entry(id="2", title="Strike"))
    taken = take_in(store, working, *entries)
    assert (taken.articles, taken.alerts) == (1, 1)
    (notice,) = taken.notices
    assert notice.startswith('an entry could not be read: "Bad')
    assert "KeyError" in notice
    assert take_in(store, working, *entries).notices == ()
    assert len([record for record in caplog.records if record.exc_info]) == 1


def test_an_article_that_cannot_be_searched_is_kept_and_told(store: Storage, clock: Clock) -> None:
    class Trips(RuleMatcher):
        def matches(self, article: Any, source: Any) -> Any:
            if article.title == "Bad":
                raise KeyError("a bug")
            return super().matches(article, source)

    given(store, RULE)
    taken = take_in(
        store,
        a_pipeline(store, clock, make_matcher=Trips),
        Entry(id="1", title="Bad"),
        Entry(id="2", title="Strike"),
    )
    assert (taken.articles, taken.alerts) == (2, 1)
    assert [notice.partition(":")[0] for notice in taken.notices] == [
        "an article could not be searched"
    ]


def test_what_cannot_be_rendered_is_held_and_its_alert_kept(store: Storage, clock: Clock) -> None:
    second = a_channel("second")

    def render(_: Raised, channel: Channel, *__: str) -> bytes:
        if channel.id == a_channel().id:
            raise KeyError("a bug")
        return b"{}"

    given(store, second, replace(RULE, channel_ids=(a_channel().id, second.id)))
    taken = take_in(store, a_pipeline(store, clock, render=render), Entry(id="1", title="Strike"))
    assert taken.alerts == 1
    owed = {delivery.channel_id: delivery for delivery in deliveries(store)}
    assert owed[second.id].state is DeliveryState.PENDING
    held = owed[a_channel().id]
    assert held.state is DeliveryState.HELD
    assert held.state_reason == "it could not be rendered: internal error: KeyError"
    assert store.problems() == []


# --- new versions --------------------------------------------------------------------------------


def test_a_new_version_is_stored_and_searched(store: Storage, clock: Clock) -> None:
    given(store, RULE)
    working = a_pipeline(store, clock)
    first = Entry(id="memo", url="https://papers.example/memo", title="Memo", text="Talks go on.")
    take_in(store, working, first)
    clock.at += MINUTE
    second = replace(first, text="A strike begins.")
    taken = take_in(store, working, second)
    assert (taken.articles, taken.revised, taken.alerts) == (0, 1, 1)
    with store.reading() as tx:
        (article,) = tx.articles.recent()
    assert (article.text, article.first_seen_at) == ("A strike begins.", NOON)
    (alert,) = alerts(store)
    assert (alert.article_id, alert.story_id) == (article.id, article.story_id)
    third = replace(first, text="A strike ends.")
    assert take_in(store, working, third) == TakenIn(revised=1)
    assert take_in(store, working, third) == TakenIn()


def test_a_new_article_is_no_version_of_one_of_the_same_title_beside_it(
    store: Storage, clock: Clock
) -> None:
    working = a_pipeline(store, clock)
    title = "Situation report of the day"
    first = Entry(id="1", title=title, text="Harbour open.", published_at=NOON)
    take_in(store, working, first)
    second = Entry(id="2", title=title, text="Harbour closed.", published_at=NOON)
    taken = take_in(store, working, first, second)
    assert (taken.articles, taken.revised) == (1, 0)


# --- rules that change ----------------------------------------------------------------------------


def test_a_change_of_a_rule_counts_at_the_next_poll_and_compiles_only_that_rule(
    store: Storage, clock: Clock
) -> None:
    made, added = [], []

    class Counted(RuleMatcher):
        def __init__(self, rules: Iterable[Rule]) -> None:
            super().__init__(rules)
            made.append(1)

        def add(self, rule: Rule) -> None:
            super().add(rule)
            added.append(rule.name)

    tram, bus = a_rule("tram", name="Tram"), a_rule("bus", name="Bus")
    given(store, RULE, tram, bus)
    working = a_pipeline(store, clock, make_matcher=Counted)

    def raised_by(title: str) -> list[str]:
        before = {alert.id for alert in alerts(store)}
        take_in(store, working, Entry(id=title, title=title, text=title))
        new = [alert for alert in alerts(store) if alert.id not in before]
        with store.reading() as tx:
            rules = (tx.rules.get(each.rule_id) for each in new)
            return sorted(rule.name for rule in rules if rule)

    assert raised_by("one strike tram bus") == ["Bus", "Strike", "Tram"]
    ferry = a_rule("ferry", name="Ferry", variants=(Variant(language="", text="boat"),))
    given(store, ferry)
    change(store, lambda tx: tx.rules.update(replace(tram, query="train")))
    change(store, lambda tx: tx.rules.set_state(bus.id, RuleState.PAUSED))
    # A paused rule goes on finding; what it finds is held.
    assert raised_by("two strike tram bus boat") == ["Bus", "Ferry", "Strike"]
    assert raised_by("three train") == ["Tram"]
    change(store, lambda tx: tx.rules.set_state(bus.id, RuleState.ACTIVE))
    assert raised_by("four bus") == ["Bus"]
    assert (len(made), sorted(added)) == (1, ["Bus", "Bus", "Ferry", "Tram"])


class Counting(MemoryStorage):
    """Counts the transactions that may write."""

    transactions = 0

    def transaction(self) -> Any:
        self.transactions += 1
        return super().transaction()


def test_rules_with_no_archive_to_search_are_done_all_at_once(clock: Clock) -> None:
    store = Counting()
    given(store, a_source("Wire"), an_article("Strike", source_id=a_source("Wire").id))
    rules = [a_rule("strike", name=f"Strike {number}") for number in range(50)]
    given(store, *rules)
    before = store.transactions
    assert a_pipeline(store, clock).catch_up() == 0
    assert store.transactions - before == 1
    assert all(rule_of(store, rule).caught_up for rule in rules)


def test_a_headline_that_shows_no_language_is_in_that_of_what_its_source_lists(
    store: Storage, clock: Clock
) -> None:
    working = a_pipeline(store, clock)
    older = [
        Entry(id=str(number), title=f"Regeringen vill att kommunerna bygger {number} broar")
        for number in (2, 3, 4)
    ]
    take_in(store, working, *older)
    take_in(store, working, Entry(id="new", title="Storm i natt"), *older)
    with store.reading() as tx:
        languages = [article.language for article in tx.articles.recent()]
    assert languages == ["sv"] * 4
