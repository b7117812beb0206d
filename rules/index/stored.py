"""Rules that lie somewhere, as an index of them reads them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from storage.model import Rule
from storage.stamp import stamp_of
from storage.variant_groups import RuleGroups, grouped


class Stored(NamedTuple):
    """Rules that lie somewhere, and are read with their variants when these are needed.

    Attributes:
        outlines: All of them, in order, without their variants.
        stamps: For each its `stamp_of`.
        whole: Returns some as they are now, by their ids, in their order.
        in_groups: Returns of some what their variants say now, in their order.
    """

    outlines: Sequence[Rule]
    stamps: Mapping[str, str]
    whole: Callable[[Sequence[str]], Iterable[Rule]]
    in_groups: Callable[[Sequence[str]], Iterable[RuleGroups]]

    def said(self, rule: Rule) -> str:
        """Return by what a rule is known again."""
        return said_of(rule, self.stamps.get(rule.id, ""))


def stored_here(rules: Iterable[Rule]) -> Stored:
    """Return rules that are here, with their variants."""
    by_id = {rule.id: rule for rule in rules}
    stamps = {rule.id: stamp_of(rule) for rule in by_id.values()}

    def in_groups(ids: Sequence[str]) -> Iterator[RuleGroups]:
        for each in ids:
            rule = by_id[each]
            yield RuleGroups(each, rule.revision, stamps[each], grouped(rule.variants))

    return Stored(
        list(by_id.values()), stamps, lambda ids: [by_id[each] for each in ids], in_groups
    )


def said_of(rule: Rule, stamp: str) -> str:
    """Return by what a rule is known again that has a stamp; "" for none."""
    return f"{rule.id} {stamp}" if stamp else ""
