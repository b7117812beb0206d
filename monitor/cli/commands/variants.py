"""Commands about the variants of a rule: what counts for its words, and what never does."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, clipped, escaped
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session, pass_session
from storage.api import Transaction
from storage.model import Alert, Article, Rule, RuleState, Source, Variant

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.services.feedback import Correction
    from monitor.views.variant import VariantShape

_RECENT = 100
"""So many of a rule's alerts are looked at to say what else no longer matches."""

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
        monitor add-variant "Hanoi Convention" sv:konvention da:konvention --of Convention
    """
    from monitor.services.variant_edits import added

    _change(session, rule, lambda found: added(found, texts, of), "counts from now on")


@click.command("accept-variant", cls=Command)
@click.argument("rule", type=TEXT)
@click.argument("texts", metavar="[[LANG:]TEXT]...", type=TEXT, nargs=-1)
@click.option("--all-proposed", is_flag=True, help="All that are proposed.")
@pass_session
def accept_variant(session: Session, rule: str, texts: tuple[str, ...], all_proposed: bool) -> None:
    """Let variants count that are proposed, or were rejected.

    TEXT is one of those that show-rule shows, in every language that has it; LANG:TEXT is the
    one of that language.

    \b
    Example:
        monitor accept-variant "Hanoi Convention" sv:konvent
        monitor accept-variant "Hanoi Convention" --all-proposed
    """
    from rules.expand.variants import accepted

    _change(session, rule, _picked(texts, all_proposed, accepted), "counts from now on")


@click.command("reject-variant", cls=Command)
@click.argument("rule", type=TEXT)
@click.argument("texts", metavar="[[LANG:]TEXT]...", type=TEXT, nargs=-1)
@click.option("--all-proposed", is_flag=True, help="All that are proposed.")
@pass_session
def reject_variant(session: Session, rule: str, texts: tuple[str, ...], all_proposed: bool) -> None:
    """Let variants count no more, nor their forms and compounds; for good.

    They stay rejected when variants are made anew and when the rule is changed, or removed and
    added again. accept-variant takes it back.

    \b
    Example:
        monitor reject-variant "Hanoi Convention" sv:konvent
    """
    from rules.expand.variants import rejected

    _change(session, rule, _picked(texts, all_proposed, rejected), "never counts again")


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
    from monitor.services.rules import Wish, edit_rule, rule_named
    from rules.expand.variants import variants_of

    confusable: tuple[str, ...] = ()
    with session.app() as app:
        with app.storage.reading() as tx:
            old = rule_named(tx, rule)
        made = variants_of(old.query, app.lexicons.all)
        if translate:
            said, confusable = _translated(session, app, old)
            made = (*made, *said)
        with app.storage.transaction() as tx:
            current = _unmoved(tx, old)
            wish = Wish(made=made, expansion=app.lexicons.fingerprint)
            new = edit_rule(tx, current, wish, now=app.now())
    came, went = _difference(old, new)
    session.show(
        {
            "rule": new.name,
            "variants": len(new.variants),
            "came": [_shape(each) for each in came],
            "went": [_shape(each) for each in went],
            "confusable": list(confusable),
        },
        "\n".join(_expanded(session, new, came, went, confusable)),
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
    from monitor.services.feedback import correct

    with session.storage() as storage:
        with storage.reading() as tx:
            about, rule, article, source = _alert(tx, alert)
        correction = correct(rule, article, source, texts)
        _refuse_own_words(session, correction, article, texts)
        with storage.reading() as tx:
            others = _others(tx, rule, about)
        gone = _no_longer(rule, correction.rule, others)
        if correction.rejected:
            with storage.transaction() as tx:
                _unmoved(tx, rule)
                tx.rules.update(correction.rule)
    session.show(
        {
            "alert": about.id,
            "rule": rule.name,
            "rejected": [_shape(each) for each in correction.rejected],
            "matches": correction.still is not None,
            "no_longer": [each.id for each, _ in gone],
        },
        "\n".join(_corrected(session, correction, article, gone)),
    )


# --- deciding -------------------------------------------------------------------------------

Choice = Callable[[Rule], Sequence[Variant]]
"""Gets a rule; returns the variants that are to be in it."""


def _picked(
    texts: Sequence[str], all_proposed: bool, decide: Callable[[Variant], Variant]
) -> Choice:
    def choose(rule: Rule) -> Sequence[Variant]:
        from monitor.services.variant_edits import named, proposed

        if all_proposed:
            if texts:
                raise Refusal("give TEXT, or --all-proposed")
            return [decide(each) for each in proposed(rule)]
        if not texts:
            raise Refusal("name a TEXT, or say --all-proposed")
        return [decide(each) for text in texts for each in named(rule, text)]

    return choose


def _change(session: Session, word: str, choose: Choice, outcome: str) -> None:
    """Store what is decided about a rule's variants, and say what that was."""
    from monitor.services.rules import rule_named
    from monitor.services.variant_edits import changed, decided

    with session.storage() as storage, storage.transaction() as tx:
        old = rule_named(tx, word)
        new = decided(old, choose(old))
        different = changed(old, new)
        if different:
            tx.rules.update(new)
    shape = {"rule": old.name, "changed": [_shape(each) for each in different]}
    if not different:
        session.show(shape, f"Nothing to change in rule {output.quoted(old.name)}.")
        return
    lines = [f"{_called(each)} {outcome}{_for(each)}." for each in different[:_NAMED]]
    if len(different) > _NAMED:
        lines.append(f"So it is with {len(different) - _NAMED} more.")
    session.show(shape, "\n".join(lines))


def _unmoved(tx: Transaction, rule: Rule) -> Rule:
    """Return the rule as it is stored.

    Raises:
        Refusal: Somebody else has changed it since.
    """
    current = tx.rules.get(rule.id)
    if current is None or current.revision != rule.revision:
        name = output.quoted(rule.name)
        raise Refusal(f"rule {name} was changed at the same moment; try again", misuse=False)
    return current


def _shape(variant: Variant) -> "VariantShape":
    from monitor.views.variant import variant_shape

    return variant_shape(variant)


def _called(variant: Variant) -> str:
    from monitor.services.variant_edits import shown

    return escaped(shown(variant))


def _for(variant: Variant) -> str:
    return f" for {output.quoted(variant.of)}" if variant.of else ""


# --- making anew ----------------------------------------------------------------------------


def _translated(
    session: Session, app: "App", rule: Rule
) -> tuple[tuple[Variant, ...], tuple[str, ...]]:
    """Return what the translator proposes, and what looks alike but means something else."""
    from monitor.translation.translate import warning

    if app.translation is None:
        raise Refusal("no translator is configured; see docs/translators.md for how to set one")
    with app.storage.reading() as tx:
        others = [each for each in tx.rules.all() if each.id != rule.id]
    session.hint("Asking the translator ...")
    found = app.translation.of_rule(rule, others)
    if found.problem:
        output.warn(warning(found.problem, rule.name, command=session.config.command_name))
    return found.variants, found.confusable


def _difference(old: Rule, new: Rule) -> tuple[list[Variant], list[Variant]]:
    before = {variant.key: variant for variant in old.variants}
    after = {variant.key: variant for variant in new.variants}
    came = [variant for variant in new.variants if variant.key not in before]
    went = [variant for variant in old.variants if variant.key not in after]
    return came, went


def _expanded(
    session: Session,
    rule: Rule,
    came: Sequence[Variant],
    went: Sequence[Variant],
    confusable: Sequence[str],
) -> Iterable[str]:
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
    if confusable:
        yield "These look alike and mean something else; exclude them with NOT if they come up:"
        yield "  " + ", ".join(map(clipped, confusable))
    if came or went:
        yield f"All of them: {session.config.command_name} show-rule {output.shell_word(rule.name)}"


# --- a wrong match --------------------------------------------------------------------------

Told = tuple[Alert, Article]


def _alert(tx: Transaction, word: str) -> tuple[Alert, Rule, Article, Source]:
    from monitor.base.names import found

    alert = found("alert", word.removeprefix("#"), tx.alerts.find, lambda: ())
    rule = tx.rules.get(alert.rule_id)
    article = tx.articles.get(alert.article_id)
    source = tx.sources.get(article.source_id) if article else None
    if rule is None or rule.state is RuleState.REMOVED:
        raise Refusal("the rule of this alert was removed; there is nothing to reject in it")
    if article is None or source is None:
        raise Refusal("the article of this alert is no longer stored; reject-variant can do it")
    return alert, rule, article, source


def _refuse_own_words(
    session: Session, correction: "Correction", article: Article, texts: Sequence[str]
) -> None:
    """Refuse what rejecting cannot mend."""
    rule, still = correction.rule, correction.still
    if still is None:
        return
    if texts:
        if correction.rejected:
            return
        shown = ", ".join(f'"{clipped(text)}"' for text in texts)
        raise Refusal(f"{shown} is not what was found, or stands there as the rule has it")
    own = next((each for each in still.evidence if each.layer in ("exact", "folded")), None)
    words = output.quoted(own.text if own else rule.query)
    command = f"{session.config.command_name} edit-rule {output.shell_word(rule.name)}"
    raise Refusal(
        f"{words} stands in it as the rule has it, so no variant is to blame and nothing was "
        f"changed. Exclude what makes it another thing:\n"
        f"  {command} --query {output.shell_word(rule.query + ' NOT word')}\n"
        f"or look for less: {command} --match exact (or --language, --source)",
        misuse=False,
    )


def _others(tx: Transaction, rule: Rule, about: Alert) -> list[tuple[Alert, Article, Source]]:
    """Return the rule's newest other alerts, with what they were about."""
    sources: dict[str, Source | None] = {}
    found = []
    for alert in tx.alerts.recent(rule_id=rule.id, limit=_RECENT):
        article = tx.articles.get(alert.article_id)
        if article is None or alert.id == about.id:
            continue
        if article.source_id not in sources:
            sources[article.source_id] = tx.sources.get(article.source_id)
        source = sources[article.source_id]
        if source is not None:
            found.append((alert, article, source))
    return found


def _no_longer(old: Rule, new: Rule, others: Iterable[tuple[Alert, Article, Source]]) -> list[Told]:
    """Return those that matched with the rule as it was and do not as it is now."""
    from rules.matcher import make_matcher

    before, after = make_matcher([old]), make_matcher([new])
    return [
        (alert, article)
        for alert, article, source in others
        if before.matches(article, source) and not after.matches(article, source)
    ]


def _corrected(
    session: Session, correction: "Correction", article: Article, gone: Sequence[Told]
) -> Iterable[str]:
    rule = correction.rule
    name, title = output.quoted(rule.name), output.quoted(article.title)
    if correction.was is None:
        yield f"Rule {name} matches {title} no more as it is now; there is nothing to reject."
        return
    for each in correction.rejected:
        text = f"{_called(each)} ({escaped(each.source)})"
        if each.kind == "user" and not each.language:
            text = output.quoted(each.text)
        yield f"Rejected for rule {name}: {text}{_for(each)}; it never counts again."
    if correction.still is not None:
        yield f"{title} still matches, by other words."
    else:
        yield f"{title} no longer matches."
    if gone:
        alerts = output.counted(len(gone), "earlier alert")
        yield f"Nor would {alerts} of this rule have been raised:"
        for alert, about in gone[:_NAMED]:
            yield f"  {output.short_id(alert.id)} {escaped(clipped(about.title))}"
    back = [output.shell_word(_name(each)) for each in correction.rejected[:_NAMED]]
    command = f"{session.config.command_name} accept-variant {output.shell_word(rule.name)}"
    yield f"To take it back: {command} {' '.join(back)}"


def _name(variant: Variant) -> str:
    """Return a variant as it is most shortly named: without the language if it is for any."""
    from monitor.services.variant_edits import shown

    return shown(variant) if variant.language else variant.text
