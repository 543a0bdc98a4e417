"""What the storage tests arrange: arrivals, conversations, posts, cases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import Kind, OfficeId, State
from storage.casebook import Case, Event, NewCase, add_event, file_case, next_number
from storage.engine import Database
from storage.intake import Arrival, Received, receive
from storage.outbox import Post, put
from storage.tables import ConversationRow, JsonObject, OutboxRow

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LATER = timedelta(minutes=5)
LEASE = timedelta(seconds=60)
LIGHTS = OfficeId("yeonsu/roads")


def arrival(
    number: int | str, address: str | None = "someone", *, channel: str = "telegram", at: datetime = NOW
) -> Arrival:
    """One update, known by its number."""
    body: JsonObject = {"turn": {"kind": "text", "text": f"말 {number}"}}
    return Arrival(channel=channel, external_id=str(number), address=address, at=at, body=body)


async def take_in(database: Database, *arrivals: Arrival) -> list[Received]:
    """Receive in one transaction."""
    async with database.begin() as connection:
        return await receive(connection, arrivals)


async def talk_with(database: Database, address: str = "someone", channel: str = "telegram") -> int:
    """A conversation with that address; its id."""
    (received,) = await take_in(database, arrival(f"first of {address}", address, channel=channel))
    if received.conversation_id is None:
        raise AssertionError("an arrival with an address belongs to a conversation")
    return received.conversation_id


async def conversation(database: Database, conversation_id: int) -> ConversationRow:
    """The row as it is now."""
    async with database.read() as connection:
        result = await connection.execute(
            select(ConversationRow.__table__).where(ConversationRow.id == conversation_id)
        )
        return ConversationRow(**result.mappings().one())


async def outbox_rows(database: Database) -> list[OutboxRow]:
    """The whole outbox, oldest first."""
    async with database.read() as connection:
        result = await connection.execute(select(OutboxRow.__table__).order_by(OutboxRow.id))
        return [OutboxRow(**row) for row in result.mappings()]


def post(
    conversation_id: int,
    template: str,
    *,
    lane: int = 0,
    channel: str = "telegram",
    not_before: datetime = NOW,
    key: str | None = None,
    held: bool = False,
) -> Post:
    """Something to be shown, told apart by its template."""
    return Post(
        conversation_id=conversation_id,
        channel=channel,
        lane=lane,
        kind="message",
        template=template,
        params={},
        choices=[],
        created_at=NOW,
        not_before=not_before,
        key=key,
        held=held,
    )


async def put_out(database: Database, *posts: Post) -> None:
    """Put into the outbox in one transaction."""
    async with database.begin() as connection:
        await put(connection, posts)


def new_case(resident_id: int | None = None) -> NewCase:
    """A street light that is out."""
    return NewCase(
        state=State.RECEIVED,
        kind=Kind.COMPLAINT,
        title="가로등 고장",
        text="공원 앞 가로등이 꺼져 있어요",
        office=LIGHTS,
        district="yeonsu",
        place="송도2동",
        latitude=None,
        longitude=None,
        resident_id=resident_id,
        channel="telegram",
        meeting_id=None,
        public=True,
        received_at=NOW,
        due_at=NOW + timedelta(days=7),
        routed_by="bot",
    )


async def file_one(connection: AsyncConnection, resident_id: int | None = None) -> Case:
    """File the street light under this year's next number."""
    return await file_case(connection, new_case(resident_id), await next_number(connection, 2026))


async def note(connection: AsyncConnection, case: Case, words: str, resident_id: int | None = None) -> int:
    """A line of the case's history."""
    return await add_event(
        connection,
        Event(
            case_id=case.id,
            at=NOW,
            action="add" if resident_id else "note",
            role="raiser" if resident_id else "officer",
            from_state=case.state.value,
            to_state=case.state.value,
            from_office=case.office,
            to_office=case.office,
            resident_id=resident_id,
            words=words,
        ),
    )
