"""Rules and their variants."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from storage.model import (
    Rule,
    RuleState,
)
from storage.variant_groups import RuleGroups
from storage.variant_use import VariantHit, VariantUse


class Rules(Protocol):
    """What people asked for."""

    def add(self, rule: Rule) -> bool:
        """Add a rule and move the rules' revision; False if its id is known and not removed.

        A removed one is revived with the new fields; its own revision goes on growing.
        """
        ...

    def update(self, rule: Rule) -> None:
        """Replace a rule's fields and move the rules' revision."""
        ...

    def set_state(self, rule_id: str, state: RuleState) -> None:
        """Pause, resume or remove; moves the rules' revision."""
        ...

    def get(self, id: str) -> Rule | None:
        """Return the rule with exactly this id, removed ones too."""
        ...

    def find(self, prefix: str) -> Rule | None:
        """Return the rule with this name, this exact query, or this id prefix; not removed ones.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def all(self) -> list[Rule]:
        """Return all that are not removed, by creation, ties by id."""
        ...

    def outlines(self, ids: Iterable[str] | None = None) -> list[Rule]:
        """Return all that are not removed, or those of these that are there; in the order of `all`.

        They are without their variants, of which there may be very many.
        """
        ...

    def watching(self) -> dict[str, int]:
        """Return the ids of all rules that are evaluated, paused ones too, with their revisions.

        By creation, ties by id.
        """
        ...

    def stamps(self) -> dict[str, str]:
        """Return for each rule that is not removed what stands for its words and its variants.

        Never the same when these changed: `storage.stamp.stamp_of`.
        """
        ...

    def ending(self, *, after: datetime, until: datetime) -> list[Rule]:
        """Return rules, not removed ones, whose `expires_at` lies between; soonest first.

        `until` belongs to it, `after` does not; ties by id. They are without their variants.
        """
        ...

    def some(self, ids: Iterable[str]) -> Iterator[Rule]:
        """Yield those of these rules that are there, in the order of `ids`, a few at a time.

        So many rules with so many variants need not be in memory at once.
        """
        ...

    def in_groups(self, ids: Iterable[str]) -> Iterator[RuleGroups]:
        """Yield the variants of rules in groups, in the order of `some`.

        What they say is read as one text: a tenth of the time that their rows take.
        """
        ...

    def expanded_otherwise(self, expansion: str, *, limit: int) -> list[str]:
        """Return ids of rules, not removed ones, that have another `expansion`; oldest first."""
        ...

    def expanded(self, rule_id: str, expansion: str, *, revision: int) -> bool:
        """Note with which lists a rule's variants would be the same; moves no revision.

        False, and nothing written, when the rule's own revision is another one by now.
        """
        ...

    def revision(self) -> int:
        """Return a number that grows with every change to any rule."""
        ...

    def hold(self) -> None:
        """Let nobody change rules, or go by their revision, before this transaction ends.

        Who changes rules besides channels or sources asks before it changes those: whoever
        stores news has the revision, and wants them.
        """
        ...

    def lock_revision(self) -> int:
        """Return `revision`, and keep others from moving it until this transaction ends.

        Several transactions may hold it at once; only changes to rules wait (FOR SHARE).
        """
        ...

    def to_catch_up(self) -> list[str]:
        """Return the ids of active rules that the archive was not searched for yet, as `all`."""
        ...

    def caught_up(self, searched: Mapping[str, int]) -> set[str]:
        """Note that the archive has been searched for new rules; moves no revision.

        Args:
            searched: Of each rule, by its id, its own revision.

        Returns:
            Those that are still as they were searched for; of the others nothing is written.
        """
        ...

    def count_hits(self, hits: Iterable[VariantHit], *, now: datetime) -> None:
        """Count an alert for each variant that was hit, as often as it is given.

        Of a rule's variants with the same text, those of the article's language and of any, if
        there are such. What is unknown is passed over. Moves no revision.
        """
        ...

    def variant_uses(self, rule_id: str) -> list[VariantUse]:
        """Return the rule's variants in the rule's order, with what was counted of them.

        The counts outlive changes of the rule, as long as one of its variants has the text.
        """
        ...
