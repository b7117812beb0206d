"""Where people read what a source lists, which its own address does not tell."""

from collections.abc import Iterable

from ingester.kinds import PAGE
from ingester.urls.urls import absolute_url
from storage.api.storage import Transaction
from storage.model import Source

_LOOKED_AT = 5


def front_pages(tx: Transaction, sources: Iterable[Source]) -> dict[str, str]:
    """Return the page or site of each source as a URL, by its id.

    A page is its own; else it is the front page of the site that the newest articles are on. A
    source that has none, or lists other people's sites, is left out.
    """
    pages = {}
    for source in sources:
        if source.kind == PAGE:
            pages[source.id] = source.url
            continue
        newest = tx.articles.recent(source_ids=(source.id,), limit=_LOOKED_AT)
        fronts = {absolute_url("/", article.url) for article in newest if article.url}
        front = fronts.pop() if len(fronts) == 1 else None
        if front is not None:
            pages[source.id] = front
    return pages
