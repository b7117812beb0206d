"""What operators are told: numbers that Prometheus reads, alert rules, a dashboard, readiness."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from monitor.app import App
from monitor.config.load import load
from monitor.web.base.counting import Asked
from monitor.web.base.desk import Desk
from monitor.web.base.gate import Tries
from monitor.web.base.lately import Lately
from monitor.web.base.render import Renderer
from monitor.web.healthcheck import is_ready
from monitor.web.metrics import families
from tests.stored import fill
from tests.unit.monitor.web.asking import Browser, app, browser

__all__ = ["app", "browser"]

OPS = Path(__file__).parents[4] / "docs" / "ops"
LINE = re.compile(r'([a-z_]+)(?:\{([a-z_]+="[^"\\]*")?\})? (-?[0-9.e+-]+)\Z')
FOREIGN = {"up"}
"""What Prometheus itself knows."""


def told(browser: Browser) -> dict[str, float]:
    """Return all samples, and refuse what Prometheus would."""
    answer = browser.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    samples: dict[str, float] = {}
    typed: dict[str, str] = {}
    for line in answer.text.splitlines():
        if line.startswith("# TYPE "):
            name, kind = line.split()[2:]
            assert name not in typed
            typed[name] = kind
        elif not line.startswith("# HELP "):
            match = LINE.match(line)
            assert match, line
            assert match[1] in typed
            assert typed[match[1]] == "counter" or not match[1].endswith("_total")
            samples[line.rpartition(" ")[0]] = float(match[3])
    return samples


def test_the_numbers_are_those_of_the_store(app: App, browser: Browser) -> None:
    fill(app.storage)
    samples = told(browser)
    assert samples["monitor_articles"] == 1
    assert samples["monitor_alerts"] == 1
    assert samples['monitor_deliveries{state="dead"}'] == 1
    assert samples['monitor_deliveries{state="pending"}'] == 0
    assert samples['monitor_sources{state="active"}'] == 1
    assert samples["monitor_up"] == 0
    assert "monitor_last_alert_timestamp_seconds" in samples
    assert "monitor_last_poll_timestamp_seconds" not in samples  # nothing was polled


def test_answers_are_counted_also_those_of_the_guard(browser: Browser) -> None:
    browser.get("/nothing")
    browser.get("/api/v1/alerts?token=x")
    samples = told(browser)
    assert samples['monitor_http_responses_total{code="404"}'] == 1
    assert samples['monitor_http_responses_total{code="401"}'] == 1
    assert told(browser)['monitor_http_responses_total{code="200"}'] == 1


def names_in(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:monitor_[a-z_]+|up)\b", expression.replace('"monitor"', "")))


def known(app: App, browser: Browser) -> set[str]:
    render = Renderer(zone=None, command="monitor")
    desk = Desk(app=app, render=render, tries=Tries(app.now), asked=Asked(), lately=Lately(None))
    return {family.name for family in families(desk)} | FOREIGN


def test_alert_rules_ask_for_numbers_that_are_told(app: App, browser: Browser) -> None:
    groups = yaml.safe_load((OPS / "alerts.yml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) > 5
    for rule in rules:
        asked = names_in(rule["expr"])
        assert asked
        assert asked <= known(app, browser), rule["alert"]
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_the_dashboard_asks_for_numbers_that_are_told(app: App, browser: Browser) -> None:
    board = json.loads((OPS / "dashboard.json").read_text())
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        for target in panel["targets"]:
            asked = names_in(target["expr"])
            assert asked
            assert asked <= known(app, browser), panel["title"]
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


class Answering(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/readyz" else 404)
        self.end_headers()
        self.wfile.write(b"said")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "well"), [(200, True), (503, False), (401, False)])
def test_a_container_is_well_when_the_site_says_so(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, well: bool
) -> None:
    monkeypatch.setattr(Answering, "status", status)
    for host in ("127.0.0.1", "0.0.0.0"):
        environ = {"MONITOR_HOME": str(tmp_path), "MONITOR_WEB_LISTEN": f"{host}:{port}"}
        assert is_ready(load(environ=environ))[0] is well


def test_a_container_whose_site_does_not_answer_is_not_well(tmp_path: Path, port: int) -> None:
    environ = {"MONITOR_HOME": str(tmp_path), "MONITOR_WEB_LISTEN": "127.0.0.1:1"}
    well, said = is_ready(load(environ=environ))
    assert not well
    assert "does not answer" in said


def test_the_image_asks_whether_it_is_ready() -> None:
    dockerfile = (OPS.parents[1] / "Dockerfile").read_text()
    assert 'CMD ["python", "-m", "monitor.web.healthcheck"]' in dockerfile
