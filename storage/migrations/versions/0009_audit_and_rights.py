"""What staff did, sealed; invitations; what the console edits of the pack"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _audit()
    op.create_table(
        "invitation",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("offices", _JSON, nullable=False),
        sa.Column("created_by", _ID, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("staff_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_invitation_created_by_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_invitation_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_table(
        "pack_edit",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", _JSON, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("staff_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_pack_edit_staff_id_staff")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_pack_edit")),
    )
    op.create_index("ix_pack_edit_of", "pack_edit", ["kind", "key", "version"])
    op.create_table(
        "mark",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mark")),
    )


def _audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("number", _ID, autoincrement=False, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.String(64), server_default="", nullable=False),
        sa.Column("action", sa.String(48), nullable=False),
        sa.Column("subject", sa.String(96), server_default="", nullable=False),
        sa.Column("facts", _JSON, nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
    )
    for name, column in (("at", "at"), ("staff", "staff_id"), ("action", "action"), ("subject", "subject")):
        op.create_index(f"ix_audit_entry_{name}", "audit_entry", [column, "number"])
    op.create_table(
        "audit_head",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_audit_head")),
    )


def downgrade() -> None:
    for table in ("mark", "pack_edit", "invitation", "audit_head", "audit_entry"):
        op.drop_table(table)
