"""The words of many rules, and which of them a piece of text holds.

The unit is a chunk (`rules.text.chunks`). Texts repeat their chunks, so what
was found out about one is kept; an article costs a few set operations and the analysis of the
chunks never seen before, however many rules there are.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rules.languages.match_types import ALONE, MOST_PLACES, STRENGTH, Hit, MatchType
from rules.patterns.dictionary import Vocabulary
from rules.text.tokenizer import JOINTS, Word, next_word, words

_LONGEST_KEPT = 60
_MOST_KEPT = 150_000


class ChunkHits(NamedTuple):
    """What a chunk holds; places count from its start."""

    hits: tuple[Hit, ...]
    heads: tuple[int, ...]
    """Entries that may be this chunk's last word and the next word together."""


_NOTHING = ChunkHits((), ())


class WordIndex(Vocabulary):
    """A vocabulary that remembers what chunks hold. Reading may be done by many threads.

    Attributes:
        is_of_one_word: Whether its terms are of one word, so that a chunk alone says what is in
            it. Then what its words hold is not remembered: somebody remembers it of the chunk.
    """

    def __init__(self) -> None:
        super().__init__()
        self._read: dict[str, dict[str, ChunkHits]] = {}
        self._words: dict[tuple[str, str], tuple[Hit, ...]] = {}

    def find(self, chunks: set[str], language: str) -> dict[str, ChunkHits]:
        """Return, of these chunks, those that hold any entry, with what they hold."""
        known = self._read.setdefault(language, {})
        found = {}
        for chunk in chunks:
            hits = known.get(chunk)
            if hits is None:
                hits = self.analysed(chunk, language)
                if len(known) > _MOST_KEPT:
                    known = self._read[language] = {}
                if len(chunk) <= _LONGEST_KEPT:
                    known[chunk] = hits
            if hits is not _NOTHING:
                found[chunk] = hits
        return found

    def joined_hits(
        self, text: str, at: int, chunk: str, hits: ChunkHits, language: str
    ) -> Iterator[Hit]:
        """Yield entries that a chunk's last word and the word after it are together.

        Args:
            at: Where the chunk ends in the text.
        """
        after = next_word(text, at)
        if after is None or not only_joints(text[at : after.start].strip()):
            return
        if not any(self._entries[head].folded.find(after.folded[:3]) > 0 for head in hits.heads):
            return
        before = words(chunk)[-1]
        start = at - len(chunk) + before.start
        for hit in self.forms("", before.folded + after.folded, start, after.end, language):
            if hit.entry in hits.heads:
                yield hit._replace(
                    match_type=MatchType.COMPOUND,
                    strength=STRENGTH[MatchType.COMPOUND],
                    partners=frozenset({ALONE}),
                )

    def analysed(self, chunk: str, language: str) -> ChunkHits:
        """Return what a chunk holds, without remembering it."""
        in_chunk = chunk_words(chunk)
        if self.is_of_one_word and len(in_chunk) == 1 and not in_chunk[0].is_run:
            return self._of_word(chunk, in_chunk[0], self._kept_hits(in_chunk[0], language))
        hits: list[Hit] = []
        times: dict[str, int] = {}
        for word in in_chunk:
            again = times[word.text] = times.get(word.text, 0) + 1
            if again <= MOST_PLACES:
                hits.extend(self._kept_hits(word, language))
        for left, right in itertools.pairwise(in_chunk):
            pair = f"{left.text} {right.text}"
            again = times[pair] = times.get(pair, 0) + 1
            if again <= MOST_PLACES:
                hits.extend(self._joined_hits(chunk, left, right, language))
        if not in_chunk:
            return _NOTHING
        return self._of_word(chunk, in_chunk[-1], _best(hits))

    def _of_word(self, chunk: str, last: Word, hits: Iterable[Hit]) -> ChunkHits:
        """Return what a chunk holds, given its last word."""
        found, heads = tuple(hits), tuple[int, ...]()
        if self._heads and only_joints(chunk[last.end :]):
            heads = self._heads.get(last.folded, ())
        return ChunkHits(found, heads) if found or heads else _NOTHING

    def _kept_hits(self, word: Word, language: str) -> Iterable[Hit]:
        if word.is_run:
            return self.hits(word, language)
        kept = self._words.get((language, word.text))
        if kept is None:
            alone = Word(word.text, word.folded, 0, word.end - word.start, False)
            kept = tuple(_best(list(self.hits(alone, language))))
            if not self.is_of_one_word and len(word.text) <= _LONGEST_KEPT:
                if len(self._words) > _MOST_KEPT:
                    self._words = {}
                self._words[language, word.text] = kept
        return [_moved(hit, word.start) for hit in kept] if word.start else kept

    def _joined_hits(self, chunk: str, left: Word, right: Word, language: str) -> Iterator[Hit]:
        """Yield entries written in two: "cyber-security" for cybersecurity."""
        between = chunk[left.end : right.start]
        if left.is_run or right.is_run or not between or not only_joints(between):
            return
        for hit in self.forms("", left.folded + right.folded, left.start, right.end, language):
            yield hit._replace(match_type=MatchType.COMPOUND, strength=STRENGTH[MatchType.COMPOUND])


def chunk_words(chunk: str) -> Sequence[Word]:
    """Return the words of a chunk; the last ones are remembered, of long ones few."""
    return _brief_words(chunk) if len(chunk) <= _LONGEST_KEPT else _long_words(chunk)


@lru_cache(maxsize=256)
def _brief_words(chunk: str) -> Sequence[Word]:
    return words(chunk)


@lru_cache(maxsize=8)
def _long_words(chunk: str) -> Sequence[Word]:
    return words(chunk)


def _moved(hit: Hit, by: int) -> Hit:
    number, start, end, match_type, strength, fuzzy, partners = hit
    return Hit(number, start + by, end + by, match_type, strength, fuzzy, partners)


def only_joints(between: str) -> bool:
    """Whether nothing stands between two words but what joins the parts of one."""
    return all(sign in JOINTS for sign in between)


def _best(hits: list[Hit]) -> list[Hit]:
    """Keep the strongest hit of each entry at each of its first places."""
    if len(hits) < 2:
        return hits
    best: dict[tuple[int, int, int, frozenset[int]], Hit] = {}
    counts: dict[int, int] = {}
    for hit in hits:
        key = (hit.entry, hit.start, hit.end, hit.partners)
        kept = best.get(key)
        if kept is None:
            counts[hit.entry] = counts.get(hit.entry, 0) + 1
            if counts[hit.entry] > MOST_PLACES:
                continue
        if kept is None or (hit.strength, -hit.match_type) > (kept.strength, -kept.match_type):
            best[key] = hit
    return list(best.values())
