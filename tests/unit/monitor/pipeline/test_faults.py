import pytest

from ingester.entry import FetchError, ParseError
from monitor.pipeline.faults import Fault, Reach


def judged(reach: Reach, name: str, kind: str) -> Fault:
    error = FetchError(kind, kind=kind)
    return reach.judge(error, host=f"{name}.example", source_id=name).fault


def test_no_way_out_is_ours_until_another_host_answers() -> None:
    reach = Reach()
    assert judged(reach, "a", "offline") is Fault.OUR_NETWORK
    assert judged(reach, "a", "offline") is Fault.OUR_NETWORK
    reach.answered("b.example")
    assert judged(reach, "a", "offline") is Fault.THEIRS
    reach.answered("a.example")
    assert judged(reach, "a", "offline") is Fault.OUR_NETWORK


@pytest.mark.parametrize("kind", ["dns", "timeout"])
def test_a_host_that_is_silent_is_blamed_and_many_in_a_row_are_not(kind: str) -> None:
    reach = Reach()
    assert judged(reach, "a", kind) is Fault.THEIRS
    assert judged(reach, "b", kind) is Fault.THEIRS
    third = reach.judge(FetchError(kind, kind=kind), host="c.example", source_id="c")
    assert (third.fault, third.excused) == (Fault.OUR_NETWORK, {"a", "b"})
    fourth = reach.judge(FetchError(kind, kind=kind), host="d.example", source_id="d")
    assert (fourth.fault, fourth.excused) == (Fault.OUR_NETWORK, set())
    reach.answered("e.example")
    assert judged(reach, "a", kind) is Fault.THEIRS


def test_who_was_blamed_before_the_network_worked_stays_blamed() -> None:
    reach = Reach()
    judged(reach, "a", "dns")
    reach.answered("b.example")
    judged(reach, "c", "dns")
    judged(reach, "d", "dns")
    third = reach.judge(FetchError("dns", kind="dns"), host="e.example", source_id="e")
    assert third.excused == {"c", "d"}


def test_a_connection_that_fails_says_nothing_about_the_network() -> None:
    reach = Reach()
    judged(reach, "a", "dns")
    judged(reach, "b", "dns")
    assert judged(reach, "c", "connect") is Fault.THEIRS
    assert judged(reach, "d", "dns") is Fault.OUR_NETWORK


@pytest.mark.parametrize("kind", ["dns", "timeout", "offline"])
def test_hosts_that_stay_silent_while_another_answers_are_to_blame_however_many(kind: str) -> None:
    reach = Reach()
    dead = ("a", "b", "c", "d")
    for name in dead:
        judged(reach, name, kind)
    reach.answered("good.example")
    assert {judged(reach, name, kind) for name in dead} == {Fault.THEIRS}
    assert {judged(reach, name, kind) for name in dead} == {Fault.THEIRS}
    # They say nothing about the network, then: others that fall silent do.
    faults = [judged(reach, name, "dns") for name in ("x", "y", "z")]
    assert faults == [Fault.THEIRS, Fault.THEIRS, Fault.OUR_NETWORK]


def test_one_host_that_is_silent_often_is_not_many() -> None:
    reach = Reach()
    assert {judged(reach, "a", "timeout") for _ in range(5)} == {Fault.THEIRS}


@pytest.mark.parametrize("error", [FetchError("503", kind="http"), ParseError("no feed")])
def test_an_answer_that_is_of_no_use_is_theirs_and_shows_that_the_network_works(
    error: Exception,
) -> None:
    reach = Reach()
    judged(reach, "a", "dns")
    judged(reach, "b", "dns")
    assert reach.judge(error, host="c.example", source_id="c").fault is Fault.THEIRS
    assert judged(reach, "d", "dns") is Fault.THEIRS


def test_what_the_guard_refuses_is_ours_and_a_folder_is_its_own() -> None:
    reach = Reach()
    assert judged(reach, "a", "address") is Fault.OUR_RULES
    gone = FetchError("no folder", kind="file")
    assert reach.judge(gone, host="", source_id="seeds").fault is Fault.THEIRS
