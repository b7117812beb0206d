"""The variants of a rule: made when it is saved, kept apart from what its owner decided."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rules.expand import expand
from rules.languages.lexicon import Lexicon
from rules.lexer import QuerySyntaxError
from rules.parse import parse
from rules.proposals import is_translators
from storage.api import Storage
from storage.model import Rule, Variant, VariantState

MAKING = "1"
"""Grows when variants are made in another way, so that those of old rules are made anew."""


def variants_of(query: str, lexicons: Sequence[Lexicon]) -> tuple[Variant, ...]:
    """Return the variants that the lists give for a query; none if it cannot be read.

    Reads the lists, which may take a second: never to be called inside a transaction.
    """
    try:
        return expand(parse(query), lexicons)
    except QuerySyntaxError:
        return ()


def owners(variants: Iterable[Variant]) -> tuple[Variant, ...]:
    """Return those that the rule's owner has named."""
    return tuple(each for each in variants if each.kind == "user")


def merged(
    old: Sequence[Variant], made: Sequence[Variant], *, same_query: bool = True
) -> tuple[Variant, ...]:
    """Return a rule's variants after they were made anew.

    The owner's own stay, and so does what the owner has decided: what was rejected stays so,
    what was accepted stays active. What a translator has said stays as long as the query does.
    """
    decided = {each.key: each.state for each in old}
    kept = [
        each
        for each in old
        if each.kind == "user"
        or each.state is VariantState.REJECTED
        or (same_query and is_translators(each))
    ]
    found = {each.key: each for each in kept}
    for each in made:
        if decided.get(each.key) is VariantState.ACTIVE:
            each = replace(each, state=VariantState.ACTIVE)
        found.setdefault(each.key, each)
    return tuple(found.values())


def renew(storage: Storage, lexicons: Sequence[Lexicon], fingerprint: str) -> int:
    """Make the variants anew of rules that were saved with other lists; return how many.

    Safe to repeat, and beside somebody who changes a rule: then the next call does it.
    """
    with storage.reading() as tx:
        old = [rule for rule in tx.rules.all() if rule.expansion != fingerprint]
    renewed = 0
    for rule in old:
        fresh = with_variants(rule, lexicons, fingerprint)
        with storage.transaction() as tx:
            current = tx.rules.get(rule.id)
            if current is not None and current.revision == rule.revision:
                tx.rules.update(fresh)
                renewed += 1
    return renewed


def with_variants(rule: Rule, lexicons: Sequence[Lexicon], fingerprint: str) -> Rule:
    """Return the rule with its variants made anew."""
    made = variants_of(rule.query, lexicons)
    return replace(rule, variants=merged(rule.variants, made), expansion=fingerprint)
