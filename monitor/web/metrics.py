"""What Prometheus is told: how much there is of what, how old the newest is, what was asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from monitor.services.health import status_of
from monitor.web.base.desk import Desk
from storage.model import DeliveryState
from storage.quiet import HoldReason

MEDIA_TYPE = "text/plain; version=0.0.4"
PACKAGE = "newsroom-monitor"

Samples = Mapping[tuple[tuple[str, str], ...], float]
"""Values by their labels, each a name and a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All values of one name."""

    name: str
    kind: str
    purpose: str
    samples: Samples

    def lines(self) -> Iterable[str]:
        """Return it as it is written."""
        yield f"# HELP {self.name} {self.purpose}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, value in self.samples.items():
            inside = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels)
            yield f"{self.name}{{{inside}}} {value:g}" if inside else f"{self.name} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def show(desk: Desk, request: Request) -> Response:
    """Show all numbers."""
    lines = [line for family in families(desk) for line in family.lines()]
    headers = {"Cache-Control": "no-store"}
    return PlainTextResponse("\n".join(lines) + "\n", media_type=MEDIA_TYPE, headers=headers)


def families(desk: Desk) -> list[Family]:
    """Return all that can be told; labels have few values, however much is followed."""
    now = desk.app.now()
    status = status_of(desk.app.config, desk.app.storage, now=now)
    runs = desk.is_daemon or status.daemon_pid is not None
    answers: Samples = {
        (("code", code),): float(n) for code, n in sorted(desk.asked.answers.items())
    }
    gauges = [
        _gauge("up", "Whether the daemon that polls and sends runs.", float(runs)),
        _by("sources", "Sources by state.", "state", _without_total(status.sources)),
        _gauge("sources_failing", "Sources whose last poll failed.", status.failing),
        _gauge("sources_due", "Sources that would be polled now.", status.due),
        _by("rules", "Rules by state.", "state", _without_total(status.rules)),
        _by("channels", "Channels by state.", "state", _without_total(status.channels)),
        _gauge("articles", "Articles that are stored.", status.articles),
        _gauge("alerts", "Alerts that are stored.", status.alerts),
        _by(
            "deliveries",
            "Deliveries by state.",
            "state",
            {state.value: status.deliveries.get(state.value, 0) for state in DeliveryState},
        ),
        _by(
            "held_deliveries",
            "Deliveries that wait for a digest, by why.",
            "reason",
            {reason.value: status.held.get(reason.value, 0) for reason in HoldReason},
        ),
        _at("last_poll", "When a source was last read.", status.last_poll_at),
        _at("last_alert", "When an alert was last raised.", status.last_alert_at),
        _gauge(
            "oldest_open_delivery_age_seconds",
            "How long the oldest delivery is owed; 0 when none is.",
            (now - status.oldest_open_at).total_seconds() if status.oldest_open_at else 0,
        ),
        Family(
            name="monitor_build_info",
            kind="gauge",
            purpose="The version that runs.",
            samples={(("version", version(PACKAGE)),): 1},
        ),
    ]
    asked = Family(
        name="monitor_http_responses_total",
        kind="counter",
        purpose="Answers of this process over HTTP, by code.",
        samples=answers,
    )
    return [*gauges, asked]


def _gauge(name: str, purpose: str, value: float) -> Family:
    return Family(name=f"monitor_{name}", kind="gauge", purpose=purpose, samples={(): value})


def _by(name: str, purpose: str, label: str, counts: Mapping[str, int]) -> Family:
    samples: Samples = {((label, word),): float(count) for word, count in counts.items()}
    return Family(name=f"monitor_{name}", kind="gauge", purpose=purpose, samples=samples)


def _at(name: str, purpose: str, instant: datetime | None) -> Family:
    samples: Samples = {(): instant.timestamp()} if instant else {}
    full = f"monitor_{name}_timestamp_seconds"
    return Family(name=full, kind="gauge", purpose=purpose, samples=samples)


def _without_total(counts: Mapping[str, int]) -> dict[str, int]:
    return {state: count for state, count in counts.items() if state != "total"}
