"""What falls due: the clock of each case, the runs of jobs, the wish for weekly news"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENTS = ("assigned_at", "last_word_at", "paused_at", "clock_at", "next_check_at", "redacted_at")


def upgrade() -> None:
    # Columns are added one by one, never by copying a table that others refer to.
    op.add_column(
        "cases", sa.Column("extended", sa.Boolean(), server_default=sa.text("(false)"), nullable=False)
    )
    for name in _MOMENTS:
        op.add_column("cases", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "resident", sa.Column("weekly", sa.Boolean(), server_default=sa.text("(false)"), nullable=False)
    )
    for name, column, where in (
        ("ix_cases_next_check", "next_check_at", "next_check_at IS NOT NULL"),
        ("ix_cases_kept", "closed_at", "closed_at IS NOT NULL AND redacted_at IS NULL"),
    ):
        op.create_index(name, "cases", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    _job_run()
    # Open cases are looked at by the first tick; of what fell due before their last change nothing is said.
    op.execute(
        "UPDATE cases SET assigned_at = received_at, clock_at = changed_at, next_check_at = changed_at"
    )


def _job_run() -> None:
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.String(length=128), server_default="", nullable=False),
        sa.Column(
            "figures",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), server_default="running", nullable=False),
        sa.PrimaryKeyConstraint("job", "period", name=op.f("pk_job_run")),
    )
    op.create_index(
        "ix_job_run_unfinished",
        "job_run",
        ["job"],
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("job_run")
    for name in ("ix_cases_kept", "ix_cases_next_check"):
        op.drop_index(name, table_name="cases")
    op.drop_column("resident", "weekly")
    for name in (*reversed(_MOMENTS), "extended"):
        op.drop_column("cases", name)
