from datetime import UTC, datetime, timedelta
from typing import cast

from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.daemon.waking import SHORTEST_WAIT, Wakeup
from tests.builders import NOON

SOON, LATER = timedelta(seconds=0.2), timedelta(seconds=0.9)


class Planned:
    """A job as far as it can be planned."""

    def __init__(self, next_run_time: datetime | None) -> None:
        self.next_run_time = next_run_time

    def modify(self, *, next_run_time: datetime) -> None:
        self.next_run_time = next_run_time


def planned(*waits: timedelta, at_first: timedelta | None = None) -> timedelta:
    """Return in how long the job runs; `at_first`, before anybody wanted it sooner."""
    job = Planned(None if at_first is None else NOON + at_first)
    wakeup = Wakeup(cast(Job, job), now=lambda: NOON)
    for wait in waits:
        wakeup.within(wait)
    assert job.next_run_time is not None
    return job.next_run_time - NOON


def test_a_job_runs_when_the_next_thing_is_due() -> None:
    assert planned(SOON) == SOON
    assert planned(SOON, at_first=LATER) == SOON


def test_whoever_knows_less_puts_nothing_off() -> None:
    assert planned(SOON, LATER) == SOON
    assert planned(LATER, at_first=SOON) == SOON


def test_a_job_that_is_being_run_runs_once_more_at_once_to_plan_anew() -> None:
    assert planned(LATER, at_first=-SOON) == SHORTEST_WAIT


def test_a_job_is_never_run_at_the_instant_at_which_it_ends() -> None:
    assert planned(timedelta(0)) == SHORTEST_WAIT


def test_a_step_that_goes_on_while_the_scheduler_ends_does_not_trip_over_it() -> None:
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.start(paused=True)
    wakeup = Wakeup(scheduler.add_job(print, "interval", hours=1))
    wakeup.within(LATER)
    scheduler.shutdown(wait=False)
    wakeup.within(SOON)
    assert scheduler.get_jobs() == []
