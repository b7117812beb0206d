"""Words written together: which languages do it, and where such a word may be cut."""

from collections.abc import Iterator
from functools import cache, lru_cache

from common.neighbours import may_be_in
from rules.data.tables import has_capital_nouns, languages, primary, words_of
from rules.languages.inflection import alternating, stems
from rules.text.folding import fold

SHORTEST = 6
"""A shorter word is not cut."""

_SHORTEST_IN_SYLLABLES = 4

LONGEST = 80
"""A longer word is compared as a whole only: nobody writes such compounds. Who files words of
rules, who looks them up and who compares them must agree, or the index hides matches."""

SHORTEST_PART = 4
"""What a text may write apart of a rule's compound, and what then remains, is not shorter."""

_LEAST_OF_HALVES, _SURE_LINKS = 9, 6
_OF_NAMES = frozenset({"mann", "feld", "wald", "haus", "heim", "stein", "land"})

LINKS = ("", "s", "es", "n", "en", "e", "er", "i", "a", "u", "o")
"""What may stand between two parts of a compound."""

SHORTEST_TAIL = 5
"""The last part of a compound is not shorter."""

_SHORTEST_HEAD = 7
"""So long a word of a rule may begin any longer one; a shorter one where a usual tail follows."""
_LEAST_OF_BOTH = 9
"""Such a word and what follows have so many letters: Asyl-politik, but no Port-rätt."""
_LONGEST_REST = 14
_NEGATIONS = frozenset({"un", "in", "ir", "an", "non", "anti", "icke", "ikke", "epa", "mis", "pre"})


@cache
def joins(language: str) -> bool:
    """Whether the language writes several nouns as one word; False when it is not known."""
    known = languages().get(primary(language))
    return known is not None and known.compounds


def shortest(word: str) -> int:
    """Return how many letters a word must have to be cut: in hangul each is a syllable."""
    return _SHORTEST_IN_SYLLABLES if "\uac00" <= word[:1] <= "\ud7a3" else SHORTEST


@cache
def may_end_compounds(written_in: frozenset[str]) -> bool:
    """Whether words of a rule in these languages end compounds of any language of texts."""
    return any(joins(each) and may_be_in(written_in, each) for each in languages())


def may_begin(word: str, cut: int, language: str) -> bool:
    """Whether a rule's only word may be the first `cut` letters of a longer one."""
    rest = len(word) - cut
    if not joins(language) or not 3 <= rest <= _LONGEST_REST:
        return False
    if cut >= _SHORTEST_HEAD:
        return True
    return cut >= SHORTEST_PART and _is_tail(word[cut:], _LEAST_OF_BOTH - cut, language)


@lru_cache(10_000)
def _is_tail(rest: str, least: int, language: str) -> bool:
    """Whether what follows the first part of a compound often does, after a link maybe."""
    known, endings = usual_tails(language), alternating(language)
    parts = (rest[len(link) :] for link in LINKS if rest.startswith(link))
    return any(
        stem in known for part in parts if len(part) >= least for stem, _ in stems(part, endings)
    )


def halves(word: str, language: str, *, usual: bool) -> Iterator[tuple[str, str]]:
    """Yield the two words that one of a language may be made of, folded, the most even first.

    None where it is a name: with a capital, where common words have none, or as names end.

    Args:
        usual: Whether only what often stands last counts as the second one, with the capital and
            the links that the language has for sure.
    """
    if not joins(language) or not word.isalpha() or not _LEAST_OF_HALVES <= len(word) <= LONGEST:
        return
    has_capital, has_nouns = word != word.lower(), has_capital_nouns(language)
    if (has_capital and not (has_nouns and word[1:].islower())) or (
        usual and has_nouns > has_capital
    ):
        return
    folded = word.lower()
    cuts = range(SHORTEST_PART, len(folded) - SHORTEST_PART + 1)
    known, endings = usual_tails(language), alternating(language)
    by_tail = {
        tail: any(stem in known for stem, _ in stems(fold(tail), endings))
        for tail in (folded[cut:] for cut in cuts)
    }
    tails = [
        tail
        for tail, is_usual in by_tail.items()
        if tail not in _OF_NAMES and (is_usual or (len(tail) >= SHORTEST_TAIL and not usual))
    ]
    for tail in sorted(tails, key=lambda tail: (not by_tail[tail], abs(2 * len(tail) - len(word)))):
        rest = folded.removesuffix(tail)
        links = LINKS[:_SURE_LINKS] if usual else LINKS
        heads = (rest.removesuffix(link) for link in links if rest.endswith(link))
        yield from ((head, tail) for head in heads if len(head) >= SHORTEST_PART)


@cache
def usual_tails(language: str) -> frozenset[str]:
    """Return words that compounds of a language often end with, folded."""
    code = {"no": "nb", "nn": "nb"}.get(primary(language), primary(language))
    return frozenset(map(fold, words_of("compound_tails.tsv", code)))


@cache
def kept_compounds(language: str) -> tuple[str, ...]:
    """Return common compounds of a language that are what their last word says, folded."""
    return tuple(words_of("kept_compounds.tsv", primary(language)))


def tails(word: str) -> range:
    """Return the places where a rule's only word may begin inside a longer one."""
    for negation in _NEGATIONS:
        if word.startswith(negation) and len(word) - len(negation) <= 12:
            return range(max(3, len(negation) + 2), len(word) - SHORTEST_TAIL + 1)
    return range(3, len(word) - SHORTEST_TAIL + 1)


def heads(word: str) -> list[str]:
    """Return the beginnings of a word that a text may write as a word of their own."""
    return [word[:cut] for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]
