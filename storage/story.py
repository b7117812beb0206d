"""The nouns of stories: which articles tell the same event. Beside `storage.model`, like it."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from common.records import dataclass
from storage.model import Match

SAME_TEXT = "same text"
"""Why what has the text of another belongs to its story."""


class FollowUps(StrEnum):
    """What is told of a story's later articles."""

    AUTO = "auto"
    """What comes days after the last message; in a thread where the channel has threads, when
    several outlets have joined; else counted.
    """
    NONE = "none"
    COUNT = "count"
    """They are counted in the alert."""
    THREAD = "thread"
    """A message for those that a poll brings, under the first one where the channel can."""
    EVERY = "every"
    """A message for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that tell the same event.

    Attributes:
        id: The id of the article that it began with, unless a person made it of a part of another.
        seen_at: When its last article was first seen: so long it is told.
        articles: How many there are.
        follows: The id of an earlier story of which it tells a later development; "" of none.
    """

    id: str
    seen_at: datetime
    articles: int = 1
    follows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """That an article belongs to a story.

    Attributes:
        appeared_at: When it was published, else first seen: members are in this order,
            those of one moment in that in which they joined.
        outlet: Who published it: its site, else its source's id.
        reason: Why, in words; "" of the article that the story began with.
    """

    article_id: str
    story_id: str
    joined_at: datetime
    appeared_at: datetime
    outlet: str
    language: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStory:
    """By what new articles find a story that is told these days, and what they are compared with.

    Attributes:
        seen_at: As in `Story`.
        turn: The turn in which it was last changed; given when it is stored.
        keys, traits: Opaque to everyone but `ingester.stories`.
    """

    story_id: str
    seen_at: datetime
    keys: bytes
    traits: bytes
    turn: int = 0


class Turn(NamedTuple):
    """That it is somebody's turn to place articles.

    Attributes:
        number: One more than that of the turn before.
        before: What whoever had the turn before is called, "" for nobody.
    """

    number: int
    before: str


class Lesson(NamedTuple):
    """What a turn has taught of how common words are.

    Attributes:
        who: Who had the turn.
        is_whole: Whether it holds all that was learned until then.
        data: Opaque to everyone but `ingester.stories`.
    """

    turn: int
    who: str
    is_whole: bool
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A match that raises its alert when enough outlets carry the story.

    Attributes:
        found_at: When it was found; it is forgotten some weeks later.
    """

    match: Match
    story_id: str
    found_at: datetime
