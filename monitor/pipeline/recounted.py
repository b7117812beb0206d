"""Which forms of rules count otherwise since the lists were updated: kept for two weeks."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from common.language_names import language_name
from storage.api.storage import Transaction
from storage.model import Rule, RuleState, Variant, VariantState

FACT = "forms that count otherwise"
TOLD = timedelta(days=14)
"""What changed longer ago is history."""
MOST_RULES = 100
"""Of so many rules it is kept, the newest, and of so many of their forms each."""
_MOST_FORMS = 50
_MOST_TOLD = 3

_Before = Mapping[str, str]
"""What forms were before, by their keys."""


class Recounted(NamedTuple):
    """A rule that is looked for otherwise, though nobody has changed it.

    Attributes:
        since: When the lists were updated.
        less, more: Forms that counted before, and are proposed now; and the other way.
    """

    rule: Rule
    since: datetime
    less: tuple[Variant, ...]
    more: tuple[Variant, ...]

    def __str__(self) -> str:
        """Say it in a sentence."""
        said = [f"no longer looks for {_named(self.less)} alone"] if self.less else []
        said += [f"looks for {_named(self.more)}, too"] if self.more else []
        return f"since the update of {self.since.date().isoformat()} it {', and '.join(said)}"


def _named(variants: Sequence[Variant]) -> str:
    """Return forms with their languages, the first of many."""
    told = [
        f"{each.text} ({language_name(each.language) or 'any language'})"
        for each in variants[:_MOST_TOLD]
    ]
    more = len(variants) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def note(tx: Transaction, renewed: Iterable[tuple[Rule, Rule]], *, now: datetime) -> None:
    """Keep what rules are looked for otherwise, each as it was and as it is."""
    moved = {old.id: before for old, new in renewed if (before := _moved(old, new))}
    if not moved:
        return
    kept = _kept(tx, now)
    for id_, before in moved.items():
        _, first = kept.pop(id_, (now, {}))
        kept[id_] = now, dict([*{**before, **first}.items()][:_MOST_FORMS])
    newest = [*kept.items()][-MOST_RULES:]
    tx.meta.set(FACT, json.dumps({id_: [at.isoformat(), of] for id_, (at, of) in newest}))


def recounted(tx: Transaction, *, now: datetime) -> Iterator[Recounted]:
    """Yield the rules of which it is still so, those of the last update first.

    What its owner has decided since, or an update has turned back, is not told.
    """
    kept = _kept(tx, now)
    for rule in tx.rules.some(reversed(kept)):
        since, before = kept[rule.id]
        less = _those(rule, before, VariantState.ACTIVE, VariantState.PROPOSED)
        more = _those(rule, before, VariantState.PROPOSED, VariantState.ACTIVE)
        if rule.state is not RuleState.REMOVED and (less or more):
            yield Recounted(rule, since, less, more)


def _those(
    rule: Rule, before: _Before, was: VariantState, now: VariantState
) -> tuple[Variant, ...]:
    from rules.expand.variants import is_accepted  # a third of the start of `status`

    return tuple(
        variant
        for variant in rule.variants
        if variant.state is now and before.get(variant.key) == was and not is_accepted(variant)
    )


def _moved(old: Rule, new: Rule) -> dict[str, str]:
    """Return what each form was that counts now and did not, or the other way."""
    now = {variant.key: variant.state for variant in new.variants}
    both = {VariantState.ACTIVE, VariantState.PROPOSED}
    return {
        variant.key: variant.state.value
        for variant in old.variants
        if {variant.state, now.get(variant.key)} == both
    }


def _kept(tx: Transaction, now: datetime) -> dict[str, tuple[datetime, _Before]]:
    """Return what is known by rule, what was noted last behind the others."""
    noted = json.loads(tx.meta.get(FACT) or "{}")
    kept = ((id_, (datetime.fromisoformat(at), before)) for id_, (at, before) in noted.items())
    return {id_: (at, before) for id_, (at, before) in kept if now - at < TOLD}
