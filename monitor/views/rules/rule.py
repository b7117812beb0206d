"""The JSON of a rule."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict, cast

from monitor.base.times import show_instant
from monitor.services.fields.field_kind import FieldKind
from monitor.services.fields.rule_fields import RuleField, in_order
from monitor.views.base.schema import InstantText
from monitor.views.rules.backtest import BacktestShape, backtest_shape
from monitor.views.rules.variant import UsedVariantShape, VariantShape, variant_shape
from storage.model import Rule, RuleState, Variant
from storage.quiet import Priority
from storage.story import FollowUps

if TYPE_CHECKING:
    from monitor.backtest.report import Backtest
    from rules.expand.reach import Reach


class _RuleShape(TypedDict):
    id: str
    name: str
    query: str
    state: Annotated[str, RuleState]
    channels: list[str]
    match: str
    languages: list[str]
    written_in: list[str]
    sources: list[str]
    tags: list[str]
    priority: Annotated[str, Priority]
    digest: str
    max_per_day: int | None
    follow_ups: Annotated[str, FollowUps]
    min_outlets: int | None
    escalate: int | None
    spike: bool
    expires_at: InstantText | None
    created_at: InstantText | None
    revision: int


class RuleShape(_RuleShape):
    """A query in a language of its own, and whom it tells."""

    variants: list[VariantShape]


class ReachShape(TypedDict):
    """In which words a rule is looked for in a language.

    `missing` are its words that have no form there, `proposed` forms that do not count yet.
    """

    language: str
    forms: list[str]
    proposed: list[str]
    missing: list[str]


class AddedRuleShape(RuleShape):
    """A rule that was added, and how many alerts it raised at once; or what it would do.

    `reach` tells it for the languages that the articles are in, the most frequent first.
    """

    reach: list[ReachShape]
    raised: int
    card: NotRequired[BacktestShape]


class KeptRuleShape(RuleShape):
    """A rule, and how many alerts it has raised; or what it would do when it is changed."""

    alerts: int
    card: NotRequired[BacktestShape]


class ChangedRuleShape(KeptRuleShape):
    """A rule that was changed, paused, resumed or removed.

    `gathered` counts the alerts that one digest tells, which were held back until then: while it
    was paused, or by a limit or a schedule that it has no more.
    """

    gathered: int


class RuleDetailsShape(_RuleShape):
    """All about a rule; of each variant also what it has found."""

    variants: list[UsedVariantShape]
    reach: list[ReachShape]
    alerts: int
    last_alert_at: InstantText | None


def rule_shape(rule: Rule, *, channels: Mapping[str, str]) -> RuleShape:
    """Return a rule with the names of its channels, which are given by their ids."""
    named: dict[str, object] = {
        "notify": tuple(channels.get(id_, id_) for id_ in rule.channel_ids),
        "language": rule.written_in,
    }
    name, query, *others = in_order("name", "query", "notify", "strictness")
    shape = {
        "id": rule.id,
        **{field.json: _value(rule, field, named) for field in (name, query)},
        "state": rule.state.value,
        **{field.json: _value(rule, field, named) for field in others},
        "created_at": show_instant(rule.created_at),
        "revision": rule.revision,
    }
    return cast(RuleShape, shape)  # a test holds what the rows make to the schema


def _value(rule: Rule, field: RuleField, named: Mapping[str, object]) -> object:
    value = named.get(field.name, getattr(rule, field.name, None))
    if field.kind is FieldKind.SWITCH:
        return value == "yes"
    match value:
        case datetime():
            return show_instant(value)
        case tuple():
            return [variant_shape(part) if isinstance(part, Variant) else part for part in value]
        case _:
            return value


def reach_shape(reach: "Reach") -> ReachShape:
    """Return in which words a rule is looked for in a language."""
    return {
        "language": reach.language,
        "forms": list(reach.forms),
        "proposed": list(reach.proposed),
        "missing": list(reach.missing),
    }


def added_rule_shape(
    rule: Rule,
    *,
    channels: Mapping[str, str],
    reach: "Iterable[Reach]",
    raised: int,
    backtest: "Backtest | None",
) -> AddedRuleShape:
    """Return a rule that was added, or would be."""
    shape = {
        **rule_shape(rule, channels=channels),
        "reach": [reach_shape(each) for each in reach],
        "raised": raised,
        **_card(backtest, rule),
    }
    return cast(AddedRuleShape, shape)


def _card(backtest: "Backtest | None", rule: Rule) -> dict[str, BacktestShape]:
    return {} if backtest is None else {"card": backtest_shape(backtest, rule)}


def kept_rule_shape(
    rule: Rule,
    *,
    channels: Mapping[str, str],
    alerts: int,
    backtest: "Backtest | None" = None,
) -> KeptRuleShape:
    """Return a rule with how many alerts it has raised."""
    shape = {**rule_shape(rule, channels=channels), "alerts": alerts, **_card(backtest, rule)}
    return cast(KeptRuleShape, shape)


def kept_rule_shapes(
    rules: Iterable[Rule],
    *,
    channels: Mapping[str, str],
    raised: Mapping[str, tuple[int, datetime]],
) -> list[KeptRuleShape]:
    """Return rules, each with how many alerts it has raised; those of no rule in `raised` none."""
    never = (0, None)
    return [
        kept_rule_shape(rule, channels=channels, alerts=raised.get(rule.id, never)[0])
        for rule in rules
    ]


def rule_details_shape(
    kept: KeptRuleShape,
    *,
    last_alert_at: datetime | None,
    variants: list[UsedVariantShape],
    reach: "Iterable[Reach]",
) -> RuleDetailsShape:
    """Return all about a rule."""
    shape = {
        **kept,
        "last_alert_at": show_instant(last_alert_at),
        "variants": variants,
        "reach": [reach_shape(each) for each in reach],
    }
    return cast(RuleDetailsShape, shape)
