"""Commands about rules: what somebody wants to be told about."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from monitor.base.errors import Refusal
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.commands.backtest import card_shape, look, show_card
from monitor.cli.params import DURATION, LANGUAGES, TEXT, UNTIL, VARIANT
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.states import change_state
from monitor.views.rule import rule_shape
from storage.api import Transaction
from storage.model import Rule, RuleState, VariantState

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.backtest.report import Card
    from monitor.services.rules import Added
    from monitor.translation.translate import Translation


class _DryRun(Exception):
    """Ends a transaction of which nothing is to be kept."""


Function = TypeVar("Function", bound=Callable[..., Any])


def matching_options(function: Function) -> Function:
    """Add the options that change what a rule matches; `try-rule` takes them too."""
    for option in (
        click.option(
            "--source", "sources", type=TEXT, multiple=True, help="Only articles of this source."
        ),
        click.option(
            "--match",
            "strictness",
            type=click.Choice(["exact", "forms", "all", "broad"]),
            help="How far from the rule's own words a match may lie; all unless said.",
        ),
        click.option(
            "--variant",
            "variants",
            type=VARIANT,
            multiple=True,
            help="A form of the rule's words in a language, such as sv:Hanoikonventionen.",
        ),
        click.option(
            "--language",
            "languages",
            type=LANGUAGES,
            help="Only articles in these languages, such as sv,vi; any unless said.",
        ),
    ):
        function = option(function)
    return function


def delivering_options(function: Function) -> Function:
    """Add the options that change what is told to whom."""
    for option in (
        click.option(
            "--expires",
            "expires_at",
            type=UNTIL,
            help="The last day it raises alerts: 2026-12-31, or 30d.",
        ),
        click.option(
            "--max-per-day",
            type=click.IntRange(min=1),
            metavar="N",
            help="Send at most N alerts a day (UTC).",
        ),
        click.option("--tag", "tags", type=TEXT, multiple=True, help="A word to group rules by."),
        click.option(
            "--notify",
            type=TEXT,
            multiple=True,
            metavar="CHANNEL",
            help="A channel to tell; console unless said.",
        ),
        click.option("--name", type=TEXT, help="What to call it; else its query."),
    ):
        function = option(function)
    return function


force_option = click.option(
    "--force", is_flag=True, help="Take a rule that matches nearly everything, too."
)


@click.command("add-rule", cls=Command)
@click.argument("query", type=TEXT)
@delivering_options
@matching_options
@click.option(
    "--backfill",
    type=DURATION,
    help="Search stored articles so far back, too. Documents in folders are always searched.",
)
@click.option(
    "--dry-run", is_flag=True, help="Add nothing; show what it would have done in 30 days."
)
@force_option
@pass_session
def add_rule(
    session: Session,
    /,
    query: str,
    notify: tuple[str, ...],
    backfill: timedelta | None,
    dry_run: bool,
    force: bool,
    **wishes: Any,
) -> None:
    """Alert from now on when an article matches QUERY.

    A plain QUERY is a keyword: its words near each other, inflected, in any language. Quotes
    make a phrase; AND, OR, NOT, NEAR/5 and title: are in docs/rules.md.

    \b
    Example:
        monitor add-rule "Hanoi Convention" --notify desk
        monitor add-rule 'rail AND (strike OR walkout) -berlin' --language en,de
    """
    from monitor.config.home import daemon_pid
    from monitor.services import rules as rulebook
    from monitor.services.queries import advice_on

    wish = _with_variants(session, _wish(wishes), query)
    command = session.config.command_name
    with session.app() as app:
        now = app.now()
        since = now - backfill if backfill else None

        def save(tx: Transaction) -> rulebook.Added:
            return rulebook.add_rule(
                tx,
                query=query,
                now=now,
                notify=notify,
                wish=wish,
                backfill_since=since,
                command=command,
                anything=force,
            )

        asked = None if dry_run else app.translation
        wish = _with_translations(session, app, asked, wish, lambda tx: save(tx).new)
        if not dry_run:
            _refuse_everything(app, lambda tx: save(tx).new, forced=force)
        with suppress(_DryRun), app.storage.transaction() as tx:
            is_first = not tx.rules.all()
            added = save(tx)
            names = _channel_names(tx, added.rule)
            has_sources = bool(tx.sources.all())
            if dry_run:
                raise _DryRun  # takes back all that was written
        raised = 0 if dry_run else app.pipeline.catch_up()
        card = look(session, app.storage, added.rule, now=now) if dry_run else None
    rule = added.rule
    shape = {**rule_shape(rule, channels=names), "raised": raised}
    if card is not None:
        shape["card"] = card_shape(card, rule)
    for advice in advice_on(rule.query):
        output.warn(f"Note: {advice}")
    session.show(shape, _added_sentence(added, names, raised=raised, dry_run=dry_run))
    if card is not None:
        _show_card(session, card, rule, forced=force)
    elif not session.json and daemon_pid(session.config.home) is None:
        if is_first and not has_sources:
            output.warn(f"Next, say where to look: {command} add-source URL_OR_FOLDER")
        if raised or is_first:
            output.warn(f"Nothing is sent until the daemon runs: {command} run (or: run --once)")


def _added_sentence(added: "Added", names: dict[str, str], *, raised: int, dry_run: bool) -> str:
    rule = added.rule
    told = ", ".join(names.get(each, each) for each in rule.channel_ids)
    new = ", ".join(names[each] for each in added.new_channel_ids)
    if added.old is None:
        verb = "would tell" if dry_run else "tells"
        sentence = f"Rule {output.quoted(rule.name)} {verb} {told}."
    elif new:
        verb = "would also tell" if dry_run else "now also tells"
        sentence = f"Rule {output.quoted(rule.name)} {verb} {new}."
    else:
        sentence = f"Rule {output.quoted(rule.name)} is there already; it tells {told}."
    if raised:
        sentence += f" It raised {output.counted(raised, 'alert')} at once."
    return sentence


@click.command("list-rules", cls=Command)
@pass_session
def list_rules(session: Session) -> None:
    """List the rules.

    \b
    Example:
        monitor list-rules
    """
    with session.storage() as storage, storage.reading() as tx:
        rules = tx.rules.all()
        shapes = [shape_of(tx, rule) for rule in rules]
        living = {channel.id for channel in tx.channels.all()}
    if not shapes:
        command = session.config.command_name
        session.found_nothing(f'There is no rule. Add one: {command} add-rule "your words"')
    if session.json:
        for shape in shapes:
            output.emit(shape)
        return
    now = session.now()
    output.table(
        ("ID", "NAME", "STATE", "QUERY", "VARIANTS", "CHANNELS", "ALERTS", "ADDED"),
        [
            (
                output.short_id(each["id"]),
                each["name"],
                each["state"],
                each["query"],
                _counted_variants(rule),
                [
                    name if id_ in living else f"{name} (removed)"
                    for name, id_ in zip(each["channels"], rule.channel_ids, strict=True)
                ],
                each["alerts"],
                show_age(rule.created_at, now=now),
            )
            for each, rule in zip(shapes, rules, strict=True)
        ],
    )


@click.command("edit-rule", cls=Command)
@click.argument("rule", type=TEXT)
@click.option("--query", type=TEXT, help="A new query.")
@delivering_options
@matching_options
@click.option(
    "--dry-run", is_flag=True, help="Change nothing; show what it would have done in 30 days."
)
@force_option
@pass_session
def edit_rule(
    session: Session,
    /,
    rule: str,
    notify: tuple[str, ...],
    dry_run: bool,
    force: bool,
    **wishes: Any,
) -> None:
    """Change what is given, and leave the rest of the rule as it is.

    Options that may be given several times replace what was there. Articles that the rule
    has not matched before raise nothing now.

    \b
    Example:
        monitor edit-rule "Hanoi Convention" --notify desk --notify console
    """
    from monitor.services import rules as rulebook

    wish = _wish({**wishes, "notify": notify or None})
    if wish == rulebook.Wish():
        raise Refusal("nothing to change; say what, such as --query or --notify")
    if wish.query is not None:
        wish = _with_variants(session, wish, wish.query)

    def save(tx: Transaction) -> Rule:
        old = rulebook.rule_named(tx, rule)
        return rulebook.edit_rule(tx, old, wish, now=session.now(), anything=force)

    with session.app() as app:
        if wish.query is not None and not dry_run:
            wish = _with_translations(session, app, app.translation, wish, save)
        if not dry_run and _matches_otherwise(wish):
            _refuse_everything(app, save, forced=force)
        with suppress(_DryRun), app.storage.transaction() as tx:
            old = rulebook.rule_named(tx, rule)
            edited = save(tx)
            shape = shape_of(tx, edited)
            if dry_run:
                raise _DryRun  # takes back all that was written
        card = None
        if dry_run:
            card = look(session, app.storage, edited, now=app.now(), before=old)
            shape["card"] = card_shape(card, edited)
    verb = "would be" if dry_run else "is"
    session.show(shape, f"Rule {output.quoted(edited.name)} {verb} changed.")
    if card is not None:
        _show_card(session, card, edited, forced=force)


@click.command("pause-rule", cls=Command)
@click.argument("rule", type=TEXT)
@pass_session
def pause_rule(session: Session, rule: str) -> None:
    """Let a rule raise nothing until it is resumed.

    \b
    Example:
        monitor pause-rule "Hanoi Convention"
    """
    _set_state(session, rule, RuleState.PAUSED, "is paused")


@click.command("resume-rule", cls=Command)
@click.argument("rule", type=TEXT)
@pass_session
def resume_rule(session: Session, rule: str) -> None:
    """Let a paused rule raise alerts again, about what comes in from now on.

    \b
    Example:
        monitor resume-rule "Hanoi Convention"
    """
    _set_state(session, rule, RuleState.ACTIVE, "raises alerts again")


@click.command("remove-rule", cls=Command)
@click.argument("rule", type=TEXT)
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def remove_rule(session: Session, rule: str, yes: bool) -> None:
    """Remove a rule; the alerts it has raised stay, and still go out.

    \b
    Example:
        monitor remove-rule "Hanoi Convention" --yes
    """
    _set_state(session, rule, RuleState.REMOVED, "is removed", question="Remove rule {}?", yes=yes)


def _set_state(
    session: Session,
    word: str,
    state: RuleState,
    outcome: str,
    *,
    question: str = "",
    yes: bool = True,
) -> None:
    from monitor.services import rules as rulebook

    change_state(
        session,
        word,
        named=rulebook.rule_named,
        change=lambda tx, found: shape_of(tx, rulebook.set_state(tx, found, state)),
        sentence=f"Rule {{}} {outcome}.",
        question=question,
        yes=yes,
    )


def shape_of(tx: Transaction, rule: Rule) -> dict[str, Any]:
    """Return a rule as JSON, with how many alerts it has raised."""
    shape = rule_shape(rule, channels=_channel_names(tx, rule))
    return {**shape, "alerts": tx.alerts.count(rule_id=rule.id)}


def _counted_variants(rule: Rule) -> str:
    """Return how many variants count, and how many wait for somebody to look at them."""
    states = [variant.state for variant in rule.variants]
    waiting = states.count(VariantState.PROPOSED)
    counting = str(states.count(VariantState.ACTIVE))
    return f"{counting} (+{waiting} proposed)" if waiting else counting


def _channel_names(tx: Transaction, rule: Rule) -> dict[str, str]:
    """Return the names of the rule's channels by id, those of removed ones too."""
    channels = (tx.channels.get(each) for each in rule.channel_ids)
    return {channel.id: channel.name for channel in channels if channel is not None}


def _wish(given: dict[str, Any]) -> Any:
    """Return what the options ask for; an option that was not given asks for nothing."""
    from monitor.services.rules import Wish

    return Wish(
        **{key: value for key, value in given.items() if value not in (None, ())} | _any(given)
    )


def _matches_otherwise(wish: Any) -> bool:
    """Whether the wish changes what a rule matches."""
    given = (wish.query, wish.variants, wish.strictness, wish.languages, wish.sources)
    return any(each is not None for each in given)


def _refuse_everything(
    app: "App", save: Callable[[Transaction], Rule | None], *, forced: bool
) -> None:
    """Refuse what `save` would leave when it matches most of the newest articles."""
    from monitor.backtest.run import check_on_newest
    from monitor.translation.translate import would_save

    if forced:
        return
    rule, _ = would_save(app.storage, save)
    if rule is not None:
        check_on_newest(app.storage, rule, now=app.now())


def _show_card(session: Session, card: "Card", rule: Rule, *, forced: bool) -> None:
    """Print the card for people, and refuse a rule that matches everything."""
    from monitor.backtest.report import refuse_everything

    if not session.json:
        output.say("")
        show_card(card, rule)
    if not forced:
        refuse_everything(card)


def _with_variants(session: Session, wish: Any, query: str) -> Any:
    """Return the wish with the variants that the lists give for a query."""
    from rules.expand.variants import variants_of

    made = variants_of(query, session.lexicons.all)
    return replace(wish, made=made, expansion=session.lexicons.fingerprint)


def _with_translations(
    session: Session,
    app: "App",
    translation: "Translation | None",
    wish: Any,
    save: Callable[[Transaction], Rule | None],
) -> Any:
    """Return the wish with what the translator proposes for the rule that `save` would leave."""
    if translation is None:
        return wish
    from monitor.translation.translate import warning, would_save

    rule, others = would_save(app.storage, save)
    if rule is None:
        return wish
    session.hint("Asking the translator ...")
    found = translation.of_rule(rule, others)
    if found.problem:
        output.warn(warning(found.problem, rule.name, command=session.config.command_name))
    return replace(wish, made=(*(wish.made or ()), *found.variants))


def _any(given: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """`--language any` asks for something, namely for no limit."""
    return {"languages": ()} if given.get("languages") == () else {}
