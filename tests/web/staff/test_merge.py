"""Merging: one of two cases about the same thing goes on, and nobody who waited for the other is lost."""

import asyncio
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.transitions import Actor, NotAllowed
from cases.vocabulary import Action, Kind, Role, State
from handlers.casework import Deed, Draft, file, perform
from handlers.world import World
from storage.casebook import Case, case_by_id
from storage.contacts import calls, keep_contact
from storage.engine import Database
from storage.migrate import migrate
from storage.people import support as stand_behind
from storage.people import supporters
from storage.tables import ConversationRow, OutboxRow, ResidentRow
from tests.web.staff.office import ELSEWHERE, MORNING, PARKS, Desk, Office, read

BENCH = "해돋이공원 정문 옆 긴 의자가 부러져서 앉을 수가 없어요"
WHY = "같은 의자에 대한 건의가 먼저 들어와 있어요."


@pytest.fixture
async def officer(office: Office) -> Desk:
    return await office.staff()


async def _backs(office: Office, case: Case) -> int:
    resident = await office.resident()
    async with office.program.database.begin() as connection:
        assert await stand_behind(connection, case.id, resident, office.watch())
    return resident


async def _who_was_told(office: Office, case: Case, template: str) -> list[int]:
    async with office.program.database.read() as connection:
        rows = await connection.execute(
            select(ConversationRow.resident_id)
            .join(OutboxRow, OutboxRow.conversation_id == ConversationRow.id)
            .where(OutboxRow.case_id == case.id, OutboxRow.template == template)
            .order_by(ConversationRow.resident_id)
        )
        return [resident for resident in rows.scalars() if resident is not None]


async def _merge(desk: Desk, case: Case, into: Case | str, **fields: str) -> str:
    """Send the form; gives where it leads, or what the page says."""
    number = into if isinstance(into, str) else str(into.number)
    answer = await desk.act(case, Action.MERGE, **({"target": number, "words": WHY} | fields))
    return answer.headers.get("location", "") or read(answer)


async def test_everybody_who_waited_for_the_merged_case_is_told_once_and_hears_of_the_other_from_then_on(
    office: Office, officer: Desk
) -> None:
    earlier, later = await office.case(BENCH), await office.case(BENCH + " 고쳐 주세요")
    both, only_later = await _backs(office, earlier), await _backs(office, later)
    async with office.program.database.begin() as connection:
        await stand_behind(connection, later.id, both, office.watch())
    done = await _merge(officer, later, earlier)
    assert done == f"/staff/cases/{later.number}?done=merge"
    merged = await office.now(later)
    assert (merged.state, merged.merged_into) == (State.MERGED, earlier.id)
    assert await _who_was_told(office, later, "notice.merge") == sorted(
        [later.resident_id or 0, both, only_later]
    )
    assert await office.told(earlier) == []
    await officer.act(await office.now(earlier), Action.ANSWER, words="새 의자를 놓았어요.")
    everybody = sorted([earlier.resident_id or 0, later.resident_id or 0, both, only_later])
    assert await _who_was_told(office, earlier, "notice.answer") == everybody
    assert await office.told(later) == ["notice.merge"] * 3


async def test_both_cards_say_what_became_of_the_merged_case(office: Office, officer: Desk) -> None:
    earlier, later = await office.case(BENCH), await office.case("긴 의자가 부러졌어요")
    await _merge(officer, later, f"{earlier.number}")
    gone = await officer.get(f"/staff/cases/{later.number}")
    assert f"병합됨 → {earlier.number}" in read(gone)
    assert f'href="/staff/cases/{earlier.number}"' in gone.text
    goes_on = read(await officer.get(f"/staff/cases/{earlier.number}"))
    assert f"이 건의에 병합된 건의 1건 {later.number} 긴 의자가 부러졌어요" in goes_on
    assert f"{later.number} 건의를 이 건의에 병합했어요" in goes_on


async def test_a_probable_duplicate_is_offered_with_the_form_filled_in(office: Office, officer: Desk) -> None:
    earlier = await office.case(BENCH, public=False)
    elsewhere = await office.case(BENCH, office=ELSEWHERE)
    later = await office.case(BENCH.replace("의자", "으자"))
    page = await officer.get(f"/staff/cases/{later.number}")
    words = read(page)
    assert "비슷한 건의" in words
    assert f"{earlier.number} {earlier.title}" in words
    assert "% 비슷함 · 비공개" in words
    assert str(elsewhere.number) not in words
    asked = f"?merge={earlier.number}#merge"
    assert f'href="{asked}"' in page.text
    filled = (await officer.get(f"/staff/cases/{later.number}{asked}")).text
    assert f'name="target" value="{earlier.number}"' in filled
    assert "함께 처리할게요" in filled
    reader = await office.staff(Role.READER, ())
    shown = read(await reader.get(f"/staff/cases/{later.number}"))
    assert str(elsewhere.number) in shown
    assert str(earlier.number) not in shown


async def test_one_text_from_many_people_is_marked_as_a_campaign(office: Office, officer: Desk) -> None:
    copies = [await office.case(f"{BENCH}{'!' * number}") for number in range(4)]
    card = f"/staff/cases/{copies[0].number}"
    assert "같은 글이 4건 있어요" in read(await officer.get(card))
    await office.case(BENCH.replace(" ", ""))
    assert "같은 글이 5건 들어왔어요. 함께 낸 글" in read(await officer.get(card))


async def test_a_merge_that_cannot_be_says_why_and_changes_nothing(office: Office, officer: Desk) -> None:
    case, other = await office.case(BENCH), await office.case(BENCH)
    hidden = await office.case(BENCH, public=False)
    elsewhere = await office.case(BENCH, office=ELSEWHERE)
    closed = await office.case(BENCH)
    await officer.act(closed, Action.ANSWER, words="고쳤어요.")
    for into, why in (
        ("", "번호를 적어 주세요"),
        ("저번 것", "건의 번호를 읽지 못했어요"),
        ("26-99999", "그 번호의 건의가 없거나 다른 부서 건의예요"),
        (elsewhere, "그 번호의 건의가 없거나 다른 부서 건의예요"),
        (case, "이 건의 자신이거나"),
        (closed, "이미 끝난 건의와는 합칠 수 없어요"),
        (hidden, "비공개 건의와는 합칠 수 없어요"),
    ):
        assert why in await _merge(officer, case, into)
    assert "글을 적어 주세요" in await _merge(officer, case, other, words=" ")
    for one in (case, other, hidden, elsewhere):
        assert await office.now(one) == one
        assert await office.told(one) == []
    desk = await office.staff(Role.DESK, ())
    assert (await _merge(desk, case, elsewhere)).endswith("?done=merge")


async def test_into_a_hidden_case_go_only_those_of_the_same_person(office: Office, officer: Desk) -> None:
    me = await office.resident()
    hidden = await office.case(BENCH, resident=me, public=False)
    again = await office.case(BENCH, resident=me)
    assert (await _merge(officer, again, hidden)).endswith("?done=merge")
    async with office.program.database.read() as connection:
        assert await supporters(connection, hidden.id) == []


async def test_what_was_merged_goes_along_and_its_number_still_leads_to_where_it_is(
    office: Office, officer: Desk
) -> None:
    first, second, third, fourth = [await office.case(BENCH) for _ in range(4)]
    await _merge(officer, first, second)
    await _merge(officer, await office.now(second), third)
    assert (await office.now(first)).merged_into == third.id
    # The second is over, and whoever names it means the third.
    await _merge(officer, fourth, second)
    assert (await office.now(fourth)).merged_into == third.id
    assert "이 건의 자신이거나" in await _merge(officer, await office.now(third), first)
    async with office.program.database.read() as connection:
        assert set(await supporters(connection, third.id)) == {
            first.resident_id,
            second.resident_id,
            fourth.resident_id,
        }


async def test_of_two_cases_merged_into_each_other_at_once_one_goes_on(office: Office, officer: Desk) -> None:
    one, other = await office.case(BENCH), await office.case(BENCH)
    answers = await asyncio.gather(_merge(officer, one, other), _merge(officer, other, one))
    assert sum(answer.endswith("?done=merge") for answer in answers) == 1
    states = {(await office.now(case)).state for case in (one, other)}
    assert states == {State.MERGED, State.RECEIVED}


async def test_who_raised_the_merged_case_by_telephone_is_phoned_about_the_other(
    office: Office, officer: Desk
) -> None:
    going_on, by_phone = await office.case(BENCH), await office.case(BENCH)
    desk = await office.staff(Role.DESK, ())
    database = office.program.database
    async with database.begin() as connection:
        await keep_contact(
            connection, by_phone.id, name="김", phone="032-000-0000", staff_id=desk.staff_id, now=MORNING
        )
    await _merge(officer, by_phone, going_on)
    await officer.act(await office.now(by_phone), Action.PHONED, words="합쳤다고 알려 드렸음")
    async with database.read() as connection:
        assert await calls(connection, None, limit=5) == []
    await officer.act(await office.now(going_on), Action.ANSWER, words="새 의자를 놓았어요.")
    async with database.read() as connection:
        (call,) = await calls(connection, None, limit=5)
    assert (call.case_id, call.to_tell) == (by_phone.id, "answer")


async def test_a_preview_of_a_merge_shows_the_other_number_and_merges_nothing(
    office: Office, officer: Desk
) -> None:
    case, other = await office.case(BENCH), await office.case(BENCH)
    said = await _merge(officer, case, other, preview="1")
    assert f"소식과 답변은 {other.number} 번호로" in said
    assert await office.now(case) == case
    assert await office.now(other) == other


# What is done to a few cases: what, by which person or to which case, to which case.
Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["support", "merge", "merge", "close"]), st.integers(0, 4), st.integers(0, 4)),
    max_size=14,
)
DESK = Actor(Role.DESK)


@dataclass
class Street:
    """Five people, the five cases they raised, and who ought to hear of which."""

    connection: AsyncConnection
    world: World
    people: list[int]
    cases: list[Case]
    hears: list[set[int]]
    goes_on: list[int]

    async def do(self, what: str, which: int, to: int) -> None:
        """One step; what the rules refuse is not done."""
        case = self.cases[which]
        deed = Deed(action=Action.ANSWER, by=DESK, words="고쳤어요.")
        if what == "support":
            person, backed = self.people[which], self.cases[to]
            if self.goes_on[to] == to and backed.resident_id != person:
                await stand_behind(self.connection, backed.id, person, MORNING)
                self.hears[to].add(person)
            return
        if what == "merge":
            deed = Deed(action=Action.MERGE, by=DESK, words=WHY, into=self.cases[to].number)
        try:
            await perform(self.connection, self.world, case.id, deed, MORNING)
        except NotAllowed:
            return
        if what == "merge":
            end = self.goes_on[to]
            self.hears[end] |= self.hears[which]
            self.goes_on = [end if one == which else one for one in self.goes_on]

    async def check(self) -> None:
        """Everybody who ought to hear of a case does, once, and nobody else."""
        for number, case in enumerate(self.cases):
            now = await case_by_id(self.connection, case.id)
            assert now is not None
            end = self.cases[self.goes_on[number]]
            assert (now.merged_into or now.id) == end.id
            backing = await supporters(self.connection, end.id)
            assert sorted([*backing, end.resident_id or 0]) == sorted(self.hears[self.goes_on[number]])


@settings(max_examples=15, deadline=None)
@given(steps=STEPS, raisers=st.lists(st.integers(0, 4), min_size=5, max_size=5))
def test_no_merge_ever_loses_or_invents_somebody_who_hears(
    tmp_path_factory: pytest.TempPathFactory, world: World, steps: list[Step], raisers: list[int]
) -> None:
    path = tmp_path_factory.getbasetemp() / "street.db"
    url = f"sqlite:///{path}"
    if not path.exists():
        asyncio.run(migrate(url))
    asyncio.run(_live(url, world, steps, raisers))


async def _live(url: str, world: World, steps: list[Step], raisers: list[int]) -> None:
    database = Database(url)
    try:
        async with database.begin() as connection:
            people = [await _person(connection) for _ in range(5)]
            cases = [await _raised(connection, world, people[one]) for one in raisers]
            street = Street(connection, world, people, cases, [{people[one]} for one in raisers], [*range(5)])
            for step in steps:
                await street.do(*step)
            await street.check()
    finally:
        await database.close()


async def _person(connection: AsyncConnection) -> int:
    made = insert(ResidentRow).values(created_at=MORNING, consented_at=MORNING, consent_version="1")
    return (await connection.execute(made.returning(ResidentRow.id))).scalar_one()


async def _raised(connection: AsyncConnection, world: World, person: int) -> Case:
    draft = Draft(kind=Kind.SUGGESTION, title="의자", text=BENCH, office=PARKS, district="yeonsu")
    by = Actor(Role.RAISER, resident_id=person)
    return await file(connection, world, draft, by=by, channel="web", now=MORNING)
