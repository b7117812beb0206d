"""The command that goes through recorded days with today's rules."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, Remedy, RemedyKind, clipped, escaped
from monitor.cli import output
from monitor.cli.params import PATH, SINCE, Parsed
from monitor.cli.session import Command, Session, pass_session

if TYPE_CHECKING:
    from monitor.replay.replay import Poll, Replay
    from monitor.services.alerts import Raised

_FASTEST = 1e6


def _speed(text: str) -> float | None:
    """Return how many times as fast as it was; None for as fast as can be."""
    if text == "max":
        return None
    try:
        speed = float(text.removesuffix("x"))
    except ValueError:
        speed = 0.0
    if not 0 < speed <= _FASTEST:
        raise ValueError(f'"{clipped(text)}" is no speed; write max, or 60 for a minute a second')
    return speed


@click.command("replay", cls=Command)
@click.argument("folder", type=PATH)
@click.option("--from", "since", type=SINCE, help="Only what came since: 7d, 2026-11-24.")
@click.option(
    "--speed",
    type=Parsed("max|n", _speed),
    default="max",
    help="max (the default), or how many times as fast as it was.",
)
@pass_session
def replay(session: Session, folder: Path, since: datetime | None, speed: float | None) -> None:
    """Go through recorded days with your rules, and show what you would have been told.

    FOLDER holds days as .jsonl or .jsonl.gz: an object a line with title, link, summary or text,
    source, published, and fetched (when it was listed); or documents as in a seed folder. Rules,
    channels and sources are those that you have, digests, quiet hours and limits included; the
    clock is that of the days. Nothing is fetched, nothing is sent, and your archive is not
    touched: all of it happens in one that is gone at the end. Ends with 1 when no rule holds.

    \b
    Example:
        monitor replay ./days --from 2026-11-20
        monitor replay ./days --speed 60
    """
    from monitor.replay.recording import read_recording
    from monitor.replay.replay import polls_of, replaying, setup_of

    with session.storage() as storage:
        setup = setup_of(storage)
    if not setup.rules:
        remedy = Remedy(RemedyKind.ADD_RULE)
        raise Refusal("there is no rule to go through the days with", misuse=False, remedy=remedy)
    listed = read_recording(folder, now=session.now(), tell=lambda text: output.warn(text))
    polls = polls_of(listed, since=since)
    if not polls:
        session.found_nothing(f"{escaped(str(folder))}: nothing was recorded there then.")
    with replaying(session.config, setup, start=polls[0].at, tell=session.hint) as run:
        shown: list[Raised] = []
        for raised in _through(session, run, polls, speed):
            shown += raised
            if speed is not None:
                _show(session, run, raised)
        run.end()
        if speed is None:
            _show(session, run, run.again(shown))
        if not session.json:
            _summarise(run, polls, len(shown))
    if not shown:
        raise click.exceptions.Exit(1)


def _through(
    session: Session, run: "Replay", polls: "Sequence[Poll]", speed: float | None
) -> "Iterator[list[Raised]]":
    """Go through the polls, as fast as is wanted; yield what each raises."""
    if speed is not None:
        yield from _paced(run, polls, speed, time.sleep)
        return
    hidden = not session.shows_progress
    with click.progressbar(polls, label="Replaying", file=sys.stderr, hidden=hidden) as bar:
        for poll in bar:
            yield run.poll(poll)


def _paced(
    run: "Replay", polls: "Sequence[Poll]", speed: float, sleep: Callable[[float], None]
) -> "Iterator[list[Raised]]":
    before = polls[0].at
    for poll in polls:
        sleep((poll.at - before) / timedelta(seconds=1) / speed)
        before = poll.at
        yield run.poll(poll)


def _show(session: Session, run: "Replay", alerts: "Sequence[Raised]") -> None:
    from monitor.views.alert import replayed_shape

    for each in alerts:
        told = run.told(each.alert)
        if session.json:
            output.emit(replayed_shape(each, told))
            continue
        title = each.article.title if each.article else ""
        when = session.local(each.alert.raised_at)
        head = f"{when}  {escaped(each.rule_name)}: {escaped(title)} ({escaped(each.source_name)})"
        output.say(output.fitting(head, 4))
        for message in told:
            to = escaped(f"{message.channel} {message.recipient}".strip())
            output.say(f"    {message.kind} to {to} at {session.local(message.at)}")
        for owed in each.held:
            why = f": {escaped(owed.why)}" if owed.why else ""
            output.say(output.fitting(f"    held for {escaped(owed.channel_name)}{why}", 6))
        if not told and not each.held:
            output.say("    nobody is told")


def _summarise(run: "Replay", polls: "Sequence[Poll]", alerts: int) -> None:
    days = (polls[-1].at - polls[0].at) / timedelta(days=1)
    sources = len({poll.source for poll in polls})
    counts: dict[str, list[str]] = {}
    for (channel, kind), count in sorted(run.messages().items()):
        counts.setdefault(channel, []).append(output.counted(count, kind))
    to = [f"{escaped(channel)}: {', '.join(parts)}" for channel, parts in counts.items()]
    output.say("")
    output.say(
        f"{output.counted(run.articles, 'article')} of {output.counted(sources, 'source')} in "
        f"{days:.1f} days, {output.counted(alerts, 'alert')}."
    )
    output.say(output.fitting(f"Messages: {'; '.join(to) or 'none'}. Nothing was sent.", 2))
