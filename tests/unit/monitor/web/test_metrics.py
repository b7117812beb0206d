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
from monitor.base import measures
from monitor.base.store_trouble import StoreTrouble
from monitor.config.load import load
from monitor.daemon import threads
from monitor.web import probes
from monitor.web.base import desk as desk_module
from monitor.web.base.counting import Asked
from monitor.web.base.desk import Desk
from monitor.web.base.lately import Lately
from monitor.web.base.peers import Tries
from monitor.web.base.render import Renderer
from monitor.web.healthcheck import is_ready
from monitor.web.metrics import families
from storage.api.errors import StorageError
from tests.builders import a_channel, a_rule, a_source, given
from tests.stored import fill
from tests.unit.monitor.web.asking import NOW, Browser, app, browser

__all__ = ["app", "browser"]

OPS = Path(__file__).parents[4] / "docs" / "ops"
LINE = re.compile(r'([a-z_]+)(?:\{([a-z_]+="[^"\\]*",?)*\})? (-?[0-9.e+-]+)\Z')
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
            family = re.sub("_(bucket|sum|count)$", "", match[1])
            family = family if typed.get(family) == "histogram" else match[1]
            assert family in typed
            assert (typed[family] == "counter") == family.endswith("_total")
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


def test_what_happens_is_counted_and_timed_from_the_poll_to_the_delivery(
    app: App, browser: Browser, tmp_path: Path
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "one.txt").write_text("Rail strike ends\n\nTrains run again.")
    source = a_source(kind="folder", url=str(news), baseline_done=True, backfill=5)
    desk = a_channel(kind="console", target="console:")
    given(app.storage, source, desk, a_rule(channel_ids=(desk.id,)))
    [result] = app.looking.poller.poll([source.id])
    assert (result.new_articles, result.alerts) == (1, 1)
    app.sending.courier.deliver_due(desk.id)
    samples = told(browser)
    for name, count in {
        'monitor_polls_total{kind="folder",result="ok"}': 1,
        'monitor_poll_seconds_count{kind="folder"}': 1,
        'monitor_parse_seconds_bucket{kind="folder",le="+Inf"}': 1,
        'monitor_articles_taken_in_total{what="new"}': 1,
        "monitor_match_seconds_count": 1,
        "monitor_store_seconds_count": 1,
        "monitor_alerts_raised_total": 1,
        'monitor_send_seconds_count{kind="console"}': 1,
        'monitor_attempts_total{kind="console",outcome="ok"}': 1,
        'monitor_delivery_seconds_count{kind="console"}': 1,
    }.items():
        assert samples[name] == count, name


def test_a_bucket_counts_all_that_are_smaller(app: App, browser: Browser) -> None:
    for seconds in (0.001, 0.2, 0.3, 1000.0):
        app.measures.observe(measures.FETCH, seconds)
    samples = told(browser)
    buckets = [
        count for name, count in samples.items() if name.startswith("monitor_fetch_seconds_bucket")
    ]
    assert buckets == sorted(buckets)
    assert samples['monitor_fetch_seconds_bucket{le="0.25"}'] == 2
    assert samples['monitor_fetch_seconds_bucket{le="300"}'] == 3
    assert samples['monitor_fetch_seconds_bucket{le="+Inf"}'] == 4
    assert samples["monitor_fetch_seconds_sum"] == 1000.501


def test_a_silent_canary_is_a_trouble(app: App) -> None:
    fill(app.storage)
    daemon = Browser(app, is_daemon=True)
    with app.storage.transaction() as tx:
        tx.outbox.suppress(a_channel().id, but_for=(), reason="old")
    assert app.sending.canary.sing()
    ready = daemon.get("/readyz").json()
    assert [one for one in ready["troubles"] if "made-up" in one] == []
    assert ready["last_canary_at"] == ready["last_commit_at"] == "2026-03-02T12:30:00Z"
    app.sending.canary.trouble = "a made-up article did not come through: because"
    answer = daemon.get("/readyz")
    assert answer.status_code == 503
    assert app.sending.canary.trouble in answer.json()["troubles"]
    assert told(daemon)["monitor_last_canary_timestamp_seconds"] == NOW.timestamp()


def test_a_store_that_cannot_be_used_is_a_trouble_of_the_daemon(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading goes on with a full disk, so the probe cannot see it by itself."""
    store = StoreTrouble()
    monkeypatch.setattr(threads, "STORE", store)
    monkeypatch.setattr(desk_module, "STORE", store)

    def full() -> None:
        raise StorageError("the disk is full", retry=False)

    daemon = Browser(app, is_daemon=True)
    assert daemon.get("/healthz").status_code == 200
    threads.guarded(full)
    for probe in ("/readyz", "/healthz"):
        answer = daemon.get(probe)
        assert answer.status_code == 503
        assert "the store cannot be used now: the disk is full" in answer.json()["troubles"]
        assert "the disk is full" not in Browser(app).get(probe).text
    for page in ("/", "/overview", "/rules"):
        text = daemon.get(page).text
        assert "Nothing is taken in or sent: the store cannot be used now: the disk is full" in text
        assert "Nothing needs a person" not in text


def test_a_store_that_cannot_be_read_is_told_in_json(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise StorageError("the database was moved away", retry=False)

    browser = Browser(app)
    monkeypatch.setattr(probes, "status_of", gone)
    answer = browser.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "troubles": ["the store cannot be used now: the database was moved away"],
        "ages_s": dict.fromkeys(probes.HEALTH),
    }


def names_in(expression: str) -> set[str]:
    names = re.findall(r"\b(?:monitor_[a-z_]+|up)\b", expression.replace('"monitor"', ""))
    return {re.sub("_(bucket|sum|count)$", "", name) for name in names}


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
