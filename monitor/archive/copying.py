"""Copies the whole archive into another database, SQLite to PostgreSQL, back, or to its like."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from common.records import dataclass
from monitor.base.errors import Refusal, Remedy, RemedyKind, clipped
from monitor.base.files import check_place, open_plain
from monitor.config import values
from monitor.config.home_lock import no_daemon
from monitor.config.load import Config, sqlite_file, sqlite_url, without_password
from monitor.config.settings import DATABASE
from storage.admin.copy_ends import End, NotEmpty
from storage.admin.copying import Copied, Progress, copy
from storage.admin.engine import open_end
from storage.api.errors import NotUpToDate


@dataclass(frozen=True, slots=True)
class Place:
    """A database that somebody has named.

    Attributes:
        url: Maybe with a password.
        home: The data folder of whoever works with it, as far as that is known.
        is_a_home: Whether a daemon may lock that folder.
    """

    url: str
    home: Path
    is_a_home: bool

    @property
    def shown(self) -> str:
        """What to call it, without a password."""
        path = sqlite_file(self.url)
        return without_password(self.url) if path is None else str(path)


def place_of(named: str, config: Config) -> Place:
    """Return the database that a URL, a file or a data folder names.

    Raises:
        Refusal: The URL names none that we know, or cannot be read.
    """
    if "://" in named:
        try:
            url = values.database(named)
        except ValueError as error:
            raise Refusal(f"the URL of the database: {error}") from None
    else:
        path = Path(named).expanduser()
        # What is not there yet is a folder, too, as in "and back the same way", unless it is
        # called like a file.
        is_folder = path.is_dir() or not (path.exists() or path.suffix)
        url = sqlite_url((path / DATABASE if is_folder else path).absolute())
    path_ = sqlite_file(url)
    if url == config.database_url or (
        path_ is not None and path_.absolute() == sqlite_file(config.database_url)
    ):
        return Place(url, config.home, is_a_home=config.home.is_dir())
    if path_ is None:
        return Place(url, config.home, is_a_home=False)
    return Place(url, path_.parent, is_a_home=(path_.parent / "daemon.lock").exists())


def copy_archive(source: Place, target: Place, progress: Progress) -> Copied:
    """Fill an empty database with all that another holds, while nobody works with either.

    Raises:
        Refusal: The two are one, the source is not there or must be migrated, or the target
            cannot be made or holds something.
        HomeTaken: A daemon runs there.
        StorageError: One of them cannot be used now, or somebody works with it.
    """
    if source.shown == target.shown:
        raise Refusal(f"{clipped(source.shown, 200)}: cannot be copied to itself")
    path = sqlite_file(source.url)
    if path is not None and not path.is_file():
        raise Refusal(f"{clipped(str(path), 200)}: there is no such database")
    if path is not None:
        open_plain(path).close()
    if (new := sqlite_file(target.url)) is not None:
        check_place(new.parent if _brings_its_folder(new) else new)
    with ExitStack() as stack:
        homes = [place.home for place in (source, target) if place.is_a_home]
        stack.enter_context(no_daemon(homes, filter(None, (path, new))))
        reads = stack.enter_context(_opened(source))
        stack.enter_context(_folder_of(target))
        fills = stack.enter_context(_opened(target))
        try:
            return copy(reads, fills, progress)
        except NotEmpty as error:
            raise Refusal(str(error), misuse=False) from None
        except NotUpToDate as error:
            # That of the settings would be migrated: this may be another one.
            remedy = Remedy(RemedyKind.MIGRATE_FIRST, without_password(source.url))
            raise Refusal(str(error), misuse=False, remedy=remedy) from None


def _brings_its_folder(path: Path) -> bool:
    return path.name == DATABASE and not path.parent.exists()


@contextmanager
def _folder_of(target: Place) -> Iterator[None]:
    """Make the folder that a database is to lie in; take it away again when nothing came of it."""
    path = sqlite_file(target.url)
    if path is None or not _brings_its_folder(path):
        yield
        return
    path.parent.mkdir(mode=0o700)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.parent.rmdir()
        raise


@contextmanager
def _opened(place: Place) -> Iterator[End]:
    end = open_end(place.url, home=place.home)
    try:
        yield end
    finally:
        end.close()
