"""Lines of a text that was wrapped at some width, made the paragraphs that they were."""

import re
from collections.abc import Sequence
from itertools import chain, pairwise

from common.scripts import WITHOUT_SPACES, letters

_WIDEST = 110
"""No text is wrapped at more letters."""
_FEWEST = 3
"""So many lines at least are full in a text that is wrapped."""
_SHARE = 0.6
"""And so many of those that another one follows."""
_NEARLY = 0.85
"""Share of the width at which the next word does not fit: letters are not all as wide."""
_ITEM = re.compile(r"[-–—*•·▪‣>|#]|\d+[.)]?(?:\s|$)")
_WIDE = f"[{letters(WITHOUT_SPACES)}]"
_MOST_CAPITALS = 0.75
"""Share of such ends behind which a capital stands: a list of headlines has one at each."""
_FIRST_WORD = re.compile(rf"{_WIDE}|\S+")
_CUT_RUN = re.compile(rf"{_WIDE}\W{{0,2}}\n{_WIDE}")
HYPHENATED = re.compile(
    r"(?<=[^\W\d_])(?:[-\u00ad\u2010]\n|[\x02\ufffe])(?=[^\W\d_])(?=[^A-Z])"
    r"(?!(?:und|oder|bis|sowie|and|or|to|et|ou|og|och|en|y|o|e)\b)"
)
"""What parts a word that two lines share."""
_HYPHEN_OF_ITS_OWN = re.compile(r"(?<=[^\W\d_]-)\n(?=[A-Z\d])")


def unwrapped(text: str) -> str:
    """Return a text without the ends of lines that only its width has made; others stay.

    A line is full if the first word of the next one would not fit onto it. Where most are, words
    on both sides of such an end stand beside each other, and a word that was parted is one again.
    """
    lines = text.split("\n")
    sizes = sorted(len(line) for line in lines if 0 < len(line) <= _WIDEST)
    if len(sizes) <= _FEWEST or 2 * sum(sizes) < len(text):
        return HYPHENATED.sub("", text)
    width = sizes[int(0.95 * len(sizes))]
    followed = [at for at, (line, then) in enumerate(pairwise(lines)) if line and then]
    full = {at for at in followed if _is_full(lines, at, _NEARLY * width)}
    begin = sum(lines[at + 1][0].isupper() for at in full)
    if len(full) < max(_FEWEST, _SHARE * len(followed)) or begin > _MOST_CAPITALS * len(full):
        full = set()
    ends = [_between(*two) if at in full else "\n" for at, two in enumerate(pairwise(lines))]
    whole = "".join(chain.from_iterable(zip(lines, [*ends, ""], strict=True)))
    return HYPHENATED.sub("", whole)


def _is_full(lines: Sequence[str], at: int, enough: float) -> bool:
    line, then = lines[at], lines[at + 1]
    word = _FIRST_WORD.match(then)
    return word is not None and len(line) + len(word[0]) >= enough and not _ITEM.match(then)


def _between(line: str, then: str) -> str:
    """Return what stands between two lines that are one."""
    both = f"{line[-3:]}\n{then[:9]}"
    if HYPHENATED.search(both):
        return "\n"
    return "" if _CUT_RUN.search(both) or _HYPHEN_OF_ITS_OWN.search(both) else " "
