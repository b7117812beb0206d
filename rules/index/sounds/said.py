"""In which ways words of articles may be said that native code leaves to Python.

Those are runs of scripts without spaces, and words with letters that are others beside each other.
"""

from typing import NamedTuple

from rules.index.sounds.spoken import composed, known_scripts, said_in
from rules.languages import compounds
from rules.languages.phonemes import TRANSCRIBED, Piece, phonemes_of, script
from rules.languages.transcribed import as_a_whole, by_sign, pieces_of
from rules.languages.vowels_around import is_written_around
from rules.patterns.term import bare_texts
from rules.text.tokenizer import Word

FIRST_WITH_SIGNS = "\u3000"
_GOES_ON, _WHOLE_RUN, _IN_SIGNS = 8, 16, 32
_AS_WRITTEN = 0


class Said(NamedTuple):
    """The ways to say words.

    Attributes:
        texts: Each way, as the kernel reads it.
        rows: For each the number of its word, its script, and flags.
    """

    texts: list[str]
    rows: list[int]

    def add(self, number: int, text: str, flags: int, script: int = _AS_WRITTEN) -> None:
        """Add a way to say a word: in sounds, of which one is a capital, or as it is written."""
        self.texts.append(text if script else composed(text))
        self.rows.extend((number, script, flags))

    def add_word(self, number: int, text: str, folded: str, flags: int, language: str) -> None:
        """Add a word, as it may be heard otherwise, and without what is written onto it."""
        for each in bare_texts(Word(text, folded, 0, 1, False), language):
            self.add(number, each, flags)

    def add_run(self, number: int, text: str, flags: int) -> None:
        """Add what a run sounds like from where a name may begin in it, and all of a short one."""
        has_signs = text[0] >= FIRST_WITH_SIGNS
        written = TRANSCRIBED if has_signs else script(text)
        heard_in = said_in(known_scripts().numbers.get(written, 1))
        if len(text) <= compounds.LONGEST:
            if is_written_around(written):
                self.add(number, phonemes_of(text).text, flags | _WHOLE_RUN, heard_in)
            else:
                self.add(number, text, flags | _WHOLE_RUN)
        for phonemes in as_a_whole(text):
            self.add(number, phonemes.text, flags, heard_in)
        say = by_sign if has_signs else _say
        for heard in dict.fromkeys(map(say, pieces_of(text))):
            self.add(number, heard, flags | _GOES_ON | _IN_SIGNS * has_signs, heard_in)


def _say(piece: Piece) -> str:
    return piece.phonemes.text
