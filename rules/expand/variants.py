"""The variants of a rule: made when it is saved, kept apart from what its owner decided."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rules.expand.expand import expand
from rules.expand.translations import is_translators
from rules.lexicons.api import Lexicon
from rules.patterns.rejections import comparable
from rules.query.parsed import readable
from storage.model import Rule, Variant, VariantState, VariantUse

IDLE_AFTER = timedelta(days=30)
"""A variant that has found nothing for so long is shown as such."""

_BY_OWNER = "you"


def variants_of(query: str, lexicons: Sequence[Lexicon]) -> tuple[Variant, ...]:
    """Return the variants that the lists give for a query; none if it cannot be read.

    Reads the lists, which may take a second: never to be called inside a transaction.
    """
    known = readable(query)
    return expand(known, lexicons) if known else ()


def owners(variants: Iterable[Variant]) -> tuple[Variant, ...]:
    """Return those that the rule's owner has named, and not rejected since."""
    return tuple(variant for variant in variants if _is_owners(variant))


def accepted(variant: Variant) -> Variant:
    """Return the variant as it is when the rule's owner says that it counts."""
    source = variant.source
    if source.partition(",")[0] != _BY_OWNER:
        source = f"{_BY_OWNER}, {source}"
    return replace(variant, state=VariantState.ACTIVE, source=source)


def rejected(variant: Variant) -> Variant:
    """Return the variant as it is when the rule's owner says that it never counts."""
    return replace(variant, state=VariantState.REJECTED)


def is_idle(use: VariantUse, rule: Rule, *, now: datetime) -> bool:
    """Whether a variant that counts has found nothing for long, in a rule that is older."""
    since = now - IDLE_AFTER
    return (
        use.variant.state is VariantState.ACTIVE
        and rule.created_at <= since
        and (use.last_hit_at is None or use.last_hit_at <= since)
    )


def merged(
    old: Sequence[Variant], made: Sequence[Variant], *, same_query: bool = True
) -> tuple[Variant, ...]:
    """Return a rule's variants after they were made anew; of equal ones the first counts, unless
    only a later one is active.

    What the owner has named or rejected stays, and as long as the query does, so does what the
    owner has accepted and what a translator has said. A text that was rejected in one language
    is not made in another one.
    """
    known = {each.key: each for each in old}
    rejected_texts = {_said(each) for each in old if each.state is VariantState.REJECTED}
    found: dict[str, Variant] = {}
    for each in old:
        if _stays(each, same_query=same_query):
            found.setdefault(each.key, each)
    kept = frozenset(found)
    for each in made:
        before = known.get(each.key)
        if before is None and _said(each) in rejected_texts and each.kind != "user":
            each = rejected(each)
        elif before is not None and _is_accepted(before):
            each = accepted(each)
        if each.key not in found or (each.key not in kept and _confirms(each, found[each.key])):
            found[each.key] = each
    return tuple(found.values())


def _confirms(later: Variant, earlier: Variant) -> bool:
    """Whether one of two that say the same makes the other count: IOC, by its initials alone."""
    return later.state is VariantState.ACTIVE and earlier.state is VariantState.PROPOSED


def _said(variant: Variant) -> tuple[str, str]:
    return (variant.of, comparable(variant.text))


def _is_owners(variant: Variant) -> bool:
    return variant.kind == "user" and variant.state is not VariantState.REJECTED


def _is_accepted(variant: Variant) -> bool:
    """Whether the owner has said that a variant counts that was made."""
    return (
        variant.state is VariantState.ACTIVE
        and variant.kind != "user"
        and variant.source.partition(",")[0] == _BY_OWNER
    )


def _stays(variant: Variant, *, same_query: bool) -> bool:
    if variant.kind == "user" or variant.state is VariantState.REJECTED:
        return True
    return same_query and (_is_accepted(variant) or is_translators(variant))


def with_variants(rule: Rule, lexicons: Sequence[Lexicon], fingerprint: str) -> Rule:
    """Return the rule with its variants made anew."""
    made = variants_of(rule.query, lexicons)
    return replace(rule, variants=merged(rule.variants, made), expansion=fingerprint)
