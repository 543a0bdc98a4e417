"""Tables of figures and imports: what is counted of cases, plans of meetings, files taken in."""

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.types import Base, BigId, Json, JsonObject, Moment, Name, RowId


class FigureRow(Base):
    """How many cases (집계) of a slice came in a month with a certain value: `n` of them.

    `slice` is "" for the city, else what the cases share (`office:yeonsu/parks`). `month` is 202611, or
    202614 for all of that half-year. `state` is empty where the value is counted whatever the state.
    """

    __tablename__ = "figure"

    slice: Mapped[str] = mapped_column(String(80), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(12), primary_key=True)
    month: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    value: Mapped[Name] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(16), primary_key=True)
    n: Mapped[int] = mapped_column(Integer)

    __table_args__ = ({"sqlite_with_rowid": False},)


class CountedRow(Base):
    """As what a case stands in the figures now, so that it can be taken out again when it changes."""

    __tablename__ = "counted_case"

    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    facts: Mapped[str] = mapped_column(Text)


class CountingRow(Base):
    """How far the counting came: the last line of history it looked at. Locked by who counts."""

    __tablename__ = "counting"

    name: Mapped[Name] = mapped_column(primary_key=True)
    cursor: Mapped[int] = mapped_column(BigInteger, server_default="0")


class ActivityRow(Base):
    """What was done for a case outside of writing: an interview (면담), a site visit (현장방문)."""

    __tablename__ = "case_activity"

    id: Mapped[RowId]
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(16))
    held_on: Mapped[date] = mapped_column(Date)
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"))
    created_at: Mapped[Moment]

    __table_args__ = (Index("ix_case_activity_case", "case_id", "kind"),)


class MeetingPlanRow(Base):
    """How many meetings are to be held in all by the end of a year (소통행사 누계 목표)."""

    __tablename__ = "meeting_plan"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    planned: Mapped[int] = mapped_column(Integer)


class ImportRunRow(Base):
    """A file of cases or meetings (가져오기): looked at, and taken in at most once."""

    __tablename__ = "import_run"

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(String(12))
    file_hash: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    kept_as: Mapped[str] = mapped_column(String(64), server_default="")
    columns: Mapped[JsonObject] = mapped_column(Json, server_default="{}")
    rows: Mapped[int] = mapped_column(Integer, server_default="0")
    skipped: Mapped[int] = mapped_column(Integer, server_default="0")
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"))
    at: Mapped[Moment]
    done_at: Mapped[Moment | None]

    __table_args__ = (Index("ix_import_run_file", "kind", "file_hash", unique=True),)
