"""What was merged is spoken of no more: the half-yearly account tells of the case that goes on, once."""

from cases.transitions import Actor
from cases.vocabulary import Action, Role
from handlers.casework import Deed, perform
from storage.casebook import Case
from tests.schedules.town import Town

ACCOUNT_DAY = "2027-01-11 10:00"


async def _merge(town: Town, case: Case, into: Case) -> None:
    deed = Deed(action=Action.MERGE, by=Actor(Role.DESK), words="같은 그네예요.", into=into.number)
    async with town.database.begin() as connection:
        await perform(connection, town.world, case.id, deed, town.now)


async def test_the_account_tells_of_the_case_that_goes_on_and_once_to_each(town: Town) -> None:
    raiser, other, both = await town.person(), await town.person(), await town.person()
    goes_on = await town.raises(raiser, "놀이터 그네가 부서졌어요")
    merged = await town.raises(other, "그네 줄이 끊어졌어요")
    again = await town.raises(raiser, "그네를 고쳐 주세요")
    for case in (goes_on, merged):
        await town.supports(both, case)
    await _merge(town, merged, goes_on)
    await _merge(town, again, merged)
    await town.until(ACCOUNT_DAY)
    for person in (raiser, other, both):
        (told,) = await town.told(person.conversation, "half.account")
        assert told.text.count(str(goes_on.number)) == 1
        assert str(merged.number) not in told.text
        assert str(again.number) not in told.text
    assert await town.told(other.conversation, "clock.survey") == []
