"""What the configured translator proposes for the new queries of a rules file."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from monitor.rules_file.check import Checked
from monitor.rules_file.examples import Asked, Make, asked
from monitor.services.rules.rules import tried_rule
from monitor.translation.translate import Translation
from rules.expand.translations import is_translators
from rules.expand.variants import Made
from storage.model import Rule, stable_id

MadeOf = Mapping[Asked, Made]


def translated(
    checked: Checked,
    made: MadeOf,
    *,
    stored: Iterable[Rule],
    translation: Translation,
    now: datetime,
) -> tuple[MadeOf, dict[str, str]]:
    """Return the variants by query with the translator's, and what failed, by the rule's name.

    Never inside a transaction: it may take as long as the translator may take for each rule.

    Args:
        made: What the lists give for the queries that are new.
        stored: The rules that are there; what they exclude is no variant.
    """
    rules = [
        replace(
            tried_rule(wanted.query, Made(), now=now, changes=wanted.changes),
            id=stable_id("rule", wanted.entry.name),
            name=wanted.entry.name,
        )
        for wanted in checked.rules
        if asked(wanted) in made
    ]
    grown = dict(made)
    problems: dict[str, str] = {}
    for rule, proposals in zip(rules, translation.of_rules(rules, list(stored)), strict=True):
        key = (rule.query, rule.language)
        grown[key] = grown[key].with_others(proposals.variants)
        if proposals.problem:
            problems[rule.name] = proposals.problem
    return grown, problems


def translated_before(stored: Iterable[Rule], make: Make) -> MadeOf:
    """Return all variants of these rules' queries about which a translator has been asked before.

    So that an example which needs a translation is right when the file is applied again.
    """
    known: dict[Asked, Made] = {}
    for rule in stored:
        key = (rule.query, rule.language)
        said = tuple(filter(is_translators, rule.variants))
        if said:
            known[key] = make(*key).with_others(said)
    return known
