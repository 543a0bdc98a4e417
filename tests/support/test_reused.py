"""A database lent to one test after another shows none the traces of another."""

from collections.abc import Iterator

import pytest

from tests.support.postgres import PostgresServer
from tests.support.reused import ReusedDatabase

_TABLES = "CREATE TABLE word (id bigserial PRIMARY KEY, text text); INSERT INTO word (text) VALUES ('kept')"
_WORDS = "SELECT string_agg(id || text, ',' ORDER BY id) FROM word"


@pytest.fixture
def kept(postgres: PostgresServer) -> Iterator[ReusedDatabase]:
    postgres.create("small")
    postgres.ask("small", _TABLES)
    yield ReusedDatabase(postgres, "small")
    postgres.drop("small")


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def test_what_a_test_wrote_is_gone_for_the_next_and_what_migrations_left_is_back(
    postgres: PostgresServer, kept: ReusedDatabase
) -> None:
    first = _name(kept.lend())
    postgres.ask(first, "UPDATE word SET text = 'spoilt'; INSERT INTO word (text) VALUES ('mine')")
    kept.take_back()
    second = _name(kept.lend())
    assert second == first
    postgres.ask(second, "INSERT INTO word (text) VALUES ('next')")
    assert postgres.ask(second, _WORDS) == "1kept,2next"
    postgres.drop(second)


def test_a_test_that_changes_a_table_leaves_the_next_one_a_new_copy(
    postgres: PostgresServer, kept: ReusedDatabase
) -> None:
    first = _name(kept.lend())
    postgres.ask(first, "ALTER TABLE word ADD COLUMN more text")
    kept.take_back()
    second = _name(kept.lend())
    assert postgres.ask(second, "SELECT * FROM word") == "1|kept"
    assert second != first
    postgres.drop(second)
