"""The noun of something about a source that its owner should know."""

from datetime import datetime

from common.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about a source that its owner should know: a file that cannot be read, say.

    Attributes:
        id: `stable_id("notice", source_id, text)`: the same trouble is one notice.
        text: One sentence: where, what, why, what to do.
        seen_at: When it was told last.
        lasts: It tells of how the source is, and is over when that is no longer so; else of
            something that has happened.
        routine: Nothing is wrong: whoever looks at the source reads it, and nobody is sent to it.
            If the same is told once more and is not, it is so no longer.
    """

    id: str
    source_id: str
    text: str
    raised_at: datetime
    seen_at: datetime
    lasts: bool = False
    routine: bool = False

    def __post_init__(self) -> None:
        for instant in (self.raised_at, self.seen_at):
            if instant.tzinfo is None:
                raise ValueError(f"{self.id}: {instant} has no time zone")
