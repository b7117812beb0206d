"""The backtest of a rule: what it would have done with the articles of the last 30 days."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from heapq import heappush, heappushpop
from itertools import pairwise
from typing import Literal

from common.records import dataclass
from monitor.backtest.documents import Document
from monitor.base.counts import most_first
from monitor.base.errors import Refusal, Remedy, RemedyKind
from rules.explain.reasons import reasons
from rules.languages.match_types import FARTHEST
from rules.matcher import Matcher, make_matcher
from storage.model import Article, Match, Rule, Source

WINDOW = timedelta(days=30)

Verdict = Literal["silent", "fine", "noisy"]

SHOWN = 5
SHOWN_GROUPS = 8
"""So many samples, sources and languages are named."""

MOST_ARTICLES = 20_000
"""So many articles are looked at, the newest first."""

NOISY_A_DAY = 10.0
NOISY_ON_A_DAY = 50
NOISY_SHARE = 0.05
NOISY_SHARE_FROM = 2.0
"""A rule is noisy that raises more alerts a day, on average or on its busiest day, or that matches
more of all articles, once there are `ENOUGH` of them from `YOUNG` or longer, and it raises more
than so many alerts a day: in a small or young archive a rule of two alerts a week is a large share.
"""

YOUNG = timedelta(days=7)
"""Of an archive that is younger nothing is said but what was counted."""

EVERYTHING_SHARE = 0.5
ENOUGH = 50
"""A rule that matches more than this share of at least so many articles matches everything."""

MOST_CLOSELY = 5_000
"""So many of the newest are looked at for what would nearly match."""

MOST_CHECKED = 500
"""So many of the newest articles are looked at when a rule is saved."""

_SURE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An article that matches, or nearly.

    Attributes:
        seen_at: When we first saw it.
        score: 0.0 for one that does not match at all.
        reason: One line: the words, how they were found, for what.
    """

    id: str
    title: str
    source: str
    language: str
    seen_at: datetime
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What a rule would have done.

    Attributes:
        articles: How many were looked at; of how many there are only when `is_whole`.
        begins_at: When the archive begins; later than `since` when it is younger; None when
            nothing is stored.
        alerts: How many a day of the window, each day once, oldest first; one a story.
        by_source, by_language: Hits, most first.
        by_variant: Hits that show a variant's text, most first.
        borderline: What would match at the next strictness, else the hits of the lowest scores.
        beyond: The next strictness, when `borderline` is what it would find; else "".
        gained, lost: Hits that the rule did not have before it was edited, and the other way
            round; None for a new rule.
        verdict: "silent", "fine" or "noisy".
        reasons: Why, one sentence each; empty for "fine".
        hints: What may help a silent rule.
    """

    since: datetime
    until: datetime
    articles: int
    is_whole: bool
    begins_at: datetime | None
    hits: int
    stories: int
    alerts: tuple[tuple[date, int], ...]
    by_source: tuple[tuple[str, int], ...]
    by_language: tuple[tuple[str, int], ...]
    by_variant: tuple[tuple[str, int], ...]
    newest: tuple[Sample, ...]
    borderline: tuple[Sample, ...]
    beyond: str
    gained: int | None
    lost: int | None
    verdict: Verdict
    reasons: tuple[str, ...]
    hints: tuple[str, ...] = ()

    @property
    def days(self) -> float:
        """How many days the archive covers, at least one."""
        begins_at = max(self.since, self.begins_at or self.since)
        return max(1.0, (self.until - begins_at) / timedelta(days=1))

    @property
    def alerts_a_day(self) -> float:
        """The mean over the days that the archive covers."""
        return sum(count for _, count in self.alerts) / self.days

    @property
    def busiest(self) -> tuple[date, int]:
        """The latest of the days with the most alerts, and how many."""
        return max(self.alerts, key=lambda day: (day[1], day[0]))

    @property
    def share(self) -> float:
        """How much of the articles it matches, in [0, 1]."""
        return self.hits / self.articles if self.articles else 0.0

    @property
    def matches_everything(self) -> bool:
        """Whether it matches more than half of enough articles."""
        return self.articles >= ENOUGH and self.share > EVERYTHING_SHARE


def backtest_of(
    rule: Rule,
    documents: Iterable[Document],
    *,
    now: datetime,
    begins_at: datetime | None,
    before: Rule | None = None,
    count: Callable[[datetime], int] | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> Backtest:
    """Return the backtest of a rule over documents, which come newest first.

    Args:
        begins_at: When the archive begins, None if nothing is stored.
        before: The rule as it is, when it is to be edited.
        count: Returns how many articles there are since an instant, when the documents are
            only those of them that may match; None when they are all. What would match at
            the next strictness is looked for among all only.
        is_over: Whether no more of them are to be looked at, for lack of time.
    """
    tally = Tally(rule, before=before, since=now - WINDOW, now=now, farther=count is None)
    is_whole = True
    for document in documents:
        if tally.looked_at >= MOST_ARTICLES or is_over():
            is_whole = False
            break
        tally.add(document)
    articles = tally.looked_at
    if count is not None:
        articles = count(tally.since if is_whole else tally.oldest)
    return tally.backtest(begins_at=begins_at, articles=articles, is_whole=is_whole)


def refuse_everything(backtest: Backtest) -> None:
    """Refuse a rule that matches most of what there is.

    Raises:
        Refusal: It does.
    """
    if backtest.matches_everything:
        raise Refusal(
            f"the rule matches {backtest.share:.0%} of the {backtest.articles:,} newest articles: "
            "that is everything; name a word that must be there",
            remedy=Remedy(RemedyKind.FORCE_RULE),
        )


class Tally:
    """Counts what a rule would have done.

    Args:
        before: The rule as it is, when it is to be edited.
        since: Alerts are counted from then on.
        farther: Whether to look for what would match at the next strictness, too.

    Attributes:
        looked_at: How many articles.
        oldest: When the last one of them was first seen.
    """

    def __init__(
        self,
        rule: Rule,
        *,
        before: Rule | None = None,
        since: datetime,
        now: datetime,
        farther: bool = True,
    ) -> None:
        self.since = self.oldest = since
        self._rule = rule
        self._now = now
        self._before = before
        self._beyond = next_strictness(rule) if farther else ""
        rules = [replace(rule, id="now")]
        if self._beyond:
            rules.append(replace(rule, id="beyond", strictness=self._beyond))
        if before is not None:
            rules.append(replace(before, id="before"))
        self._matcher: Matcher = make_matcher(rules)
        self.looked_at = 0
        self._hits = self._gained = self._lost = 0
        self._stories: set[str] = set()
        self._raised: dict[str, date] = {}
        self._sources: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._variants: Counter[str] = Counter()
        self._newest: list[Sample] = []
        self._farther: list[Sample] = []
        self._weakest: list[tuple[float, int, Sample]] = []

    def add(self, document: Document) -> Match | None:
        """Look at one more article; return what the rule says of it."""
        self.looked_at += 1
        self.oldest = document.article.first_seen_at
        article, source = document.article, document.source
        matches = {match.rule_id: match for match in self._matcher.matches(article, source)}
        match = matches.get("now")
        self._gained += match is not None and "before" not in matches
        self._lost += match is None and "before" in matches
        if match is not None:
            self._count(article, source, match)
        elif "beyond" in matches and len(self._farther) < SHOWN:
            self._farther.append(self._sample(article, source, matches["beyond"]))
        return match

    def _count(self, article: Article, source: Source, match: Match) -> None:
        self._hits += 1
        self._sources[source.name] += 1
        self._languages[article.language] += 1
        self._variants.update({text for proof in match.evidence for text in proof.variants})
        self._stories.add(article.story_id)
        at = _raised_at(article)
        if at is not None and at >= self.since:
            day = self._raised.get(article.story_id, at.date())
            self._raised[article.story_id] = min(day, at.date())
        is_weak = match.score < _SURE
        if len(self._newest) >= SHOWN and not is_weak:
            return
        sample = self._sample(article, source, match)
        if len(self._newest) < SHOWN:
            self._newest.append(sample)
        if is_weak:
            weak = (-match.score, self._hits, sample)
            push = heappush if len(self._weakest) < SHOWN else heappushpop
            push(self._weakest, weak)

    def _sample(self, article: Article, source: Source, match: Match) -> Sample:
        rule = self._rule
        why = reasons(match.evidence, rule.variants, written_in=rule.written_in)
        return sample_of(article, source, match.score, why)

    def backtest(self, *, begins_at: datetime | None, articles: int, is_whole: bool) -> Backtest:
        """Return what was counted."""
        first = min(self._raised.values(), default=None)
        counts = Counter(self._raised.values())
        days = _days(self.since.date(), self._now.date())
        farther, weakest = self._farther, [sample for _, _, sample in sorted(self._weakest)[::-1]]
        backtest = Backtest(
            since=self.since,
            until=self._now,
            articles=articles,
            is_whole=is_whole,
            begins_at=_earlier(begins_at, first),
            hits=self._hits,
            stories=len(self._stories),
            alerts=tuple((day, counts[day]) for day in days),
            by_source=most_first(self._sources),
            by_language=most_first(self._languages),
            by_variant=most_first(self._variants),
            newest=tuple(self._newest),
            borderline=tuple(farther or weakest),
            beyond=self._beyond if farther else "",
            gained=None if self._before is None else self._gained,
            lost=None if self._before is None else self._lost,
            verdict="fine",
            reasons=(),
        )
        return _judged(backtest)


def _raised_at(article: Article) -> datetime | None:
    """Return when it would have raised an alert; None where nothing tells.

    What came with a source's first poll raised none: its own date, if it has one, says how
    often there is something. All on the day of that poll would make any rule noisy.
    """
    at = article.first_seen_at
    if not article.baseline:
        return at
    return min(at, article.published_at) if article.published_at is not None else None


def next_strictness(rule: Rule) -> str:
    """Return the strictness that finds more than the rule's, "" if there is none."""
    return dict(pairwise(FARTHEST)).get(rule.strictness, "")


def sample_of(article: Article, source: Source, score: float, why: Sequence[str]) -> Sample:
    """Return an article as the backtest shows it."""
    return Sample(
        id=article.id,
        title=article.title,
        source=source.name,
        language=article.language,
        seen_at=article.first_seen_at,
        score=score,
        reason=why[0] if why else "",
    )


def _judged(backtest: Backtest) -> Backtest:
    if not backtest.hits:
        what = f"none of {backtest.articles:,} articles matches"
        return replace(
            backtest, verdict="silent", reasons=(what if backtest.articles else _NOTHING,)
        )
    busiest, most = backtest.busiest
    why = []
    if backtest.alerts_a_day > NOISY_A_DAY:
        why.append(f"more than {NOISY_A_DAY:g} alerts a day ({backtest.alerts_a_day:.1f})")
    if most > NOISY_ON_A_DAY:
        why.append(f"more than {NOISY_ON_A_DAY} alerts on one day ({most} on {busiest})")
    is_share_known = backtest.articles >= ENOUGH and backtest.days >= YOUNG / timedelta(days=1)
    is_large = backtest.share > NOISY_SHARE and backtest.alerts_a_day > NOISY_SHARE_FROM
    if is_share_known and is_large:
        why.append(f"more than {NOISY_SHARE:.0%} of all articles ({backtest.share:.0%})")
    return replace(backtest, verdict="noisy", reasons=tuple(why)) if why else backtest


_NOTHING = "nothing is stored from these days, so this says nothing about the rule"


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _earlier(begins_at: datetime | None, day: date | None) -> datetime | None:
    """Return when the archive begins: articles of a first poll may be older than their source."""
    if begins_at is None or day is None or day >= begins_at.date():
        return begins_at
    return datetime.combine(day, datetime.min.time(), tzinfo=begins_at.tzinfo)
