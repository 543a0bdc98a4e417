"""Tables of staff: accounts, offices, sessions, binding codes, throttles."""

from sqlalchemy import Boolean, ForeignKey, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.types import Base, BigId, Moment, Name, RowId


class StaffRow(Base):
    """A person who works on cases (직원)."""

    __tablename__ = "staff"

    id: Mapped[RowId]
    login: Mapped[Name] = mapped_column(unique=True)
    name: Mapped[Name]
    role: Mapped[str] = mapped_column(String(12))
    locale: Mapped[str] = mapped_column(String(8), server_default="ko")
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    totp_last: Mapped[int | None] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    created_at: Mapped[Moment]


class StaffOfficeRow(Base):
    """An office a member of staff works for."""

    __tablename__ = "staff_office"

    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"), primary_key=True)
    office: Mapped[Name] = mapped_column(primary_key=True, index=True)


class StaffSessionRow(Base):
    """A signed-in browser. Only a hash of its cookie is kept."""

    __tablename__ = "staff_session"

    token_hash: Mapped[Name] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"), index=True)
    csrf: Mapped[Name]
    created_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    expires_at: Mapped[Moment]


class BindCodeRow(Base):
    """A one-time code that binds a Telegram group to an office. Only its hash is kept."""

    __tablename__ = "bind_code"

    code_hash: Mapped[Name] = mapped_column(primary_key=True)
    office: Mapped[Name]
    created_by: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class ThrottleRow(Base):
    """How often something was tried of late: sign-ins by name and by address."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    since: Mapped[Moment]
