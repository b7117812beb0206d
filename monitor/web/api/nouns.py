"""What can be read: every noun as `--json` prints it, in pages."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from monitor.base.errors import Refusal
from monitor.base.times import parse_since
from monitor.services.alerts import alert_named, article_named, raised
from monitor.services.channels import channel_named
from monitor.services.deliveries import with_channels
from monitor.services.health import status_of
from monitor.services.rules import channel_names, rule_named, rule_with_alerts
from monitor.services.sources import SourceNames, source_named
from monitor.views.alert import raised_shape
from monitor.views.article import article_details_shape, article_shape
from monitor.views.channel import channel_shape
from monitor.views.delivery import delivery_shape
from monitor.views.rule import kept_rule_shape
from monitor.views.service import status_shape
from monitor.views.source import source_details_shape, source_shape
from monitor.web.base.desk import Desk, number
from storage.api import Transaction
from storage.model import DeliveryState, Rule

PREFIX = "/api/v1"
PAGE = 100
LARGEST_PAGE = 1_000

Body = Mapping[str, object]
Call = Callable[[Desk, Request], Body]


def routes(desk: Desk) -> list[BaseRoute]:
    """Return where each noun is read."""
    calls: dict[str, Call] = {
        "/status": _status,
        "/alerts": _alerts,
        "/alerts/{id}": _alert,
        "/articles": _articles,
        "/articles/{id}": _article,
        "/rules": _rules,
        "/rules/{id}": _rule,
        "/sources": _sources,
        "/sources/{id}": _source,
        "/channels": _channels,
        "/deliveries": _deliveries,
    }
    return [
        Route(f"{PREFIX}{path}", _endpoint(desk, call), methods=["GET"])
        for path, call in calls.items()
    ]


def _endpoint(desk: Desk, call: Call) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        body = await run_in_threadpool(call, desk, request)
        tag = f'"{sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:24]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return JSONResponse(body, headers=headers)

    return endpoint


def _limit(request: Request) -> int:
    return number(request.query_params, "limit", default=PAGE, low=1, high=LARGEST_PAGE)


def _status(desk: Desk, request: Request) -> Body:
    app = desk.app
    return dict(status_shape(status_of(app.config, app.storage, now=app.now())))


def _alerts(desk: Desk, request: Request) -> Body:
    """Return alerts in the order of their commits behind `after`, or the newest ones."""
    limit = _limit(request)
    after = request.query_params.get("after")
    after_seq = (
        None
        if after is None
        else number({"after": after}, "after", default=0, low=0, high=10**9 - 1)
    )
    word = request.query_params.get("rule", "")
    with desk.app.storage.reading() as tx:
        rule_id = rule_with_alerts(tx, word).id if word else None
        alerts = tx.alerts.recent(rule_id=rule_id, after_seq=after_seq, limit=limit)
        shapes = [raised_shape(shown) for shown in raised(tx, alerts)]
    last = max((alert.seq for alert in alerts), default=after_seq or 0)
    return {"alerts": shapes, "next": last, "more": len(alerts) == limit}


def _alert(desk: Desk, request: Request) -> Body:
    with desk.app.storage.reading() as tx:
        alert = alert_named(tx, request.path_params["id"])
        [shown] = raised(tx, [alert])
        deliveries = with_channels(tx, tx.outbox.recent(alert_id=alert.id, limit=None))
    return {**raised_shape(shown), "deliveries": [delivery_shape(owed) for owed in deliveries]}


def _articles(desk: Desk, request: Request) -> Body:
    """Return articles newest first; `next` is handed in as `before` for those behind."""
    params, limit = request.query_params, _limit(request)
    storage = desk.app.storage
    since = None
    if params.get("since"):
        try:
            since = parse_since(params["since"], now=desk.app.now(), zone=desk.app.config.zone)
        except ValueError as error:
            raise Refusal(f"since: {error}") from None
    with storage.reading() as tx:
        names = SourceNames(tx.sources.all(), storage)
        source_ids = [source_named(tx, params["source"]).id] if params.get("source") else []
        before = None
        if params.get("before"):
            last = article_named(tx, params["before"])
            before = (last.first_seen_at, last.id)
        articles = tx.articles.recent(
            since=since,
            source_ids=source_ids,
            language=params.get("language") or None,
            limit=limit,
            before=before,
        )
    shapes = [article_shape(article, sources=names) for article in articles]
    more = len(articles) == limit
    return {"articles": shapes, "next": articles[-1].id if more else None, "more": more}


def _article(desk: Desk, request: Request) -> Body:
    with desk.app.storage.reading() as tx:
        article = article_named(tx, request.path_params["id"])
        source = tx.sources.get(article.source_id)
        versions = tx.articles.versions(article.id)
    return dict(article_details_shape(article, source=source, text_from=None, versions=versions))


def _rules(desk: Desk, request: Request) -> Body:
    with desk.app.storage.reading() as tx:
        return {"rules": [_kept(tx, rule) for rule in tx.rules.all()]}


def _rule(desk: Desk, request: Request) -> Body:
    with desk.app.storage.reading() as tx:
        return _kept(tx, rule_named(tx, request.path_params["id"]))


def _kept(tx: Transaction, rule: Rule) -> Body:
    alerts = tx.alerts.count(rule_id=rule.id)
    return dict(kept_rule_shape(rule, channels=channel_names(tx, rule), alerts=alerts))


def _sources(desk: Desk, request: Request) -> Body:
    with desk.app.storage.reading() as tx:
        counts = tx.sources.article_counts()
        sources = tx.sources.all()
    return {"sources": [source_shape(one, articles=counts.get(one.id, 0)) for one in sources]}


def _source(desk: Desk, request: Request) -> Body:
    with desk.app.storage.reading() as tx:
        source = source_named(tx, request.path_params["id"])
        count = tx.sources.article_counts().get(source.id, 0)
        return dict(source_details_shape(source, tx.sources.notices(source.id), articles=count))


def _channels(desk: Desk, request: Request) -> Body:
    with desk.app.storage.reading() as tx:
        return {"channels": [channel_shape(channel) for channel in tx.channels.all()]}


def _deliveries(desk: Desk, request: Request) -> Body:
    params, limit = request.query_params, _limit(request)
    states = [state for state in DeliveryState if state.value == params.get("state")]
    if params.get("state") and not states:
        raise Refusal(f"state: expected one of {', '.join(DeliveryState)}")
    with desk.app.storage.reading() as tx:
        channel = channel_named(tx, params["channel"]) if params.get("channel") else None
        recent = tx.outbox.recent(
            channel_id=channel.id if channel else None,
            open_only=params.get("open") == "true",
            states=states,
            limit=limit,
        )
        deliveries = with_channels(tx, recent)
    return {
        "deliveries": [delivery_shape(owed) for owed in deliveries],
        "more": len(recent) == limit,
    }
