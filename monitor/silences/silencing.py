"""Silences: added, found, ended; with how much each holds back."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from common.records import dataclass
from monitor.base.errors import Refusal, clipped
from monitor.base.names import one_named
from monitor.quiet.held import end_silence
from monitor.services.alerts import alert_named, article_found
from monitor.services.rules.queries import checked_query
from monitor.services.rules.rules import rule_named
from rules.expand.variants import Made
from storage.api.storage import Transaction
from storage.model import stable_id
from storage.quiet import HoldReason
from storage.silence import Silence

LONGEST_REASON = 500
SENT_TWICE = timedelta(minutes=1)
"""Within so long the same form, sent again, asks for what was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody does not want to hear of; None for any.

    Attributes:
        rule, source: Names, or beginnings of ids.
        story: A story's id, an article, or an alert about it.
        query: What its articles match.
    """

    rule: str | None = None
    source: str | None = None
    story: str | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A silence as people look at it.

    Attributes:
        rule, source: The names of what it is about; None for any.
        story: The title of the story's first article; None for any, and when there is none.
        held: How many alerts it holds back now.
    """

    silence: Silence
    rule: str | None
    source: str | None
    story: str | None
    held: int


def add_silence(
    tx: Transaction,
    wanted: Wanted,
    *,
    reason: str,
    until: datetime,
    now: datetime,
    made: Callable[[str], Made],
    once_in: timedelta = timedelta(0),
) -> Silence:
    """Hold back what somebody does not want to hear of, until then.

    Args:
        made: What lexicons give for a query.
        once_in: One just like it that was made within so long is it: a browser may send a form
            twice.

    Raises:
        Refusal: What it names is not there, or it names nothing.
    """
    if wanted == Wanted():
        raise Refusal("say what is to be silenced: a rule, a source, a story or a query")
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Refusal(f"a reason has 1 to {LONGEST_REASON} characters")
    if wanted.query is not None:
        checked_query(wanted.query, anything=False)
    rule = rule_named(tx, wanted.rule) if wanted.rule else None
    source = None
    if wanted.source:
        source = one_named("source", wanted.source, tx.sources.find, tx.sources.all)
    story = _story_of(tx, wanted.story) if wanted.story else None
    query = (wanted.query or "").strip()
    named = [rule.id if rule else "", source.id if source else "", story or "", query]
    silence = Silence(
        id=stable_id("silence", now.isoformat(), *named),
        reason=reason,
        created_at=now,
        until=until,
        rule_id=rule.id if rule else None,
        source_id=source.id if source else None,
        story_id=story,
        query=query,
        variants=made(query).variants if query else (),
    )
    if once_in:
        for other in tx.silences.all(now=now):
            if now - other.created_at < once_in and _asks_for(other) == _asks_for(silence):
                return other
    tx.silences.add(silence)
    return silence


def _asks_for(silence: Silence) -> tuple[object, ...]:
    lasts = silence.until - silence.created_at
    about = silence.rule_id, silence.source_id, silence.story_id, silence.query
    return (silence.reason, lasts, *about)


def _story_of(tx: Transaction, word: str) -> str:
    """Return the id of the story that somebody names by an alert, an article or its own id."""
    article = article_found(tx, word)
    if article is not None:
        return article.story_id
    try:
        return alert_named(tx, word).story_id
    except Refusal:
        raise Refusal(f'there is no story "{clipped(word)}"', misuse=False) from None


def mute_story(
    tx: Transaction, alert_id: str, *, reason: str, until: datetime, now: datetime
) -> Silence:
    """Silence the story of an alert, as its reader wishes; the same wish again changes nothing.

    Raises:
        Refusal: There is no such alert any more.
    """
    alert = tx.alerts.get(alert_id)
    if alert is None:
        raise Refusal("the alert of this token is no longer stored", misuse=False)
    for silence in tx.silences.all(now=now):
        if _is_mute(silence, alert.story_id) and silence.until >= until:
            return silence
    silence = Silence(
        id=stable_id("silence", now.isoformat(), alert.story_id),
        reason=reason,
        created_at=now,
        until=until,
        story_id=alert.story_id,
    )
    tx.silences.add(silence)
    return silence


def unmute_story(tx: Transaction, alert_id: str, *, now: datetime) -> int | None:
    """End what silences nothing but the story of an alert.

    Returns:
        How many alerts the next digest tells because of that; None when nothing did.
    """
    alert = alert_named(tx, alert_id)
    ended = [silence for silence in tx.silences.all(now=now) if _is_mute(silence, alert.story_id)]
    gathered = sum(unsilence(tx, silence, now=now) for silence in ended)
    return gathered if ended else None


def muted_until(
    tx: Transaction, story_ids: Collection[str], *, now: datetime
) -> dict[str, datetime]:
    """Return until when stories are muted, of those of these that are, by their ids."""
    running = sorted(tx.silences.all(now=now), key=lambda silence: silence.until)
    muted = {}
    for silence in running:
        story = silence.story_id
        if story is not None and story in story_ids and _is_mute(silence, story):
            muted[story] = silence.until
    return muted


def _is_mute(silence: Silence, story_id: str) -> bool:
    only_story = (silence.rule_id, silence.source_id, silence.query) == (None, None, "")
    return silence.story_id == story_id and only_story


def silence_named(tx: Transaction, word: str, *, now: datetime) -> Silence:
    """Return the silence with this id or the beginning of it, or the only one of what is named.

    That is one that still holds, of a rule or a source by its name or of a story by its id or the
    beginning of that; raises as `names.one_named`.
    """

    def found(word: str) -> Silence | None:
        if silence := tx.silences.find(word):
            return silence
        running = [told(tx, silence) for silence in tx.silences.all(now=now)]
        named = [each.silence for each in running if word in (each.rule, each.source)]
        if not named and (story := tx.stories.find(word)):
            named = [each.silence for each in running if each.silence.story_id == story.id]
        if len(named) > 1:
            ids = ", ".join(silence.id[:8] for silence in named)
            raise Refusal(f'"{clipped(word)}" is silenced more than once: name one of {ids}')
        return named[0] if named else None

    return one_named("silence", word, found, lambda: ())


def unsilence(tx: Transaction, silence: Silence, *, now: datetime) -> int:
    """End a silence; return how many alerts the next digest tells because of that.

    Raises:
        Refusal: It is over already.
    """
    if silence.is_over(now):
        raise Refusal(f"silence {silence.id[:8]} is over already", misuse=False)
    tx.silences.end(silence.id, at=now)
    return end_silence(tx, silence.id, now=now)


def told(tx: Transaction, silence: Silence) -> Told:
    """Return a silence with the names of what it is about."""
    rule = tx.rules.get(silence.rule_id) if silence.rule_id else None
    source = tx.sources.get(silence.source_id) if silence.source_id else None
    held = tx.held.waiting(of=silence.id, reason=HoldReason.SILENCED)
    return Told(
        silence=silence,
        rule=rule.name if rule else silence.rule_id,
        source=source.name if source else silence.source_id,
        story=_title(tx, silence.story_id) if silence.story_id else None,
        held=len({each.alert_id for each in held}),
    )


def _title(tx: Transaction, story_id: str) -> str | None:
    members = tx.stories.members([story_id])
    first = tx.articles.get(members[0].article_id if members else story_id)
    return (first.title or None) if first else None
