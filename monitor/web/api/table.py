"""Every call of the API, a row each; addresses and their description are made of these rows."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from monitor.access.view import AddedTokenShape, TokenShape, UserShape
from monitor.base.errors import Refusal, clipped
from monitor.views.alert import AlertDetailsShape
from monitor.views.article import ArticleDetailsShape, StoryDetailsShape
from monitor.views.channel import (
    AddedChannelShape,
    ChannelShape,
    EditedChannelShape,
    EnabledChannelShape,
    RemovedChannelShape,
)
from monitor.views.delivery import DeliveryShape
from monitor.views.rules.backtest import BacktestShape
from monitor.views.rules.explanation import ExplanationShape
from monitor.views.rules.rule import AddedRuleShape, ChangedRuleShape, KeptRuleShape
from monitor.views.rules.variant import DecidedShape, ExpandedShape, FeedbackShape, RatedShape
from monitor.views.service import StatusShape
from monitor.views.silence import EndedSilenceShape, SilenceShape
from monitor.views.sources.source import SourceDetailsShape, SourceShape
from monitor.web.api import access, bodies, looking, nouns, rule_writes, stories, writes
from monitor.web.api.bodies import Fields, body_of, json_of, read
from monitor.web.api.once import HEADER, REPLAYED, digest_of, once
from monitor.web.api.openapi import document
from monitor.web.api.operation import Answer, Operation, get
from monitor.web.api.shapes import (
    AlertsShape,
    ArticlesShape,
    ChannelsShape,
    DeliveriesShape,
    HitsShape,
    ListedFeedsShape,
    RulesShape,
    SilencesShape,
    SourcesShape,
    StoriesShape,
    TokensShape,
    UsersShape,
)
from monitor.web.base.desk import Desk
from monitor.web.base.gate import holder_of
from monitor.web.base.mounted import root_of
from monitor.web.base.security import is_from_elsewhere
from storage.model import RuleState, SourceState

PREFIX = "/api/v1"

Endpoint = Callable[[Request], Awaitable[Response]]

_NOTHING: Fields = {}

READING = (
    get("/status", nouns.status, StatusShape, "How it is."),
    get(
        "/alerts",
        nouns.alerts,
        AlertsShape,
        "Alerts.",
        *("limit", "after", "rule", "since", "until"),
    ),
    get("/alerts/{id}", nouns.alert, AlertDetailsShape, "An alert, and where it went."),
    get(
        "/articles",
        nouns.articles,
        ArticlesShape,
        "Articles, newest first; with `since`, all of them in the order in which they were stored.",
        *("limit", "before", "since", "source", "language"),
    ),
    get("/articles/{id}", nouns.article, ArticleDetailsShape, "An article with its text."),
    get("/stories", stories.show_all, StoriesShape, "Stories, told last first.", "limit", "since"),
    get("/stories/{id}", stories.show, StoryDetailsShape, "A story, and who told it."),
    get("/rules", nouns.rules, RulesShape, "All rules.", "tag"),
    get("/rules/{id}", nouns.rule, KeptRuleShape, "A rule."),
    get("/sources", nouns.sources, SourcesShape, "All sources.", "tag"),
    get("/sources/{id}", nouns.source, SourceDetailsShape, "A source, and what to know of it."),
    get("/channels", nouns.channels, ChannelsShape, "All channels."),
    get("/channels/{id}", nouns.channel, ChannelShape, "A channel."),
    get("/deliveries/{id}", nouns.delivery, DeliveryShape, "A delivery."),
    get(
        "/search",
        looking.search,
        HitsShape,
        "Articles that match, newest first.",
        *("query", "match", "limit", "since", "until", "source", "language"),
        needs=("query",),
    ),
    get(
        "/try",
        looking.try_rule,
        BacktestShape,
        "What a rule would have found in the last 30 days.",
        *("query", "match"),
        needs=("query",),
    ),
    get(
        "/explain",
        looking.explain_match,
        ExplanationShape,
        "What became of an article with a rule, and why.",
        *("rule", "article"),
        needs=("rule", "article"),
    ),
    get(
        "/deliveries",
        nouns.deliveries,
        DeliveriesShape,
        "Deliveries, newest first.",
        *("limit", "channel", "state", "open", "since"),
    ),
    get("/silences", writes.silences, SilencesShape, "What is silenced.", "all"),
)


def _row(
    method: str,
    path: str,
    call: Callable[..., Answer],
    answer: type,
    purpose: str,
    takes: Fields = _NOTHING,
    *,
    is_secret: bool = False,
) -> Operation:
    code = 201 if method == "POST" and path.count("/") == 1 else 200
    return Operation(
        method=method,
        path=path,
        call=call,
        answer=answer,
        purpose=purpose,
        takes=takes,
        code=code,
        is_secret=is_secret,
    )


_RULE, _SOURCE, _CHANNEL = "/rules/{id}", "/sources/{id}", "/channels/{id}"

RULE_WRITES = (
    _row("POST", "/rules", rule_writes.add, AddedRuleShape, "Add a rule.", bodies.NEW_RULE),
    _row("PATCH", _RULE, rule_writes.edit, ChangedRuleShape, "Change a rule.", bodies.RULE_CHANGES),
    _row(
        "DELETE",
        _RULE,
        rule_writes.into(RuleState.REMOVED),
        ChangedRuleShape,
        "Remove a rule; its alerts stay.",
    ),
    _row(
        "POST",
        f"{_RULE}/pause",
        rule_writes.into(RuleState.PAUSED),
        ChangedRuleShape,
        "Let a rule send nothing until it is resumed.",
    ),
    _row(
        "POST",
        f"{_RULE}/resume",
        rule_writes.into(RuleState.ACTIVE),
        ChangedRuleShape,
        "Let a paused rule send alerts again.",
    ),
    _row(
        "POST",
        f"{_RULE}/variants",
        rule_writes.decide,
        DecidedShape,
        "Add, accept or reject variants.",
        rule_writes.VARIANTS,
    ),
    _row(
        "POST",
        f"{_RULE}/expand",
        rule_writes.expand,
        ExpandedShape,
        "Make variants anew with today's lists.",
        rule_writes.EXPAND,
    ),
    _row(
        "POST",
        "/alerts/{id}/rating",
        rule_writes.rate_alert,
        RatedShape,
        "Say what you think of an alert.",
        rule_writes.RATING,
    ),
    _row(
        "POST",
        "/alerts/{id}/wrong",
        rule_writes.wrong_match,
        FeedbackShape,
        "Reject what an alert was wrongly raised for.",
        rule_writes.WRONG,
    ),
)
SOURCE_WRITES = (
    _row("POST", "/sources", writes.add_source, SourceShape, "Follow one.", bodies.NEW_SOURCE),
    _row("PATCH", _SOURCE, writes.edit_source, SourceShape, "Change one.", bodies.SOURCE_CHANGES),
    _row(
        "DELETE",
        _SOURCE,
        writes.source_into(SourceState.REMOVED),
        SourceShape,
        "Stop following a source; its articles stay.",
    ),
    _row(
        "POST",
        f"{_SOURCE}/pause",
        writes.source_into(SourceState.PAUSED),
        SourceShape,
        "Do not poll a source until it is resumed.",
    ),
    _row(
        "POST",
        f"{_SOURCE}/resume",
        writes.source_into(SourceState.ACTIVE),
        SourceShape,
        "Poll a source again.",
    ),
    _row(
        "POST",
        "/sources/import",
        writes.import_list,
        ListedFeedsShape,
        "Follow the feeds of an OPML list.",
        writes.LIST,
    ),
    _row("POST", f"{_SOURCE}/poll", writes.source_into(None), SourceShape, "Poll it next."),
)
CHANNEL_WRITES = (
    _row(
        "POST",
        "/channels",
        writes.add_channel,
        AddedChannelShape,
        "Add a channel.",
        bodies.NEW_CHANNEL,
    ),
    _row(
        "PATCH",
        _CHANNEL,
        writes.edit_channel,
        EditedChannelShape,
        "Change a channel.",
        bodies.CHANNEL_CHANGES,
    ),
    _row("DELETE", _CHANNEL, writes.remove_channel, RemovedChannelShape, "Remove a channel."),
    _row("POST", f"{_CHANNEL}/pause", writes.pause_channel, ChannelShape, "Send nothing to it."),
    _row(
        "POST",
        f"{_CHANNEL}/enable",
        writes.enable_channel,
        EnabledChannelShape,
        "Send to it again.",
    ),
    _row("POST", f"{_CHANNEL}/test", writes.test_channel, DeliveriesShape, "Try it, for real."),
)
OTHER_WRITES = (
    _row(
        "POST",
        "/deliveries/retry",
        writes.retry_since,
        DeliveriesShape,
        "Send again all that is dead or held.",
        writes.RETRY_SINCE,
    ),
    _row(
        "POST",
        "/deliveries/{id}/retry",
        writes.retry_delivery,
        DeliveryShape,
        "Send a delivery again that is dead or held.",
        writes.RETRY,
    ),
    _row(
        "POST",
        "/silences",
        writes.silence,
        SilenceShape,
        "Hold back alerts for a while.",
        writes.NEW_SILENCE,
    ),
    _row("DELETE", "/silences/{id}", writes.end_silence, EndedSilenceShape, "End a silence."),
    _row(
        "POST",
        "/stories/{id}/split",
        stories.split_off,
        StoryDetailsShape,
        "Make a story of its own of some of its articles.",
        stories.SPLIT,
    ),
    _row(
        "POST",
        "/stories/{id}/merge",
        stories.merge_with,
        StoryDetailsShape,
        "Make one story of two.",
        stories.MERGE,
    ),
)
ACCESS = (
    get("/tokens", access.all_tokens, TokensShape, "All tokens."),
    _row(
        "POST",
        "/tokens",
        access.add_token,
        AddedTokenShape,
        "Make a token; it is shown this once.",
        access.NEW_TOKEN,
        is_secret=True,
    ),
    _row("DELETE", "/tokens/{id}", access.remove_token, TokenShape, "Remove a token."),
    get("/users", access.all_users, UsersShape, "All users."),
    _row("POST", "/users", access.add_user, UserShape, "Let a person log in.", access.NEW_USER),
    _row(
        "PATCH", "/users/{id}", access.edit_user, UserShape, "Change a user.", access.USER_CHANGES
    ),
    _row("DELETE", "/users/{id}", access.remove_user, UserShape, "Remove a user."),
)
OPERATIONS = (*READING, *RULE_WRITES, *SOURCE_WRITES, *CHANNEL_WRITES, *OTHER_WRITES, *ACCESS)


def routes(desk: Desk, stream: Endpoint) -> list[BaseRoute]:
    """Return the addresses of all calls, and of what describes them.

    Args:
        stream: Answers with alerts as they are raised.
    """
    made: list[BaseRoute] = [
        Route(
            f"{PREFIX}{operation.path}",
            _reading(desk, operation) if operation.is_reading else _writing(desk, operation),
            methods=[operation.method],
        )
        for operation in OPERATIONS
    ]
    described = document(OPERATIONS, prefix=PREFIX)

    made.append(Route(f"{PREFIX}/alerts/stream", stream, methods=["GET"]))

    async def description(request: Request) -> Response:
        servers = [{"url": root_of(request) or "/"}]
        return JSONResponse(
            described | {"servers": servers}, headers={"Cache-Control": "private, no-cache"}
        )

    return [*made, Route(f"{PREFIX}/openapi.json", description, methods=["GET"])]


def _reading(desk: Desk, operation: Operation) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        _refuse_unknown(operation, request)
        body = await run_in_threadpool(operation.call, desk, request, {})
        tag = f'"{sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:24]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return JSONResponse(body, headers=headers)

    return endpoint


def _refuse_unknown(operation: Operation, request: Request) -> None:
    """Refuse what nobody reads: a filter with a slip in its name must not answer with all."""
    for name in request.query_params:
        if name not in operation.asks and not (name == "q" and "query" in operation.asks):
            expected = (
                f"expected {', '.join(operation.asks)}" if operation.asks else "it takes none"
            )
            raise Refusal(f"{clipped(name, 40)}: no parameter of this call; {expected}")


def _writing(desk: Desk, operation: Operation) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        if is_from_elsewhere(request):
            raise HTTPException(403, "this was sent by a page of another site")
        raw = await body_of(request)
        given = read(operation.takes, json_of(request, raw))
        headers = {"Cache-Control": "no-store"}
        do = partial(operation.call, desk, request, given)
        key = request.headers.get(HEADER)
        if key is None:
            body: object = await run_in_threadpool(do)
        else:
            asked = partial(_once, desk, request, operation, do, raw)
            body, is_repeated = await run_in_threadpool(asked)
            if is_repeated:
                headers[REPLAYED] = "true"
        return JSONResponse(body, status_code=operation.code, headers=headers)

    return endpoint


def _once(
    desk: Desk, request: Request, operation: Operation, do: Callable[[], Answer], raw: bytes
) -> tuple[object, bool]:
    holder = holder_of(request)
    return once(
        desk.app.storage,
        do,
        key=request.headers[HEADER],
        caller=holder.id if holder else "",
        request=digest_of(operation.method, request.url.path, raw),
        now=desk.app.now(),
        is_secret=operation.is_secret,
    )
