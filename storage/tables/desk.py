"""Tables of the intake desk: whom to phone about a case, and which form made it."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.types import Base, BigId, Moment, Name


class CaseContactRow(Base):
    """How a person without the chat can be told (연락처), with their consent.

    `to_tell` says what they are still to be told by telephone since `waiting_since`: an action, `half` for
    the half-yearly word, or nothing.
    """

    __tablename__ = "case_contact"

    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), primary_key=True)
    name: Mapped[Name] = mapped_column(server_default="")
    phone: Mapped[str] = mapped_column(String(32))
    consented_at: Mapped[Moment]
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    to_tell: Mapped[str] = mapped_column(String(16), server_default="")
    waiting_since: Mapped[Moment | None]
    told_at: Mapped[Moment | None]

    __table_args__ = (
        Index(
            "ix_case_contact_to_tell",
            "waiting_since",
            "case_id",
            sqlite_where=sql("to_tell <> ''"),
            postgresql_where=sql("to_tell <> ''"),
        ),
    )


class DeskEntryRow(Base):
    """The form by which a clerk filed a case: sent twice, it files once."""

    __tablename__ = "desk_entry"

    key: Mapped[Name] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    created_at: Mapped[Moment]
