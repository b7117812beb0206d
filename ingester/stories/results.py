"""The results of matches that texts begin with: two matches of one pair of teams differ in them."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement

import numpy as np

from ingester.stories.said import Part, Said
from ingester.stories.signs import Sign, Signs, are_among, number_sign

MOST, MOST_TOLD_APART = 60, 9
"""So many goals or points a result has; of more than the latter most are records and ages."""
_RESULT = re.compile(
    r"(?<![\d.,:/(–-])(?<!\d, )(\d\d?)"
    r"(?:[-–比]|:(?!\d\d)| [-–] )"
    r"(\d\d?)(?![\d)–]|[.,:/-]\d| [-–:] ?\d)"
)
_IN_BRACKETS = re.compile(r"(?<!\d)(?<!\d )\((\d\d?)[-–:](\d\d?)\)")
"""Not behind another result: then it is how the match stood at half-time."""
_WRITTEN = {
    number_sign(f"{more}-{fewer}"): f"{more}-{fewer}"
    for fewer, more in combinations_with_replacement(range(MOST + 1), 2)
}
_ALL = np.array(sorted(_WRITTEN), dtype=np.uint32)
_FEW = np.array(
    sorted(
        number_sign(f"{more}-{fewer}")
        for fewer, more in combinations_with_replacement(range(MOST_TOLD_APART + 1), 2)
    ),
    dtype=np.uint32,
)


def written(sign: Sign) -> str:
    """Return a result as it is written; "" of what is none."""
    return _WRITTEN.get(sign, "")


def results(signs: Signs) -> Signs:
    """Return which of these signs are results."""
    return signs[are_among(signs, _ALL)]


def are_of_others(mine: Signs, theirs: Signs) -> bool:
    """Whether these are results of two matches: both have some, and none is the same."""
    if not {*mine.tolist()}.isdisjoint(theirs.tolist()):
        return False
    return bool(are_among(mine, _FEW).any() and are_among(theirs, _FEW).any())


def said_results(parts: Sequence[Part]) -> Said:
    """Return the results that parts say: known, but no sign of likeness, as many end 2-1.

    What stands in brackets may be what a team has won and lost this season: it is a result where
    the article has others, of how the match stood before.
    """
    told, bracketed = list[tuple[int, Sign]](), list[tuple[int, Sign]]()
    for part in parts:
        told += _said(part, _RESULT)
        bracketed += _said(part, _IN_BRACKETS)
    having = {article for article, _ in told}
    told += [each for each in bracketed if each[0] in having]
    return Said(
        np.array([article for article, _ in told], dtype=np.uint32),
        np.array([sign for _, sign in told], dtype=np.uint32),
        np.zeros(len(told)),
        np.zeros(len(told), dtype=np.int64),
    )


def _said(part: Part, kind: re.Pattern[str]) -> Iterator[tuple[int, Sign]]:
    for one, other in kind.findall(part.text):
        fewer, more = sorted((int(one), int(other)))
        if more <= MOST:
            yield part.article, number_sign(f"{more}-{fewer}")
