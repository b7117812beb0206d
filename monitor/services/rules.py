"""Rules: added, edited, paused and removed, with everything they name checked first."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.base.errors import Refusal, clipped, did_you_mean
from monitor.base.names import checked_name, found
from monitor.base.times import show_instant
from monitor.services.channels import CONSOLE, add_console
from monitor.services.queries import checked_query
from rules.expand.variants import merged, owners
from rules.languages.codes import code_of, near_code
from storage.api import Transaction
from storage.model import Rule, RuleState, Variant, stable_id

STRICTNESS = ("exact", "forms", "all", "broad")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants a rule to be; None leaves it as it is, or as it is by default.

    Attributes:
        notify: Names of channels.
        languages: As in `Rule.languages`; empty for any.
        variants: The owner's.
        made: What the lists (and a translator) give for the query; asked for before the
            transaction, because it takes time.
        expansion: With which lists those were made.
        sources: Names of sources; empty for any.
        clear: Which of "max_per_day" and "expires_at" there shall be none of.
    """

    query: str | None = None
    name: str | None = None
    notify: Sequence[str] | None = None
    languages: tuple[str, ...] | None = None
    variants: tuple[Variant, ...] | None = None
    made: tuple[Variant, ...] | None = None
    expansion: str | None = None
    strictness: str | None = None
    sources: Sequence[str] | None = None
    tags: tuple[str, ...] | None = None
    max_per_day: int | None = None
    expires_at: datetime | None = None
    clear: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What adding a rule has come to.

    Attributes:
        rule: As it is now.
        old: The rule as it was, when it was there already; None when it is new.
    """

    rule: Rule
    old: Rule | None = None

    @property
    def new(self) -> Rule | None:
        """The rule, if it was not there before."""
        return self.rule if self.old is None else None

    @property
    def new_channel_ids(self) -> tuple[str, ...]:
        """The channels that the rule did not tell before."""
        known = self.old.channel_ids if self.old else ()
        return tuple(each for each in self.rule.channel_ids if each not in known)


def add_rule(
    tx: Transaction,
    *,
    query: str,
    now: datetime,
    notify: Sequence[str] = (),
    wish: Wish | None = None,
    backfill_since: datetime | None = None,
    command: str = "monitor",
    anything: bool = False,
) -> Added:
    """Add a rule; without `notify` it tells the console channel, which is made when missing.

    The same rule again is the rule that is there; it then also tells the channels in `notify`.

    Args:
        wish: Further wishes; its query and notify are not looked at.
        backfill_since: Stored articles first seen from then on are to be searched too.
        command: What starts this program, for the sentence that says how to change a rule.
        anything: Whether the query may match nearly everything.

    Raises:
        Refusal: The query cannot be used, something it names is not there, or another rule
            has the name.
    """
    wish = replace(wish or Wish(), query=None, notify=None)
    checked_query(query, anything=anything)
    name = checked_name(wish.name or name_of(query))
    rule = Rule(
        id=stable_id("rule", name),
        name=name,
        query=query.strip(),
        created_at=now,
        backfill_since=backfill_since,
    )
    rule = as_wished(tx, rule, replace(wish, name=None), now=now)
    old = tx.rules.get(rule.id)
    if old is not None and old.state is not RuleState.REMOVED:
        return _again(tx, old, rule, replace(wish, notify=notify or None), now, command)
    if old is not None:
        rule = _as_before(old, rule, wish)
    rule = replace(rule, channel_ids=_channel_ids(tx, notify or (CONSOLE,), now=now))
    tx.rules.add(rule)
    return Added(rule=rule)


def _as_before(old: Rule, new: Rule, wish: Wish) -> Rule:
    """Return a rule that was removed and is added again, with what its owner had decided.

    What was rejected stays so. The owner's own variants come back with the same query, unless
    others are named now.
    """
    same_query = old.query == new.query
    named = owners(old.variants) if same_query and wish.variants is None else ()
    decided = (variant for variant in old.variants if variant not in owners(old.variants))
    before = (*owners(new.variants), *named, *decided)
    return replace(new, variants=merged(before, new.variants, same_query=same_query))


def _again(tx: Transaction, old: Rule, new: Rule, wish: Wish, now: datetime, command: str) -> Added:
    """Let the rule that is there tell further channels, when nothing else is asked for.

    Raises:
        Refusal: It differs in something else.
    """
    wished = _channel_ids(tx, wish.notify or (), now=now)
    if not _is_same(old, new):
        raise Refusal(_how_to_change(tx, old, new, wish, command), misuse=False)
    channel_ids = tuple(dict.fromkeys((*old.channel_ids, *wished)))
    if channel_ids == old.channel_ids:
        return Added(rule=old, old=old)
    grown = replace(old, channel_ids=channel_ids, revision=old.revision + 1)
    tx.rules.update(grown)
    return Added(rule=grown, old=old)


def _how_to_change(tx: Transaction, old: Rule, new: Rule, wish: Wish, command: str) -> str:
    """Return the sentence for a rule that differs from the one that has its name."""
    name = shlex.quote(old.name)
    start = f'rule "{clipped(old.name)}" is there already'
    if old.state is RuleState.PAUSED and _is_same(replace(old, state=new.state), new):
        return f"{start}, and paused; go on with: {command} resume-rule {name}"
    options: list[tuple[str, str]] = []
    if new.query != old.query:
        options.append(("--query", new.query))
    if wish.notify is not None:
        names = [channel.name for channel in tx.channels.all() if channel.id in old.channel_ids]
        options += [("--notify", each) for each in dict.fromkeys((*names, *wish.notify))]
    if wish.languages is not None:
        options.append(("--language", ",".join(wish.languages) or "any"))
    for variant in wish.variants or ():
        options.append(("--variant", f"{variant.language or 'any'}:{variant.text}"))
    if wish.strictness is not None:
        options.append(("--match", wish.strictness))
    options += [("--source", source) for source in wish.sources or ()]
    options += [("--tag", tag) for tag in wish.tags or ()]
    if wish.max_per_day is not None:
        options.append(("--max-per-day", str(wish.max_per_day)))
    if wish.expires_at is not None:
        options.append(("--expires", show_instant(wish.expires_at) or ""))
    if not options:
        return (
            f"{start}, and asks for something else (see: {command} show-rule {name}); "
            f"give this one another --name"
        )
    change = " ".join(f"{option} {shlex.quote(value)}" for option, value in options)
    return (
        f"{start}, and differs; change it with: {command} edit-rule {name} {change}\n"
        f"or give this one another --name"
    )


def edit_rule(
    tx: Transaction, rule: Rule, wish: Wish, *, now: datetime, anything: bool = False
) -> Rule:
    """Change a rule; it says nothing about articles that it has not matched before.

    Raises:
        Refusal: As in `add_rule`.
    """
    if wish.query is not None:
        checked_query(wish.query, anything=anything)
    if wish.name is not None:
        others = (each.name for each in tx.rules.all() if each.id != rule.id)
        if checked_name(wish.name) in others:
            raise Refusal(f'rule "{clipped(wish.name)}" is there already', misuse=False)
    edited = replace(as_wished(tx, rule, wish, now=now), revision=rule.revision + 1)
    tx.rules.update(edited)
    return edited


def rule_named(tx: Transaction, word: str) -> Rule:
    """Return the rule with this name, query or beginning of an id; raises as `names.found`."""
    return found("rule", word, tx.rules.find, tx.rules.all)


def rule_with_alerts(tx: Transaction, word: str) -> Rule:
    """As `rule_named`; a removed rule is found as well, by its name or the beginning of its id."""
    try:
        return rule_named(tx, word)
    except Refusal:
        ids = {alert.rule_id for alert in tx.alerts.recent(limit=None)}
        for rule in filter(None, map(tx.rules.get, sorted(ids))):
            if rule.name == word or (word and rule.id.startswith(word)):
                return rule
        raise


def set_state(tx: Transaction, rule: Rule, state: RuleState) -> Rule:
    """Pause, resume or remove a rule; what it has raised stays and still goes out."""
    tx.rules.set_state(rule.id, state)
    return replace(rule, state=state)


def starter_rule(query: str, *, channel_ids: tuple[str, ...], now: datetime) -> Rule:
    """Return the rule that a new home begins with; its variants are made by whoever has lists."""
    return Rule(
        id=stable_id("rule", query),
        name=query,
        query=query,
        created_at=now,
        channel_ids=channel_ids,
    )


def languages_of(text: str) -> tuple[str, ...]:
    """Return the languages in `sv,vi`; none, which means any, for `any`.

    Raises:
        ValueError: One of them is not a language code.
    """
    codes = [part.strip().lower() for part in text.split(",")]
    if codes == ["any"]:
        return ()
    return tuple(dict.fromkeys(_language(code) for code in codes))


def variant_of(text: str) -> Variant:
    """Return the variant in `sv:Hanoikonventionen`; `any:...` is one for every language.

    Raises:
        ValueError: It is not of that form.
    """
    code, colon, form = text.partition(":")
    if not colon or not form.strip():
        raise ValueError(f'expected LANG:TEXT such as sv:Hanoikonventionen; got "{clipped(text)}"')
    code = code.strip().lower()
    return Variant(language="" if code == "any" else _language(code), text=form.strip())


def _language(code: str) -> str:
    """Return the code that articles in this language have."""
    found = code_of(code)
    if found is None:
        hint = near_code(code)
        raise ValueError(
            f'expected language codes such as sv,vi or any; got "{clipped(code)}"'
            f"{f'; {hint}' if hint else ''}"
        )
    return found


def name_of(query: str) -> str:
    """Return a name for a rule that has none: its query on one line, shortened."""
    line = " ".join(query.split())
    line = f"({line})" if line.startswith("-") else line
    return line if len(line) <= 100 else line[:97].rstrip() + "..."


def as_wished(tx: Transaction, rule: Rule, wish: Wish, *, now: datetime) -> Rule:
    """Return the rule as it is wished; only a missing console channel is written.

    Raises:
        Refusal: Something that it names is not there. The query is not looked at.
    """
    changes: dict[str, object] = dict.fromkeys(wish.clear)
    if wish.notify is not None:
        changes["channel_ids"] = _channel_ids(tx, wish.notify, now=now)
    if wish.sources is not None:
        changes["sources"] = tuple(_source_name(tx, source) for source in wish.sources)
    if wish.name is not None:
        changes["name"] = checked_name(wish.name)
    if wish.query is not None:
        changes["query"] = wish.query.strip()
    if wish.variants is not None or wish.made is not None:
        changes["variants"] = _variants(rule, wish)
    for field in ("languages", "expansion", "strictness", "tags", "max_per_day", "expires_at"):
        value = getattr(wish, field)
        if value is not None:
            changes[field] = value
    return replace(rule, **changes)  # type: ignore[arg-type]  # values are those of Wish


def _variants(rule: Rule, wish: Wish) -> tuple[Variant, ...]:
    """Return the variants that the owner wants, and those that were made."""
    named = owners(rule.variants)
    wanted = named if wish.variants is None else wish.variants
    others = tuple(variant for variant in rule.variants if variant not in named)
    if wish.made is None:
        return merged((*wanted, *others), others)
    same_query = wish.query is None or wish.query.strip() == rule.query
    return merged((*wanted, *others), wish.made, same_query=same_query)


def _channel_ids(tx: Transaction, names: Sequence[str], *, now: datetime) -> tuple[str, ...]:
    ids = []
    for name in names:
        channel = tx.channels.find(name) if name else None
        if channel is None and name == CONSOLE:
            channel = add_console(tx, now=now)
        if channel is None:
            hint = did_you_mean(name, (channel.name for channel in tx.channels.all()))
            raise Refusal(
                f'channel "{clipped(name)}" is not defined{hint or "; add it with add-channel"}'
            )
        ids.append(channel.id)
    return tuple(dict.fromkeys(ids))


def _source_name(tx: Transaction, word: str) -> str:
    source = tx.sources.find(word) if word else None
    if source is None:
        hint = did_you_mean(word, (source.name for source in tx.sources.all()))
        raise Refusal(f'source "{clipped(word)}" is not followed{hint or "; see list-sources"}')
    return source.name


def _is_same(old: Rule, new: Rule) -> bool:
    """Whether `new` asks for nothing but channels that `old` is not already."""
    return replace(new, variants=owners(new.variants)) == replace(
        old,
        variants=owners(old.variants),
        expansion=new.expansion,
        created_at=new.created_at,
        channel_ids=new.channel_ids,
        backfill_since=new.backfill_since,
        caught_up=new.caught_up,
        revision=new.revision,
    )
