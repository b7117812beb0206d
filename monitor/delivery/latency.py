"""How long alerts take, stage by stage: from publishing to the receiver, by source and channel."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from common.records import dataclass
from storage.api.articles import Passage
from storage.api.storage import Transaction
from storage.model import Source

MOST_LOOKED_AT = 1_000
"""So many alerts are looked at, the newest that were delivered."""

STAGES = ("published", "seen", "matched", "sent", "delivered")

Steps = dict[str, timedelta]
"""How long each step took, by the stage that ends it; "all" from seen to delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Half of them, and 95 of 100, took no longer."""

    p50: timedelta
    p95: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long the alerts of one source, or those to one channel, took lately.

    Attributes:
        of: "source" or "channel".
        alerts: How many were looked at; one that went to several channels is one.
        steps: As `Steps`; what no article told is left out.
    """

    of: str
    name: str
    alerts: int
    steps: Mapping[str, Spread]


def instants(passage: Passage) -> tuple[datetime | None, ...]:
    """Return when an alert passed each of `STAGES`."""
    return (
        passage.published_at,
        passage.seen_at,
        passage.matched_at,
        passage.sent_at,
        passage.delivered_at,
    )


def steps(passage: Passage) -> Steps:
    """Return how long an alert took from each stage to the next; clocks may differ: never less
    than nothing."""
    at = instants(passage)
    taken = {
        stage: max(now - before, timedelta(0))
        for stage, before, now in zip(STAGES[1:], at, at[1:], strict=False)
        if before is not None and now is not None
    }
    taken["all"] = max(passage.delivered_at - passage.seen_at, timedelta(0))
    return taken


def latencies(tx: Transaction) -> list[Latency]:
    """Return how long alerts took lately: by source, then by channel, the slowest first."""
    passages = tx.figures.passages(limit=MOST_LOOKED_AT)
    sources = tx.sources.some({each.source_id for each in passages})
    channels = {channel.id: channel.name for channel in tx.channels.all()}
    names = {id_: source.name for id_, source in sources.items()}
    taken = [(each, _since_followed(each, sources.get(each.source_id))) for each in passages]
    return [
        *_grouped("source", taken, lambda each: names.get(each.source_id)),
        *_grouped("channel", taken, lambda each: channels.get(each.channel_id)),
    ]


def _since_followed(passage: Passage, source: Source | None) -> Steps:
    """Return its steps; nobody was slow to see what was published before its source was added."""
    taken = steps(passage)
    published = passage.published_at
    if source is not None and published is not None and published < source.added_at:
        taken.pop("seen", None)
    return taken


def _grouped(
    of: str, passages: Iterable[tuple[Passage, Steps]], name_of: Callable[[Passage], str | None]
) -> list[Latency]:
    groups: dict[str, list[Steps]] = {}
    alerts: dict[str, set[str]] = {}
    for passage, taken in passages:
        name = name_of(passage)
        if name is not None:
            groups.setdefault(name, []).append(taken)
            alerts.setdefault(name, set()).add(passage.alert_id)
    found = [_latency(of, name, len(alerts[name]), group) for name, group in groups.items()]
    return sorted(found, key=lambda each: (-each.steps["all"].p95, each.name))


def _latency(of: str, name: str, alerts: int, taken: Sequence[Steps]) -> Latency:
    spreads = {}
    for step in (*STAGES[1:], "all"):
        took = sorted(each[step] for each in taken if step in each)
        if took:
            spreads[step] = Spread(p50=_share(took, 0.5), p95=_share(took, 0.95))
    return Latency(of=of, name=name, alerts=alerts, steps=spreads)


def _share(took: Sequence[timedelta], share: float) -> timedelta:
    return took[min(len(took) - 1, int(share * len(took)))]
