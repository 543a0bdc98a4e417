"""SQLite without SQLAlchemy's own way through a statement, for those that were built once (빠른 길).

Of what a statement of a turn costs, SQLite needs a tenth; the rest goes into looking for its compiled form,
into contexts, cursors and results of a general kind, and into changing between greenlets. A statement that
comes a second time as the same object is compiled here once, with SQLAlchemy's own compiler and its types'
own ways to and from the database; from then on it is a list of values, one call of SQLite and one result.
Whatever is not plain (lists in parameters, several rows that give something back) goes SQLAlchemy's way.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Executable, SelectBase, UpdateBase
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import ResultMetaData, SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler

from storage.inline import InlineConnection

Values = Mapping[str, object]
Into = Callable[[object], object]


class QuickResult(IteratorResult[*tuple[object, ...]]):
    """The rows of a statement, and how many it changed."""

    def __init__(self, metadata: ResultMetaData, rows: Iterator[tuple[object, ...]], rowcount: int) -> None:
        super().__init__(metadata, rows)
        self.rowcount = rowcount


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement compiled for parameters of these names."""

    sql: str
    slots: tuple[tuple[str, object, Into | None], ...]
    """For each question mark: the parameter's name, what stands there if it is not given, its way in."""
    metadata: ResultMetaData

    def values(self, given: Values) -> list[object]:
        """What stands at the question marks."""
        return [
            given.get(name, usual) if into is None else into(given.get(name, usual))
            for name, usual, into in self.slots
        ]


class Plans:
    """The plans of statements that have come more than once; a statement nobody keeps is forgotten."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: WeakKeyDictionary[Executable, dict[tuple[object, ...], Plan | None]] = (
            WeakKeyDictionary()
        )

    def find(self, statement: Executable, given: Sequence[Values]) -> Plan | None:
        """The plan for these sets of parameters, or None where SQLAlchemy has to do it."""
        known = self._known.get(statement)
        if known is None:
            # Most that come for the first time were built for this once.
            self._known[statement] = {}
            return None
        many = len(given) > 1
        names = (many, *given[0])
        if names not in known:
            known[names] = _planned(statement, self._dialect, list(given[0]), many=many)
        return known[names]


def _planned(statement: Executable, dialect: Dialect, names: list[str], *, many: bool) -> Plan | None:
    if not isinstance(statement, SelectBase | UpdateBase):
        return None
    compiled = statement.compile(dialect=dialect, column_keys=names, for_executemany=many)
    if not isinstance(compiled, SQLCompiler) or _is_special(compiled) or compiled.positiontup is None:
        return None
    needed = {name for name, bound in compiled.binds.items() if bound.required}
    if (many and compiled.effective_returning) or not needed <= set(names):
        return None
    usual = compiled.construct_params(_check=False)
    into = {name: way for name, way in compiled._bind_processors.items() if callable(way)}
    columns = compiled._result_columns
    processors = [column.type._cached_result_processor(dialect, None) for column in columns]
    return Plan(
        sql=compiled.string,
        slots=tuple((name, usual[name], into.get(name)) for name in compiled.positiontup),
        metadata=SimpleResultMetaData(
            [column.keyname for column in columns],
            extra=[tuple(column.objects) for column in columns],
            _processors=processors,
        ),
    )


def _is_special(compiled: SQLCompiler) -> bool:
    return bool(
        compiled.post_compile_params
        or compiled.literal_execute_params
        or compiled.insert_prefetch
        or compiled.update_prefetch
        or compiled.escaped_bind_names
        or any(bound.callable for bound in compiled.binds.values())
        or not compiled._ordered_columns
    )


class QuickConnection(AsyncConnection):
    """SQLAlchemy's connection, with the short way for statements that have a plan."""

    def __init__(self, connection: AsyncConnection, driver: InlineConnection, plans: Plans) -> None:
        super().__init__(connection.engine, connection.sync_connection)
        self._driver = driver
        self._plans = plans

    async def execute(self, statement, parameters=None, *, execution_options=None):  # type: ignore[no-untyped-def]
        """Run a statement, in whichever way."""
        plan, given = None, [parameters] if isinstance(parameters, Mapping) else parameters
        if given and execution_options is None:
            plan = self._plans.find(statement, given)
        if plan is None:
            return await super().execute(statement, parameters, execution_options=execution_options)
        return await self._run(plan, given)

    async def _run(self, plan: Plan, given: Sequence[Values]) -> QuickResult:
        try:
            if len(given) == 1:
                rows, count = await self._driver.run_now(plan.sql, plan.values(given[0]))
            else:
                rows, count = await self._driver.run_many(plan.sql, [plan.values(one) for one in given])
        except Exception as error:
            # As SQLAlchemy has it: the driver's errors under their names, a value's fault as the statement's.
            raise DBAPIError.instance(plan.sql, None, error, sqlite3.Error, hide_parameters=True) from error
        return QuickResult(plan.metadata, iter(rows), count)
