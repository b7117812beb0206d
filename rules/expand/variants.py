"""The variants of a rule: made when it is saved, kept apart from what its owner decided."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from rules.expand.expand import expand, said_by
from rules.expand.translations import is_translators
from rules.expand.written_in import DEFAULT, written_in
from rules.lexicons.api import Lexicon
from rules.patterns.rejections import comparable
from rules.query.parsed import readable
from storage.model import Rule, Variant, VariantState
from storage.variant_use import VariantUse

IDLE_AFTER = timedelta(days=30)
"""A variant that has found nothing for so long is shown as such."""

_BY_OWNER = "you"


class Made(NamedTuple):
    """What the lists say of a query.

    Attributes:
        written_in: The language, or the few, that its words were found to be of.
    """

    variants: tuple[Variant, ...] = ()
    written_in: tuple[str, ...] = ()

    def with_others(self, variants: Iterable[Variant]) -> "Made":
        """Return it with what somebody else says, too."""
        return self._replace(variants=(*self.variants, *variants))


def made_of(
    query: str, lexicons: Sequence[Lexicon], *, language: str = "", default: str = DEFAULT
) -> Made:
    """Return the variants that the lists give for a query; none if it cannot be read.

    Reads the lists, which may take a second: never to be called inside a transaction.

    Args:
        language: What the query is written in, if its owner has said so.
        default: What its owner writes in, unless the words say otherwise.
    """
    known = readable(query)
    if known is None:
        return Made()
    languages = (language,) if language else written_in(known, lexicons, default=default)
    return Made(expand(known, lexicons, languages), languages)


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
    if not old and len(set(map(said_by, made))) == len(made):
        return tuple(made)  # as of nearly all new rules
    known = {said_by(variant): variant for variant in old}
    rejected_texts = {_said(variant) for variant in old if variant.state is VariantState.REJECTED}
    by_key: dict[tuple[str, str, str], Variant] = {}
    for variant in old:
        if _stays(variant, same_query=same_query):
            by_key.setdefault(said_by(variant), variant)
    kept = frozenset(by_key)
    for variant in made:
        key = said_by(variant)
        before = known.get(key)
        if before is not None:
            if is_accepted(before):
                variant = accepted(variant)
        elif rejected_texts and variant.kind != "user" and _said(variant) in rejected_texts:
            variant = rejected(variant)
        if key not in by_key or (key not in kept and _confirms(variant, by_key[key])):
            by_key[key] = variant
    return tuple(by_key.values())


def _confirms(later: Variant, earlier: Variant) -> bool:
    """Whether one of two that say the same makes the other count: IOC, by its initials alone."""
    return later.state is VariantState.ACTIVE and earlier.state is VariantState.PROPOSED


def _said(variant: Variant) -> tuple[str, str]:
    return (variant.of, comparable(variant.text))


def _is_owners(variant: Variant) -> bool:
    return variant.kind == "user" and variant.state is not VariantState.REJECTED


def is_accepted(variant: Variant) -> bool:
    """Whether the owner has said that a variant counts that was made."""
    return (
        variant.state is VariantState.ACTIVE
        and variant.kind != "user"
        and variant.source.partition(",")[0] == _BY_OWNER
    )


def _stays(variant: Variant, *, same_query: bool) -> bool:
    if variant.kind == "user" or variant.state is VariantState.REJECTED:
        return True
    return same_query and (is_accepted(variant) or is_translators(variant))


def with_variants(
    rule: Rule, lexicons: Sequence[Lexicon], fingerprint: str, *, default: str = DEFAULT
) -> Rule:
    """Return the rule with its variants made anew."""
    made = made_of(rule.query, lexicons, language=rule.language, default=default)
    return replace(
        rule,
        variants=merged(rule.variants, made.variants),
        written_in=made.written_in,
        expansion=fingerprint,
    )
