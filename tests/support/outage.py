"""Stopping and starting a test's own PostgreSQL while the program runs on."""

import os
import pwd
import subprocess
from pathlib import Path

from tests.support.postgres import PostgresError, PostgresServer


def stop(server: PostgresServer, *, at_once: bool = False) -> None:
    """Stop the server: connections are closed; with `at_once` as in a crash."""
    _control(server, "stop", "-m", "immediate" if at_once else "fast")


def start(server: PostgresServer) -> None:
    """Start it again with the options it had; returns when it takes connections."""
    options = (server.folder / "data" / "postmaster.opts").read_text().split(maxsplit=1)[1]
    # The socket's folder and the settings, as they were given; the data folder pg_ctl adds itself.
    _control(server, "start", "-l", "server.log", "-o", options.replace('"-D" "data"', "").strip())


def _control(server: PostgresServer, *what: str) -> None:
    root = os.geteuid() == 0
    account = pwd.getpwnam("nobody")
    done = subprocess.run(
        [Path(server.binaries) / "pg_ctl", "-D", "data", "-w", "-s", *what],
        cwd=server.folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        user=account.pw_uid if root else None,
        group=account.pw_gid if root else None,
        extra_groups=[] if root else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if what[0] == "stop" else subprocess.DEVNULL,
        check=False,
        text=True,
    )
    if done.returncode:
        raise PostgresError(f"pg_ctl {what[0]} failed: {(done.stderr or '').strip()}")
