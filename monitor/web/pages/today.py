"""Today: the stories that matched, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from monitor.services.alerts import Raised, raised
from monitor.stories.carried import ALONE, Carried, carried, outlet_names
from monitor.web.base.desk import Desk, number
from monitor.web.base.render import filters, spans_in
from notifiers.content.excerpt import Excerpt, excerpt_of
from notifiers.content.wording import why
from storage.api import Transaction
from storage.model import Rule
from storage.story import Membership

SHOWN = 50
_MOST_READ = 1_000
"""So many of the newest alerts are looked at for a page."""

FILTERS = ("rule", "tag", "language", "source", "days")


@dataclass(slots=True, kw_only=True)
class Story:
    """A story that matched, with every alert that tells it; the newest alert leads.

    Attributes:
        title: The headline, with the matched words marked.
        excerpt: From the text; None when there is none.
        why: Why it counts, a line each.
        carried: By whom it is told so far.
    """

    id: str
    lead: Raised
    title: Excerpt
    excerpt: Excerpt | None
    why: tuple[str, ...]
    alerts: list[Raised] = field(default_factory=list)
    carried: Carried = ALONE

    @property
    def rules(self) -> list[str]:
        """The names of the rules that alerted about it."""
        return list(dict.fromkeys(raised.rule_name for raised in self.alerts))


def show(desk: Desk, request: Request) -> Response:
    """Show what has matched lately."""
    chosen = filters(request.query_params, FILTERS)
    days = number(request.query_params, "days", default=7, low=1, high=3650)
    before = number(request.query_params, "before", default=0, low=0, high=999_999_999)
    now = desk.app.now()
    with desk.app.storage.reading() as tx:
        rules = tx.rules.all()
        alerts = raised(tx, tx.alerts.recent(since=now - timedelta(days=days), limit=_MOST_READ))
        newest = max((shown.alert.seq for shown in alerts), default=0)
        has = _what_there_is(tx, rules)
    wanted = [shown for shown in alerts if fits(shown, chosen)]
    if before:
        wanted = [shown for shown in wanted if shown.alert.seq < before]
    stories = together(wanted)
    _tell_carried(desk, stories[:SHOWN])
    return desk.page(
        request,
        "today.html",
        values={
            "stories": stories[:SHOWN],
            "more": min(s.lead.alert.seq for s in stories[:SHOWN])
            if len(stories) > SHOWN
            else None,
            "chosen": chosen,
            "rules": rules,
            "tags": sorted({tag for rule in rules for tag in rule.tags}),
            "languages": sorted({s.article.language for s in alerts if s.article} - {""}),
            "sources": sorted({shown.source_name for shown in alerts if shown.source_name}),
            "newest": newest,
            "here": f"/?{request.url.query}" if request.url.query else "/",
            "days": days,
            "now": now,
            "has": has,
        },
    )


def fits(shown: Raised, chosen: dict[str, str]) -> bool:
    """Whether an alert is one of those that were asked for."""
    rule, article = shown.rule, shown.article
    return (
        chosen["rule"] in ("", shown.rule_name)
        and (not chosen["tag"] or (rule is not None and chosen["tag"] in rule.tags))
        and chosen["source"] in ("", shown.source_name)
        and (not chosen["language"] or (article and article.language == chosen["language"]) is True)
    )


def together(alerts: Iterable[Raised]) -> list[Story]:
    """Return alerts by story, in the order in which they come."""
    stories: dict[str, Story] = {}
    for shown in alerts:
        if shown.article is None:
            continue
        id_ = shown.alert.story_id
        if id_ not in stories:
            stories[id_] = _story(shown)
        stories[id_].alerts.append(shown)
    return list(stories.values())


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
        why=why(evidence),
    )


def _tell_carried(desk: Desk, stories: Sequence[Story]) -> None:
    """Note by whom stories are told, all of them in one look."""
    with desk.app.storage.reading() as tx:
        members = tx.stories.members([story.id for story in stories])
        names = outlet_names(tx, members)
    by_story: dict[str, list[Membership]] = {}
    for member in members:
        by_story.setdefault(member.story_id, []).append(member)
    for story in stories:
        story.carried = carried(by_story.get(story.id, []), names)


def _what_there_is(tx: Transaction, rules: Sequence[Rule]) -> dict[str, bool]:
    """Return what a new user has done already, for the empty page to teach the next step."""
    return {
        "rules": bool(rules),
        "sources": bool(tx.sources.all()),
        "channels": bool(tx.channels.all()),
        "articles": bool(tx.articles.recent(limit=1)),
    }
