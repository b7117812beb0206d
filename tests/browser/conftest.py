"""The site, served on a free port of this machine, and the system's Chromium that looks at it."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from monitor.app import App
from monitor.base import clock
from monitor.config.load import load
from monitor.pipeline.indexing import ANALYSIS
from monitor.web.listening import Listening
from monitor.web.serve import bound, server_of
from storage.admin.engine import open_storage

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_MS = 20_000


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; where there is none these tests are left out, but not in CI."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing = "NO BROWSER: install chromium, so that the page is tried in one"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A program with an empty store of its own, by today's clock."""
    environ = {
        "MONITOR_HOME": str(tmp_path / "home"),
        "MONITOR_ZONE": "UTC",
        "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
        "MONITOR_DICTIONARIES": "none",
    }
    config = load(environ=environ)
    config.home.mkdir()
    storage = open_storage(
        f"sqlite:///{tmp_path / 'monitor.db'}", home=config.home, migrate=True, analysis=ANALYSIS
    )
    app = App(config, storage, owner="test", now=clock.now)
    yield app
    app.looking.end()
    storage.close()


@pytest.fixture
def site(app: App) -> Iterator[str]:
    """The site's address, without a slash at its end."""
    with served(app, Listening("127.0.0.1", 0)) as address:
        yield address


@contextmanager
def served(app: App, listening: Listening) -> Iterator[str]:
    """Serve the page on this machine as it would be served at an address; yield where."""
    with bound(Listening("127.0.0.1", 0)) as listener:
        server = server_of(app, listening)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until = time.monotonic() + 60
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


def is_wrong(said: ConsoleMessage) -> bool:
    """Return whether a console tells of a fault; that a form was refused is none."""
    return said.type == "error" and "status of 400" not in said.text


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """A fresh window; whatever its console says is wrong fails the test."""
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if is_wrong(said) else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((site, "data:")) else wrong.append(asked.url),
    )
    yield page
    context.close()
    assert wrong == []
