"""Names that people give to rules, sources and channels, and how to find a thing by one."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from monitor.base.errors import Missing, Refusal, did_you_mean, escaped, quoted
from storage.api.storage import Transaction
from storage.model import SHORTEST_ID, Rule

LONGEST_NAME = 200

CONSOLE = "console"
"""The channel of rules that name none."""

Thing = TypeVar("Thing")


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str: ...


def checked_name(text: str) -> str:
    """Return the name, trimmed.

    Raises:
        Refusal: It is empty, too long, holds control characters, or would look like an option.
    """
    name = " ".join(text.split(" ")).strip()
    if not name:
        raise Refusal("a name cannot be empty")
    if len(name) > LONGEST_NAME:
        raise Refusal(f"name {quoted(name)} is over {LONGEST_NAME} characters; shorten it")
    if escaped(name) != name:
        raise Refusal(f"name {quoted(name)} holds a control character; leave it out")
    if name.startswith("-"):
        raise Refusal(f'name {quoted(name)} begins with "-" like an option; begin it otherwise')
    return name


def one_named(
    noun: str,
    word: str,
    find: Callable[[str], Thing | None],
    everything: Callable[[], Iterable[Named]],
) -> Thing:
    """Return what the word names: a name, an id or the beginning of one.

    Capitals make no difference where only one thing has a name that is the same without them.

    Raises:
        Missing: There is no such thing; it says which name is nearest.
        storage.api.errors.Ambiguous: The word begins several ids.
    """
    thing = find(word) if word else None
    if thing is None:
        names = [other.name for other in everything()]
        alike = [name for name in names if name.casefold() == word.casefold()]
        thing = find(alike[0]) if len(alike) == 1 else None
    if thing is None:
        hint = did_you_mean(word, names)
        if not names and len(word) < SHORTEST_ID:  # of what has no name
            hint = f"; the beginning of an id has {SHORTEST_ID} characters at least"
        raise Missing(f"there is no {noun} {quoted(word)}{hint}", word=word)
    return thing


def channel_names(tx: Transaction, *rules: Rule) -> dict[str, str]:
    """Return the names of the rules' channels by id, those of removed ones too."""
    ids = dict.fromkeys(id_ for rule in rules for id_ in rule.channel_ids)
    channels = map(tx.channels.get, ids)
    return {channel.id: channel.name for channel in channels if channel is not None}
