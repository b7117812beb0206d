"""What Prometheus is told: how much there is of what, how old the newest is, what was asked."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.metadata import version
from itertools import accumulate

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from common.records import dataclass
from monitor.base import measures
from monitor.base.measures import BOUNDS_S, Measures, Timed
from monitor.canary.canary import last_heard
from monitor.services.health import status_of
from monitor.web.base.desk import Desk
from storage.model import DeliveryState
from storage.quiet import HoldReason

MEDIA_TYPE = "text/plain; version=0.0.4"
PACKAGE = "newsroom-monitor"

Labels = tuple[tuple[str, str], ...]
"""Each a name and a value."""
Samples = Mapping[Labels, float]


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
            yield _line(self.name, labels, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """How long something took, by its labels: what Prometheus makes shares of."""

    name: str
    purpose: str
    samples: Mapping[Labels, Timed]
    kind: str = "histogram"

    def lines(self) -> Iterable[str]:
        """Return it as it is written."""
        yield f"# HELP {self.name} {self.purpose}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, timed in self.samples.items():
            ends = (*map("{:g}".format, BOUNDS_S), "+Inf")
            for end, count in zip(ends, accumulate(timed.counts), strict=True):
                yield _line(f"{self.name}_bucket", (*labels, ("le", end)), count)
            yield _line(f"{self.name}_sum", labels, timed.total_s)
            yield _line(f"{self.name}_count", labels, sum(timed.counts))


def _line(name: str, labels: Labels, value: float) -> str:
    inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
    return f"{name}{{{inside}}} {value:.15g}" if inside else f"{name} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def show(desk: Desk, request: Request) -> Response:
    """Show all numbers."""
    lines = [line for family in families(desk) for line in family.lines()]
    headers = {"Cache-Control": "no-store"}
    return PlainTextResponse("\n".join(lines) + "\n", media_type=MEDIA_TYPE, headers=headers)


def families(desk: Desk) -> list[Family | Histogram]:
    """Return all that can be told; labels have few values, however much is followed."""
    now = desk.app.now()
    status = status_of(desk.app.config, desk.app.storage, now=now, with_latency=False)
    with desk.app.storage.reading() as tx:
        heard = last_heard(tx)
    heard_at = heard.at if heard else None
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
        _at("last_canary", "When a made-up article last came through.", heard_at),
        _at("last_alert", "When an alert was last raised.", status.last_alert_at),
        _gauge(
            "oldest_open_delivery_age_seconds",
            "How long the oldest delivery is owed; 0 when none is.",
            max(0.0, (now - status.oldest_open_at).total_seconds()) if status.oldest_open_at else 0,
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
    return [*gauges, asked, *_measured(desk.app.measures)]


def _measured(measured: Measures) -> Iterable[Family | Histogram]:
    """Return what this process has counted and timed; what never was is there, and empty."""
    for measure in measures.ALL:
        name = f"monitor_{measure.name}"

        def labelled(values: tuple[str, ...], names: tuple[str, ...] = measure.labels) -> Labels:
            return tuple(zip(names, values, strict=True))

        if measure.is_timed:
            timed = {labelled(key): one for key, one in sorted(measured.timed(measure).items())}
            yield Histogram(name=name, purpose=measure.purpose, samples=timed)
        else:
            counted = sorted(measured.counted(measure).items())
            samples = {labelled(key): float(count) for key, count in counted}
            yield Family(name=name, kind="counter", purpose=measure.purpose, samples=samples)


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
