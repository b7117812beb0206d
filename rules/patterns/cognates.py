"""Whether a word of a text is a cognate of one word of rules, as `dictionary` finds it of many."""

from collections.abc import Iterable
from functools import lru_cache

from rules.languages import compounds, phonetic_keys, similarity
from rules.languages.inflection import ending_phonemes
from rules.languages.phonemes import PLAIN, Phonemes, phonemes_of
from rules.languages.similarity import known
from rules.languages.transcribed import pieces_of
from rules.patterns.term import (
    BEGINS_A_COMPOUND,
    RuleWord,
    bare_texts,
    beginnings,
    least,
    least_in_a_run,
)
from rules.text.folding import fold
from rules.text.tokenizer import Word

BOTH_PARTS = 1.78
"""So much must the strengths of both parts of a compound be together."""

LEAST_ALONE = 0.84
"""So like all of a name of one word must a word be, with nothing beside it that proves it."""

BEGINS_A_DERIVED = 0.9
LEAST_OF_A_DERIVED = 3.5
MOST_BEHIND_A_DERIVED = 7
"""So well must a derived word begin as a word of a rule, that must weigh so much; and so many
sounds may follow."""

_SLACK = 0.0001
_SHORTEST_REST = 4
_CHEAPEST_TO_MISS = 0.35
_CHEAPEST_TO_ADD = 0.2
_NEXT_BEST = 0.25
"""Costs: of sounds that one word has too many, and of ends of a beginning that are still good."""


def is_cognate(entry: RuleWord, word: Word, heard: Iterable[Phonemes], language: str) -> bool:
    """Whether a word of a text, or a part of a run, is a cognate of a word of rules.

    As `Vocabulary.cognates` finds it, but for compounds; the keys of both are not compared.

    Args:
        heard: What the word sounds like, in each way to say it.
    """
    if word.is_run:
        return _is_cognate_in_a_run(entry, word)
    if entry.folded == word.folded:
        return False
    wanted = least(entry, word)
    endings = ending_phonemes(language)
    for phonemes in heard:
        if not _may_be_heard(entry, phonemes) or _is_too_short(entry, phonemes, wanted):
            continue
        found = similarity.alignment(entry.known, phonemes, least=enough_for(wanted))
        if not found.whole and not found.stem:
            continue
        like = similarity.compare(entry.known, phonemes, endings, found)
        if like is not None and like.strength >= wanted:
            return True
        if len(phonemes.text) >= compounds.SHORTEST and not entry.phonetic:
            first = similarity.beginning(entry.known, phonemes, found)
            if first is not None and is_derived(entry, word, phonemes, *first):
                return True
    return False


@lru_cache(maxsize=20_000)
def likeness(own: str, written: str, language: str) -> float:
    """Return how like a word of a text is to all of a word of rules, but for its own endings."""
    wanted = known(own)
    word = Word(written, fold(written), 0, len(written), False)
    heard = [phonemes_of(text, language) for text in bare_texts(word, language)]
    endings = ending_phonemes(language)
    return max(similarity.of_whole(wanted, phonemes, endings) for phonemes in heard)


def is_like_all(entry: RuleWord, heard: Iterable[Phonemes], language: str) -> bool:
    """Whether a word of a text is so like all of a name that nothing beside it needs to prove it.

    As `likeness` has it.
    """
    endings = ending_phonemes(language)
    return any(
        similarity.of_whole(entry.known, phonemes, endings, least=LEAST_ALONE - _SLACK)
        >= LEAST_ALONE
        for phonemes in heard
    )


def enough_for(wanted: float) -> float:
    """Return how like a beginning must be at least that makes a word a cognate."""
    return min(wanted, BEGINS_A_DERIVED) - _SLACK


def _is_too_short(entry: RuleWord, phonemes: Phonemes, wanted: float) -> bool:
    """Whether so many sounds are missing that a word cannot be a cognate."""
    known, profile = entry.known, phonemes.profile
    if profile != PLAIN or known.whole.profile != PLAIN:
        return False
    part = known.stem or known.whole
    room = part.weight if known.stem else known.whole.weight
    most = max(room, known.whole.weight) * (1 - wanted) / _CHEAPEST_TO_MISS
    return len(part.text) - len(phonemes.text) > most + 1


def are_both(head: RuleWord, tail: RuleWord, phonemes: Phonemes, language: str) -> bool:
    """Whether a word of a text begins with a cognate of one word, and goes on with one of another.

    As `Vocabulary.cognates` finds it.
    """
    begun = _as_much_as(head, phonemes)
    aligned = similarity.alignment(head.known, begun, least=BEGINS_A_COMPOUND - _SLACK)
    if not aligned.whole and not aligned.stem:
        return False
    endings = ending_phonemes(language)
    wanted = similarity.least(tail.known.whole.weight)
    for found in (
        similarity.stem_beginning(head.known, aligned),
        similarity.beginning(head.known, begun, aligned),
    ):
        if found is None or found[0] < BEGINS_A_COMPOUND:
            continue
        for place in beginnings(found[1], phonemes, tail):
            rest = Phonemes(phonemes.text[place:], 0.0, phonemes.profile)
            like = similarity.compare(tail.known, rest, endings)
            if like is not None and like.strength >= max(wanted, BOTH_PARTS - found[0]):
                return True
    return False


def _as_much_as(head: RuleWord, phonemes: Phonemes) -> Phonemes:
    """Return the beginning of what is heard that may be as like a word as a compound's head is."""
    known, profile = head.known, phonemes.profile
    added = min(profile.insert_vowel, known.whole.profile.skip_vowel, _CHEAPEST_TO_ADD)
    room = known.whole.weight * (1 - BEGINS_A_COMPOUND) + _SLACK + _NEXT_BEST
    most = len(known.whole.text) + int(room / added) + 1
    return Phonemes(phonemes.text[:most], 0.0, profile) if most < len(phonemes.text) else phonemes


def is_too_short_a_rest(entry: RuleWord, rest: str, language: str) -> bool:
    """Whether what is left of a compound is surely too short for a word of rules."""
    phonemes = phonemes_of(rest, language)
    return _is_too_short(entry, phonemes, similarity.least(entry.known.whole.weight))


def is_rest(entry: RuleWord, rest: str, language: str) -> bool:
    """Whether what is left of a compound, but for a link, is a cognate of a word of rules."""
    wanted = similarity.least(entry.known.whole.weight)
    for link in compounds.LINKS:
        tail = rest[len(link) :]
        if not rest.startswith(link) or len(tail) < _SHORTEST_REST:
            continue
        phonemes = phonemes_of(tail, language)
        found = similarity.alignment(entry.known, phonemes, least=wanted - _SLACK)
        if not found.whole and not found.stem:
            continue
        like = similarity.compare(entry.known, phonemes, ending_phonemes(language), found)
        if like is not None and like.strength >= wanted:
            return True
    return False


def _is_cognate_in_a_run(entry: RuleWord, word: Word) -> bool:
    keys = phonetic_keys.keys_of(entry.text)
    for piece in pieces_of(word.text):
        phonemes = piece.phonemes
        if _may_be(entry, keys, phonemes):
            first = similarity.beginning(entry.known, phonemes)
            if first is not None and first[0] >= least_in_a_run(entry):
                return True
    return False


def _may_be_heard(entry: RuleWord, phonemes: Phonemes) -> bool:
    """Whether what is heard may be an entry, in a script that may write names word by word."""
    profile = phonemes.profile
    by_word = not profile.writes_together
    return not (entry.phonetic and by_word and (entry.together or not profile.is_foreign))


def _may_be(entry: RuleWord, keys: frozenset[str], phonemes: Phonemes) -> bool:
    if not _may_be_heard(entry, phonemes):
        return False
    return not keys.isdisjoint(phonetic_keys.keys_in(phonemes))


def is_derived(
    entry: RuleWord, word: Word, phonemes: Phonemes, strength: float, places: list[int]
) -> bool:
    """Whether a word that begins as an entry does is derived from it."""
    rest = len(phonemes.text) - max(places)
    if entry.known.whole.weight < LEAST_OF_A_DERIVED:
        return False
    if strength < BEGINS_A_DERIVED or rest > MOST_BEHIND_A_DERIVED:
        return False
    return not word.folded.startswith(entry.folded)  # its own language's words have endings
