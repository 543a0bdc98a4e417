"""What must be true of the database and of Telegram once everything has come to rest."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Row, text

from storage.engine import Database
from tests.crash.residents import Talker, TelegramTalker, WebTalker
from tests.doubles.remote import RemoteDouble

_REST_SECONDS = 30.0
_UNFINISHED = """
    SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting') AS turns,
           (SELECT count(*) FROM outbox WHERE state = 'waiting') AS letters
"""
_SENDS = frozenset({"sendMessage", "editMessageText"})


class Aftermath:
    """Reads a database whose program has ended or rests."""

    def __init__(self, database_url: str) -> None:
        self._database = Database(database_url)

    async def close(self) -> None:
        await self._database.close()

    async def rows(self, sql: str) -> Sequence[Row[tuple[object, ...]]]:
        """What a query finds."""
        async with self._database.read() as connection:
            return (await connection.execute(text(sql))).all()

    async def until_at_rest(self) -> None:
        """Wait until no turn and no letter waits. Raises TimeoutError."""
        async with asyncio.timeout(_REST_SECONDS):
            while True:
                (left,) = await self.rows(_UNFINISHED)
                if not left.turns and not left.letters:
                    return
                await asyncio.sleep(0.05)

    async def every_acknowledged_turn_was_handled_once(self, talkers: Sequence[Talker]) -> None:
        """The inbox holds each turn that was acknowledged once, done; each was answered with one thing."""
        for channel, kind in (("web", WebTalker), ("telegram", TelegramTalker)):
            own = [talker for talker in talkers if isinstance(talker, kind)]
            texts, presses = sum(one.texts for one in own), sum(one.presses for one in own)
            states = await self.rows(
                f"SELECT state, count(*) AS n FROM inbox WHERE channel = '{channel}' GROUP BY state"
            )
            handled = {str(row.state): int(str(row.n)) for row in states}
            assert handled == ({"done": texts + presses} if own else {})
            shown = await self.rows(
                "SELECT kind, state, count(*) AS n FROM outbox "
                f"WHERE channel = '{channel}' GROUP BY kind, state"
            )
            kinds: Counter[str] = Counter()
            for row in shown:
                assert row.state == "sent", row
                kinds[str(row.kind)] += int(str(row.n))
            assert kinds["message"] + kinds["edit"] == texts + presses
            # A press is acknowledged together with what it led to.
            assert kinds["toast"] == 0

    async def no_case_was_lost_or_doubled(self, talkers: Sequence[Talker]) -> None:
        """Every receipt's number is a case, every case has its receipt, and numbers have no gap."""
        promised = sorted(number for talker in talkers for number in talker.numbers)
        cases = await self.rows("SELECT year, running FROM cases ORDER BY running")
        assert promised == [f"{int(str(row.year)) % 100:02}-{int(str(row.running)):05}" for row in cases]
        assert [row.running for row in cases] == list(range(1, len(cases) + 1))
        events = await self.rows("SELECT case_id, count(*) AS n FROM case_event GROUP BY case_id")
        assert {row.n for row in events} == {1}
        assert len(events) == len(cases)

    async def web_positions_have_no_gap(self) -> None:
        """What was shown in each web conversation is numbered 1, 2, 3 …"""
        rows = await self.rows(
            "SELECT conversation_id, min(position) AS first, max(position) AS last, "
            "count(position) AS n, count(DISTINCT position) AS distinct_n "
            "FROM outbox WHERE channel = 'web' GROUP BY conversation_id"
        )
        assert all((row.first, row.last) == (1, row.n) and row.n == row.distinct_n for row in rows)

    async def repeats(self, double: RemoteDouble, talkers: Sequence[Talker]) -> int:
        """How many messages Telegram was given more than once; AssertionError when one never arrived."""
        rows = await self.rows(
            "SELECT c.external_id AS address, count(*) AS n FROM outbox o "
            "JOIN conversation c ON c.id = o.conversation_id "
            "WHERE o.channel = 'telegram' AND o.kind <> 'toast' GROUP BY c.external_id"
        )
        sent = Counter(
            call.chat_id
            for call in await double.calls_after(0, limit=1_000_000)
            if call.method in _SENDS and call.status == 200
        )
        repeats = 0
        for row in rows:
            more = sent[int(str(row.address))] - int(str(row.n))
            assert more >= 0, f"{-more} messages never reached {row.address}"
            repeats += more
        assert len(rows) == sum(isinstance(talker, TelegramTalker) for talker in talkers)
        return repeats
