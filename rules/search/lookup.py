"""What the search index must hold for an article before a rule can hold for it.

Made of the rule's plan, the ways in which a text may hold each term, so it follows whatever the
matcher can find. The answer is always a superset: the matcher has the last word.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from rules.data.tables import languages
from rules.languages import compounds
from rules.languages.compounds import SHORTEST_TAIL
from rules.languages.inflection import (
    all_endings,
    has_short_stem,
    may_have_prefix,
    partners,
    prefixes,
    stems,
)
from rules.languages.match_types import MatchType
from rules.patterns.pattern import Pattern, Plan, Slot
from rules.patterns.planner import Planner
from rules.patterns.term import RuleWord
from rules.patterns.word_index import WordIndex
from rules.query.lexer import QuerySyntaxError
from rules.query.parsed import parsed
from rules.query.tree import (
    AllOf,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Near,
    Phrase,
    Query,
    Regex,
    Scored,
    Term,
    Weighted,
    Wildcard,
)
from rules.search.analyzer import TAIL, TITLE, run_pairs, tail_token, word_token
from rules.text.tokenizer import words
from rules.text.wildcard import wildcard_pattern
from storage.api import Has, HasAll, HasAny, Lookup
from storage.model import Rule

MOST_TOKENS = 20_000
"""A lookup of more tokens costs more than it saves."""

MOST_FORMS = 4_000
"""In a lookup of more tokens, words are looked up by their beginnings and not form by form."""

_MOST_LEVELS = 10
_MOST_COMPOUNDS = 200


class Presearch(NamedTuple):
    """What to look up for a rule.

    Attributes:
        certain: Fits every article for which the rule may hold; None when no lookup does, as
            for a regular expression, and for words that count in any spelling.
        likely: The same, but that words count only in the spellings of the rule and of its
            variants; None when no lookup does.
    """

    certain: Lookup | None
    likely: Lookup | None


def presearch(rule: Rule) -> Presearch:
    """Return what to look up for a rule.

    Raises:
        rules.query.lexer.QuerySyntaxError: Its query cannot be read.
    """
    query = parsed(rule.query)
    index = WordIndex()
    plan = Planner(index).plan(rule, query)
    certain = _lookup(query.tree, plan, index, any_spelling=True)
    return Presearch(certain, certain or _lookup(query.tree, plan, index, any_spelling=False))


def _lookup(query: Query, plan: Plan, index: WordIndex, *, any_spelling: bool) -> Lookup | None:
    for by_form in (True, False):
        needs = _Needs(plan, index, any_spelling=any_spelling, by_form=by_form)
        lookup = needs.of(query)
        if lookup is None:
            return None
        if _size(lookup) <= (MOST_FORMS if by_form else MOST_TOKENS):
            return _flatter(lookup, _MOST_LEVELS)
    return None


class _Needs:
    """Turns a plan into lookups; None stands for any article.

    Args:
        any_spelling: Whether cognates count, for which no lookup is enough.
        by_form: Whether to name every form of a word, or the beginning of them all.
    """

    def __init__(self, plan: Plan, index: WordIndex, *, any_spelling: bool, by_form: bool) -> None:
        self._plan = plan
        self._index = index
        self._any_spelling = any_spelling
        self._by_form = by_form

    def of(self, query: Query, *, in_title: bool = False) -> Lookup | None:
        match query:
            case Keyword() | Phrase() | Exact() | Wildcard() | Regex():
                lookup = self._term(query)
                return _in_title(lookup) if lookup is not None and in_title else lookup
            case AllOf(parts) | Near(parts, _):
                return _every(self.of(part, in_title=in_title) for part in parts)
            case AnyOf(parts):
                return _some(self.of(part, in_title=in_title) for part in parts)
            case Field("title" | "text" as name, part):
                return self.of(part, in_title=name == "title")
            case Weighted(part, _) | Scored(part, _):
                return self.of(part, in_title=in_title)
            case _:
                return None

    def _term(self, term: Term) -> Lookup | None:
        compiled_term = self._plan.compiled[term]
        if compiled_term.regex is not None or not compiled_term.patterns:
            return None
        return _some(map(self._way, compiled_term.patterns))

    def _way(self, pattern: Pattern) -> Lookup | None:
        if pattern.fuzzy and self._any_spelling:
            return None
        together = self._compounds(pattern) if pattern.farthest >= MatchType.COMPOUND else {}
        return _every(self._slot(slot, pattern, together) for slot in pattern.slots)

    def _slot(
        self, slot: Slot, pattern: Pattern, together: dict[int, list[Lookup]]
    ) -> Lookup | None:
        needed = sorted(slot.needed)
        lookups = [self._entry(number, pattern) for number in needed]
        return _some(
            [*lookups, *(lookup for number in needed for lookup in together.get(number, ()))]
        )

    def _entry(self, number: int, pattern: Pattern) -> Lookup | None:
        """Return what a text needs in which this word of the index is found."""
        entry = self._index.entry(number)
        if not entry.folded:
            head = word_token(wildcard_pattern(entry.text).head)
            return Has(head, begins=True) if head else None
        if words(entry.text)[0].is_run:
            return _of_run(entry.folded)
        token = word_token(entry.folded)
        if not token:
            return None
        if pattern.farthest <= MatchType.FOLDED:
            return Has(token)
        lookups: list[Lookup] = list(_forms(entry, by_form=self._by_form))
        if pattern.farthest >= MatchType.COMPOUND and entry.alone:
            lookups += _longer(entry)
            lookups += _in_two(entry)
            lookups += [Has(tail, begins=True) for tail in _tails(entry)]
        return HasAny(tuple(lookups))

    def _compounds(self, pattern: Pattern) -> dict[int, list[Lookup]]:
        """Return, for each word of the index, the compounds of two of the pattern's words."""
        numbers = {number for slot in pattern.slots for number in slot.entries}
        pairs = [
            (first, other)
            for first in sorted(numbers)
            for other in sorted(self._index.entry(first).followers & numbers)
        ]
        precise = len(pairs) <= _MOST_COMPOUNDS
        by_entry: dict[int, list[Lookup]] = {}
        for first, other in pairs:
            begin = self._index.entry(first).folded
            rest = _beginning(self._index.entry(other)) if precise else ""
            for link in compounds.LINKS if rest else ("",):
                token = word_token(begin + link + rest)
                for number in (first, other) if token else ():
                    by_entry.setdefault(number, []).append(Has(token, begins=True))
        return by_entry


def _forms(entry: RuleWord, *, by_form: bool) -> Iterator[Has]:
    """Yield the tokens of the word's forms, or with by_form False what they all begin with.

    So also in scripts that write small words onto the beginning: the forms would be too many.
    """
    if may_have_prefix(entry.folded):
        begin = _beginning(entry)
        for prefix in ("", *prefixes("")):
            yield Has(word_token(prefix + begin), begins=True)
    elif by_form:
        for form in dict.fromkeys(_inflected(entry, _alternating)):
            yield Has(word_token(form))
    else:
        yield Has(word_token(_beginning(entry)), begins=True)


def _inflected(entry: RuleWord, alternating: Callable[[str], frozenset[str]]) -> Iterator[str]:
    """Yield the forms of a word, folded."""
    for stem, own in _stems(entry):
        endings = alternating(own) if _takes_endings(stem) else {own}
        for ending in endings:
            yield stem + ending


@cache
def _takes_endings(stem: str) -> bool:
    """Whether a text's word may be this stem with an ending: it must be long enough."""
    return any(other == stem for other, _ in stems(stem + "a", frozenset("a"), named=True))


def _stems(entry: RuleWord) -> Iterator[tuple[str, str]]:
    return stems(entry.folded, all_endings(), named=has_short_stem(entry.text, entry.folded))


def _beginning(entry: RuleWord) -> str:
    """Return with what every form of the word begins."""
    return min((stem for stem, _ in _stems(entry)), key=len)


def _longer(entry: RuleWord) -> Iterator[Lookup]:
    """Yield what a text needs in which the word begins a longer one."""
    longer, cut = entry.folded + "xxx", len(entry.folded)
    if any(compounds.may_begin(longer, cut, code) for code in languages()):
        yield Has(word_token(entry.folded), begins=True)


def _in_two(entry: RuleWord) -> Iterator[Lookup]:
    """Yield what a text needs that writes the word as two: cyber security."""
    begin = _beginning(entry)
    for head in compounds.heads(entry.folded):
        first, rest = Has(word_token(head)), word_token(begin[len(head) :])
        yield HasAll((first, Has(rest, begins=True))) if rest else first


def _tails(entry: RuleWord) -> Iterable[str]:
    """Return the tokens of the ends of long words that end with a form of the word."""
    forms = _inflected(entry, _alternating_where_joined)
    return dict.fromkeys(tail_token(form) for form in forms if len(form) >= SHORTEST_TAIL)


@cache
def _alternating(own: str) -> frozenset[str]:
    """Return the endings that stand where this one stands, in any language."""
    return frozenset(ending for ending, others in partners("").items() if own in others) | {own}


@cache
def _alternating_where_joined(own: str) -> frozenset[str]:
    """Return the same of languages that write several words as one."""
    endings = {own}
    for code in filter(compounds.joins, languages()):
        endings.update(ending for ending, others in partners(code).items() if own in others)
    return frozenset(endings)


def _of_run(folded: str) -> Lookup | None:
    pairs = run_pairs(folded)
    if not pairs:
        return None
    if len(pairs[0]) == 1:
        return Has(pairs[0], begins=True)
    return HasAll(tuple(map(Has, dict.fromkeys(pairs))))


def _in_title(lookup: Lookup) -> Lookup:
    match lookup:
        case Has(token, begins):  # ends of words are not told apart
            return lookup if token[0] == TAIL else Has(TITLE + token, begins)
        case HasAll(parts):
            return HasAll(tuple(map(_in_title, parts)))
        case HasAny(parts):
            return HasAny(tuple(map(_in_title, parts)))


def _every(parts: Iterable[Lookup | None]) -> Lookup | None:
    known = [part for part in parts if part is not None]
    return _joined(HasAll, known) if known else None


def _some(parts: Iterable[Lookup | None]) -> Lookup | None:
    known: list[Lookup] = []
    for part in parts:
        if part is None:
            return None
        known.append(part)
    return _joined(HasAny, known) if known else None


def _joined(kind: type[HasAll] | type[HasAny], parts: Sequence[Lookup]) -> Lookup:
    """Return the parts as one lookup, each once, without brackets that are not needed."""
    flat: dict[Lookup, None] = {}
    for part in parts:
        within = part.parts if isinstance(part, HasAll | HasAny) else ()
        if isinstance(part, kind) or len(within) == 1:
            flat.update(dict.fromkeys(within))
        else:
            flat[part] = None
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))


def _size(lookup: Lookup) -> int:
    return 1 if isinstance(lookup, Has) else sum(map(_size, lookup.parts))


def _flatter(lookup: Lookup, levels: int) -> Lookup:
    if isinstance(lookup, Has):
        return lookup
    if levels == 0:
        return HasAny(tuple(_any_of(lookup)))
    return type(lookup)(tuple(_flatter(part, levels - 1) for part in lookup.parts))


def _any_of(lookup: Lookup) -> dict[Has, None]:
    """Return tokens of which each article that fits has one."""
    match lookup:
        case Has():
            return {lookup: None}
        case HasAll(parts):
            return min(map(_any_of, parts), key=len)
        case HasAny(parts):
            return {has: None for part in parts for has in _any_of(part)}


def lookup_of(rules: Iterable[Rule]) -> Lookup | None:
    """Return a lookup that every stored article fits for which one of the rules may hold.

    For `tx.articles.recent(holding=...)` and `backtest.documents.stored(holding=...)`: nothing is
    lost against looking at every article. None, which both take, stands for every article: for
    regular expressions, for what only says what must not be there, and for words of a rule that
    count in any spelling.
    """
    lookups = []
    for rule in rules:
        try:
            certain = presearch(rule).certain
        except QuerySyntaxError:
            continue  # which matches nothing
        if certain is None:
            return None
        lookups.append(certain)
    if len(lookups) == 1:
        return lookups[0]
    return HasAny(tuple(lookups)) if lookups else None
