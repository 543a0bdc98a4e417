"""Keys to find similar cases by, and cases merged into others"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

from intents.similar import sketch

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PARTIAL = {
    "ix_cases_merged_into": (["merged_into"], "merged_into IS NOT NULL"),
    "ix_cases_form": (["form", "id"], "form IS NOT NULL"),
    "ix_cases_listed": (["closed_at"], "closed_at IS NOT NULL AND form IS NOT NULL"),
}
_AT_ONCE = 1000
_LISTED_DAYS = 90


def upgrade() -> None:
    op.create_table(
        "case_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "case_id", name=op.f("pk_case_key")),
        sqlite_with_rowid=False,
    )
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("cases", sa.Column("merged_into", big, nullable=True))
    op.add_column("cases", sa.Column("form", sa.BigInteger(), nullable=True))
    for name, (columns, where) in _PARTIAL.items():
        op.create_index(name, "cases", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.drop_index("ix_cases_similar", table_name="cases")
    _sketch_what_is_there()


def _sketch_what_is_there() -> None:
    connection, last = op.get_bind(), 0
    keys = sa.table("case_key", sa.column("key", sa.BigInteger), sa.column("case_id", sa.BigInteger))
    cases = sa.table(
        "cases",
        *map(sa.column, ("id", "text", "district", "state", "redacted_at", "form")),
        sa.column("closed_at", sa.DateTime(timezone=True)),
    )
    recently = dt.datetime.now(dt.UTC) - dt.timedelta(days=_LISTED_DAYS)
    listed = sa.or_(cases.c.closed_at.is_(None), cases.c.closed_at > recently)
    columns = (cases.c.id, cases.c.text, cases.c.district)
    while True:
        rows = connection.execute(
            sa.select(*columns)
            .where(cases.c.id > last, listed, cases.c.state != "withdrawn", cases.c.redacted_at.is_(None))
            .order_by(cases.c.id)
            .limit(_AT_ONCE)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        made = [(row.id, sketch(row.text, row.district)) for row in rows]
        found = [{"key": key, "case_id": case_id} for case_id, one in made for key in one.keys]
        if found:
            connection.execute(sa.insert(keys), found)
        connection.execute(
            sa.update(cases).where(cases.c.id == sa.bindparam("case")).values(form=sa.bindparam("of")),
            [{"case": case_id, "of": one.form} for case_id, one in made],
        )


def downgrade() -> None:
    op.create_index("ix_cases_similar", "cases", ["district", "office", "state", "id"])
    for name in _PARTIAL:
        op.drop_index(name, table_name="cases")
    op.drop_column("cases", "form")
    op.drop_column("cases", "merged_into")
    op.drop_table("case_key")
