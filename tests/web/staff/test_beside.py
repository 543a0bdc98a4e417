"""What stands beside a case: other offices' parts, the conflict, ready answers, the map, the printed card."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.app import build
from bot.settings import Settings
from cases.vocabulary import Action, Role
from handlers.world import World
from storage.tables import ConversationRow
from tests.web.staff.office import ELSEWHERE, PARKS, Desk, Office, read

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


async def _asks(office: Office, desk: Desk, number: object, **fields: str) -> str:
    asked = {
        "target": office.world.directory.name(ELSEWHERE, "ko"),
        "on": "2026-11-27",
        "words": "귀 구역인가요?",
    }
    answer = await desk.post(f"/staff/cases/{number}/consult", **{**asked, **fields})
    return read(answer) if answer.status_code != 303 else "asked"


async def test_a_consulted_office_sees_the_case_and_writes_its_part_and_no_other(office: Office) -> None:
    case = await office.case()
    officer, theirs = await office.staff(), await office.staff(offices=[ELSEWHERE])
    path = f"/staff/cases/{case.number}"
    assert (await theirs.get(path)).status_code == 404
    assert await _asks(office, officer, case.number) == "asked"
    assert "귀 구역인가요?" in read(await theirs.get("/staff/day"))
    card = read(await theirs.get(path))
    assert "우리 부서의 글" in card
    assert "답변하고 끝내기" not in card
    refused = await theirs.act(await office.now(case), Action.ANSWER, words="끝")
    assert refused.status_code == 403
    await theirs.post(f"{path}/consult/1", words="확인하고 있어요")
    await theirs.post(f"{path}/consult/1", words="저희 구역이 아니에요", answer="1")
    mine = read(await officer.get(path))
    assert "확인하고 있어요" in mine
    assert "남동구 공원녹지과가 협의에 답했어요" in mine
    late = await theirs.post(f"{path}/consult/1", words="하나 더", answer="1")
    assert late.status_code == 403
    assert "귀 구역인가요?" not in read(await theirs.get("/staff/day"))
    assert [one for one in await office.told(case) if one.startswith("notice.")] == []


async def test_only_who_may_manage_a_case_consults_and_grades(office: Office) -> None:
    case = await office.case()
    path = f"/staff/cases/{case.number}"
    head, theirs = await office.staff(Role.HEAD), await office.staff(offices=[ELSEWHERE])
    await _asks(office, head, case.number)
    assert "다른 부서" in await _asks(office, theirs, case.number, target="연수구 도로과")
    assert (await theirs.post(f"{path}/consult/1", drop="1")).status_code == 403
    assert (await head.post(f"{path}/consult/1", words="대신 써요")).status_code == 403
    assert (await head.post(f"{path}/consult/99", words="없는 것")).status_code == 404
    fields = {"grade": "1", "words": "주민 모임과 만남", "on": "2027-01-01"}
    assert (await theirs.post(f"{path}/conflict", **fields)).status_code == 403
    reader = await office.staff(Role.READER, ())
    assert (await reader.post(f"{path}/conflict", **fields)).status_code == 403
    assert "귀 구역인가요?" not in read(await reader.get(path))
    await head.post(f"{path}/consult/1", drop="1")
    assert "더 묻지 않기로 했어요" in read(await head.get(path))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"target": "없는과"}, "‘없는과’라는 부서가 없어요"),
        ({"target": "연수구 공원녹지과"}, "다른 부서를 골라 주세요"),
        ({"on": "2026-11-01"}, "내일이나"),
        ({"words": " "}, "적어"),
    ],
)
async def test_a_question_that_cannot_be_asked_keeps_its_words(
    office: Office, fields: dict[str, str], said: str
) -> None:
    case, officer = await office.case(), await office.staff()
    page = await _asks(office, officer, case.number, **fields)
    assert said in page
    assert ("귀 구역인가요?" in page) == ("words" not in fields)


async def test_two_who_grade_at_once_do_not_overwrite_each_other(office: Office) -> None:
    case = await office.case()
    officer, colleague = await office.staff(), await office.staff()
    path, seen = f"/staff/cases/{case.number}", str(case.version)
    first = {"grade": "2", "words": "첫 계획", "on": "2027-01-01", "version": seen}
    assert (await officer.post(f"{path}/conflict", **first)).status_code == 303
    late = await colleague.post(f"{path}/conflict", **{**first, "words": "늦은 계획"})
    assert late.status_code == 409
    assert "늦은 계획" in late.text
    card = read(await officer.get(path))
    assert "갈등등급 2" in card
    assert "늦은 계획" not in card
    assert (await officer.post(f"{path}/conflict", grade="9", words="x", on="x")).status_code == 422


async def test_a_conflict_is_looked_at_again_each_half_year(office: Office) -> None:
    case, officer = await office.case(), await office.staff()
    path = f"/staff/cases/{case.number}"
    assert 'value="2027-01-01"' in (await officer.get(path)).text
    await officer.post(f"{path}/conflict", grade="1", words="조정자를 둔다", on="2027-01-01")
    assert "갈등 점검" not in read(await officer.get("/staff/day")).partition("지금은 없어요")[0]
    office.watch.go_on(days=60)
    officer = await office.staff()
    assert "1 갈등 점검" in read(await officer.get("/staff/day"))
    assert str(case.number) in read(await officer.get("/staff/conflicts"))
    other = await office.staff(offices=[ELSEWHERE])
    assert str(case.number) not in read(await other.get("/staff/conflicts"))
    await officer.post(f"{path}/conflict", grade="0")
    assert str(case.number) not in read(await officer.get("/staff/conflicts"))


async def test_a_ready_answer_is_put_into_the_form_and_filled(office: Office) -> None:
    head, case = await office.staff(Role.HEAD), await office.case()
    own = office.world.directory.name(PARKS, "ko")
    await head.post("/staff/answers", title="안내", words="{번호} {부서}입니다.", office=own)
    card = await head.get(f"/staff/cases/{case.number}?template=1&into=answer")
    assert f"{case.number} 연수구 공원녹지과입니다.</textarea>" in card.text
    for query in ("template=1&into=fly", "template=99&into=answer", "template=x&into=answer"):
        assert (
            "공원녹지과입니다.</textarea>" not in (await head.get(f"/staff/cases/{case.number}?{query}")).text
        )
    theirs = await office.case(office=ELSEWHERE)
    desk = await office.staff(Role.DESK, ())
    other = await desk.get(f"/staff/cases/{theirs.number}?template=1&into=answer")
    assert "입니다.</textarea>" not in other.text


async def test_the_place_is_drawn_from_the_packs_points(office: Office) -> None:
    case, officer = await office.case(), await office.staff()
    drawn = await officer.get(f"/staff/cases/{case.number}/map.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "송도2동" in drawn.text
    assert "<script" not in drawn.text
    assert "http" not in drawn.text.replace("http://www.w3.org/2000/svg", "")
    assert (
        f'src="/staff/cases/{case.number}/map.svg"' in (await officer.get(f"/staff/cases/{case.number}")).text
    )


async def test_the_printed_card_has_what_the_form_asks_for(office: Office) -> None:
    case, officer = await office.case(), await office.staff()
    await officer.act(case, Action.PROGRESS, words="업체를 정했어요")
    sheet = read(await officer.get(f"/staff/cases/{case.number}/print"))
    for words in (
        "관리번호",
        str(case.number),
        "주관부서",
        "해돋이공원 의자가 부러졌어요",
        "업체를 정했어요",
        "처리상황 접수",
    ):
        assert words in sheet
    theirs = await office.staff(offices=[ELSEWHERE])
    assert (await theirs.get(f"/staff/cases/{case.number}/print")).status_code == 404
    hidden = await office.case("감춘 글이에요", title="감춘 건의", public=False)
    reader = await office.staff(Role.READER, ())
    assert "감춘 글이에요" not in read(await reader.get(f"/staff/cases/{hidden.number}/print"))


async def test_staff_read_why_a_case_lies_at_its_office(office: Office) -> None:
    case = await office.case("공원 가로수가 쓰러졌어요")
    officer = await office.staff()
    page = read(await officer.get(f"/staff/cases/{case.number}/why"))
    assert "지금 맡은 부서는 연수구 공원녹지과예요." in page
    assert "가로수" in page
    assert f"/staff/cases/{case.number}/why" in (await officer.get(f"/staff/cases/{case.number}")).text
    theirs = await office.staff(offices=[ELSEWHERE])
    assert (await theirs.get(f"/staff/cases/{case.number}/why")).status_code == 404


async def test_a_street_map_is_asked_for_only_where_the_city_set_one(
    office: Office, migrated_database_url: str, tmp_path: Path, world: World
) -> None:
    case, officer = await office.case(), await office.staff()
    plain = await officer.get(f"/staff/cases/{case.number}")
    assert "openstreetmap" not in plain.text
    assert "tile" not in plain.headers["content-security-policy"]
    settings = Settings(
        database_url=migrated_database_url,
        data_folder=tmp_path / "mapped",
        secret_key="k" * 32,
        map_tiles="https://tile.example.org/{z}/{x}/{y}.png",
    )
    async with build(settings, clock=office.watch, world=world) as program:
        mapped = Office(program, office.watch, tmp_path, office.names)
        card = await (await mapped.staff()).get(f"/staff/cases/{case.number}")
    assert 'href="https://tile.example.org/16/55819/25418.png"' in card.text
    assert "img-src 'self' https://tile.example.org " in card.headers["content-security-policy"]


async def test_the_groups_of_both_offices_hear_of_a_consultation_and_the_resident_does_not(
    office: Office,
) -> None:
    for bound in (PARKS, ELSEWHERE):
        async with office.program.database.begin() as connection:
            await connection.execute(
                insert(ConversationRow).values(
                    channel="telegram",
                    external_id=f"group of {bound}",
                    is_group=True,
                    office=bound,
                    reachable=True,
                    created_at=office.watch(),
                    last_at=office.watch(),
                )
            )
    case = await office.case()
    officer, theirs = await office.staff(), await office.staff(offices=[ELSEWHERE])
    await _asks(office, officer, case.number)
    await theirs.post(f"/staff/cases/{case.number}/consult/1", words="아니에요", answer="1")
    told = await office.told(case)
    assert [one for one in told if "consult" in one] == ["staff.consulted", "staff.consultation_answered"]
    assert [one for one in told if one.startswith("notice.")] == []
