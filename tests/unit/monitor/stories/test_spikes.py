"""A burst is what a rule's habit of this hour of the week does not explain."""

import pytest

from monitor.stories.spikes import HOURS_OF_A_WEEK, LEAST, burst

NOW = 480_000
WEEK = HOURS_OF_A_WEEK


def usual(each: int, *, every: int = 1, weeks: int = 4) -> dict[int, int]:
    """So many mentions in every so many hours of the last weeks."""
    return {NOW - back: each for back in range(every, weeks * WEEK + 1, every)}


@pytest.mark.parametrize(
    ("before", "count", "is_burst"),
    [
        pytest.param({}, LEAST, True, id="of a rule that found nothing"),
        pytest.param({}, LEAST - 1, False, id="too few for one"),
        pytest.param(usual(6), 9, False, id="no more than chance brings"),
        pytest.param(usual(6), 24, True, id="much more than ever"),
        pytest.param(usual(60, every=WEEK), 20, False, id="as every week at this hour"),
        pytest.param(usual(1, every=24), 5, True, id="one a day"),
    ],
)
def test_a_burst_is_more_than_the_habit(
    before: dict[int, int], count: int, *, is_burst: bool
) -> None:
    found = burst({**before, NOW: count}, hour=NOW, followed=4 * WEEK)
    assert (found is not None) is is_burst


def test_a_rule_that_is_new_needs_no_more_than_a_burst() -> None:
    found = burst({NOW: 9, NOW - 1: 8}, hour=NOW, followed=2)
    assert found is not None
    assert str(found) == "9 mentions this hour; usually 0.3"
    assert burst({NOW: 9, NOW - 1: 80}, hour=NOW, followed=2) is None
