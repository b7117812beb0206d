"""Calls that look without changing anything: a search, and a rule that is tried."""

from starlette.requests import Request

from monitor.base.errors import Refusal
from monitor.base.times import show_instant
from monitor.explain.explain import explain
from monitor.preview.trying import rule_tried, tried
from monitor.services.alerts import article_named
from monitor.services.fields.rule_fields import BY_NAME
from monitor.services.rules.queries import checked_query
from monitor.services.rules.rules import rule_named
from monitor.services.search import Search, SearchRequest
from monitor.services.sources.sources import source_named
from monitor.views.hit import hit_shape
from monitor.views.rules.backtest import backtest_shape
from monitor.views.rules.explanation import explanation_shape
from monitor.web.api.nouns import Body, language_in, limit_of, since_of, until_of
from monitor.web.base.desk import Desk
from monitor.web.base.render import asked
from storage.model import Rule

STRICTNESSES = BY_NAME["strictness"].choices


def _needed(request: Request, name: str) -> str:
    word = (asked(request.query_params, name) or "").strip()
    if not word:
        raise Refusal(f"{name}: it is needed")
    return word


def _strictness(request: Request) -> str | None:
    word = request.query_params.get("match")
    if word is not None and word not in STRICTNESSES:
        raise Refusal(f"match: expected one of {', '.join(STRICTNESSES)}")
    return word


def search(desk: Desk, request: Request) -> Body:
    """Search what is stored with the language of rules, newest first."""
    params, query, limit = request.query_params, _needed(request, "query"), limit_of(request)
    app, strictness = desk.app, _strictness(request) or "forms"
    checked_query(query, anything=True)
    if strictness in ("all", "broad"):
        rule = rule_tried(app.lexicons, query, now=app.now(), strictness=strictness)
    else:
        now = app.now()
        rule = Rule(id="search", name=query, query=query, created_at=now, strictness=strictness)
    source_ids: tuple[str, ...] = ()
    if params.get("source"):
        with app.storage.reading() as tx:
            source_ids = (source_named(tx, params["source"]).id,)
    language = language_in(request)
    wanted = SearchRequest(
        rule=rule,
        since=since_of(desk, request),
        until=until_of(desk, request),
        source_ids=source_ids,
        languages=(language,) if language else (),
    )
    looking = Search(app.storage, wanted)
    hits = looking.newest(limit)
    return {
        "hits": [hit_shape(hit) for hit in hits],
        "more": len(hits) == limit,
        "unread_before": show_instant(looking.unread_before),
        "spelled_since": show_instant(looking.spelled_since),
    }


def try_rule(desk: Desk, request: Request) -> Body:
    """Say what a rule would have found in the last 30 days, without adding it."""
    app, strictness = desk.app, _strictness(request)
    rule, backtest = tried(
        app.storage, app.lexicons, _needed(request, "query"), now=app.now(), strictness=strictness
    )
    return dict(backtest_shape(backtest, rule))


def explain_match(desk: Desk, request: Request) -> Body:
    """Say what became of an article with a rule, stage by stage."""
    now = desk.app.now()
    with desk.app.storage.reading() as tx:
        rule = rule_named(tx, _needed(request, "rule"))
        article = article_named(tx, _needed(request, "article"))
        source = tx.sources.get(article.source_id)
        if source is None:  # an article cannot be stored without its source
            raise LookupError(article.source_id)
        explanation = explain(rule, article, source, now=now, tx=tx)
    return dict(explanation_shape(explanation))
