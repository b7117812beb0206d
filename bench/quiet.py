"""How many messages a day of news is: by itself, by stories, and with what keeps it quiet.

    .venv/bin/python -m bench.quiet FILE.jsonl.gz [--rule WORDS]...

FILE holds what feeds listed, a JSON object a line, as they were polled: `title`, `link`, `summary`,
`source`, `published`, `fetched`. Each source is polled at the times at which it was, by a clock of
its own; nothing is sent, what would be is counted.

Then the day is replayed with what must tell nobody anything: five minutes after each poll all it
listed is listed again with edited titles, other ids, tracking links or http for https, and once
the program starts anew every ten polls. Printed is how many alerts were more than without.
"""

import argparse
import gzip
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingester.entry import Entry, Polled
from monitor.app import App
from monitor.config.load import load
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.outbox import OutboxWriter
from monitor.services import channels
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.fields.source_fields import SourceChanges
from monitor.services.rules import rules
from monitor.services.sources import sources
from storage.model import DeliveryKind, Source

RULES = ("bão", "giá vàng", "tai nạn", "Hà Nội", "Việt Nam")
"""Two narrow ones, and three that are noisy."""

LEASE = timedelta(minutes=5)
ROUND = timedelta(minutes=10)
"""What was fetched within so long is one poll."""


Item = dict[str, str]
"""An entry as a feed listed it; `id` may be given apart from `link`."""


@dataclass(frozen=True, kw_only=True)
class Arm:
    """A way of being told.

    Attributes:
        has_stories: Whether one story is one alert.
        channel: What is chosen about the channel.
        max_per_day: Of each rule.
        spike: Whether rules tell bursts of mentions alone.
        again: What each poll lists once more five minutes later.
        polls_a_start: After so many polls the program starts anew; 0 for never.
    """

    name: str
    has_stories: bool = True
    channel: Mapping[str, object] = field(default_factory=dict)
    max_per_day: int | None = None
    spike: bool = False
    again: Callable[[Item], Item] | None = None
    polls_a_start: int = 0


ARMS = (
    Arm(name="an alert an article", has_stories=False),
    Arm(name="an alert a story"),
    Arm(name="and 3 a day of each rule", max_per_day=3),
    Arm(name="and quiet from 22 to 7", channel={"quiet": "22:00-07:00"}, max_per_day=3),
    Arm(name="or a digest at 8 and critical ones", channel={"digest": "daily@08:00"}),
    Arm(name="or bursts of mentions alone", spike=True),
)
STORIES = ARMS[1]
SAME_NEWS = (
    Arm(name="edited titles", again=lambda item: {**item, "title": f"{item['title']} (Cập nhật)"}),
    Arm(name="other ids", again=lambda item: {**item, "id": f"tag:{item['link'][::-1]}"}),
    Arm(
        name="http for https", again=lambda item: _linked(item, item["link"].replace("s:", ":", 1))
    ),
    Arm(
        name="tracking links",
        again=lambda item: _linked(item, f"{item['link']}?utm_source=rss&fbclid=Iw{len(item)}"),
    ),
    Arm(name="a start every ten polls", polls_a_start=10),
)
"""What must tell nobody anything that the day itself did not."""


def _linked(item: Item, link: str) -> Item:
    return {**item, "link": link, "id": link}


def main() -> None:
    """Count what each way of being told would have sent."""
    options = argparse.ArgumentParser(description="Count the messages that a day of news makes.")
    options.add_argument("file", type=Path)
    options.add_argument("--rule", action="append", help="words; several times for several rules")
    given = options.parse_args()
    polls = list(polls_of(given.file))
    items = sum(len(items) for _, _, items in polls)
    print(f"{items} items in {len(polls)} polls, rules: {', '.join(given.rule or RULES)}")
    words = given.rule or RULES
    sent = {}
    for arm in ARMS:
        sent[arm.name] = told(arm, polls, words)
        counts = sorted(sent[arm.name].items())
        kinds = ", ".join(f"{count} {kind}" for kind, count in counts if count)
        print(f"{arm.name:<36} {sent[arm.name].total():>4} messages: {kinds}", flush=True)
    alerts = sent[STORIES.name][DeliveryKind.ALERT.value]
    for arm in SAME_NEWS:
        more = told(arm, polls, words)[DeliveryKind.ALERT.value] - alerts
        print(f"{arm.name:<36} {more:>4} alerts more, of {alerts}", flush=True)


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
    arm: Arm, polls: Sequence[tuple[datetime, str, list[Item]]], words: Sequence[str]
) -> Counter[str]:
    """Return how many messages of each kind a day would have made."""
    polls = [poll for each in polls for poll in _listed(arm, each)]
    clock = [polls[0][0]]
    size = arm.polls_a_start or len(polls)
    with tempfile.TemporaryDirectory(prefix="quiet-") as home:
        environ = {"MONITOR_HOME": home, "MONITOR_ZONE": "Asia/Ho_Chi_Minh"}
        config = load(environ={**environ, "MONITOR_SEEDS": "none"})
        followed: dict[str, Source] = {}
        for start in range(0, len(polls), size):
            with App.open(config, now=lambda: clock[0], daemon=True) as app:
                followed = followed or _set_up(app, arm, words, {source for _, source, _ in polls})
                pipeline = app.pipeline
                if not arm.has_stories:
                    writer = OutboxWriter(app.sending.renderer.alert, zone=config.zone)
                    pipeline = Pipeline(app.storage, writer, now=app.now)
                for at, name, items in polls[start : start + size]:
                    _until(app, clock, at)
                    _poll(app, pipeline, followed[name], items)
        with App.open(config, now=lambda: clock[0], daemon=True) as app:
            _until(app, clock, clock[0] + timedelta(days=1))
            with app.storage.reading() as tx:
                made = tx.outbox.recent(limit=None)
    wanted = {DeliveryKind.ALERT, DeliveryKind.UPDATE, DeliveryKind.DIGEST}
    sent = [each for each in made if each.kind in wanted and each.payload]
    assert not [each for each in made if each.hold and not each.digest_id], "something is left"
    return Counter(each.kind.value for each in sent)


def _listed(
    arm: Arm, poll: tuple[datetime, str, list[Item]]
) -> Iterator[tuple[datetime, str, list[Item]]]:
    at, source, items = poll
    yield poll
    if arm.again is not None:
        yield at + ROUND / 2, source, [arm.again(item) for item in items]


def _set_up(app: App, arm: Arm, words: Sequence[str], names: set[str]) -> dict[str, Source]:
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
            if arm.spike:
                wish = RuleChanges(**{**wish.given(), "made": made, "spike": "yes"})
            rules.add_rule(tx, wish, now=app.now())
    return followed


def _until(app: App, clock: list[datetime], at: datetime) -> None:
    """Let the time come, and digests be made when they fall due."""
    while clock[0] + ROUND < at:
        clock[0] += ROUND
        app.sending.digests.make_due()
    clock[0] = at
    app.sending.digests.make_due()


def _poll(app: App, pipeline: Pipeline, source: Source, items: list[Item]) -> None:
    with app.storage.transaction() as tx:
        claimed = tx.sources.claim_due(
            now=app.now(), limit=1, lease=LEASE, owner="bench", ids=[source.id]
        )
    entries = tuple(
        Entry(
            id=item.get("id", item["link"]),
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
