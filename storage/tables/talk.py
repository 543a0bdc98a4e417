"""Tables of talking with people: residents, conversations, what came in and what goes out."""

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.types import Base, BigId, Json, JsonObject, Moment, Name, RowId


class ResidentRow(Base):
    """A person who agreed to be served (주민). Known only by the conversations they write from."""

    __tablename__ = "resident"

    id: Mapped[RowId]
    created_at: Mapped[Moment]
    consented_at: Mapped[Moment | None]
    consent_version: Mapped[str] = mapped_column(String(16), server_default="")
    notices: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    quiet: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    weekly: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    erased_at: Mapped[Moment | None]


class ConversationRow(Base):
    """One address of one channel (대화): who is behind it, where its dialogue stands, who serves it now."""

    __tablename__ = "conversation"

    id: Mapped[RowId]
    channel: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[Name]
    resident_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("resident.id"), index=True)
    is_group: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    office: Mapped[str | None] = mapped_column(String(64), index=True)
    locale: Mapped[str] = mapped_column(String(8), server_default="ko")
    reachable: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    created_at: Mapped[Moment]
    last_at: Mapped[Moment]

    flow: Mapped[str] = mapped_column(String(32), server_default="")
    step: Mapped[str] = mapped_column(String(32), server_default="")
    data: Mapped[JsonObject] = mapped_column(Json, server_default="{}")
    token: Mapped[int] = mapped_column(Integer, server_default="0")

    ready_at: Mapped[Moment | None]
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[Moment | None]
    fence: Mapped[int] = mapped_column(BigInteger, server_default="0")

    delivered: Mapped[int] = mapped_column(BigInteger, server_default="0")
    next_send_at: Mapped[Moment | None]
    burst_since: Mapped[Moment | None]
    burst_count: Mapped[int] = mapped_column(Integer, server_default="0")

    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index(
            "ix_conversation_ready",
            "ready_at",
            sqlite_where=text("ready_at IS NOT NULL"),
            postgresql_where=text("ready_at IS NOT NULL"),
        ),
    )


class InboxRow(Base):
    """One thing a person sent, kept until it was handled. The body is emptied when it was."""

    __tablename__ = "inbox"

    id: Mapped[RowId]
    channel: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(128))
    conversation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("conversation.id"))
    received_at: Mapped[Moment]
    body: Mapped[JsonObject] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    handled_at: Mapped[Moment | None]
    fault: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index(
            "ix_inbox_waiting",
            "conversation_id",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_inbox_failed",
            "conversation_id",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
    )


class OutboxRow(Base):
    """One thing to show a person: template, parameters and choices, rendered when it is sent."""

    __tablename__ = "outbox"

    id: Mapped[RowId]
    conversation_id: Mapped[int] = mapped_column(BigId, ForeignKey("conversation.id"))
    channel: Mapped[str] = mapped_column(String(16))
    lane: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(12))
    template: Mapped[Name]
    params: Mapped[JsonObject] = mapped_column(Json)
    choices: Mapped[list[object]] = mapped_column(Json)
    target: Mapped[str | None] = mapped_column(String(128))
    case_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("cases.id"))
    key: Mapped[str | None] = mapped_column(String(96), unique=True)
    created_at: Mapped[Moment]
    not_before: Mapped[Moment]
    state: Mapped[str] = mapped_column(String(12))
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    outcome: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[Moment | None]
    external_id: Mapped[str | None] = mapped_column(String(64))
    position: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "channel",
            "lane",
            "not_before",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_head",
            "conversation_id",
            "lane",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_dead",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
        Index("ix_outbox_shown", "conversation_id", "position"),
        Index("ix_outbox_sent_as", "conversation_id", "external_id"),
        Index("ix_outbox_case", "case_id"),
        # A message may be forgotten with its person while it is being sent: its id must not become another's.
        {"sqlite_autoincrement": True},
    )
