"""The command that shows one rule, with its variants as people can judge them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import click

from common.language_names import language_name
from monitor.base.errors import escaped
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.commands.rules import shape_of
from monitor.cli.params import TEXT
from monitor.cli.reach import show_reach
from monitor.cli.session import Command, Session, pass_session
from monitor.views.rules.rule import rule_details_shape
from monitor.views.rules.variant import used_variant_shape
from storage.model import Rule, VariantState
from storage.variant_use import VariantUse

SHOWN = 12
"""So many variants of a word are shown on a terminal.

Those that have found most come before others, then one or two of each language, those first that
most articles are in.
"""


@click.command("show-rule", cls=Command)
@click.argument("rule", type=TEXT)
@click.option("--all", "everything", is_flag=True, help="Show every variant, on a terminal too.")
@pass_session
def show_rule(session: Session, rule: str, everything: bool) -> None:
    """Show one rule, and what it is called elsewhere: its variants, and what each has found.

    Variants that are proposed do not count yet: nobody has looked at them, and alone they might
    find too much. accept-variant and reject-variant decide.

    \b
    Example:
        monitor show-rule "Hanoi Convention"
        monitor show-rule "Hanoi Convention" --all --json
    """
    from monitor.services.rules.rules import rule_named
    from monitor.services.rules.told_languages import told_languages
    from rules.expand.reach import reach_of
    from rules.expand.variants import is_idle

    with session.storage() as storage, storage.reading() as tx:
        shown_rule = rule_named(tx, rule)
        uses = tx.rules.variant_uses(shown_rule.id)
        newest = tx.alerts.recent(rule_id=shown_rule.id, limit=1)
        kept = shape_of(tx, shown_rule)
        languages = told_languages(tx, session.config.watched_languages)
    reach = reach_of(shown_rule, languages, session.lexicons.all)
    last = newest[0].raised_at if newest else None
    now = session.now()
    used = [used_variant_shape(use, is_idle=is_idle(use, shown_rule, now=now)) for use in uses]
    shape = rule_details_shape(kept, last_alert_at=last, variants=used, reach=reach)
    if session.json:
        output.emit(shape)
        return
    told = dict(session.readable(shape))
    told["variants"] = _summary(uses, shown_rule, now=now)
    told["alerts"] = _alerts(shape["alerts"], last, shown_rule, now=now)
    told["last_alert_at"] = None
    told["reach"] = None
    output.details(told.items())
    uses = _by_language(uses, languages)
    config = session.config
    usual = config.rule_language
    show_reach(shown_rule, reach, command=config.command_name, most=None, usual=usual)
    shown = uses if everything or output.terminal_columns() is None else None
    _print_variants(shown_rule, uses, shown, session, now=now)


def _by_language(uses: Sequence[VariantUse], read: Sequence[str]) -> list[VariantUse]:
    """Return the variants of languages that are read before others, one of each at a turn."""
    from rules.data.tables import primary

    ranks = {primary(language): rank for rank, language in enumerate(read)}
    turns: Counter[object] = Counter()
    keys = []
    for use in uses:
        variant = use.variant
        key = variant.of, variant.state, variant.language
        turns[key] += 1
        rank = ranks.get(primary(variant.language), len(ranks))
        keys.append((rank == len(ranks), turns[key], rank))
    order = sorted(range(len(uses)), key=keys.__getitem__)
    return [uses[n] for n in order]


def _alerts(count: int, last: datetime | None, rule: Rule, *, now: datetime) -> str:
    from rules.expand.variants import IDLE_AFTER

    if last is not None:
        return f"{count}, the last {show_age(last, now=now)}"
    is_old = rule.created_at <= now - IDLE_AFTER
    return f"{count}; none in {IDLE_AFTER.days} days" if is_old else str(count)


def _summary(uses: Sequence[VariantUse], rule: Rule, *, now: datetime) -> str:
    from rules.expand.variants import IDLE_AFTER, is_idle

    if not uses:
        return "none"
    states = [use.variant.state for use in uses]
    parts = [f"{states.count(state)} {state.value}" for state in VariantState if state in states]
    idle = sum(is_idle(use, rule, now=now) for use in uses)
    if idle:
        parts.append(f"{idle} never matched in {IDLE_AFTER.days} days")
    return ", ".join(parts)


def _print_variants(
    rule: Rule,
    uses: Sequence[VariantUse],
    shown: Sequence[VariantUse] | None,
    session: Session,
    *,
    now: datetime,
) -> None:
    """Print the variants by what they stand for, those that are proposed behind the others."""
    proposed = [use for use in uses if use.variant.state is VariantState.PROPOSED]
    others = [use for use in uses if use.variant.state is not VariantState.PROPOSED]
    left = 0
    for of, group in _groups(others):
        output.say("")
        output.say(f"For {output.quoted(of)}:" if of else f"For all of {_whole(rule)}:")
        left += _table(rule, group, shown, now=now)
    if proposed:
        output.say("")
        output.say("Proposed; these count only with --match broad, until somebody decides:")
        left += _table(rule, proposed, shown, now=now, proposed=True)
    command = session.config.command_name
    name = output.shell_word(rule.name)
    if left:
        output.say("")
        output.say(f"{left} more: {command} show-rule {name} --all")
    if proposed:
        one = output.shell_word(_called(proposed[0]))
        output.say("")
        output.say(f"To let one count: {command} accept-variant {name} {one}")
        output.say(f"Never to see it again: {command} reject-variant {name} {one}")


def _whole(rule: Rule) -> str:
    from monitor.services.rules.variant_edits import first_term

    return output.quoted(first_term(rule.query) or rule.query)


def _groups(uses: Iterable[VariantUse]) -> list[tuple[str, list[VariantUse]]]:
    """Return the variants by what they stand for: the whole first, then longer parts first."""
    groups: dict[str, list[VariantUse]] = {}
    for use in uses:
        groups.setdefault(use.variant.of, []).append(use)
    return sorted(groups.items(), key=lambda group: (group[0] != "", -len(group[0].split())))


def _table(
    rule: Rule,
    group: Sequence[VariantUse],
    shown: Sequence[VariantUse] | None,
    *,
    now: datetime,
    proposed: bool = False,
) -> int:
    """Print variants language by language; return how many are left out."""
    kept = list(group)
    if shown is None and len(group) > SHOWN + 2:
        kept = sorted(group, key=lambda use: -use.hits)[:SHOWN]
    kept.sort(key=lambda use: (language_name(use.variant.language), -use.hits))
    columns = ["LANGUAGE", "TEXT", "FROM", "SCORE", "STATE", "HITS", "LAST HIT"]
    rows: list[list[object]] = []
    for use in kept:
        variant = use.variant
        name = language_name(variant.language)
        rows.append(
            [
                f"{name} ({variant.language})" if name else "any",
                variant.text,
                variant.source,
                f"{variant.score:.2f}",
                variant.state.value,
                use.hits,
                _last_hit(use, rule, now=now),
            ]
        )
    if proposed:
        columns[4:] = ["FOR"]
        rows = [[*row[:4], use.variant.of or "all"] for row, use in zip(rows, kept, strict=True)]
    output.table(columns, rows)
    return len(group) - len(kept)


def _last_hit(use: VariantUse, rule: Rule, *, now: datetime) -> str:
    from rules.expand.variants import IDLE_AFTER, is_idle

    if use.last_hit_at is not None:
        return show_age(use.last_hit_at, now=now)
    return f"never in {IDLE_AFTER.days} days" if is_idle(use, rule, now=now) else "-"


def _called(use: VariantUse) -> str:
    from monitor.services.rules.variant_edits import shown

    return escaped(shown(use.variant))
