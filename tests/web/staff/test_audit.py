"""Everything staff do in the console stands in the log, in the same transaction, without residents' words."""

import ast
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from cases.rules import RULES
from cases.transitions import Actor
from cases.vocabulary import Action, Role
from handlers.casework import Deed
from locales.catalogue import shipped_catalogue
from storage.audit import Sealer, Wanted, entries, verify
from storage.tables import AuditEntryRow
from tests.locales.source import modules
from tests.web.staff.office import ELSEWHERE, PARKS, Office, read
from web.staff.audit import DID

STAFF = frozenset({Role.OFFICER, Role.DESK})
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


async def noted(office: Office) -> list[tuple[str, str]]:
    """Action and subject of every entry, oldest first."""
    async with office.program.database.read() as connection:
        return [(one.action, one.subject) for one in reversed(await entries(connection, Wanted(), 100))]


async def test_what_staff_do_to_a_case_is_noted_and_what_residents_do_is_not(office: Office) -> None:
    desk, resident = await office.staff(), await office.resident()
    case = await office.case("비밀스러운 이야기", resident=resident)
    assert await noted(office) == []
    await desk.act(case, Action.ASK, words="어느 의자예요?")
    case = await office.now(case)
    raiser = Actor(Role.RAISER, resident_id=resident)
    case = await office.did(case, Deed(action=Action.REPLY, by=raiser, words="비밀스러운 의자"))
    await desk.act(case, Action.ANSWER, words="고쳤어요.", preview="1")
    await desk.act(case, Action.ANSWER, words="고쳤어요.")
    number = str(case.number)
    assert await noted(office) == [("case.ask", number), ("case.answer", number)]
    async with office.program.database.read() as connection:
        rows = (await connection.execute(select(AuditEntryRow.__table__))).mappings().all()
        verdict = await verify(connection, [Sealer("k" * 32)])
    assert (verdict.entries, verdict.broken) == (2, None)
    assert "비밀" not in str([dict(row) for row in rows])
    assert "고쳤어요" not in str([dict(row) for row in rows])


async def test_a_refused_action_leaves_no_trace_of_having_been_done(office: Office) -> None:
    case = await office.case(office=ELSEWHERE)
    desk = await office.staff(Role.HEAD, (PARKS,))
    await desk.act(case, Action.TAKE)
    assert await noted(office) == []


async def test_what_is_done_to_accounts_is_noted(office: Office) -> None:
    boss, other = await office.staff(Role.ADMIN, ()), await office.staff(Role.OFFICER, ())
    person = f"/staff/people/{other.staff_id}"
    await boss.post("/staff/people", login="kim", name="김", role="reader")
    await boss.post(person, name="새 이름", role="head")
    await boss.post(f"{person}/offices", office=PARKS)
    await boss.post(f"{person}/offices/remove", office=PARKS)
    await boss.post(f"{person}/password")
    await boss.post(f"{person}/active")
    await boss.post("/staff/groups", office="desk")
    await boss.post("/staff/sign-out")
    assert [action for action, _ in await noted(office)] == [
        "people.added",
        "people.saved",
        "people.office_added",
        "people.office_removed",
        "people.password",
        "people.ended",
        "group.code_made",
        "sign.out",
    ]


async def test_a_login_typed_wrongly_is_not_kept_for_it_may_be_a_password(office: Office) -> None:
    async with office.stranger() as stranger:
        page = await stranger.get("/staff/sign-in")
        seal = page.text.split('name="csrf" value="')[1].split('"')[0]
        fields = {"csrf": seal, "login": "My-Secret-Password", "password": "x"}
        assert (await stranger.post("/staff/sign-in", data=fields)).status_code == 403
    assert await noted(office) == [("sign.failed", "")]


async def test_administrators_look_through_the_log_and_see_what_was_tampered_with(office: Office) -> None:
    boss, officer = await office.staff(Role.ADMIN, ()), await office.staff()
    first, second = await office.case(), await office.case()
    await officer.act(first, Action.TAKE)
    await officer.act(second, Action.TAKE)
    page = await boss.get("/staff/audit")
    assert (page.text.count("건의 담당</td>"), "봉인이 맞지 않음" in page.text) == (2, False)
    narrowed = await boss.get(f"/staff/audit?subject={first.number}&who={officer.staff_id}&from=2026-11-20")
    assert str(first.number) in read(narrowed)
    assert f">{second.number}</a>" not in narrowed.text
    assert "해당하는 기록이 없어요" in read(await boss.get("/staff/audit?to=2026-11-19"))
    async with office.program.database.begin() as connection:
        await connection.execute(
            update(AuditEntryRow).where(AuditEntryRow.number == 1).values(who="somebody")
        )
    assert read(await boss.get("/staff/audit")).count("봉인이 맞지 않음") == 1


def noted_actions() -> Iterator[str]:
    """Every action that some file of the program notes by its name."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                yield from _named_in(node)


def _named_in(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = [word.value for word in call.keywords if word.arg == "action"] if name == "Entry" else []
    given += call.args[1:2] if name == "note" else call.args[2:3] if name == "_note" else []
    for one in given:
        for part in ast.walk(one):
            if (
                isinstance(part, ast.Constant)
                and isinstance(part.value, str)
                and "." in part.value.strip(".")
            ):
                yield part.value


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_everything_that_is_noted_has_its_words(locale: str, database_kind: str) -> None:
    actions = set(noted_actions())
    assert {"sign.in", "people.added", "group.bound", "people.ended"} <= actions
    there = shipped_catalogue().keys(locale)
    assert sorted(action for action in actions if f"{DID}{action}" not in there) == []
    of_cases = [action.value for action in Action if RULES[action].roles & STAFF]
    silent = [one for one in of_cases if not {f"{DID}case.{one}", f"staff_web.history.{one}"} & there]
    assert silent == []
