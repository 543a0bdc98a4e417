"""What staff confirmed or moved, and the models learned from it"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "routing_lesson",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_routing_lesson_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_lesson")),
        sa.UniqueConstraint("case_id", name=op.f("uq_routing_lesson_case_id")),
    )
    op.create_index("ix_routing_lesson_at", "routing_lesson", ["at"])
    op.create_index("ix_routing_lesson_department", "routing_lesson", ["department", "at"])
    op.create_table(
        "routing_model",
        sa.Column("version", _ID, autoincrement=True, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("learned_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trained_on", sa.Integer(), nullable=False),
        sa.Column("quality", _JSON, nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_routing_model")),
    )
    op.create_index(
        "ix_routing_model_active",
        "routing_model",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )


def downgrade() -> None:
    op.drop_table("routing_model")
    op.drop_table("routing_lesson")
