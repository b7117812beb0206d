"""The noun of something about a source that its owner should know."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about a source that its owner should know: a file that cannot be read, say.

    Attributes:
        id: `stable_id("notice", source_id, text)`: the same trouble is one notice.
        text: One sentence: where, what, why, what to do.
    """

    id: str
    source_id: str
    text: str
    raised_at: datetime

    def __post_init__(self) -> None:
        if self.raised_at.tzinfo is None:
            raise ValueError(f"{self.id}: {self.raised_at} has no time zone")
