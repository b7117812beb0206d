"""The search index: what goes into it, and how the articles get in that were stored before it."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from storage.api.articles import Analysis
from storage.api.storage import Storage
from storage.model import Article

if TYPE_CHECKING:
    from rules.search.analyzer import Analyser

VERSION = "7"
"""Must be changed with the tokens of any article, so that the index is made anew."""

BATCH = 100
"""So many articles are looked at in one transaction: others want to write, too."""


@cache
def _analyser() -> "Analyser":
    from rules.search.analyzer import Analyser  # dear to import, and many commands store nothing

    return Analyser()


def _tokens(article: Article) -> str:
    return _analyser()(article)


ANALYSIS = Analysis(VERSION, _tokens)
"""How every store of this program is opened."""


def fill(storage: Storage, stop: Callable[[], bool] = lambda: False) -> Iterator[int]:
    """Bring articles into the index until it is full; yield how many were looked at so far.

    Each batch is kept by itself, so it may end at any moment, and goes on at the next call.

    Args:
        stop: Asked before each batch.
    """
    with storage.reading() as tx:
        if tx.articles.index_is_full():
            return
    last: str | None = ""
    looked_at = 0
    while last is not None and not stop():
        with storage.transaction() as tx:
            last = tx.articles.fill_index(after=last, limit=BATCH)
        looked_at += BATCH
        yield looked_at
