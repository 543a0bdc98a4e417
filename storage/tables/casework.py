"""Tables of cases: the card, its append-only history, photos, supporters, meetings, numbers."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.types import Base, BigId, Json, JsonObject, Moment, Name, RowId


class CaseRow(Base):
    """What a resident raised (건의). `version` guards every change."""

    __tablename__ = "cases"

    id: Mapped[RowId]
    year: Mapped[int] = mapped_column(Integer)
    running: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    office: Mapped[Name]
    district: Mapped[str] = mapped_column(String(32), server_default="")
    place: Mapped[Name] = mapped_column(server_default="")
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    resident_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("resident.id"))
    channel: Mapped[str] = mapped_column(String(16))
    meeting_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("meeting.id"))
    public: Mapped[bool] = mapped_column(Boolean, server_default=sql("true"))
    received_at: Mapped[Moment]
    due_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]
    planned_on: Mapped[date | None] = mapped_column(Date)
    question_waiting: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    spoke_last: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    second_look_used: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    moves: Mapped[int] = mapped_column(Integer, server_default="0")
    rating: Mapped[int | None] = mapped_column(Integer)
    routed_by: Mapped[str] = mapped_column(String(12))
    extended: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    assigned_at: Mapped[Moment | None]
    last_word_at: Mapped[Moment | None]
    paused_at: Mapped[Moment | None]
    clock_at: Mapped[Moment | None]
    next_check_at: Mapped[Moment | None]
    redacted_at: Mapped[Moment | None]
    field: Mapped[Name] = mapped_column(server_default="")
    outcome: Mapped[str | None] = mapped_column(String(24))
    source_ref: Mapped[str | None] = mapped_column(String(64))
    reviewed_at: Mapped[Moment | None]
    taker_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"))
    # Not held to `cases` by a key: a copy is restored row by row, and a case may go into a later one.
    merged_into: Mapped[int | None] = mapped_column(BigId)
    form: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer, server_default="0")

    __table_args__ = (
        UniqueConstraint("year", "running"),
        Index(
            "ix_cases_merged_into",
            "merged_into",
            sqlite_where=sql("merged_into IS NOT NULL"),
            postgresql_where=sql("merged_into IS NOT NULL"),
        ),
        # The same words again, from many people.
        Index(
            "ix_cases_form",
            "form",
            "id",
            sqlite_where=sql("form IS NOT NULL"),
            postgresql_where=sql("form IS NOT NULL"),
        ),
        # Closed, and still to be found as similar.
        Index(
            "ix_cases_listed",
            "closed_at",
            sqlite_where=sql("closed_at IS NOT NULL AND form IS NOT NULL"),
            postgresql_where=sql("closed_at IS NOT NULL AND form IS NOT NULL"),
        ),
        Index("ix_cases_office", "office", "state", "received_at", "id"),
        Index("ix_cases_state", "state", "received_at", "id"),
        Index("ix_cases_received", "received_at", "id"),
        Index("ix_cases_due", "state", "due_at", "id"),
        Index("ix_cases_office_due", "office", "state", "due_at", "id"),
        # Where the resident's words wait to be read: few among many.
        Index(
            "ix_cases_spoke_last",
            "state",
            "due_at",
            "id",
            sqlite_where=sql("spoke_last = 1"),
            postgresql_where=sql("spoke_last"),
        ),
        Index(
            "ix_cases_waiting",
            "state",
            "due_at",
            "id",
            sqlite_where=sql("question_waiting = 1"),
            postgresql_where=sql("question_waiting"),
        ),
        Index(
            "ix_cases_second_look",
            "state",
            "due_at",
            "id",
            sqlite_where=sql("second_look_used = 1"),
            postgresql_where=sql("second_look_used"),
        ),
        # Open cases by the last word on them: the half-yearly account asks which had none.
        Index(
            "ix_cases_silent",
            "office",
            "last_word_at",
            sqlite_where=sql("closed_at IS NULL"),
            postgresql_where=sql("closed_at IS NULL"),
        ),
        Index(
            "ix_cases_place",
            "place",
            "received_at",
            "id",
            sqlite_where=sql("place <> ''"),
            postgresql_where=sql("place <> ''"),
        ),
        # What the program sent by itself and nobody has looked at yet.
        Index(
            "ix_cases_unreviewed",
            "id",
            sqlite_where=sql("routed_by = 'bot' AND reviewed_at IS NULL AND closed_at IS NULL"),
            postgresql_where=sql("routed_by = 'bot' AND reviewed_at IS NULL AND closed_at IS NULL"),
        ),
        # What offices send to and fro.
        Index(
            "ix_cases_disputed",
            "due_at",
            "id",
            sqlite_where=sql("moves >= 2 AND closed_at IS NULL"),
            postgresql_where=sql("moves >= 2 AND closed_at IS NULL"),
        ),
        Index("ix_cases_resident", "resident_id", "id"),
        Index("ix_cases_meeting", "meeting_id", "state"),
        Index(
            "ix_cases_source_ref",
            "source_ref",
            unique=True,
            sqlite_where=sql("source_ref IS NOT NULL"),
            postgresql_where=sql("source_ref IS NOT NULL"),
        ),
        Index(
            "ix_cases_next_check",
            "next_check_at",
            sqlite_where=sql("next_check_at IS NOT NULL"),
            postgresql_where=sql("next_check_at IS NOT NULL"),
        ),
        Index(
            "ix_cases_kept",
            "closed_at",
            sqlite_where=sql("closed_at IS NOT NULL AND redacted_at IS NULL"),
            postgresql_where=sql("closed_at IS NOT NULL AND redacted_at IS NULL"),
        ),
    )


class CaseEventRow(Base):
    """One line of a case's history (처리 이력): who, when, what, from, to, words. Never changed."""

    __tablename__ = "case_event"

    id: Mapped[RowId]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"))
    at: Mapped[Moment]
    action: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(12))
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"))
    resident_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("resident.id"))
    author: Mapped[Name] = mapped_column(server_default="")
    from_state: Mapped[str] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    from_office: Mapped[Name]
    to_office: Mapped[Name]
    words: Mapped[str] = mapped_column(Text, server_default="")
    told: Mapped[bool] = mapped_column(Boolean)
    facts: Mapped[JsonObject] = mapped_column(Json, server_default="{}")

    __table_args__ = (
        Index("ix_case_event_case", "case_id", "id"),
        # What an office gave away: few lines among many.
        Index(
            "ix_case_event_given_away",
            "from_office",
            "case_id",
            sqlite_where=sql("from_office <> '' AND from_office <> to_office"),
            postgresql_where=sql("from_office <> '' AND from_office <> to_office"),
        ),
    )


class AttachmentRow(Base):
    """A photo or document (첨부) kept outside the web root under a random name."""

    __tablename__ = "attachment"

    id: Mapped[RowId]
    conversation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("conversation.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    name: Mapped[Name] = mapped_column(unique=True)
    media_type: Mapped[Name]
    size: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]


class SupportRow(Base):
    """A resident who stands behind another's public case (공감)."""

    __tablename__ = "support"

    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), primary_key=True)
    resident_id: Mapped[int] = mapped_column(BigId, ForeignKey("resident.id"), primary_key=True, index=True)
    created_at: Mapped[Moment]


class CaseCounterRow(Base):
    """The last number given in a year, so that numbers neither repeat nor skip."""

    __tablename__ = "case_counter"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)


class MeetingRow(Base):
    """A meeting with residents (소통행사); cases raised there carry it."""

    __tablename__ = "meeting"

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[Name]
    held_on: Mapped[date] = mapped_column(Date)
    district: Mapped[str] = mapped_column(String(32), server_default="")
    place: Mapped[Name] = mapped_column(server_default="")
    attendees: Mapped[int | None] = mapped_column(Integer)
    hosts: Mapped[str] = mapped_column(String(200), server_default="")
    source_ref: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[Moment]
    office: Mapped[Name] = mapped_column(server_default="")
    changed_by: Mapped[Name] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column(Integer, server_default="0")

    __table_args__ = (
        Index("ix_meeting_held_on", "held_on", "id"),
        Index(
            "ix_meeting_source_ref",
            "source_ref",
            unique=True,
            sqlite_where=sql("source_ref IS NOT NULL"),
            postgresql_where=sql("source_ref IS NOT NULL"),
        ),
    )
