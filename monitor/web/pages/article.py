"""One article: its text and versions, where they are from, and why rules matched it or did not."""

from collections.abc import Sequence
from itertools import pairwise

from starlette.requests import Request
from starlette.responses import Response

from monitor.compare.versions import Piece, changes
from monitor.explain.explain import Explanation, explain
from monitor.explain.stages import origin_of
from monitor.services.alerts import article_named, raised
from monitor.services.rules.rules import rule_named
from monitor.web.base.desk import Desk
from monitor.web.base.render import marked_text, spans_in
from storage.api.articles import Version
from storage.api.storage import Transaction
from storage.model import Article, Source

_MOST_COMPARED = 5
"""So many of the newest versions are shown with what was changed."""


def show(desk: Desk, request: Request) -> Response:
    """Show the article, with the words marked that alerts, or the rule asked about, found."""
    asked = request.query_params.get("rule", "").strip()[:200]
    with desk.app.storage.reading() as tx:
        article = article_named(tx, request.path_params["id"])
        source = tx.sources.get(article.source_id)
        listed_by = tx.articles.sources_of([article.id]).get(article.id, [])
        others = tx.sources.some(listed_by)
        versions = tx.articles.versions(article.id)
        told = raised(tx, tx.alerts.of_stories([article.story_id]))
        has_story = tx.stories.get(article.story_id) is not None
        why = _why(desk, tx, article, source, asked) if asked and source else None
    own = [shown for shown in told if shown.alert.article_id == article.id]
    found = [proof for shown in own for proof in shown.alert.evidence]
    if why is not None:
        found = list(why.match.evidence) if why.match else []
    return desk.page(
        request,
        "article.html",
        values={
            "article": article,
            "source": source,
            "origin": origin_of(article, source) if source else "",
            "listed_by": [others[id_] for id_ in listed_by if id_ in others],
            "versions": _compared(article, versions),
            "has_story": has_story,
            "alerts": own,
            "story_alerts": [shown for shown in told if shown not in own],
            "asked": asked,
            "why": why,
            "title": marked_text(article.title, spans_in("title", found)),
            "paragraphs": marked_text(article.text, spans_in("text", found)),
            "now": desk.app.now(),
        },
    )


def _why(desk: Desk, tx: Transaction, article: Article, source: Source, asked: str) -> Explanation:
    now = desk.app.now().astimezone(desk.app.config.zone)
    return explain(rule_named(tx, asked), article, source, now=now, tx=tx)


def _compared(article: Article, versions: Sequence[Version]) -> list[tuple[Version, list[Piece]]]:
    """Return what it said before, newest first, each with how it became what came after."""
    texts = [f"{article.title}\n{article.text}", *(f"{v.title}\n{v.text}" for v in versions)]
    became = [changes(old, new) for new, old in pairwise(texts[: _MOST_COMPARED + 1])]
    became += [[] for _ in versions[_MOST_COMPARED:]]
    return list(zip(versions, became, strict=True))


def show_rules(desk: Desk, request: Request) -> Response:
    """Show which rules find the article as it is and as they are now."""
    with desk.app.storage.reading() as tx:
        article = article_named(tx, request.path_params["id"])
        source = tx.sources.get(article.source_id)
    ruleset = desk.app.rulesets.current()
    matches = ruleset.matcher.matches(article, source) if source else []
    found = [
        (ruleset.rules[match.rule_id].name, match.score)
        for match in matches
        if match.rule_id in ruleset.rules
    ]
    values = {"article": article, "found": found, "count": len(ruleset.rules)}
    if request.headers.get("hx-request"):
        return desk.fragment("_article_rules.html", values)
    return desk.page(request, "article_rules.html", values=values)
