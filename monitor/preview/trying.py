"""What a rule would have found in the last 30 days, for who asks elsewhere than at a terminal."""

from datetime import datetime

from monitor.backtest.report import Backtest
from monitor.backtest.run import stored_backtest
from monitor.lexicons.registry import Lexicons
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.rules.queries import checked_query
from monitor.services.rules.rules import tried_rule
from storage.api.storage import Storage
from storage.model import Rule

LONGEST_S = 2.0
"""So long somebody waits; what was not looked at is told."""


def rule_tried(
    lexicons: Lexicons, query: str, *, now: datetime, strictness: str | None = None
) -> Rule:
    """Return the rule that a query would be.

    Raises:
        Refusal: The query cannot be one.
    """
    changes = RuleChanges(query=query)
    if strictness is not None:
        changes = RuleChanges(query=query, strictness=strictness)
    return tried_rule(query, lexicons.made(query, ""), now=now, changes=changes)


def tried(
    storage: Storage,
    lexicons: Lexicons,
    query: str,
    *,
    now: datetime,
    strictness: str | None = None,
) -> tuple[Rule, Backtest]:
    """Return the rule that a query would be, and what it would have done.

    Raises:
        Refusal: The query cannot be one.
    """
    checked_query(query)
    rule = rule_tried(lexicons, query, now=now, strictness=strictness)
    return rule, stored_backtest(storage, rule, now=now, longest_s=LONGEST_S)
