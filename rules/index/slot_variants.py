"""The variants that answer slots in texts of some languages only."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import takewhile
from operator import attrgetter
from typing import NamedTuple

from rules.index.kept import Columns, fill
from storage.model import Variant

_BETWEEN = "\t"
_by_language = attrgetter("language")


class _Packed(NamedTuple):
    """What texts are made of, each variant once.

    Attributes:
        starts: Where in `said` a slot's variants begin, and the last ones end.
        languages, ends: Of each variant, its language, and where it ends in `letters`.
    """

    starts: array[int]
    said: array[int]
    languages: array[int]
    ends: array[int]
    letters: bytearray


def _nothing() -> _Packed:
    return _Packed(array("I", [0]), array("I"), array("H"), array("Q", [0]), bytearray())


class SlotVariants:
    """Variants by slot. Those that come from a file lie in columns, and are made when asked for."""

    def __init__(self) -> None:
        self._own: list[tuple[Variant, ...]] = []
        self._kept = _nothing()
        self._languages: list[str] = []

    def __len__(self) -> int:
        return len(self._kept.starts) - 1 + len(self._own)

    def add(self, variants: Iterable[Variant]) -> None:
        """Add a slot."""
        self._own.append(tuple(sorted(variants, key=_by_language)))

    def of(self, slot: int, languages: Collection[str]) -> Iterator[Variant]:
        """Yield the variants of a slot in some languages; of all, if none are named."""
        starts = self._kept.starts
        kept = len(starts) - 1
        if slot < kept:
            yield from self._of_kept(self._kept.said[starts[slot] : starts[slot + 1]], languages)
        elif not languages:
            yield from self._own[slot - kept]
        else:
            every = self._own[slot - kept]
            for language in languages:
                start = bisect_left(every, language, key=_by_language)
                yield from takewhile(partial(_is_in, language), every[start:])

    def _of_kept(self, numbers: Iterable[int], languages: Collection[str]) -> Iterator[Variant]:
        _, _, written_in, ends, letters = self._kept
        for number in numbers:
            language = self._languages[written_in[number]]
            if not languages or language in languages:
                said = letters[ends[number] : ends[number + 1]].decode("utf-8", "surrogatepass")
                kind, _, text = said.partition(_BETWEEN)
                yield Variant(language=language, text=text, kind=kind)

    def packed(self) -> tuple[list[str], Columns]:
        """Return all languages, and columns of all slots: what a text of theirs needs of them."""
        packed, languages = _nothing(), dict[str, int]()
        numbers: dict[tuple[str, str, str], int] = {}
        for slot in range(len(self)):
            for variant in self.of(slot, ()):
                said = (variant.language, variant.kind, variant.text)
                number = numbers.setdefault(said, len(numbers))
                packed.said.append(number)
            packed.starts.append(len(packed.said))
        for language, kind, text in numbers:
            packed.languages.append(languages.setdefault(language, len(languages)))
            packed.letters.extend(f"{kind}{_BETWEEN}{text}".encode("utf-8", "surrogatepass"))
            packed.ends.append(len(packed.letters))
        return list(languages), packed._asdict()

    def fill(self, languages: list[str], held: Mapping[str, bytes]) -> None:
        """Hold what was packed."""
        self._languages = languages
        fill(self._kept._asdict(), held)


def _is_in(language: str, variant: Variant) -> bool:
    return variant.language == language
