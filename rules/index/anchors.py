"""What of a term a text must hold: the words of which each alternative needs one a place.

Variants are named by what they stand for only: which of them count depends on the text's language,
and is looked up when the first text of it comes (`rules.index.term_index`). Everything here says at
least as much as `rules.patterns.planner`: a text that holds a term holds one of its alternatives,
and of each alternative every slot, of each slot one text, of each text every word (or, of two or
three words, all written as one).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from rules.data.tables import has_tones
from rules.languages.inflection import has_short_stem
from rules.languages.syllables import SyllableReadings
from rules.languages.verbs import MOST_WORDS, verb_places
from rules.patterns.cognates import least_together
from rules.patterns.designations import version_in, with_sign, without_spaces, written_otherwise
from rules.patterns.fuzzy_patterns import has_number, is_lone_name, said_as_names
from rules.patterns.name_patterns import has_name_patterns, has_parts
from rules.patterns.pattern import Pattern
from rules.patterns.planner import MOST_SPELLED_OUT, Planner
from rules.patterns.term import FuzzyWord, RuleWord
from rules.patterns.variants import parted
from rules.patterns.variants_in import Languages, tonal
from rules.patterns.word_index import WordIndex
from rules.query.terms import content, counting, in_phrase, may_have_several_words, wild_words
from rules.query.tree import Exact, Keyword, Phrase, Regex, Term, Wildcard
from rules.text.folding import fold, marks_of
from rules.text.tokenizer import Word, is_unspaced, words
from storage.variant_groups import VariantGroup, each_of

FORM, RUN, WHOLE, PART, BEGINNING = range(5)
"""How a word is looked for: in all its forms, anywhere in a run, as a whole word without endings,
anywhere in a word, where a word begins."""

_MOST_JOINED = 3
_WITHOUT_COGNATES = ("exact", "forms")


class Anchor(NamedTuple):
    """A word of a rule.

    Attributes:
        folded: The word.
        kind: How it is looked for.
        named: Whether its stem may be as short as a name's.
    """

    folded: str
    kind: int
    named: bool = False


class Text(NamedTuple):
    """A word or several that stand for a part of a term.

    Attributes:
        words: All must be there.
        joined: Or this word, which is all of them.
        length: How many words it has with its stop words.
        is_wide: Whether it begins or ends with a stop word, which an exact form of it holds.
        marks: Of each word, if other marks make another word of it.
    """

    words: tuple[Anchor, ...]
    joined: Anchor | None
    length: int
    is_wide: bool = False
    marks: tuple[int, ...] = ()


Span = tuple[str, ...]
"""The words of a term for which variants stand, folded; none for those of the whole term."""

WHOLE_TERM: Span = ()


class Slot(NamedTuple):
    """What answers one place of an alternative: any of these.

    Attributes:
        texts: Words of the rule itself.
        spans: Variants of these answer it, too.
    """

    texts: tuple[Text, ...]
    spans: tuple[Span, ...] = ()
    fuzzy: tuple[FuzzyWord, ...] = ()
    signs: tuple[SyllableReadings, ...] = ()


class Alternative(NamedTuple):
    """Slots that all must be answered.

    Attributes:
        fuzzy: Whether words may answer it by likeness.
        least: How like two words of it must be together, weighed by their lengths; 0 if that is
            not known.
        says_done, ordered: As `rules.patterns.pattern.Pattern` has it.
        is_listed: Whether what lists have of the keyword's words counts for its slots.
        in_a_row: Whether other versions may stand between a thing and its version.
    """

    slots: tuple[Slot, ...]
    fuzzy: bool = False
    least: float = 0.0
    says_done: bool = False
    ordered: bool = False
    is_listed: bool = False
    in_a_row: bool = False


def needs(
    term: Term, strictness: str, variants: Sequence[VariantGroup], written_in: Languages = ()
) -> tuple[Alternative, ...] | None:
    """Return what a term needs: one of the alternatives; None for a term that is always tried.

    Args:
        variants: Those that concern it and are not rejected.
        written_in: The language of the rule, or the few that it may be of.
    """
    match term:
        case Keyword(text):
            return _keyword(text, strictness, variants, written_in)
        case Phrase(text):
            return (_in_order(text), *_WHOLE[: any(each.of in ("", text) for each in variants)])
        case Exact(text):
            return (_in_order(text),)
        case Wildcard(text):
            parts = [part for word in wild_words(text) for part in _parts(word)]
            if not parts:
                return None
            return (Alternative(tuple(Slot((Text((part,), None, 1),)) for part in parts)),)
        case Regex():
            return None


_WHOLE = (Alternative((Slot((), (WHOLE_TERM,)),)),)


def _parts(word: Word) -> Iterator[Anchor]:
    """Yield the longest letters that every word has which a wildcard stands for."""
    pieces = [fold(piece) for piece in word.text.replace("?", "*").split("*")]
    if len(pieces) == 1:
        yield _anchor(word)
        return
    longest = max(pieces, key=len)
    if longest:
        yield Anchor(longest, BEGINNING if longest == pieces[0] else PART)


def _in_order(text: str) -> Alternative:
    return Alternative(tuple(map(_own, in_phrase(words(text)))))


def _own(word: Word, spans: tuple[Span, ...] = (), fuzzy: tuple[FuzzyWord, ...] = ()) -> Slot:
    return Slot((Text((_anchor(word),), None, 1),), spans, fuzzy)


def _keyword(
    text: str, strictness: str, variants: Sequence[VariantGroup], written_in: Languages
) -> tuple[Alternative, ...]:
    language = tonal(written_in)
    own = content(text, language)
    spans = {span_of(each.of, text, written_in) for each in variants}
    whole = _WHOLE if WHOLE_TERM in spans else ()
    if strictness == "exact":
        return (_in_order(text), *whole)
    slots = tuple([_own(word, ((word.folded,),)) for word in own])
    fuzzy = strictness not in _WITHOUT_COGNATES
    guessed = len(own) > 1 or strictness == "broad" or is_lone_name(own)
    lone = len(own) == 1 and strictness == "all"
    guessing = fuzzy and guessed
    verbs = verb_places([word.text for word in own], written_in)
    base = _base(text, own, slots, fuzzy=guessing, lone=lone, verbs=verbs)
    more = [base]
    together = _joined(own)
    if together is not None:
        more.append(Alternative((Slot((Text((together,), None, 1),)),)))
    if any(len(span) > 1 for span in spans):
        more += _longer(own, base._replace(slots=base.slots if base.fuzzy else slots), spans)
    if fuzzy and len(own) > 1:
        more += _spelled(text, own, variants)
    if (fuzzy and has_name_patterns(text)) or written_otherwise(without_spaces(text)):
        by_word = dict(zip((word.text for word in own), slots, strict=True))
        there = {each._replace(is_listed=False) for each in more}
        named = dict.fromkeys(_of_names(text, strictness, language, by_word))
        more += (each for each in named if each not in there)
    return (*more, *whole)


def span_of(of: str, text: str, written_in: Languages = ()) -> Span:
    """Return for which words of a term, in the language of its rule, a variant of these stands."""
    return WHOLE_TERM if of in ("", text) else _span(of, tonal(written_in))


@lru_cache(maxsize=10_000)
def _span(of: str, language: str) -> Span:
    return tuple(word.folded for word in content(of, language))


def _base(
    text: str,
    own: Sequence[Word],
    slots: tuple[Slot, ...],
    *,
    fuzzy: bool,
    lone: bool,
    verbs: Set[int],
) -> Alternative:
    """Return the alternative of a keyword's own words, or what stands for each."""
    if len(own) != 1 and not has_parts(text):
        return Alternative(tuple(map(_own, own)))
    if signed := with_sign(text):
        place = len(own) - version_in(text).count(".") - 1
        texts = (*slots[place].texts, Text((_anchor(words(signed)[0]),), None, 1))
        slots = (*slots[:place], slots[place]._replace(texts=texts), *slots[place + 1 :])
    if fuzzy:
        pairs, typed = zip(slots, own, strict=True), has_number(own)
        slots = tuple(
            [
                slot
                if place in verbs
                else Slot(slot.texts, slot.spans, _heard(word, lone, typed=typed))
                for place, (slot, word) in enumerate(pairs)
            ]
        )
    # With one variant for two of its words a longer keyword has so few that it may say it, too.
    says_done = len(own) > MOST_WORDS or (len(own) > 1 and bool(verbs))
    least, in_a_row = _least(own) if fuzzy else 0.0, bool(len(own) > 1 and version_in(text))
    return Alternative(slots, fuzzy, least, says_done, is_listed=True, in_a_row=in_a_row)


def _least(every: Sequence[Word]) -> float:
    """Return how like two words must be together, if it is two: of more, each counts less."""
    return least_together(every) if len(every) == 2 else 0.0


def _heard(word: Word, lone: bool, *, typed: bool) -> tuple[FuzzyWord, ...]:
    """Return a word of a keyword as other spellings may answer it, and as it may be said."""
    said = [FuzzyWord(text, phonetic=True, lone=lone) for text in said_as_names(word, typed=typed)]
    return (FuzzyWord(word.text, lone=lone), *said)


def _longer(own: Sequence[Word], base: Alternative, spans: Iterable[Span]) -> Iterator[Alternative]:
    """Yield the alternatives in which variants stand for several words together."""
    folded = tuple(word.folded for word in own)
    for way in parted(folded, frozenset(spans)):
        slots = list(base.slots)
        for places in reversed(way):
            taken = slice(places.start, places.stop)
            slots[taken] = [Slot((), (folded[taken],))]
        yield base._replace(slots=tuple(slots))


def _spelled(
    text: str, own: Sequence[Word], variants: Sequence[VariantGroup]
) -> Iterator[Alternative]:
    """Yield the alternatives in which a name in the keyword has several words."""
    for group in variants:
        span = span_of(group.of, text) if group.kind == "name" else WHOLE_TERM
        for place in (at for at, word in enumerate(own) if (word.folded,) == span):
            for named in _of_several_words(group.said):
                parts = [*own[:place], *content(named), *own[place + 1 :]]
                written = content(" ".join(part.text for part in parts))
                if len(written) == len(parts):  # as `rules.patterns.planner` has it
                    fuzzy = tuple([_own(each, fuzzy=(FuzzyWord(each.text),)) for each in written])
                    yield Alternative(fuzzy, True, _least(written), is_listed=True)


@lru_cache(maxsize=100)
def _of_several_words(said: str) -> list[str]:
    """Return the first ones of several words: so many of all are spelled out at most."""
    every = (text for _, text in each_of(said) if may_have_several_words(text))
    return list(islice((text for text in every if len(content(text)) > 1), MOST_SPELLED_OUT))


def _of_names(
    text: str, strictness: str, language: str, own: Mapping[str, Slot]
) -> Iterator[Alternative]:
    """Yield the alternatives of a name that other scripts write as one word or sign by sign.

    Args:
        own: What answers each of its words.
    """
    index = WordIndex()
    index.is_only_heard = True  # nothing is looked for in it: to file forms takes all endings
    for pattern in Planner(index).patterns_of(text, strictness, language):
        yield _as_alternative(index, pattern, own)


def _as_alternative(index: WordIndex, pattern: Pattern, own: Mapping[str, Slot]) -> Alternative:
    slots = []
    for slot in pattern.slots:
        entries = [(number, index.entry(number)) for number in sorted(slot.entries)]
        texts = [_text_of_entry(entry) for _, entry in entries if entry.folded]
        fuzzy = [
            FuzzyWord(entry.text, entry.phonetic, entry.together, entry.in_hangul)
            for _, entry in entries
            if entry.cognate and pattern.fuzzy
        ]
        signs = [name for number, _ in entries for name in index.signs_of(number)]
        spans: tuple[Span, ...] = ()
        for _, entry in entries:
            if entry.text in own and not entry.phonetic:
                texts += own[entry.text].texts
                spans += own[entry.text].spans
        texts = [*dict.fromkeys(texts)]  # as the keyword's own slots are, which may be the same
        slots.append(Slot(tuple(texts), spans, tuple(fuzzy), tuple(signs)))
    least = pattern.least if len(slots) == 2 else 0.0
    return Alternative(tuple(slots), pattern.fuzzy, least, ordered=pattern.ordered)


def _text_of_entry(entry: RuleWord) -> Text:
    word = Word(entry.text, entry.folded, 0, len(entry.text), is_unspaced(entry.text))
    return Text((_anchor(word),), None, 1)


@lru_cache(maxsize=500)
def text_of(text: str, language: str = "", *, as_written: bool = False) -> Text:
    """Return what a text of a language needs: of those that `rules.index.texts` leaves to it.

    Args:
        as_written: Whether it is an acronym that stands for a whole term, and counts as it is
            written only; for a part of one it may stand in a compound with the others.
    """
    every = tuple(words(text))
    if len(every) == 1:
        word = every[0]
        if as_written:
            return Text((Anchor(word.folded, RUN if word.is_run else WHOLE),), None, 1)
        return Text((_anchor(word),), None, 1, marks=_marks(every, language))
    found = counting(text, every, language)
    is_wide = bool(every) and not {every[0].start, every[-1].start} <= {w.start for w in found}
    marks = _marks(found, language)
    joined = None if has_tones(language) else _joined(found)  # as in `rules.patterns.planner`
    return Text(tuple(map(_anchor, found)), joined, len(every), is_wide, marks)


def _marks(found: Sequence[Word], language: str) -> tuple[int, ...]:
    """Return the marks of words where other ones make other words, each word another one."""
    if not has_tones(language) or len({word.folded for word in found}) < len(found):
        return ()
    return tuple(sum(marks_of(letter) for letter in word.text) for word in found)


def _joined(found: Sequence[Word]) -> Anchor | None:
    if not 2 <= len(found) <= _MOST_JOINED or any(word.is_run for word in found):
        return None
    as_one = words("".join(word.text for word in found))
    return _anchor(as_one[0]) if len(as_one) == 1 else None


def _anchor(word: Word) -> Anchor:
    if word.is_run:
        return Anchor(word.folded, RUN)
    return Anchor(word.folded, FORM, has_short_stem(word.text, word.folded))
