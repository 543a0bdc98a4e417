"""Many rows for the outbox at once (대량 발송): the half-yearly account writes a million of them.

What differs from row to row goes to the driver as it is, with its JSON made before, and what is the same in
all stands in the statement: a row costs a third of what it does through `storage.outbox.put`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection


class Letter(NamedTuple):
    """One row: `params` and `choices` are JSON. `state` is waiting, or held for who cannot be reached."""

    conversation_id: int
    channel: str
    params: str
    choices: str
    case_id: int | None
    key: str
    state: str


_COLUMNS = ", ".join(Letter._fields)
_SAME = "lane, kind, template, created_at, not_before, attempts"
# PostgreSQL takes a batch as one statement over columns; SQLite repeats a short one, without a journey each.
_ROWS = {
    "sqlite": "VALUES (?, ?, ?, ?, ?, ?, ?, {same})",
    "postgresql": """SELECT one.conversation_id, one.channel, CAST(one.params AS JSONB),
        CAST(one.choices AS JSONB), one.case_id, one.key, one.state, {same}
        FROM unnest($1::BIGINT[], $2::TEXT[], $3::TEXT[], $4::TEXT[], $5::BIGINT[], $6::TEXT[], $7::TEXT[])
        AS one (conversation_id, channel, params, choices, case_id, key, state)""",
}


async def put_letters(
    connection: AsyncConnection,
    letters: Sequence[Letter],
    *,
    template: str,
    lane: int,
    created_at: datetime,
    not_before: datetime,
) -> None:
    """Put messages of one template into the outbox; one whose key is there already is left out.

    `template` is a key of the catalogue, never a person's words: it stands in the statement.
    """
    if not letters:
        return
    kind = connection.dialect.name
    moments = f"{_moment(created_at, kind)}, {_moment(not_before, kind)}"
    rows = _ROWS[kind].format(same=f"{int(lane)}, 'message', '{template}', {moments}, 0")
    statement = f"INSERT INTO outbox ({_COLUMNS}, {_SAME}) {rows} ON CONFLICT (key) DO NOTHING"
    if kind == "sqlite":
        await connection.exec_driver_sql(statement, list(letters))
    else:
        await connection.exec_driver_sql(
            statement, tuple(list(column) for column in zip(*letters, strict=True))
        )


def _moment(moment: datetime, kind: str) -> str:
    # As the column's own type writes it: SQLite keeps no zone.
    written = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return f"'{written}'" if kind == "sqlite" else f"TIMESTAMPTZ '{written}+00'"
