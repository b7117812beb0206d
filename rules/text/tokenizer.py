"""Text to words with their places: the one analysis for rules, articles and the search index.

A word never contains white space. Scripts that put no space between words (Chinese, Thai ...)
give runs, in which terms are looked for at any place; everything else gives whole words.
"""

import re
import unicodedata

from common.patterns import pattern
from common.records import dataclass
from common.scripts import WITHOUT_SPACES, letters
from rules.data.tables import crossing
from rules.text.folding import fold

IN_RUNS = WITHOUT_SPACES - {"katakana"}
"""Scripts whose words are looked for at any place; katakana, which writes words of its own
between hiragana and Han, gives whole words."""

_RUN = letters(IN_RUNS)
_KATAKANA = letters(frozenset({"katakana"})) + "\u3099\u309a"
_MARK_BLOCKS = ((0x0300, 0x1D00), (0x1DC0, 0x1E00), (0x20D0, 0x2100), (0xA66F, 0xAC00))


def _marks() -> str:
    """Return all combining marks outside the runs, as the inside of a character class."""
    inside_runs = re.compile(f"[{_RUN}{_KATAKANA}]")
    marks = [
        chr(point)
        for first, last in _MARK_BLOCKS
        for point in range(first, last)
        if unicodedata.category(chr(point)).startswith("M") and not inside_runs.match(chr(point))
    ]
    return "".join(marks) + "\ufe00-\ufe0f\ufe20-\ufe2f\ufb1e"


_MARKS = _marks() + "\u00ad\u200c\u200d"
_LETTER = rf"[^\W_{_RUN}{_KATAKANA}]"
_ONE_LETTER = rf"[^\W\d_{_RUN}{_KATAKANA}]"
_HEBREW = "\u05d0-\u05ea"
_IOTATED = "яюєїеёіЯЮЄЇЕЁІ"
"""Before these an apostrophe is part of a Ukrainian or Belarusian word: Хав'єр, аб'ява, сям'і."""

WORD = pattern(
    rf"(?P<acronym>(?<!\w)(?=.\.)(?:{_ONE_LETTER}(?:\.|(?!\w))){{2,}})"
    rf"|(?P<word>(?=\w)(?:{_LETTER}++|[{_MARKS}]+"
    rf"|(?<=[{_HEBREW}])['\"׳״’](?=[{_HEBREW}])|['’](?=[{_IOTATED}]))++)"
    rf"|(?P<katakana>[{_KATAKANA}]+)"
    rf"|(?P<run>[{_RUN}\u200b\u200c\u200d\u3099\u309a]+)"
    r"|(?P<emoji>[\u2600-\u27bf\U0001f000-\U0001faff][\ufe0f\u200d\u2600-\u27bf\U0001f000-\U0001faff]*)"
)
"""Each large class stands in it as seldom as can be: to compile one takes a millisecond."""

_UNSPACED = pattern(f"[{_RUN}]")
_FIRST_OF_RUNS = min(filter(str.isalpha, _RUN))

CLASSES = {
    "letter": _LETTER,
    "mark": f"[{_MARKS}]",
    "katakana": f"[{_KATAKANA}]",
    "run": f"[{_RUN}]",
    "emoji": "[\u2600-\u27bf\U0001f000-\U0001faff]",
    "single": _ONE_LETTER,
    "wordlike": r"\w",
    "hebrew": f"[{_HEBREW}]",
    "iotated": f"[{_IOTATED}]",
}
"""The classes of letters that `WORD` is made of, as patterns of one letter each."""


JOINTS = frozenset("-‐‑–—'’·&")
"""What may stand between two parts of a word."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a run of a script without spaces.

    Attributes:
        text: As written; `text == source[start:end]`.
        folded: As compared; may be "" for a run of invisible characters.
        is_run: Terms may begin anywhere inside it.
    """

    text: str
    folded: str
    start: int
    end: int
    is_run: bool


def words(text: str) -> list[Word]:
    """Return the words of a text, in order, with places in code points of `text`."""
    if text.isascii():  # most words of rules, at a glance
        if text.isalnum():
            return [Word(text, text.lower(), 0, len(text), False)]
        if text.replace(" ", "").isalnum():
            return _between_spaces(text)
    in_order = []
    for match in WORD.finditer(text):
        piece = match[0]
        folded = fold(piece)
        if folded:
            start, end = match.span()
            in_order.append(Word(piece, folded, start, end, match.lastgroup == "run"))
    return in_order


def _between_spaces(text: str) -> list[Word]:
    """Return the words of letters a-z and digits that have nothing but spaces between them."""
    in_order, start = [], 0
    for piece in text.split(" "):
        end = start + len(piece)
        if piece:
            in_order.append(Word(piece, piece.lower(), start, end, False))
        start = end + 1
    return in_order


def next_word(text: str, at: int) -> Word | None:
    """Return the first word at or after a place, if it begins within a few characters."""
    match = WORD.search(text, at, at + _FEW)
    if match is None:
        return None
    match = WORD.match(text, match.start())
    if match is None:
        return None
    piece = match[0]
    return Word(piece, fold(piece), *match.span(), match.lastgroup == "run")


_FEW = 8


def has_words(text: str) -> bool:
    """Whether there is anything that can be looked for."""
    if text.isascii():
        return any(map(str.isalnum, text))
    return any(fold(match[0]) for match in WORD.finditer(text))


def is_unspaced(text: str) -> bool:
    """Whether the text holds letters of a script without spaces between words."""
    return max(text, default="") >= _FIRST_OF_RUNS and _UNSPACED.search(text) is not None


_BEFORE_ITS_CONSONANT = frozenset("เแโใไເແໂໃໄ")
_BEHIND_ITS_CONSONANT = frozenset("ะาำๅະາຳ")
_STACKED = frozenset("\u17d2\u1039")


def is_whole(run: str, start: int, end: int) -> bool:
    """Whether a part of a folded run begins and ends where syllables or words may.

    A vowel or a tone belongs to the letter that it is written with; a Han character that makes
    a common word with the one before it begins no name.
    """
    before, after = run[start - 1 : start], run[end : end + 1]
    if before and (before in _BEFORE_ITS_CONSONANT or before in _STACKED):
        return False
    if after and (after in _BEHIND_ITS_CONSONANT or unicodedata.category(after) in ("Mn", "Mc")):
        return False
    return not before or before not in crossing().get(run[start], frozenset())


# What ends a sentence or a clause: words on both sides of it are not near each other.
_BREAK = pattern(
    r"[.!?…;:\n\r。!?;:।؟؛።](?=\s|\Z|[^\w\s])|[\n\r。!?;।]|,(?![0-9]{3})|[、،()\[\]|•]|\s[–—-]\s"
)


def are_parted(text: str, start: int, end: int) -> bool:
    """Whether what stands between two places of a text, the end of a word and a word, parts them.

    A full stop behind an initial, an abbreviation or an ordinal belongs to the word before it:
    George W. Bush, St. Louis, 1. FC Union. A comma inside a number: 1,5.
    """
    if end - start == 1 and text[start] in _DECIMAL and text[start - 1].isdigit():
        return not text[end : end + 1].isdigit()
    is_shortened = text[start : start + 1] == "." and _SHORTENED.search(text, start - _FEW, start)
    return is_break(text[start + 1 if is_shortened else start : end])


def is_break(between: str) -> bool:
    """Whether the characters between two words part them: the end of a clause or a sentence."""
    if "." in between:
        between = _ABBREVIATION.sub(r"\1", between)
    return (len(between) > 1 and _BREAK.search(between) is not None) or between in _SINGLE_BREAKS


def without_middle_names(between: str) -> str:
    """Return what stands between two words without initials and patronymics.

    These are told as no words between the parts of a name: John F. Kennedy, Юрий Алексеевич
    Гагарин.
    """
    if "." in between or "в" in between:
        return _MIDDLE_NAMES.sub("", between)
    return between


def breaks_in(signs: str) -> set[str]:
    """Return the signs that part words whatever stands around them."""
    around = _BREAK.finditer("000".join(signs) + "000")
    return {found[0] for found in around if len(found[0]) == 1}


CAPITALS = "".join(filter(str.isupper, map(chr, range(0x588))))
"""Of the alphabets that begin names with them, Latin to Armenian; as the inside of a class."""

INITIAL = f"[{CAPITALS}]|Д[жз]|Τζ|Ντ"
"""What stands for a first name, without its full stop."""

# No sentence ends with a short word without a vowel, a title, an initial or an ordinal.
_SHORT = (
    rf"(?<!\w)([A-Z]?[bcdfghjklmnpqrstvwxz]{{1,4}}|{INITIAL}|[0-9]{{1,2}}"
    "|Adm|Capt|Col|Dir|Gen|Gov|Hon|Maj|Min|No|Pres|Prof|Rep|Rev|Sen|Univ"
    # In headlines; what else has no vowels there is an acronym: NHS, GDP.
    "|ADM|CAPT|COL|DR|GEN|GOV|MAJ|MRS?|MT|PROF|REV|SEN|ST)"
)
_ABBREVIATION = pattern(rf"{_SHORT}\.(?=\s)")
_SHORTENED = pattern(rf"{_SHORT}\Z")
_MIDDLE_NAMES = pattern(
    rf"(?<!\w)(?:(?:{INITIAL})\.[ \u00a0]?"
    r"|[А-ЯЁЄІЇ]\w+(?:[ое]вич|[оеиії]вн)[а-яёєії]{0,3}(?!\w))+"
)
_DECIMAL = ",٫"
_SINGLE_BREAKS = frozenset(",;:!?。、，;؛،|()\n")


def grams(folded_run: str) -> list[str]:
    """Return what the search index keeps of a run: its overlapping pairs, or the run itself."""
    if len(folded_run) < 2:
        return [folded_run]
    return [folded_run[at : at + 2] for at in range(len(folded_run) - 1)]
