"""From occurrences to proofs: which spans prove a term, how surely, and by what match type."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rules.evaluate.proximity import Occurrence, Span
from rules.languages.amounts import is_unit
from rules.languages.compounds import LONGEST
from rules.languages.match_types import MatchType
from rules.patterns.multiword import farthest, joined_by
from rules.patterns.pattern import CompiledTerm, Pattern, Slot
from rules.patterns.rejections import Rejections
from rules.text.folding import fold, settled
from rules.text.tokenizer import are_parted, is_unspaced
from storage.model import Evidence, Variant

MOST_EVIDENCE = 20
LONGEST_EVIDENCE = 1_000
"""Characters of one find that are kept: an expression (`/1+/`) may find a whole text."""
_FIELDS = ("title", "text")
_NUMERIC, _LONGEST_NUMBER = "0123456789.,", 20
_NUMBER_BEFORE, _NUMBER_BEHIND = re.compile(r"\d[.,]"), re.compile(r"[.,]\d")
_OPEN_ENDS = ("-*", "/*", "_*", ".*")
_JOINED_ON = re.compile(rf"[-‐‑/_.]\w{{1,{LONGEST}}}+(?!\w)")
"""A star behind a hyphen or a point is no word of its own: what stands there is of the find.

If it may be a word: a page may have a million letters there.
"""
_LONG_IN_A_RUN = 12
_LEAST_OF_A_YEAR = 4
_PLAIN_ORDINALS = frozenset(("be", "fi", "lt", "pl", "ru", "uk"))
"""Languages in which a number alone may be an ordinal: 12 канал is Channel 12, 5 straipsnis."""
_FIRST_OF_EAST_ASIA = "\u3000"


class Proof(NamedTuple):
    """Words of a field that answer a term."""

    field: str
    start: int
    end: int
    label: str
    match_type: MatchType
    strength: float
    variants: tuple[str, ...] = ()


def evidence_of(proof: Proof, text: str, language: str, variants: Sequence[Variant]) -> Evidence:
    """Return a proof as alerts and explanations have it; nothing else makes evidence.

    Args:
        text: Of the proof's field.
        language: The article's.
        variants: The rule's.
    """
    end = min(proof.end, proof.start + LONGEST_EVIDENCE)
    return Evidence(
        field=proof.field,
        start=proof.start,
        end=end,
        text=text[proof.start : end],
        term=proof.label,
        layer=proof.match_type.label,
        language=language,
        variants=_decided(proof.variants, variants, language) if proof.variants else (),
        cut=end < proof.end,
    )


def proving(text: str, variants: Iterable[Variant], language: str) -> Variant | None:
    """Return the variant that proves what was found by a text; None if the rule has none.

    Several languages may have one word, German as "Konvention" where Swedish has "konvention".
    Then it is that of the article's language, if there is one, and else the one that is written
    so.
    """
    folded = text.casefold()
    own = written = None
    for variant in variants:
        if variant.text == text:
            if variant.language == language:
                return variant
            written = written or variant
        elif own is None and variant.language == language and variant.text.casefold() == folded:
            own = variant
    return own or written


def _decided(texts: tuple[str, ...], variants: Sequence[Variant], language: str) -> tuple[str, ...]:
    proved = (proving(text, variants, language) for text in texts)
    return tuple(dict.fromkeys(variant.text for variant in proved if variant is not None))


def in_text_order(proofs: Iterable[Proof]) -> tuple[Proof, ...]:
    """Return proofs by their places, those in the title first."""
    return tuple(
        sorted(
            proofs,
            key=lambda proof: (_FIELDS.index(proof.field), proof.start, proof.end, proof.label),
        )
    )


def in_order(occurrences: list[Occurrence], pattern: Pattern, text: str) -> list[Span]:
    """Return the spans in which the slots follow each other without a gap."""
    by_slot: list[dict[int, list[Occurrence]]] = [{} for _ in pattern.slots]
    for occurrence in occurrences:
        by_slot[occurrence.part].setdefault(occurrence.start, []).append(occurrence)
    in_a_row: list[Span] = []
    for firsts in by_slot[0].values():
        chain = [firsts[0]]
        for number in range(1, len(pattern.slots)):
            follower = _follower(chain[-1], by_slot[number], pattern.slots[number], text)
            if follower is None:
                break
            chain.append(follower)
        else:
            in_a_row.append(Span(tuple(chain), 0.0))
    return in_a_row


def _follower(
    before: Occurrence, starts: dict[int, list[Occurrence]], slot: Slot, text: str
) -> Occurrence | None:
    for start in range(before.end, before.end + farthest(slot.before) + 1):
        for occurrence in starts.get(start, ()):
            if are_parted(text, before.end, start):
                return None
            if joined_by(text, before.end, start, slot.before):
                return occurrence
    return None


def proven(
    candidates: Iterable[Span],
    pattern: Pattern,
    compiled_term: CompiledTerm,
    field: str,
    text: str,
    rejections: Rejections,
    language: str,
) -> list[Proof]:
    """Return the proofs among the spans: sure enough for the pattern, and not rejected."""
    proofs = []
    weights = [slot.weight for slot in pattern.slots]
    for span in candidates:
        start, end = span.start, span.end
        if pattern.exact is not None and not _same(text[start:end], pattern.exact):
            continue
        is_open = compiled_term.label.endswith(_OPEN_ENDS)
        if _cuts_number(text, span, pattern, language, is_open):
            continue
        strength = _score(span, weights)
        if pattern.via is not None:
            strength = min(strength, pattern.via.score)
        if strength < pattern.least:
            continue
        match_type = _layer(span, text) if pattern.match_type is None else pattern.match_type
        fuzzy = any(occurrence.fuzzy for occurrence in span.occurrences)
        if fuzzy and is_lost_in_a_run(text, start, end):
            continue
        if rejections.reject(start, end, match_type, fuzzy=fuzzy, via=pattern.via):
            continue
        strength = round(strength, 3)
        variants = _variants(span, pattern)
        if is_open and (rest := _JOINED_ON.match(text, end)):
            end = rest.end()
        proofs.append(Proof(field, start, end, compiled_term.label, match_type, strength, variants))
        if len(proofs) >= MOST_EVIDENCE:
            break
    return proofs


def _cuts_number(text: str, span: Span, pattern: Pattern, language: str, is_open: bool) -> bool:
    """Whether a number goes on before or behind a find: no GPT-4 is in GPT-4.5, no 25 in 25.5.

    But what stands apart behind a name is a version, of which there are finer ones: Python 3.12 is
    Python 3; and `7.4.*` asks for them.
    """
    every, last = span.occurrences, len(pattern.slots) - 1
    numbers = [each for each in every if text[each.start].isdigit() or text[each.end - 1].isdigit()]
    for found in numbers:
        start, end = found.start, found.end
        before = text[max(start - _LONGEST_NUMBER, 0) : start]
        goes_on = text[start].isdigit() and _NUMBER_BEFORE.fullmatch(before[-2:])
        if goes_on and all((each.end, each.part + 1) != (start - 1, found.part) for each in every):
            return True
        if found.part == last > 0 and _counts_things(found, every, text, language):
            return True
        if text[end - 1].isdigit() and all(end + 1 != each.start for each in every):
            is_version = found.part == last > 0 and before.rstrip(_NUMERIC)[-1:].isspace()
            is_version &= not pattern.ordered
            is_version |= is_open and found.part == last
            if _NUMBER_BEHIND.fullmatch(text[end : end + 2]) and not is_version:
                return True
    return False


def _counts_things(
    found: Occurrence, every: Sequence[Occurrence], text: str, language: str
) -> bool:
    """Whether a number that ends a keyword says in a text how many there are: 7 euros, no Euro 7.

    Not a year, which languages put first as well; nor an ordinal, or what a sign or a word of a
    script without spaces stands behind (5. madde, 第5条).
    """
    number = text[found.start : found.end]
    return (
        number.isdecimal()
        and len(number) < _LEAST_OF_A_YEAR
        and text[found.end : found.end + 1].isspace()
        and all(each.start >= found.start for each in every)
        and not (language in _PLAIN_ORDINALS and any(_is_of_one(each, text) for each in every))
    )


def _is_of_one(found: Occurrence, text: str) -> bool:
    """Whether a word is as lists have it, which is not how many are counted: канал, no каналов."""
    written = fold(text[found.start : found.end])
    return written == fold(found.via) and not is_unit(written)


def is_lost_in_a_run(text: str, start: int, end: int) -> bool:
    """Whether it is too few signs of a script that puts no space between words.

    Where words begin there is not known, but that names of several words have spaces.
    """
    there = text[start:end]
    if len(there) >= _LONG_IN_A_RUN or " " in there or there[0] >= _FIRST_OF_EAST_ASIA:
        return False
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    return is_unspaced(there) and is_unspaced(around)


def _variants(span: Span, pattern: Pattern) -> tuple[str, ...]:
    """Return the variants through which a span was found, in the order of the text."""
    if pattern.via is not None:
        return (pattern.via.text,)
    via = (occurrence.via for occurrence in _nearest(span).values())
    return tuple(dict.fromkeys(text for text in via if text))


_HYPHENS = re.compile("[‐‑]")


def _same(written: str, wanted: str) -> bool:
    plain = _HYPHENS.sub("-", " ".join(written.split()))
    return wanted in (plain, written) or settled(written) == settled(wanted)


def _score(span: Span, weights: list[float]) -> float:
    best = [0.0] * len(weights)
    for occurrence in span.occurrences:
        best[occurrence.part] = max(best[occurrence.part], occurrence.strength)
    return max(0.01, mean_strength(best, weights) - span.cost)


def mean_strength(strengths: Sequence[float], weights: Sequence[float]) -> float:
    """Return how sure words are together, each by its weight: of one, too, with what is lost."""
    total = sum(weight * strength for weight, strength in zip(weights, strengths, strict=True))
    return total / sum(weights)


def _layer(span: Span, text: str) -> MatchType:
    """Return the farthest match type in the span, taking each part's nearest find.

    Words in other forms that a hyphen joins are a compound: Hanoi-konventionen.
    """
    nearest = _nearest(span)
    farthest = max(occurrence.match_type for occurrence in nearest.values())
    if farthest > MatchType.FOLDED and len(nearest) > 1 and _is_joined(span, text):
        return MatchType.COMPOUND
    return farthest


def _nearest(span: Span) -> dict[int, Occurrence]:
    """Return the surest occurrence of each part."""
    nearest: dict[int, Occurrence] = {}
    for occurrence in span.occurrences:
        kept = nearest.get(occurrence.part)
        if kept is None or occurrence.strength > kept.strength:
            nearest[occurrence.part] = occurrence
    return nearest


def _is_joined(span: Span, text: str) -> bool:
    """Whether hyphens, with stray spaces, and nothing else stand between the places."""
    joints = 0
    for left, right in zip(span.occurrences, span.occurrences[1:], strict=False):
        if left.end < right.start:
            if text[left.end : right.start].strip() not in ("-", "‐", "‑", "–"):
                return False
            joints += 1
    return joints > 0


def proof_of(
    span: Span,
    field: str,
    label: str,
    text: str,
    via: Mapping[Occurrence, tuple[str, ...]],
) -> Proof:
    """Return the proof that a span of several parts is; `via` has each occurrence's variants."""
    strength = min(occurrence.strength for occurrence in span.occurrences)
    used = dict.fromkeys(variant for occurrence in span.occurrences for variant in via[occurrence])
    match_type = _layer(span, text)
    return Proof(field, span.start, span.end, label, match_type, strength, tuple(used))


def best_at_each_place(proofs: list[Proof]) -> list[Proof]:
    """Drop what another pattern found better at the same place."""
    kept: list[Proof] = []
    for proof in sorted(proofs, key=lambda proof: (proof.start, -proof.strength, -proof.end)):
        if not kept or proof.start >= kept[-1].end:
            kept.append(proof)
        elif proof.strength > kept[-1].strength:
            kept[-1] = proof
    return kept[:MOST_EVIDENCE]
