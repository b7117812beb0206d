"""What every round asks and writes of sources, whatever they list."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from storage.api.errors import FencedOut
from storage.model import Source, SourceState
from storage.said.asking import Asking, Said
from storage.said.texts import Answered


class AskedSources(Asking):
    """The half of `storage.api.sources.Sources` that a round needs in which nothing is new."""

    def get(self, id: str) -> Source | None:
        found = self.ask("get", {"id": id}).mappings()
        return next(map(from_values, found), None)

    def failed(self) -> list[Source]:
        return [from_values(row) for row in self.ask("failed").mappings()]

    def claim_due(
        self,
        *,
        now: datetime,
        limit: int,
        lease: timedelta,
        owner: str,
        ids: Sequence[str] = (),
        first: Collection[str] = (),
        besides: Collection[str] = (),
        among: Collection[str] | None = None,
        without: Collection[str] = (),
    ) -> list[Source]:
        asked = {
            **({"ids": ids} if ids else {}),
            **({"besides": sorted(besides)} if besides else {}),
            **({"among": sorted(among)} if among is not None else {}),
            **({"without": sorted(without)} if without else {}),
        }
        wanted = {"now": now, "most": limit, "first": sorted(first), **asked}
        due_ids = [id_ for (id_,) in self.ask(" ".join(("due", *asked)), wanted)]
        if not due_ids:
            return []
        claimed = self.ask("claim", {"due": due_ids, "the_owner": owner, "the_end": now + lease})
        place = {id_: number for number, id_ in enumerate(due_ids)}
        return sorted(map(from_values, claimed.mappings()), key=lambda source: place[source.id])

    def next_due(self, *, now: datetime, without: Collection[str] = ()) -> datetime | None:
        if without:
            first = self.ask("next_due_without", {"now": now, "without": sorted(without)}).first()
        else:
            first = self.ask("next_due", {"now": now}).first()
        return None if first is None else max(first[0] or now, now)

    def record_unchanged(self, polls: Iterable[tuple[Source, datetime]], *, now: datetime) -> None:
        ended = sorted(polls, key=lambda poll: poll[0].id)
        written = [
            {"the_id": of.id, "the_lease_token": of.lease_token, "the_next": next_, "the_now": now}
            for of, next_ in ended
        ]
        self.write_ends("unchanged", written, [source_ for source_, _ in ended])

    def write_ends(
        self, name: str, written: list[dict[str, Any]], sources: Sequence[Source]
    ) -> None:
        """Write the ends of polls with this statement.

        Raises:
            FencedOut: One of them has lost its lease.
        """
        if written and rowcount(self.ask(name, written)) < len(written):
            names = ", ".join(f'"{source_.name}"' for source_ in sources)
            raise FencedOut(f"a poll of {names} has lost its lease; nothing was written")

    def release(self, owners: Sequence[str], *, now: datetime) -> int:
        return rowcount(self.ask("release", {"owners": list(owners), "now": now}))

    def memory(self, source_id: str) -> dict[str, str]:
        return {key: value for key, value in self.ask("memory", {"id": source_id})}


class SaidSources(Said, AskedSources):
    """Implements `storage.api.sources.Sources`."""


def rowcount(answered: Answered) -> int:
    """Return how many rows a statement has changed."""
    changed: Any = answered
    return int(changed.rowcount)


def from_values(row: Mapping[str, Any]) -> Source:
    """Return the source of a row with all columns."""
    values = dict(row)
    del values["lease_owner"], values["lease_until"]
    values["state"], values["tags"] = SourceState(values["state"]), tuple(values["tags"])
    return Source(**values)
