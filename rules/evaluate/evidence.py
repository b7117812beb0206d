"""From places to proofs: which stretches of a text prove a term, how surely, and by which layer."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rules.evaluate.proximity import Place, Stretch
from rules.languages.match_types import Layer
from rules.patterns.multiword import farthest, joined_by
from rules.patterns.pattern import Leaf, Slot, Way
from rules.patterns.rejections import Refusals
from rules.text.folding import settled
from rules.text.tokenizer import is_break

MOST_EVIDENCE = 20


class Proof(NamedTuple):
    """Words of a field that answer a term."""

    field: str
    start: int
    end: int
    label: str
    layer: Layer
    strength: float
    variants: tuple[str, ...] = ()


def in_order(places: list[Place], way: Way, text: str) -> list[Stretch]:
    """Return the stretches in which the slots follow each other without a gap."""
    by_slot: list[dict[int, list[Place]]] = [{} for _ in way.slots]
    for place in places:
        by_slot[place.part].setdefault(place.start, []).append(place)
    found: list[Stretch] = []
    for firsts in by_slot[0].values():
        chain = [firsts[0]]
        for number in range(1, len(way.slots)):
            follower = _follower(chain[-1], by_slot[number], way.slots[number], text)
            if follower is None:
                break
            chain.append(follower)
        else:
            found.append(Stretch(tuple(chain), 0.0))
    return found


def _follower(before: Place, starts: dict[int, list[Place]], slot: Slot, text: str) -> Place | None:
    for start in range(before.end, before.end + farthest(slot.before) + 1):
        for place in starts.get(start, ()):
            between = text[before.end : start]
            if is_break(between):
                return None
            if joined_by(between, slot.before):
                return place
    return None


def proven(
    found: Iterable[Stretch], way: Way, leaf: Leaf, field: str, text: str, refusals: Refusals
) -> list[Proof]:
    """Return the proofs among the stretches: sure enough for the way, and not refused."""
    proofs = []
    weights = [slot.weight for slot in way.slots]
    for stretch in found:
        there = text[stretch.start : stretch.end]
        if way.exact is not None and not _same(there, way.exact):
            continue
        strength = _score(stretch, weights)
        if way.through is not None:
            strength = min(strength, way.through.score)
        if strength < way.least:
            continue
        layer = _layer(stretch, text) if way.layer is None else way.layer
        loose = any(place.loose for place in stretch.places)
        if refusals.bar(stretch.start, stretch.end, layer, loose=loose):
            continue
        strength = round(strength, 3)
        variants = _variants(stretch, way)
        proofs.append(
            Proof(field, stretch.start, stretch.end, leaf.label, layer, strength, variants)
        )
        if len(proofs) >= MOST_EVIDENCE:
            break
    return proofs


def _variants(stretch: Stretch, way: Way) -> tuple[str, ...]:
    """Return the variants through which a stretch was found, in the order of the text."""
    if way.through is not None:
        return (way.through.text,)
    through = (place.through for place in _nearest(stretch).values())
    return tuple(dict.fromkeys(text for text in through if text))


def _same(found: str, wanted: str) -> bool:
    return " ".join(found.split()) == wanted or found == wanted or settled(found) == settled(wanted)


def _score(stretch: Stretch, weights: list[float]) -> float:
    best = [0.0] * len(weights)
    for place in stretch.places:
        best[place.part] = max(best[place.part], place.strength)
    total = sum(weight * strength for weight, strength in zip(weights, best, strict=True))
    return max(0.01, total / sum(weights) - stretch.cost)


def _layer(stretch: Stretch, text: str) -> Layer:
    """Return the farthest layer in the stretch, taking each part's nearest find.

    Words in other forms that a hyphen joins are a compound: Hanoi-konventionen.
    """
    nearest = _nearest(stretch)
    farthest = max(place.layer for place in nearest.values())
    if farthest > Layer.FOLDED and len(nearest) > 1 and _is_joined(stretch, text):
        return Layer.COMPOUND
    return farthest


def _nearest(stretch: Stretch) -> dict[int, Place]:
    """Return the surest place of each part."""
    nearest: dict[int, Place] = {}
    for place in stretch.places:
        kept = nearest.get(place.part)
        if kept is None or place.strength > kept.strength:
            nearest[place.part] = place
    return nearest


def _is_joined(stretch: Stretch, text: str) -> bool:
    """Whether hyphens, with stray spaces, and nothing else stand between the places."""
    joints = 0
    for left, right in zip(stretch.places, stretch.places[1:], strict=False):
        if left.end < right.start:
            if text[left.end : right.start].strip() not in ("-", "‐", "‑", "–"):
                return False
            joints += 1
    return joints > 0


def proof_of(
    stretch: Stretch,
    field: str,
    label: str,
    text: str,
    through: Mapping[Place, tuple[str, ...]],
) -> Proof:
    """Return the proof that a stretch of several parts is; `through` has each place\'s variants."""
    strength = min(place.strength for place in stretch.places)
    used = dict.fromkeys(each for place in stretch.places for each in through[place])
    layer = _layer(stretch, text)
    return Proof(field, stretch.start, stretch.end, label, layer, strength, tuple(used))


def best_at_each_place(proofs: list[Proof]) -> list[Proof]:
    """Drop what another way found better at the same place."""
    kept: list[Proof] = []
    for proof in sorted(proofs, key=lambda each: (each.start, -each.strength, -each.end)):
        if not kept or proof.start >= kept[-1].end:
            kept.append(proof)
        elif proof.strength > kept[-1].strength:
            kept[-1] = proof
    return kept[:MOST_EVIDENCE]
