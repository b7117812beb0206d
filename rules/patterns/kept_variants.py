"""Variants of rules in a fifth of their room, made again whenever they are asked for.

A rule that articles meet has some forty, of which one article needs a few.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, compress, count
from operator import attrgetter
from typing import Any, NamedTuple, overload

from rules.patterns.variants import Variants
from rules.query.terms import has_one_word
from storage.model import Variant, VariantState

_ANY_TEXT = "surrogatepass"
_MOST_REMEMBERED = 200

_Languages = dict[tuple[str, VariantState], frozenset[str]]


class How(NamedTuple):
    """What a variant is besides its text and what it stands for: as many others are, too."""

    language: str
    kind: str
    source: str
    score: float
    state: VariantState


_how_of: Callable[[Variant], tuple[Any, ...]] = attrgetter(*How._fields)
"""What a variant is besides its text, as a tuple: equal to a `How`, and made sooner."""


class Outline(NamedTuple):
    """A variant, by its number, of which nothing is made that is not asked for."""

    number: int
    language: str
    kind: str
    state: VariantState
    of: str
    among: "KeptVariants"

    @property
    def text(self) -> str:
        """As the variant has it."""
        return self.among.text(self.number)


class Alike(NamedTuple):
    """Variants that stand for the same words and count alike, and their languages."""

    of: str
    kind: str
    state: VariantState
    languages: frozenset[str]
    among: "KeptVariants"

    @property
    def in_one_word(self) -> frozenset[str]:
        """The languages of those of one word."""
        own = (self.kind, self.state)
        some = self.among.outlines(lambda how: (how.kind, how.state) == own)
        return frozenset(
            [each.language for each in some if each.of == self.of and has_one_word(each.text)]
        )


class KeptVariants(Sequence[Variant]):
    """Variants in their order; those of one number are equal each time, and not the same."""

    __slots__ = ("_ends", "_how", "_hows", "_of", "_ofs", "_texts", "_written")

    def __init__(self, variants: Sequence[Variant], hows: "Hows") -> None:
        ofs: dict[str, int] = {}
        texts = [each.text.encode("utf-8", _ANY_TEXT) for each in variants]
        self._texts, self._ends = b"".join(texts), _few([*accumulate(map(len, texts))])
        self._of = _few([ofs.setdefault(each.of, len(ofs)) for each in variants])
        self._ofs = tuple(ofs)
        self._how = _few(hows.numbers(variants))
        self._hows = hows
        self._written: dict[str, list[tuple[int, Variant]]] = {}  # those asked for so far

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> Variant: ...
    @overload
    def __getitem__(self, at: slice) -> Variants: ...
    def __getitem__(self, at: int | slice) -> Variant | Variants:
        if isinstance(at, slice):
            return tuple([self._made(each) for each in range(*at.indices(len(self)))])
        return self._made(range(len(self))[at])

    def __iter__(self) -> Iterator[Variant]:
        return map(self._made, range(len(self)))

    def outlines(self, wanted: Callable[[How], bool]) -> Iterator[Outline]:
        """Yield those that are wanted as they are, in their order; of others nothing is made."""
        every = self._hows.every
        asked = {how for how in {*self._how} if wanted(every[how])}
        for number in compress(count(), map(asked.__contains__, self._how)) if asked else ():
            language, kind, _, _, state = every[self._how[number]]
            yield Outline(number, language, kind, state, self._ofs[self._of[number]], self)

    def alike(self) -> Iterator[Alike]:
        """Yield those together that stand for the same words and count alike."""
        for number, of in enumerate(self._ofs):
            hows = frozenset(compress(self._how, map(number.__eq__, self._of)))
            for (kind, state), languages in self._hows.alike(hows).items():
                yield Alike(of, kind, state, languages, self)

    def spelled(self, texts: Iterable[str]) -> Sequence[Variant]:
        """Return those that are written as one of these, but for capitals."""
        folded = {text.casefold() for text in texts}
        new = folded - self._written.keys()
        if new:  # what proves one match proves others: looked for once
            found: dict[str, list[tuple[int, Variant]]] = {text: [] for text in new}
            begin = 0
            for at, end in enumerate(self._ends):
                text = self._texts[begin:end].decode("utf-8", _ANY_TEXT).casefold()
                if text in found:
                    found[text].append((at, self._made(at)))
                begin = end
            self._written |= found
        every = {at: made for text in folded for at, made in self._written[text]}
        return [every[at] for at in sorted(every)]

    def text(self, at: int) -> str:
        """Return what one of them says."""
        written = self._texts[self._ends[at - 1] if at else 0 : self._ends[at]]
        return written.decode("utf-8", _ANY_TEXT)

    def _made(self, at: int) -> Variant:
        language, kind, source, score, state = self._hows.every[self._how[at]]
        return Variant(
            language=language,
            text=self.text(at),
            of=self._ofs[self._of[at]],
            kind=kind,
            source=source,
            score=score,
            state=state,
        )


class Hows:
    """What variants of many rules have in common, numbered. Safe to share among threads."""

    def __init__(self) -> None:
        self.every: dict[int, How] = {}
        self._next = count()
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._last: tuple[Sequence[Variant], KeptVariants] | None = None
        self._alike: dict[frozenset[int], _Languages] = {}
        self._none = KeptVariants((), self)

    def alike(self, hows: frozenset[int]) -> _Languages:
        """Return the languages of some by their kind and state; many words have the same."""
        found = self._alike.get(hows)
        if found is None:
            together: dict[tuple[str, VariantState], set[str]] = {}
            for language, kind, _, _, state in map(self.every.__getitem__, hows):
                together.setdefault((kind, state), set()).add(language)
            found = {each: frozenset(some) for each, some in together.items()}
            if len(self._alike) >= _MOST_REMEMBERED:
                self._alike.clear()
            self._alike[hows] = found
        return found

    def numbers(self, variants: Iterable[Variant]) -> list[int]:
        """Return the numbers of how variants are."""
        every = [*map(_how_of, variants)]
        for new in [How(*how) for how in {*every} if how not in self._numbers]:
            number = next(self._next)  # two threads may number one twice, but never two alike
            self.every[number] = new
            self._numbers[new] = number
        return [*map(self._numbers.__getitem__, every)]

    def keep(self, variants: Sequence[Variant]) -> KeptVariants:
        """Return these variants, kept; the same when the same are kept again at once."""
        if not variants:  # as of most names
            return self._none
        last = self._last
        if last is None or last[0] is not variants:
            last = self._last = variants, KeptVariants(variants, self)
        return last[1]

    def forget_last(self) -> None:
        """Hold the variants no more that were kept last."""
        self._last = None


def _few(numbers: Sequence[int]) -> "array[int]":
    """Return numbers in as few bytes as the largest needs."""
    largest = max(numbers, default=0)
    return array("B" if largest < 1 << 8 else "H" if largest < 1 << 16 else "I", numbers)
