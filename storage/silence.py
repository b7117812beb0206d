"""The noun of what somebody does not want to hear of for a while."""

from datetime import datetime

from common.records import dataclass
from storage.model import Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Alerts that are held back for a while, because somebody said so and why.

    An alert is covered when everything holds for it that the silence names; it names something.

    Attributes:
        id: `stable_id("silence", ...)` of when it was made and what it names.
        reason: In the words of whoever made it.
        until: When it ends by itself.
        ended_at: When somebody ended it before that.
        rule_id, source_id, story_id: What it is about; None for any.
        query: What its articles match, as a rule's text; "" for any.
        variants: What the words of the query are called elsewhere, made when it was added.
    """

    id: str
    reason: str
    created_at: datetime
    until: datetime
    ended_at: datetime | None = None
    rule_id: str | None = None
    source_id: str | None = None
    story_id: str | None = None
    query: str = ""
    variants: tuple[Variant, ...] = ()

    def __post_init__(self) -> None:
        for instant in (self.created_at, self.until, self.ended_at):
            if instant is not None and instant.tzinfo is None:
                raise ValueError(f"{self.id}: {instant} has no time zone")
        if not (self.rule_id or self.source_id or self.story_id or self.query):
            raise ValueError("a silence names a rule, a source, a story or a query")

    def is_over(self, now: datetime) -> bool:
        """Whether it holds nothing back any more."""
        return self.ended_at is not None or self.until <= now
