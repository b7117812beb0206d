"""Whatever is told, the store is sound afterwards."""

from collections.abc import Iterator

import pytest

from storage.api.storage import Storage


@pytest.fixture(autouse=True)
def _is_sound(storage: Storage) -> Iterator[None]:
    yield
    assert storage.problems() == []
