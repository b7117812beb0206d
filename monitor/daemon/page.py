"""The page, served beside the daemon."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from monitor.app import App


@contextmanager
def page(app: App) -> Iterator[Callable[[], str | None]]:
    """Serve the page beside the daemon, where the settings say so.

    Yield what returns its URL, or None while it is not served: its address may be taken, or
    others could ask there and nobody has a login yet.
    """
    if not app.config.web_listen:
        yield lambda: None
        return
    from monitor.web.listening import Listening
    from monitor.web.serve import SiteThread

    site = SiteThread(app, Listening.of(app.config.web_listen))
    site.start()
    try:
        yield lambda: site.url
    finally:
        site.stop()
