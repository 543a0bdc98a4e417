"""Running jobs: a fault in one keeps no other back, a case that cannot be read keeps no other clock back."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import update

from cases.vocabulary import Action
from schedules.jobs import Batch, Job, JobFault, Step, Work, added
from schedules.runner import Ran, begin_due, run_unfinished
from schedules.tick import tick
from schedules.timetable import Timetable, accounts, before_accounts
from storage.jobs import runs_of
from storage.tables import CaseRow
from tests.schedules.town import ROADS, Town


async def _broken(_batch: Batch) -> Step:
    raise JobFault("the reason")


async def _fine(_batch: Batch) -> Step:
    return Step(counted={"done": 1})


async def _halfway(batch: Batch) -> Step:
    if batch.run.cursor == "":
        return Step("first", {"done": 1}, finished=False)
    if batch.run.attempts == 0:
        raise JobFault("between")
    return Step("", {"done": 1})


def _job(name: str, work: Work) -> Job:
    return Job(name=name, when=accounts, work=work)


async def test_a_job_that_fails_says_why_is_tried_again_and_keeps_no_other_back(town: Town) -> None:
    await town.person()
    town.now = town.clock("2027-01-11 10:00")
    jobs = (_job("broken", _broken), _job("fine", _fine))
    assert await tick(town.tools, town.now, jobs) is Ran.FAILED
    runs = await town.runs()
    assert (runs["fine"].outcome, runs["broken"].fault) == ("done", "the reason")
    assert await tick(town.tools, town.now, jobs) is Ran.DONE
    town.now += timedelta(minutes=5)
    assert await tick(town.tools, town.now, jobs) is Ran.FAILED
    assert (await town.runs())["broken"].attempts == 2


async def test_a_job_goes_on_where_its_last_whole_batch_ended(town: Town) -> None:
    await town.person()
    town.now = town.clock("2027-01-11 10:00")
    jobs = (_job("halfway", _halfway),)
    assert await tick(town.tools, town.now, jobs) is Ran.FAILED
    assert (await town.runs())["halfway"].cursor == "first"
    town.now += timedelta(minutes=5)
    assert await tick(town.tools, town.now, jobs) is Ran.DONE
    assert (await town.runs())["halfway"].figures == {"done": 2}


async def test_one_case_that_cannot_be_read_keeps_no_other_clock_back(town: Town) -> None:
    group = await town.group(ROADS)
    broken = await town.does(await town.raises(await town.person()), Action.TAKE)
    fine = await town.does(await town.raises(await town.person()), Action.TAKE)
    async with town.database.begin() as connection:
        await connection.execute(update(CaseRow).where(CaseRow.id == broken.id).values(year=1999))
    await town.until("2026-12-04 09:00")
    (reminder,) = await town.told(group, "clock.due_3")
    assert reminder.case_id == fine.id


def test_figures_add_up_name_by_name_and_table_by_table() -> None:
    first = {"told": 1, "places": {"yeonsu": {"open": 2}}}
    second = {"told": 2, "places": {"yeonsu": {"open": 1}, "ganghwa": {"open": 5}}, "new": "so"}
    assert added(first, second) == {
        "told": 3,
        "places": {"yeonsu": {"open": 3}, "ganghwa": {"open": 5}},
        "new": "so",
    }


async def test_the_account_moves_to_the_next_working_day_and_lists_to_the_last_one(town: Town) -> None:
    table = Timetable(town.world.directory.city, town.world.calendar)
    start, end = town.clock("2026-11-20 00:00"), town.clock("2028-02-01 00:00")
    days = [(one.period, table.day_of(one.due_at).isoformat()) for one in accounts(table, start, end)]
    assert days == [("2026H2", "2027-01-11"), ("2027H1", "2027-07-12"), ("2027H2", "2028-01-10")]
    lists = [table.day_of(one.due_at).isoformat() for one in before_accounts(days=21)(table, start, end)]
    assert lists == ["2026-12-21", "2027-06-21", "2027-12-20"]
    reminders = [table.day_of(one.due_at).isoformat() for one in before_accounts(days=10)(table, start, end)]
    assert reminders == ["2026-12-31", "2027-07-02", "2027-12-31"]


async def test_a_moment_to_come_that_was_run_by_hand_holds_up_nothing_before_it(town: Town) -> None:
    person = await town.person()
    await town.raises(person)
    group = await town.group(ROADS)
    await town.until("2027-07-12 10:00")
    town.now = town.clock("2026-12-01 09:00")
    await town.does(await town.raises(person), Action.TAKE)
    await town.until("2026-12-02 09:00")
    async with town.database.read() as connection:
        nights = {one.period for one in await runs_of(connection, "prune", limit=9)}
    assert nights == {"2027-07-12", "2026-12-02"}
    assert "새로 온 것 1건" in (await town.told(group, "digest.staff"))[-1].text
    await town.until("2027-01-11 10:00")
    await town.until("2027-07-12 10:00")
    keys = [one.key for one in await town.told(person.conversation, "half.account")]
    assert keys == [f"half:{half}:{person.conversation:010}" for half in ("2027H1", "2026H2")]


async def test_a_long_round_and_many_clocks_are_not_taken_for_standing_still(town: Town) -> None:
    passed: list[datetime] = []
    town.tools = replace(town.tools, alive=lambda: passed.append(town.now))
    await town.raises(await town.person())
    await town.until("2026-11-24 18:00")
    assert passed
    passed.clear()
    jobs = (_job("fine", _fine),)
    town.now = town.clock("2027-01-11 10:00")
    await begin_due(town.tools, jobs, town.now)
    await run_unfinished(town.tools, jobs, town.now)
    assert len(passed) == 1
