"""Whatever somebody sends, in whatever order: no turn fails, and each is answered."""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases.vocabulary import Action
from handlers.world import World
from tests.flows.channels import on_the_web
from tests.support.devices import Button, Shown, WebDevice
from tests.support.offices import Officer
from tests.support.program import RunningProgram, open_program
from tests.support.residents import Resident

Result = TypeVar("Result")

PHRASES = (
    "송도2동 가로등이 꺼졌어요",
    "가로등이 꺼졌어요",
    "중구 쓰레기 좀 치워 주세요",
    "1. 송도2동 불법주차가 심해요\n2. 부평5동 가로등이 꺼졌어요",
    "연수동",
    "중구",
    "네",
    "아니요",
    "몰라요",
    "2",
    "5점",
    "내 건의",
    "26-00001",
    "26-00001 취소할게요",
    "지난번 가로등 건 어떻게 됐어요?",
    "아까 그 건에 덧붙일 말이 있어요",
    "불이 났어요",
    "사람이랑 통화하고 싶어요",
    "영어로 해 주세요",
    "내 정보 지워 주세요",
    "취소",
    "고맙습니다",
    "야 이 개새끼들아",
    "010-1234-5678",
    "/start",
    "/start m-none",
    "/my",
    "/help",
    "/settings",
    "/privacy",
    "/language",
    "/cancel",
    "/nothing such",
)

TEXTS = st.one_of(
    st.sampled_from(PHRASES),
    st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and text.isprintable()),
    st.lists(st.sampled_from(PHRASES), min_size=2, max_size=4).map(" ".join),
)
FORGED = st.one_of(
    st.sampled_from(
        ["case:999", "history:1", "add:1", "reply:1", "withdraw:1", "rate:1:9", "second:1", "support:1"]
    ),
    st.from_regex(r"[a-z]{1,9}(:[a-z0-9-]{0,12}){0,2}", fullmatch=True),
    st.from_regex(r"~[0-9]{1,3}:[a-z]{1,9}(:[a-z0-9-]{0,9})?", fullmatch=True),
    st.from_regex(
        r"~now:(at|to|parts|more|place|support|yes|no|erase|[a-z]{1,6})(:[a-z0-9-]{0,5})?", fullmatch=True
    ),
)
TURNS = st.one_of(
    st.tuples(st.just("says"), TEXTS),
    st.tuples(st.just("presses"), st.integers(0, 10_000)),
    st.tuples(st.just("presses"), st.integers(0, 10_000)),
    st.tuples(st.just("forges"), FORGED),
    st.tuples(st.just("shares"), st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
    st.tuples(st.just("shares"), st.tuples(st.floats(37.3, 37.6), st.floats(126.4, 126.8))),
    st.tuples(st.just("photo"), st.sampled_from(("", "송도2동 가로등이 꺼졌어요", "아무 말"))),
    st.tuples(
        st.just("office"), st.sampled_from((Action.TAKE, Action.ASK, Action.ANSWER, Action.INFEASIBLE))
    ),
)
Step = tuple[str, object]


@dataclass
class Stage:
    """The program in a thread of its own, so that each example of hypothesis can talk to it."""

    loop: asyncio.AbstractEventLoop
    program: RunningProgram

    def run(self, work: Coroutine[None, None, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)


@pytest.fixture
def stage(migrated_database_url: str, channel: str, tmp_path: Path, incheon: World) -> Iterator[Stage]:
    """The whole program, running beside the test."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    @asynccontextmanager
    async def opened() -> AsyncIterator[RunningProgram]:
        async with open_program(migrated_database_url, tmp_path, incheon) as program:
            yield program

    running = opened()
    program = asyncio.run_coroutine_threadsafe(running.__aenter__(), loop).result(60)
    try:
        yield Stage(loop, program)
        asyncio.run_coroutine_threadsafe(running.__aexit__(None, None, None), loop).result(60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _takes(resident: Resident, step: Step, picture: bytes) -> None:
    match step:
        case ("says", str(text)):
            await resident.says(text)
        case ("shares", (float(latitude), float(longitude))):
            await resident.shares_place(latitude, longitude)
        case ("photo", str(caption)):
            await resident.sends_photo(picture, caption)
        case ("forges", str(choice)):
            await _presses(resident, Shown(1, ""), Button("", choice.replace("~now", _newest_step(resident))))
        case ("presses", int(number)):
            ever = [(shown, one) for shown in resident.heard for one in shown.buttons if not one.telephone]
            if ever:
                await _presses(resident, *ever[number % len(ever)])
            else:
                await resident.says("네")


def _newest_step(resident: Resident) -> str:
    steps = [one.action for shown in resident.heard for one in shown.buttons if one.action.startswith("~")]
    return steps[-1].partition(":")[0] if steps else "~1"


async def _presses(resident: Resident, shown: Shown, button: Button) -> None:
    await resident.looks()
    resident.fresh = []
    resident.program.clock.passes(seconds=4)
    await resident.device.press(shown, button)
    await resident.looks()


async def _an_office_acts(program: RunningProgram, action: Action) -> None:
    open_cases = await program.rows(
        "SELECT year, running FROM cases"
        " WHERE state IN ('received', 'reviewing', 'in_progress', 'long_term') ORDER BY id DESC"
    )
    if open_cases:
        year, running = open_cases[0]
        number = f"{int(str(year)) % 100:02}-{int(str(running)):05}"
        state = (await Officer(program).case(number)).state
        if action is not Action.TAKE or state == "received":
            await Officer(program).does(action, number, "확인했습니다.")


async def _lives(program: RunningProgram, steps: list[Step], picture: bytes) -> None:
    resident = Resident(WebDevice(program))
    for step in steps:
        if step[0] == "office":
            assert isinstance(step[1], Action)
            await _an_office_acts(program, step[1])
            continue
        await _takes(resident, step, picture)
        assert resident.fresh, f"no answer to {step}"
        assert all(shown.text.strip() for shown in resident.fresh), f"an empty answer to {step}"
        assert "{" not in "".join(shown.text for shown in resident.fresh), f"an open slot after {step}"


@on_the_web
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    # A failed turn stays in the database, so a shorter example would fail for the first one's sake.
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(TURNS, min_size=4, max_size=20))
def test_no_order_of_turns_fails_and_each_is_answered(
    stage: Stage, picture: bytes, steps: list[Step]
) -> None:
    # Begun with a yes: before it there is little to go wrong, and the other way is walked too.
    opening: list[Step] = [("says", "송도2동 가로등이 꺼졌어요"), ("presses", 0)] if len(steps) % 3 else []
    stage.run(_lives(stage.program, [*opening, *steps], picture))
