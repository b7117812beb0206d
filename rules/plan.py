"""A rule made ready: its query, and for each term the ways in which a text may hold it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rules.index import WordIndex
from rules.languages.layers import FAREST, Layer
from rules.languages.lexicon import Form, Lexicon
from rules.languages.tables import fillers
from rules.query import Exact, Field, Keyword, Phrase, Query, Regex, Term, Wildcard, children
from rules.regex import LinearRegex, compile_linear
from rules.wildcard import pattern
from rules.words import Word, words
from storage.model import Rule, Variant

MANY = 30
"""Of more alternatives than this, only the possible ones are tried."""

_LEAST_TO_TURN = 4
_LEAST_OF_AN_ADJECTIVE = 2
_SYMBOLS = "+#@$€£%&"
_LEAST = 0.8
_LEAST_OF_SHORT = 0.885
_SHORT = 8.0
"""The score that a keyword needs across spellings: more if its words are short altogether and
are no name, since names travel between languages and short common words meet by chance."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One word of a term.

    Attributes:
        entries: The words of the index that answer it, its own first.
        own: The entry of the word as the rule writes it.
        before: Small words that must stand before it, when the order counts.
        prefix, suffix: Symbols that must touch it, as in "C++" and "#hashtag".
        shouted: It is an acronym that is a small word in lower case, as in WHO.
        weight: What it counts in the score of the term.
        derived: So long must a word be that counts in lower case all the same: an adjective
            made of a name (genevois, женевский); 0 for never.
    """

    entries: frozenset[int]
    own: int
    before: tuple[str, ...] = ()
    prefix: str = ""
    suffix: str = ""
    shouted: bool = False
    weight: float = 1.0
    derived: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way to hold a term: all slots near each other, or in order without a gap.

    Attributes:
        farthest: The farthest layer that counts.
        loose: Whether cognates count.
        least: The score that a find needs.
        layer: What every find of this way is called, if not by its words.
        exact: The text that a find must be, letter by letter, or None.
        language: Only in articles of this language, if they and it are known.
    """

    slots: tuple[Slot, ...]
    ordered: bool
    farthest: Layer
    loose: bool = False
    least: float = 0.0
    layer: Layer | None = None
    exact: str | None = None
    language: str = ""


@dataclass(slots=True, eq=False)
class Leaf:
    """A term of one or more rules.

    Attributes:
        number: Its place among the leaves of the plan.
        label: What evidence calls it.
        regex: For a regular expression, which has no ways.
    """

    number: int
    label: str
    ways: tuple[Way, ...]
    regex: LinearRegex | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule ready to be evaluated; `leaves` has each term of its query."""

    rule: Rule
    query: Query
    leaves: Mapping[Term, Leaf]
    _choices: dict[int, tuple[Mapping[int, Query], Sequence[Query]]] = field(default_factory=dict)

    def possible_parts(
        self, parts: tuple[Query, ...], possible: frozenset[int]
    ) -> tuple[Query, ...]:
        """Return those of many alternatives that may hold, given the leaves that may."""
        if id(parts) not in self._choices:
            self._choices[id(parts)] = (
                {self.leaves[part].number: part for part in parts if isinstance(part, Term)},
                [part for part in parts if not isinstance(part, Term)],
            )
        terms, others = self._choices[id(parts)]
        return (*(terms[number] for number in terms.keys() & possible), *others)


@dataclass(slots=True)
class Planner:
    """Makes plans that share one index, and shares the leaves of rules that ask the same."""

    index: WordIndex
    lexicons: Sequence[Lexicon] = ()
    leaves: list[Leaf] = field(default_factory=list)
    _known: dict[tuple[Term, str, tuple[Variant, ...]], Leaf] = field(default_factory=dict)

    def plan(self, rule: Rule, query: Query) -> Plan:
        """Make a rule ready.

        The rule's variants stand beside its first keyword or phrase.
        """
        terms = list(dict.fromkeys(_text_terms(query)))
        first = next((term for term in terms if isinstance(term, Keyword | Phrase)), None)
        leaves = {
            term: self._leaf(term, rule.strictness, rule.variants if term is first else ())
            for term in terms
        }
        return Plan(rule, query, leaves)

    def _leaf(self, term: Term, strictness: str, variants: tuple[Variant, ...]) -> Leaf:
        key = (term, strictness, variants)
        leaf = self._known.get(key)
        if leaf is None:
            leaf = self._new_leaf(term, strictness, variants)
            self._known[key] = leaf
            self.leaves.append(leaf)
        return leaf

    def _new_leaf(self, term: Term, strictness: str, variants: tuple[Variant, ...]) -> Leaf:
        number = len(self.leaves)
        ways: list[Way] = []
        regex: LinearRegex | None = None
        match term:
            case Keyword(text):
                ways = self._keyword(text, strictness)
                label = text
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
        for variant in variants:
            ways.extend(self._variant(variant, strictness))
        return Leaf(number, label, tuple(ways), regex)

    def _keyword(self, text: str, strictness: str) -> list[Way]:
        farthest = FAREST.get(strictness, Layer.COGNATE)
        if strictness == "exact":
            return [self._in_order(text, farthest)]
        several = len(text.split(" ")) > 1
        content = _content(text)
        loose = farthest >= Layer.COGNATE and (len(content) > 1 or strictness == "broad")
        ways = []
        if several or len(content) == 1 or "-" in text:
            ways.append(self._near(content, text, farthest, loose=loose))
        else:
            ways.append(self._in_order(text, Layer.INFLECTED))
        joined = self._joined(content, farthest)
        if joined is not None:
            ways.append(joined)
        if loose and len(content) > 1:
            ways.extend(self._spelled_out(content, farthest))
        if farthest >= Layer.COGNATE:
            ways.extend(self._acronym(content, least=3 if strictness == "broad" else 4))
            ways.extend(self._from_lexicons(text))
        return ways

    def _acronym(self, content: list[Word], *, least: int) -> Iterable[Way]:
        """Yield the way of the initials of a name of three words or more: UNODC."""
        if len(content) < 3 or any(word.is_run or not word.text[0].isupper() for word in content):
            return
        initials = "".join(word.text if word.text.isupper() else word.text[0] for word in content)
        if not least <= len(initials) <= 8:
            return
        for written in (initials, *_turned(initials)):
            entry = self.index.add(words(written)[0])
            slot = Slot(frozenset({entry}), entry)
            yield Way((slot,), False, Layer.FOLDED, layer=Layer.ACRONYM, exact=written)

    def _near(
        self, content: list[Word], text: str, farthest: Layer, *, loose: bool, names: bool = True
    ) -> Way:
        slots = tuple(self._slot(word, text) for word in content)
        own = tuple(dict.fromkeys(slot.own for slot in slots))
        self.index.allow_compounds(own)
        if loose and names and len(content) > 1:
            slots = self._with_translations(slots, content)
        if loose:
            self.index.allow_cognates(own)
        least = 0.0
        if loose:
            sounds = sum(self.index.entry(each).known.whole.weight for each in own)
            name = all(not word.text[0].islower() for word in content)
            least = _LEAST if name or sounds >= _SHORT else _LEAST_OF_SHORT
        return Way(slots, False, farthest, loose=loose, least=least)

    def _joined(self, content: list[Word], farthest: Layer) -> Way | None:
        """Return the way in which the words are written as one: cybersecurity."""
        if not 2 <= len(content) <= 3 or any(word.is_run for word in content):
            return None
        together = "".join(word.text for word in content)
        if len(together) < 6 or min(len(word.folded) for word in content) < 2:
            return None
        found = words(together)
        if len(found) != 1:
            return None
        entry = self.index.add(found[0])
        self.index.allow_compounds((entry,))
        return Way((Slot(frozenset({entry}), entry),), False, farthest, layer=Layer.COMPOUND)

    def _in_order(
        self, text: str, farthest: Layer, *, exact: str | None = None, wild: bool = False
    ) -> Way:
        """Return the way of a phrase: these words next to each other."""
        slots: list[Slot] = []
        pending: list[str] = []
        found = _wild_words(text) if wild else words(text)
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
        farthest = Layer.FOLDED if strictness == "exact" else Layer.COMPOUND
        content = _content(variant.text)
        if not content:
            return
        near = self._near(content, variant.text, farthest, loose=False)
        short = sum(len(word.folded) for word in content) <= 3
        language = variant.language if short else ""
        layer = Layer.VARIANT
        yield Way(near.slots, strictness == "exact", farthest, layer=layer, language=language)
        joined = self._joined(content, farthest)
        if joined is not None and strictness != "exact":
            yield Way(joined.slots, False, farthest, layer=layer, language=language)

    def _from_lexicons(self, text: str) -> Iterable[Way]:
        for form in self._names(text):
            content = _content(form.text)
            if content:
                yield self._translated(content, form)

    def _translated(self, content: list[Word], form: Form) -> Way:
        """Return the way of a name in another language; a name is no part of a longer word."""
        capital = form.text[0].isupper()
        slots = tuple(
            replace(
                self._slot(word, form.text),
                shouted=capital,
                derived=len(word.text) + _LEAST_OF_AN_ADJECTIVE,
            )
            for word in content
        )
        layer = Layer.INFLECTED
        return Way(slots, False, layer, layer=Layer.LEXICON, language=form.language)

    def _spelled_out(self, content: list[Word], farthest: Layer) -> Iterable[Way]:
        """Yield the ways in which a name in a keyword has several words: UN, United Nations."""
        for place, word in enumerate(content):
            for form in self._names(word.text):
                named = _content(form.text)
                if len(named) > 1:
                    written = [*content[:place], *named, *content[place + 1 :]]
                    text = " ".join(each.text for each in written)
                    near = self._near(_content(text), text, farthest, loose=True, names=False)
                    yield replace(near, layer=Layer.LEXICON)

    def _names(self, text: str) -> Iterable[Form]:
        return (form for lexicon in self.lexicons for form in lexicon.forms(text))

    def _with_translations(self, slots: tuple[Slot, ...], content: list[Word]) -> tuple[Slot, ...]:
        """Let names count in other languages, too, also as the first part of a compound."""
        own = [slot.own for slot in slots]
        result = []
        for place, (slot, word) in enumerate(zip(slots, content, strict=True)):
            others = self._translations(word)
            rest = own[place + 1 :]
            for other in sorted(others) if rest else ():
                self.index.allow_compounds((other, *rest))
            result.append(replace(slot, entries=slot.entries | others))
        return tuple(result)

    def _translations(self, word: Word) -> frozenset[int]:
        """Return the entries of what a word beside others is called in other languages."""
        found: set[int] = set()
        for form in self._names(word.text):
            content = _content(form.text)
            if len(content) == 1:
                found.add(self.index.add(content[0]))
        return frozenset(found)

    def _slot(
        self, word: Word, text: str, *, wild: bool = False, before: tuple[str, ...] = ()
    ) -> Slot:
        if wild and ("*" in word.text or "?" in word.text):
            entry = self.index.add_pattern(pattern(word.text))
            return Slot(frozenset({entry}), entry, before)
        entry = self.index.add(word)
        prefix, suffix = _symbols(text, word)
        shouted = word.text.isupper() and word.folded in fillers()
        weight = float(min(len(word.folded), 8))
        return Slot(frozenset({entry}), entry, before, prefix, suffix, shouted, weight)


def _text_terms(query: Query) -> Iterable[Term]:
    """Yield the terms that are looked for in title and text, in the order of the query."""
    match query:
        case Keyword() | Phrase() | Exact() | Wildcard() | Regex():
            yield query
        case Field(name, part):
            if name in ("title", "text"):
                yield from _text_terms(part)
        case _:
            for part in children(query):
                yield from _text_terms(part)


def _content(text: str) -> list[Word]:
    """Return the words of a keyword that count: without small words before the last one.

    A small word in capitals (IT, WHO) counts, and so does one at the end (vitamin d).
    """
    found = words(text)
    small = fillers()
    kept = [
        word
        for place, word in enumerate(found)
        if not (word.folded in small and _is_small(text, word, last=place == len(found) - 1))
    ]
    return kept or found


def _is_small(text: str, word: Word, *, last: bool) -> bool:
    before, after = text[word.start - 1 : word.start], text[word.end : word.end + 1]
    if "-" in (before, after):  # it-brottslighet, Al-Shabaab
        return False
    if len(word.folded) == 1 and before and before in "'’:":  # Ocean's, FN:s
        return True
    return not last and not (word.text.isupper() and len(word.text) > 1)


def _turned(initials: str) -> list[str]:
    """Return initials in the order of languages that put the noun first: OTAN, ONUDC."""
    if len(initials) < _LEAST_TO_TURN:
        return []
    turned = [initials[:count][::-1] + initials[count:] for count in range(3, len(initials) + 1)]
    return [each for each in dict.fromkeys(turned) if each != initials]


# Letters that no rule uses, to carry the wildcards through the analysis.
_STAR, _MARK = "\ua66e", "\ua65e"
_TO_LETTERS = str.maketrans({"*": _STAR, "?": _MARK})
_TO_WILD = str.maketrans({_STAR: "*", _MARK: "?"})


def _wild_words(text: str) -> list[Word]:
    """Return the words of a wildcard term; `*` and `?` count as letters.

    Beside a script without spaces they say nothing, since its terms may begin anywhere.
    """
    return [
        replace(word, text=word.text.translate(_TO_WILD))
        for word in words(text.translate(_TO_LETTERS))
        if word.text.strip(_STAR + _MARK)
    ]


def _symbols(text: str, word: Word) -> tuple[str, str]:
    start, end = word.start, word.end
    while start > 0 and (text[start - 1] in _SYMBOLS or text[start - 1 : start] == "."):
        start -= 1
    while end < len(text) and text[end] in _SYMBOLS:
        end += 1
    return text[start : word.start], text[word.end : end]
