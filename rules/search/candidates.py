"""Which stored articles rules may hold for, as far as the search index can say it.

Words of a rule may be guessed in other spellings: but not in the languages that the rule is written
in, nor a name in those in which a list has it. Where an archive has others, its words are heard
(`rules.search.guesses`), and what may be meant is asked for, too.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from common.neighbours import may_be_in
from common.records import dataclass
from rules.languages.scripts import has_other_letters
from rules.patterns.pattern import Pattern, Plan
from rules.patterns.planner import Planner
from rules.patterns.word_index import WordIndex
from rules.query.lexer import QuerySyntaxError
from rules.query.parsed import ParsedQuery, parsed
from rules.search.guesses import Guesses, guessing
from rules.search.lookup import by_letters, certain_lookup, is_too_long
from storage.api.lookup import HasAny, HasIn, Holding
from storage.model import Rule, Variant

_NOWHERE: frozenset[str] = frozenset()


class ArchiveWords(Protocol):
    """The words of an archive: of all articles that are in its search index."""

    def languages(self) -> Collection[str]:
        """Return the languages of its articles, as far as they are known."""
        ...

    def words(self) -> Iterator[str]:
        """Yield the words that rules may hear, some lines at a time."""
        ...


def lookup_of(rules: Iterable[Rule], archive: ArchiveWords) -> Holding | None:
    """Return a lookup that every stored article fits for which one of the rules may hold.

    For `tx.articles.recent(holding=...)` and `backtest.documents.stored(holding=...)`: nothing is
    lost against looking at every article. None, which both take, stands for every article: for
    regular expressions, for what only says what must not be there, and for very long words.
    """
    return either_of(lookups_of(rules, archive))


def lookups_of(
    rules: Iterable[Rule], archive: ArchiveWords, *, most_guessed: int | None = None
) -> Iterator[Holding | None]:
    """Yield the same of each rule by itself, in order; each takes milliseconds.

    Args:
        most_guessed: Where the words of the archive must be heard for more rules than so many,
            these look at every article.
    """
    languages = frozenset(archive.languages())
    guesses = Guesses(languages)
    asked = [_asked(rule, languages, guesses) for rule in rules]
    guessed = sum(each.plan is not None for each in asked)
    if most_guessed is not None and guessed > most_guessed:
        yield from (each.known for each in asked)
        return
    if guessed:
        guesses.hear(archive.words())
    yield from (each.lookup(guesses) for each in asked)


def either_of(lookups: Iterable[Holding | None]) -> Holding | None:
    """Return a lookup that every article fits that fits one of some; None if that is too long."""
    known: list[Holding] = []
    for lookup in lookups:
        if lookup is None:
            return None
        known.append(lookup)
    parts = tuple(each.part if isinstance(each, HasIn) else each for each in known)
    part = parts[0] if len(parts) == 1 else HasAny(parts)
    if len(parts) > 1 and is_too_long(part):
        return None
    some = [each.languages for each in known if isinstance(each, HasIn)]
    if not some:
        return part
    languages = frozenset.intersection(*some)
    return HasIn(languages, part) if languages else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known of what a rule needs before the words of the archive are heard.

    Attributes:
        plan, index: What was listened for, if anything is.
    """

    known: Holding | None = None
    plan: Plan | None = None
    index: WordIndex | None = None

    def lookup(self, guesses: Guesses) -> Holding | None:
        if self.plan is None or self.index is None:
            return self.known
        return by_letters(self.plan.query, self.plan, self.index, guesses)


def _asked(rule: Rule, spoken: frozenset[str], guesses: Guesses) -> _Asked:
    """Return what a rule needs. Most of its variants are looked at only where they matter."""
    try:
        query = parsed(rule.query)
    except QuerySyntaxError:
        return _Asked(HasAny(()))
    plan, index = _planned(rule, query, ())
    if certain_lookup(query.tree, plan, index) is not None:  # else nor is it with variants
        plan, index = _planned(rule, query, rule.variants)
        certain = certain_lookup(query.tree, plan, index)
        if certain is not None:
            return _Asked(certain)
    elif any(pattern.lone for pattern in guessing(plan)):  # lists know it by variants
        plan, index = _planned(rule, query, rule.variants)
    at_home = _without_guesses(plan)
    if at_home and spoken <= at_home:
        kept = [each for each in rule.variants if _may_be_in(each, at_home)]
        plan, index = _planned(rule, query, kept)
        part = by_letters(query.tree, plan, index)
        return _Asked(None if part is None else HasIn(at_home, part))
    plan, index = _planned(rule, query, rule.variants)
    return _Asked(None, plan, index) if guesses.listen(plan, index) else _Asked()


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
    every = [_nowhere_guessed(pattern) for pattern in guessing(plan)]
    return frozenset.intersection(*every) if every else _NOWHERE


def _nowhere_guessed(pattern: Pattern) -> frozenset[str]:
    if not pattern.lone:
        return pattern.written_in
    known = frozenset.intersection(*(slot.known_in for slot in pattern.slots))
    return frozenset(language for language in known if not has_other_letters(language))
