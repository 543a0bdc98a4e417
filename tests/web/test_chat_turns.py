"""What people send through the web chat, and what is refused."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from handlers.turns import Command, Location, Press, Start, Text
from intents.city import City
from storage.tables import ConversationRow, InboxRow
from tests.web.house import House, open_house
from web.chat.visitor import COOKIE
from web.services import FloodLimits


async def test_words_are_kept_for_good_before_they_are_acknowledged(
    house: House, browser: httpx.AsyncClient
) -> None:
    answer = await browser.post("/chat/turns", json={"id": "a1", "text": "가로등이 꺼졌어요"})
    assert answer.status_code == 202
    assert answer.json() == {"id": "a1", "state": "accepted"}
    assert await house.bodies() == [Text("가로등이 꺼졌어요")]


async def test_the_same_turn_sent_again_is_accepted_again_and_changes_nothing(
    house: House, browser: httpx.AsyncClient
) -> None:
    for _ in range(3):
        answer = await browser.post("/chat/turns", json={"id": "a1", "text": "가로등이 꺼졌어요"})
        assert answer.status_code == 202
    assert len(await house.bodies()) == 1


async def test_two_people_may_use_the_same_turn_id(house: House) -> None:
    async with house.browser() as one, house.browser() as other:
        await one.post("/chat/turns", json={"id": "start", "text": "/start"})
        await other.post("/chat/turns", json={"id": "start", "text": "/start"})
    assert await house.bodies() == [Start(), Start()]


async def test_many_turns_at_once_arrive_each_once(house: House, browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    turns = [{"id": f"t{number % 20}", "text": f"말 {number % 20}"} for number in range(60)]
    answers = await asyncio.gather(*(browser.post("/chat/turns", json=turn) for turn in turns))
    assert {answer.status_code for answer in answers} == {202}
    assert len(await house.bodies()) == 20


async def test_a_pressed_button_says_which_message_it_stood_under(
    house: House, browser: httpx.AsyncClient
) -> None:
    await browser.post("/chat/turns", json={"id": "p", "choice": "~3:send", "message": 7})
    assert await house.bodies() == [Press("~3:send", message="7")]


async def test_a_shared_place_arrives_in_degrees(house: House, browser: httpx.AsyncClient) -> None:
    point = {"latitude": 37.4563, "longitude": 126.7052}
    await browser.post("/chat/turns", json={"id": "l", "location": point})
    assert await house.bodies() == [Location(37.4563, 126.7052)]


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("/start", Start()),
        ("/start m-SONGDO2026", Start("m-SONGDO2026")),
        ("/help", Command("help")),
        ("/My", Command("my")),
        ("/ 뒤에 적어요", Text("/ 뒤에 적어요")),
        ("/etc/passwd", Text("/etc/passwd")),
    ],
)
async def test_a_slash_and_a_word_is_a_command(
    house: House, browser: httpx.AsyncClient, typed: str, body: Text | Start | Command
) -> None:
    await browser.post("/chat/turns", json={"id": "c", "text": typed})
    assert await house.bodies() == [body]


async def test_numbers_of_people_are_covered_before_anything_is_stored(
    house: House, browser: httpx.AsyncClient
) -> None:
    await browser.post("/chat/turns", json={"id": "n", "text": "제 번호는 010-1234-5678, 상담은 032-120"})
    async with house.services.database.read() as connection:
        stored = str((await connection.execute(select(InboxRow.body))).scalar_one())
    assert "1234" not in stored
    [body] = await house.bodies()
    assert isinstance(body, Text)
    assert body.text.endswith("상담은 032-120")
    assert body.masked == ("phone",)


async def test_control_characters_and_marks_that_turn_the_writing_are_dropped(
    house: House, browser: httpx.AsyncClient
) -> None:
    text = "가\u0000로\u001b등\u202e\n고장\t이에요"
    await browser.post("/chat/turns", json={"id": "k", "text": text})
    assert await house.bodies() == [Text("가로등\n고장\t이에요")]


async def test_twenty_thousand_characters_are_taken_however_they_are_escaped(
    house: House, browser: httpx.AsyncClient
) -> None:
    text = "가" * 20_000
    escaped = '{"id": "long", "text": "' + "\\uac00" * 20_000 + '"}'
    headers = {"Content-Type": "application/json"}
    assert (await browser.post("/chat/turns", content=escaped, headers=headers)).status_code == 202
    assert await house.bodies() == [Text(text)]


@pytest.mark.parametrize(
    "turn",
    [
        {},
        {"id": "x"},
        {"id": "x", "text": ""},
        {"id": "x", "text": " \u0000 "},
        {"id": "x", "text": "말", "choice": "go"},
        {"id": "x", "text": 5},
        {"id": "x", "text": None},
        {"id": "x", "text": "가" * 20_001},
        {"id": "x", "choice": "가" * 22},
        {"id": "x", "choice": "a\u0000b"},
        {"id": "x", "choice": ""},
        {"id": "x", "choice": "go", "message": 0},
        {"id": "x", "choice": "go", "message": 2**60},
        {"id": "x", "location": {"latitude": 91, "longitude": 0}},
        {"id": "x", "location": {"latitude": 37}},
        {"id": "", "text": "말"},
        {"id": "한글", "text": "말"},
        {"id": "x" * 65, "text": "말"},
        {"id": "x\n", "text": "말"},
        {"id": "x", "text": "말", "locale": "fr"},
        {"id": "x", "text": "말", "who": "me"},
        [],
        "text",
    ],
)
async def test_a_turn_that_does_not_fit_is_refused_with_a_reason_in_both_languages(
    house: House, browser: httpx.AsyncClient, turn: object
) -> None:
    answer = await browser.post("/chat/turns", json=turn)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "invalid"
    assert problem["message"]["ko"].endswith("요.")
    assert problem["message"]["en"]
    assert problem["fields"]
    assert await house.bodies() == []


async def test_a_refusal_does_not_repeat_what_was_written(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/chat/turns", json={"id": "x", "text": "비밀", "choice": "비밀"})
    assert answer.status_code == 422
    assert "비밀" not in answer.text


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"id": "x", "text": "\\ud800"}', b"[" * 60_000])
async def test_a_body_that_cannot_be_read_is_refused(
    house: House, browser: httpx.AsyncClient, content: bytes
) -> None:
    answer = await browser.post("/chat/turns", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.json()["message"]["ko"]
    assert await house.bodies() == []


async def test_a_body_that_is_too_large_is_refused_whether_or_not_it_says_so(
    house: House, browser: httpx.AsyncClient
) -> None:
    content = b'{"id": "x", "text": "' + b"a" * 140_000 + b'"}'

    async def unannounced() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 10_000):
            yield content[start : start + 10_000]

    for body in (content, unannounced()):
        answer = await browser.post("/chat/turns", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
        assert answer.json()["code"] == "too_large"
    assert await house.bodies() == []


async def test_a_body_that_announces_too_much_is_refused_before_it_is_sent(house: House) -> None:
    host, port = house.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /chat/turns HTTP/1.1\r\nHost: here\r\nContent-Length: 9000000\r\n\r\n")
    async with asyncio.timeout(5):
        assert b" 413 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_a_change_sent_by_another_sites_page_is_refused(
    house: House, browser: httpx.AsyncClient
) -> None:
    answer = await browser.post(
        "/chat/turns", json={"id": "x", "text": "말"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert await house.bodies() == []


async def test_the_database_holds_nothing_that_opens_a_conversation(
    house: House, browser: httpx.AsyncClient
) -> None:
    await browser.post("/chat/turns", json={"id": "x", "text": "말"})
    async with house.services.database.read() as connection:
        address = (await connection.execute(select(ConversationRow.external_id))).scalar_one()
    assert len(address) == 64
    assert browser.cookies[COOKIE] not in address
    async with house.browser() as thief:
        thief.cookies.set(COOKIE, address)
        assert (await thief.get("/chat/replies")).cookies[COOKIE] != address


async def test_the_cookie_is_kept_from_scripts_and_from_other_sites_for_400_days(house: House) -> None:
    async with house.browser() as browser:
        for path in ("/", "/chat/replies"):
            browser.cookies.clear()
            header = (await browser.get(path)).headers["set-cookie"]
            assert "HttpOnly" in header
            assert "SameSite=lax" in header
            assert f"Max-Age={400 * 24 * 3600}" in header
            assert "Secure" not in header


async def test_the_cookie_travels_by_https_only_where_the_pages_do(
    migrated_database_url: str, tmp_path: Path, incheon: City
) -> None:
    async with (
        open_house(migrated_database_url, tmp_path, incheon, public_url="https://talk.example") as house,
        house.browser() as browser,
    ):
        answer = await browser.get("/")
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"]


async def test_a_flood_from_one_conversation_is_held_back_and_others_are_not(
    migrated_database_url: str, tmp_path: Path, incheon: City
) -> None:
    limits = FloodLimits(per_conversation=0.001, conversation_burst=3)
    async with (
        open_house(migrated_database_url, tmp_path, incheon, flood=limits) as house,
        house.browser() as flooder,
        house.browser() as neighbour,
    ):
        await flooder.get("/")
        answers = [
            await flooder.post("/chat/turns", json={"id": f"f{number}", "text": "말"}) for number in range(5)
        ]
        assert [answer.status_code for answer in answers] == [202, 202, 202, 429, 429]
        assert answers[-1].headers["retry-after"]
        assert answers[-1].json()["code"] == "too_many"
        assert (await neighbour.post("/chat/turns", json={"id": "n", "text": "말"})).status_code == 202
        assert len(await house.bodies()) == 4


async def test_nothing_is_acknowledged_while_the_database_is_gone_and_all_works_when_it_is_back(
    tmp_path: Path, migrated_sqlite: Path, incheon: City
) -> None:
    file = tmp_path / "sotong.sqlite3"
    async with (
        open_house(f"sqlite:///{file}", tmp_path / "files", incheon) as house,
        house.browser() as browser,
    ):
        answer = await browser.post("/chat/turns", json={"id": "x", "text": "비밀"})
        assert answer.status_code == 503
        assert answer.json()["code"] == "unavailable"
        assert answer.headers["retry-after"]
        assert (await browser.get("/chat/replies")).status_code == 503
        assert (await browser.get("/")).status_code == 200
        with closing(sqlite3.connect(migrated_sqlite)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
        assert (await browser.post("/chat/turns", json={"id": "x", "text": "말"})).status_code == 202
        assert await house.bodies() == [Text("말")]
