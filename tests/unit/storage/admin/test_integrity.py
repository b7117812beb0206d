"""What looking for broken promises costs."""

from pathlib import Path

from storage.admin.engine import open_storage
from tests.builders import a_delivery, an_alert, given
from tests.growth import grows_no_faster_than_its_input


def test_a_channel_that_was_owed_much_is_looked_through_once(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    empty = (tmp_path / "monitor.db").read_bytes()
    del migrated_sqlite_url  # it lies in tmp_path

    def filled(count: int) -> str:
        file = tmp_path / f"{count}.db"
        url = f"sqlite:///{file}"
        if not file.exists():
            file.write_bytes(empty)
            storage = open_storage(url, home=tmp_path)
            alerts = [an_alert(id=f"a{n}", story_id=f"s{n}") for n in range(count)]
            given(storage, *alerts, *map(a_delivery, alerts))
            storage.close()
        return url

    def problems(count: int) -> None:
        storage = open_storage(filled(count), home=tmp_path)
        assert storage.problems() == []
        storage.close()

    for count in (100, 800, 6_400):
        filled(count)
    assert grows_no_faster_than_its_input(problems, 800)
