"""The column types, asked directly."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from storage.sql.tables.columns import Duration, Instant, Json, Packed, Words, is_storable, shown

DIALECTS = [sqlite.dialect(), postgresql.dialect()]
both = pytest.mark.parametrize("dialect", DIALECTS, ids=["sqlite", "postgresql"])
instants = strategies.datetimes(timezones=strategies.just(UTC))


@given(instants, instants)
def test_instants_sort_as_text_as_they_do_in_time(one: datetime, two: datetime) -> None:
    texts = [Instant().process_bind_param(instant, DIALECTS[0]) for instant in (one, two)]
    assert (texts[0] < texts[1]) == (one < two)
    assert {len(text) for text in texts} == {27}


@given(instants)
def test_instants_come_back_from_text(instant: datetime) -> None:
    text = Instant().process_bind_param(instant, DIALECTS[0])
    back = Instant().process_result_value(text, DIALECTS[0])
    assert back == instant
    assert back is not None
    assert back.tzinfo is UTC


def test_instants_of_other_zones_are_turned_into_utc() -> None:
    local = datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=7)))
    assert Instant().process_bind_param(local, DIALECTS[0]) == "2026-03-02T01:00:00.000000Z"
    assert Instant().process_bind_param(local, DIALECTS[1]) == datetime(2026, 3, 2, 1, tzinfo=UTC)


@both
def test_nothing_stays_nothing(dialect: Dialect) -> None:
    for kind in (Instant(), Words(), Json(), Duration()):
        assert kind.process_bind_param(None, dialect) is None
    for read in (Instant(), Json(), Duration()):
        assert read.process_result_value(None, dialect) is None


@both
def test_instants_without_a_zone_are_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="time zone"):
        Instant().process_bind_param(datetime(2026, 3, 2), dialect)  # noqa: DTZ001 the subject


@both
@pytest.mark.parametrize("bad", ["\0", "a\0", "\ud800", "\udc80 x", "😀\udfff"])
def test_texts_that_postgresql_refuses_are_refused(dialect: Dialect, bad: str) -> None:
    assert not is_storable(bad)
    with pytest.raises(ValueError, match="cannot be stored"):
        Words().process_bind_param(bad, dialect)
    for text in (bad, bad * 1_000):
        with pytest.raises(ValueError, match="cannot be stored"):
            Packed().process_bind_param(text, dialect)
    for value in ([bad], {bad: "x"}, {"x": bad}, ({"x": ["y", bad]},)):
        with pytest.raises(ValueError, match="cannot be stored"):
            Json().process_bind_param(value, dialect)


@both
def test_a_backslash_u_that_is_text_is_no_nul(dialect: Dialect) -> None:
    stored = Json().process_bind_param(["\\u0000"], dialect)
    assert Json().process_result_value(stored, dialect) == ["\\u0000"]


def test_durations_keep_their_microseconds() -> None:
    wait = timedelta(days=400, microseconds=7)
    stored = Duration().process_bind_param(wait, DIALECTS[0])
    assert Duration().process_result_value(stored, DIALECTS[0]) == wait


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("plain", '"plain"'),
        ("a\nb\x1b[0m\0", '"a\\nb\\x1b[0m\\x00"'),
        ("å" * 100, '"' + "å" * 79 + '…"'),
        ("\ud800\u202e", '"\\ud800\\u202e"'),
    ],
)
def test_a_bad_value_is_shown_clipped_and_harmless(text: str, then: str) -> None:
    assert shown(text) == then


@given(strategies.text(strategies.characters(exclude_characters="\0", codec="utf-8")))
def test_texts_come_back_packed_or_not(text: str) -> None:
    for some in (text, text * 1_000):
        kept = Packed().process_bind_param(some, sqlite.dialect())
        assert Packed().process_result_value(kept, sqlite.dialect()) == some
        assert Packed().process_result_value(some, sqlite.dialect()) == some  # as kept of old
        assert Packed().process_bind_param(some, postgresql.dialect()) == some


def test_long_texts_take_half_their_place_in_sqlite() -> None:
    text = " ".join(f"word{number * 7919 % 1000}" for number in range(500))
    kept = Packed().process_bind_param(text, sqlite.dialect())
    assert isinstance(kept, bytes)
    assert len(kept) < len(text) / 2
