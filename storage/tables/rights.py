"""Tables of rights: what staff did, sealed; invitations; what the console edits of the pack; marks."""

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.types import Base, BigId, Json, JsonObject, Moment, Name, RowId

_SEAL = String(64)


class AuditEntryRow(Base):
    """One thing a member of staff did (감사 기록). Its seal covers the one before; only added to.

    Without a foreign key: an entry stands whatever becomes of the account.
    """

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    who: Mapped[Name] = mapped_column(server_default="")
    action: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(96), server_default="")
    facts: Mapped[JsonObject] = mapped_column(Json)
    key: Mapped[str] = mapped_column(String(16))
    previous: Mapped[str] = mapped_column(_SEAL)
    seal: Mapped[str] = mapped_column(_SEAL)

    __table_args__ = (
        Index("ix_audit_entry_at", "at", "number"),
        Index("ix_audit_entry_staff", "staff_id", "number"),
        Index("ix_audit_entry_action", "action", "number"),
        Index("ix_audit_entry_subject", "subject", "number"),
    )


class AuditHeadRow(Base):
    """The end of the chain: one row, held while an entry is added, so that no two follow the same one.

    `mark` proves that the last entry is the last: without the key nobody can cut the end off.
    """

    __tablename__ = "audit_head"

    name: Mapped[Name] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)
    seal: Mapped[str] = mapped_column(_SEAL)
    key: Mapped[str] = mapped_column(String(16))
    mark: Mapped[str] = mapped_column(_SEAL)


class InvitationRow(Base):
    """A link by which somebody makes their own account (초대), once. Only its hash is kept."""

    __tablename__ = "invitation"

    id: Mapped[RowId]
    token_hash: Mapped[str] = mapped_column(_SEAL, unique=True)
    name: Mapped[Name]
    role: Mapped[str] = mapped_column(String(12))
    offices: Mapped[list[str]] = mapped_column(Json)
    created_by: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"))


class PackEditRow(Base):
    """One change of the city's pack made in the console (도시 자료 수정). Only added to; the newest counts.

    `version` counts them all: whoever edits writes the next one, and of two at once only one can.
    """

    __tablename__ = "pack_edit"

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[Name]
    value: Mapped[JsonObject] = mapped_column(Json)
    at: Mapped[Moment]
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"))

    __table_args__ = (Index("ix_pack_edit_of", "kind", "key", "version"),)


class MarkRow(Base):
    """Something that is so of the whole database, such as that it holds a demonstration (시연)."""

    __tablename__ = "mark"

    name: Mapped[Name] = mapped_column(primary_key=True)
    at: Mapped[Moment]
