"""Alerts, and what their readers said of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from common.records import dataclass
from storage.model import (
    Alert,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What an alert is about, in short; empty where it is no longer stored.

    Attributes:
        rule: Its rule's name.
        title, language: Its article's.
    """

    rule: str
    title: str
    language: str


class Alerts(Protocol):
    """What was raised."""

    def add_new(
        self,
        alerts: Iterable[Alert],
        *,
        owed: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> list[Alert]:
        """Store those whose id is not known and return them, with `seq` set, in order.

        Args:
            owed: The (channel id, recipient) pairs that are owed each rule's alerts, by its id;
                None for the channels that the rules name.

        Numbers are given without gaps in the order of commits: who reads on after the largest
        one seen misses none. Transactions that raise alerts therefore wait for one another,
        from this call to their end.
        """
        ...

    def get(self, id: str) -> Alert | None:
        """Return the alert with exactly this id."""
        ...

    def some(self, ids: Iterable[str]) -> list[Alert]:
        """Return those of these alerts that are there, by seq."""
        ...

    def headlines(self, ids: Iterable[str]) -> dict[str, Headline]:
        """Return what those of these alerts that are there are about, by their ids.

        Neither their evidence nor a text is read.
        """
        ...

    def find(self, prefix: str) -> Alert | None:
        """Return the alert with this id prefix.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def of_stories(self, ids: Iterable[str]) -> list[Alert]:
        """Return the alerts about these stories, by seq."""
        ...

    def told(self, story_ids: Iterable[str]) -> set[tuple[str, str]]:
        """Return (rule id, story id) of the alerts about these stories, which is asked sooner."""
        ...

    def recent(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        rule_id: str | None = None,
        after_seq: int | None = None,
        limit: int | None = 100,
    ) -> list[Alert]:
        """Return alerts newest first (by seq); with `after_seq`, only later ones, oldest first.

        `until` leaves out those raised at that moment or later.
        """
        ...

    def count(self, *, rule_id: str | None = None, since: datetime | None = None) -> int:
        """Return how many were raised."""
        ...


class Feedback(Protocol):
    """What readers said of alerts."""

    def give(self, alert_id: str, verdict: str, *, at: datetime) -> None:
        """Note what somebody thinks of an alert: "useful" or "noise"; the last word counts."""
        ...

    def take_back(self, alert_id: str) -> None:
        """Forget what somebody thinks of an alert; nothing where nobody has said it."""
        ...

    def some(self, alert_ids: Iterable[str]) -> dict[str, str]:
        """Return the verdicts about those of these alerts of which there is one, by their ids."""
        ...

    def of_rule(self, rule_id: str) -> dict[str, str]:
        """Return the verdicts about a rule's alerts, by the alert's id."""
        ...
