"""What the words of an article may sound like: all new ones at once, each remembered."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rules.data.tables import has_plain_j, stop_words
from rules.languages import compounds
from rules.languages.bulk_phonemes import consonants, phoneme_texts
from rules.languages.everyday import is_everyday
from rules.languages.inflection import ending_phonemes, may_have_prefix
from rules.languages.phonemes import (
    PLAIN,
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
        consonants: As `bulk_phonemes.consonants` has them, for each way to say it.
        heads: How many consonants of each kind are left without each possible ending.
        group: In which scripts' way it is written.
        drops: Whether that leaves out consonants.
        is_long: Whether it may be several words as one.
    """

    consonants: tuple[str, ...]
    heads: tuple[tuple[int, int, int], ...]
    group: int
    drops: bool
    is_long: bool


_Fresh = Sequence[tuple[str, str, bool]]


def sounds_of(some: _Fresh, language: str) -> Iterator[tuple[str, Sound | None]]:
    """Yield what words of a text sound like, given as (text, folded, whether it is a run)."""
    small = stop_words()
    by_script: dict[str, list[str]] = {}
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
            yield (
                text,
                _sound(list(bare_texts(Word(text, folded, 0, 1, False), language)), language),
            )
        else:
            by_script.setdefault(script(text), []).append(text)
    for written, texts in by_script.items():
        others = [list(alternative_spellings(text)) for text in texts] if written in _OTHERS else []
        for number, sound in enumerate(_of_script(texts, written, language)):
            if others and others[number]:
                sound = _sound([texts[number], *others[number]], language)
            yield texts[number], sound


def _of_script(texts: Sequence[str], written: str, language: str) -> Iterator[Sound | None]:
    profile = profiles().get(written, PLAIN)
    phonemes = phoneme_texts(texts, written, plain_j=has_plain_j(language))
    group = _group(profile)
    endings = ending_phonemes(language)
    longest = max(map(len, endings))
    every = consonants(phonemes, abjad=profile.is_abjad)
    for text, found in zip(phonemes, every, strict=True):
        length = len(text)
        if length < 2:
            yield None
            continue
        heads: tuple[tuple[int, int, int], ...] = ()
        if group == LATIN:
            cuts = [
                text[:at] for at in range(max(1, length - longest), length) if text[at:] in endings
            ]
            heads = tuple(dict.fromkeys(counts_of([text, *cuts])))
        yield Sound((found,), heads, group, profile.drops, length >= compounds.SHORTEST)


def counts_of(texts: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return how many consonants of kinds that nothing else may stand for each text has."""
    return [
        (
            sum(map(text.count, "mnNM")),
            sum(map(text.count, "lrL")),
            sum(map(text.count, "tdT")),
        )
        for text in texts
    ]


def _sound(texts: Sequence[str], language: str) -> Sound | None:
    """Return what one word sounds like that may be said in several ways."""
    plain_j = has_plain_j(language)
    every = [phonemes_of(text, plain_j=plain_j) for text in texts]
    kept = [phonemes for phonemes in every if len(phonemes.text) >= 2]
    if not kept:
        return None
    profile = kept[0].profile
    found = consonants([phonemes.text for phonemes in kept], abjad=profile.is_abjad)
    is_long = any(len(phonemes.text) >= compounds.SHORTEST for phonemes in kept)
    group = max(_group(profile), FOREIGN)
    return Sound(tuple(dict.fromkeys(found)), (), group, profile.drops, is_long)


def _sound_of_run(text: str) -> Sound | None:
    pieces = run_pieces(text) if text[0] < FIRST_WITH_SIGNS else []
    if not pieces:
        return None
    profile = pieces[0].phonemes.profile
    found = consonants([piece.phonemes.text for piece in pieces], abjad=profile.is_abjad)
    return Sound(tuple(sorted(set(found))), (), _group(profile), profile.drops, False)


def _group(profile: Profile) -> int:
    return TOGETHER if profile.writes_together else FOREIGN if profile.is_foreign else LATIN
