"""Several cases at once: shown as it will be sent, done case by case, nobody's work overwritten."""

import pytest

from cases.vocabulary import Action, Role, State
from storage.casebook import Case
from tests.web.staff.office import ELSEWHERE, PARKS, Desk, Office, read
from tests.web.staff.test_list import listed, numbers

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def picks(*cases: Case) -> dict[str, str]:
    return {f"pick-{case.id}": str(case.version) for case in cases}


async def _words_of(office: Office, case: Case) -> list[str]:
    return [one for one in await office.told(case) if one.startswith("notice.")]


async def test_a_note_to_several_is_shown_as_it_will_be_sent_and_then_sent_to_each(office: Office) -> None:
    cases = [await office.case(f"의자 {index}번이 부러졌어요") for index in range(3)]
    officer = await office.staff()
    chosen = await officer.post("/staff/several", action="progress", **picks(*cases))
    assert "3건을 골랐어요" in read(chosen)
    words = {"action": "progress", "words": "{번호} 건은 {부서}에서 봅니다.", **picks(*cases)}
    preview = await officer.post("/staff/several", step="preview", **words)
    for case in cases:
        assert f"{case.number} 건은 연수구 공원녹지과에서 봅니다." in read(preview)
        assert await _words_of(office, case) == []
    done = await officer.post("/staff/several", step="do", **words)
    assert "3건을 처리했어요" in read(done)
    for case in cases:
        assert await _words_of(office, case) == ["notice.progress"]
    again = await officer.post("/staff/several", step="do", **words)
    assert "3건을 처리했어요" in read(again)
    assert [await _words_of(office, case) for case in cases] == [["notice.progress"]] * 3


async def test_a_case_changed_meanwhile_is_named_and_not_overwritten(office: Office) -> None:
    mine, hers = await office.case(), await office.case()
    officer, colleague = await office.staff(), await office.staff()
    await colleague.act(hers, Action.TAKE)
    answer = {"action": "answer", "words": "고쳤어요.", **picks(mine, hers)}
    preview = await officer.post("/staff/several", step="preview", **answer)
    assert "1건은 할 수 없어서" in read(preview)
    done = await officer.post("/staff/several", step="do", **answer)
    assert "1건을 처리했어요" in read(done)
    assert "그사이 다른 분이 처리했어요" in read(done)
    assert (await office.now(mine)).state is State.DONE
    assert (await office.now(hers)).state is State.REVIEWING


async def test_several_are_moved_with_one_reason(office: Office) -> None:
    cases = [await office.case() for _ in range(2)]
    officer = await office.staff()
    name = office.world.directory.name(ELSEWHERE, "ko")
    move = {"action": "move", "target": name, "words": "남동구 일이에요.", **picks(*cases)}
    await officer.post("/staff/several", step="do", **move)
    assert [(await office.now(case)).office for case in cases] == [ELSEWHERE] * 2
    unknown = await officer.post("/staff/several", step="preview", **{**move, "target": "없는과"})
    assert "2건은 할 수 없어서" in read(unknown)


async def test_another_offices_cases_cannot_be_chosen_by_their_ids(office: Office) -> None:
    other, officer = await office.case(office=ELSEWHERE, title="남의 건의"), await office.staff()
    page = await officer.post("/staff/several", action="answer", words="끝", step="do", **picks(other))
    assert "남의 건의" not in page.text
    assert (await office.now(other)).state is State.RECEIVED


@pytest.mark.parametrize("fields", [{}, {"action": "take"}, {"action": "answer", "step": "nonsense"}])
async def test_what_cannot_be_done_to_several_is_not_there(office: Office, fields: dict[str, str]) -> None:
    officer = await office.staff()
    assert (await officer.post("/staff/several", **fields)).status_code == 404
    none = await officer.post("/staff/several", action="answer", **{"pick-x": "1", "pick-1": "x"})
    assert "고른 건의가 없어요" in read(none)


async def _keeps(desk: Desk, office_name: str = "") -> None:
    await desk.post(
        "/staff/answers", title="공사 안내", words="{번호} {장소} 공사는 {날짜}에 해요.", office=office_name
    )


async def test_an_answer_kept_for_all_is_offered_to_every_office_and_filled_for_each_case(
    office: Office,
) -> None:
    await _keeps(await office.staff(Role.DESK, ()))
    case, officer = await office.case(), await office.staff()
    page = await officer.post("/staff/several", action="answer", template="1", **picks(case))
    assert "{번호} {장소} 공사는" in page.text
    sent = {"action": "answer", "words": "{번호} {장소} 공사는 {날짜}에 해요.", **picks(case)}
    preview = await officer.post("/staff/several", step="preview", **sent)
    assert f"{case.number} 연수구 송도2동 공사는 2026년 11월 20일(금)에 해요." in read(preview)
    wrong = await officer.post("/staff/several", step="preview", **{**sent, "words": "{이름}님께"})
    assert "채워지지 않은 빈칸이 있어요: {이름}" in read(wrong)


async def test_heads_keep_answers_of_their_own_offices_only(office: Office) -> None:
    head, other = await office.staff(Role.HEAD), await office.staff(Role.HEAD, [ELSEWHERE])
    await _keeps(head, office.world.directory.name(PARKS, "ko"))
    refused = await head.post("/staff/answers", title="모두", words="글", office="")
    assert refused.status_code == 422
    assert "공사 안내" in (await head.get("/staff/answers")).text
    assert "공사 안내" not in (await other.get("/staff/answers")).text
    assert (await other.post("/staff/answers/1", title="x", words="y", version="0")).status_code == 404
    changed = await head.post("/staff/answers/1", title="새 이름", words="글", version="0")
    assert changed.status_code == 303
    late = await head.post("/staff/answers/1", title="늦은 이름", words="늦은 글", version="0")
    assert late.status_code == 409
    assert "그사이 다른 분이 고쳤어요" in read(late)
    await head.post("/staff/answers/1", remove="1", version="1")
    assert "새 이름" not in (await head.get("/staff/answers")).text


async def test_a_list_is_saved_under_a_name_and_comes_back(office: Office) -> None:
    case, officer, colleague = await office.case(), await office.staff(), await office.staff()
    await officer.post("/staff/views", name="송도 의자", query="place=송도2동&q=의자&evil=//x")
    page = await officer.get("/staff")
    assert "송도 의자" in page.text
    assert "evil" not in page.text
    link = page.text.partition('<ul class="tabs saved">')[2].partition('href="')[2].partition('"')[0]
    assert listed(await officer.get(link.replace("&amp;", "&"))) == numbers(case)
    assert "송도 의자" not in (await colleague.get("/staff")).text
    await colleague.post("/staff/views/1")
    assert "송도 의자" in (await officer.get("/staff")).text
    await officer.post("/staff/views/1")
    assert "송도 의자" not in (await officer.get("/staff")).text
