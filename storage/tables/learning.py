"""Tables of what staff's decisions taught about which office is right, and of the models made from it."""

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.types import Base, BigId, Json, JsonObject, Moment, Name, RowId


class RoutingLessonRow(Base):
    """A case whose department staff confirmed, or moved it to (배울 것). Its words stay with the case."""

    __tablename__ = "routing_lesson"

    id: Mapped[RowId]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), unique=True)
    department: Mapped[Name]
    at: Mapped[Moment] = mapped_column(index=True)

    __table_args__ = (Index("ix_routing_lesson_department", "department", "at"),)


class RoutingModelRow(Base):
    """One version of the learned model (배운 모델): how good it was, and whether it is in use."""

    __tablename__ = "routing_model"

    version: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    made_at: Mapped[Moment]
    learned_until: Mapped[Moment]
    trained_on: Mapped[int] = mapped_column(Integer)
    quality: Mapped[JsonObject] = mapped_column(Json)
    weights: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(200), server_default="")

    __table_args__ = (
        # One is in use at a time, whoever trains or rolls back beside us.
        Index(
            "ix_routing_model_active",
            "state",
            unique=True,
            sqlite_where=sql("state = 'active'"),
            postgresql_where=sql("state = 'active'"),
        ),
    )
