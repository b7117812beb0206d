"""What the daemon does for long where nobody waits for it: in small pieces, and never in the way.

A thread that computes keeps one that comes back from a file or a site waiting for milliseconds,
and news does so a hundred times on its way. So between two pieces it stands aside for news.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

from monitor.app import App
from monitor.base.clock import monotonic
from monitor.pipeline import indexing

log = logging.getLogger("monitor.daemon")

FILL_EVERY = timedelta(minutes=1)
REMAKE_EVERY = timedelta(days=1)
REMAKE_STORIES_EVERY = timedelta(minutes=10)
RENEW_EVERY = timedelta(hours=1)
PRUNE_EVERY = timedelta(hours=1)

PAUSE_S = 0.02
"""Between two batches, so that polls and deliveries get their turn."""
FILLING_TOLD_EVERY = 10_000
REMAKING_TOLD_EVERY = 3_200

NO_LISTS = "no lists at all"
"""With which no rule is saved, not even one that has no variants yet."""
RENEW_AT_ONCE = 20
"""Rules that move are compiled anew: an article that comes meanwhile waits for so many."""
RENEW_PAUSE_S = 0.2


def renew_variants(
    app: App,
    stop: Callable[[], bool] = lambda: False,
    *,
    at_once: bool = False,
    most: int | None = None,
) -> int:
    """Make the variants of some rules anew that were saved with other lists than these.

    Return how many; 0 when none is left.

    Args:
        at_once: Wait for no list that must be read as a whole first; a later call does.
        most: Of so many rules at most; None: of as many as one call takes.
    """
    with app.storage.reading() as tx:
        if not tx.rules.expanded_otherwise(NO_LISTS, limit=1):
            return 0  # there are no rules: the lists are not even looked at
    lexicons = app.lexicons
    with app.storage.reading() as tx:
        if not tx.rules.expanded_otherwise(lexicons.fingerprint, limit=1):
            return 0  # nothing of what is in them is read
    lists, edition = lexicons.at_once() if at_once else (lexicons.all, lexicons.fingerprint)
    with app.storage.reading() as tx:
        if not tx.rules.expanded_otherwise(edition, limit=1):
            return 0
    from monitor.pipeline.renew_variants import renew

    return renew(app.storage, lists, edition, language=lexicons.language, stop=stop, most=most)


class LongWork:
    """Does it until it is done, or told to stop."""

    def __init__(self, app: App, stop: threading.Event) -> None:
        self._app = app
        self._stop = stop
        self._remade_at: float | None = None

    def steps(self) -> Iterator[tuple[Callable[[], object], timedelta]]:
        """Yield what there is to do, and how often to look for it."""
        yield self.fill_index, FILL_EVERY
        yield self.place_stored, FILL_EVERY
        yield self.remake_stories, REMAKE_STORIES_EVERY
        yield self.renew_variants, RENEW_EVERY
        from monitor.daemon.pruning import keep_of

        if not keep_of(self._app).is_all:
            yield self.prune, PRUNE_EVERY

    def fill_index(self) -> None:
        """Bring what was stored before there was an index, or by an older one, into it.

        One that is damaged is made anew: not more often than each day, since whatever damages it
        may go on to.
        """
        if not self._may_fill():
            return
        for looked_at in indexing.fill(self._app.storage, self._rests_or_stops):
            if looked_at % FILLING_TOLD_EVERY == 0:
                log.info("filling the search index", extra={"articles": looked_at})

    def _may_fill(self) -> bool:
        with self._app.storage.reading() as tx:
            if not tx.articles.index_is_damaged():
                return True
        now = monotonic()
        if self._remade_at is not None and now - self._remade_at < REMAKE_EVERY.total_seconds():
            return False
        self._remade_at = now
        log.warning("the search index is damaged: making it anew from the articles")
        return True

    def place_stored(self) -> None:
        """Give stories to what silent first polls have stored; nobody is told of it."""
        for _ in self._app.place_stored(self._rests_or_stops):
            pass

    def remake_stories(self) -> None:
        """Have stories compared as this program compares articles, after an update."""
        from monitor.stories.remaking import remake

        for done in remake(self._app.storage, self._app.stories, self._rests_or_stops):
            if done % REMAKING_TOLD_EVERY == 0:
                log.info("reading stories anew", extra={"stories": done})

    def renew_variants(self) -> None:
        """Bring rules up to date with the lists, some at a time, so that others get to write."""
        app = self._app
        while not self._stops() and renew_variants(app, self._stops, most=RENEW_AT_ONCE):
            # Compiled here, before the next article comes and has to wait for it.
            app.rulesets.prepare()
            self._stop.wait(RENEW_PAUSE_S)

    def prune(self) -> None:
        """Take out what is kept no longer, a little at a time."""
        from monitor.daemon.pruning import prune_by_settings

        prune_by_settings(self._app, self._rests_or_stops)

    def _stops(self) -> bool:
        """Stand aside for news; tell whether to stop."""
        self._app.right_of_way.give_way()
        return self._stop.is_set()

    def _rests_or_stops(self) -> bool:
        """Stand aside for news and for a moment; tell whether to stop."""
        self._app.right_of_way.give_way()
        return self._stop.wait(PAUSE_S)
