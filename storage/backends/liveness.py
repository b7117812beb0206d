"""Which processes of this host are alive: each holds a lock that the kernel frees when it dies."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from storage.model import stable_id

STALE_S = 7 * 24 * 3600.0
"""Locks of processes that died so long ago are cleared away."""


class LivenessLocks:
    """Locks in a folder, one file an owner. Proves nothing about other hosts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self, owner: str) -> Iterator[None]:
        """Prove that the owner is alive for as long as the block runs.

        Where that ends by an error, it is proved dead from then on: it may have left leases behind.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(owner)
        part = path.with_name(f".{path.name}.{os.getpid()}")
        fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            # Locked before it has its name: nobody can ever find it unlocked while we live.
            fcntl.flock(fd, fcntl.LOCK_EX)
            os.rename(part, path)
            self._clear_stale(os.fstat(fd).st_mtime)
            yield
            with suppress(FileNotFoundError):
                path.unlink()
        finally:
            os.close(fd)

    def dead(self, owners: Sequence[str]) -> list[str]:
        """Return those whose lock is there and held by nobody."""
        return [owner for owner in owners if self._is_dead(self._path(owner))]

    def living(self) -> int:
        """Return how many owners of this host are alive."""
        return sum(not self._is_dead(path) for path in self._folder.glob("*.lock"))

    def _is_dead(self, path: Path) -> bool:
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return False  # of another host, or ended in good order: its leases will tell
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Ours now; but is it still the file of that name, or has the owner come back?
            theirs, mine = os.stat(path), os.fstat(fd)
            return (theirs.st_dev, theirs.st_ino) == (mine.st_dev, mine.st_ino)
        except OSError:  # held by a living process, or gone in this moment
            return False
        finally:
            os.close(fd)

    def _path(self, owner: str) -> Path:
        name = quote(owner, safe="", errors="surrogatepass").replace(".", "%2E")
        return self._folder / f"{name if len(name) < 200 else stable_id('owner', owner)}.lock"

    def _clear_stale(self, now_s: float) -> None:
        for path in self._folder.glob("*.lock"):
            with suppress(OSError):
                if now_s - path.stat().st_mtime > STALE_S and self._is_dead(path):
                    path.unlink()
