"""What can be read: every noun as `--json` prints it, in pages."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from starlette.requests import Request

from monitor.base.errors import Refusal
from monitor.base.names import channel_names, one_named
from monitor.base.times import parse_before, parse_since
from monitor.delivery.latency import MOST_LOOKED_AT
from monitor.services.alerts import alert_named, article_named, raised, raised_one
from monitor.services.channels import channel_named
from monitor.services.deliveries import with_channels
from monitor.services.health import status_of
from monitor.services.rules.rules import language_of, rule_named, rule_with_alerts
from monitor.services.sources.sources import SourceNames, source_named
from monitor.views.alert import details_shape, raised_shape
from monitor.views.article import article_details_shape, article_shape
from monitor.views.channel import channel_shape
from monitor.views.delivery import delivery_shape
from monitor.views.rules.rule import kept_rule_shape, kept_rule_shapes
from monitor.views.service import status_shape
from monitor.views.sources.source import source_details_shape, source_shape
from monitor.web.base.desk import Desk, number
from storage.api.storage import Transaction
from storage.model import DeliveryState, Rule

PAGE = 100
LARGEST_PAGE = 1_000

Body = Mapping[str, object]


def limit_of(request: Request) -> int:
    """Return how many a call asks for at most."""
    return number(request.query_params, "limit", default=PAGE, low=1, high=LARGEST_PAGE)


def flag_of(request: Request, name: str) -> bool:
    """Return whether a call asks for this.

    Raises:
        Refusal: It says neither yes nor no.
    """
    word = request.query_params.get(name, "false")
    if word not in ("true", "false"):
        raise Refusal(f"{name}: expected true or false")
    return word == "true"


def since_of(desk: Desk, request: Request) -> datetime | None:
    """Return since when a call asks for what was seen; None for all."""
    return _instant_of(desk, request, "since", parse_since)


def until_of(desk: Desk, request: Request) -> datetime | None:
    """Return up to when a call asks for what was seen; None for all."""
    return _instant_of(desk, request, "until", parse_before)


def _instant_of(
    desk: Desk, request: Request, name: str, parse: Callable[..., datetime]
) -> datetime | None:
    text = request.query_params.get(name)
    if not text:
        return None
    try:
        return parse(text, now=desk.app.now(), zone=desk.app.config.zone)
    except ValueError as error:
        raise Refusal(f"{name}: {error}") from None


def _is_of_tag(request: Request, tags: Collection[str]) -> bool:
    """Whether what has these tags is asked for."""
    tag = request.query_params.get("tag")
    return not tag or tag in tags


def language_in(request: Request) -> str | None:
    """Return the language that is asked for, as articles have it; None for any.

    Raises:
        Refusal: It is not a language's code.
    """
    try:
        return language_of(request.query_params.get("language") or "any") or None
    except ValueError as error:
        raise Refusal(f"language: {error}") from None


def status(desk: Desk, request: Request) -> Body:
    """Say how it is."""
    app = desk.app
    return dict(status_shape(status_of(app.config, app.storage, now=app.now())))


def alerts(desk: Desk, request: Request) -> Body:
    """Return alerts in the order of their commits behind `after`, or the newest ones."""
    limit = limit_of(request)
    after = request.query_params.get("after")
    after_seq = (
        None
        if after is None
        else number({"after": after}, "after", default=0, low=0, high=10**9 - 1)
    )
    word = request.query_params.get("rule", "")
    with desk.app.storage.reading() as tx:
        rule_id = rule_with_alerts(tx, word).id if word else None
        alerts = tx.alerts.recent(
            rule_id=rule_id,
            after_seq=after_seq,
            since=since_of(desk, request),
            until=until_of(desk, request),
            limit=limit,
        )
        shapes = [raised_shape(shown) for shown in raised(tx, alerts)]
    last = max((alert.seq for alert in alerts), default=after_seq or 0)
    return {"alerts": shapes, "next": last, "more": len(alerts) == limit}


def alert(desk: Desk, request: Request) -> Body:
    """Show an alert, and where it went."""
    with desk.app.storage.reading() as tx:
        alert = alert_named(tx, request.path_params["id"])
        shown = raised_one(tx, alert)
        deliveries = with_channels(tx, tx.outbox.recent(alert_id=alert.id, limit=None))
        passages = tx.figures.passages(alert_id=alert.id, limit=MOST_LOOKED_AT)
    return dict(details_shape(shown, deliveries, passages))


def articles(desk: Desk, request: Request) -> Body:
    """Return articles newest first; with `since`, all in the order in which they were stored."""
    if "since" in request.query_params:
        return _articles_in_order(desk, request)
    params, limit = request.query_params, limit_of(request)
    storage = desk.app.storage
    with storage.reading() as tx:
        names = SourceNames(tx.sources.all(), storage)
        before = None
        if params.get("before"):
            last = article_named(tx, params["before"])
            before = (last.first_seen_at, last.id)
        articles = tx.articles.recent(
            source_ids=_source_ids(tx, request),
            language=language_in(request),
            limit=limit,
            before=before,
        )
    shapes = [article_shape(article, sources=names) for article in articles]
    more = len(articles) == limit
    return {"articles": shapes, "next": articles[-1].id if more else None, "more": more}


def _articles_in_order(desk: Desk, request: Request) -> Body:
    """Return what was stored after `since`: a time, the `next` of the page before, or nothing."""
    params, limit = request.query_params, limit_of(request)
    if params.get("before"):
        raise Refusal("before: goes back from the newest; since goes on: give one of them")
    storage = desk.app.storage
    with storage.reading() as tx:
        names = SourceNames(tx.sources.all(), storage)
        start = _number_of(desk, tx, request)
        # Asked first: what is stored meanwhile is behind it.
        last = tx.articles.last_number()
        numbered = tx.articles.stored_after(
            start,
            source_ids=_source_ids(tx, request),
            language=language_in(request),
            limit=limit,
        )
    more = len(numbered) == limit
    # Of what is not of this source or language nothing need be looked at again.
    reached = numbered[-1][0] if more else max(last, start)
    shapes = [article_shape(article, sources=names) for _, article in numbered]
    return {"articles": shapes, "next": f"{_STORED}{reached}", "more": more}


_STORED = "stored-"
"""Begins what names a place in the order in which articles were stored."""


def _number_of(desk: Desk, tx: Transaction, request: Request) -> int:
    text = request.query_params["since"].strip()
    if text in ("", "0"):
        return 0
    if text.startswith(_STORED):
        digits = {"since": text.removeprefix(_STORED) or "-"}
        return number(digits, "since", default=0, low=0, high=MOST_ARTICLES)
    return tx.articles.last_number(seen_since=since_of(desk, request))


MOST_ARTICLES = 10**9 - 1


def _source_ids(tx: Transaction, request: Request) -> list[str]:
    word = request.query_params.get("source")
    return [source_named(tx, word).id] if word else []


def article(desk: Desk, request: Request) -> Body:
    """Show an article with its text."""
    with desk.app.storage.reading() as tx:
        article = article_named(tx, request.path_params["id"])
        source = tx.sources.get(article.source_id)
        versions = tx.articles.versions(article.id)
    return dict(article_details_shape(article, source=source, text_from=None, versions=versions))


def rules(desk: Desk, request: Request) -> Body:
    """List the rules."""
    with desk.app.storage.reading() as tx:
        rules = [rule for rule in tx.rules.all() if _is_of_tag(request, rule.tags)]
        raised = tx.figures.raised()
        names = channel_names(tx, *rules)
    return {"rules": kept_rule_shapes(rules, channels=names, raised=raised)}


def rule(desk: Desk, request: Request) -> Body:
    """Show a rule."""
    with desk.app.storage.reading() as tx:
        return kept(tx, rule_named(tx, request.path_params["id"]))


def kept(tx: Transaction, rule: Rule) -> Body:
    """Return a rule with how many alerts it has raised."""
    alerts = tx.alerts.count(rule_id=rule.id)
    return dict(kept_rule_shape(rule, channels=channel_names(tx, rule), alerts=alerts))


def sources(desk: Desk, request: Request) -> Body:
    """List the sources."""
    with desk.app.storage.reading() as tx:
        counts = tx.sources.article_counts()
        sources = [source for source in tx.sources.all() if _is_of_tag(request, source.tags)]
    return {"sources": [source_shape(one, articles=counts.get(one.id, 0)) for one in sources]}


def source(desk: Desk, request: Request) -> Body:
    """Show a source, and what there is to know about it."""
    with desk.app.storage.reading() as tx:
        source = source_named(tx, request.path_params["id"])
        count = tx.sources.article_counts().get(source.id, 0)
        return dict(source_details_shape(source, tx.sources.notices(source.id), articles=count))


def channels(desk: Desk, request: Request) -> Body:
    """List the channels."""
    with desk.app.storage.reading() as tx:
        return {"channels": [channel_shape(channel) for channel in tx.channels.all()]}


def channel(desk: Desk, request: Request) -> Body:
    """Show a channel."""
    with desk.app.storage.reading() as tx:
        return dict(channel_shape(channel_named(tx, request.path_params["id"])))


def delivery(desk: Desk, request: Request) -> Body:
    """Show a delivery."""
    with desk.app.storage.reading() as tx:
        owed = one_named("delivery", request.path_params["id"], tx.outbox.find, lambda: ())
        [shown] = with_channels(tx, [owed])
    return dict(delivery_shape(shown))


def deliveries(desk: Desk, request: Request) -> Body:
    """List deliveries, newest first."""
    params, limit = request.query_params, limit_of(request)
    states = [state for state in DeliveryState if state.value == params.get("state")]
    if params.get("state") and not states:
        raise Refusal(f"state: expected one of {', '.join(DeliveryState)}")
    with desk.app.storage.reading() as tx:
        channel = channel_named(tx, params["channel"]) if params.get("channel") else None
        recent = tx.outbox.recent(
            channel_id=channel.id if channel else None,
            open_only=flag_of(request, "open"),
            states=states,
            since=since_of(desk, request),
            limit=limit,
        )
        deliveries = with_channels(tx, recent)
    return {
        "deliveries": [delivery_shape(owed) for owed in deliveries],
        "more": len(recent) == limit,
    }
