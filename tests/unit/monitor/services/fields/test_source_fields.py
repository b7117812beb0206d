"""What may be chosen about a source stands in one table, and is checked by it."""

from datetime import timedelta

import pytest

from ingester.kinds import KINDS
from monitor.base.errors import Refusal
from monitor.services.fields.source_fields import (
    FIELDS,
    READING,
    checked_every,
    checked_reading,
    kind_by,
)
from monitor.views.sources.source import SourceShape
from tests.builders import a_source


def test_a_field_is_called_the_same_in_json_and_in_the_store() -> None:
    source = a_source()
    for row in FIELDS:
        if not row.is_reading:
            assert row.name in SourceShape.__annotations__
            assert hasattr(source, row.name)


def test_the_table_has_every_way_to_read_that_a_kind_has() -> None:
    known = {row.name for row in READING}
    assert known == set().union(*(spec.options for spec in KINDS.values()))


def test_a_field_shows_what_people_write() -> None:
    source = a_source(every=timedelta(minutes=90), options={"full_text": "no"}, tags=("uk",))
    shown = {row.name: row.shown(source) for row in FIELDS}
    assert shown["every"] == "1h30m"
    assert (shown["full_text"], shown["selector"], shown["tags"]) == ("no", None, ("uk",))


def test_what_is_said_is_kept_and_what_is_left_to_the_source_is_not() -> None:
    said = {"full_text": "yes", "selector": " h3 a "}
    assert checked_reading("page", said) == {"full_text": "yes", "selector": "h3 a"}
    assert checked_reading("page", {"full_text": "auto", "selector": ""}) == {}
    assert checked_reading("folder", {"full_text": "auto", "selector": " "}) == {}


@pytest.mark.parametrize(
    ("kind", "said", "why"),
    [
        ("folder", {"full_text": "no"}, "full text is for feed, page and sitemap"),
        ("feed", {"selector": "a"}, "a feed has no links to select"),
        ("page", {"selector": "h3 [["}, "selector"),
        ("page", {"selector": "a" * 501}, "over 500 characters"),
    ],
)
def test_what_a_kind_cannot_do_is_refused(kind: str, said: dict[str, str], why: str) -> None:
    with pytest.raises(Refusal, match=why):
        checked_reading(kind, said)


def test_how_a_source_is_read_tells_its_kind_where_only_one_can_be_read_so() -> None:
    assert kind_by({"selector": "h3 a"}) == "page"
    assert kind_by({"selector": "", "full_text": "yes"}) is None
    assert kind_by({}) is None


def test_every_kind_has_its_usual_pace_and_its_bounds() -> None:
    assert checked_every("folder", None) == timedelta(seconds=10)
    assert checked_every("feed", timedelta(minutes=5)) == timedelta(minutes=5)
    with pytest.raises(Refusal, match="too often: a feed is polled every 1m to 7d"):
        checked_every("feed", timedelta(seconds=30))
    with pytest.raises(Refusal, match="too seldom"):
        checked_every("feed", timedelta(days=8))
