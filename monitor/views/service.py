"""The JSON of the service as a whole: how it is, what is wrong, what was written where."""

from typing import TYPE_CHECKING, Literal, TypedDict

from monitor.archive.pruning import Outlook
from monitor.base.remedies import remedy_words
from monitor.base.times import show_instant
from monitor.delivery.latency import Latency
from monitor.services.health import Finding, Status
from monitor.views.base.schema import InstantText
from storage.admin.migrate import OURS

if TYPE_CHECKING:
    from storage.admin.copying import Copied  # with a driver that hardly any command needs


class SpreadShape(TypedDict):
    """Seconds: half of them, and 95 of 100, took no longer."""

    p50: float
    p95: float


class LatencyShape(TypedDict):
    """How long the newest alerts of a source, or to a channel, took from stage to stage.

    `steps` are named by the stage that ends them: seen (after publishing), matched, sent (which is
    after they were committed), delivered; and all, from seen to delivered.
    """

    of: Literal["source", "channel"]
    name: str
    alerts: int
    steps: dict[str, SpreadShape]


class StatusShape(TypedDict):
    """How it is. Counts are by state, `held` by why a digest waits to tell it.

    `noticed` sources have notices: something about them that their owner should know.
    `daemon` is its process, or null when it does not run; `processes` work on the database, it and
    workers.
    """

    home: str
    database: str
    daemon: int | None
    processes: int
    sources: dict[str, int]
    noticed: int
    rules: dict[str, int]
    channels: dict[str, int]
    articles: int
    alerts: int
    deliveries: dict[str, int]
    last_poll_at: InstantText | None
    last_alert_at: InstantText | None
    oldest_open_at: InstantText | None
    held: dict[str, int]
    latency: list[LatencyShape]


class FindingShape(TypedDict):
    """One thing that doctor has looked at, and what is wrong with it."""

    what: str
    state: Literal["ok", "note", "wrong"]
    trouble: str | None


class WrittenShape(TypedDict):
    """A file that was written."""

    path: str


class RestoredShape(TypedDict):
    """A backup that was put back; `aside` is where the database before it lies, if any."""

    path: str
    aside: str | None


class MigratedShape(TypedDict):
    """The schema of the database."""

    schema: str


class CopiedShape(TypedDict):
    """What was copied into another database, which has each of it now: rows, by table."""

    source: str
    target: str
    schema: str
    rows: dict[str, int]


def copied_shape(copied: "Copied", *, source: str, target: str) -> CopiedShape:
    """Return what was copied from where to where."""
    return {"source": source, "target": target, "schema": OURS.head, "rows": copied.rows}


class PrunedShape(TypedDict):
    """What was, or would be, taken out of the archive; `before` is null where all is kept.

    `kept` articles are as old and stay, because somebody was told of their story.
    """

    dry_run: bool
    before: InstantText | None
    articles: int
    stories: int
    kept: int
    remaining: int
    bytes_before: int
    bytes_after: int


def pruned_shape(
    outlook: Outlook, *, dry_run: bool, size_before: int, size_after: int
) -> PrunedShape:
    """Return what was taken out, or would be."""
    return {
        "dry_run": dry_run,
        "before": show_instant(outlook.before),
        "articles": outlook.prunable.articles,
        "stories": outlook.prunable.stories,
        "kept": outlook.prunable.kept,
        "remaining": outlook.prunable.remaining,
        "bytes_before": size_before,
        "bytes_after": size_after,
    }


def status_shape(status: Status) -> StatusShape:
    """Return how it is."""
    return {
        "home": status.home,
        "database": status.database,
        "daemon": status.daemon_pid,
        "processes": status.processes,
        "sources": {**status.sources, "failing": status.failing, "due": status.due},
        "noticed": status.noticed,
        "rules": status.rules,
        "channels": status.channels,
        "articles": status.articles,
        "alerts": status.alerts,
        "deliveries": status.deliveries,
        "last_poll_at": show_instant(status.last_poll_at),
        "last_alert_at": show_instant(status.last_alert_at),
        "oldest_open_at": show_instant(status.oldest_open_at),
        "held": status.held,
        "latency": [_latency(each) for each in status.latency],
    }


def _latency(latency: Latency) -> LatencyShape:
    return {
        "of": "source" if latency.of == "source" else "channel",
        "name": latency.name,
        "alerts": latency.alerts,
        "steps": {
            step: {"p50": spread.p50.total_seconds(), "p95": spread.p95.total_seconds()}
            for step, spread in latency.steps.items()
        },
    }


def finding_shape(finding: Finding) -> FindingShape:
    """Return what was found, and what to do about it.

    Args:
        command: What starts this program.
    """
    if finding.trouble is None:
        return {"what": finding.what, "state": "ok", "trouble": None}
    trouble = finding.trouble + remedy_words(finding.remedy)
    return {
        "what": finding.what,
        "state": "note" if finding.harmless else "wrong",
        "trouble": trouble,
    }
