"""What the words of an article may sound like: all new ones at once."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

from rules.data.tables import has_plain_j, stop_words
from rules.languages import compounds
from rules.languages.bulk_phonemes import consonants, phoneme_texts
from rules.languages.everyday import is_everyday
from rules.languages.inflection import may_have_prefix
from rules.languages.phonemes import (
    PLAIN,
    Phonemes,
    Profile,
    alternative_spellings,
    phonemes_of,
    profiles,
    run_pieces,
    script,
)
from rules.patterns.term import bare_texts
from rules.text.tokenizer import Word

LATIN, FOREIGN, TOGETHER = range(3)
"""How scripts write foreign names: as they are, otherwise, and several words as one."""

FIRST_WITH_SIGNS = "\u3000"
_OTHERS = frozenset({"CYRILLIC"})


class Sound(NamedTuple):
    """What a word of a text may sound like.

    Attributes:
        texts: Its sounds, for each way to say it; none for a run.
        consonants: As `bulk_phonemes.consonants` has them, for each of these.
        profile: How its script treats sounds.
        group: In which scripts' way it is written.
        is_exact: Whether the groups of consonants are told apart in this script.
        is_long: Whether it may be several words as one.
    """

    texts: tuple[str, ...]
    consonants: tuple[str, ...]
    profile: Profile
    group: int
    is_exact: bool
    is_long: bool

    def phonemes(self) -> list[Phonemes]:
        """Return each way to say it; no word of a text is weighed."""
        return [Phonemes(text, 0.0, self.profile) for text in self.texts]


_Fresh = Sequence[tuple[str, str, bool]]


def sounds_of(some: _Fresh, language: str) -> Iterator[tuple[str, Sound | None]]:
    """Yield what words of a text sound like, given as (text, folded, whether it is a run)."""
    small = stop_words()
    by_script: dict[str, list[str]] = {}
    prefixed: dict[str, dict[str, list[str]]] = {}
    for text, folded, is_run in some:
        if is_run:
            yield text, _sound_of_run(text)
        elif (
            len(folded) > compounds.LONGEST
            or is_everyday(text, folded, language)
            or (folded in small and not text[0].isupper())
        ):
            yield text, None
        elif may_have_prefix(folded):
            every = list(dict.fromkeys(bare_texts(Word(text, folded, 0, 1, False), language)))
            prefixed.setdefault(script(text), {})[text] = every
        else:
            first = text[0]
            written = _script_of(first) if first.isalpha() else script(text)
            by_script.setdefault(written, []).append(text)
    for written, readings in prefixed.items():
        yield from _of_readings(readings, written, language)
    for written, texts in by_script.items():
        sounds = _of_script(texts, written, language)
        for text, sound in zip(texts, sounds, strict=True):
            if written in _OTHERS:
                others = list(alternative_spellings(text))
                if others:
                    sound = _sound([text, *others], language)
            yield text, sound


@cache
def _script_of(letter: str) -> str:
    return script(letter)


def _of_script(texts: Sequence[str], written: str, language: str) -> Iterator[Sound | None]:
    profile = profiles().get(written, PLAIN)
    every = phoneme_texts(texts, written, plain_j=has_plain_j(language))
    group, is_exact = group_of(profile), _is_exact(profile)
    found = consonants(every, abjad=profile.is_abjad)
    for heard, kept in zip(every, found, strict=True):
        length = len(heard)
        if length < 2:
            yield None
        else:
            is_long = length >= compounds.SHORTEST
            yield Sound((heard,), (kept,), profile, group, is_exact, is_long)


def _of_readings(
    readings: Mapping[str, Sequence[str]], written: str, language: str
) -> Iterator[tuple[str, Sound | None]]:
    """Yield what words sound like that may each be said in several ways."""
    profile = profiles().get(written, PLAIN)
    flat = list(chain.from_iterable(readings.values()))
    heard = phoneme_texts(flat, written, plain_j=has_plain_j(language))
    pairs = zip(heard, consonants(heard, abjad=profile.is_abjad), strict=True)
    group, is_exact = group_of(profile), _is_exact(profile)
    for text, every in readings.items():
        kept = dict(pair for pair in islice(pairs, len(every)) if len(pair[0]) >= 2)
        if not kept:
            yield text, None
            continue
        is_long = any(len(each) >= compounds.SHORTEST for each in kept)
        yield text, Sound(tuple(kept), tuple(kept.values()), profile, group, is_exact, is_long)


def _sound(texts: Sequence[str], language: str) -> Sound | None:
    """Return what one word sounds like that may be said in several ways."""
    plain_j = has_plain_j(language)
    every = [phonemes_of(text, plain_j=plain_j) for text in texts]
    kept = [phonemes for phonemes in every if len(phonemes.text) >= 2]
    if not kept:
        return None
    profile = kept[0].profile
    heard = tuple(dict.fromkeys(phonemes.text for phonemes in kept))
    found = consonants(heard, abjad=profile.is_abjad)
    is_long = any(len(text) >= compounds.SHORTEST for text in heard)
    is_exact = _is_exact(profile)
    return Sound(heard, tuple(found), profile, group_of(profile), is_exact, is_long)


def _sound_of_run(text: str) -> Sound | None:
    pieces = run_pieces(text) if text[0] < FIRST_WITH_SIGNS else []
    if not pieces:
        return None
    profile = pieces[0].phonemes.profile
    found = consonants([piece.phonemes.text for piece in pieces], abjad=profile.is_abjad)
    return Sound((), tuple(sorted(set(found))), profile, group_of(profile), False, False)


def group_of(profile: Profile) -> int:
    """Return in which scripts' way a script writes foreign names."""
    return TOGETHER if profile.writes_together else FOREIGN if profile.is_foreign else LATIN


_UNSURE = frozenset("xcjh")
_GROUPS = {sound: group for group in ("pbfv", "td", "kg", "mnN", "lr", "s") for sound in group}


@cache
def _is_exact(profile: Profile) -> bool:
    return not profile.drops and all(
        _GROUPS.get(pair[0]) == _GROUPS.get(pair[1], "") or not _UNSURE.isdisjoint(pair)
        for pair, _ in profile.pairs
    )
