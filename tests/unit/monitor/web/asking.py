"""How tests ask the site: as a browser on this machine, without a socket."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from monitor.app import App
from monitor.config.load import load
from monitor.pipeline.indexing import ANALYSIS
from monitor.web.site import make_site
from storage.admin.engine import open_storage
from tests.builders import NOON

NOW = NOON + timedelta(minutes=30)


class Browser:
    """Asks the site as a browser on this machine does, and keeps its cookies."""

    def __init__(
        self,
        app: App,
        *,
        host: str = "127.0.0.1:8420",
        hosts: tuple[str, ...] = (),
        is_open: bool = True,
        is_daemon: bool = False,
    ) -> None:
        self.site = make_site(app, hosts=hosts, is_open=is_open, is_daemon=is_daemon)
        self._base = f"http://{host}"
        self.cookies = httpx.Cookies()

    def ask(self, method: str, path: str, **given: object) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.site, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=self._base) as client:
                client.cookies = self.cookies
                response = await client.request(method, path, **given)  # type: ignore[arg-type]
                self.cookies = client.cookies
                return response

        # In a thread of its own: the browser's tests leave a loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(asked())).result()

    def get(self, path: str, **given: object) -> httpx.Response:
        return self.ask("GET", path, **given)

    def post(self, path: str, *, token: str | None = None, **fields: str) -> httpx.Response:
        if token is None:
            token = str(self.token())
        return self.ask("POST", path, data={"csrf": token, **fields})

    def token(self) -> str:
        found = re.search(r'name="csrf" content="([^"]+)"', self.get("/about").text)
        assert found is not None
        return found[1]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    config = load(
        environ={
            "MONITOR_HOME": str(tmp_path / "home"),
            "MONITOR_ZONE": "UTC",
            "MONITOR_ALLOW_PRIVATE": "127.0.0.1/32",
        }
    )
    config.home.mkdir()
    storage = open_storage(
        f"sqlite:///{tmp_path / 'monitor.db'}", home=config.home, migrate=True, analysis=ANALYSIS
    )
    app = App(config, storage, owner="test", now=lambda: NOW)
    yield app
    app.looking.end()
    storage.close()


@pytest.fixture
def browser(app: App) -> Browser:
    return Browser(app)
