"""The intake desk's contacts and reviews, meetings as clerks keep them"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UNREVIEWED = sa.text("routed_by = 'bot' AND reviewed_at IS NULL AND closed_at IS NULL")
_DISPUTED = sa.text("moves >= 2 AND closed_at IS NULL")
_TO_TELL = sa.text("to_tell <> ''")


def upgrade() -> None:
    op.add_column("cases", sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
    _partial_index("ix_cases_unreviewed", "cases", ["id"], _UNREVIEWED)
    _partial_index("ix_cases_disputed", "cases", ["due_at", "id"], _DISPUTED)
    op.add_column("meeting", sa.Column("office", sa.String(length=64), server_default="", nullable=False))
    op.add_column("meeting", sa.Column("changed_by", sa.String(length=64), server_default="", nullable=False))
    op.add_column("meeting", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_meeting_held_on", "meeting", ["held_on", "id"])
    op.create_table(
        "case_contact",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("name", sa.String(length=64), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("to_tell", sa.String(length=16), server_default="", nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_contact")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_contact_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_contact_staff_id_staff")),
    )
    _partial_index("ix_case_contact_to_tell", "case_contact", ["waiting_since", "case_id"], _TO_TELL)
    op.create_table(
        "desk_entry",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_desk_entry")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_desk_entry_case_id_cases")),
    )
    op.create_index("ix_desk_entry_case_id", "desk_entry", ["case_id"])


def downgrade() -> None:
    op.drop_table("desk_entry")
    op.drop_table("case_contact")
    op.drop_index("ix_meeting_held_on", table_name="meeting")
    with op.batch_alter_table("meeting") as meeting:
        meeting.drop_column("version")
        meeting.drop_column("changed_by")
        meeting.drop_column("office")
    op.drop_index("ix_cases_disputed", table_name="cases")
    op.drop_index("ix_cases_unreviewed", table_name="cases")
    op.drop_column("cases", "reviewed_at")


def _partial_index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
