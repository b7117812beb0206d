"""How much of what was stored before a rule was there it tells of: `--backfill`, read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from common.records import dataclass
from monitor.base.errors import clipped
from monitor.base.times import parse_duration
from storage.model import Rule

USUAL_MOST = 5
"""A new rule tells of so many stories, the newest, of what lies in folders."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """What somebody wishes to be told of.

    Attributes:
        back: How far back, of all sources; None for what lies in folders only.
        most: At most so many stories, the newest; None for all, 0 for none.
    """

    back: timedelta | None = None
    most: int | None = None

    def given_to(self, rule: Rule, *, now: datetime) -> Rule:
        """Return the rule so that what is stored is searched as it is wished."""
        since = None
        if self.back is not None:
            since = max(now - self.back, LONG_AGO) if self.back < now - LONG_AGO else LONG_AGO
        most = self.most or None
        searched = self.most == 0
        return replace(rule, backfill_since=since, backfill_most=most, caught_up=searched)


USUAL = Backfill(most=USUAL_MOST)
NONE = Backfill(most=0)
ALL = Backfill(back=timedelta.max)


def parse_backfill(text: str) -> Backfill:
    """Return what `5`, `7d`, `all` or `none` asks for.

    Raises:
        ValueError: It is something else.
    """
    word = text.strip().lower()
    if word in ("all", "none"):
        return ALL if word == "all" else NONE
    if word.isascii() and word.isdecimal() and len(word) < 10:
        return Backfill(back=timedelta.max, most=int(word))
    try:
        return Backfill(back=parse_duration(word))
    except ValueError:
        raise ValueError(
            f'expected how many stories, a duration such as 7d, all or none; got "{clipped(text)}"'
        ) from None
