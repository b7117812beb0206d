"""Fixtures for all tests: a fresh store of each kind, and fresh PostgreSQL databases.

`storage` runs a test on memory, SQLite and PostgreSQL: a test that uses it is a contract.
`postgres_url` gives the URL of a fresh, empty database; `sqlite_url` the same for SQLite.
"""

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from storage.api import Storage
from storage.engine import open_storage
from tests.fakes import MemoryStorage
from tests.postgres import server_url


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the golden tests find into their expected files; look at the diff",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgres: needs the PostgreSQL that the tests bring")


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


@pytest.fixture(scope="session")
def _new_database(postgres_server: str) -> Callable[[str | None], str]:
    """Make a database, empty or a copy of another, and return its name."""

    def make(template: str | None) -> str:
        name = f"monitor_test_{uuid.uuid4().hex}"
        copied = f' TEMPLATE "{template}"' if template else ""
        with psycopg.connect(postgres_server, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"{copied}'.encode())
        return name

    return make


@pytest.fixture(scope="session")
def _postgres_template(
    postgres_server: str, _new_database: Callable[[str | None], str]
) -> Iterator[str]:
    """A database with our tables, migrated once and copied for each test."""
    name = _new_database(None)
    open_storage(_with_database(postgres_server, name)).close()
    yield name
    _drop(postgres_server, name)


@pytest.fixture
def postgres_url(postgres_server: str, _new_database: Callable[[str | None], str]) -> Iterator[str]:
    """The URL of a fresh, empty PostgreSQL database."""
    name = _new_database(None)
    yield _with_database(postgres_server, name)
    _drop(postgres_server, name)


@pytest.fixture
def migrated_postgres_url(
    postgres_server: str, _new_database: Callable[[str | None], str], _postgres_template: str
) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database that has our tables."""
    name = _new_database(_postgres_template)
    yield _with_database(postgres_server, name)
    _drop(postgres_server, name)


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
        opened: Storage = MemoryStorage()
    else:
        url = request.getfixturevalue(f"migrated_{request.param}_url")
        opened = open_storage(url, home=tmp_path)
    yield opened
    opened.close()


def _with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
