"""Stories: all of them; one, who told it, what was raised and sent; split and merged by hand."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from starlette.requests import Request
from starlette.responses import Response

from common.records import dataclass
from monitor.base.errors import Refusal
from monitor.compare.passages import Passages, passages
from monitor.services.alerts import Raised, raised
from monitor.services.deliveries import Owed, with_subjects
from monitor.stories.carried import Carried, carried, members_of, outlet_names
from monitor.stories.told import merge, rules_that_told, split, story_named
from monitor.web.base.desk import Desk
from monitor.web.base.listing import page_of
from monitor.web.base.render import filters
from storage.api.storage import Transaction
from storage.model import Article
from storage.story import Membership, Story

SHOWN = 50
"""So many stories are on a page."""

TOLD_AT_A_TIME = 100
"""So many articles of a story are on a page, in the order in which they appeared."""

_MOST_SENT = 20
"""So many deliveries of each alert are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A story as a line of a list.

    Attributes:
        first: The article that told it first.
        rules: Those that alerted about it.
    """

    story: Story
    first: Article
    carried: Carried
    rules: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An article of the story.

    Attributes:
        outlet: Who published it.
        is_first: Whether its outlet has told nothing of it before.
        place: When it appeared, from 0 (the first) to 1 (the last), for the line of time.
        passages: Where it differs from an earlier one that says nearly the same.
    """

    article: Article
    member: Membership
    outlet: str
    is_first: bool
    place: float
    passages: Passages | None = None


def show_all(desk: Desk, request: Request) -> Response:
    """Show stories, those first that were told last: of a day, of a rule's alerts."""
    chosen = filters(request.query_params, ("rule", "day"))
    with desk.app.storage.reading() as tx:
        found = chosen_of(desk, tx, request.query_params, limit=SHOWN + 1)
        listed, rules = _listed(tx, found[:SHOWN]), desk.lately.rules(tx)
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    values = {
        "stories": listed,
        "more": f"{last.seen_at.isoformat()}{_BETWEEN}{last.id}" if last else "",
        "chosen": chosen,
        "rules": rules,
        "now": desk.app.now(),
    }
    return desk.page(request, "stories.html", values=values)


def chosen_of(desk: Desk, tx: Transaction, params: Mapping[str, str], *, limit: int) -> list[Story]:
    """Return the stories that an address asks for."""
    chosen = filters(params, ("rule", "day", "before"))
    since, before, rule_id = None, None, None
    if chosen["day"]:
        since, end = _bounds(chosen["day"], desk.app.config.zone)
        before = (end, "")
    if chosen["before"]:
        before = _behind(chosen["before"])
    if chosen["rule"]:
        ids = {rule.name: rule.id for rule in desk.lately.rules(tx)}
        rule_id = ids.get(chosen["rule"], "")
    return tx.stories.recent(since=since, before=before, rule_id=rule_id, limit=limit)


_BETWEEN = "~"


def _bounds(day: str, zone: tzinfo | None) -> tuple[datetime, datetime]:
    """Return when a day begins and when it ends where its reader is."""
    try:
        begins = date.fromisoformat(day)
        ends = begins + timedelta(days=1)
        bounds = [datetime.combine(each, time(), zone).astimezone(UTC) for each in (begins, ends)]
    except (ValueError, OverflowError):
        raise Refusal("day: expected a date such as 2026-03-06") from None
    return bounds[0], bounds[1]


def _behind(text: str) -> tuple[datetime, str]:
    """Return behind which story a page begins."""
    at, _, id_ = text.partition(_BETWEEN)
    with suppress(ValueError, OverflowError):
        if id_.isascii() and id_.isprintable():
            return datetime.fromisoformat(at).astimezone(UTC), id_
    raise Refusal("before: expected what a page of this list links to")


def _listed(tx: Transaction, stories: Sequence[Story]) -> list[Listed]:
    ids = [story.id for story in stories]
    members = members_of(tx, ids)
    every = [member for of_story in members.values() for member in of_story]
    names = outlet_names(tx, every)
    firsts = tx.articles.some(of_story[0].article_id for of_story in members.values() if of_story)
    rules = rules_that_told(tx, ids)
    return [
        Listed(
            story=story,
            first=firsts[members[story.id][0].article_id],
            carried=carried(members[story.id], names),
            rules=sorted(rules.get(story.id, ())),
        )
        for story in stories
        if members[story.id]
    ]


def show(desk: Desk, request: Request) -> Response:
    """Show the story."""
    with desk.app.storage.reading() as tx:
        story = story_named(tx, request.path_params["id"])
        members = tx.stories.members([story.id])
        names = outlet_names(tx, members)
        listing = page_of(members, request.query_params, size=TOLD_AT_A_TIME)
        shown = [*members[:1], *listing.rows]
        articles = tx.articles.some(member.article_id for member in shown)
        alerts = raised(tx, tx.alerts.of_stories([story.id]))
        deliveries = _deliveries(tx, alerts)
        before = tx.stories.get(story.follows) if story.follows else None
        first_of_before = tx.articles.get(before.id) if before else None
    told = _told(listing.rows, articles, names, known=members[: listing.first - 1])
    return desk.page(
        request,
        "story.html",
        values={
            "story": story,
            "told": told,
            "titles": {each.article.id: each.outlet for each in told},
            "listing": listing,
            "first": articles.get(members[0].article_id) if members else None,
            "began_at": members[0].appeared_at if members else None,
            "carried": carried(members, names),
            "span": members[-1].appeared_at - members[0].appeared_at if members else None,
            "alerts": alerts,
            "deliveries": deliveries,
            "follows": first_of_before,
            "now": desk.app.now(),
        },
    )


def _told(
    members: Sequence[Membership],
    articles: Mapping[str, Article],
    names: Mapping[str, str],
    *,
    known: Sequence[Membership],
) -> list[Told]:
    """Return the articles of a page; `known` are those of the pages before it."""
    there = [member for member in members if member.article_id in articles]
    if not there:
        return []
    began, ended = there[0].appeared_at, there[-1].appeared_at
    differing = passages([articles[member.article_id] for member in there])
    outlets = {names.get(member.outlet, member.outlet) for member in known}
    told = []
    for member in there:
        outlet = names.get(member.outlet, member.outlet)
        told.append(
            Told(
                article=articles[member.article_id],
                member=member,
                outlet=outlet,
                is_first=outlet not in outlets,
                place=_place(member.appeared_at, began, ended),
                passages=differing.get(member.article_id),
            )
        )
        outlets.add(outlet)
    return told


def _place(at: datetime, began: datetime, ended: datetime) -> float:
    return 0.0 if ended <= began else round((at - began) / (ended - began), 4)


def _deliveries(tx: Transaction, alerts: list[Raised]) -> list[Owed]:
    found = []
    for shown in alerts:
        found += tx.outbox.recent(alert_id=shown.alert.id, limit=_MOST_SENT)
    return with_subjects(tx, found)


def split_off(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Make a story of its own of the articles that were chosen."""
    app, words = desk.app, [word for word in fields.get("articles", "").split("\n") if word]
    if not words:
        raise Refusal("choose the articles that do not belong here")
    with app.storage.changing() as tx:
        story = story_named(tx, request.path_params["id"])
        made = split(tx, app.stories, story, words, now=app.now())
        app.pipeline.tell_moved(tx, made, story)
    what = "An article is" if len(words) == 1 else f"{len(words)} articles are"
    return desk.done(request, f"/stories/{made.id}", f"{what} a story apart now.")


def merge_with(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Make one story of this and another."""
    app, word = desk.app, fields.get("other", "").strip()
    with app.storage.changing() as tx:
        one = story_named(tx, request.path_params["id"])
        other = story_named(tx, word.rstrip("/").rpartition("/stories/")[2] or word)
        made = merge(tx, app.stories, one, other, now=app.now())
        app.pipeline.tell_moved(tx, made)
    return desk.done(request, f"/stories/{made.id}", "They are one story now.")
