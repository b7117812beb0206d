"""What can be wrong on this machine, whatever is stored: settings, data folder, room, SQLite."""

import os
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from monitor.config.home import warnings_about
from monitor.config.load import Config, sqlite_file
from monitor.config.values import Network
from monitor.services.health import Finding
from storage.api.errors import StorageError
from storage.backends.file_checks import check_room

LITTLE_SPACE_BYTES = 1024 * 1024 * 1024


_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def examine_machine(config: Config, environ: Mapping[str, str]) -> list[Finding]:
    """Look at what can be wrong on this machine, whatever the store; good findings, too."""
    warnings = [*config.warnings, *_wide_networks(config.allow_private)]
    if proxy := next(filter(environ.get, _PROXIES), ""):
        warnings.append(f"{proxy} is not looked at: everything is connected to directly")
    findings = [
        Finding(what="settings", trouble=warning, harmless=True) for warning in warnings
    ] or [Finding(what="settings")]
    if not config.home.is_dir():  # which the store says, too
        return [*findings, *_sqlite(config.database_url)]
    findings += [
        Finding(what="data folder", trouble=warning, harmless=True)
        for warning in warnings_about(config.home)
    ] or [Finding(what=f"data folder {config.home}")]
    return [*findings, space_left(config.home), *_sqlite(config.database_url)]


def _wide_networks(networks: Sequence[Network]) -> list[str]:
    """Return a sentence for each network that opens more than somebody can have meant."""
    return [
        f"allow_private opens {network} to every source, page and channel: "
        "name the hosts that are meant"
        for network in networks
        if not network.is_loopback and network.prefixlen <= (16 if network.version == 4 else 64)
    ]


def space_left(home: Path) -> Finding:
    """Look at how much room the data folder's disk has."""
    available = shutil.disk_usage(home).free
    what = f"free space ({available // 1024 // 1024} MiB)"
    if available < LITTLE_SPACE_BYTES:
        return Finding(what=what, trouble="little is left; free some", harmless=True)
    return Finding(what=what)


def _sqlite(database_url: str) -> list[Finding]:
    file = sqlite_file(database_url)
    if file is None:
        return []
    what = f"SQLite {sqlite3.sqlite_version}"
    if has_wal_reset_fault(sqlite3.sqlite_version_info):
        # Nothing is to be done about it: the write lock is there for that.
        what += " (a fault that it has with several writers cannot occur here)"
    # SQLite gives what it makes beside a file the rights that this has, and they stay so.
    parts = (file.with_name(file.name + end) for end in ("", "-wal", "-shm"))
    return [
        Finding(what=what),
        *(
            Finding(what="database", trouble=f"{part}: this user cannot write it")
            for part in parts
            if part.exists() and not os.access(part, os.W_OK)
        ),
        *_room_for(file),
    ]


def _room_for(file: Path) -> list[Finding]:
    """Return that the database can only be read, where its disk has too little room."""
    try:
        check_room(file)
    except (OSError, StorageError) as error:
        return [Finding(what="database", trouble=str(error))] if file.exists() else []
    return []


def has_wal_reset_fault(version: tuple[int, ...]) -> bool:
    """Whether this SQLite may lose commits when two connections write its log back at once."""
    if version[:2] == (3, 44):
        return version < (3, 44, 6)
    if version[:2] == (3, 50):
        return version < (3, 50, 7)
    return (3, 7, 0) <= version < (3, 51, 3)
