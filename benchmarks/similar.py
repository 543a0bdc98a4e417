"""How fast similar cases are found among many open ones, and how surely near-copies are.

    .venv/bin/python -m benchmarks.similar [--texts FILE.csv] [--cases 20000] [--queries 300]

`--texts` takes a CSV with the columns title and text (real letters of residents); without it, texts are put
together from the examples that the program itself carries. Some of the texts are planted among cases made of
the sentences and words of the others, spread over eleven districts; then each is typed anew with every noise
of `intents.noise` and looked for at its place, as the chat does before it shows the card. Aim: p95 under
30 ms, 95 % of near-copies among the best three.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from benchmarks.support.alike import Planted, Texts, fill, texts_of
from intents.figures import percentile
from intents.noise import NOISES
from intents.similar import sketch
from storage.casebook import case_by_id
from storage.engine import Database
from storage.similar import duplicates_of, similar_public
from storage.sketches import write_keys
from tests.support.postgres import postgres_server

DATABASES = ("sqlite", "postgresql")
_SHOWN_FROM = 0.6
"""As in handlers.flows.card."""
_FILED = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement: what was done, how long it took, and for which share it found what it should."""

    database: str
    cases: int
    what: str
    n: int
    p50_ms: float
    p95_ms: float
    longest_ms: float
    cpu_ms: float
    """Processor time of this process for one, on the average, which the load of others hardly changes."""
    share: float | None


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment by the clock and by this process's processor time, both in seconds."""

    clock: float
    cpu: float

    @classmethod
    def now(cls) -> "Moment":
        """This one."""
        return cls(perf_counter(), process_time())

    def passed(self) -> "Moment":
        """What has passed since."""
        now = Moment.now()
        return Moment(now.clock - self.clock, now.cpu - self.cpu)


def main() -> None:
    """Measures and prints."""
    options = _options()
    if options.texts is not None and not options.texts.is_file():
        print(f"{options.texts} is not there: measuring with the program's own examples instead")
        options.texts = None
    texts = texts_of(options.texts, options.queries)
    wanted = DATABASES if options.database == "both" else (options.database,)
    for database in wanted:
        for line in asyncio.run(_measure(database, texts, options.cases)):
            print(json.dumps(asdict(line)) if options.json else _worded(line), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _worded(line: Line) -> str:
    share = "" if line.share is None else f"  {100 * line.share:5.1f} %"
    times = (
        f"p50 {line.p50_ms:6.2f}  p95 {line.p95_ms:6.2f}  most {line.longest_ms:6.1f}  cpu {line.cpu_ms:5.2f}"
    )
    return f"{line.database:>10} {line.cases:>9,} cases  {line.what:<23} ms: {times}{share}"


async def _measure(kind: str, texts: Texts, cases: int) -> list[Line]:
    with ExitStack() as stack:
        if kind == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = f"sqlite:///{folder}/similar.db"
        else:
            url = stack.enter_context(postgres_server(durable=True)).create("similar")
        begun = perf_counter()
        planted = await fill(url, texts, cases)
        print(f"{kind}: {cases:,} cases filled in {perf_counter() - begun:.0f} s", flush=True)
        database = Database(url)
        try:
            return await _lines(database, kind, cases, planted, texts)
        finally:
            await database.close()


async def _lines(
    database: Database, kind: str, cases: int, planted: Sequence[Planted], texts: Texts
) -> list[Line]:
    lines: list[Line] = []
    for noise in ("none", *NOISES):
        found, times = await _looked_for(database, planted, noise)
        lines.append(_line(kind, cases, f"copies, noise {noise}", times, found / len(planted)))
    offered, times = await _strangers(database, texts.strangers, planted)
    lines.append(_line(kind, cases, "others, offered any", times, offered / len(texts.strangers)))
    lines.append(_line(kind, cases, "duplicates for staff", await _duplicates(database, planted), None))
    lines.append(_line(kind, cases, "keys of a new case", await _filed(database, texts, cases), None))
    return lines


def _line(kind: str, cases: int, what: str, times: Sequence[Moment], share: float | None) -> Line:
    took = [one.clock * 1e3 for one in times]
    cpu = sum(one.cpu for one in times) / len(times) * 1e3
    return Line(
        kind, cases, what, len(took), percentile(took, 0.5), percentile(took, 0.95), max(took), cpu, share
    )


async def _looked_for(database: Database, planted: Sequence[Planted], noise: str) -> tuple[int, list[Moment]]:
    random, found, times = Random(13), 0, []
    for one in planted:
        text = NOISES[noise](one.text, random) if noise in NOISES else one.text
        ids, took = await _similar(database, text, one.district, one.place)
        times.append(took)
        found += one.id in ids
    return found, times


async def _strangers(
    database: Database, texts: Sequence[str], planted: Sequence[Planted]
) -> tuple[int, list[Moment]]:
    offered, times = 0, []
    for text, at in zip(texts, planted, strict=False):
        ids, took = await _similar(database, text, at.district, at.place)
        times.append(took)
        offered += bool(ids)
    return offered, times


async def _similar(database: Database, text: str, district: str, place: str) -> tuple[list[int], Moment]:
    async with database.read() as connection:
        begun = Moment.now()
        found = await similar_public(
            connection, text=text, district=district, place=place, without=None, at_least=_SHOWN_FROM
        )
        return [one.case.id for one in found], begun.passed()


async def _duplicates(database: Database, planted: Sequence[Planted]) -> list[Moment]:
    times = []
    async with database.read() as connection:
        for one in planted:
            case = await case_by_id(connection, one.id)
            assert case is not None, "what was planted is there"
            begun = Moment.now()
            await duplicates_of(connection, case, offices=None, at_least=_SHOWN_FROM)
            times.append(begun.passed())
    return times


async def _filed(database: Database, texts: Texts, cases: int) -> list[Moment]:
    times = []
    for number, text in enumerate(texts.strangers[:_FILED]):
        async with database.begin() as connection:
            begun = Moment.now()
            await write_keys(connection, cases + number + 1, sketch(text, "d01"))
            times.append(begun.passed())
    return times


if __name__ == "__main__":
    main()
