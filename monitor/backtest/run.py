"""The backtest of a rule over what is stored: the search index asked first, where it can be."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice, takewhile

from monitor.backtest.documents import READ_WHOLE, Document, stored
from monitor.backtest.report import (
    ENOUGH,
    MOST_ARTICLES,
    MOST_CHECKED,
    MOST_CLOSELY,
    SHOWN,
    WINDOW,
    Backtest,
    Sample,
    Tally,
    backtest_of,
    next_strictness,
    refuse_everything,
    sample_of,
)
from monitor.base import clock
from monitor.base.stored_words import StoredWords
from rules.explain.reasons import reasons
from rules.matcher import make_matcher
from rules.search.candidates import either_of, lookups_of
from storage.api.lookup import Holding
from storage.api.storage import Storage
from storage.model import Rule

LONGEST_S = 10.0
"""No further article is looked at after so many seconds: a rule may have thousands of terms."""

Watched = Callable[[Iterator[Document], int], Iterator[Document]]
"""Passes (documents, how many there are at most) through, to show how far the work is."""


def stored_backtest(
    storage: Storage,
    rule: Rule,
    *,
    now: datetime,
    before: Rule | None = None,
    watched: Watched = lambda documents, _: documents,
    seconds: Callable[[], float] = clock.monotonic,
    longest_s: float = LONGEST_S,
) -> Backtest:
    """Return the backtest of a rule over what is stored, with hints if it is silent.

    The search index says which articles may match, where it can; else all are looked at.

    Args:
        before: The rule as it is, when it is to be edited.
        seconds: The clock that `longest_s` is measured by.
        longest_s: No further article is looked at after so many seconds.
    """
    since = now - WINDOW
    is_over, is_late = (_patience(seconds, part * longest_s) for part in (1, 0.5))
    for begin in (is_over, is_late):
        begin()

    def count(instant: datetime) -> int:
        with storage.reading() as tx:
            return tx.articles.count(since=instant)

    def newest(most: int) -> Iterator[Document]:
        documents = islice(stored(storage, since=since), most)
        return watched(documents, min(most, count(since)))

    def closely() -> Iterator[Document]:
        return takewhile(lambda _: not is_over(), newest(MOST_CLOSELY))

    lookup = farther = None
    if count(since) > READ_WHOLE:
        lookup, farther = _lookups(storage, rule, before, since, is_late)
    backtest = backtest_of(
        rule,
        newest(MOST_ARTICLES + 1)
        if lookup is None
        else stored(storage, since=since, holding=lookup),
        now=now,
        begins_at=archive_begins_at(storage),
        before=before,
        count=None if lookup is None else count,
        is_over=is_over,
    )
    if lookup is not None:
        backtest = _with_farther(backtest, rule, storage, farther, since=since, is_over=is_over)
    if backtest.verdict != "silent" or not backtest.articles:
        return backtest
    from monitor.backtest.hints import hints_for

    return replace(backtest, hints=hints_for(rule, closely()))


class _TooLongError(Exception):
    """To hear the words of the archive takes too long."""


def _lookups(
    storage: Storage,
    rule: Rule,
    before: Rule | None,
    since: datetime,
    is_late: Callable[[], bool],
) -> tuple[Holding | None, Holding | None]:
    """Return which articles may match a rule, or what it was before; and which at the next level.

    None stands for all of them, and for what is not found out in time.
    """

    def give_up() -> None:
        if is_late():
            raise _TooLongError

    beyond = next_strictness(rule)
    farther = [replace(rule, strictness=beyond)] if beyond else []
    wanted = [rule, *([before] if before else [])]
    try:
        lookups = list(lookups_of([*farther, *wanted], StoredWords(storage, since, give_up)))
    except _TooLongError:
        return None, None
    return either_of(lookups[len(farther) :]), lookups[0] if farther else None


def _newest_since(storage: Storage, since: datetime) -> datetime:
    """Return since when the newest articles are stored of which some are looked at closely."""
    with storage.reading() as tx:
        places = tx.articles.places(since=since, limit=MOST_CLOSELY)
    return places[-1][0] if places else since


def _with_farther(
    backtest: Backtest,
    rule: Rule,
    storage: Storage,
    holding: Holding | None,
    *,
    since: datetime,
    is_over: Callable[[], bool],
) -> Backtest:
    """Return the backtest with what would match at the next strictness, if anything would."""
    beyond = next_strictness(rule)
    if not beyond:
        return backtest
    farther = replace(rule, id="beyond", strictness=beyond)
    matcher = make_matcher([replace(rule, id="now"), farther])
    newest = stored(storage, since=_newest_since(storage, since), holding=holding)
    samples: list[Sample] = []
    for document in takewhile(lambda _: not is_over(), newest):
        article, source = document.article, document.source
        matches = {match.rule_id: match for match in matcher.matches(article, source)}
        if "beyond" in matches and "now" not in matches:
            match = matches["beyond"]
            why = reasons(match.evidence, rule.variants, written_in=rule.written_in)
            samples.append(sample_of(article, source, match.score, why))
        if len(samples) == SHOWN:
            break
    if not samples:
        return backtest
    return replace(backtest, borderline=tuple(samples), beyond=beyond)


def _patience(seconds: Callable[[], float], longest_s: float = LONGEST_S) -> Callable[[], bool]:
    """Return what tells whether so many seconds have passed since it was first asked."""
    began: list[float] = []

    def is_over() -> bool:
        began.extend(() if began else (seconds(),))
        return seconds() - began[0] >= longest_s

    return is_over


def check_on_newest(
    storage: Storage, rule: Rule, *, now: datetime, seconds: Callable[[], float] = clock.monotonic
) -> None:
    """Refuse a rule that matches most of the newest articles, as far as `LONGEST_S` suffice.

    Raises:
        Refusal: It does.
    """
    with storage.reading() as tx:
        if tx.articles.count(since=now - WINDOW) < ENOUGH:
            return
    is_over = _patience(seconds)
    tally = Tally(rule, since=now - WINDOW, now=now, farther=False)
    for document in islice(stored(storage, since=tally.since), MOST_CHECKED):
        tally.add(document)
        if is_over():
            break
    refuse_everything(tally.backtest(begins_at=None, articles=tally.looked_at, is_whole=False))


def archive_begins_at(storage: Storage) -> datetime | None:
    """Return when the oldest source was added; None when nothing is stored."""
    with storage.reading() as tx:
        if not tx.articles.recent(limit=1):
            return None
        return min((source.added_at for source in tx.sources.all()), default=None)
