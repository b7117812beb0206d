"""The news lexicon as one compact file: what it holds, how it is packed and looked up.

The lines of the lexicon are made for people; reading all of them takes seconds. Packed, a look
takes microseconds and only the pages that it touches are read. Numbers are little-endian:

    magic, edition, signature; how many forms and concepts; bytes of what texts share, of names,
        of words; length
    forms: CRC-32 of each folded form, in order: how many begin with each two bytes, then the other
        two bytes of each; then its concept
    concepts: where the text of each begins; what texts share; then the texts, each deflated
    names: what institutions' names and acronyms stand for each other, as JSON, deflated
    concepts by the words of a text, where numbers may begin: `rules.lexicons.concepts`
"""

import json
import struct
import unicodedata
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.runs import each_once
from rules.data.tables import has_tones
from rules.languages.scripts import normal
from rules.languages.verbs import TO
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.lexicons.news_header import HEADER, MAGIC
from rules.lexicons.news_source import ACT, BETWEEN, ENGLISH, SIGNS, Concept, with_verbs
from rules.lexicons.story_words import joined
from rules.text.folding import fold, fold_again

Buffer = bytes | memoryview

_HALF = 16
_ALIGNED = 8
"""What is read as numbers of so many bytes begins at a multiple of it."""
_LEVEL, _RAW, _MEMORY = 4, -15, 9
"""The highest level takes twice as long, and a fiftieth less room."""
_MOST_SHARED = 32_768
_SAMPLES = 12
"""So many concepts, from all over the lexicon, are what the others' texts are likened to."""
_FOR_RULES_ONLY = frozenset({"surname", ACT})
"""Stories hear who it is, and have words of their own for what is done."""
_MOST_KEPT = 200
"""So many concepts are remembered: the words of a rule are looked up in several ways."""


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


def pack(
    concepts: Iterable[Concept], *, signature: str, story_words: Iterable[Concept] = ()
) -> bytes:
    """Return the concepts as one file.

    Args:
        story_words: What stories know besides.
        signature: What the file was made of, at most 16 ASCII characters.
    """
    nouns = list(concepts)
    told = [concept for concept in nouns if concept.kind not in _FOR_RULES_ONLY]
    every = [with_verbs(concept) if concept.verbs else concept for concept in nouns]
    names: dict[str, list[str]] = {}
    for concept in every:
        for name, others in _same_names(concept.forms[ENGLISH]):
            names.setdefault(name, []).extend(others)
    texts = [_text(concept) for concept in every]
    edition = zlib.crc32(b"".join(texts))
    shared = b"".join(texts[:: len(texts) // _SAMPLES or 1])[-_MOST_SHARED:]
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, _MEMORY, zdict=shared)
    deflated = [_deflated(text, packer.copy()) for text in texts]
    starts = np.cumsum([0, *map(len, deflated)], dtype="<u4")
    said = zlib.compress(json.dumps(names, ensure_ascii=False).encode(), _LEVEL)
    words = pack_concepts(joined(told, story_words))
    count, forms = _pack_forms(every)
    parts = [forms, starts.tobytes(), shared, *deflated, said]
    filling = b"\0" * (-(HEADER.size + sum(map(len, parts))) % _ALIGNED)
    body = b"".join([*parts[:-1], filling, said, words])
    counts = (count, len(texts), len(shared), len(said), len(words), HEADER.size + len(body))
    head = (MAGIC, format(edition, "08x").encode(), signature.encode().ljust(16))
    return HEADER.pack(*head, *counts) + body


def _pack_forms(concepts: Iterable[Concept]) -> tuple[int, bytes]:
    """Return how many forms there are, each once of a concept, and which concepts have them."""
    postings = (
        _crc(fold(asked(written, language, concept))) << _HALF | number
        for number, concept in enumerate(concepts)
        for language, forms in concept.forms.items()
        for written in forms
    )
    ordered = each_once(np.fromiter(postings, np.uint64))
    crcs = ordered >> np.uint64(_HALF)
    begun = np.bincount((crcs >> np.uint64(_HALF)).astype(np.intp), minlength=1 << _HALF)
    parts = (begun.astype("<u4"), crcs.astype("<u2"), ordered.astype("<u2"))
    return len(ordered), b"".join(part.tobytes() for part in parts)


def _deflated(text: bytes, packer: "zlib._Compress") -> bytes:
    return packer.compress(text) + packer.flush()


class PackedNews:
    """A packed lexicon."""

    def __init__(self, data: Buffer) -> None:
        """Take the bytes of `pack`; they may be a mapped file and are not read as a whole.

        Raises:
            DamagedBookError: They are something else.
        """
        try:
            magic, edition, signature, *counts = HEADER.unpack_from(data)
        except struct.error as error:
            raise DamagedLexiconError("too short") from error
        forms, concepts, shared, said, words, length = counts
        if magic != MAGIC or length != len(data):
            raise DamagedLexiconError("no lexicon of this version, or cut off")
        self.edition: str = edition.decode()
        self.signature: str = signature.decode().rstrip()
        whole, at = memoryview(data), HEADER.size
        self._begun = np.frombuffer(data, "<u4", 1 << _HALF, at)
        at += self._begun.nbytes
        self._rests = np.frombuffer(data, "<u2", forms, at)
        self._numbers = np.frombuffer(data, "<u2", forms, at + self._rests.nbytes)
        at += 2 * self._rests.nbytes
        self._starts = np.frombuffer(data, "<u4", concepts + 1, at)
        at += self._starts.nbytes
        self._shared = bytes(whole[at : at + shared])
        self._texts = whole[at + shared : length - words - said]
        self._said = whole[length - words - said : length - words]
        self._words = whole[length - words :]
        self.concept = lru_cache(maxsize=_MOST_KEPT)(self._concept)

    def named(self, form: str, written_in: Collection[str] = ()) -> list[NamedConcept]:
        """Return the concepts that have the form, whatever its case is.

        A concept that has it in several ways is there once, as the plainest of them says.

        Args:
            written_in: The languages that may have it; empty for any.
        """
        form = _lower(form)

        def fits(other: str) -> bool:
            return other.lower() == form

        return self._named(fold(form), fits, _spoken(written_in)) if form else []

    def named_folded(self, folded: str, written_in: Collection[str] = ()) -> list[NamedConcept]:
        """Return the concepts that have a form that folds to this, as `named`.

        Not in languages in which other marks make other words.
        """

        def fits(other: str) -> bool:
            return fold_again(other) == folded

        def is_spoken(language: str) -> bool:
            return not has_tones(language) and spoken(language)

        spoken = _spoken(written_in)
        return self._named(folded, fits, is_spoken)

    def named_bare(self, form: str, least: int = 2) -> list[NamedConcept]:
        """Return the concepts that syllables without any mark name, as `named`.

        In languages in which marks make words; one syllable alone may be of many.

        Args:
            least: How many syllables tell.
        """
        folded = _lower(form)
        if not folded.isascii() or folded.count(" ") + 1 < least:
            return []
        return self._named(folded, lambda other: fold_again(other) == folded, has_tones)

    def first_folded(
        self, candidates: Sequence[str], written_in: Collection[str] = ()
    ) -> list[NamedConcept]:
        """Return what the first of these that is known names, as `named_folded`."""
        for place in self._known(candidates):
            if named := self.named_folded(candidates[place], written_in):
                return named
        return []

    def first_named(
        self, forms: Sequence[str], written_in: Collection[str] = ()
    ) -> list[NamedConcept]:
        """Return what the first of these that is known names, as `named`."""
        for place in self._known([fold(_lower(form)) for form in forms]):
            if named := self.named(forms[place], written_in):
                return named
        return []

    def _known(self, keys: Sequence[str]) -> list[int]:
        """Return which of these keys there may be, by their places."""
        if not keys or not len(self._crcs):
            return []
        crcs = np.array([_crc(key) for key in keys], dtype=np.uint32)
        places = np.minimum(self._crcs.searchsorted(crcs), len(self._crcs) - 1)
        found: list[int] = np.flatnonzero(self._crcs[places] == crcs).tolist()
        return found

    def _named(
        self, key: str, fits: Callable[[str], bool], is_spoken: Callable[[str], bool]
    ) -> list[NamedConcept]:
        crc = np.uint32(_crc(key))  # of the same type, or all of them are converted
        first = last = int(self._crcs.searchsorted(crc))
        while last < len(self._crcs) and self._crcs[last] == crc:
            last += 1
        every = [self.concept(number) for number in self._numbers[first:last].tolist()]
        named = ((concept, _place_and_sign(concept, fits, is_spoken)) for concept in every)
        return [NamedConcept(concept, at[1], at[0] == 0) for concept, at in named if at]

    @cached_property
    def _crcs(self) -> NDArray[np.uint32]:
        """The keys of the forms, in order."""
        begun = np.repeat(np.arange(1 << _HALF, dtype=np.uint32), self._begun)
        crcs: NDArray[np.uint32] = begun << np.uint32(_HALF) | self._rests
        return crcs

    def _concept(self, number: int) -> Concept:
        """Return a concept by its place among all."""
        start, end = self._starts[number : number + 2].tolist()
        unpacker = zlib.decompressobj(_RAW, zdict=self._shared)
        head, *cells = unpacker.decompress(self._texts[start:end]).decode().split("\n")
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

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """The acronyms of institutions and places by English name, and names by acronym."""
        said = json.loads(zlib.decompress(self._said))
        return {name: tuple(others) for name, others in said.items()}

    @cached_property
    def names_by_word(self) -> Mapping[str, Sequence[str]]:
        """The same names by their first word."""
        by_word: dict[str, list[str]] = {}
        for name in self.names:
            by_word.setdefault(name.partition(" ")[0], []).append(name)
        return by_word


def _spoken(written_in: Collection[str]) -> Callable[[str], bool]:
    """Return whether a language's forms count for a term in one of these; in any for none."""
    return lambda language: not written_in or normal(language) in written_in


def parted(written: str) -> tuple[str, str]:
    """Return the sign and the text of a form as a cell has it."""
    return (written[0], written[1:]) if written[0] in SIGNS else ("", written)


def asked(written: str, language: str, concept: Concept) -> str:
    """Return what a form is looked up by; of what is done as English is: to lift, to lève."""
    text = parted(written)[1]
    return f"{TO}{text}" if concept.kind == ACT and language != ENGLISH else text


def _text(concept: Concept) -> bytes:
    head = f"{concept.id}\t{concept.kind}\t{concept.sense}"
    cells = (f"{language}\t{BETWEEN.join(forms)}" for language, forms in concept.forms.items())
    return "\n".join((head, *cells)).encode()


def _lower(form: str) -> str:
    return unicodedata.normalize("NFC", form).lower()


def _crc(form: str) -> int:
    return zlib.crc32(form.lower().encode())


def _place_and_sign(
    concept: Concept, fits: Callable[[str], bool], is_spoken: Callable[[str], bool]
) -> tuple[int, str] | None:
    """Return how many forms stand before one that fits where the fewest do, and its sign.

    The sign is the plainest of all that fit; None when no form does.
    """
    fitting = [
        (place, parted(written)[0])
        for language, forms in concept.forms.items()
        if is_spoken(language)
        for place, written in enumerate(forms)
        if fits(asked(written, language, concept))
    ]
    if not fitting:
        return None
    plainest = min((sign for _, sign in fitting), key=("", *SIGNS).index)
    return min(place for place, _ in fitting), plainest


def _same_names(english: Iterable[str]) -> Iterable[tuple[str, list[str]]]:
    signed = [parted(form) for form in english]
    acronyms = [text for sign, text in signed if sign == "@"]
    names = [text for sign, text in signed if sign not in ("@", "&")]
    if acronyms:
        yield from ((acronym, names) for acronym in acronyms)
        yield from ((name, acronyms) for name in names)
