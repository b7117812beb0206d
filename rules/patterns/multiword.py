"""Words that follow each other in a text, with nothing but given stop words between."""

from collections.abc import Iterator, Mapping

from rules.languages.match_types import MOST_PLACES, Hit, MatchType
from rules.text.tokenizer import are_parted, words

_LONGEST_CLAUSE = 60
_WIDEST_STEP = 12

StopWords = tuple[str, ...]


def sequences(
    entries: tuple[int, ...],
    before: tuple[StopWords, ...],
    hits: Mapping[int, list[Hit]],
    text: str,
    *,
    may_part: bool = False,
) -> Iterator[tuple[int, int, float]]:
    """Yield (start, end, strength) of the places where the words stand, in whatever form.

    Args:
        before: For each word, the stop words that must stand before it.
        may_part: Whether others may stand between, in one clause.
    """
    by_start: list[dict[int, Hit]] = []
    for entry in entries:
        whole = {
            hit.start: hit
            for hit in hits.get(entry, ())[:MOST_PLACES]
            if hit.match_type <= MatchType.INFLECTED and not hit.fuzzy and not hit.partners
        }
        if not whole:
            return
        by_start.append(whole)
    for first in by_start[0].values():
        end, strength = first.end, first.strength
        for starts, stop_words in zip(by_start[1:], before[1:], strict=True):
            hit = _next_hit(end, starts, stop_words, text)
            if hit is None and may_part:
                hit = _next_in_clause(end, starts, text)
            if hit is None:
                break
            end, strength = hit.end, min(strength, hit.strength)
        else:
            yield first.start, end, strength


def _next_in_clause(end: int, starts: dict[int, Hit], text: str) -> Hit | None:
    """Return the first find behind a place, at most so far, before its clause ends."""
    start = min((start for start in starts if end < start <= end + _LONGEST_CLAUSE), default=-1)
    return None if start < 0 or are_parted(text, end, start) else starts[start]


def farthest(stop_words: StopWords) -> int:
    """Return how far behind a word the next one may begin, given the stop words between."""
    return _WIDEST_STEP + sum(len(word) + 3 for word in stop_words) * 2


def joined_by(text: str, start: int, end: int, stop_words: StopWords) -> bool:
    """Whether exactly these stop words stand between two places of a text."""
    if are_parted(text, start, end):
        return False
    return tuple(word.folded for word in words(text[start:end])) == stop_words


def _next_hit(end: int, starts: dict[int, Hit], stop_words: StopWords, text: str) -> Hit | None:
    for start in range(end, end + farthest(stop_words) + 1):
        hit = starts.get(start)
        if hit is not None and joined_by(text, end, start, stop_words):
            return hit
    return None
