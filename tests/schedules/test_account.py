"""The half-yearly account: every open case, to everyone it concerns, once, in honest words."""

from datetime import date

from cases.vocabulary import Action, OfficeId
from schedules.account import MOST_IN_FULL
from schedules.runner import Ran
from tests.schedules.town import DAY, PARKS, ROADS, Town

ACCOUNT_DAY = "2027-01-11 10:00"
"""10 January 2027 is a Sunday."""


async def test_every_open_case_is_spoken_of_to_who_raised_it_and_who_supports_it(town: Town) -> None:
    raiser, neighbour = await town.person(), await town.person(locale="en")
    case = await town.raises(raiser, "놀이터 그네가 부서졌어요")
    await town.supports(neighbour, case)
    await town.until(ACCOUNT_DAY)
    (mine,) = await town.told(raiser.conversation, "half.account")
    (theirs,) = await town.told(neighbour.conversation, "half.account")
    for message in (mine, theirs):
        assert str(case.number) in message.text
        assert "놀이터 그네가 부서졌어요" in message.text
    assert "2027년 1월 11일(월) 기준" in mine.text
    assert "As of Mon, 11 Jan 2027" in theirs.text
    assert mine.actions == [f"case:{case.id}"]


async def test_the_account_tells_the_newest_words_the_plan_and_what_was_done(town: Town) -> None:
    person = await town.person()
    case = await town.raises(person)
    town.now += DAY * 3
    await town.does(case, Action.TAKE)
    await town.does(case, Action.PROGRESS, "현장을 보고 왔습니다.")
    town.now += DAY * 3
    await town.does(case, Action.LONG_TERM, "예산이 서면 바꿉니다.", on=date(2027, 9, 30))
    await town.does(case, Action.NOTE, "안에서만 보는 메모")
    await town.until(ACCOUNT_DAY)
    (told,) = await town.told(person.conversation, "half.account")
    assert "상태: 중장기추진" in told.text
    assert "“예산이 서면 바꿉니다.”" in told.text
    assert "계획: 2027년 9월 30일(목)까지" in told.text
    assert "11월 23일(월) 검토를 시작했어요" in told.text
    assert "메모" not in told.text
    assert "남긴 말이 없어요" not in told.text


async def test_where_the_office_wrote_nothing_the_account_says_so_and_gives_its_phone(town: Town) -> None:
    person = await town.person()
    await town.raises(person, office=ROADS)
    await town.until(ACCOUNT_DAY)
    (told,) = await town.told(person.conversation, "half.account")
    assert "남긴 말이 없어요" in told.text
    assert town.world.directory.phone(ROADS) in told.text
    assert "답변 기한" in told.text
    assert "지났어요" in told.text


async def test_words_of_the_half_before_are_not_sold_as_news(town: Town) -> None:
    person = await town.person()
    case = await town.raises(person)
    await town.does(case, Action.PROGRESS, "살펴보고 있습니다.")
    await town.until(ACCOUNT_DAY)
    await town.until("2027-07-12 10:00")
    first, second = await town.told(person.conversation, "half.account")
    assert "살펴보고 있습니다." in first.text
    assert "살펴보고 있습니다." not in second.text
    assert "남긴 말이 없어요" in second.text


async def test_several_cases_of_one_person_are_one_message(town: Town) -> None:
    person = await town.person()
    cases = [await town.raises(person, f"건의 {number}번") for number in range(MOST_IN_FULL + 3)]
    await town.until(ACCOUNT_DAY)
    (told,) = await town.told(person.conversation, "half.account")
    assert all(str(case.number) in told.text for case in cases)
    assert told.actions == ["mine:0"]
    assert len(told.text) < 4096


async def test_a_closed_case_is_not_accounted_for_and_one_filed_later_waits_for_the_next(town: Town) -> None:
    person, late = await town.person(), await town.person()
    case = await town.raises(person)
    await town.does(case, Action.ANSWER, "고쳤습니다.")
    await town.until(ACCOUNT_DAY)
    assert await town.told(person.conversation, "half.account") == []
    await town.raises(late)
    await town.tick()
    assert await town.told(late.conversation, "half.account") == []
    await town.until("2027-07-12 10:00")
    assert len(await town.told(late.conversation, "half.account")) == 1


async def test_who_blocked_the_bot_is_counted_and_hears_it_when_they_are_back(town: Town) -> None:
    person = await town.person()
    await town.raises(person)
    await town.blocks(person)
    await town.until(ACCOUNT_DAY)
    (kept,) = await town.told(person.conversation, "half.account")
    assert kept.state == "held"
    figures = (await town.runs())["half_account"].figures
    assert (figures["told"], figures["unreachable"]) == (0, 1)


async def test_who_stopped_the_notices_hears_nothing_and_is_counted(town: Town) -> None:
    person = await town.person()
    await town.raises(person)
    await town.wishes(person, notices=False)
    await town.until(ACCOUNT_DAY)
    assert await town.told(person.conversation, "half.account") == []
    assert (await town.runs())["half_account"].figures["stopped"] == 1


async def test_the_record_of_the_round_counts_cases_people_and_districts(town: Town) -> None:
    first, second = await town.person(), await town.person()
    quiet = await town.raises(first)
    spoken = await town.raises(second)
    await town.raises(None, office=PARKS)
    await town.supports(second, quiet)
    await town.does(spoken, Action.PROGRESS, "하고 있습니다.")
    await town.until(ACCOUNT_DAY)
    run = (await town.runs())["half_account"]
    assert (run.period, run.outcome) == ("2026H2", "done")
    figures = run.figures
    assert {name: figures[name] for name in ("open", "without_word", "without_chat")} == {
        "open": 3,
        "without_word": 2,
        "without_chat": 1,
    }
    assert (figures["people"], figures["told"], figures["accounts"]) == (2, 2, 3)
    districts = figures["districts"]
    assert isinstance(districts, dict)
    assert (districts["yeonsu"]["open"], districts["yeonsu"]["without_word"]) == (3, 2)


async def test_running_it_again_late_or_often_tells_nobody_twice(town: Town) -> None:
    person = await town.person()
    await town.raises(person)
    for moment in ("2027-01-11 09:00", "2027-01-11 09:00", "2027-01-11 18:00", "2027-03-01 03:00"):
        assert await town.until(moment) is Ran.DONE
    assert len(await town.told(person.conversation, "half.account")) == 1


async def test_after_a_long_stop_each_missed_account_is_made_up_for_once(town: Town) -> None:
    person = await town.person()
    await town.raises(person)
    await town.until(ACCOUNT_DAY)
    await town.until("2028-08-01 10:00")
    told = await town.told(person.conversation, "half.account")
    assert [message.key for message in told] == [
        f"half:{half}:{person.conversation:010}" for half in ("2026H2", "2027H1", "2027H2", "2028H1")
    ]


async def test_an_account_that_is_made_up_for_at_night_waits_for_the_morning(town: Town) -> None:
    person = await town.person()
    await town.raises(person)
    await town.until("2027-01-11 23:30")
    (told,) = await town.told(person.conversation, "half.account")
    assert told.not_before == town.clock("2027-01-12 08:00")


async def test_the_people_of_a_meeting_hear_what_became_of_all_that_was_raised_there(town: Town) -> None:
    meeting = await town.meeting("송도 현장대화의 날", date(2026, 11, 18))
    first, second, elsewhere = await town.person(), await town.person(), await town.person()
    bench = await town.raises(first, "벤치가 모자라요", meeting=meeting)
    await town.raises(second, "우리 집 앞 일이에요", meeting=meeting, public=False)
    await town.raises(elsewhere, "다른 건의예요")
    await town.does(bench, Action.ANSWER, "놓았습니다.")
    await town.until(ACCOUNT_DAY)
    for person in (first, second):
        (told,) = await town.told(person.conversation, "meeting.account")
        assert "송도 현장대화의 날" in told.text
        assert "건의 2건" in told.text
        assert "벤치가 모자라요 · 완료" in told.text
        assert "우리 집 앞" not in told.text
        assert "그 밖에 1건" in told.text
    assert await town.told(elsewhere.conversation, "meeting.account") == []


async def test_a_city_that_nobody_ever_wrote_to_has_nothing_to_account_for(town: Town) -> None:
    assert await town.until(ACCOUNT_DAY) is Ran.DONE
    assert await town.runs() == {}


async def test_district_offices_hear_of_their_district_and_the_council_of_all(town: Town) -> None:
    roads, seohae = await town.group(ROADS), await town.group(OfficeId("seohae/roads"))
    council = await town.group(OfficeId("@police"))
    quiet = await town.does(await town.raises(await town.person()), Action.TAKE)
    spoken = await town.raises(await town.person())
    await town.does(spoken, Action.PROGRESS, "하고 있습니다.")
    await town.until(ACCOUNT_DAY)
    await town.until(ACCOUNT_DAY)
    (ours,) = await town.told(roads, "half_district.one")
    assert "2026H2 · 연수구" in ours.text
    assert "끝나지 않은 건의 2건" in ours.text
    assert "남긴 말이 없는 것: 1건" in ours.text
    assert await town.told(seohae, "half_district.one") == []
    (theirs,) = await town.told(council, "half_district.all")
    assert "▪ 연수구: 2건, 남긴 말 없음 1건" in theirs.text
    assert str(quiet.number) not in theirs.text
