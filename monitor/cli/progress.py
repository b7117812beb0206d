"""What somebody at a terminal sees while a rule is saved: what takes so long, and how far it is."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Remedy, RemedyKind
from monitor.base.remedies import remedy_words
from monitor.cli import output
from monitor.cli.session import Session
from monitor.services.rules.saving import Progress, Saving

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.backtest.documents import Document


class ShownProgress(Progress):
    """Tells a session what goes on."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def asking(self) -> None:
        self._session.hint("Asking the translator ...")

    def untranslated(self, problem: str, rule_name: str, *, others: int = 0) -> None:
        from monitor.translation.translate import warning

        remedy = Remedy(RemedyKind.TRANSLATE_AGAIN, rule_name)
        again = remedy_words(remedy)
        output.warn(warning(problem) + again)
        if others:
            output.warn(f"So it is with {output.counted(others, 'further rule')}.")

    def reading(self, documents: "Iterator[Document]", count: int) -> "Iterator[Document]":
        if not self._session.shows_progress:
            yield from documents
            return
        with click.progressbar(length=count, label="Reading articles", file=sys.stderr) as bar:
            for document in documents:
                bar.update(1)
                yield document


def saving_of(session: Session, app: "App") -> Saving:
    """Return what saving rules needs of the program, which tells the session what goes on."""
    return Saving(
        storage=app.storage,
        now=app.now,
        lexicons=lambda: app.lexicons,
        translation=lambda: app.translation,
        catch_up=lambda: app.pipeline.catch_up(),
        watched_languages=app.config.watched_languages,
        progress=ShownProgress(session),
    )
