"""Tables of the running program itself: leases between processes, cursors, pacing."""

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
    """A channel's memory: where polling stands, when the next message may go out."""

    __tablename__ = "channel"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    cursor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    next_slot_at: Mapped[Moment | None]
    closed_until: Mapped[Moment | None]
