"""An invitation's link makes one account, once, within seven days, as long as its maker may invite."""

import asyncio
import re

import httpx
import pytest
from sqlalchemy import select

from cases.vocabulary import Role
from storage.staff import all_staff, set_staff
from storage.tables import InvitationRow, JsonObject
from tests.web.staff.office import ELSEWHERE, PARKS, Desk, Office, read
from tests.web.staff.test_audit import noted

PASSWORD = "소나무 아래 벤치 셋"
sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


async def link(boss: Desk, **fields: str) -> str:
    """The path of a new invitation's link."""
    given = {"name": "김주무관", "role": "head", "office": PARKS, "office_2": ELSEWHERE} | fields
    page = await boss.post("/staff/invitations", **given)
    found = re.search(r"http://sotong\.test(/staff/join/[\w-]{43})<", page.text)
    assert found, read(page)
    return found[1]


async def joins(stranger: httpx.AsyncClient, path: str, login: str = "kim", **fields: str) -> httpx.Response:
    """Fill in the page behind the link."""
    seal = re.search(r'name="csrf" value="(\w+)"', (await stranger.get(path)).text)
    given = {"csrf": seal[1] if seal else "", "login": login, "new": PASSWORD, "again": PASSWORD} | fields
    return await stranger.post(path, data=given)


async def test_the_invited_choose_login_and_password_and_are_in(office: Office) -> None:
    boss = await office.staff(Role.ADMIN, ())
    path = await link(boss)
    assert "김주무관" in read(await boss.get("/staff/invitations"))
    async with office.stranger() as stranger:
        assert "부서장" in read(await stranger.get(path))
        answer = await joins(stranger, path, "Kim")
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/day")
        assert (await stranger.get("/staff")).status_code == 200
        again = await joins(stranger, path, "lee")
        assert (again.status_code, "쓸 수 없어요" in read(again)) == (410, True)
    async with office.program.database.read() as connection:
        people = {one.login: one for one in await all_staff(connection)}
        kept = (await connection.execute(select(InvitationRow.__table__))).mappings().one()
    assert (people["kim"].role, people["kim"].offices) == (
        Role.HEAD,
        frozenset({PARKS, ELSEWHERE}),
    )
    assert path.rpartition("/")[2] not in str(dict(kept))
    assert "lee" not in people
    assert [action for action, _ in await noted(office)] == ["invitation.made", "invitation.used", "sign.in"]


async def test_of_two_who_use_one_link_at_once_one_gets_an_account(office: Office) -> None:
    path = await link(await office.staff(Role.ADMIN, ()))
    async with office.stranger() as one, office.stranger() as other:
        answers = await asyncio.gather(joins(one, path, "kim"), joins(other, path, "lee"))
    assert sorted(answer.status_code for answer in answers)[0] == 303
    async with office.program.database.read() as connection:
        assert len({one.login for one in await all_staff(connection)} & {"kim", "lee"}) == 1


@sqlite
@pytest.mark.parametrize("end", ["old", "withdrawn", "inviter ended", "inviter no longer admin", "forged"])
async def test_a_link_that_is_over_opens_nothing(office: Office, end: str) -> None:
    boss = await office.staff(Role.ADMIN, ())
    path = await link(boss)
    if end == "old":
        office.watch.go_on(days=7)
    elif end == "withdrawn":
        assert (await boss.post("/staff/invitations/1/end")).status_code == 303
        assert (await boss.post("/staff/invitations/1/end")).status_code == 404
    elif end == "forged":
        path = f"{path[:-1]}{'a' if path[-1] != 'a' else 'b'}"
    else:
        changed: JsonObject = {"active": False} if end == "inviter ended" else {"role": "head"}
        async with office.program.database.begin() as connection:
            await set_staff(connection, boss.staff_id, changed)
    async with office.stranger() as stranger:
        assert (await stranger.get(path)).status_code == 410
        assert (await joins(stranger, path)).status_code == 410


@sqlite
async def test_what_does_not_fit_is_said_and_the_link_stays_good(office: Office) -> None:
    boss = await office.staff(Role.ADMIN, ())
    path = await link(boss)
    async with office.stranger() as stranger:
        for fields, said in (
            ({"login": "x"}, "2자 이상"),
            ({"again": "다른 비밀번호예요"}, "서로 달라요"),
            ({"new": "짧다", "again": "짧다"}, "너무 짧아요"),
            ({"login": "sonamu", "new": "sonamu1234!", "again": "sonamu1234!"}, "아이디를 넣지"),
            ({"login": "admin1"}, "이미 있는 아이디"),
            ({"csrf": "forged"}, "화면이 오래되었어요"),
        ):
            answer = await joins(stranger, path, **fields)
            assert answer.status_code in (403, 422)
            assert said in read(answer)
        assert (await joins(stranger, path)).status_code == 303


@sqlite
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"office": "없는 부서"}, "그런 부서가 없어요"),
        ({"name": " "}, "이름을"),
        ({"role": "raiser"}, "역할을"),
    ],
)
async def test_an_invitation_that_does_not_fit_is_not_made(
    office: Office, fields: dict[str, str], said: str
) -> None:
    boss = await office.staff(Role.ADMIN, ())
    answer = await boss.post("/staff/invitations", **({"name": "김", "role": "head"} | fields))
    assert (answer.status_code, said in read(answer)) == (422, True)


async def test_two_administrators_cannot_take_away_each_other_at_once(office: Office) -> None:
    one, other = await office.staff(Role.ADMIN, ()), await office.staff(Role.ADMIN, ())
    answers = await asyncio.gather(
        one.post(f"/staff/people/{other.staff_id}", name="가", role="officer"),
        other.post(f"/staff/people/{one.staff_id}", name="나", role="officer"),
    )
    async with office.program.database.read() as connection:
        admins = [one for one in await all_staff(connection) if one.role is Role.ADMIN]
    assert len(admins) == 1, [answer.status_code for answer in answers]
