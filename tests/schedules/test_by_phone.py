"""The promise to whoever has no chat: told by telephone when it matters, and each half-year."""

import pytest

from cases.vocabulary import Action, Role
from storage.contacts import HALF_YEAR, calls, keep_contact
from storage.staff import NewStaff, add_staff
from tests.schedules.test_account import ACCOUNT_DAY
from tests.schedules.town import Town


@pytest.fixture
def database_kind() -> str:
    """The statements have their own tests on both databases."""
    return "sqlite"


async def test_at_the_account_everyone_with_an_open_case_and_no_chat_is_to_be_phoned(town: Town) -> None:
    waiting, answered = await town.raises(None, "전화로 온 건의"), await town.raises(None, "이미 끝난 건의")
    async with town.database.begin() as connection:
        new = NewStaff(login="desk", name="박창구", role=Role.DESK, password_hash="no sign-in with this")
        staff_id = await add_staff(connection, new, town.now)
        assert staff_id is not None
        for case in (waiting, answered):
            await keep_contact(connection, case.id, name="", phone="032-1", staff_id=staff_id, now=town.now)
    await town.does(answered, Action.ANSWER, "고쳤습니다.")
    await town.does(answered, Action.PHONED, "전화로 알려 드림")
    await town.until(ACCOUNT_DAY)
    async with town.database.read() as connection:
        (call,) = await calls(connection, None, limit=5)
    assert (call.case_id, call.to_tell) == (waiting.id, HALF_YEAR)
    assert (await town.runs())["half_account"].figures["by_phone"] == 1
    told = await town.does(waiting, Action.PHONED, "아직 진행 중이라고 알려 드림")
    assert told.last_word_at == town.now
