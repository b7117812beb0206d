"""What the search index must hold for an article before a rule can hold for it.

Made of the rule's plan, the ways in which a text may hold each term, so it follows whatever the
matcher can find. The answer is always a superset: the matcher has the last word.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from rules.evaluate.proximity import longest_gap
from rules.languages import compounds
from rules.languages.inflection import (
    has_short_stem,
)
from rules.languages.match_types import MatchType
from rules.patterns.multiword import farthest
from rules.patterns.pattern import EVERYWHERE, Pattern, Plan, Slot
from rules.patterns.planner import Planner
from rules.patterns.word_index import WordIndex
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
from rules.search.analyzer import LINE, LONG, TAIL, TITLE, word_token
from rules.search.glance import Glance
from rules.search.guesses import Guesses
from rules.search.word_lookups import (
    ALL_LETTERS,
    FEW_LETTERS,
    SOME_LETTERS,
    beginning,
    forms,
    joining,
    of_run,
    with_compounds,
)
from rules.text.tokenizer import words
from rules.text.wildcard import wildcard_pattern
from storage.api.lookup import Has, HasAll, HasAny, HasNear, Lookup
from storage.model import Rule, Variant

MOST_TOKENS = 60_000
"""A lookup of more different tokens costs more than it saves."""

_FEW_WORDS = 8
_MOST_COMPOUNDS = 200


class Presearch(NamedTuple):
    """What to look up for a rule.

    Attributes:
        certain: Fits every article for which the rule may hold; None when no lookup does, as
            for a regular expression, and for words that count in any spelling.
        likely: Where nothing is certain: fits articles that hold words in the spellings of the
            rule and of its variants, but no parts of words; None when no lookup does.
        glance: Says of articles that `likely` fits for which the rule cannot hold: in any
            spelling where `certain` is something, else in these.
    """

    certain: Lookup | None
    likely: Lookup | None
    glance: Glance


def presearch(rule: Rule, *, spoken: frozenset[str] = EVERYWHERE) -> Presearch:
    """Return what to look up for a rule.

    Args:
        spoken: The languages of the articles, as far as that is known; of variants of others
            `likely` knows nothing.

    Raises:
        rules.query.lexer.QuerySyntaxError: Its query cannot be read.
    """
    if spoken:
        kept = tuple(each for each in rule.variants if _may_be_in(each, spoken))
        looked = _presearch(replace(rule, variants=kept))
        if looked.certain is None:  # nor is it with more variants
            return looked
    return _presearch(rule)


def _may_be_in(variant: Variant, spoken: frozenset[str]) -> bool:
    return not variant.language or variant.kind == "name" or variant.language in spoken


def _presearch(rule: Rule) -> Presearch:
    query = parsed(rule.query)
    index = WordIndex()
    plan = Planner(index).plan(rule, query)
    certain = certain_lookup(query.tree, plan, index)
    likely = certain or _lookup(query.tree, plan, index, any_spelling=False)
    glance = Glance(query.tree, plan, index, any_spelling=certain is not None)
    return Presearch(certain, likely, glance)


def _lookup(
    query: Query,
    plan: Plan,
    index: WordIndex,
    *,
    any_spelling: bool,
    certain: bool = True,
    guesses: Guesses | None = None,
) -> Lookup | None:
    needs = _Needs(plan, index, any_spelling=any_spelling, certain=certain)
    needs.guesses = guesses
    lookup = needs.of(query)
    return None if lookup is None or is_too_long(lookup) else lookup


def certain_lookup(query: Query, plan: Plan, index: WordIndex) -> Lookup | None:
    """Return `Presearch.certain`."""
    return _lookup(query, plan, index, any_spelling=True)


def by_letters(
    query: Query, plan: Plan, index: WordIndex, guesses: Guesses | None = None
) -> Lookup | None:
    """Return what every article fits in which no word is guessed to be another spelling of one.

    Args:
        guesses: What was heard in the archive: then that counts, too, and every article fits.
    """
    return _lookup(query, plan, index, any_spelling=True, certain=False, guesses=guesses)


class _Needs:
    """Turns a plan into lookups; None stands for any article.

    Args:
        any_spelling: If not, neither cognates count nor what is inside of longer words.
        certain: Whether cognates count, for which no lookup is enough.

    Attributes:
        guesses: If not, what an archive has that may be cognates.
    """

    guesses: Guesses | None = None

    def __init__(
        self,
        plan: Plan,
        index: WordIndex,
        *,
        any_spelling: bool,
        certain: bool,
    ) -> None:
        self._plan = plan
        self._index = index
        self._any_spelling = any_spelling
        self._certain = certain
        few = len(index) <= _FEW_WORDS
        self._short = ALL_LETTERS if few else FEW_LETTERS if any_spelling else SOME_LETTERS

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
        if pattern.fuzzy and self._any_spelling and self._certain:
            return None
        together = self._compounds(pattern) if pattern.farthest >= MatchType.COMPOUND else {}
        slots = [self._slot(place, pattern, together) for place in range(len(pattern.slots))]
        apart = _farthest(pattern)
        if apart is None or None in slots:
            way = _every(slots)
        else:
            parts = tuple(slot for slot in slots if slot is not None)
            way = HasNear(parts, apart, pattern.ordered)
        if self.guesses is None or not pattern.fuzzy:
            return way
        return _some([way, *self.guesses.of_all(pattern, self._index)])

    def _slot(
        self, place: int, pattern: Pattern, together: dict[int, list[Lookup]]
    ) -> Lookup | None:
        slot = pattern.slots[place]
        needed = sorted(slot.needed)
        if not self._certain:
            needed = [number for number in needed if not self._index.entry(number).phonetic]
        lookups = [self._entry(number, pattern, slot) for number in needed]
        lookups += [lookup for number in needed for lookup in together.get(number, ())]
        if self.guesses is not None and pattern.fuzzy:
            lookups += self.guesses.of_slot(pattern, place, self._index)
            return _some(lookups) if lookups else HasAny(())
        return _some(lookups)

    def _entry(self, number: int, pattern: Pattern, slot: Slot) -> Lookup | None:
        """Return what a text needs in which this word of the index is found."""
        entry = self._index.entry(number)
        if not entry.folded:
            head = word_token(wildcard_pattern(entry.text).head)
            return Has(head, begins=True) if head else None
        if words(entry.text)[0].is_run:
            return of_run(entry.folded)
        token = word_token(entry.folded)
        if not token:
            return None
        if pattern.farthest <= MatchType.FOLDED:
            return Has(token)
        named = has_short_stem(entry.text, entry.folded)
        via = slot.via.get(number, pattern.via)
        if pattern.farthest < MatchType.COMPOUND or not entry.alone or not self._any_spelling:
            return HasAny(forms(entry.folded, named, self._short))
        languages = joining(via.languages if via is not None else EVERYWHERE)
        return HasAny(with_compounds(entry.folded, named, languages, self._short))

    def _compounds(self, pattern: Pattern) -> dict[int, list[Lookup]]:
        """Return, for each word of the index, the compounds of two of the pattern's words."""
        numbers = {number for slot in pattern.slots for number in slot.entries}
        pairs = [
            (first, other)
            for first in sorted(numbers)
            for other in sorted(self._index.entry(first).followers.keys() & numbers)
        ]
        precise = len(pairs) <= _MOST_COMPOUNDS
        by_entry: dict[int, list[Lookup]] = {}
        for first, other in pairs:
            begin = self._index.entry(first).folded
            rest = beginning(self._index.entry(other)) if precise else ""
            for link in compounds.LINKS if rest else ("",):
                token = word_token(begin + link + rest)
                for number in (first, other) if token else ():
                    by_entry.setdefault(number, []).append(Has(token, begins=True))
        return by_entry


def _farthest(pattern: Pattern) -> int | None:
    """Return how many lines apart the words of a pattern stand at most, as the index has them.

    Of words in order, each from the one before. None where nothing is known: of one word; and of
    more than two in any order, since one that comes again and again may stand between others
    that are far apart.
    """
    slots = pattern.slots
    if len(slots) < 2 or (len(slots) > 2 and not pattern.ordered):
        return None
    apart = [_apart(one, other, pattern) for one, other in pairwise(slots)]
    return (max(apart) + LINE - 1) // LINE


def _apart(one: Slot, other: Slot, pattern: Pattern) -> int:
    """Return how far behind where the index has a word the next one begins, in letters."""
    # The index has a word where it begins, or up to LONG letters before; if torn, its beginning.
    long = LONG if pattern.farthest < MatchType.COMPOUND else 2 * LONG
    if pattern.ordered:
        return long + _more(one) + farthest(other.before)
    return long + max(_more(one), _more(other)) + longest_gap(pattern)


def _more(slot: Slot) -> int:
    """Return how many letters words of a slot may take that stand behind the one looked for."""
    return max(
        (
            sum(LONG + farthest(before) for before in form.before[1:])
            for form in slot.multiword_forms
        ),
        default=0,
    )


def _in_title(lookup: Lookup) -> Lookup:
    match lookup:
        case Has(token, begins):  # ends of words are not told apart
            return lookup if token[0] == TAIL else Has(TITLE + token, begins)
        case HasAll(parts) | HasAny(parts) | HasNear(parts):
            return replace(lookup, parts=tuple(map(_in_title, parts)))


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
    some = tuple(flat) if kind is HasAll else _without_covered(flat)
    return some[0] if len(some) == 1 else kind(some)


def _without_covered(parts: Iterable[Lookup]) -> tuple[Lookup, ...]:
    """Return alternatives, each once, without tokens that begin as others may."""
    others: dict[tuple[object, ...], Lookup] = {}
    tokens: list[Has] = []
    for part in parts:
        if isinstance(part, Has):
            tokens.append(part)
        else:
            others.setdefault(_kind(part), part)
    kept: list[Lookup] = []
    begun = ""
    for has in sorted(tokens, key=lambda has: (has.token, not has.begins)):
        if begun and has.token.startswith(begun):
            continue
        kept.append(has)
        begun = has.token if has.begins else ""
    return (*kept, *others.values())


def _kind(part: HasAll | HasAny | HasNear) -> tuple[object, ...]:
    """Return what tells alternatives apart: of most it does not matter in which order parts are."""
    if not isinstance(part, HasNear):
        return (type(part), frozenset(part.parts))
    return (part.lines, part.ordered, part.parts if part.ordered else frozenset(part.parts))


def is_too_long(lookup: Lookup) -> bool:
    """Whether it has more tokens than the index is asked for at once."""
    return len(set(_tokens(lookup))) > MOST_TOKENS


def _tokens(lookup: Lookup) -> Iterator[Has]:
    if isinstance(lookup, Has):
        yield lookup
    else:
        for part in lookup.parts:
            yield from _tokens(part)
