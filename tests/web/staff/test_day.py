"""My day: what there is to do, each count opening just its cases."""

from cases.transitions import Actor
from cases.vocabulary import Action, Kind, Role
from handlers.casework import Deed
from tests.web.staff.office import ELSEWHERE, PARKS, Office, read
from tests.web.staff.test_list import listed, numbers


async def test_each_count_of_the_day_opens_the_cases_it_counts(office: Office) -> None:
    late = await office.case(kind=Kind.QUESTION)
    office.watch.go_on(days=20)
    officer = await office.staff()
    new, waiting, answered, again, elsewhere = [
        await office.case(office=where) for where in (PARKS, PARKS, PARKS, PARKS, ELSEWHERE)
    ]
    for case in (waiting, answered):
        await officer.act(case, Action.ASK, words="어느 쪽인가요?")
    await office.did(answered, Deed(action=Action.REPLY, by=_raiser(answered.resident_id), words="왼쪽이요"))
    await officer.act(again, Action.ANSWER, words="고쳤어요.")
    await office.did(again, Deed(action=Action.SECOND_LOOK, by=_raiser(again.resident_id), words="아직이요"))
    page = await officer.get("/staff/day")
    for link, cases, words in (
        ("/staff?view=overdue", [late], "1 기한 지남"),
        ("/staff?view=received", [late, new, waiting, answered], "4 새 건의"),
        ("/staff?talk=waiting", [waiting], "1 주민 답을 기다림"),
        ("/staff?talk=second_look", [again], "1 재검토 요청"),
        ("/staff?silent=1", [late, new], "2 반기 소식 없음"),
    ):
        assert words in read(page)
        assert f'href="{link}"' in page.text
        assert sorted(listed(await officer.get(link))) == numbers(*cases), link
    assert listed(await officer.get("/staff?talk=answered")) == numbers(answered, again)
    assert str(elsewhere.number) not in page.text


async def test_what_is_due_today_is_counted_and_listed_until_midnight(office: Office) -> None:
    case, officer = await office.case(kind=Kind.QUESTION), await office.staff()
    assert "오늘이 기한" not in read(await officer.get("/staff/day")).partition("지금은 없어요")[0]
    office.watch.now = case.due_at.replace(hour=1)
    officer = await office.staff()
    assert "1 오늘이 기한" in read(await officer.get("/staff/day"))
    assert listed(await officer.get("/staff?due=today")) == numbers(case)


async def test_a_day_without_work_says_so_in_friendly_words(office: Office) -> None:
    assert "지금 할 일이 없어요" in read(await (await office.staff()).get("/staff/day"))
    assert "맡은 부서가 없어요" in read(await (await office.staff(offices=())).get("/staff/day"))
    await office.case()
    assert "1 새 건의" in read(await (await office.staff(Role.READER, ())).get("/staff/day"))


def _raiser(resident: int | None) -> Actor:
    return Actor(Role.RAISER, resident_id=resident)
