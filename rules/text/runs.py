"""Where letters stand in a run of a script without spaces."""

from collections.abc import Collection

_WORTH_ONE_SEARCH = 4
"""Searching a run for letters costs a quarter of looking up one of its letters."""


def begun_in(run: str, beginnings: Collection[str]) -> list[tuple[int, str]]:
    """Return where one or two letters stand in a run, in order, two before one.

    Args:
        beginnings: Letters, as quick to ask as a set.
    """
    found: list[tuple[int, int, str]] = []
    if len(beginnings) < len(run) * _WORTH_ONE_SEARCH:
        for letters in beginnings:
            at = run.find(letters)
            while at >= 0:
                found.append((at, -len(letters), letters))
                at = run.find(letters, at + 1)
    else:
        for at in range(len(run)):
            for length in (2, 1):
                letters = run[at : at + length]
                if len(letters) == length and letters in beginnings:
                    found.append((at, -length, letters))
    return [(at, letters) for at, _, letters in sorted(found)]
