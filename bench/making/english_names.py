"""Makes rules/data/english_names.tsv: how names are said whose English letters do not say it.

    python -m bench.making.english_names CMUDICT NAMES...

CMUDICT is the Pronouncing Dictionary of Carnegie Mellon University (its licence lets everyone use
it); NAMES are lists of names, a line each, the most frequent first, as the Census Bureau of the
United States made them in 1990. Only such names are listed as who hears the letters, or reads them
as `rules/data/readings.tsv` does, would not know again, and none that is a common word.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rules.data.tables import rows
from rules.languages.everyday import everyday_words
from rules.languages.pronunciation import is_heard_as, pronunciations

_MOST = 12_000
"""So many names are read of each list."""
_SHORTEST = 3
_WAYS = 3
_NO_NAMES = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
"""Somebody has that name, but who writes it as a rule means the day."""

_HEAD = (
    "# an English name, folded\thow it may be said, as in pronunciations.tsv; "
    "by bench.making.english_names"
)

_CONSONANTS = {
    **{each.upper(): each for each in "bdfgklmnprstvz"},
    "CH": "ch",
    "DH": "d",
    "HH": "h",
    "JH": "j",
    "NG": "ng",
    "SH": "sh",
    "ZH": "j",
    "W": "u",
    "Y": "i",
}
_VOWELS = {
    "AE": "a",
    "AO": "o",
    "AW": "au",
    "AY": "ai",
    "EH": "e",
    "ER": "er",
    "EY": "ei",
    "IH": "i",
    "IY": "i",
    "OW": "o",
    "OY": "oi",
    "UH": "u",
    "UW": "u",
}
_TH = "TH"
_VOWEL_LETTERS = re.compile("[aeiouy]+")
_SILENT_E = re.compile("(?<=[^aeiouy])e(s?)$")
_HARD_G = re.compile("g[^eiy]")
_UNSTRESSED = "0"


def said(name: str, sounds: Sequence[str]) -> list[str]:
    """Return how a name is said in letters, given the dictionary's signs for its sounds.

    Who transcribes a name writes what is heard, but the letter itself where English hardly says a
    vowel, or says it as only English does; and t or s for what no other language has.
    """
    letters = _letters_of_vowels(name, sounds)
    found = "".join(_sign(sound, letters) for sound in sounds)
    if found.endswith("ii"):
        found = found[:-1]
    if name.endswith("ow") and sounds[-1].startswith("OW"):
        found += "u"
    return list(dict.fromkeys([found.replace(_TH, "t"), found.replace(_TH, "s")]))


def _sign(sound: str, letters: Iterator[str]) -> str:
    plain, stress = sound[:2], sound[2:]
    if not stress:
        return _CONSONANTS.get(plain, plain)
    letter = next(letters, "")
    if plain == "AA":
        return "o" if letter == "o" else "a"
    if plain == "AH":
        return letter if letter in tuple("aei") or (letter and stress == _UNSTRESSED) else "a"
    if plain == "ER":
        return "or" if letter == "o" else "er"
    if (
        plain in ("AE", "IH")
        and letter in tuple("aeo")
        and (plain == "AE" or stress == _UNSTRESSED)
    ):
        return letter
    return _VOWELS[plain]


def _letters_of_vowels(name: str, sounds: Sequence[str]) -> Iterator[str]:
    """Return the first letter for each vowel that is heard; nothing if they cannot be told."""
    count = sum(sound[-1].isdigit() for sound in sounds)
    for written in (name, _SILENT_E.sub(r"\1", name)):
        groups = _VOWEL_LETTERS.findall(written)
        if len(groups) == count:
            return iter([group[0].replace("y", "i") for group in groups])
    return iter(())


def dictionary(lines: Iterable[str]) -> dict[str, list[list[str]]]:
    """Return the ways in which words are said, in the dictionary's signs, by word."""
    found: dict[str, list[list[str]]] = defaultdict(list)
    for line in lines:
        word, *sounds = line.partition("#")[0].split()
        word = re.sub(r"\(\d\)$", "", word)
        if len(word) >= _SHORTEST and word.isascii() and word.isalpha():
            found[word].append(sounds)
    return found


def table(names: Iterable[str], said_so: dict[str, list[list[str]]]) -> Iterator[str]:
    """Yield the lines of the table."""
    listed = {name for name, _ in rows("pronunciations.tsv")}
    left_out = listed | everyday_words("en") | _NO_NAMES
    for name in sorted({*names} & said_so.keys() - left_out):
        known = [way for way in pronunciations(name.capitalize()) if not _is_dutch(name, way)]
        heard = [name.capitalize(), *known]
        for way in (way for sounds in said_so[name] for way in said(name, sounds)):
            if not any(is_heard_as(each, way) for each in heard):
                heard.append(way)
        if len(heard) > len(known) + 1:
            yield f"{name}\t{' '.join(heard[1 : _WAYS + 1])}"


def _is_dutch(name: str, way: str) -> bool:
    """Whether it is said as Dutch alone says a first g: Garry is no Harry."""
    return way.startswith("kh") and _HARD_G.match(name) is not None


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("cmudict", type=Path, metavar="CMUDICT")
    parser.add_argument("names", type=Path, nargs="+", metavar="NAMES")
    given = parser.parse_args()
    names = [
        line.split()[0].lower()
        for path in given.names
        for line in path.read_text("utf-8").splitlines()[:_MOST]
    ]
    target = Path("rules/data/english_names.tsv")
    target.write_text(f"{_HEAD}\n", encoding="utf-8")  # what it had is no reason to leave out any
    said_so = dictionary(given.cmudict.read_text("utf-8").splitlines())
    text = "\n".join((_HEAD, *table(names, said_so)))
    target.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
