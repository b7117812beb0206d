"""The JSON of a rule."""

from collections.abc import Mapping
from typing import Annotated, TypedDict

from monitor.base.times import show_instant
from monitor.views.schema import Instant
from monitor.views.variant import VariantShape, variant_shape
from storage.model import Rule, RuleState


class RuleShape(TypedDict):
    """A query in a language of its own, and whom it tells."""

    id: str
    name: str
    query: str
    state: Annotated[str, RuleState]
    channels: list[str]
    match: str
    languages: list[str]
    variants: list[VariantShape]
    sources: list[str]
    tags: list[str]
    max_per_day: int | None
    expires_at: Instant | None
    created_at: Instant | None
    revision: int


def rule_shape(rule: Rule, *, channels: Mapping[str, str]) -> RuleShape:
    """Return a rule with the names of its channels, which are given by their ids."""
    return {
        "id": rule.id,
        "name": rule.name,
        "query": rule.query,
        "state": rule.state.value,
        "channels": [channels.get(id_, id_) for id_ in rule.channel_ids],
        "match": rule.strictness,
        "languages": list(rule.languages),
        "variants": [variant_shape(variant) for variant in rule.variants],
        "sources": list(rule.sources),
        "tags": list(rule.tags),
        "max_per_day": rule.max_per_day,
        "expires_at": show_instant(rule.expires_at),
        "created_at": show_instant(rule.created_at),
        "revision": rule.revision,
    }
