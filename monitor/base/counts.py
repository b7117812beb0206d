"""Counts as people read them."""

from collections.abc import Mapping


def counted(count: int, noun: str, nouns: str | None = None) -> str:
    """Return `1 alert`, `2 alerts`; `nouns` is the plural where it has more than an s."""
    return f"{count} {noun if count == 1 else nouns or f'{noun}s'}"


def told_next(count: int, which: str = "", *, dry_run: bool = False) -> str:
    """Return `The next digest tells 2 alerts that were held back.`; "" for none.

    Args:
        which: What else the alerts did.
        dry_run: Whether it is only said what would be.
    """
    if not count:
        return ""
    which = which or f"{'was' if count == 1 else 'were'} held back"
    tells = "would tell" if dry_run else "tells"
    return f"The next digest {tells} {counted(count, 'alert')} that {which}."


def told_unsent(count: int, *, dry_run: bool = False) -> str:
    """Return `2 deliveries to where it sent before will not be sent.`; "" for none."""
    if not count:
        return ""
    will = "would" if dry_run else "will"
    return f"{counted(count, 'delivery', 'deliveries')} to where it sent before {will} not be sent."


def most_first(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return what was counted, the most frequent first, ties by name."""
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
