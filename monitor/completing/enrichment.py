"""What comes of completing a poll, which most polls need not."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING

from common.records import dataclass
from ingester.entry import Entry, Polled

if TYPE_CHECKING:
    from ingester.fingerprints import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """A poll's result with the pages of its entries, as it is to be taken in.

    Attributes:
        may_alert: Marks of the entries about which rules may speak; None: as the source says.
        again_after: When to poll again for what is left over; None: as `polled.more` says.
        sightings: What was already made of entries that came as they are.
    """

    polled: Polled
    may_alert: frozenset[str] | None = None
    again_after: timedelta | None = None
    sightings: "Mapping[Entry, Sighting]" = field(default_factory=dict)
