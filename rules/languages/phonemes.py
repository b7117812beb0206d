"""How a word of any script sounds, roughly, in letters that languages share.

A word is transliterated to a-z, then to a string of sounds in which spellings that differ by
language meet (c, k, q; sh, sch, sz). Scripts differ in what they write: Arabic and Hebrew leave
out short vowels, kana adds some.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from string import ascii_lowercase
from typing import NamedTuple

from anyascii import anyascii

from common.records import dataclass
from rules.data.tables import has_plain_j, latin_of, rows
from rules.languages.vowels_around import is_written_around, read
from rules.text.folding import fold

VOWELS = frozenset("aeiou")
LATIN_SCRIPT = "LATIN"
AS_LATIN = "LATIN-"
"""So begin, in languages.tsv, the ways in which languages read Latin letters that keep most names
as they are, and spell anew those that come from other scripts only: Scserbakov."""
TRANSCRIBED = "TRANSCRIBED"
"""The name, in phonetics.tsv, of what Han characters write in names of foreigners."""
_FEWEST_SIGNS = 2
_LATIN = {"š": "sh", "ş": "sh", "ș": "sh", "ś": "sh", "č": "ch", "ć": "ch", "ž": "zh", "ź": "zh"}
_LATIN |= {"ż": "zh", "ț": "ts", "ţ": "ts", "ç": "ts", "ğ": "g", "ñ": "n", "ø": "o", "å": "o"}
_LATIN |= {"ł": "l", "ß": "ss", "ъ": "", "ь": "", "ё": "e", "э": "e", "ы": "i", "ं": "n"}
_LATIN_TABLE = str.maketrans(_LATIN)


@dataclass(frozen=True, slots=True, eq=False)
class Phonemes:
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
        skip_nasal: An n or m before b, d or g that this script leaves out.
        pairs: Sounds that it hardly tells apart, with what taking one for the other costs.
    """

    insert_vowel: float = 0.4
    skip_vowel: float = 0.4
    skip_r: float = 1.0
    skip_nasal: float = 1.0
    pairs: tuple[tuple[str, float], ...] = ()

    @property
    def is_abjad(self) -> bool:
        """Whether short vowels are not written."""
        return self.skip_vowel < 0.1

    @property
    def writes_together(self) -> bool:
        """Whether it may write a name of several words as one: hangul, kana, Thai."""
        return self.skip_r < 1.0

    @property
    def is_foreign(self) -> bool:
        """Whether it is another script than Latin."""
        return bool(self.pairs)

    @property
    def drops(self) -> bool:
        """Whether it leaves out consonants."""
        return self.skip_r < 1.0 or self.skip_nasal < 1.0


PLAIN = Profile()
_CHEAP = 0.05
_ABJADS = frozenset({"ARABIC", "HEBREW"})


@cache
def profiles() -> dict[str, Profile]:
    """Return how each script writes foreign words, by its name in Unicode."""
    profiles = {}
    for name, *costs, cells in rows("phonetics.tsv"):
        pairs = []
        for cell in cells.split():
            pair, _, cost = cell.partition(":")
            if len(pair) == 2:
                pairs.append((pair, float(cost or _CHEAP)))
        insert_vowel, skip_vowel, skip_r, skip_nasal = map(float, costs)
        profiles[name] = Profile(insert_vowel, skip_vowel, skip_r, skip_nasal, tuple(pairs))
    return profiles


@lru_cache(maxsize=500)
def phonemes_of(word: str, language: str = "") -> Phonemes:
    """Return the sounds of a word in any script; its text may be empty.

    Args:
        language: In which the word stands, by whose ways Latin letters are read.
    """
    heard = None if language else _heard_before.get(word)
    if heard is not None:
        return heard
    roman, written = _romanised_in(word, language)
    return with_profile(phoneme_text(roman, written), profiles().get(written, PLAIN))


def phonemes_of_all(words: Iterable[str], language: str = "") -> dict[str, Phonemes]:
    """Return the sounds of many words, as `phonemes_of` does: in half the time."""
    by_way: dict[tuple[str, bool], list[str]] = {}
    for word in words:
        by_way.setdefault(_way_of(word, language), []).append(word)
    every = {}
    for (written, plain_j), some in by_way.items():
        profile = profiles().get(written, PLAIN)
        romans = "\n".join(_all_romanised(some, written))
        romans = PLAIN_J.sub("y", romans) if plain_j else romans
        texts = phoneme_text(romans, written).split("\n")
        for word, text in zip(some, texts, strict=True):
            every[word] = with_profile(text, profile)
    return every


def hear_ahead(words: Iterable[str]) -> None:
    """Hear words, of no language, for whose `phonemes_of` will be asked next."""
    every = phonemes_of_all(words)
    _heard_before.clear()
    _heard_before.update(every)


_heard_before: dict[str, Phonemes] = {}
"""What `hear_ahead` has heard the last time."""


def _romanised_in(word: str, language: str) -> tuple[str, str]:
    """Return a word of a language in the letters a-z, and by which script's ways it is read."""
    written, plain_j = _way_of(word, language)
    roman = romanised(word, written)
    return PLAIN_J.sub("y", roman) if plain_j else roman, written


def _way_of(word: str, language: str) -> tuple[str, bool]:
    """Return by which script's ways a word of a language is read, and whether its j is plain."""
    if not language and word.isascii() and word.isalpha():  # as most words of rules
        return LATIN_SCRIPT, False
    written = written_as(word)
    if written == LATIN_SCRIPT:
        return latin_of(language), has_plain_j(language)
    return written, written == "CYRILLIC"


PLAIN_J = re.compile("(?<!d)j")  # dj is one sound there, too


def written_as(word: str) -> str:
    """Return the script of a word; TRANSCRIBED if its signs may write a foreign name: 默克尔.

    Two that begin with a surname are rather a Chinese one.
    """
    of = script(word)
    if of != "CJK" or len(word) < _FEWEST_SIGNS or not han_sounds().keys() >= {*fold(word)}:
        return of
    return of if len(word) == _FEWEST_SIGNS and word[0] in _surnames() else TRANSCRIBED


def alternative_spellings(word: str) -> Iterator[str]:
    """Yield the word so that letters which may be one sound are two: Kyoto, Киот-ский."""
    for letters, other in alternatives().get(script(word), ()):
        if letters in word:
            yield word.replace(letters, other)


@cache
def han_sounds() -> dict[str, str]:
    """Return what each character says in the name of a foreigner, in letters."""
    return {sign: sound for sound, signs in rows("han_sounds.tsv") for sign in signs}


@cache
def _surnames() -> str:
    return next(signs for of, signs in rows("surnames.tsv") if of == "han")


@cache
def alternatives() -> dict[str, list[tuple[str, str]]]:
    """Return, for each script, letters that may be heard in two ways, with the other one."""
    profiles: dict[str, list[tuple[str, str]]] = {}
    for name, letters, other in rows("alternatives.tsv"):
        profiles.setdefault(name, []).append((letters, other))
    return profiles


def with_profile(text: str, profile: "Profile") -> Phonemes:
    """Return sounds of which it is known how they are written, with their weight."""
    return Phonemes(text, _weight(text), profile)


def _weight(text: str) -> float:
    return 0.5 * (len(text) + len(text.encode().translate(None, b"aeiou")))


def script(word: str) -> str:
    """Return the script of the first letter as Unicode names it: "LATIN", "CYRILLIC"."""
    for character in word:
        if character.isalpha():
            return _script_of(character)
    return ""


@lru_cache(maxsize=512)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def romanised(word: str, written: str = "") -> str:
    """Return the word in the letters a-z.

    Args:
        written: By which script's ways, if not by those of its first letter.
    """
    lowered = _lowered(word)
    written = written or script(lowered)
    if written == TRANSCRIBED:
        return "".join(han_sounds()[sign] for sign in fold(lowered))
    if is_written_around(written):
        return "".join(said for said, _ in read(lowered, written))
    return roman_letters(_respelled(lowered, written))


def _all_romanised(words: Sequence[str], written: str) -> Sequence[str]:
    """Return words that are all read by one script's ways, as `romanised` does."""
    if written in ("", TRANSCRIBED) or is_written_around(written):
        return [romanised(word, written) for word in words]
    lines = _respelled(_lowered("\n".join(words)), written)
    return _NO_LETTER.sub("", _plain(lines)).split("\n")


_NO_LETTER = re.compile("[^a-z\n]")


def _lowered(text: str) -> str:
    lowered = text.lower()
    if text.isascii():
        return lowered
    return DOUBLED.sub("\\1a", unicodedata.normalize("NFC", lowered))


def roman_letters(lowered: str) -> str:
    """Return small letters of any script in the letters a-z, each for itself."""
    plain = _plain(lowered)
    if plain.isalpha() and plain.islower():
        return plain
    return "".join(letter for letter in plain if "a" <= letter <= "z")


def _plain(lowered: str) -> str:
    """Return small letters in ASCII."""
    return lowered if lowered.isascii() else anyascii(lowered.translate(_LATIN_TABLE)).lower()


# The same consonant twice has a vowel between in scripts that write doubled ones with a mark.
DOUBLED = re.compile(
    "([\u0621-\u0643\u0645-\u0647\u0679\u067e\u0686\u0688\u0691\u0698\u06a9\u06af\u05d0-\u05d4\u05d6-\u05d8\u05da-\u05ea\u0904-\u0939\u0985-\u09b9\u0a85-\u0ab9\u0b85-\u0bb9\u0c05-\u0c39\u0c85-\u0cb9\u0d05-\u0d39])(?=\\1)"
)


def _respelled(lines: str, written: str) -> str:
    """Return words with the letters that sound otherwise together, or at the beginning."""
    text = f"\n{lines}"
    for pair, sound, first in digraphs().get(written, ()):
        text = text.replace(f"\n{pair}", f"\n{first}").replace(pair, sound)
    return text[1:]


@cache
def digraphs() -> dict[str, list[tuple[str, str, str]]]:
    """Return, for each script, letters that sound otherwise together: inside, and at first."""
    profiles: dict[str, list[tuple[str, str, str]]] = {}
    for name, pair, sound, first in rows("digraphs.tsv"):
        profiles.setdefault(name, []).append((pair, sound, first))
    return profiles


@cache
def spellings(written: str) -> tuple[dict[str, str], int]:
    """Return what letters a-z stand for in words of a script, and the longest such letters."""
    table, of = {}, written.lower().partition("-")[0]  # a way of Latin letters has theirs
    for letters, sound, *scripts in _every_spelling():
        if not scripts or of in scripts[0].split():
            table[letters] = sound
    return table, max(map(len, table))


@cache
def _every_spelling() -> list[list[str]]:
    return list(rows("spellings.tsv"))


def spells_in_full(written: str) -> bool:
    """Whether a script writes every sound of a name, and word by word."""
    profile = profiles().get(written, PLAIN)
    return not (profile.is_abjad or profile.writes_together)


AS_VOWELS = str.maketrans("wy", "ui")


def writes_no_vowels(written: str) -> bool:
    """Whether short vowels are not written in a script, so that w and y may be long ones."""
    return written in _ABJADS


def phoneme_text(roman: str, written: str = "LATIN") -> str:
    """Return the sounds of a word in a-z that was written in a script; without doubled ones."""
    if writes_no_vowels(written):
        roman = roman.translate(AS_VOWELS)
    table, letters = _spelled(written)
    return _DOUBLED_SOUND.sub("", letters.sub(lambda found: table[found[0]], roman))


_DOUBLED_SOUND = re.compile(r"(.)(?=\1)")


@cache
def _spelled(written: str) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """Return the sounds of letters in a script, and what finds these, the longest first."""
    table, _ = spellings(written)
    by_first: dict[str, list[str]] = {}  # so that a letter is compared with few of them
    for letters in sorted(table, key=len, reverse=True):
        by_first.setdefault(letters[0], []).append(letters[1:])
    return table, re.compile("|".join(f"{one}(?:{'|'.join(of)})" for one, of in by_first.items()))


def _placed_phonemes(roman: str, written: str) -> list[tuple[str, int]]:
    """Return each sound with the place of its letters; doubled sounds are one."""
    table, longest = spellings(written)
    placed: list[tuple[str, int]] = []
    at = 0
    while at < len(roman):
        length = min(longest, len(roman) - at)
        while length > 1 and roman[at : at + length] not in table:
            length -= 1
        piece = roman[at : at + length]
        for sound in table.get(piece, piece):
            if not placed or placed[-1][0] != sound:
                placed.append((sound, at))
        at += length
    return placed


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
SHORTEST_THINNED = 3


@lru_cache(maxsize=200)
def consonant_keys(text: str, *, abjad: bool = False, depth: int = DEPTH) -> frozenset[str]:
    """Return the possible groups of the first consonants, at most `depth` of them.

    Two words that may be cognates share one, or one's is a beginning of the other's.

    Args:
        abjad: The script has one letter for u and v.
    """
    keys: Iterable[str] = ("",)
    at = 0
    for unsure in (_UNSURE_IN_ABJADS if abjad else _UNSURE).finditer(text):
        place = unsure.start()
        certain = text[at:place].translate(_CERTAIN)
        groups = _MAY_BE[text[place]]
        keys = {(key + certain + group)[:depth] for key in keys for group in groups}
        at = place + 1
        if place >= depth and len(min(keys, key=len)) == depth:
            return frozenset(keys)
    certain = text[at:].translate(_CERTAIN)
    return frozenset([(key + certain)[:depth] for key in keys])


_UNSURE = re.compile("[xcjh]|u(?=[aeiou])|(?<=[ae])[uv]|k(?=[ts])")
_UNSURE_IN_ABJADS = re.compile("[xcjhuv]|k(?=[ts])")
"""Sounds that may be of several groups, or of none."""

_MAY_BE = {"x": "SK", "c": "SK", "j": ("S", "K", ""), "h": ("K", ""), "k": ("K", "")}
_MAY_BE |= dict.fromkeys("uv", ("", "P"))  # a vowel in some spellings: Quang, Kvang; Europe, Evropa
"""What these may be where they are unsure."""

_CERTAIN = str.maketrans({sound: _GROUPS.get(sound, "") for sound in f"{ascii_lowercase}N"})

_ONE_OF_EACH = str.maketrans({sound: _GROUPS.get(sound, "")[:1] for sound in f"{ascii_lowercase}N"})


def a_consonant_key(text: str) -> str:
    """Return one of `consonant_keys`, in a tenth of the time that all of them take."""
    return text.translate(_ONE_OF_EACH)[:DEPTH]


_LEFT_OUT = tuple(re.compile(pattern) for pattern in ("r(?![aeiou])", "[nm](?=[bdgptk])"))


@lru_cache(maxsize=200)
def thinned_keys(text: str, *, depth: int = DEPTH) -> frozenset[str]:
    """Return the groups of a word as scripts write it that leave out consonants.

    They leave out an r or a nasal before another consonant, or the last sound.
    """
    written = [text, text.replace("N", "ng")] if "N" in text else [text]
    for left_out in _LEFT_OUT:
        others = [left_out.sub("", each) for each in written if left_out.search(each)]
        written += others
    keys = set[str]().union(*[consonant_keys(each, depth=depth) for each in written])
    keys.update([key[:-1] for key in keys if len(key) > SHORTEST_THINNED])
    return frozenset(keys)


def part_of(phonemes: Phonemes, place: int) -> Phonemes:
    """Return the sounds from a place on."""
    return with_profile(phonemes.text[place:], phonemes.profile)


@dataclass(frozen=True, slots=True)
class Piece:
    """The sounds of a run from one of its letters on.

    Attributes:
        start: The letter's place in the run.
        ends: For each number of sounds, the place in the run where that many have been heard.
        by_sign: Whether a name ends only where a sign does.
    """

    phonemes: Phonemes
    start: int
    ends: tuple[int, ...]
    by_sign: bool = False

    def may_end(self, count: int) -> bool:
        """Whether a name may end behind so many sounds."""
        return not self.by_sign or self.ends[count] != self.ends[min(count + 1, len(self.ends) - 1)]


LONGEST_PIECE = 16
_MOST_PIECES = 300
_LONGEST_RUN = 1_500


def _romanised_run(run: str, written: str) -> tuple[str, list[int]]:
    """Return a run in a-z, and for each letter the place in the run where its cluster begins."""
    roman: list[str] = []
    origins: list[int] = []
    if is_written_around(written):
        for said, place in read(run, written):
            roman.append(said)
            origins.extend([place] * len(said))
        return "".join(roman), origins
    at = 0
    while at < len(run):
        end = at + 1
        while end < len(run) and unicodedata.category(run[end]).startswith("M"):
            end += 1
        piece = romanised(run[at:end])
        roman.append(piece)
        origins.extend([at] * len(piece))
        at = end
    return "".join(roman), origins


def run_pieces(run: str) -> list[Piece]:
    """Return the sounds of a run from each of its letters on, at most 16 sounds each."""
    written = script(run)
    profile = profiles().get(written, PLAIN)
    run = run[:_LONGEST_RUN]
    roman, origins = _romanised_run(run, written)
    phonemes = [(sound, origins[at]) for sound, at in _placed_phonemes(roman, written)]
    places = [place for _, place in phonemes] + [len(run)]
    pieces = []
    for index, (_, place) in enumerate(phonemes[:_MOST_PIECES]):
        if index and places[index - 1] == place:
            continue
        if phonemes[index][0] in VOWELS:
            continue
        text = "".join(sound for sound, _ in phonemes[index : index + LONGEST_PIECE])
        ends = tuple(places[index : index + len(text) + 1])
        pieces.append(Piece(with_profile(text, profile), place, ends))
    return pieces
