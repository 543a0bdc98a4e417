"""What figures count, and what was imported"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_FROM_SOURCE = sa.text("source_ref IS NOT NULL")


def upgrade() -> None:
    op.add_column("cases", sa.Column("field", sa.String(length=64), server_default="", nullable=False))
    op.add_column("cases", sa.Column("outcome", sa.String(length=24), nullable=True))
    op.add_column("cases", sa.Column("source_ref", sa.String(length=64), nullable=True))
    op.add_column("meeting", sa.Column("hosts", sa.String(length=200), server_default="", nullable=False))
    op.add_column("meeting", sa.Column("source_ref", sa.String(length=64), nullable=True))
    op.drop_index("ix_cases_meeting_id", table_name="cases")
    op.create_index("ix_cases_meeting", "cases", ["meeting_id", "state"])
    for table, name in (("cases", "ix_cases_source_ref"), ("meeting", "ix_meeting_source_ref")):
        op.create_index(
            name,
            table,
            ["source_ref"],
            unique=True,
            sqlite_where=_FROM_SOURCE,
            postgresql_where=_FROM_SOURCE,
        )
    _figures()
    _activities()
    _imports()


def _figures() -> None:
    op.create_table(
        "figure",
        sa.Column("slice", sa.String(length=80), nullable=False),
        sa.Column("dimension", sa.String(length=12), nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slice", "dimension", "month", "value", "state", name=op.f("pk_figure")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counted_case",
        _id("case_id", autoincrement=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_counted_case_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_counted_case")),
    )
    op.create_table(
        "counting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("cursor", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counting")),
    )


def _activities() -> None:
    op.create_table(
        "case_activity",
        _id("id", autoincrement=True),
        _refers("case_id", nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        _refers("staff_id", nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_activity_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_activity_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_activity")),
    )
    op.create_index("ix_case_activity_case", "case_activity", ["case_id", "kind"])
    op.create_table(
        "meeting_plan",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_meeting_plan")),
    )


def _imports() -> None:
    op.create_table(
        "import_run",
        _id("id", autoincrement=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("kept_as", sa.String(length=64), server_default="", nullable=False),
        sa.Column(
            "columns",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("skipped", sa.Integer(), server_default="0", nullable=False),
        _refers("staff_id", nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_import_run_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index("ix_import_run_file", "import_run", ["kind", "file_hash"], unique=True)


def _id(name: str, *, autoincrement: bool) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, autoincrement=autoincrement, nullable=False)


def _refers(name: str, *, nullable: bool) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def downgrade() -> None:
    for table in ("import_run", "meeting_plan", "case_activity", "counting", "counted_case", "figure"):
        op.drop_table(table)
    op.drop_index("ix_meeting_source_ref", table_name="meeting")
    op.drop_index("ix_cases_source_ref", table_name="cases")
    op.drop_index("ix_cases_meeting", table_name="cases")
    op.create_index("ix_cases_meeting_id", "cases", ["meeting_id"])
    for table, column in (
        ("meeting", "source_ref"),
        ("meeting", "hosts"),
        ("cases", "source_ref"),
        ("cases", "outcome"),
        ("cases", "field"),
    ):
        op.drop_column(table, column)
