"""Calls that change rules and what was decided about their alerts."""

from collections.abc import Callable

from starlette.requests import Request

from monitor.base.errors import Refusal
from monitor.quiet.backfill import USUAL, Backfill, parse_backfill
from monitor.services.rules import rules as rulebook
from monitor.services.rules.feedback import VERDICTS, rate, reject_match
from monitor.services.rules.save_rule import save_edited, save_expanded, save_new
from monitor.services.rules.variant_edits import accept_variants, add_variants, reject_variants
from monitor.views.rules.rule import added_rule_shape, kept_rule_shape
from monitor.views.rules.variant import decided_shape, expanded_shape, feedback_shape, rated_shape
from monitor.web.api.bodies import FLAG, TEXT, TEXTS, Field, Fields, Given, choice_of, rule_changes
from monitor.web.api.nouns import Body, kept
from monitor.web.base.desk import Desk
from storage.model import RuleState

VARIANTS: Fields = {
    "texts": Field(kind=TEXTS, purpose="Words, each as LANG:TEXT or as it is shown."),
    "all": Field(kind=FLAG, purpose="All that are proposed, instead of naming them."),
    "of": Field(kind=TEXT, purpose="The words of the query that added ones stand for."),
    "to": Field(kind=choice_of(("add", "accept", "reject")), purpose="What to do.", is_needed=True),
}
EXPAND: Fields = {"translate": Field(kind=FLAG, purpose="Ask the translator, too.")}
RATING: Fields = {
    "verdict": Field(kind=choice_of(VERDICTS), purpose="What you think of it.", is_needed=True)
}
WRONG: Fields = {"texts": Field(kind=TEXTS, purpose="Only these words; else all to blame.")}


def add(desk: Desk, request: Request, given: Given) -> Body:
    """Add a rule; the same again changes nothing."""
    app = desk.app
    changes = rule_changes(given, now=app.now(), zone=app.config.zone)
    saved = save_new(
        desk.saving(),
        changes,
        backfill=_backfill(given) or USUAL,
        forced=given.get("force") is True,
    )
    return dict(
        added_rule_shape(
            saved.rule,
            channels=saved.channels,
            reach=saved.reach(app.lexicons.all),
            raised=saved.raised,
            backtest=None,
        )
    )


def edit(desk: Desk, request: Request, given: Given) -> Body:
    """Change what is given of a rule, and leave the rest as it is."""
    app = desk.app
    if not given:
        raise Refusal("nothing to change was given")
    saved = save_edited(
        desk.saving(),
        request.path_params["id"],
        rule_changes(given, now=app.now(), zone=app.config.zone),
        backfill=_backfill(given),
        forced=given.get("force") is True,
    )
    shape = kept_rule_shape(saved.rule, channels=saved.channels, alerts=saved.alerts, backtest=None)
    return {**shape, "gathered": saved.gathered}


def _backfill(given: Given) -> Backfill | None:
    try:
        return parse_backfill(str(given["backfill"])) if "backfill" in given else None
    except ValueError as error:
        raise Refusal(f"backfill: {error}") from None


def into(state: RuleState) -> Callable[[Desk, Request, Given], Body]:
    """Return the call that pauses, resumes or removes a rule."""

    def call(desk: Desk, request: Request, given: Given) -> Body:
        with desk.app.storage.changing() as tx:
            rule = rulebook.rule_named(tx, request.path_params["id"])
            changed, gathered = rulebook.set_state(tx, rule, state, now=desk.app.now())
            return {**kept(tx, changed), "gathered": gathered}

    return call


def decide(desk: Desk, request: Request, given: Given) -> Body:
    """Add, accept or reject variants of a rule."""
    storage, rule, to = desk.app.storage, request.path_params["id"], given["to"]
    texts = given.get("texts")
    named = list(texts) if isinstance(texts, list) else []
    if not named and (to == "add" or given.get("all") is not True):
        raise Refusal("texts: expected the words")
    of = given.get("of")
    if to == "add":
        return dict(decided_shape(add_variants(storage, rule, named, str(of) if of else None)))
    act = accept_variants if to == "accept" else reject_variants
    return dict(decided_shape(act(storage, rule, named or None)))


def expand(desk: Desk, request: Request, given: Given) -> Body:
    """Make a rule's variants anew with today's lists."""
    translate = given.get("translate") is True
    done = save_expanded(desk.saving(), request.path_params["id"], translate=translate)
    return dict(expanded_shape(done))


def rate_alert(desk: Desk, request: Request, given: Given) -> Body:
    """Note what somebody thinks of an alert."""
    app = desk.app
    done = rate(app.storage, request.path_params["id"], str(given["verdict"]), now=app.now())
    return dict(rated_shape(done, None))


def wrong_match(desk: Desk, request: Request, given: Given) -> Body:
    """Reject what an alert was wrongly raised for."""
    texts = given.get("texts")
    named = list(texts) if isinstance(texts, list) else []
    return dict(feedback_shape(reject_match(desk.app.storage, request.path_params["id"], named)))
