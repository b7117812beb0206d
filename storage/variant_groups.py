"""Variants of a rule that stand for the same words and count alike, as one text.

A rule has some 70 variants, of a few kinds for a few words: whoever asks what all rules look for
reads these, and not millions of rows.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from storage.model import Variant

BEFORE_EACH = "\x1e"
BEHIND_LANGUAGE = "\t"
_BETWEEN_FIELDS, _BETWEEN_GROUPS = "\x1f", "\x1d"
_LANGUAGE = re.compile(f"{BEFORE_EACH}([^{BEHIND_LANGUAGE}]*){BEHIND_LANGUAGE}")
_MARKS = dict.fromkeys(map(ord, "\x1d\x1e\x1f"), " ")
"""What would mean something in such a text, which no word has."""


class VariantGroup(NamedTuple):
    """Variants of one rule that stand for the same words and count alike, in their order.

    Attributes:
        of, kind, state: As `Variant` has them.
        said: Each as a mark, its language, a tab and its text; a mark behind the last.
    """

    of: str
    kind: str
    state: str
    said: str

    @property
    def size(self) -> int:
        """How many they are."""
        return self.said.count(BEFORE_EACH) - 1

    @property
    def is_everywhere(self) -> bool:
        """Whether they count in texts of any language; either all do or none."""
        return self.kind == "name" or self.said.startswith(BEFORE_EACH + BEHIND_LANGUAGE)


class RuleGroups(NamedTuple):
    """What the variants of a rule say.

    Attributes:
        revision, stamp: Of the rule, as it was then: `storage.stamp.stamp_of`; "" for none.
    """

    rule_id: str
    revision: int
    stamp: str
    groups: tuple[VariantGroup, ...]


def each_of(said: str) -> list[tuple[str, str]]:
    """Return the language and the text of each of a group."""
    every = said.strip(BEFORE_EACH).split(BEFORE_EACH)
    parted = (each.partition(BEHIND_LANGUAGE) for each in every)
    return [(language, text) for language, _, text in parted]


def languages_of(said: str) -> frozenset[str]:
    """Return the languages of those of a group."""
    return frozenset(_LANGUAGE.findall(said))


def grouped(variants: Iterable[Variant]) -> tuple[VariantGroup, ...]:
    """Return variants in groups, in the order of the first of each."""
    every = tuple(variants)
    parts: dict[tuple[str, str, str, bool], list[str]] = {}
    for each in every:
        language = each.language
        key = (each.of, each.kind, each.state, not language)
        said = parts.get(key)
        if said is None:
            said = parts[key] = [""]
        said.append(f"{language}{BEHIND_LANGUAGE}{each.text}")
    groups = [
        VariantGroup(of, kind, state, BEFORE_EACH.join((*said, "")))
        for (of, kind, state, _), said in parts.items()
    ]
    if all(map(_is_clear, groups, parts.values())):
        return tuple(groups)
    return grouped(
        replace(
            each,
            of=each.of.translate(_MARKS),
            language=each.language.translate(_MARKS),
            text=each.text.translate(_MARKS),
        )
        for each in every
    )


def _is_clear(group: VariantGroup, parts: Sequence[str]) -> bool:
    """Whether no mark is in what a group says but those that were put there."""
    read = group.of + group.said
    is_said_so = read.count(BEFORE_EACH) == len(parts)
    return is_said_so and _BETWEEN_FIELDS not in read and _BETWEEN_GROUPS not in read


def packed(variants: Iterable[Variant]) -> str:
    """Return variants as one text; of those that say the same (`Variant.key`) the first counts."""
    said: dict[tuple[str, str, str], Variant] = {}
    for each in variants:
        said.setdefault((each.of, each.language, each.text), each)
    return _BETWEEN_GROUPS.join(map(_BETWEEN_FIELDS.join, grouped(said.values())))


def unpacked(text: str) -> tuple[VariantGroup, ...]:
    """Return what `packed` has made a text of."""
    return tuple(
        VariantGroup(*group.split(_BETWEEN_FIELDS)) for group in text.split(_BETWEEN_GROUPS) if text
    )
