"""Texts whose words have no spaces between them, read by pairs of their signs, many at once."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingester.stories.cutting import LETTERS, NUMBERS, without_marks
from ingester.stories.names import HanNames, Sounds, foreign_runs
from ingester.stories.prints import Kind, tokens
from ingester.stories.said import UNKNOWN, Forms, Part, Reading, Said, longest, where
from ingester.stories.signs import (
    Concepts,
    Fold,
    Keys,
    Places,
    Sign,
    Signs,
    concept_signs,
    number_sign,
    signs_of_pairs,
)

LONGEST_FORM = 12
"""So many signs the longest form has that is looked for."""
SHORTEST_FORM = dict.fromkeys(("th", "lo", "km", "my"), 4)
"""Of an alphabet, so many signs the shortest has: fewer stand within any word."""
SHORT_TEXT, _IN_HAN = 300, "zh"
"""In texts of so many letters in that language names in Han characters are heard; a long text has
enough else to tell it by.
"""
_BETWEEN = "\0"
_COMPARED = np.uint32(0xFFFFFFFC)


class _Text(NamedTuple):
    """The letters of some parts in one row; what is none is 0.

    Attributes:
        points: Their code points, and some zeros more.
        starts, part: Where two stand beside each other, and in which part.
        keys, least: What the keys of forms begin with in each part, and so many signs they have.
    """

    points: Signs
    starts: Places
    part: Places
    keys: Keys
    least: Places


class _Met(NamedTuple):
    """What is met one by one: numbers, and names in foreign letters."""

    parts: list[int]
    signs: list[Sign]
    texts: list[str]

    def said(self, parts: Sequence[Part], texts: list[str]) -> Said:
        """Return that; how each is written is added to the texts."""
        signed = [place for place, sign in enumerate(self.signs) if sign]
        written = np.arange(len(texts), len(texts) + len(signed))
        texts += [self.texts[place] for place in signed]
        in_parts = [parts[self.parts[place]] for place in signed]
        return Said(
            np.array([part.article for part in in_parts], dtype=np.uint32),
            np.array([self.signs[place] for place in signed], dtype=np.uint32),
            np.array([part.weight for part in in_parts], dtype=np.float64),
            written,
        )


class SpacelessReader:
    """Reads them."""

    def __init__(self, fold: Fold, concepts: Concepts, sounds: Sounds, han_names: HanNames) -> None:
        self._fold = fold
        self._sounds, self._han_names = sounds, han_names
        self._concepts = concepts

    def read(self, parts: Sequence[Part]) -> Reading:
        """Return what parts say."""
        folded = [self._fold(part.text) for part in parts]
        runs = [_BETWEEN.join((*LETTERS.findall(each), "")) for each in folded]
        letters, texts = "".join(runs), list[str]()
        text = self._text(parts, letters, [*map(len, runs)])
        articles = np.array([part.article for part in parts], dtype=np.uint32)
        weights = np.array([part.weight for part in parts], dtype=np.float64)
        pairs = signs_of_pairs(text.points[text.starts], text.points[text.starts + 1])
        words = Said(articles[text.part], pairs, weights[text.part], np.zeros_like(text.part))
        forms = longest([*self._forms(text)])
        is_apart = _apart(forms)
        forms = Forms(*(each[is_apart] for each in forms))
        part = text.part[text.starts.searchsorted(forms.starts)]
        signs = concept_signs(forms.numbers)
        named = Said(articles[part], signs, weights[part] / forms.shares, forms.written)
        numbers = _numbers(folded)
        counted = numbers.said(parts, texts)
        names = self._names(parts, folded).said(parts, texts)
        names.written[:] += UNKNOWN
        compared, stems, ends = _tokens(text, pairs, numbers, len(parts))
        row_ends = [*accumulate(map(len, runs))]

        def text_of(place: int) -> str:
            if place >= 0:
                return texts[place % UNKNOWN]
            form = where(place)
            number = bisect_right(row_ends, form.start)
            return _as_written(letters[form], folded[number], parts[number].text)

        return Reading([words, counted], [named, counted, names], text_of, compared, stems, ends)

    def _text(self, parts: Sequence[Part], letters: str, lengths: Sequence[int]) -> _Text:
        points = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), "<u4")
        starts = np.flatnonzero((points[:-1] > 0) & (points[1:] > 0))
        part = np.repeat(np.arange(len(parts)), lengths)[starts]
        keys = self._concepts.hashes_of([each.language for each in parts])
        least = [SHORTEST_FORM.get(each.language, 2) for each in parts]
        points = np.append(points, np.zeros(LONGEST_FORM, dtype=np.uint32))
        return _Text(points, starts, part, keys, np.array(least, dtype=np.int64))

    def _names(self, parts: Sequence[Part], folded: Sequence[str]) -> _Met:
        runs = [(n, *run) for n, part in enumerate(parts) for run in foreign_runs(part.text)]
        letters = Counter[int]()
        for part in parts:
            letters[part.article] += len(part.text)
        for n, (part, text) in enumerate(zip(parts, folded, strict=True)):
            if part.language == _IN_HAN and letters[part.article] <= SHORT_TEXT:
                named = self._han_names.runs(text)
                runs += [(n, _as_written(run, text, part.text), heard) for run, heard in named]
        signs = self._sounds.signs([heard for _, _, heard in runs]).tolist()
        return _Met([n for n, _, _ in runs], signs, [written for _, written, _ in runs])

    def _forms(self, text: _Text) -> Iterator[Forms]:
        """Yield the known forms of two signs, then those of three, and so on."""
        starts, most = text.starts, np.full(len(text.starts), LONGEST_FORM)
        keys = self._concepts.with_signs(text.keys[text.part], text.points[starts])
        for length in range(2, LONGEST_FORM + 1):
            last = text.points[starts + length - 1]
            goes_on = (last > 0) & (length <= most)
            starts, keys = starts[goes_on], keys[goes_on]
            if not len(starts):
                return
            keys = self._concepts.with_signs(keys, last[goes_on])
            places = self._concepts.places(keys)
            known = places >= 0
            starts, keys, places = starts[known], keys[known], places[known]
            most = self._concepts.longest(places)
            named = self._concepts.named(places)
            of_form = starts.repeat(named.counts)
            forms = Forms(of_form, of_form + length, named.numbers)
            enough = text.least[text.part[text.starts.searchsorted(of_form)]] <= length
            yield Forms(*(each[enough] for each in forms))


def _as_written(form: str, folded: str, text: str) -> str:
    """Return how a text writes a form of its folded letters, as far as one stands for one."""
    start = folded.find(form)
    if start < 0 or len(folded) != len(text):
        return form
    return text[start : start + len(form)]


def _apart(forms: Forms) -> NDArray[np.bool_]:
    """Return which forms do not begin within the one before; all that begin at one place end so."""
    starts, first, of_start = np.unique(forms.starts, return_index=True, return_inverse=True)
    behind = starts.searchsorted(forms.ends[first]).tolist()
    apart, at, end = list[int](), 0, len(starts)
    while at < end:
        apart.append(at)
        at = behind[at]
    is_kept = np.zeros(end, dtype=np.bool_)
    is_kept[apart] = True
    return np.asarray(is_kept[of_start])


def _numbers(folded: Sequence[str]) -> _Met:
    met = _Met([], [], [])
    for part, text in enumerate(folded):
        for written in NUMBERS.findall(text):
            digits = without_marks(written)
            met.parts.append(part)
            met.signs.append(number_sign(digits.lstrip("0")))
            met.texts.append(written)
    return met


def _tokens(text: _Text, pairs: Signs, numbers: _Met, parts: int) -> tuple[Signs, Signs, list[int]]:
    """Return what stands for the pairs, and then the numbers, of each part, and where these end.

    As texts are compared, and as signs.
    """
    kinds = np.full(len(numbers.texts), Kind.NUMBER)
    digits = [*map(without_marks, numbers.texts)]
    compared = np.concatenate((pairs & _COMPARED, tokens(digits, kinds)))
    part = np.concatenate((text.part, np.array(numbers.parts, dtype=np.int64)))
    order = part.argsort(kind="stable")
    stems = np.concatenate((pairs, np.array(numbers.signs, dtype=np.uint32)))
    return (
        compared[order],
        stems[order],
        part[order].searchsorted(np.arange(parts), "right").tolist(),
    )
