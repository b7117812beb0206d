"""What joins a story while others store what joins it, too, is told once, on every store."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from storage.api.storage import Storage, Transaction
from storage.silence import Silence
from tests.builders import MINUTE, a_rule
from tests.contract.updates.desk import ADDED, EVENING, HOUR, Meddled, World, a_world

NIGHT = EVENING + 3 * HOUR


def _silence(world: World) -> None:
    rule = a_rule("strike").id
    silence = Silence(id="s", reason="enough", rule_id=rule, created_at=ADDED, until=NIGHT)
    world.change(lambda tx: tx.silences.add(silence))


@pytest.mark.parametrize("is_held", [False, True])
def test_what_waits_until_others_have_stored_is_told_once(storage: Storage, is_held: bool) -> None:
    """It is not lost where theirs is held back, nor theirs told again where it would have been."""
    world = a_world(storage, channel={"max_per_hour": 1}, follow_ups="every")
    late = World(storage, world.at)
    world.at += HOUR
    world.takes_in(3)  # the hour is another one by now, and may have an alert
    if is_held:
        _silence(world)
    with storage.reading() as tx:
        [alert] = tx.alerts.recent(limit=2)
    joins: list[Future[None]] = []

    with ThreadPoolExecutor(1) as pool:

        def meanwhile(tx: Transaction) -> None:
            if len(tx.stories.members([alert.story_id])) == 3:
                joins.append(pool.submit(late.takes_in, 2))
                with suppress(TimeoutError):
                    joins[0].result(timeout=1)  # as far as it comes
                late.at = other.at + MINUTE

        slow: Any = Meddled(storage, meanwhile)
        other = World(slow, world.at)
        other.takes_in(1)
        joins[0].result(timeout=60)
    world.at = NIGHT
    world.digests.make_due()
    papers = [paper for papers, _ in world.told for paper in papers]
    assert sorted(papers) == ["Paper 1", "Paper 2", "Paper 3"]
    assert world.waiting == []
    assert storage.problems() == []
