"""A fetcher whose answers are timed, and while it waits nobody else has to."""

from ingester.fetch.ports import DEFAULT_LIMITS, FEEDS, Fetched, Fetcher, Limits, NotModified
from monitor.base import measures
from monitor.base.measures import Measures
from monitor.base.right_of_way import RightOfWay


class TimedFetcher:
    """Implements `ingester.fetch.ports.Fetcher` by another one."""

    def __init__(self, fetcher: Fetcher, measured: Measures, right_of_way: RightOfWay) -> None:
        self._fetcher = fetcher
        self._measures = measured
        self._right_of_way = right_of_way

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = FEEDS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Fetched | NotModified:
        with self._measures.timing(measures.FETCH), self._right_of_way.waiting():
            return self._fetcher.get(
                url, etag=etag, last_modified=last_modified, accept=accept, limits=limits
            )
