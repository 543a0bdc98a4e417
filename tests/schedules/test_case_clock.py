"""The clock of one case: reminders, honesty when it is late, back to the desk, the question afterwards."""

from datetime import date

import pytest

from cases.transitions import NotAllowed, Reason
from cases.vocabulary import Action, Kind, State
from handlers.casework import Impossible
from schedules.runner import Ran
from tests.schedules.town import DAY, DESK, PARKS, ROADS, Town, templates

# Received on Friday, 20 November 2026: fourteen working days end on Wednesday, 9 December.


async def test_the_office_is_reminded_three_working_days_and_one_before_the_date(town: Town) -> None:
    group, person = await town.group(ROADS), await town.person()
    case = await town.does(await town.raises(person), Action.TAKE)
    await town.until("2026-12-04 08:59")
    assert await town.told(group, "clock.due_3") == []
    await town.until("2026-12-04 09:00")
    (reminder,) = await town.told(group, "clock.due_3")
    assert str(case.number) in reminder.text
    assert "2026년 12월 9일(수)" in reminder.text
    assert f"act:{case.id}:answer:{case.version}" in reminder.actions
    await town.until("2026-12-08 09:00")
    assert templates(await town.told(group, "clock.due_3", "clock.due_1")) == ["clock.due_3", "clock.due_1"]


async def test_ticking_often_reminds_once_and_leaves_the_buttons_good(town: Town) -> None:
    group, person = await town.group(ROADS), await town.person()
    case = await town.does(await town.raises(person), Action.TAKE)
    for _ in range(3):
        await town.until("2026-12-04 09:00")
    assert len(await town.told(group, "clock.due_3")) == 1
    read = await town.case(case)
    assert (read.version, read.clock_at) == (case.version, town.now)


async def test_a_case_that_is_late_is_told_to_the_head_and_to_the_resident_honestly(town: Town) -> None:
    group, person, neighbour = await town.group(ROADS), await town.person(), await town.person()
    case = await town.does(await town.raises(person), Action.TAKE)
    await town.supports(neighbour, case)
    await town.until("2026-12-09 18:00")
    (head,) = await town.told(group, "clock.overdue_head")
    assert "부서장 확인" in head.text
    for one in (person, neighbour):
        (told,) = await town.told(one.conversation, "clock.overdue")
        assert "2026년 12월 9일(수)까지" in told.text
        assert town.world.directory.phone(ROADS) in told.text


async def test_after_a_long_stop_only_that_it_is_late_is_said(town: Town) -> None:
    group, person = await town.group(ROADS), await town.person()
    await town.does(await town.raises(person), Action.TAKE)
    await town.until("2026-12-15 10:00")
    said = templates(await town.told(group))
    assert "clock.overdue_head" in said
    assert not {"clock.due_3", "clock.due_1"} & set(said)


async def test_a_term_is_extended_once_with_the_reason_and_the_new_date_to_the_resident(town: Town) -> None:
    group, person = await town.group(ROADS), await town.person()
    case = await town.does(await town.raises(person), Action.TAKE)
    await town.until("2026-12-08 10:00")
    case = await town.does(case, Action.EXTEND, "자재가 늦게 옵니다.")
    assert case.due_at == town.clock("2026-12-30 18:00")
    (told,) = await town.told(person.conversation, "notice.extend")
    assert "자재가 늦게 옵니다." in told.text
    assert "2026년 12월 30일(수)" in told.text
    with pytest.raises(NotAllowed) as refused:
        await town.does(case, Action.EXTEND, "한 번 더")
    assert refused.value.reason is Reason.ALREADY_DONE
    await town.until("2026-12-09 18:00")
    assert await town.told(group, "clock.overdue_head") == []
    await town.until("2026-12-24 09:00")
    assert len(await town.told(group, "clock.due_3")) == 1
    await town.until("2026-12-30 18:00")
    assert len(await town.told(group, "clock.overdue_head")) == 1


async def test_a_term_cannot_be_extended_when_its_date_has_passed(town: Town) -> None:
    case = await town.does(await town.raises(await town.person()), Action.TAKE)
    town.now = town.clock("2026-12-09 18:00")
    with pytest.raises(Impossible) as refused:
        await town.does(case, Action.EXTEND, "늦었습니다.")
    assert refused.value.reason == "too_late"


async def test_the_clock_rests_while_the_resident_is_asked_and_runs_on_after_the_reply(town: Town) -> None:
    group, person = await town.group(ROADS), await town.person()
    case = await town.does(await town.raises(person), Action.TAKE)
    await town.until("2026-12-02 10:00")
    await town.does(case, Action.ASK, "어느 쪽 가로등인가요?")
    await town.until("2026-12-20 10:00")
    said = templates(await town.told(group))
    assert not {"clock.due_3", "clock.due_1", "clock.overdue_head"} & set(said)
    town.now = town.clock("2026-12-21 10:00")
    case = await town.does(case, Action.REPLY, "횡단보도 쪽이요.", person=person)
    # Five working days were left on 2 December; Christmas is none.
    assert case.due_at == town.clock("2026-12-29 18:00")
    await town.until("2026-12-29 18:00")
    assert len(await town.told(group, "clock.overdue_head")) == 1


async def test_a_plan_with_a_date_takes_the_place_of_the_term(town: Town) -> None:
    group, person = await town.group(ROADS), await town.person()
    case = await town.does(await town.raises(person), Action.TAKE)
    await town.does(case, Action.LONG_TERM, "내년에 합니다.", on=date(2027, 6, 30))
    await town.until("2026-12-20 10:00")
    assert await town.told(group, "clock.overdue_head") == []
    await town.until("2027-06-25 09:00")
    assert len(await town.told(group, "clock.due_3")) == 1
    await town.until("2027-06-30 18:00")
    assert len(await town.told(person.conversation, "clock.overdue")) == 1


async def test_a_case_nobody_takes_in_two_working_days_goes_back_to_the_desk_with_the_reason(
    town: Town,
) -> None:
    group, desk, person = await town.group(ROADS), await town.group(DESK), await town.person()
    case = await town.raises(person)
    await town.until("2026-11-24 17:59")
    assert (await town.case(case)).office == ROADS
    await town.until("2026-11-24 18:00")
    moved = await town.case(case)
    assert (moved.office, moved.state, moved.moves) == (DESK, State.RECEIVED, 1)
    (told,) = await town.told(person.conversation, "notice.move")
    assert "담당자가 정해지지 않아" in told.text
    assert len(await town.told(desk, "staff.on_move")) == 1
    (farewell,) = await town.told(group, "clock.taken_away")
    assert farewell.actions == []
    await town.until("2026-11-26 18:00")
    assert len(await town.told(desk, "clock.waiting")) == 1
    assert (await town.case(case)).office == DESK


async def test_a_case_moved_by_the_desk_has_two_working_days_again(town: Town) -> None:
    case = await town.raises(await town.person())
    await town.until("2026-11-24 18:00")
    town.now += DAY
    case = await town.does(case, Action.MOVE, "가로수 일입니다.", target=PARKS)
    await town.until("2026-11-27 17:59")
    assert (await town.case(case)).office == PARKS
    await town.until("2026-11-27 18:00")
    assert (await town.case(case)).office == DESK


async def test_past_thirty_days_without_a_word_the_resident_is_told_how_it_stands(town: Town) -> None:
    group, person = await town.group(ROADS), await town.person()
    case = await town.does(await town.raises(person), Action.TAKE)
    await town.until("2026-12-20 10:00")
    (told,) = await town.told(person.conversation, "clock.month")
    assert "30일" in told.text
    assert "검토중" in told.text
    (staff,) = await town.told(group, "clock.month_staff")
    assert f"act:{case.id}:progress:{case.version}" in staff.actions


async def test_who_had_a_word_within_thirty_days_is_not_told_that_there_was_none(town: Town) -> None:
    person = await town.person()
    case = await town.does(await town.raises(person), Action.TAKE)
    await town.does(case, Action.PROGRESS, "업체와 날을 잡고 있습니다.")
    await town.until("2026-12-20 10:00")
    assert await town.told(person.conversation, "clock.month") == []


async def test_three_days_after_the_end_the_resident_is_asked_and_once_more_then_never(town: Town) -> None:
    person = await town.person()
    case = await town.raises(person)
    await town.does(case, Action.ANSWER, "고쳤습니다.")
    await town.until("2026-11-23 09:59")
    assert await town.told(person.conversation, "clock.survey") == []
    await town.until("2026-11-23 10:00")
    (asked,) = await town.told(person.conversation, "clock.survey")
    assert f"rate:{case.id}:5" in asked.actions
    await town.until("2026-11-27 10:00")
    await town.until("2027-03-01 10:00")
    said = templates(await town.told(person.conversation))
    assert (said.count("clock.survey"), said.count("clock.survey_again")) == (1, 1)
    assert (await town.case(case)).next_check_at is None


async def test_who_has_rated_is_not_asked_and_who_withdrew_neither(town: Town) -> None:
    person = await town.person()
    rated, withdrawn = await town.raises(person), await town.raises(person)
    await town.does(rated, Action.ANSWER, "고쳤습니다.")
    await town.does(rated, Action.RATE, person=person, rating=5)
    await town.does(withdrawn, Action.WITHDRAW, "해결됐어요.", person=person)
    await town.until("2026-12-10 10:00")
    said = templates(await town.told(person.conversation))
    assert not {"clock.survey", "clock.survey_again"} & set(said)


async def test_a_second_look_begins_a_new_term(town: Town) -> None:
    person = await town.person()
    case = await town.raises(person)
    await town.does(case, Action.ANSWER, "고쳤습니다.")
    town.now = town.clock("2027-01-18 10:00")
    case = await town.does(case, Action.SECOND_LOOK, "아직 어두워요.", person=person)
    assert case.due_at == town.clock("2027-02-04 18:00")


async def test_what_falls_due_at_night_is_told_in_the_morning(town: Town) -> None:
    person = await town.person()
    await town.does(await town.raises(person), Action.TAKE)
    await town.until("2026-12-09 23:00")
    (told,) = await town.told(person.conversation, "clock.overdue")
    assert told.not_before == town.clock("2026-12-10 08:00")


async def test_a_short_term_is_told_late_at_the_minute_its_hours_are_used_up(town: Town) -> None:
    case = await town.raises(await town.person(), kind=Kind.COMPLAINT)
    assert case.due_at == town.clock("2026-11-30 18:00")
    assert await town.until("2026-11-30 18:00") is Ran.DONE


async def test_what_newer_news_makes_needless_by_morning_is_not_sent(town: Town) -> None:
    person = await town.person()
    case = await town.does(await town.raises(person), Action.TAKE)
    await town.until("2026-12-09 23:00")
    await town.does(case, Action.ANSWER, "밤에 고쳤습니다.")
    messages = await town.told(person.conversation, "notice.take", "clock.overdue", "notice.answer")
    assert [(one.template, one.state) for one in messages] == [
        ("notice.take", "waiting"),
        ("clock.overdue", "dropped"),
        ("notice.answer", "waiting"),
    ]
