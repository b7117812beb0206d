"""Is this the same word in another spelling or script? Sounds, and the distance between them.

A word is transliterated to a-z, then to a string of sounds in which spellings that differ by
language meet (c, k, q; sh, sch, sz). The distance is an edit distance in which vowels are
cheap and related consonants are near; how cheap depends on the script, since Arabic and
Hebrew write no short vowels and kana adds some.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from anyascii import anyascii

from rules.languages.tables import rows

VOWELS = frozenset("aeiou")
_LATIN = {"š": "sh", "ş": "sh", "ș": "sh", "ś": "sh", "č": "ch", "ć": "ch", "ž": "zh", "ź": "zh"}
_LATIN |= {"ż": "zh", "ț": "ts", "ţ": "ts", "ç": "s", "ğ": "g", "ñ": "n", "ø": "o", "å": "o"}
_LATIN |= {"ł": "l", "ß": "ss", "ъ": "", "ь": "", "ё": "e", "э": "e", "ы": "i"}
_LATIN_TABLE = str.maketrans(_LATIN)


@dataclass(frozen=True, slots=True)
class Sounds:
    """How a word sounds, roughly.

    Attributes:
        text: One character a sound.
        weight: What a whole mismatch would cost.
        insert_vowel, skip_vowel: What a vowel costs that only this word, or only the other
            word, has; by the script of this word.
    """

    text: str
    weight: float
    insert_vowel: float
    skip_vowel: float


# Script name prefix in Unicode: (vowels it adds, vowels it leaves out), cheap or dear.
_PLAIN = (0.4, 0.4)
_SCRIPTS = {
    "ARABIC": (0.25, 0.06),
    "HEBREW": (0.25, 0.06),
    "KATAKANA": (0.1, 0.35),
    "HIRAGANA": (0.1, 0.35),
    "HANGUL": (0.15, 0.35),
    "DEVANAGARI": (0.3, 0.15),
    "BENGALI": (0.3, 0.15),
    "THAI": (0.25, 0.3),
    "LAO": (0.25, 0.3),
}


@lru_cache(maxsize=100_000)
def sounds(word: str) -> Sounds:
    """Return the sounds of a word in any script; its text may be empty."""
    insert, skip = _SCRIPTS.get(script(word), _PLAIN)
    text = _sounds_of(romanised(word), abjad=skip < 0.1)
    weight = sum(0.5 if each in VOWELS else 1.0 for each in text)
    return Sounds(text, weight, insert, skip)


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
        roman = roman.replace("w", "u").replace("y", "i")
    table, longest = _spellings()
    found: list[str] = []
    at = 0
    while at < len(roman):
        for length in range(min(longest, len(roman) - at), 0, -1):
            piece = roman[at : at + length]
            if length == 1 or piece in table:
                found.append(table.get(piece, piece))
                at += length
                break
    text = "".join(found)
    return "".join(each for place, each in enumerate(text) if place == 0 or text[place - 1] != each)


_NEAR_SOUNDS = {
    **dict.fromkeys(("bp", "td", "kg", "sc", "cx", "jx", "nN", "sx"), 0.25),
    **dict.fromkeys(("bv", "vf", "fp", "kh", "gh", "gj", "ck", "cj", "sj", "mn", "mN"), 0.35),
    **dict.fromkeys(("lr", "xk", "xh", "jk", "jh", "gN", "tc", "hx"), 0.5),
    **dict.fromkeys(("ij", "uv", "ov"), 0.3),
}


@cache
def _costs() -> dict[str, float]:
    """Return what replacing one sound by another costs, for both orders."""
    letters = "abcdefghijklmnopqrstuvwxyzN"
    costs = {}
    for one in letters:
        for other in letters:
            cost = 0.0 if one == other else 1.0
            if one != other and one in VOWELS and other in VOWELS:
                cost = 0.2
            cost = _NEAR_SOUNDS.get(one + other, _NEAR_SOUNDS.get(other + one, cost))
            costs[one + other] = cost
    return costs


def alignment(known: Sounds, heard: Sounds, most: float) -> list[float]:
    """Return, for each beginning of `heard` (0 sounds, 1 sound ...), its distance from `known`.

    Gives up early with an empty list when every distance exceeds `most`.
    """
    costs = _costs()
    row = [0.0]
    for sound in heard.text:
        row.append(row[-1] + _gap(sound, heard.insert_vowel, after_n=False))
    before = ""
    for sound in known.text:
        drop = _gap(sound, heard.skip_vowel, after_n=before in ("n", "N"))
        above = row
        row = [above[0] + drop]
        for place, other in enumerate(heard.text):
            row.append(
                min(
                    above[place] + costs[sound + other],
                    above[place + 1] + drop,
                    row[place] + _gap(other, heard.insert_vowel, after_n=False),
                )
            )
        if min(row) > most:
            return []
        before = sound
    return row


def _gap(sound: str, vowel: float, *, after_n: bool) -> float:
    """Return what a sound costs that the other word does not have."""
    if sound in VOWELS:
        return vowel
    if sound == "h":
        return 0.35
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
DEPTH = 4


@lru_cache(maxsize=100_000)
def skeletons(text: str) -> frozenset[str]:
    """Return the possible groups of the first consonants, at most `DEPTH` of them.

    Two words that may be cognates share one, or one's is a beginning of the other's.
    """
    found = {""}
    for sound in text:
        groups = _GROUPS.get(sound)
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
        members = {_sounds_of(each, abjad=False) for each in line.split()}
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
            stem = Sounds(whole.text[:cut], 0.0, whole.insert_vowel, whole.skip_vowel)
            weight = sum(0.5 if each in VOWELS else 1.0 for each in stem.text)
            stem = Sounds(stem.text, weight, whole.insert_vowel, whole.skip_vowel)
            return Known(whole, stem, classes[ending])
    return Known(whole, None, frozenset())


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two words are.

    Attributes:
        strength: 1.0 for the same sounds, 0.0 for nothing in common.
        rest: The sounds of the heard word after the part that answers the known one.
    """

    strength: float
    rest: str


LEAST = 0.7
"""Below this words are not called cognates by anyone."""


def likeness(known: Known, heard: Sounds, endings: frozenset[str]) -> Likeness | None:
    """Compare a rule's word with a word of a text, which may carry an ending.

    Args:
        endings: What may follow in the text's language, as sounds; "" included.
    """
    best = _against(known.whole, heard, endings)
    if known.stem is not None:
        by_stem = _against(known.stem, heard, known.endings, after=endings)
        if by_stem is not None and (best is None or by_stem.strength > best.strength):
            best = by_stem
    return best


def _against(
    part: Sounds, heard: Sounds, endings: frozenset[str], after: frozenset[str] | None = None
) -> Likeness | None:
    most = part.weight * (1 - LEAST)
    row = alignment(part, heard, most)
    best: Likeness | None = None
    for place, cost in enumerate(row):
        if cost > most:
            continue
        rest = heard.text[place:]
        if not _is_ending(rest, endings, after):
            continue
        strength = 1 - (cost + 0.03 * len(rest) * (after is None)) / part.weight
        if best is None or strength > best.strength:
            best = Likeness(round(strength, 4), "")
    return best


def _is_ending(rest: str, endings: frozenset[str], after: frozenset[str] | None) -> bool:
    if rest in endings:
        return True
    if after is None:
        return False
    return any(rest[:cut] in endings and rest[cut:] in after for cut in range(1, len(rest)))


def beginning(known: Sounds, heard: Sounds) -> tuple[float, list[int]] | None:
    """Return how well the beginning of `heard` is `known`, and where that beginning may end.

    For compounds: the rest is another word. None when it is not alike.
    """
    most = known.weight * (1 - LEAST)
    row = alignment(known, heard, most)
    if not row:
        return None
    cost = min(row)
    if cost > most:
        return None
    places = [place for place, each in enumerate(row) if each <= cost + 0.25]
    return round(1 - cost / known.weight, 4), places


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
    text = heard.text[place:]
    weight = sum(0.5 if each in VOWELS else 1.0 for each in text)
    return Sounds(text, weight, heard.insert_vowel, heard.skip_vowel)


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


def run_pieces(run: str) -> list[Piece]:
    """Return the sounds of a run from each of its letters on, at most 16 sounds each."""
    insert, skip = _SCRIPTS.get(script(run), _PLAIN)
    heard: list[tuple[str, int]] = []
    at = 0
    while at < len(run):
        end = at + 1
        while end < len(run) and unicodedata.category(run[end]).startswith("M"):
            end += 1
        heard.extend((sound, at) for sound in _sounds_of(romanised(run[at:end]), abjad=False))
        at = end
    places = [place for _, place in heard] + [len(run)]
    pieces = []
    for index, (_, place) in enumerate(heard):
        if index and places[index - 1] == place:
            continue
        text = "".join(sound for sound, _ in heard[index : index + _LONGEST_PIECE])
        ends = tuple(places[index : index + len(text) + 1])
        pieces.append(Piece(Sounds(text, 0.0, insert, skip), place, ends))
    return pieces
