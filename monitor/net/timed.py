"""A fetcher whose answers are timed."""

from ingester.fetch.ports import DEFAULT_LIMITS, FEEDS, Fetched, Fetcher, Limits, NotModified
from monitor.base import measures
from monitor.base.measures import Measures


class TimedFetcher:
    """Implements `ingester.fetch.ports.Fetcher` by another one."""

    def __init__(self, fetcher: Fetcher, measured: Measures) -> None:
        self._fetcher = fetcher
        self._measures = measured

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = FEEDS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Fetched | NotModified:
        with self._measures.timing(measures.FETCH):
            return self._fetcher.get(
                url, etag=etag, last_modified=last_modified, accept=accept, limits=limits
            )
