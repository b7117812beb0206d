"""How the name of a foreigner sounds that is written in Han characters: 默克尔 is Merkel.

Chinese writes such names with some hundreds of characters, each for a sound or two that is not
quite its own, and parts first and last names by a dot: so a name begins where such characters do.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from rules.languages.phonemes import (
    LONGEST_PIECE,
    TRANSCRIBED,
    Phonemes,
    Piece,
    han_sounds,
    phoneme_text,
    phonemes_of,
    profiles,
    run_pieces,
    script,
    with_profile,
)
from rules.languages.vowels_around import is_written_around
from rules.text.folding import fold

_FEWEST_SIGNS = 2
_FEWEST_SOUNDS, _LONGEST_WORD = 2, 16
_NO_SIGN = -1
_NEXT_SIGN = "."
_BEFORE = frozenset("让比以因里本达安多于理席士斯西列兰司")
"""Characters of names that are words, or the ends of some, which may stand before a name."""

_FIRST_WITH_SIGNS = "\u3000"


@lru_cache(maxsize=256)
def pieces_of(run: str) -> Sequence[Piece]:
    """Return the sounds of a run of a script without spaces, from where on a name may begin.

    Those of an article's runs are kept, since each rule that it may answer asks for them.
    """
    return tuple(_pieces_in_han(run) if run[0] >= _FIRST_WITH_SIGNS else run_pieces(run))


def as_a_whole(run: str) -> Sequence[Phonemes]:
    """Return the sounds of a run that may be no more than a word of a name: where they part those.

    As Thai and Lao do, by spaces.
    """
    written = script(run)
    if len(run) > _LONGEST_WORD or not is_written_around(written):
        return ()
    phonemes = phonemes_of(run)
    return (phonemes,) if len(phonemes.text) >= _FEWEST_SOUNDS else ()


def _pieces_in_han(run: str) -> Iterator[Piece]:
    """Yield the sounds of a run from where characters stand that may write a name, two or more."""
    for stretch in _stretches().finditer(fold(run)):
        signs, start = stretch.group(), stretch.start()
        yield _moved(_piece(signs), start)
        if signs[0] in _BEFORE and len(signs) > _FEWEST_SIGNS:
            yield _moved(_piece(signs[1:]), start + 1)


def sounds_of(signs: str) -> str:
    """Return what characters that write names say at the beginning of a run: see `by_sign`."""
    return by_sign(_piece(signs))


def by_sign(piece: Piece) -> str:
    """Return the sounds of characters, with a dot for each but the first before what it says."""
    steps = zip(piece.ends[1:], piece.ends[2:], piece.phonemes.text[1:], strict=False)
    signs = [_NEXT_SIGN * (end - before) + sound for before, end, sound in steps]
    return piece.phonemes.text[:1] + "".join(signs)


@lru_cache(maxsize=2_000)
def _piece(signs: str) -> Piece:
    """Return what characters write, at the beginning of a run."""
    text, ends = "", [0]
    for place, sign in enumerate(signs, 1):
        sounds = _sounds()[sign]
        fresh = sounds[1:] if text[-1:] == sounds[0] else sounds
        text += fresh
        ends += [place] * len(fresh)
        if len(text) >= LONGEST_PIECE:
            break
    phonemes = with_profile(text, profiles()[TRANSCRIBED])
    return Piece(phonemes, 0, (*ends, _NO_SIGN), by_sign=True)


def _moved(piece: Piece, by: int) -> Piece:
    return Piece(piece.phonemes, by, tuple([end + by for end in piece.ends]), by_sign=True)


@cache
def _stretches() -> re.Pattern[str]:
    return re.compile(f"[{''.join(_sounds())}]{{{_FEWEST_SIGNS},}}")


def writes_names(sign: str) -> bool:
    """Whether a character may write a sound of a name, where another one stands beside it."""
    return sign >= _FIRST_WITH_SIGNS and sign in _sounds()


@cache
def _sounds() -> dict[str, str]:
    """Return the sounds of each character."""
    return {sign: phoneme_text(sound, TRANSCRIBED) for sign, sound in han_sounds().items()}
