"""What a new home says about itself."""

from monitor.daemon import starter


def test_the_hints_stand_in_the_order_in_which_they_work() -> None:
    places = [starter.HELP.index(each) for each in ("add-channel", "add-rule", "add-source")]
    assert places == sorted(places)
    channel = starter.HELP.partition("add-channel ")[2].split()[0]
    assert f"--notify {channel}\n" in starter.HELP
