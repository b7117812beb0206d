"""Makes plans: how a rule's terms and variants may stand in a text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rules.data.tables import fillers, has_capital_nouns
from rules.languages.compounds import joins
from rules.languages.match_types import FAREST, Layer
from rules.patterns.ambiguity import only_in
from rules.patterns.name_patterns import named_ways, signed_name
from rules.patterns.pattern import Leaf, Plan, Refused, Sequel, Slot, Through, Way
from rules.patterns.rejections import refused, refusing
from rules.patterns.word_index import WordIndex
from rules.query.regex import LinearRegex, compile_linear
from rules.query.terms import content, small_words_before, symbols_around, text_terms, wild_words
from rules.query.tree import Exact, Keyword, Phrase, Query, Regex, Term, Wildcard
from rules.text.tokenizer import Word, words
from rules.text.wildcard import pattern
from storage.model import Rule, Variant, VariantState

_LEAST_OF_AN_ADJECTIVE = 2
_LEAST = 0.8
_LEAST_OF_SHORT = 0.885
_SHORT = 8.0
"""The score that a keyword needs across spellings: more if its words are short altogether and
are no name, since names travel between languages and short common words meet by chance."""

MOST_SPELLED_OUT = 12
_LEAST_TOGETHER = 6

_Variants = tuple[Variant, ...]
_BySpan = Mapping[tuple[str, ...], _Variants]


@dataclass(slots=True)
class Planner:
    """Makes plans that share one index, and shares the leaves of rules that ask the same."""

    index: WordIndex
    leaves: list[Leaf] = field(default_factory=list)
    _known: dict[tuple[Term, str, _Variants], Leaf] = field(default_factory=dict)

    def plan(self, rule: Rule, query: Query) -> Plan:
        """Make a rule ready, with those of its variants that count."""
        terms = list(dict.fromkeys(text_terms(query)))
        first = next((term for term in terms if isinstance(term, Keyword | Phrase)), None)
        variants = [variant for variant in rule.variants if counts(variant, rule.strictness)]
        leaves = {
            term: self._leaf(
                term, rule.strictness, variants_of(variants, term, is_first=term is first)
            )
            for term in terms
        }
        return Plan(rule, query, leaves)

    def _leaf(self, term: Term, strictness: str, variants: _Variants) -> Leaf:
        key = (term, strictness, variants)
        leaf = self._known.get(key)
        if leaf is None:
            leaf = self._new_leaf(term, strictness, variants)
            self._known[key] = leaf
            self.leaves.append(leaf)
        return leaf

    def _new_leaf(self, term: Term, strictness: str, variants: _Variants) -> Leaf:
        number = len(self.leaves)
        rejected = [variant for variant in variants if variant.state is VariantState.REJECTED]
        kept = [variant for variant in variants if variant.state is not VariantState.REJECTED]
        ways: list[Way] = []
        regex: LinearRegex | None = None
        match term:
            case Keyword(text):
                ways = self._keyword(text, strictness, _by_span(text, kept))
                label = text
                if _is_known_name(text, kept):
                    ways = [_as_name(way) for way in ways]
                if rejected:
                    by_word = self._refused_by_word(text, rejected, kept)
                    ways = [refusing(self.index, way, by_word) for way in ways]
            case Phrase(text):
                ways = [self._in_order(text, Layer.FOLDED)]
                label = text
            case Exact(text):
                ways = [self._in_order(text, Layer.FOLDED, exact=text)]
                label = f"={text}"
            case Wildcard(text):
                ways = [self._in_order(text, Layer.FOLDED, wild=True)]
                label = text
            case Regex(text):
                regex = compile_linear(text)
                label = f"/{text}/"
        for variant in kept:
            if variant.of in ("", label):
                ways.extend(self._variant(variant, strictness))
        whole = [each for each in rejected if each.of in ("", label)]
        return Leaf(number, label, tuple(ways), regex, refused(self.index, whole, kept))

    def _refused_by_word(
        self, text: str, rejected: Sequence[Variant], kept: Sequence[Variant]
    ) -> dict[str, tuple[Refused, ...]]:
        """Return what is refused for each word of a keyword."""
        found = {}
        own = content(text)
        for word in own:
            spans = (word.folded, "") if len(own) == 1 else (word.folded,)
            refused_here, kept_here = (
                [each for each in some if _one_word(each.of, text) in spans]
                for some in (rejected, kept)
            )
            found[word.folded] = refused(self.index, refused_here, kept_here)
        return found

    def _keyword(self, text: str, strictness: str, by_span: _BySpan) -> list[Way]:
        farthest = FAREST.get(strictness, Layer.COGNATE)
        if strictness == "exact":
            return [self._in_order(text, farthest)]
        several = len(text.split(" ")) > 1
        found = content(text)
        loose = farthest >= Layer.COGNATE and (len(found) > 1 or strictness == "broad")
        ways = []
        if several or len(found) == 1 or "-" in text:
            ways.append(self._near(found, text, farthest, loose=loose, by_span=by_span))
        else:
            ways.append(self._in_order(text, Layer.INFLECTED))
        joined = self._joined(found, farthest)
        if joined is not None:
            ways.append(joined)
        if loose and len(found) > 1:
            ways.extend(self._spelled_out(found, farthest, by_span))
            ways.extend(self._by_longer_spans(ways[0], found, by_span))
            ways.extend(named_ways(self.index, ways[0], found, text))
        if farthest >= Layer.COGNATE:
            ways.extend(self._in_latin(text, farthest))
        return ways

    def _in_latin(self, text: str, farthest: Layer) -> Iterable[Way]:
        """Yield the ways of a person's name that the rule writes in Han characters or hangul."""
        for other in signed_name(text):
            found = content(other)
            near = self._near(found, other, farthest, loose=True)
            near = replace(near, ordered=True, layer=Layer.COGNATE)
            yield near
            yield from named_ways(self.index, near, found, other)

    def _near(
        self,
        found: Sequence[Word],
        text: str,
        farthest: Layer,
        *,
        loose: bool,
        by_span: _BySpan | None = None,
    ) -> Way:
        slots = tuple(self._slot(word, text) for word in found)
        own = tuple(dict.fromkeys(slot.own for slot in slots))
        self.index.allow_compounds(own)
        if by_span and len(found) > 1:
            slots = self._with_variants(slots, found, by_span)
        if loose:
            self.index.allow_cognates(own)
        least = 0.0
        if loose:
            sounds = sum(self.index.entry(each).known.whole.weight for each in own)
            name = all(not word.text[0].islower() for word in found)
            least = _LEAST if name or sounds >= _SHORT else _LEAST_OF_SHORT
        return Way(slots, False, farthest, loose=loose, least=least)

    def _joined(self, found: Sequence[Word], farthest: Layer) -> Way | None:
        """Return the way in which the words are written as one: cybersecurity."""
        if not 2 <= len(found) <= 3 or any(word.is_run for word in found):
            return None
        together = "".join(word.text for word in found)
        if _letters(together) < _LEAST_TOGETHER or min(len(word.folded) for word in found) < 2:
            return None
        as_one = words(together)
        if len(as_one) != 1:
            return None
        entry = self.index.add(as_one[0])
        self.index.allow_compounds((entry,))
        return Way((Slot(frozenset({entry}), entry),), False, farthest, layer=Layer.COMPOUND)

    def _in_order(
        self, text: str, farthest: Layer, *, exact: str | None = None, wild: bool = False
    ) -> Way:
        """Return the way of a phrase: these words next to each other."""
        slots: list[Slot] = []
        pending: list[str] = []
        found = wild_words(text) if wild else words(text)
        small = fillers()
        carries_all = wild or all(word.folded in small for word in found)
        for place, word in enumerate(found):
            last = place == len(found) - 1
            if not carries_all and word.folded in small and slots and not last:
                pending.append(word.folded)
                continue
            slot = self._slot(word, text, wild=wild, before=tuple(pending))
            slots.append(slot)
            pending = []
        in_order = not (wild and any(word.is_run for word in found))
        return Way(tuple(slots), in_order, farthest, exact=exact)

    def _variant(self, variant: Variant, strictness: str) -> Iterable[Way]:
        """Yield the ways of a variant of a whole term."""
        if variant.kind == "acronym":
            yield from self._acronym(variant)
            return
        found = content(variant.text)
        if not found:
            return
        through = Through(variant.text, variant.score)
        if variant.kind == "name":
            yield replace(self._name(found, variant), through=through)
            return
        farthest = Layer.FOLDED if strictness == "exact" else Layer.COMPOUND
        near = self._near(found, variant.text, farthest, loose=False)
        language = only_in(variant, found)
        slots = near.slots
        if len(found) == 1 and _says_name(variant):
            slots = (self._as_name(slots[0], found[0]),)
        layer = Layer.VARIANT if variant.kind in ("user", "translation") else Layer.LEXICON
        if variant.kind == "word" and len(found) > 1:
            for way in self._in_its_order(variant.text, found, farthest):
                yield replace(way, layer=layer, language=language, through=through)
            return
        ordered = strictness == "exact"
        yield Way(slots, ordered, farthest, layer=layer, language=language, through=through)
        joined = self._joined(found, farthest)
        if joined is not None and strictness != "exact":
            yield replace(joined, layer=layer, language=language, through=through)

    def _in_its_order(self, text: str, found: Sequence[Word], farthest: Layer) -> Iterable[Way]:
        """Yield the ways of a form of several words from a list: as written, or turned around.

        Lists are not read by the rule's owner, so nothing else may stand between.
        """
        yield self._in_order(text, farthest)
        if len(found) == 2:
            yield self._in_order(f"{found[1].text} {found[0].text}", farthest)
        joined = self._joined(found, farthest)
        if joined is not None:
            yield joined

    def _acronym(self, variant: Variant) -> Iterable[Way]:
        found = words(variant.text)
        if len(found) != 1:
            return
        entry = self.index.add(found[0])
        yield Way(
            (Slot(frozenset({entry}), entry),),
            False,
            Layer.FOLDED,
            layer=Layer.ACRONYM,
            exact=variant.text,
            language=variant.language,
            through=Through(variant.text, variant.score),
        )

    def _name(self, found: Sequence[Word], variant: Variant) -> Way:
        """Return the way of a name in another language; a name is no part of a longer word."""
        slots = tuple(self._slot(word, variant.text) for word in found)
        if variant.text[0].isupper():
            slots = tuple(self._as_name(*each) for each in zip(slots, found, strict=True))
        layer = Layer.INFLECTED
        return Way(slots, False, layer, layer=Layer.LEXICON, language=variant.language)

    @staticmethod
    def _as_name(slot: Slot, word: Word) -> Slot:
        """Return the slot of a name: in lower case it is another word (ginebra is gin)."""
        return replace(slot, shouted=True, derived=len(word.text) + _LEAST_OF_AN_ADJECTIVE)

    def _spelled_out(
        self, found: Sequence[Word], farthest: Layer, by_span: _BySpan
    ) -> Iterable[Way]:
        """Yield the ways in which a name in a keyword has several words: UN, United Nations.

        Its words may then be cognates, too.
        """
        left = MOST_SPELLED_OUT
        for place, word in enumerate(found):
            for variant in by_span.get((word.folded,), ()):
                named = content(variant.text)
                if variant.kind != "name" or len(named) < 2 or not left:
                    continue
                left -= 1
                written = [*found[:place], *named, *found[place + 1 :]]
                text = " ".join(each.text for each in written)
                near = self._near(content(text), text, farthest, loose=True)
                through = Through(variant.text, variant.score)
                yield replace(near, layer=Layer.LEXICON, through=through)

    def _by_longer_spans(self, base: Way, found: Sequence[Word], by_span: _BySpan) -> Iterable[Way]:
        """Yield ways in which variants stand for several of the words together."""
        for start in range(len(found)):
            for end in range(start + 2, len(found) + (start > 0)):
                span = tuple(word.folded for word in found[start:end])
                variants = by_span.get(span, ())
                if variants:
                    weight = sum(slot.weight for slot in base.slots[start:end])
                    empty = Slot(frozenset(), -1, weight=weight)
                    slot = self._answered(empty, variants)
                    slots = (*base.slots[:start], slot, *base.slots[end:])
                    yield replace(base, slots=slots)

    def _with_variants(
        self, slots: Sequence[Slot], found: Sequence[Word], by_span: _BySpan
    ) -> tuple[Slot, ...]:
        """Let the variants of single words count, also as the parts of compounds."""
        variants = [by_span.get((word.folded,), ()) for word in found]
        result = [self._answered(*each) for each in zip(slots, variants, strict=True)]
        for place, slot in enumerate(result):
            for later in range(place + 1, len(result)):
                self._allow_compounds(slot, variants[place], result[later], variants[later])
        return tuple(result)

    def _answered(self, slot: Slot, variants: _Variants) -> Slot:
        """Return the slot with what else answers it."""
        entries: dict[int, Through] = {}
        sequels: list[Sequel] = []
        for variant in variants:
            found = content(variant.text)
            through = Through(variant.text, variant.score)
            numbers = [self.index.add(word) for word in found]
            if len(found) == 1 and numbers[0] != slot.own:
                entries.setdefault(numbers[0], through)
            elif len(found) > 1:
                before = small_words_before(found, variant.text)
                sequels.append(Sequel(tuple(numbers), before, through))
        return replace(
            slot,
            entries=slot.entries | entries.keys(),
            through=entries,
            sequels=tuple(sequels),
        )

    def _allow_compounds(
        self, left: Slot, of_left: _Variants, right: Slot, of_right: _Variants
    ) -> None:
        """Let two slots meet in one word, in languages that write compounds."""
        lefts = self._joinable(left, of_left)
        rights = self._joinable(right, of_right)
        for language in lefts.keys() | rights.keys():
            for one in lefts.get(language, ()) or [left.own]:
                for other in rights.get(language, ()) or [right.own]:
                    self.index.allow_compounds((one, other))
                if right.own >= 0:
                    self.index.allow_compounds((one, right.own))
            for other in rights.get(language, ()) if left.own >= 0 else ():
                self.index.allow_compounds((left.own, other))

    def _joinable(self, slot: Slot, variants: _Variants) -> dict[str, list[int]]:
        """Return the slot's one-word variants by language, where that writes compounds.

        Names count in every such language.
        """
        found: dict[str, list[int]] = {}
        for variant in variants:
            entry = next((e for e, t in slot.through.items() if t.text == variant.text), None)
            if entry is not None and (not variant.language or joins(variant.language)):
                found.setdefault(variant.language, []).append(entry)
        everywhere = found.pop("", [])
        return {language: [*each, *everywhere] for language, each in found.items()} | (
            {"": everywhere} if everywhere else {}
        )

    def _slot(
        self, word: Word, text: str, *, wild: bool = False, before: tuple[str, ...] = ()
    ) -> Slot:
        if wild and ("*" in word.text or "?" in word.text):
            entry = self.index.add_pattern(pattern(word.text))
            return Slot(frozenset({entry}), entry, before)
        entry = self.index.add(word)
        prefix, suffix = symbols_around(text, word)
        shouted = word.text.isupper() and word.folded in fillers()
        length = len(word.folded)
        weight = float(min(length, 8))
        own = frozenset({entry})
        return Slot(own, entry, before, prefix, suffix, shouted, weight, length=length)


def _one_word(of: str, text: str) -> str | None:
    """Return the word that a variant stands for, folded; "" for the whole keyword, else None."""
    if of in ("", text):
        return ""
    found = content(of)
    return found[0].folded if len(found) == 1 else None


def _is_known_name(text: str, variants: Iterable[Variant]) -> bool:
    """Whether a keyword is written as a name, and a list knows it as one."""
    if not all(word.text[0].isupper() for word in content(text)):
        return False
    return any(variant.kind == "name" and variant.of in ("", text) for variant in variants)


def _as_name(way: Way) -> Way:
    """Return the way with its words as names: in lower case they are other words."""
    slots = tuple(
        replace(slot, shouted=True, derived=slot.length + _LEAST_OF_AN_ADJECTIVE, is_name=True)
        for slot in way.slots
    )
    return replace(way, slots=slots)


_FROM_ALL = ("all", "broad")


def counts(variant: Variant, strictness: str) -> bool:
    """Whether a variant is looked at: the owner's always, others where other languages count."""
    if variant.state is VariantState.REJECTED or variant.kind == "user":
        return True
    if variant.state is VariantState.PROPOSED:
        return strictness == "broad"
    return strictness in _FROM_ALL


def _says_name(variant: Variant) -> bool:
    """Whether the capital of a variant says that it is a name."""
    return variant.text[0].isupper() and not has_capital_nouns(variant.language)


def _letters(text: str) -> int:
    """Return the length of a word; a syllable of hangul counts as two letters."""
    return sum(2 if "\uac00" <= each <= "\ud7a3" else 1 for each in text)


def variants_of(variants: Sequence[Variant], term: Term, *, is_first: bool) -> _Variants:
    """Return the variants that concern a term: as a whole, or some of its words."""
    if not isinstance(term, Keyword | Phrase):
        return ()
    whole = {"", term.text} if is_first else {term.text}
    if isinstance(term, Phrase):
        return tuple(variant for variant in variants if variant.of in whole)
    held = tuple(word.folded for word in words(term.text))
    return tuple(variant for variant in variants if variant.of in whole or _holds(held, variant.of))


def _holds(held: tuple[str, ...], of: str) -> bool:
    """Whether the words of `of` stand among these, one behind the other."""
    span = tuple(word.folded for word in words(of))
    starts = range(len(held) - len(span) + 1)
    return bool(span) and any(held[at : at + len(span)] == span for at in starts)


def _by_span(text: str, variants: Sequence[Variant]) -> _BySpan:
    """Return the variants of some of a keyword's words by these words, folded."""
    found: dict[tuple[str, ...], _Variants] = {}
    for variant in variants:
        if variant.of and variant.of != text:
            span = tuple(word.folded for word in content(variant.of))
            found[span] = (*found.get(span, ()), variant)
    return found
