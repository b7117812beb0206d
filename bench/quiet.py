"""How many messages a day of news is: by itself, by stories, and with what keeps it quiet.

    .venv/bin/python -m bench.quiet FILE.jsonl.gz [--rule WORDS]...

FILE holds what feeds listed, a JSON object a line, as they were polled: `title`, `link`, `summary`,
`source`, `published`, `fetched`. Each source is polled at the times at which it was, by a clock of
its own; nothing is sent, what would be is counted.
"""

import argparse
import gzip
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingester.entry import Entry, Polled
from monitor.app import App
from monitor.config.load import load
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.outbox import OutboxWriter
from monitor.services import channels, rules, sources
from monitor.services.rule_fields import RuleChanges
from monitor.services.source_fields import SourceChanges
from storage.model import DeliveryKind, Source

RULES = ("bão", "giá vàng", "tai nạn", "Hà Nội", "Việt Nam")
"""Two narrow ones, and three that are noisy."""

LEASE = timedelta(minutes=5)
ROUND = timedelta(minutes=10)
"""What was fetched within so long is one poll."""


@dataclass(frozen=True, kw_only=True)
class Arm:
    """A way of being told.

    Attributes:
        has_stories: Whether one story is one alert.
        channel: What is chosen about the channel.
        max_per_day: Of each rule.
    """

    name: str
    has_stories: bool = True
    channel: Mapping[str, object] = field(default_factory=dict)
    max_per_day: int | None = None


ARMS = (
    Arm(name="an alert an article", has_stories=False),
    Arm(name="an alert a story"),
    Arm(name="and 3 a day of each rule", max_per_day=3),
    Arm(name="and quiet from 22 to 7", channel={"quiet": "22:00-07:00"}, max_per_day=3),
    Arm(name="or a digest at 8 and critical ones", channel={"digest": "daily@08:00"}),
)

Item = dict[str, str]


def main() -> None:
    """Count what each way of being told would have sent."""
    options = argparse.ArgumentParser(description="Count the messages that a day of news makes.")
    options.add_argument("file", type=Path)
    options.add_argument("--rule", action="append", help="words; several times for several rules")
    given = options.parse_args()
    polls = list(polls_of(given.file))
    items = sum(len(items) for _, _, items in polls)
    print(f"{items} items in {len(polls)} polls, rules: {', '.join(given.rule or RULES)}")
    for arm in ARMS:
        sent = told(arm, polls, given.rule or RULES)
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(sent.items()) if count)
        print(f"{arm.name:<36} {sent.total():>4} messages: {kinds}")


def polls_of(path: Path) -> Iterator[tuple[datetime, str, list[Item]]]:
    """Yield when which source was polled, and what it listed, in the order of time."""
    rounds: dict[tuple[str, datetime], list[Item]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            item: Item = json.loads(line)
            at = datetime.fromisoformat(item["fetched"]).astimezone(UTC)
            began = at - (at - datetime.min.replace(tzinfo=UTC)) % ROUND
            rounds[item["source"], began].append(item)
    for (source, began), items in sorted(rounds.items(), key=lambda pair: pair[0][1]):
        yield began, source, items


def told(
    arm: Arm, polls: list[tuple[datetime, str, list[Item]]], words: tuple[str, ...] | list[str]
) -> Counter[str]:
    """Return how many messages of each kind a day would have made."""
    clock = [polls[0][0]]
    with tempfile.TemporaryDirectory(prefix="quiet-") as home:
        environ = {"MONITOR_HOME": home, "MONITOR_ZONE": "Asia/Ho_Chi_Minh"}
        config = load(environ={**environ, "MONITOR_SEEDS": "none"})
        with App.open(config, now=lambda: clock[0], daemon=True) as app:
            followed = _set_up(app, arm, words, {source for _, source, _ in polls})
            pipeline = app.pipeline
            if not arm.has_stories:
                writer = OutboxWriter(app.renderer.alert, zone=config.zone)
                pipeline = Pipeline(app.storage, writer, now=app.now)
            for at, name, items in polls:
                _until(app, clock, at)
                _poll(app, pipeline, followed[name], items)
            _until(app, clock, clock[0] + timedelta(days=1))
            with app.storage.reading() as tx:
                made = tx.outbox.recent(limit=None)
    wanted = {DeliveryKind.ALERT, DeliveryKind.UPDATE, DeliveryKind.DIGEST}
    sent = [each for each in made if each.kind in wanted and each.payload]
    assert not [each for each in made if each.hold and not each.digest_id], "something is left"
    return Counter(each.kind.value for each in sent)


def _set_up(
    app: App, arm: Arm, words: tuple[str, ...] | list[str], names: set[str]
) -> dict[str, Source]:
    followed = {}
    with app.storage.transaction() as tx:
        draft = channels.drafted(
            name="desk", target="console:", now=app.now(), chosen=dict(arm.channel)
        )
        channels.add_channel(tx, app.config.home, draft, now=app.now())
        for name in sorted(names):
            followed[name] = sources.add_source(
                tx,
                kind="feed",
                url=f"https://{name.lower().replace(' ', '-')}.example/feed.xml",
                now=app.now(),
                wish=SourceChanges(name=name, backfill=0, reading={"full_text": "no"}),
            )
        for text in words:
            made = app.lexicons.made(text, "vi").variants
            wish = RuleChanges(query=text, notify=("desk",), language="vi", made=made)
            if arm.max_per_day is not None:
                wish = RuleChanges(**{**wish.given(), "made": made, "max_per_day": arm.max_per_day})
            rules.add_rule(tx, wish, now=app.now())
    return followed


def _until(app: App, clock: list[datetime], at: datetime) -> None:
    """Let the time come, and digests be made when they fall due."""
    while clock[0] + ROUND < at:
        clock[0] += ROUND
        app.digests.make_due()
    clock[0] = at
    app.digests.make_due()


def _poll(app: App, pipeline: Pipeline, source: Source, items: list[Item]) -> None:
    with app.storage.transaction() as tx:
        claimed = tx.sources.claim_due(
            now=app.now(), limit=1, lease=LEASE, owner="bench", ids=[source.id]
        )
    entries = tuple(
        Entry(
            id=item["link"],
            url=item["link"],
            title=item["title"],
            summary=item["summary"],
            published_at=datetime.fromisoformat(item["published"]),
        )
        for item in items
    )
    for each in claimed:
        pipeline.take_in(each, Polled(entries=entries), next_poll_at=lambda now: now)


if __name__ == "__main__":
    main()
