"""What staff decide is learned within the minute, and by night anew; a worse model is not taken into use."""

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

import pytest

from bot.learning import Lessons
from cases.vocabulary import Action, OfficeId
from handlers.why import explain
from handlers.world import World
from intents.learned import Learned, to_bytes
from intents.training import LEAST
from schedules.learning import learn, order_of
from schedules.training import HELD_OUT_EVERY, work
from storage.casebook import file_case, next_number
from storage.jobs import begin_run
from storage.learning import active_model, add_model, models, newest_lessons, note_lesson, use_model
from tests.schedules.town import DESK, PARKS, ROADS, Town
from tests.storage.scenery import new_case

ONE = pytest.mark.parametrize("database_kind", ["sqlite"])
"""Where nothing depends on the database."""

HEDGEHOG = "고슴도치가 마당에 자꾸 들어와요"
SAID = {
    "animals": "고슴도치가 {} 마당에 들어와요",
    "environment": "{} 공장 굴뚝에서 까만 연기가 나요",
    "seniors": "{} 할머니 혼자 사시는데 들여다봐 주세요",
}


@pytest.fixture
def own(town: Town) -> Town:
    """The city with an understanding that no other test learns into."""
    town.start_with(World(town.world.outlook))
    return town


@dataclass
class School:
    """Many cases that staff have confirmed."""

    town: Town
    numbers: "count[int]" = field(default_factory=count)

    async def teach(self, times: int) -> None:
        """Confirm so many cases of each department."""
        async with self.town.database.begin() as connection:
            for _ in range(times):
                for department, said in SAID.items():
                    text = said.format(f"{next(self.numbers)}번지")
                    number = await next_number(connection, 2026)
                    case = await file_case(connection, replace(new_case(), text=text), number)
                    await note_lesson(connection, case.id, department, self.town.now)


async def _departments(town: Town) -> list[str]:
    async with town.database.read() as connection:
        return [one.department for one in await newest_lessons(connection, limit=99)]


def _lessons(town: Town) -> Lessons:
    return Lessons(town.database, town.world, draw=random.Random(1))


async def test_what_an_office_begins_or_answers_is_a_lesson_and_what_it_only_takes_is_none(
    town: Town,
) -> None:
    case = await town.raises(None)
    await town.does(case, Action.TAKE)
    assert await _departments(town) == []
    await town.does(case, Action.START)
    assert await _departments(town) == ["roads"]
    await town.does(case, Action.ANSWER, "고쳤습니다.")
    assert await _departments(town) == ["roads"]


async def test_the_office_a_case_was_moved_to_is_the_lesson_until_the_next_move(town: Town) -> None:
    case = await town.raises(None)
    await town.does(case, Action.START)
    town.now += timedelta(hours=1)
    await town.does(case, Action.MOVE, "공원 안입니다.", target=PARKS)
    assert await _departments(town) == ["parks"]
    town.now += timedelta(hours=1)
    await town.does(case, Action.MOVE, "모르겠습니다.", target=DESK)
    assert await _departments(town) == []
    town.now += timedelta(hours=1)
    await town.does(case, Action.MOVE, "도로과입니다.", target=ROADS)
    await town.does(case, Action.HAND_OVER, "경찰 일입니다.", target=OfficeId("@police"))
    assert await _departments(town) == ["@police"]


async def test_a_decision_counts_at_the_next_look_in_every_process(own: Town) -> None:
    one, other = own, World(own.world.outlook)
    looks = [_lessons(one), Lessons(own.database, other, draw=random.Random(2))]
    for look in looks:
        assert await look.look() == 0
    before = own.world.understanding.offices(HEDGEHOG)
    case = await own.raises(None, "고슴도치가 마당에 들어왔어요", office=OfficeId("yeonsu/animals"))
    await own.does(case, Action.START)
    assert [await look.look() for look in looks] == [1, 1]
    for world in (one.world, other):
        assert world.understanding.offices(HEDGEHOG)[0].department == "animals"
    assert [await look.look() for look in looks] == [0, 0], "a lesson is taken in once"
    assert not before or before[0].department != "animals" or before[0].probability < 0.5


@ONE
async def test_an_edited_pack_is_taught_again_what_was_known(own: Town) -> None:
    look = _lessons(own)
    case = await own.raises(None, "고슴도치가 마당에 들어왔어요", office=OfficeId("yeonsu/animals"))
    await own.does(case, Action.START)
    await look.look()
    own.world.take_understanding(own.world.understanding.knowing(Learned()))
    assert await look.look() == 1
    assert own.world.understanding.offices(HEDGEHOG)[0].department == "animals"


@ONE
async def test_by_night_a_model_is_made_from_all_lessons_measured_and_used(own: Town) -> None:
    await School(own).teach(LEAST * HELD_OUT_EVERY // (HELD_OUT_EVERY - 1) // 3 + 1)
    async with own.database.begin() as connection:
        await begin_run(connection, "learn", "2026-11-20", due_at=own.now, now=own.now)
    done = await learn(own.tools, (await own.runs())["learn"])
    assert (done["trained"], done["used"]) == (True, True)
    look = _lessons(own)
    await look.look()
    async with own.database.read() as connection:
        model = await active_model(connection)
    assert model is not None
    assert model.quality["top1"] == 1.0
    assert own.world.understanding.by_office.learned.texts > LEAST
    assert own.world.understanding.read(HEDGEHOG).offices[0].department == "animals"


@ONE
async def test_few_lessons_make_no_model(town: Town) -> None:
    await School(town).teach(3)
    done = await work(order_of(town.tools.database_url, town.world.directory.city), town.now)
    assert (done.lessons, done.version) == (9, None)


@ONE
async def test_a_model_that_is_worse_is_kept_but_not_used_and_an_old_one_can_come_back(own: Town) -> None:
    school = School(own)
    await school.teach(22)
    first = await work(order_of(own.tools.database_url, own.world.directory.city), own.now)
    # From now on somebody confirms at random: what was known before was better.
    async with own.database.begin() as connection:
        lessons = await newest_lessons(connection, limit=999)
        for lesson in lessons:
            if lesson.case_id % HELD_OUT_EVERY:
                await note_lesson(connection, lesson.case_id, "tax", own.now)
    second = await work(order_of(own.tools.database_url, own.world.directory.city), own.now)
    assert (first.refused, second.refused[:5]) == ("", "worse")
    async with own.database.begin() as connection:
        assert [one.state for one in await models(connection)] == ["refused", "active"]
        third = await add_model(
            connection,
            made_at=own.now,
            learned_until=own.now,
            trained_on=0,
            quality={},
            weights=to_bytes(Learned()),
        )
    look = _lessons(own)
    await look.look()
    assert own.world.understanding.by_office.learned.texts == 0
    async with own.database.begin() as connection:
        await use_model(connection, first.version or 0)
    await look.look()
    assert third != first.version
    assert own.world.understanding.by_office.learned.texts > 0


@ONE
async def test_weights_of_another_version_of_the_program_do_not_stop_it(own: Town) -> None:
    async with own.database.begin() as connection:
        await add_model(
            connection,
            made_at=own.now,
            learned_until=own.now,
            trained_on=9,
            quality={},
            weights=b"something else",
        )
    await _lessons(own).look()
    assert own.world.understanding.offices("가로등이 꺼졌어요")[0].department == "roads"


@ONE
async def test_staff_see_the_words_and_the_past_cases_that_speak_for_an_office(own: Town) -> None:
    animals = OfficeId("yeonsu/animals")
    like = await own.raises(None, "고슴도치가 마당에 들어왔어요", office=animals)
    other = await own.raises(None, "길고양이 급식소가 필요해요", office=animals)
    for case in (like, other):
        await own.does(case, Action.START)
    await _lessons(own).look()
    asked = await own.raises(None, f"유기견도 있고 {HEDGEHOG}", office=animals)
    async with own.database.read() as connection:
        why = await explain(connection, own.world, asked)
    assert "유기견" in why.reasons.terms
    assert "고슴도치가" in why.reasons.words
    assert why.cases[0] == like.number
    assert asked.number not in why.cases
