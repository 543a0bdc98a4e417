"""Tables of the running program itself: leases between processes, pacing."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.types import Base, Moment, Name


class LeaseRow(Base):
    """What only one process may do at a time (polling), and until when it may."""

    __tablename__ = "lease"

    name: Mapped[Name] = mapped_column(primary_key=True)
    owner: Mapped[Name]
    leased_until: Mapped[Moment]


class ChannelRow(Base):
    """A channel's memory: when the next message may go out, and until when it wants silence."""

    __tablename__ = "channel"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    # Of the first tables; nobody reads or writes it. Dropping it would part old backups from new databases.
    cursor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    next_slot_at: Mapped[Moment | None]
    closed_until: Mapped[Moment | None]
