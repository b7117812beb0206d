"""How a table fits a terminal: what gets the room, what is broken into lines, what is left out."""

from collections.abc import Mapping, Sequence

from common.records import dataclass
from common.widths import cell_width, shortened, wrapped

GAP = 2
MOST_LINES = 4
"""Into so many lines a cell is broken; what is longer ends in dots."""

ROOM_FIRST = ("NAME", "TITLE", "QUERY", "URL", "LINK", "TARGET", "ABOUT")
"""These get what room is left, one after the other; others that can be broken share the rest."""

_BROKEN = frozenset(
    [
        *ROOM_FIRST,
        *("RULE", "ERROR", "WHY", "TEXT", "SOURCE", "CHANNEL", "CHANNELS", "TO", "KIND"),
        *("REASON", "LANGUAGES", "WHEN"),
    ]
)
_LEFT_OUT = (
    *(
        "MESSAGES",
        "ADDED",
        "OVERLAP",
        "FOUND",
        "FROM",
        "TYPE",
        "EVERY",
        "SCORE",
        "VARIANTS",
        "TRIES",
    ),
    *("VARIANTS", "TRIES", "KIND", "MADE", "ENTRIES", "ARTICLES", "LANGUAGE", "TO", "NEXT"),
    *("HITS", "CHANNELS", "LAST HIT", "LAST OK", "PUBLISHED", "SOURCE", "ALERTS", "FOR", "NEWEST"),
    *("RAISED", "RULE", "QUERY"),
)
"""What is left out where there is no room, the least important first."""

_NARROW = 12
_NARROW_FIRST = 24
"""To so few columns the cells that can be broken may shrink, and those of `ROOM_FIRST`."""
_LEAST_FIRST = 20
"""To so few columns the latter shrink where a word beside them would be cut in two."""

_WORD = 18
"""Words up to so many columns are broken only where there is no room at all (CVE-2026-12345)."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns are shown, how wide each is, and what was left out that says something."""

    shown: tuple[int, ...]
    widths: tuple[int, ...]
    left_out: tuple[str, ...] = ()


def laid_out(
    columns: Sequence[str], rows: Sequence[Sequence[str]], room: int | None
) -> Layout | None:
    """Return how a table fits into `room` columns of a terminal; None when it cannot.

    Args:
        room: None for as much as it takes.
    """
    natural = [
        max([cell_width(name), *(cell_width(row[at]) for row in rows)])
        for at, name in enumerate(columns)
    ]
    kept = list(range(len(columns)))
    if room is None:
        return Layout(tuple(kept), tuple(natural))
    empty: set[int] = set()
    if sum(natural) + GAP * (len(kept) - 1) > room:
        empty = {at for at in kept if rows and all(row[at] == "-" for row in rows)}
        kept = [at for at in kept if at not in empty]
    least = [_least(name, natural[at]) for at, name in enumerate(columns)]
    for name in _LEFT_OUT:
        if _taken(least, kept) <= room:
            break
        kept = [at for at in kept if columns[at] != name]
    if not kept or _taken(least, kept) > room:
        return None
    widths = dict(zip(kept, (least[at] for at in kept), strict=True))
    left = room - _taken(least, kept)
    whole = [(at, _longest_word(rows, at)) for at in kept if columns[at] not in ROOM_FIRST]
    first = [at for name in ROOM_FIRST for at in kept if columns[at] == name]
    for at, wish in (*whole, *((at, natural[at]) for at in first)):
        more = max(0, min(left, wish - widths[at]))
        widths[at] += more
        left -= more
    _keep_words_whole(widths, dict(whole), first)
    for _ in range(left):
        # What would be broken into most lines: beside a long cell none is cut for want of room.
        narrow = [at for at in kept if widths[at] < natural[at]]
        if not narrow:
            break
        widths[max(narrow, key=lambda at: natural[at] / widths[at])] += 1
    gone = tuple(name for at, name in enumerate(columns) if at not in {*kept, *empty})
    return Layout(tuple(kept), tuple(widths[at] for at in kept), gone)


def _least(name: str, natural: int) -> int:
    if name in ROOM_FIRST:
        return min(natural, _NARROW_FIRST)
    return min(natural, _NARROW) if name in _BROKEN else natural


def _keep_words_whole(
    widths: dict[int, int], wanted: Mapping[int, int], first: Sequence[int]
) -> None:
    """Take the columns that a word lacks from those that are broken into lines anyway."""
    for at, wish in wanted.items():
        for other in first:
            more = max(0, min(wish - widths[at], widths[other] - _LEAST_FIRST))
            widths[at] += more
            widths[other] -= more


def _longest_word(rows: Sequence[Sequence[str]], at: int) -> int:
    """Return how wide the longest word in a column is, of those that are worth the room."""
    widths = (cell_width(word) for row in rows for word in row[at].split())
    return max((width for width in widths if width <= _WORD), default=0)


def _taken(least: Sequence[int], kept: Sequence[int]) -> int:
    return sum(least[at] for at in kept) + GAP * (len(kept) - 1)


def lines_of(cell: str, width: int) -> list[str]:
    """Return a cell broken into lines of at most `width` columns."""
    if cell_width(cell) <= width:
        return [cell]
    lines = wrapped(cell, width=width)
    if len(lines) > MOST_LINES:
        rest = " ".join(lines[MOST_LINES - 1 :])
        lines = [*lines[: MOST_LINES - 1], shortened(rest, width)]
    return lines
