"""How a word of any script sounds, roughly, in letters that languages share.

A word is transliterated to a-z, then to a string of sounds in which spellings that differ by
language meet (c, k, q; sh, sch, sz). Scripts differ in what they write: Arabic and Hebrew leave
out short vowels, kana adds some.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from anyascii import anyascii

from rules.languages.tables import rows

VOWELS = frozenset("aeiou")
_LATIN = {"š": "sh", "ş": "sh", "ș": "sh", "ś": "sh", "č": "ch", "ć": "ch", "ž": "zh", "ź": "zh"}
_LATIN |= {"ż": "zh", "ț": "ts", "ţ": "ts", "ç": "ts", "ğ": "g", "ñ": "n", "ø": "o", "å": "o"}
_LATIN |= {"ł": "l", "ß": "ss", "ъ": "", "ь": "", "ё": "e", "э": "e", "ы": "i", "ं": "n"}
_LATIN_TABLE = str.maketrans(_LATIN)


@dataclass(frozen=True, slots=True)
class Sounds:
    """How a word sounds, roughly.

    Attributes:
        text: One character a sound.
        weight: What a whole mismatch would cost.
        profile: How its script treats sounds.
    """

    text: str
    weight: float
    profile: "Profile"


class Profile(NamedTuple):
    """How a script writes foreign words: what differences cost little.

    Attributes:
        insert_vowel: A vowel that only the word in this script has.
        skip_vowel: A vowel that this script leaves out.
        skip_r: An r that this script leaves out.
        one_liquid: It does not tell l and r apart.
    """

    insert_vowel: float = 0.4
    skip_vowel: float = 0.4
    skip_r: float = 1.0
    one_liquid: bool = False

    @property
    def is_abjad(self) -> bool:
        """Whether short vowels are not written."""
        return self.skip_vowel < 0.1


_PLAIN = Profile()
_SCRIPTS = {
    "ARABIC": Profile(0.25, 0.06),
    "HEBREW": Profile(0.25, 0.06),
    "KATAKANA": Profile(0.1, 0.35, 0.2, True),
    "HIRAGANA": Profile(0.1, 0.35, 0.2, True),
    "HANGUL": Profile(0.15, 0.35, 0.2, True),
    "DEVANAGARI": Profile(0.3, 0.15),
    "BENGALI": Profile(0.3, 0.15),
    "THAI": Profile(0.25, 0.3, 0.5),
    "LAO": Profile(0.25, 0.3, 0.5),
}
_ABJADS = frozenset({"ARABIC", "HEBREW"})


@lru_cache(maxsize=100_000)
def sounds(word: str, *, plain_j: bool = False) -> Sounds:
    """Return the sounds of a word in any script; its text may be empty.

    Args:
        plain_j: Whether the letter j sounds like i, as in German and Slavic languages.
    """
    written = script(word)
    profile = _SCRIPTS.get(written, _PLAIN)
    roman = romanised(word)
    if written == "CYRILLIC" or (plain_j and written == "LATIN"):
        roman = _PLAIN_J.sub("i", roman)
    return with_profile(sounds_of(roman, abjad=written in _ABJADS), profile)


_PLAIN_J = re.compile("(?<!d)j")  # dj is one sound there, too


def with_profile(text: str, profile: "Profile") -> Sounds:
    return Sounds(text, _weight(text), profile)


def _weight(text: str) -> float:
    return sum(0.5 if each in VOWELS else 1.0 for each in text)


def script(word: str) -> str:
    """Return the script of the first letter as Unicode names it: "LATIN", "CYRILLIC"."""
    for character in word:
        if character.isalpha():
            return unicodedata.name(character, "").split(" ")[0]
    return ""


def romanised(word: str) -> str:
    """Return the word in the letters a-z."""
    lowered = unicodedata.normalize("NFC", word.lower())
    if "α" <= lowered[:1] <= "ώ" or "ά" <= lowered[:1] <= "ώ":
        lowered = _digraphed(lowered)
    plain = anyascii(lowered.translate(_LATIN_TABLE)).lower()
    return "".join(each for each in plain if "a" <= each <= "z")


def _digraphed(greek: str) -> str:
    """Return a Greek word with its letter pairs written as what they sound like."""
    for pair, (sound, first) in _digraphs().items():
        if greek.startswith(pair):
            greek = first + greek[len(pair) :]
        greek = greek.replace(pair, sound)
    return greek


@cache
def _digraphs() -> dict[str, tuple[str, str]]:
    return {cells[0]: (cells[1], cells[2]) for cells in rows("digraphs.tsv")}


@cache
def _spellings() -> tuple[dict[str, str], int]:
    table = {cells[0]: cells[1] for cells in rows("spellings.tsv")}
    return table, max(map(len, table))


def sounds_of(roman: str, *, abjad: bool) -> str:
    """Return the sounds of a word in a-z; without doubled ones."""
    if abjad:
        roman = roman.replace("w", "u").replace("y", "i").replace("nj", "ng")
    return "".join(sound for sound, _ in _placed_sounds(roman))


def _placed_sounds(roman: str) -> list[tuple[str, int]]:
    """Return each sound with the place of its letters; doubled sounds are one."""
    table, longest = _spellings()
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(roman):
        length = min(longest, len(roman) - at)
        while length > 1 and roman[at : at + length] not in table:
            length -= 1
        piece = roman[at : at + length]
        for sound in table.get(piece, piece):
            if not found or found[-1][0] != sound:
                found.append((sound, at))
        at += length
    return found


# Sounds that may stand for each other, for finding candidates; each letter's possible groups.
_GROUPS = {
    **dict.fromkeys("pbfv", "P"),
    **dict.fromkeys("td", "T"),
    **dict.fromkeys("kg", "K"),
    **dict.fromkeys("mnN", "M"),
    **dict.fromkeys("lr", "L"),
    "s": "S",
    "x": "SK",
    "c": "SK",
    "j": "SK-",
    "h": "K-",
}
DEPTH = 5


@lru_cache(maxsize=100_000)
def skeletons(text: str, *, abjad: bool = False) -> frozenset[str]:
    """Return the possible groups of the first consonants, at most `DEPTH` of them.

    Two words that may be cognates share one, or one's is a beginning of the other's.

    Args:
        abjad: The script has one letter for u and v.
    """
    found = {""}
    for place, sound in enumerate(text):
        groups = _GROUPS.get(sound)
        if abjad and sound in "uv":
            groups = "P-"
        elif sound == "u" and text[place + 1 : place + 2] in VOWELS:  # as in Quang, Kvang
            groups = "-P"
        elif sound == "k" and text[place + 1 : place + 2] in ("t", "s"):  # elettronica
            groups = "K-"
        if groups is None:
            continue
        found = {
            each if len(each) >= DEPTH or group == "-" else each + group
            for each in found
            for group in groups
        }
        if all(len(each) >= DEPTH for each in found):
            break
    return frozenset(found)


def part_of(heard: Sounds, place: int) -> Sounds:
    """Return the sounds from a place on."""
    return with_profile(heard.text[place:], heard.profile)


@dataclass(frozen=True, slots=True)
class Piece:
    """The sounds of a run from one of its letters on.

    Attributes:
        start: The letter's place in the run.
        ends: For each number of sounds, the place in the run where that many have been heard.
    """

    heard: Sounds
    start: int
    ends: tuple[int, ...]


_LONGEST_PIECE = 16
_MOST_PIECES = 300
_LONGEST_RUN = 1_500
_LEADING_VOWELS = frozenset("เแโใไເແໂໃໄ")


def _romanised_run(run: str) -> tuple[str, list[int]]:
    """Return a run in a-z, and for each letter the place in the run where its cluster begins.

    A vowel written before its consonant belongs to it, so a name never begins behind it.
    """
    roman: list[str] = []
    origins: list[int] = []
    at = 0
    while at < len(run):
        end = at + 1
        while end < len(run) and (
            unicodedata.category(run[end]).startswith("M") or run[end - 1] in _LEADING_VOWELS
        ):
            end += 1
        piece = romanised(run[at:end])
        if run[at] in _LEADING_VOWELS:  # spoken after the consonant
            piece = piece.lstrip("aeiou") + piece[: len(piece) - len(piece.lstrip("aeiou"))]
        roman.append(piece)
        origins.extend([at] * len(piece))
        at = end
    return "".join(roman), origins


def run_pieces(run: str) -> list[Piece]:
    """Return the sounds of a run from each of its letters on, at most 16 sounds each."""
    profile = _SCRIPTS.get(script(run), _PLAIN)
    run = run[:_LONGEST_RUN]
    roman, origins = _romanised_run(run)
    heard = [(sound, origins[at]) for sound, at in _placed_sounds(roman)]
    places = [place for _, place in heard] + [len(run)]
    pieces = []
    for index, (_, place) in enumerate(heard[:_MOST_PIECES]):
        if index and places[index - 1] == place:
            continue
        if heard[index][0] in VOWELS:
            continue
        text = "".join(sound for sound, _ in heard[index : index + _LONGEST_PIECE])
        ends = tuple(places[index : index + len(text) + 1])
        pieces.append(Piece(with_profile(text, profile), place, ends))
    return pieces
