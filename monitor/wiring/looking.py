"""Builds what looks at sources, from the fetching of bytes to the polls."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

from monitor.config.load import sqlite_file
from monitor.wiring.foundation import Foundation

if TYPE_CHECKING:
    from ingester.fetch.ports import Fetcher
    from ingester.fetch.robots import CachedRobots
    from ingester.kinds import SourceKind, SourceTools
    from ingester.sandbox.tasks import BoundedReader
    from monitor.completing.enrich import Enricher
    from monitor.net.politeness import HostTurns
    from monitor.pipeline.ingest import Pipeline
    from monitor.pipeline.notices import Notices
    from monitor.pipeline.poll import Poller
    from monitor.services.sources.discover import Sites


class Looking:
    """The half of the program that looks at sources.

    Args:
        pipeline: Returns what takes in what they list.
        notices: Returns what tells that one of them does not work.
    """

    def __init__(
        self,
        on: Foundation,
        *,
        pipeline: "Callable[[], Pipeline]",
        notices: "Callable[[], Notices]",
    ) -> None:
        self._on = on
        self._pipeline = pipeline
        self._notices = notices
        self._end_work: Callable[[], None] = lambda: None

    @cached_property
    def fetcher(self) -> "Fetcher":
        """Fetches what sources publish."""
        from ingester.fetch.http import HttpFetcher
        from monitor.net.timed import TimedFetcher

        fetcher = HttpFetcher(self._on.client, now=self._on.now)
        return TimedFetcher(fetcher, self._on.measures, self._on.right_of_way)

    @cached_property
    def robots(self) -> "CachedRobots":
        """Asks sites which of their pages may be fetched."""
        from ingester.fetch.robots import CachedRobots

        return CachedRobots(self.fetcher, self._on.now)

    @cached_property
    def reader(self) -> "BoundedReader":
        """Reads other people's documents in a process of its own, which ends with this program."""
        from ingester.sandbox.process import BoundedWork
        from ingester.sandbox.tasks import BoundedReader

        work = BoundedWork()
        self._end_work = work.close
        return BoundedReader(work)

    @cached_property
    def tools(self) -> "SourceTools":
        """What looking at sources needs."""
        from ingester.kinds import SourceTools

        return SourceTools(
            fetcher=self.fetcher,
            robots=self.robots,
            reader=self.reader,
            now=self._on.now,
            pause=self._on.pause,
        )

    @cached_property
    def kinds(self) -> "Mapping[str, SourceKind]":
        """All kinds of source, by name."""
        from ingester.kinds import make_kinds

        return make_kinds(self.tools)

    @cached_property
    def sites(self) -> "Sites":
        """Looks at sites that somebody names."""
        from monitor.services.sources.discover import Sites

        return Sites(self.tools, self._on.guard)

    @cached_property
    def _hosts(self) -> "HostTurns":
        from monitor.net.politeness import HostLimiter, SharedTurns

        is_shared = sqlite_file(self._on.config.database_url) is None
        return SharedTurns(self._on.storage) if is_shared else HostLimiter()

    @cached_property
    def poller(self) -> "Poller":
        """Looks at sources."""
        from monitor.pipeline.poll import Poller
        from monitor.services.sources.naming import named_by_title

        return Poller(
            storage=self._on.storage,
            pipeline=self._pipeline(),
            kinds=self.kinds,
            hosts=self._hosts,
            owner=self._on.owner,
            now=self._on.now,
            chance=self._on.chance,
            notices=self._notices(),
            enricher=lambda: self.enricher,
            measures=self._on.measures,
            right_of_way=self._on.right_of_way,
            without=self._on.without,
            titled=partial(named_by_title, self._on.storage),
        )

    @cached_property
    def enricher(self) -> "Enricher":
        """Fetches the pages of new articles."""
        from ingester.pages.fulltext import FullText
        from monitor.completing.enrich import Enricher
        from monitor.net.politeness import Backoff

        return Enricher(
            FullText(self.fetcher, self.robots, self._on.now, reader=self.reader),
            self._on.storage,
            self._hosts,
            Backoff(),
            now=self._on.now,
            pause=self._on.pause,
            slots=max(1, self._on.config.poll_threads - 1) if self._pipeline().asks_again else None,
        )

    def end(self) -> None:
        """End the process that reads documents, if there is one."""
        self._end_work()
