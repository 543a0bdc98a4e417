"""A process that has imported the program already and forks whoever is to be killed next.

A start then costs a third: importing is most of it, and a test that kills thirty times pays it once.
From the fork on everything is as in `sotong run`: settings, migration, database, loops, web.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Nursery:
    """The process to fork from; children end with it no later than the test does."""

    orders: IO[str]
    births: IO[str]

    def spawn(self, environment: Mapping[str, str], log: Path) -> int:
        """Fork a process that runs the program with its output appended to `log`; returns its id."""
        self.orders.write(json.dumps({"environment": dict(environment), "log": str(log)}) + "\n")
        self.orders.flush()
        return int(self.births.readline())


@contextlib.contextmanager
def open_nursery() -> Iterator[Nursery]:
    """Start one; it ends with its last order."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.nursery"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Nursery(process.stdin, process.stdout)
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def main() -> None:
    """Import the program, then fork once for each line of standard input."""
    import bot.serve  # noqa: F401 - what `sotong run` imports when it starts
    from bot.cli import main as sotong

    # The system buries the dead.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child:
            sys.stdout.write(f"{child}\n")
            sys.stdout.flush()
            continue
        _become(order["environment"], order["log"])
        sotong(["run"])


def _become(environment: dict[str, str], log: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(written, 1)
    os.dup2(written, 2)


if __name__ == "__main__":
    main()
