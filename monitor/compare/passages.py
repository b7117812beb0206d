"""Where articles of a story differ that say nearly the same, sentence by sentence."""

import re
from collections.abc import Sequence

from common.clip import clip
from common.records import dataclass
from storage.model import Article

ALIKE = 0.5
"""Of the shorter text, so much of its sentences must be in the other for both to be copies."""

_FEWEST = 2
"""Fewer sentences in common say nothing."""

_MOST_COMPARED = 12
"""An article is compared with so many of the first of its language."""

_MOST_SENTENCES = 300
_SHOWN = 8
_LONGEST = 400

_ENDS = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+|(?<=[。！？؟।])|\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """How an article differs from an earlier one that says nearly the same.

    Attributes:
        like: The earlier article's id.
        alike: How much of the shorter of the two is in the other, in [0.5, 1].
        added: Sentences that only it has; left_out: that only the earlier one has.
        more: How many of both are not listed here.
    """

    like: str
    alike: float
    added: tuple[str, ...]
    left_out: tuple[str, ...]
    more: int = 0


def passages(articles: Sequence[Article]) -> dict[str, Passages]:
    """Return where articles differ from an earlier one that they copy, by their ids.

    Args:
        articles: In order of appearance.
    """
    found: dict[str, Passages] = {}
    earlier: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for article in articles:
        own = sentences(article.text)
        before = earlier.setdefault(article.language, [])
        nearest = max(
            ((_alike(own, theirs), id_, theirs) for id_, theirs in before),
            key=lambda each: each[0],
            default=None,
        )
        if nearest is not None and nearest[0] >= ALIKE:
            found[article.id] = _between(own, nearest[2], like=nearest[1], alike=nearest[0])
        if len(before) < _MOST_COMPARED and own:
            before.append((article.id, own))
    return found


def sentences(text: str) -> dict[str, str]:
    """Return a text's sentences as they are compared, each with how it is written."""
    found: dict[str, str] = {}
    for piece in _ENDS.split(text):
        sentence = " ".join(piece.split())
        if sentence:
            found.setdefault(sentence.casefold().rstrip(" .!?…。！？؟।\"'”’»)"), sentence)
        if len(found) >= _MOST_SENTENCES:
            break
    return found


def _alike(one: dict[str, str], other: dict[str, str]) -> float:
    shared = len(one.keys() & other.keys())
    return shared / min(len(one), len(other)) if shared >= _FEWEST else 0.0


def _between(own: dict[str, str], theirs: dict[str, str], *, like: str, alike: float) -> Passages:
    added = [text for key, text in own.items() if key not in theirs]
    left_out = [text for key, text in theirs.items() if key not in own]
    return Passages(
        like=like,
        alike=alike,
        added=tuple(clip(text, _LONGEST) for text in added[:_SHOWN]),
        left_out=tuple(clip(text, _LONGEST) for text in left_out[:_SHOWN]),
        more=max(0, len(added) - _SHOWN) + max(0, len(left_out) - _SHOWN),
    )
