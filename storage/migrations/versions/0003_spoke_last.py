"""Whose words are the newest: told by the case itself, so that lists need not look into its history"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NAME = "ix_cases_spoke_last"

_FROM_HISTORY = """
UPDATE cases SET spoke_last = TRUE WHERE id IN (
    SELECT case_id FROM case_event
    WHERE action IN ('reply', 'add', 'second_look')
    AND id IN (SELECT max(id) FROM case_event GROUP BY case_id)
)
"""


def upgrade() -> None:
    op.add_column(
        "cases", sa.Column("spoke_last", sa.Boolean(), server_default=sa.text("(false)"), nullable=False)
    )
    op.create_index(
        _NAME,
        "cases",
        ["state", "due_at", "id"],
        sqlite_where=sa.text("spoke_last = 1"),
        postgresql_where=sa.text("spoke_last"),
    )
    op.execute(_FROM_HISTORY)


def downgrade() -> None:
    op.drop_index(_NAME, table_name="cases")
    op.drop_column("cases", "spoke_last")
