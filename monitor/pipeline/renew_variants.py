"""Rules saved with older lists get variants from the new ones, a few at a time."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from monitor.pipeline.recounted import note
from rules.expand.variants import with_variants
from rules.expand.written_in import DEFAULT
from rules.lexicons.api import Lexicon
from storage.api.storage import Storage
from storage.model import Rule

MOST_AT_ONCE = 100
"""The variants of so many rules are made anew in one call, unless it says otherwise, and stored in
one transaction."""


def renew(
    storage: Storage,
    lexicons: Sequence[Lexicon],
    fingerprint: str,
    *,
    language: str = DEFAULT,
    stop: Callable[[], bool] = lambda: False,
    most: int | None = None,
) -> int:
    """Make the variants anew of some rules that were saved with other lists; return how many.

    Bounded by `most`; 0 when none is left. Safe to repeat, and beside somebody who changes a rule:
    then a later call does it. A rule whose variants stay the same does not move. What counts
    otherwise then is kept for `doctor`.

    Args:
        language: What rules are written in, unless their words say otherwise.
        stop: Asked before each rule; when it is true the rest waits for the next call.
        most: Of so many rules at most; None: `MOST_AT_ONCE`.
    """
    with storage.reading() as tx:
        old = list(
            tx.rules.some(tx.rules.expanded_otherwise(fingerprint, limit=most or MOST_AT_ONCE))
        )
    fresh: list[tuple[Rule, Rule]] = []
    for rule in old:
        if stop():
            break
        fresh.append((rule, with_variants(rule, lexicons, fingerprint, default=language)))
    if not fresh:
        return 0
    with storage.changing() as tx:
        revisions = {rule.id: rule.revision for rule in tx.rules.some(r.id for r, _ in fresh)}
        fresh_still = [pair for pair in fresh if revisions.get(pair[0].id) == pair[0].revision]
        note(tx, fresh_still, now=storage.now())
        for rule, renewed in fresh_still:
            if replace(renewed, expansion=rule.expansion) != rule:
                tx.rules.update(replace(renewed, revision=rule.revision + 1))
            else:
                tx.rules.expanded(rule.id, fingerprint, revision=rule.revision)
    return len(fresh)
