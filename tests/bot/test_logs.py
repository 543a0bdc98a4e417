"""Logs hold ids and types of errors: never what a person wrote, never a secret."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from tests.doubles.bot_api import BotApiDouble, Fault, Trouble
from tests.support.process import TOKEN, ProgramProcess
from web.chat.models import RepliesOut, ReplyOut

WORDS = "비밀스러운말씀"
SECRET_OF_TOKEN = TOKEN.partition(":")[2]
KEY = "a-key-for-tests-only"
# A card whose draft does not fit: reading it raises an error that quotes what it was given.
BROKEN = "UPDATE conversation SET flow = 'suggest', step = 'card', token = 41, data = ?"
DRAFT = json.dumps({"draft": {"text": WORDS}})


async def _post(session: aiohttp.ClientSession, program: ProgramProcess, **turn: object) -> int:
    async with session.post(f"{program.url}/chat/turns", json=turn) as answer:
        return answer.status


async def _until(program: ProgramProcess, what: str) -> None:
    async with asyncio.timeout(60):
        while what not in program.log.read_text():  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.05)


def _break(file: Path) -> None:
    with closing(sqlite3.connect(file, timeout=10)) as connection, connection:
        connection.execute(BROKEN, (DRAFT,))


async def _agree(session: aiohttp.ClientSession, program: ProgramProcess) -> None:
    async with asyncio.timeout(60):
        replies: list[ReplyOut] = []
        while not replies:
            async with session.get(f"{program.url}/chat/replies") as answer:
                replies = RepliesOut.model_validate_json(await answer.read()).replies
    actions = [button.action for row in replies[-1].choices for button in row]
    assert (
        await _post(session, program, id="yes", choice=next(a for a in actions if a.endswith(":yes"))) == 202
    )


async def _talk(session: aiohttp.ClientSession, program: ProgramProcess, telegram: BotApiDouble) -> None:
    async with session.get(f"{program.url}/chat/replies"):
        pass
    assert await _post(session, program, id="one", text=f"{WORDS} 가로등이 안 켜져요") == 202
    await _agree(session, program)
    assert await _post(session, program, id="two", words=WORDS) == 422
    async with session.post(f"{program.url}/chat/turns", data=f'{{"id": "{WORDS}') as answer:
        assert answer.status == 422
    telegram.script(Fault(Trouble.SERVER_ERROR, method="sendMessage", description=WORDS))
    person = telegram.person(1001)
    await person.says(f"{WORDS} 보도블록이 깨졌어요")
    await person.hears_text("동의", timeout=60)


async def test_what_people_write_and_what_is_secret_is_in_no_log_also_when_things_fail(
    tmp_path: Path,
) -> None:
    file = tmp_path / "sotong.db"
    async with (
        BotApiDouble() as telegram,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
    ):
        program = ProgramProcess(tmp_path, f"sqlite:///{file}", telegram.url, {"LOG_JSON": "yes"})
        try:
            await program.start()
            await _talk(session, program, telegram)
            await asyncio.to_thread(_break, file)
            assert await _post(session, program, id="three", choice="~41:send") == 202
            await _until(program, "turn_failed")
            # A database that cannot be written any more: every turn is refused, with its words at hand.
            await asyncio.to_thread(_spoil, file)
            assert await _post(session, program, id="four", text=f"{WORDS} 또 꺼졌어요") == 503
            await _until(program, "arrival")
        finally:
            await program.stop()
    said = program.log.read_text()
    assert "polling_begins" in said
    assert WORDS not in said
    assert WORDS.encode("unicode_escape").decode() not in said
    assert SECRET_OF_TOKEN not in said
    assert KEY not in said


def _spoil(file: Path) -> None:
    with closing(sqlite3.connect(file, timeout=10)) as connection, connection:
        connection.execute("ALTER TABLE inbox RENAME TO inbox_gone")


UNCAUGHT = """
import asyncio, logging
from bot.logs import set_up_logs

set_up_logs(as_json={as_json})

async def handle(words):
    kept = words
    int(words)

async def main():
    forgotten = asyncio.create_task(handle({words!r}))
    try:
        await handle({words!r})
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    await asyncio.wait({{forgotten}})

asyncio.run(main())
"""


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_that_nobody_caught_is_logged_by_its_kind_and_place_alone(as_json: bool) -> None:
    script = UNCAUGHT.format(as_json=as_json, words=WORDS)
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert "Exception in ASGI application" in ran.stderr
    assert "Task exception was never retrieved" in ran.stderr
    assert ran.stderr.count("ValueError") == 2
    assert "handle" in ran.stderr
    assert WORDS not in ran.stderr
    assert WORDS.encode("unicode_escape").decode() not in ran.stderr
