"""Fixtures for all tests: a fresh store of each kind, and fresh PostgreSQL databases.

`storage` runs a test on memory, SQLite and PostgreSQL: a test that uses it is a contract.
`postgres_url` gives the URL of a fresh, empty database; `sqlite_url` the same for SQLite.
"""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from monitor.pipeline.indexing import ANALYSIS
from storage.admin.engine import open_storage
from storage.api.storage import Storage
from storage.sql.tables.schema import metadata
from tests.fakes import MemoryStorage
from tests.places import ROOT
from tests.postgres import server_url


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the golden tests find into their expected files; look at the diff",
    )
    parser.addoption(
        "--long",
        action="store_true",
        help="also what takes many minutes: more kills, and many more examples of each property",
    )
    parser.addoption(
        "--quick",
        action="store_true",
        help="leave out daemons, PostgreSQL and measured quality; look at few examples",
    )


AS_NEW = ";".join(
    [
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)),
        "INSERT INTO meta VALUES ('rules_revision', '0'), ('alert_seq', '0'), "
        "('article_number', '0'), ('story_turn', '0'), ('story_placer', ''), "
        "('installation', 'tests')",
    ]
)
"""Far faster than a new database."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgres: needs the PostgreSQL that the tests bring")
    config.addinivalue_line("markers", "long: runs with --long only, as .ci/run does")
    # No test is timed, nor how its examples are made: a machine that is busy proves nothing.
    untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("usual", untimed)
    settings.load_profile("usual")
    for option, examples in (("--long", 500), ("--quick", 25)):
        if config.getoption(option):
            settings.register_profile(option, untimed, max_examples=examples)
            settings.load_profile(option)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the options leave out; pytest says how many that are."""
    left_out = [item for item in items if _is_left_out(item, config)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def _is_left_out(item: pytest.Item, config: pytest.Config) -> bool:
    if item.get_closest_marker("long") and not config.getoption("--long"):
        return True
    if not config.getoption("--quick"):
        return False
    needs_postgres = "postgres_server" in getattr(item, "fixturenames", ())
    is_slow = item.path.relative_to(ROOT / "tests").parts[0] in ("end_to_end", "quality", "browser")
    return is_slow or needs_postgres or item.get_closest_marker("postgres") is not None


@pytest.fixture(scope="session")
def _shared_folder(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Path:
    """The folder that all workers of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@pytest.fixture(scope="session")
def postgres_server(_shared_folder: Path) -> Iterator[str]:
    """The URL of a running server whose user may create databases."""
    with server_url(_shared_folder) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a fresh, empty PostgreSQL database."""
    with _database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def _our_postgres_database(postgres_server: str) -> Iterator[str]:
    """A database with our tables, made once for this worker: making one takes its time."""
    with _database(postgres_server) as url:
        open_storage(url).close()
        yield url


@pytest.fixture
def migrated_postgres_url(_our_postgres_database: str) -> str:
    """The URL of an empty PostgreSQL database that has our tables; do not change the tables."""
    with psycopg.connect(_our_postgres_database, autocommit=True) as connection:
        connection.execute(AS_NEW.encode())
    return _our_postgres_database


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'monitor.db'}"


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with our tables, migrated once and copied for each test."""
    path = tmp_path_factory.mktemp("template") / "monitor.db"
    open_storage(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def migrated_sqlite_url(sqlite_url: str, tmp_path: Path, _sqlite_template: Path) -> str:
    """The URL of a fresh SQLite database that has our tables."""
    shutil.copyfile(_sqlite_template, tmp_path / "monitor.db")
    return sqlite_url


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """A fresh, empty store of each kind."""
    if request.param == "memory":
        opened: Storage = MemoryStorage(analysis=ANALYSIS)
    else:
        url = request.getfixturevalue(f"migrated_{request.param}_url")
        opened = open_storage(url, home=tmp_path, analysis=ANALYSIS)
    yield opened
    opened.close()


@contextmanager
def _database(server: str) -> Iterator[str]:
    """Give the URL of a database that exists for as long as the block runs."""
    name = f"monitor_test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
