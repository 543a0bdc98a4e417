"""No statement of a turn reads a whole table: with a million cases it takes as long as with ten."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from storage import dead_letters, intake, outbox, presence, webchat
from storage.casebook import case_by_number, cases_of, history_of
from storage.dialogues import (
    Dialogue,
    claim_conversations,
    enter,
    leave,
    mark_handled,
    release,
    waiting_turns,
)
from storage.engine import Database
from storage.merging import merged_into
from storage.migrate import migrate
from storage.people import agree, erase, listeners_of_residents
from storage.showing import show_on_web
from storage.similar import duplicates_of, same_words, similar_public
from storage.sketches import forget_long_closed, forget_sketches
from tests.storage.scenery import LEASE, NOW, arrival, file_one, note, post

BIG = "case_key|cases|case_event|conversation|inbox|outbox|resident|attachment|support"
WHOLE_TABLE = re.compile(rf"SCAN ({BIG})(_\d+)?$")


@pytest.fixture
async def sqlite(tmp_path: Path) -> Database:
    url = f"sqlite:///{tmp_path}/plans.db"
    await migrate(url)
    return Database(url)


@contextmanager
def _overheard() -> Iterator[list[tuple[str, object]]]:
    heard: list[tuple[str, object]] = []

    def listen(
        _connection: object, _cursor: object, statement: str, parameters: object, *_rest: object
    ) -> None:
        heard.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", listen)
    yield heard
    event.remove(Engine, "before_cursor_execute", listen)


async def _everything_of_a_turn(database: Database) -> None:
    async with database.begin() as connection:
        (received,) = await intake.receive(connection, [arrival(1)])
        (claim,) = await claim_conversations(connection, owner="p", now=NOW, lease=LEASE, limit=5)
        (turn,) = await waiting_turns(connection, [claim.conversation_id], 5)
        resident = await agree(connection, claim.conversation_id, "1", NOW)
        await enter(connection, claim, NOW)
        await mark_handled(connection, turn.inbox_id, NOW)
        await similar_public(
            connection, text="가로등이 꺼졌어요", district="yeonsu", place="", without=resident, at_least=0.5
        )
        case = await file_one(connection, resident)
        await duplicates_of(connection, case, offices=None, at_least=0.5)
        await same_words(connection, case)
        await merged_into(connection, case.id)
        await forget_long_closed(connection, NOW, limit=5)
        await forget_sketches(connection, [case.id])
        await note(connection, case, "더함", resident)
        await outbox.put(
            connection, [post(claim.conversation_id, "a"), post(claim.conversation_id, "b", key="k")]
        )
        await leave(connection, claim, turn.inbox_id, Dialogue(), NOW, burst=(NOW, 1))
        await release(connection, claim, None)
        (parcel,) = await outbox.claim_parcels(
            connection, channel="telegram", owner="p", now=NOW, lease=LEASE, limit=5
        )
        await outbox.settle(connection, [outbox.Settled(parcel.id, parcel.conversation_id, "sent")], NOW)
        await show_on_web(connection, now=NOW + timedelta(days=1), limit=5)
        await webchat.conversation_at(connection, "someone")
        await webchat.shown_after(connection, claim.conversation_id, 0, 10)
        await cases_of(connection, resident, limit=5)
        await case_by_number(connection, case.number)
        await history_of(connection, case.id)
        await listeners_of_residents(connection, [resident])
        await outbox.hold_back(connection, claim.conversation_id)
        await outbox.let_go(connection, claim.conversation_id)
        await dead_letters.dead_letters(connection, limit=5)
        await dead_letters.count_dead_letters(connection)
        await presence.free_what_the_dead_held(connection, NOW)
        await erase(connection, resident, NOW)
        assert received.conversation_id == claim.conversation_id


async def test_no_statement_of_a_turn_reads_a_whole_table(sqlite: Database) -> None:
    with _overheard() as heard:
        await _everything_of_a_turn(sqlite)
    slow = []
    async with sqlite.read() as connection:
        for statement, parameters in heard:
            # An INSERT's plan names children that SQLite looks at only when a violation is pending.
            if statement.split()[0] not in ("SELECT", "UPDATE", "DELETE", "WITH"):
                continue
            values = parameters[0] if isinstance(parameters, list) else parameters
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
            steps = [str(row.detail) for row in plan]
            slow += [f"{step}: {statement}" for step in steps if WHOLE_TABLE.search(step)]
    await sqlite.close()
    assert len(heard) > 40
    assert slow == []
