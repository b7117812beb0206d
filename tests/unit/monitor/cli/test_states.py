"""What is done to all rules or sources of a tag at once."""

from tests.unit.monitor.cli.conftest import Monitor


def followed(monitor: Monitor) -> None:
    for name, tag in (("one", "sport"), ("two", "sport"), ("three", "wire")):
        url = f"https://{name}.example/feed.xml"
        monitor("add-source", url, "--name", name, "--kind", "feed", "--tag", tag)


def test_all_sources_of_a_tag_are_paused_resumed_and_removed(monitor: Monitor) -> None:
    followed(monitor)
    paused = monitor.json("pause-source", "--tag", "sport")
    assert sorted((each["name"], each["state"]) for each in paused) == [
        ("one", "paused"),
        ("two", "paused"),
    ]
    assert monitor.one("show-source", "three")["state"] == "active"
    said = monitor("resume-source", "--tag", "sport")
    assert 'Source "one" is polled again.\n' in said
    assert 'Source "two" is polled again.\n' in said
    monitor("remove-source", "--tag", "sport", expect=2)
    assert 'Stop following "one" and "two"?' in monitor.err
    monitor("remove-source", "--tag", "sport", "--yes")
    assert [each["name"] for each in monitor.json("list-sources", "--tag", "wire")] == ["three"]
    monitor("list-sources", "--tag", "sport", expect=1)
    assert 'no source has the tag "sport"' in monitor.err


def test_all_rules_of_a_tag_are_paused_with_their_variants(monitor: Monitor) -> None:
    for query, tag in (("rail strike", "work"), ("bus strike", "work"), ("port fire", "harbour")):
        monitor("add-rule", query, "--tag", tag, "--variant", "sv:tågstrejk")
    before = {each["name"]: each["variants"] for each in monitor.json("list-rules")}
    paused = monitor.json("pause-rule", "--tag", "work")
    assert sorted(each["name"] for each in paused) == ["bus strike", "rail strike"]
    assert all(each["variants"] == before[each["name"]] for each in paused)
    states = {each["name"]: each["state"] for each in monitor.json("list-rules")}
    assert states == {"rail strike": "paused", "bus strike": "paused", "port fire": "active"}
    assert {each["name"] for each in monitor.json("list-rules", "--tag", "work")} == {
        "rail strike",
        "bus strike",
    }


def test_either_one_is_named_or_a_tag(monitor: Monitor) -> None:
    followed(monitor)
    for words in ((), ("one", "--tag", "sport")):
        monitor("pause-source", *words, expect=2)
        assert "name one source, or give --tag for all of a tag" in monitor.err
    monitor("pause-source", "--tag", "sprt", expect=1)
    assert 'no source has the tag "sprt"; did you mean "sport"?' in monitor.err
    assert {each["state"] for each in monitor.json("list-sources")} == {"active"}


def test_of_many_only_some_are_named_in_the_question(monitor: Monitor) -> None:
    for number in range(8):
        monitor("add-rule", f"strike {number}th", "--tag", "work", "--match", "exact")
    monitor("remove-rule", "--tag", "work", expect=2)
    assert "and 3 more?" in monitor.err


def test_only_those_that_fail_are_listed(monitor: Monitor) -> None:
    followed(monitor)
    monitor("list-sources", "--failing", expect=1)
    assert monitor.err == "None fails.\n"
