"""What placing articles comes to, and how it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime

from common.records import dataclass
from storage.api.storage import Transaction
from storage.model import Article
from storage.story import LiveStory, Membership, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What placing some articles comes to: each with its story, and what is to be stored.

    Attributes:
        at: When it was done; None if there was nothing to place.
        over: Stories told too long ago for others to join them: nothing is kept to compare with.
        grown: What has joined stories that were there before, by their ids.
    """

    at: datetime | None = None
    articles: tuple[Article, ...] = ()
    members: tuple[Membership, ...] = ()
    stories: tuple[Story, ...] = ()
    live: tuple[LiveStory, ...] = ()
    over: tuple[str, ...] = ()
    grown: Mapping[str, Sequence[Article]] = field(default_factory=dict)
    turn: int = 0


def keep(tx: Transaction, placed: Placed) -> None:
    """Store where articles belong; they are stored before."""
    tx.stories.put(placed.stories)
    tx.placing.keep(placed.live, turn=placed.turn)
    if placed.over:
        tx.placing.forget(placed.over)
    tx.stories.join(placed.members)
