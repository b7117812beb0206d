"""Rules: added, edited, paused and removed, with everything they name checked first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.addressbook import CONSOLE, add_console
from monitor.names import checked_name, found
from monitor.queries import checked_query
from monitor.refusal import Refusal, clipped, did_you_mean
from storage.api import Transaction
from storage.model import Rule, RuleState, Variant, stable_id

STRICTNESS = ("exact", "forms", "all", "broad")

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants a rule to be; None leaves it as it is, or as it is by default.

    Attributes:
        notify: Names of channels.
        languages: As in `Rule.languages`; empty for any.
        sources: Names of sources; empty for any.
    """

    query: str | None = None
    name: str | None = None
    notify: Sequence[str] | None = None
    languages: tuple[str, ...] | None = None
    variants: tuple[Variant, ...] | None = None
    strictness: str | None = None
    sources: Sequence[str] | None = None
    tags: tuple[str, ...] | None = None
    max_per_day: int | None = None
    expires_at: datetime | None = None


def add_rule(
    tx: Transaction,
    *,
    query: str,
    now: datetime,
    notify: Sequence[str] = (),
    wish: Wish | None = None,
    backfill_since: datetime | None = None,
) -> Rule:
    """Add a rule; without `notify` it tells the console channel, which is made when missing.

    The same rule again is the rule that is there.

    Args:
        wish: Further wishes; its query and notify are not looked at.
        backfill_since: Stored articles first seen from then on are to be searched too.

    Raises:
        Refusal: The query cannot be used, something it names is not there, or another rule
            has the name.
    """
    wish = replace(wish or Wish(), query=query, notify=notify or (CONSOLE,))
    checked_query(query)
    name = checked_name(wish.name or _name_of(query))
    rule = Rule(
        id=stable_id("rule", name),
        name=name,
        query=query.strip(),
        created_at=now,
        backfill_since=backfill_since,
    )
    rule = _as_wished(tx, rule, replace(wish, query=None, name=None), now=now)
    if not tx.rules.add(rule):
        old = tx.rules.get(rule.id)
        if old is None or not _is_same(old, rule):
            raise Refusal(
                f'rule "{clipped(name)}" is there already; change it with edit-rule, '
                f"or give this one another --name",
                misuse=False,
            )
        return old
    return rule


def edit_rule(tx: Transaction, rule: Rule, wish: Wish, *, now: datetime) -> Rule:
    """Change a rule; it says nothing about articles that it has not matched before.

    Raises:
        Refusal: As in `add_rule`.
    """
    if wish.query is not None:
        checked_query(wish.query)
    if wish.name is not None:
        others = (each.name for each in tx.rules.all() if each.id != rule.id)
        if checked_name(wish.name) in others:
            raise Refusal(f'rule "{clipped(wish.name)}" is there already', misuse=False)
    edited = replace(_as_wished(tx, rule, wish, now=now), revision=rule.revision + 1)
    tx.rules.update(edited)
    return edited


def rule_named(tx: Transaction, word: str) -> Rule:
    """Return the rule with this name, query or beginning of an id; raises as `names.found`."""
    return found("rule", word, tx.rules.find, tx.rules.all)


def set_state(tx: Transaction, rule: Rule, state: RuleState) -> Rule:
    """Pause, resume or remove a rule; what it has raised stays and still goes out."""
    tx.rules.set_state(rule.id, state)
    return replace(rule, state=state)


def starter_rule(query: str, *, channel_ids: tuple[str, ...], now: datetime) -> Rule:
    """Return the rule that a new home begins with."""
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
    codes = [each.strip().lower() for each in text.split(",")]
    if codes == ["any"]:
        return ()
    return tuple(dict.fromkeys(_language(each) for each in codes))


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
    match = _LANGUAGE.fullmatch(code)
    if not match:
        raise ValueError(f'expected language codes such as sv,vi or any; got "{clipped(code)}"')
    return match[1].lower()


def _name_of(query: str) -> str:
    """Return a name for a rule that has none: its query on one line, shortened."""
    line = " ".join(query.split())
    line = f"({line})" if line.startswith("-") else line
    return line if len(line) <= 100 else line[:97].rstrip() + "..."


def _as_wished(tx: Transaction, rule: Rule, wish: Wish, *, now: datetime) -> Rule:
    changes: dict[str, object] = {}
    if wish.notify is not None:
        changes["channel_ids"] = _channel_ids(tx, wish.notify, now=now)
    if wish.sources is not None:
        changes["sources"] = tuple(_source_name(tx, each) for each in wish.sources)
    if wish.name is not None:
        changes["name"] = checked_name(wish.name)
    if wish.query is not None:
        changes["query"] = wish.query.strip()
    for field in ("languages", "variants", "strictness", "tags", "max_per_day", "expires_at"):
        value = getattr(wish, field)
        if value is not None:
            changes[field] = value
    return replace(rule, **changes)  # type: ignore[arg-type]  # values are those of Wish


def _channel_ids(tx: Transaction, names: Sequence[str], *, now: datetime) -> tuple[str, ...]:
    ids = []
    for name in names:
        channel = tx.channels.find(name) if name else None
        if channel is None and name == CONSOLE:
            channel = add_console(tx, now=now)
        if channel is None:
            hint = did_you_mean(name, (each.name for each in tx.channels.all()))
            raise Refusal(
                f'channel "{clipped(name)}" is not defined{hint or "; add it with add-channel"}'
            )
        ids.append(channel.id)
    return tuple(dict.fromkeys(ids))


def _source_name(tx: Transaction, word: str) -> str:
    source = tx.sources.find(word) if word else None
    if source is None:
        hint = did_you_mean(word, (each.name for each in tx.sources.all()))
        raise Refusal(f'source "{clipped(word)}" is not followed{hint or "; see list-sources"}')
    return source.name


def _is_same(old: Rule, new: Rule) -> bool:
    """Whether adding `new` asks for nothing that `old` is not already."""
    return new == replace(
        old,
        created_at=new.created_at,
        backfill_since=new.backfill_since,
        caught_up=new.caught_up,
        revision=new.revision,
    )
