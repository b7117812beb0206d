"""How names sound, about the same in all scripts: see `native/sounds.c`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

from ingester.stories.cutting import put_texts
from ingester.stories.signs import Signs

_KERNEL = Path(__file__).parent / "native" / "sounds.wasm"
_NO_LETTER = re.compile(r"[^a-z]")
_FOREIGN = re.compile(r"[ァ-ヴー]{3,}|[A-Za-z]{3,}")
_AS_L = (
    str.maketrans(dict(zip("ラリルレロ", ("la", "li", "lu", "le", "lo"), strict=True))),
    {ord("ル"): "lu"},
)
_SOUNDS = (
    *(("ph", "f"), ("ck", "k"), ("tz", "ts"), ("sch", "s"), ("sh", "s"), ("ch", "k")),
    *(("cz", "s"), ("zh", "s"), ("kh", "k"), ("th", "t"), ("x", "ks"), ("q", "k"), ("c", "k")),
    *(("z", "s"), ("v", "b"), ("w", "b"), ("f", "b"), ("p", "b"), ("j", ""), ("d", "t")),
    *(("g", "k"), ("lr", "l")),
)
"""What counts as what, one after the other."""
_SPELLED = {
    **dict.fromkeys("\u0623\u0625\u05d0", "a"),  # alef with hamza; Hebrew alef
    **dict.fromkeys("\u0648\u05d5", "u"),  # waw; vav
    **dict.fromkeys("\u0901\u0902\u0981\u0982\u0a02\u0a82", "n"),  # what makes a vowel nasal
    "チ": "ti",
    "ヂ": "di",
    "ッ": "",
}
"""Letters that names have for other sounds than Latin letters say that stand for them: where vowels
are often left out, those that are written as consonants are.
"""
_LABIAL = re.compile("^[\u0648\u05d5]|\u05d5\u05d5|μπ|ウ(?=[ィェォ])")
_MAY_BE_LABIAL = frozenset("\u0648\u05d5μウ")
"""What sounds as a b or w does, though its letters alone do not: a waw that begins a name, two."""
_BEGIN_WITH_R = frozenset(map(chr, range(ord("라"), ord("마"))))
"""What says an r in Korean, or behind an l nothing: 케스트럴 is Kestrel, 텔레그램 Telegram."""
_DOTS = "·‧•・＝="
"""What stands between the parts of a foreigner's name in Han characters."""
_BEFORE, _BEHIND = "席理以因于让当比本", "以因于当让"
"""Characters of such names that are words, or the ends of some, where they stand beside one."""
_MOST_DOUBTFUL = 3
LEAST = 3
"""So many letters, and so many consonants, a name must have to be told by."""
_LONGEST_LETTER = 255


class Sounds:
    """Hears names: their consonants as all scripts write them, about. Not to be shared."""

    def __init__(self) -> None:
        from common.native.kernel import Kernel  # which is slow to import, and often not needed

        self._kernel = Kernel(_KERNEL)
        pairs = "".join(f"{written}\0{sound}\0" for written, sound in _SOUNDS).encode()
        at = self._kernel.put(np.frombuffer(pairs, np.uint8))
        self._kernel.call("know", at, len(pairs), LEAST)
        self._known: set[str] = set()

    def signs(self, words: Sequence[str]) -> Signs:
        """Return the sign of each of these names; 0 of what is too short to be told by."""
        return self._heard(words)[0]

    def bones(self, words: Sequence[str]) -> list[str]:
        """Return what names are told by; "" of too few."""
        _, bones, ends = self._heard(words)
        text, bounds = bones.tobytes().decode(), [0, *ends.tolist()]
        return [text[bounds[n] : bounds[n + 1]] for n in range(len(words))]

    def _heard(self, words: Sequence[str]) -> tuple[Signs, NDArray[np.uint8], Signs]:
        kernel, whole = self._kernel, "".join(words)
        if not (every := {*whole}).isdisjoint(_MAY_BE_LABIAL):
            words = [_LABIAL.sub("b", word) for word in words]
            whole = "".join(words)
            every = {*whole}
        if new := every - self._known:
            self._learn("".join(new))
        mark = kernel.mark()
        letters, ends = put_texts(kernel, whole, [*map(len, words)])
        signs = kernel.take(len(words), np.uint32)
        at = kernel.call("sound", letters, ends, len(words), signs)
        bounds = kernel.view(ends, np.uint32, len(words)).copy()
        bones = kernel.view(at, np.uint8, int(bounds[-1]) if words else 0).copy()
        heard = kernel.view(signs, np.uint32, len(words)).copy()
        kernel.release(mark)
        return heard, bones, bounds

    def _learn(self, letters: str) -> None:
        """Learn how letters are written in Latin ones."""
        latin = [_latin(each)[:_LONGEST_LETTER] for each in letters]
        kernel, counts = self._kernel, np.array([*map(len, latin)], dtype=np.uint8)
        written = np.frombuffer("".join(latin).encode(), np.uint8)
        points, _ = put_texts(kernel, letters, [len(letters)])
        kernel.call("learn", points, kernel.put(counts), len(letters), kernel.put(written))
        self._known.update(letters)


def _latin(letter: str) -> str:
    """Return how a letter is written in Latin ones, small and without accents."""
    if letter in _SPELLED:
        return _SPELLED[letter]
    latin = _NO_LETTER.sub("", anyascii(letter).lower())
    return f"r{latin[1:]}" if letter in _BEGIN_WITH_R else latin


def foreign_runs(text: str) -> list[tuple[str, str]]:
    """Return what stands in foreign letters in a text without spaces, and how it may be heard.

    So it may be a name. Katakana write r and l alike: a name that has one is heard with either, and
    with an l where an u stands behind it, which no other language says.
    """
    return [
        (run, heard)
        for run in _FOREIGN.findall(text)
        for heard in dict.fromkeys((run, *map(run.translate, _AS_L)))
    ]


class HanNames:
    """Hears names of foreigners in Han characters: 泽连斯基 is Zelenskyy.

    Which characters write a name shows where a dot parts first and last names, or in quotes.

    Args:
        sounds: What each character says in such a name, in letters.
    """

    def __init__(self, sounds: Mapping[str, str]) -> None:
        self._sounds = {sign: re.sub("^u(?=.)", "v", sound) for sign, sound in sounds.items()}
        some = f"[{''.join(sounds)}]" if sounds else "(?!)"
        self._names = re.compile(
            f"(?<=[{_DOTS}]){some}{{2,}}(?:(?=[{_DOTS}])|(?<![{_BEHIND}]))"
            f"|(?![{_BEFORE}]){some}{{2,}}(?=[{_DOTS}])"
            f"|(?<=[“「『《]){some}{{3,}}(?=[”」』》])"
        )

    def runs(self, folded: str) -> list[tuple[str, str]]:
        """Return what writes names in a folded text, and how each may be heard."""
        runs = self._names.findall(folded)
        return [(run, heard) for run in runs for heard in dict.fromkeys(self._heard(run))]

    def _heard(self, run: str) -> Iterator[str]:
        """Yield how a name may be heard: Chinese writes l and r alike, and m as n before a b."""
        sounds = [self._sounds[sign] for sign in run]
        doubtful = [place for place, sound in enumerate(sounds) if sound[0] == "l"]
        if len(doubtful) <= _MOST_DOUBTFUL:
            ways = [*product("lr", repeat=len(doubtful))]
        else:
            ways = [("l",) * len(doubtful), ("r",) * len(doubtful)]
        for way in ways:
            for place, letter in zip(doubtful, way, strict=True):
                sounds[place] = letter + sounds[place][1:]
            heard = "".join(sounds)
            yield heard
            yield re.sub("n(?=[bp])", "m", heard)
