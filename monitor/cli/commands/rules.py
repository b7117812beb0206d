"""Commands about rules: what somebody wants to be told about."""

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import click

from monitor.base.checkout import shell_word
from monitor.base.counts import told_next
from monitor.base.errors import Refusal, Remedy, RemedyKind, escaped
from monitor.base.names import channel_names
from monitor.base.remedies import remedy_words
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.backtest import show_backtest
from monitor.cli.params import BACKFILL, TEXT
from monitor.cli.progress import saving_of
from monitor.cli.reach import joined, show_reach
from monitor.cli.rule_options import changes_of, delivering_options, matching_options
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.states import change_states, of_tag, one_or_tag, show_list, tag_option
from monitor.services.fields.rule_fields import BY_NAME, RuleChanges
from monitor.views.rules.rule import (
    ChangedRuleShape,
    KeptRuleShape,
    added_rule_shape,
    kept_rule_shape,
    kept_rule_shapes,
)
from storage.api.storage import Transaction
from storage.model import Rule, RuleState, VariantState
from storage.variant_groups import RuleGroups

if TYPE_CHECKING:
    from monitor.quiet.backfill import Backfill
    from monitor.services.rules.save_rule import Saved

force_option = click.option(
    "--force", is_flag=True, help="Take a rule that matches nearly everything, too."
)


@click.command("add-rule", cls=Command)
@click.argument("query", type=TEXT)
@delivering_options
@matching_options
@click.option(
    "--backfill",
    type=BACKFILL,
    help="Of what is stored, also tell of N stories, of 7d, of all or of none; else of the newest "
    "5 that lie in folders.",
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
    backfill: "Backfill | None",
    dry_run: bool,
    force: bool,
    **given: object,
) -> None:
    """Alert from now on when an article matches QUERY.

    A plain QUERY is a keyword: its words near each other, inflected, in any language. Quotes
    make a phrase; AND, OR, NOT, NEAR/5 and title: are in docs/rules.md.

    What was stored before comes as one message: the newest 5 stories of the folders, unless
    --backfill says otherwise.

    \b
    Example:
        monitor add-rule "Hanoi Convention" --notify desk
        monitor add-rule 'rail AND (strike OR walkout) -berlin' --language en,de
    """
    from monitor.quiet.backfill import USUAL
    from monitor.services.rules.save_rule import save_new

    changes = replace(changes_of(given), query=query)
    with session.app() as app:
        saving = saving_of(session, app)
        saved = save_new(saving, changes, backfill=backfill or USUAL, forced=force, dry_run=dry_run)
        reach = saved.reach(app.lexicons.all)
        waiting = saved.waiting(app.lexicons.all)
    shape = added_rule_shape(
        saved.rule,
        channels=saved.channels,
        reach=reach,
        raised=saved.raised,
        backtest=saved.backtest,
    )
    for advice in saved.advice:
        output.warn(f"Note: {advice}")
    _show(session, saved, shape, _added_sentence(saved, is_backfill=backfill is not None))
    if not session.json:
        command = session.config.command_name
        show_reach(
            saved.rule,
            reach,
            command=command,
            is_kept=not dry_run,
            waiting=waiting,
            usual=session.config.rule_language,
        )
    if not dry_run:
        _say_what_next(session, saved, is_usual=backfill is None)


def _show(session: Session, saved: "Saved", shape: output.Object, sentence: str) -> None:
    """Print a rule that was saved, or what it would have done.

    Raises:
        Refusal: It would not be saved.
    """
    session.show(shape, sentence)
    for name, takes in saved.unfit.items():
        output.warn(
            f"Warning: channel {output.quoted(name)} takes only {takes}, so this rule tells it "
            "nothing"
        )
    if saved.passed_over:
        names = joined(map(output.quoted, saved.passed_over[:3]))
        told = " ".join(f"--notify {shell_word(name)}" for name in saved.passed_over[:3])
        command = f"{session.config.command_name} edit-rule {shell_word(saved.rule.name)} {told}"
        how = f"add {told}" if saved.backtest is not None else command
        output.warn(f"Note: only the console is told; to tell {names} instead: {escaped(how)}")
    for name, why in saved.off.items():
        enable = f"{session.config.command_name} enable-channel {shell_word(name)}"
        output.warn(
            f"Warning: nothing is sent to channel {output.quoted(name)} ({escaped(why)}) "
            f"until you run: {escaped(enable)}"
        )
    if saved.backtest is not None and not session.json:
        output.say("")
        show_backtest(saved.backtest, saved.rule)
    if saved.refusal is not None:
        raise saved.refusal


def _say_what_next(session: Session, saved: "Saved", *, is_usual: bool) -> None:
    from monitor.config.home import daemon_pid

    if session.json:
        return
    command = session.config.command_name
    if is_usual and saved.old is None and saved.has_articles and not saved.raised:
        query = output.shell_word(saved.rule.query)
        output.warn(
            f"Of what is stored it tells nothing; to look there: {command} try-rule {query}"
        )
    if daemon_pid(session.config.home) is not None:
        return
    if saved.is_first and not saved.has_sources:
        output.warn(f"Next, say where to look: {command} add-source URL_OR_FOLDER")
    if saved.raised or saved.is_first:
        output.warn(f"Nothing is sent until the daemon runs: {command} run (or: run --once)")


def _added_sentence(saved: "Saved", *, is_backfill: bool) -> str:
    rule = saved.rule
    told = ", ".join(saved.told) or "nobody"
    new = ", ".join(saved.new_channels)
    would = saved.backtest is not None
    if saved.old is None:
        verb = "would tell" if would else "tells"
        sentence = f"Rule {output.quoted(rule.name)} {verb} {told}."
    elif new:
        verb = "would also tell" if would else "now also tells"
        sentence = f"Rule {output.quoted(rule.name)} {verb} {new}."
    else:
        sentence = f"Rule {output.quoted(rule.name)} is there already; it tells {told}."
    if saved.old is not None and is_backfill:
        # It has searched what is stored: saying the same again asks for nothing.
        sentence += remedy_words(Remedy(RemedyKind.SEND_OLD, rule.name))
    return sentence + _told_of_old(saved, is_asked=is_backfill and saved.old is None)


def _told_of_old(saved: "Saved", *, is_asked: bool) -> str:
    """Return what is said about what was stored before a rule was there.

    Args:
        is_asked: Whether its owner has said how much of that is to be told.
    """
    if not saved.raised:
        is_searched = is_asked and saved.rule.backfill_most != 0 and saved.backtest is None
        more = "nothing more" if saved.alerts else "nothing"
        return f" It raised {more} about what was stored." if is_searched else ""
    if saved.raised == 1:
        told = " It raised 1 alert at once, about what was stored."
    else:
        told = f" It raised {saved.raised} alerts at once, about what was stored: one digest."
    if saved.raised == saved.rule.backfill_most:
        told += remedy_words(Remedy(RemedyKind.SEND_OLD, saved.rule.name))
    return told


@click.command("list-rules", cls=Command)
@click.option("--tag", type=TEXT, help="Only those of this tag.")
@pass_session
def list_rules(session: Session, tag: str | None) -> None:
    """List the rules.

    \b
    Example:
        monitor list-rules
        monitor list-rules --tag elections
    """
    with session.storage() as storage, storage.reading() as tx:
        rules = tx.rules.all() if session.json else tx.rules.outlines()
        if tag is not None:
            rules = of_tag(rules, tag, noun="rule")
        wanted = () if session.json else (rule.id for rule in rules)
        counted = {each.rule_id: _counted_variants(each) for each in tx.rules.in_groups(wanted)}
        names, raised = channel_names(tx, *rules), tx.figures.raised()
        shapes = kept_rule_shapes(rules, channels=names, raised=raised)
        listed = list(zip(rules, shapes, strict=True))
        living = {channel.id for channel in tx.channels.all()}
    command, now = session.config.command_name, session.now()
    show_list(
        session,
        listed,
        shape=lambda row: row[1],
        columns={
            "ID": lambda row: output.short_id(row[0].id),
            "NAME": lambda row: row[0].name,
            "STATE": lambda row: row[0].state.value,
            "QUERY": lambda row: row[0].query,
            "VARIANTS": lambda row: counted.get(row[0].id, "0"),
            "CHANNELS": lambda row: _named_channels(*row, living),
            "ALERTS": lambda row: row[1]["alerts"],
            "ADDED": lambda row: show_age(row[0].created_at, now=now),
        },
        nothing=f'There is no rule. Add one: {command} add-rule "your words"',
    )


def _named_channels(rule: Rule, shape: KeptRuleShape, living: set[str]) -> list[str]:
    """Return the names of a rule's channels, and which of them are removed."""
    return [
        name if id_ in living else f"{name} (removed)"
        for name, id_ in zip(shape["channels"], rule.channel_ids, strict=True)
    ]


@click.command("edit-rule", cls=Command)
@click.argument("rule", type=TEXT)
@click.option("--query", type=TEXT, help=BY_NAME["query"].purpose)
@delivering_options
@matching_options
@click.option(
    "--backfill",
    type=BACKFILL,
    help="Tell now of what is stored, too: of N stories, of 7d or of all.",
)
@click.option(
    "--dry-run", is_flag=True, help="Change nothing; show what it would have done in 30 days."
)
@force_option
@pass_session
def edit_rule(
    session: Session,
    /,
    rule: str,
    backfill: "Backfill | None",
    dry_run: bool,
    force: bool,
    **given: object,
) -> None:
    """Change what is given, and leave the rest of the rule as it is.

    Options that may be given several times replace what was there; --language any, --source
    any, --tag none, --digest none, --max-per-day none, --expires never and so on take it back
    (none, never and any mean the same), and --notify none tells nobody. Articles that the rule has
    not matched before raise nothing, unless --backfill says so.

    \b
    Example:
        monitor edit-rule "Hanoi Convention" --notify desk --notify console
    """
    from monitor.services.rules.save_rule import save_edited

    changes = changes_of(given)
    if changes == RuleChanges() and backfill is None:
        raise Refusal("nothing to change; say what, such as --query or --notify")
    with session.app() as app:
        saving = saving_of(session, app)
        saved = save_edited(saving, rule, changes, backfill=backfill, forced=force, dry_run=dry_run)
    kept = kept_rule_shape(
        saved.rule, channels=saved.channels, alerts=saved.alerts, backtest=saved.backtest
    )
    shape = {**kept, "gathered": saved.gathered}
    if saved.rule == saved.old:
        becomes = "would stay as it is" if dry_run else "is as it was"
    else:
        becomes = "would be changed" if dry_run else "is changed"
    sentence = f"Rule {output.quoted(saved.rule.name)} {becomes}."
    released = told_next(saved.gathered, dry_run=dry_run)
    is_asked = backfill is not None and not dry_run
    told = (sentence + _told_of_old(saved, is_asked=is_asked), released)
    _show(session, saved, shape, "\n".join(filter(None, told)))


@click.command("pause-rule", cls=Command)
@click.argument("rule", type=TEXT, required=False)
@tag_option("rule")
@pass_session
def pause_rule(session: Session, rule: str | None, tag: str | None) -> None:
    """Let a rule send nothing until it is resumed; it goes on finding.

    What it finds meanwhile is listed by list-alerts --held, and told in one digest then.

    \b
    Example:
        monitor pause-rule "Hanoi Convention"
        monitor pause-rule --tag elections
    """
    outcome = "is paused; what it finds is held for one digest"
    _set_state(session, rule, tag, RuleState.PAUSED, outcome)


@click.command("resume-rule", cls=Command)
@click.argument("rule", type=TEXT, required=False)
@tag_option("rule")
@pass_session
def resume_rule(session: Session, rule: str | None, tag: str | None) -> None:
    """Let a paused rule send alerts again; what it has found meanwhile comes as one digest.

    \b
    Example:
        monitor resume-rule "Hanoi Convention"
    """
    _set_state(session, rule, tag, RuleState.ACTIVE, "sends alerts again")


@click.command("remove-rule", cls=Command)
@click.argument("rule", type=TEXT, required=False)
@tag_option("rule")
@click.option("--yes", is_flag=True, help="Do not ask; needed without a terminal.")
@pass_session
def remove_rule(session: Session, rule: str | None, tag: str | None, yes: bool) -> None:
    """Remove a rule; the alerts it has raised stay, and still go out.

    \b
    Example:
        monitor remove-rule "Hanoi Convention" --yes
    """
    _set_state(
        session, rule, tag, RuleState.REMOVED, "is removed", question="Remove rule {}?", yes=yes
    )


def _set_state(
    session: Session,
    word: str | None,
    tag: str | None,
    state: RuleState,
    outcome: str,
    *,
    question: str = "",
    yes: bool = True,
) -> None:
    from monitor.services.rules import rules as rulebook

    def change(tx: Transaction, rule: Rule) -> ChangedRuleShape:
        changed, gathered = rulebook.set_state(tx, rule, state, now=session.now())
        shape = {**shape_of(tx, changed), "gathered": gathered}
        return cast(ChangedRuleShape, shape)

    change_states(
        session,
        chosen=one_or_tag(
            word, tag, noun="rule", named=rulebook.rule_named, every=lambda tx: tx.rules.all()
        ),
        change=change,
        sentence=lambda shape: f"Rule {{}} {outcome}.{output.gathered(shape['gathered'])}",
        question=question,
        yes=yes,
    )


def shape_of(tx: Transaction, rule: Rule) -> KeptRuleShape:
    """Return a rule as JSON, with how many alerts it has raised."""
    names = channel_names(tx, rule)
    return kept_rule_shape(rule, channels=names, alerts=tx.alerts.count(rule_id=rule.id))


def _counted_variants(of_rule: RuleGroups) -> str:
    """Return how many variants count, and how many wait for somebody to look at them."""
    counts = dict.fromkeys(VariantState, 0)
    for group in of_rule.groups:
        counts[VariantState(group.state)] += group.size
    counting, waiting = counts[VariantState.ACTIVE], counts[VariantState.PROPOSED]
    return f"{counting} (+{waiting} proposed)" if waiting else str(counting)
