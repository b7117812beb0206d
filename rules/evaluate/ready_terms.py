"""Terms made ready to be evaluated exactly, as far as what is asked of them needs it."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

from rules.data.tables import told_by_articles
from rules.evaluate.evidence import Proof, is_lost_in_a_run
from rules.evaluate.heard_names import is_only_heard, likeness_of, strength_of
from rules.evaluate.remembered import OfChunk, Remembered, is_local
from rules.languages.everyday import is_small_somewhere
from rules.languages.match_types import STRENGTH, MatchType
from rules.patterns.dictionary import may_be_form
from rules.patterns.fuzzy_patterns import is_lone_name, spelled_out
from rules.patterns.heard_names import heard_alone
from rules.patterns.kept_variants import KeptVariants, Outline
from rules.patterns.pattern import CompiledTerm
from rules.patterns.planner import MOST_SPELLED_OUT, Planner
from rules.patterns.variants_in import Known, Languages, tonal
from rules.patterns.word_index import WordIndex, chunk_words
from rules.query.tree import Keyword, Term
from rules.text.tokenizer import Word
from storage.model import Variant, VariantState

_NOTHING = OfChunk(0, ())


class TermOfRules(Protocol):
    """What is known of a term of rules; see `rules.index.indexed_term.IndexedTerm`."""

    term: Term
    strictness: str
    written_in: Languages

    @property
    def variants(self) -> Sequence[Variant]:
        """Those that concern it."""
        ...

    @property
    def known(self) -> Known:
        """As `variants_in.known_of` all of its variants."""
        ...

    @property
    def meaning(self) -> Sequence[int]:
        """As `meaning_of` all of its variants."""
        ...


class ReadyTerm:
    """A term with some of its variants, and those that say how others are meant.

    Attributes:
        chosen: The variants, by number.
        name: All of it, if it is a name of one word without any variants; else "".
        remembered: What was found in chunks, if each alone says what is in it.
    """

    __slots__ = ("_made", "_of", "chosen", "name", "remembered")

    def __init__(self, of: TermOfRules, chosen: frozenset[int]) -> None:
        self._of, self.chosen = of, chosen
        self._made: tuple[CompiledTerm, WordIndex] | None = None
        self.name = _lone_name(of)
        is_of_chunks = bool(self.name) or is_local(self.term)
        self.remembered: Remembered | None = {} if is_of_chunks else None

    @property
    def term(self) -> CompiledTerm:
        """By which patterns a text may hold it."""
        return self._ready[0]

    @property
    def words(self) -> WordIndex:
        """The words of these patterns."""
        return self._ready[1]

    @property
    def has_one_pattern(self) -> bool:
        """Whether there is just one such pattern."""
        return bool(self.name) or len(self.term.patterns) == 1

    @property
    def _ready(self) -> tuple[CompiledTerm, WordIndex]:
        if self._made is None:
            self._made = _made(self._of, self.chosen)
        return self._made

    def ways_in(self, chunk: str, language: str) -> tuple[CompiledTerm, WordIndex]:
        """Return by which patterns a chunk may hold it, and the words of these.

        Of a name all of them are made only for chunks that may hold a form of it.
        """
        words = chunk_words(chunk) if self.name and self._made is None else ()
        if len(words) == 1 and not may_be_form(words, self.name.lower(), language):
            heard = heard_alone(self.name, self._of.written_in)
            if heard is not None:
                return heard
        return self._ready

    def plainly_in(
        self, chunk: str, field: str, language: str, text: str, at: int
    ) -> OfChunk | None:
        """Return what a chunk says of a name, if that is told without all that is made of it.

        Args:
            text: In which the chunk stands, at place `at`.
        """
        if not self.name:
            return None
        words = chunk_words(chunk)
        if len(words) == 1 and words[0].text == self.name:
            (word,) = words
            strength = STRENGTH[MatchType.EXACT]
            itself = Proof(field, word.start, word.end, self.name, MatchType.EXACT, strength)
            return OfChunk(1, (itself,))
        if may_be_form(words, self.name.lower(), language):
            return None
        is_plain = len(words) == 1 and is_only_heard(words[0], self.name)
        return self._heard_in(words[0], field, language, text, at) if is_plain else None

    def _heard_in(self, word: Word, field: str, language: str, text: str, at: int) -> OfChunk:
        """Return what a word says of a name in another spelling: a chunk's only one."""
        like = likeness_of(word, self.name, language)
        if like is None:
            return _NOTHING
        start, end = word.start, word.end
        strength = strength_of(word, self.name, like, language, self._of.written_in)
        if strength is None or is_lost_in_a_run(text, at + start, at + end):
            return OfChunk(1, ())
        return OfChunk(1, (Proof(field, start, end, self.name, MatchType.COGNATE, strength),))


def _lone_name(of: TermOfRules) -> str:
    """Return the name of one word that a term is, if it is one in plain letters, else ""."""
    if of.variants or of.strictness != "all" or not isinstance(of.term, Keyword):
        return ""
    name = of.term.text
    is_plain = name.isascii() and name.isalpha() and not tonal(of.written_in)
    if not is_plain or name in told_by_articles() or is_small_somewhere(name):
        return ""
    return name if is_lone_name([Word(name, name.lower(), 0, len(name), False)]) else ""


def _made(of: TermOfRules, chosen: frozenset[int]) -> tuple[CompiledTerm, WordIndex]:
    variants = tuple([of.variants[each] for each in sorted(chosen.union(of.meaning))])
    index = WordIndex()
    term = Planner(index).term(of.term, of.strictness, variants, of.written_in, of.known)
    index.is_of_one_word = is_local(term)
    return term, index


def meaning_of(term: Term, variants: KeptVariants) -> Iterator[int]:
    """Yield the numbers of variants that say how others are meant.

    Rejected ones; of each span a name, since then the term is a name itself; and names of which
    only the first ones are spelled out.
    """
    spans: set[str] = set()
    names: list[Outline] = []
    for variant in variants.outlines(
        lambda how: how.kind == "name" or how.state is VariantState.REJECTED
    ):
        if variant.state is VariantState.REJECTED:
            yield variant.number
            continue
        names.append(variant)
        if variant.of not in spans:
            spans.add(variant.of)
            yield variant.number
    if names and isinstance(term, Keyword):
        for name in islice(spelled_out(term.text, names), MOST_SPELLED_OUT):
            yield name.number
