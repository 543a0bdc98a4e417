"""Alembic's entry: runs migrations on the connection that `storage.migrate` hands in."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables import Base
from storage.tables.types import UtcDateTime


def _plain_moment(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    # A migration must not depend on today's code: our own type is written as what it is underneath.
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
    render_item=_plain_moment,
)
context.run_migrations()
