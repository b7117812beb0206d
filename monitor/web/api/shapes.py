"""The JSON of calls that no command prints: lists in pages, and what is wrong."""

from typing import TypedDict

from monitor.access.view import TokenShape, UserShape
from monitor.feed_lists.view import ListedShape
from monitor.views.alert import AlertShape
from monitor.views.article import ArticleShape, StoryShape
from monitor.views.base.schema import InstantText
from monitor.views.channel import ChannelShape
from monitor.views.delivery import DeliveryShape
from monitor.views.hit import HitShape
from monitor.views.rules.rule import KeptRuleShape
from monitor.views.silence import SilenceShape
from monitor.views.sources.source import SourceShape


class AlertsShape(TypedDict):
    """Alerts; `next` is handed in as `after` for those that are raised later."""

    alerts: list[AlertShape]
    next: int
    more: bool


class ArticlesShape(TypedDict):
    """Articles; `next` is handed in as it came: as `before`, or as `since` where that was given."""

    articles: list[ArticleShape]
    next: str | None
    more: bool


class StoriesShape(TypedDict):
    """Stories, those first that were told last."""

    stories: list[StoryShape]


class RulesShape(TypedDict):
    """All rules."""

    rules: list[KeptRuleShape]


class SourcesShape(TypedDict):
    """All sources."""

    sources: list[SourceShape]


class ChannelsShape(TypedDict):
    """All channels."""

    channels: list[ChannelShape]


class DeliveriesShape(TypedDict):
    """Deliveries, newest first."""

    deliveries: list[DeliveryShape]
    more: bool


class SilencesShape(TypedDict):
    """Silences, oldest first."""

    silences: list[SilenceShape]


class HitsShape(TypedDict):
    """What a search has found; what came before `unread_before` was not looked at.

    Words in other spellings were looked for in all articles, or in those since `spelled_since`.
    """

    hits: list[HitShape]
    more: bool
    unread_before: InstantText | None
    spelled_since: InstantText | None


class ListedFeedsShape(TypedDict):
    """What became of the feeds of a list."""

    feeds: list[ListedShape]


class TokensShape(TypedDict):
    """All tokens, without their secrets."""

    tokens: list[TokenShape]


class UsersShape(TypedDict):
    """All users."""

    users: list[UserShape]


class ProblemDetailsShape(TypedDict):
    """What is wrong with a call, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
