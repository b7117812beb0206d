"""How it is: the numbers behind `monitor status`, and the checks behind `monitor doctor`."""

import ipaddress
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from common.records import dataclass
from monitor.base.errors import Remedy, RemedyKind, clipped, quoted
from monitor.base.names import LONGEST_NAME
from monitor.config.home import daemon_pid
from monitor.config.load import Config, without_password
from monitor.delivery.latency import Latency, latencies
from monitor.pipeline.notices import fallback_among
from monitor.pipeline.obituary import cut_off_as_told
from monitor.pipeline.recounted import MOST_RULES, Recounted, recounted
from monitor.quiet.held import late_since
from monitor.quiet.routing import told
from monitor.services.sources.sources import is_due
from storage.api.storage import Storage, Transaction
from storage.model import (
    Channel,
    ChannelState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Rule,
    RuleState,
    Source,
    SourceState,
)

IDLE_DAYS = 30
"""A rule that has raised nothing for so long is named."""

DEAD_TOLD = timedelta(days=7)
"""What was given up longer ago is history."""

OVERDUE = timedelta(hours=1)

_MOST_LOOKED_AT = 1_000
_MOST_WAITS_TOLD = 10
_MOST_CHANGED = 3
_MOST_WELL, _MOST_ALIKE = 20, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: In a few words.
        trouble: What is wrong; None when all is well.
        harmless: Whether it works all the same.
        remedy: What to do, where it has to be said in the words of whoever asks.
        noun, id: Which it is about: a source, rule or channel by its id, or all of "rules" or
            "deliveries"; "" for none of these.
    """

    what: str
    trouble: str | None = None
    harmless: bool = False
    remedy: Remedy | None = None
    noun: str = ""
    id: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether it must be mended."""
        return self.trouble is not None and not self.harmless


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How it is.

    Attributes:
        database: Its URL without the password.
        daemon_pid: 0 when it runs and its number is not known; None when it does not run.
        processes: How many poll and deliver from this database now, daemon and workers.
        sources, rules, channels, deliveries: How many there are in which state; the first three
            with their "total".
        failing: How many sources failed when they were last polled.
        noticed: How many sources have notices.
        due: How many sources would be polled now.
        oldest_open_at: When the oldest delivery that is still owed was made; of those that were
            held back, when it was due.
        held: How many deliveries are held back for a digest, by why.
        latency: How long alerts took lately, by source and by channel.
    """

    home: str
    database: str
    daemon_pid: int | None
    processes: int
    sources: dict[str, int]
    failing: int
    noticed: int
    due: int
    rules: dict[str, int]
    channels: dict[str, int]
    articles: int
    alerts: int
    deliveries: dict[str, int]
    last_poll_at: datetime | None
    last_alert_at: datetime | None
    oldest_open_at: datetime | None
    held: dict[str, int]
    latency: list[Latency]


def status_of(
    config: Config, storage: Storage, *, now: datetime, with_latency: bool = True
) -> Status:
    """Return what is going on."""
    with storage.reading() as tx:
        sources, rules, channels = tx.sources.all(), tx.rules.outlines(), tx.channels.all()
        deliveries = tx.outbox.counts()
        owed = (
            tx.outbox.oldest_open(),
            late_since(tx, channels, now=now, zone=config.zone),
        )
        held = tx.held.count()
        noticed = tx.figures.notices().keys() & {source.id for source in sources}
        latency = latencies(tx) if with_latency else []
        newest = tx.alerts.recent(limit=1)
        articles, alerts = tx.articles.count(), tx.alerts.count()
    polled = (source.last_ok_at for source in sources if source.last_ok_at is not None)
    return Status(
        home=str(config.home),
        database=without_password(config.database_url),
        daemon_pid=daemon_pid(config.home),
        processes=storage.living_owners(),
        sources=_by_state(sources),
        failing=sum(source.failures > 0 for source in sources),
        noticed=len(noticed),
        due=sum(is_due(source, now) for source in sources),
        rules=_by_state(rules),
        channels=_by_state(channels),
        articles=articles,
        alerts=alerts,
        deliveries={state.value: count for state, count in deliveries.items()},
        last_poll_at=max(polled, default=None),
        last_alert_at=newest[0].raised_at if newest else None,
        oldest_open_at=min((since for since in owed if since is not None), default=None),
        held={reason.value: count for reason, count in held.items()},
        latency=latency,
    )


def examine_store(config: Config, storage: Storage) -> list[Finding]:
    """Look at everything else that can be wrong; return all findings, good ones too."""
    storage.check_index()
    findings = [Finding(what="database", trouble=problem) for problem in storage.problems()] or [
        Finding(what="database and what is owed")
    ]
    return findings + _of_waits(storage) + examine_nouns(config, storage)


def in_short(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield findings: of many that are well, or harmless for one reason, one that counts them."""
    alike = Counter((each.noun, each.trouble) for each in findings if each.id)
    told = set[tuple[str, str | None]]()
    for each in findings:
        of = each.noun, each.trouble
        if each.is_wrong or alike[of] <= (_MOST_ALIKE if each.trouble else _MOST_WELL):
            yield each
        elif of not in told:
            told.add(of)
            first = f", such as {each.what.partition(' ')[2]}" if each.trouble else ""
            yield replace(each, what=f"{alike[of]:,} {each.noun}{first}")


def examine_nouns(
    config: Config, storage: Storage, rules: Sequence[Rule] | None = None
) -> list[Finding]:
    """Look at sources, rules, channels and deliveries, which is quick; return all findings.

    Args:
        rules: All of them by creation, of whoever has read them already.
    """
    with storage.reading() as tx:
        index = _of_index(tx)
        sources, channels = tx.sources.all(), tx.channels.all()
        every = tx.rules.outlines() if rules is None else rules
        active = [rule for rule in every if rule.state is RuleState.ACTIVE]
        notices = tx.figures.notices()
        newest = {notice.source_id: notice.text for notice in tx.sources.notices()[::-1]}
        idle = _idle_rules(tx, active, now=storage.now())
        changed = list(recounted(tx, now=storage.now()))
        dead = tx.outbox.recent(
            since=storage.now() - DEAD_TOLD, states=(DeliveryState.DEAD,), limit=_MOST_LOOKED_AT
        )
        findings = [_of_daemon(tx, config, sources, channels, now=storage.now())]
        cut_off = cut_off_as_told(tx, sources, now=storage.now())
        lets_in = bool(tx.users.all() or tx.access.all())
    findings.append(
        _of_dead(
            [each for each in dead if each.kind in (DeliveryKind.ALERT, DeliveryKind.DIGEST)],
            channels,
        )
    )
    if _page_asks(config) and not lets_in:
        findings.append(_NOBODY_LET_IN)
    findings.append(index)
    findings += [
        _of_source(source, notices.get(source.id, 0), newest.get(source.id, ""))
        for source in sources
    ]
    findings += [_of_channel(channel, config) for channel in channels]
    if not sources:
        findings.append(Finding(what="sources", trouble="none is followed", harmless=True))
    if cut_off:
        findings.append(Finding(what="network", trouble=cut_off))
    findings += [_of_silent_rule(rule) for rule in active if not told(channels, rule)]
    if not active:
        findings.append(Finding(what="rules", trouble="none is active", harmless=True))
    if idle:
        findings.append(_of_idle_rules(idle))
    findings += _of_recounted(changed)
    findings.append(_fallback(config, channels))
    return findings


def _of_waits(storage: Storage) -> list[Finding]:
    """Name what waits for a time that only a wrong clock can have told."""
    from monitor.delivery import waits  # knows all kinds, of which `status` needs none

    told = storage.too_far_ahead(waits.ANY, now=storage.now(), mend=False)
    findings = [
        Finding(what="time", trouble=f"{sentence}, which is too far ahead; a start mends it")
        for sentence in told[:_MOST_WAITS_TOLD]
    ]
    if len(told) > len(findings):
        findings.append(Finding(what="time", trouble=f"{len(told) - len(findings)} more wait so"))
    return findings or [Finding(what="times that are waited for")]


def _idle_rules(tx: Transaction, rules: list[Rule], *, now: datetime) -> list[Rule]:
    """Return those of the oldest rules that have raised nothing for long."""
    since = now - timedelta(days=IDLE_DAYS)
    raised = tx.figures.raised()
    return [
        rule
        for rule in rules[:_MOST_LOOKED_AT]
        if rule.created_at <= since and (rule.id not in raised or raised[rule.id][1] < since)
    ]


def _of_idle_rules(rules: list[Rule]) -> Finding:
    count = "1 rule has" if len(rules) == 1 else f"{len(rules)} rules have"
    trouble = (
        f"{count} raised nothing in {IDLE_DAYS} days, such as {quoted(rules[0].name)}; is it what "
        "you meant?"
    )
    remedy = Remedy(RemedyKind.SHOW_QUIET_RULE, rules[0].name)
    return Finding(what="quiet rules", trouble=trouble, harmless=True, remedy=remedy, noun="rules")


def _of_recounted(changed: Sequence[Recounted]) -> list[Finding]:
    """Say which rules an update lets look for other words; nothing where it changed none."""
    told = [
        (f"rule {quoted(each.rule.name)}", each.rule, str(each)) for each in changed[:_MOST_CHANGED]
    ]
    if left := changed[_MOST_CHANGED:]:
        # It is kept of no more, and some of these may have been decided since.
        least = "at least " if len(changed) > MOST_RULES // 2 else ""
        more = f"so it is of {least}{len(left)} more, such as {quoted(left[0].rule.name)}"
        told.append(("rules that an update changed", left[0].rule, more))
    return [
        Finding(
            what=what,
            trouble=trouble,
            harmless=True,
            remedy=Remedy(RemedyKind.DECIDE_VARIANTS, rule.name),
            noun="rules",
            id=rule.id,
        )
        for what, rule, trouble in told
    ]


def _of_index(tx: Transaction) -> Finding:
    remedy = Remedy(RemedyKind.FILL_INDEX)
    if tx.articles.index_is_damaged():
        trouble = (
            "is damaged, which loses nothing; until a daemon has made it anew from the articles, "
            "searches read these one by one, the newest first"
        )
        return Finding(what="search index", trouble=trouble, remedy=remedy)
    if tx.articles.index_is_full() or not tx.articles.count():
        return Finding(what="search index")
    trouble = (
        "does not have every article yet; until the daemon has filled it, searches find all the "
        "same but take longer"
    )
    return Finding(what="search index", trouble=trouble, harmless=True, remedy=remedy)


def _of_silent_rule(rule: Rule) -> Finding:
    trouble = "tells nobody: its channels were removed, or take something else"
    remedy = Remedy(RemedyKind.NOTIFY_CHANNEL, rule.name)
    what = f"rule {quoted(rule.name)}"
    return Finding(what=what, trouble=trouble, remedy=remedy, noun="rules", id=rule.id)


def _of_source(source: Source, notices: int, newest: str) -> Finding:
    seen = Finding(what=f"source {quoted(source.name, LONGEST_NAME)}", noun="sources", id=source.id)
    if source.state is SourceState.GONE:
        trouble = "asked not to be polled again (410)"
        remedy = Remedy(RemedyKind.RESUME_OR_REMOVE_SOURCE, source.name)
        return replace(seen, trouble=trouble, remedy=remedy)
    if source.last_error and not source.failures:
        trouble = f"could not be polled from here: {source.last_error}"
        return replace(seen, trouble=trouble, harmless=True)
    if source.failures:
        times = "once" if source.failures == 1 else f"{source.failures} times in a row"
        trouble = f"failed {times}: {source.last_error}"
        return replace(seen, trouble=trouble, harmless=source.failures < 5)
    if notices:
        count = "1 notice" if notices == 1 else f"{notices} notices"
        trouble = f"{count}: {clipped(newest.partition(';')[0], 120)}" if newest else count
        remedy = Remedy(RemedyKind.SHOW_NOTICES, source.name)
        return replace(seen, trouble=trouble, harmless=True, remedy=remedy)
    return seen


def _of_channel(channel: Channel, config: Config) -> Finding:
    # `status` looks at no channel.
    from monitor.services.channel_trouble import doubts_here, trouble_here

    seen = Finding(
        what=f"channel {quoted(channel.name, LONGEST_NAME)}", noun="channels", id=channel.id
    )
    if channel.state is ChannelState.DISABLED:
        trouble = f"is switched off: {channel.state_reason}"
        remedy = Remedy(RemedyKind.MEND_CHANNEL, channel.name)
        return replace(seen, trouble=trouble, remedy=remedy)
    here = trouble_here(config, channel)
    if here is not None:
        return replace(seen, trouble=f"{here} (on {socket.gethostname()})")
    if channel.state is ChannelState.ACTIVE and channel.state_reason is not None:
        return replace(seen, trouble=channel.state_reason)
    if channel.target.startswith("http:") and not _is_loopback(urlsplit(channel.target).hostname):
        trouble = "is sent to without encryption (http:), for all on the way to read and change"
        return replace(seen, trouble=trouble, harmless=True)
    if doubts := doubts_here(config, channel):
        remedy = Remedy(RemedyKind.CHANGE_SECRET, channel.name)
        return replace(seen, trouble="; ".join(doubts), harmless=True, remedy=remedy)
    return seen


def _is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def _of_dead(dead: list[Delivery], channels: list[Channel]) -> Finding:
    if not dead:
        return Finding(what="deliveries that were given up")
    names = {channel.id: channel.name for channel in channels}
    newest = dead[0]
    count = "1 alert was" if len(dead) == 1 else f"{len(dead)} alerts were"
    trouble = (
        f"{count} given up in the last {DEAD_TOLD.days} days, the newest to channel "
        f"{quoted(names.get(newest.channel_id, newest.channel_id))}: {newest.last_error}"
    )
    remedy = Remedy(RemedyKind.REDELIVER, newest.id)
    what = "deliveries that were given up"
    return Finding(what=what, trouble=trouble, remedy=remedy, noun="deliveries")


def _of_daemon(
    tx: Transaction,
    config: Config,
    sources: Sequence[Source],
    channels: Sequence[Channel],
    *,
    now: datetime,
) -> Finding:
    """Say whether a daemon runs here; that is wrong only when something is overdue."""
    if daemon_pid(config.home) is not None:
        return Finding(what="daemon")
    due = [source.next_poll_at for source in sources if is_due(source, now)]
    active = [each.id for each in channels if each.state is ChannelState.ACTIVE]
    owed = [tx.outbox.waiting_since(id_, now=now) for id_ in active]
    overdue = any(since is not None and now - since > OVERDUE for since in (*due, *owed))
    trouble = "does not run on this data folder"
    if overdue:
        trouble += ", and sources or deliveries have waited for more than an hour"
    remedy = Remedy(RemedyKind.START_DAEMON)
    return Finding(what="daemon", trouble=trouble, harmless=not overdue, remedy=remedy)


def _page_asks(config: Config) -> bool:
    """Whether people reach the page from elsewhere and are asked who they are."""
    is_reached = bool(config.public_url or config.web_hosts)
    return bool(config.web_listen) and is_reached and config.web_login == "page"


_NOBODY_LET_IN = Finding(
    what="page",
    trouble="whoever reaches it through another server must log in, and there is no user and no "
    "token",
    harmless=True,
    remedy=Remedy(RemedyKind.ADD_TOKEN),
)


def _fallback(config: Config, channels: list[Channel]) -> Finding:
    name = config.fallback_channel
    if name is None:
        told = fallback_among(channels, None)
        if told is None:
            trouble = "there is none: nobody is told when a source or a channel dies"
            return Finding(what="fallback channel", trouble=trouble, harmless=True)
        return Finding(
            what=f"fallback channel {quoted(told.name, LONGEST_NAME)} (the oldest; none is set)"
        )
    what = f"fallback channel {quoted(name, LONGEST_NAME)}"
    told = fallback_among(channels, name)
    if told is not None and told.name == name and told.state is ChannelState.ACTIVE:
        return Finding(what=what)
    is_there = any(channel.name == name for channel in channels)
    trouble = "does not work" if is_there else "there is no channel of this name"
    if told is not None and told.name != name:
        trouble += f"; until then {quoted(told.name)} is told"
    return Finding(what=what, trouble=trouble)


def _by_state(nouns: Sequence[Source] | Sequence[Rule] | Sequence[Channel]) -> dict[str, int]:
    counts = {"total": len(nouns), "active": 0}
    for noun in nouns:
        counts[noun.state.value] = counts.get(noun.state.value, 0) + 1
    return counts
