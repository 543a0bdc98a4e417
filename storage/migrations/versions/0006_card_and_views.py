"""The card's consultations and answers, the list's saved views"""

import sqlalchemy as sa
from alembic import op

from intents.finding import keys_of

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BEFORE = {"ix_cases_office": ["office", "state", "id"], "ix_cases_state": ["state", "id"]}
_AFTER = {
    "ix_cases_office": ["office", "state", "received_at", "id"],
    "ix_cases_state": ["state", "received_at", "id"],
    "ix_cases_received": ["received_at", "id"],
}
_FEW = {
    "ix_cases_waiting": (["state", "due_at", "id"], "question_waiting = 1", "question_waiting"),
    "ix_cases_second_look": (["state", "due_at", "id"], "second_look_used = 1", "second_look_used"),
    "ix_cases_silent": (["office", "last_word_at"], "closed_at IS NULL", "closed_at IS NULL"),
    "ix_cases_place": (["place", "received_at", "id"], "place <> ''", "place <> ''"),
}
_AT_ONCE = 1000


def upgrade() -> None:
    for name in _BEFORE:
        op.drop_index(name, table_name="cases")
    for name, columns in _AFTER.items():
        op.create_index(name, "cases", columns)
    for name, (columns, sqlite, postgresql) in _FEW.items():
        op.create_index(
            name, "cases", columns, sqlite_where=sa.text(sqlite), postgresql_where=sa.text(postgresql)
        )
    _words()
    _consultations()
    _kept_for_staff()


def _words() -> None:
    op.create_table(
        "case_word",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "case_id", name=op.f("pk_case_word")),
        sqlite_with_rowid=False,
    )
    connection, last = op.get_bind(), 0
    words = sa.table("case_word", sa.column("key", sa.BigInteger), sa.column("case_id", sa.BigInteger))
    cases = sa.table("cases", *map(sa.column, ("id", "title", "place", "text", "redacted_at")))
    while True:
        rows = connection.execute(
            sa.select(cases).where(cases.c.id > last).order_by(cases.c.id).limit(_AT_ONCE)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        found = [
            {"key": key, "case_id": row.id}
            for row in rows
            if row.redacted_at is None
            for key in keys_of(row.title, row.place, row.text)
        ]
        if found:
            connection.execute(sa.insert(words), found)


def _consultations() -> None:
    op.create_table(
        "consultation",
        _id(),
        _refers("case_id"),
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _refers("asked_by"),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=12), server_default="", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _foreign("consultation", "case_id", "cases"),
        _foreign("consultation", "asked_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_index(op.f("ix_consultation_case_id"), "consultation", ["case_id"])
    op.create_index("ix_consultation_office", "consultation", ["office", "case_id"])
    op.create_index(
        "ix_consultation_awaited",
        "consultation",
        ["office", "due_on"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "consultation_line",
        _id(),
        _refers("consultation_id"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _refers("staff_id"),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _foreign("consultation_line", "consultation_id", "consultation"),
        _foreign("consultation_line", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_line")),
    )
    op.create_index(op.f("ix_consultation_line_consultation_id"), "consultation_line", ["consultation_id"])


def _kept_for_staff() -> None:
    op.create_table(
        "answer_template",
        _id(),
        sa.Column("office", sa.String(length=64), server_default="", nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _refers("changed_by"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        _foreign("answer_template", "changed_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_template")),
    )
    op.create_index(op.f("ix_answer_template_office"), "answer_template", ["office"])
    op.create_table(
        "saved_view",
        _id(),
        _refers("staff_id"),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _foreign("saved_view", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("staff_id", "name", name=op.f("uq_saved_view_staff_id_name")),
    )
    op.create_table(
        "case_conflict",
        sa.Column("case_id", _big(), autoincrement=False, nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("check_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _foreign("case_conflict", "case_id", "cases"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_conflict")),
    )
    op.create_index(op.f("ix_case_conflict_check_on"), "case_conflict", ["check_on"])


def _big() -> sa.BigInteger:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _big(), autoincrement=True, nullable=False)


def _refers(name: str) -> sa.Column[int]:
    return sa.Column(name, _big(), nullable=False)


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def downgrade() -> None:
    for table in (
        "case_conflict",
        "saved_view",
        "answer_template",
        "consultation_line",
        "consultation",
        "case_word",
    ):
        op.drop_table(table)
    for name in (*_FEW, *_AFTER):
        op.drop_index(name, table_name="cases")
    for name, columns in _BEFORE.items():
        op.create_index(name, "cases", columns)
