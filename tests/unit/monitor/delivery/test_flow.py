from monitor.delivery.flow import LONGEST_S, QUICK_S, SHORTEST_S, STUCK_S, Flow


class Watch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def a_flow(*took: float) -> tuple[Flow, Watch]:
    """Return a flow after sends that took so long."""
    watch = Watch()
    flow = Flow(watch)
    for seconds in took:
        with flow.sending():
            watch.now += seconds
    return flow, watch


def test_who_is_not_known_yet_is_sent_one() -> None:
    flow, _ = a_flow()
    assert (flow.size(64), flow.is_slow) == (1, False)


def test_who_is_quick_is_sent_more_each_time_up_to_what_fits_into_no_time() -> None:
    flow, _ = a_flow(SHORTEST_S / 10)
    assert [flow.size(64) for _ in range(3)] == [8, 10, 10]
    assert flow.size(4) == 4
    instant, _ = a_flow(0.0)
    assert [instant.size(64) for _ in range(4)] == [8, 64, 64, 64]


def test_who_is_slow_is_sent_one_at_a_time_side_by_side() -> None:
    flow, _ = a_flow(10 * QUICK_S)
    assert flow.is_slow
    assert flow.size(64) == 1
    with flow.serving(), flow.serving():
        assert not flow.is_crowded


def test_two_are_one_too_many_for_who_is_quick() -> None:
    flow, _ = a_flow(QUICK_S / 10)
    with flow.serving():
        assert not flow.is_crowded
        with flow.serving():
            assert flow.is_crowded


def test_who_hangs_is_slow_while_it_does() -> None:
    flow, watch = a_flow(QUICK_S / 10)
    with flow.sending():
        watch.now += STUCK_S / 2
        assert not flow.is_slow
        watch.now += STUCK_S
        assert flow.is_slow


def test_what_was_sent_waits_no_longer_than_the_writing_down_takes() -> None:
    flow, _ = a_flow(SHORTEST_S / 20)
    flow.wrote_down(2 * SHORTEST_S)
    assert [flow.size(64) for _ in range(7)][-1] == 40
    flow.wrote_down(1000.0)
    assert flow.window_s == LONGEST_S
    flow.wrote_down(0.0)
    assert flow.window_s == SHORTEST_S
