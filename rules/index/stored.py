"""Rules that lie somewhere, as an index of them reads them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from storage.model import Rule
from storage.stamp import stamp_of
from storage.variant_groups import RuleGroups, grouped

_SHARE_AHEAD, _MOST_AHEAD = 4, 16
"""A quarter as many rules as were met, but no more, are read with the next one."""

_MOST_WAITING = 100
"""So many that were not met yet are held, 12 KB each: of very many rules an article meets few
again."""


class Stored(NamedTuple):
    """Rules that lie somewhere, and are read with their variants when these are needed.

    Attributes:
        outlines: All of them, in order, without their variants.
        stamp: Returns the `stamp_of` of one, by its id; "" if it has none.
        whole: Returns some as they are now, by their ids, in their order.
        in_groups: Returns of some what their variants say now, in their order.
    """

    outlines: Sequence[Rule]
    stamp: Callable[[str], str]
    whole: Callable[[Sequence[str]], Iterable[Rule]]
    in_groups: Callable[[Sequence[str]], Iterable[RuleGroups]]

    def said(self, rule: Rule) -> str:
        """Return by what a rule is known again."""
        return said_of(rule, self.stamp(rule.id))


def stored_here(rules: Iterable[Rule]) -> Stored:
    """Return rules that are here, with their variants."""
    by_id = {rule.id: rule for rule in rules}

    def in_groups(ids: Sequence[str]) -> Iterator[RuleGroups]:
        for each in ids:
            rule = by_id[each]
            yield RuleGroups(each, rule.revision, "", grouped(rule.variants))

    return Stored(
        list(by_id.values()),
        lambda rule_id: stamp_of(by_id[rule_id]),  # which an index seldom asks for
        lambda ids: [by_id[each] for each in ids],
        in_groups,
    )


def said_of(rule: Rule, stamp: str) -> str:
    """Return by what a rule is known again that has a stamp; "" for none."""
    return f"{rule.id} {stamp}" if stamp else ""


class Reader:
    """Reads rules when articles meet them, and some ahead: more the more were met."""

    def __init__(self, stored: Stored, later: Iterator[str]) -> None:
        self._stored = stored
        self._later = later
        self._met = 0
        self._waiting: dict[str, Rule] = {}

    def read(self, ids: Collection[str]) -> Iterator[Rule]:
        """Yield rules that are met, with their variants; those read ahead as they were then."""
        missing = [each for each in ids if each not in self._waiting]
        if missing:
            self._met += len(missing)
            room = _MOST_WAITING - len(self._waiting)
            most = min(self._met // _SHARE_AHEAD, _MOST_AHEAD, room) - len(missing)
            ahead = (each for each in self._later if each not in self._waiting)
            every = dict.fromkeys([*missing, *islice(ahead, max(0, most))])
            self._waiting |= {rule.id: rule for rule in self._stored.whole(list(every))}
        found = (self._waiting.pop(each, None) for each in ids)
        return (rule for rule in found if rule)
