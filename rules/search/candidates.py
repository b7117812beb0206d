"""Which stored articles rules may hold for, as far as the search index can say it.

Words of a rule may be guessed in other spellings, of which the index knows nothing: but not in the
languages that the rule is written in, nor a name in those in which a list has it. There articles
must hold the rule's words, or a variant's, by their letters; the others are all looked at.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rules.evaluate.counting import may_be_in
from rules.languages.scripts import has_other_letters
from rules.patterns.pattern import Pattern, Plan
from rules.patterns.planner import Planner
from rules.patterns.word_index import WordIndex
from rules.query.lexer import QuerySyntaxError
from rules.query.parsed import ParsedQuery, parsed
from rules.search.lookup import by_letters, certain_lookup
from storage.api import HasAny, HasIn, Holding
from storage.model import Rule, Variant

_NOWHERE: frozenset[str] = frozenset()


def lookup_of(rules: Iterable[Rule]) -> Holding | None:
    """Return a lookup that every stored article fits for which one of the rules may hold.

    For `tx.articles.recent(holding=...)` and `backtest.documents.stored(holding=...)`: nothing is
    lost against looking at every article. None, which both take, stands for every article: for
    regular expressions, for what only says what must not be there, and for words of a rule that
    may be guessed in any language.
    """
    lookups: list[Holding] = []
    for rule in rules:
        try:
            query = parsed(rule.query)
        except QuerySyntaxError:
            continue  # which matches nothing
        lookup = _of_rule(rule, query)
        if lookup is None:
            return None
        lookups.append(lookup)
    return _any_of(lookups) if lookups else None


def _any_of(lookups: list[Holding]) -> Holding | None:
    parts = tuple(each.part if isinstance(each, HasIn) else each for each in lookups)
    part = parts[0] if len(parts) == 1 else HasAny(parts)
    some = [each.languages for each in lookups if isinstance(each, HasIn)]
    if not some:
        return part
    languages = frozenset.intersection(*some)
    return HasIn(languages, part) if languages else None


def _of_rule(rule: Rule, query: ParsedQuery) -> Holding | None:
    """Return what a rule needs. Most of its variants are looked at only where they matter."""
    plan, index = _planned(rule, query, ())
    if certain_lookup(query.tree, plan, index) is not None:  # else nor is it with variants
        plan, index = _planned(rule, query, rule.variants)
        certain = certain_lookup(query.tree, plan, index)
        if certain is not None:
            return certain
    elif any(pattern.lone for pattern in _guessing(plan)):  # lists know it by variants
        plan, index = _planned(rule, query, rule.variants)
    languages = _without_guesses(plan)
    if not languages:
        return None
    kept = [each for each in rule.variants if _may_be_in(each, languages)]
    plan, index = _planned(rule, query, kept)
    part = by_letters(query.tree, plan, index)
    return None if part is None else HasIn(languages, part)


def _planned(rule: Rule, query: ParsedQuery, variants: Sequence[Variant]) -> tuple[Plan, WordIndex]:
    index = WordIndex()
    return Planner(index).plan(replace(rule, variants=tuple(variants)), query), index


def _may_be_in(variant: Variant, languages: frozenset[str]) -> bool:
    """Whether a variant counts in texts of one of some languages."""
    if not variant.language or variant.kind == "name":
        return True
    return any(may_be_in(frozenset({variant.language}), language) for language in languages)


def _without_guesses(plan: Plan) -> frozenset[str]:
    """Return the languages in which no word is guessed: as `rules.evaluate.counting` has it."""
    every = [_nowhere_guessed(pattern) for pattern in _guessing(plan)]
    return frozenset.intersection(*every) if every else _NOWHERE


def _guessing(plan: Plan) -> Iterator[Pattern]:
    """Yield the patterns for which words are guessed to be another spelling of one."""
    for term in plan.compiled.values():
        yield from (pattern for pattern in term.patterns if pattern.fuzzy)


def _nowhere_guessed(pattern: Pattern) -> frozenset[str]:
    if not pattern.lone:
        return pattern.written_in
    known = frozenset.intersection(*(slot.known_in for slot in pattern.slots))
    return frozenset(language for language in known if not has_other_letters(language))
