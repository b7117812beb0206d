"""What listing, pausing, resuming and removing have in common, whatever it is done to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

import click

from monitor.base.errors import Missing, Refusal, clipped, did_you_mean
from monitor.base.names import Named
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Session
from storage.api.storage import Transaction

_NAMED = 5
"""So many are named in a question about more."""


class _Tagged(Named, Protocol):
    @property
    def tags(self) -> tuple[str, ...]: ...


Noun = TypeVar("Noun")
Grouped = TypeVar("Grouped", bound=_Tagged)
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


def tag_option(noun: str) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """Return the option that names all rules or sources of a tag instead of one."""
    return click.option("--tag", type=TEXT, help=f"All {noun}s of this tag, instead of one.")


def of_tag(things: Iterable[Grouped], tag: str, *, noun: str) -> list[Grouped]:
    """Return those of a tag.

    Raises:
        Missing: There is none; it says which tag is nearest.
    """
    every = list(things)
    tagged = [thing for thing in every if tag in thing.tags]
    if not tagged:
        hint = did_you_mean(tag, {word for thing in every for word in thing.tags})
        raise Missing(f'no {noun} has the tag "{clipped(tag)}"{hint}', word=tag)
    return tagged


def one_or_tag(
    word: str | None,
    tag: str | None,
    *,
    noun: str,
    named: Callable[[Transaction, str], Grouped],
    every: Callable[[Transaction], Iterable[Grouped]],
) -> Callable[[Transaction], list[Grouped]]:
    """Return what finds the thing that a word names, or all of a tag.

    Raises:
        Refusal: Neither is given, or both are.
    """
    if word is not None and tag is None:
        return lambda tx: [named(tx, word)]
    if word is None and tag is not None:
        return lambda tx: of_tag(every(tx), tag, noun=noun)
    raise Refusal(f"name one {noun}, or give --tag for all of a tag")


def change_states(
    session: Session,
    *,
    chosen: Callable[[Transaction], Sequence[Thing]],
    change: Callable[[Transaction, Thing], Shape],
    sentence: str | Callable[[Shape], str],
    question: str | Callable[[Transaction, Thing], str] = "",
    yes: bool = True,
) -> list[Shape]:
    """Find things, ask if that is wished, change all or none, say so, and return their JSON.

    Nobody is kept waiting while the question stands: finding and changing are two transactions.

    Args:
        chosen: Finds the things, one at least, or raises Refusal.
        change: Changes one, by its id, and returns it as JSON.
        sentence, question: With `{}` where the name goes, or what makes them.
        yes: Whether the answer is known to be yes.
    """
    with session.storage() as storage:
        with storage.reading() as tx:
            things = chosen(tx)
            asked = question if isinstance(question, str) else question(tx, things[0])
        names = [output.quoted(thing.name) for thing in things]
        session.confirm(asked.replace("{}", _several(names)), yes=yes)
        with storage.changing() as tx:
            shapes = [change(tx, thing) for thing in things]
    for name, shape in zip(names, shapes, strict=True):
        said = sentence if isinstance(sentence, str) else sentence(shape)
        session.show(shape, said.replace("{}", name))
    return shapes


def _several(names: Sequence[str]) -> str:
    if len(names) <= _NAMED + 1:
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"


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
    """Change the thing that a word names; see `change_states`."""
    [shape] = change_states(
        session,
        chosen=lambda tx: [named(tx, word)],
        change=change,
        sentence=sentence,
        question=question,
        yes=yes,
    )
    return shape
