"""What a source listed already when it was added, and so is no news."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ingester.entry import LISTED, MAX_ENTRIES, Polled
from ingester.fingerprints import Sighting
from storage.model import Source

_DAY = timedelta(days=1)
"""What is dated by its day alone is as old as the beginning of that day."""


def marks_that_may_alert(
    source: Source, sightings: Sequence[Sighting], *, seen_at: datetime
) -> frozenset[str]:
    """Return the marks of the entries of this poll about which rules may speak.

    All of them, once all that the source listed when it was added has been seen. Before that the
    newest `source.backfill` ones, and what was published since it was added. Where it listed
    nothing when it was first read, what it lists now is news, but for what is dated earlier.
    """
    if source.backfill is None:
        return frozenset(sighting.mark for sighting in sightings)
    if source.baseline_done:
        return frozenset(
            sighting.mark for sighting in sightings if not _was_there(sighting, source)
        )
    newest = sorted(sightings, key=lambda sighting: sighting.dated_at, reverse=True)
    may = {sighting.mark for sighting in newest[: source.backfill]}
    if _was_empty(source):
        since = source.added_at - _DAY
        news = (sighting for sighting in sightings if not _is_dated_before(sighting, since))
        return frozenset(may | {sighting.mark for sighting in news})
    for sighting in sightings:
        published_at = sighting.article.published_at
        # What is dated ahead has a mistaken zone, and nobody knows when it was published.
        if published_at is not None and source.added_at <= published_at <= seen_at:
            may.add(sighting.mark)
    return frozenset(may)


def _was_there(sighting: Sighting, source: Source) -> bool:
    before = source.quiet_before
    return before is not None and _is_dated_before(sighting, before)


def _is_dated_before(sighting: Sighting, instant: datetime) -> bool:
    published_at = sighting.article.published_at
    return published_at is not None and published_at < instant


def _was_empty(source: Source) -> bool:
    """Whether it was read as a whole, and listed nothing yet.

    Only a feed says so. A page in which no links are found may be one that is read wrongly, and
    an answer that was cut off has shown nothing.
    """
    return not source.baseline_done and source.quiet_before is None and LISTED in source.validators


def as_read(source: Source, polled: Polled) -> Source:
    """Return the source by which to tell what of a poll is news.

    One that is read in another way than before is as new: it was added when it was read last,
    and what was published since is news all the same, as nobody has seen it.
    """
    if not polled.anew:
        return source
    return replace(source, baseline_done=False, added_at=source.last_ok_at or source.added_at)


def after_seeing(source: Source, polled: Polled) -> Source:
    """Return the source with what this poll says of how much of it was there when it was added.

    A poll that found nothing leaves it open: a feed that was broken then may list what is years
    old at the next one. One that stops in the middle has not seen all: after it one more poll
    is quiet, and what is dated earlier stays so for good.
    """
    if source.baseline_done or polled.unchanged or not polled.entries or polled.more:
        return source
    if source.quiet_before is None and _is_partial(polled):
        return replace(source, quiet_before=source.added_at)
    return replace(source, baseline_done=True)


def _is_partial(polled: Polled) -> bool:
    return polled.partial or len(polled.entries) >= MAX_ENTRIES
