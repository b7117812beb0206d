"""Is this the same word in another spelling or script? Sounds, and the distance between them.

A word is transliterated to a-z, then to a string of sounds in which spellings that differ by
language meet (c, k, q; sh, sch, sz). The distance is an edit distance in which vowels are
cheap and related consonants are near; how cheap depends on the script, since Arabic and
Hebrew write no short vowels and kana adds some.
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
    return _with_profile(_sounds_of(roman, abjad=written in _ABJADS), profile)


_PLAIN_J = re.compile("(?<!d)j")  # dj is one sound there, too


def _with_profile(text: str, profile: "Profile") -> Sounds:
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
    plain = anyascii(lowered.translate(_LATIN_TABLE)).lower()
    return "".join(each for each in plain if "a" <= each <= "z")


@cache
def _spellings() -> tuple[dict[str, str], int]:
    table = {cells[0]: cells[1] for cells in rows("spellings.tsv")}
    return table, max(map(len, table))


def _sounds_of(roman: str, *, abjad: bool) -> str:
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


_NEAR_SOUNDS = {
    **dict.fromkeys(("bp", "td", "kg", "cx", "jx", "nN", "sx"), 0.25),
    **dict.fromkeys(
        ("bv", "vf", "fp", "kh", "gh", "gj", "ck", "cj", "sj", "mn", "mN", "xk", "xh"), 0.35
    ),
    **dict.fromkeys(("lr", "jk", "jh", "gN", "tc"), 0.5),
    **dict.fromkeys(("ij", "uv", "ov"), 0.3),
    "sc": 0.1,
}


@cache
def _costs(one_liquid: bool) -> dict[str, dict[str, float]]:
    """Return what replacing one sound by another costs, for both orders."""
    letters = "abcdefghijklmnopqrstuvwxyzN"
    costs: dict[str, dict[str, float]] = {}
    for one in letters:
        costs[one] = {}
        for other in letters:
            cost = 0.0 if one == other else 1.0
            if one != other and one in VOWELS and other in VOWELS:
                cost = 0.2
            costs[one][other] = _NEAR_SOUNDS.get(one + other, _NEAR_SOUNDS.get(other + one, cost))
    if one_liquid:
        costs["l"]["r"] = costs["r"]["l"] = 0.05
    return costs


def alignment(known: "Known", heard: Sounds) -> "Alignment":
    """Return the distances of a known word, and of its stem, from each beginning of `heard`.

    Gives up early, with empty rows, when every distance is too great.
    """
    profile = heard.profile
    vowel, text = profile.insert_vowel, heard.text
    table = _costs(profile.one_liquid)
    inserts = [vowel if s in VOWELS else 0.35 if s == "h" else 1.0 for s in text]
    row = [0.0]
    for insert in inserts:
        row.append(row[-1] + insert)
    stem_at = len(known.stem.text) if known.stem else 0
    most = known.whole.weight * (1 - LEAST)
    by_stem: list[float] = []
    before = ""
    for number, sound in enumerate(known.whole.text, 1):
        drop = _dropped(sound, profile, after_n=before in ("n", "N"))
        costs = table[sound]
        diagonal = row[0]
        left = diagonal + drop
        below = [left]
        for other, insert, above in zip(text, inserts, row[1:], strict=True):
            cost = diagonal + costs[other]
            if above + drop < cost:
                cost = above + drop
            if left + insert < cost:
                cost = left + insert
            below.append(cost)
            diagonal, left = above, cost
        row = below
        if number == stem_at:
            by_stem = row
        if min(row) > most:
            return Alignment([], by_stem)
        before = sound
    return Alignment(row, by_stem)


class Alignment(NamedTuple):
    """Distances from each beginning of a heard word: 0 sounds, 1 sound, and so on."""

    whole: list[float]
    stem: list[float]


def _dropped(sound: str, profile: Profile, *, after_n: bool) -> float:
    """Return what a sound costs that the heard word does not have."""
    if sound in VOWELS:
        return profile.skip_vowel
    if sound == "h":
        return 0.35
    if sound == "r":
        return profile.skip_r
    return 0.4 if after_n and sound in "gk" else 1.0


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


@cache
def _suffix_classes() -> dict[str, frozenset[str]]:
    """Return, for each shared ending, the endings of the same class, as sounds."""
    classes: dict[str, set[str]] = {}
    for (line,) in rows("suffixes.tsv"):
        members = {_sounds_of(romanised(each), abjad=False) for each in line.split()}
        for each in members:
            classes.setdefault(each, set()).update(members)
    return {each: frozenset(members) for each, members in classes.items()}


@dataclass(frozen=True, slots=True)
class Known:
    """A rule's word, ready to be compared.

    Attributes:
        whole: The sounds of the word.
        stem: The sounds before an ending that languages share ("konven" of "convention"), or
            None.
        endings: What may follow the stem, as sounds.
    """

    whole: Sounds
    stem: Sounds | None
    endings: frozenset[str]


_SHORTEST_STEM = 4


@lru_cache(maxsize=200_000)
def known(word: str) -> Known:
    """Prepare a rule's word."""
    whole = sounds(word)
    classes = _suffix_classes()
    for cut in range(_SHORTEST_STEM, len(whole.text)):
        ending = whole.text[cut:]
        if ending in classes and len(ending) > 1:
            stem = _with_profile(whole.text[:cut], whole.profile)
            return Known(whole, stem, classes[ending])
    return Known(whole, None, frozenset())


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two words are.

    Attributes:
        strength: 1.0 for the same sounds, 0.0 for nothing in common.
    """

    strength: float


LEAST = 0.7
"""Below this words are not called cognates by anyone."""


def likeness(
    known: Known, heard: Sounds, endings: frozenset[str], found: Alignment | None = None
) -> Likeness | None:
    """Compare a rule's word with a word of a text, which may carry an ending.

    Args:
        endings: What may follow in the text's language, as sounds; "" included.
        found: Their alignment, if it is known already.
    """
    found = found or alignment(known, heard)
    best = _against(found.whole, known.whole, heard, endings)
    if known.stem is not None:
        by_stem = _against(found.stem, known.stem, heard, known.endings, after=endings)
        if by_stem is not None and (best is None or by_stem.strength > best.strength):
            best = by_stem
    return best


def _against(
    row: list[float],
    part: Sounds,
    heard: Sounds,
    endings: frozenset[str],
    after: frozenset[str] | None = None,
) -> Likeness | None:
    most = part.weight * (1 - LEAST)
    best = 0.0
    for place, cost in enumerate(row):
        if cost > most:
            continue
        rest = heard.text[place:]
        if _is_ending(rest, endings, after):
            strength = 1 - (cost + 0.03 * len(rest) * (after is None)) / part.weight
            best = max(best, strength)
    return Likeness(round(best, 4)) if best > 0 else None


def _is_ending(rest: str, endings: frozenset[str], after: frozenset[str] | None) -> bool:
    if rest in endings:
        return True
    if after is None:
        return False
    return any(rest[:cut] in endings and rest[cut:] in after for cut in range(1, len(rest)))


def beginning(
    known: Known, heard: Sounds, found: Alignment | None = None
) -> tuple[float, list[int]] | None:
    """Return how well the beginning of `heard` is `known`, and where that beginning may end.

    For compounds: the rest is another word. None when it is not alike.
    """
    most = known.whole.weight * (1 - LEAST)
    row = (found or alignment(known, heard)).whole
    if not row:
        return None
    cost = min(row)
    if cost > most:
        return None
    places = [place for place, each in enumerate(row) if each <= cost + 0.25]
    return round(1 - cost / known.whole.weight, 4), places


def least(weight: float) -> float:
    """Return the strength that a cognate needs: the shorter the word, the more."""
    if weight <= 2.0:
        return 0.88
    if weight <= 3.0:
        return 0.84
    if weight <= 4.5:
        return 0.78
    return 0.74


def part_of(heard: Sounds, place: int) -> Sounds:
    """Return the sounds from a place on."""
    return _with_profile(heard.text[place:], heard.profile)


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
        pieces.append(Piece(_with_profile(text, profile), place, ends))
    return pieces
