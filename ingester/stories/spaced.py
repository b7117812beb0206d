"""Texts whose words have spaces between them, read many at once."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.runs import spread
from ingester.stories.names import Sounds
from ingester.stories.said import UNKNOWN, Forms, Part, Reading, Said, joined, longest, where
from ingester.stories.signs import Common, Concepts, Fold, Keys, Misread, Places, concept_signs
from ingester.stories.words import CASELESS, Column, Is, Key, Words, fitting

LONG_FORMS_COUNT = 1.3
SHORT_TEXT = 120
"""In texts of so many words names are known without what may be their case, too; a long text has
enough else to tell it by.
"""
_EACH_OF_TWO = 2**0.5


class _Text(NamedTuple):
    """The words of some parts in one row, without what ends sentences.

    Attributes:
        part: Of each word, the number of its part.
        rows: Of each word.
        columns, keys: What is known of all rows, and what forms are looked up by.
        begins: Which may have their capitals because a sentence begins.
        articles, weights, is_caseless: Of each part.
        ends: Where each part ends.
    """

    part: Places
    rows: Places
    columns: NDArray[np.uint32]
    keys: Keys
    begins: NDArray[np.bool_]
    articles: NDArray[np.uint32]
    weights: NDArray[np.float64]
    is_caseless: NDArray[np.bool_]
    ends: Places

    def of(self, column: Column, at: Places | None = None) -> NDArray[np.uint32]:
        """Return what is known of the words at these places, or of all."""
        return np.asarray(self.columns[column].take(self.rows if at is None else self.rows[at]))

    def key(self, key: Key, at: Places) -> Keys:
        """Return by what forms are looked up that the words at these places make."""
        return np.asarray(self.keys[key].take(self.rows[at]))

    def said(self, at: Places, signs: NDArray[Any], shares: NDArray[Any] | float = 1.0) -> Said:
        """Return signs that stand at these places."""
        part = self.part[at]
        weights = self.weights[part] / shares
        return Said(self.articles[part], signs.astype(np.uint32), weights, self.rows[at])


class SpacedReader:
    """Reads them; not safe to share among threads."""

    def __init__(
        self, fold: Fold, concepts: Concepts, common: Common, sounds: Sounds, is_misread: Misread
    ) -> None:
        self._concepts = concepts
        self._words = Words(fold, concepts, common, sounds, is_misread)

    def read(self, parts: Sequence[Part]) -> Reading:
        """Return what parts say."""
        found = self._words.rows([(part.language, part.text) for part in parts])
        text = self._text(parts, *found)
        stems = text.of(Column.SIGN)
        signed = np.flatnonzero((text.of(Column.KIND) == Is.WORD) | (stems > 0))
        words = text.said(signed, stems[signed])
        tokens = text.of(Column.TOKEN)
        rows, written = text.rows, self._words.written

        def text_of(place: int) -> str:
            if place >= 0:
                return written[place % UNKNOWN]
            return " ".join(written[row] for row in rows[where(place)].tolist())

        return Reading([words], [self._signs(text)], text_of, tokens, stems, text.ends.tolist())

    def _text(self, parts: Sequence[Part], rows: Places, ends: Places) -> _Text:
        part = np.repeat(np.arange(len(parts)), np.diff(ends, prepend=0))
        kinds = self._words.columns[Column.KIND].take(rows)
        # A number does not begin a sentence: what follows it does.
        others = np.flatnonzero(kinds != Is.NUMBER)
        begins = np.zeros(len(rows), dtype=np.bool_)
        before, after = others[:-1], others[1:]
        begins[after] = (kinds[before] == Is.BREAK) | (part[before] != part[after])
        begins[others[:1]] = True
        kept = kinds != Is.BREAK
        rows, part = rows[kept], part[kept]
        return _Text(
            part,
            rows,
            self._words.columns,
            self._words.keys,
            begins[kept],
            np.array([each.article for each in parts], dtype=np.uint32),
            np.array([each.weight for each in parts]),
            np.array([each.language in CASELESS for each in parts], dtype=np.bool_),
            part.searchsorted(np.arange(len(parts)), "right"),
        )

    def _signs(self, text: _Text) -> Said:
        """Return the concepts, names and numbers, in order."""
        forms = longest([*self._forms(text)])
        covered = np.zeros(len(text.rows) + 1, dtype=np.int64)
        np.add.at(covered, forms.starts, 1)
        np.add.at(covered, forms.ends, -1)
        is_covered = covered.cumsum()[:-1] > 0
        counts = (text.of(Column.NAMED_END) - text.of(Column.NAMED)).astype(np.int64)
        named = np.flatnonzero((counts > 0) & ~is_covered)
        is_covered |= counts > 0
        is_no_name = is_covered & (text.is_caseless[text.part] | text.begins)
        names = np.flatnonzero((text.of(Column.NAME) > 0) & ~is_no_name)
        is_number = (text.of(Column.KIND) == Is.NUMBER) & (text.of(Column.SIGN) > 0)
        numbers = np.flatnonzero(is_number)
        shares = counts[named]
        starts = text.of(Column.NAMED, named).astype(np.int64)
        concepts = self._words.named(spread(starts, shares))
        named, shares = named.repeat(shares), shares.repeat(shares)
        long = text.said(forms.starts, concept_signs(forms.numbers), forms.shares)
        has_case = self._have_cases(text, names) & ~is_covered[names]
        named_so = text.said(
            names, text.of(Column.NAME, names), np.where(has_case, _EACH_OF_TWO, 1.0)
        )
        named_so.written[~is_covered[names]] += UNKNOWN
        cases = names[has_case]
        bare_so = text.said(cases, text.of(Column.UNINFLECTED, cases), _EACH_OF_TWO)
        bare_so.written[:] += UNKNOWN
        several = (
            long._replace(weights=long.weights * LONG_FORMS_COUNT, written=forms.written),
            text.said(named, concepts, shares),
            named_so,
            bare_so,
            text.said(numbers, text.of(Column.SIGN, numbers)),
        )
        order = np.concatenate((forms.starts, named, names, cases, numbers)).argsort(kind="stable")
        return joined(several).taken(order)

    def _have_cases(self, text: _Text, names: Places) -> NDArray[np.bool_]:
        """Return which names of short texts may have a case, and never stand without.

        What begins a sentence is a name less often.
        """
        heard, bare = (text.of(each, names) for each in (Column.NAME, Column.UNINFLECTED))
        if not bare.any():
            return bare > 0
        articles = text.articles[text.part]
        of_name = articles[names].astype(np.uint64) << np.uint64(32)
        is_new = (bare > 0) & ~np.isin(of_name | bare, of_name | heard)
        is_short = np.bincount(articles) <= SHORT_TEXT
        return np.asarray(is_new & is_short[articles[names]] & ~text.begins[names])

    def _forms(self, text: _Text) -> Iterator[Forms]:
        """Yield the known forms of two words, then those of three, and so on."""
        concepts = self._concepts
        starts = np.flatnonzero(text.of(Column.LONGEST) > 1)
        most = text.of(Column.LONGEST, starts).astype(np.int64)
        keys = text.key(Key.ALONE, starts)
        for length in range(2, int(most.max(initial=0)) + 1):
            last = starts + length - 1
            may_go_on = (length <= most) & (last < text.ends[text.part[starts]])
            starts, last, keys = starts[may_go_on], last[may_go_on], keys[may_go_on]
            if not len(starts):
                return
            keys = concepts.with_words(keys, text.key(Key.HASH, last))
            places = concepts.places(keys)
            known = places >= 0
            starts, last, keys, places = starts[known], last[known], keys[known], places[known]
            most = concepts.longest(places)
            is_upper = text.of(Column.IS_UPPER, starts) > 0
            lengths = text.of(Column.LENGTH, last).astype(np.int64)
            fits = fitting(concepts, places, lengths, is_upper)
            yield Forms(starts[fits.forms], last[fits.forms] + 1, fits.numbers)
