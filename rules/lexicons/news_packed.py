"""The news lexicon as one compact file: what it holds, how it is packed and looked up.

The lines of the lexicon are made for people; reading all of them takes seconds. Packed, a look
takes microseconds and only the pages that it touches are read. Numbers are little-endian:

    magic, edition, signature; how many forms, concepts, bytes of names, bytes of words; length
    forms: CRC-32 of each form in lower case, and folded, in order; then its concept and its sign
    concepts: where the text of each begins; then the texts, each deflated
    names: what institutions' names and acronyms stand for each other, as JSON, deflated
    concepts by the words of a text: `rules.lexicons.concepts`
"""

import json
import struct
import unicodedata
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from rules.data.tables import has_tones
from rules.languages.scripts import normal
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.lexicons.news_source import BETWEEN, ENGLISH, SIGNS, Concept
from rules.text.folding import fold

Buffer = bytes | memoryview

_MAGIC = b"newslex7"
_HEADER = struct.Struct("<8s8s16sIIIIQ")
_SIGN_BITS = 3
_PLAIN = 0
_FOLDED = "\0"


class DamagedLexiconError(ValueError):
    """The bytes are no packed lexicon, or one of another version."""


class NamedConcept(NamedTuple):
    """A concept that a form names.

    Attributes:
        sign: How the lexicon marks that form; "" if it does not.
        is_first: Whether the concept is called so before anything else in some language.
    """

    concept: Concept
    sign: str
    is_first: bool = True


def pack(concepts: Iterable[Concept], *, signature: str) -> bytes:
    """Return the concepts as one file.

    Args:
        signature: What the file was made of, at most 16 ASCII characters.
    """
    texts: list[bytes] = []
    postings: set[tuple[int, int, int]] = set()
    names: dict[str, list[str]] = {}
    edition = 0
    every = list(concepts)
    for number, concept in enumerate(every):
        text = _text(concept)
        edition = zlib.crc32(text, edition)
        texts.append(zlib.compress(text, 9))
        for language, forms in concept.forms.items():
            for written in forms:
                sign, form = parted(written)
                marked = SIGNS.find(sign) + 1 if sign else _PLAIN
                postings.add((_crc(form), number, marked))
                if not has_tones(language):
                    postings.add((_crc(_FOLDED + fold(form)), number, marked))
        for name, others in _same_names(concept.forms[ENGLISH]):
            names.setdefault(name, []).extend(others)
    ordered = np.array(sorted(postings), dtype="<u4").reshape(-1, 3)
    crcs, what = ordered[:, 0], ordered[:, 1] << _SIGN_BITS | ordered[:, 2]
    starts = np.cumsum([0, *map(len, texts)], dtype="<u4")
    said = zlib.compress(json.dumps(names, ensure_ascii=False).encode(), 9)
    words = pack_concepts(every)
    body = b"".join([crcs.tobytes(), what.tobytes(), starts.tobytes(), *texts, said, words])
    counts = (len(ordered), len(texts), len(said), len(words), _HEADER.size + len(body))
    head = (_MAGIC, format(edition, "08x").encode(), signature.encode().ljust(16))
    return _HEADER.pack(*head, *counts) + body


class PackedNews:
    """A packed lexicon."""

    def __init__(self, data: Buffer) -> None:
        """Take the bytes of `pack`; they may be a mapped file and are not read as a whole.

        Raises:
            DamagedBookError: They are something else.
        """
        try:
            magic, edition, signature, *counts = _HEADER.unpack_from(data)
        except struct.error as error:
            raise DamagedLexiconError("too short") from error
        forms, concepts, said, words, length = counts
        if magic != _MAGIC or length != len(data):
            raise DamagedLexiconError("no lexicon of this version, or cut off")
        self.edition: str = edition.decode()
        self.signature: str = signature.decode().rstrip()
        at = _HEADER.size
        self._crcs = np.frombuffer(data, "<u4", forms, at)
        self._what = np.frombuffer(data, "<u4", forms, at + 4 * forms)
        self._starts = np.frombuffer(data, "<u4", concepts + 1, at + 8 * forms)
        whole = memoryview(data)
        self._texts = whole[at + 8 * forms + 4 * (concepts + 1) : length - words - said]
        self._said = whole[length - words - said : length - words]
        self._words = whole[length - words :]
        self._names: dict[str, tuple[str, ...]] | None = None

    def named(self, form: str, written_in: Collection[str] = ()) -> list[NamedConcept]:
        """Return the concepts that have the form, whatever its case is.

        A concept that has it in several ways is there once, as the plainest of them says.

        Args:
            written_in: The languages that may have it; empty for any.
        """
        form = unicodedata.normalize("NFC", form).lower()

        def fits(language: str, other: str) -> bool:
            return other.lower() == form and _is_of(language, written_in)

        return self._named(form, fits) if form else []

    def named_folded(self, folded: str, written_in: Collection[str] = ()) -> list[NamedConcept]:
        """Return the concepts that have a form that folds to this, as `named`.

        Not in languages in which other marks make other words.
        """

        def fits(language: str, other: str) -> bool:
            if has_tones(language) or not _is_of(language, written_in):
                return False
            return fold(other) == folded

        return self._named(_FOLDED + folded, fits)

    def first_folded(
        self, candidates: Sequence[str], written_in: Collection[str] = ()
    ) -> list[NamedConcept]:
        """Return what the first of these that is known names, as `named_folded`."""
        if not candidates or not len(self._crcs):
            return []
        crcs = np.array([_crc(_FOLDED + candidate) for candidate in candidates], dtype=np.uint32)
        places = np.minimum(np.searchsorted(self._crcs, crcs), len(self._crcs) - 1)
        for place in np.flatnonzero(self._crcs[places] == crcs).tolist():
            if named := self.named_folded(candidates[place], written_in):
                return named
        return []

    def _named(self, key: str, fits: Callable[[str, str], bool]) -> list[NamedConcept]:
        crc = np.uint32(_crc(key))  # of the same type, or all of them are converted
        first = np.searchsorted(self._crcs, crc, "left")
        last = np.searchsorted(self._crcs, crc, "right")
        signs: dict[int, int] = {}
        for what in self._what[first:last].tolist():
            number, sign = what >> _SIGN_BITS, what & (1 << _SIGN_BITS) - 1
            signs[number] = min(sign, signs.get(number, sign))
        concepts = []
        for number, sign in sorted(signs.items()):
            concept = self.concept(number)
            place = _place(concept, fits)
            if place is not None:
                concepts.append(NamedConcept(concept, SIGNS[sign - 1] if sign else "", place == 0))
        return concepts

    def concept(self, number: int) -> Concept:
        """Return a concept by its place among all."""
        start, end = self._starts[number : number + 2].tolist()
        head, *cells = zlib.decompress(self._texts[start:end]).decode().split("\n")
        id_, kind, sense = head.split("\t")
        forms = (cell.split("\t") for cell in cells)
        return Concept(id_, kind, sense, {c: tuple(cell.split(BETWEEN)) for c, cell in forms})

    @cached_property
    def by_words(self) -> Concepts:
        """The concepts by the words of a text."""
        return Concepts(self._words)

    def __len__(self) -> int:
        """Return how many concepts it has."""
        return len(self._starts) - 1

    @property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """The acronyms of institutions and places by English name, and names by acronym."""
        if self._names is None:
            said = json.loads(zlib.decompress(self._said))
            self._names = {name: tuple(others) for name, others in said.items()}
        return self._names


def _is_of(language: str, written_in: Collection[str]) -> bool:
    return not written_in or normal(language) in written_in


def parted(written: str) -> tuple[str, str]:
    """Return the sign and the text of a form as a cell has it."""
    return (written[0], written[1:]) if written[0] in SIGNS else ("", written)


def _text(concept: Concept) -> bytes:
    head = f"{concept.id}\t{concept.kind}\t{concept.sense}"
    cells = (f"{language}\t{BETWEEN.join(forms)}" for language, forms in concept.forms.items())
    return "\n".join((head, *cells)).encode()


def _crc(form: str) -> int:
    return zlib.crc32(form.lower().encode())


def _place(concept: Concept, fits: Callable[[str, str], bool]) -> int | None:
    """Return how many forms stand before one that fits in the language where the fewest do."""
    places = [
        place
        for language, forms in concept.forms.items()
        for place, form in enumerate(forms)
        if fits(language, parted(form)[1])
    ]
    return min(places, default=None)


def _same_names(english: Iterable[str]) -> Iterable[tuple[str, list[str]]]:
    signed = [parted(form) for form in english]
    acronyms = [text for sign, text in signed if sign == "@"]
    names = [text for sign, text in signed if sign not in ("@", "&")]
    if acronyms:
        yield from ((acronym, names) for acronym in acronyms)
        yield from ((name, acronyms) for name in names)
