"""Texts that a rule's owner has rejected for good, and whether a find is one of them.

A rejected text does not count by any match type beyond the rule's own words as written. Nor do its
inflected forms and compounds, where nothing but similarity speaks for them: what another variant
that counts, or a form of the rule's own words, finds is not taken away with them.
"""

from collections.abc import Iterable, Mapping, Sequence

from rules.data.tables import primary
from rules.languages.match_types import Hit, MatchType
from rules.patterns.multiword import sequences
from rules.patterns.pattern import Pattern, RejectedText, Via
from rules.patterns.word_index import WordIndex
from rules.query.terms import content, stop_words_before
from rules.text.folding import fold
from storage.model import Variant

Hits = Mapping[int, list[Hit]]


class Rejections:
    """The rejected texts of a term, or of one of its words, in one field of an article."""

    def __init__(self, texts: Iterable[RejectedText], hits: Hits, text: str, language: str) -> None:
        code = primary(language)
        applied = [r for r in texts if not r.languages or code in r.languages]
        self._texts = frozenset(one.folded for one in applied)
        self._text = text
        self._of_languages = frozenset(
            rejected.folded for rejected in applied if rejected.languages
        )
        self._places = frozenset(
            place for rejected in applied for place in _places(rejected, hits, text)
        )

    def reject(
        self, start: int, end: int, match_type: MatchType, *, fuzzy: bool, via: Via | None = None
    ) -> bool:
        """Whether a find at this place does not count.

        Args:
            match_type: How it was found.
            fuzzy: Whether only similarity speaks for it, or for a part of it.
            via: The variant by which it was found, if by one. What was rejected in the article's
                language is not found there by the same word of another language either.
        """
        if not self._texts:
            return False
        if match_type > MatchType.FOLDED and comparable(self._text[start:end]) in self._texts:
            return True
        if via is not None and self._of_languages and comparable(via.text) in self._of_languages:
            return True
        return fuzzy and (start, end) in self._places


NONE = Rejections((), {}, "", "")


def comparable(text: str) -> str:
    """Return a text as rejected texts are compared."""
    return " ".join(fold(text).split())


def rejected_texts(
    index: WordIndex, rejected: Sequence[Variant], kept: Iterable[Variant]
) -> tuple[RejectedText, ...]:
    """Return what rejected variants of one term, or of one of its words, reject.

    A text that another variant still has is rejected in its own language only.
    """
    counting = {comparable(variant.text) for variant in kept}
    languages: dict[str, set[str]] = {}
    texts: dict[str, str] = {}
    for variant in rejected:
        folded = comparable(variant.text)
        texts.setdefault(folded, variant.text)
        languages.setdefault(folded, set()).add(primary(variant.language))
    rejections = []
    for folded, text in texts.items():
        own = languages[folded]
        everywhere = "" in own or folded not in counting
        words = content(text)
        entries = tuple(index.add(word) for word in words)
        before = stop_words_before(words, text)
        limited = frozenset() if everywhere else frozenset(own)
        rejections.append(RejectedText(folded, limited, entries, before))
    return tuple(rejections)


def rejecting(
    index: WordIndex, pattern: Pattern, by_word: Mapping[str, tuple[RejectedText, ...]]
) -> Pattern:
    """Return a pattern whose slots reject these texts, also as parts of compounds.

    Args:
        by_word: What is rejected for a word of the term, folded.
    """
    slots = list(pattern.slots)
    for place, slot in enumerate(slots):
        texts = by_word.get(index.entry(slot.own).folded, ()) if slot.own >= 0 else ()
        if not texts:
            continue
        slots[place] = slot._replace(rejected=texts)
        for entry in (text.entries[0] for text in texts if len(text.entries) == 1):
            _allow_compounds(index, pattern, place, entry)
    return pattern._replace(slots=tuple(slots))


def _allow_compounds(index: WordIndex, pattern: Pattern, place: int, entry: int) -> None:
    """Let a rejected word be known where it is a part of a compound."""
    if len(pattern.slots) == 1:
        index.allow_compounds((entry,))
    for other, slot in enumerate(pattern.slots):
        if other != place:
            for beside in slot.entries:
                index.allow_compounds((beside, entry) if other < place else (entry, beside))


def _places(rejected: RejectedText, hits: Hits, text: str) -> Iterable[tuple[int, int]]:
    if len(rejected.entries) > 1:
        for start, end, _ in sequences(rejected.entries, rejected.before, hits, text):
            yield start, end
    for entry in rejected.entries if len(rejected.entries) == 1 else ():
        for hit in hits.get(entry, ()):
            if not hit.fuzzy and hit.match_type <= MatchType.COMPOUND:
                yield hit.start, hit.end
