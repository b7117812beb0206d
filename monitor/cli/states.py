"""What listing, pausing, resuming and removing have in common, whatever it is done to."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from monitor.base.names import Named
from monitor.cli import output
from monitor.cli.session import Session
from storage.api.storage import Transaction

Noun = TypeVar("Noun")
Thing = TypeVar("Thing", bound=Named)
Shape = TypeVar("Shape", bound=output.Object)


def show_list(
    session: Session,
    nouns: Sequence[Noun],
    *,
    shape: Callable[[Noun], output.Object],
    columns: Mapping[str, Callable[[Noun], object]],
    nothing: str,
    whole: str | None = None,
) -> None:
    """Print what there is: a JSON line each, or a table for people.

    Args:
        columns: What stands in each, under its heading.
        nothing: What is said when there is none.
        whole: As of `output.table`.

    Raises:
        click.exceptions.Exit: There is none.
    """
    if not nouns:
        session.found_nothing(nothing)
    if session.json:
        for noun in nouns:
            output.emit(shape(noun))
        return
    rows = [[cell(noun) for cell in columns.values()] for noun in nouns]
    output.table(tuple(columns), rows, whole=whole)


def change_state(
    session: Session,
    word: str,
    *,
    named: Callable[[Transaction, str], Thing],
    change: Callable[[Transaction, Thing], Shape],
    sentence: str | Callable[[Shape], str],
    question: str | Callable[[Transaction, Thing], str] = "",
    yes: bool = True,
) -> Shape:
    """Find what the word names, ask if that is wished, change it, say so, and return its JSON.

    Nobody is kept waiting while the question stands: finding and changing are two transactions.

    Args:
        named: Finds the thing, or raises Refusal.
        change: Changes it, by its id, and returns it as JSON.
        sentence, question: With `{}` where the name goes, or what makes them.
        yes: Whether the answer is known to be yes.
    """
    with session.storage() as storage:
        with storage.reading() as tx:
            thing = named(tx, word)
            asked = question if isinstance(question, str) else question(tx, thing)
        name = output.quoted(thing.name)
        session.confirm(asked.replace("{}", name), yes=yes)
        with storage.transaction() as tx:
            shape = change(tx, thing)
    said = sentence if isinstance(sentence, str) else sentence(shape)
    session.show(shape, said.replace("{}", name))
    return shape
