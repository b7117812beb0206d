"""What the daemon does once an hour for the archive to stay as old and as large as was chosen."""

import logging
from collections.abc import Callable

from monitor.app import App
from monitor.archive.pruning import Keep, look, prune

log = logging.getLogger("monitor.daemon")


def keep_of(app: App) -> Keep:
    """Return what the settings say of the archive."""
    return Keep(articles=app.config.keep_articles, size_bytes=app.config.keep_size)


def prune_by_settings(app: App, stop: Callable[[], bool]) -> None:
    """Take out what is kept no longer, a little at a time.

    Args:
        stop: Asked between two transactions, and may pause there.
    """
    keep = keep_of(app)
    articles = sum(gone for gone, _ in prune(app.storage, keep, now=app.now(), stop=stop))
    if articles:
        log.info("pruned", extra={"articles": articles})
    if keep.size_bytes is None or stop():
        return
    outlook = look(app.storage, keep, now=app.now())
    if outlook.too_many and not outlook.waits_for:
        text = "the database holds more than fits into keep_size, and nothing else may go"
        log.warning(text, extra={"articles": outlook.too_many})
