"""The page, served beside the daemon."""

from collections.abc import Iterator
from contextlib import contextmanager

from monitor.app import App


@contextmanager
def page(app: App) -> Iterator[None]:
    """Serve the page beside the daemon, where the settings say so."""
    if not app.config.web_listen:
        yield
        return
    from monitor.web.listening import Listening
    from monitor.web.serve import SiteThread

    site = SiteThread(app, Listening.of(app.config.web_listen))
    site.start()
    try:
        yield
    finally:
        site.stop()
