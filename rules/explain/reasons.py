"""Why a match counts, in words a reader understands."""

from collections.abc import Collection, Iterable, Sequence

from common.clip import clip
from common.language_names import language_name
from common.words.registry import ENGLISH
from common.words.shape import Words
from rules.evaluate.evidence import proving
from rules.languages.match_types import MatchType
from rules.text.folding import fold
from storage.model import Evidence, Variant

_NAMES_ITS_SOURCE = ("variant", "lexicon", "acronym")
_LONGEST = 80
_TOGETHER = 3
"""So many texts that were found in the same way are named in one line."""


def describe(
    evidence: Evidence,
    variants: Sequence[Variant] = (),
    words: Words = ENGLISH,
    written_in: Collection[str] = (),
) -> str:
    """Return one line: "Hanoi-konventionen — compound, Swedish — for Hanoi Convention".

    The language is left out when it is not known. Text is clipped to 80 characters and its
    white space made plain.

    Args:
        variants: The rule's, to say whose word a find by a variant is.
        words: The reader's.
        written_in: The languages of the rule, in which nothing is a translation.
    """
    return _line(how(evidence, variants, words, written_in), evidence.term, [evidence], words)


def how(
    evidence: Evidence,
    variants: Sequence[Variant] = (),
    words: Words = ENGLISH,
    written_in: Collection[str] = (),
) -> str:
    """Return how the words were found: "translation (place names), Vietnamese"."""
    used = [variant for variant in variants if variant.text in evidence.variants]
    code = evidence.language or next((variant.language for variant in used if variant.language), "")
    shown = words.found_by(evidence.layer, code, written_in)
    if evidence.layer in _NAMES_ITS_SOURCE:
        texts = dict.fromkeys(variant.text for variant in used)
        best = (proving(text, variants, evidence.language) for text in texts)
        sources = dict.fromkeys(
            variant.source for variant in best if variant and variant.kind != "user"
        )
        if sources:
            shown += f" ({', '.join(words.sources.get(source, source) for source in sources)})"
    language = language_name(code, words.code)
    return words.how.format(how=shown, language=language) if language else shown


def reasons(
    evidence: Iterable[Evidence],
    variants: Sequence[Variant] = (),
    *,
    most: int = 3,
    words: Words = ENGLISH,
    written_in: Collection[str] = (),
) -> tuple[str, ...]:
    """Return at most `most` lines that say why a match counts, the nearest to the rule first.

    Places that say the same are one: the same words, upper case or not, and different words that
    were found in the same way in the same language for the same part of the rule.
    """
    nearest: dict[tuple[str, str], Evidence] = {}
    for proof in evidence:
        key = (fold(" ".join(proof.text.split())), proof.term)
        kept = nearest.get(key)
        if kept is None or _distance(proof) < _distance(kept):
            nearest[key] = proof
    lines: dict[tuple[str, str], list[Evidence]] = {}
    for proof in sorted(nearest.values(), key=_distance):
        said = how(proof, variants, words, written_in)
        lines.setdefault((said, proof.term), []).append(proof)
    return tuple(
        _line(how_found, term, proofs, words) for (how_found, term), proofs in _spread(lines)[:most]
    )


_Line = tuple[tuple[str, str], list[Evidence]]


def _spread(lines: dict[tuple[str, str], list[Evidence]]) -> list[_Line]:
    """Return the lines so that each part of the rule has its nearest before any has a second."""
    turns: dict[str, int] = {}
    placed = []
    for number, ((how_found, term), proofs) in enumerate(lines.items()):
        turn = turns[term] = turns.get(term, -1) + 1
        placed.append((turn, number, ((how_found, term), proofs)))
    return [line for _, _, line in sorted(placed, key=lambda line: line[:2])]


def _line(how_found: str, term: str, proofs: Sequence[Evidence], words: Words) -> str:
    texts = [_clipped(proof.text) for proof in proofs]
    shown = ", ".join(texts[:_TOGETHER])
    if len(texts) > _TOGETHER:
        shown = words.more_words.format(words=shown, n=len(texts) - _TOGETHER)
    return words.reason.format(words=shown, how=how_found, term=_clipped(term))


def _distance(evidence: Evidence) -> int:
    name = evidence.layer.upper()
    return MatchType[name] if name in MatchType.__members__ else len(MatchType)


def _clipped(text: str) -> str:
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return clip(plain, _LONGEST)
