"""One story: who told it, in order of appearance, and what was raised and sent about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from monitor.base.names import one_named
from monitor.services.alerts import Raised, raised
from monitor.services.deliveries import Owed, with_channels
from monitor.stories.carried import carried, outlet_names
from monitor.web.base.desk import Desk
from storage.api import Transaction
from storage.model import Article
from storage.story import Membership, Story

MOST_ALERTS = 2_000
"""So many alerts raised since the story began are looked at for those that are about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An article of the story.

    Attributes:
        outlet: Who published it.
        is_first: Whether its outlet has told nothing of it before.
        place: When it appeared, from 0 (the first) to 1 (the last), for the line of time.
    """

    article: Article
    member: Membership
    outlet: str
    is_first: bool
    place: float


def show(desk: Desk, request: Request) -> Response:
    """Show the story."""
    with desk.app.storage.reading() as tx:
        story = one_named("story", request.path_params["id"], tx.stories.find, lambda: ())
        members = tx.stories.members([story.id])
        names = outlet_names(tx, members)
        articles = tx.articles.some(member.article_id for member in members)
        alerts = _alerts(tx, story, members)
        deliveries = _deliveries(tx, alerts)
        before = tx.stories.get(story.follows) if story.follows else None
        first_of_before = tx.articles.get(before.id) if before else None
    told = _told(members, articles, names)
    return desk.page(
        request,
        "story.html",
        values={
            "story": story,
            "told": told,
            "carried": carried(members, names),
            "span": told[-1].member.appeared_at - told[0].member.appeared_at if told else None,
            "alerts": alerts,
            "deliveries": deliveries,
            "follows": first_of_before,
            "now": desk.app.now(),
        },
    )


def _told(
    members: list[Membership], articles: dict[str, Article], names: dict[str, str]
) -> list[Told]:
    there = [member for member in members if member.article_id in articles]
    if not there:
        return []
    began, ended = there[0].appeared_at, there[-1].appeared_at
    known: set[str] = set()
    told = []
    for member in there:
        outlet = names.get(member.outlet, member.outlet)
        told.append(
            Told(
                article=articles[member.article_id],
                member=member,
                outlet=outlet,
                is_first=outlet not in known,
                place=_place(member.appeared_at, began, ended),
            )
        )
        known.add(outlet)
    return told


def _place(at: datetime, began: datetime, ended: datetime) -> float:
    return 0.0 if ended <= began else round((at - began) / (ended - began), 4)


def _alerts(tx: Transaction, story: Story, members: list[Membership]) -> list[Raised]:
    began = min((member.joined_at for member in members), default=story.seen_at)
    recent = tx.alerts.recent(since=began - timedelta(seconds=1), limit=MOST_ALERTS)
    return raised(tx, [alert for alert in recent if alert.story_id == story.id])


def _deliveries(tx: Transaction, alerts: list[Raised]) -> list[Owed]:
    found = []
    for shown in alerts:
        found += tx.outbox.recent(alert_id=shown.alert.id, limit=20)
    return with_channels(tx, found)
