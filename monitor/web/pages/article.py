"""One article: its text, its versions, where it is from, and which rules matched it."""

from starlette.requests import Request
from starlette.responses import Response

from monitor.services.alerts import article_named, raised
from monitor.web.base.desk import Desk
from monitor.web.base.render import marked_text
from rules.matcher import make_matcher
from storage.model import RuleState

_MOST_RULES = 200
"""So many rules are tried on the article while somebody waits."""


def show(desk: Desk, request: Request) -> Response:
    """Show the article, with what the rules find in it now marked."""
    with desk.app.storage.reading() as tx:
        article = article_named(tx, request.path_params["id"])
        source = tx.sources.get(article.source_id)
        listed_by = [
            tx.sources.get(id_) for id_ in tx.articles.sources_of([article.id]).get(article.id, [])
        ]
        versions = tx.articles.versions(article.id)
        rules = [rule for rule in tx.rules.all() if rule.state is RuleState.ACTIVE]
        since = article.first_seen_at
        alerts = [
            shown
            for shown in raised(tx, tx.alerts.recent(since=since, limit=1_000))
            if shown.alert.article_id == article.id
        ]
    matches = []
    if source is not None:
        matches = make_matcher(rules[:_MOST_RULES]).matches(article, source)
    names = {rule.id: rule.name for rule in rules}
    found = [proof for match in matches for proof in match.evidence]
    places = {
        name: [(proof.start, proof.end) for proof in found if proof.field == name]
        for name in ("title", "text")
    }
    return desk.page(
        request,
        "article.html",
        values={
            "article": article,
            "source": source,
            "listed_by": [other for other in listed_by if other is not None],
            "versions": versions,
            "alerts": alerts,
            "matched": [(names[match.rule_id], match.score) for match in matches],
            "title": marked_text(article.title, places["title"]),
            "paragraphs": marked_text(article.text, places["text"]),
            "now": desk.app.now(),
        },
    )
