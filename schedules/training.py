"""Training anew from all lessons, as a process of its own (`python -m schedules.training`).

Beside the program it holds up nobody's answer, and its memory goes when it ends.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from time import process_time

from pydantic import TypeAdapter

from intents.city import City
from intents.figures import ratio
from intents.learned import BadModel, Learned, from_bytes, to_bytes
from intents.training import LEAST, Lesson, train
from intents.understanding import Understanding
from storage.engine import Database
from storage.learning import StoredLesson, active_model, add_model, newest_lessons, weights_of

MOST_LESSONS = 100_000
HELD_OUT_EVERY = 5
"""Every so-manieth case is kept out of every stored model, so that two can always be compared on the same."""

MOST_HELD_OUT = 2_000
_KINDNESS = 10

CITY: TypeAdapter[City] = TypeAdapter(City)


class TrainingFailed(Exception):  # noqa: N818 - an outcome to word
    """There is no new model; the text names the kind of error, and nothing of the lessons."""


@dataclass(frozen=True, slots=True)
class Order:
    """Where the lessons are, and for which city (as JSON)."""

    url: str
    city: str


@dataclass(frozen=True, slots=True)
class Quality:
    """How a model did on lessons held out: shares are 0 to 1, `seconds` of processor are its training's."""

    held_out: int
    top1: float
    top3: float
    covered: float
    covered_precision: float

    @property
    def worth(self) -> float:
        """By which two models are compared."""
        return self.top1 + self.top3


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it. `version` is None with too few lessons; `refused` says why it is not used."""

    lessons: int
    version: int | None = None
    refused: str = ""
    quality: Mapping[str, float] | None = None
    seconds: float = 0.0


async def trained(order: Order) -> Trained:
    """Have a model trained, measured and, if it is no worse, taken into use. Raises TrainingFailed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schedules.training"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )
    try:
        output, _ = await process.communicate(json.dumps(asdict(order)).encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        answer = json.loads(output)
    except ValueError as error:
        raise TrainingFailed(f"the training process ended with {process.returncode}") from error
    if "error" in answer:
        raise TrainingFailed(str(answer["error"]))
    return Trained(**answer)


async def work(order: Order, now: datetime) -> Trained:
    """Train, measure and store, in this process."""
    city = CITY.validate_json(order.city)
    database = Database(order.url, pool_size=1)
    try:
        async with database.read() as connection:
            lessons = await newest_lessons(connection, limit=MOST_LESSONS)
            active = await active_model(connection)
            stored = await weights_of(connection, active.version) if active else b""
        kept = [one for one in lessons if one.case_id % HELD_OUT_EVERY]
        asked = [one for one in lessons if not one.case_id % HELD_OUT_EVERY][-MOST_HELD_OUT:]
        if len(kept) < LEAST or not asked:
            return Trained(len(lessons))
        begun = process_time()
        reader = Understanding(city)
        model = train(reader.by_office.course(_lesson(one) for one in kept))
        seconds = process_time() - begun
        quality = _measured(reader, model, asked)
        before = _measured(reader, _in_use(stored), asked)
        refused = ""
        if quality.worth < before.worth:
            refused = (
                f"worse: {quality.top1:.3f}/{quality.top3:.3f}, in use {before.top1:.3f}/{before.top3:.3f}"
            )
        figures = asdict(quality) | {"seconds": round(seconds, 1)}
        async with database.begin() as connection:
            version = await add_model(
                connection,
                made_at=now,
                learned_until=lessons[-1].at,
                trained_on=len(kept),
                quality=dict(figures),
                weights=to_bytes(model),
                refused=refused,
            )
    finally:
        await database.close()
    return Trained(len(lessons), version, refused, figures, seconds)


def _lesson(stored: StoredLesson) -> Lesson:
    return Lesson(stored.text, stored.department, stored.case_id)


def _in_use(stored: bytes) -> Learned:
    try:
        return from_bytes(stored) if stored else Learned()
    except BadModel:
        # Of another version of the program: the pack's words alone are what it must beat.
        return Learned()


def _measured(reader: Understanding, model: Learned, asked: list[StoredLesson]) -> Quality:
    reader = reader.knowing(model)
    first = third = sent = right = 0
    for lesson in asked:
        heirs = reader.by_office.heirs_of(lesson.department)
        given = reader.offices(lesson.text, 3)
        hit = bool(given) and given[0].department in heirs
        first += hit
        third += any(one.department in heirs for one in given)
        if reader.confident(given):
            sent += 1
            right += hit
    count = len(asked)
    return Quality(count, ratio(first, count), ratio(third, count), ratio(sent, count), ratio(right, sent))


def main() -> None:
    """Do as the input says; print what came of it, or the kind of error."""
    os.nice(_KINDNESS)
    order = Order(**json.loads(sys.stdin.read()))
    try:
        answer: dict[str, object] = asdict(asyncio.run(work(order, datetime.now(UTC))))
    except Exception as error:
        answer = {"error": type(error).__name__}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
