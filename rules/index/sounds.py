"""What the words of an article may sound like: all new ones at once."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from rules.data.tables import has_plain_j, stop_words
from rules.languages import compounds
from rules.languages.bulk_phonemes import consonants, phoneme_texts
from rules.languages.everyday import everyday_words, is_everyday
from rules.languages.inflection import may_have_prefix
from rules.languages.phonemes import (
    PLAIN,
    Profile,
    profiles,
    run_pieces,
    script,
)
from rules.patterns.term import bare_texts
from rules.text.tokenizer import Word

LATIN, FOREIGN, TOGETHER = range(3)
"""How scripts write foreign names: as they are, otherwise, and several words as one."""

FIRST_WITH_SIGNS = "\u3000"
_SHORTEST = 2
_WITH_ALTERNATIVES = frozenset({"CYRILLIC"})


class Fresh(NamedTuple):
    """A word of a text, and whether it is a run of a script without spaces."""

    text: str
    folded: str
    is_run: bool


class Sounds(NamedTuple):
    """What words of a text in one script may sound like, each in one way or more.

    Attributes:
        profile: How the script treats sounds.
        words: For each way, the number of its word.
        texts: The sounds; of a run, from one of its letters on.
        consonants: As `bulk_phonemes.consonants` has them.
        are_runs: Whether only the beginning of each counts.
        have_prefixes: Whether other words may be written onto the words.
    """

    profile: Profile
    words: list[int]
    texts: list[str]
    consonants: list[str]
    are_runs: bool = False
    have_prefixes: bool = False

    @property
    def group(self) -> int:
        """In which scripts' way it writes foreign names."""
        profile = self.profile
        return TOGETHER if profile.writes_together else FOREIGN if profile.is_foreign else LATIN


def sounds_of(some: Sequence[Fresh], language: str) -> Iterator[Sounds]:
    """Yield what words of a text sound like, but those that are no other spelling of anything."""
    small, common = stop_words(), everyday_words(language)
    by_script: dict[tuple[str, bool], tuple[list[int], list[str]]] = {}
    for number, (text, folded, is_run) in enumerate(some):
        if is_run:
            yield from _sounds_of_run(number, text)
        elif not (
            (folded in common and is_everyday(text, folded, language))
            or (folded in small and not text[0].isupper())
            or len(folded) > compounds.LONGEST
        ):
            first = text[0]
            written = _script_of(first) if first.isalpha() else script(text)
            has_prefixes = may_have_prefix(folded)
            words, texts = by_script.setdefault((written, has_prefixes), ([], []))
            words.append(number)
            texts.append(text)
            if has_prefixes or written in _WITH_ALTERNATIVES:
                others = list(bare_texts(Word(text, folded, 0, 1, False), language))[1:]
                words += [number] * len(others)
                texts += others
    for (written, has_prefixes), (words, texts) in by_script.items():
        yield _in_script(words, texts, written, language, has_prefixes=has_prefixes)


@cache
def _script_of(letter: str) -> str:
    return script(letter)


def _in_script(
    words: list[int], texts: list[str], written: str, language: str, *, has_prefixes: bool
) -> Sounds:
    profile = profiles().get(written, PLAIN)
    heard = phoneme_texts(texts, written, plain_j=has_plain_j(language))
    kept = consonants(heard, abjad=profile.is_abjad)
    if min(map(len, heard)) < _SHORTEST:
        long_enough = [at for at, text in enumerate(heard) if len(text) >= _SHORTEST]
        words = [words[at] for at in long_enough]
        kept = [kept[at] for at in long_enough]
        heard = [heard[at] for at in long_enough]
    return Sounds(profile, words, heard, kept, have_prefixes=has_prefixes)


def _sounds_of_run(number: int, text: str) -> Iterator[Sounds]:
    pieces = run_pieces(text) if text[0] < FIRST_WITH_SIGNS else []
    if pieces:
        profile = pieces[0].phonemes.profile
        heard = list(dict.fromkeys(piece.phonemes.text for piece in pieces))
        kept = consonants(heard, abjad=profile.is_abjad)
        yield Sounds(profile, [number] * len(heard), heard, kept, are_runs=True)
