"""One PostgreSQL database for many tests: emptied after each, which costs a tenth of copying it anew."""

from dataclasses import dataclass, field

from tests.support.postgres import PostgresError, PostgresServer

# Rows that migrations left are kept aside, so that emptying can put them back.
_KEEP_ASIDE = """
CREATE SCHEMA aside;
CREATE TABLE aside.__sequences AS SELECT sequencename, start_value, last_value FROM pg_sequences;
DO $$
DECLARE one text;
BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE aside.%1$I AS TABLE public.%1$I', one);
  END LOOP;
END $$;
"""

_EMPTY = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$
DECLARE one text;
BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', one);
    EXECUTE format('INSERT INTO public.%1$I SELECT * FROM aside.%1$I', one);
  END LOOP;
  PERFORM setval(format('public.%I', sequencename)::regclass, coalesce(last_value, start_value),
    last_value IS NOT NULL)
  FROM aside.__sequences;
END $$;
"""

_SHAPE = """
SELECT md5(string_agg(concat_ws('.', c.relname, c.relkind, a.attname, a.atttypid, a.attnotnull), ','
  ORDER BY c.relname, a.attnum)), pg_database_size(current_database()) > 100000000
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace
"""


@dataclass(slots=True)
class ReusedDatabase:
    """A copy of `template` on `server`, lent to one test at a time for as long as it keeps its shape."""

    server: PostgresServer
    template: str
    _made: int = field(default=0, init=False)
    _shape: str = field(default="", init=False)

    def lend(self) -> str:
        """The URL of the database: with all tables, and as empty as the migrations left it."""
        if not self._shape:
            self._made += 1
            self.server.create(self._name, self.template)
            self.server.ask(self._name, _KEEP_ASIDE)
            self._shape = self.server.ask(self._name, _SHAPE)
        return self.server.url(self._name)

    def take_back(self) -> None:
        """Empty it. A test that changed or swelled it leaves the next one a new copy."""
        try:
            self.server.ask(self._name, _EMPTY)
            found = self.server.ask(self._name, _SHAPE)
        except PostgresError as broken:
            found = str(broken)
        if found != self._shape:
            self.server.drop(self._name)
            self._shape = ""

    @property
    def _name(self) -> str:
        return f"{self.template}_{self._made}"
