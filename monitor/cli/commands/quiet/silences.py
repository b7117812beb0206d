"""Commands about silences: what is not to be heard of for a while."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, escaped
from monitor.cli import output
from monitor.cli.params import DURATION, TEXT, UNTIL
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.states import show_list
from monitor.views.silence import silence_shape

if TYPE_CHECKING:
    from monitor.silences.silencing import Told
    from storage.api.storage import Transaction
    from storage.silence import Silence

_MUTED_FOR = timedelta(hours=24)
_MUTED = "muted by a reader"


@click.command("silence", cls=Command)
@click.option("--rule", type=TEXT, help="Alerts of this rule.")
@click.option("--source", type=TEXT, help="Alerts about articles of this source.")
@click.option("--story", type=TEXT, metavar="ALERT|ARTICLE", help="Alerts about the same story.")
@click.option("--query", type=TEXT, help="Alerts about articles that match this.")
@click.option("--mute", type=TEXT, metavar="TOKEN", help="The story that an alert's token names.")
@click.option("--for", "duration", type=DURATION, help="How long: 24h, 7d; 24h for --mute.")
@click.option("--until", type=UNTIL, help="Until when: 2026-12-31, or an instant.")
@click.option("--reason", type=TEXT, help="Why, for whoever wonders.")
@pass_session
def silence(
    session: Session,
    rule: str | None,
    source: str | None,
    story: str | None,
    query: str | None,
    mute: str | None,
    duration: timedelta | None,
    until: datetime | None,
    reason: str | None,
) -> None:
    """Hold back alerts for a while; of several options, all must hold.

    What is held back is listed by list-alerts --held, and told in one digest when it ends.

    \b
    Example:
        monitor silence --rule "rail strike" --for 24h --reason "known"
        monitor silence --query "bus strike" --until 2199-12-31 --reason buses
    """
    from monitor.silences.silencing import Wanted, add_silence, told

    now = session.now()
    ends = _end(now, duration, until, usual=_MUTED_FOR if mute else None)
    wanted = Wanted(rule=rule, source=source, story=story, query=query)
    if mute is not None and wanted != Wanted():
        raise Refusal("--mute names the story by itself; leave the others out")
    if mute is None and reason is None:
        raise Refusal("say why: --reason TEXT")
    with session.storage() as storage, storage.changing() as tx:
        if mute is not None:
            added = _muted(session, tx, mute, reason or _MUTED, ends, now)
        else:
            added = add_silence(
                tx,
                wanted,
                reason=reason or "",
                until=ends,
                now=now,
                made=lambda text: session.lexicons.made(text),
            )
        shown = told(tx, added)
    sentence = f"{_about(shown)} until {session.local(ends)}; what comes is held for one digest."
    session.show(silence_shape(shown, now=now), f"Silenced: {sentence}")


def _end(
    now: datetime, duration: timedelta | None, until: datetime | None, *, usual: timedelta | None
) -> datetime:
    if duration is not None and until is not None:
        raise Refusal("give --for or --until, not both")
    duration = usual if duration is None and until is None else duration
    if until is None and duration is None:
        raise Refusal("say how long: --for 24h, or --until 2026-12-31")
    return until or now + (duration or timedelta(0))


def _muted(
    session: Session, tx: "Transaction", token: str, reason: str, until: datetime, now: datetime
) -> "Silence":
    from monitor.silences.silencing import mute_story
    from monitor.silences.tokens import alert_of_token, key_in

    alert_id = alert_of_token(key_in(session.config.home), token)
    if alert_id is None:
        raise Refusal("this token was not made here, or is not whole")
    return mute_story(tx, alert_id, reason=reason, until=until, now=now)


def _about(told: "Told") -> str:
    silence = told.silence
    parts = {
        "rule": told.rule,
        "source": told.source,
        "story": told.story or (silence.story_id and silence.story_id[:8]),
        "articles that match": silence.query,
    }
    return ", ".join(f"{what} {output.quoted(name)}" for what, name in parts.items() if name)


@click.command("list-silences", cls=Command)
@click.option("--all", "everything", is_flag=True, help="Those that are over, too.")
@pass_session
def list_silences(session: Session, everything: bool) -> None:
    """List what is silenced, why, until when, and how much that holds back.

    \b
    Example:
        monitor list-silences
    """
    from monitor.silences.silencing import told

    now = session.now()
    with session.storage() as storage, storage.reading() as tx:
        shown = [told(tx, each) for each in tx.silences.all(now=None if everything else now)]
    show_list(
        session,
        shown,
        shape=lambda each: silence_shape(each, now=now),
        columns={
            "ID": lambda each: output.short_id(each.silence.id),
            "ABOUT": _about,
            "UNTIL": lambda each: session.local(each.silence.ended_at or each.silence.until),
            "HELD": lambda each: each.held,
            "REASON": lambda each: each.silence.reason,
        },
        nothing="Nothing is silenced.",
    )


def _end_one(session: Session, word: str) -> None:
    from monitor.silences.silencing import silence_named, told, unsilence

    now = session.now()
    with session.storage() as storage, storage.changing() as tx:
        ended = silence_named(tx, word, now=now)
        gathered = unsilence(tx, ended, now=now)
        shown = told(tx, tx.silences.get(ended.id) or ended)
    sentence = f"The silence of {_about(shown)} ({escaped(ended.reason)}) is over."
    shape = {**silence_shape(shown, now=now), "gathered": gathered}
    session.show(shape, sentence + output.gathered(gathered))


@click.command("unsilence", cls=Command)
@click.argument("silence", type=TEXT)
@pass_session
def unsilence(session: Session, silence: str) -> None:
    """End a silence before its time; what it has held back comes as one digest.

    The name of a rule or a source that is silenced does as well, and the id of a story.

    \b
    Example:
        monitor unsilence a1b2c3
        monitor unsilence "Hanoi Convention"
    """
    _end_one(session, silence)


@click.command("end-silence", cls=Command, hidden=True)
@click.argument("silence", type=TEXT)
@pass_session
def end_silence(session: Session, silence: str) -> None:
    """Do what unsilence does.

    \b
    Example:
        monitor end-silence a1b2c3
    """
    _end_one(session, silence)
