"""Tables of what runs by the calendar: which job ran for which period, and how far it came."""

from sqlalchemy import Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.types import Base, Json, JsonObject, Moment, Name


class JobRunRow(Base):
    """A job's run for one period (작업 기록): its row is locked for each batch, which moves its cursor."""

    __tablename__ = "job_run"

    job: Mapped[Name] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(32), primary_key=True)
    due_at: Mapped[Moment]
    started_at: Mapped[Moment]
    cursor: Mapped[str] = mapped_column(String(128), server_default="")
    figures: Mapped[JsonObject] = mapped_column(Json, server_default="{}")
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    retry_at: Mapped[Moment | None]
    fault: Mapped[str | None] = mapped_column(String(200))
    finished_at: Mapped[Moment | None]
    outcome: Mapped[str] = mapped_column(String(12), server_default="running")

    __table_args__ = (
        Index(
            "ix_job_run_unfinished",
            "job",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )
