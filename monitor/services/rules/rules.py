"""Rules: added, edited, paused and removed, with everything they name checked first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from common.records import dataclass
from monitor.base.errors import Refusal, Remedy, RemedyKind, clipped, did_you_mean, quoted
from monitor.base.names import CONSOLE, checked_name, one_named
from monitor.quiet.backfill import USUAL, Backfill
from monitor.quiet.held import let_go_by_rule
from monitor.services.fields.rule_fields import BY_NAME, FIELDS, RuleChanges, in_order
from monitor.services.rules.queries import checked_query
from rules.expand.variants import Made, merged, owners
from rules.languages.codes import code_of, near_code
from storage.api.storage import Transaction
from storage.model import Rule, RuleState, Variant, VariantState, stable_id


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
        return tuple(id_ for id_ in self.rule.channel_ids if id_ not in known)


def add_rule(
    tx: Transaction,
    changes: RuleChanges,
    *,
    now: datetime,
    backfill: Backfill = USUAL,
    anything: bool = False,
) -> Added:
    """Add a rule; one that names no channel tells the console, which is made when missing.

    The same rule again is the rule that is there; it then also tells the channels it names.

    Args:
        changes: With a query.
        backfill: Of how much that is stored it is to tell.
        anything: Whether the query may match nearly everything.

    Raises:
        Refusal: The query cannot be used, something it names is not there, or another rule
            has the name.
    """
    query = changes.query or ""
    checked_query(query, anything=anything)
    name = checked_name(changes.name or name_of(query))
    rule = Rule(
        id=stable_id("rule", name),
        name=name,
        query=query.strip(),
        created_at=now,
    )
    rule = backfill.given_to(rule, now=now)
    rest = replace(changes, query=None, name=None, notify=None)
    rule = with_changes(tx, rule, rest, now=now)
    old = tx.rules.get(rule.id)
    if old is not None and old.state is not RuleState.REMOVED:
        return _again(tx, old, rule, changes, now)
    if old is not None:
        rule = _as_before(old, rule, changes)
    told = _DEFAULT_CHANNELS if changes.notify is None else changes.notify
    rule = replace(rule, channel_ids=_channel_ids(tx, told, now=now))
    tx.rules.add(rule)
    return Added(rule=rule)


_DEFAULT_CHANNELS = (CONSOLE,)


def _as_before(old: Rule, new: Rule, changes: RuleChanges) -> Rule:
    """Return a rule that was removed and is added again, with what its owner had decided.

    What was rejected stays so. The owner's own variants come back with the same query, unless
    others are named now.
    """
    same_query = old.query == new.query
    named = owners(old.variants) if same_query and changes.variants is None else ()
    decided = (variant for variant in old.variants if variant not in owners(old.variants))
    before = (*owners(new.variants), *named, *decided)
    return replace(new, variants=merged(before, new.variants, same_query=same_query))


def _again(tx: Transaction, old: Rule, new: Rule, changes: RuleChanges, now: datetime) -> Added:
    """Let the rule that is there tell further channels, when nothing else is asked for.

    Raises:
        Refusal: It differs in something else.
    """
    wished = _channel_ids(tx, changes.notify or (), now=now)
    if not _is_same(old, new):
        raise _differs(tx, old, new, changes)
    channel_ids = tuple(dict.fromkeys((*old.channel_ids, *wished)))
    if channel_ids == old.channel_ids:
        return Added(rule=old, old=old)
    grown = replace(old, channel_ids=channel_ids, revision=old.revision + 1)
    tx.rules.update(grown)
    return Added(rule=grown, old=old)


def _differs(tx: Transaction, old: Rule, new: Rule, changes: RuleChanges) -> Refusal:
    """Return why a rule cannot be added that differs from the one that has its name."""
    start = f"rule {quoted(old.name)} is there already"
    if old.state is RuleState.PAUSED and _is_same(replace(old, state=new.state), new):
        remedy = Remedy(RemedyKind.RESUME_RULE, old.name)
        return Refusal(f"{start}, and paused", misuse=False, remedy=remedy)
    given = changes.given()
    given.pop("name", None)
    if new.query == old.query:
        given.pop("query", None)
    if "notify" in given:
        names = [channel.name for channel in tx.channels.all() if channel.id in old.channel_ids]
        given["notify"] = tuple(dict.fromkeys((*names, *(changes.notify or ()))))
    fields = in_order("query", "notify", "languages", "variants")
    asked = [field for field in fields if field.name in given]
    words = [(field.option, word) for field in asked for word in field.words(given[field.name])]
    if not words:
        remedy = Remedy(RemedyKind.SHOW_RULE, old.name)
        return Refusal(f"{start}, and asks for something else", misuse=False, remedy=remedy)
    remedy = Remedy(RemedyKind.EDIT_RULE, old.name, tuple(words))
    return Refusal(f"{start}, and differs", misuse=False, remedy=remedy)


def edit_rule(
    tx: Transaction,
    rule: Rule,
    changes: RuleChanges,
    *,
    now: datetime,
    backfill: Backfill | None = None,
    anything: bool = False,
) -> tuple[Rule, int]:
    """Change a rule; it says nothing about articles that it has not matched before.

    One that is so already stays as it is, at its revision. Return it, and how many alerts the
    next digest tells that what was changed had held back.

    Args:
        backfill: Of how much that is stored it is to tell all the same, once.

    Raises:
        Refusal: As in `add_rule`.
    """
    if changes.query is not None:
        checked_query(changes.query, anything=anything)
    if changes.name is not None:
        others = (other.name for other in tx.rules.outlines() if other.id != rule.id)
        if checked_name(changes.name) in others:
            raise Refusal(f"rule {quoted(changes.name)} is there already", misuse=False)
    edited = with_changes(tx, rule, changes, now=now)
    if edited == rule and backfill is None:
        return rule, 0
    edited = replace(edited, revision=rule.revision + 1)
    if backfill is not None:
        edited = backfill.given_to(edited, now=now)
    tx.rules.update(edited)
    return edited, let_go_by_rule(tx, rule, edited, now=now)


def rule_named(tx: Transaction, word: str) -> Rule:
    """Return the rule with this name, query or beginning of an id; raises as `names.one_named`."""
    return one_named("rule", word, tx.rules.find, tx.rules.outlines)


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


def unmoved(tx: Transaction, rule: Rule) -> Rule:
    """Return the rule as it is stored.

    Raises:
        Refusal: Somebody else has changed it since.
    """
    current = tx.rules.get(rule.id)
    if current is None or current.revision != rule.revision:
        name = quoted(rule.name)
        raise Refusal(f"rule {name} was changed at the same moment; try again", misuse=False)
    return current


def set_state(tx: Transaction, rule: Rule, state: RuleState, *, now: datetime) -> tuple[Rule, int]:
    """Pause, resume or remove a rule; what it has raised stays and still goes out.

    Return it, and how many alerts a digest tells that it raised while it was paused.
    """
    if state is not rule.state:
        tx.rules.set_state(rule.id, state)
    changed = replace(rule, state=state)
    return changed, let_go_by_rule(tx, rule, changed, now=now)


def starter_rule(query: str, *, channel_ids: tuple[str, ...], now: datetime) -> Rule:
    """Return the rule that a new home begins with; its variants are made by whoever has lists."""
    return Rule(
        id=stable_id("rule", query),
        name=query,
        query=query,
        created_at=now,
        channel_ids=channel_ids,
        backfill_most=USUAL.most,
    )


TRIED = "trial"
"""The id of a rule that is only tried."""


def tried_rule(
    query: str,
    made: Made,
    *,
    now: datetime,
    changes: RuleChanges | None = None,
    old: Rule | None = None,
) -> Rule:
    """Return a rule that is only tried; nothing that it names is looked for.

    Args:
        made: What lexicons give for the query.
        changes: What else it shall be, as far as that decides what it matches.
        old: The rule that would be changed so, of which what its owner has decided stays.
    """
    changes = changes or RuleChanges()
    given = changes.given()
    values = {name: given[name] for name in given if BY_NAME[name].is_matching}
    rule = Rule(id=TRIED, name=query, query=query.strip(), created_at=now)
    rule = replace(rule, **{**values, "query": rule.query})  # type: ignore[arg-type]  # as the rows say
    variants = merged(rule.variants, made.variants)
    if old is not None:
        variants = _variants(old, replace(changes, query=rule.query, made=made.variants))
    return replace(
        rule,
        sources=tuple(rule.sources),
        written_in=made.written_in,
        variants=variants,
    )


def languages_of(text: str) -> tuple[str, ...]:
    """Return the languages in `sv,vi`; none, which means any, for `any`.

    Raises:
        ValueError: One of them is not a language code.
    """
    codes = [part.strip().lower() for part in text.split(",")]
    if codes == [BY_NAME["languages"].clear]:
        return ()
    return tuple(dict.fromkeys(_language(code) for code in codes))


def language_of(text: str) -> str:
    """Return one language; "" for `any`.

    Raises:
        ValueError: It is not one language code.
    """
    code = text.strip().lower()
    return "" if code == BY_NAME["language"].clear else _language(code, one=True)


def variant_of(text: str) -> Variant:
    """Return the variant in `sv:Hanoikonventionen`; `any:...` is one for every language.

    Raises:
        ValueError: It is not of that form.
    """
    code, colon, form = text.partition(":")
    if not colon or not form.strip():
        raise ValueError(f'expected LANG:TEXT such as sv:Hanoikonventionen; got "{clipped(text)}"')
    from rules.query.lexer import MAX_WORD, MAX_WORDS

    words = form.split()
    if len(words) > MAX_WORDS or max(map(len, words)) > MAX_WORD:
        raise ValueError(
            f"expected a variant of at most {MAX_WORDS} words of {MAX_WORD} letters; "
            f'got "{clipped(text)}"'
        )
    code = code.strip().lower()
    return Variant(language="" if code == "any" else _language(code, one=True), text=form.strip())


def _language(code: str, *, one: bool = False) -> str:
    """Return the code that articles in this language have.

    Args:
        one: Whether no other may stand beside it.
    """
    known = code_of(code)
    if known is None:
        hint = near_code(code)
        wanted = "one language code such as sv" if one else "language codes such as sv,vi"
        raise ValueError(
            f'expected {wanted} or any; got "{clipped(code)}"{f"; {hint}" if hint else ""}'
        )
    return known


def values_of(rule: Rule, channels: Mapping[str, str]) -> dict[str, object]:
    """Return what has been chosen about a rule, by the name of the field.

    Args:
        channels: The names of channels by id; one that is not there is left out.
    """
    values = {field.name: getattr(rule, field.name, None) for field in FIELDS}
    values["notify"] = tuple(channels[id_] for id_ in rule.channel_ids if id_ in channels)
    named = owners(rule.variants)
    values["variants"] = tuple(v for v in named if v.state is VariantState.ACTIVE)
    return values


def name_of(query: str) -> str:
    """Return a name for a rule that has none: its query on one line, shortened."""
    line = " ".join(query.split())
    line = f"({line})" if line.startswith("-") else line
    return line if len(line) <= 100 else line[:97].rstrip() + "..."


def with_changes(tx: Transaction, rule: Rule, changes: RuleChanges, *, now: datetime) -> Rule:
    """Return the rule as it shall be; only a missing console channel is written.

    Raises:
        Refusal: Something that it names is not there. The query is not looked at.
    """
    given = changes.given()
    values: dict[str, object] = dict(given)
    if changes.expansion is not None:
        values |= {"expansion": changes.expansion, "written_in": changes.written_in or ()}
    if values.pop("notify", None) is not None:
        told = _DEFAULT_CHANNELS if changes.notify is None else changes.notify
        values["channel_ids"] = _channel_ids(tx, told, now=now)
    if changes.sources is not None:
        values["sources"] = tuple(_source_name(tx, source) for source in changes.sources)
    if changes.name is not None:
        values["name"] = checked_name(changes.name)
    if changes.query is not None:
        values["query"] = changes.query.strip()
    if "variants" in given or changes.made is not None:
        values["variants"] = _variants(rule, changes)
    return replace(rule, **values)  # type: ignore[arg-type]  # values are those of RuleChanges


def _variants(rule: Rule, changes: RuleChanges) -> tuple[Variant, ...]:
    """Return the variants that the owner wants, and those that were made."""
    named = owners(rule.variants)
    kept = named if "variants" not in changes.given() else ()
    wanted = kept if changes.variants is None else changes.variants
    others = tuple(variant for variant in rule.variants if variant not in named)
    if changes.made is None:
        return merged((*wanted, *others), others)
    same_query = changes.query is None or changes.query.strip() == rule.query
    return merged((*wanted, *others), changes.made, same_query=same_query)


def _channel_ids(tx: Transaction, names: Sequence[str], *, now: datetime) -> tuple[str, ...]:
    ids = []
    for name in names:
        channel = tx.channels.find(name) if name else None
        if channel is None and name == CONSOLE:
            from monitor.services.channels import add_console  # which knows all kinds

            channel = add_console(tx, now=now)
        if channel is None:
            parts = [part.strip() for part in name.split(",")]
            if len(parts) > 1 and all(part and tx.channels.find(part) for part in parts):
                each = Remedy(
                    RemedyKind.NAME_EACH, changes=tuple(("notify", part) for part in parts)
                )
                raise Refusal(f'"{clipped(name)}" are several channels', remedy=each)
            hint = did_you_mean(name, (channel.name for channel in tx.channels.all()))
            remedy = None if hint else Remedy(RemedyKind.ADD_CHANNEL)
            raise Refusal(f"channel {quoted(name)} is not defined{hint}", remedy=remedy)
        ids.append(channel.id)
    return tuple(dict.fromkeys(ids))


def _source_name(tx: Transaction, word: str) -> str:
    source = tx.sources.find(word) if word else None
    if source is None:
        hint = did_you_mean(word, (source.name for source in tx.sources.all()))
        remedy = None if hint else Remedy(RemedyKind.LIST_SOURCES)
        raise Refusal(f"source {quoted(word)} is not followed{hint}", remedy=remedy)
    return source.name


def _is_same(old: Rule, new: Rule) -> bool:
    """Whether `new` asks for nothing but channels that `old` is not already."""
    return replace(new, variants=owners(new.variants)) == replace(
        old,
        variants=owners(old.variants),
        expansion=new.expansion,
        written_in=new.written_in,
        created_at=new.created_at,
        channel_ids=new.channel_ids,
        backfill_since=new.backfill_since,
        backfill_most=new.backfill_most,
        caught_up=new.caught_up,
        revision=new.revision,
    )
