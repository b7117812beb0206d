"""Makes slots: what answers one word of a term, or several that a variant replaces together."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

from rules.data.tables import has_cases, has_tones, primary, separable
from rules.languages.compounds import joins
from rules.languages.match_types import MatchType
from rules.patterns.cognates import LEAST_ALONE
from rules.patterns.designations import version_in, with_sign
from rules.patterns.fuzzy_patterns import said_as_names
from rules.patterns.pattern import EVERYWHERE, MultiwordForm, Pattern, Slot, Via
from rules.patterns.variants import BySpan, Variants, parted
from rules.patterns.variants_in import Known, either, via_of
from rules.patterns.word_index import WordIndex
from rules.query.terms import content, is_identifier, stop_words_before, symbols_around
from rules.text.folding import fold
from rules.text.tokenizer import Word, words
from rules.text.wildcard import wildcard_pattern
from storage.model import Variant

LEAST_OF_AN_ADJECTIVE = 2
_LEAST_IN_A_COMPOUND = 4
_LEAST_OF_AN_ACRONYM = 2
_LONGEST_MIXED = 4
_MIXED = re.compile("[A-Z][A-Za-z]*[a-z][A-Za-z]*[A-Z]")
"""What begins and ends with a capital, with small letters between: AfD, PiS."""
_MOST_WEIGHT = 8
_NEVER = 1_000


def answered(index: WordIndex, slot: Slot, variants: Variants) -> Slot:
    """Return the slot with what else answers it."""
    entries: dict[int, Via] = {}
    multiword_forms: list[MultiwordForm] = []
    own_in: set[str] = set()
    for variant in variants:
        content_words = content(variant.text, variant.language)
        via = via_of(variant)
        numbers = [index.add(word) for word in content_words]
        if numbers == [slot.own]:
            own_in.add(primary(variant.language))
        elif len(content_words) == 1:
            entries[numbers[0]] = either(entries.get(numbers[0], via), via)
        elif len(content_words) > 1:
            before = stop_words_before(content_words, variant.text)
            apart = _is_separable(content_words, variant.language)
            multiword_forms.append(MultiwordForm(tuple(numbers), before, via, apart))
    return slot._replace(
        entries=slot.entries | entries.keys(),
        via=entries,
        own_in=_same(frozenset(own_in)),
        multiword_forms=tuple(multiword_forms),
    )


@lru_cache(maxsize=200)
def _same(languages: frozenset[str]) -> frozenset[str]:
    """Return the same for equal ones, as thousands of slots have."""
    return languages


def _is_separable(own_words: Sequence[Word], language: str) -> bool:
    """Whether words are a verb and what of it its language writes at the end of the clause."""
    return (
        len(own_words) == 2
        and own_words[0].text.islower()
        and own_words[1].text in separable(language)
    )


def allow_compounds(
    index: WordIndex, left: Slot, of_left: Variants, right: Slot, of_right: Variants
) -> None:
    """Let two slots meet in one word, in languages that write compounds.

    The same word in a language that writes none meets nothing: German has Vietnamese, too.
    """
    lefts = _joinable(left, of_left)
    rights = _joinable(right, of_right, is_last=True)
    of_own = [(left.own, EVERYWHERE)] if left.own >= 0 else []
    for language in lefts.keys() | rights.keys():
        for one, in_one in lefts.get(language, ()) or of_own:
            for other, in_other in rights.get(language, ()):
                index.allow_compounds((one, other), in_one or in_other)
            if right.own >= 0 and one != left.own:
                index.allow_compounds((one, right.own), in_one)
        for other, in_other in rights.get(language, ()) if left.own >= 0 else ():
            index.allow_compounds((left.own, other), in_other)


def _joinable(
    slot: Slot, variants: Variants, *, is_last: bool = False
) -> dict[str, list[tuple[int, frozenset[str]]]]:
    """Return the slot's one-word variants by language, where that writes compounds.

    Names count in every such language. Each comes with the languages of texts in which it
    counts.
    """
    by_word: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for variant in variants:
        if is_last and via_of(variant).is_begun:
            continue
        entry = next((e for e, t in slot.via.items() if t.text == variant.text), None)
        if entry is not None and (not variant.language or joins(variant.language)):
            own = (entry, via_of(variant).languages)
            by_word.setdefault(variant.language, []).append(own)
    everywhere = by_word.pop("", [])
    return {language: [*entries, *everywhere] for language, entries in by_word.items()} | (
        {"": everywhere} if everywhere else {}
    )


@lru_cache(maxsize=64)
def _alone(entry: int) -> frozenset[int]:
    """Return the set of one entry: thousands of terms, each with an index of its own, share it."""
    return frozenset({entry})


def slot_of(
    index: WordIndex,
    word: Word,
    text: str,
    *,
    wild: bool = False,
    before: tuple[str, ...] = (),
    language: str = "",
) -> Slot:
    """Return the slot of a word of a text."""
    if wild and ("*" in word.text or "?" in word.text):
        entry = index.add_wildcard(wildcard_pattern(word.text))
        return Slot(_alone(entry), entry, before)
    entry = index.add(word)
    prefix, suffix = symbols_around(text, word)
    cased = _is_acronym(word, text)
    length = len(word.folded)
    weight = weight_of(length)
    return Slot(
        _alone(entry),
        entry,
        before,
        prefix,
        suffix,
        cased,
        weight,
        length=length,
        written=word.text,
        toned=has_tones(language),
    )


def with_signed(index: WordIndex, slots: tuple[Slot, ...], text: str) -> tuple[Slot, ...]:
    """Return slots of which also v7 answers the first number of a version: FortiOS v7.4.3."""
    if not (signed := with_sign(text)):
        return slots
    place = len(slots) - version_in(text).count(".") - 1
    entries = slots[place].entries | {index.add(words(signed)[0])}
    return (*slots[:place], slots[place]._replace(entries=entries), *slots[place + 1 :])


def weight_of(letters: int) -> float:
    """Return what a word of so many letters counts among those of its pattern."""
    return float(min(letters, _MOST_WEIGHT))


def _is_acronym(word: Word, text: str) -> bool:
    """Whether a word is in capitals while the text is not, or is all of it, or begins and ends so.

    In small letters it may be another word, but for what has digits: h5n1, cop30, gpt-4o. What
    begins with one may be an amount: 5g.
    """
    if len(word.folded) < _LEAST_OF_AN_ACRONYM:
        return False
    if not word.text.isupper():
        return len(word.text) <= _LONGEST_MIXED and _MIXED.fullmatch(word.text) is not None
    has_digits = word.text[0].isalpha() and any(map(str.isdecimal, word.text))
    if has_digits or is_identifier(text):
        return False
    return not text.isupper() or len(words(text)) == 1


def as_name(slot: Slot, length: int) -> Slot:
    """Return the slot of a name so long: in lower case it is another word (ginebra is gin)."""
    return slot._replace(cased=True, derived=length + LEAST_OF_AN_ADJECTIVE)


def name_of_list(index: WordIndex, content_words: Sequence[Word], variant: Variant) -> Pattern:
    """Return the pattern of a name that a list has in a language.

    It is no part of a longer word, but where compounds are written, and names have no cases, it
    may begin one: Ukrainakriget.
    """
    language = variant.language
    slots = tuple(slot_of(index, word, variant.text, language=language) for word in content_words)
    if variant.text[0].isupper():
        slots = tuple(
            slot if word.text.islower() else as_name(slot, len(word.text))  # Isra'ila
            for slot, word in zip(slots, content_words, strict=True)
        )
    farthest = MatchType.INFLECTED
    joined = joins(language) and not has_cases(language)
    if joined and len(slots) == 1 and slots[0].length >= _LEAST_IN_A_COMPOUND:
        index.allow_compounds((slots[0].own,))
        farthest = MatchType.COMPOUND
    return Pattern(slots, False, farthest, match_type=MatchType.LEXICON, language=language)


def as_names(pattern: Pattern) -> Pattern:
    """Return the pattern with its words as names: in lower case they are other words.

    So are all of them written as one, of which no adjective is made.
    """
    slots = tuple(
        as_name(slot, slot.length or _NEVER)._replace(is_name=True) for slot in pattern.slots
    )
    return pattern._replace(slots=slots)


def with_variants(
    index: WordIndex, slots: Sequence[Slot], content_words: Sequence[Word], by_span: BySpan
) -> tuple[Slot, ...]:
    """Let the variants of single words count, also as the parts of compounds."""
    variants = [by_span.get((word.folded,), ()) for word in content_words]
    result = [answered(index, *pair) for pair in zip(slots, variants, strict=True)]
    for place, slot in enumerate(result):
        for later in range(place + 1, len(result)):
            allow_compounds(index, slot, variants[place], result[later], variants[later])
    return tuple(result)


def by_longer_spans(
    index: WordIndex, base: Pattern, content_words: Sequence[Word], by_span: BySpan
) -> Iterable[Pattern]:
    """Yield patterns by which variants stand for several of the words together."""
    folded = tuple(word.folded for word in content_words)
    for way in parted(folded, by_span):
        if len(way[0]) == len(folded):
            continue  # all of it, whose variants have patterns of their own
        slots = list(base.slots)
        of_slots = [by_span.get((word,), ()) for word in folded]
        for places in reversed(way):
            taken = slice(places.start, places.stop)
            weight = sum(slot.weight for slot in base.slots[taken])
            variants = by_span[folded[taken]]
            said = " ".join(word.text for word in content_words[taken])
            slot = Slot(frozenset(), -1, weight=weight, written=said if said.islower() else "")
            slots[taken] = [answered(index, slot, variants)]
            of_slots[taken] = [variants]
        for left, right in combinations(range(len(slots)), 2):
            if -1 in (slots[left].own, slots[right].own):  # others have met in `with_variants`
                allow_compounds(index, slots[left], of_slots[left], slots[right], of_slots[right])
        yield base._replace(slots=tuple(slots))


def as_said(index: WordIndex, slot: Slot, word: Word, *, typed: bool = False) -> Slot:
    """Return the slot with the ways in which its word, a name, may be said.

    Args:
        typed: As `said_as_names` has it.
    """
    said = [index.add_phonetic(each) for each in said_as_names(word, typed=typed)]
    return slot._replace(entries=slot.entries.union(said)) if said else slot


def only_heard(index: WordIndex, pattern: Pattern, content_words: Sequence[Word]) -> Pattern:
    """Return the pattern without its words as they are written."""
    slots = []
    for slot, word in zip(pattern.slots, content_words, strict=True):
        heard = index.add_phonetic(word.text)
        slots.append(slot._replace(entries=slot.entries - {slot.own} | {heard}, own=heard))
    return pattern._replace(slots=tuple(slots))


def hyphenated(pattern: Pattern) -> Pattern:
    """Return the pattern with a hyphen behind its first word."""
    return pattern._replace(slots=(pattern.slots[0]._replace(suffix="-"), *pattern.slots[1:]))


def known_slot(slot: Slot, known: Known) -> Slot:
    """Return the slot with the languages in which a list knows its word."""
    languages = known.get(fold(slot.written), frozenset()) if known else frozenset()
    return slot._replace(known_in=languages) if languages else slot


def as_lone(pattern: Pattern) -> Pattern:
    """Return the pattern of a name of one word, which no other word beside it proves."""
    return pattern._replace(lone=True, least=LEAST_ALONE)
