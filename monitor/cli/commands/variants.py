"""Commands about the variants of a rule: what counts for its words, and what never does."""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, clipped, escaped
from monitor.cli import output
from monitor.cli.params import LANGUAGES, TEXT
from monitor.cli.progress import saving_of
from monitor.cli.session import Command, Session, pass_session
from monitor.views.rules.variant import decided_shape, expanded_shape, feedback_shape
from storage.model import Variant

if TYPE_CHECKING:
    from monitor.services.rules.feedback import Feedback
    from monitor.services.rules.save_rule import Expanded
    from monitor.services.rules.variant_edits import Decided

_NAMED = 10


@click.command("add-variant", cls=Command)
@click.argument("rule", type=TEXT)
@click.argument("texts", metavar="LANG:TEXT...", type=TEXT, nargs=-1, required=True)
@click.option("--of", type=TEXT, help="The words of the query that it stands for; all unless said.")
@pass_session
def add_variant(session: Session, rule: str, texts: tuple[str, ...], of: str | None) -> None:
    """Let these texts, too, count for a rule's words, beside the variants that it has.

    LANG is a code such as sv, or any. With --of it stands for some words only, and counts
    beside the others: "--of Convention sv:konvention" finds "Oslokonventionen".

    \b
    Example:
        monitor add-variant "Hanoi Convention" sv:Hanoiavtalet
        monitor add-variant "Hanoi Convention" sv:konvention --of Convention
    """
    from monitor.services.rules.variant_edits import add_variants

    with session.storage() as storage:
        decided = add_variants(storage, rule, texts, of)
    _show_decided(session, decided, "counts from now on")


@click.command("accept-variant", cls=Command)
@click.argument("rule", type=TEXT)
@click.argument("texts", metavar="[[LANG:]TEXT]...", type=TEXT, nargs=-1)
@click.option("--all-proposed", is_flag=True, help="All that are proposed.")
@click.option("--language", type=LANGUAGES, help="Of these only those in these languages: sv,vi.")
@pass_session
def accept_variant(
    session: Session,
    rule: str,
    texts: tuple[str, ...],
    all_proposed: bool,
    language: tuple[str, ...] | None,
) -> None:
    """Let variants count that are proposed, or were rejected.

    TEXT is one of those that show-rule shows, in every language that has it; LANG:TEXT is the
    one of that language.

    \b
    Example:
        monitor accept-variant "Hanoi Convention" sv:konvent
        monitor accept-variant "Hanoi Convention" --all-proposed --language sv,vi
    """
    from monitor.services.rules.variant_edits import accept_variants

    with session.storage() as storage:
        picked = _picked(texts, all_proposed, language)
        decided = accept_variants(storage, rule, picked, languages=language or ())
    _show_decided(session, decided, "counts from now on")


@click.command("reject-variant", cls=Command)
@click.argument("rule", type=TEXT)
@click.argument("texts", metavar="[[LANG:]TEXT]...", type=TEXT, nargs=-1)
@click.option("--all-proposed", is_flag=True, help="All that are proposed.")
@click.option("--language", type=LANGUAGES, help="Of these only those in these languages: sv,vi.")
@pass_session
def reject_variant(
    session: Session,
    rule: str,
    texts: tuple[str, ...],
    all_proposed: bool,
    language: tuple[str, ...] | None,
) -> None:
    """Let variants count no more, nor their forms and compounds; for good.

    They stay rejected when variants are made anew and when the rule is changed, or removed and
    added again. accept-variant takes it back.

    \b
    Example:
        monitor reject-variant "Hanoi Convention" sv:konvent
    """
    from monitor.services.rules.variant_edits import reject_variants

    with session.storage() as storage:
        picked = _picked(texts, all_proposed, language)
        decided = reject_variants(storage, rule, picked, languages=language or ())
    _show_decided(session, decided, "never counts again")


@click.command("expand-rule", cls=Command)
@click.argument("rule", type=TEXT)
@click.option("--translate", is_flag=True, help="Ask the translator, too.")
@pass_session
def expand_rule(session: Session, rule: str, translate: bool) -> None:
    """Make a rule's variants anew with today's lists, and say what came and went.

    What you have added, accepted or rejected stays as it is. The daemon does the same by itself
    when the lists change; only the translator is never asked unless you say so.

    \b
    Example:
        monitor expand-rule "Hanoi Convention"
        monitor expand-rule "Hanoi Convention" --translate
    """
    from monitor.services.rules.save_rule import save_expanded

    with session.app() as app:
        expanded = save_expanded(saving_of(session, app), rule, translate=translate)
    session.show(
        expanded_shape(expanded),
        "\n".join(_expanded(session, expanded)),
    )


@click.command("wrong-match", cls=Command)
@click.argument("alert", type=TEXT)
@click.argument("texts", metavar="[TEXT]...", type=TEXT, nargs=-1)
@pass_session
def wrong_match(session: Session, alert: str, texts: tuple[str, ...]) -> None:
    """Say that an alert was wrong: what found the article counts no more for its rule.

    Rejects, for good, the variants through which it was found; where no variant is to blame,
    the text that was found. With TEXT, only those of the words found, or variants. Words that
    the rule has as they are written cannot be rejected: change the query.

    \b
    Example:
        monitor wrong-match a1b2c3
    """
    from monitor.services.rules.feedback import reject_match

    with session.storage() as storage:
        feedback = reject_match(storage, alert, texts)
    session.show(
        feedback_shape(feedback),
        "\n".join(_corrected(session, feedback)),
    )


# --- deciding -------------------------------------------------------------------------------


def _picked(
    texts: Sequence[str], all_proposed: bool, languages: Collection[str] | None
) -> Sequence[str] | None:
    """Return the texts that are named; None for all that are proposed."""
    if languages is not None and not all_proposed:
        raise Refusal("--language goes with --all-proposed; name one text as LANG:TEXT")
    if all_proposed:
        if texts:
            raise Refusal("give TEXT, or --all-proposed")
        return None
    if not texts:
        raise Refusal("name a TEXT, or say --all-proposed")
    return texts


def _show_decided(session: Session, decided: "Decided", outcome: str) -> None:
    """Say what was decided about a rule's variants."""
    name, variants = decided.rule.name, decided.changed
    shape = decided_shape(decided)
    if not variants:
        session.show(shape, f"Nothing to change in rule {output.quoted(name)}.")
        return
    lines = [f"{_called(variant)} {outcome}{_for(variant)}." for variant in variants[:_NAMED]]
    if len(variants) > _NAMED:
        lines.append(f"So it is with {len(variants) - _NAMED} more.")
    session.show(shape, "\n".join(lines))


def _called(variant: Variant) -> str:
    from monitor.services.rules.variant_edits import shown

    return escaped(shown(variant))


def _for(variant: Variant) -> str:
    return f" for {output.quoted(variant.of)}" if variant.of else ""


# --- making anew ----------------------------------------------------------------------------


def _expanded(session: Session, expanded: "Expanded") -> Iterable[str]:
    rule, came, went = expanded.rule, expanded.came, expanded.went
    name = output.quoted(rule.name)
    count = output.counted(len(rule.variants), "variant")
    if not came and not went:
        yield f"Rule {name} has the same {count} as before."
    else:
        yield f"Rule {name} has {count}: {len(came)} came, {len(went)} went."
    for sign, variants in (("+", came), ("-", went)):
        for variant in variants[:_NAMED]:
            state = "" if variant.state.value == "active" else f", {variant.state.value}"
            yield f"  {sign} {_called(variant)}{_for(variant)} ({escaped(variant.source)}{state})"
        if len(variants) > _NAMED:
            yield f"  {sign} {len(variants) - _NAMED} more"
    if expanded.confusable:
        yield "These look alike and mean something else; exclude them with NOT if they come up:"
        yield "  " + ", ".join(map(clipped, expanded.confusable))
    if came or went:
        yield f"All of them: {session.config.command_name} show-rule {output.shell_word(rule.name)}"


# --- a wrong match --------------------------------------------------------------------------


def _corrected(session: Session, feedback: "Feedback") -> Iterable[str]:
    correction, article, gone = feedback.correction, feedback.article, feedback.gone
    rule = correction.rule
    name, title = output.quoted(rule.name), output.quoted(article.title)
    if correction.was is None:
        yield f"Rule {name} matches {title} no more as it is now; there is nothing to reject."
        return
    for variant in correction.rejected:
        text = f"{_called(variant)} ({escaped(variant.source)})"
        if variant.kind == "user" and not variant.language:
            text = output.quoted(variant.text)
        yield f"Rejected for rule {name}: {text}{_for(variant)}; it never counts again."
    if correction.still is not None:
        yield f"{title} still matches, by other words."
    else:
        yield f"{title} no longer matches."
    if gone:
        alerts = output.counted(len(gone), "earlier alert")
        yield f"Nor would {alerts} of this rule have been raised:"
        for alert, about in gone[:_NAMED]:
            yield f"  {output.short_id(alert.id)} {escaped(clipped(about.title))}"
    back = [output.shell_word(_name(variant)) for variant in correction.rejected[:_NAMED]]
    command = f"{session.config.command_name} accept-variant {output.shell_word(rule.name)}"
    yield f"To take it back: {command} {' '.join(back)}"


def _name(variant: Variant) -> str:
    """Return a variant as it is most shortly named: without the language if it is for any."""
    from monitor.services.rules.variant_edits import shown

    return shown(variant) if variant.language else variant.text
