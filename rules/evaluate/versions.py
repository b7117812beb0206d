"""Which of several versions of one thing a text names: FortiOS 7.4.0 through 7.4.3, Windows 10/11.

A keyword that is a name and its version behind it has both beside each other. A text may name the
thing once and several of its versions, in a row; what else has a number is another thing.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from rules.data.tables import conjunctions, primary, rows, stop_words
from rules.evaluate.proximity import Occurrence, Span
from rules.languages.match_types import MatchType
from rules.patterns.designations import version_in
from rules.patterns.pattern import Pattern, Slot
from rules.text.folding import fold

_TOKEN = re.compile(r"(\d+(?:\.\d+)*(?:\.[x*])?)|([^\W\d_][^\W\d_']*)|(\S)")
_OPENING, _JOINING = (
    frozenset("([{,:-–—\"'«»“”„‘’）)（]"),
    frozenset(",،、，;/／&+~～〜|・-–—()（）"),
)
_FARTHEST, _BESIDE = 90, 2
_MOST_WORDS = 4
_COST = 0.01
_YEAR = 4


def with_versions(
    said: str,
    together: list[Span],
    occurrences: Sequence[Occurrence],
    pattern: Pattern,
    text: str,
    language: str,
) -> list[Span]:
    """Return where a keyword stands that says a version, too, if it does; all others as they are.

    Args:
        said: The keyword, or the variant that the pattern is.
        together: Where its words stand near each other.
        language: Of the text; "" if it is not known.
    """
    version = version_in(said)
    if not version or not occurrences:
        return together
    versions = _Versions(version, pattern.slots, text, language)
    kept = [span for span in together if not versions.is_of_another(span)]
    return kept + versions.spans(occurrences)


class _Versions:
    """Finds a version of a thing in a text among others of it."""

    def __init__(self, version: str, slots: Sequence[Slot], text: str, language: str) -> None:
        self._parts = version.split(".")
        self._named = len(slots) - len(self._parts)
        self._is_plain = len(self._parts) == 1
        self._is_year = self._is_plain and len(version) == _YEAR
        self._text = text
        self._language = language

    def spans(self, occurrences: Sequence[Occurrence]) -> list[Span]:
        """Return where the version stands in a row of some behind the thing, or before it."""
        names = list(self._names(occurrences))
        found: list[Span] = []
        for version in self._versions(occurrences):
            start, end = version[0].start, version[-1].end
            before = [name for name in names if 0 <= start - name[-1].end <= _FARTHEST]
            behind = [name for name in names if 0 < name[0].start - end <= _FARTHEST]
            if before and self._is_row(before[-1][-1].end, start, end):
                found.append(Span((*before[-1], *version), _COST))
            elif behind and self._is_row_before(start, end, behind[0][0].start):
                found.append(Span((*version, *behind[0]), _COST))
        return found

    def is_of_another(self, span: Span) -> bool:
        """Whether between a thing and its number another one stands, with which it is no row."""
        if self._is_year or not self._is_plain:
            return False
        number = next((each for each in span.occurrences if each.part >= self._named), None)
        names = [each.end for each in span.occurrences if each.part < self._named]
        if number is None or not names or max(names) > number.start:
            return False
        between = self._text[max(names) : number.start]
        has_number = any(map(str.isdigit, between))
        return has_number and not self._is_row(max(names), number.start, number.end)

    def _is_row(self, start: int, at: int, end: int) -> bool:
        """Whether between a name and a version stand only other versions, and what joins them."""
        said, links, counted = _words(self._language)
        numbers = words = joined = linked = 0
        is_said = is_apart = False
        for number, word, sign in _TOKEN.findall(self._text[start:at]):
            if number:
                if numbers and not joined:
                    return False
                is_bare_year = len(number) == _YEAR and self._is_plain
                if self._is_plain and is_bare_year is not self._is_year:
                    return False
                numbers, words, joined, linked = numbers + 1, 0, 0, 0
            elif sign:
                if sign not in (_JOINING if numbers else _OPENING):
                    return False
                joined += sign not in "()"
            else:
                folded, words = fold(word), words + 1
                is_version = folded == "v" or folded.startswith(said)
                is_said |= is_version
                is_link = folded in links
                joined, linked = joined + is_link, linked + is_link
                is_apart |= not (numbers or is_version)
                may_be_small = not numbers or (linked and not self._is_plain)
                is_small = may_be_small and folded in stop_words(self._language)
                if words > _MOST_WORDS or not (is_version or is_link or is_small):
                    return False
        if numbers and not joined:
            return False
        if is_apart and not is_said and self._is_plain:
            return False
        return not self._is_plain or not self._is_counted(end, counted)

    def _is_row_before(self, start: int, end: int, name: int) -> bool:
        """Whether versions stand before a name of which they are: versions 7.4.3 to 7.4.6 of it."""
        said, links, _ = _words(self._language)
        before = _TOKEN.findall(self._text[max(start - _FARTHEST, 0) : start])[-12:]
        if self._is_plain or not any(fold(word).startswith(said) for _, word, _ in before if word):
            return False
        words = 0
        for number, word, sign in _TOKEN.findall(self._text[end:name]):
            if number:
                words = 0
            elif sign and sign not in _JOINING:
                return False
            elif word:
                folded, words = fold(word), words + 1
                is_small = folded in stop_words(self._language) or folded.startswith(said)
                if words > _MOST_WORDS or not (is_small or folded in links):
                    return False
        return True

    def _is_counted(self, end: int, counted: tuple[str, ...]) -> bool:
        """Whether what stands behind a number says how many it is: 11 million."""
        return self._text[end : end + 20].lstrip(" .\u00a0\u202f").casefold().startswith(counted)

    def _names(self, occurrences: Sequence[Occurrence]) -> Iterator[tuple[Occurrence, ...]]:
        """Yield where all words of the name stand beside each other."""
        by_part = [
            [each for each in occurrences if each.part == part] for part in range(self._named)
        ]
        firsts = sorted(by_part[0])
        if self._named == 1:
            yield from ((each,) for each in firsts)
        elif all(by_part):
            for first in firsts:
                chain = [first]
                for part in by_part[1:]:
                    following = (
                        each for each in part if 0 <= each.start - chain[-1].end <= _BESIDE
                    )
                    if (follower := next(following, None)) is None:
                        break
                    chain.append(follower)
                else:
                    yield tuple(chain)

    def _versions(self, occurrences: Sequence[Occurrence]) -> Iterator[tuple[Occurrence, ...]]:
        """Yield where the version stands, all of it."""
        by_place = {
            (each.part, each.start): each
            for each in occurrences
            if each.part >= self._named and each.match_type <= MatchType.FOLDED
        }
        for part, start in sorted(by_place):
            if part != self._named or self._text[max(start - 1, 0) : start] in tuple(".,"):
                continue
            chain = [by_place[part, start]]
            for further in range(part + 1, self._named + len(self._parts)):
                follower = by_place.get((further, chain[-1].end + 1))
                if follower is None or self._text[chain[-1].end] != ".":
                    break
                chain.append(follower)
            else:
                yield tuple(chain)


@cache
def _words(language: str) -> tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]:
    """Return what versions are called, what stands between them, and what no version has behind."""
    code = primary(language)
    kept = [cells for of, *cells in rows("versions.tsv") if of in ("", code) or not code]
    said, links, counted = (
        [word for cells in kept for word in cells[at].split() if word != "-"] for at in range(3)
    )
    every = frozenset(map(fold, (*links, *conjunctions(language))))
    return tuple(map(fold, said)), every, tuple(map(str.casefold, counted))
