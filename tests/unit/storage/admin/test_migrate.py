"""Migrations: from empty to what `schema.py` says, on both databases, all or nothing."""

import json
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    LargeBinary,
    column,
    create_engine,
    insert,
    inspect,
    make_url,
    table,
)

from storage.admin.engine import SqlStorage, _backend, open_storage
from storage.admin.migrate import OURS, Steps, bring_up, version_of
from storage.api.errors import NotUpToDate, StorageError, StoreLost
from storage.backends.api import Backend
from storage.model import INSTALLATION, Variant
from storage.sql import channels
from storage.sql.owed import delivery_rows
from storage.sql.sources import to_row
from storage.sql.tables.schema import channel, complete, delivery, metadata, notice, source
from storage.variant_groups import grouped
from tests.builders import MINUTE, NOON, a_channel, a_delivery, a_source, given

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]

NEXT_STEP = '''"""A further step."""

import sqlalchemy as sa
from alembic import op

revision = "further"
down_revision = "{before}"


def upgrade() -> None:
    op.create_table("further", sa.Column("id", sa.Text, primary_key=True))
    op.execute("INSERT INTO further VALUES ('here')")
    {last}
'''


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest) -> str:
    """A database that is empty."""
    database_url: str = request.getfixturevalue(f"{request.param}_url")
    return database_url


@pytest.fixture
def backend(url: str, tmp_path: Path) -> Iterator[Backend]:
    opened = _backend(url, home=tmp_path / "home", checkpoints=False)
    yield opened
    opened.close()


def steps_with(tmp_path: Path, last: str = "pass") -> Steps:
    """Our steps and one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(OURS.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "further.py").write_text(NEXT_STEP.format(last=last, before=OURS.head))
    return Steps(folder=folder, revisions=(*OURS.revisions, "further"))


def things(connection: Connection) -> Any:
    """All that a database knows about its tables, but Alembic's own."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%'"
        )
        # A column that was added later stands last in the text; its place says nothing.
        return sorted(
            (name, sorted(" ".join(part.split()) for part in re.split(r",\s|[()]", sql or "")))
            for name, sql in rows
        )
    statements = [
        "SELECT table_name, column_name, data_type, collation_name, is_nullable "
        "FROM information_schema.columns WHERE table_schema = current_schema()",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE connamespace = current_schema()::regnamespace",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    ]
    return [
        sorted(
            str(tuple(row))
            for row in connection.exec_driver_sql(statement)
            if "alembic" not in str(row)
        )
        for statement in statements
    ]


def engine_for(url: str) -> Any:
    return create_engine(make_url(url))


def test_migrating_from_empty_gives_what_the_schema_says(url: str) -> None:
    open_storage(url).close()
    engine = engine_for(url)
    with engine.connect() as connection:
        migrated = things(connection)
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "render_as_batch": True},
        )
        assert compare_metadata(context, complete()) == []
    with engine.begin() as connection:
        for table in [*reversed(metadata.sorted_tables)]:
            table.drop(connection)
        metadata.create_all(connection)
        assert things(connection) == migrated
    engine.dispose()


def test_the_revisions_known_by_heart_are_those_of_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(OURS.folder))
    script = ScriptDirectory.from_config(config)
    assert tuple(revision.revision for revision in script.walk_revisions())[::-1] == OURS.revisions
    assert script.get_current_head() == OURS.head


def test_opening_again_changes_nothing(url: str) -> None:
    first = open_storage(url)
    given(first, a_source())
    first.close()
    again = open_storage(url, migrate=False)
    with again.reading() as tx:
        assert tx.sources.all() == [a_source()]
    again.close()


def test_many_that_open_an_empty_database_at_once_make_one(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for storage in pool.map(lambda _: open_storage(url), range(4)):
            given(storage, a_source())
            storage.close()


def test_a_newer_database_is_refused_and_both_versions_named(url: str) -> None:
    open_storage(url).close()
    engine = engine_for(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0042'")
    with pytest.raises(
        StorageError, match=f"schema 0042, this program knows {OURS.head}"
    ) as raised:
        open_storage(url)
    assert not raised.value.retry
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT * FROM alembic_version").scalar() == "0042"
    engine.dispose()


def test_somebody_elses_database_is_left_alone(url: str) -> None:
    engine = engine_for(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE customers (id INTEGER)")
    with pytest.raises(StorageError, match=r"not ours .*customers"):
        open_storage(url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["customers"]
    engine.dispose()


def test_an_empty_database_gets_its_tables_whoever_opens_it(url: str) -> None:
    storage = open_storage(url, migrate=False)
    given(storage, a_source())
    storage.close()


def test_an_older_database_is_not_changed_unasked(backend: Backend) -> None:
    older = replace(OURS, revisions=OURS.revisions[:-1])
    bring_up(backend, migrate=True, steps=older)
    with pytest.raises(NotUpToDate, match=f"{older.head}, and this program needs {OURS.head}"):
        bring_up(backend, migrate=False)
    with backend.reading() as connection:
        assert version_of(connection, "x") == older.head


def test_a_store_that_a_newer_program_has_migrated_says_so(url: str) -> None:
    storage = open_storage(url)
    storage.check()
    engine = engine_for(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0042'")
    engine.dispose()
    with pytest.raises(StoreLost, match="migrated to schema 0042"):
        storage.check()
    storage.close()


def test_a_store_whose_tables_are_gone_says_so(url: str) -> None:
    storage = open_storage(url)
    engine = engine_for(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    engine.dispose()
    with pytest.raises(StoreLost, match="its tables are gone"):
        storage.check()
    storage.close()


def test_an_older_database_is_saved_and_then_changed(
    backend: Backend, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    bring_up(backend, migrate=True)
    assert "up to date" not in caplog.text
    given(SqlStorage(backend), a_source())
    steps = steps_with(tmp_path)
    bring_up(backend, migrate=True, steps=steps)
    assert "brings the database up to date" in caplog.text
    with backend.reading() as connection:
        assert version_of(connection, "x", steps) == "further"
        assert connection.exec_driver_sql("SELECT id FROM further").scalar() == "here"
    with SqlStorage(backend).reading() as tx:
        assert tx.sources.all() == [a_source()]
    if backend.insert.__module__.startswith("sqlalchemy.dialects.sqlite"):
        (saved,) = (tmp_path / "home" / "backups").iterdir()
        assert saved.name == f"monitor-{OURS.head}-before-further.db"
        copy = open_storage(f"sqlite:///{saved}", migrate=False)
        with copy.reading() as tx:
            assert tx.sources.all() == [a_source()]
        copy.close()


def test_a_migration_that_fails_leaves_everything_as_it_was(
    backend: Backend, tmp_path: Path
) -> None:
    bring_up(backend, migrate=True)
    with pytest.raises(ZeroDivisionError):
        bring_up(backend, migrate=True, steps=steps_with(tmp_path, last="1 / 0"))
    with backend.reading() as connection:
        assert version_of(connection, "x") == OURS.head
        assert not inspect(connection).has_table("further")
    given(SqlStorage(backend), a_source())


def test_backups_before_a_migration_replace_none(sqlite_url: str, tmp_path: Path) -> None:
    backend = _backend(sqlite_url, home=tmp_path, checkpoints=False)
    bring_up(backend, migrate=True)
    for _ in range(3):
        backend.save_before_migration("0001", "0002")
    names = {path.name for path in (tmp_path / "backups").iterdir()}
    assert names == {f"monitor-0001-before-0002{more}.db" for more in ("", "-2", "-3")}
    backend.close()


def test_variants_of_the_first_tables_move_to_their_own(backend: Backend) -> None:
    bring_up(backend, migrate=True, steps=replace(OURS, revisions=OURS.revisions[:1]))
    old = [{"language": "sv", "text": "strejk"}, {"language": "", "text": "walkout"}]
    with backend.migrating() as connection:
        for id_, variants in (("a", [*old, old[0]]), ("b", [])):
            connection.exec_driver_sql(
                "INSERT INTO rule (id, name, query, created_at, channel_ids, strictness, languages,"
                " variants, sources, tags, caught_up, state, revision) VALUES"
                f" ('{id_}', 'Rail {id_}', 'rail strike', '2026-03-02T12:00:00.000000Z', '[]',"
                f" 'all', '[]', '{json.dumps(variants)}', '[]', '[]', FALSE, 'active', 4)"
            )
    bring_up(backend, migrate=True)
    with SqlStorage(backend).reading() as tx:
        rule, other = tx.rules.all()
        said = [each.groups for each in tx.rules.in_groups([rule.id, other.id])]
    assert rule.variants == tuple(Variant(**fields) for fields in old)
    assert said == [grouped(rule.variants), ()]
    assert (rule.revision, rule.expansion) == (4, "")
    assert other.variants == ()


def test_what_older_deliveries_send_moves_beside_them(backend: Backend) -> None:
    before = OURS.revisions.index("0025")
    bring_up(backend, migrate=True, steps=replace(OURS, revisions=OURS.revisions[:before]))
    owed = [a_delivery(id="msg_a", payload=bytes(range(256))), a_delivery(id="msg_b", payload=b"")]
    with backend.migrating() as connection:
        row = channels.to_row(a_channel())
        del row["max_per_day"]  # which channels did not have then
        connection.execute(insert(channel).values(row))
        for each in owed:
            row = delivery_rows.to_row(each) | {"alert_id": None}
            old = table(
                "delivery",
                *(column(name, delivery.c[name].type) for name in row),
                column("payload", LargeBinary()),
            )
            connection.execute(insert(old).values(**row, payload=each.payload))
    bring_up(backend, migrate=True)
    with SqlStorage(backend).transaction() as tx:
        assert {each.id: each.payload for each in tx.outbox.recent()} == {
            each.id: each.payload for each in owed
        }


QUIET = "no alert, as they were listed when the source was added"


def test_what_an_older_store_tells_of_a_source_is_over_when_it_is_not_told_again(
    backend: Backend,
) -> None:
    before = OURS.revisions.index("0027")
    bring_up(backend, migrate=True, steps=replace(OURS, revisions=OURS.revisions[:before]))
    with backend.migrating() as connection:
        connection.execute(insert(source).values(to_row(a_source())))
        told = {"id": "n", "source_id": a_source().id, "text": "cut off"}
        columns = [column(name, notice.c[name].type) for name in (*told, "raised_at", "seen_at")]
        old = table("notice", *columns)
        connection.execute(insert(old).values(**told, raised_at=NOON, seen_at=NOON + MINUTE))
        told |= {"id": "m", "text": f"a rule matches 2 articles: {QUIET}; to see them, search"}
        connection.execute(insert(old).values(**told, raised_at=NOON, seen_at=NOON))
    bring_up(backend, migrate=True)
    with SqlStorage(backend).reading() as tx:
        quiet, kept = sorted(tx.sources.notices(), key=lambda each: each.text)
    assert (kept.text, kept.seen_at, kept.lasts) == ("cut off", NOON + MINUTE, True)
    assert (quiet.routine, kept.routine) == (True, False)


def installation_of(url: str) -> str | None:
    storage = open_storage(url)
    with storage.reading() as tx:
        name = tx.meta.get(INSTALLATION)
    storage.close()
    return name


def test_each_new_store_has_a_name_of_its_own(url: str, tmp_path: Path) -> None:
    name = installation_of(url)
    assert name
    assert name == installation_of(url)
    assert name != installation_of(f"sqlite:///{tmp_path / 'other.db'}")


def test_an_older_backup_is_given_the_name_that_its_store_was_given(
    url: str, tmp_path: Path
) -> None:
    """Restored and migrated, it makes the same ids again."""
    names = []
    for place in (url, f"sqlite:///{tmp_path / 'backup.db'}", f"sqlite:///{tmp_path / 'other.db'}"):
        older = Steps(folder=OURS.folder, revisions=OURS.revisions[:5])
        backend = _backend(place, home=tmp_path / "home", checkpoints=False)
        bring_up(backend, migrate=True, steps=older)
        added = a_source(added_at=NOON + len(names) // 2 * MINUTE)
        with backend.writing() as connection:
            connection.execute(insert(source).values(to_row(added)))
        backend.close()
        names.append(installation_of(place))
    assert names[0] == names[1] != names[2]
