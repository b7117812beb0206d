"""What pausing, resuming and removing have in common, whatever is paused, resumed or removed."""

from collections.abc import Callable
from typing import TypeVar

from monitor.base.names import Named
from monitor.cli import output
from monitor.cli.session import Session
from storage.api import Transaction

Thing = TypeVar("Thing", bound=Named)


def change_state(
    session: Session,
    word: str,
    *,
    named: Callable[[Transaction, str], Thing],
    change: Callable[[Transaction, Thing], output.Object],
    sentence: str,
    question: str = "",
    yes: bool = True,
) -> None:
    """Find what the word names, ask if that is wished, change it, and say so.

    Nobody is kept waiting while the question stands: finding and changing are two transactions.

    Args:
        named: Finds the thing, or raises Refusal.
        change: Changes it, by its id, and returns it as JSON.
        sentence, question: With `{}` where the name goes.
        yes: Whether the answer is known to be yes.
    """
    with session.storage() as storage:
        with storage.reading() as tx:
            found = named(tx, word)
        session.confirm(question.format(output.quoted(found.name)), yes=yes)
        with storage.transaction() as tx:
            shape = change(tx, found)
    session.show(shape, sentence.format(output.quoted(found.name)))
