"""The numbers by which segments of the search index have articles, instants and languages."""

from datetime import UTC, datetime, timedelta

from storage.postings.damage import damaged

PLACES_OF_SEGMENT = 1 << 20
"""More numbers of pages, and of articles, than a segment ever has."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)


def us_of(moment: datetime) -> int:
    """Return an instant in microseconds."""
    return (moment - _EPOCH) // _US


def instant_of(us: int) -> datetime:
    """Return the instant that a segment has as microseconds.

    Raises:
        IndexDamaged: It lies outside of the calendar.
    """
    try:
        return _EPOCH + timedelta(microseconds=us)
    except OverflowError as error:
        raise damaged() from error


def language_number(language: str) -> int:
    """Return the number by which places have a language."""
    return int.from_bytes(language.encode()[:7])
