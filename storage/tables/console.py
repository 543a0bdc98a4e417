"""Tables of the console: words to search, consultations, answers to fill in, saved views, conflicts."""

from datetime import date

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.types import Base, BigId, Moment, Name, RowId


class CaseWordRow(Base):
    """Two characters that stand side by side in a case (찾기): `intents.finding` says which.

    Ordered by the pair, so that a search reads one stretch of it for each pair it looks for. There is no way
    back from a case to its pairs but its text: they are removed while that is still there.
    """

    __tablename__ = "case_word"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)


class ConsultationRow(Base):
    """Another office is asked for its part (실무자 협의). `outcome` is empty while it is awaited."""

    __tablename__ = "consultation"

    id: Mapped[RowId]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    office: Mapped[Name]
    question: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date)
    asked_by: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    author: Mapped[Name]
    asked_at: Mapped[Moment]
    outcome: Mapped[str] = mapped_column(String(12), server_default="")
    ended_at: Mapped[Moment | None]

    __table_args__ = (
        # Whom it concerns: the consulted office, as long as it is awaited and afterwards.
        Index("ix_consultation_office", "office", "case_id"),
        Index(
            "ix_consultation_awaited",
            "office",
            "due_on",
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
    )


class ConsultationLineRow(Base):
    """What the consulted office wrote: notes on the way, and its answer. Never changed."""

    __tablename__ = "consultation_line"

    id: Mapped[RowId]
    consultation_id: Mapped[int] = mapped_column(BigId, ForeignKey("consultation.id"), index=True)
    at: Mapped[Moment]
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    author: Mapped[Name]
    answers: Mapped[bool] = mapped_column(Boolean)
    words: Mapped[str] = mapped_column(Text)


class AnswerRow(Base):
    """An answer kept for the next time (답변 틀), with fields in braces. No office: for the whole city."""

    __tablename__ = "answer_template"

    id: Mapped[RowId]
    office: Mapped[Name] = mapped_column(server_default="", index=True)
    title: Mapped[str] = mapped_column(String(100))
    words: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    changed_at: Mapped[Moment]
    removed_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(Integer, server_default="0")


class SavedViewRow(Base):
    """A list somebody comes back to (저장한 보기): its filters as they stand in the address."""

    __tablename__ = "saved_view"

    id: Mapped[RowId]
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[Moment]

    __table_args__ = (UniqueConstraint("staff_id", "name"),)


class CaseConflictRow(Base):
    """The conflict a case may grow into (갈등등급 1-3), the plan against it, when it is looked at again."""

    __tablename__ = "case_conflict"

    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    grade: Mapped[int] = mapped_column(Integer)
    plan: Mapped[str] = mapped_column(Text)
    check_on: Mapped[date | None] = mapped_column(Date, index=True)
    changed_at: Mapped[Moment]
