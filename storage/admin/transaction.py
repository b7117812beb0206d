"""What is asked and changed in one transaction: nouns, each made when it is first asked for."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from storage.api.articles import Analysis
from storage.backends.api import Backend, Opened
from storage.postings.remembered import Memory
from storage.said.asking import Said
from storage.said.others import (
    SaidArticles,
    SaidChannels,
    SaidHeld,
    SaidMeta,
    SaidOutbox,
    SaidRules,
)
from storage.said.sources import SaidSources

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.admin.pruning import SqlPruning
    from storage.sql.access import SqlAccess, SqlCalls, SqlSessions, SqlUsers
    from storage.sql.alerts import SqlAlerts
    from storage.sql.archive.article_order import ArticleOrder
    from storage.sql.archive.articles import SqlArticles
    from storage.sql.archive.placing import SqlPlacing
    from storage.sql.archive.search import ArticleIndex
    from storage.sql.archive.stories import SqlStories
    from storage.sql.channels import SqlChannels
    from storage.sql.figures.figures import SqlFigures
    from storage.sql.following import SqlFollowing
    from storage.sql.meta import Moved, SqlMeta
    from storage.sql.owed.held import SqlHeld
    from storage.sql.owed.outbox import SqlOutbox
    from storage.sql.rules import SqlRules
    from storage.sql.silences import SqlFeedback, SqlSilences
    from storage.sql.sources import SqlSources

_GIVEN = frozenset({"_opened", "_memory", "_backend", "_insert", "_analysis"})


class SqlTransaction:
    """Implements `storage.api.storage.Transaction` on one open connection.

    What keeps a noun is imported when it is first asked for: most commands need few.
    """

    def __init__(
        self, opened: Opened, backend: Backend, analysis: Analysis | None, memory: Memory
    ) -> None:
        self._opened, self._memory = opened, memory
        self._backend, self._insert = backend, backend.insert
        self._analysis = analysis

    @property
    def _connection(self) -> "Connection":
        return self._opened.alchemy

    @cached_property
    def _order(self) -> "ArticleOrder":
        from storage.sql.archive.article_order import ArticleOrder

        return ArticleOrder(self._connection, self._insert, self._moved)

    @cached_property
    def _moved(self) -> "Moved":
        from storage.sql.meta import Moved

        return Moved(self._connection)

    def end(self) -> None:
        """Write what is written last; the commit follows."""
        for last in ("_order", "_moved"):  # the former moves a counter
            if last in self.__dict__:
                self.__dict__[last].end()

    def forget(self) -> None:
        """Let its nouns go: they know it, too, and would wait for Python's collector."""
        for name in [name for name in self.__dict__ if name not in _GIVEN]:
            del self.__dict__[name]

    # What every round asks is asked in texts where the database takes them; the rest is loaded
    # when something else is asked of a noun.

    def _noun(self, said: Callable[..., Said], noun: str, whole: Callable[[], Any]) -> Any:
        driver = self._opened.driver
        return whole() if driver is None else said(driver, noun, whole)

    @cached_property
    def sources(self) -> "SqlSources":
        def whole() -> "SqlSources":
            from storage.sql.sources import SqlSources

            return SqlSources(self._connection, self._insert)

        return cast("SqlSources", self._noun(SaidSources, "sources", whole))

    @cached_property
    def index(self) -> "ArticleIndex":
        from storage.sql.archive.search import ArticleIndex

        return ArticleIndex(
            self._connection, self._insert, self._backend, self._analysis, self._memory
        )

    @cached_property
    def articles(self) -> "SqlArticles":
        def whole() -> "SqlArticles":
            from storage.sql.archive.articles import SqlArticles

            return SqlArticles(self._connection, self._insert, self.index, self._order)

        said = partial(SaidArticles, self._analysis)
        return cast("SqlArticles", self._noun(said, "articles", whole))

    @cached_property
    def stories(self) -> "SqlStories":
        from storage.sql.archive.stories import SqlStories

        return SqlStories(self._connection, self._insert)

    @cached_property
    def following(self) -> "SqlFollowing":
        from storage.sql.following import SqlFollowing

        return SqlFollowing(self._connection, self._insert)

    @cached_property
    def placing(self) -> "SqlPlacing":
        from storage.sql.archive.placing import SqlPlacing

        return SqlPlacing(self._connection, self._insert, self._moved)

    @cached_property
    def rules(self) -> "SqlRules":
        def whole() -> "SqlRules":
            from storage.sql.rules import SqlRules

            return SqlRules(self._connection, self._insert)

        return cast("SqlRules", self._noun(SaidRules, "rules", whole))

    @cached_property
    def alerts(self) -> "SqlAlerts":
        from storage.sql.alerts import SqlAlerts

        return SqlAlerts(self._connection, self._insert, self._moved)

    @cached_property
    def channels(self) -> "SqlChannels":
        def whole() -> "SqlChannels":
            from storage.sql.channels import SqlChannels

            return SqlChannels(self._connection, self._insert)

        return cast("SqlChannels", self._noun(SaidChannels, "channels", whole))

    @cached_property
    def outbox(self) -> "SqlOutbox":
        def whole() -> "SqlOutbox":
            from storage.sql.owed.outbox import SqlOutbox

            return SqlOutbox(self._connection, self._insert)

        return cast("SqlOutbox", self._noun(SaidOutbox, "outbox", whole))

    @cached_property
    def held(self) -> "SqlHeld":
        def whole() -> "SqlHeld":
            from storage.sql.owed.held import SqlHeld

            return SqlHeld(self._connection, self._insert)

        return cast("SqlHeld", self._noun(SaidHeld, "held", whole))

    @cached_property
    def silences(self) -> "SqlSilences":
        from storage.sql.silences import SqlSilences

        return SqlSilences(self._connection, self._insert)

    @cached_property
    def feedback(self) -> "SqlFeedback":
        from storage.sql.silences import SqlFeedback

        return SqlFeedback(self._connection, self._insert)

    @cached_property
    def pruning(self) -> "SqlPruning":
        from storage.admin.pruning import SqlPruning

        return SqlPruning(self._connection, self._insert, self._backend)

    @cached_property
    def figures(self) -> "SqlFigures":
        from storage.sql.figures.figures import SqlFigures

        return SqlFigures(self._connection)

    @cached_property
    def access(self) -> "SqlAccess":
        from storage.sql.access import SqlAccess

        return SqlAccess(self._connection, self._insert)

    @cached_property
    def users(self) -> "SqlUsers":
        from storage.sql.access import SqlUsers

        return SqlUsers(self._connection, self._insert)

    @cached_property
    def sessions(self) -> "SqlSessions":
        from storage.sql.access import SqlSessions

        return SqlSessions(self._connection, self._insert)

    @cached_property
    def calls(self) -> "SqlCalls":
        from storage.sql.access import SqlCalls

        return SqlCalls(self._connection, self._insert)

    @cached_property
    def meta(self) -> "SqlMeta":
        def whole() -> "SqlMeta":
            from storage.sql.meta import SqlMeta

            return SqlMeta(self._connection, self._insert)

        return cast("SqlMeta", self._noun(SaidMeta, "meta", whole))
