"""The page beside the daemon: it is named while it is served, and only then."""

import logging
import threading
from dataclasses import replace

import pytest

from monitor.app import App
from monitor.base.errors import Refusal
from monitor.daemon.page import page
from monitor.web.listening import Listening
from monitor.web.serve import bound
from tests.unit.monitor.web.asking import app

__all__ = ["app"]


class _Heard(logging.Handler):
    """Waits for the first thing that the site says of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.said = ""
        self._came = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.said = self.said or record.getMessage()
        self._came.set()

    def first(self) -> str:
        assert self._came.wait(300)
        return self.said


@pytest.mark.parametrize(
    ("listen", "said", "url"),
    [
        ("127.0.0.1:0", "serving the page", "http://127.0.0.1:0/"),
        # Others could ask there, and nobody has a login yet.
        ("0.0.0.0:0", "the page is not served", None),
    ],
)
def test_a_page_is_named_while_it_is_served(
    app: App, listen: str, said: str, url: str | None
) -> None:
    app.config = replace(app.config, web_listen=listen)
    heard = _Heard()
    log = logging.getLogger("monitor.web")
    log.addHandler(heard)
    level = log.level
    log.setLevel(logging.INFO)
    try:
        with page(app) as page_url:
            assert heard.first() == said
            assert page_url() == url
    finally:
        log.setLevel(level)
        log.removeHandler(heard)


def test_an_address_that_is_taken_is_told_with_the_setting_that_names_another() -> None:
    with bound(Listening("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match=f"such as MONITOR_WEB_LISTEN=127.0.0.1:{port + 1}, or"):
            bound(Listening("127.0.0.1", port))


def test_a_page_that_is_wanted_nowhere_has_no_url(app: App) -> None:
    app.config = replace(app.config, web_listen="")
    with page(app) as page_url:
        assert page_url() is None
