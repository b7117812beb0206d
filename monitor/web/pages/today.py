"""Today: the stories that matched, newest or most told first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from itertools import chain

from starlette.requests import Request
from starlette.responses import Response

from common.records import dataclass
from ingester.kinds import spec_of
from monitor.base.errors import Refusal
from monitor.services.alerts import Raised, raised
from monitor.silences.silencing import muted_until
from monitor.stories.carried import ALONE, Carried, carried, members_of, outlet_names
from monitor.web.base.desk import Desk, number
from monitor.web.base.lately import Choice, first
from monitor.web.base.render import filters, spans_in
from notifiers.content.excerpt import Excerpt, excerpt_of
from notifiers.content.wording import distinct, why
from storage.api.storage import Transaction
from storage.model import Alert

SHOWN = 30
_AT_A_TIME = 150
_MOST_COMPARED = 1_000
"""So many of the newest alerts are looked at for the stories that most tell."""

FILTERS = ("rule", "tag", "language", "source", "channel", "order")
ORDERS = {"": "newest first", "told": "most told first"}


@dataclass(slots=True, kw_only=True)
class Story:
    """A story that matched, with every alert that tells it; the newest alert leads.

    Attributes:
        title: The headline, with the matched words marked.
        excerpt: From the text; None when there is none.
        why: Why it counts: the reasons of the rule that leads, the first of each other rule.
        carried: By whom it is told so far.
        first: Who told it first, and when; None when nobody else tells it.
        span_s: Within how many seconds all have told it.
        verdict: What a reader has said of its leading alert; "" for nothing.
        muted_until: Until when nobody is told of it; None when it is not muted.
    """

    id: str
    lead: Raised
    title: Excerpt
    excerpt: Excerpt | None
    why: tuple[str, ...]
    alerts: list[Raised] = field(default_factory=list)
    carried: Carried = ALONE
    first: tuple[str, datetime] | None = None
    span_s: float = 0.0
    verdict: str = ""
    muted_until: datetime | None = None

    @property
    def rules(self) -> list[str]:
        """The names of the rules that alerted about it."""
        return list(dict.fromkeys(raised.rule_name for raised in self.alerts))


def show(desk: Desk, request: Request) -> Response:
    """Show what has matched lately."""
    chosen, days = asked(request.query_params)
    before = number(request.query_params, "before", default=0, low=0, high=999_999_999)
    with desk.app.storage.reading() as tx:
        choice = choice_of(desk, tx, chosen, days=days, before=before or None)
        if chosen["order"] == "told":
            alerts, more = most_told(desk, tx, choice, shown=SHOWN), None
        else:
            alerts, more = _newest(desk, tx, choice)
        stories = together_with(tx, raised(tx, alerts), now=desk.app.now())
        offered = _offered(desk, tx, days)
        has = {} if stories else _what_there_is(tx)
        is_new = bool(stories) and _is_new(tx)
    return desk.page(
        request,
        "today.html",
        values={
            "stories": stories,
            "more": more,
            "chosen": chosen,
            "orders": ORDERS,
            **offered,
            "here": f"/?{request.url.query}" if request.url.query else "/",
            "days": days,
            "now": desk.app.now(),
            "has": has,
            "is_new": is_new,
        },
    )


def asked(params: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """Return by what alerts are chosen, and of how many days."""
    chosen = filters(params, FILTERS)
    if chosen["order"] not in ORDERS:
        raise Refusal(f"order: expected {', '.join(filter(None, ORDERS))} or nothing")
    return chosen, number(params, "days", default=7, low=1, high=3650)


def choice_of(
    desk: Desk,
    tx: Transaction,
    chosen: Mapping[str, str],
    *,
    days: int,
    before: int | None = None,
) -> Choice:
    """Return which alerts are asked for; a name that nothing has chooses none."""
    rule_ids = None
    if chosen["rule"] or chosen["tag"]:
        rule_ids = frozenset(
            rule.id
            for rule in desk.lately.rules(tx)
            if chosen["rule"] in ("", rule.name)
            and (not chosen["tag"] or chosen["tag"] in rule.tags)
        )
    source_ids, channel_id = None, None
    if chosen["source"]:
        named = (source for source in tx.sources.all() if source.name == chosen["source"])
        source_ids = frozenset(source.id for source in named)
    if chosen["channel"]:
        channel = tx.channels.find(chosen["channel"])
        channel_id = channel.id if channel else ""
    return Choice(
        since=desk.app.now() - timedelta(days=days),
        rule_ids=rule_ids,
        source_ids=source_ids,
        language=chosen["language"] or None,
        channel_id=channel_id,
        before=before,
    )


def together_with(tx: Transaction, alerts: Iterable[Raised], *, now: datetime) -> list[Story]:
    """Return alerts by story, in the order in which they come, with by whom each is told."""
    stories = together(alerts)
    _complete(tx, stories, now=now)
    return stories


def together(alerts: Iterable[Raised]) -> list[Story]:
    """Return alerts by story, in the order in which they come."""
    stories: dict[str, Story] = {}
    for shown in alerts:
        if shown.article is None:
            continue
        id_ = shown.alert.story_id
        story = stories.get(id_) or stories.setdefault(id_, _story(shown))
        if shown.rule_name not in story.rules:  # one reason of each further rule
            story.why = distinct((*story.why, *_why(shown)[:1]))
        story.alerts.append(shown)
    return list(stories.values())


def _newest(desk: Desk, tx: Transaction, choice: Choice) -> tuple[list[Alert], int | None]:
    """Return the alerts of the newest stories, and before which the next page begins."""
    outlines = desk.lately.chosen(tx, choice)
    by_story: dict[str, list[Alert]] = {}
    while len(by_story) <= SHOWN and (ids := first(outlines, _AT_A_TIME)):
        found = tx.alerts.some(ids)
        told = _told_before(tx, found, choice.before)
        for alert in reversed(found):
            if alert.story_id not in told:
                by_story.setdefault(alert.story_id, []).append(alert)
    pages = list(by_story.values())
    more = pages[SHOWN - 1][0].seq if len(pages) > SHOWN else None
    return [alert for alerts in pages[:SHOWN] for alert in alerts], more


def _told_before(tx: Transaction, alerts: Sequence[Alert], before: int | None) -> set[str]:
    """Return which stories an earlier page has shown already, for a later alert."""
    if before is None:
        return set()
    every = tx.alerts.of_stories(alert.story_id for alert in alerts)
    return {alert.story_id for alert in every if alert.seq >= before}


def most_told(
    desk: Desk, tx: Transaction, choice: Choice, *, shown: int, among: int = _MOST_COMPARED
) -> list[Alert]:
    """Return the alerts of the stories that have most articles.

    Args:
        among: So many of the newest alerts are looked at.
    """
    by_story: dict[str, list[Alert]] = {}
    for alert in reversed(tx.alerts.some(first(desk.lately.chosen(tx, choice), among))):
        by_story.setdefault(alert.story_id, []).append(alert)
    articles = {id_: story.articles for id_, story in tx.stories.some(by_story).items()}
    most = sorted(by_story, key=lambda id_: -articles.get(id_, 1))[:shown]
    return [alert for id_ in most for alert in by_story[id_]]


def _why(shown: Raised) -> tuple[str, ...]:
    return why(shown.alert.evidence, written_in=shown.written_in)


def _story(shown: Raised) -> Story:
    article, evidence = shown.article, shown.alert.evidence
    assert article is not None  # `together` leaves others out
    in_title, in_text = spans_in("title", evidence), spans_in("text", evidence)
    excerpt = None
    if article.text:
        excerpt = excerpt_of(article.text, in_text, around=in_text[0][0] if in_text else 0)
    return Story(
        id=shown.alert.story_id,
        lead=shown,
        title=excerpt_of(article.title or "(no title)", in_title, width=300),
        excerpt=excerpt,
        why=_why(shown),
    )


def _complete(tx: Transaction, stories: Sequence[Story], *, now: datetime) -> None:
    """Note by whom stories are told, and what was said of them, all of them in one look."""
    by_story = members_of(tx, (story.id for story in stories))
    names = outlet_names(tx, chain.from_iterable(by_story.values()))
    verdicts = tx.feedback.some(story.lead.alert.id for story in stories)
    muted = muted_until(tx, by_story, now=now)
    for story in stories:
        tellers = by_story[story.id]
        story.carried = carried(tellers, names)
        if len(story.carried.outlets) > 1:
            begun = tellers[0]
            story.first = names.get(begun.outlet, begun.outlet), begun.appeared_at
            story.span_s = (tellers[-1].appeared_at - begun.appeared_at).total_seconds()
        story.verdict = verdicts.get(story.lead.alert.id, "")
        story.muted_until = muted.get(story.id)


def _offered(desk: Desk, tx: Transaction, days: int) -> dict[str, object]:
    """Return what the filters offer: what alerts of these days have, and the newest of all."""
    rules, channels = desk.lately.rules(tx), tx.channels.all()
    since = desk.app.now() - timedelta(days=days)
    recent = list(desk.lately.chosen(tx, Choice(since=since)))
    ids = {outline.alert.source_id for outline in recent}
    newest = tx.figures.alerts(limit=1)
    return {
        "rules": rules,
        "tags": sorted({tag for rule in rules for tag in rule.tags}),
        "languages": sorted({outline.alert.language for outline in recent} - {""}),
        "sources": sorted(source.name for source in tx.sources.some(ids).values()),
        "channels": [channel.name for channel in channels],
        "newest": newest[0].seq if newest else 0,
    }


_FEW_ALERTS = 20


def _is_new(tx: Transaction) -> bool:
    """Whether there is nothing yet but the example that a new home begins with."""
    newest = tx.figures.alerts(limit=1)
    if not newest or newest[0].seq > _FEW_ALERTS:
        return False
    return not any(spec_of(source.kind).is_remote for source in tx.sources.all())


def _what_there_is(tx: Transaction) -> dict[str, bool]:
    """Return what a new user has done already, for the empty page to teach the next step."""
    return {
        "rules": bool(tx.rules.watching()),
        "sources": bool(tx.sources.all()),
        "channels": bool(tx.channels.all()),
        "articles": bool(tx.articles.recent(limit=1)),
    }
