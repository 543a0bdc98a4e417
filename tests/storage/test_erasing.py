"""Who asks to be forgotten is forgotten: the city keeps its cases, and nothing that leads to a person."""

from datetime import UTC, datetime

from sqlalchemy import select

from storage.attachments import add_attachment, attach
from storage.casebook import Case, case_by_id, history_of
from storage.dialogues import Dialogue, claim_conversations, enter, give_up, leave
from storage.engine import Database
from storage.my_data import collect
from storage.outbox import Settled, claim_parcels, settle
from storage.people import agree, erase, listeners_of_residents, support, supporter_count
from storage.tables import Base, ResidentRow
from tests.storage.scenery import (
    LEASE,
    NOW,
    arrival,
    file_one,
    note,
    outbox_rows,
    post,
    put_out,
    take_in,
    talk_with,
)

SECRET = "남몰래 한 말"


async def _everything(database: Database) -> str:
    found = []
    async with database.read() as connection:
        for table in Base.metadata.sorted_tables:
            found += [
                f"{table.name} {dict(row)}" for row in (await connection.execute(select(table))).mappings()
            ]
    return "\n".join(found)


async def _has_talked(database: Database, talk: int) -> tuple[int, Case]:
    """A person with a case, words in it, a photo, a letter, an open draft and a turn that failed."""
    async with database.begin() as connection:
        resident = await agree(connection, talk, "2026-11", NOW)
        case = await file_one(connection, resident)
        await note(connection, case, "가로등 두 개예요", resident)
        for name in ("filed.jpg", "loose.jpg"):
            await add_attachment(
                connection, conversation_id=talk, name=name, media_type="image/jpeg", size=9, at=NOW
            )
        await attach(connection, conversation_id=talk, names=["filed.jpg"], case_id=case.id)
        (claim,) = await claim_conversations(connection, owner="p", now=NOW, lease=LEASE, limit=1)
        await enter(connection, claim, NOW)
        draft = Dialogue("suggest", "card", {"draft": {"text": SECRET}}, 3)
        await leave(connection, claim, 1, draft, NOW, burst=(None, 0))
    await put_out(database, post(talk, SECRET), post(talk, f"{SECRET} 2", held=True))
    (failed,) = await take_in(database, arrival(f"{SECRET} 3"))
    async with database.begin() as connection:
        await give_up(connection, failed.inbox_id or 0, NOW, "ValueError")
    return resident, case


async def test_erasing_leaves_the_case_and_nothing_that_leads_to_the_person(database: Database) -> None:
    talk = await talk_with(database)
    resident, case = await _has_talked(database, talk)
    at = datetime(2026, 12, 1, tzinfo=UTC)
    async with database.begin() as connection:
        await erase(connection, resident, at)
        kept = await case_by_id(connection, case.id)
        assert kept is not None
        assert (kept.resident_id, kept.text) == (None, case.text)
        assert [(line.words, line.resident_id) for line in await history_of(connection, case.id)] == [
            ("가로등 두 개예요", None)
        ]
        assert await listeners_of_residents(connection, [resident]) == []
        left = await collect(connection, talk)
        assert (left["cases"], left["supported"], left["files"]) == ([], [], [])
        erased = await connection.execute(select(ResidentRow.erased_at, ResidentRow.consented_at))
        assert erased.one() == (at, None)
    everything = await _everything(database)
    # The unfailed first turn still waits; what it says is its number, not a secret.
    assert SECRET not in everything.replace(f"'external_id': '{SECRET} 3'", "")
    assert f"'resident_id': {resident}" not in everything
    assert f"'conversation_id': {talk}, 'case_id': {case.id}" not in everything


async def test_erasing_takes_back_the_support_and_leaves_others_alone(database: Database) -> None:
    mine, theirs = await talk_with(database), await talk_with(database, "a neighbour")
    async with database.begin() as connection:
        me = await agree(connection, mine, "2026-11", NOW)
        neighbour = await agree(connection, theirs, "2026-11", NOW)
        case = await file_one(connection, neighbour)
        assert await support(connection, case.id, me, NOW)
        assert not await support(connection, case.id, me, NOW)
        await note(connection, case, "저도요", me)
        await note(connection, case, "고마워요", neighbour)
        await erase(connection, me, NOW)
        assert await supporter_count(connection, case.id) == 0
        kept = await case_by_id(connection, case.id)
        assert kept is not None
        assert kept.resident_id == neighbour
        assert [line.resident_id for line in await history_of(connection, case.id)] == [None, neighbour]
        assert [one.conversation_id for one in await listeners_of_residents(connection, [me, neighbour])] == [
            theirs
        ]


async def test_the_last_word_is_sent_also_when_a_letter_was_under_way_as_the_person_was_forgotten(
    database: Database,
) -> None:
    talk = await talk_with(database)
    async with database.begin() as connection:
        resident = await agree(connection, talk, "2026-11", NOW)
    await put_out(database, post(talk, "notice.take"))
    async with database.begin() as connection:
        (under_way,) = await claim_parcels(
            connection, channel="telegram", owner="p", now=NOW, lease=LEASE, limit=1
        )
        await erase(connection, resident, NOW)
    await put_out(database, post(talk, "privacy.erased"))
    async with database.begin() as connection:
        await settle(connection, [Settled(under_way.id, talk, "sent")], NOW)
    assert [(row.template, row.state) for row in await outbox_rows(database)] == [
        ("privacy.erased", "waiting")
    ]
