"""The words of many rules, and which of them a piece of text holds.

The unit is a chunk: what stands between two white spaces. Texts repeat their chunks, so what
was found out about one is kept; an article costs a few set operations and the analysis of the
chunks never seen before, however many rules there are.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.folding import fold_with_offsets
from rules.languages import cognates, compounds
from rules.languages.cognates import Known, known, skeletons, sounds
from rules.languages.endings import all_endings, ending_sounds, partners, prefixes, stems
from rules.languages.layers import MOST_FOR_A_COGNATE, MOST_PLACES, STRENGTH, Hit, Layer
from rules.languages.tables import has_plain_j
from rules.wildcard import Pattern
from rules.words import Word, next_word, words

_LONGEST_KEPT = 60
_LONGEST_WORD = 80
"""A longer word is compared as a whole only: nobody writes such compounds."""

_MOST_KEPT = 150_000
_BEGINS_A_COMPOUND = 0.8
_BEGINS_A_DERIVED = 0.9
_DERIVED = 0.88
"""Strengths: of a beginning that may be a compound's, a derived word's, and what that takes."""

_JOINTS = frozenset("-‐‑–—'’·&")


@dataclass(slots=True)
class Entry:
    """A word that rules look for.

    Attributes:
        text: As the rule writes it.
        siblings: Entries that stand beside it in a term, so that both may be one word.
        alone: It is the only word of a term, so that it may be a part of a compound.
        cognate: It may be found in other spellings.
    """

    text: str
    folded: str
    known: Known
    siblings: set[int] = field(default_factory=set)
    alone: bool = False
    cognate: bool = False


class Found(NamedTuple):
    """What a chunk holds; places count from its start."""

    entries: frozenset[int]
    hits: tuple[Hit, ...]
    heads: tuple[int, ...]
    """Entries that may be this chunk's last word and the next word together."""


_NOTHING = Found(frozenset(), (), ())


class WordIndex:
    """Implements the presearch. Words are added first; reading may then be done by many threads."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._ids: dict[str, int] = {}
        self._stems: dict[str, list[tuple[int, str]]] = {}
        self._runs: dict[str, list[int]] = {}
        self._sounds: dict[str, list[int]] = {}
        self._heads: dict[str, list[int]] = {}
        self._patterns: dict[str, list[tuple[int, Pattern]]] = {}
        self._read: dict[str, tuple[set[str], dict[str, Found]]] = {}
        self._words: dict[tuple[str, str], tuple[Hit, ...]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, number: int) -> Entry:
        """Return an entry by its number."""
        return self._entries[number]

    def add(self, word: Word) -> int:
        """Add a word and return its number; the same folded word has one number."""
        number = self._ids.get(word.folded)
        if number is not None:
            return number
        number = self._new(Entry(word.text, word.folded, known(word.text)))
        self._ids[word.folded] = number
        if word.is_run:
            self._runs.setdefault(word.folded[:2], []).append(number)
            return number
        for stem, ending in stems(word.folded, all_endings()):
            self._stems.setdefault(stem, []).append((number, ending))
        return number

    def add_pattern(self, pattern: Pattern) -> int:
        """Add a wildcard word and return its number."""
        key = f"*{pattern.text}"
        number = self._ids.get(key)
        if number is None:
            number = self._ids[key] = self._new(Entry(pattern.text, "", known("")))
            self._patterns.setdefault(pattern.head[:1], []).append((number, pattern))
        return number

    def allow_cognates(self, numbers: Iterable[int]) -> None:
        """Let these words be found in other spellings."""
        for number in numbers:
            entry = self._entries[number]
            if entry.cognate or not entry.known.whole.text:
                continue
            entry.cognate = True
            part = (entry.known.stem or entry.known.whole).text
            found = skeletons(part)
            if part.endswith("r"):  # which kana and hangul leave out
                found |= skeletons(part[:-1])
            for skeleton in found:
                self._sounds.setdefault(skeleton, []).append(number)

    def allow_compounds(self, numbers: tuple[int, ...]) -> None:
        """Note that these words stand beside each other, or that one stands alone."""
        for number in numbers:
            entry = self._entries[number]
            entry.siblings.update(each for each in numbers if each != number)
            if len(numbers) == 1 and not entry.alone:
                entry.alone = True
                for head in compounds.heads(entry.folded):
                    self._heads.setdefault(head, []).append(number)

    def find(self, chunks: set[str], language: str) -> dict[str, Found]:
        """Return, of these chunks, those that hold any entry, with what they hold."""
        seen, hot = self._read.setdefault(language, (set(), {}))
        fresh = chunks - seen
        brief = {}
        if fresh:
            if len(seen) > _MOST_KEPT:
                seen, hot = self._read[language] = (set(), {})
            for chunk in fresh:
                found = self._analysed(chunk, language)
                if len(chunk) > _LONGEST_KEPT:
                    if found.entries or found.heads:
                        brief[chunk] = found
                    continue
                if found.entries or found.heads:
                    hot[chunk] = found
                seen.add(chunk)
        for chunk in hot.keys() & chunks:
            brief[chunk] = hot[chunk]
        return brief

    def joined_hits(
        self, text: str, at: int, chunk: str, found: Found, language: str
    ) -> Iterator[Hit]:
        """Yield entries that a chunk's last word and the word after it are together.

        Args:
            at: Where the chunk ends in the text.
        """
        after = next_word(text, at)
        if after is None or not _only_joints(text[at : after.start].strip()):
            return
        if not any(self._entries[each].folded.find(after.folded[:3]) > 0 for each in found.heads):
            return
        before = words(chunk)[-1]
        start = at - len(chunk) + before.start
        for hit in self._forms("", before.folded + after.folded, start, after.end, language):
            if hit.entry in found.heads:
                yield hit._replace(layer=Layer.COMPOUND, strength=STRENGTH[Layer.COMPOUND])

    def _new(self, entry: Entry) -> int:
        self._entries.append(entry)
        return len(self._entries) - 1

    def _analysed(self, chunk: str, language: str) -> Found:
        found = words(chunk)
        hits: list[Hit] = []
        for word in found:
            hits.extend(self._hits(word, language))
        for left, right in itertools.pairwise(found):
            hits.extend(self._joined_hits(chunk, left, right, language))
        heads: tuple[int, ...] = ()
        if found and self._heads and _only_joints(chunk[found[-1].end :]):
            heads = tuple(self._heads.get(found[-1].folded, ()))
        if not hits and not heads:
            return _NOTHING
        return Found(frozenset(hit.entry for hit in hits), tuple(_best(hits)), heads)

    def _hits(self, word: Word, language: str) -> Iterable[Hit]:
        if word.is_run:
            return self._all_run_hits(word)
        kept = self._words.get((language, word.text))
        if kept is None:
            alone = Word(word.text, word.folded, 0, word.end - word.start, False)
            kept = tuple(_best(list(self._all_hits(alone, language))))
            if len(word.text) <= _LONGEST_KEPT:
                if len(self._words) > _MOST_KEPT:
                    self._words = {}
                self._words[language, word.text] = kept
        return [_moved(hit, word.start) for hit in kept]

    def _all_run_hits(self, word: Word) -> Iterator[Hit]:
        yield from self._run_hits(word)
        if self._sounds:
            yield from self._run_cognates(word)

    def _all_hits(self, word: Word, language: str) -> Iterator[Hit]:
        yield from self._forms(word.text, word.folded, word.start, word.end, language)
        if len(word.folded) > _LONGEST_WORD:
            return
        yield from self._wildcards(word)
        yield from self._prefixed(word, language)
        yield from self._compounds(word, language)
        if self._sounds:
            yield from self._cognates(word, language)

    def _forms(self, text: str, folded: str, start: int, end: int, language: str) -> Iterator[Hit]:
        """Yield entries that are this word but for case, accents or an ending."""
        endings = partners(language)
        for stem, ending in stems(folded, endings):
            for number, own in self._stems.get(stem, ()):
                if ending == own == "":
                    layer = Layer.EXACT if self._entries[number].text == text else Layer.FOLDED
                elif own in endings.get(ending, ()):
                    layer = Layer.INFLECTED
                else:
                    continue
                yield Hit(number, start, end, layer, STRENGTH[layer])

    def _wildcards(self, word: Word) -> Iterator[Hit]:
        for first in (word.folded[0], ""):
            for number, pattern in self._patterns.get(first, ()):
                if pattern.fits(word.folded):
                    yield Hit(number, word.start, word.end, Layer.EXACT, 1.0)

    def _prefixed(self, word: Word, language: str) -> Iterator[Hit]:
        """Yield entries behind an article or "and" that is written onto the word."""
        first = word.folded[0]
        if not "\u0590" <= first <= "\u08ff":
            return
        for prefix in prefixes(language):
            rest = word.folded[len(prefix) :]
            if word.folded.startswith(prefix) and len(rest) >= 3:
                for hit in self._forms("", rest, word.start, word.end, language):
                    yield hit._replace(layer=Layer.INFLECTED, strength=STRENGTH[Layer.INFLECTED])

    def _run_hits(self, word: Word) -> Iterator[Hit]:
        folded, offsets = fold_with_offsets(word.text)
        for at in range(len(folded)):
            for key in (folded[at : at + 2], folded[at]):
                for number in self._runs.get(key, ()):
                    entry = self._entries[number]
                    if not folded.startswith(entry.folded, at):
                        continue
                    start, end = offsets[at], offsets[at + len(entry.folded)]
                    same = word.text[start:end] == entry.text
                    layer = Layer.EXACT if same else Layer.FOLDED
                    place = word.start
                    yield Hit(number, place + start, place + end, layer, STRENGTH[layer])
                if at + 1 >= len(folded):
                    break

    def _joined_hits(self, chunk: str, left: Word, right: Word, language: str) -> Iterator[Hit]:
        """Yield entries written in two: "cyber-security" for cybersecurity."""
        between = chunk[left.end : right.start]
        if left.is_run or right.is_run or not between or not _only_joints(between):
            return
        for hit in self._forms("", left.folded + right.folded, left.start, right.end, language):
            yield hit._replace(layer=Layer.COMPOUND, strength=STRENGTH[Layer.COMPOUND])

    def _compounds(self, word: Word, language: str) -> Iterator[Hit]:
        """Yield entries that are parts of this word."""
        folded = word.folded
        if len(folded) < compounds.SHORTEST:
            return
        for cut in range(2, len(folded) - 1):
            number = self._ids.get(folded[:cut])
            if number is not None:
                entry = self._entries[number]
                if entry.siblings:
                    yield from self._siblings(word, number, cut, language)
                if entry.alone and compounds.may_begin(folded, cut, language):
                    yield self._compound(number, word)
        if not compounds.joins(language):
            return
        for cut in compounds.tails(folded):
            for hit in self._forms("", folded[cut:], 0, 0, language):
                if self._entries[hit.entry].alone:
                    yield self._compound(hit.entry, word)

    def _compound(self, number: int, word: Word) -> Hit:
        return Hit(number, word.start, word.end, Layer.COMPOUND, STRENGTH[Layer.COMPOUND])

    def _siblings(
        self, word: Word, number: int, cut: int, language: str, strength: float = 1.0
    ) -> Iterator[Hit]:
        """Yield both parts when the rest of the word is another word of the same term."""
        for link in compounds.LINKS:
            rest = word.folded[cut:]
            if link and not rest.startswith(link):
                continue
            rest = rest[len(link) :]
            if len(rest) < 2:
                continue
            for other, likeness, loose in self._rest(rest, number, language):
                both = frozenset({number, other})
                score = min(STRENGTH[Layer.COMPOUND], likeness, strength)
                loose = loose or strength < 1.0
                for each in both:
                    yield Hit(each, word.start, word.end, Layer.COMPOUND, score, loose, both)

    def _rest(self, rest: str, number: int, language: str) -> Iterator[tuple[int, float, bool]]:
        """Yield (entry, strength, loose) of the siblings that the rest of a compound is."""
        siblings = self._entries[number].siblings
        own = {hit.entry: hit.strength for hit in self._forms("", rest, 0, 0, language)}
        heard = sounds(rest, plain_j=has_plain_j(language))
        for other in siblings:
            if other in own:
                yield other, own[other], False
            elif self._entries[other].cognate and len(rest) >= 4:
                like = cognates.likeness(self._entries[other].known, heard, ending_sounds(language))
                if like is not None and like.strength >= cognates.least(other_weight(self, other)):
                    yield other, like.strength, True

    def _cognates(self, word: Word, language: str) -> Iterator[Hit]:
        for text in _bare(word, language):
            heard = sounds(text, plain_j=has_plain_j(language))
            if len(heard.text) < 2:
                continue
            endings = ending_sounds(language)
            for number in self._candidates(heard):
                entry = self._entries[number]
                if entry.folded == word.folded:
                    continue
                found = cognates.alignment(entry.known, heard)
                if not found.whole and not found.stem:
                    continue
                like = cognates.likeness(entry.known, heard, endings, found)
                if like is not None and like.strength >= cognates.least(entry.known.whole.weight):
                    yield _cognate(number, word.start, word.end, like.strength)
                elif entry.siblings and len(heard.text) >= compounds.SHORTEST:
                    yield from self._begun(word, heard, number, language, found)

    def _begun(
        self,
        word: Word,
        heard: cognates.Sounds,
        number: int,
        language: str,
        found: cognates.Alignment,
    ) -> Iterator[Hit]:
        """Yield what a word is that begins with a cognate: a compound, or a derived word."""
        begun = self._entries[number]
        first = cognates.beginning(begun.known, heard, found)
        if first is None or first[0] < _BEGINS_A_COMPOUND:
            return
        strength, places = first
        yield from self._loose_siblings(word, heard, number, language, strength, places)
        rest = len(heard.text) - max(places)
        if strength < _BEGINS_A_DERIVED or begun.known.whole.weight < 3.5 or rest > 7:
            return
        if not word.folded.startswith(begun.folded):  # its own language's words have endings
            derived = round(strength * _DERIVED, 4)
            yield _cognate(number, word.start, word.end, derived)

    def _loose_siblings(
        self,
        word: Word,
        heard: cognates.Sounds,
        number: int,
        language: str,
        strength: float,
        places: list[int],
    ) -> Iterator[Hit]:
        """Yield both parts of a compound whose beginning is a cognate: ciberseguridad."""
        for other in self._entries[number].siblings:
            entry = self._entries[other]
            if not entry.cognate or entry.known.whole.weight < 3:
                continue
            for place in places:
                rest = cognates.part_of(heard, place)
                like = cognates.likeness(entry.known, rest, ending_sounds(language))
                if like is None or like.strength < cognates.least(entry.known.whole.weight):
                    continue
                both = frozenset({number, other})
                score = min(strength, like.strength, STRENGTH[Layer.COMPOUND])
                for each in both:
                    yield Hit(each, word.start, word.end, Layer.COMPOUND, score, True, both)

    def _candidates(self, heard: cognates.Sounds) -> set[int]:
        found: set[int] = set()
        for skeleton in skeletons(heard.text, abjad=heard.profile.is_abjad):
            for length in range(1, len(skeleton) + 1):
                found.update(self._sounds.get(skeleton[:length], ()))
        return found

    def _run_cognates(self, word: Word) -> Iterator[Hit]:
        """Yield entries that a run of a script without spaces spells: Thai, Lao, Burmese."""
        if word.text[0] >= "\u3000":
            return
        pieces = cognates.run_pieces(word.text)
        for piece in pieces:
            for number in self._candidates(piece.heard):
                known_word = self._entries[number].known
                first = cognates.beginning(known_word, piece.heard)
                if first is None or first[0] < 0.84 or len(known_word.whole.text) < 3:
                    continue
                end = piece.ends[first[1][0]]
                yield Hit(
                    number,
                    word.start + piece.start,
                    word.start + end,
                    Layer.COGNATE,
                    first[0],
                    True,
                )


def _moved(hit: Hit, by: int) -> Hit:
    number, start, end, layer, strength, loose, partners = hit
    return Hit(number, start + by, end + by, layer, strength, loose, partners)


def _cognate(number: int, start: int, end: int, strength: float) -> Hit:
    return Hit(number, start, end, Layer.COGNATE, min(strength, MOST_FOR_A_COGNATE), True)


def other_weight(index: WordIndex, number: int) -> float:
    """Return how much a whole mismatch with an entry would cost."""
    return index.entry(number).known.whole.weight


def _bare(word: Word, language: str) -> Iterator[str]:
    """Yield the word, and the word without an article that is written onto it."""
    yield word.text
    if not "\u0590" <= word.folded[0] <= "\u08ff":
        return
    for prefix in prefixes(language):
        rest = word.folded[len(prefix) :]
        if len(prefix) > 1 and word.folded.startswith(prefix) and len(rest) >= 3:
            yield rest
            return


def _only_joints(between: str) -> bool:
    return all(each in _JOINTS for each in between)


def _best(hits: list[Hit]) -> list[Hit]:
    """Keep the strongest hit of each entry at each of its first places."""
    best: dict[tuple[int, int, int, frozenset[int]], Hit] = {}
    counts: dict[int, int] = {}
    for hit in hits:
        key = (hit.entry, hit.start, hit.end, hit.partners)
        kept = best.get(key)
        if kept is None:
            counts[hit.entry] = counts.get(hit.entry, 0) + 1
            if counts[hit.entry] > MOST_PLACES:
                continue
        if kept is None or (hit.strength, -hit.layer) > (kept.strength, -kept.layer):
            best[key] = hit
    return list(best.values())
