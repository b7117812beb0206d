"""Which host a poll of a source asks."""

from contextlib import suppress
from functools import lru_cache
from urllib.parse import urlsplit

from ingester.kinds import spec_of
from ingester.urls.parts import split_url
from storage.model import Source

_KEPT = 2_000
"""Of so many URLs the host is read once, and then known."""


def host_of(source: Source) -> str:
    """Return the host that a poll of this source asks, or "" if it asks none."""
    return _host(source.url) if spec_of(source.kind).is_remote else ""


@lru_cache(_KEPT)
def _host(url: str) -> str:
    with suppress(ValueError):  # it is split so for its request, too
        return split_url(url).host.strip("[]")
    return urlsplit(url).hostname or ""
