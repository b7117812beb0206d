"""Homes for real monitors, on each database."""

from pathlib import Path

import pytest

from tests.end_to_end.home import Home
from tests.servers import fault_server
from tests.smtp_server import smtp_server

__all__ = ["fault_server", "smtp_server"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """An empty home on each database."""
    url = request.getfixturevalue("migrated_postgres_url") if request.param == "postgres" else None
    return Home(tmp_path, database_url=url)


@pytest.fixture
def small_home(tmp_path: Path) -> Home:
    """An empty home on SQLite, for what does not depend on the database."""
    return Home(tmp_path)
