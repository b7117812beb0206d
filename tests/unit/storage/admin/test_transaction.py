"""What is left of a transaction when it has ended."""

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from weakref import ref

import pytest

from storage.admin.engine import SqlStorage, open_storage
from storage.admin.transaction import SqlTransaction

Opens = Callable[[SqlStorage], AbstractContextManager[SqlTransaction]]


@pytest.fixture(params=["sqlite", "postgres"])
def storage(request: pytest.FixtureRequest) -> Iterator[SqlStorage]:
    name = "migrated_postgres_url" if request.param == "postgres" else "migrated_sqlite_url"
    opened = open_storage(request.getfixturevalue(name))
    yield opened
    opened.close()


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("opens", [SqlStorage.reading, SqlStorage.transaction])
def test_what_has_ended_is_gone_without_the_collector(storage: SqlStorage, opens: Opens) -> None:
    with opens(storage) as tx:
        assert tx.rules.outlines() == tx.sources.all() == []
        assert tx.articles.count() == 0
        is_gone = ref(tx)
    del tx
    assert is_gone() is None


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("opens", [SqlStorage.reading, SqlStorage.transaction])
def test_what_has_failed_is_gone_with_its_error(storage: SqlStorage, opens: Opens) -> None:
    gone: list[ref[SqlTransaction]] = []

    def fail() -> None:
        with opens(storage) as tx:
            gone.append(ref(tx))
            assert tx.rules.outlines() == []
            raise KeyError

    with pytest.raises(KeyError) as raised:
        fail()
    del raised
    assert gone[0]() is None
