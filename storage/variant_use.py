"""How often the variants of rules raise alerts."""

from datetime import datetime
from typing import NamedTuple

from common.records import dataclass
from storage.model import Variant


class VariantHit(NamedTuple):
    """An alert of a rule about an article in which one of its variants stands.

    Attributes:
        text: The variant's.
        language: The article's, "" where it is unknown.
    """

    rule_id: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantUse:
    """A variant of a rule, and how often it has raised an alert."""

    variant: Variant
    hits: int = 0
    last_hit_at: datetime | None = None
