"""Who has no chat is told by telephone (전화로 알리기): what a change of a case means for that."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.rules import WORDS_TO_THE_PERSON
from cases.transitions import Decision
from cases.vocabulary import Action
from storage.casebook import Case
from storage.contacts import call_wanted, called

WORTH_A_CALL = WORDS_TO_THE_PERSON - {Action.START}
"""What a person is phoned about; that work has begun can wait for the next word."""


async def note_calls(connection: AsyncConnection, case: Case, decision: Decision, now: datetime) -> None:
    """Note what is to be told by telephone, or that it was, for a case raised without a chat.

    Whoever raised one that was merged into this case is to be told of this one.
    """
    if decision.action is Action.PHONED:
        await called(connection, case.id, now)
    elif decision.action in WORTH_A_CALL:
        await call_wanted(connection, case.id, decision.action.value, now)
