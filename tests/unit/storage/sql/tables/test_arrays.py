"""Arrays as PostgreSQL reads them: what is written is what comes back, of every type."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from storage.admin.engine import SqlStorage, open_storage
from storage.sql.tables.columns import Array, array_of

NOW = datetime(2026, 11, 27, 8, 30, 0, 123_456, UTC)

COLUMNS: dict[str, list[Any]] = {
    "BIGINT": [0, -1, 1 << 62, None, -(1 << 63), 7],
    "BOOLEAN": [True, None, False],
    "DOUBLE PRECISION": [0.0, -1.5, None, 0.1, float("inf")],
    "BYTEA": [b"", b"\0\xff", None, b"a" * 9_000],
    "TEXT": ["", "Hà Nội 河内", None, '{a,"b"}', "NULL"],
    "TIMESTAMP WITH TIME ZONE": [NOW, None, datetime(1970, 1, 1, tzinfo=UTC)],
    "VARCHAR": ["one", "", "tw\\o", None],
}


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("choose", ["all", "without nulls", "alike", "nulls", "none"])
def test_what_is_written_as_an_array_comes_back(
    migrated_postgres_url: str, kind: str, choose: str
) -> None:
    values = {
        "all": COLUMNS[kind],
        "without nulls": [value for value in COLUMNS[kind] if value is not None],
        "alike": COLUMNS[kind][:1] * 3,
        "nulls": [None, None],
        "none": [],
    }[choose]
    storage = open_storage(migrated_postgres_url)
    assert _through(storage, kind, values) == values
    storage.close()


def _through(storage: SqlStorage, kind: str, values: list[Any]) -> list[Any]:
    written = array_of(kind, values)
    assert isinstance(written, Array)
    with storage.transaction() as tx:
        read = f"SELECT * FROM unnest(%b::{kind}[])"
        return list(tx._connection.exec_driver_sql(read, (written,)).scalars())


@pytest.mark.parametrize(
    "values", [["ab", "cd", "ef"], ["å", "é", "ö"], ["a", "é"], ["", ""], ["a" * 127, "b" * 127]]
)
def test_texts_of_one_length_come_back(migrated_postgres_url: str, values: list[str]) -> None:
    storage = open_storage(migrated_postgres_url)
    long = [value * 2 for value in values]  # beyond what is told by one letter of ASCII
    assert _through(storage, "VARCHAR", values) == values
    assert _through(storage, "VARCHAR", long) == long
    storage.close()


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    here = NOW.astimezone(timezone(timedelta(hours=7)))
    kind = "TIMESTAMP WITH TIME ZONE"
    assert array_of(kind, [here]) == array_of(kind, [NOW])


def test_a_number_that_no_column_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="refuses"):
        array_of("BIGINT", [1 << 63])


def test_values_of_a_type_that_we_do_not_know_are_left_to_the_driver() -> None:
    assert array_of("REAL", [1.5]) == [1.5]
