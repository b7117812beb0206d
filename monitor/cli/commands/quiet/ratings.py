"""The command by which readers say what they think of an alert."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Remedy, RemedyKind, escaped
from monitor.base.remedies import remedy_words
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session, pass_session
from monitor.views.rules.variant import rated_shape

if TYPE_CHECKING:
    from monitor.backtest.report import Backtest
    from monitor.services.rules.feedback import Rated

_VERDICTS = ("useful", "noise", "wrong", "none")


@click.command("rate-alert", cls=Command)
@click.argument("alert", type=TEXT)
@click.argument("verdict", type=click.Choice(_VERDICTS))
@pass_session
def rate_alert(session: Session, alert: str, verdict: str) -> None:
    """Say what you think of an alert, and see which change of its rule would help.

    Of noise, and of what was found by wrong words, it proposes a sharper query with what that would
    have done in 30 days (all of it: edit-rule --dry-run). The rule stays as it is until you change
    it. With none, what was said is taken back.

    \b
    Example:
        monitor rate-alert a1b2c3 noise
    """
    from monitor.backtest.run import stored_backtest
    from monitor.services.rules.feedback import rate

    with session.storage() as storage:
        rated = rate(storage, alert, verdict, now=session.now())
        backtest = None
        if rated.proposal is not None:
            backtest = stored_backtest(
                storage, rated.proposal.rule, now=session.now(), before=rated.rule
            )
    command = session.config.command_name
    session.show(rated_shape(rated, backtest), "\n".join(_lines(rated, backtest, command)))


def _lines(rated: "Rated", backtest: "Backtest | None", command: str) -> Iterator[str]:
    name = output.quoted(rated.rule.name)
    if rated.verdict == "none":
        yield "Taken back."
        return
    yield f"Noted: {rated.verdict}. Rule {name} stays as it is."
    if rated.words:
        texts = " ".join(output.shell_word(variant.text) for variant in rated.words)
        yield "To let these words count no more:"
        yield f"  {command} wrong-match {output.short_id(rated.alert.id)} {texts}"
    proposal = rated.proposal
    if proposal is None or backtest is None:
        if rated.verdict != "useful" and not rated.words:
            yield "No change of its query was found that leaves this out and keeps the rest."
        return
    yield (
        f"A sharper query would leave out {proposal.left_out} of {proposal.noise} called noise, "
        f"keep {proposal.kept} of {proposal.others} others and lose {proposal.lost_useful} useful; "
        f"in 30 days it finds {output.counted(backtest.hits, 'article')}, {backtest.lost} fewer:"
    )
    changes = (("query", escaped(proposal.rule.query)),)
    words = remedy_words(Remedy(RemedyKind.SHARPEN_RULE, rated.rule.name, changes))
    yield f"  {words}"
