"""Staff in tests: they act by the one door that the console and the groups use as well."""

from dataclasses import dataclass
from datetime import date

from cases.numbers import CaseNumber
from cases.transitions import Actor
from cases.vocabulary import Action, OfficeId, Role
from handlers import casework
from storage.casebook import Case, case_by_number
from tests.support.program import RunningProgram


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of the office that has the case, whichever that is."""

    program: RunningProgram

    async def case(self, number: str) -> Case:
        """The case as it is now."""
        parsed = CaseNumber.parse(number)
        assert parsed is not None, f"{number} is no case number"
        async with self.program.program.database.read() as connection:
            case = await case_by_number(connection, parsed)
        assert case is not None, f"there is no case {number}"
        return case

    async def does(
        self, action: Action, number: str, words: str = "", *, to: str = "", on: date | None = None
    ) -> Case:
        """Do something to a case, and let everyone be told."""
        case = await self.case(number)
        deed = casework.Deed(
            action=action,
            by=Actor(Role.OFFICER, offices=frozenset({case.office})),
            words=words,
            target=OfficeId(to) if to else None,
            on=on,
        )
        program = self.program.program
        async with program.database.begin() as connection:
            done = await casework.perform(connection, program.world, case.id, deed, self.program.clock())
        await self.program.catches_up()
        return done

    async def takes(self, number: str) -> Case:
        """담당자가 맡음."""
        return await self.does(Action.TAKE, number)

    async def starts(self, number: str, words: str = "") -> Case:
        """추진 시작."""
        return await self.does(Action.START, number, words)

    async def asks(self, number: str, words: str) -> Case:
        """주민에게 질문."""
        return await self.does(Action.ASK, number, words)

    async def moves(self, number: str, *, to: str, because: str) -> Case:
        """다른 부서로 이관."""
        return await self.does(Action.MOVE, number, because, to=to)

    async def plans(self, number: str, *, by: date, words: str = "") -> Case:
        """중장기추진."""
        return await self.does(Action.LONG_TERM, number, words, on=by)

    async def tells(self, number: str, words: str) -> Case:
        """진행 소식."""
        return await self.does(Action.PROGRESS, number, words)

    async def declines(self, number: str, words: str) -> Case:
        """추진불가."""
        return await self.does(Action.INFEASIBLE, number, words)

    async def hands_over(self, number: str, *, to: str, because: str) -> Case:
        """이송."""
        return await self.does(Action.HAND_OVER, number, because, to=to)

    async def answers(self, number: str, words: str) -> Case:
        """답변하고 완료."""
        return await self.does(Action.ANSWER, number, words)
